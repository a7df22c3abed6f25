//! What YAML allows and a profile does not.

use std::collections::HashSet;
use std::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::error::{ProfileError, hinted};

/// The longest profile that is read, in bytes: 1 MiB. A layout takes a few KiB.
pub(super) const LARGEST: usize = 1 << 18;
/// How many `[` and `{` may be open. The YAML reader looks at each of them again for every word.
const DEEPEST: usize = 256;

/// Whether the YAML is too deep to be read: more than 256 `[` and `{` are open somewhere.
///
/// Those in texts are counted as well, so nobody opens that many by mistake.
pub(crate) fn is_too_deep(yaml: &str) -> bool {
    let mut open = 0_usize;
    yaml.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > DEEPEST
    })
}

/// Refuses what takes the YAML reader long or much, keys that stand twice in one mapping, and
/// numbers that are no integers.
///
/// The typed reader would refuse them too, but not at the place where they stand, and what it
/// reads into a map it would not refuse at all.
pub(super) fn guard(yaml: &str) -> Result<(), ProfileError> {
    if yaml.len() > LARGEST {
        let bytes = yaml.len();
        let message =
            format!("it has {bytes} bytes, more than the {LARGEST} that a profile may have");
        return Err(ProfileError {
            hint: Some("a profile is a page of YAML: is another file meant?".to_owned()),
            ..ProfileError::without_place(message)
        });
    }
    if is_too_deep(yaml) {
        let message = format!("more than {DEEPEST} `[` and `{{` are open in it");
        return Err(ProfileError::without_place(message));
    }
    Ok(Plain.deserialize(serde_yaml::Deserializer::from_str(yaml))?)
}

struct Plain;
struct Key<'k>(&'k mut HashSet<String>);

impl<'de> DeserializeSeed<'de> for Plain {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Plain {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, an integer, a list or a mapping without a tag")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        Err(E::custom(hinted(
            format_args!("{number} is no integer"),
            "put a string that looks like a number in quotes",
        )))
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Err(E::custom(hinted(
            "there is no value",
            "leave the key out, or give it one",
        )))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while map.next_key_seed(Key(&mut seen))?.is_some() {
            map.next_value_seed(Self)?;
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<(), E> {
        if self.0.insert(key.to_owned()) {
            return Ok(());
        }
        Err(E::custom(format_args!(
            "the key `{}` stands twice",
            key.escape_debug()
        )))
    }
}

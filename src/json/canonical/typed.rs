//! The canonical form of values of Rust, written without a detour.
//!
//! Members are written as they come and put in order when their object ends, so a value is serialised once and
//! nothing is parsed.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Display;
use std::ops::Range;

use serde::ser::{self, Error as _, Impossible, Serialize};
use serde_json::Error;

use super::write_string;
use crate::json::{MAX_DEPTH, MAX_INTEGER};

/// Appends the canonical form of a value.
pub(super) fn append<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), Error> {
    let (depth, omitted) = (0, None);
    value.serialize(Typed {
        out,
        depth,
        omitted,
    })
}

/// The same as if the object that the value is had no member `omitted`.
pub(super) fn append_without<T: Serialize + ?Sized>(
    value: &T,
    omitted: &'static str,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let (depth, omitted) = (0, Some(omitted));
    value.serialize(Typed {
        out,
        depth,
        omitted,
    })
}

/// Writes one value.
struct Typed<'o> {
    out: &'o mut Vec<u8>,
    /// How many arrays and objects the value is in.
    depth: usize,
    /// The member that the object itself is written without.
    omitted: Option<&'static str>,
}

impl<'o> Typed<'o> {
    /// Opens an array or object.
    fn open(self, bracket: u8) -> Result<Nested<'o>, Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::custom(format_args!(
                "more than {MAX_DEPTH} arrays and objects inside each other"
            )));
        }
        self.out.push(bracket);
        Ok(Nested {
            depth: self.depth + 1,
            start: self.out.len(),
            out: self.out,
            members: Vec::new(),
            omitted: self.omitted,
        })
    }

    fn integer(self, integer: i128) -> Result<(), Error> {
        if integer.unsigned_abs() > MAX_INTEGER.unsigned_abs().into() {
            return Err(Error::custom(format_args!(
                "the integer {integer} is beyond 2^53 - 1"
            )));
        }
        let mut digits = itoa::Buffer::new();
        self.out
            .extend_from_slice(digits.format(integer).as_bytes());
        Ok(())
    }
}

/// Writes the elements of an array, or the members of an object.
struct Nested<'o> {
    out: &'o mut Vec<u8>,
    depth: usize,
    /// Where the first of them begins.
    start: usize,
    /// The keys of an object, and where its members are.
    members: Vec<(Cow<'static, str>, Range<usize>)>,
    omitted: Option<&'static str>,
}

impl Nested<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if self.out.len() > self.start {
            self.out.push(b',');
        }
        self.value(value)
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let (depth, omitted) = (self.depth, None);
        value.serialize(Typed {
            out: self.out,
            depth,
            omitted,
        })
    }

    fn member<T: Serialize + ?Sized>(
        &mut self,
        key: Cow<'static, str>,
        value: &T,
    ) -> Result<(), Error> {
        if self.omitted == Some(&*key) {
            return Ok(());
        }
        if !self.members.is_empty() {
            self.out.push(b',');
        }
        let start = self.out.len();
        write_string(&key, self.out);
        self.out.push(b':');
        self.value(value)?;
        self.members.push((key, start..self.out.len()));
        Ok(())
    }

    fn end_array(self) {
        self.out.push(b']');
    }

    /// Puts the members in order, unless they came so.
    fn end_object(mut self) -> Result<(), Error> {
        let keys = self.members.iter().map(|(key, _)| key);
        if keys.is_sorted_by(|one, other| order(one, other).is_lt()) {
            self.out.push(b'}');
            return Ok(());
        }
        self.members
            .sort_by(|(one, _), (other, _)| order(one, other));
        for pair in self.members.windows(2) {
            if let [(one, _), (other, _)] = pair
                && one == other
            {
                return Err(Error::custom(format_args!("the key `{one}` twice")));
            }
        }
        let written = self.out.split_off(self.start);
        for (index, (_, member)) in self.members.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            let member = member.start - self.start..member.end - self.start;
            let member = written.get(member).unwrap_or_default();
            self.out.extend_from_slice(member);
        }
        self.out.push(b'}');
        Ok(())
    }
}

/// The order of keys (RFC 8785, section 3.2.3); of ASCII it is that of the bytes.
fn order(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        one.cmp(other)
    } else {
        one.encode_utf16().cmp(other.encode_utf16())
    }
}

fn float<T>(number: impl Display) -> Result<T, Error> {
    Err(Error::custom(format_args!("{number} is no integer")))
}

impl<'o> ser::Serializer for Typed<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Nested<'o>;
    type SerializeTuple = Nested<'o>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Map<'o>;
    type SerializeStruct = Nested<'o>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        let written: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(written);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.integer(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.integer(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.integer(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.integer(value.into())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.integer(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.integer(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.integer(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.integer(value.into())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        float(value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        float(value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        write_string(value, self.out);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut nested = self.open(b'{')?;
        nested.member(Cow::Borrowed(variant), value)?;
        nested.end_object()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Nested<'o>, Error> {
        self.open(b'[')
    }

    fn serialize_tuple(self, _: usize) -> Result<Nested<'o>, Error> {
        self.open(b'[')
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        Err(Error::custom(format_args!(
            "`{name}` has several values without names"
        )))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(Error::custom(format_args!(
            "`{name}` has variants of several values"
        )))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Map<'o>, Error> {
        Ok(Map {
            nested: self.open(b'{')?,
            key: Cow::Borrowed(""),
        })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Nested<'o>, Error> {
        self.open(b'{')
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(Error::custom(format_args!(
            "`{name}` has variants with fields"
        )))
    }
}

impl ser::SerializeSeq for Nested<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.end_array();
        Ok(())
    }
}

impl ser::SerializeTuple for Nested<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.end_array();
        Ok(())
    }
}

impl ser::SerializeStruct for Nested<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.member(Cow::Borrowed(key), value)
    }

    fn end(self) -> Result<(), Error> {
        self.end_object()
    }
}

/// Writes the members of a map.
struct Map<'o> {
    nested: Nested<'o>,
    /// The key of the member that comes next.
    key: Cow<'static, str>,
}

impl ser::SerializeMap for Map<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let key = serde_json::to_value(key)?;
        let Some(text) = key.as_str() else {
            return Err(Error::custom(format_args!("{key} is no key")));
        };
        self.key = Cow::Owned(text.to_owned());
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = std::mem::replace(&mut self.key, Cow::Borrowed(""));
        self.nested.member(key, value)
    }

    fn end(self) -> Result<(), Error> {
        self.nested.end_object()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
    use serde::ser::{Serialize, SerializeMap as _, Serializer};
    use serde_json::{Value, json};

    use crate::json::{Tape, canonical};

    /// The form by way of JSON and the parser.
    fn slowly<T: Serialize>(value: &T) -> Option<Vec<u8>> {
        let json = serde_json::to_vec(value).unwrap();
        let tape = Tape::parse(&json).ok()?;
        let mut out = Vec::new();
        canonical::write(tape.root(), &mut out);
        Some(out)
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(|n| Value::from(n >> 9)),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            Just(json!(1.5)),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            let map = proptest::collection::btree_map(any::<String>(), inner.clone(), 0..6);
            prop_oneof![
                proptest::collection::vec(inner, 0..6).prop_map(Value::from),
                map.prop_map(Value::from_iter),
            ]
        })
    }

    /// An object whose members are written as they come: `Value` keeps them in order.
    #[derive(Debug, Clone)]
    struct Members(Vec<(String, Value)>);

    impl Serialize for Members {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            for (key, value) in &self.0 {
                map.serialize_entry(key, value)?;
            }
            map.end()
        }
    }

    /// Members in any order. Short keys of few characters often come twice; the last two characters are in another
    /// order in UTF-16 than in UTF-8.
    fn members() -> impl Strategy<Value = Members> {
        let key = "[a-c\u{ff61}\u{10000}]{0,3}";
        proptest::collection::vec((key, values()), 0..6).prop_map(Members)
    }

    proptest! {
        #[test]
        fn it_is_that_of_the_parser(value in values()) {
            assert_eq!(canonical::to_vec(&value).ok(), slowly(&value));
        }

        #[test]
        fn members_in_any_order_are_those_of_the_parser(members in members(), at in any::<usize>()) {
            // The parser refuses a key that comes twice, too.
            assert_eq!(canonical::to_vec(&members).ok(), slowly(&members));
            let around = json!([0, 1]);
            let nested = Members(vec![("z".to_owned(), around), ("a".to_owned(), json!(2))]);
            assert_eq!(canonical::to_vec(&[&members, &nested]).ok(), slowly(&[&members, &nested]));
            // Left out, a member is as if it had never been there, wherever it came: first, last or between.
            let mut with = members.clone();
            with.0.retain(|(key, _)| key != "b");
            let expected = slowly(&with);
            assert_eq!(canonical::to_vec_without(&with, "b").ok(), expected);
            with.0.insert(at % (with.0.len() + 1), ("b".to_owned(), json!({ "a": 1 })));
            assert_eq!(canonical::to_vec_without(&with, "b").ok(), expected);
        }
    }

    #[test]
    fn a_first_member_is_left_out_with_its_comma() {
        for keys in [["b", "c", "a"], ["c", "b", "a"], ["c", "a", "b"]] {
            let members = keys.map(|key| (key.to_owned(), json!(1)));
            let out = canonical::to_vec_without(&Members(members.to_vec()), "b");
            assert_eq!(out.unwrap(), br#"{"a":1,"c":1}"#);
        }
        let only = Members(vec![("b".to_owned(), json!(1))]);
        assert_eq!(canonical::to_vec_without(&only, "b").unwrap(), b"{}");
    }

    #[test]
    fn depth_is_limited() {
        let mut deep = json!(1);
        for _ in 0..crate::json::MAX_DEPTH {
            deep = json!([deep]);
        }
        assert!(canonical::to_vec(&deep).is_ok());
        assert!(canonical::to_vec(&json!([deep])).is_err());
    }
}

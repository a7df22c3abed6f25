//! Saying what a file of a dump is, and what would read it.

use std::fmt;
use std::io;

use crate::convert::{Converter, Reader, Refusal, Unpacked};
use crate::diagnostic::escape::escape;
use crate::dump::cut::{JsonCutter, Piece};
use crate::dump::{self, Evidence, Input, Kind, Limits, ReadError, TextError, layered};
use crate::open;
use crate::trace::Layer;

/// A file of a dump, as it was looked at.
///
/// It is shown on one line: its path, its kind, what would read it, and how the kind is known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileLook {
    /// Its path in the dump.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The codecs that the whole file is packed with, outermost first.
    pub layers: Vec<Layer>,
    /// The kind of what is in them.
    pub kind: Kind,
    /// How the kind is known.
    pub why: Evidence,
    /// What would read it, or why nothing does.
    pub reader: Result<String, &'static str>,
    /// How many items would be read of it.
    pub items: u64,
}

/// Looks at a file of a dump that `converter` would read.
///
/// # Errors
///
/// [`ReadError`] where the file cannot be read.
pub fn file(input: &Input, converter: &Converter<'_>) -> Result<FileLook, ReadError> {
    let contents = dump::read(input)?;
    let failed = |source| ReadError {
        file: input.file.clone(),
        source,
    };
    let (kind, layers) = (contents.kind, contents.layers.as_slice());
    let (reader, items) = match (kind, layers) {
        (Kind::Json | Kind::JsonLines, _) if converter.only_profiles => nothing(UNRECOGNISED),
        (Kind::Json | Kind::JsonLines, _) => values(input, layers).map_err(failed)?,
        (Kind::Text, _) => match contents.data.as_deref() {
            Some(bytes) => texts(&Unpacked::of(bytes, layers), converter),
            None => nothing(TOO_LARGE),
        },
        (Kind::Notes, []) => nothing("notes about the dump"),
        (kind, []) => nothing(kind.name()),
        _ => nothing("packed"),
    };
    Ok(FileLook {
        path: input.path.clone(),
        bytes: contents.bytes,
        layers: contents.layers,
        kind: contents.kind,
        why: contents.why,
        reader,
        items,
    })
}

/// What would read a file of JSON, and how many items there are for it; those behind damage are not counted.
fn values(input: &Input, layers: &[Layer]) -> io::Result<(Result<String, &'static str>, u64)> {
    let bytes = open::file(&input.file)?;
    let unpacked = layered(Box::new(bytes), layers, &Limits::default());
    let cutter = JsonCutter::new(unpacked.map_err(io::Error::other)?)?;
    let pieces = cutter.map_while(Result::ok);
    let items = pieces
        .filter(|piece| matches!(piece, Piece::Item(_)))
        .count();
    let items = u64::try_from(items).unwrap_or(u64::MAX);
    Ok((Ok("the general JSON converter".to_owned()), items))
}

/// What would read a text, and how many items there are for it.
fn texts(
    unpacked: &Unpacked<'_>,
    converter: &Converter<'_>,
) -> (Result<String, &'static str>, u64) {
    let failure = unpacked.failure.as_ref().map(|failure| {
        if failure.cause.is_limit() {
            TOO_LARGE
        } else {
            "it does not unpack"
        }
    });
    let bytes = &*unpacked.bytes;
    let reader = match converter.reader(bytes, dump::text(bytes)) {
        Ok(reader) => reader,
        Err(refusal) => return nothing(failure.unwrap_or_else(|| why(&refusal))),
    };
    let items = unpacked.whole_ones(reader.items()).len();
    if let Some(failure) = failure.filter(|_| items == 0) {
        return nothing(failure);
    }
    let items = u64::try_from(items).unwrap_or(u64::MAX);
    let name = match reader {
        Reader::General(_) => "the general text converter".to_owned(),
        Reader::Profile(profile, _) | Reader::Decoded(profile, _) => {
            format!("profile {}", profile.id())
        }
    };
    (Ok(name), items)
}

/// Why a text is refused, in a few words.
fn why(refusal: &Refusal) -> &'static str {
    if let Refusal::Text(error) = refusal {
        return match error {
            TextError::Blank => "blank",
            TextError::Lines => "too many lines",
            TextError::Nul(_) => "binary",
            TextError::NotUtf8 { .. } | TextError::Wide(_) => "not UTF-8",
        };
    }
    if matches!(refusal, Refusal::Ambiguous(_)) {
        "several profiles recognise it"
    } else if matches!(refusal, Refusal::Several(_)) {
        "several articles"
    } else {
        UNRECOGNISED
    }
}

const TOO_LARGE: &str = "too large";

const UNRECOGNISED: &str = "not recognised";

fn nothing(why: &'static str) -> (Result<String, &'static str>, u64) {
    (Err(why), 0)
}

impl fmt::Display for FileLook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", escape(&self.path), self.kind.name())?;
        for layer in self.layers.iter().rev() {
            write!(f, " in {layer}")?;
        }
        match &self.reader {
            Ok(reader) => write!(f, ", read by {reader}")?,
            Err(why) if *why == self.kind.name() || self.kind == Kind::Notes => {
                f.write_str(", not read")?;
            }
            Err(why) => write!(f, ", not read: {why}")?,
        }
        match self.items {
            0 => {}
            1 => write!(f, ", 1 item")?,
            items => write!(f, ", {items} items")?,
        }
        write!(f, " ({})", self.why)
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )]

    use super::file;
    use crate::convert::Converter;
    use crate::dump::Input;
    use crate::profile;
    use crate::record::IdRule;

    #[test]
    fn a_file_is_shown_with_its_kind_and_why() {
        let folder = tempfile::tempdir().unwrap();
        let shown = |name: &str, bytes: &[u8], only_profiles| {
            let path = folder.path().join("a");
            std::fs::write(&path, bytes).unwrap();
            let input = Input {
                path: name.to_owned(),
                file: path,
            };
            let converter = Converter {
                profiles: &profile::builtin().iter().collect::<Vec<_>>(),
                only_profiles,
                ids: IdRule::Derived,
                notes: false,
            };
            let look = file(&input, &converter).unwrap();
            look.to_string()
        };
        let text = "(is UTF-8 without the marks of another kind)";
        let seen = shown("a", b"Rain fell on Tuesday.\n", false);
        let expected = format!("a: text, read by the general text converter, 1 item {text}");
        assert_eq!(seen, expected);
        let seen = shown("a", b"Rain fell on Tuesday.\n", true);
        assert_eq!(seen, format!("a: text, not read: not recognised {text}"));
        // As a conversion refuses them.
        let item = br#"{"title": "Rain fell", "text": "It rained."}"#;
        let seen = shown("a.json", item, true);
        assert!(
            seen.starts_with("a.json: json, not read: not recognised ("),
            "{seen}"
        );
        let two = b"1 of 2 DOCUMENTS\n\nRain fell.\n\n2 of 2 DOCUMENTS\n\nIt rained on.\n";
        let seen = shown("a", two, false);
        assert_eq!(seen, format!("a: text, not read: several articles {text}"));
        // As far as it unpacks.
        let cut = |bytes: &[u8]| {
            let packed = zstd::encode_all(bytes, 1).unwrap();
            packed[..packed.len() - 4].to_vec()
        };
        let seen = shown("a.zst", &cut(b"Rain fell on Tuesday.\n"), false);
        assert!(seen.contains(", not read: it does not unpack ("), "{seen}");
        let large = b"Rain fell on Tuesday.\n".repeat(1 << 21);
        let packed = zstd::encode_all(large.as_slice(), 1).unwrap();
        let seen = shown("a.zst", &packed, false);
        assert!(seen.contains(", not read: too large ("), "{seen}");
        assert_eq!(
            shown("\u{1b}.txt", b"WARC/1.1\r\n", false),
            r"\u{1b}.txt: warc, not read (begins with `WARC/1.1`)"
        );
        assert_eq!(
            shown(
                "a.zst",
                &zstd::encode_all(&b"<html>"[..], 1).unwrap(),
                false
            ),
            "a.zst: html in zstd, not read: packed (its first element is `<html>`)"
        );
    }
}

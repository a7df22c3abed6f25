//! Saying what a file of a dump is, and what would read it.

use std::fmt;
use std::io::{self, Read as _};

use crate::diagnostic::escape::escape;
use crate::dump::cut::{JsonCutter, Piece};
use crate::dump::{
    self, BOM, Evidence, ITEM_LIMIT, Input, Kind, Limits, ReadError, TextError, layered,
};
use crate::open;
use crate::profile::{self, Profile, Recognised};
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

/// Looks at a file of a dump that these profiles would read and, unless `only_profiles`, the general
/// converters.
///
/// # Errors
///
/// [`ReadError`] where the file cannot be read.
pub fn file<'p>(
    input: &Input,
    profiles: impl IntoIterator<Item = &'p Profile>,
    only_profiles: bool,
) -> Result<FileLook, ReadError> {
    let contents = dump::read(input)?;
    let failed = |source| ReadError {
        file: input.file.clone(),
        source,
    };
    let (kind, layers) = (contents.kind, contents.layers.as_slice());
    let (reader, items) = if matches!(kind, Kind::Json | Kind::JsonLines) {
        values(input, layers).map_err(failed)?
    } else if layers.is_empty() {
        reader(kind, contents.data.as_deref(), profiles, only_profiles)
    } else if kind == Kind::Text {
        match unpacked(input, layers) {
            Ok(text) => reader(kind, Some(&text), profiles, only_profiles),
            Err(_) => nothing("it does not unpack"),
        }
    } else {
        nothing("packed")
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

/// What is packed in a file, as far as a text may be read.
fn unpacked(input: &Input, layers: &[Layer]) -> io::Result<Vec<u8>> {
    let limits = Limits::default().with_size(ITEM_LIMIT);
    let mut text = Vec::new();
    let file = open::file(&input.file)?;
    let mut reader = layered(Box::new(file), layers, &limits).map_err(io::Error::other)?;
    reader.read_to_end(&mut text)?;
    Ok(text)
}

/// What would read a file, and how many items there are for it.
fn reader<'p>(
    kind: Kind,
    data: Option<&[u8]>,
    profiles: impl IntoIterator<Item = &'p Profile>,
    only_profiles: bool,
) -> (Result<String, &'static str>, u64) {
    let text = match (kind, data.map(dump::text)) {
        (Kind::Notes, _) => return nothing("notes about the dump"),
        (Kind::Text, Some(Ok(text))) => text,
        (Kind::Text, None) => return nothing("too large"),
        (Kind::Text, Some(Err(error))) => {
            return nothing(match error {
                TextError::Blank => "blank",
                TextError::Lines => "too many lines",
                TextError::Nul(_) => "binary",
                TextError::NotUtf8 { .. } | TextError::Wide(_) => "not UTF-8",
            });
        }
        (kind, _) => return nothing(kind.name()),
    };
    let body = text.strip_prefix(BOM).unwrap_or(text);
    match profile::recognise(body, profiles) {
        Recognised::None if only_profiles => nothing("not recognised"),
        Recognised::None => (Ok("the general text converter".to_owned()), 1),
        Recognised::One(profile) => {
            let items = u64::try_from(profile.items(body).len()).unwrap_or(u64::MAX);
            (Ok(format!("profile {}", profile.id())), items)
        }
        Recognised::Several(_) => nothing("several profiles recognise it"),
    }
}

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
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::file;
    use crate::dump::Input;
    use crate::profile;

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
            let look = file(&input, profile::builtin(), only_profiles).unwrap();
            look.to_string()
        };
        let text = "(is UTF-8 without the marks of another kind)";
        let seen = shown("a", b"Rain fell on Tuesday.\n", false);
        let expected = format!("a: text, read by the general text converter, 1 item {text}");
        assert_eq!(seen, expected);
        let seen = shown("a", b"Rain fell on Tuesday.\n", true);
        assert_eq!(seen, format!("a: text, not read: not recognised {text}"));
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

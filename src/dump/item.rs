//! Reading a file, and the items in it.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::sniff::{Evidence, Sniffed, sniff, wide_label};
use super::{Input, Kind, LayerError};
use crate::digest::{Digest, Hasher};
use crate::open;
use crate::trace::{Bytes, Context, ContextName, FoundEncoding, Layer, Location, Sources};
use crate::transit;

/// The largest text file that is read, in bytes; larger ones are hashed and refused.
pub const ITEM_LIMIT: u64 = 32 << 20;

/// The most lines that a text is read with: each is looked at, remembered and accounted for. A trace that
/// gives each its span and a tile stays within what a line of JSON may hold.
pub const LINE_LIMIT: usize = 1 << 16;

/// The byte order mark that a text may begin with, in UTF-8.
pub const BOM: &str = "\u{feff}";

/// A file as it was read.
#[derive(Debug)]
pub struct Contents {
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of all of it.
    pub digest: Digest,
    /// The codecs that the whole file is packed with, outermost first.
    pub layers: Vec<Layer>,
    /// The kind of what is in them.
    pub kind: Kind,
    /// How the kind is known.
    pub why: Evidence,
    /// Why one more codec, which is read, gives not even its first bytes.
    pub damage: Option<LayerError>,
    /// The bytes; absent beyond [`ITEM_LIMIT`].
    pub data: Option<Vec<u8>>,
}

/// One item of a dump: the bytes that may become one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<'d> {
    /// Where it lies.
    pub location: Location,
    /// Its bytes.
    pub bytes: Cow<'d, [u8]>,
    /// What else belongs to it.
    pub contexts: Vec<ItemContext>,
    /// Its media type.
    pub media_type: &'static str,
    /// Its character encoding, a WHATWG label.
    pub encoding: &'d str,
    /// How that was found; nothing where the bytes are UTF-8 and nothing says otherwise.
    pub found: Option<FoundEncoding>,
    /// Whether it is all that was fetched, so that `fetch` tells it from the same bytes fetched at another time.
    pub is_payload: bool,
}

/// A context with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemContext {
    /// Where it lies, and what it is.
    pub context: Context,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Item<'_> {
    /// The item as values are replayed from it; `contexts` takes those that it has.
    #[must_use]
    pub fn sources<'s>(&'s self, contexts: &'s mut Vec<(ContextName, Bytes<'s>)>) -> Sources<'s> {
        contexts.extend(self.contexts.iter().map(|ItemContext { context, bytes }| {
            let encoding = context.encoding.as_deref().unwrap_or("utf-8");
            (context.name, Bytes { bytes, encoding })
        }));
        Sources {
            item: Bytes {
                bytes: &self.bytes,
                encoding: self.encoding,
            },
            contexts,
        }
    }
}

/// A file that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{}`", .file.display())]
pub struct ReadError {
    /// The file.
    pub file: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Why bytes are no text that dateline reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// There is a NUL byte.
    #[error("byte {0} is NUL; this is not text")]
    Nul(usize),
    /// The bytes are not UTF-8.
    #[error("byte {at} is not UTF-8 (0x{byte:02x})")]
    NotUtf8 {
        /// The first byte that is not.
        at: usize,
        /// Its value.
        byte: u8,
    },
    /// The text is in UTF-16 or UTF-32.
    #[error("the text is in {}, not in UTF-8", .0.to_ascii_uppercase())]
    Wide(&'static str),
    /// There is nothing but white space.
    #[error("it holds only white space")]
    Blank,
    /// There are more lines than [`LINE_LIMIT`].
    #[error("it has more than {LINE_LIMIT} lines")]
    Lines,
}

/// Opens a file of a dump. A pipe is read where it is open already, as that of `/dev/stdin` is.
pub(crate) fn opened(path: &Path) -> std::io::Result<File> {
    match open::file(path) {
        Err(_) if super::inputs::is_open_pipe(path) => File::open(path),
        other => other,
    }
}

/// Reads a file whole, or only hashes it where it is larger than [`ITEM_LIMIT`].
///
/// Memory is bounded by that limit, also for a file that grows while it is read.
///
/// # Errors
///
/// [`ReadError`] when the file cannot be opened or read.
pub fn read(input: &Input) -> Result<Contents, ReadError> {
    let file = opened(&input.file).map_err(|source| ReadError {
        file: input.file.clone(),
        source,
    })?;
    read_on(input, Vec::new(), file)
}

/// The same of a file of which the first bytes are read: `data`.
pub(crate) fn read_on(
    input: &Input,
    mut data: Vec<u8>,
    mut file: impl io::Read,
) -> Result<Contents, ReadError> {
    let failed = |source| ReadError {
        file: input.file.clone(),
        source,
    };
    let most = (ITEM_LIMIT + 1).saturating_sub(u64::try_from(data.len()).unwrap_or(u64::MAX));
    let all = file.by_ref().take(most).read_to_end(&mut data);
    all.map_err(failed)?;
    let Sniffed {
        layers,
        mut kind,
        mut why,
        damage,
    } = sniff(&input.path, &data);
    if kind == Kind::Text && layers.is_empty() && transit::pointer_at(&input.file, &data).is_some()
    {
        kind = Kind::Pointer;
        why = "holds nothing but the name of a file beside it".into();
    }
    let mut hasher = Hasher::new();
    hasher.update(&data);
    let mut bytes = u64::try_from(data.len()).unwrap_or(u64::MAX);
    let is_large = bytes > ITEM_LIMIT;
    if is_large {
        bytes += io::copy(&mut file, &mut hasher).map_err(failed)?;
    }
    Ok(Contents {
        bytes,
        digest: hasher.finish(),
        layers,
        kind,
        why,
        damage,
        data: (!is_large).then_some(data),
    })
}

/// Takes bytes for text: UTF-8 without NUL, with something in it.
///
/// A byte order mark stays in the text, so that offsets in it are offsets in the bytes.
///
/// # Errors
///
/// [`TextError`], with the byte at which it shows.
pub fn text(bytes: &[u8]) -> Result<&str, TextError> {
    if let Some(at) = memchr::memchr(0, bytes) {
        let wide = wide_label(bytes).map(TextError::Wide);
        return Err(wide.unwrap_or(TextError::Nul(at)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        TextError::NotUtf8 {
            at,
            byte: bytes.get(at).copied().unwrap_or_default(),
        }
    })?;
    let body = text.strip_prefix(BOM).unwrap_or(text);
    if body.trim_matches(crate::record::WHITE_SPACE).is_empty() {
        return Err(TextError::Blank);
    }
    if has_more_lines(text) {
        return Err(TextError::Lines);
    }
    Ok(text)
}

/// Whether a text has more lines than are read, by whatever ends them.
fn has_more_lines(text: &str) -> bool {
    let ends = |c: char| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    // The two characters of CRLF end one line.
    text.len() > LINE_LIMIT
        && text.matches(ends).count() - text.matches("\r\n").count() > LINE_LIMIT
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{ITEM_LIMIT, LINE_LIMIT, TextError, read, text};
    use crate::digest::Digest;
    use crate::dump::{Input, Kind};

    #[test]
    fn what_is_no_text_is_placed() {
        assert_eq!(text(b"ab\0c"), Err(TextError::Nul(2)));
        let wide: Vec<u8> = "Rain".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&wide), Err(TextError::Wide("utf-16be")));
        assert_eq!(
            text(b"ab\xffc"),
            Err(TextError::NotUtf8 { at: 2, byte: 0xff })
        );
        assert_eq!(text("\u{feff}\u{a0}\n".as_bytes()), Err(TextError::Blank));
        assert_eq!(text("\u{feff}a\r\n".as_bytes()), Ok("\u{feff}a\r\n"));
        for end in ["\n", "\r", "\r\n", "\u{2028}"] {
            let most = format!("a{end}").repeat(LINE_LIMIT);
            assert_eq!(text(most.as_bytes()), Ok(most.as_str()));
            assert_eq!(text((most + end).as_bytes()), Err(TextError::Lines));
        }
    }

    #[test]
    fn a_file_over_the_limit_is_hashed_and_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("long.txt");
        let long = vec![b'a'; usize::try_from(ITEM_LIMIT).unwrap() + 70_000];
        std::fs::write(&file, &long).unwrap();
        let contents = read(&Input {
            path: "long.txt".to_owned(),
            file,
        })
        .unwrap();
        assert_eq!(contents.bytes, ITEM_LIMIT + 70_000);
        assert_eq!(contents.digest, Digest::of(&long));
        assert_eq!((contents.kind, contents.data), (Kind::Text, None));
    }
}

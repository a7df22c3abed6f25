//! What the first bytes of a stored file show it to be, where its name says something else.

use std::fmt;
use std::io;

use super::{Container, ReadError};
use crate::open::Astray;
use crate::transit;

/// How many bytes show it.
pub(super) const LENGTH: u64 = 4;
/// The same as a length in memory.
pub(super) const BYTES: usize = 4;

/// A file whose bytes are not what its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misnamed {
    /// What the ending of its name says.
    named: Container,
    holds: Holds,
}

/// A small file in the place of the one that is meant.
#[derive(Debug)]
pub(super) struct NotTheFile(pub(super) transit::Pointer);

impl fmt::Display for NotTheFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is {}", self.0)
    }
}

impl std::error::Error for NotTheFile {}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Gzip,
    Zstd,
    /// UTF-16 that begins with a byte order mark, and without one of either order.
    Utf16,
    Utf16Be,
    Utf16Le,
    /// Text, or what begins like one.
    Text,
}

/// What the first bytes of a file among the records show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Lines in this container, as far as that can be told.
    Lines(Container),
    /// A stream packed in a way that is not read.
    Packed(&'static str),
    /// A file of another kind.
    Other(&'static str),
}

/// What a file is that begins with `start`, its first eight bytes.
pub(super) fn found(start: &[u8]) -> Content {
    match start {
        [0x1f, 0x8b, ..] => Content::Lines(Container::Gz),
        // A frame, or one that is to be skipped.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
            Content::Lines(Container::Zst)
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Content::Packed("xz"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Content::Packed("bzip2"),
        [0x04, 0x22, 0x4d, 0x18, ..] => Content::Packed("lz4"),
        [b'L', b'Z', b'I', b'P', ..] => Content::Packed("lzip"),
        [0x1f, 0x9d, ..] => Content::Packed("compress"),
        [0xff, 0x06, 0, 0, b's', b'N', b'a', b'P', ..] => Content::Packed("snappy"),
        [b'P', b'A', b'R', b'1', ..] => Content::Other("a Parquet file"),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Content::Other("an Arrow file"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Content::Other("a zip archive"),
        [b'7', b'z', 0xbc, 0xaf, ..] => Content::Other("a 7z archive"),
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => Content::Other("an SQLite database"),
        _ => Content::Lines(Container::Plain),
    }
}

impl Misnamed {
    /// What is wrong with a file that has such a name and begins with `start`, its first [`LENGTH`]
    /// bytes; nothing where the two agree, and where nothing is known of what it holds.
    pub(super) fn of(named: Container, start: &[u8]) -> Option<Self> {
        let holds = holds(start)?;
        let agree = match named {
            Container::Plain => holds == Holds::Text,
            Container::Gz => holds == Holds::Gzip,
            Container::Zst => holds == Holds::Zstd,
        };
        (!agree).then_some(Self { named, holds })
    }

    const fn hint(self) -> &'static str {
        match (self.holds, self.named) {
            (Holds::Gzip, _) => "its name should end in `.gz`",
            (Holds::Zstd, _) => "its name should end in `.zst`",
            (Holds::Utf16, Container::Plain) => "`iconv -f UTF-16 -t UTF-8` converts it",
            (Holds::Utf16Be, Container::Plain) => "`iconv -f UTF-16BE -t UTF-8` converts it",
            (Holds::Utf16Le, Container::Plain) => "`iconv -f UTF-16LE -t UTF-8` converts it",
            (Holds::Text | Holds::Utf16 | Holds::Utf16Be | Holds::Utf16Le, _) => {
                "its name should end without `.gz` or `.zst`"
            }
        }
    }
}

impl fmt::Display for Misnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tool = match self.named {
            Container::Plain => None,
            Container::Gz => Some("gzip"),
            Container::Zst => Some("zstd"),
        };
        match (self.holds, tool) {
            (Holds::Gzip, None) => f.write_str("it is compressed with gzip"),
            (Holds::Zstd, None) => f.write_str("it is compressed with zstd"),
            (Holds::Gzip, Some(tool)) => write!(f, "it is compressed with gzip, not with {tool}"),
            (Holds::Zstd, Some(tool)) => write!(f, "it is compressed with zstd, not with {tool}"),
            (Holds::Utf16 | Holds::Utf16Be | Holds::Utf16Le, None) => {
                f.write_str("it is UTF-16, not UTF-8")
            }
            (Holds::Text | Holds::Utf16 | Holds::Utf16Be | Holds::Utf16Le, tool) => {
                write!(
                    f,
                    "it is not compressed with {}",
                    tool.unwrap_or("anything")
                )
            }
        }
    }
}

impl std::error::Error for Misnamed {}

impl ReadError {
    /// What to do about it, where the file shows that.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Read { source, .. } | Self::Damaged { source, .. } => remedy(source),
            Self::Open { .. }
            | Self::Truncated { .. }
            | Self::Bomb { .. }
            | Self::LineTooLong { .. } => None,
        }
    }
}

/// What to do about an error of reading a stored file, where the file shows that.
#[must_use]
pub fn remedy(error: &io::Error) -> Option<&'static str> {
    if let Some(Astray::Folder(_)) = Astray::of(error) {
        return Some(
            "if you made this link, put the folder itself in its place; a corpus that you received must not have \
             one: get another copy",
        );
    }
    let cause = error.get_ref()?;
    if let Some(NotTheFile(pointer)) = cause.downcast_ref() {
        return Some(pointer.remedy());
    }
    let misnamed = cause.downcast_ref::<Misnamed>()?;
    Some(misnamed.hint())
}

fn holds(start: &[u8]) -> Option<Holds> {
    match start {
        [0x1f, 0x8b, ..] => Some(Holds::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd] => Some(Holds::Zstd),
        // A byte order mark, or what any record begins with.
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Holds::Utf16),
        [0, b'{', 0, b'"'] => Some(Holds::Utf16Be),
        [b'{', 0, b'"', 0] => Some(Holds::Utf16Le),
        [0xef, 0xbb, 0xbf, _] => Some(Holds::Text),
        [_, _, _, _] => start
            .iter()
            .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
            .then_some(Holds::Text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Misnamed;
    use crate::corpus::Container;

    #[test]
    fn what_a_file_holds_is_told_from_what_its_name_says() {
        let said = |named, start: &[u8]| {
            Misnamed::of(named, start).map(|wrong| format!("{wrong}; {}", wrong.hint()))
        };
        let (gzip, zstd) = (b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd");
        for (named, start) in [
            (Container::Plain, b"{\"fo"),
            (Container::Plain, b"\xef\xbb\xbf{"),
            // Damaged, but nobody knows what it was.
            (Container::Plain, b"\0\0\0\0"),
            (Container::Gz, gzip),
            (Container::Gz, b"\0\x8b\x08\0"),
            (Container::Zst, zstd),
            // A frame to be skipped.
            (Container::Zst, b"\x50\x2a\x4d\x18"),
        ] {
            assert_eq!(said(named, start), None);
        }
        let expected = [
            (
                Container::Plain,
                gzip,
                "it is compressed with gzip; its name should end in `.gz`",
            ),
            (
                Container::Plain,
                zstd,
                "it is compressed with zstd; its name should end in `.zst`",
            ),
            (
                Container::Plain,
                b"\xff\xfe{\0",
                "it is UTF-16, not UTF-8; `iconv -f UTF-16 -t UTF-8` converts it",
            ),
            (
                Container::Plain,
                b"\0{\0\"",
                "it is UTF-16, not UTF-8; `iconv -f UTF-16BE -t UTF-8` converts it",
            ),
            (
                Container::Zst,
                gzip,
                "it is compressed with gzip, not with zstd; its name should end in `.gz`",
            ),
            (
                Container::Gz,
                b"{\"fo",
                "it is not compressed with gzip; its name should end without `.gz` or `.zst`",
            ),
        ];
        for (named, start, message) in expected {
            assert_eq!(said(named, start).as_deref(), Some(message));
        }
    }
}

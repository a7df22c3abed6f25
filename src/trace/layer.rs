//! The closed list of layers between the bytes of a file and those of an item.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::as_text;
use crate::json::{MAX_INTEGER, shown};

/// One named function from bytes to bytes (`spec/layers.md`).
///
/// Written `name` or `name:argument`. What a name does never changes; another behaviour takes another
/// name. [`crate::dump::layered`] runs them.
///
/// Layers are in the order of the bytes that they are written with, so that lists of them are ordered
/// as lists of strings: `slice:14-91` comes before `slice:2-3`.
///
/// ```
/// use dateline::trace::Layer;
///
/// let layer: Layer = "slice:14-91".parse()?;
/// assert_eq!(layer, Layer::Slice { start: 14, end: 91 });
/// assert!("slice:91-14".parse::<Layer>().is_err());
/// # Ok::<(), dateline::trace::UnknownLayer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// `gzip`: RFC 1952, one member or more.
    Gzip,
    /// `zstd`: RFC 8878, one frame or more.
    Zstd,
    /// `lz4`: the LZ4 frame format, one frame or more.
    Lz4,
    /// `bzip2`: one stream or more.
    Bzip2,
    /// `xz`: the .xz file format, one stream or more.
    Xz,
    /// `deflate`: RFC 1951, without a header of zlib or gzip.
    Deflate,
    /// `brotli`: RFC 7932.
    Brotli,
    /// `chunked`: the chunked transfer coding, RFC 9112, section 7.1.
    Chunked,
    /// `base64`: RFC 2045, section 6.8.
    Base64,
    /// `quoted-printable`: RFC 2045, section 6.7.
    QuotedPrintable,
    /// `slice:<start>-<end>`: the bytes `[start, end)`; `start < end`.
    Slice {
        /// The first byte.
        start: u64,
        /// The byte behind the last.
        end: u64,
    },
    /// `parquet:<row>`: a row of a Parquet file. The name is reserved: no version says yet which bytes it gives.
    Parquet {
        /// The row, from 0, across all row groups.
        row: u64,
    },
    /// `xlsx:<sheet>:<row>`: a row of a workbook, reserved likewise.
    Xlsx {
        /// The sheet, from 0, in the order of the workbook.
        sheet: u64,
        /// The row, from 0.
        row: u64,
    },
}

/// A string that is not a layer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a layer", shown(.0))]
pub struct UnknownLayer(pub String);

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gzip => f.write_str("gzip"),
            Self::Zstd => f.write_str("zstd"),
            Self::Lz4 => f.write_str("lz4"),
            Self::Bzip2 => f.write_str("bzip2"),
            Self::Xz => f.write_str("xz"),
            Self::Deflate => f.write_str("deflate"),
            Self::Brotli => f.write_str("brotli"),
            Self::Chunked => f.write_str("chunked"),
            Self::Base64 => f.write_str("base64"),
            Self::QuotedPrintable => f.write_str("quoted-printable"),
            Self::Slice { start, end } => write!(f, "slice:{start}-{end}"),
            Self::Parquet { row } => write!(f, "parquet:{row}"),
            Self::Xlsx { sheet, row } => write!(f, "xlsx:{sheet}:{row}"),
        }
    }
}

impl FromStr for Layer {
    type Err = UnknownLayer;

    fn from_str(text: &str) -> Result<Self, UnknownLayer> {
        named(text)
            .or_else(|| with_argument(text))
            .ok_or_else(|| UnknownLayer(text.to_owned()))
    }
}

/// By the bytes that they are written with.
impl Ord for Layer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl PartialOrd for Layer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Layer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Layer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}

/// A layer that takes no argument.
fn named(text: &str) -> Option<Layer> {
    Some(match text {
        "gzip" => Layer::Gzip,
        "zstd" => Layer::Zstd,
        "lz4" => Layer::Lz4,
        "bzip2" => Layer::Bzip2,
        "xz" => Layer::Xz,
        "deflate" => Layer::Deflate,
        "brotli" => Layer::Brotli,
        "chunked" => Layer::Chunked,
        "base64" => Layer::Base64,
        "quoted-printable" => Layer::QuotedPrintable,
        _ => return None,
    })
}

fn with_argument(text: &str) -> Option<Layer> {
    let (name, argument) = text.split_once(':')?;
    match name {
        "slice" => {
            let (start, end) = argument.split_once('-')?;
            let (start, end) = (number(start)?, number(end)?);
            (start < end).then_some(Layer::Slice { start, end })
        }
        "parquet" => number(argument).map(|row| Layer::Parquet { row }),
        "xlsx" => {
            let (sheet, row) = argument.split_once(':')?;
            Some(Layer::Xlsx {
                sheet: number(sheet)?,
                row: number(row)?,
            })
        }
        _ => None,
    }
}

/// A number in its one spelling: decimal digits without a leading zero, at most 2^53-1.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let spelt = digits && (text == "0" || !text.starts_with('0'));
    let number: u64 = spelt.then(|| text.parse().ok()).flatten()?;
    (number <= MAX_INTEGER.unsigned_abs()).then_some(number)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Layer;

    const NAMES: [&str; 15] = [
        "base64",
        "brotli",
        "bzip2",
        "chunked",
        "deflate",
        "gzip",
        "lz4",
        "parquet:0",
        "quoted-printable",
        "slice:0-9007199254740991",
        "slice:14-91",
        "slice:2-3",
        "xlsx:1:20",
        "xz",
        "zstd",
    ];

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in NAMES {
            let layer: Layer = name.parse().unwrap();
            assert_eq!(layer.to_string(), name);
            let json = serde_json::to_string(&layer).unwrap();
            assert_eq!(json, format!("\"{name}\""));
            assert_eq!(serde_json::from_str::<Layer>(&json).unwrap(), layer);
        }
    }

    #[test]
    fn layers_are_in_the_order_of_their_names() {
        let mut layers: Vec<Layer> = NAMES.map(|name| name.parse().unwrap()).into();
        layers.reverse();
        layers.sort();
        let names: Vec<String> = layers.iter().map(Layer::to_string).collect();
        assert_eq!(names, NAMES);
    }

    #[test]
    fn other_spellings_are_no_layers() {
        for name in [
            "",
            "Gzip",
            "gzip:",
            "gzip ",
            "gz",
            "slice",
            "slice:",
            "slice:1",
            "slice:1-",
            "slice:-1",
            "slice:1-1",
            "slice:2-1",
            "slice:01-2",
            "slice:1-02",
            "slice:+1-2",
            "slice:1-2-3",
            "slice: 1-2",
            "slice:0-9007199254740992",
            "slice:0-99999999999999999999",
            "slice:\u{0661}-9",
            "parquet",
            "parquet:",
            "parquet:-1",
            "parquet:00",
            "xlsx:1",
            "xlsx:1:",
            "xlsx::1",
            "xlsx:Sheet1:1",
            "xlsx:1:2:3",
        ] {
            assert!(name.parse::<Layer>().is_err(), "{name}");
        }
    }
}

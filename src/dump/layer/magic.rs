//! Which codec a whole file is packed with, by its first bytes.

use super::{lz4, xz, zstd};
use crate::trace::Layer;

/// The codec of a file that begins with these bytes, if its first bytes are those of one: `gzip`,
/// `zstd`, `lz4` (not the legacy format), `bzip2` or `xz`.
///
/// The first 10 bytes are enough. That the rest is what the codec reads is not known. A file that
/// begins with a skippable frame may be `zstd` or `lz4` and is neither here.
///
/// ```
/// use dateline::dump::codec;
/// use dateline::trace::Layer;
///
/// assert_eq!(codec(b"\x1F\x8B\x08\x00"), Some(Layer::Gzip));
/// assert_eq!(codec(b"WARC/1.0\r\n"), None);
/// ```
#[must_use]
pub fn codec(head: &[u8]) -> Option<Layer> {
    match head {
        [0x1F, 0x8B, 8, ..] => Some(Layer::Gzip),
        _ if head.starts_with(&zstd::MAGIC) => Some(Layer::Zstd),
        _ if head.starts_with(&lz4::MAGIC) => Some(Layer::Lz4),
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] => {
            let begins = [BLOCK, NO_BLOCK]
                .iter()
                .any(|magic| rest.starts_with(magic));
            begins.then_some(Layer::Bzip2)
        }
        _ if head.starts_with(&xz::MAGIC) => Some(Layer::Xz),
        _ => None,
    }
}

/// Whether a file ends within the first bytes that tell a codec, so that it might be one that was cut.
pub(in crate::dump) fn ends_within_magic(layer: Layer, file: &[u8]) -> bool {
    let is_cut = |magic: &[u8]| magic.len() > file.len() && magic.starts_with(file);
    let level = file.get(3).filter(|level| matches!(level, b'1'..=b'9'));
    let bzip2 = |block| [b"BZh", &[*level.unwrap_or(&b'9')][..], block].concat();
    match layer {
        Layer::Gzip => is_cut(&[0x1F, 0x8B, 8]),
        Layer::Zstd => is_cut(&zstd::MAGIC),
        Layer::Lz4 => is_cut(&lz4::MAGIC),
        Layer::Xz => is_cut(&xz::MAGIC),
        Layer::Bzip2 => [BLOCK, NO_BLOCK].iter().any(|block| is_cut(&bzip2(block))),
        Layer::Deflate
        | Layer::Brotli
        | Layer::Chunked
        | Layer::Base64
        | Layer::QuotedPrintable
        | Layer::Slice { .. }
        | Layer::Parquet { .. }
        | Layer::Xlsx { .. } => false,
    }
}

/// What a block of bzip2 begins with: the digits of pi.
const BLOCK: [u8; 6] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];

/// What an empty stream of bzip2 has there: the digits of its square root.
const NO_BLOCK: [u8; 6] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

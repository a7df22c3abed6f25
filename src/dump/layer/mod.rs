//! Layers: codecs and slices between the bytes of a file and those of an item (`spec/layers.md`).
//!
//! [`layered`] puts a reader of a file's range through a list of [`Layer`]s and gives a reader of what
//! comes out. Each codec is strict: its input is what its specification says, from the first byte to
//! the last, and nothing is searched for, skipped or repaired.
//!
//! Everything streams. A reader holds a buffer of 32 KiB a layer and what its codec needs: a window of
//! at most 128 MiB for `zstd` and `xz`, 16 MiB for `brotli`, 9 MiB for `lz4`, 4 MiB for `bzip2`,
//! about 64 KiB for the others; `xz` also holds 16 bytes for each block of a stream, to compare them
//! with the index. [`Limits`] bound what a hostile file makes of few bytes.

mod base64;
mod brotli;
mod bzip2;
mod chunked;
mod decode;
mod deflate;
mod error;
mod frame;
mod gzip;
mod limits;
mod lz4;
mod magic;
mod quoted_printable;
mod slice;
#[cfg(test)]
mod tests;
mod xz;
mod zstd;

pub use error::{Cause, LayerError};
pub use limits::{Budget, Limits};
pub use magic::codec;
pub(super) use magic::ends_within_magic;

use std::io::Read;

use crate::trace::Layer;
use decode::{Codec, Decode};
use limits::{Meter, Outermost};
use slice::Slice;

/// The largest window or dictionary that `zstd` and `xz` are given: 2^27 bytes.
const WINDOW: u64 = 1 << 27;

/// Puts bytes through layers in order, and gives what the last makes of them.
///
/// The reader that comes back fails where a layer does. Its error holds a [`LayerError`], which
/// [`LayerError::of`] takes out; the bytes before the damage come first. An error of `bytes` itself
/// passes through as it is. At the end of the last layer every layer has read its whole input, except
/// for those before a slice, which are read up to the slice's end.
///
/// Without layers the bytes come back as they are, and no limit applies.
///
/// ```
/// use std::io::Read as _;
///
/// use dateline::dump::{Limits, layered};
///
/// let layers = ["base64".parse()?, "slice:1-3".parse()?];
/// let bytes = Box::new(&b"bmV3cw=="[..]);
/// let mut out = String::new();
/// layered(bytes, &layers, &Limits::default())?.read_to_string(&mut out)?;
/// assert_eq!(out, "ew");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`LayerError`] where there are more layers than [`Limits::depth`], where a slice is empty, and for
/// `parquet` and `xlsx`, which this version does not read.
pub fn layered<'r>(
    bytes: Box<dyn Read + Send + 'r>,
    layers: &[Layer],
    limits: &Limits,
) -> Result<Box<dyn Read + Send + 'r>, LayerError> {
    layered_from(bytes, layers, 0, limits)
}

/// [`layered`] for what the first `from` layers gave. The ratio counts these bytes; what nesting gains by that, a
/// [`Budget`] bounds.
pub(super) fn layered_from<'r>(
    bytes: Box<dyn Read + Send + 'r>,
    layers: &[Layer],
    from: usize,
    limits: &Limits,
) -> Result<Box<dyn Read + Send + 'r>, LayerError> {
    let Some(last) = layers.len().checked_sub(1).filter(|last| *last >= from) else {
        return Ok(bytes);
    };
    let (outermost, meter) = Outermost::new(bytes, limits);
    let mut reader: Box<dyn Read + Send + 'r> = Box::new(outermost);
    for (depth, &layer) in layers.iter().enumerate().skip(from) {
        let error = LayerError::new(layer, depth);
        if depth >= limits.depth {
            let limit = limits.depth;
            return Err(error.with(0, Cause::Depth { limit }));
        }
        let size = limits.size.filter(|_| depth == last);
        reader = open(reader, error, meter.of(size))?;
    }
    Ok(reader)
}

/// A reader of what one layer makes of another reader.
fn open<'r>(
    bytes: Box<dyn Read + Send + 'r>,
    error: LayerError,
    meter: Meter,
) -> Result<Box<dyn Read + Send + 'r>, LayerError> {
    let codec: Box<dyn Codec> = match error.layer {
        Layer::Gzip => Box::new(gzip::Gzip::new()),
        Layer::Zstd => match zstd::Zstd::new() {
            Ok(codec) => Box::new(codec),
            Err(cause) => return Err(error.with(0, cause)),
        },
        Layer::Lz4 => Box::new(lz4::Lz4::new()),
        Layer::Bzip2 => Box::new(bzip2::Bzip2::new()),
        Layer::Xz => Box::new(xz::Xz::new()),
        Layer::Deflate => Box::new(deflate::Deflate::new()),
        Layer::Brotli => Box::new(brotli::Brotli::new()),
        Layer::Chunked => Box::new(chunked::Chunked::new()),
        Layer::Base64 => Box::new(base64::Base64::new()),
        Layer::QuotedPrintable => Box::new(quoted_printable::QuotedPrintable::new()),
        Layer::Slice { start, end } if start < end => {
            return Ok(Box::new(Slice::new(bytes, start..end, error, meter)));
        }
        Layer::Slice { .. } => return Err(error.with(0, Cause::Empty)),
        Layer::Parquet { .. } | Layer::Xlsx { .. } => return Err(error.with(0, Cause::NotRead)),
    };
    Ok(Box::new(Decode::new(bytes, codec, error, meter)))
}

/// A length as the number of bytes that it is.
fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A number of bytes as a length, at most the largest.
fn narrow(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

//! Why a layer gives no more bytes.

use std::io;

use crate::trace::Layer;

/// A layer that gives no more bytes, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("layer {} (`{layer}`), byte {at} of its input: {cause}", .depth + 1)]
#[non_exhaustive]
pub struct LayerError {
    /// The layer.
    pub layer: Layer,
    /// Its place in the list, from 0; the message counts from 1.
    pub depth: usize,
    /// The byte of the layer's own input, as near as its codec knows; the length of the input where
    /// that ends too early.
    pub at: u64,
    /// What is wrong there.
    pub cause: Cause,
}

/// What is wrong with the input of a layer, or with the layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The input ends before the data in it does; a slice ends beyond its input.
    #[error("the data ends too early")]
    Truncated,
    /// More bytes follow where the data has ended.
    #[error("other bytes follow the end of the data")]
    Trailing,
    /// The first bytes are not those of the format.
    #[error("the data does not begin as this format does")]
    Magic,
    /// A header holds a value that the format reserves or forbids.
    #[error("a header has a value that the format does not allow")]
    Header,
    /// The compressed data does not decode; `bzip2` and `xz` say so of a checksum, too.
    #[error("the data is damaged")]
    Data,
    /// A checksum is not that of the data.
    #[error("a checksum does not match the data")]
    Checksum,
    /// A length is not that of the data.
    #[error("a length does not match the data")]
    Length,
    /// The data needs a window or dictionary of more than 128 MiB.
    #[error("the data needs a window of more than 128 MiB")]
    Window,
    /// The data needs a dictionary that is not in it.
    #[error("the data needs a dictionary, which dateline does not support")]
    Dictionary,
    /// A byte that may not be where it is.
    #[error("unexpected byte 0x{_0:02X}")]
    Byte(u8),
    /// White space in one run of more bytes than `quoted-printable` allows.
    #[error("more than 65536 spaces and tabs in a row")]
    Space,
    /// A slice ends at or before its start.
    #[error("the slice ends at or before its start")]
    Empty,
    /// There are more layers than [`super::Limits::depth`].
    #[error("more than {limit} layers")]
    Depth {
        /// How many there may be.
        limit: usize,
    },
    /// The layer gave more bytes than the limits allow for the bytes read so far.
    #[error("it gives more than {limit} bytes, the limit for an input of this size")]
    Ratio {
        /// How many it might give.
        limit: u64,
    },
    /// The last layer gives more bytes than [`super::Limits::size`].
    #[error("the data is larger than {limit} bytes")]
    Size {
        /// How many it might give.
        limit: u64,
    },
    /// All that is read of one file comes to more than [`super::Budget`] allows.
    #[error(
        "what is read of the file comes to more than {limit} bytes, the limit for a file of its size"
    )]
    Budget {
        /// How many it might come to.
        limit: u64,
    },
    /// The codec found no memory.
    #[error("not enough memory")]
    Memory,
    /// This version does not read the layer.
    #[error("this version of dateline does not read this layer")]
    NotRead,
}

impl Cause {
    /// Whether the data is not wrong, and more than a reader is ready to read.
    #[must_use]
    pub const fn is_limit(self) -> bool {
        matches!(
            self,
            Self::Depth { .. } | Self::Ratio { .. } | Self::Size { .. } | Self::Budget { .. }
        )
    }

    /// Whether the data is not wrong, and needs what a reader does not have.
    #[must_use]
    pub const fn is_unsupported(self) -> bool {
        matches!(
            self,
            Self::Window | Self::Dictionary | Self::Memory | Self::NotRead
        )
    }
}

impl LayerError {
    /// The layer error within an error of a reader that [`super::layered`] gave; nothing where the file
    /// itself could not be read.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// Where errors of a layer come from; nothing is wrong yet.
    pub(super) fn new(layer: Layer, depth: usize) -> Self {
        Self {
            layer,
            depth,
            at: 0,
            cause: Cause::Data,
        }
    }

    pub(super) fn with(&self, at: u64, cause: Cause) -> Self {
        Self {
            at,
            cause,
            ..self.clone()
        }
    }
}

impl From<LayerError> for io::Error {
    fn from(error: LayerError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

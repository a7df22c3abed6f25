//! From bytes to text.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::ReplayError;
use crate::trace::{Span, Transform};

/// How bytes become text.
#[derive(Clone, Copy)]
pub(super) struct Decoder {
    encoding: &'static Encoding,
    /// Whether what is UTF-8 is read so, and only the other bytes in the encoding.
    mixed: bool,
}

impl Decoder {
    /// The decoder of bytes whose encoding has this label unless the first transform says otherwise, and the
    /// transforms behind it.
    pub(super) fn first<'v>(
        label: &str,
        via: &'v [Transform],
    ) -> Result<(Self, &'v [Transform]), ReplayError> {
        let (label, mixed, via) = match via {
            [Transform::Decode(label), rest @ ..] => (label.as_str(), false, rest),
            [Transform::DecodeMixed(label), rest @ ..] => (label.as_str(), true, rest),
            all => (label, false, all),
        };
        let encoding = Encoding::for_label_no_replacement(label.as_bytes())
            .filter(|encoding| !mixed || encoding.is_single_byte())
            .ok_or_else(|| ReplayError::Encoding(label.to_owned()))?;
        Ok((Self { encoding, mixed }, via))
    }

    pub(super) fn decode(self, span: Span, bytes: &[u8]) -> Result<Cow<'_, str>, ReplayError> {
        let text = if self.mixed {
            self.mixture(bytes).map(Cow::Owned)
        } else {
            self.encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
        };
        text.ok_or_else(|| ReplayError::Decode {
            span,
            encoding: self.encoding.name().to_owned(),
        })
    }

    /// Every well-formed sequence of UTF-8 is what it encodes, and every other byte what the encoding says.
    fn mixture(self, mut bytes: &[u8]) -> Option<String> {
        let mut out = String::with_capacity(bytes.len());
        loop {
            let valid = match std::str::from_utf8(bytes) {
                Ok(text) => {
                    out.push_str(text);
                    return Some(out);
                }
                Err(error) => error.valid_up_to(),
            };
            let (text, rest) = bytes.split_at_checked(valid)?;
            out.push_str(std::str::from_utf8(text).ok()?);
            let (byte, rest) = rest.split_at_checked(1)?;
            out.push_str(
                &self
                    .encoding
                    .decode_without_bom_handling_and_without_replacement(byte)?,
            );
            bytes = rest;
        }
    }
}

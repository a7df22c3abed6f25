//! What the frames of Zstandard and LZ4 have in common: four bytes to begin with, and skippable frames
//! (RFC 8878, section 3.1.2).

use super::Cause;
use super::decode::Step;

/// The magic number of a skippable frame without its first byte, 0x50 to 0x5F.
const SKIPPABLE: [u8; 3] = [0x2A, 0x4D, 0x18];

/// What begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// It cannot be told yet.
    Unknown,
    /// A frame with data.
    Data,
    /// A skippable frame.
    Skippable,
}

/// What the first bytes of a frame begin, at most four; `any` is whether a frame with data has ended.
pub(super) fn begin(held: &[u8], magic: [u8; 4], any: bool) -> Result<Begin, Cause> {
    let begin = match held {
        _ if magic.starts_with(held) => Begin::Data,
        [first, rest @ ..] if first & 0xF0 == 0x50 && SKIPPABLE.starts_with(rest) => {
            Begin::Skippable
        }
        _ if any => return Err(Cause::Trailing),
        _ => return Err(Cause::Magic),
    };
    Ok(if held.len() < magic.len() {
        Begin::Unknown
    } else {
        begin
    })
}

/// Passes over bytes of a skippable frame that has `left`; how many are left then.
pub(super) fn skip(left: usize, input: &[u8]) -> (Step, usize) {
    let taken = left.min(input.len());
    (Step::took(taken), left - taken)
}

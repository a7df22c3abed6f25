//! Bytes of a text, looked at many at a time: each with the two behind it, which show what a first
//! byte of UTF-8 begins.
//!
//! What is asked of a byte is asked of all of a block at once: without a branch in it, it compiles to
//! vector instructions. So conditions join truth values by `|` and `&`.

#![allow(
    clippy::needless_bitwise_bool,
    reason = "conditions of many bytes at once are without branches"
)]

/// How many bytes are looked at together.
pub(crate) const BLOCK: usize = 32;

/// So many bytes, and the two behind them.
pub(crate) type Block = [u8; BLOCK + 2];

/// What stands for the bytes behind the last: nothing begins with it.
const END: u8 = b'a';

/// A text in blocks, one behind the other.
pub(crate) struct Blocks<'t> {
    rest: &'t [u8],
    last: Block,
}

impl<'t> Blocks<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self {
            rest: text,
            last: [END; _],
        }
    }

    /// The next block; the last is filled up with bytes that begin nothing.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<&Block> {
        let here = self.rest;
        self.rest = here.get(BLOCK..).unwrap_or_default();
        if let Some(block) = here.first_chunk() {
            return Some(block);
        }
        let (begin, behind) = self.last.split_at_mut_checked(here.len())?;
        begin.copy_from_slice(here);
        // Of 33 bytes two blocks are made, and the second is not to show what stood in the first.
        behind.fill(END);
        (!here.is_empty()).then_some(&self.last)
    }
}

/// Whether a condition holds for any byte of a block and the two behind it.
#[inline]
pub(crate) fn any(block: &Block, condition: impl Fn(u8, u8, u8) -> bool) -> bool {
    let ([one @ .., _, _], [_, two @ .., _], [_, _, three @ ..]) = (block, block, block);
    let bytes = one.iter().zip(two).zip(three);
    bytes.fold(false, |hit, ((&one, &two), &three)| {
        hit | condition(one, two, three)
    })
}

/// The first byte of a block for which a condition holds.
#[inline]
pub(crate) fn first(block: &Block, condition: impl Fn(u8, u8, u8) -> bool) -> Option<usize> {
    let ([one @ .., _, _], [_, two @ .., _], [_, _, three @ ..]) = (block, block, block);
    let mut hits = [0; BLOCK];
    for (hit, ((&one, &two), &three)) in hits.iter_mut().zip(one.iter().zip(two).zip(three)) {
        *hit = u8::from(condition(one, two, three));
    }
    let (words, _) = hits.as_chunks();
    let (index, word) = words
        .iter()
        .enumerate()
        .find(|(_, word)| **word != [0; 8])?;
    let bits = u64::from_le_bytes(*word).trailing_zeros();
    Some(index * 8 + usize::try_from(bits / 8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Blocks, any, first};

    #[test]
    fn every_byte_is_seen_with_those_behind_it() {
        for length in 0..4 * BLOCK {
            for at in 0..length {
                let mut text = vec![b'x'; length];
                for (byte, place) in b"123".iter().zip(text.iter_mut().skip(at)) {
                    *place = *byte;
                }
                let ahead = |by| text.get(at + by).copied().unwrap_or(b'a');
                let wanted = (ahead(0), ahead(1), ahead(2));
                let mut blocks = Blocks::new(&text);
                let mut start = 0;
                let mut found = None;
                while let Some(block) = blocks.next() {
                    let here = first(block, |one, two, three| (one, two, three) == wanted);
                    assert_eq!(
                        here.is_some(),
                        any(block, |one, two, three| (one, two, three) == wanted)
                    );
                    found = found.or(here.map(|here| start + here));
                    start += BLOCK;
                }
                assert_eq!(found, Some(at), "of {length}");
                assert_eq!(start, length.div_ceil(BLOCK) * BLOCK);
            }
        }
    }
}

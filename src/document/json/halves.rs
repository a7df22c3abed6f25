//! Halves of surrogate pairs in a string.

use std::ops::Range;

use crate::json;

/// What lies between the escapes in the inside of a JSON string that are half a surrogate pair without the
/// other, in order.
pub(super) fn between(inside: &str) -> Vec<Range<usize>> {
    let (mut found, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(next) = inside
        .get(at..)
        .and_then(|rest| memchr::memchr(b'\\', rest.as_bytes()))
    {
        at += next;
        at += match (unit(inside, at), unit(inside, at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                found.push(start..at);
                start = at + 6;
                6
            }
            // The second character of no escape begins another.
            _ => 2,
        };
    }
    found.push(start..inside.len());
    found.retain(|piece| !piece.is_empty());
    found
}

/// The code unit of the escape `\uXXXX` at `at`.
fn unit(inside: &str, at: usize) -> Option<u16> {
    inside.as_bytes().get(at..).and_then(json::unit)
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn a_half_has_no_other_beside_it() {
        for (inside, pieces) in [
            ("", &[][..]),
            ("plain", &["plain"]),
            (r"a\nb", &[r"a\nb"]),
            (r"\ud83d\ude00", &[r"\ud83d\ude00"]),
            (r"\ude00a\ud83d", &["a"]),
            (r"\ud83d\ud83d\ude00", &[r"\ud83d\ude00"]),
            (r"\\ud83d", &[r"\\ud83d"]),
            (r"é\ud83dé\u0041", &["é", r"é\u0041"]),
        ] {
            let found: Vec<_> = between(inside)
                .into_iter()
                .map(|piece| inside.get(piece))
                .collect();
            let pieces: Vec<_> = pieces.iter().copied().map(Some).collect();
            assert_eq!(found, pieces, "{inside}");
        }
    }
}

//! The same text under two ids that no relation connects.
//!
//! The index of a corpus gives the lines whose texts share a key of six bytes. Those that a relation
//! of any kind connects with another of them are known to be copies. The others are read again, so
//! that two texts that merely share the key are never taken for one.

use std::collections::{BTreeMap, HashSet};

use super::ids::{Key, LineId};
use super::late::LateFinding;
use crate::check::corpus::claims::Claims;
use crate::check::line::value::pointer;
use crate::corpus::{Chunks, Source};
use crate::diagnostic::{codes, escape};
use crate::json::Tape;

/// A record whose text is perhaps that of another, by their lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// The later of the two lines.
    later: LineId,
    earlier: LineId,
    /// Whether the earlier is the one to be told of.
    tell_earlier: bool,
}

/// Of a group of records whose texts share a key, in the order of their lines, those that no relation
/// connects with another of the group: each with the first of the others.
pub(crate) fn unconnected(group: &[(LineId, Key)], claims: &Claims) -> Vec<Pair> {
    // An id that occurs twice is told as such.
    let mut ids = HashSet::new();
    let group: Vec<(LineId, Key)> = group
        .iter()
        .copied()
        .filter(|(_, key)| ids.insert(*key))
        .collect();
    let mut relations: Vec<(LineId, usize)> = group
        .iter()
        .enumerate()
        .flat_map(|(at, (_, key))| {
            let exist = claims.of(*key).filter(|claim| claim.exists());
            exist.map(move |claim| (claim.line, at))
        })
        .collect();
    relations.sort_unstable();
    relations.dedup();
    let mut connected = vec![false; group.len()];
    for ends in relations.chunk_by(|(one, _), (two, _)| one == two) {
        if ends.len() > 1 {
            for (_, at) in ends {
                if let Some(place) = connected.get_mut(*at) {
                    *place = true;
                }
            }
        }
    }
    let any = connected.contains(&true);
    let line = |at: usize| group.get(at).map(|(line, _)| *line);
    let alone = connected.iter().enumerate().filter(|(_, is)| !**is);
    alone
        .filter_map(|(at, _)| match at {
            // Where all stand alone the others are told of as copies of the first.
            0 if !any => None,
            0 => Some(Pair {
                later: line(1)?,
                earlier: line(0)?,
                tell_earlier: true,
            }),
            _ => Some(Pair {
                later: line(at)?,
                earlier: line(0)?,
                tell_earlier: false,
            }),
        })
        .collect()
}

/// What is kept of the earlier of two lines until the later is read.
struct Earlier {
    digest: String,
    id: String,
}

/// Reads the lines of the pairs again, and tells `say` of those whose texts are equal.
///
/// A line that cannot be read now, or has another text now, is told nothing of.
pub(crate) fn tell(
    mut pairs: Vec<Pair>,
    files: &[Source],
    mut say: impl FnMut(LineId, LateFinding),
) {
    pairs.sort_unstable();
    let mut earlier: BTreeMap<LineId, Option<Earlier>> =
        pairs.iter().map(|pair| (pair.earlier, None)).collect();
    let mut pairs = pairs.into_iter().peekable();
    for (number, source) in (0_u32..).zip(files) {
        let of_file = LineId::new(number, 0)..=LineId::new(number, u64::MAX);
        let wanted = earlier.range(of_file.clone()).next().is_some()
            || pairs
                .peek()
                .is_some_and(|pair| of_file.contains(&pair.later));
        if !wanted {
            continue;
        }
        for chunk in Chunks::new([source.clone()]).flatten() {
            for line in chunk.lines() {
                let here = LineId::new(number, line.number);
                let is_earlier = earlier.contains_key(&here);
                let is_later = pairs.peek().is_some_and(|pair| pair.later == here);
                if !is_earlier && !is_later {
                    continue;
                }
                let read = read(line.bytes);
                while let Some(pair) = pairs.next_if(|pair| pair.later <= here) {
                    let first = earlier.get(&pair.earlier).and_then(Option::as_ref);
                    if let (Some(first), Some(second)) = (first, &read)
                        && pair.later == here
                        && first.digest == second.digest
                    {
                        let (line, late) = late(pair, first, second, files);
                        say(line, late);
                    }
                }
                if let Some(place) = earlier.get_mut(&here) {
                    *place = read;
                }
            }
        }
    }
}

fn late(pair: Pair, first: &Earlier, second: &Earlier, files: &[Source]) -> (LineId, LateFinding) {
    let (at, other, id) = if pair.tell_earlier {
        (pair.earlier, pair.later, &second.id)
    } else {
        (pair.later, pair.earlier, &first.id)
    };
    let said = format!(
        "is also the `text_digest` of `{}` in line {} of {}: both articles have the same text, and no relation connects \
         them",
        escape::shown(id),
        other.line,
        escape::escape(other.file_name(files))
    );
    let late = LateFinding {
        code: codes::TEXT_DUPLICATE,
        pointer: pointer("/text_digest"),
        said,
        within: None,
    };
    (at, late)
}

fn read(line: &[u8]) -> Option<Earlier> {
    let tape = Tape::parse(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
    let text = |key| Some(tape.root().get(key)?.as_str()?.into_owned());
    Some(Earlier {
        digest: text("text_digest")?,
        id: text("id")?,
    })
}

#[cfg(test)]
mod tests {
    use super::unconnected;
    use crate::check::corpus::claims::{Claims, claims};
    use crate::check::corpus::ids::{Key, LineId};
    use crate::json::Tape;

    /// `line < line` of each pair of a group of records `a`, `b`, …, in lines 1, 2, …; the one told of
    /// stands first.
    fn pairs(group: &[&str], relations: &[(&str, &str)]) -> Vec<(u32, u32)> {
        let mut all = Vec::new();
        for (line, (from, to)) in (1..).zip(relations) {
            let text =
                format!(r#"{{"relation":"is_variant_form_of","from":"{from}","to":"{to}"}}"#);
            let tape = Tape::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
            all.extend(claims(tape.root(), LineId::new(0, line)));
        }
        let group: Vec<_> = (1..)
            .zip(group)
            .map(|(line, id)| (LineId::new(1, line), Key::of(id)))
            .collect();
        unconnected(&group, &Claims::new(all))
            .into_iter()
            .map(|pair| {
                let (earlier, later) = (pair.earlier.line, pair.later.line);
                if pair.tell_earlier {
                    (earlier, later)
                } else {
                    (later, earlier)
                }
            })
            .collect()
    }

    #[test]
    fn what_no_relation_connects_is_told() {
        assert_eq!(pairs(&["a", "b"], &[]), [(2, 1)]);
        assert_eq!(pairs(&["a", "b", "c"], &[]), [(2, 1), (3, 1)]);
        assert_eq!(pairs(&["a", "b"], &[("a", "b")]), []);
        assert_eq!(pairs(&["a", "b"], &[("b", "a")]), []);
        assert_eq!(pairs(&["a", "b", "c"], &[("a", "b"), ("b", "c")]), []);
        assert_eq!(pairs(&["a", "b", "c"], &[("a", "b")]), [(3, 1)]);
        assert_eq!(pairs(&["a", "b", "c"], &[("b", "c")]), [(1, 2)]);
        assert_eq!(pairs(&["a", "a"], &[]), []);
        assert_eq!(pairs(&["a", "a", "b"], &[]), [(3, 1)]);
        // Relations to others connect nothing.
        assert_eq!(pairs(&["a", "b"], &[("a", "x"), ("b", "x")]), [(2, 1)]);
    }
}

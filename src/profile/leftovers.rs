//! Finding boilerplate that a profile does not know yet.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Mismatch, Profile, interpret};
use crate::record::{WHITE_SPACE, text_v1};

/// What in several texts of one layout may be boilerplate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// The lines that only a catch-all took, a step whose pattern takes any line: the number of the
    /// text, and the bytes in it.
    pub caught: Vec<(usize, Range<usize>)>,
    /// The lines that are part of a value in two texts or more, most frequent first.
    pub repeated: Vec<Repeated>,
    /// The texts that are not of the layout.
    pub unread: Vec<(usize, Mismatch)>,
}

/// A line that stands in several texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The line in the form `text-v1`.
    pub line: String,
    /// In how many texts it stands.
    pub texts: usize,
}

/// Reads each of `texts` by `profile` and gives what is likely not part of the articles.
///
/// Only lines that became part of a value are looked at: what was dropped is known already.
#[must_use]
pub fn leftovers<'t>(profile: &Profile, texts: impl IntoIterator<Item = &'t str>) -> Leftovers {
    let mut leftovers = Leftovers::default();
    // How many texts have the line, and the last of them.
    let mut lines: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (number, text) in texts.into_iter().enumerate() {
        let state = match interpret::read(&profile.grammar, text) {
            Ok(state) => state,
            Err(mismatch) => {
                leftovers.unread.push((number, mismatch));
                continue;
            }
        };
        for found in &state.found {
            if found.caught {
                leftovers.caught.push((number, found.range.clone()));
            }
            let value = text.get(found.range.clone()).unwrap_or_default();
            for line in value
                .lines()
                .filter(|line| !line.trim_matches(WHITE_SPACE).is_empty())
            {
                let (texts, last) = lines.entry(text_v1(line)).or_insert((0, usize::MAX));
                if *last != number {
                    (*texts, *last) = (*texts + 1, number);
                }
            }
        }
    }
    let repeated = lines.into_iter().filter(|(_, (texts, _))| *texts > 1);
    leftovers.repeated = repeated
        .map(|(line, (texts, _))| Repeated { line, texts })
        .collect();
    // Stable: equally frequent lines stay in their own order.
    leftovers
        .repeated
        .sort_by_key(|repeated| std::cmp::Reverse(repeated.texts));
    leftovers
}

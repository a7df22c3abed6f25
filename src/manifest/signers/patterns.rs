//! Lists of patterns, as principals and namespaces are written.

use std::fmt;

/// A comma-separated list of patterns (`ssh_config(5)`, PATTERNS).
///
/// `*` stands for any characters, `?` for one byte; a pattern behind `!` takes away what others
/// give. Letter case counts.
///
/// ```
/// use dateline::manifest::signers::PatternList;
///
/// let list = PatternList::new("*@example.org,!guest@example.org");
/// assert!(list.matches("press@example.org"));
/// assert!(!list.matches("guest@example.org"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternList(String);

impl PatternList {
    /// Takes a text for a list. Every text is one.
    #[must_use]
    pub fn new(list: impl Into<String>) -> Self {
        Self(list.into())
    }

    /// The list as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a pattern matches `text` and no pattern behind `!` does.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let mut matched = false;
        for pattern in self.0.split(',') {
            match pattern.strip_prefix('!') {
                Some(taken) if matches(taken.as_bytes(), text.as_bytes()) => return false,
                Some(_) => {}
                None => matched = matched || matches(pattern.as_bytes(), text.as_bytes()),
            }
        }
        matched
    }
}

impl fmt::Display for PatternList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Matches without backtracking further than the last `*`: pattern length times text length.
fn matches(mut pattern: &[u8], mut text: &[u8]) -> bool {
    // What to go on with where the last `*` takes one byte more.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        if let Some((b'*', rest)) = pattern.split_first() {
            retry = Some((rest, text));
            pattern = rest;
            continue;
        }
        match (pattern.split_first(), text.split_first()) {
            (None, None) => return true,
            (Some((wanted, pattern_rest)), Some((found, text_rest)))
                if *wanted == b'?' || wanted == found =>
            {
                (pattern, text) = (pattern_rest, text_rest);
            }
            _ => match retry.and_then(|(rest, from)| Some((rest, from.split_first()?.1))) {
                Some((rest, from)) => {
                    retry = Some((rest, from));
                    (pattern, text) = (rest, from);
                }
                None => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PatternList, matches};

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "abc", true),
            ("?", "", false),
            ("?", "a", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("a*b*c", "a-b-b-c", true),
            ("*.example.org", "a.example.org", true),
            ("*.example.org", "example.org", false),
            ("**?", "x", true),
            ("A", "a", false),
            ("a?c*", "abc", true),
        ] {
            let found = matches(pattern.as_bytes(), text.as_bytes());
            assert_eq!(found, expected, "{pattern} {text}");
        }
    }

    #[test]
    fn stars_take_no_exponential_time() {
        let pattern = "*a".repeat(500) + "b";
        assert!(!matches(pattern.as_bytes(), "a".repeat(2_000).as_bytes()));
    }

    #[test]
    fn a_negation_alone_matches_nothing() {
        assert!(!PatternList::new("!guest").matches("press"));
        assert!(PatternList::new("*,!guest").matches("press"));
        assert!(!PatternList::new("guest,!g*").matches("guest"));
        assert!(!PatternList::new("!g*,guest").matches("guest"));
    }
}

//! Lists of patterns, as principals and namespaces are written.

use std::fmt;

/// From how many bytes on OpenSSH takes a pattern for too long, and its list for one that matches nothing.
const LONGEST: usize = 1023;
/// What `*` is replaced by to spell out a text that a pattern matches; `?` by the first letter of it.
const FILLERS: [&str; 8] = ["x", "", "someone", "0", "a.b", "k@example.org", "Q", "7-_z"];
/// How many patterns of a list are spelled out at most.
const EXAMPLES: usize = 64;

/// A comma-separated list of patterns (`ssh_config(5)`, PATTERNS).
///
/// `*` stands for any characters, `?` for one byte; a pattern behind `!` takes away what others
/// give. Letter case counts. A list with a pattern of 1,023 bytes or more matches nothing, as for OpenSSH.
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

    /// A text that the list matches, if one is found among those that its patterns spell out.
    ///
    /// ```
    /// use dateline::manifest::signers::PatternList;
    ///
    /// assert_eq!(PatternList::new("press@example.org").example().as_deref(), Some("press@example.org"));
    /// assert!(PatternList::new("*@example.org,!guest@example.org").example().is_some());
    /// // What is only taken away leaves nobody, and so does what is wholly taken away.
    /// assert_eq!(PatternList::new("!guest@example.org").example(), None);
    /// assert_eq!(PatternList::new("*,!*").example(), None);
    /// ```
    #[must_use]
    pub fn example(&self) -> Option<String> {
        let positive = self
            .0
            .split(',')
            .filter(|pattern| !pattern.starts_with('!'));
        positive.take(EXAMPLES).find_map(|pattern| {
            let spelled = FILLERS.iter().map(|filler| {
                let one = filler.get(..1).unwrap_or("x");
                pattern.replace('*', filler).replace('?', one)
            });
            let mut fitting = spelled.filter(|text| !text.is_empty() && self.matches(text));
            fitting.next()
        })
    }

    /// Whether a pattern matches `text` and no pattern behind `!` does.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let mut matched = false;
        for pattern in self.0.split(',') {
            let bare = pattern.strip_prefix('!').unwrap_or(pattern);
            if bare.len() >= LONGEST {
                return false;
            }
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

    #[test]
    fn an_example_is_matched() {
        for (list, expected) in [
            ("press", true),
            ("?", true),
            ("*", true),
            ("", false),
            (",", false),
            ("!press", false),
            ("press,!press", false),
            ("press,!p*", false),
            ("press,editor,!p*", true),
            ("*,!x,!someone", true),
            ("*,!*", false),
            ("*,!?*", false),
            ("*@example.org,!*@*.org", false),
            ("a?c,!axc", true),
        ] {
            let list = PatternList::new(list);
            let example = list.example();
            assert_eq!(example.is_some(), expected, "{list}: {example:?}");
            assert!(example.is_none_or(|text| list.matches(&text)), "{list}");
        }
        let long = "a".repeat(1023);
        assert!(PatternList::new(&long[1..]).matches(&long[1..]));
        assert!(!PatternList::new(long.as_str()).matches(&long));
        assert!(!PatternList::new(format!("press,{long}")).matches("press"));
        assert!(!PatternList::new(format!("press,!{long}")).matches("press"));
    }
}

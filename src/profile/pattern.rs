//! Patterns: regular expressions that match in linear time.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::LazyLock;

use regex::{CaptureLocations, Regex, RegexBuilder};

use super::error::hinted;

/// How many bytes a compiled pattern may take.
const SIZE: usize = 1 << 20;

/// A pattern that is matched at a position (`spec/profiles.md`, `profile-pattern`).
#[derive(Clone)]
pub(super) struct Pattern {
    source: String,
    regex: Regex,
}

/// A pattern that is searched for in all of a text.
#[derive(Clone)]
pub(super) struct Search {
    source: String,
    regex: Regex,
}

/// Where a match and its groups lie in what the pattern saw.
pub(super) enum Groups {
    /// There are no groups.
    Whole(Range<usize>),
    /// There are.
    Each(CaptureLocations),
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PatternError {
    #[error("{}", hinted(
        format_args!("`{}` is no pattern: {cause}", .pattern.escape_debug()),
        match .at { Some(at) => format!("look at its character {at}"), None => "see https://docs.rs/regex/latest/regex/#syntax".to_owned() }
    ))]
    Syntax {
        pattern: String,
        cause: String,
        /// The character at which it shows, counted from 1.
        at: Option<usize>,
    },
    #[error("{}", hinted(
        format_args!("`{}` makes a pattern that is too large", .0.escape_debug()),
        "repeat less often, or shorter things"
    ))]
    Large(String),
}

impl Pattern {
    const REST: &str = ".+";

    /// The pattern where none is given: the rest of the line.
    pub(super) fn rest() -> Self {
        static REST: LazyLock<Pattern> = LazyLock::new(|| {
            #[allow(
                clippy::expect_used,
                reason = "this pattern compiles, every test uses it"
            )]
            Pattern::REST
                .parse()
                .expect("the pattern for any line compiles")
        });
        REST.clone()
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether it takes any line.
    pub(super) fn is_catch_all(&self) -> bool {
        self.source == Self::REST
    }

    /// The names of its groups with their numbers.
    pub(super) fn groups(&self) -> impl Iterator<Item = (usize, &str)> {
        let names = self.regex.capture_names().enumerate();
        names.filter_map(|(number, name)| Some((number, name?)))
    }

    /// The match at the beginning of `window`: the ranges of the whole and of its groups.
    pub(super) fn at(&self, window: &str) -> Option<Groups> {
        // Most patterns have no group, and finding none is much cheaper.
        if self.regex.captures_len() == 1 {
            return self
                .regex
                .find(window)
                .map(|whole| Groups::Whole(whole.range()));
        }
        let mut locations = self.regex.capture_locations();
        self.regex.captures_read(&mut locations, window)?;
        Some(Groups::Each(locations))
    }

    /// Whether it matches at the beginning of `window`.
    pub(super) fn is_at(&self, window: &str) -> bool {
        self.regex.is_match(window)
    }
}

impl Groups {
    /// The range of a group, 0 being the whole match; none where it took no part.
    pub(super) fn range(&self, group: usize) -> Option<Range<usize>> {
        match self {
            Self::Whole(whole) => (group == 0).then(|| whole.clone()),
            Self::Each(locations) => locations.get(group).map(|(start, end)| start..end),
        }
    }
}

impl Search {
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Where its matches begin.
    pub(super) fn starts<'s>(&'s self, text: &'s str) -> impl Iterator<Item = usize> + 's {
        self.regex.find_iter(text).map(|found| found.start())
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(source: &str) -> Result<Self, PatternError> {
        // Compiled alone first: what the frame closes may have been open.
        compile(source, source)?;
        Ok(Self {
            regex: compile(&format!(r"\A(?:{source})"), source)?,
            source: source.to_owned(),
        })
    }
}

impl FromStr for Search {
    type Err = PatternError;

    fn from_str(source: &str) -> Result<Self, PatternError> {
        Ok(Self {
            regex: compile(source, source)?,
            source: source.to_owned(),
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.source)
    }
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Search({:?})", self.source)
    }
}

/// `^` and `$` are the ends of lines, `.` is no line end; CR, LF and CRLF end lines.
fn compile(framed: &str, source: &str) -> Result<Regex, PatternError> {
    RegexBuilder::new(framed)
        .multi_line(true)
        .crlf(true)
        .size_limit(SIZE)
        .nest_limit(64)
        .build()
        .map_err(|error| {
            if matches!(error, regex::Error::CompiledTooBig(_)) {
                return PatternError::Large(source.to_owned());
            }
            let art = error.to_string();
            let mut lines = art.lines().rev();
            let cause = lines.find_map(|line| line.strip_prefix("error: "));
            PatternError::Syntax {
                pattern: source.to_owned(),
                cause: cause.unwrap_or("it does not follow the syntax").to_owned(),
                at: caret(&art, source),
            }
        })
}

/// The character that the caret in regex's message points at, where it shows the pattern on one line.
fn caret(art: &str, source: &str) -> Option<usize> {
    let mut lines = art.lines();
    let shown = lines.find(|line| line.trim_start() == source)?;
    let indent = shown.len() - source.len();
    let caret = lines.next()?.find('^')?;
    caret.checked_sub(indent).map(|at| at + 1)
}

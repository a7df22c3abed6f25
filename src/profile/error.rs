//! What is wrong with a profile, and where.

use std::fmt;

use crate::json::canonical::CanonicalError;
use crate::record::words::plainly;

/// A mistake in a profile.
///
/// ```
/// use dateline::profile::Profile;
///
/// let mistake = Profile::parse("format: dateline-profile/1\nidd: x\n").unwrap_err();
/// assert_eq!((mistake.line, mistake.column), (Some(2), Some(1)));
/// assert_eq!(mistake.message, "`idd` is no key here");
/// assert_eq!(mistake.hint.as_deref(), Some("did you mean `id`?"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(*line, *column, path.as_deref()))]
#[non_exhaustive]
pub struct ProfileError {
    /// The line, counted from 1; absent where the mistake has no one place.
    pub line: Option<u64>,
    /// The character in that line, counted from 1.
    pub column: Option<u64>,
    /// The value, as a path from the top: `grammar[3].match`.
    pub path: Option<String>,
    /// What is wrong, naming the offending value.
    pub message: String,
    /// How it may be put right.
    pub hint: Option<String>,
}

/// Stands between a message and its hint where both must pass through serde as one text.
const HINT: char = '\u{1f}';

/// A message for serde, with a hint.
pub(super) fn hinted(message: impl fmt::Display, hint: impl fmt::Display) -> String {
    format!("{message}{HINT}{hint}")
}

impl ProfileError {
    /// A mistake without one place.
    pub(super) fn whole(error: &CanonicalError) -> Self {
        Self::without_place(error.to_string())
    }

    /// A mistake without one place, in words.
    pub(super) const fn without_place(message: String) -> Self {
        Self {
            line: None,
            column: None,
            path: None,
            message,
            hint: None,
        }
    }
}

impl From<serde_yaml::Error> for ProfileError {
    fn from(error: serde_yaml::Error) -> Self {
        let location = error.location();
        let mut message = error.to_string();
        if let Some(at) = &location {
            // The place is told beside the message, not in it.
            let place = format!(" at line {} column {}", at.line(), at.column());
            message = message.replacen(&place, "", 1);
            message = message.replacen(" at line ", " that begins at line ", 1);
        }
        let path = match message.split_once(": ") {
            Some((path, rest)) if is_path(path) => {
                let (path, rest) = (path.to_owned(), rest.to_owned());
                message = rest;
                Some(path)
            }
            _ => None,
        };
        let mut hint = None;
        if let Some((text, advice)) = message.split_once(HINT) {
            hint = Some(advice.to_owned());
            message = text.to_owned();
        } else if let Some((key, known)) = unknown("field", &message) {
            hint = Some(nearest(&key, &known));
            message = format!("`{key}` is no key here");
        } else if let Some((word, known)) = unknown("variant", &message) {
            hint = Some(nearest(&word, &known));
            message = format!("`{word}` is no value here");
        } else if let Some(key) = message.strip_prefix("missing field ") {
            message = format!("the key {key} is missing");
        } else if message.starts_with("repetition limit exceeded") {
            message = String::from("its aliases repeat more than they are worth");
            hint = Some("write the steps out".to_owned());
        } else {
            message = plainly(&message, "a mapping");
        }
        Self {
            line: location.as_ref().map(|at| count(at.line())),
            column: location.as_ref().map(|at| count(at.column())),
            path,
            message,
            hint,
        }
    }
}

fn place(line: Option<u64>, column: Option<u64>, path: Option<&str>) -> String {
    let mut place = match (line, column) {
        (Some(line), Some(column)) => format!("{line}:{column}: "),
        _ => String::new(),
    };
    if let Some(path) = path {
        place.push_str(path);
        place.push_str(": ");
    }
    place
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Whether `text` is the path that the YAML reader puts before a message.
fn is_path(text: &str) -> bool {
    let part =
        |c: char| c.is_alphanumeric() || matches!(c, '.' | '[' | ']' | '_' | '-' | '/' | '?');
    !text.is_empty() && text.chars().all(part)
}

/// The word and the known words of serde's message on an unknown field or variant.
fn unknown(what: &str, message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix(&format!("unknown {what} `"))?;
    let (key, expected) = rest.split_once("`, expected ")?;
    let known = expected.split('`').skip(1).step_by(2);
    Some((key.to_owned(), known.map(str::to_owned).collect()))
}

/// Advice to one who wrote `word` where one of `known` belongs.
pub(super) fn nearest<S: AsRef<str>>(word: &str, known: &[S]) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let best = known
        .iter()
        .map(|candidate| (strsim::levenshtein(word, candidate), candidate))
        .min();
    match best {
        Some((distance, candidate)) if distance * 2 <= candidate.chars().count() => {
            format!("did you mean `{candidate}`?")
        }
        _ => format!("known are `{}`", known.join("`, `")),
    }
}

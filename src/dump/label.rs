//! What heads the paths of an input.

use std::fmt;
use std::str::FromStr;

use super::Input;

/// A relative path that is put before those of an input, so that `a.txt` of two inputs is two files of the
/// ledger: `day1/a.txt` and `day2/a.txt`.
///
/// ```
/// use dateline::dump::Label;
///
/// assert!("2026/day1".parse::<Label>().is_ok());
/// assert!("../day1".parse::<Label>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(String);

/// A text that is no label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` cannot be put before paths: use names with `/` between them, none of them empty, `.` or `..`, \
     without control characters or `\\`",
    .0.escape_debug()
)]
pub struct LabelError(pub String);

impl Label {
    /// Heads the paths of `inputs` with it; their order stays.
    pub fn head(&self, inputs: &mut [Input]) {
        for input in inputs {
            input.path = format!("{self}/{}", input.path);
        }
    }
}

impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let bare = text.strip_suffix('/').unwrap_or(text);
        let good = |name: &str| {
            !matches!(name, "" | "." | "..")
                && !name.contains(|c: char| c.is_control() || c == '\\')
        };
        if bare.split('/').all(good) {
            Ok(Self(bare.to_owned()))
        } else {
            Err(LabelError(text.to_owned()))
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

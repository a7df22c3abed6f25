//! Who may sign: the `allowed_signers` file of OpenSSH.
//!
//! ```text
//! # principals  options                                              key
//! press@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…
//! *@example.org,!guest@example.org namespaces="dateline-*",valid-before="20300101Z" ssh-ed25519 AAAAC3Nz…
//! ```
//!
//! Never more lenient than `ssh-keygen -Y verify`: for whatever is allowed here there is a principal with
//! which that command accepts the signature, on every machine. It differs in refusing more:
//!
//! - Every line must be well formed; `ssh-keygen` skips those that are not.
//! - Times without `Z` or `UTC` are local for `ssh-keygen`, and which zone that is no file says. Here they
//!   hold where they hold in every zone: 25 hours later (`valid-after`) or earlier (`valid-before`) than in
//!   UTC. Write the `Z`.
//! - Times must be in the calendar; `ssh-keygen` takes 31 April for 1 May.
//! - Base64 must be padded and free of white space.
//! - A carriage return may only end a line, and NUL and a byte order mark are refused.
//! - Of principals with negations one must be found that they leave.
//!
//! Source: ssh-keygen(1), ALLOWED SIGNERS; a test runs both over generated files.

mod line;
mod patterns;

use std::fmt;

use jiff::Timestamp;

pub use self::patterns::PatternList;

use self::line::SignerLine;
use super::key::{PublicKey, PublicKeyError};

/// The keys that may sign, with the purposes and times for which they may.
///
/// ```
/// use dateline::manifest::signers::{AllowedSigners, Verdict};
///
/// let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
/// let file = format!("press@example.org valid-before=\"20300101Z\" {key}\n");
/// let signers = AllowedSigners::parse(file.as_bytes())?;
/// let key = key.parse()?;
/// assert!(signers.find(&key, "dateline-manifest", 1_700_000_000).is_allowed());
/// assert!(matches!(
///     signers.find(&key, "dateline-manifest", 1_900_000_000),
///     Verdict::Expired { line: 1, .. }
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedSigners {
    lines: Vec<SignerLine>,
}

/// Why a file does not say who may sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct SignersError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub kind: SignersErrorKind,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignersErrorKind {
    /// The line is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// There is a NUL in it, with which it ends for OpenSSH.
    #[error("the line holds U+0000")]
    Nul,
    /// There is a carriage return within it.
    #[error("the line holds a carriage return that is not part of its line end")]
    CarriageReturn,
    /// The file begins with a byte order mark, which would be part of a name.
    #[error("the file begins with a byte order mark (U+FEFF)")]
    ByteOrderMark,
    /// The principals open a quote that nothing closes.
    #[error("the quote in the principals is not closed")]
    PrincipalsQuote,
    /// The line begins with the key.
    #[error("this is a public key, and a name belongs before it")]
    NoName,
    /// Nothing follows the principals.
    #[error("no key after the principals `{0}`")]
    NoKey(String),
    /// The options open a quote that nothing closes.
    #[error("the quote in the options is not closed")]
    OptionsQuote,
    /// What stands between principals and key is no option of this format.
    #[error("unknown option `{0}`")]
    UnknownOption(String),
    /// An option is followed by something other than a comma or a blank.
    #[error("`{0}` follows an option where a comma or a blank should")]
    Separator(String),
    /// The options end with a comma.
    #[error("no option follows the last comma")]
    EmptyOption,
    /// An option with a value has none in quotes.
    #[error("the value of the option `{0}` is not in double quotes")]
    Unquoted(&'static str),
    /// An option is given twice.
    #[error("the option `{0}` is given twice")]
    Repeated(&'static str),
    /// A time is not one.
    #[error(
        "`{value}` of the option `{option}` is not a time of the calendar after 1970-01-01 written YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, then `Z`"
    )]
    Time {
        /// The option.
        option: &'static str,
        /// The value as written.
        value: String,
    },
    /// The key is valid at no time that is certain.
    #[error(
        "`valid-before` is not later than `valid-after`; a time without `Z` is uncertain by 25 hours"
    )]
    NeverValid,
    /// The key cannot be read.
    #[error(transparent)]
    Key(PublicKeyError),
}

/// What the file says about a key, a namespace and an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The key may sign.
    Allowed {
        /// The principals of every line that allows it, in the order of the file.
        principals: Vec<PatternList>,
    },
    /// The key may sign, but not any more.
    Expired {
        /// The line, from 1.
        line: usize,
        /// The last second at which it may sign, in seconds since 1970.
        valid_before: i64,
        /// Whether that time is UTC; else it is of a zone that is not known.
        utc: bool,
    },
    /// The key may sign, but not yet.
    NotYetValid {
        /// The line, from 1.
        line: usize,
        /// The first second at which it may sign, in seconds since 1970.
        valid_after: i64,
        /// Whether that time is UTC; else it is of a zone that is not known.
        utc: bool,
    },
    /// The key may sign, but for other purposes.
    WrongNamespace {
        /// The line, from 1.
        line: usize,
        /// The namespaces in which it may sign.
        namespaces: PatternList,
    },
    /// The key may certify other keys, which dateline does not support, but not sign itself.
    AuthorityOnly {
        /// The line, from 1.
        line: usize,
    },
    /// The line of the key names nobody: its negations take away all that its patterns give, as far as
    /// that can be told.
    Nobody {
        /// The line, from 1.
        line: usize,
        /// Its principals.
        principals: PatternList,
    },
    /// The file does not name the key.
    Unknown,
}

impl Verdict {
    /// Whether the key may sign.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// Whether it is only the time at which the key may not sign.
    #[must_use]
    pub const fn is_by_time(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::NotYetValid { .. })
    }

    /// How near a refusal is to a permission: the nearest is reported.
    const fn nearness(&self) -> u8 {
        match self {
            Self::Allowed { .. } => 6,
            Self::Expired { .. } => 5,
            Self::NotYetValid { .. } => 4,
            Self::WrongNamespace { .. } => 3,
            Self::Nobody { .. } => 2,
            Self::AuthorityOnly { .. } => 1,
            Self::Unknown => 0,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed { principals } => {
                f.write_str("the key is allowed for ")?;
                for (position, principal) in principals.iter().enumerate() {
                    let comma = if position == 0 { "" } else { ", " };
                    write!(f, "{comma}{principal}")?;
                }
                Ok(())
            }
            Self::Expired {
                line,
                valid_before,
                utc,
            } => write!(
                f,
                "the key was allowed until {} (line {line} of the signers)",
                Instant(*valid_before, *utc)
            ),
            Self::NotYetValid {
                line,
                valid_after,
                utc,
            } => write!(
                f,
                "the key is allowed from {} on (line {line} of the signers)",
                Instant(*valid_after, *utc)
            ),
            Self::Nobody { line, principals } => write!(
                f,
                "the principals `{principals}` of the key leave nobody (line {line} of the signers)"
            ),
            Self::WrongNamespace { line, namespaces } => write!(
                f,
                "the key is allowed in the namespaces `{namespaces}` only (line {line} of the signers)"
            ),
            Self::AuthorityOnly { line } => write!(
                f,
                "the key is a certificate authority, and certificates are not supported (line {line} of the signers)"
            ),
            Self::Unknown => f.write_str("the signers do not name the key"),
        }
    }
}

impl AllowedSigners {
    /// Reads an `allowed_signers` file. Line ends may be LF or CRLF.
    ///
    /// Keys of other algorithms than Ed25519 are read and match nothing. A file without a line is
    /// well formed and allows nobody.
    ///
    /// # Errors
    ///
    /// [`SignersError`] for the first line that is not well formed.
    pub fn parse(file: &[u8]) -> Result<Self, SignersError> {
        let mut lines = Vec::new();
        for (number, bytes) in (1..).zip(file.split(|&byte| byte == b'\n')) {
            match SignerLine::parse(number, bytes) {
                Ok(Some(line)) => lines.push(line),
                Ok(None) => {}
                Err(kind) => return Err(SignersError { line: number, kind }),
            }
        }
        Ok(Self { lines })
    }

    /// Whether `key` may sign in `namespace` at `at`, in seconds since 1970.
    ///
    /// One line that allows it is enough. Where none does, the answer is the refusal that came
    /// nearest to a permission, by the order of [`Verdict`]; of two alike, the first in the file.
    #[must_use]
    pub fn find(&self, key: &PublicKey, namespace: &str, at: i64) -> Verdict {
        let blob = key.to_blob();
        let mut nearest = Verdict::Unknown;
        for line in self.lines.iter().filter(|line| line.key == blob) {
            let verdict = line.verdict(namespace, at);
            if let (Verdict::Allowed { principals: all }, Verdict::Allowed { principals }) =
                (&mut nearest, &verdict)
            {
                all.extend_from_slice(principals);
            } else if verdict.nearness() > nearest.nearness() {
                nearest = verdict;
            }
        }
        nearest
    }

    /// Whether the file allows nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// An instant for messages, and whether it is in UTC.
struct Instant(i64, bool);

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(timestamp) = Timestamp::from_second(self.0) else {
            return write!(f, "{} s after 1970", self.0);
        };
        let written = timestamp.to_string();
        match written.strip_suffix('Z') {
            Some(local) if !self.1 => {
                write!(f, "{local} in some time zone, as no `Z` is behind it")
            }
            _ => f.write_str(&written),
        }
    }
}

#[cfg(test)]
mod tests;

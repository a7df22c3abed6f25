//! One line of an `allowed_signers` file.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{PatternList, SignersErrorKind, Verdict};
use crate::manifest::key::{PublicKeyError, decode_blob};

/// What separates the fields of a line.
const BLANK: [char; 2] = [' ', '\t'];
/// How far a time without a zone may lie from the same time in UTC, in seconds: no zone that a system can
/// be given is further from it (POSIX, `TZ`: at most 24:59:59).
const ANY_ZONE: i64 = 25 * 60 * 60;

/// A line that names a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignerLine {
    /// Counted from 1.
    number: usize,
    principals: PatternList,
    options: Options,
    /// The key in SSH's encoding.
    pub(super) key: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Options {
    certificate_authority: bool,
    namespaces: Option<PatternList>,
    /// Both inclusive.
    valid_after: Option<Bound>,
    valid_before: Option<Bound>,
}

/// A time as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bound {
    /// Seconds since 1970, as if it were UTC.
    at: i64,
    /// Whether it is.
    utc: bool,
}

impl Bound {
    /// The first second that is not before it in any zone that it may be meant in.
    const fn latest(self) -> i64 {
        if self.utc {
            self.at
        } else {
            self.at + ANY_ZONE
        }
    }

    /// The last second that is not behind it in any zone that it may be meant in.
    const fn earliest(self) -> i64 {
        if self.utc {
            self.at
        } else {
            self.at - ANY_ZONE
        }
    }
}

impl SignerLine {
    /// Reads a line without its LF; `None` for a blank line or a comment.
    pub(super) fn parse(number: usize, bytes: &[u8]) -> Result<Option<Self>, SignersErrorKind> {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let first = bytes.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        if matches!(first, None | Some(b'#')) {
            return Ok(None);
        }
        if bytes.contains(&0) {
            return Err(SignersErrorKind::Nul);
        }
        if bytes.contains(&b'\r') {
            return Err(SignersErrorKind::CarriageReturn);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| SignersErrorKind::NotUtf8)?;
        if number == 1 && text.starts_with('\u{feff}') {
            return Err(SignersErrorKind::ByteOrderMark);
        }
        let (principals, rest) = split_principals(text.trim_start_matches(BLANK))?;
        if rest.is_empty() {
            return Err(SignersErrorKind::NoKey(principals));
        }
        let (options, key) = match parse_key(rest) {
            Ok(key) => (Options::default(), key),
            Err(error) if is_algorithm(rest) => return Err(SignersErrorKind::Key(error)),
            Err(_) if parse_key(text).is_ok() => return Err(SignersErrorKind::NoName),
            Err(_) => {
                let (options, rest) = split_options(rest)?;
                let options = Options::parse(options)?;
                (options, parse_key(rest).map_err(SignersErrorKind::Key)?)
            }
        };
        Ok(Some(Self {
            number,
            principals: PatternList::new(principals),
            options,
            key,
        }))
    }

    /// What this line says where its key is the one asked about.
    pub(super) fn verdict(&self, namespace: &str, at: i64) -> Verdict {
        let line = self.number;
        let options = &self.options;
        if options.certificate_authority {
            return Verdict::AuthorityOnly { line };
        }
        if let Some(namespaces) = &options.namespaces
            && !namespaces.matches(namespace)
        {
            let namespaces = namespaces.clone();
            return Verdict::WrongNamespace { line, namespaces };
        }
        if let Some(bound) = options.valid_after
            && at < bound.latest()
        {
            return Verdict::NotYetValid {
                line,
                valid_after: bound.at,
                utc: bound.utc,
            };
        }
        if let Some(bound) = options.valid_before
            && at > bound.earliest()
        {
            return Verdict::Expired {
                line,
                valid_before: bound.at,
                utc: bound.utc,
            };
        }
        if self.principals.example().is_none() {
            let principals = self.principals.clone();
            return Verdict::Nobody { line, principals };
        }
        Verdict::Allowed {
            principals: vec![self.principals.clone()],
        }
    }
}

impl Options {
    /// Reads comma-separated options; their names are the same in any letter case.
    fn parse(text: &str) -> Result<Self, SignersErrorKind> {
        let mut options = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            rest = if let Some(after) = strip_name(rest, "cert-authority") {
                options.certificate_authority = true;
                after
            } else if let Some(value) = strip_name(rest, "namespaces=") {
                let (value, after) = unquote("namespaces", value)?;
                set_once(
                    &mut options.namespaces,
                    "namespaces",
                    PatternList::new(value),
                )?;
                after
            } else if let Some(value) = strip_name(rest, "valid-after=") {
                let (value, after) = unquote("valid-after", value)?;
                let time = parse_time("valid-after", &value)?;
                set_once(&mut options.valid_after, "valid-after", time)?;
                after
            } else if let Some(value) = strip_name(rest, "valid-before=") {
                let (value, after) = unquote("valid-before", value)?;
                let time = parse_time("valid-before", &value)?;
                set_once(&mut options.valid_before, "valid-before", time)?;
                after
            } else {
                let name = rest.split(['=', ',']).next().unwrap_or(rest);
                if !name.is_empty() {
                    return Err(SignersErrorKind::UnknownOption(name.to_owned()));
                }
                // Commas without an option between them are passed over.
                rest
            };
            if !rest.is_empty() {
                rest = rest
                    .strip_prefix(',')
                    .ok_or_else(|| SignersErrorKind::Separator(rest.to_owned()))?;
                if rest.is_empty() {
                    return Err(SignersErrorKind::EmptyOption);
                }
            }
        }
        match (options.valid_after, options.valid_before) {
            (Some(after), Some(before)) if before.earliest() <= after.latest() => {
                Err(SignersErrorKind::NeverValid)
            }
            _ => Ok(options),
        }
    }
}

/// The principals and what follows them. A quote may begin anywhere in them; they end with it.
fn split_principals(text: &str) -> Result<(String, &str), SignersErrorKind> {
    let Some(end) = text.find(|c| c == '"' || BLANK.contains(&c)) else {
        return Ok((text.to_owned(), ""));
    };
    let (head, rest) = text.split_at(end);
    match rest.strip_prefix('"') {
        None => Ok((head.to_owned(), rest.trim_start_matches(BLANK))),
        Some(quoted) => {
            let (quoted, rest) = quoted
                .split_once('"')
                .ok_or(SignersErrorKind::PrincipalsQuote)?;
            let principals = format!("{head}{quoted}");
            Ok((principals, rest.trim_start_matches(BLANK)))
        }
    }
}

/// The options and what follows them: they end at the first blank outside quotes.
fn split_options(text: &str) -> Result<(&str, &str), SignersErrorKind> {
    let (mut quoted, mut escaped) = (false, false);
    for (position, character) in text.char_indices() {
        match character {
            '"' if !escaped => quoted = !quoted,
            blank if !quoted && BLANK.contains(&blank) => {
                let (options, rest) = text.split_at(position);
                return Ok((options, rest.trim_start_matches(BLANK)));
            }
            _ => {}
        }
        escaped = character == '\\';
    }
    if quoted {
        Err(SignersErrorKind::OptionsQuote)
    } else {
        Ok((text, ""))
    }
}

/// Reads an algorithm and base64; what follows is a comment.
fn parse_key(text: &str) -> Result<Vec<u8>, PublicKeyError> {
    let mut words = text.split(BLANK).filter(|word| !word.is_empty());
    match (words.next(), words.next()) {
        (Some(algorithm), Some(encoded)) => decode_blob(algorithm, encoded),
        _ => Err(PublicKeyError::Missing),
    }
}

/// Whether the text begins with what looks like the algorithm of a key rather than an option.
fn is_algorithm(text: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// What follows the name of an option, if it is this one.
fn strip_name<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(name.len())?;
    head.eq_ignore_ascii_case(name).then_some(rest)
}

/// A value in double quotes, in which `\"` is a quote, and what follows it.
fn unquote<'t>(option: &'static str, text: &'t str) -> Result<(String, &'t str), SignersErrorKind> {
    let mut rest = text
        .strip_prefix('"')
        .ok_or(SignersErrorKind::Unquoted(option))?;
    let mut value = String::new();
    loop {
        let (head, tail) = rest.split_once('"').ok_or(SignersErrorKind::OptionsQuote)?;
        rest = tail;
        let Some(head) = head.strip_suffix('\\') else {
            value.push_str(head);
            return Ok((value, rest));
        };
        value.push_str(head);
        value.push('"');
    }
}

fn set_once<T>(
    place: &mut Option<T>,
    option: &'static str,
    value: T,
) -> Result<(), SignersErrorKind> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(SignersErrorKind::Repeated(option)),
    }
}

/// The time of `YYYYMMDD[HHMM[SS]]`, with `Z` or `UTC` for UTC; without either it is local, where it is read.
fn parse_time(option: &'static str, value: &str) -> Result<Bound, SignersErrorKind> {
    time(value).ok_or_else(|| SignersErrorKind::Time {
        option,
        value: value.to_owned(),
    })
}

fn time(value: &str) -> Option<Bound> {
    let zoned = ["z", "utc"].iter().find_map(|zone| {
        let (digits, found) = value.split_at_checked(value.len().checked_sub(zone.len())?)?;
        found.eq_ignore_ascii_case(zone).then_some(digits)
    });
    let digits = zoned.unwrap_or(value);
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| match digits.get(from..to) {
        None => Some(0),
        Some(part) => part.parse::<i8>().ok(),
    };
    let year = digits.get(..4)?.parse().ok()?;
    let civil = DateTime::new(
        year,
        number(4, 6)?,
        number(6, 8)?,
        number(8, 10)?,
        number(10, 12)?,
        number(12, 14)?,
        0,
    )
    .ok()?;
    let bound = Bound {
        at: TimeZone::UTC.to_timestamp(civil).ok()?.as_second(),
        utc: zoned.is_some(),
    };
    (bound.earliest() > 0).then_some(bound)
}

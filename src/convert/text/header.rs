//! The header line some dumps put before the page: ` date YYYY-MM-DD`, then a URL or the page's
//! first line.

use std::ops::Range;

use super::lines::is_blank;

/// A header line, as spans of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The word `date`.
    pub(super) label: Range<usize>,
    /// `YYYY-MM-DD`, which need not be a day of the calendar.
    pub(super) date: Range<usize>,
    /// The URL behind the date.
    pub(super) url: Option<Range<usize>>,
    /// Where the header ends; what follows on the same line is the first line of the page.
    pub(super) end: usize,
}

/// Reads the header line at the very start of the text; white space may stand before it.
pub(super) fn read(text: &str) -> Option<Header> {
    const LABEL: &str = "date";
    let at = text.len() - text.trim_start_matches(is_blank).len();
    let after_label = text.get(at..)?.strip_prefix(LABEL)?;
    let gap = after_label.len() - after_label.trim_start_matches([' ', '\t']).len();
    if gap == 0 {
        return None;
    }
    let day = at + LABEL.len() + gap;
    let date = day..day + 10;
    let behind = text.get(date.end..)?;
    if !is_digits(text.get(date.clone())?) || behind.chars().next().is_some_and(|c| !is_blank(c)) {
        return None;
    }
    let mut header = Header {
        label: at..at + LABEL.len(),
        end: date.end,
        date,
        url: None,
    };
    let gap = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let rest = behind.get(gap..)?;
    let word = rest.split(is_blank).next().unwrap_or_default();
    if is_url(word) {
        let start = header.end + gap;
        header.end = start + word.len();
        header.url = Some(start..header.end);
    }
    Some(header)
}

/// `http://` or `https://` and a host, no white space.
pub(super) fn is_url(word: &str) -> bool {
    let host = word
        .strip_prefix("https://")
        .or_else(|| word.strip_prefix("http://"));
    host.is_some_and(|host| host.chars().next().is_some_and(char::is_alphanumeric))
        && !word.contains(is_blank)
}

/// Digits in the form `YYYY-MM-DD`.
fn is_digits(text: &str) -> bool {
    let form = "0000-00-00".bytes();
    text.len() == form.len()
        && text.bytes().zip(form).all(|(byte, of)| match of {
            b'-' => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// `YYYY-MM-DD` of the Gregorian calendar.
pub(super) fn is_day(text: &str) -> bool {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return false;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u16, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + u16::from(digit - b'0'))
        })
    };
    let (Some(year), Some(month), Some(day)) = (
        number(&[y1, y2, y3, y4]),
        number(&[m1, m2]),
        number(&[d1, d2]),
    ) else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u16::from(leap),
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// The format of an ISO 8601 date and time that is the whole of `line`, in the directives of the
/// transform `date:<format>`.
///
/// Minutes are required and a zone is optional; anything else gives `None`.
/// `2022-02-11T14:55+0000` is `%Y-%m-%dT%H:%M%z`.
pub(super) fn time_format(line: &str) -> Option<&'static str> {
    let (day, clock) = (line.get(..10)?, line.get(10..)?);
    if !is_day(day) || !clock.starts_with('T') {
        return None;
    }
    let (hours_minutes, rest) = (clock.get(1..6)?, clock.get(6..)?);
    let (hours, minutes) = hours_minutes.split_once(':')?;
    if !below(hours, 24) || !below(minutes, 60) {
        return None;
    }
    let (seconds, rest) = match rest.strip_prefix(':') {
        Some(rest) if below(rest.get(..2)?, 60) => (true, rest.get(2..)?),
        Some(_) => return None,
        None => (false, rest),
    };
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) if seconds => {
            let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            if !(1..=9).contains(&(rest.len() - zone.len())) {
                return None;
            }
            (true, zone)
        }
        Some(_) => return None,
        None => (false, rest),
    };
    let zoned = match zone {
        "" => false,
        _ if is_zone(zone) => true,
        _ => return None,
    };
    let precision = usize::from(seconds) + usize::from(fraction);
    FORMATS.get(precision)?.get(usize::from(zoned)).copied()
}

/// Formats by precision (minutes, seconds, fraction), without and with a zone.
const FORMATS: [[&str; 2]; 3] = [
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"],
    ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
    ["%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f%z"],
];

/// `Z`, `±hhmm` or `±hh:mm`.
fn is_zone(zone: &str) -> bool {
    let Some(offset) = zone.strip_prefix(['+', '-']) else {
        return zone == "Z";
    };
    let (hours, minutes) = match offset.split_once(':') {
        Some(parts) => parts,
        None => offset.split_at_checked(2).unwrap_or_default(),
    };
    below(hours, 24) && below(minutes, 60)
}

/// Two digits below `limit`.
fn below(digits: &str, limit: u8) -> bool {
    digits.len() == 2
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.parse::<u8>().is_ok_and(|value| value < limit)
}

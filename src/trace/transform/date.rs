//! Dates as dumps write them, read by a format of the closed list of directives.
//!
//! These are the transforms `date:<format>` and `date:<language>:<format>` (`spec/trace.md`, "Dates"). They read
//! less than other `strptime`s do, and every version reads the same: names of months and days from one
//! table, no two-digit years, no leap seconds, no number beyond its range.

use jiff::civil;

use super::names::{Calendar, Words};
use crate::record::{Time, WHITE_SPACE};

/// The characters that may follow `%` in a format.
pub const DIRECTIVES: &str = "YmdBbAaHIMSfpz%";

/// Directives that read the same part of a time: a format has one of each at most.
const SAME: [&str; 3] = ["mBb", "Aa", "HI"];

/// Whether `format` is made of literal characters and known directives, none of them and no part of a
/// time twice.
pub(super) fn is_format(format: &str) -> bool {
    let mut seen = String::new();
    let mut rest = format.chars();
    while let Some(character) = rest.next() {
        if character != '%' {
            continue;
        }
        match rest.next() {
            Some('%') => {}
            Some(directive) if DIRECTIVES.contains(directive) && !seen.contains(directive) => {
                let same = SAME.iter().find(|same| same.contains(directive));
                match same {
                    Some(same) => seen.push_str(same),
                    None => seen.push(directive),
                }
            }
            _ => return false,
        }
    }
    !format.is_empty()
}

/// What a text says by a format, as a time of the record at its precision. Months and days have the names
/// of `names`.
///
/// # Errors
///
/// The cause in words. Requires a format of [`is_format`]; other directives are causes too.
pub(super) fn read(text: &str, format: &str, names: Calendar) -> Result<String, String> {
    let mut fields = Fields::new(names);
    let mut rest = text;
    let mut directives = format.chars().peekable();
    while let Some(character) = directives.next() {
        rest = if character == '%' {
            let directive = directives.next().unwrap_or_default();
            fields.read(directive, rest)?
        } else if WHITE_SPACE.contains(&character) {
            while directives
                .next_if(|next| WHITE_SPACE.contains(next))
                .is_some()
            {}
            Some(rest.trim_start_matches(WHITE_SPACE))
                .filter(|after| after.len() < rest.len())
                .ok_or_else(|| format!("no space before `{rest}`"))?
        } else {
            rest.strip_prefix(character)
                .ok_or_else(|| format!("no `{character}` at `{rest}`"))?
        };
    }
    if rest.is_empty() {
        fields.time()
    } else {
        Err(format!("`{rest}` is left over"))
    }
}

/// What the directives have read so far.
#[derive(Debug)]
struct Fields<'t> {
    names: Calendar,
    year: Option<&'t str>,
    month: Option<usize>,
    day: Option<usize>,
    weekday: Option<usize>,
    hour: Option<usize>,
    half: Option<usize>,
    twelve: Option<usize>,
    minute: Option<usize>,
    second: Option<usize>,
    fraction: Option<&'t str>,
    offset: Option<String>,
}

impl<'t> Fields<'t> {
    const fn new(names: Calendar) -> Self {
        Self {
            names,
            year: None,
            month: None,
            day: None,
            weekday: None,
            hour: None,
            half: None,
            twelve: None,
            minute: None,
            second: None,
            fraction: None,
            offset: None,
        }
    }

    /// Reads what one directive names off the front of `text`; gives what follows.
    fn read(&mut self, directive: char, text: &'t str) -> Result<&'t str, String> {
        let refused = || format!("`{text}` does not begin with what `%{directive}` reads");
        let rest = match directive {
            'Y' => digits(text, 4, 4).map(|(year, rest)| {
                self.year = Some(year);
                rest
            }),
            'm' => number(text, 1..=12, &mut self.month),
            'd' => number(text, 1..=31, &mut self.day),
            'H' => number(text, 0..=23, &mut self.hour),
            'I' => number(text, 1..=12, &mut self.twelve),
            'M' => number(text, 0..=59, &mut self.minute),
            'S' => number(text, 0..=59, &mut self.second),
            'f' => digits(text, 1, 9).map(|(fraction, rest)| {
                self.fraction = Some(fraction);
                rest
            }),
            'B' => self.month_named(Words::Months, text),
            'b' => self.month_named(Words::ShortMonths, text),
            'A' => self.names.find(Words::Days, text).map(|(weekday, rest)| {
                self.weekday = Some(weekday);
                rest
            }),
            'a' => self
                .names
                .find(Words::ShortDays, text)
                .map(|(weekday, rest)| {
                    self.weekday = Some(weekday);
                    rest
                }),
            'p' => ["am", "pm"]
                .into_iter()
                .enumerate()
                .find_map(|(half, word)| {
                    let (head, rest) = text.split_at_checked(word.len())?;
                    head.eq_ignore_ascii_case(word).then(|| {
                        self.half = Some(half);
                        rest
                    })
                }),
            'z' => offset(text).map(|(offset, rest)| {
                self.offset = Some(offset);
                rest
            }),
            '%' => text.strip_prefix('%'),
            _ => None,
        };
        rest.ok_or_else(refused)
    }

    fn month_named(&mut self, words: Words, text: &'t str) -> Option<&'t str> {
        let (month, rest) = self.names.find(words, text)?;
        self.month = Some(month + 1);
        Some(rest)
    }

    fn time(self) -> Result<String, String> {
        let year = self.year.ok_or("no year")?;
        let hour = match (self.hour, self.twelve, self.half) {
            (hour, None, None) => hour,
            (None, Some(hour), Some(half)) => Some(hour % 12 + 12 * half),
            _ => return Err("`%I` and `%p` need each other".to_owned()),
        };
        let clock = match (hour, self.minute, self.second, self.fraction) {
            (None, None, None, None) if self.offset.is_none() => String::new(),
            (Some(hour), Some(minute), None, None) => format!("T{hour:02}:{minute:02}"),
            (Some(hour), Some(minute), Some(second), None) => {
                format!("T{hour:02}:{minute:02}:{second:02}")
            }
            (Some(hour), Some(minute), Some(second), Some(fraction)) => {
                format!("T{hour:02}:{minute:02}:{second:02}.{fraction}")
            }
            _ => return Err("a time of day lacks a coarser part".to_owned()),
        };
        let date = match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
            (Some(month), None) if clock.is_empty() => format!("{year}-{month:02}"),
            (None, None) if clock.is_empty() => year.to_owned(),
            _ => return Err("a date lacks a coarser part".to_owned()),
        };
        if let Some(weekday) = self.weekday {
            let day: civil::Date = date.parse().map_err(|_| "a weekday without a day")?;
            let is = day.weekday().to_monday_zero_offset();
            if usize::try_from(is) != Ok(weekday) {
                return Err(format!("{date} is not that day of the week"));
            }
        }
        let time = format!("{date}{clock}{}", self.offset.unwrap_or_default());
        match time.parse::<Time>() {
            Ok(_) => Ok(time),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// At least `least` and at most `most` ASCII digits off the front of `text`.
fn digits(text: &str, least: usize, most: usize) -> Option<(&str, &str)> {
    let count = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    text.split_at_checked(count).filter(|_| count >= least)
}

/// One or two digits within a range.
fn number<'t>(
    text: &'t str,
    range: std::ops::RangeInclusive<usize>,
    into: &mut Option<usize>,
) -> Option<&'t str> {
    let (digits, rest) = digits(text, 1, 2)?;
    let number = digits
        .parse()
        .ok()
        .filter(|number| range.contains(number))?;
    *into = Some(number);
    Some(rest)
}

/// `Z`, `GMT`, `UTC`, `±hhmm` or `±hh:mm`, as a time of the record writes it.
fn offset(text: &str) -> Option<(String, &str)> {
    let utc = ["Z", "GMT", "UTC"];
    if let Some(rest) = utc.iter().find_map(|name| text.strip_prefix(name)) {
        return Some(("Z".to_owned(), rest));
    }
    let sign = text.chars().next().filter(|sign| "+-".contains(*sign))?;
    let (hours, rest) = digits(text.get(1..)?, 2, 2)?;
    let (minutes, rest) = digits(rest.strip_prefix(':').unwrap_or(rest), 2, 2)?;
    Some(match (hours, minutes) {
        ("00", "00") => ("Z".to_owned(), rest),
        _ => (format!("{sign}{hours}:{minutes}"), rest),
    })
}

#[cfg(test)]
mod tests {
    use super::{is_format, read as read_in};
    use crate::trace::transform::names::Calendar;

    fn read(text: &str, format: &str) -> Result<String, String> {
        read_in(text, format, Calendar::ENGLISH)
    }

    #[test]
    fn a_date_keeps_its_precision() {
        for (format, text, time) in [
            ("%Y", "2022", "2022"),
            ("%B %Y", "February 2022", "2022-02"),
            ("%Y-%m-%d", "2022-02-11", "2022-02-11"),
            ("%d.%m.%Y", "1.2.2022", "2022-02-01"),
            ("%Y%m%d", "20220211", "2022-02-11"),
            ("%b %d, %Y", "FEB 11,\u{a0} 2022", "2022-02-11"),
            ("%A, %d %B %Y", "Friday, 11 february 2022", "2022-02-11"),
            (
                "%Y-%m-%dT%H:%M%z",
                "2022-02-11T14:55+0000",
                "2022-02-11T14:55Z",
            ),
            (
                "%Y-%m-%dT%H:%M%z",
                "2022-02-11T14:55-00:00",
                "2022-02-11T14:55Z",
            ),
            (
                "%Y-%m-%dT%H:%M%z",
                "2022-02-11T14:55-03:30",
                "2022-02-11T14:55-03:30",
            ),
            (
                "%Y-%m-%d %H:%M %z",
                "2022-02-11 14:55 GMT",
                "2022-02-11T14:55Z",
            ),
            (
                "%Y-%m-%d %H:%M:%S",
                "2022-02-11 14:55:07",
                "2022-02-11T14:55:07",
            ),
            (
                "%Y-%m-%d %H:%M:%S.%f",
                "2022-02-11 14:55:07.10",
                "2022-02-11T14:55:07.10",
            ),
            (
                "%d/%m/%Y %I:%M %p",
                "11/02/2022 12:05 AM",
                "2022-02-11T00:05",
            ),
            ("%d/%m/%Y %I:%M%p", "11/02/2022 1:05pm", "2022-02-11T13:05"),
            ("100%% %Y", "100% 2022", "2022"),
        ] {
            assert!(is_format(format), "{format}");
            assert_eq!(read(text, format).as_deref(), Ok(time), "{format}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for (format, text) in [
            ("%d.%m.%Y", "30.02.2022"),
            ("%d.%m.%Y", "11.02.2022 "),
            ("%d.%m.%Y", "11.02.22"),
            ("%A %d.%m.%Y", "Monday 11.02.2022"),
            ("%H:%M", "14:55"),
            ("%d.%m", "11.02"),
            ("%Y-%m-%d %H", "2022-02-11 14"),
            ("%Y-%m-%d %H:%M", "2022-02-11 24:00"),
            ("%Y-%m-%d %H:%M:%S", "2022-02-11 14:55:60"),
            ("%Y-%m-%d %I:%M", "2022-02-11 02:55"),
            ("%Y-%m-%d %H:%M %p", "2022-02-11 02:55 PM"),
            ("%A %B %Y", "Friday February 2022"),
            ("%Y-%m-%d %z", "2022-02-11 +0100"),
            ("%Y-%m-%d%z", "2022-02-11T"),
            ("%Y-%m-%dT%H:%M%z", "2022-02-11T14:55z"),
            ("%Y %m", "202202"),
            ("%Y", "２０２２"),
            ("%B %Y", "Februar 2022"),
        ] {
            assert!(read(text, format).is_err(), "{format} {text}");
        }
        for format in [
            "", "%", "%Y %y", "%s", "%Y %Y", "%-d", "%:z", "%m %B", "%b %B", "%a %A", "%H %I %p",
        ] {
            assert!(!is_format(format), "{format}");
        }
    }
}

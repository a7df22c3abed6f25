//! Times as dumps of JSON write them.

use crate::record::WHITE_SPACE;
use crate::trace::Transform;

/// Days that are written year first.
const YEAR_FIRST: [&str; 3] = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"];

/// Days of numbers of which the first may be the day or the month.
const EITHER_FIRST: [[&str; 2]; 3] = [
    ["%d/%m/%Y", "%m/%d/%Y"],
    ["%d-%m-%Y", "%m-%d-%Y"],
    ["%d.%m.%Y", "%m.%d.%Y"],
];

/// Days with a month in words.
const NAMED: [&str; 9] = [
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%b. %d, %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%d. %B %Y",
];

/// What may precede them.
const WEEKDAYS: [&str; 3] = ["", "%a, ", "%A, "];

/// What may stand between a day and a time of day.
const BETWEEN: [&str; 4] = [" at ", ", ", "T", " "];

/// Times of day.
const CLOCKS: [&str; 7] = [
    "%H:%M:%S.%f",
    "%H:%M:%S",
    "%H:%M",
    "%I:%M:%S %p",
    "%I:%M:%S%p",
    "%I:%M %p",
    "%I:%M%p",
];

/// Zones behind them that say an offset.
const OFFSETS: [&str; 2] = ["%z", " %z"];

/// Zones of which no offset is read.
const ZONES: [&str; 14] = [
    "", " UT", "+00", " EST", " EDT", " CST", " CDT", " MST", " MDT", " PST", " PDT", " BST",
    " CET", " CEST",
];

/// Other forms.
const OTHERS: [&str; 7] = [
    "%a %b %d %H:%M:%S %z %Y",
    "%a %b %d %H:%M:%S %Y",
    "%B %Y",
    "%b %Y",
    "%Y-%m",
    "%Y%m%dT%H%M%S%z",
    "%Y%m%dT%H%M%S",
];

/// No time is longer.
const LONGEST: usize = 64;

/// The seconds that ten digits say, to the end of the year 2099.
const SECONDS: std::ops::RangeInclusive<u64> = 1_000_000_000..=4_102_444_799;

/// The years that digits alone say.
const YEARS: std::ops::RangeInclusive<u64> = 1605..=2099;

/// How a text is read that says a time in exactly one way, and the time; there is no white space at its
/// ends.
pub(super) fn read(text: &str) -> Option<(Transform, String)> {
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && !is_dotted(text)
    {
        return digits(text);
    }
    let (before, between, _) = parts(text);
    if let Some(day) = day(before) {
        if between.is_empty() {
            return apply(text, day);
        }
        return with_clock(text, &format!("{day}{between}"));
    }
    OTHERS
        .iter()
        .find_map(|format| apply(text, (*format).to_owned()))
}

/// Whether a text is three numbers with points between them.
fn is_dotted(text: &str) -> bool {
    text.matches('.').count() == 2
}

/// Digits alone: a year, a day, a second, or a number of seconds or milliseconds since 1970.
fn digits(text: &str) -> Option<(Transform, String)> {
    let (whole, _) = text.split_once('.').unwrap_or((text, ""));
    let number: u64 = whole.parse().ok()?;
    let is_whole = whole.len() == text.len();
    let year: u64 = whole.get(..4)?.parse().ok()?;
    match whole.len() {
        4 | 8 | 14 if is_whole && YEARS.contains(&year) => {
            let format = ["%Y%m%d%H%M%S", "%Y%m%d", "%Y"];
            let formats = format.into_iter().map(str::to_owned);
            formats.into_iter().find_map(|format| apply(text, format))
        }
        10 if SECONDS.contains(&number) => by(text, Transform::EpochSeconds),
        13 if is_whole && SECONDS.contains(&(number / 1000)) => {
            by(text, Transform::EpochMilliseconds)
        }
        _ => None,
    }
}

/// A day, what is between, and a time of day; a day alone where there is no colon.
fn parts(text: &str) -> (&str, &'static str, &str) {
    let Some((head, _)) = text.split_once(':') else {
        return (text, "", "");
    };
    let hour = head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (before, clock) = text.split_at_checked(hour).unwrap_or_default();
    for between in BETWEEN {
        if let Some(day) = before.strip_suffix(between) {
            return (day, between, clock);
        }
    }
    (text, "", "")
}

/// The format that reads a day, where no other one gives another day.
fn day(text: &str) -> Option<String> {
    let reads = |format: &str| apply(text, format.to_owned()).map(|(_, time)| time);
    if text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        let mut all = WEEKDAYS.iter().flat_map(|weekday| {
            let with = move |day| format!("{weekday}{day}");
            NAMED.iter().map(with)
        });
        return all.find(|format| reads(format).is_some());
    }
    if let Some(format) = YEAR_FIRST
        .into_iter()
        .find(|format| reads(format).is_some())
    {
        return Some(format.to_owned());
    }
    EITHER_FIRST.into_iter().find_map(|[one, other]| {
        let format = match (reads(one), reads(other)) {
            (Some(day), Some(month)) if day != month => return None,
            (Some(_), _) => one,
            (None, Some(_)) => other,
            (None, None) => return None,
        };
        Some(format.to_owned())
    })
}

/// Whether a text begins with a day of which it cannot be told which number is the month.
pub(super) fn is_either(text: &str) -> bool {
    let (day, ..) = parts(text.trim_matches(WHITE_SPACE));
    let reads = |format: &str| apply(day, format.to_owned()).map(|(_, time)| time);
    let mut formats = EITHER_FIRST.into_iter();
    day.len() <= LONGEST
        && formats.any(|[one, other]| {
            matches!((reads(one), reads(other)), (Some(day), Some(month)) if day != month)
        })
}

/// A time that begins as `day` says.
fn with_clock(text: &str, day: &str) -> Option<(Transform, String)> {
    let literal = ZONES.into_iter().filter(|zone| text.ends_with(zone));
    let zones: Vec<_> = OFFSETS.into_iter().chain(literal).collect();
    CLOCKS.into_iter().find_map(|clock| {
        let mut zones = zones.iter();
        zones.find_map(|zone| apply(text, format!("{day}{clock}{zone}")))
    })
}

fn apply(text: &str, format: String) -> Option<(Transform, String)> {
    by(text, Transform::Date(format))
}

fn by(text: &str, transform: Transform) -> Option<(Transform, String)> {
    let time = transform.apply(text, "").ok()?.into_owned();
    Some((transform, time))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_time_is_read_in_one_way_or_not() {
        for (text, by, time) in [
            (
                "2018-01-21 21:00:00",
                "date:%Y-%m-%d %H:%M:%S",
                "2018-01-21T21:00:00",
            ),
            (
                "2018-01-21T21:00:00.120Z",
                "date:%Y-%m-%dT%H:%M:%S.%f%z",
                "2018-01-21T21:00:00.120Z",
            ),
            (
                "2017-08-24T01:58:40+0000",
                "date:%Y-%m-%dT%H:%M:%S%z",
                "2017-08-24T01:58:40Z",
            ),
            (
                "2023-05-04 10:00 +03:00",
                "date:%Y-%m-%d %H:%M %z",
                "2023-05-04T10:00+03:00",
            ),
            (
                "2023-05-04 10:00:00+00",
                "date:%Y-%m-%d %H:%M:%S+00",
                "2023-05-04T10:00:00",
            ),
            ("2023/05/04", "date:%Y/%m/%d", "2023-05-04"),
            ("2023-05", "date:%Y-%m", "2023-05"),
            ("2023", "date:%Y", "2023"),
            ("20230504", "date:%Y%m%d", "2023-05-04"),
            (
                "20230504T100000Z",
                "date:%Y%m%dT%H%M%S%z",
                "2023-05-04T10:00:00Z",
            ),
            ("20230504100000", "date:%Y%m%d%H%M%S", "2023-05-04T10:00:00"),
            (
                "Thu, 04 May 2023 10:00:00 +0200",
                "date:%a, %d %B %Y %H:%M:%S %z",
                "2023-05-04T10:00:00+02:00",
            ),
            (
                "Thu, 04 Sep 2008 10:00:00 GMT",
                "date:%a, %d %b %Y %H:%M:%S %z",
                "2008-09-04T10:00:00Z",
            ),
            ("September 4, 2008", "date:%B %d, %Y", "2008-09-04"),
            (
                "4 Sep 2008, 9:05 pm",
                "date:%d %b %Y, %I:%M %p",
                "2008-09-04T21:05",
            ),
            (
                "Sep. 4, 2008 at 9:05PM EDT",
                "date:%b. %d, %Y at %I:%M%p EDT",
                "2008-09-04T21:05",
            ),
            (
                "Wed Aug 27 13:08:45 +0000 2008",
                "date:%a %b %d %H:%M:%S %z %Y",
                "2008-08-27T13:08:45Z",
            ),
            ("25/12/2019", "date:%d/%m/%Y", "2019-12-25"),
            (
                "12/25/2019 7:00 AM",
                "date:%m/%d/%Y %I:%M %p",
                "2019-12-25T07:00",
            ),
            ("05.05.2019", "date:%d.%m.%Y", "2019-05-05"),
            ("1683194400", "epoch:s", "2023-05-04T10:00:00Z"),
            ("1683194400.5", "epoch:s", "2023-05-04T10:00:00.5Z"),
            ("1683194400123", "epoch:ms", "2023-05-04T10:00:00.123Z"),
        ] {
            let found = read(text).map(|(transform, time)| (transform.to_string(), time));
            assert_eq!(found, Some((by.to_owned(), time.to_owned())), "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for text in [
            "",
            "0",
            "12",
            "123",
            "05/04/2023",
            "5.4.2023",
            "4 May 23",
            "yesterday",
            "2023-13-01",
            "2016.0",
            "10:00",
            "2023-05-04 25:00",
            "999999999",
            "9999999999",
            "12345678901234567890",
            "Fri, 04 May 2023",
            "04/31/2023",
            "T10:00",
            ":",
            "..",
            "1.2.3",
            "3 hours ago",
            "é",
            "12345",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"2".repeat(100)), None);
    }
}

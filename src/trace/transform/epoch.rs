//! `epoch:s` and `epoch:ms`: times since 1970.

use jiff::{SignedDuration, civil};

use super::{NAMED, TransformError, begin};

/// Where the count begins, in UTC.
const EPOCH: civil::DateTime = civil::date(1970, 1, 1).at(0, 0, 0, 0);

/// Seconds since 1970-01-01T00:00:00Z, with up to nine digits of a fraction.
pub(super) fn seconds(text: &str) -> Result<String, TransformError> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if fraction.is_some_and(|digits| !is_digits(digits, 9)) {
        return Err(refused(text, "a fraction has one to nine digits"));
    }
    let fraction = fraction.map(|digits| format!(".{digits}"));
    time(text, whole, &fraction.unwrap_or_default())
}

/// Milliseconds since 1970-01-01T00:00:00Z.
pub(super) fn milliseconds(text: &str) -> Result<String, TransformError> {
    let Some((whole, fraction)) = text
        .len()
        .checked_sub(3)
        .and_then(|at| text.split_at_checked(at))
        .filter(|(_, fraction)| is_digits(fraction, 3))
    else {
        return Err(refused(text, "it has fewer than four digits"));
    };
    time(text, whole, &format!(".{fraction}"))
}

/// The time at `whole` seconds, with a fraction as it is.
fn time(text: &str, whole: &str, fraction: &str) -> Result<String, TransformError> {
    if !is_digits(whole, 12) {
        return Err(refused(text, "seconds take 1 to 12 digits"));
    }
    let since = whole.parse().map(SignedDuration::from_secs).ok();
    let at = since.and_then(|since| EPOCH.checked_add(since).ok());
    let Some(at) = at else {
        return Err(refused(text, "it is after the year 9999"));
    };
    Ok(format!("{at}{fraction}Z"))
}

fn is_digits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn refused(text: &str, cause: &'static str) -> TransformError {
    TransformError::Epoch {
        text: begin(text, NAMED),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, seconds};

    #[test]
    fn seconds_and_milliseconds_are_times_in_utc() {
        for (text, time) in [
            ("0", "1970-01-01T00:00:00Z"),
            ("1683194400", "2023-05-04T10:00:00Z"),
            ("1683194400.50", "2023-05-04T10:00:00.50Z"),
            ("253402207200.5", "9999-12-30T22:00:00.5Z"),
            ("253402300799.999", "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(seconds(text).as_deref(), Ok(time));
        }
        assert_eq!(
            milliseconds("1683194400123").as_deref(),
            Ok("2023-05-04T10:00:00.123Z")
        );
        for text in [
            "",
            "-1",
            "1e9",
            "1.",
            ".5",
            "9999999999999",
            "999999999999",
            "253402300800",
            "1.1234567891",
            "+1",
        ] {
            assert!(seconds(text).is_err(), "{text}");
        }
        for text in ["", "123", "1.234", "-1234"] {
            assert!(milliseconds(text).is_err(), "{text}");
        }
    }
}

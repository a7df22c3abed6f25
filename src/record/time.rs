//! Times at the precision that is known.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::as_text;

/// An ISO 8601 time at the precision that is known: a year, month, day, or a day with a time of at
/// least minutes, with or without a zone offset.
///
/// `2022`, `2022-02`, `2022-02-11`, `2022-02-11T14:55Z`, `2022-02-11T14:55:00.123+03:00`. Nothing
/// is padded, and one instant has one spelling: `T` and `Z` in upper case, a zero offset is `Z`, no
/// `24:00`, no leap second (`spec/record.md`, `time-…`).
///
/// ```
/// use dateline::record::{Precision, Time};
///
/// let time: Time = "2022-02-11T14:55Z".parse().unwrap();
/// assert_eq!(time.precision(), Precision::Minute);
/// assert_eq!(time.day(), Some("2022-02-11"));
/// assert!("2022-02-30".parse::<Time>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Time {
    text: String,
    precision: Precision,
    /// Seconds since 1970 and nanoseconds, where the zone is known.
    instant: Option<(i64, u32)>,
}

/// How finely a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2022`
    Year,
    /// `2022-02`
    Month,
    /// `2022-02-11`
    Day,
    /// `2022-02-11T14:55`
    Minute,
    /// `2022-02-11T14:55:00`
    Second,
    /// `2022-02-11T14:55:00.1` and up to nine digits
    Fraction,
}

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// It has none of the forms.
    #[error(
        "`{}` is not a time: YYYY, YYYY-MM, YYYY-MM-DD, or YYYY-MM-DDThh:mm[:ss[.f]] with `Z`, ±hh:mm or no zone",
        .0.escape_debug()
    )]
    Form(String),
    /// There is no such day or time of day.
    #[error("`{0}` names no day or time of the calendar")]
    Calendar(String),
    /// A zero offset is not written `Z`, or an offset is out of range.
    #[error("`{0}` has an offset that is not `Z` or ±00:01 to ±23:59")]
    Offset(String),
}

/// The instant 0, in UTC.
const EPOCH: civil::DateTime = civil::date(1970, 1, 1).at(0, 0, 0, 0);

impl Time {
    /// The time as text, the only form it has.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How finely it is known.
    #[must_use]
    pub const fn precision(&self) -> Precision {
        self.precision
    }

    /// The day as written, in the time's own offset; absent for a year or a month.
    #[must_use]
    pub fn day(&self) -> Option<&str> {
        self.text.get(..10)
    }

    /// Whether this time certainly lies before `other`.
    ///
    /// Two instants compare as instants. Where one of them is a day or coarser, or has no zone, only
    /// what no zone could change counts: the last day that this may be lies two or more before the
    /// first that the other may be. What cannot be decided is not before.
    #[must_use]
    pub fn certainly_before(&self, other: &Self) -> bool {
        if let (Some(this), Some(that)) = (self.instant, other.instant) {
            return this < that;
        }
        let (Some(this), Some(that)) = (self.last_day(), other.first_day()) else {
            return false;
        };
        let next = this.checked_add(jiff::Span::new().days(1));
        next.is_ok_and(|next| next < that)
    }

    /// The first day that the time may be, as written.
    fn first_day(&self) -> Option<civil::Date> {
        match self.precision {
            Precision::Year => format!("{}-01-01", self.text).parse().ok(),
            Precision::Month => format!("{}-01", self.text).parse().ok(),
            Precision::Day | Precision::Minute | Precision::Second | Precision::Fraction => {
                self.day()?.parse().ok()
            }
        }
    }

    /// The last day that it may be.
    fn last_day(&self) -> Option<civil::Date> {
        let first = self.first_day()?;
        Some(match self.precision {
            Precision::Year => first.last_of_year(),
            Precision::Month => first.last_of_month(),
            Precision::Day | Precision::Minute | Precision::Second | Precision::Fraction => first,
        })
    }
}

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let form = || TimeError::Form(text.to_owned());
        let calendar = || TimeError::Calendar(text.to_owned());
        if !text.is_ascii() {
            return Err(form());
        }
        let (day_text, clock_text) = match text.split_once('T') {
            Some((day, clock)) => (day, Some(clock)),
            None => (text, None),
        };
        let mut parts = day_text.split('-');
        let year = parts
            .next()
            .and_then(|part| digits(part, 4))
            .ok_or_else(form)?;
        let month = parts
            .next()
            .map(|part| digits(part, 2).ok_or_else(form))
            .transpose()?;
        let day = parts
            .next()
            .map(|part| digits(part, 2).ok_or_else(form))
            .transpose()?;
        if parts.next().is_some() {
            return Err(form());
        }
        let date = civil::Date::new(
            narrow(year).ok_or_else(calendar)?,
            narrow(month.unwrap_or(1)).ok_or_else(calendar)?,
            narrow(day.unwrap_or(1)).ok_or_else(calendar)?,
        )
        .map_err(|_| calendar())?;
        let date_precision = match (month, day) {
            (None, _) => Precision::Year,
            (Some(_), None) => Precision::Month,
            (Some(_), Some(_)) => Precision::Day,
        };
        let Some(clock_text) = clock_text else {
            return Ok(Self {
                text: text.to_owned(),
                precision: date_precision,
                instant: None,
            });
        };
        if date_precision != Precision::Day {
            return Err(form());
        }
        let clock = Clock::parse(clock_text, text)?;
        let time = civil::Time::new(clock.hour, clock.minute, clock.second, clock.nanosecond)
            .map_err(|_| calendar())?;
        let instant = match clock.offset_seconds {
            None => None,
            Some(offset) => {
                let midnight = date.to_datetime(civil::Time::midnight());
                let since_midnight = i64::from(clock.hour) * 3600
                    + i64::from(clock.minute) * 60
                    + i64::from(clock.second);
                let seconds = midnight.duration_since(EPOCH).as_secs() + since_midnight;
                let nanosecond = time.subsec_nanosecond().unsigned_abs();
                Some((seconds - i64::from(offset), nanosecond))
            }
        };
        Ok(Self {
            text: text.to_owned(),
            precision: clock.precision,
            instant,
        })
    }
}

/// What stands behind the `T`.
struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
    precision: Precision,
    offset_seconds: Option<i32>,
}

impl Clock {
    fn parse(clock: &str, whole: &str) -> Result<Self, TimeError> {
        let form = || TimeError::Form(whole.to_owned());
        let zone_at = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
        let (time, zone) = clock.split_at_checked(zone_at).ok_or_else(form)?;
        let (time, fraction) = match time.split_once('.') {
            Some((time, fraction)) => (time, Some(fraction)),
            None => (time, None),
        };
        let mut parts = time.split(':');
        let hour = parts
            .next()
            .and_then(|part| digits(part, 2))
            .ok_or_else(form)?;
        let minute = parts
            .next()
            .and_then(|part| digits(part, 2))
            .ok_or_else(form)?;
        let second = parts
            .next()
            .map(|part| digits(part, 2).ok_or_else(form))
            .transpose()?;
        if parts.next().is_some() || (second.is_none() && fraction.is_some()) {
            return Err(form());
        }
        let nanosecond = match fraction {
            None => 0,
            Some(text) if (1..=9).contains(&text.len()) => {
                digits(&format!("{text:0<9}"), 9).ok_or_else(form)?
            }
            Some(_) => return Err(form()),
        };
        let calendar = || TimeError::Calendar(whole.to_owned());
        Ok(Self {
            hour: narrow(hour).ok_or_else(calendar)?,
            minute: narrow(minute).ok_or_else(calendar)?,
            second: narrow(second.unwrap_or(0))
                .filter(|second| *second < 60)
                .ok_or_else(calendar)?,
            nanosecond: narrow(nanosecond).ok_or_else(calendar)?,
            precision: match (second, fraction) {
                (None, _) => Precision::Minute,
                (Some(_), None) => Precision::Second,
                (Some(_), Some(_)) => Precision::Fraction,
            },
            offset_seconds: Self::offset(zone, whole)?,
        })
    }

    fn offset(zone: &str, whole: &str) -> Result<Option<i32>, TimeError> {
        let sign = match zone.as_bytes().first() {
            None => return Ok(None),
            Some(b'Z') if zone.len() == 1 => return Ok(Some(0)),
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return Err(TimeError::Form(whole.to_owned())),
        };
        let refused = || TimeError::Offset(whole.to_owned());
        let (hours, minutes) = zone
            .get(1..)
            .and_then(|zone| zone.split_once(':'))
            .ok_or_else(refused)?;
        let hours = digits(hours, 2)
            .filter(|hours| *hours < 24)
            .ok_or_else(refused)?;
        let minutes = digits(minutes, 2)
            .filter(|minutes| *minutes < 60)
            .ok_or_else(refused)?;
        match narrow::<i32>(hours * 3600 + minutes * 60).ok_or_else(refused)? {
            0 => Err(refused()),
            seconds => Ok(Some(sign * seconds)),
        }
    }
}

/// The value of `text` if it is exactly `count` ASCII digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    let all = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

fn narrow<T: TryFrom<u32>>(value: u32) -> Option<T> {
    value.try_into().ok()
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Precision, Time};

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn every_precision_is_read_and_kept() {
        for (text, precision) in [
            ("2022", Precision::Year),
            ("2022-02", Precision::Month),
            ("2022-02-11", Precision::Day),
            ("2022-02-11T14:55", Precision::Minute),
            ("2022-02-11T14:55Z", Precision::Minute),
            ("2022-02-11T14:55:07+03:00", Precision::Second),
            ("2022-02-11T14:55:07.123456789-23:59", Precision::Fraction),
        ] {
            assert_eq!(time(text).precision(), precision, "{text}");
            assert_eq!(time(text).to_string(), text);
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "22",
            "2022-2",
            "2022-02-30",
            "2022-13",
            "2022-00",
            "2022-02-11 14:55",
            "2022-02T14:55Z",
            "2022-02-11t14:55Z",
            "2022-02-11T14:55z",
            "2022-02-11T14Z",
            "2022-02-11T24:00Z",
            "2022-02-11T14:55:60Z",
            "2022-02-11T14:55+00:00",
            "2022-02-11T14:55-00:00",
            "2022-02-11T14:55+0300",
            "2022-02-11T14:55+24:00",
            "2022-02-11T14:55:07.Z",
            "2022-02-11T14:55:07.1234567890Z",
            "2022-02-11T14:55.5Z",
            "+2022",
            "２０２２",
            "2022-02-11TZ",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_what_no_zone_could_change_is_before() {
        for (this, that, before) in [
            ("2022-02-11T14:55Z", "2022-02-11T14:56Z", true),
            ("2022-02-11T14:55+03:00", "2022-02-11T12:00Z", true),
            ("1969-12-31T23:59:59.1Z", "1969-12-31T23:59:59.2Z", true),
            ("1969-12-31T23:59:59.9Z", "1970-01-01T00:00Z", true),
            ("9999-12-31T23:58-23:59", "9999-12-31T23:59-23:59", true),
            ("0000-01-01T00:00+23:59", "0000-01-01T00:00Z", true),
            ("2022-02-11T14:55Z", "2022-02-11T14:55Z", false),
            ("2022-02-11", "2022-02-12", false),
            ("2022-02-11", "2022-02-13", true),
            ("2022-02-11T14:55", "2022-02-11T14:56Z", false),
            ("2022", "2023-01-01", false),
            ("2022", "2023-01-02", true),
            ("2022-01", "2022", false),
            ("2021-12", "2022-01-01T00:00Z", false),
            ("2021-12", "2022-01-02T00:00Z", true),
            ("9999", "9999-12-31", false),
        ] {
            assert_eq!(
                time(this).certainly_before(&time(that)),
                before,
                "{this} {that}"
            );
        }
    }
}

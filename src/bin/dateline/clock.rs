//! The only clock: the time of a release, and the time as of which signatures are checked.

use std::time::{SystemTime, UNIX_EPOCH};

use dateline::manifest::Created;

use crate::failure::Failure;

/// The variable that sets the time of reproducible builds, in seconds since 1970.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The given time, or that of `SOURCE_DATE_EPOCH`, or now.
pub(crate) fn created(given: Option<&str>) -> Result<Created, Failure> {
    if let Some(text) = given {
        return parse(text);
    }
    let seconds = match std::env::var(EPOCH) {
        Ok(seconds) => seconds.parse().map_err(|_| {
            Failure::new(format!(
                "{EPOCH} must be a number of seconds since 1970, but is `{seconds}`"
            ))
        })?,
        Err(_) => now()?,
    };
    Created::from_unix(seconds).ok_or_else(|| {
        Failure::new(format!(
            "{seconds} seconds since 1970 is outside the years 1 to 9999"
        ))
    })
}

/// The given time in seconds since 1970, or now. Ignores `SOURCE_DATE_EPOCH`, which must not decide whose
/// signatures are valid.
pub(crate) fn judged(given: Option<&str>) -> Result<i64, Failure> {
    match given {
        Some(text) => {
            let time: jiff::Timestamp = parse(text)?.to_string().parse()?;
            Ok(time.as_second())
        }
        None => now(),
    }
}

fn parse(text: &str) -> Result<Created, Failure> {
    text.parse::<Created>()
        .map_err(|error| Failure::from(error).hint("write it as in 2026-01-31T12:00:00Z"))
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
fn now() -> Result<i64, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_secs())?)
}

//! The one clock: when a release was created, and as of when signatures are judged.

use std::time::{SystemTime, UNIX_EPOCH};

use dateline::manifest::Created;

use crate::failure::Failure;

/// The variable by which reproducible builds are told the time (seconds since 1970).
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The time given, or that of `SOURCE_DATE_EPOCH`, or now.
pub(crate) fn created(given: Option<&str>) -> Result<Created, Failure> {
    if let Some(text) = given {
        return parse(text);
    }
    let seconds = match std::env::var(EPOCH) {
        Ok(seconds) => seconds.parse().map_err(|_| {
            Failure::new(format!(
                "{EPOCH} is `{seconds}`, not a number of seconds since 1970"
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

/// The time given in seconds since 1970, or now; `SOURCE_DATE_EPOCH` has no say in who may sign.
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
        .map_err(|error| Failure::from(error).hint("as in 2026-01-31T12:00:00Z"))
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
fn now() -> Result<i64, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_secs())?)
}

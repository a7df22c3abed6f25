//! Articles that the last release has and the working state no longer.

use std::collections::BTreeSet;

use super::{WithdrawError, survey};
use crate::corpus::{Corpus, Part};
use crate::record::{Id, RecordType};
use crate::release::HistoryError;

/// The articles of the newest release of `corpus` that its working state has neither as articles nor as
/// withdrawals: those that have to be withdrawn before the next release is sealed.
///
/// # Errors
///
/// [`WithdrawError`], where the entries of the release or the working state cannot be read.
pub fn missing(corpus: &Corpus) -> Result<BTreeSet<Id>, WithdrawError> {
    let mut missing = BTreeSet::new();
    let Some(number) = corpus.newest() else {
        return Ok(missing);
    };
    for entry in corpus.entries(number).map_err(HistoryError::from)? {
        let entry = entry.map_err(HistoryError::from)?;
        if entry.kind == RecordType::Article {
            missing.insert(entry.id);
        }
    }
    let state = corpus.working()?;
    for part in [Part::Records, Part::Withdrawals] {
        let here = survey::each(&state, part, |line, root| {
            let id = survey::id(line, root)?;
            Ok(missing.contains(id.as_str()).then_some(id))
        })?;
        for id in here {
            missing.remove(id.as_str());
        }
    }
    Ok(missing)
}

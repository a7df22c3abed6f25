//! What a person decided about an article that may be a withdrawn one.

use serde::{Deserialize, Serialize};

use crate::record::{Id, Time};

/// One line of `decisions.jsonl`. Of several about one article the last counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What was decided.
    pub decision: Verdict,
    /// The id of the article.
    pub id: Id,
    /// The day.
    pub date: Time,
    /// Who decided.
    pub by: String,
}

/// What can be decided about an article that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It goes, too.
    Also,
    /// It is another article, and stays.
    Distinct,
}

//! What relations claim of their articles, which shows only at the articles.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::ids::{Key, LineId};
use super::late::LateFinding;
use crate::check::line::value::pointer;
use crate::check::line::view::View;
use crate::check::rules::relation::{evidence_of, stretch};
use crate::diagnostic::codes;
use crate::digest::Digest;
use crate::json::{Node, Pointer};
use crate::record::Id;

/// Something that a relation says of a record, which shows only at that record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Of which record.
    pub(crate) of: Key,
    /// Where the relation stands.
    pub(crate) line: LineId,
    said: Said,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// `from` or `to`: the record is there. With the order that the relation's kind is, if any.
    Exists(Side, Option<Acyclic>),
    /// `from_content` or `to_content`: its content digest begins so.
    Content(Side, [u8; 8]),
    /// Evidence of this index lies in its text.
    Text(Side, u32, u64, u64),
    /// Evidence of this index lies in its raw item.
    Raw(Side, u32, u64),
}

/// The kinds of relations that never lead in a circle: each is an order of what it relates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Acyclic {
    Continues,
    Corrects,
    IsDerivedFrom,
    IsNewVersionOf,
    IsPartOf,
    IsTranslationOf,
    Obsoletes,
    Retracts,
}

impl Acyclic {
    const ALL: [Self; 8] = [
        Self::Continues,
        Self::Corrects,
        Self::IsDerivedFrom,
        Self::IsNewVersionOf,
        Self::IsPartOf,
        Self::IsTranslationOf,
        Self::Obsoletes,
        Self::Retracts,
    ];

    /// Its name as a kind of relation.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Continues => "continues",
            Self::Corrects => "corrects",
            Self::IsDerivedFrom => "is_derived_from",
            Self::IsNewVersionOf => "is_new_version_of",
            Self::IsPartOf => "is_part_of",
            Self::IsTranslationOf => "is_translation_of",
            Self::Obsoletes => "obsoletes",
            Self::Retracts => "retracts",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    From,
    To,
}

impl Side {
    const fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
        }
    }
}

/// What the relation at `line` says of other records.
pub(crate) fn claims(root: Node<'_>, line: LineId) -> Vec<Claim> {
    let mut claims = Vec::new();
    let kind = root.get("relation").and_then(|kind| kind.as_str());
    let order = Acyclic::ALL
        .into_iter()
        .find(|order| kind.as_deref() == Some(order.name()));
    for (side, content) in [(Side::From, "from_content"), (Side::To, "to_content")] {
        let Some(id) = root.get(side.name()).and_then(|id| id.as_str()) else {
            continue;
        };
        if id.parse::<Id>().is_err() {
            continue;
        }
        let of = Key::of(&id);
        let mut claim = |said| claims.push(Claim { of, line, said });
        claim(Said::Exists(side, order));
        let digest = root.get(content).and_then(|digest| digest.as_str());
        if let Some(begin) = digest.and_then(|digest| beginning(&digest)) {
            claim(Said::Content(side, begin));
        }
        for (index, item) in evidence_of(root) {
            let stretch = item.get(side.name()).and_then(stretch);
            let (Some((start, end)), Ok(index)) = (stretch, u32::try_from(index)) else {
                continue;
            };
            if start >= end {
                continue;
            }
            match item.get("in").and_then(|within| within.as_str()).as_deref() {
                Some("text") => claim(Said::Text(side, index, start, end)),
                Some("raw") => claim(Said::Raw(side, index, end)),
                _ => {}
            }
        }
    }
    claims
}

fn beginning(digest: &str) -> Option<[u8; 8]> {
    let digest: Digest = digest.parse().ok()?;
    digest.as_bytes().first_chunk().copied()
}

/// An article that claims are held to.
pub(crate) struct Claimed<'t> {
    content_digest: Option<Node<'t>>,
    bytes: Option<Node<'t>>,
    text: Option<Node<'t>>,
    /// The text decoded, once a claim is about it: a relation may make a million claims.
    decoded: OnceCell<Option<Cow<'t, str>>>,
}

impl<'t> Claimed<'t> {
    pub(crate) fn new(article: &View<'t>) -> Self {
        Self {
            content_digest: article.own.content_digest,
            bytes: article.raw.bytes,
            text: article.content.text,
            decoded: OnceCell::new(),
        }
    }

    fn text(&self) -> Option<&str> {
        let decode = || self.text.and_then(|text| text.as_str());
        self.decoded.get_or_init(decode).as_deref()
    }
}

impl Claim {
    /// Whether it says no more than that the record is there.
    pub(crate) fn exists(&self) -> bool {
        matches!(self.said, Said::Exists(..))
    }

    /// That there is no such record.
    pub(crate) fn dangling(&self) -> Option<LateFinding> {
        let Said::Exists(side, _) = self.said else {
            return None;
        };
        Some(LateFinding {
            code: codes::RELATION_DANGLING,
            pointer: Pointer::root().key(side.name()),
            said: "is the id of no article or withdrawal of the corpus".to_owned(),
            within: None,
        })
    }

    /// Holds it to the article it is about: why it does not hold, or nothing where it does or
    /// cannot be judged.
    pub(crate) fn fails(&self, article: &Claimed<'_>) -> Option<LateFinding> {
        let evidence = |side: Side, index: u32, said: String| LateFinding {
            code: codes::EVIDENCE_RANGE,
            pointer: pointer("/evidence")
                .key(&index.to_string())
                .key(side.name()),
            said,
            within: None,
        };
        match &self.said {
            Said::Exists(..) => None,
            Said::Content(side, begin) => {
                let now = article.content_digest?.as_str()?;
                (beginning(&now)? != *begin).then(|| LateFinding {
                    code: codes::RELATION_STALE,
                    pointer: Pointer::root().key(&format!("{}_content", side.name())),
                    said: format!(
                        "is an earlier content of `{}`: it is {now} now",
                        side.name()
                    ),
                    within: None,
                })
            }
            Said::Text(side, index, start, end) => {
                let text = article.text()?;
                let boundary =
                    |at: u64| usize::try_from(at).is_ok_and(|at| text.is_char_boundary(at));
                let length = text.len();
                let cause = if u64::try_from(length).is_ok_and(|length| *end > length) {
                    format!("ends beyond the text's {length} bytes")
                } else if boundary(*start) && boundary(*end) {
                    return None;
                } else {
                    "cuts a character of the text".to_owned()
                };
                Some(evidence(
                    *side,
                    *index,
                    format!("the stretch {start}..{end} {cause}"),
                ))
            }
            Said::Raw(side, index, end) => {
                let bytes = article.bytes?.as_i64()?;
                let beyond = u64::try_from(bytes).is_ok_and(|bytes| *end > bytes);
                beyond.then(|| {
                    let said =
                        format!("the stretch ends at {end}, beyond the raw item's {bytes} bytes");
                    evidence(*side, *index, said)
                })
            }
        }
    }
}

/// The claims of all relations, by the record they are about.
#[derive(Debug, Default)]
pub(crate) struct Claims(Vec<Claim>);

impl Claims {
    pub(crate) fn new(mut claims: Vec<Claim>) -> Self {
        claims.sort_by_key(|claim| (claim.of, claim.line));
        Self(claims)
    }

    /// Those about the record of this key.
    pub(crate) fn of(&self, key: Key) -> impl Iterator<Item = &Claim> {
        let start = self.0.partition_point(|claim| claim.of < key);
        let rest = self.0.get(start..).unwrap_or_default();
        rest.iter().take_while(move |claim| claim.of == key)
    }

    /// Those about the record of this id.
    pub(crate) fn of_id(&self, id: &str) -> impl Iterator<Item = &Claim> {
        let some = (!self.0.is_empty()).then(|| self.of(Key::of(id)));
        some.into_iter().flatten()
    }

    /// Both ends of each relation whose kind is an order: its line, whether it is `to`, a number
    /// that stands for the record, and the order.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (LineId, bool, u32, Acyclic)> {
        let mut record = (None, 0);
        self.0.iter().filter_map(move |claim| {
            if record.0 != Some(claim.of) {
                record = (Some(claim.of), record.1 + 1);
            }
            let Said::Exists(side, Some(order)) = claim.said else {
                return None;
            };
            Some((claim.line, side == Side::To, record.1, order))
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Claim> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Claim;

    #[test]
    fn a_claim_takes_48_bytes() {
        assert_eq!(size_of::<Claim>(), 48);
    }
}

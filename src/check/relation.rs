//! What a relation must be beyond its schema, and what it claims of its articles.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::article;
use super::findings::Findings;
use super::ids::{Key, LineId};
use super::late::Late;
use super::value::{at, brace, pointer, shown};
use super::view::View;
use crate::diagnostic::{codes, escape};
use crate::digest::Digest;
use crate::json::{Node, Pointer, canonical};
use crate::record::{Id, RelationKind};

/// The ids of relations begin so, behind it stand 32 hexadecimal digits.
const ID_PREFIX: &str = "rel-";

/// Checks one relation by itself.
pub(super) fn check(root: Node<'_>, findings: &mut Findings<'_>) {
    let (from, to, to_url) = (root.get("from"), root.get("to"), root.get("to_url"));
    if let Some(value) = to_url {
        article::address(value, || pointer("/to_url"), findings);
    }
    match (to, root.member("to_url")) {
        (None, None) => {
            let message = "the relation leads nowhere: it has neither `to` nor `to_url`";
            findings.push(codes::RELATION_TARGET, brace(root), None, message);
        }
        (Some(_), Some(member)) => {
            let message = "the relation leads to two places: it has both `to` and `to_url`";
            let place = Some(pointer("/to_url"));
            findings.push(codes::RELATION_TARGET, member.key_span, place, message);
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    if let (Some(from), Some(to)) = (from, to)
        && let (Some(one), Some(two)) = (from.as_str(), to.as_str())
    {
        if one == two {
            let message = format!("the relation leads from `{}` to itself", shown(from));
            findings.on(codes::RELATION_SELF, to, pointer("/to"), message);
        } else if one > two && is_symmetric(root) {
            let message = format!(
                "`{}` holds both ways, and `from`, `{}`, is not the smaller id",
                root.get("relation").map(shown).unwrap_or_default(),
                shown(from)
            );
            findings
                .on(codes::RELATION_ORDER, from, pointer("/from"), message)
                .hint = Some("exchange `from` and `to`, and what is said of each".to_owned());
        }
    }
    id(root, findings);
    score(root, findings);
    evidence(root, findings);
}

/// No more was matched than there is.
fn score(root: Node<'_>, findings: &mut Findings<'_>) {
    let part = |key| at(root, &["score", key]);
    let (Some(matched), Some(length)) = (part("matched"), part("length")) else {
        return;
    };
    if let (Some(some), Some(all)) = (matched.as_i64(), length.as_i64())
        && some > all
    {
        let message = format!("{some} were matched, more than the {all} there are");
        findings.on(
            codes::FIELD_VALUE,
            matched,
            pointer("/score/matched"),
            message,
        );
    }
}

fn is_symmetric(root: Node<'_>) -> bool {
    let named = root.get("relation").and_then(|relation| relation.as_str());
    named
        .and_then(|name| serde_json::from_value::<RelationKind>(name.into()).ok())
        .is_some_and(RelationKind::is_symmetric)
}

/// The id is the one that the relation's parts give.
fn id(root: Node<'_>, findings: &mut Findings<'_>) {
    let Some(value) = root.get("id").filter(|id| !findings.is_flagged(*id)) else {
        return;
    };
    // Of two targets either may be the wrong one.
    if root.get("to").is_some() && root.get("to_url").is_some() {
        return;
    }
    let Some(id) = value.as_str() else { return };
    let message = match derived(root) {
        Some(derived) if *derived == *id => return,
        Some(derived) => {
            let (derived, id) = escape::apart(&derived, &id);
            format!("the parts of the relation give the id `{derived}`, not `{id}`")
        }
        None if id.starts_with(ID_PREFIX) => return,
        None => format!("the id of a relation begins with `{ID_PREFIX}`"),
    };
    findings.on(codes::RELATION_ID_MISMATCH, value, pointer("/id"), message);
}

/// `rel-` and 32 digits of the SHA-256 over `[relation, class, from, to or to_url, method, params]`;
/// nothing where a part is missing.
fn derived(root: Node<'_>) -> Option<String> {
    let target = root.get("to").or_else(|| root.get("to_url"))?;
    let parts = [
        root.get("relation")?,
        root.get("class")?,
        root.get("from")?,
        target,
        root.get("method")?,
    ];
    let mut form = vec![b'['];
    for part in parts {
        canonical::write(part, &mut form);
        form.push(b',');
    }
    match root.get("params") {
        Some(params) => canonical::write(params, &mut form),
        None => form.extend_from_slice(br#""""#),
    }
    form.push(b']');
    Some(format!("{ID_PREFIX}{:.32}", Digest::of(&form).hex()))
}

fn evidence(root: Node<'_>, findings: &mut Findings<'_>) {
    for (index, item) in evidence_of(root) {
        for side in SIDES {
            let Some(value) = item.get(side) else {
                continue;
            };
            let flagged = |end| value.get(end).is_some_and(|end| findings.is_flagged(end));
            if let Some((start, end)) = stretch(value)
                && start >= end
                && !flagged("end")
            {
                let message = format!(
                    "`start` is {start} and `end` is {end}, so the evidence names no bytes; `start` must be less \
                     than `end`"
                );
                let place = pointer("/evidence").index(index).key(side);
                findings.on(codes::EVIDENCE_RANGE, value, place, message);
            }
        }
    }
}

const SIDES: [&str; 2] = ["from", "to"];

fn evidence_of(root: Node<'_>) -> impl Iterator<Item = (usize, Node<'_>)> {
    let list = root.get("evidence");
    list.into_iter().flat_map(|list| list.items().enumerate())
}

fn stretch(value: Node<'_>) -> Option<(u64, u64)> {
    let bound = |key| u64::try_from(value.get(key)?.as_i64()?).ok();
    Some((bound("start")?, bound("end")?))
}

/// Something that a relation says of a record, which shows only at that record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// Of which record.
    pub(super) of: Key,
    /// Where the relation stands.
    pub(super) line: LineId,
    said: Said,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// `from` or `to`: the record is there. With the order that the relation's kind is, if any.
    Exists(Side, Option<Order>),
    /// `from_content` or `to_content`: its content digest begins so.
    Content(Side, [u8; 8]),
    /// Evidence of this index lies in its text.
    Text(Side, u32, u64, u64),
    /// Evidence of this index lies in its raw item.
    Raw(Side, u32, u64),
}

/// The kinds of relations that never lead in a circle: each is an order of what it relates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Continues,
    Corrects,
    IsDerivedFrom,
    IsNewVersionOf,
    IsPartOf,
    IsTranslationOf,
    Obsoletes,
    Retracts,
}

impl Order {
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
    pub(super) const fn name(self) -> &'static str {
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
pub(super) fn claims(root: Node<'_>, line: LineId) -> Vec<Claim> {
    let mut claims = Vec::new();
    let kind = root.get("relation").and_then(|kind| kind.as_str());
    let order = Order::ALL
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
pub(super) struct Claimed<'t> {
    content_digest: Option<Node<'t>>,
    bytes: Option<Node<'t>>,
    text: Option<Node<'t>>,
    /// The text decoded, once a claim is about it: a relation may make a million claims.
    decoded: OnceCell<Option<Cow<'t, str>>>,
}

impl<'t> Claimed<'t> {
    pub(super) fn new(article: &View<'t>) -> Self {
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
    pub(super) fn exists(&self) -> bool {
        matches!(self.said, Said::Exists(..))
    }

    /// That there is no such record.
    pub(super) fn dangling(&self) -> Option<Late> {
        let Said::Exists(side, _) = self.said else {
            return None;
        };
        Some(Late {
            code: codes::RELATION_DANGLING,
            pointer: Pointer::root().key(side.name()),
            said: "is the id of no article or withdrawal of the corpus".to_owned(),
            within: None,
        })
    }

    /// Holds it to the article it is about: why it does not hold, or nothing where it does or
    /// cannot be judged.
    pub(super) fn fails(&self, article: &Claimed<'_>) -> Option<Late> {
        let evidence = |side: Side, index: u32, said: String| Late {
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
                (beginning(&now)? != *begin).then(|| Late {
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
pub(super) struct Claims(Vec<Claim>);

impl Claims {
    pub(super) fn new(mut claims: Vec<Claim>) -> Self {
        claims.sort_by_key(|claim| (claim.of, claim.line));
        Self(claims)
    }

    /// Those about the record of this key.
    pub(super) fn of(&self, key: Key) -> impl Iterator<Item = &Claim> {
        let start = self.0.partition_point(|claim| claim.of < key);
        let rest = self.0.get(start..).unwrap_or_default();
        rest.iter().take_while(move |claim| claim.of == key)
    }

    /// Those about the record of this id.
    pub(super) fn of_id(&self, id: &str) -> impl Iterator<Item = &Claim> {
        let some = (!self.0.is_empty()).then(|| self.of(Key::of(id)));
        some.into_iter().flatten()
    }

    /// Both ends of each relation whose kind is an order: its line, whether it is `to`, a number
    /// that stands for the record, and the order.
    pub(super) fn ends(&self) -> impl Iterator<Item = (LineId, bool, u32, Order)> {
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

    pub(super) fn iter(&self) -> impl Iterator<Item = &Claim> {
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

//! What a relation must be beyond its schema.

use super::article;
use crate::check::line::findings::Findings;
use crate::check::line::value::{at, brace, pointer, shown};
use crate::diagnostic::{codes, escape};
use crate::digest::Digest;
use crate::json::{Node, canonical};
use crate::record::RelationKind;

/// The ids of relations begin so, behind it stand 32 hexadecimal digits.
const ID_PREFIX: &str = "rel-";

/// Checks one relation by itself.
pub(crate) fn check(root: Node<'_>, findings: &mut Findings<'_>) {
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

/// The pieces of evidence of a relation, with their indexes.
pub(crate) fn evidence_of(root: Node<'_>) -> impl Iterator<Item = (usize, Node<'_>)> {
    let list = root.get("evidence");
    list.into_iter().flat_map(|list| list.items().enumerate())
}

/// The bytes that one side of a piece of evidence names.
pub(crate) fn stretch(value: Node<'_>) -> Option<(u64, u64)> {
    let bound = |key| u64::try_from(value.get(key)?.as_i64()?).ok();
    Some((bound("start")?, bound("end")?))
}

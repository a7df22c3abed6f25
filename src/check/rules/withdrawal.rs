//! What a withdrawal must be beyond its schema.

use super::article;
use crate::check::line::findings::Findings;
use crate::check::line::value::pointer;
use crate::diagnostic::codes;
use crate::json::{Kind, Node};
use crate::record::{self, WithdrawalReason};

/// Checks one withdrawal by itself.
pub(crate) fn check(root: Node<'_>, findings: &mut Findings<'_>) {
    if let Some(date) = root.get("date") {
        article::time(date, || pointer("/date"), findings);
    }
    let mut kinds = [None, None];
    for place in ["raw_digest", "text_digest", "url_digests", "url_keys"] {
        let Some(value) = root.get(place) else {
            continue;
        };
        let keys: Vec<Node<'_>> = if value.kind() == Kind::Array {
            value.items().collect()
        } else {
            vec![value]
        };
        for key in &keys {
            let text = key.as_str().unwrap_or_default();
            if let Ok(key) = text.parse::<record::Key>()
                && let Some(first) = kinds.get_mut(usize::from(key.is_private()))
            {
                first.get_or_insert((place, value.span()));
            }
        }
        let disordered = keys
            .windows(2)
            .any(|pair| matches!(pair, [one, two] if one.as_str() >= two.as_str()));
        if disordered {
            let message = format!("the keys of `{place}` do not ascend, each once");
            let found = findings.push(
                codes::WITHDRAWAL_KEYS_ORDER,
                value.span(),
                Some(pointer(&format!("/{place}"))),
                message,
            );
            found.hint = Some("sort the keys by their bytes and leave out repeats".to_owned());
        }
    }
    if let [Some(_), Some((place, span))] = kinds.clone() {
        findings.push(
            codes::WITHDRAWAL_PRIVATE,
            span,
            Some(pointer(&format!("/{place}"))),
            "some keys are private and some are public",
        );
    }
    let reason = root.get("reason").and_then(|reason| reason.as_str());
    let reason = WithdrawalReason::ALL
        .into_iter()
        .find(|known| Some(known.name()) == reason.as_deref());
    if let Some(reason) = reason.filter(|reason| reason.is_keyless())
        && let Some((place, span)) = kinds.into_iter().flatten().next()
    {
        findings.push(
            codes::WITHDRAWAL_KEYLESS,
            span,
            Some(pointer(&format!("/{place}"))),
            format!(
                "a withdrawal for the reason `{}` has no keys",
                reason.name()
            ),
        );
    }
}

//! What the schemas refuse, as codes.

use std::ops::Range;

use super::round_trip;
use crate::check::line::findings::Findings;
use crate::diagnostic::escape::shown;
use crate::diagnostic::{Code, codes};
use crate::json::{Node, Pointer};
use crate::record::Id;
use crate::schema::{CROWDED, Schema, SchemaError};

/// Holds `root` to the built-in schema of that name.
///
/// What a rule of the other files says better is left to it: which target a relation has, its id,
/// and that content has its digest.
pub(crate) fn check(schema: &str, root: Node<'_>, findings: &mut Findings<'_>) {
    let Some(schema) = Schema::named(schema) else {
        return;
    };
    if schema.accepts(root) {
        return;
    }
    // The errors come in the order of their places; one place gets each code once.
    let mut here: (Range<usize>, Vec<&Code>) = (0..0, Vec::new());
    let crowded = root.slots() > CROWDED;
    for error in schema.validate(root) {
        // One that is alone is left to nobody.
        if !crowded && is_left(&error, findings.bytes) {
            continue;
        }
        let code = Code::of_schema(&error, findings.bytes);
        if here.0 != error.span {
            here = (error.span.clone(), Vec::new());
        }
        // Each key that is missing is a defect of its own, though their place is one brace.
        if error.key.is_none() {
            if here.1.contains(&code) {
                continue;
            }
            here.1.push(code);
        }
        let mut pointer = error.pointer.clone();
        if let Some(key) = &error.key {
            pointer.push_key(key);
        }
        let value = findings.bytes.get(error.span.clone()).unwrap_or_default();
        let made = round_trip::of_schema(code, &error, value).map(str::to_owned);
        let hint = made.or_else(|| hint(code, &error, &pointer));
        // What a malformed digest covers is not held to it.
        let unchecked = DIGESTS.contains(&pointer.as_str());
        let url = text(&error, findings.bytes).filter(|_| code == codes::URL_INVALID);
        let (message, hint) = match url.and_then(url_fault) {
            Some((message, advice)) => (message, Some(advice.to_owned())),
            None => (error.message, hint),
        };
        let message = if crowded {
            let slots = root.slots();
            format!(
                "{message}; what else does not match the schema is not looked for in a line of more than \
                 {CROWDED} values and keys: this one has {slots}"
            )
        } else {
            message
        };
        let found = findings.push(code, error.span, Some(pointer), message);
        found.hint = hint;
        found.unchecked |= unchecked || crowded;
    }
}

/// Where an article holds the digests that its own bytes are held to.
const DIGESTS: [&str; 3] = ["/content_digest", "/text_digest", "/raw/digest"];

/// Whether another rule reports the error.
fn is_left(error: &SchemaError, line: &[u8]) -> bool {
    let path = &error.schema_path;
    let target = error.pointer.is_root() && error.keyword == "oneOf";
    let digest = path.contains("/dependentRequired");
    let relation_id = path.ends_with("relation.schema.json#/properties/id/pattern")
        && text(error, line).is_some_and(|id| id.parse::<Id>().is_ok());
    target || digest || relation_id
}

/// The text of a string that is written without escapes.
fn text<'l>(error: &SchemaError, line: &'l [u8]) -> Option<&'l str> {
    let quoted = std::str::from_utf8(line.get(error.span.clone())?).ok()?;
    let text = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then_some(text)
}

/// Why a text is no URL of a record, and what to do about it.
fn url_fault(url: &str) -> Option<(String, &'static str)> {
    let mut schemes = ["https://", "http://"].into_iter();
    let scheme = schemes.find(|scheme| url.starts_with(scheme));
    let odd = url.chars().find(|one| !one.is_ascii_graphic());
    let (cause, advice) = match (scheme, odd) {
        (None, _) => (
            "it does not begin with `http://` or `https://`".to_owned(),
            "write the whole address; where it is not known, leave out the field, or the link or relation that needs it",
        ),
        (_, Some(odd)) => (
            format!("U+{:04X} is not printable ASCII", u32::from(odd)),
            "write it as the URL Standard does: a host in Punycode (`xn--…`), other characters \
             percent-encoded (`%20`)",
        ),
        (Some(scheme), None)
            if url.len() == scheme.len()
                || url.get(scheme.len()..)?.starts_with(['/', '?', '#']) =>
        {
            (
                format!("no host follows `{scheme}`"),
                "write the whole address; where it is not known, leave out the field, or the link or relation that needs it",
            )
        }
        _ => return None,
    };
    let message = format!(
        "`{}` is not an absolute http or https URL: {cause}",
        shown(url)
    );
    Some((message, advice))
}

fn hint(code: &Code, error: &SchemaError, pointer: &Pointer) -> Option<String> {
    if code == codes::FIELD_UNKNOWN {
        return Some(match pointer.as_str() {
            "/trace" => "traces lie beside the records, in `traces/`, on lines of `id` and `trace`"
                .to_owned(),
            _ => "correct its name; a field of your own goes under `x`".to_owned(),
        });
    }
    if code == codes::FIELD_EMPTY {
        return Some(
            "write its value; where there is none, leave the field out: no field is empty"
                .to_owned(),
        );
    }
    error.description.map(str::to_owned)
}

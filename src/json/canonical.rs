//! The canonical form: RFC 8785 within dateline's rules.
//!
//! No white space; members sorted by the UTF-16 code units of their keys (RFC 8785, section
//! 3.2.3); strings with the escapes of ECMAScript's `JSON.stringify` and no others (section
//! 3.2.2.2); integers as they are. Strings are never normalised.
//!
//! Within the rules of [`Tape::parse`], and where keys are ASCII, this is what Python's
//! `json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))` prints.
//!
//! ```
//! use dateline::json::{Tape, canonical};
//!
//! let tape = Tape::parse(br#"{ "b": [1, true], "a": "\u00e9\u000A" }"#)?;
//! let mut out = Vec::new();
//! canonical::write(tape.root(), &mut out);
//! assert_eq!(out, r#"{"a":"é\n","b":[1,true]}"#.as_bytes());
//! # Ok::<(), dateline::json::SyntaxError>(())
//! ```

use serde::Serialize;

use super::lexeme::plain;
use super::{Kind, Member, Node, SyntaxError, Tape};

/// Why a value of Rust has no canonical form.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CanonicalError {
    /// It does not serialise to JSON: a map whose keys are no strings, for example.
    #[error("the value has no JSON form")]
    Serialize(#[source] serde_json::Error),
    /// Its JSON breaks dateline's rules: a floating-point number, for example.
    #[error(transparent)]
    Rules(SyntaxError),
}

/// Appends the canonical form of `node`.
pub fn write(node: Node<'_>, out: &mut Vec<u8>) {
    match node.kind() {
        Kind::Null | Kind::Bool | Kind::Integer => out.extend_from_slice(node.raw()),
        Kind::String => write_string(&node.as_str().unwrap_or_default(), out),
        Kind::Array => {
            out.push(b'[');
            for (index, item) in node.items().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Kind::Object => write_members(node.members().collect(), out),
    }
}

/// Appends the canonical form of the object `node` as if it had no member named in `omit`.
///
/// Only its own members are left out, not those of what it holds. Of anything but an object the
/// whole form is appended.
pub fn write_object_without(node: Node<'_>, omit: &[&str], out: &mut Vec<u8>) {
    if node.kind() == Kind::Object {
        let kept = node
            .members()
            .filter(|member| !omit.contains(&member.key.as_ref()));
        write_members(kept.collect(), out);
    } else {
        write(node, out);
    }
}

/// The canonical form of whatever `value` serialises to.
///
/// # Errors
///
/// [`CanonicalError`] where that is not JSON, or JSON that breaks dateline's rules.
///
/// ```
/// use dateline::json::canonical;
///
/// assert_eq!(canonical::to_vec(&["é", ""])?, r#"["é",""]"#.as_bytes());
/// assert!(canonical::to_vec(&1.5).is_err());
/// # Ok::<(), canonical::CanonicalError>(())
/// ```
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let json = serde_json::to_vec(value).map_err(CanonicalError::Serialize)?;
    let tape = Tape::parse(&json).map_err(CanonicalError::Rules)?;
    let mut out = Vec::with_capacity(json.len());
    write(tape.root(), &mut out);
    Ok(out)
}

fn write_members(mut members: Vec<Member<'_>>, out: &mut Vec<u8>) {
    members.sort_by(|a, b| a.key.encode_utf16().cmp(b.key.encode_utf16()));
    out.push(b'{');
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(&member.key, out);
        out.push(b':');
        write(member.value, out);
    }
    out.push(b'}');
}

/// RFC 8785, section 3.2.2.2: the seven short escapes where there is one, `\u00xx` for other
/// control characters, everything else as it is.
pub(super) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let (clean, from_special) = rest.split_at_checked(plain(rest)).unwrap_or_default();
        out.extend_from_slice(clean);
        let Some((&special, behind)) = from_special.split_first() else {
            break;
        };
        match special {
            b'"' => out.extend_from_slice(br#"\""#),
            b'\\' => out.extend_from_slice(br"\\"),
            0x08 => out.extend_from_slice(br"\b"),
            0x09 => out.extend_from_slice(br"\t"),
            0x0A => out.extend_from_slice(br"\n"),
            0x0C => out.extend_from_slice(br"\f"),
            0x0D => out.extend_from_slice(br"\r"),
            control => out.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
        }
        rest = behind;
    }
    out.push(b'"');
}

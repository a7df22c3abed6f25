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

use std::borrow::Cow;
use std::cmp::Ordering;

use serde::Serialize;

use super::lexeme::{decode, decode_units, plain};
use super::{Kind, Node, SyntaxError, Tape};

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
        Kind::String => write_inside(node.text(), out),
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
        Kind::Object => write_members(node, &[], out),
    }
}

/// Appends the canonical form of the object `node` as if it had no member named in `omit`.
///
/// Only its own members are left out, not those of what it holds. Of anything but an object the
/// whole form is appended.
pub fn write_object_without(node: Node<'_>, omit: &[&str], out: &mut Vec<u8>) {
    if node.kind() == Kind::Object {
        write_members(node, omit, out);
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

/// A member as it stands in the source.
#[derive(Clone, Copy)]
struct Standing<'t> {
    /// The key, without its quotes.
    key: &'t str,
    /// Whether the key's text is `key` itself.
    plain: bool,
    value: Node<'t>,
}

impl Standing<'_> {
    fn text(&self) -> Cow<'_, str> {
        if self.plain {
            Cow::Borrowed(self.key)
        } else {
            Cow::Owned(decode(self.key))
        }
    }

    /// The order of RFC 8785, section 3.2.3; of ASCII it is that of the bytes.
    fn order(&self, other: &Self) -> Ordering {
        if self.plain && other.plain && self.key.is_ascii() && other.key.is_ascii() {
            return self.key.cmp(other.key);
        }
        let (one, two) = (self.text(), other.text());
        one.encode_utf16().cmp(two.encode_utf16())
    }
}

fn write_members(object: Node<'_>, omit: &[&str], out: &mut Vec<u8>) {
    let mut rest = object.members();
    let mut members: Vec<Standing<'_>> = Vec::with_capacity(object.len());
    while let Some((key, value)) = rest.next_slots() {
        let span = key.span();
        let inside = span.start.saturating_add(1)..span.end.saturating_sub(1);
        let member = Standing {
            key: rest.source.get(inside).unwrap_or_default(),
            plain: !key.escaped,
            value,
        };
        if omit.is_empty() || !omit.contains(&&*member.text()) {
            members.push(member);
        }
    }
    members.sort_unstable_by(Standing::order);
    out.push(b'{');
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.push(b'"');
        if member.plain {
            out.extend_from_slice(member.key.as_bytes());
        } else {
            write_inside(member.key, out);
        }
        out.extend_from_slice(b"\":");
        write(member.value, out);
    }
    out.push(b'}');
}

/// Writes a string or its inside as it stands in a source: only escapes have another canonical form,
/// and few of them.
fn write_inside(source: &str, out: &mut Vec<u8>) {
    let mut rest = source;
    while let Some((clean, escape)) =
        memchr::memchr(b'\\', rest.as_bytes()).and_then(|at| rest.split_at_checked(at))
    {
        out.extend_from_slice(clean.as_bytes());
        let length = match escape.as_bytes().get(1) {
            Some(b'u') => {
                let (character, length) = decode_units(escape);
                write_character(character, out);
                length + 1
            }
            Some(b'/') => {
                out.push(b'/');
                2
            }
            // The other escapes are those of the canonical form.
            _ => {
                out.extend_from_slice(escape.get(..2).unwrap_or_default().as_bytes());
                2
            }
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Writes a string (RFC 8785, section 3.2.2.2).
pub(super) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let (clean, from_special) = rest.split_at_checked(plain(rest)).unwrap_or_default();
        out.extend_from_slice(clean);
        let Some((&special, behind)) = from_special.split_first() else {
            break;
        };
        write_character(char::from(special), out);
        rest = behind;
    }
    out.push(b'"');
}

/// Writes one character of a string: the seven short escapes where there is one, `\u00xx` for other
/// control characters, everything else as it is.
fn write_character(character: char, out: &mut Vec<u8>) {
    match character {
        '"' => out.extend_from_slice(br#"\""#),
        '\\' => out.extend_from_slice(br"\\"),
        '\u{8}' => out.extend_from_slice(br"\b"),
        '\t' => out.extend_from_slice(br"\t"),
        '\n' => out.extend_from_slice(br"\n"),
        '\u{c}' => out.extend_from_slice(br"\f"),
        '\r' => out.extend_from_slice(br"\r"),
        control @ '\0'..='\u{1f}' => {
            out.extend_from_slice(format!("\\u{:04x}", u32::from(control)).as_bytes());
        }
        other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

//! Strict JSON: a flat tape of byte spans, pointers into it, and the canonical form.
//!
//! All JSON that dateline stores goes through [`Tape::parse`]. It accepts less than
//! RFC 8259 does, so that what it accepts means one thing to every reader:
//!
//! - UTF-8 without a byte order mark, no lone surrogates;
//! - integers only, `-?(0|[1-9][0-9]*)` within ±(2^53 − 1), no `-0`;
//! - no key twice in one object, compared decoded (`"id"` and `"\u0069d"` are one key);
//! - no more than [`MAX_DEPTH`] arrays and objects inside each other;
//! - no more than [`MAX_VALUES`] values and keys.
//!
//! Within these rules RFC 8785's canonical form ([`canonical`]) needs no floating-point printer.
//! What others wrote, the JSON of a dump, is read by [`Tape::parse_any`] instead, which takes all of
//! RFC 8259 within limits of depth and size.
//!
//! `null`, `""`, `[]` and `{}` are JSON and are read; that a record holds none of them is for its
//! schema to say.
//!
//! ```
//! use dateline::json::{Pointer, Tape};
//!
//! let tape = Tape::parse(br#"{"article": {"keywords": ["a", "\u0062"]}}"#)?;
//! let keyword = tape.root().at(&Pointer::parse("/article/keywords/1")?);
//! assert_eq!(keyword.and_then(|node| node.as_str()).as_deref(), Some("b"));
//! assert_eq!(keyword.map(|node| node.span()), Some(31..39));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod canonical;
mod error;
mod keys;
mod lexeme;
mod limit;
mod lookup;
mod node;
mod parse;
mod place;
mod pointer;
mod read;
mod slot;
mod tape;
mod validate;
mod within;

pub(crate) use error::shown;
pub use error::{Expected, SyntaxError, SyntaxErrorKind};
pub(crate) use lexeme::{plain, unit, unquoted};
pub use limit::{MAX_DEPTH, MAX_DEPTH_ANY, MAX_INTEGER, MAX_VALUES};
pub(crate) use lookup::Lookup;
pub use node::{Items, Member, Members, Node};
pub(crate) use place::{Place, places};
pub use pointer::{Pointer, PointerError};
pub use slot::Kind;
pub(crate) use tape::Memory;
pub use tape::{Duplicate, Tape};
pub(crate) use validate::OnTape;

#[cfg(test)]
mod tests;

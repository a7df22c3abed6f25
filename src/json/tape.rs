//! The strict parser: one pass over the source, one flat list of spans.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::error::shown;
use super::lexeme::{number_fault, plain, unit};
use super::limit::MAX_DEPTH;
use super::node::Members;
use super::slot::Slot;
use super::{Expected, Kind, Node, SyntaxError, SyntaxErrorKind};

/// Up to this many members an object's keys are compared one by one; beyond, hashed.
const COMPARED: usize = 16;

/// Room is made for one slot in so many bytes, which is what records have, and for no more slots
/// than this: a long text may hold one string.
const SPREAD: usize = 24;
const EXPECTED: usize = 1024;

/// A parsed JSON text: the spans of its values, in their order. The text itself stays where it is.
#[derive(Debug)]
pub struct Tape<'s> {
    source: &'s str,
    slots: Vec<Slot>,
}

impl<'s> Tape<'s> {
    /// Parses one JSON text; white space may surround the value.
    ///
    /// Takes time linear in the length of `source`, whatever it holds, and no stack that grows
    /// with it. Memory: 20 bytes a value or key.
    ///
    /// # Errors
    ///
    /// The first place that breaks the [rules](super); bytes that are not UTF-8 are found before
    /// anything else.
    pub fn parse(source: &'s [u8]) -> Result<Self, SyntaxError> {
        Parser::new(source)?.run()
    }

    /// The value that the text holds.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::root(self.source, &self.slots)
    }
}

/// What the parser takes next.
#[derive(Clone, Copy)]
enum Next {
    Value,
    FirstItem,
    /// The item after the comma at this offset.
    Item(usize),
    FirstKey,
    /// The key after the comma at this offset.
    Key(usize),
    /// A comma or the end of what is open.
    After,
}

/// An array or object whose end has not been seen.
struct Open<'s> {
    /// Its slot's place on the tape.
    slot: usize,
    kind: Kind,
    len: usize,
    /// Marks of the object's keys: see [`mark`].
    marks: u128,
    /// The keys of an object of more than [`COMPARED`] members.
    keys: Option<HashMap<Cow<'s, str>, Range<usize>>>,
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
    slots: Vec<Slot>,
    open: Vec<Open<'s>>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s [u8]) -> Result<Self, SyntaxError> {
        let length = source.len();
        if u32::try_from(length).is_err() {
            let kind = SyntaxErrorKind::TooLong { length };
            return Err(SyntaxError::new(0..length, kind));
        }
        // The quick check says only whether; the other one where.
        let source = simdutf8::basic::from_utf8(source)
            .or_else(|_| std::str::from_utf8(source))
            .map_err(|error| {
                let at = error.valid_up_to();
                let byte = source.get(at).copied().unwrap_or_default();
                SyntaxError::new(at..at + 1, SyntaxErrorKind::InvalidUtf8 { byte })
            })?;
        if source.starts_with('\u{FEFF}') {
            return Err(SyntaxError::new(0..3, SyntaxErrorKind::ByteOrderMark));
        }
        Ok(Self {
            source,
            at: 0,
            slots: Vec::with_capacity(length.min(EXPECTED * SPREAD) / SPREAD),
            open: Vec::new(),
        })
    }

    fn run(mut self) -> Result<Tape<'s>, SyntaxError> {
        let mut next = Some(Next::Value);
        while let Some(step) = next {
            self.skip_space();
            next = match (step, self.peek()) {
                (Next::FirstItem, Some(b']')) | (Next::FirstKey, Some(b'}')) => Some(self.close()),
                (Next::Item(comma), Some(b']')) => return Err(trailing_comma(comma, ']')),
                (Next::Key(comma), Some(b'}')) => return Err(trailing_comma(comma, '}')),
                (Next::Value | Next::Item(_), _) => Some(self.value(Expected::Value)?),
                (Next::FirstItem, _) => Some(self.value(Expected::ValueOrBracket)?),
                (Next::FirstKey, _) => Some(self.member(Expected::KeyOrBrace)?),
                (Next::Key(_), _) => Some(self.member(Expected::Key)?),
                (Next::After, found) => self.after(found)?,
            };
        }
        Ok(Tape {
            source: self.source,
            slots: self.slots,
        })
    }

    /// What follows a value; nothing at the end of the source.
    fn after(&mut self, found: Option<u8>) -> Result<Option<Next>, SyntaxError> {
        let Some(open) = self.open.last() else {
            if found.is_none() {
                return Ok(None);
            }
            let (span, found) = self.found();
            let kind = SyntaxErrorKind::TrailingData { found };
            return Err(SyntaxError::new(span, kind));
        };
        let object = open.kind == Kind::Object;
        match (found, object) {
            (Some(b','), true) => Ok(Some(Next::Key(self.take()))),
            (Some(b','), false) => Ok(Some(Next::Item(self.take()))),
            (Some(b'}'), true) | (Some(b']'), false) => Ok(Some(self.close())),
            (_, true) => Err(self.unexpected(Expected::CommaOrBrace)),
            (_, false) => Err(self.unexpected(Expected::CommaOrBracket)),
        }
    }

    fn value(&mut self, expected: Expected) -> Result<Next, SyntaxError> {
        if let Some(open) = self.open.last_mut()
            && open.kind == Kind::Array
        {
            open.len += 1;
        }
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.open(Kind::Object),
            Some(b'[') => self.open(Kind::Array),
            Some(b'"') => {
                let escaped = self.string()?;
                self.push(start, Kind::String, escaped);
                Ok(Next::After)
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                self.push(start, Kind::Integer, false);
                Ok(Next::After)
            }
            _ => {
                let kind = match self.word() {
                    "null" => Kind::Null,
                    "true" | "false" => Kind::Bool,
                    _ => return Err(self.unexpected(expected)),
                };
                self.at += self.word().len();
                self.push(start, kind, false);
                Ok(Next::After)
            }
        }
    }

    fn open(&mut self, kind: Kind) -> Result<Next, SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(self.at, SyntaxErrorKind::TooDeep));
        }
        self.open.push(Open {
            slot: self.slots.len(),
            kind,
            len: 0,
            marks: 0,
            keys: None,
        });
        let start = self.take();
        self.push(start, kind, false);
        Ok(if kind == Kind::Object {
            Next::FirstKey
        } else {
            Next::FirstItem
        })
    }

    fn close(&mut self) -> Next {
        self.at += 1;
        if let Some(open) = self.open.pop() {
            let inner = self.slots.len() - open.slot - 1;
            if let Some(slot) = self.slots.get_mut(open.slot) {
                slot.close(self.at, inner, open.len);
            }
        }
        Next::After
    }

    /// A key and its colon.
    fn member(&mut self, expected: Expected) -> Result<Next, SyntaxError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(expected));
        }
        let escaped = self.string()?;
        self.refuse_duplicate(start, escaped)?;
        self.push(start, Kind::String, escaped);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected(Expected::Colon));
        }
        self.at += 1;
        Ok(Next::Value)
    }

    /// Compares the key that ends here with those before it in the open object.
    fn refuse_duplicate(&mut self, start: usize, escaped: bool) -> Result<(), SyntaxError> {
        let key = Slot::new(start..self.at, Kind::String, escaped);
        let text = key.string(self.source);
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        open.len += 1;
        let mark = mark(text.as_bytes());
        let is_new = open.marks & mark == 0;
        open.marks |= mark;
        if is_new && open.len <= COMPARED {
            return Ok(());
        }
        let mut before = Members {
            source: self.source,
            slots: self.slots.get(open.slot + 1..).unwrap_or_default(),
        };
        let first = if open.len <= COMPARED {
            before
                .find(|member| member.key == text)
                .map(|member| member.key_span)
        } else {
            let source = self.source;
            let keys = open.keys.get_or_insert_with(|| {
                std::iter::from_fn(|| before.next_slots())
                    .map(|(key, _)| (key.string(source), key.span()))
                    .collect()
            });
            keys.insert(text.clone(), key.span())
        };
        match first {
            None => Ok(()),
            Some(first) => {
                let key = shown(&text);
                Err(self.error(start, SyntaxErrorKind::DuplicateKey { key, first }))
            }
        }
    }

    /// Passes a string and says whether a backslash is in it.
    fn string(&mut self) -> Result<bool, SyntaxError> {
        let start = self.take();
        let mut escaped = false;
        loop {
            let rest = self.rest();
            let length = plain(rest);
            self.at += length;
            match rest.get(length) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    if let Some(b'n' | b'"' | b'\\') = rest.get(length + 1) {
                        self.at += 2;
                    } else {
                        self.escape(start)?;
                    }
                }
                Some(&code) => {
                    let kind = SyntaxErrorKind::ControlCharacter { code };
                    return Err(SyntaxError::new(self.at..self.at + 1, kind));
                }
                None => return Err(self.unterminated(start)),
            }
        }
    }

    /// Passes one escape, or two that make a surrogate pair, of the string that began at `string`.
    fn escape(&mut self, string: usize) -> Result<(), SyntaxError> {
        let start = self.at;
        match self.rest().get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                return Ok(());
            }
            Some(b'u') => {}
            Some(_) => return Err(self.invalid_escape(2)),
            None => return Err(self.unterminated(string)),
        }
        let Some(first) = unit(self.rest()) else {
            return Err(self.invalid_escape(6));
        };
        self.at += 6;
        let whole = match first {
            0xD800..=0xDBFF => matches!(unit(self.rest()), Some(0xDC00..=0xDFFF)),
            0xDC00..=0xDFFF => false,
            _ => return Ok(()),
        };
        if whole {
            self.at += 6;
            return Ok(());
        }
        let escape = self.source.get(start..self.at).unwrap_or_default();
        let escape = escape.to_owned();
        Err(self.error(start, SyntaxErrorKind::LoneSurrogate { escape }))
    }

    /// Passes a number.
    fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let belongs = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let rest = self.rest();
        let length = rest.iter().position(|byte| !belongs(byte));
        self.at += length.unwrap_or(rest.len());
        let literal = self.source.get(start..self.at).unwrap_or_default();
        match number_fault(literal) {
            None => Ok(()),
            Some(kind) => Err(self.error(start, kind)),
        }
    }

    fn push(&mut self, start: usize, kind: Kind, escaped: bool) {
        self.slots.push(Slot::new(start..self.at, kind, escaped));
    }

    fn rest(&self) -> &'s [u8] {
        self.source.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    /// Passes one byte and gives its offset.
    fn take(&mut self) -> usize {
        let at = self.at;
        self.at += 1;
        at
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// The letters, digits and underscores that begin here.
    fn word(&self) -> &'s str {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    }

    /// What stands here, for a message: a word or one character.
    fn found(&self) -> (Range<usize>, String) {
        let word = self.word();
        let rest = self.source.get(self.at..).unwrap_or_default();
        let length = match rest.chars().next() {
            Some(character) if word.is_empty() => character.len_utf8(),
            _ => word.len(),
        };
        let found = shown(rest.get(..length).unwrap_or_default());
        (self.at..self.at + length, found)
    }

    /// A fault from `start` to here.
    fn error(&self, start: usize, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError::new(start..self.at.max(start + 1), kind)
    }

    fn unexpected(&self, expected: Expected) -> SyntaxError {
        let (span, found) = self.found();
        let kind = if span.is_empty() {
            SyntaxErrorKind::UnexpectedEnd { expected }
        } else {
            SyntaxErrorKind::Unexpected { found, expected }
        };
        SyntaxError::new(span, kind)
    }

    fn unterminated(&self, string: usize) -> SyntaxError {
        let begins = shown(self.source.get(string..).unwrap_or_default());
        let kind = SyntaxErrorKind::UnterminatedString { begins };
        SyntaxError::new(string..self.source.len(), kind)
    }

    /// The escape of at most `length` characters that begins here is none.
    fn invalid_escape(&self, length: usize) -> SyntaxError {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let escape: String = rest.chars().take(length).collect();
        // What follows the string is not part of the fault.
        let escape = match escape.get(2..).and_then(|digits| digits.find('"')) {
            Some(quote) => escape.get(..quote + 2).unwrap_or_default(),
            None => &escape,
        };
        let span = self.at..self.at + escape.len();
        let escape = shown(escape);
        SyntaxError::new(span, SyntaxErrorKind::InvalidEscape { escape })
    }
}

/// One bit of 128 that equal keys have in common, and few others.
#[inline]
fn mark(key: &[u8]) -> u128 {
    let byte = |byte: Option<&u8>| u32::from(byte.copied().unwrap_or_default());
    let length = u32::try_from(key.len() & 0xFF).unwrap_or_default();
    let mixed = byte(key.first())
        | byte(key.get(key.len() / 2)) << 8
        | byte(key.last()) << 16
        | length << 24;
    // Fibonacci hashing: the upper bits of the product depend on all bits below them.
    1 << (mixed.wrapping_mul(0x9E37_79B9) >> 25)
}

fn trailing_comma(comma: usize, bracket: char) -> SyntaxError {
    SyntaxError::new(comma..comma + 1, SyntaxErrorKind::TrailingComma { bracket })
}

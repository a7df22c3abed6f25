//! The strict parser: one pass over the source, one flat list of spans.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::error::shown;
use super::lexeme::{number_fault, plain, unit};
use super::limit::{MAX_DEPTH, MAX_VALUES};
use super::node::Members;
use super::slot::{Escapes, Slot};
use super::{Expected, Kind, Node, SyntaxError, SyntaxErrorKind};

/// Up to this many members an object's keys are compared one by one; beyond, hashed.
const COMPARED: usize = 16;

/// Room is made for one slot in so many bytes, which is what records have, and for no more slots
/// than this: a long text may hold one string.
const SPREAD: usize = 24;
const EXPECTED: usize = 1024;

/// No more faults of one text are told: each takes far more memory than the bytes it is about.
const FAULTS: usize = 1000;

/// A parsed JSON text: the spans of its values, in their order. The text itself stays where it is.
#[derive(Debug)]
pub struct Tape<'s> {
    source: &'s str,
    slots: Vec<Slot>,
}

impl<'s> Tape<'s> {
    /// Parses one JSON text; white space may surround the value.
    ///
    /// Takes time linear in the length of `source`, whatever it holds, and the stack of no more than
    /// [`MAX_DEPTH`] arrays and objects. Memory: 20 bytes a value or key, of which there are at most
    /// [`MAX_VALUES`].
    ///
    /// # Errors
    ///
    /// The first place that breaks the [rules](super); bytes that are not UTF-8 are found before
    /// anything else.
    pub fn parse(source: &'s [u8]) -> Result<Self, SyntaxError> {
        Self::parse_in(source, Memory::default())
    }

    /// [`parse`](Self::parse) in the memory of a tape that is done with.
    pub(crate) fn parse_in(source: &'s [u8], memory: Memory) -> Result<Self, SyntaxError> {
        let parser = Parser::new(source, memory, None)?;
        parser.run().map_err(|error| *error)
    }

    /// The places that break the rules, in order, the first of which is the error of
    /// [`parse`](Self::parse): as far as the grammar of JSON leads, and at most [`FAULTS`].
    pub(crate) fn faults(source: &'s [u8]) -> Vec<SyntaxError> {
        let mut faults = Vec::new();
        let parser = Parser::new(source, Memory::default(), Some(&mut faults));
        let last = match parser.map(Parser::run) {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(*error),
            Err(error) => Some(error),
        };
        faults.extend(last);
        faults
    }

    /// The memory of the tape, for another.
    pub(crate) fn into_memory(self) -> Memory {
        Memory(self.slots)
    }

    /// The value that the text holds.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::root(self.source, &self.slots)
    }
}

/// The memory of a tape that is done with.
#[derive(Debug, Default)]
pub(crate) struct Memory(Vec<Slot>);

/// A parse goes on, or has its error, which is kept elsewhere: what every step gives back fits in
/// registers.
type Step<T> = Result<T, Box<SyntaxError>>;

struct Parser<'s, 'f> {
    source: &'s str,
    at: usize,
    slots: Vec<Slot>,
    /// Takes the faults behind which the grammar goes on, where all are asked for.
    faults: Option<&'f mut Vec<SyntaxError>>,
}

impl<'s, 'f> Parser<'s, 'f> {
    fn new(
        source: &'s [u8],
        memory: Memory,
        faults: Option<&'f mut Vec<SyntaxError>>,
    ) -> Result<Self, SyntaxError> {
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
        let Memory(mut slots) = memory;
        slots.clear();
        slots.reserve(length.min(EXPECTED * SPREAD) / SPREAD);
        let mut parser = Self {
            source,
            at: 0,
            slots,
            faults,
        };
        if source.starts_with('\u{FEFF}') {
            let fault = SyntaxError::new(0..3, SyntaxErrorKind::ByteOrderMark);
            parser.pass(fault).map_err(|error| *error)?;
            parser.at = 3;
        }
        Ok(parser)
    }

    /// Ends the parse with a fault behind which the grammar goes on, or goes on where all are asked for.
    #[cold]
    fn pass(&mut self, fault: SyntaxError) -> Step<()> {
        match &mut self.faults {
            // The one that is too many is the last.
            Some(faults) if faults.len() + 1 < FAULTS => {
                faults.push(fault);
                Ok(())
            }
            _ => Err(fault.into()),
        }
    }

    fn run(mut self) -> Step<Tape<'s>> {
        self.value(0, Expected::Value)?;
        if self.next().is_some() {
            let (span, found) = self.found();
            let kind = SyntaxErrorKind::TrailingData { found };
            return Err(SyntaxError::new(span, kind).into());
        }
        Ok(Tape {
            source: self.source,
            slots: self.slots,
        })
    }

    /// A value that lies in `depth` arrays and objects.
    fn value(&mut self, depth: usize, expected: Expected) -> Step<()> {
        let found = self.next();
        let start = self.at;
        // Behind a key there is always a value, so these count all.
        if self.slots.len() >= MAX_VALUES {
            return Err(self.error(start, SyntaxErrorKind::TooMany).into());
        }
        match found {
            Some(b'"') => {
                let escapes = self.string()?;
                self.push(start, Kind::String, escapes);
            }
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                self.push(start, Kind::Integer, Escapes::None);
            }
            _ => {
                let kind = match self.word() {
                    "null" => Kind::Null,
                    "true" | "false" => Kind::Bool,
                    _ => return Err(self.unexpected(expected).into()),
                };
                self.at += self.word().len();
                self.push(start, kind, Escapes::None);
            }
        }
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Step<()> {
        let slot = self.open(depth, Kind::Array)?;
        let mut len = 0;
        if self.next() != Some(b']') {
            let mut expected = Expected::ValueOrBracket;
            loop {
                self.value(depth + 1, expected)?;
                len += 1;
                match self.next() {
                    Some(b',') => {}
                    Some(b']') => break,
                    _ => return Err(self.unexpected(Expected::CommaOrBracket).into()),
                }
                let comma = self.take();
                if self.next() == Some(b']') {
                    return Err(trailing_comma(comma, ']').into());
                }
                expected = Expected::Value;
            }
        }
        self.close(slot, len);
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Step<()> {
        let slot = self.open(depth, Kind::Object)?;
        let mut keys = Keys::default();
        if self.next() != Some(b'}') {
            let mut expected = Expected::KeyOrBrace;
            loop {
                self.key(slot, &mut keys, expected)?;
                self.value(depth + 1, Expected::Value)?;
                match self.next() {
                    Some(b',') => {}
                    Some(b'}') => break,
                    _ => return Err(self.unexpected(Expected::CommaOrBrace).into()),
                }
                let comma = self.take();
                if self.next() == Some(b'}') {
                    return Err(trailing_comma(comma, '}').into());
                }
                expected = Expected::Key;
            }
        }
        self.close(slot, keys.len);
        Ok(())
    }

    /// Begins an array or object, and gives its place on the tape.
    fn open(&mut self, depth: usize, kind: Kind) -> Step<usize> {
        if depth >= MAX_DEPTH {
            return Err(self.error(self.at, SyntaxErrorKind::TooDeep).into());
        }
        let slot = self.slots.len();
        let start = self.take();
        self.push(start, kind, Escapes::None);
        Ok(slot)
    }

    /// Ends an array or object of `len` items or members.
    fn close(&mut self, slot: usize, len: usize) {
        self.at += 1;
        let inner = self.slots.len() - slot - 1;
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.close(self.at, inner, len);
        }
    }

    /// A key of the object that begins at `slot`, and its colon.
    fn key(&mut self, slot: usize, keys: &mut Keys<'s>, expected: Expected) -> Step<()> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(expected).into());
        }
        let escapes = self.string()?;
        let key = Slot::new(start..self.at, Kind::String, escapes);
        let before = self.slots.get(slot + 1..).unwrap_or_default();
        if let Some(first) = keys.add(key, self.source, before) {
            let key = shown(&key.string(self.source));
            self.pass(self.error(start, SyntaxErrorKind::DuplicateKey { key, first }))?;
        }
        self.slots.push(key);
        if self.next() != Some(b':') {
            return Err(self.unexpected(Expected::Colon).into());
        }
        self.at += 1;
        Ok(())
    }

    /// Passes a string and says which escapes are in it.
    #[inline]
    fn string(&mut self) -> Step<Escapes> {
        let start = self.take();
        let mut escapes = Escapes::None;
        loop {
            let rest = self.rest();
            let length = plain(rest);
            self.at += length;
            match rest.get(length) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escapes);
                }
                Some(b'\\') => {
                    let next = rest.get(length + 1);
                    if let Some(b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't') = next {
                        self.at += 2;
                        escapes = escapes.max(Escapes::Canonical);
                    } else {
                        self.escape(start)?;
                        escapes = Escapes::Others;
                    }
                }
                Some(&code) => {
                    let kind = SyntaxErrorKind::ControlCharacter { code };
                    self.pass(SyntaxError::new(self.at..self.at + 1, kind))?;
                    self.at += 1;
                }
                None => return Err(self.unterminated(start).into()),
            }
        }
    }

    /// Passes one escape, or two that make a surrogate pair, of the string that began at `string`.
    #[inline(never)]
    fn escape(&mut self, string: usize) -> Step<()> {
        let start = self.at;
        match self.rest().get(1) {
            Some(b'/') => {
                self.at += 2;
                return Ok(());
            }
            Some(b'u') => {}
            Some(_) => return Err(self.invalid_escape(2).into()),
            None => return Err(self.unterminated(string).into()),
        }
        let Some(first) = unit(self.rest()) else {
            return Err(self.invalid_escape(6).into());
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
        self.pass(self.error(start, SyntaxErrorKind::LoneSurrogate { escape }))
    }

    /// Passes a number.
    fn number(&mut self) -> Step<()> {
        let start = self.at;
        let belongs = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let rest = self.rest();
        let length = rest.iter().position(|byte| !belongs(byte));
        self.at += length.unwrap_or(rest.len());
        let literal = self.source.get(start..self.at).unwrap_or_default();
        match number_fault(literal) {
            None => Ok(()),
            Some(kind) => self.pass(self.error(start, kind)),
        }
    }

    #[inline]
    fn push(&mut self, start: usize, kind: Kind, escapes: Escapes) {
        self.slots.push(Slot::new(start..self.at, kind, escapes));
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

    /// Passes white space and looks at the byte behind it.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                other => return other,
            }
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
    #[cold]
    fn error(&self, start: usize, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError::new(start..self.at.max(start + 1), kind)
    }

    #[cold]
    fn unexpected(&self, expected: Expected) -> SyntaxError {
        let (span, found) = self.found();
        let kind = if span.is_empty() {
            SyntaxErrorKind::UnexpectedEnd { expected }
        } else {
            SyntaxErrorKind::Unexpected { found, expected }
        };
        SyntaxError::new(span, kind)
    }

    #[cold]
    fn unterminated(&self, string: usize) -> SyntaxError {
        let begins = shown(self.source.get(string..).unwrap_or_default());
        let kind = SyntaxErrorKind::UnterminatedString { begins };
        SyntaxError::new(string..self.source.len(), kind)
    }

    /// The escape of at most `length` characters that begins here is none.
    #[cold]
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

/// The keys of an object that is being read.
#[derive(Default)]
struct Keys<'s> {
    len: usize,
    /// The [`mark`]s of all of them.
    marks: u128,
    /// Where the first of each stands, once there are more than [`COMPARED`].
    all: Option<HashMap<Cow<'s, str>, Range<usize>>>,
}

impl<'s> Keys<'s> {
    /// Adds a key; gives where it stands before, if it does. `before` are the members so far.
    #[inline]
    fn add(&mut self, key: Slot, source: &'s str, before: &[Slot]) -> Option<Range<usize>> {
        self.len += 1;
        // Keys that are the same may be written in two ways.
        let text = key.string(source);
        let mark = mark(text.as_bytes());
        let is_new = self.marks & mark == 0;
        self.marks |= mark;
        if is_new && self.len <= COMPARED {
            return None;
        }
        self.find_or_insert(key, text, source, before)
    }

    /// Compares a key with all before it, or looks it up among them.
    #[inline(never)]
    fn find_or_insert(
        &mut self,
        key: Slot,
        text: Cow<'s, str>,
        source: &'s str,
        before: &[Slot],
    ) -> Option<Range<usize>> {
        let mut members = Members {
            source,
            slots: before,
        };
        let mut keys = std::iter::from_fn(|| Some(*members.next_slots()?.0));
        if self.len <= COMPARED {
            let first = keys.find(|key| key.string(source) == text);
            return first.map(|key| key.span());
        }
        let all = self
            .all
            .get_or_insert_with(|| keys.map(|key| (key.string(source), key.span())).collect());
        all.insert(text, key.span())
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

//! The parser, strict or not: one pass over the source.

use std::borrow::Cow;
use std::ops::Range;

use super::error::shown;
use super::keys::Keys;
use super::lexeme::{number_fault, plain, unit};
use super::limit::{MAX_DEPTH, MAX_DEPTH_ANY, MAX_VALUES};
use super::slot::{Escapes, Slot};
use super::tape::Memory;
use super::{Duplicate, Expected, Kind, SyntaxError, SyntaxErrorKind, Tape};

/// Room is made for one slot in so many bytes, which is what records have, and for no more slots
/// than this: a long text may hold one string.
const SPREAD: usize = 24;
const EXPECTED: usize = 1024;

/// No more faults of one text are told: each takes far more memory than the bytes it is about.
const FAULTS: usize = 1000;

/// What a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// What a record may: see [`Tape::parse`].
    Record,
    /// All of RFC 8259: see [`Tape::parse_any`].
    Any,
}

impl Rules {
    const fn depth(self) -> usize {
        match self {
            Self::Record => MAX_DEPTH,
            Self::Any => MAX_DEPTH_ANY,
        }
    }
}

/// A parse goes on, or has its error, which is kept elsewhere: what every step gives back fits in
/// registers.
pub(super) type Step<T> = Result<T, Box<SyntaxError>>;

pub(super) struct Parser<'s, 'f> {
    source: &'s str,
    at: usize,
    slots: Vec<Slot>,
    rules: Rules,
    duplicates: Vec<Duplicate>,
    /// Takes the faults behind which the grammar goes on, where all are asked for.
    faults: Option<&'f mut Vec<SyntaxError>>,
}

impl<'s, 'f> Parser<'s, 'f> {
    pub(super) fn new(
        source: &'s [u8],
        memory: Memory,
        rules: Rules,
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
            rules,
            duplicates: Vec::new(),
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

    /// Parses the text.
    pub(super) fn run(mut self) -> Step<Tape<'s>> {
        let mut open: Vec<Open<'s>> = Vec::new();
        let mut expected = Expected::Value;
        loop {
            let mut is_first = self.value(&mut open, expected)?;
            expected = loop {
                let Some(last) = open.last_mut() else {
                    return self.end();
                };
                let found = self.next();
                if found != Some(last.bracket) {
                    break self.further(last, found, is_first)?;
                }
                self.close(last);
                open.pop();
                is_first = false;
            };
        }
    }

    /// Ends the text behind its value.
    fn end(mut self) -> Step<Tape<'s>> {
        if self.next().is_some() {
            let (span, found) = self.found();
            let kind = SyntaxErrorKind::TrailingData { found };
            return Err(SyntaxError::new(span, kind).into());
        }
        Ok(Tape {
            source: Cow::Borrowed(self.source),
            slots: self.slots,
            duplicates: self.duplicates,
        })
    }

    /// Passes a value, or only the bracket that opens it: then it is in `open`, and gives true.
    #[inline]
    fn value(&mut self, open: &mut Vec<Open<'s>>, expected: Expected) -> Step<bool> {
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
            Some(b'{') => {
                open.push(self.open(open.len(), Kind::Object, b'}')?);
                return Ok(true);
            }
            Some(b'[') => {
                open.push(self.open(open.len(), Kind::Array, b']')?);
                return Ok(true);
            }
            Some(b'-' | b'0'..=b'9') => {
                let kind = self.number()?;
                self.push(start, kind, Escapes::None);
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
        Ok(false)
    }

    /// Goes from the bracket that opens an array or object, or from one of the values in it, to the next
    /// value, and says what is expected there. Where the two meet, `found` is.
    #[inline]
    fn further(
        &mut self,
        open: &mut Open<'s>,
        found: Option<u8>,
        is_first: bool,
    ) -> Step<Expected> {
        let is_object = open.bracket == b'}';
        if !is_first {
            if found != Some(b',') {
                let expected = if is_object {
                    Expected::CommaOrBrace
                } else {
                    Expected::CommaOrBracket
                };
                return Err(self.unexpected(expected).into());
            }
            let comma = self.take();
            if self.next() == Some(open.bracket) {
                return Err(trailing_comma(comma, open.bracket.into()).into());
            }
        }
        match (is_object, is_first) {
            (true, true) => self.key(open, Expected::KeyOrBrace)?,
            (true, false) => self.key(open, Expected::Key)?,
            (false, _) => open.len += 1,
        }
        Ok(if is_first && !is_object {
            Expected::ValueOrBracket
        } else {
            Expected::Value
        })
    }

    /// Begins an array or object in `depth` others, which ends with `bracket`.
    fn open(&mut self, depth: usize, kind: Kind, bracket: u8) -> Step<Open<'s>> {
        let most = self.rules.depth();
        if depth >= most {
            return Err(self
                .error(self.at, SyntaxErrorKind::TooDeep { most })
                .into());
        }
        let slot = self.slots.len();
        let start = self.take();
        self.push(start, kind, Escapes::None);
        Ok(Open {
            slot,
            bracket,
            len: 0,
            keys: Keys::default(),
        })
    }

    /// Ends an array or object with its bracket, which is here.
    fn close(&mut self, open: &Open<'s>) {
        self.at += 1;
        let inner = self.slots.len() - open.slot - 1;
        if let Some(slot) = self.slots.get_mut(open.slot) {
            slot.close(self.at, inner, open.len);
        }
    }

    /// A key of an object, and its colon.
    fn key(&mut self, object: &mut Open<'s>, expected: Expected) -> Step<()> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(expected).into());
        }
        let escapes = self.string()?;
        let key = Slot::new(start..self.at, Kind::String, escapes);
        let before = self.slots.get(object.slot + 1..).unwrap_or_default();
        object.len += 1;
        if let Some(first) = object.keys.add(key, object.len, self.source, before) {
            self.duplicate(key, first)?;
        }
        self.slots.push(key);
        if self.next() != Some(b':') {
            return Err(self.unexpected(Expected::Colon).into());
        }
        self.at += 1;
        Ok(())
    }

    /// Notes that a key stands in its object before.
    #[cold]
    fn duplicate(&mut self, key: Slot, first: Range<usize>) -> Step<()> {
        let span = key.span();
        if self.rules == Rules::Any {
            self.duplicates.push(Duplicate { key: span, first });
            return Ok(());
        }
        let key = shown(&key.string(self.source));
        let kind = SyntaxErrorKind::DuplicateKey { key, first };
        self.pass(SyntaxError::new(span, kind))
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
                        escapes = escapes.max(self.escape(start)?);
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
    fn escape(&mut self, string: usize) -> Step<Escapes> {
        let start = self.at;
        match self.rest().get(1) {
            Some(b'/') => {
                self.at += 2;
                return Ok(Escapes::Others);
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
            _ => return Ok(Escapes::Others),
        };
        if whole {
            self.at += 6;
            return Ok(Escapes::Others);
        }
        if self.rules == Rules::Any {
            return Ok(Escapes::Lone);
        }
        let escape = self.source.get(start..self.at).unwrap_or_default();
        let escape = escape.to_owned();
        self.pass(self.error(start, SyntaxErrorKind::LoneSurrogate { escape }))?;
        Ok(Escapes::Lone)
    }

    /// Passes a number and says of which kind it is.
    fn number(&mut self) -> Step<Kind> {
        let start = self.at;
        let belongs = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let rest = self.rest();
        let length = rest.iter().position(|byte| !belongs(byte));
        self.at += length.unwrap_or(rest.len());
        let literal = self.source.get(start..self.at).unwrap_or_default();
        match number_fault(literal) {
            None => Ok(Kind::Integer),
            Some(fault) if self.rules == Rules::Any && fault.is_json() => Ok(Kind::Number),
            Some(fault) => {
                self.pass(self.error(start, fault.of(literal)))?;
                Ok(Kind::Number)
            }
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

/// An array or object that is being read.
struct Open<'s> {
    /// Its place on the tape.
    slot: usize,
    /// What ends it.
    bracket: u8,
    /// How many items or members it has so far.
    len: usize,
    keys: Keys<'s>,
}

fn trailing_comma(comma: usize, bracket: char) -> SyntaxError {
    SyntaxError::new(comma..comma + 1, SyntaxErrorKind::TrailingComma { bracket })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{MAX_DEPTH, MAX_DEPTH_ANY};
    use crate::json::{Duplicate, Kind, Pointer, SyntaxErrorKind, Tape};

    /// The places of what is wrong with a text of a dump.
    fn fault(source: &str) -> (usize, String) {
        let error = Tape::parse_any(source.as_bytes()).unwrap_err();
        assert!(error.span().end <= source.len());
        // What is no JSON is no record either, and for the same reason.
        assert_eq!(Tape::parse(source.as_bytes()).unwrap_err(), error);
        (error.offset, error.to_string())
    }

    #[test]
    fn a_dump_may_hold_any_number() {
        let source = "[0, -0, 1.50, 1E+2, 9007199254740993, 123456789012345678901234567890]";
        let tape = Tape::parse_any(source.as_bytes()).unwrap();
        let kinds: Vec<Kind> = tape.root().items().map(|item| item.kind()).collect();
        assert_eq!(kinds.first(), Some(&Kind::Integer));
        assert!(kinds.iter().skip(1).all(|kind| *kind == Kind::Number));
        let slow: serde_json::Value = serde_json::from_str(source).unwrap();
        assert_eq!(tape.root().to_value(), slow);
        assert!(
            tape.root()
                .items()
                .skip(1)
                .all(|item| item.as_i64().is_none())
        );
    }

    #[test]
    fn what_is_no_json_is_refused_at_its_byte() {
        for (source, at, message) in [
            ("[NaN]", 1, "expected a value or `]`, found `NaN`"),
            ("[1, Infinity]", 4, "expected a value, found `Infinity`"),
            ("[1, -Infinity]", 4, "`-` is not a number of JSON"),
            ("[1.]", 1, "`1.` is not a number of JSON"),
            ("[01.5]", 1, "number `01.5` begins with a zero"),
            ("[\"\\ud83\"]", 2, "`\\ud83` is not an escape of JSON"),
            (
                "[\"\u{0}\"]",
                2,
                "control character U+0000 in a string is not escaped",
            ),
            ("{\"a\":1,}", 6, "a comma before `}`"),
            (
                "\u{feff}{}",
                0,
                "the text begins with a byte order mark (U+FEFF)",
            ),
        ] {
            assert_eq!(fault(source), (at, message.to_owned()), "{source}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_leaves_a_string_without_a_text() {
        let source = r#"{"\ud83d": "a\udead", "\ud83e": "\ud83d\ude00", "b": "c"}"#;
        let tape = Tape::parse_any(source.as_bytes()).unwrap();
        let values: Vec<_> = tape.root().members().map(|member| member.value).collect();
        let texts: Vec<_> = values.iter().map(crate::json::Node::as_str).collect();
        assert_eq!(texts, [None, Some("😀".into()), Some("c".into())]);
        assert!(
            values
                .iter()
                .take(1)
                .all(|value| value.beginning(9).is_none())
        );
        assert!(
            values
                .iter()
                .take(1)
                .all(|value| !value.is_text("a\u{fffd}"))
        );
        // Two keys without a text are not one, and none is that of U+FFFD.
        assert_eq!(tape.duplicates(), []);
        assert!(tape.root().get("\u{fffd}").is_none());
    }

    #[test]
    fn keys_that_stand_twice_are_listed() {
        let many: Vec<String> = (0..40).map(|n| format!("\"k{n}\":{n}")).collect();
        for before in [String::new(), many.join(",") + ","] {
            let source = format!(r#"{{{before}"id":1,"\u0069d":2,"id":3}}"#);
            let tape = Tape::parse_any(source.as_bytes()).unwrap();
            let at = 1 + before.len();
            let first = at..at + 4;
            let expected = [at + 7..at + 16, at + 19..at + 23].map(|key| Duplicate {
                key,
                first: first.clone(),
            });
            assert_eq!(tape.duplicates(), expected);
            // The first is found, by whichever way.
            let id = Pointer::root().key("id");
            let mut lookup = crate::json::Lookup::new(tape.root());
            for found in [tape.root().at(&id), lookup.at(&id)] {
                assert_eq!(found.unwrap().as_i64(), Some(1));
            }
        }
    }

    #[test]
    fn depth_is_bounded_and_takes_no_stack() {
        for (open, close) in [("[", "]"), ("{\"\":", "}")] {
            let nested = |depth: usize| open.repeat(depth) + "1" + &close.repeat(depth);
            assert!(Tape::parse_any(nested(MAX_DEPTH_ANY).as_bytes()).is_ok());
            let deep = nested(100_000);
            for (rules, most) in [
                (Tape::parse_any(deep.as_bytes()), MAX_DEPTH_ANY),
                (Tape::parse(deep.as_bytes()), MAX_DEPTH),
            ] {
                let error = rules.unwrap_err();
                assert_eq!(error.kind, SyntaxErrorKind::TooDeep { most });
                assert_eq!(error.offset, open.len() * most);
            }
        }
    }
}

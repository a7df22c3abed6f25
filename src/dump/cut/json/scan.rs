//! Where values of JSON end.

use std::io::{self, Read};

use super::JsonFault;
use crate::dump::cut::window::Window;
use crate::json::{Expected, MAX_DEPTH_ANY, plain};

/// The character before each text of a sequence (RFC 7464).
pub(super) const SEPARATOR: u8 = 0x1E;

/// What a value may begin with, apart from quotes, brackets, and what a number begins with. `NaN` and
/// `Infinity` are no JSON, but what others write for numbers.
const WORDS: [&[u8]; 5] = [b"true", b"false", b"null", b"NaN", b"Infinity"];

/// What stands before a place, as far as it says what may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Preceding {
    Bracket,
    Comma,
    Key,
    Colon,
    Value,
}

/// A value that is broken, as far as it says where it ends.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Broken {
    /// Where it begins.
    pub(super) start: u64,
    /// How a line is indented that begins another; none where no line does.
    pub(super) indent: Option<u64>,
    /// Whether it begins its line.
    pub(super) begins_line: bool,
    /// What closes the array or object that it is in.
    pub(super) around: Option<u8>,
}

/// A stream, and the value in it that is being passed.
///
/// It counts brackets and passes strings, and looks at what is between only so far as to see that a
/// bracket or a quote is lost: an opening bracket, a string, a word or a colon where none may stand, and a
/// closing bracket that closes another kind.
pub(super) struct Scanner<R> {
    pub(super) window: Window<R>,
    /// What closes the arrays and objects that are open.
    open: Vec<u8>,
    before: Preceding,
    /// Behind the last token.
    end: u64,
    /// Where the line begins, and its first character that is no white space.
    line: u64,
    first: Option<u64>,
    /// What begins a line that ends a value before it, and how it is indented.
    pub(super) by_line: Option<(u8, u64)>,
    /// Whether a record separator does.
    pub(super) by_separator: bool,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(window: Window<R>) -> Self {
        Self {
            window,
            open: Vec::new(),
            before: Preceding::Comma,
            end: 0,
            line: 0,
            first: None,
            by_line: None,
            by_separator: false,
        }
    }

    /// Where the next unit is.
    pub(super) fn place(&self) -> u64 {
        self.window.place()
    }

    /// Behind the last token.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Where this line begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// How many units of white space are before what begins here, if it begins its line.
    pub(super) fn own_indent(&self) -> Option<u64> {
        self.first
            .filter(|first| *first == self.place())
            .map(|first| first - self.line)
    }

    /// Passes white space, and gives what follows.
    #[inline]
    pub(super) fn space(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.window.peek()? {
                Some(b' ' | b'\t' | b'\r') => self.window.advance(1),
                Some(b'\n') => self.feed(),
                found => {
                    self.first.get_or_insert(self.window.place());
                    return Ok(found);
                }
            }
        }
    }

    /// Whether this is where a line ends what is before it.
    fn is_next(&self, byte: u8, line: Option<(u8, u64)>) -> bool {
        line.is_some() && self.own_indent().map(|indent| (byte, indent)) == line
    }

    /// Passes a line feed.
    fn feed(&mut self) {
        self.window.advance(1);
        self.line = self.window.place();
        self.first = None;
    }

    /// Passes one unit that is a token.
    #[inline]
    pub(super) fn token(&mut self) {
        self.window.advance(1);
        self.end = self.window.place();
    }

    /// Whether a value begins here, with `byte`.
    pub(super) fn begins(&mut self, byte: u8) -> io::Result<bool> {
        Ok(match byte {
            b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' => true,
            b'a'..=b'z' | b'A'..=b'Z' => {
                let rest = self.window.ahead(8)?;
                WORDS.iter().any(|word| rest.starts_with(word))
            }
            _ => false,
        })
    }

    /// Passes the value that begins here, or what of it precedes a fault.
    pub(super) fn value(&mut self) -> io::Result<Option<JsonFault>> {
        self.open.clear();
        match self.space()? {
            None => Ok(Some(JsonFault::End)),
            Some(byte) if self.begins(byte)? => self.pass(Preceding::Comma),
            Some(_) => {
                // What follows is no part of anything.
                self.before = Preceding::Value;
                self.unexpected(Expected::Value).map(Some)
            }
        }
    }

    /// Passes what is left of an array whose opening bracket was passed.
    pub(super) fn items(&mut self) -> io::Result<Option<JsonFault>> {
        self.open.clear();
        self.open.push(b']');
        self.pass(Preceding::Bracket)
    }

    fn pass(&mut self, before: Preceding) -> io::Result<Option<JsonFault>> {
        self.before = before;
        loop {
            let Some(byte) = self.space()? else {
                return Ok(Some(JsonFault::End));
            };
            match byte {
                b',' => {
                    self.token();
                    self.before = Preceding::Comma;
                }
                b':' => {
                    if self.before != Preceding::Key {
                        return self.misplaced();
                    }
                    self.token();
                    self.before = Preceding::Colon;
                }
                b'}' | b']' => {
                    let is_missing = matches!(self.before, Preceding::Key | Preceding::Colon);
                    if is_missing || self.open.last() != Some(&byte) {
                        return self.misplaced();
                    }
                    self.open.pop();
                    self.token();
                    self.before = Preceding::Value;
                }
                b'{' | b'[' => {
                    if !self.open.is_empty() && self.is_next(byte, self.by_line) {
                        return Ok(Some(JsonFault::LineEnd));
                    }
                    if !self.may_open() {
                        return self.misplaced();
                    }
                    if self.open.len() >= MAX_DEPTH_ANY {
                        return Ok(Some(JsonFault::TooDeep));
                    }
                    self.token();
                    self.open.push(closing(byte));
                    self.before = Preceding::Bracket;
                }
                SEPARATOR if self.by_separator => return Ok(Some(JsonFault::Separator)),
                _ if matches!(self.before, Preceding::Value | Preceding::Key) => {
                    return self.misplaced();
                }
                b'"' => {
                    if let Some(fault) = self.string()? {
                        return Ok(Some(fault));
                    }
                }
                _ => self.word()?,
            }
            if self.open.is_empty() {
                return Ok(None);
            }
        }
    }

    /// Whether an array or object may begin here.
    fn may_open(&self) -> bool {
        match self.open.last() {
            Some(b'}') => self.before == Preceding::Colon,
            _ => matches!(self.before, Preceding::Bracket | Preceding::Comma),
        }
    }

    fn misplaced(&mut self) -> io::Result<Option<JsonFault>> {
        let expected = match (self.open.last(), self.before) {
            (Some(b'}'), Preceding::Bracket) => Expected::KeyOrBrace,
            (Some(b'}'), Preceding::Comma) => Expected::Key,
            (Some(b'}'), Preceding::Key) => Expected::Colon,
            (Some(b'}'), Preceding::Value) => Expected::CommaOrBrace,
            (Some(_), Preceding::Bracket) => Expected::ValueOrBracket,
            (Some(_), Preceding::Value | Preceding::Key) => Expected::CommaOrBracket,
            (_, Preceding::Comma | Preceding::Colon) | (None, _) => Expected::Value,
        };
        self.unexpected(expected).map(Some)
    }

    pub(super) fn unexpected(&mut self, expected: Expected) -> io::Result<JsonFault> {
        let found = self.window.character()?;
        Ok(JsonFault::Unexpected { found, expected })
    }

    /// Passes a string, or what of it precedes the end of its line.
    #[inline]
    pub(super) fn string(&mut self) -> io::Result<Option<JsonFault>> {
        let is_key = self.open.last() == Some(&b'}') && self.before != Preceding::Colon;
        self.before = if is_key {
            Preceding::Key
        } else {
            Preceding::Value
        };
        self.window.advance(1);
        loop {
            let length = plain(self.window.rest());
            self.window.advance(length);
            match self.window.peek()? {
                Some(b'"') => {
                    self.token();
                    return Ok(None);
                }
                Some(b'\\') => {
                    self.window.advance(1);
                    if self.window.peek()?.is_some_and(|escaped| escaped != b'\n') {
                        self.window.advance(1);
                    }
                }
                Some(b'\n') => {
                    self.end = self.window.place();
                    return Ok(Some(JsonFault::OpenString));
                }
                Some(SEPARATOR) if self.by_separator => {
                    self.end = self.window.place();
                    return Ok(Some(JsonFault::Separator));
                }
                // Some are no control character, but the beginning of what was read since.
                Some(other) => self.window.advance(usize::from(other < b' ')),
                None => {
                    self.end = self.window.place();
                    return Ok(Some(JsonFault::End));
                }
            }
        }
    }

    /// Passes a number, a literal, or what stands for one.
    fn word(&mut self) -> io::Result<()> {
        self.before = Preceding::Value;
        self.window.advance(1);
        while self.window.peek()?.is_some() {
            let rest = self.window.rest();
            let length = rest.iter().position(|byte| ends_word(*byte));
            self.window.advance(length.unwrap_or(rest.len()));
            if length.is_some() {
                break;
            }
        }
        self.end = self.window.place();
        Ok(())
    }

    /// Passes what is left of a broken value, from its fault on: see [`JsonCutter`](super::JsonCutter).
    pub(super) fn recover(&mut self, broken: Broken) -> io::Result<()> {
        if self.by_line.is_some() {
            return self.skip_lines();
        }
        if self.by_separator {
            return self.skip_to(SEPARATOR);
        }
        let bracket = self.open.first().copied();
        let line = broken.indent.map(|indent| (b'{', indent));
        let mut deeper = 0_u64;
        while let Some(byte) = self.space()? {
            let is_laid_out = broken.begins_line && self.line > broken.start;
            let is_closed = self.open.is_empty() && !is_laid_out;
            match byte {
                _ if self.is_next(byte, line) => break,
                b'{' if is_closed && self.before == Preceding::Comma => break,
                _ if is_closed && broken.around == Some(byte) => break,
                b',' if is_closed && broken.around == Some(b'}') => break,
                b'{' | b'[' => {
                    // Of what is too deep no kinds are kept, so nothing tells keys from values.
                    let is_open = deeper > 0 || self.may_open() || self.open.is_empty();
                    if is_open && self.open.len() >= MAX_DEPTH_ANY {
                        deeper += 1;
                    } else if is_open {
                        self.open.push(closing(byte));
                    }
                    self.token();
                    self.before = Preceding::Bracket;
                }
                b'}' | b']' => {
                    let own = self.own_indent().filter(|_| is_laid_out);
                    if own < broken.indent && own.is_some() {
                        break;
                    }
                    self.token();
                    self.before = Preceding::Value;
                    if own.is_some() && own == broken.indent && bracket == Some(byte) {
                        break;
                    }
                    if deeper > 0 {
                        deeper -= 1;
                    } else {
                        self.close(byte);
                    }
                    if self.open.is_empty() && !is_laid_out {
                        break;
                    }
                }
                // A comma behind what is refused is not part of it.
                b',' => {
                    self.window.advance(1);
                    self.before = Preceding::Comma;
                }
                b':' => {
                    self.token();
                    self.before = Preceding::Colon;
                }
                // It closes a string whose opening quote was lost, or was taken for a closing one.
                b'"' if matches!(self.before, Preceding::Value | Preceding::Key) => self.token(),
                b'"' => {
                    self.string()?;
                }
                _ => self.word()?,
            }
        }
        self.open.clear();
        Ok(())
    }

    /// Closes the innermost that this bracket closes and all in it; where it closes none, the innermost.
    fn close(&mut self, bracket: u8) {
        let found = memchr::memrchr(bracket, &self.open);
        self.open
            .truncate(found.unwrap_or(self.open.len().saturating_sub(1)));
    }

    /// What is open from here on, of the value that is to be recovered from.
    pub(super) fn set_open(&mut self, open: impl Iterator<Item = u8>) {
        self.open.clear();
        self.open.extend(open);
        self.before = Preceding::Value;
    }

    /// Goes to the next line that ends what is before it, or to the end.
    fn skip_lines(&mut self) -> io::Result<()> {
        while let Some(byte) = self.space()? {
            if self.is_next(byte, self.by_line) {
                break;
            }
            self.skip_to(b'\n')?;
        }
        self.open.clear();
        Ok(())
    }

    /// Goes to the next `stop`, or to the end.
    fn skip_to(&mut self, stop: u8) -> io::Result<()> {
        while self.window.peek()?.is_some() {
            let rest = self.window.rest();
            let length = memchr::memchr(stop, rest);
            let passed = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
            let count = passed.len();
            if let Some(last) = passed.iter().rposition(|byte| !is_space(*byte)) {
                let last = u64::try_from(last).unwrap_or_default();
                self.end = self.window.place() + last + 1;
            }
            self.window.advance(count);
            if length.is_some() {
                break;
            }
        }
        self.open.clear();
        Ok(())
    }
}

const fn closing(bracket: u8) -> u8 {
    if bracket == b'{' { b'}' } else { b']' }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

const fn ends_word(byte: u8) -> bool {
    is_space(byte)
        || matches!(
            byte,
            b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"' | SEPARATOR
        )
}

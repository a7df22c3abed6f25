//! Items of JSON.

mod fault;
mod layout;
mod scan;
#[cfg(test)]
mod tests;

use std::io::{self, Cursor, Read};

pub use fault::JsonFault;
pub use layout::Layout;
#[cfg(test)]
pub(crate) use tests::json_value;

use self::layout::{LOOKED_AT, text};
use self::scan::{Broken, SEPARATOR, Scanner};
use super::window::Window;
use super::{Began, Cut, Encoding, Fault, Near, Piece};
use crate::dump::ITEM_LIMIT;
use crate::dump::sniff::wide_label;
use crate::json::Expected;
use crate::pool;

/// Cuts a stream of JSON into its items.
///
/// An item is a value, without the white space around it, of whatever type: those at the top level, or
/// the elements of the array of a [`Layout`]. A byte order mark at the beginning, and commas between
/// items, are not part of any.
///
/// Reads UTF-8 and UTF-16 ([`Encoding::detect`]), and refuses a stream in UTF-32 as a whole; offsets are
/// always of bytes. Each byte is read once and
/// in order. Memory: an item, which has at most [`ITEM_LIMIT`] bytes; what is longer is refused and
/// passed over.
///
/// # Broken values
///
/// The cutter follows brackets and quotes. Most faults do not hide where a value ends: such a value is an
/// item, and whoever parses it finds the fault. A fault that does hide it is a [`Fault`]. The refused
/// range ends, from the byte of the fault on:
///
/// - in JSON lines, before the next line that begins with `{`. A stream is JSON lines once its first whole
///   item is an object in one line. From then on, a line that begins with `{`, indented like that item,
///   ends any value that is still open. (If the first item is an array, the same holds for `[`.)
/// - in a JSON text sequence, before the next record separator (U+001E).
/// - in any other stream, at the bracket that closes the value. An opening bracket where no value may
///   begin does not count, nor does a quote where no string may begin. A closing bracket closes everything
///   up to the nearest open bracket of its kind.
///
/// Two more rules use the indentation, except in a [`Layout::Document`]. A line that begins with `{` and
/// is indented like the value also ends it; a value that does not begin its line counts as not indented.
/// If the value begins its line and the fault is in a later line, only a closing bracket that begins a
/// line counts: with the indentation of the value it ends the value, with less the range ends before it.
///
/// # Example
///
/// ```
/// use dateline::dump::cut::{JsonCutter, Piece};
///
/// let stream = b"{\"id\": 1}\n{\"id\": \n{\"id\": 3}\n";
/// let mut pieces = JsonCutter::new(&stream[..])?.collect::<Result<Vec<_>, _>>()?;
/// let Some(Piece::Item(third)) = pieces.pop() else { panic!() };
/// assert_eq!((third.offset, &*third.bytes), (18, &br#"{"id": 3}"#[..]));
/// let Some(Piece::Refused(second)) = pieces.pop() else { panic!() };
/// assert_eq!((second.offset, second.length, second.at), (10, 6, 16));
/// assert_eq!(second.to_string(), "the line ends within a value");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct JsonCutter<R> {
    scanner: Scanner<Begun<R>>,
    layout: Layout,
    /// The steps to the array of items, where there is one.
    path: Option<Vec<String>>,
    limit: u64,
    at: At,
    /// The top-level value in which the array is: where it begins, what of it is open, and whether an
    /// array was found or a fault told, so that all of it is not refused any more.
    top: u64,
    top_near: Option<Near>,
    frames: Vec<Frame>,
    is_told: bool,
    /// Whether an item says whether there are lines.
    is_first: bool,
    /// Where the last piece began.
    began: Began,
}

/// A reader of which the first bytes were read, perhaps up to where it fails.
struct Begun<R> {
    head: Cursor<Vec<u8>>,
    failed: Option<io::Error>,
    reader: R,
}

impl<R: Read> Read for Begun<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.head.read(buf)? {
            0 => match self.failed.take() {
                Some(error) => Err(error),
                None => self.reader.read(buf),
            },
            count => Ok(count),
        }
    }
}

/// Where a cutter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Between values of the top level.
    Outside,
    /// In one of them, on the way to its array of items.
    Within,
    /// In the array that begins there.
    Items(u64),
    /// At the beginning of a stream in an encoding that is not read, a label of the Encoding Standard.
    Foreign(&'static str),
    /// Behind what can be read.
    Done,
}

/// An array or object on the way to the items.
#[derive(Debug, Clone, Copy)]
struct Frame {
    closing: u8,
    /// The next element.
    index: usize,
}

type Step = io::Result<Option<Piece<JsonFault>>>;

impl<R: Read> JsonCutter<R> {
    /// Cuts a stream by the layout that [`Layout::of`] tells.
    ///
    /// # Errors
    ///
    /// The stream cannot be read up to its first character. An error behind it comes behind the pieces.
    pub fn new(reader: R) -> io::Result<Self> {
        Self::open(reader, None)
    }

    /// Cuts a stream by this layout.
    ///
    /// # Errors
    ///
    /// The stream cannot be read.
    pub fn with_layout(reader: R, layout: Layout) -> io::Result<Self> {
        Self::open(reader, Some(layout))
    }

    fn open(reader: R, layout: Option<Layout>) -> io::Result<Self> {
        Self::limited(reader, layout, ITEM_LIMIT)
    }

    fn limited(mut reader: R, layout: Option<Layout>, limit: u64) -> io::Result<Self> {
        let mut head = Vec::new();
        let most = u64::try_from(LOOKED_AT).unwrap_or_default();
        let failed = reader.by_ref().take(most).read_to_end(&mut head).err();
        let is_whole = failed.is_none() && head.len() < LOOKED_AT;
        let foreign = wide_label(&head).filter(|label| label.starts_with("utf-32"));
        let layout = layout.unwrap_or_else(|| Layout::of(&head, is_whole));
        let kept = usize::try_from(limit).unwrap_or(usize::MAX);
        let begun = Begun {
            head: Cursor::new(head),
            failed,
            reader,
        };
        let window = Window::new(begun, kept)?;
        let path = layout.pointer().map(|pointer| {
            let tokens = pointer.tokens();
            tokens.map(std::borrow::Cow::into_owned).collect()
        });
        let mut scanner = Scanner::new(window);
        scanner.by_separator = path.is_none() && scanner.space()? == Some(SEPARATOR);
        Ok(Self {
            scanner,
            is_first: layout == Layout::Values,
            began: Began { line: 1, column: 1 },
            layout,
            path,
            limit,
            at: foreign.map_or(At::Outside, At::Foreign),
            top: 0,
            top_near: None,
            frames: Vec::new(),
            is_told: false,
        })
    }

    /// How the stream holds its items.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// In which encoding it is, and its items are.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.scanner.window.encoding()
    }

    /// Whether a byte order mark says so.
    #[must_use]
    pub fn has_mark(&self) -> bool {
        self.scanner.window.has_mark()
    }

    /// Where the last piece began.
    #[must_use]
    pub const fn began(&self) -> Began {
        self.began
    }

    /// The next piece, or none where the place has changed.
    fn step(&mut self) -> Step {
        if let At::Foreign(label) = self.at {
            return self.foreign(label).map(Some);
        }
        let byte = self.scanner.space()?;
        self.began = self.scanner.window.began();
        let Some(byte) = byte else {
            return Ok(self.finish());
        };
        match (self.at, byte) {
            (_, b',') => self.scanner.window.advance(1),
            (At::Outside, SEPARATOR) if self.scanner.by_separator => self.scanner.window.advance(1),
            (At::Outside, _) if self.is_item(byte) => return self.piece(byte),
            (At::Outside, _) => {
                self.top = self.scanner.place();
                self.top_near = Some(self.scanner.window.near(self.top));
                self.is_told = false;
                return self.enter();
            }
            (At::Items(_), b']') => return self.leave_items(),
            (At::Items(_), _) => return self.piece(byte),
            (At::Within, _) => return self.further(byte),
            (At::Foreign(_) | At::Done, _) => {}
        }
        Ok(None)
    }

    /// Passes all of a stream in another encoding.
    fn foreign(&mut self, label: &'static str) -> io::Result<Piece<JsonFault>> {
        while let held @ 1.. = self.scanner.window.ahead(1)?.len() {
            self.scanner.window.advance(held);
        }
        self.at = At::Done;
        let near = Near {
            began: self.began,
            before: Vec::new(),
            after: Vec::new(),
        };
        Ok(self.refused((0, self.scanner.end()), 0, near, JsonFault::Wide(label)))
    }

    /// Whether a value of the top level that begins with `byte` is an item.
    fn is_item(&self, byte: u8) -> bool {
        match self.path.as_deref() {
            None => true,
            Some([]) => byte != b'[',
            Some(_) => false,
        }
    }

    /// Ends with the stream.
    fn finish(&mut self) -> Option<Piece<JsonFault>> {
        let start = match std::mem::replace(&mut self.at, At::Done) {
            At::Outside | At::Foreign(_) | At::Done => return None,
            At::Items(bracket) => bracket,
            At::Within => self.top,
        };
        // The bracket that is not closed stands for what is missing: what is behind it was told.
        let end = if self.is_told {
            start + 1
        } else {
            self.scanner.end()
        };
        let at = self.scanner.place();
        let near = self.scanner.window.near(at);
        Some(self.refused((start, end), at, near, JsonFault::End))
    }

    /// The item that begins here.
    fn piece(&mut self, byte: u8) -> Step {
        let start = self.scanner.place();
        let own_indent = self.scanner.own_indent();
        let indent = own_indent.unwrap_or_default();
        self.scanner.window.keep();
        let fault = self.scanner.value()?;
        if let Some(why) = fault {
            let by_lines = self.layout != Layout::Document;
            let broken = Broken {
                start,
                indent: by_lines.then_some(indent),
                begins_line: by_lines && own_indent.is_some(),
                around: (self.at != At::Outside).then_some(b']'),
            };
            return self.broken(broken, why).map(Some);
        }
        if self.is_first {
            self.is_first = false;
            let is_one_line = !self.scanner.by_separator && self.scanner.line() <= start;
            if is_one_line && matches!(byte, b'{' | b'[') {
                self.scanner.by_line = Some((byte, indent));
            }
        }
        let window = &self.scanner.window;
        let (offset, end) = (window.offset(start), window.offset(self.scanner.place()));
        let bytes = window.kept().map(|kept| {
            let mut bytes = Vec::with_capacity(pool::room(kept.len()));
            bytes.extend_from_slice(kept);
            bytes
        });
        let Some(bytes) = bytes else {
            let lost = self.scanner.window.lost();
            let near = lost.unwrap_or_else(|| self.scanner.window.near(start));
            self.scanner.window.forget();
            return Ok(Some(Piece::Refused(Fault {
                offset,
                length: end - offset,
                at: offset.saturating_add(self.limit),
                near,
                why: JsonFault::TooLong,
            })));
        };
        self.scanner.window.forget();
        Ok(Some(Piece::Item(Cut { offset, bytes })))
    }

    /// What is refused for what shows here.
    fn broken(&mut self, broken: Broken, why: JsonFault) -> io::Result<Piece<JsonFault>> {
        let at = if why == JsonFault::LineEnd {
            self.scanner.end()
        } else {
            self.scanner.place()
        };
        let near = self.scanner.window.near(at);
        self.scanner.window.forget();
        if why == JsonFault::End {
            self.at = At::Done;
        } else {
            self.scanner.recover(broken)?;
        }
        let end = self.scanner.end().max(broken.start + 1);
        Ok(self.refused((broken.start, end), at, near, why))
    }

    fn refused(
        &self,
        (start, end): (u64, u64),
        at: u64,
        near: Near,
        why: JsonFault,
    ) -> Piece<JsonFault> {
        let window = &self.scanner.window;
        let offset = window.offset(start);
        Piece::Refused(Fault {
            offset,
            length: window.offset(end) - offset,
            at: window.offset(at),
            near,
            why,
        })
    }

    /// Ends the array of items with its bracket, which is here.
    fn leave_items(&mut self) -> Step {
        let start = self.scanner.place();
        self.scanner.token();
        // What follows is behind no value: the bracket is in the place of another.
        if let Some(b'"' | b':') = self.scanner.space()? {
            let why = self.scanner.unexpected(Expected::CommaOrBracket)?;
            self.scanner.set_open(std::iter::empty());
            let broken = Broken {
                start,
                around: Some(b']'),
                ..Broken::default()
            };
            return self.broken(broken, why).map(Some);
        }
        self.at = At::Within;
        Ok(self.leave())
    }

    /// Enters the value that begins here, which is on the way to the items, or is their array.
    fn enter(&mut self) -> Step {
        let byte = self.scanner.window.peek()?;
        let path = self.path.as_deref().unwrap_or_default();
        let is_there = self.frames.len() == path.len();
        let closing = match byte {
            Some(b'[') if is_there => {
                self.at = At::Items(self.scanner.place());
                self.is_told = true;
                self.scanner.token();
                return Ok(None);
            }
            Some(b'[') if !is_there => b']',
            Some(b'{') if !is_there => b'}',
            _ => return self.pass_over(),
        };
        self.scanner.token();
        self.frames.push(Frame { closing, index: 0 });
        self.at = At::Within;
        Ok(None)
    }

    /// Goes on behind the bracket of an array or object, or one of the values in it.
    fn further(&mut self, byte: u8) -> Step {
        let depth = self.frames.len();
        let Some(frame) = self.frames.last_mut() else {
            return Ok(self.leave());
        };
        if byte == frame.closing {
            self.frames.pop();
            self.scanner.token();
            return Ok(self.leave());
        }
        let path = self.path.as_deref().unwrap_or_default();
        let wanted = path.get(depth - 1).cloned().unwrap_or_default();
        let is_wanted = if frame.closing == b']' {
            let index = frame.index;
            frame.index += 1;
            wanted == index.to_string()
        } else if byte == b'"' {
            match self.key(&wanted)? {
                Ok(is_wanted) => is_wanted,
                Err(why) => return self.lose(why),
            }
        } else {
            let why = self.scanner.unexpected(Expected::Key)?;
            return self.lose(why);
        };
        if is_wanted {
            self.enter()
        } else {
            self.pass_over()
        }
    }

    /// Passes a key and its colon, and says whether it is `wanted`.
    fn key(&mut self, wanted: &str) -> io::Result<Result<bool, JsonFault>> {
        self.scanner.window.keep();
        let fault = self.scanner.string()?;
        let encoding = self.encoding();
        // No character has a longer spelling than this.
        let longest = wanted
            .len()
            .saturating_mul(6 * encoding.width())
            .saturating_add(4);
        let key = self
            .scanner
            .window
            .kept()
            .filter(|key| key.len() <= longest);
        let is_wanted = key.and_then(|key| text(key, encoding)).as_deref() == Some(wanted);
        self.scanner.window.forget();
        if let Some(why) = fault {
            return Ok(Err(why));
        }
        match self.scanner.space()? {
            None => return Ok(Err(JsonFault::End)),
            Some(b':') => self.scanner.token(),
            Some(_) => return self.scanner.unexpected(Expected::Colon).map(Err),
        }
        Ok(match self.scanner.space()? {
            None => Err(JsonFault::End),
            Some(_) => Ok(is_wanted),
        })
    }

    /// Passes a value that holds no items.
    fn pass_over(&mut self) -> Step {
        let start = self.scanner.place();
        if let Some(why) = self.scanner.value()? {
            self.is_told = true;
            let broken = Broken {
                start,
                around: self.frames.last().map(|frame| frame.closing),
                ..Broken::default()
            };
            let piece = self.broken(broken, why)?;
            self.leave();
            return Ok(Some(piece));
        }
        Ok(self.leave())
    }

    /// Goes on behind a value of the top level, where that was the end of one.
    fn leave(&mut self) -> Option<Piece<JsonFault>> {
        if self.at == At::Done || !self.frames.is_empty() {
            return None;
        }
        self.at = At::Outside;
        let (top, end) = (self.top, self.scanner.place());
        let near = self.top_near.take().filter(|_| !self.is_told)?;
        let pointer = self.layout.pointer().unwrap_or_default();
        Some(self.refused((top, end), top, near, JsonFault::NoItems { pointer }))
    }

    /// Gives up the rest of a value of the top level.
    fn lose(&mut self, why: JsonFault) -> Step {
        if why == JsonFault::End {
            return Ok(self.finish());
        }
        let start = self.scanner.place();
        let open = std::mem::take(&mut self.frames);
        self.scanner
            .set_open(open.iter().map(|frame| frame.closing));
        self.at = At::Outside;
        let broken = Broken {
            start,
            ..Broken::default()
        };
        self.broken(broken, why).map(Some)
    }
}

impl<R: Read> Iterator for JsonCutter<R> {
    type Item = io::Result<Piece<JsonFault>>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at != At::Done {
            match self.step() {
                Ok(None) => {}
                Ok(Some(piece)) => return Some(Ok(piece)),
                Err(error) => {
                    self.at = At::Done;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

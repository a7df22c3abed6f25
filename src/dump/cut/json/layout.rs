//! How a stream of JSON holds its items.

use std::io;

use super::JsonFault;
use super::scan::{Broken, SEPARATOR, Scanner};
use crate::dump::cut::Encoding;
use crate::dump::cut::window::Window;
use crate::json::{Pointer, Tape};

/// How many first bytes of a stream [`Layout::of`] looks at.
pub(super) const LOOKED_AT: usize = 1 << 16;

/// How a stream of JSON holds its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// One value, which is the item.
    Document,
    /// An array of objects: each element is an item. So is what else is at the top level.
    Array,
    /// A document with an array of items at this place: each element is an item.
    Under(Pointer),
    /// Values one behind the other, each of which is an item: JSON lines, concatenated JSON, a JSON text
    /// sequence (RFC 7464).
    Values,
}

/// The names of arrays that hold what a document is about.
const ITEMS: [&str; 15] = [
    "articles",
    "data",
    "docs",
    "documents",
    "entries",
    "hits",
    "item",
    "items",
    "news",
    "posts",
    "records",
    "results",
    "rows",
    "stories",
    "value",
];

/// The names of objects in which such an array may be.
const HOLDERS: [&str; 9] = [
    "channel", "data", "feed", "hits", "payload", "response", "result", "results", "search",
];

/// The names of texts that only one article has: an array beside them is part of it.
const ARTICLE: [&str; 10] = [
    "articleBody",
    "body",
    "body_html",
    "body_text",
    "body_xhtml",
    "content",
    "headline",
    "html",
    "maintext",
    "text",
];

/// No name above is longer in any spelling.
const LONGEST: usize = 80;

impl Layout {
    /// Tells the layout of a stream from its first bytes, at most 64 KiB; `is_whole` says whether they
    /// are all of it.
    ///
    /// - What begins with `[` and then `{` or `]` is an [`Array`](Self::Array).
    /// - Where a record separator precedes the first value, or a second value follows it, there are
    ///   [`Values`](Self::Values).
    /// - An object that wraps exactly one array of items is a document with items
    ///   [`Under`](Self::Under) it; the names are those of `spec/dumps.md`, Wrapped items.
    /// - Any other value that is all of the stream, or of which the first bytes show more than a line
    ///   and no end, is a [`Document`](Self::Document), where nothing in it is broken.
    /// - Everything else is [`Values`](Self::Values).
    ///
    /// ```
    /// use dateline::dump::cut::Layout;
    /// use dateline::json::Pointer;
    ///
    /// let items = Pointer::root().key("data").key("items");
    /// assert_eq!(Layout::of(br#"{"data": {"items": [{"id": 1}]}}"#, true), Layout::Under(items));
    /// assert_eq!(Layout::of(b"{\"id\": 1}\n{\"id\": 2}\n", true), Layout::Values);
    /// assert_eq!(Layout::of(br#"{"headline": "Rain", "items": [{}]}"#, true), Layout::Document);
    /// ```
    #[must_use]
    pub fn of(head: &[u8], is_whole: bool) -> Self {
        let head = head.get(..LOOKED_AT).unwrap_or(head);
        // Bytes in memory are always read.
        look(head, is_whole).unwrap_or(Self::Values)
    }

    /// Whether an array of this name is one of items.
    pub(crate) fn is_items(key: &str) -> bool {
        ITEMS.contains(&key)
    }

    /// Whether such an array may be in an object of this name.
    pub(crate) fn is_holder(key: &str) -> bool {
        HOLDERS.contains(&key)
    }

    /// The place of the array of items, where it is in one.
    pub(super) fn pointer(&self) -> Option<Pointer> {
        match self {
            Self::Array => Some(Pointer::root()),
            Self::Under(pointer) => Some(pointer.clone()),
            Self::Document | Self::Values => None,
        }
    }
}

fn look(head: &[u8], is_whole: bool) -> io::Result<Layout> {
    let mut look = Look {
        scanner: Scanner::new(Window::new(head, LOOKED_AT)?),
        found: Vec::new(),
        is_broken: false,
    };
    let Some(byte) = look.scanner.space()? else {
        return Ok(Layout::Values);
    };
    let start = look.scanner.place();
    let is_ended = match byte {
        SEPARATOR => return Ok(Layout::Values),
        b'{' => look.object(&Pointer::root())?,
        b'[' => {
            look.scanner.token();
            if matches!(look.scanner.space()?, Some(b'{' | b']') | None) {
                return Ok(Layout::Array);
            }
            look.items()?
        }
        _ => look.value()?,
    };
    let under = match (look.found.pop(), look.found.is_empty()) {
        (Some(pointer), true) => Some(Layout::Under(pointer)),
        _ => None,
    };
    let has_lines = look.scanner.line() > start;
    let is_followed = look.scanner.space()?.is_some();
    Ok(if look.is_broken {
        under.unwrap_or(Layout::Values)
    } else if is_ended && (is_followed || !is_whole) {
        Layout::Values
    } else if is_whole || has_lines {
        under.unwrap_or(Layout::Document)
    } else {
        under.unwrap_or(Layout::Values)
    })
}

/// A look at the beginning of a stream.
struct Look<'h> {
    scanner: Scanner<&'h [u8]>,
    /// The arrays of items.
    found: Vec<Pointer>,
    /// Whether there was a fault.
    is_broken: bool,
}

impl Look<'_> {
    /// Passes the object that begins here, at `here`, and notes the arrays of items in it, none where it
    /// is an article. Says whether it ended.
    fn object(&mut self, here: &Pointer) -> io::Result<bool> {
        let before = self.found.len();
        let mut is_article = false;
        let mut may_follow = true;
        self.scanner.token();
        let is_ended = loop {
            match self.scanner.space()? {
                None => break false,
                Some(b'}') => {
                    self.scanner.token();
                    break true;
                }
                Some(b',') => {
                    self.scanner.token();
                    may_follow = true;
                }
                Some(b'"') if may_follow => {
                    may_follow = false;
                    let key = self.key()?;
                    if self.scanner.space()? != Some(b':') {
                        self.is_broken |= self.scanner.window.peek()?.is_some();
                        break false;
                    }
                    self.scanner.token();
                    let is_text = self.scanner.space()? == Some(b'"');
                    is_article |= is_text && ARTICLE.contains(&key.as_str());
                    if !self.member(here, &key)? {
                        break false;
                    }
                }
                Some(_) => {
                    self.is_broken = true;
                    break false;
                }
            }
        };
        if is_article {
            self.found.truncate(before);
        }
        Ok(is_ended)
    }

    /// Passes the value of a member of the object at `here`.
    fn member(&mut self, here: &Pointer, key: &str) -> io::Result<bool> {
        match self.scanner.space()? {
            Some(b'{') if here.is_root() && HOLDERS.contains(&key) => {
                self.object(&Pointer::root().key(key))
            }
            Some(b'[') if ITEMS.contains(&key) => {
                self.scanner.token();
                if self.scanner.space()? == Some(b'{') {
                    self.found.push(here.clone().key(key));
                }
                self.items()
            }
            _ => self.value(),
        }
    }

    /// Passes the value that begins here.
    fn value(&mut self) -> io::Result<bool> {
        let fault = self.scanner.value()?;
        self.ended(fault.as_ref())
    }

    /// Passes what is left of an array whose opening bracket was passed.
    fn items(&mut self) -> io::Result<bool> {
        let fault = self.scanner.items()?;
        self.ended(fault.as_ref())
    }

    /// Whether a value ended, if only behind a fault.
    fn ended(&mut self, fault: Option<&JsonFault>) -> io::Result<bool> {
        match fault {
            None => Ok(true),
            Some(JsonFault::End) => Ok(false),
            Some(_) => {
                self.is_broken = true;
                self.scanner.recover(Broken {
                    around: Some(b'}'),
                    ..Broken::default()
                })?;
                Ok(self.scanner.window.peek()?.is_some())
            }
        }
    }

    /// Passes the key that begins here, and gives it where it is none too long to be one of the names.
    fn key(&mut self) -> io::Result<String> {
        self.scanner.window.keep();
        self.scanner.string()?;
        let window = &mut self.scanner.window;
        let key = window.kept().filter(|key| key.len() <= LONGEST);
        let text = key.and_then(|key| text(key, window.encoding()));
        window.forget();
        Ok(text.unwrap_or_default())
    }
}

/// The text of a string of JSON, in whichever encoding.
pub(super) fn text(string: &[u8], encoding: Encoding) -> Option<String> {
    let decoded = match encoding {
        Encoding::Utf8 => String::from_utf8(string.to_vec()).ok()?,
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let (pairs, _) = string.as_chunks();
            let units: Vec<u16> = pairs.iter().map(|pair| encoding.unit(*pair)).collect();
            String::from_utf16(&units).ok()?
        }
    };
    let tape = Tape::parse_any(decoded.as_bytes()).ok()?;
    Some(tape.root().as_str()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specification_shows_the_table() {
        let rows = [
            ("an array of items", &ITEMS[..]),
            ("an object that holds one", &HOLDERS),
            ("a string that only an article has", &ARTICLE),
        ];
        let rows = rows.map(|(what, names)| format!("| {what} | `{}` |\n", names.join("`, `")));
        let table = "| what | names |\n|---|---|\n".to_owned() + &rows.concat();
        crate::record::shown("spec/dumps.md", "json-wrapped", &table);
    }
}

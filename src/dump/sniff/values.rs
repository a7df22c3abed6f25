//! JSON values, one or several.

use super::name::Name;
use super::{Evidence, Head, Kind, Told};

/// The kind of what begins with a JSON object or array.
///
/// A file that breaks off or is damaged later is still JSON, once an object had a key and a colon behind
/// it: no prose has that. An array without an object in it must go on as one for as far as is looked.
pub(super) fn told(head: Head<'_>, name: &Name<'_>) -> Option<Told> {
    // A JSON text sequence (RFC 7464) begins with a record separator.
    let separated = head.start().strip_prefix(b"\x1e");
    let start = separated.map_or(head.start(), <[u8]>::trim_ascii_start);
    let first = *start.first()?;
    if !matches!(first, b'{' | b'[') {
        return None;
    }
    let noun = if first == b'{' { "object" } else { "array" };
    let lines = name.ends(&["jsonl", "ndjson"]);
    let mut scan = Scan::new(start);
    let end = scan.run();
    let whole = match end {
        End::Input => head.cut || scan.open.is_empty(),
        End::String => head.cut,
        End::Broken => false,
    };
    if !whole && !scan.keyed {
        let named = lines || name.ends(&["json"]);
        let why = || {
            format!(
                "its name ends in {}, and it begins with `{}`",
                name.extension(),
                char::from(first)
            )
        };
        let kind = if lines || scan.begun > 1 {
            Kind::JsonLines
        } else {
            Kind::Json
        };
        return named.then(|| (kind, why().into()));
    }
    Some(if scan.begun > 1 {
        (Kind::JsonLines, scan.why_several())
    } else if lines {
        let why = format!(
            "begins with a JSON {noun}, and its name ends in {}",
            name.extension()
        );
        (Kind::JsonLines, why.into())
    } else {
        (Kind::Json, format!("begins with a JSON {noun}").into())
    })
}

/// Why a scan ended.
enum End {
    /// The input did, between two tokens or within a number or a word.
    Input,
    /// The input did, within a string.
    String,
    /// What follows is no JSON.
    Broken,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Top,
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    Colon,
    CommaOrClose,
}

/// A walk over JSON values, as far as they are such.
struct Scan<'j> {
    bytes: &'j [u8],
    at: usize,
    next: Next,
    /// The brackets that are open.
    open: Vec<u8>,
    /// How many values have ended that are in no other.
    values: usize,
    /// How many have begun.
    begun: usize,
    /// Whether all of them are objects.
    objects: bool,
    /// Whether all of them are on lines of their own.
    lines: bool,
    /// Where the value began that is in no other.
    began: usize,
    /// Whether any object had a key and its colon.
    keyed: bool,
}

impl<'j> Scan<'j> {
    fn new(bytes: &'j [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            next: Next::Top,
            open: Vec::new(),
            values: 0,
            begun: 0,
            objects: true,
            lines: true,
            began: 0,
            keyed: false,
        }
    }

    fn run(&mut self) -> End {
        loop {
            let gap = self.at;
            self.skip_space();
            let Some(&byte) = self.bytes.get(self.at) else {
                return End::Input;
            };
            let good = match (self.next, byte) {
                (Next::Top, b'{' | b'[') => self.begin(gap, byte),
                (Next::Value | Next::ValueOrClose, b'{' | b'[') => self.open(byte),
                (Next::ValueOrClose | Next::CommaOrClose, b']') => self.close(b'['),
                (Next::KeyOrClose | Next::CommaOrClose, b'}') => self.close(b'{'),
                (Next::CommaOrClose, b',') => self.comma(),
                (Next::Colon, b':') => self.colon(),
                (Next::Key | Next::KeyOrClose | Next::Value | Next::ValueOrClose, b'"') => {
                    match self.string() {
                        Some(good) => good,
                        None => return End::String,
                    }
                }
                (Next::Value | Next::ValueOrClose, _) => self.word(),
                _ => false,
            };
            if !good {
                return End::Broken;
            }
        }
    }

    /// White space of JSON, and the record separator of RFC 7464.
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r' | 0x1e) = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn begin(&mut self, gap: usize, byte: u8) -> bool {
        if self.values > 0 {
            self.lines &= self
                .bytes
                .get(gap..self.at)
                .is_some_and(|gap| gap.contains(&b'\n'));
        }
        self.begun += 1;
        self.objects &= byte == b'{';
        self.began = self.at;
        self.open(byte)
    }

    fn open(&mut self, byte: u8) -> bool {
        self.open.push(byte);
        self.at += 1;
        self.next = if byte == b'{' {
            Next::KeyOrClose
        } else {
            Next::ValueOrClose
        };
        true
    }

    fn close(&mut self, opened: u8) -> bool {
        let good = self.open.pop() == Some(opened);
        self.at += 1;
        self.next = Next::CommaOrClose;
        if self.open.is_empty() {
            self.next = Next::Top;
            self.values += 1;
            let value = self.bytes.get(self.began..self.at);
            self.lines &= value.is_some_and(|value| !value.contains(&b'\n'));
        }
        good
    }

    fn comma(&mut self) -> bool {
        self.at += 1;
        self.next = match self.open.last() {
            Some(b'{') => Next::Key,
            _ => Next::Value,
        };
        true
    }

    fn colon(&mut self) -> bool {
        self.at += 1;
        self.keyed = true;
        self.next = Next::Value;
        true
    }

    /// Whether a string is one; nothing where the input ends in it.
    fn string(&mut self) -> Option<bool> {
        let mut at = self.at + 1;
        loop {
            let rest = self.bytes.get(at..)?;
            at += rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
            match self.bytes.get(at)? {
                b'"' => break,
                b'\\' => at += 2,
                _ => return Some(false),
            }
        }
        self.at = at + 1;
        self.next = match self.next {
            Next::Key | Next::KeyOrClose => Next::Colon,
            Next::Top | Next::Value | Next::ValueOrClose | Next::Colon | Next::CommaOrClose => {
                Next::CommaOrClose
            }
        };
        Some(true)
    }

    /// A number, `true`, `false`, `null`, or what Python writes for numbers that are none.
    fn word(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let end = rest.iter().position(|byte| !part(byte));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let words: [&[u8]; 6] = [
            b"true",
            b"false",
            b"null",
            b"NaN",
            b"Infinity",
            b"-Infinity",
        ];
        let number = word.strip_prefix(b"-").unwrap_or(word);
        let digits = number.first().is_some_and(u8::is_ascii_digit)
            && number
                .iter()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        let cut = end.is_none() && words.iter().any(|whole| whole.starts_with(word));
        self.at += word.len();
        self.next = Next::CommaOrClose;
        digits || words.contains(&word) || (cut && !word.is_empty())
    }

    fn why_several(&self) -> Evidence {
        let noun = if self.objects { "object" } else { "value" };
        match (self.lines, self.values) {
            (true, 1) => format!("the first line is a JSON {noun}, and another follows"),
            (true, many) => format!("the first {many} lines are JSON {noun}s"),
            (false, 1) => format!("begins with a JSON {noun}, and another follows"),
            (false, many) => format!("begins with {many} JSON {noun}s, one after the other"),
        }
        .into()
    }
}

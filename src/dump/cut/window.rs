//! The part of a stream that is in memory.

use std::io::{self, Read};

use super::{Began, Encoding, Near};
use crate::pool;

/// How many bytes are read at once.
const CHUNK: usize = 1 << 16;

/// What a byte order mark is in [`Window::rest`] of UTF-16: a byte that no UTF-8 has.
pub(super) const MARK: u8 = 0xFE;

/// What any other unit beyond ASCII is.
const OTHER: u8 = 0xFF;

/// What the second unit of a surrogate pair is: like the further bytes of UTF-8, it begins no character.
const SECOND: u8 = 0x80;

/// How many units on either side of a place are shown of its line: more than fit an
/// [`Excerpt`](crate::diagnostic::Excerpt).
const SHOWN: usize = 512;

/// A stream as its units, one byte each: the bytes of UTF-8; of UTF-16 the units of ASCII as they are and
/// three bytes that stand for all others. So whoever looks for ASCII need not know which it is.
///
/// Each byte is read once, and kept for as long as something that began before it is.
pub(super) struct Window<R> {
    reader: R,
    encoding: Encoding,
    units: Vec<u8>,
    /// Of UTF-16 the bytes of the units; of UTF-8 nothing.
    raw: Vec<u8>,
    /// The first byte of a unit whose second is not read yet.
    half: Option<u8>,
    /// How many units were before those in memory.
    before: u64,
    /// The place of a unit, among those in memory, up to which lines and columns are counted.
    counted: (Began, usize),
    /// The next unit, among those in memory.
    at: usize,
    /// The first unit that is kept, among those in memory.
    kept: Option<usize>,
    /// How many bytes are kept at most.
    limit: usize,
    /// How many bytes of the stream were read, and how many of them are its mark.
    read: u64,
    mark: u64,
    is_ended: bool,
    /// Why nothing more can be read, where that is not told yet.
    failed: Option<io::Error>,
    /// The beginning of what was kept until it was more than the limit.
    lost: Option<Near>,
    chunk: Box<[u8]>,
    /// How many units were looked at and how many bytes moved.
    #[cfg(test)]
    pub(super) work: u64,
}

impl<R: Read> Window<R> {
    /// A stream from its beginning, of which at most `limit` bytes are kept at once.
    pub(super) fn new(reader: R, limit: usize) -> io::Result<Self> {
        let mut window = Self {
            reader,
            encoding: Encoding::Utf8,
            units: Vec::new(),
            raw: Vec::new(),
            half: None,
            before: 0,
            counted: (Began { line: 1, column: 1 }, 0),
            at: 0,
            kept: None,
            limit,
            read: 0,
            mark: 0,
            is_ended: false,
            failed: None,
            lost: None,
            chunk: vec![0; CHUNK].into_boxed_slice(),
            #[cfg(test)]
            work: 0,
        };
        let head = window.ahead(4)?.to_vec();
        let (encoding, mark) = Encoding::detect(&head);
        window.encoding = encoding;
        window.mark = u64::try_from(mark).unwrap_or_default();
        window.units.drain(..mark);
        if encoding != Encoding::Utf8 {
            let bytes = std::mem::take(&mut window.units);
            window.push(&bytes);
        }
        Ok(window)
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether the stream begins with a byte order mark.
    pub(super) fn has_mark(&self) -> bool {
        self.mark > 0
    }

    /// The units that are in memory from here on.
    #[inline]
    pub(super) fn rest(&self) -> &[u8] {
        self.units.get(self.at..).unwrap_or_default()
    }

    /// The next unit, none at the end.
    #[inline]
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        match self.units.get(self.at) {
            Some(unit) => Ok(Some(*unit)),
            None => Ok(self.ahead(1)?.first().copied()),
        }
    }

    /// The next `count` units at least, fewer only at the end.
    #[inline(never)]
    pub(super) fn ahead(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.rest().len() < count && !self.is_ended {
            self.fill()?;
        }
        Ok(self.rest())
    }

    /// Passes units that are in memory.
    #[inline]
    pub(super) fn advance(&mut self, count: usize) {
        self.at += count;
        #[cfg(test)]
        {
            self.work += wide(count);
        }
    }

    /// How many units were passed.
    #[inline]
    pub(super) fn place(&self) -> u64 {
        self.before + wide(self.at)
    }

    /// The line and the column of the next unit.
    pub(super) fn began(&mut self) -> Began {
        self.count(self.at)
    }

    /// The line and the column of a unit among those in memory, or of a later one up to which they were counted before.
    /// Each unit is counted once.
    fn count(&mut self, until: usize) -> Began {
        let (began, from) = &mut self.counted;
        if *from < until {
            let mut passed = self.units.get(*from..until).unwrap_or_default();
            if let Some(last) = memchr::memrchr(b'\n', passed) {
                let (lines, rest) = passed.split_at(last + 1);
                began.line += wide(memchr::memchr_iter(b'\n', lines).count());
                began.column = 1;
                passed = rest;
            }
            let begins = passed.iter().filter(|unit| **unit & 0xC0 != 0x80);
            began.column += wide(begins.count());
            *from = until;
        }
        *began
    }

    /// A place, and what is around it in its line. Of what is not in memory any more, the nearest that is.
    pub(super) fn near(&mut self, place: u64) -> Near {
        let wanted = place.saturating_add(wide(SHOWN));
        while self.before + wide(self.units.len()) < wanted
            && !self.is_ended
            && self.failed.is_none()
        {
            if let Err(error) = self.fill_unless_failed() {
                // It is told to whoever reads on.
                self.failed = Some(error);
            }
        }
        self.around(place)
    }

    /// The same of what is in memory.
    fn around(&mut self, place: u64) -> Near {
        let at = usize::try_from(place.saturating_sub(self.before)).unwrap_or(usize::MAX);
        let at = at.clamp(self.counted.1, self.units.len().max(self.counted.1));
        let began = self.count(at);
        let (head, tail) = self.units.split_at_checked(at).unwrap_or_default();
        let first = at.saturating_sub(SHOWN);
        let head = head.get(first..).unwrap_or_default();
        let start = memchr::memrchr(b'\n', head).map_or(first, |feed| first + feed + 1);
        let tail = tail.get(..SHOWN).unwrap_or(tail);
        let length = memchr::memchr(b'\n', tail).unwrap_or(tail.len());
        Near {
            began,
            before: self.text(start, at),
            after: self.text(at, at + length),
        }
    }

    /// Units in memory as UTF-8, as far as they are.
    fn text(&self, from: usize, to: usize) -> Vec<u8> {
        if self.encoding == Encoding::Utf8 {
            return self.units.get(from..to).unwrap_or_default().to_vec();
        }
        let (pairs, _) = self.raw.as_chunks();
        // The last unit may be half of one.
        let units = pairs.iter().take(to).skip(from);
        let units = units.map(|pair| self.encoding.unit(*pair));
        let decoded = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        decoded.collect::<String>().into_bytes()
    }

    /// Where that began of which more than the limit was kept.
    pub(super) fn lost(&mut self) -> Option<Near> {
        self.lost.take()
    }

    /// The byte of the stream at which a unit begins.
    pub(super) fn offset(&self, place: u64) -> u64 {
        let width = wide(self.encoding.width());
        self.mark
            .saturating_add(place.saturating_mul(width))
            .min(self.read)
    }

    /// Keeps what follows.
    pub(super) fn keep(&mut self) {
        self.kept = Some(self.at);
        self.lost = None;
    }

    /// Keeps nothing any more.
    pub(super) fn forget(&mut self) {
        self.kept = None;
    }

    /// The bytes of the stream that were kept; none where they were more than the limit.
    pub(super) fn kept(&self) -> Option<&[u8]> {
        let from = self.kept?;
        let bytes = if self.encoding == Encoding::Utf8 {
            self.units.get(from..self.at)
        } else {
            let end = (2 * self.at).min(self.raw.len());
            self.raw.get(2 * from..end)
        };
        bytes.filter(|bytes| bytes.len() <= self.limit)
    }

    /// The next character; U+FFFD where the bytes are none.
    pub(super) fn character(&mut self) -> io::Result<char> {
        let length = self.ahead(4)?.len().min(4);
        let broken = char::REPLACEMENT_CHARACTER;
        let first = if self.encoding == Encoding::Utf8 {
            let bytes = self.rest().get(..length).unwrap_or_default();
            let valid = bytes
                .utf8_chunks()
                .next()
                .map(|chunk| chunk.valid().chars().next());
            valid.flatten()
        } else {
            let bytes = self.raw.get(2 * self.at..).unwrap_or_default();
            let (pairs, _) = bytes.as_chunks();
            let units = pairs.iter().take(2).map(|pair| self.encoding.unit(*pair));
            char::decode_utf16(units).next().and_then(Result::ok)
        };
        Ok(first.unwrap_or(broken))
    }

    /// How many bytes are in memory.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.units.len() + self.raw.len()
    }

    /// Reads once, and drops what is neither kept nor to come.
    fn fill(&mut self) -> io::Result<()> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.fill_unless_failed(),
        }
    }

    fn fill_unless_failed(&mut self) -> io::Result<()> {
        let width = self.encoding.width();
        if let Some(kept) = self.kept
            && (self.units.len() - kept) * width > self.limit
        {
            self.lost = Some(self.around(self.before + wide(kept)));
            self.kept = None;
        }
        let drop = self.kept.unwrap_or(self.at).saturating_sub(SHOWN);
        // What is shown of a line moves no more than once for each unit, however little is read at once.
        if drop >= SHOWN {
            self.count(drop);
            self.counted.1 -= drop;
            self.units.drain(..drop);
            let raw = (drop * 2).min(self.raw.len());
            self.raw.drain(..raw);
            self.before += wide(drop);
            self.at -= drop;
            self.kept = self.kept.map(|kept| kept - drop);
            #[cfg(test)]
            {
                self.work += wide(self.units.len() * width);
            }
        }
        let mut chunk = std::mem::take(&mut self.chunk);
        let read = loop {
            match self.reader.read(&mut chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                self.chunk = chunk;
                return Err(error);
            }
        };
        self.read += wide(read);
        self.is_ended = read == 0;
        self.push(chunk.get(..read).unwrap_or_default());
        self.chunk = chunk;
        Ok(())
    }

    /// Takes bytes that were read.
    fn push(&mut self, bytes: &[u8]) {
        if self.encoding == Encoding::Utf8 {
            let length = self.units.len();
            self.units
                .reserve(pool::room(length + bytes.len()) - length);
            self.units.extend_from_slice(bytes);
            return;
        }
        let mut bytes = bytes;
        if let (Some(first), Some((second, rest))) = (self.half, bytes.split_first()) {
            self.half = None;
            self.push_pairs(&[[first, *second]]);
            bytes = rest;
        }
        let (pairs, half) = bytes.as_chunks();
        self.push_pairs(pairs);
        if let [half] = half {
            self.half = Some(*half);
        }
        if self.is_ended
            && let Some(half) = self.half.take()
        {
            self.raw.push(half);
            self.units.push(OTHER);
        }
    }

    fn push_pairs(&mut self, pairs: &[[u8; 2]]) {
        self.raw.extend_from_slice(pairs.as_flattened());
        let encoding = self.encoding;
        self.units.extend(pairs.iter().map(|pair| {
            match encoding.unit(*pair) {
                0xFEFF => MARK,
                0xDC00..=0xDFFF => SECOND,
                unit => u8::try_from(unit)
                    .ok()
                    .filter(u8::is_ascii)
                    .unwrap_or(OTHER),
            }
        }));
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

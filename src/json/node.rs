//! A cursor on one value of a tape.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::Pointer;
use super::lexeme::{decode, decode_to, decodes_to};
use super::slot::{Escapes, Kind, Slot};

/// One value of a [`Tape`](super::Tape), cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    source: &'t str,
    slot: &'t Slot,
    /// The slots of what lies in this value, in the order of the source.
    inner: &'t [Slot],
}

/// One member of an object.
#[derive(Debug, Clone)]
pub struct Member<'t> {
    /// The key, decoded; one with half a surrogate pair has U+FFFD in its place, and no pointer names
    /// it.
    pub key: Cow<'t, str>,
    /// The bytes of the key in the source, quotes included.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node<'t>,
}

impl<'t> Node<'t> {
    /// The first value of `slots`, and the slots behind it.
    #[inline]
    pub(super) fn first(source: &'t str, slots: &'t [Slot]) -> Option<(Self, &'t [Slot])> {
        let (slot, rest) = slots.split_first()?;
        let (inner, rest) = rest.split_at_checked(slot.inner())?;
        Some((
            Self {
                source,
                slot,
                inner,
            },
            rest,
        ))
    }

    /// The first value of `slots`; no tape is without one.
    #[inline]
    pub(super) fn root(source: &'t str, slots: &'t [Slot]) -> Self {
        match Self::first(source, slots) {
            Some((root, _)) => root,
            None => Self {
                source,
                slot: &Slot::NOTHING,
                inner: &[],
            },
        }
    }

    /// Where on the tape the value lies: no two values of living tapes share it.
    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self.slot).addr()
    }

    /// What kind of value it is.
    #[must_use]
    #[inline]
    pub fn kind(&self) -> Kind {
        self.slot.kind
    }

    /// The bytes of the value in the source; those of a string include its quotes.
    #[must_use]
    #[inline]
    pub fn span(&self) -> Range<usize> {
        self.slot.span()
    }

    /// The value as it is written in the source.
    #[must_use]
    #[inline]
    pub fn raw(&self) -> &'t [u8] {
        self.written().as_bytes()
    }

    /// The value as it is written in the source, as text.
    #[must_use]
    #[inline]
    pub fn written(&self) -> &'t str {
        self.source.get(self.span()).unwrap_or_default()
    }

    /// Its place on the tape.
    #[inline]
    pub(super) fn slot(&self) -> &'t Slot {
        self.slot
    }

    /// The text of a string, decoded; borrowed from the source unless it holds an escape.
    ///
    /// A string with half a surrogate pair, which only a text of a dump may hold, has none.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> Option<Cow<'t, str>> {
        if self.kind() == Kind::String {
            self.slot.text(self.source)
        } else {
            None
        }
    }

    /// Whether it is a string, and its escapes are characters.
    #[inline]
    fn is_readable(&self) -> bool {
        self.kind() == Kind::String && self.slot.escapes != Escapes::Lone
    }

    /// The bytes of a string between its quotes; of anything else all of it.
    #[must_use]
    pub fn inside(&self) -> Range<usize> {
        let span = self.span();
        match self.kind() {
            Kind::String => span.start.saturating_add(1)..span.end.saturating_sub(1),
            Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::Array | Kind::Object => {
                span
            }
        }
    }

    /// Whether a string is written with escapes.
    #[must_use]
    pub fn has_escapes(&self) -> bool {
        self.slot.escapes != Escapes::None
    }

    /// The beginning of the text of a string: its first `characters` at least, and all of it where it
    /// has no more. No more than that is decoded, however long it is.
    pub(crate) fn beginning(&self, characters: usize) -> Option<Cow<'t, str>> {
        let text = self.is_readable().then(|| self.slot.inside(self.source))?;
        let end = text.floor_char_boundary(characters.saturating_mul(WRITTEN));
        if self.slot.escapes == Escapes::None || end == text.len() {
            return self.as_str();
        }
        // Where it cuts an escape, that gives a wrong character behind those that were asked for.
        text.get(..end).map(|begin| Cow::Owned(decode(begin)))
    }

    /// Whether it is a string of this text. Takes no longer than to read `text`.
    #[inline]
    pub(crate) fn is_text(&self, text: &str) -> bool {
        self.is_readable() && self.slot.is(text, self.source)
    }

    /// [`as_str`](Self::as_str), decoded in `buffer` where it must be.
    pub(crate) fn as_str_in<'b>(&self, buffer: &'b mut String) -> Option<&'b str>
    where
        't: 'b,
    {
        if !self.is_readable() {
            return None;
        }
        let inside = self.slot.inside(self.source);
        if self.slot.escapes == Escapes::None {
            return Some(inside);
        }
        buffer.clear();
        decode_to(inside, buffer);
        Some(buffer)
    }

    /// The value of an integer.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.kind() {
            Kind::Integer => self.written().parse().ok(),
            Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Array | Kind::Object => {
                None
            }
        }
    }

    /// The value of `true` or `false`.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.written() == "true")
    }

    /// How many items an array or members an object has; 0 for anything else.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.slot.len()
    }

    /// Whether [`len`](Self::len) is 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many values and keys it is made of, itself among them.
    #[must_use]
    pub(crate) fn slots(&self) -> usize {
        self.inner.len() + 1
    }

    /// The items of an array, in order; none for anything else.
    #[must_use]
    #[inline]
    pub fn items(&self) -> Items<'t> {
        Items {
            source: self.source,
            slots: self.inner_of(Kind::Array),
        }
    }

    /// The members of an object, in the order of the source; none for anything else.
    #[must_use]
    #[inline]
    pub fn members(&self) -> Members<'t> {
        Members {
            source: self.source,
            slots: self.inner_of(Kind::Object),
        }
    }

    #[inline]
    fn inner_of(&self, kind: Kind) -> &'t [Slot] {
        if self.kind() == kind { self.inner } else { &[] }
    }

    /// The value of the member `key` of an object. Looks through the members one by one.
    #[must_use]
    #[inline]
    pub fn get(&self, key: &str) -> Option<Node<'t>> {
        self.find(key).map(|(_, value)| value)
    }

    /// The member `key` of an object, with the place of its key.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<Member<'t>> {
        let (slot, value) = self.find(key)?;
        Some(Member {
            key: slot.string(self.source),
            key_span: slot.span(),
            value,
        })
    }

    fn find(&self, key: &str) -> Option<(&'t Slot, Node<'t>)> {
        let mut members = self.members();
        std::iter::from_fn(|| members.next_slots()).find(|(slot, _)| slot.is(key, self.source))
    }

    /// The value that `pointer` names, from here. Walks each list and object on the way from its
    /// beginning.
    ///
    /// In an array only `0` and decimal numbers without a leading zero name an item (RFC 6901,
    /// section 4).
    #[must_use]
    pub fn at(&self, pointer: &Pointer) -> Option<Node<'t>> {
        let mut node = *self;
        for token in pointer.tokens() {
            node = node.child(&token)?;
        }
        Some(node)
    }

    /// The member or item that one step of a pointer names.
    pub(super) fn child(&self, token: &str) -> Option<Node<'t>> {
        match self.kind() {
            Kind::Object => self.get(token),
            Kind::Array => self.items().nth(index(token)?),
            Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => None,
        }
    }

    /// The value in serde's representation. For what does not need positions.
    ///
    /// Of a text of a dump it keeps less than was written: a number as serde reads it, the last of
    /// members with one key, U+FFFD for half a surrogate pair.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        use serde_json::Value;
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(self.as_bool().unwrap_or_default()),
            Kind::Integer => Value::Number(self.as_i64().unwrap_or_default().into()),
            Kind::Number => serde_json::from_str(self.written()).unwrap_or_default(),
            Kind::String => Value::String(self.slot.string(self.source).into_owned()),
            Kind::Array => Value::Array(self.items().map(|item| item.to_value()).collect()),
            Kind::Object => Value::Object(
                self.members()
                    .map(|member| (member.key.into_owned(), member.value.to_value()))
                    .collect(),
            ),
        }
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written())
    }
}

/// An array index as RFC 6901 writes it.
pub(super) fn index(token: &str) -> Option<usize> {
    let plain = token == "0"
        || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    plain.then(|| token.parse().ok()).flatten()
}

/// The items of an array: see [`Node::items`].
#[derive(Debug, Clone)]
pub struct Items<'t> {
    source: &'t str,
    slots: &'t [Slot],
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    #[inline]
    fn next(&mut self) -> Option<Node<'t>> {
        let (node, rest) = Node::first(self.source, self.slots)?;
        self.slots = rest;
        Some(node)
    }
}

/// The members of an object: see [`Node::members`].
#[derive(Debug, Clone)]
pub struct Members<'t> {
    pub(super) source: &'t str,
    pub(super) slots: &'t [Slot],
}

impl<'t> Members<'t> {
    /// Whether something holds of all keys, decoded, and their values.
    #[inline]
    pub(crate) fn all_pairs(mut self, mut holds: impl FnMut(&str, Node<'t>) -> bool) -> bool {
        while let Some((key, value)) = self.next_slots() {
            if !holds(&key.string(self.source), value) {
                return false;
            }
        }
        true
    }

    /// The next member with its key as it lies on the tape.
    #[inline]
    pub(super) fn next_slots(&mut self) -> Option<(&'t Slot, Node<'t>)> {
        let (key, rest) = self.slots.split_first()?;
        let (value, rest) = Node::first(self.source, rest)?;
        self.slots = rest;
        Some((key, value))
    }
}

impl<'t> Iterator for Members<'t> {
    type Item = Member<'t>;

    #[inline]
    fn next(&mut self) -> Option<Member<'t>> {
        let (key, value) = self.next_slots()?;
        Some(Member {
            key: key.string(self.source),
            key_span: key.span(),
            value,
        })
    }
}

/// The most bytes that write one character: two escapes of a surrogate pair.
const WRITTEN: usize = 12;

/// The most bytes that write one byte of a text: an escape of a character of ASCII.
const WRITTEN_EACH: usize = 6;

impl Slot {
    /// Whether `text` is that of the string or key.
    #[inline]
    fn is(&self, text: &str, source: &str) -> bool {
        if self.escapes != Escapes::None {
            let written = self.span().len().saturating_sub(2);
            let may_be = (text.len()..=text.len().saturating_mul(WRITTEN_EACH)).contains(&written);
            let readable = self.escapes != Escapes::Lone;
            return may_be && readable && decodes_to(self.inside(source), text);
        }
        self.span().len() == text.len() + 2 && self.inside(source) == text
    }

    /// What stands between the quotes of a string or key.
    #[inline]
    pub(super) fn inside<'t>(&self, source: &'t str) -> &'t str {
        let span = self.span();
        let inside = span.start.saturating_add(1)..span.end.saturating_sub(1);
        source.get(inside).unwrap_or_default()
    }

    /// The text of a string or key, decoded, if it has one.
    #[inline]
    pub(super) fn text<'t>(&self, source: &'t str) -> Option<Cow<'t, str>> {
        (self.escapes != Escapes::Lone).then(|| self.string(source))
    }

    /// The text of a string or key, decoded, with U+FFFD for half a surrogate pair.
    #[inline]
    pub(super) fn string<'t>(&self, source: &'t str) -> Cow<'t, str> {
        let inside = self.inside(source);
        if self.escapes == Escapes::None {
            Cow::Borrowed(inside)
        } else {
            Cow::Owned(decode(inside))
        }
    }
}

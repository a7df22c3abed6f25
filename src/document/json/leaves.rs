//! The values of a document that hold no others.

use std::ops::Range;

use super::{Mapped, Value};
use crate::json::{Items, Kind, Members, Pointer};

/// A string, number, `true`, `false` or `null` of a document.
#[derive(Debug, Clone)]
pub struct Leaf<'l, 'd> {
    /// Where it is. Steps into a member whose key has no text or stood before do not lead back.
    pub pointer: &'l Pointer,
    /// The key of the member that it is, quotes included; none for an item of an array.
    pub key_span: Option<Range<usize>>,
    /// The value.
    pub value: Value<'d>,
}

impl Leaf<'_, '_> {
    /// What kind of value it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.value.kind()
    }

    /// Its bytes in the item without the quotes of a string.
    #[must_use]
    pub fn inside(&self) -> Range<usize> {
        self.value.inside()
    }
}

/// The leaves of a document, one after the other: see [`JsonDocument::leaves`].
///
/// Not an [`Iterator`], since all leaves share one pointer: to have one each would take the product of
/// their number and its length.
///
/// ```
/// use dateline::document::JsonDocument;
/// use dateline::dump::cut::Encoding;
///
/// let item = br#"{"a": [1, {"b": "c"}], "d": []}"#;
/// let document = JsonDocument::parse(item, Encoding::Utf8)?;
/// let mut leaves = document.leaves();
/// let mut found = Vec::new();
/// while let Some(leaf) = leaves.advance() {
///     found.push((leaf.pointer.to_string(), leaf.inside()));
/// }
/// assert_eq!(found, [("/a/0".to_owned(), 7..8), ("/a/1/b".to_owned(), 17..18)]);
/// # Ok::<(), dateline::document::json::JsonError>(())
/// ```
///
/// [`JsonDocument::leaves`]: super::JsonDocument::leaves
#[derive(Debug)]
pub struct Leaves<'d> {
    mapped: Mapped<'d>,
    /// The value that is all of the document, before it was looked at.
    root: Option<Value<'d>>,
    /// What is left of the arrays and objects around the next leaf, and the length of their pointers.
    open: Vec<(Inner<'d>, usize)>,
    pointer: Pointer,
}

#[derive(Debug)]
enum Inner<'d> {
    Items(usize, Items<'d>),
    Members(Members<'d>),
}

impl<'d> Leaves<'d> {
    pub(super) fn new(root: Value<'d>) -> Self {
        Self {
            mapped: root.mapped,
            root: Some(root),
            open: Vec::new(),
            pointer: Pointer::root(),
        }
    }

    /// The next leaf.
    pub fn advance(&mut self) -> Option<Leaf<'_, 'd>> {
        let mapped = self.mapped;
        loop {
            let (value, key) = self.step()?;
            let inner = match value.kind() {
                Kind::Array => Inner::Items(0, value.node.items()),
                Kind::Object => Inner::Members(value.node.members()),
                Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => {
                    return Some(Leaf {
                        pointer: &self.pointer,
                        key_span: key.map(|key| mapped.span(key)),
                        value,
                    });
                }
            };
            self.open.push((inner, self.pointer.as_str().len()));
        }
    }

    /// The next value of any kind, and where the text has its key.
    fn step(&mut self) -> Option<(Value<'d>, Option<Range<usize>>)> {
        let mapped = self.mapped;
        if let Some(root) = self.root.take() {
            return Some((root, None));
        }
        loop {
            let (inner, length) = self.open.last_mut()?;
            self.pointer.truncate(*length);
            match inner {
                Inner::Items(index, items) => {
                    if let Some(node) = items.next() {
                        self.pointer.push_index(*index);
                        *index += 1;
                        return Some((Value { node, mapped }, None));
                    }
                }
                Inner::Members(members) => {
                    if let Some(member) = members.next() {
                        self.pointer.push_key(&member.key);
                        let node = member.value;
                        return Some((Value { node, mapped }, Some(member.key_span)));
                    }
                }
            }
            self.open.pop();
        }
    }
}

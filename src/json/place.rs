//! Where in the source the things named by pointers lie.

use std::collections::HashMap;
use std::ops::Range;

use super::{Kind, Node, Pointer};

/// Something in a JSON text that a message is about: a value, or a key of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) pointer: Pointer,
    pub(crate) key: Option<String>,
}

impl Node<'_> {
    /// The bytes of the source that a message on this place should show.
    ///
    /// With a key: the key of that member of the object at `pointer`, or the object's opening
    /// brace where it has no such member. Without: the value at `pointer`. Where `pointer` names
    /// nothing, whatever lies nearest above it.
    #[must_use]
    pub fn place(&self, pointer: &Pointer, key: Option<&str>) -> Range<usize> {
        let mut node = *self;
        for token in pointer.tokens() {
            match node.child(&token) {
                Some(child) => node = child,
                None => return node.span(),
            }
        }
        match key.map(|key| node.member(key)) {
            None => node.span(),
            Some(None) => brace(node),
            Some(Some(member)) => member.key_span,
        }
    }
}

/// What [`Node::place`] gives for each of `wanted`, in one pass over the tape: ten thousand errors
/// in one value take no longer to place than to find. A pointer that names nothing gets all of
/// `root`.
pub(crate) fn places(root: Node<'_>, wanted: &[Place]) -> Vec<Range<usize>> {
    let mut tree = Branch::default();
    for (index, place) in wanted.iter().enumerate() {
        let mut branch = &mut tree;
        for token in place.pointer.tokens() {
            branch = branch.children.entry(token.into_owned()).or_default();
        }
        match &place.key {
            None => branch.values.push(index),
            Some(key) => {
                branch.braces.push(index);
                let child = branch.children.entry(key.clone()).or_default();
                child.keys.push(index);
            }
        }
    }
    let mut spans = vec![root.span(); wanted.len()];
    tree.walk(root, &mut spans);
    spans
}

/// The places wanted below one step of a pointer, by their indices.
#[derive(Default)]
struct Branch {
    /// Those that are this value.
    values: Vec<usize>,
    /// Those that are a key of this object, or its brace.
    braces: Vec<usize>,
    /// Those that are the key of this member.
    keys: Vec<usize>,
    children: HashMap<String, Branch>,
}

impl Branch {
    fn walk(&self, node: Node<'_>, spans: &mut [Range<usize>]) {
        set(spans, &self.values, &node.span());
        set(spans, &self.braces, &brace(node));
        if self.children.is_empty() {
            return;
        }
        for (index, item) in node.items().enumerate() {
            if let Some(child) = self.children.get(&index.to_string()) {
                child.walk(item, spans);
            }
        }
        for member in node.members() {
            if let Some(child) = self.children.get(member.key.as_ref()) {
                child.walk(member.value, spans);
                set(spans, &child.keys, &member.key_span);
            }
        }
    }
}

fn set(spans: &mut [Range<usize>], places: &[usize], span: &Range<usize>) {
    for &place in places {
        if let Some(slot) = spans.get_mut(place) {
            slot.clone_from(span);
        }
    }
}

/// The opening bracket of an object; all of anything else.
fn brace(node: Node<'_>) -> Range<usize> {
    let span = node.span();
    match node.kind() {
        Kind::Object => span.start..span.start + 1,
        Kind::Null | Kind::Bool | Kind::Integer | Kind::String | Kind::Array => span,
    }
}

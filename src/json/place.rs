//! Where in the source the things named by pointers lie.

use std::ops::Range;

use super::{Kind, Lookup, Node, Pointer};

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
            Some(None) => node.brace(),
            Some(Some(member)) => member.key_span,
        }
    }

    /// The opening bracket of an object; all of anything else.
    pub(super) fn brace(&self) -> Range<usize> {
        let span = self.span();
        match self.kind() {
            Kind::Object => span.start..span.start + 1,
            Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String | Kind::Array => {
                span
            }
        }
    }
}

/// What [`Node::place`] gives for each of `wanted`: ten thousand errors in one value take no longer to
/// place than to find. A pointer that names nothing gets all of `root`.
pub(crate) fn places(root: Node<'_>, wanted: &[Place]) -> Vec<Range<usize>> {
    // For one, what lies beside it need not be remembered.
    if let [Place { pointer, key }] = wanted {
        return vec![root.place(pointer, key.as_deref())];
    }
    let mut lookup = Lookup::new(root);
    wanted.iter().map(|place| lookup.place(place)).collect()
}

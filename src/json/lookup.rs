//! Many values of one text, found by their pointers.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::node::index;
use super::{Kind, Node, Place, Pointer};

/// Lists and objects of no more than so many children are walked anew for each pointer, which is
/// quicker than to remember them.
const FEW: usize = 32;

/// [`Node::at`] for many pointers into one text.
///
/// For each step `at` walks a list or object from its beginning. Here what has more than [`FEW`]
/// children is walked once, when the first pointer leads into it, and remembered: so however many
/// pointers lead into one list, all of them together take no longer than to read them and it.
#[derive(Debug)]
pub(crate) struct Lookup<'t> {
    root: Node<'t>,
    /// What was walked, by where it lies on the tape.
    walked: HashMap<usize, Children<'t>>,
}

/// What lies in a list or object.
#[derive(Debug)]
enum Children<'t> {
    Items(Vec<Node<'t>>),
    /// By its key, each with the bytes of the key.
    Members(HashMap<Cow<'t, str>, (Range<usize>, Node<'t>)>),
}

impl<'t> Lookup<'t> {
    /// For pointers from `root`.
    pub(crate) fn new(root: Node<'t>) -> Self {
        Self {
            root,
            walked: HashMap::new(),
        }
    }

    /// The value that `pointer` names, as [`Node::at`] gives it.
    pub(crate) fn at(&mut self, pointer: &Pointer) -> Option<Node<'t>> {
        let mut node = self.root;
        for token in pointer.tokens() {
            node = match self.children(node) {
                None => node.child(&token)?,
                Some(Children::Items(items)) => *items.get(index(&token)?)?,
                Some(Children::Members(members)) => members.get(&*token)?.1,
            };
        }
        Some(node)
    }

    /// The bytes of the source that a message on a place should show, as [`Node::place`] gives them;
    /// all of the root where the place's pointer names nothing.
    pub(super) fn place(&mut self, place: &Place) -> Range<usize> {
        let Some(node) = self.at(&place.pointer) else {
            return self.root.span();
        };
        let Some(key) = &place.key else {
            return node.span();
        };
        let key = match self.children(node) {
            None => node.member(key).map(|member| member.key_span),
            Some(Children::Items(_)) => None,
            Some(Children::Members(members)) => members.get(&**key).map(|(key, _)| key.clone()),
        };
        key.unwrap_or_else(|| node.brace())
    }

    /// What lies in a value, where that is much.
    fn children(&mut self, node: Node<'t>) -> Option<&Children<'t>> {
        if node.len() <= FEW {
            return None;
        }
        let walk = || match node.kind() {
            Kind::Object => {
                let mut first = HashMap::with_capacity(node.len());
                let mut members = node.members();
                while let Some((key, value)) = members.next_slots() {
                    if let Some(text) = key.text(members.source) {
                        first.entry(text).or_insert((key.span(), value));
                    }
                }
                Children::Members(first)
            }
            Kind::Array | Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => {
                Children::Items(node.items().collect())
            }
        };
        Some(self.walked.entry(node.address()).or_insert_with(walk))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{FEW, Lookup};
    use crate::json::{Pointer, Tape};

    /// Pointers to every value of a text, and beside each some that name nothing.
    fn pointers(node: crate::json::Node<'_>, here: &Pointer, all: &mut Vec<Pointer>) {
        all.push(here.clone());
        for token in ["", "-", "00", "+1", "a", "9999"] {
            all.push(here.clone().key(token));
        }
        for (index, item) in node.items().enumerate() {
            pointers(item, &here.clone().index(index), all);
        }
        for member in node.members() {
            pointers(member.value, &here.clone().key(&member.key), all);
        }
    }

    #[test]
    fn every_pointer_names_what_it_names_by_itself() {
        let list: Vec<String> = (0..=FEW)
            .map(|n| format!("[{n}, {{\"a\": {n}}}]"))
            .collect();
        let object: Vec<String> = (0..=FEW)
            .map(|n| format!("\"\\u0061/~{n}\": [{n}]"))
            .collect();
        let source = format!(
            r#"{{"few": [1, [], "s"], "list": [{}], "object": {{{}, "": {{}}}}}}"#,
            list.join(","),
            object.join(",")
        );
        let tape = Tape::parse(source.as_bytes()).unwrap();
        let mut all = Vec::new();
        pointers(tape.root(), &Pointer::root(), &mut all);
        assert!(all.len() > 1000);
        let mut lookup = Lookup::new(tape.root());
        for pointer in &all {
            let span = |node: crate::json::Node<'_>| node.span();
            assert_eq!(
                lookup.at(pointer).map(span),
                tape.root().at(pointer).map(span),
                "{pointer}"
            );
        }
    }

    #[test]
    fn many_pointers_into_one_list_take_no_longer_than_to_read_them() {
        // Walked for each of them, the list and the object take minutes.
        let length = 100_000;
        let list = "[1],".repeat(length);
        let members: Vec<String> = (0..length).map(|n| format!("\"{n}\":1")).collect();
        let source = format!("[[{list}1],{{{}}}]", members.join(","));
        let tape = Tape::parse(source.as_bytes()).unwrap();
        let mut lookup = Lookup::new(tape.root());
        for index in 0..length {
            let item = Pointer::root().index(0).index(index).index(0);
            assert_eq!(lookup.at(&item).unwrap().written(), "1");
            let member = Pointer::root().index(1).index(index);
            assert_eq!(lookup.at(&member).unwrap().written(), "1");
        }
    }
}

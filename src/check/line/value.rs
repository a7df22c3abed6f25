//! The values of a line: how rules find them, and how messages name them.

use std::ops::Range;

use encoding_rs::Encoding;

use crate::diagnostic::escape;
use crate::json::{Node, Pointer};

/// The value at a path of keys.
pub(crate) fn at<'t>(root: Node<'t>, keys: &[&str]) -> Option<Node<'t>> {
    keys.iter().try_fold(root, |node, key| node.get(key))
}

/// The pointer with these steps, keys and decimal indices.
pub(crate) fn pointer(text: &str) -> Pointer {
    Pointer::parse(text).unwrap_or_default()
}

/// A value as a message names it. Of a long one no more is read than is shown.
pub(crate) fn shown(value: Node<'_>) -> String {
    match value.beginning(escape::SHOWN + 1) {
        Some(text) => escape::shown(&text),
        None => escape::shown(value.written()),
    }
}

/// The opening brace of an object.
pub(crate) fn brace(object: Node<'_>) -> Range<usize> {
    let start = object.span().start;
    start..start + 1
}

/// Whether a label is one of the Encoding Standard.
pub(crate) fn is_encoding(label: &str) -> bool {
    Encoding::for_label(label.as_bytes()).is_some()
}

/// Whether a label is one of UTF-8.
pub(crate) fn is_utf8(label: &str) -> bool {
    Encoding::for_label(label.as_bytes()) == Some(encoding_rs::UTF_8)
}

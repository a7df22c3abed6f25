//! Values that are no article and hold some, as an API gives them: pages (`spec/dumps.md`, "Wrapped items").

use std::ops::Range;

use crate::document::json::{Member, Value};
use crate::dump::cut::Layout;
use crate::json::Kind;

/// The bytes of the items of an object in which exactly one array of items has a name of such arrays, or, where none
/// has, one without items; nothing where it is no page.
pub(crate) fn page(root: Value<'_>) -> Option<Vec<Range<usize>>> {
    let mut found: Vec<Value<'_>> = Vec::new();
    for member in root.members() {
        if member.value.kind() == Kind::Object && Layout::is_holder(&member.key) {
            found.extend(member.value.members().filter_map(|member| array(&member)));
        } else {
            found.extend(array(&member));
        }
    }
    let is_empty = |array: &Value<'_>| array.items().next().is_none();
    if !found.iter().all(is_empty) {
        found.retain(|array| !is_empty(array));
    }
    match found.as_slice() {
        [array] => Some(array.items().map(|item| item.span()).collect()),
        _ => None,
    }
}

/// The value of a member that is an array of items by its name and its first item.
fn array<'d>(member: &Member<'d>) -> Option<Value<'d>> {
    let array = member.value;
    let is_one = array.kind() == Kind::Array && Layout::is_items(&member.key);
    let mut items = array.items();
    let is_of_objects = items.next().is_none_or(|item| item.kind() == Kind::Object);
    (is_one && is_of_objects).then_some(array)
}

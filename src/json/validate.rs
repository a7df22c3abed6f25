//! The tape as the `jsonschema` crate reads it, so that a schema is checked without building a
//! tree and every error has a place in the source.

use std::borrow::Cow;
use std::collections::HashSet;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object, cmp};
use serde_json::Value;

use super::canonical;
use super::slot::Slot;
use super::{Items, Kind, Members, Node};

/// Names the tape's representation to `jsonschema`.
#[derive(Debug)]
pub(crate) enum OnTape {}

/// A JSON text of one string, for `propertyNames`.
#[derive(Debug, Default)]
pub(crate) struct Name {
    source: String,
    slots: Vec<Slot>,
}

#[derive(Debug)]
pub(crate) struct ObjectNode<'t>(Node<'t>);
#[derive(Debug)]
pub(crate) struct ArrayNode<'t>(Node<'t>);
#[derive(Debug)]
pub(crate) struct Integer(i64);
#[derive(Debug)]
pub(crate) struct Pairs<'t>(Members<'t>);

impl Json for OnTape {
    type Node<'a> = Node<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = Name;

    // A lookup passes over the members, so one pass is always cheaper than several lookups.
    const KEYS_PER_LOOKUP: usize = 1024;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(buffer: &mut Name, string: &str, f: impl FnOnce(Node<'_>) -> T) -> T {
        let mut quoted = Vec::with_capacity(string.len() + 2);
        canonical::write_string(string, &mut quoted);
        buffer.source = String::from_utf8(quoted).unwrap_or_default();
        buffer.slots = vec![Slot::string_of(buffer.source.len())];
        f(Node::root(&buffer.source, &buffer.slots))
    }
}

impl<'a> JsonNode<'a, OnTape> for Node<'a> {
    type Object = ObjectNode<'a>;
    type Array = ArrayNode<'a>;
    type Number = Integer;

    fn as_object(&self) -> Option<ObjectNode<'a>> {
        (self.kind() == Kind::Object).then_some(ObjectNode(*self))
    }

    fn as_array(&self) -> Option<ArrayNode<'a>> {
        (self.kind() == Kind::Array).then_some(ArrayNode(*self))
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.as_str()
    }

    fn as_number(&self) -> Option<Integer> {
        self.as_i64().map(Integer)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    fn is_number(&self) -> bool {
        self.kind() == Kind::Integer
    }

    fn is_string(&self) -> bool {
        self.kind() == Kind::String
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::Bool => JsonType::Boolean,
            Kind::Integer | Kind::Number => JsonType::Number,
            Kind::String => JsonType::String,
            Kind::Array => JsonType::Array,
            Kind::Object => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match expected {
            Value::Null => self.is_null(),
            Value::Bool(boolean) => self.as_bool() == Some(*boolean),
            Value::Number(number) => self
                .as_number()
                .is_some_and(|own| cmp::equal_numbers(&own, number)),
            Value::String(string) => self.as_str().is_some_and(|own| own == string.as_str()),
            Value::Array(items) => {
                self.kind() == Kind::Array
                    && self.len() == items.len()
                    && self
                        .items()
                        .zip(items)
                        .all(|(own, item)| own.equals_value(item))
            }
            Value::Object(members) => {
                self.kind() == Kind::Object
                    && self.len() == members.len()
                    && self.members().all(|own| {
                        let member = members.get(own.key.as_ref());
                        member.is_some_and(|member| own.value.equals_value(member))
                    })
            }
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(Node::to_value(self))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(self.address()))
    }
}

impl<'a> Object<'a, OnTape> for ObjectNode<'a> {
    type Node = Node<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = Pairs<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &Box<str>) -> Option<Node<'a>> {
        self.0.get(key)
    }

    fn members(&self) -> Pairs<'a> {
        Pairs(self.0.members())
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (Cow<'a, str>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|member| (member.key, member.value))
    }
}

impl<'a> Array<'a, OnTape> for ArrayNode<'a> {
    type Node = Node<'a>;
    type ElementsIter = Items<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Items<'a> {
        self.0.items()
    }

    /// Values are equal exactly when their canonical forms are: all numbers are integers.
    fn is_unique(&self) -> bool {
        let mut seen = HashSet::with_capacity(self.0.len());
        self.0.items().all(|item| {
            let mut form = Vec::new();
            canonical::write(item, &mut form);
            seen.insert(form)
        })
    }
}

impl JsonNumber for Integer {
    fn as_u64(&self) -> Option<u64> {
        self.0.try_into().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        Some(self.0)
    }

    #[allow(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "the tape holds no integer that an f64 does not keep"
    )]
    fn as_f64(&self) -> Option<f64> {
        Some(self.0 as f64)
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(self.0.into())
    }

    fn is_integer(&self) -> bool {
        true
    }

    fn is_written_as_integer(&self) -> bool {
        true
    }
}

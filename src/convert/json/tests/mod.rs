//! Tests of the general JSON converter.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod random;
mod shapes;
mod shared;

use std::borrow::Cow;

use serde_json::Value;

use super::{profile_ref, read};
use crate::convert::assemble::{Assembled, assemble};
use crate::document::JsonDocument;
use crate::dump::Item;
use crate::dump::cut::Encoding;
use crate::json::{Tape, canonical};
use crate::record::IdRule;
use crate::schema::Schema;
use crate::trace::{Location, Replay, coverage};

/// A record of an item of JSON and its trace.
struct Made {
    record: Value,
    trace: Value,
    conflicts: Vec<(String, String)>,
}

impl Made {
    /// The value at a pointer into the record.
    fn at(&self, pointer: &str) -> &Value {
        self.record.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// What the bytes of a label are, one text for each span.
    fn dropped<'i>(&self, item: &'i str, label: &str) -> Vec<&'i str> {
        let dropped = self.trace["dropped"].as_array().unwrap();
        let spans = dropped.iter().find(|one| one["label"] == label);
        let spans = spans.and_then(|one| one["spans"].as_array());
        let at = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let spans = spans.into_iter().flatten();
        spans
            .map(|span| item.get(at(&span[0])..at(&span[1])).unwrap())
            .collect()
    }

    /// The bytes of its trace for each of the item.
    fn share(&self, item: &[u8]) -> (usize, usize) {
        (self.trace.to_string().len(), item.len())
    }
}

/// Converts an item, and proves what every record and trace must be.
fn convert(item: &[u8], encoding: Encoding) -> Made {
    let document = JsonDocument::parse(item, encoding).unwrap();
    let (draft, _) = read(item, &document).unwrap();
    let item = Item {
        location: Location::range("a.json", 0, u64::try_from(item.len()).unwrap()),
        bytes: Cow::Borrowed(item),
        contexts: Vec::new(),
        media_type: "application/json",
        encoding: encoding.label(),
        found: None,
        is_payload: false,
    };
    let Assembled {
        article,
        trace,
        conflicts,
    } = assemble(&item, draft, profile_ref(), IdRule::Derived).unwrap();
    assert_eq!(coverage(&trace), []);
    let record = serde_json::to_value(&article).unwrap();
    let mut contexts = Vec::new();
    let mut replay = Replay::new(&trace.fields, item.sources(&mut contexts));
    for field in &trace.fields {
        let value: Value = replay.value(field).unwrap().into();
        let pointer = field.pointer().unwrap();
        assert_eq!(record.pointer(pointer.as_str()), Some(&value), "{pointer}");
    }
    let line = canonical::to_vec(&article).unwrap();
    let tape = Tape::parse(&line).unwrap();
    assert_eq!(Schema::named("article").unwrap().validate(tape.root()), []);
    let span = |span: crate::trace::Span| {
        String::from_utf8_lossy(span.of(&item.bytes).unwrap()).into_owned()
    };
    Made {
        trace: serde_json::to_value(&trace).unwrap(),
        conflicts: conflicts
            .iter()
            .map(|one| (span(one.span), one.with.map(span).unwrap_or_default()))
            .collect(),
        record,
    }
}

fn made(item: &str) -> Made {
    convert(item.as_bytes(), Encoding::Utf8)
}

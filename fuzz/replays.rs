//! Traces over any items.

use dateline::trace::{
    Bytes, ContextName, Field, MadeOf, ROOM, ROOM_EACH, Replay, ReplayError, Sources, Span, Value,
};

use super::{narrow, wide};

/// The labels that an input chooses from.
const LABELS: [&str; 6] = [
    "utf-8",
    "windows-1252",
    "utf-16le",
    "gbk",
    "shift_jis",
    "none",
];

/// The transforms that an input chooses from.
const TRANSFORMS: [&str; 30] = [
    "decode:windows-1251",
    "decode:iso-2022-jp",
    "decode:utf-8+windows-1252",
    "json-string",
    "csv-cell",
    "xml-text",
    "html-text",
    "html-attribute",
    "mojibake:windows-1252",
    "trim",
    "collapse-space",
    "collapse-lines",
    "line-feeds",
    "ascii-lower",
    "nfc",
    "date:%Y-%m-%d",
    "date:%d. %B %Y, %H:%M",
    "date:de:%d. %B %Y",
    "epoch:s",
    "epoch:ms",
    "rfc2047",
    "locale",
    "url-resolve",
    "url-join:/source/url",
    "url-join:base",
    "url-host",
    "split:,",
    "split:\n",
    "join-paragraphs",
    "join-paragraphs",
];

/// The values that an input chooses from.
const VALUES: [&str; 8] = [
    "/article/headline",
    "/article/keywords",
    "/source/url",
    "/fetch/status",
    "/content/text",
    "/article/published",
    "base",
    "other",
];

/// Replays the fields that the input holds over the item that it holds.
///
/// An input is a list of fields in JSON, a NUL, the label of an encoding, a NUL, and the item; in any
/// other, each byte chooses what is next. A replay gives the same again, alone and among others, and
/// no more than there is room for.
pub fn replay(data: &[u8]) {
    let (fields, label, item) = written(data).unwrap_or_else(|| chosen(data));
    let middle = item.len() / 2;
    let context = Bytes {
        bytes: &item[..middle],
        encoding: "utf-8",
    };
    let contexts = [(ContextName::Mail, context)];
    let sources = Sources {
        item: Bytes {
            bytes: item,
            encoding: &label,
        },
        contexts: &contexts,
    };
    let mut replay = Replay::new(&fields, sources);
    let values: Vec<_> = fields.iter().map(|field| replay.value(field)).collect();
    for (field, value) in fields.iter().zip(&values) {
        let alone = Replay::new(&fields, sources).value(field);
        assert_eq!(&alone, value, "{field:?}");
        assert_eq!(&replay.value(field), value, "{field:?}");
        let named = narrow(field.named());
        if let (Ok(value), MadeOf::Spans { .. }) = (value, &field.origin) {
            let room = named.saturating_mul(ROOM_EACH).max(ROOM);
            assert!(size(value) <= room, "{field:?} gives {} bytes", size(value));
            assert!(named <= item.len());
        }
        if let Err(ReplayError::Room(room)) = value {
            assert!(*room >= ROOM);
        }
        // A field is the same when it is written and read.
        let json = serde_json::to_vec(field).unwrap();
        let read: Field = serde_json::from_slice(&json).unwrap();
        assert_eq!(&read, field);
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::List(texts) => texts.iter().map(String::len).sum(),
        Value::Integer(_) => 0,
    }
}

/// Fields that are written in JSON, the label and the item.
fn written(data: &[u8]) -> Option<(Vec<Field>, String, &[u8])> {
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let fields = serde_json::from_slice(parts.next()?).ok()?;
    let label = String::from_utf8_lossy(parts.next()?).into_owned();
    Some((fields, label, parts.next()?))
}

/// Fields of which each byte chooses something, the label and the item, which is what is left.
fn chosen(data: &[u8]) -> (Vec<Field>, String, &[u8]) {
    let mut bytes = data.iter().copied();
    let mut next = || usize::from(bytes.next().unwrap_or_default());
    let label = LABELS[next() % LABELS.len()].to_owned();
    let mut fields = Vec::new();
    for _ in 0..next() % 4 {
        let value = VALUES[next() % VALUES.len()].parse().unwrap();
        let (origin, from) = (next(), next());
        let mut span = || {
            let start = wide(next());
            let length = wide(next());
            Span {
                start,
                end: start + length,
            }
        };
        let origin = match origin % 4 {
            0 => MadeOf::Value(VALUES[from % VALUES.len()].parse().unwrap()),
            kind => MadeOf::Spans {
                context: (kind == 1).then_some(ContextName::Mail),
                groups: (0..=from % 3)
                    .map(|number| (0..=number % 2).map(|_| span()).collect())
                    .collect(),
            },
        };
        let via = (0..next() % 4)
            .map(|_| TRANSFORMS[next() % TRANSFORMS.len()].parse().unwrap())
            .collect();
        fields.push(Field { value, origin, via });
    }
    let left = bytes.len();
    (fields, label, &data[data.len() - left..])
}

//! From spans and transforms to the value.

use encoding_rs::Encoding;

use super::{Field, Span, Transform, TransformError};
use crate::json::Pointer;

/// What a replay gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One text.
    Text(String),
    /// A list of texts, one a group.
    List(Vec<String>),
}

/// Why a field does not replay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// A span is empty or reaches beyond the item.
    #[error("the span {}..{} is not within the item's {length} bytes", .span.start, .span.end)]
    Span {
        /// The span.
        span: Span,
        /// The item's length in bytes.
        length: usize,
    },
    /// The encoding's name is not known.
    #[error("`{}` is not the label of an encoding", .0.escape_debug())]
    Encoding(String),
    /// The bytes are not text in that encoding.
    #[error("the bytes {}..{} are not {encoding}", .span.start, .span.end)]
    Decode {
        /// The span.
        span: Span,
        /// The encoding.
        encoding: String,
    },
    /// A transform does not read this text.
    #[error("`{transform}` fails: {source}")]
    Transform {
        /// The transform.
        transform: Transform,
        /// Why.
        source: TransformError,
    },
    /// `decode:` stands elsewhere than first.
    #[error("`{0}` is not the first transform")]
    LateDecode(Transform),
    /// Several groups are left where the value is one text, or there are none.
    #[error("{0} groups are left where the value is one text")]
    Groups(usize),
}

impl Value {
    /// Whether it is a text or a list of nothing, or a list with a text of nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(texts) => texts.is_empty() || texts.iter().any(String::is_empty),
        }
    }
}

impl From<Value> for serde_json::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Self::from(text),
            Value::List(texts) => Self::from(texts),
        }
    }
}

/// Whether the value at `pointer` is a list of texts: only the keywords are.
#[must_use]
pub fn is_list(pointer: &Pointer) -> bool {
    pointer.as_str() == "/article/keywords"
}

/// The value that a field's spans and transforms give (`spec/trace.md`, "Replay").
///
/// `encoding` is the item's own, `raw.encoding` of its record.
///
/// # Errors
///
/// [`ReplayError`]: the field cannot be what it says.
pub fn replay(raw: &[u8], encoding: &str, field: &Field) -> Result<Value, ReplayError> {
    let groups = replay_groups(raw, encoding, &field.spans, &field.via)?;
    if is_list(&field.pointer) {
        return Ok(Value::List(groups));
    }
    match <[String; 1]>::try_from(groups) {
        Ok([text]) => Ok(Value::Text(text)),
        Err(groups) => Err(ReplayError::Groups(groups.len())),
    }
}

/// The texts that groups of spans and transforms give, before they are one value.
///
/// # Errors
///
/// As [`replay`].
pub fn replay_groups(
    raw: &[u8],
    encoding: &str,
    spans: &[Vec<Span>],
    via: &[Transform],
) -> Result<Vec<String>, ReplayError> {
    let (encoding, via) = match via {
        [Transform::Decode(label), rest @ ..] => (label.as_str(), rest),
        all => (encoding, all),
    };
    let known = Encoding::for_label_no_replacement(encoding.as_bytes())
        .ok_or_else(|| ReplayError::Encoding(encoding.to_owned()))?;
    let mut groups = spans
        .iter()
        .map(|group| decode(raw, known, group))
        .collect::<Result<Vec<_>, _>>()?;
    for transform in via {
        groups = match transform {
            Transform::Decode(_) => return Err(ReplayError::LateDecode(transform.clone())),
            Transform::JoinParagraphs => vec![groups.join("\n\n")],
            Transform::Split(separator) => groups
                .iter()
                .flat_map(|group| group.split(separator.as_str()).map(str::to_owned))
                .collect(),
            Transform::Trim
            | Transform::CollapseSpace
            | Transform::Nfc
            | Transform::Date(_)
            | Transform::Locale
            | Transform::UrlResolve
            | Transform::UrlHost => groups
                .iter()
                .map(|group| transform.apply(group))
                .collect::<Result<_, _>>()
                .map_err(|source| ReplayError::Transform {
                    transform: transform.clone(),
                    source,
                })?,
        };
    }
    Ok(groups)
}

fn decode(raw: &[u8], encoding: &'static Encoding, group: &[Span]) -> Result<String, ReplayError> {
    let mut text = String::new();
    for span in group {
        let bytes = span.of(raw).ok_or(ReplayError::Span {
            span: *span,
            length: raw.len(),
        })?;
        let piece = encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(|| ReplayError::Decode {
                span: *span,
                encoding: encoding.name().to_owned(),
            })?;
        text.push_str(&piece);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{ReplayError, Value, replay};
    use crate::trace::{Field, Span};

    fn field(pointer: &str, spans: &[&[(u64, u64)]], via: &[&str]) -> Field {
        Field {
            pointer: pointer.parse().unwrap(),
            spans: spans
                .iter()
                .map(|group| {
                    group
                        .iter()
                        .map(|&(start, end)| Span { start, end })
                        .collect()
                })
                .collect(),
            via: via.iter().map(|name| name.parse().unwrap()).collect(),
        }
    }

    #[test]
    fn groups_join_split_and_stand_alone() {
        let raw = b"a, b; c";
        let text = |text: &str| Ok(Value::Text(text.to_owned()));
        let list = |items: &[&str]| Ok(Value::List(items.iter().map(|&s| s.to_owned()).collect()));
        let run = |field: Field| replay(raw, "utf-8", &field);
        assert_eq!(
            run(field("/content/text", &[&[(0, 1), (3, 4)]], &[])),
            text("ab")
        );
        assert_eq!(
            run(field(
                "/content/text",
                &[&[(0, 1)], &[(3, 4)]],
                &["join-paragraphs"]
            )),
            text("a\n\nb")
        );
        assert_eq!(
            run(field("/article/keywords", &[&[(0, 4)]], &["split:, "])),
            list(&["a", "b"])
        );
        assert_eq!(
            run(field("/article/keywords", &[&[(0, 1)]], &[])),
            list(&["a"])
        );
        assert_eq!(
            run(field("/content/text", &[&[(0, 1)], &[(3, 4)]], &[])),
            Err(ReplayError::Groups(2))
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let raw = "é".as_bytes();
        let run = |spans: (u64, u64), via: &[&str]| {
            replay(raw, "utf-8", &field("/article/headline", &[&[spans]], via))
        };
        assert!(matches!(run((0, 3), &[]), Err(ReplayError::Span { .. })));
        assert!(matches!(run((1, 1), &[]), Err(ReplayError::Span { .. })));
        assert!(matches!(run((0, 1), &[]), Err(ReplayError::Decode { .. })));
        assert!(matches!(
            run((0, 2), &["decode:klingon"]),
            Err(ReplayError::Encoding(_))
        ));
        assert!(matches!(
            run((0, 2), &["trim", "decode:utf-8"]),
            Err(ReplayError::LateDecode(_))
        ));
        assert_eq!(
            run((0, 2), &["decode:windows-1252"]),
            Ok(Value::Text("Ã©".to_owned()))
        );
    }
}

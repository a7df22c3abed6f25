//! From spans and transforms to the value.

use encoding_rs::Encoding;

use super::{Field, Span, Transform, TransformError};
use crate::json::Pointer;

/// So many bytes the steps of a replay may give together, whatever its spans name,
pub const ROOM: usize = 1 << 16;

/// and so many for each byte that they name. A step gives three bytes for one of a legacy encoding, and
/// no field needs more than a handful of steps.
pub const ROOM_EACH: usize = 16;

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
    /// The spans name more bytes than there are, so some of them several times.
    #[error(
        "its spans name {named} bytes and the item has {length}: some are named more than once"
    )]
    Again {
        /// How many bytes they name.
        named: usize,
        /// The item's length in bytes.
        length: usize,
    },
    /// The steps together give more text than they may: [`ROOM`], or [`ROOM_EACH`] bytes for each byte
    /// that is named.
    #[error("its steps give more than {0} bytes, far more than its spans name")]
    Room(usize),
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
/// What it makes is bounded by the bytes that the spans name, and these by the item
/// (`spec/trace.md`, `trace-replay-once` and `trace-replay-room`), whatever a trace says.
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
    let named = named(raw, spans)?;
    let mut room = Room::new(named);
    let mut groups = Groups::default();
    for group in spans {
        decode(raw, known, group, &mut groups.text)?;
        groups.end(&mut room)?;
    }
    for transform in via {
        let mut given = Groups::default();
        match transform {
            Transform::Decode(_) => return Err(ReplayError::LateDecode(transform.clone())),
            Transform::JoinParagraphs => {
                for (index, group) in groups.iter().enumerate() {
                    given
                        .text
                        .push_str(if index == 0 { "" } else { PARAGRAPHS });
                    given.text.push_str(group);
                    room.has(given.text.len())?;
                }
                given.end(&mut room)?;
            }
            Transform::Split(separator) => {
                for piece in groups.iter().flat_map(|group| group.split(&**separator)) {
                    given.text.push_str(piece);
                    given.end(&mut room)?;
                }
            }
            Transform::Trim
            | Transform::CollapseSpace
            | Transform::Nfc
            | Transform::Date(_)
            | Transform::Locale
            | Transform::UrlResolve
            | Transform::UrlHost => {
                for group in groups.iter() {
                    let text = transform.apply(group);
                    given
                        .text
                        .push_str(&text.map_err(|source| ReplayError::Transform {
                            transform: transform.clone(),
                            source,
                        })?);
                    given.end(&mut room)?;
                }
            }
        }
        groups = given;
    }
    Ok(groups.iter().map(str::to_owned).collect())
}

/// What `join-paragraphs` puts between groups.
const PARAGRAPHS: &str = "\n\n";

/// How many bytes spans name, each as often as it is named: no more than the item has.
fn named(raw: &[u8], spans: &[Vec<Span>]) -> Result<usize, ReplayError> {
    let length = raw.len();
    let mut named: usize = 0;
    for span in spans.iter().flatten() {
        let bytes = span.of(raw).ok_or(ReplayError::Span {
            span: *span,
            length,
        })?;
        named = named.saturating_add(bytes.len());
    }
    if named > length {
        return Err(ReplayError::Again { named, length });
    }
    Ok(named)
}

/// How much text the steps of one replay may still give.
struct Room {
    all: usize,
    left: usize,
}

impl Room {
    fn new(named: usize) -> Self {
        let all = named.saturating_mul(ROOM_EACH).max(ROOM);
        Self { all, left: all }
    }

    /// That there is room for so many bytes.
    fn has(&self, bytes: usize) -> Result<(), ReplayError> {
        if bytes > self.left {
            return Err(ReplayError::Room(self.all));
        }
        Ok(())
    }
}

/// Texts behind each other: where there are a million, a million of their own would take many times
/// their bytes.
#[derive(Default)]
struct Groups {
    text: String,
    ends: Vec<usize>,
}

impl Groups {
    /// Ends a group, which takes its bytes and one more of the room: so groups of nothing take some.
    fn end(&mut self, room: &mut Room) -> Result<(), ReplayError> {
        let start = self.ends.last().copied().unwrap_or_default();
        let takes = self.text.len() - start + 1;
        room.has(takes)?;
        room.left -= takes;
        self.ends.push(self.text.len());
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let ranges = starts.zip(&self.ends);
        ranges.map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }
}

fn decode(
    raw: &[u8],
    encoding: &'static Encoding,
    group: &[Span],
    text: &mut String,
) -> Result<(), ReplayError> {
    for span in group {
        let bytes = span.of(raw).unwrap_or_default();
        let piece = encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(|| ReplayError::Decode {
                span: *span,
                encoding: encoding.name().to_owned(),
            })?;
        text.push_str(&piece);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{ReplayError, Room, Value, replay};
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
    fn a_value_of_nothing_is_empty() {
        let list =
            |texts: &[&str]| Value::List(texts.iter().map(|&text| text.to_owned()).collect());
        for (value, empty) in [
            (Value::Text(String::new()), true),
            (Value::Text(" ".to_owned()), false),
            (list(&[]), true),
            (list(&["a"]), false),
            (list(&["a", "b"]), false),
            (list(&["a", "", "b"]), true),
        ] {
            assert_eq!(value.is_empty(), empty, "{value:?}");
        }
    }

    #[test]
    fn there_is_room_for_what_is_left_and_no_more() {
        let room = Room::new(0);
        assert_eq!(room.has(room.left), Ok(()));
        assert_eq!(room.has(room.left + 1), Err(ReplayError::Room(room.all)));
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

    /// `trace-replay-once`
    #[test]
    fn no_field_names_more_bytes_than_there_are() {
        let run =
            |spans: &[&[(u64, u64)]]| replay(b"abc", "utf-8", &field("/content/text", spans, &[]));
        assert_eq!(run(&[&[(2, 3), (0, 2)]]), Ok(Value::Text("cab".to_owned())));
        let many = [(0, 3); 600];
        let error = run(&[&many]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "its spans name 1800 bytes and the item has 3: some are named more than once"
        );
        let groups = [many.as_slice(); 2];
        assert!(matches!(
            run(&groups),
            Err(ReplayError::Again { named: 3_600, .. })
        ));
    }

    /// `trace-replay-room`
    #[test]
    fn steps_give_no_more_than_there_is_room_for() {
        let run = |text: &str, via: &[&str]| {
            let length = text.len().try_into().unwrap();
            replay(
                text.as_bytes(),
                "utf-8",
                &field("/content/text", &[&[(0, length)]], via),
            )
        };
        // Each round doubles the line feeds.
        let round = ["split:\n", "join-paragraphs"];
        assert!(matches!(run("\n", &round.repeat(9)), Ok(Value::Text(text)) if text.len() == 512));
        assert_eq!(
            run("\n", &round.repeat(400)),
            Err(ReplayError::Room(super::ROOM))
        );
        // Groups of nothing take room, too: here 30,001 of them, again and again.
        let nothing = "\n".repeat(30_000);
        assert_eq!(
            run(&nothing, &["split:\n"; 20]),
            Err(ReplayError::Room(480_000))
        );
        // Text of a real size has room for more steps than any field needs.
        let long = "Rain ends the drought.\n".repeat(20_000);
        let via = [
            "trim",
            "collapse-space",
            "nfc",
            "split:. ",
            "trim",
            "nfc",
            "join-paragraphs",
        ];
        assert!(run(&long, &via).is_ok());
        assert_eq!(
            run(&long, &["nfc"; 400]),
            Err(ReplayError::Room(super::ROOM_EACH * long.len()))
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

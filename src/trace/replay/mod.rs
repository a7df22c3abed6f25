//! From spans and transforms to the value.

mod decode;
mod groups;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;

use decode::Decoder;
use encoding_rs::Encoding;
use groups::{Groups, Room};

use super::{ContextName, Field, MadeOf, Reference, Span, Stage, Transform, TransformError};
use crate::json::shown;
use crate::record::Nature;

/// The bytes that the steps of a replay may give together, besides [`ROOM_EACH`] for each byte that its spans name.
pub const ROOM: usize = 1 << 16;

/// The bytes that the steps may give for each byte that the spans name. A step gives at most three bytes for one
/// byte of a legacy encoding, and no field needs more than a few steps.
pub const ROOM_EACH: usize = 16;

/// Over so many references at most a value may be made of others.
pub const STEPS: usize = 2;

/// The largest integer that a replay gives: 2^53 − 1.
const MOST: u64 = (1 << 53) - 1;

/// What a replay gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One text.
    Text(String),
    /// An array of texts, one a group.
    List(Vec<String>),
    /// An integer.
    Integer(u64),
}

/// Bytes and the label of their encoding.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'b> {
    /// The bytes.
    pub bytes: &'b [u8],
    /// A label of the Encoding Standard.
    pub encoding: &'b str,
}

impl Bytes<'_> {
    /// The text of a span, for a person: what is no character of the encoding is replaced.
    ///
    /// ```
    /// use dateline::trace::{Bytes, Span};
    ///
    /// let bytes = Bytes { bytes: b"a caf\xe9", encoding: "windows-1252" };
    /// assert_eq!(bytes.shown(Span::from(2..6)), "café");
    /// ```
    #[must_use]
    pub fn shown(&self, span: Span) -> String {
        let bytes = span.of(self.bytes).unwrap_or_default();
        let encoding = Encoding::for_label(self.encoding.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    }
}

/// What values are replayed from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'b> {
    /// The item; its encoding is `raw.encoding` of the record.
    pub item: Bytes<'b>,
    /// The contexts that the trace names.
    pub contexts: &'b [(ContextName, Bytes<'b>)],
}

impl<'b> Sources<'b> {
    /// An item that is text in UTF-8, without contexts.
    #[must_use]
    pub const fn of_text(text: &'b str) -> Self {
        Self {
            item: Bytes {
                bytes: text.as_bytes(),
                encoding: "utf-8",
            },
            contexts: &[],
        }
    }
}

/// Why a field does not replay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// A span is empty or reaches beyond the item or context.
    #[error("the span {}..{} is not within the {length} bytes", .span.start, .span.end)]
    Span {
        /// The span.
        span: Span,
        /// How many bytes there are.
        length: usize,
    },
    /// The encoding's name is not known.
    #[error("`{}` is not the label of an encoding", shown(.0))]
    Encoding(String),
    /// The bytes are not text in that encoding.
    #[error("the bytes {}..{} are not {}", .span.start, .span.end, shown(.encoding))]
    Decode {
        /// The span.
        span: Span,
        /// The encoding.
        encoding: String,
    },
    /// A transform does not read this text.
    #[error("`{}` fails: {cause}", shown(&.transform.to_string()))]
    Transform {
        /// The transform.
        transform: Transform,
        /// Why.
        cause: TransformError,
    },
    /// A transform stands behind one of a later stage, or has no spans to work on.
    #[error(
        "`{}` is out of place: decoding comes first, then what works on spans, then the rest",
        shown(&.0.to_string())
    )]
    Misplaced(Transform),
    /// A field has several transforms that refer to another value.
    #[error("a field has at most one `url-join:`")]
    Joins,
    /// The spans name more bytes than there are, so some of them several times.
    #[error("its spans name {named} bytes of {length}: some are named more than once")]
    Again {
        /// How many bytes they name.
        named: usize,
        /// How many there are.
        length: usize,
    },
    /// The steps together give more text than they may: [`ROOM`], or [`ROOM_EACH`] bytes for each byte
    /// that is named.
    #[error("its steps give more than {0} bytes, far more than its spans name")]
    Room(usize),
    /// Several groups are left where the value is one text, or there are none.
    #[error("expected one text, found {0} groups")]
    Groups(usize),
    /// The value is an integer and the text is none.
    #[error("`{}` is not an integer from 0 to 9007199254740991", shown(.0))]
    Integer(String),
    /// The trace names no such context.
    #[error("the trace has no context `{0}`")]
    Context(ContextName),
    /// The trace has no field for a value that this one needs.
    #[error("the trace has no field for `{}`, which it is made of", shown(&.0.to_string()))]
    Reference(Reference),
    /// A value that this one needs is an array.
    #[error("`{}`, which it is made of, is an array", shown(&.0.to_string()))]
    Array(Reference),
    /// A value that this one needs does not replay.
    #[error("`{}`, which it is made of, does not replay: {cause}", shown(&.reference.to_string()))]
    Referred {
        /// The value.
        reference: Reference,
        /// Why not.
        cause: Box<ReplayError>,
    },
    /// It is made of another value over more references than [`STEPS`], or of itself.
    #[error("it is made of other values over more than {STEPS} references")]
    Steps,
}

impl Value {
    /// Whether it is a text or an array of nothing, or an array with a text of nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(texts) => texts.is_empty() || texts.iter().any(String::is_empty),
            Self::Integer(_) => false,
        }
    }
}

impl From<Value> for serde_json::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Self::from(text),
            Value::List(texts) => Self::from(texts),
            Value::Integer(integer) => Self::from(integer),
        }
    }
}

/// The replay of the fields of one trace (`spec/trace.md`, "Replay").
///
/// ```
/// use dateline::trace::{Bytes, Field, Replay, Sources, Value};
///
/// let fields: Vec<Field> = serde_json::from_str(
///     r#"[{"pointer": "/article/headline", "spans": [[[2, 8]]], "via": ["trim"]}]"#,
/// )?;
/// let item = Bytes { bytes: b"# Rain  ", encoding: "utf-8" };
/// let mut replay = Replay::new(&fields, Sources { item, contexts: &[] });
/// assert_eq!(replay.value(&fields[0])?, Value::Text("Rain".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Replay<'t> {
    fields: &'t [Field],
    sources: Sources<'t>,
    /// The fields by what they give; made when a value of another is needed.
    places: Option<HashMap<&'t Reference, &'t Field>>,
    /// The texts that others were made of.
    known: HashMap<&'t Reference, String>,
}

impl<'t> Replay<'t> {
    /// A replay of `fields`, which may refer to each other.
    #[must_use]
    pub fn new(fields: &'t [Field], sources: Sources<'t>) -> Self {
        Self {
            fields,
            sources,
            places: None,
            known: HashMap::new(),
        }
    }

    /// The value that a field gives, one of those of the replay.
    ///
    /// What it makes is bounded by the bytes that the spans name, and these by the item
    /// (`spec/trace.md`, `trace-replay-once` and `trace-replay-room`), whatever a trace says.
    ///
    /// # Errors
    ///
    /// [`ReplayError`]: the field cannot be what it says.
    pub fn value(&mut self, field: &'t Field) -> Result<Value, ReplayError> {
        let groups = self.groups(field, 0)?;
        valued(field, groups)
    }

    /// The groups that a field gives, which is needed over `steps` references.
    fn groups(&mut self, field: &'t Field, steps: usize) -> Result<Groups, ReplayError> {
        let base = match field.via.iter().find_map(Transform::reference) {
            Some(reference) => self.referred(reference, steps)?,
            None => String::new(),
        };
        match &field.origin {
            MadeOf::Spans { context, groups } => {
                let bytes = match context {
                    None => self.sources.item,
                    Some(name) => self
                        .sources
                        .contexts
                        .iter()
                        .find(|(context, _)| context == name)
                        .map(|(_, bytes)| *bytes)
                        .ok_or(ReplayError::Context(*name))?,
                };
                run(bytes, groups, &field.via, &base)
            }
            MadeOf::Value(reference) => {
                let text = self.referred(reference, steps)?;
                let mut room = Room::new(text.len());
                let mut groups = Groups::of(text);
                in_groups(&mut groups, &field.via, &base, &mut room)?;
                Ok(groups)
            }
        }
    }

    /// The text of another value.
    fn referred(&mut self, reference: &'t Reference, steps: usize) -> Result<String, ReplayError> {
        if steps == STEPS {
            return Err(ReplayError::Steps);
        }
        if let Some(known) = self.known.get(reference) {
            return Ok(known.clone());
        }
        let fields = self.fields;
        let places = self
            .places
            .get_or_insert_with(|| fields.iter().map(|field| (&field.value, field)).collect());
        let field = places
            .get(reference)
            .copied()
            .ok_or_else(|| ReplayError::Reference(reference.clone()))?;
        if reference.is_array() {
            return Err(ReplayError::Array(reference.clone()));
        }
        let groups = self.groups(field, steps + 1).and_then(Groups::into_one);
        let text = groups.map_err(|cause| {
            if cause == ReplayError::Steps {
                return cause;
            }
            ReplayError::Referred {
                reference: reference.clone(),
                cause: Box::new(cause),
            }
        })?;
        // Only what is made of nothing else is kept: how far a value reaches is counted anew.
        if field.references().next().is_none() {
            self.known.insert(reference, text.clone());
        }
        Ok(text)
    }
}

/// The value that a field which is made of another value gives of that value's text; `base` is the value that
/// its transforms refer to.
///
/// # Errors
///
/// As [`Replay::value`].
pub fn derive(text: String, field: &Field, base: &str) -> Result<Value, ReplayError> {
    let mut room = Room::new(text.len());
    let mut groups = Groups::of(text);
    in_groups(&mut groups, &field.via, base, &mut room)?;
    valued(field, groups)
}

/// Groups as the value of a field.
fn valued(field: &Field, groups: Groups) -> Result<Value, ReplayError> {
    match field.value.nature() {
        Some(Nature::Texts) => Ok(Value::List(groups.iter().map(str::to_owned).collect())),
        Some(Nature::Integer) => integer(groups.into_one()?).map(Value::Integer),
        _ => Ok(Value::Text(groups.into_one()?)),
    }
}

/// The texts that groups of spans and transforms give, before they are one value; no transform may refer to
/// another value.
///
/// # Errors
///
/// As [`Replay::value`].
pub fn replay_groups(
    bytes: Bytes<'_>,
    spans: &[Vec<Span>],
    via: &[Transform],
) -> Result<Vec<String>, ReplayError> {
    if let Some(reference) = via.iter().find_map(Transform::reference) {
        return Err(ReplayError::Reference(reference.clone()));
    }
    let groups = run(bytes, spans, via, "")?;
    Ok(groups.iter().map(str::to_owned).collect())
}

/// The groups that spans give.
fn run(
    bytes: Bytes<'_>,
    spans: &[Vec<Span>],
    via: &[Transform],
    base: &str,
) -> Result<Groups, ReplayError> {
    let (decoder, via) = Decoder::first(bytes.encoding, via)?;
    let of_spans = via
        .iter()
        .take_while(|transform| transform.stage() == Stage::Span)
        .count();
    let (of_spans, of_groups) = via.split_at_checked(of_spans).unwrap_or_default();
    let named = named(bytes.bytes, spans)?;
    let mut room = Room::new(named);
    let mut groups = Groups::default();
    for group in spans {
        for span in group {
            let bytes = span.of(bytes.bytes).unwrap_or_default();
            let mut text = decoder.decode(*span, bytes)?;
            for transform in of_spans {
                room.take(text.len() + 1)?;
                text = Cow::Owned(applied(transform, &text, "")?.into_owned());
            }
            groups.add(text);
        }
        groups.end(&mut room)?;
    }
    in_groups(&mut groups, of_groups, base, &mut room)?;
    Ok(groups)
}

/// Runs the transforms that work on groups.
fn in_groups(
    groups: &mut Groups,
    via: &[Transform],
    base: &str,
    room: &mut Room,
) -> Result<(), ReplayError> {
    let joins = via
        .iter()
        .filter(|transform| transform.reference().is_some());
    if joins.count() > 1 {
        return Err(ReplayError::Joins);
    }
    for transform in via {
        if transform.stage() != Stage::Group {
            return Err(ReplayError::Misplaced(transform.clone()));
        }
        let mut given = Groups::default();
        if *transform == Transform::JoinParagraphs {
            for (index, group) in groups.iter().enumerate() {
                let between = if index == 0 { "" } else { PARAGRAPHS };
                given.add(between.into());
                given.add(group.into());
                room.has(given.text.len())?;
            }
            given.end(room)?;
        } else if let Transform::Split(separator) = transform {
            for piece in groups.iter().flat_map(|group| group.split(&**separator)) {
                given.add(piece.into());
                given.end(room)?;
            }
        } else {
            for group in groups.iter() {
                given.add(applied(transform, group, base)?);
                given.end(room)?;
            }
        }
        *groups = given;
    }
    Ok(())
}

fn applied<'t>(
    transform: &Transform,
    text: &'t str,
    base: &str,
) -> Result<Cow<'t, str>, ReplayError> {
    let text = transform.apply(text, base);
    text.map_err(|cause| ReplayError::Transform {
        transform: transform.clone(),
        cause,
    })
}

fn integer(text: String) -> Result<u64, ReplayError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = (digits && (text == "0" || !text.starts_with('0')))
        .then(|| text.parse().ok())
        .flatten();
    number
        .filter(|number| *number <= MOST)
        .ok_or(ReplayError::Integer(text))
}

/// What `join-paragraphs` puts between groups.
const PARAGRAPHS: &str = "\n\n";

/// How many bytes spans name, each as often as it is named: no more than there are.
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

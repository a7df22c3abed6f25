//! The schemas built into dateline, compiled once.
//!
//! They are JSON Schema 2020-12, lie in `schemas/v1` and name each other by `$id`
//! (`https://w3id.org/dateline/v1/NAME.schema.json`). Nothing outside this set is ever resolved,
//! formats are checked, and patterns run in linear time.
//!
//! A schema is checked on the tape, so every error has the bytes of the source it is about.

mod accept;
mod message;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jsonschema::{Draft, PatternOptions, Registry, ValidationError, Validator};
use serde_json::Value;

use self::accept::{Program, Unsupported};
use crate::json::{Node, OnTape, Place, Pointer, places};

/// Where the built-in schemas' `$id`s begin.
pub const BASE: &str = "https://w3id.org/dateline/v1/";

/// Of a value that takes more [`slots`](Node::slots) than this only one error is looked for. All of them
/// would be found at once, and each takes hundreds of times the memory of what it is about.
pub(crate) const CROWDED: usize = 20 << 10;

/// Names the built-in schemas; `NAME` is read from `schemas/v1/NAME.schema.json`.
macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        static SCHEMAS: [Schema; [$($name),*].len()] = [$(Schema {
            name: $name,
            text: include_str!(concat!("../schemas/v1/", $name, ".schema.json")),
            value: OnceLock::new(),
            validator: OnceLock::new(),
            program: OnceLock::new(),
        }),*];
        static BUILT_IN: &[Schema] = &SCHEMAS;
    };
}

built_in![
    "article",
    "relation",
    "withdrawal",
    "trace",
    "ledger",
    "manifest",
    "profile",
    "config",
    "report"
];

/// One of the built-in schemas.
///
/// ```
/// use dateline::json::Tape;
/// use dateline::schema::Schema;
///
/// let schema = Schema::named("withdrawal").expect("a built-in schema");
/// let source = r#"{"format": "dateline/1", "type": "withdrawal", "notes": ""}"#;
/// let tape = Tape::parse(source.as_bytes())?;
/// let errors = schema.validate(tape.root());
/// let unknown = errors.iter().find(|error| error.key.as_deref() == Some("notes"));
/// let unknown = unknown.expect("an error");
/// assert_eq!(unknown.message, "field `notes` is not known here");
/// assert_eq!(&source[unknown.span.clone()], "\"notes\"");
/// # Ok::<(), dateline::json::SyntaxError>(())
/// ```
#[derive(Debug)]
pub struct Schema {
    name: &'static str,
    text: &'static str,
    value: OnceLock<Value>,
    validator: OnceLock<Validator<OnTape>>,
    program: OnceLock<Result<Program, Unsupported>>,
}

/// One way in which a value does not match a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemaError {
    /// The value that is wrong, seen from the value validated.
    pub pointer: Pointer,
    /// The key of that value's member that is missing, unknown or badly named.
    pub key: Option<String>,
    /// The bytes of the source it is about: the key where it is there, else the value, of an
    /// object that lacks a key the opening brace.
    pub span: Range<usize>,
    /// What is wrong, naming the offending value.
    pub message: String,
    /// The keyword of JSON Schema that failed, such as `required`.
    pub keyword: String,
    /// Where that keyword stands: the `$id` of a schema, `#` and a JSON Pointer.
    pub schema_path: Arc<str>,
    /// What the schema says of the value it wants (its `description`).
    pub description: Option<&'static str>,
}

impl Schema {
    /// The schema of that name: `article`, `relation`, …
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        BUILT_IN.iter().find(|schema| schema.name == name)
    }

    /// All built-in schemas.
    #[must_use]
    pub fn all() -> &'static [Self] {
        BUILT_IN
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its text, as it lies in `schemas/v1`.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Its `$id`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{BASE}{}.schema.json", self.name)
    }

    /// Whether `node` matches.
    #[must_use]
    pub fn accepts(&self, node: Node<'_>) -> bool {
        self.surely_accepts(node) || self.validator().is_valid(node)
    }

    /// Everything about `node` that does not match, in the order of the source; of a node of more than
    /// 20480 values and keys only one thing.
    #[must_use]
    pub fn validate(&self, node: Node<'_>) -> Vec<SchemaError> {
        if self.surely_accepts(node) {
            return Vec::new();
        }
        errors(self.validator(), node)
    }

    /// Whether its program accepts `node`: see [`accept`].
    fn surely_accepts(&self, node: Node<'_>) -> bool {
        self.program().is_ok_and(|program| program.accepts(node))
    }

    /// Its program, or why it has none.
    fn program(&self) -> Result<&Program, &Unsupported> {
        let program = self.program.get_or_init(|| {
            let others = BUILT_IN.iter().filter(|other| other.name != self.name);
            let schemas = std::iter::once(self).chain(others);
            let schemas: Vec<_> = schemas
                .map(|schema| (schema.id(), schema.value()))
                .collect();
            let documents: Vec<_> = schemas
                .iter()
                .map(|(id, value)| (id.as_str(), *value))
                .collect();
            Program::compile(&documents)
        });
        program.as_ref()
    }

    /// Its text, parsed.
    fn value(&self) -> &Value {
        // A schema that is no JSON becomes `null`, which does not compile.
        self.value
            .get_or_init(|| serde_json::from_str(self.text).unwrap_or_default())
    }

    fn validator(&self) -> &Validator<OnTape> {
        self.validator.get_or_init(|| {
            #[allow(
                clippy::expect_used,
                reason = "the built-in schemas compile, a test holds that"
            )]
            compile(self.value(), registry()).expect("a built-in schema compiles")
        })
    }
}

/// Why a set of schemas cannot be used. The built-in ones always can.
#[derive(Debug, thiserror::Error)]
enum CompileError {
    #[error("the schemas do not name each other rightly")]
    Registry(#[from] jsonschema::ReferencingError),
    #[error("the schema is not one")]
    Schema(#[from] Box<ValidationError<'static>>),
}

/// Every built-in schema under its `$id`.
fn registry() -> &'static Registry<'static> {
    static REGISTRY: OnceLock<Registry<'static>> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let schemas = BUILT_IN
            .iter()
            .map(|schema| (schema.id(), schema.value().clone()));
        #[allow(
            clippy::expect_used,
            reason = "the built-in schemas have ids, a test holds that"
        )]
        register(schemas).expect("the built-in schemas register")
    })
}

fn register(
    schemas: impl IntoIterator<Item = (String, Value)>,
) -> Result<Registry<'static>, CompileError> {
    Ok(Registry::new()
        .draft(Draft::Draft202012)
        .extend(schemas)?
        .prepare()?)
}

fn compile(schema: &Value, registry: &Registry<'_>) -> Result<Validator<OnTape>, CompileError> {
    jsonschema::options_for::<OnTape>()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_registry(registry)
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .build(schema)
        .map_err(|error| CompileError::Schema(Box::new(error)))
}

fn errors(validator: &Validator<OnTape>, node: Node<'_>) -> Vec<SchemaError> {
    if node.slots() > CROWDED {
        let first = validator.validate(node).err();
        return placed(first.into_iter(), 1, node);
    }
    placed(validator.iter_errors(node), usize::MAX, node)
}

/// The errors `found`, at most `most` of each, with the bytes of `node` that they are about.
fn placed<'e>(
    found: impl Iterator<Item = ValidationError<'e>>,
    most: usize,
    node: Node<'_>,
) -> Vec<SchemaError> {
    let mut errors = Vec::new();
    let mut wanted = Vec::new();
    let mut paths: BTreeSet<Arc<str>> = BTreeSet::new();
    for error in found {
        let pointer = Pointer::parse(error.instance_path().as_str()).unwrap_or_default();
        let path = match error.absolute_keyword_location() {
            Some(uri) => uri.as_str(),
            None => error.schema_path().as_str(),
        };
        let known = paths.get(path).cloned();
        let schema_path = known.unwrap_or_else(|| Arc::from(path));
        paths.insert(schema_path.clone());
        for (key, message) in message::messages(&error, most) {
            wanted.push(Place {
                pointer: pointer.clone(),
                key: key.clone(),
            });
            errors.push(SchemaError {
                pointer: pointer.clone(),
                key,
                span: 0..0,
                message,
                keyword: error.kind().keyword().to_owned(),
                description: annotation(&error, "description"),
                schema_path: schema_path.clone(),
            });
        }
    }
    for (error, span) in errors.iter_mut().zip(places(node, &wanted)) {
        error.span = span;
    }
    errors.sort_by(|a, b| {
        let place = |error: &SchemaError| (error.span.start, error.span.end);
        (place(a), &a.pointer, &a.schema_path, &a.key).cmp(&(
            place(b),
            &b.pointer,
            &b.schema_path,
            &b.key,
        ))
    });
    errors
}

/// What the subschema that `error` comes from says under `keyword`.
fn annotation(error: &ValidationError<'_>, keyword: &str) -> Option<&'static str> {
    let location = error.absolute_keyword_location()?.as_str();
    let (id, failed) = location.split_once('#')?;
    let (subschema, _) = failed.rsplit_once('/')?;
    let schema = BUILT_IN.iter().find(|schema| schema.id() == id)?;
    schema.value().pointer(subschema)?.get(keyword)?.as_str()
}

//! What is wrong, in one sentence that names the offending value.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::annotation;
use crate::json::shown;

/// How many choices of an `enum` a message shows.
const CHOICES: usize = 24;

/// One message for each thing that is wrong, and at most `most`, with the key it is about.
pub(super) fn messages(error: &ValidationError<'_>, most: usize) -> Vec<(Option<String>, String)> {
    let kind = error.kind();
    if let ValidationErrorKind::AdditionalProperties { unexpected }
    | ValidationErrorKind::UnevaluatedProperties { unexpected } = kind
    {
        let unknown = |key: &String| format!("field `{}` is not known here", shown(key));
        return unexpected
            .iter()
            .take(most)
            .map(|key| (Some(key.clone()), unknown(key)))
            .collect();
    }
    if let ValidationErrorKind::PropertyNames { error: name } = kind {
        let key = name.instance().as_str().map(str::to_owned);
        return vec![(key, format!("the field's name {}", message(name)))];
    }
    let key = if let ValidationErrorKind::Required { property } = kind {
        property.as_str().map(str::to_owned)
    } else {
        None
    };
    vec![(key, message(error))]
}

fn message(error: &ValidationError<'_>) -> String {
    let instance: &Value = error.instance();
    let value = value(instance);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let known: Vec<_> = unexpected.iter().map(|key| shown(key)).collect();
            format!("field `{}` is not known here", known.join("`, `"))
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            format!("field `{}` is missing", shown(key))
        }
        ValidationErrorKind::PropertyNames { error } => {
            format!("the field's name {}", message(error))
        }
        ValidationErrorKind::Type { kind } => {
            format!("expected {}, found {value}", types(kind))
        }
        ValidationErrorKind::Constant { expected_value } => {
            format!("expected `{}`, found {value}", shown_json(expected_value))
        }
        ValidationErrorKind::Enum { options } => {
            format!("{value} is not one of {}", choices(options))
        }
        ValidationErrorKind::Pattern { pattern } => match annotation(error, "title") {
            Some(title) => format!("{value} is not a valid {}", within_sentence(title)),
            None => format!("{value} does not match `{}`", shown(pattern)),
        },
        ValidationErrorKind::Format { format } => format!("{value} is not of format `{format}`"),
        ValidationErrorKind::MinLength { limit: 1 } => "the string is empty".to_owned(),
        ValidationErrorKind::MinLength { limit } => {
            format!("{value} is shorter than {limit} characters")
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!("{value} is longer than {limit} characters")
        }
        ValidationErrorKind::MinItems { limit: 1 } => "the array is empty".to_owned(),
        ValidationErrorKind::MinItems { limit } => {
            format!("the array has {} items, fewer than {limit}", len(instance))
        }
        ValidationErrorKind::AdditionalItems { limit } => {
            format!("the array has {} items, more than {limit}", len(instance))
        }
        ValidationErrorKind::MaxItems { limit } => {
            format!("the array has {} items, more than {limit}", len(instance))
        }
        ValidationErrorKind::MinProperties { limit: 1 } => "the object is empty".to_owned(),
        ValidationErrorKind::MinProperties { limit } => {
            format!(
                "the object has {} fields, fewer than {limit}",
                len(instance)
            )
        }
        ValidationErrorKind::MaxProperties { limit } => {
            format!("the object has {} fields, more than {limit}", len(instance))
        }
        ValidationErrorKind::Minimum { limit } => format!("{value} is less than {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("{value} is greater than {limit}"),
        ValidationErrorKind::ExclusiveMinimum { limit } => {
            format!("{value} is not greater than {limit}")
        }
        ValidationErrorKind::ExclusiveMaximum { limit } => {
            format!("{value} is not less than {limit}")
        }
        ValidationErrorKind::UniqueItems => "the array holds an item twice".to_owned(),
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            format!("none of the allowed forms: {}", branches(error, context))
        }
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            format!("{value} has more than one of forms that exclude each other")
        }
        ValidationErrorKind::Not { .. } | ValidationErrorKind::FalseSchema => {
            format!("{value} is not allowed here")
        }
        ValidationErrorKind::Contains => "the array lacks an item that it must hold".to_owned(),
        ValidationErrorKind::BacktrackLimitExceeded { .. }
        | ValidationErrorKind::RegexEngineFailure { .. }
        | ValidationErrorKind::ContentEncoding { .. }
        | ValidationErrorKind::ContentMediaType { .. }
        | ValidationErrorKind::Custom { .. }
        | ValidationErrorKind::FromUtf8 { .. }
        | ValidationErrorKind::MultipleOf { .. }
        | ValidationErrorKind::UnevaluatedItems { .. }
        | ValidationErrorKind::Referencing(_) => format!("{value}: {}", error.masked()),
    }
}

/// Why each branch of a choice does not match, each reason once.
fn branches(error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) -> String {
    let here = error.instance_path().as_str();
    let mut reasons: Vec<String> = Vec::new();
    for first in context.iter().filter_map(|errors| errors.first()) {
        let path = first.instance_path().as_str();
        let reason = match path.strip_prefix(here) {
            None | Some("") => message(first),
            Some(below) => format!("`{below}`: {}", message(first)),
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons.join("; ")
}

/// A title as it is written within a sentence: `Time` as `time`, `URL` as it is.
fn within_sentence(title: &str) -> String {
    let mut characters = title.chars();
    match characters.next() {
        Some(first) if characters.clone().any(char::is_lowercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => title.to_owned(),
    }
}

fn types(kind: &TypeKind) -> String {
    let article = |name: JsonType| match name {
        JsonType::Array => "an array",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer | JsonType::Number => "an integer",
        JsonType::Null => "`null`",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    };
    match kind {
        TypeKind::Single(single) => article(*single).to_owned(),
        TypeKind::Multiple(set) => set.iter().map(article).collect::<Vec<_>>().join(" or "),
    }
}

fn choices(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut choices: Vec<_> = options
        .iter()
        .take(CHOICES)
        .map(|choice| format!("`{}`", shown_json(choice)))
        .collect();
    if options.len() > CHOICES {
        choices.push(format!("{} more", options.len() - CHOICES));
    }
    choices.join(", ")
}

fn len(instance: &Value) -> usize {
    match instance {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The value as a message names it.
fn value(instance: &Value) -> String {
    match instance {
        Value::Array(items) if items.is_empty() => "an empty array".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(members) if members.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            format!("`{}`", shown_json(instance))
        }
    }
}

/// JSON, cut short.
fn shown_json(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", shown(text)),
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Array(_)
        | Value::Object(_)) => shown(&other.to_string()),
    }
}

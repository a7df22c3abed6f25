//! Running the examples of a profile.

use std::collections::BTreeMap;

use super::document::{Example, Expected, Word};
use super::{Mismatch, Profile};
use crate::diagnostic::escape::apart;
use crate::json::Pointer;
use crate::trace::{self, CoverageDefect, Draft, Replay, Sources, Trace, Value};

/// An example that the profile does not bear out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{list}[{index}]: {defect}", list = if *.counter { "counterexamples" } else { "examples" })]
#[non_exhaustive]
pub struct ExampleFailure {
    /// Whether it is one of the `counterexamples`.
    pub counter: bool,
    /// Which of them, counted from 0.
    pub index: usize,
    /// What is otherwise than it says.
    pub defect: ExampleDefect,
}

/// What is otherwise than an example says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExampleDefect {
    /// The profile does not recognise the input.
    #[error("the profile does not recognise the input")]
    Unrecognised,
    /// The profile recognises a counterexample.
    #[error("the profile recognises what it must not")]
    Recognised,
    /// The input does not read to its end.
    #[error(transparent)]
    Mismatch(Mismatch),
    /// A value differs.
    #[error("`{pointer}` is {}", differing(&json(.found.as_ref()), &json(.expected.as_ref())))]
    Field {
        /// Which value.
        pointer: Pointer,
        /// What the example says; nothing where it does not list the value.
        expected: Option<serde_json::Value>,
        /// What was read; nothing where the value was not found.
        found: Option<serde_json::Value>,
    },
    /// The value does not come of its spans.
    #[error("`{pointer}` does not replay: {cause}")]
    Replay {
        /// Which value.
        pointer: Pointer,
        /// Why.
        cause: trace::ReplayError,
    },
    /// The tiles differ; listed is the first that does.
    #[error("tile {index} is {}", differing(&tile(.found.as_ref()), &tile(.expected.as_ref())))]
    Dropped {
        /// Which tile, counted from 0 without those of white space.
        index: usize,
        /// Label and text as the example says.
        expected: Option<(String, String)>,
        /// Label and text as read.
        found: Option<(String, String)>,
    },
    /// A byte is not accounted for.
    #[error("not every byte is accounted for: {0:?}")]
    Coverage(CoverageDefect),
}

/// How many examples `profile` has, those that it must not recognise among them.
#[must_use]
pub fn example_count(profile: &Profile) -> usize {
    profile.document.examples.0.len() + profile.document.counterexamples.0.len()
}

/// Runs the examples of `profile` and says which of them it does not bear out.
///
/// Each `input` must be recognised and read to its end, give exactly the values listed and, where
/// `dropped` is there, exactly those tiles; each of the `counterexamples` must not be recognised.
#[must_use]
pub fn test(profile: &Profile) -> Vec<ExampleFailure> {
    let mut failures = Vec::new();
    let mut add = |counter, index, defects: Vec<ExampleDefect>| {
        failures.extend(defects.into_iter().map(|defect| ExampleFailure {
            counter,
            index,
            defect,
        }));
    };
    for (index, example) in profile.document.examples.0.iter().enumerate() {
        add(false, index, run(profile, example));
    }
    for (index, Word(text)) in profile.document.counterexamples.0.iter().enumerate() {
        if profile.recognises(&text.0) {
            add(true, index, vec![ExampleDefect::Recognised]);
        }
    }
    failures
}

fn run(profile: &Profile, example: &Example) -> Vec<ExampleDefect> {
    let input = example.input.0.0.as_str();
    if !profile.recognises(input) {
        return vec![ExampleDefect::Unrecognised];
    }
    let draft = match profile.read(input) {
        Ok(draft) => draft,
        Err(mismatch) => return vec![ExampleDefect::Mismatch(mismatch)],
    };
    let mut defects = fields(input, example, &draft);
    let trace = Trace {
        profile: profile.reference(),
        bytes: u64::try_from(input.len()).unwrap_or(u64::MAX),
        encoding: None,
        locations: Vec::new(),
        contexts: Vec::new(),
        fields: draft.fields().to_vec(),
        dropped: draft.dropped(),
    };
    defects.extend(dropped(input, example, &trace));
    let uncovered = trace::coverage(&trace).into_iter();
    defects.extend(uncovered.map(ExampleDefect::Coverage));
    defects
}

fn fields(input: &str, example: &Example, draft: &Draft) -> Vec<ExampleDefect> {
    let mut defects = Vec::new();
    let mut found: BTreeMap<&Pointer, Value> = BTreeMap::new();
    let sources = Sources::of_text(input);
    let mut replay = Replay::new(draft.fields(), sources);
    for field in draft.fields() {
        let Some(pointer) = field.pointer() else {
            continue;
        };
        match replay.value(field) {
            Ok(value) => {
                found.insert(pointer, value);
            }
            Err(cause) => defects.push(ExampleDefect::Replay {
                pointer: pointer.clone(),
                cause,
            }),
        }
    }
    for (pointer, judged) in draft.judgements() {
        found.insert(pointer, Value::Text(judged.clone()));
    }
    for (pointer, expected) in &example.fields.0 {
        let expected = match expected {
            Expected::Text(text) => Value::Text(text.clone()),
            Expected::List(texts) => Value::List(texts.clone()),
        };
        let value = found.remove(pointer);
        if value.as_ref() != Some(&expected) {
            defects.push(ExampleDefect::Field {
                pointer: pointer.clone(),
                expected: Some(expected.into()),
                found: value.map(Into::into),
            });
        }
    }
    defects.extend(
        found
            .into_iter()
            .map(|(pointer, value)| ExampleDefect::Field {
                pointer: pointer.clone(),
                expected: None,
                found: Some(value.into()),
            }),
    );
    defects
}

fn dropped(input: &str, example: &Example, trace: &Trace) -> Option<ExampleDefect> {
    let expected = example.dropped.as_ref()?.0.iter();
    let expected: Vec<(String, String)> = expected
        .map(|(label, text)| (label.0.to_string(), text.0.0.clone()))
        .collect();
    let tiles = trace.tiles().into_iter();
    let found: Vec<(String, String)> = tiles
        .filter(|(_, label)| label.as_str() != "whitespace")
        .map(|(span, label)| {
            let text = span.of(input.as_bytes()).unwrap_or_default();
            (
                label.to_string(),
                String::from_utf8_lossy(text).into_owned(),
            )
        })
        .collect();
    let index =
        (0..expected.len().max(found.len())).find(|&at| expected.get(at) != found.get(at))?;
    Some(ExampleDefect::Dropped {
        index,
        expected: expected.get(index).cloned(),
        found: found.get(index).cloned(),
    })
}

/// `A, not B`, around where they part.
fn differing(found: &str, expected: &str) -> String {
    let (found, expected) = apart(found, expected);
    format!("{found}, not {expected}")
}

fn json(value: Option<&serde_json::Value>) -> String {
    value.map_or_else(|| "absent".to_owned(), ToString::to_string)
}

fn tile(tile: Option<&(String, String)>) -> String {
    match tile {
        Some((label, text)) => format!("`{label}` {text:?}"),
        None => "absent".to_owned(),
    }
}

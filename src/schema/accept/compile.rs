//! From a schema to its program.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Kinds, Program, Rule, RuleId, Test};

/// Keywords that say nothing of whether a value is valid.
pub(super) const ANNOTATIONS: [&str; 8] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// How many `$ref`s may lead to each other before something is said.
const CHAIN: usize = 32;

/// Why a schema has no program: the first thing in it that is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::schema) struct Unsupported {
    /// The keyword, or what is odd about it.
    pub(in crate::schema) what: String,
    /// Where in its document.
    pub(in crate::schema) pointer: String,
}

/// A subschema: which document, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    document: usize,
    pub(super) pointer: String,
}

/// The documents that a program is made of, and what has been made.
pub(super) struct Compiler<'v> {
    documents: Vec<(&'v str, &'v Value)>,
    rules: Vec<Rule>,
    known: HashMap<Place, RuleId>,
}

impl Program {
    /// The program of the first of `documents`; `$ref`s lead to any of them by `$id`.
    pub(in crate::schema) fn compile(documents: &[(&str, &Value)]) -> Result<Self, Unsupported> {
        let mut compiler = Compiler {
            documents: documents.to_vec(),
            rules: Vec::new(),
            known: HashMap::new(),
        };
        let start = compiler.rule(&Place {
            document: 0,
            pointer: String::new(),
        })?;
        let program = Self {
            rules: compiler.rules,
            start,
        };
        program.refuse_loops()?;
        Ok(program)
    }

    /// A rule that leads back to itself before it has stepped into a value would never end.
    fn refuse_loops(&self) -> Result<(), Unsupported> {
        // Rules all of whose ways end are taken off until none is left.
        let mut ends = vec![false; self.rules.len()];
        loop {
            let mut more = false;
            for (rule, id) in self.rules.iter().zip(0..) {
                let ended = |id: &RuleId| ends.get(*id).copied().unwrap_or_default();
                if !ended(&id) && rule.in_place().iter().all(ended) {
                    if let Some(end) = ends.get_mut(id) {
                        *end = true;
                    }
                    more = true;
                }
            }
            if !more {
                break;
            }
        }
        if ends.iter().all(|&end| end) {
            Ok(())
        } else {
            Err(Unsupported {
                what: "a schema leads back to itself".to_owned(),
                pointer: String::new(),
            })
        }
    }
}

impl Rule {
    /// The rules that are asked about the same value.
    fn in_place(&self) -> Vec<RuleId> {
        let schemas = self.object.iter().flat_map(|object| &object.schemas);
        let mut rules: Vec<RuleId> = schemas.map(|&(_, rule)| rule).collect();
        for test in &self.tests {
            match test {
                Test::All(inner) | Test::Any(inner) | Test::One(inner) => rules.extend(inner),
                Test::Not(inner) => rules.push(*inner),
                Test::If(condition, then, otherwise) => {
                    rules.push(*condition);
                    rules.extend(then.iter().chain(otherwise));
                }
                Test::Foreign(_) => {}
            }
        }
        rules
    }
}

impl Place {
    pub(super) fn unsupported(&self, why: &str) -> Unsupported {
        Unsupported {
            what: why.to_owned(),
            pointer: self.pointer.clone(),
        }
    }

    pub(super) fn below(&self, keyword: &str) -> Self {
        Self {
            document: self.document,
            pointer: format!(
                "{}/{}",
                self.pointer,
                keyword.replace('~', "~0").replace('/', "~1")
            ),
        }
    }
}

impl<'v> Compiler<'v> {
    /// The rule of the subschema at `place`, made where it is not known yet.
    pub(super) fn rule(&mut self, place: &Place) -> Result<RuleId, Unsupported> {
        let mut place = place.clone();
        for _ in 0..CHAIN {
            if let Some(&known) = self.known.get(&place) {
                return Ok(known);
            }
            let schema = self.at(&place)?;
            // A mere reference, whatever it says about itself, is the rule it leads to.
            if let Some(target) = schema.as_object().and_then(mere_reference) {
                place = self.resolve(&place, target)?;
                continue;
            }
            let id = self.rules.len();
            self.rules.push(Rule::anything());
            self.known.insert(place.clone(), id);
            let rule = match schema {
                Value::Bool(true) => Rule::anything(),
                Value::Bool(false) => Rule {
                    kinds: Kinds::NONE,
                    ..Rule::anything()
                },
                Value::Object(keywords) => self.keywords(&place, keywords)?,
                Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                    return Err(place.unsupported("no schema"));
                }
            };
            if let Some(own) = self.rules.get_mut(id) {
                *own = rule;
            }
            return Ok(id);
        }
        Err(place.unsupported("too many references in a row"))
    }

    fn at(&self, place: &Place) -> Result<&'v Value, Unsupported> {
        let nothing = || place.unsupported("nothing there");
        let &(_, mut value) = self.documents.get(place.document).ok_or_else(nothing)?;
        for token in place.pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            value = match value {
                Value::Object(members) => members.get(&token),
                Value::Array(items) => token.parse().ok().and_then(|index: usize| items.get(index)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            }
            .ok_or_else(nothing)?;
            if value.get("$id").is_some_and(Value::is_string) {
                return Err(place.unsupported("`$id` within a schema"));
            }
        }
        Ok(value)
    }

    /// Where a `$ref` in the schema at `place` leads.
    pub(super) fn resolve(&self, place: &Place, target: &str) -> Result<Place, Unsupported> {
        let unsupported = || place.unsupported("a `$ref` of another form");
        let (document, pointer) = target.split_once('#').unwrap_or((target, ""));
        // Percent-encoding, anchors.
        if target.contains('%') || !(pointer.is_empty() || pointer.starts_with('/')) {
            return Err(unsupported());
        }
        let document = if document.is_empty() {
            place.document
        } else {
            let (own, _) = self.documents.get(place.document).ok_or_else(unsupported)?;
            let (base, _) = own.rsplit_once('/').ok_or_else(unsupported)?;
            let relative = !document.contains([':', '/', '?']) && !document.starts_with('.');
            let id = if relative {
                format!("{base}/{document}")
            } else {
                document.to_owned()
            };
            let known = self.documents.iter().position(|(other, _)| *other == id);
            known.ok_or_else(unsupported)?
        };
        Ok(Place {
            document,
            pointer: pointer.to_owned(),
        })
    }
}

/// The target of a schema that says nothing else of a value.
fn mere_reference(schema: &Map<String, Value>) -> Option<&str> {
    let other = |keyword: &String| keyword != "$ref" && !ANNOTATIONS.contains(&keyword.as_str());
    if schema.keys().any(other) {
        return None;
    }
    schema.get("$ref")?.as_str()
}

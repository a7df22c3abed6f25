//! What each keyword asks of a value.

use jsonschema::{Registry, Validator};
use serde_json::{Map, Value};

use super::compile::{ANNOTATIONS, Compiler, Place, Unsupported};
use super::keys::Keys;
use super::pattern::{Pattern, Sequence};
use super::{ArrayRule, Contains, Kinds, ObjectRule, Rule, RuleId, Test, bit};
use crate::json::{Kind, OnTape};
use crate::schema::compile;

/// The only dialect known here.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// How many keys of one object a rule may ask for.
const ASKED: usize = 64;

/// Of limits that are no integers, `2.0` among them.
const NO_INTEGER: &str = "a limit that is no integer";

/// One keyword of a schema.
struct Keyword<'s> {
    name: &'s str,
    value: &'s Value,
    /// The place of its value.
    here: Place,
    /// The keywords beside it.
    schema: &'s Map<String, Value>,
    /// Their place.
    place: &'s Place,
}

impl Keyword<'_> {
    fn unsupported(&self) -> Unsupported {
        self.here.unsupported(self.name)
    }

    fn text(&self) -> Result<&str, Unsupported> {
        self.value.as_str().ok_or_else(|| self.unsupported())
    }

    fn list(&self) -> Result<&[Value], Unsupported> {
        let list = self.value.as_array().map(Vec::as_slice);
        list.ok_or_else(|| self.unsupported())
    }

    fn object(&self) -> Result<&Map<String, Value>, Unsupported> {
        self.value.as_object().ok_or_else(|| self.unsupported())
    }

    /// A limit for lengths.
    fn count(&self) -> Result<u64, Unsupported> {
        let count = self.value.as_u64();
        count.ok_or_else(|| self.here.unsupported(NO_INTEGER))
    }

    /// A limit for integers: the tape holds no other numbers.
    fn integer(&self) -> Result<i64, Unsupported> {
        let integer = self.value.as_i64();
        integer.ok_or_else(|| self.here.unsupported(NO_INTEGER))
    }

    /// This keyword as `jsonschema` compiles it, with nothing beside it.
    fn foreign(&self) -> Result<Test, Unsupported> {
        let validator = foreign(self.name, self.value).ok_or_else(|| self.unsupported())?;
        Ok(Test::Foreign(validator))
    }
}

impl Compiler<'_> {
    /// The rule of the schema of these keywords.
    pub(super) fn keywords(
        &mut self,
        place: &Place,
        schema: &Map<String, Value>,
    ) -> Result<Rule, Unsupported> {
        let mut rule = Rule::anything();
        for (name, value) in schema {
            let keyword = Keyword {
                name,
                value,
                here: place.below(name),
                schema,
                place,
            };
            self.keyword(&keyword, &mut rule)?;
        }
        if let Some(object) = &mut rule.object {
            self.keys(place, schema, object)?;
        }
        Ok(rule)
    }

    fn keyword(&mut self, keyword: &Keyword<'_>, rule: &mut Rule) -> Result<(), Unsupported> {
        match keyword.name {
            annotation if ANNOTATIONS.contains(&annotation) => Ok(()),
            "$schema" if keyword.value == DIALECT => Ok(()),
            "$id" if keyword.place.pointer.is_empty() => Ok(()),
            // Also those that no `$ref` leads to are to be known.
            "$defs" => keyword.object()?.keys().try_for_each(|name| {
                self.rule(&keyword.here.below(name))?;
                Ok(())
            }),
            "type" | "const" | "enum" => of_any_kind(keyword, rule),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                of_integers(keyword, rule)
            }
            "minLength" | "maxLength" | "pattern" | "format" => of_strings(keyword, rule),
            "minItems" | "maxItems" | "uniqueItems" | "prefixItems" | "items" | "contains"
            | "minContains" | "maxContains" => {
                let array = rule.array.get_or_insert_default();
                self.of_arrays(keyword, array)
            }
            "minProperties"
            | "maxProperties"
            | "additionalProperties"
            | "propertyNames"
            | "patternProperties"
            | "properties"
            | "required"
            | "dependentRequired"
            | "dependentSchemas" => {
                let object = rule.object.get_or_insert_default();
                self.of_objects(keyword, object)
            }
            _ => self.of_schemas(keyword, rule),
        }
    }

    fn of_arrays(
        &mut self,
        keyword: &Keyword<'_>,
        rule: &mut ArrayRule,
    ) -> Result<(), Unsupported> {
        match keyword.name {
            "minItems" => rule.least = keyword.count()?,
            "maxItems" => rule.most = Some(keyword.count()?),
            "uniqueItems" => {
                let unique = keyword.value.as_bool();
                rule.unique = unique.ok_or_else(|| keyword.unsupported())?;
            }
            "prefixItems" => rule.first = self.list(keyword)?,
            "items" => rule.rest = Some(self.rule(&keyword.here)?),
            "contains" => {
                let count = |name| match keyword.schema.get(name).map(Value::as_u64) {
                    Some(None) => Err(keyword.here.unsupported(NO_INTEGER)),
                    Some(count) => Ok(count),
                    None => Ok(None),
                };
                rule.contains = Some(Contains {
                    least: count("minContains")?.unwrap_or(1),
                    most: count("maxContains")?,
                    rule: self.rule(&keyword.here)?,
                });
            }
            // Read with `contains`; without it they say nothing.
            "minContains" | "maxContains" => {
                keyword.count()?;
            }
            _ => return Err(keyword.unsupported()),
        }
        Ok(())
    }

    fn of_objects(
        &mut self,
        keyword: &Keyword<'_>,
        rule: &mut ObjectRule,
    ) -> Result<(), Unsupported> {
        match keyword.name {
            "minProperties" => rule.least = keyword.count()?,
            "maxProperties" => rule.most = Some(keyword.count()?),
            "additionalProperties" => rule.rest = Some(self.rule(&keyword.here)?),
            "propertyNames" => rule.names = Some(self.rule(&keyword.here)?),
            "patternProperties" => {
                for name in keyword.object()?.keys() {
                    let value = self.rule(&keyword.here.below(name))?;
                    let pattern = pattern(name).ok_or_else(|| keyword.unsupported())?;
                    rule.patterns.push((pattern, value));
                }
            }
            // Read together by `keys`, because they share a table.
            "properties" | "required" | "dependentRequired" | "dependentSchemas" => {}
            _ => return Err(keyword.unsupported()),
        }
        Ok(())
    }

    /// What asks other schemas about the same value.
    fn of_schemas(&mut self, keyword: &Keyword<'_>, rule: &mut Rule) -> Result<(), Unsupported> {
        rule.tests.push(match keyword.name {
            "$ref" => {
                let target = self.resolve(keyword.place, keyword.text()?)?;
                Test::All(vec![self.rule(&target)?])
            }
            "allOf" => Test::All(self.list(keyword)?),
            "anyOf" => Test::Any(self.list(keyword)?),
            "oneOf" => Test::One(self.list(keyword)?),
            "not" => Test::Not(self.rule(&keyword.here)?),
            "if" => {
                let mut branch = |name: &str| {
                    let there = keyword.schema.contains_key(name);
                    there
                        .then(|| self.rule(&keyword.place.below(name)))
                        .transpose()
                };
                let (then, otherwise) = (branch("then")?, branch("else")?);
                Test::If(self.rule(&keyword.here)?, then, otherwise)
            }
            // Read with `if`; without it they say nothing, but are to be known.
            "then" | "else" => {
                self.rule(&keyword.here)?;
                return Ok(());
            }
            _ => return Err(keyword.unsupported()),
        });
        Ok(())
    }

    fn list(&mut self, keyword: &Keyword<'_>) -> Result<Vec<RuleId>, Unsupported> {
        (0..keyword.list()?.len())
            .map(|index| self.rule(&keyword.here.below(&index.to_string())))
            .collect()
    }

    /// The keys that the schema names, and what it asks of them.
    fn keys(
        &mut self,
        place: &Place,
        schema: &Map<String, Value>,
        object: &mut ObjectRule,
    ) -> Result<(), Unsupported> {
        let members = |keyword| match schema.get(keyword).map(Value::as_object) {
            Some(None) => Err(place.unsupported(keyword)),
            Some(members) => Ok(members),
            None => Ok(None),
        };
        let mut names = KeyNames {
            place,
            names: Vec::new(),
        };
        // First those that are asked for: only so many have a bit.
        if let Some(required) = schema.get("required") {
            object.required = names.bits(required)?;
        }
        for (name, others) in members("dependentRequired")?.into_iter().flatten() {
            let others = names.bits(others)?;
            object.dependent.push((names.bit(name)?, others));
        }
        let here = place.below("dependentSchemas");
        for name in members("dependentSchemas")?.into_iter().flat_map(Map::keys) {
            let rule = self.rule(&here.below(name))?;
            object.schemas.push((names.bit(name)?, rule));
        }
        let here = place.below("properties");
        for name in members("properties")?.into_iter().flat_map(Map::keys) {
            let rule = self.rule(&here.below(name))?;
            let at = names.place(name);
            object.values.resize(object.values.len().max(at + 1), None);
            if let Some(value) = object.values.get_mut(at) {
                *value = Some(rule);
            }
        }
        object.keys = Keys::new(names.names);
        Ok(())
    }
}

fn of_any_kind(keyword: &Keyword<'_>, rule: &mut Rule) -> Result<(), Unsupported> {
    let options = match keyword.name {
        "type" => {
            let kinds = kinds(keyword.value).ok_or_else(|| keyword.unsupported())?;
            rule.kinds = rule.kinds.both(kinds);
            return Ok(());
        }
        "const" => std::slice::from_ref(keyword.value),
        _ => keyword.list()?,
    };
    let mut words: Vec<Box<str>> = Vec::new();
    for option in options {
        match option.as_str() {
            Some(word) if words.iter().any(|other| **other == *word) => {}
            Some(word) => words.push(word.into()),
            None => {
                rule.tests.push(keyword.foreign()?);
                return Ok(());
            }
        }
    }
    // `const` beside `enum`.
    if rule.text.words.is_some() {
        return Err(keyword.unsupported());
    }
    rule.kinds = rule.kinds.both(Kinds::of(Kind::String));
    rule.text.words = Some(Keys::new(words));
    Ok(())
}

fn of_integers(keyword: &Keyword<'_>, rule: &mut Rule) -> Result<(), Unsupported> {
    let within = |limit: Option<i64>| limit.ok_or_else(|| keyword.unsupported());
    let (least, most) = &mut rule.integer;
    match keyword.name {
        "minimum" => *least = keyword.integer()?.max(*least),
        "exclusiveMinimum" => *least = within(keyword.integer()?.checked_add(1))?.max(*least),
        "maximum" => *most = keyword.integer()?.min(*most),
        "exclusiveMaximum" => *most = within(keyword.integer()?.checked_sub(1))?.min(*most),
        _ => rule.tests.push(keyword.foreign()?),
    }
    Ok(())
}

fn of_strings(keyword: &Keyword<'_>, rule: &mut Rule) -> Result<(), Unsupported> {
    match keyword.name {
        "minLength" => rule.text.least = keyword.count()?,
        "maxLength" => rule.text.most = Some(keyword.count()?),
        "pattern" if let Some(sequence) = Sequence::of(keyword.text()?) => {
            rule.text.patterns.push(Pattern::Sequence(sequence));
        }
        _ => rule.tests.push(keyword.foreign()?),
    }
    Ok(())
}

/// The keys of one object, in the order in which they were met.
struct KeyNames<'p> {
    place: &'p Place,
    names: Vec<Box<str>>,
}

impl KeyNames<'_> {
    fn place(&mut self, name: &str) -> usize {
        let known = self.names.iter().position(|known| **known == *name);
        known.unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        })
    }

    fn bit(&mut self, name: &str) -> Result<u64, Unsupported> {
        let place = self.place(name);
        if place < ASKED {
            Ok(bit(place))
        } else {
            Err(self.place.unsupported("asks for too many keys"))
        }
    }

    /// The bits of a list of names.
    fn bits(&mut self, names: &Value) -> Result<u64, Unsupported> {
        let list = names.as_array();
        let names: Option<Vec<&str>> =
            list.and_then(|names| names.iter().map(Value::as_str).collect());
        let Some(names) = names else {
            return Err(self.place.unsupported("no list of names"));
        };
        let mut bits = 0;
        for name in names {
            bits |= self.bit(name)?;
        }
        Ok(bits)
    }
}

fn pattern(pattern: &str) -> Option<Pattern> {
    match Sequence::of(pattern) {
        Some(sequence) => Some(Pattern::Sequence(sequence)),
        None => foreign("pattern", &Value::from(pattern)).map(Pattern::Foreign),
    }
}

/// A schema of one keyword, compiled by `jsonschema`.
fn foreign(keyword: &str, value: &Value) -> Option<Box<Validator<OnTape>>> {
    let registry = Registry::new().prepare().ok()?;
    let schema = Map::from_iter([(keyword.to_owned(), value.clone())]);
    let validator = compile(&Value::Object(schema), &registry).ok()?;
    Some(Box::new(validator))
}

fn kinds(value: &Value) -> Option<Kinds> {
    let kind = |value: &Value| {
        Some(Kinds::of(match value.as_str()? {
            "null" => Kind::Null,
            "boolean" => Kind::Bool,
            // The tape holds no other numbers.
            "integer" | "number" => Kind::Integer,
            "string" => Kind::String,
            "array" => Kind::Array,
            "object" => Kind::Object,
            _ => return None,
        }))
    };
    match value.as_array() {
        Some(names) => names
            .iter()
            .try_fold(Kinds::NONE, |kinds, name| Some(kinds.with(kind(name)?))),
        None => kind(value),
    }
}

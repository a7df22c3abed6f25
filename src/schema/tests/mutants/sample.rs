//! Values made up from a schema: most of them match it.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value};

use super::dice::Dice;

/// Texts where a schema asks for no form.
const TEXTS: &[&str] = &[
    "a",
    "first paragraph\n\nsecond \"paragraph\"",
    "Ünïcödé — “quoted” \u{1F600}",
    " ",
    "\\",
    "null",
    "\u{0}\u{7F}\u{2028}\u{FEFF}",
    "Лорем ипсум",
];

const URIS: &[&str] = &[
    "urn:uuid:0c1b",
    "https://example.com/a?b#c",
    "a:",
    "mailto:a@example.com",
];

/// A value that the root schema `schema` describes, of random shape.
pub(super) fn of(schema: &Value, dice: &mut Dice) -> Value {
    Sampler { root: schema }.value(schema, dice, 0)
}

struct Sampler<'s> {
    root: &'s Value,
}

impl Sampler<'_> {
    fn value(&self, schema: &Value, dice: &mut Dice, depth: usize) -> Value {
        if let Some(target) = schema["$ref"].as_str() {
            let target = self
                .root
                .pointer(target.strip_prefix('#').unwrap())
                .unwrap();
            return self.value(target, dice, depth);
        }
        for keyword in ["anyOf", "enum"] {
            if let Some(options) = schema[keyword].as_array() {
                let option = dice.of(options);
                return if keyword == "enum" {
                    option
                } else {
                    self.value(&option, dice, depth)
                };
            }
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        match schema["type"].as_str() {
            Some("boolean") => dice.one_in(2).into(),
            Some("integer") => integer(schema, dice),
            Some("string") => text(schema, dice).into(),
            Some("array") => self.array(schema, dice, depth),
            Some("object") => self.object(schema, dice, depth),
            _ => dice.of(TEXTS).into(),
        }
    }

    fn array(&self, schema: &Value, dice: &mut Dice, depth: usize) -> Value {
        let first = schema["prefixItems"].as_array();
        let mut items: Vec<Value> = first
            .into_iter()
            .flatten()
            .map(|item| self.value(item, dice, depth + 1))
            .collect();
        if schema["items"].is_object() {
            let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap();
            let more = if depth > 8 { 1 } else { 3 };
            for _ in 0..least + dice.below(more) {
                items.push(self.value(&schema["items"], dice, depth + 1));
            }
        }
        items.into()
    }

    fn object(&self, schema: &Value, dice: &mut Dice, depth: usize) -> Value {
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let mut wanted = names(&schema["required"]);
        // One of the alternatives asks for a key of its own.
        if let Some(options) = schema["oneOf"].as_array() {
            wanted.extend(names(&dice.of(options)["required"]));
        }
        let alternatives = schema["oneOf"].as_array().into_iter().flatten();
        let alternatives: Vec<_> = alternatives
            .flat_map(|one| names(&one["required"]))
            .collect();
        let sparse = if depth > 8 { 12 } else { dice.of(&[1, 2, 4]) };
        for name in properties.keys() {
            if !alternatives.contains(name) && dice.one_in(sparse) {
                wanted.push(name.clone());
            }
        }
        for name in wanted.clone() {
            wanted.extend(names(&schema["dependentRequired"][name]));
        }
        if wanted.is_empty() && !properties.is_empty() {
            let all: Vec<_> = properties.keys().cloned().collect();
            wanted.push(dice.of(&all));
        }
        if properties.is_empty() {
            return free(dice, depth);
        }
        wanted
            .into_iter()
            .map(|name| {
                let value = self.value(&properties[&name], dice, depth + 1);
                (name, value)
            })
            .collect::<Map<_, _>>()
            .into()
    }
}

fn names(list: &Value) -> Vec<String> {
    let names = list.as_array().into_iter().flatten();
    names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

/// An object of which nothing is asked.
fn free(dice: &mut Dice, depth: usize) -> Value {
    let mut members = Map::new();
    for _ in 0..=dice.below(3) {
        let value = match dice.below(6) {
            0 if depth < 8 => free(dice, depth + 1),
            1 => Value::Null,
            2 => Value::Array(vec![1.into(), "".into()]),
            3 => Value::Array(Vec::new()),
            4 => Value::from(-9_007_199_254_740_991_i64),
            _ => dice.of(TEXTS).into(),
        };
        members.insert(dice.of(&["a", "ключ", "", "id", "x"]).to_owned(), value);
    }
    members.into()
}

fn integer(schema: &Value, dice: &mut Dice) -> Value {
    let least = schema["minimum"].as_i64().unwrap_or(-5);
    let most = schema["maximum"].as_i64().unwrap_or(5);
    let some = i64::try_from(dice.below(1_000)).unwrap();
    dice.of(&[least, most, (least + some).min(most)]).into()
}

fn text(schema: &Value, dice: &mut Dice) -> String {
    if let Some(pattern) = schema["pattern"].as_str() {
        let mut text = String::new();
        spell(&regex_syntax::parse(pattern).unwrap(), dice, &mut text);
        return text;
    }
    match schema["format"].as_str() {
        Some("uri") => dice.of(URIS).to_owned(),
        _ => dice.of(TEXTS).to_owned(),
    }
}

/// Appends a text that the pattern matches.
fn spell(hir: &Hir, dice: &mut Dice, out: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).unwrap()),
        HirKind::Class(Class::Unicode(class)) => {
            let range = dice.of(class.ranges());
            let (start, end) = (u32::from(range.start()), u32::from(range.end()));
            let code = dice.of(&[start, end, start + (end - start) * 5 / 8]);
            out.push(char::from_u32(code).unwrap_or(range.start()));
        }
        HirKind::Class(Class::Bytes(_)) => unreachable!("patterns are of text"),
        HirKind::Repetition(repetition) => {
            let least = repetition.min;
            let most = repetition.max.unwrap_or(least + 200);
            let some = u32::try_from(dice.below(4)).unwrap();
            let count = if dice.one_in(8) {
                dice.of(&[least, most])
            } else {
                (least + some).min(most)
            };
            for _ in 0..count {
                spell(&repetition.sub, dice, out);
            }
        }
        HirKind::Capture(capture) => spell(&capture.sub, dice, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| spell(part, dice, out)),
        HirKind::Alternation(branches) => spell(&dice.of(branches), dice, out),
    }
}

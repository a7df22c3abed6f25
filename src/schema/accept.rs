//! The accept-only checker: a schema as a small program that walks the tape.
//!
//! `jsonschema` says what is wrong; it is asked only where something may be. Almost every record is
//! valid, and that the program below finds out at a fraction of the cost: each object is passed
//! once, a key costs a look into a table, patterns run over bytes, nothing is allocated.
//!
//! **It never accepts what `jsonschema` refuses.** Its yes is final and its no is worth nothing:
//! whatever it does not accept is judged by `jsonschema`, whose errors are what a user sees. Three
//! things hold that:
//!
//! - A keyword is implemented here, is an annotation, or switches the program off for the whole
//!   schema ([`Unsupported`]): nothing is passed over in silence, `requierd` least of all. So do
//!   anchors, dynamic references, an `$id` within and `unevaluated…`.
//! - What one value decides by itself and is rare or subtle (a format, a pattern that is no plain
//!   sequence, `multipleOf`) is handed to a validator that `jsonschema` compiles of that keyword
//!   alone ([`Test::Foreign`]), so that both mean the same by construction.
//! - Every keyword here is decided exactly, both ways, so that `not`, `oneOf` and `if` may stand
//!   above any other. Tests hold the program to `jsonschema` over mutants of records and over the
//!   official suite.

mod compile;
mod keys;
mod keyword;
mod pattern;
#[cfg(test)]
mod tests;

use jsonschema::Validator;
use jsonschema::json::{Array as _, Json as _, Node as _};

use self::keys::Keys;
use self::pattern::Pattern;
use crate::json::{Kind, Node, OnTape};
pub(super) use compile::Unsupported;

/// A schema, compiled.
#[derive(Debug)]
pub(super) struct Program {
    rules: Vec<Rule>,
    start: RuleId,
}

/// The place of a rule in its program.
type RuleId = usize;

/// What one subschema asks of a value.
#[derive(Debug)]
struct Rule {
    kinds: Kinds,
    /// The least and the greatest integer, both allowed.
    integer: (i64, i64),
    text: TextRule,
    array: Option<Box<ArrayRule>>,
    object: Option<Box<ObjectRule>>,
    /// What is asked of a value of any kind.
    tests: Vec<Test>,
}

/// What is asked of a string.
#[derive(Debug, Default)]
struct TextRule {
    /// The fewest code points.
    least: u64,
    /// The most code points.
    most: Option<u64>,
    /// The texts of which it is to be one.
    words: Option<Keys>,
    patterns: Vec<Pattern>,
}

/// What is asked of an array.
#[derive(Debug, Default)]
struct ArrayRule {
    least: u64,
    most: Option<u64>,
    /// The rules of the first items.
    first: Vec<RuleId>,
    /// The rule of the items behind them.
    rest: Option<RuleId>,
    contains: Option<Contains>,
    unique: bool,
}

/// How many items are to match a rule.
#[derive(Debug)]
struct Contains {
    rule: RuleId,
    least: u64,
    most: Option<u64>,
}

/// What is asked of an object.
#[derive(Debug, Default)]
struct ObjectRule {
    least: u64,
    most: Option<u64>,
    /// Every key that the schema names.
    keys: Keys,
    /// The rules of their values, in the order of the keys.
    values: Vec<Option<RuleId>>,
    /// The keys that must be there, a bit each.
    required: u64,
    /// The keys that must be there where another one is.
    dependent: Vec<(u64, u64)>,
    /// The rules for the whole object where a key is there.
    schemas: Vec<(u64, RuleId)>,
    patterns: Vec<(Pattern, RuleId)>,
    /// The rule of values that neither a name nor a pattern covers.
    rest: Option<RuleId>,
    /// The rule of every key.
    names: Option<RuleId>,
}

/// What is asked of a value whatever its kind.
#[derive(Debug)]
enum Test {
    /// It matches all of them: `allOf`, and `$ref` beside other keywords.
    All(Vec<RuleId>),
    /// It matches at least one of them.
    Any(Vec<RuleId>),
    /// It matches one of them and no other.
    One(Vec<RuleId>),
    /// It does not match.
    Not(RuleId),
    /// It matches the second where it matches the first, else the third.
    If(RuleId, Option<RuleId>, Option<RuleId>),
    /// One keyword of `jsonschema`'s.
    Foreign(Box<Validator<OnTape>>),
}

/// A set of kinds, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kinds(u8);

impl Kinds {
    const NONE: Self = Self(0);
    const ALL: Self = Self(0b11_1111);

    const fn of(kind: Kind) -> Self {
        Self(match kind {
            Kind::Null => 1,
            Kind::Bool => 2,
            Kind::Integer => 4,
            Kind::String => 8,
            Kind::Array => 16,
            Kind::Object => 32,
            // No schema is asked about the texts of dumps.
            Kind::Number => 0,
        })
    }

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    const fn holds(self, kind: Kind) -> bool {
        self.0 & Self::of(kind).0 != 0
    }
}

impl Program {
    /// Whether `node` surely matches the schema.
    pub(super) fn accepts(&self, node: Node<'_>) -> bool {
        self.matches(self.start, node)
    }

    fn matches(&self, rule: RuleId, node: Node<'_>) -> bool {
        let Some(rule) = self.rules.get(rule) else {
            return false;
        };
        let kind = node.kind();
        let by_kind = rule.kinds.holds(kind)
            && match kind {
                Kind::Null | Kind::Bool => true,
                Kind::Integer => rule.integer(node),
                Kind::Number => false,
                Kind::String => rule.text.matches(node),
                Kind::Array => match &rule.array {
                    Some(array) => self.array(array, node),
                    None => true,
                },
                Kind::Object => match &rule.object {
                    Some(object) => self.object(object, node),
                    None => true,
                },
            };
        by_kind && rule.tests.iter().all(|test| self.test(test, node))
    }

    fn array(&self, rule: &ArrayRule, node: Node<'_>) -> bool {
        let mut items = node.items();
        within(node.len(), rule.least, rule.most)
            && rule
                .first
                .iter()
                .zip(items.by_ref())
                .all(|(&first, item)| self.matches(first, item))
            && match rule.rest {
                // `zip` asks the rules first, so no item is lost.
                Some(rest) => items.all(|item| self.matches(rest, item)),
                None => true,
            }
            && rule.contains.as_ref().is_none_or(|contains| {
                let matching = node
                    .items()
                    .filter(|&item| self.matches(contains.rule, item));
                within(matching.count(), contains.least, contains.most)
            })
            && (!rule.unique || node.as_array().is_none_or(|array| array.is_unique()))
    }

    fn object(&self, rule: &ObjectRule, node: Node<'_>) -> bool {
        if !within(node.len(), rule.least, rule.most) {
            return false;
        }
        let mut seen = 0;
        let all_match = node.members().all_pairs(|key, member| {
            let mut covered = false;
            if let Some(place) = rule.keys.find(key.as_bytes()) {
                seen |= bit(place);
                if let Some(&Some(value)) = rule.values.get(place) {
                    covered = true;
                    if !self.matches(value, member) {
                        return false;
                    }
                }
            }
            for (pattern, value) in &rule.patterns {
                if pattern.matches(key) {
                    covered = true;
                    if !self.matches(*value, member) {
                        return false;
                    }
                }
            }
            let by_rest = covered || rule.rest.is_none_or(|rest| self.matches(rest, member));
            let by_name = |names| with_text(key, |key| self.matches(names, key));
            by_rest && rule.names.is_none_or(by_name)
        });
        all_match
            && rule.required & !seen == 0
            && rule
                .dependent
                .iter()
                .all(|(key, others)| key & seen == 0 || others & !seen == 0)
            && rule
                .schemas
                .iter()
                .all(|&(key, rule)| key & seen == 0 || self.matches(rule, node))
    }

    fn test(&self, test: &Test, node: Node<'_>) -> bool {
        match test {
            Test::All(rules) => rules.iter().all(|&rule| self.matches(rule, node)),
            Test::Any(rules) => rules.iter().any(|&rule| self.matches(rule, node)),
            Test::One(rules) => {
                let matching = rules.iter().filter(|&&rule| self.matches(rule, node));
                matching.take(2).count() == 1
            }
            Test::Not(rule) => !self.matches(*rule, node),
            Test::If(condition, then, otherwise) => {
                let branch = if self.matches(*condition, node) {
                    then
                } else {
                    otherwise
                };
                branch.is_none_or(|branch| self.matches(branch, node))
            }
            Test::Foreign(validator) => validator.is_valid(node),
        }
    }
}

impl Rule {
    /// What the schema `true` asks: nothing.
    const fn anything() -> Self {
        Self {
            kinds: Kinds::ALL,
            integer: (i64::MIN, i64::MAX),
            text: TextRule {
                least: 0,
                most: None,
                words: None,
                patterns: Vec::new(),
            },
            array: None,
            object: None,
            tests: Vec::new(),
        }
    }

    fn integer(&self, node: Node<'_>) -> bool {
        let (least, most) = self.integer;
        self.integer == (i64::MIN, i64::MAX)
            || node
                .as_i64()
                .is_some_and(|value| (least..=most).contains(&value))
    }
}

impl TextRule {
    fn matches(&self, node: Node<'_>) -> bool {
        if self.least <= 1
            && self.most.is_none()
            && self.words.is_none()
            && self.patterns.is_empty()
        {
            // Whatever is written between the quotes is at least one character.
            return self.least == 0 || node.raw().len() > 2;
        }
        let Some(text) = node.as_str() else {
            return false;
        };
        self.length(&text)
            && self
                .words
                .as_ref()
                .is_none_or(|words| words.find(text.as_bytes()).is_some())
            && self.patterns.iter().all(|pattern| pattern.matches(&text))
    }

    fn length(&self, text: &str) -> bool {
        (self.least == 0 && self.most.is_none())
            || within(text.chars().count(), self.least, self.most)
    }
}

/// The bit of the key at `place`; keys beyond the 64th have none, and no rule asks for them.
fn bit(place: usize) -> u64 {
    u32::try_from(place)
        .ok()
        .and_then(|place| 1_u64.checked_shl(place))
        .unwrap_or_default()
}

fn within(count: usize, least: u64, most: Option<u64>) -> bool {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    least <= count && most.is_none_or(|most| count <= most)
}

/// What `judge` says of a text that lies in no source.
fn with_text(text: &str, judge: impl FnOnce(Node<'_>) -> bool) -> bool {
    OnTape::with_string_node(
        &mut <OnTape as jsonschema::json::Json>::StringBuffer::default(),
        text,
        judge,
    )
}

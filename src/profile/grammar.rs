//! The grammar as the interpreter runs it, made of the document's steps.

use super::document::{Document, Members, RawGroup, RawStep, Several, Word};
use super::error::nearest;
use super::mistake::{OrMistake, Place};
use super::originals;
use super::pattern::Pattern;
use super::target::{Nature, Target};
use super::value::{As, Compare, EmbedKind, Name, Original, Within};
use crate::json::MAX_INTEGER;
use crate::trace::Label;

/// How often a repeat runs at most, and how often where nothing is said.
pub(super) const REPEATS: u64 = 1_000_000;

/// What the names of converters that read by no profile begin with.
const GENERAL: &str = "general-";

/// What a step drops where it is told no label.
const MARKUP: &str = "markup";

/// The group of a pattern that is the value, where the whole match is not.
const VALUE: &str = "value";

/// A step with its place in the profile, for messages.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: String,
    pub(super) step: Step,
}

/// What a step does.
#[derive(Debug)]
pub(super) enum Step {
    /// Matches at the position and takes what matches.
    Match(Match),
    /// Runs each in turn.
    Seq(Vec<Node>),
    /// Runs the first that succeeds.
    Any(Vec<Node>),
    /// Runs all in turn, again and again.
    Repeat {
        steps: Vec<Node>,
        min: u64,
        max: u64,
    },
    /// Runs all in turn, again and again, before a match or the end.
    Until { stop: Pattern, steps: Vec<Node> },
}

/// A match and what becomes of it.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) pattern: Pattern,
    pub(super) within: Within,
    /// What becomes of single groups, or of the whole match (group 0).
    pub(super) parts: Vec<MatchGroup>,
    /// The label of what no part takes.
    pub(super) rest: Label,
    /// Under which name the match is remembered.
    pub(super) remember: Option<Name>,
    /// What embed it is, if it is one.
    pub(super) embed: Option<EmbedKind>,
}

/// A group of a match and what becomes of it.
#[derive(Debug)]
pub(super) struct MatchGroup {
    pub(super) group: usize,
    pub(super) take: Take,
    /// Whether the step fails where the group is empty.
    pub(super) required: bool,
}

/// What becomes of a stretch of text.
#[derive(Debug)]
pub(super) enum Take {
    /// It is a value.
    Field(Field),
    /// It repeats something.
    Same(Same),
    /// It is dropped.
    Drop(Label),
}

/// A value.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) target: Target,
    pub(super) written: Option<As>,
    /// A key beside the value, and what the profile judges it to be.
    pub(super) judged: Option<(&'static str, &'static str)>,
}

/// A repeat.
#[derive(Debug)]
pub(super) struct Same {
    pub(super) original: Original,
    pub(super) written: Option<As>,
    pub(super) compare: Compare,
    /// Its label where it is one.
    pub(super) label: Label,
    /// Its label where it is not; without one it must be.
    pub(super) otherwise: Option<Label>,
}

/// Each verb and the keys that go with it.
const VERBS: [(&str, &[&str]); 10] = [
    (
        "field",
        &[
            "match", "within", "as", "rest", "remember", "relation", "role",
        ],
    ),
    (
        "same_as",
        &[
            "match", "within", "as", "rest", "remember", "compare", "else",
        ],
    ),
    ("drop", &["match", "within", "remember"]),
    ("embed", &["match", "within", "as", "rest", "remember"]),
    ("groups", &["match", "within", "rest", "remember"]),
    ("seq", &[]),
    ("any", &[]),
    ("optional", &[]),
    ("repeat", &["min", "max"]),
    ("until", &["do"]),
];

/// Makes the grammar of a document, or says what in it does not go together.
pub(super) fn compile(document: &Document) -> OrMistake<Vec<Node>> {
    let top = Place::default();
    if !i64::try_from(document.version).is_ok_and(|version| (1..=MAX_INTEGER).contains(&version)) {
        return Err(top
            .key("version")
            .mistake("a version is 1 or more, within 2^53 - 1"));
    }
    if document.id.0.as_str().starts_with(GENERAL) {
        let mistake = top
            .key("id")
            .mistake(format!("`{}` begins with `{GENERAL}`", document.id));
        return Err(mistake.hint("such names are those of the general converters"));
    }
    if document.detect.is_empty() {
        let mistake = top
            .key("detect")
            .mistake("the profile recognises everything");
        return Err(mistake.hint("give one pattern or more that only this layout has"));
    }
    let at = top.key("grammar");
    let grammar = steps(&document.grammar, &at)?;
    originals::check(&document.grammar, &at)?;
    Ok(grammar)
}

fn steps(raw: &Several<RawStep>, at: &Place) -> OrMistake<Vec<Node>> {
    if raw.is_empty() {
        return Err(at.mistake("the list of steps is empty"));
    }
    let numbered = raw.0.iter().enumerate();
    numbered
        .map(|(index, raw)| step(raw, &at.index(index)))
        .collect()
}

fn step(raw: &RawStep, at: &Place) -> OrMistake<Node> {
    let verb = verb(&raw.keys(), at)?;
    let step = match verb {
        "seq" => Step::Seq(nested(raw.seq.as_ref(), &at.key(verb))?),
        "any" => Step::Any(nested(raw.any.as_ref(), &at.key(verb))?),
        "optional" => Step::Repeat {
            steps: nested(raw.optional.as_ref(), &at.key(verb))?,
            min: 0,
            max: 1,
        },
        "repeat" => repeat(raw, at)?,
        "until" => match (&raw.until, &raw.r#do) {
            (Some(Word(stop)), Some(run)) => Step::Until {
                stop: stop.clone(),
                steps: steps(run, &at.key("do"))?,
            },
            _ => return Err(at.mistake("`until` needs `do`, the steps to run")),
        },
        _ => Step::Match(matching(raw, verb, at)?),
    };
    Ok(Node {
        place: at.to_string(),
        step,
    })
}

/// The one verb among `keys`, all others being keys that go with it.
fn verb(keys: &[&'static str], at: &Place) -> OrMistake<&'static str> {
    let verbs = VERBS.map(|(verb, _)| verb);
    let mut found = keys.iter().filter(|key| verbs.contains(key));
    let (verb, others) = match (found.next(), found.next()) {
        (Some(verb), None) => (*verb, VERBS.iter().find(|(name, _)| name == verb)),
        (Some(one), Some(two)) => {
            return Err(at.mistake(format!("a step is one thing, not both `{one}` and `{two}`")));
        }
        (None, _) => {
            let mistake = at.mistake("the step has no verb");
            return Err(mistake.hint(format!("it is one of `{}`", verbs.join("`, `"))));
        }
    };
    let allowed = others.map(|(_, keys)| *keys).unwrap_or_default();
    let odd = keys
        .iter()
        .find(|key| **key != verb && !allowed.contains(key));
    match odd {
        None => Ok(verb),
        Some(odd) => {
            let mistake = at
                .key(odd)
                .mistake(format!("`{odd}` does not go with `{verb}`"));
            Err(mistake.hint(if allowed.is_empty() {
                "nothing does".to_owned()
            } else {
                format!("what does is `{}`", allowed.join("`, `"))
            }))
        }
    }
}

fn nested(raw: Option<&Several<RawStep>>, at: &Place) -> OrMistake<Vec<Node>> {
    match raw {
        Some(raw) => steps(raw, at),
        None => Ok(Vec::new()),
    }
}

fn repeat(raw: &RawStep, at: &Place) -> OrMistake<Step> {
    let (min, max) = (raw.min.unwrap_or(0), raw.max.unwrap_or(REPEATS));
    if max == 0 || max > REPEATS {
        return Err(at
            .key("max")
            .mistake(format!("a repeat runs 1 to {REPEATS} times, not {max}")));
    }
    if min > max {
        return Err(at
            .key("min")
            .mistake(format!("at least {min} is more than at most {max}")));
    }
    Ok(Step::Repeat {
        steps: nested(raw.repeat.as_ref(), &at.key("repeat"))?,
        min,
        max,
    })
}

fn matching(raw: &RawStep, verb: &str, at: &Place) -> OrMistake<Match> {
    let pattern = match &raw.r#match {
        Some(Word(pattern)) => pattern.clone(),
        None if verb == "embed" || verb == "groups" => {
            return Err(at.mistake(format!("`{verb}` needs `match`, a pattern with groups")));
        }
        None => Pattern::rest(),
    };
    let parts = match (&raw.groups, raw.embed) {
        (Some(groups), _) => grouped(groups, &pattern, at)?,
        (None, Some(_)) => embedded(raw, &pattern, at)?,
        (None, None) => vec![single(raw, &pattern, at)?],
    };
    Ok(Match {
        pattern,
        within: raw.within.unwrap_or_default(),
        parts,
        rest: match &raw.rest {
            Some(Word(label)) => label.clone(),
            None => Label::fixed(MARKUP),
        },
        remember: raw.remember.as_ref().map(|Word(name)| name.clone()),
        embed: raw.embed,
    })
}

/// A step that takes its whole match or the group `value` of it.
fn single(raw: &RawStep, pattern: &Pattern, at: &Place) -> OrMistake<MatchGroup> {
    let mut group = 0;
    for (number, name) in pattern.groups() {
        if name != VALUE || raw.drop.is_some() {
            let mistake = at
                .key("match")
                .mistake(format!("nothing takes the group `{name}`"));
            return Err(
                mistake.hint("the group `value` is the value; others need the verb `groups`")
            );
        }
        group = number;
    }
    let take = raw.as_group().take(at)?;
    Ok(MatchGroup {
        group,
        take,
        required: true,
    })
}

fn grouped(
    groups: &Members<String, RawGroup>,
    pattern: &Pattern,
    at: &Place,
) -> OrMistake<Vec<MatchGroup>> {
    let taken = |name: &str| groups.0.iter().any(|(taken, _)| taken == name);
    if let Some((_, name)) = pattern.groups().find(|(_, name)| !taken(name)) {
        return Err(at
            .key("match")
            .mistake(format!("nothing takes the group `{name}`")));
    }
    let at = at.key("groups");
    if groups.is_empty() {
        return Err(at.mistake("no group is taken"));
    }
    let mut parts = Vec::new();
    for (name, raw) in &groups.0 {
        let at = at.key(name);
        let Some((group, _)) = pattern.groups().find(|(_, known)| known == name) else {
            let names: Vec<&str> = pattern.groups().map(|(_, name)| name).collect();
            let mistake = at.mistake(format!("the pattern has no group `{name}`"));
            return Err(mistake.hint(nearest(name, &names)));
        };
        let keys = raw.keys();
        if keys
            .iter()
            .any(|key| VERBS.iter().any(|(verb, _)| verb == key))
        {
            verb(&keys, &at)?;
        }
        let take = raw.take(&at)?;
        let twice = |part: &MatchGroup| match (&part.take, &take) {
            (Take::Field(one), Take::Field(two)) => {
                one.target == two.target && one.target.is_single()
            }
            _ => false,
        };
        if parts.iter().any(twice) {
            return Err(at
                .key("field")
                .mistake("two groups of one match are the same value"));
        }
        parts.push(MatchGroup {
            group,
            take,
            required: false,
        });
    }
    Ok(parts)
}

/// The groups of an embed are named as its values are.
fn embedded(raw: &RawStep, pattern: &Pattern, at: &Place) -> OrMistake<Vec<MatchGroup>> {
    let mut parts = Vec::new();
    for (group, name) in pattern.groups() {
        let Ok(target) = format!("/content/embeds/-/{name}").parse::<Target>() else {
            let mistake = at.key("match").mistake(format!("an embed has no `{name}`"));
            return Err(mistake.hint("it has `url`, `text`, `author`, `published`"));
        };
        let written = raw
            .r#as
            .as_ref()
            .filter(|_| target.nature() == Nature::Time);
        let group_of = RawGroup {
            field: Some(Word(target)),
            r#as: written.cloned(),
            ..RawGroup::default()
        };
        parts.push(MatchGroup {
            group,
            take: group_of.take(at)?,
            required: false,
        });
    }
    if parts.is_empty() {
        let mistake = at.key("match").mistake("the embed takes no group");
        return Err(mistake.hint("name groups `url`, `text`, `author`, `published`"));
    }
    if raw.r#as.is_some() && !pattern.groups().any(|(_, name)| name == "published") {
        return Err(at
            .key("as")
            .mistake("`as` is how `published` is written, which no group is"));
    }
    Ok(parts)
}

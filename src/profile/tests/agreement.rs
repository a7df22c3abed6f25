//! The typed reader and the JSON Schema take the same documents for profiles, except for what the
//! schema cannot say: that patterns compile, that groups are those of a pattern, that encodings are
//! known, that repeats repeat what is read, and that a repeat's minimum is no more than its maximum.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use super::profile;
use crate::json::Tape;
use crate::profile::{Profile, builtin, builtin_yaml};
use crate::schema::Schema;

/// Whether the schema takes the YAML for a profile.
fn schema_accepts(yaml: &str) -> bool {
    let Ok(value) = serde_yaml::from_str::<serde_yaml::Value>(yaml) else {
        return false;
    };
    let Ok(json) = serde_json::to_string(&value) else {
        return false;
    };
    let schema = Schema::named("profile").expect("the schema is built in");
    Tape::parse(json.as_bytes()).is_ok_and(|tape| schema.accepts(tape.root()))
}

fn both(yaml: &str, valid: bool) {
    let typed = Profile::parse(yaml);
    assert_eq!(typed.is_ok(), valid, "typed: {:?}\n{yaml}", typed.err());
    assert_eq!(schema_accepts(yaml), valid, "schema\n{yaml}");
}

#[test]
fn on_the_built_in_profiles() {
    for profile in builtin() {
        both(builtin_yaml(profile.id()).unwrap(), true);
    }
}

#[test]
fn on_documents() {
    let good = profile("- field: /content/text");
    let more = |keys: &str| format!("{good}{keys}\n");
    for keys in [
        "",
        "record: whole",
        "record: {starts: '^From '}",
        "encoding: windows-1252",
        "not: []",
        "not: ['a', 'b']",
        "absent: {}",
        "absent: {authors: not_in_dump, url: conflicting}",
        "examples: []",
        "examples: [{input: a, fields: {}}]",
        "examples: [{input: a, fields: {/content/text: a, /article/keywords: [a]}, dropped: [[markup, b]]}]",
        "counterexamples: ['a']",
    ] {
        both(&more(keys), true);
    }
    for keys in [
        "record: lines",
        "record: {}",
        "record: {starts: a, ends: b}",
        "record:",
        "encoding: 8",
        "encoding: ''",
        "not: a",
        "not: [1]",
        "not:",
        "absent: []",
        "absent: {author: not_in_dump}",
        "absent: {authors: never}",
        "absent: {authors: [not_in_dump]}",
        "examples: {}",
        "examples: [{input: a}]",
        "examples: [{fields: {}}]",
        "examples: [{input: '', fields: {}}]",
        "examples: [{input: a, fields: {text: a}}]",
        "examples: [{input: a, fields: {/a: 1}}]",
        "examples: [{input: a, fields: {/a: ''}}]",
        "examples: [{input: a, fields: {/a: [1]}}]",
        "examples: [{input: a, fields: {/a~: b}}]",
        "examples: [{input: a, fields: {}, dropped: [[markup]]}]",
        "examples: [{input: a, fields: {}, dropped: [[markup, a, b]]}]",
        "examples: [{input: a, fields: {}, dropped: [[Markup, a]]}]",
        "examples: [{input: a, fields: {}, dropped:}]",
        "examples: [{input: a, fields: {}, other: b}]",
        "counterexamples: [1]",
        "counterexamples: ['']",
        "author: me",
        "version: 1",
    ] {
        both(&more(keys), false);
    }
    for (from, to) in [
        ("format: dateline-profile/1\n", ""),
        ("dateline-profile/1", "dateline-profile/2"),
        ("id: tried\n", ""),
        ("id: tried", "id: 7"),
        ("id: tried", "id: -tried"),
        ("id: tried", "id: general-tried"),
        ("version: 1\n", ""),
        ("version: 1", "version: 0"),
        ("version: 1", "version: -1"),
        ("version: 1", "version: '1'"),
        ("version: 1", "version: 9007199254740992"),
        ("version: 1", "version: .nan"),
        ("version: 1", "version: 1.0"),
        ("title: Tried\n", ""),
        ("title: Tried", "title: ''"),
        ("title: Tried", "title: no\ntitle: yes"),
        ("title: Tried", "title: true"),
        ("detect: ['.']\n", ""),
        ("detect: ['.']", "detect: []"),
        ("detect: ['.']", "detect: '.'"),
        ("grammar:\n  - field: /content/text\n", ""),
        ("grammar:\n  - field: /content/text\n", "grammar: []\n"),
        ("grammar:\n  - field: /content/text\n", "grammar: {}\n"),
        ("grammar:\n  - field: /content/text\n", "grammar: [[]]\n"),
        ("grammar:\n  - field: /content/text\n", "grammar: [a]\n"),
        ("grammar:\n  - field: /content/text\n", "grammar: [null]\n"),
    ] {
        assert!(good.contains(from), "{from}");
        both(&good.replace(from, to), false);
    }
}

#[test]
fn on_good_steps() {
    for grammar in [
        "- drop: markup",
        "- {drop: 'boilerplate:card', match: a, within: block, remember: card}",
        "- {field: /article/headline, match: '(?<value>a)b', rest: 'markup:b'}",
        "- {field: /source/url}",
        "- {field: /source/url, as: url}",
        "- {field: /article/published, as: date}",
        "- {field: /article/published, as: 'datetime:%d.%m.%Y %H:%M'}",
        "- {field: /article/language}",
        "- {field: /article/language, as: locale}",
        "- {field: /article/keywords}",
        "- {field: /article/keywords, as: 'list:, '}",
        "- {field: /article/authors/-/name, as: 'list: and ', role: author}",
        "- {field: /links/-/url, relation: cites}",
        "- {embed: tweet, match: '(?<text>.+)'}",
        "- {embed: post, match: '(?<text>.+) (?<published>\\S+)', as: date}",
        "- {match: '(?<a>.)', groups: {a: {drop: markup}}, rest: markup}",
        "- {match: '(?<a>.)', groups: {a: {field: /article/modified, as: date}}}",
        "- {match: '(?<a>.)', groups: {a: {field: /links/-/url, relation: related}}}",
        "- field: /article/headline\n- {same_as: /article/headline, else: markup, compare: equal}",
        "- {drop: markup, remember: b}\n- {match: '(?<a>.)', groups: {a: {same_as: b, compare: subset, as: 'list:,'}}}",
        "- {field: /article/published, as: date}\n- {same_as: /article/published, as: date, compare: day}",
        "- seq: [drop: markup]",
        "- any: [drop: markup, seq: [drop: header, drop: markup]]",
        "- optional: [drop: markup]",
        "- {repeat: [drop: markup], min: 1, max: 1000000}",
        "- {until: a, do: [drop: markup]}",
    ] {
        both(&profile(grammar), true);
    }
}

#[test]
fn on_bad_steps() {
    for grammar in [
        "- {}",
        "- match: a",
        "- drop:",
        "- drop: Markup",
        "- drop: boilerplate",
        "- drop: whitespace:much",
        "- {drop: markup, field: /content/text}",
        "- {drop: markup, as: date}",
        "- {drop: markup, rest: markup}",
        "- {drop: markup, else: markup}",
        "- {drop: markup, compare: day}",
        "- {drop: markup, relation: cites}",
        "- {drop: markup, role: author}",
        "- {drop: markup, min: 1}",
        "- {drop: markup, do: [drop: markup]}",
        "- {drop: markup, match: 1}",
        "- {drop: markup, within: page}",
        "- {drop: markup, remember: Card}",
        "- {drop: markup, lines: 3}",
        "- field: /content/body",
        "- field: /links/0/url",
        "- field: /source/domain",
        "- {field: /content/text, as: 'list:,'}",
        "- {field: /content/text, as: date}",
        "- {field: /content/text, compare: equal}",
        "- {field: /content/text, else: markup}",
        "- {field: /content/text, relation: related}",
        "- {field: /content/text, role: author}",
        "- {field: /source/url, as: locale}",
        "- {field: /article/published}",
        "- {field: /article/published, as: url}",
        "- {field: /article/published, as: 'datetime:'}",
        "- {field: /article/published, as: 'datetime:%'}",
        "- {field: /article/published, as: 'datetime:%s'}",
        "- {field: /article/published, as: 'date:%Y'}",
        "- {field: /article/language, as: date}",
        "- {field: /article/keywords, as: 'list:'}",
        "- {field: /article/keywords, as: list}",
        "- {field: /links/-/url}",
        "- {field: /links/-/url, relation: friend}",
        "- {field: /article/authors/-/name, role: owner}",
        "- {field: /article/headline}\n- {same_as: /article/headline, compare: day}",
        "- {field: /article/headline}\n- {same_as: /article/headline, compare: day, as: date}",
        "- {field: /article/headline}\n- {same_as: /article/headline, compare: like}",
        "- {same_as: Card}",
        "- {embed: tweet}",
        "- {embed: toot, match: '(?<text>.+)'}",
        "- {embed: tweet, match: '(?<text>.+)', as: url}",
        "- {embed: tweet, match: '(?<text>.+)', else: markup}",
        "- {match: '(?<a>.)', groups: {}}",
        "- {match: '(?<a>.)', groups: {a: {}}}",
        "- {match: '(?<a>.)', groups: {a: {drop: markup, as: date}}}",
        "- {match: '(?<a>.)', groups: {a: {drop: markup, field: /content/text}}}",
        "- {match: '(?<a>.)', groups: {a: {drop: markup, match: a}}}",
        "- {match: '(?<a>.)', groups: {a: {field: /article/published}}}",
        "- {match: '(?<a>.)', groups: {a: {field: /links/-/url}}}",
        "- {match: '(?<a>.)', groups: {a: drop}}",
        "- {groups: {a: {drop: markup}}}",
        "- seq: []",
        "- seq: {drop: markup}",
        "- {seq: [drop: markup], match: a}",
        "- {any: [drop: markup], rest: markup}",
        "- {repeat: [drop: markup], min: -1}",
        "- {repeat: [drop: markup], max: 0}",
        "- {repeat: [drop: markup], max: 1000001}",
        "- {repeat: [drop: markup], min: 1000001}",
        "- {until: a}",
        "- {do: [drop: markup]}",
        "- {until: a, do: []}",
    ] {
        both(&profile(grammar), false);
    }
}

/// What only the typed reader finds.
#[test]
fn beyond_the_schema() {
    for grammar in [
        "- {drop: markup, match: '('}",
        "- {field: /content/text, match: '(?<other>a)'}",
        "- {embed: tweet, match: 'a'}",
        "- {embed: tweet, match: '(?<published>a)'}",
        "- {match: 'a', groups: {a: {drop: markup}}}",
        "- {same_as: card}",
        "- {repeat: [drop: markup], min: 3, max: 2}",
        "- {field: /article/published, as: 'datetime:%Y %Y'}",
    ] {
        let yaml = profile(grammar);
        assert!(schema_accepts(&yaml), "{yaml}");
        assert!(Profile::parse(&yaml).is_err(), "{yaml}");
    }
    let encoding = format!("encoding: klingon\n{}", profile("- drop: markup"));
    assert!(schema_accepts(&encoding) && Profile::parse(&encoding).is_err());
}

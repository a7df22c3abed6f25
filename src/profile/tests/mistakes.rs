//! What is said of mistakes in profiles, and where.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;

use super::profile;
use crate::profile::Profile;

/// The message for a profile, with its hint on a second line.
fn said(yaml: &str) -> String {
    let mistake = Profile::parse(yaml).unwrap_err();
    let hint = mistake.hint.as_ref().map(|hint| format!("\n{hint}"));
    format!("{mistake}{}", hint.unwrap_or_default())
}

fn in_grammar(grammar: &str) -> String {
    said(&profile(grammar))
}

/// `profile-mistake`, `profile-id`
#[test]
fn the_document() {
    let good = profile("- field: /content/text");
    assert!(Profile::parse(&good).is_ok());
    let with = |from: &str, to: &str| said(&good.replace(from, to));
    for (from, to, message) in [
        (
            "format: dateline-profile/1",
            "format: dateline-profile/2",
            "1:9: format: `dateline-profile/2` is no value here\ndid you mean `dateline-profile/1`?",
        ),
        (
            "title:",
            "titel:",
            "4:1: `titel` is no key here\ndid you mean `title`?",
        ),
        (
            "id: tried",
            "id: Tried",
            "2:5: id: `Tried` is no name\na name is of lower-case letters, digits and `-`, begins with a letter and has at most 64 of them",
        ),
        (
            "id: tried",
            "id: general-text",
            "2:5: id: `general-text` begins with `general-`\nsuch names are those of the general converters",
        ),
        ("id: tried\n", "", "1:1: the key `id` is missing"),
        (
            "id: tried\n",
            "id: tried\nid: other\n",
            "3:1: the key `id` stands twice",
        ),
        (
            "version: 1",
            "version: 0",
            "3:10: version: a version is 1 or more, within 2^53 - 1",
        ),
        (
            "version: 1",
            "version: .inf",
            "3:10: version: inf is no integer\nput a string that looks like a number in quotes",
        ),
        (
            "version: 1",
            "version: 1.5",
            "3:10: version: 1.5 is no integer\nput a string that looks like a number in quotes",
        ),
        (
            "version: 1",
            "version: one",
            "3:10: version: expected a whole number from 0, found the string `one`",
        ),
        (
            "title: Tried",
            "title: 2022",
            "4:8: title: expected a string, found `2022`",
        ),
        (
            "title: Tried",
            "title:",
            "4:7: title: there is no value\nleave the key out, or give it one",
        ),
    ] {
        assert_eq!(with(from, to), message, "{to}");
    }
}

#[test]
fn how_a_layout_is_known() {
    let good = profile("- field: /content/text");
    let with = |to: &str| said(&good.replace("detect: ['.']", to));
    for (to, message) in [
        (
            "detect: []",
            "5:9: detect: the profile recognises everything\ngive one pattern or more that only this layout has",
        ),
        (
            "detect: ['a', 'b(c']",
            "5:15: detect[1]: `b(c` is no pattern: unclosed group\nlook at its character 2",
        ),
        (
            "detect: ['.']\nencoding: UTF8",
            "6:11: encoding: `UTF8` is no label of an encoding\nsee https://encoding.spec.whatwg.org/#names-and-labels; labels are in lower case",
        ),
        (
            "detect: ['.']\nabsent: {author: not_in_dump}",
            "6:10: absent: `author` is no value here\ndid you mean `authors`?",
        ),
        (
            "detect: ['.']\nabsent: {authors: unknown}",
            "6:19: absent.authors: `unknown` is no value here\nknown are `not_in_dump`, `not_found`, `unreadable`, `conflicting`",
        ),
        (
            "detect: ['.']\nabsent: {authors: not_in_dump, authors: not_found}",
            "6:32: absent: the key `authors` stands twice",
        ),
        (
            "detect: ['.']\nrecord: lines",
            "6:9: record: expected `whole` or a mapping with the key `starts`, found the string `lines`",
        ),
        (
            "detect: ['.",
            "8:1: found unexpected end of stream, while scanning a quoted scalar that begins at line 5 column 10",
        ),
    ] {
        assert_eq!(with(to), message, "{to}");
    }
}

/// `profile-field`, `profile-judged`, `profile-pattern`
#[test]
fn steps() {
    for (grammar, message) in [
        (
            "- feild: /content/text",
            "7:5: grammar[0]: `feild` is no key here\ndid you mean `field`?",
        ),
        (
            "- field: /article/headlines",
            "7:12: grammar[0].field: `/article/headlines` is no value that a profile reads\ndid you mean `/article/headline`?",
        ),
        (
            "- field: /article/published\n  as: datum",
            "8:9: grammar[0].as: `datum` is no way to write a value\nknown are `date`, `datetime:<format>`, `url`, `locale`, `list:<separator>`",
        ),
        (
            "- field: /article/published\n  as: datetime:%Y-%Q",
            "8:9: grammar[0].as: `%Y-%Q` is no date format\neach `%` is followed by one of `YmdBbAaHIMSfpz%`, none of which stands twice",
        ),
        (
            "- field: /article/published",
            "7:5: grammar[0]: `/article/published` takes `date` or `datetime:<format>`, not no `as`",
        ),
        (
            "- field: /article/headline\n  as: url",
            "8:9: grammar[0].as: `/article/headline` takes no `as`, not `url`",
        ),
        (
            "- field: /content/text\n  match: '[a-'",
            "8:12: grammar[0].match: `[a-` is no pattern: unclosed character class\nlook at its character 1",
        ),
        (
            "- field: /content/text\n  match: '(?=a)'",
            "8:12: grammar[0].match: `(?=a)` is no pattern: look-around, including look-ahead and look-behind, is not supported\nlook at its character 1",
        ),
        (
            "- field: /content/text\n  match: '(\\w{500}){500}'",
            "8:12: grammar[0].match: `(\\\\w{500}){500}` makes a pattern that is too large\nrepeat less often, or shorter things",
        ),
        (
            "- field: /content/text\n  match: a\n  match: b",
            "9:5: grammar[0]: the key `match` stands twice",
        ),
        (
            "- match: a",
            "7:5: grammar[0]: the step has no verb\nit is one of `field`, `same_as`, `drop`, `embed`, `groups`, `seq`, `any`, `optional`, `repeat`, `until`",
        ),
        (
            "- field: /content/text\n  drop: markup",
            "7:5: grammar[0]: a step is one thing, not both `field` and `drop`",
        ),
        (
            "- drop: markup\n  as: date",
            "8:9: grammar[0].as: `as` does not go with `drop`\nwhat does is `match`, `within`, `remember`",
        ),
        (
            "- seq: [drop: markup]\n  max: 2",
            "8:10: grammar[0].max: `max` does not go with `seq`\nnothing does",
        ),
        (
            "- drop: nonsense:xpath",
            "7:11: grammar[0].drop: `nonsense:xpath` is not a label: `boilerplate`, `bom`, `comment`, `duplicate`, `header`, `key`, `markup`, `metadata`, `script`, `separator`, `style`, `undecodable`, `unrecognised`, `value`, `whitespace`, where it takes one with `:` and a word of lower-case letters, digits and `-`",
        ),
        (
            "- field: /links/-/url",
            "7:5: grammar[0]: the link has no `relation`\nit is one of `related`, `cites`, `mentions`",
        ),
        (
            "- field: /links/-/url\n  relation: friend",
            "8:15: grammar[0].relation: `friend` is no value here\nknown are `related`, `cites`, `mentions`",
        ),
        (
            "- field: /content/text\n  role: author",
            "8:11: grammar[0].role: `role` goes with `/article/authors/-/name` only",
        ),
        (
            "- repeat: [drop: markup]\n  max: 0",
            "8:10: grammar[0].max: a repeat runs 1 to 1000000 times, not 0",
        ),
        (
            "- repeat: [drop: markup]\n  min: 3\n  max: 2",
            "8:10: grammar[0].min: at least 3 is more than at most 2",
        ),
        (
            "- any: []",
            "7:10: grammar[0].any: the list of steps is empty",
        ),
        (
            "- until: x",
            "7:5: grammar[0]: `until` needs `do`, the steps to run",
        ),
        (
            "- optional:\n    - repeat:\n      - drop: markup\n      - any: [field: /content/txt]",
            "10:24: grammar[0].optional[0].repeat[1].any[0].field: `/content/txt` is no value that a profile reads\ndid you mean `/content/text`?",
        ),
    ] {
        assert_eq!(in_grammar(grammar), message, "{grammar}");
    }
}

#[test]
fn groups_and_repeats() {
    for (grammar, message) in [
        (
            "- field: /content/text\n  match: '(?<text>.+)'",
            "8:12: grammar[0].match: nothing takes the group `text`\nthe group `value` is the value; others need the verb `groups`",
        ),
        (
            "- match: '(?<a>.)(?<b>.)'\n  groups: {a: {drop: markup}}",
            "7:12: grammar[0].match: nothing takes the group `b`",
        ),
        (
            "- match: '(?<caption>.)'\n  groups: {caption: {drop: markup}, captoin: {drop: markup}}",
            "8:48: grammar[0].groups.captoin: the pattern has no group `captoin`\ndid you mean `caption`?",
        ),
        (
            "- groups: {a: {drop: markup}}",
            "7:5: grammar[0]: `groups` needs `match`, a pattern with groups",
        ),
        (
            "- match: '(?<a>.)'\n  groups: {a: {as: date}}",
            "8:17: grammar[0].groups.a: the group is neither `field`, `same_as` nor `drop`",
        ),
        (
            "- match: '(?<a>.)(?<b>.)'\n  groups: {a: {field: /article/section}, b: {field: /article/section}}",
            "8:55: grammar[0].groups.b.field: two groups of one match are the same value",
        ),
        (
            "- embed: tweet\n  match: '(?<title>.+)'",
            "8:12: grammar[0].match: an embed has no `title`\nit has `url`, `text`, `author`, `published`",
        ),
        (
            "- embed: tweet\n  match: '.+'",
            "8:12: grammar[0].match: the embed takes no group\nname groups `url`, `text`, `author`, `published`",
        ),
        (
            "- embed: tweet\n  match: '(?<text>.+)'\n  as: date",
            "9:9: grammar[0].as: `as` is how `published` is written, which no group is",
        ),
        (
            "- embed: tweet\n  match: '(?<published>.+)'",
            "7:5: grammar[0]: `/content/embeds/-/published` takes `date` or `datetime:<format>`, not no `as`",
        ),
        (
            "- same_as: card",
            "7:14: grammar[0].same_as: no step reads or remembers `card`\nknown are ``",
        ),
        (
            "- field: /article/headline\n- repeat: [same_as: /article/headlnie]",
            "8:23: grammar[1].repeat[0].same_as: `/article/headlnie` is no value that a profile reads\ndid you mean `/article/headline`?",
        ),
        (
            "- field: /article/headline\n- same_as: /article/section",
            "8:14: grammar[1].same_as: no step reads or remembers `/article/section`\ndid you mean `/article/headline`?",
        ),
        (
            "- field: /article/headline\n- same_as: /article/headline\n  as: date\n  compare: day",
            "10:14: grammar[1].compare: `/article/headline` has no day",
        ),
        (
            "- {field: /article/published, as: date}\n- same_as: /article/published\n  compare: day",
            "9:14: grammar[1].compare: days are compared of times only\nsay `as: date` or `as: datetime:<format>`",
        ),
        (
            "- field: /article/headline\n  else: markup",
            "8:11: grammar[0].else: `else` does not go with `field`\nwhat does is `match`, `within`, `as`, `rest`, `remember`, `relation`, `role`",
        ),
    ] {
        assert_eq!(in_grammar(grammar), message, "{grammar}");
    }
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        write!(bomb, "a{level}: &a{level} [").unwrap();
        for _ in 0..10 {
            write!(bomb, "*a{},", level - 1).unwrap();
        }
        bomb.push_str("]\n");
    }
    let said = said(&bomb);
    assert_eq!(
        said,
        "its aliases repeat more than they are worth\nwrite the steps out"
    );
}

#[test]
fn depth_is_bounded() {
    let deep = format!("- {}drop: markup{}", "seq: [".repeat(200), "]".repeat(200));
    let said = in_grammar(&deep);
    assert!(said.contains("recursion limit exceeded"), "{said}");
}

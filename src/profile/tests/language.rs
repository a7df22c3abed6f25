//! What each verb and combinator does.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;

use super::profile;
use crate::profile::{Cause, Mismatch, Profile};
use crate::trace::{Draft, Replay, Sources, Trace, coverage};

/// What a grammar makes of a text, a line a value, judgement or tile; white space is left out.
fn made(grammar: &str, text: &str) -> String {
    let profile = Profile::parse(&profile(grammar)).unwrap();
    match profile.read(text) {
        Ok(draft) => shown(text, &profile, &draft),
        Err(mismatch) => mismatch.to_string(),
    }
}

fn shown(text: &str, profile: &Profile, draft: &Draft) -> String {
    let mut out = String::new();
    let mut replay = Replay::new(draft.fields(), Sources::of_text(text));
    for field in draft.fields() {
        let value = replay.value(field).unwrap();
        writeln!(out, "{} {}", field.value, serde_json::Value::from(value)).unwrap();
    }
    for (pointer, value) in draft.judgements() {
        writeln!(out, "{pointer} {value}").unwrap();
    }
    let trace = Trace {
        profile: profile.reference(),
        bytes: text.len().try_into().unwrap(),
        encoding: None,
        locations: Vec::new(),
        contexts: Vec::new(),
        fields: draft.fields().to_vec(),
        dropped: draft.dropped(),
    };
    for (span, label) in trace.tiles() {
        let bytes = span.of(text.as_bytes()).unwrap();
        if label.as_str() != "whitespace" {
            writeln!(out, "{label} {:?}", str::from_utf8(bytes).unwrap()).unwrap();
        }
    }
    assert_eq!(coverage(&trace), []);
    out.trim_end().to_owned()
}

/// `profile-field-once`, `profile-match-empty`, `profile-whitespace`
#[test]
fn a_field_is_the_rest_of_the_line_or_what_its_pattern_takes() {
    assert_eq!(
        made(
            "- field: /article/headline\n- repeat: [field: /content/text]",
            " \u{a0}One \u{a0}\r\n\r\ntwo three\u{a0} \n\n\u{3000}four\n",
        ),
        "/article/headline \"One\"\n/content/text \"two three\\n\\nfour\""
    );
    assert_eq!(
        made(
            "- {field: /article/authors/-/name, match: '\\[(?<value>.+)\\]', rest: 'metadata:by', role: editor}",
            "[Ada Colm]",
        ),
        "/article/authors/0/name \"Ada Colm\"\n/article/authors/0/role editor\nmetadata:by \"[\"\nmetadata:by \"]\""
    );
    assert_eq!(
        made(
            "- field: /article/headline\n- field: /article/headline",
            "a\nb"
        ),
        "byte 2, step `grammar[1]`: `/article/headline` is there twice"
    );
    assert_eq!(
        made(
            "- {field: /article/headline, match: 'By( (?<value>.+))?'}",
            "By"
        ),
        "byte 0, step `grammar[0]`: the value is empty"
    );
}

/// `profile-as`
#[test]
fn values_are_read_as_they_are_written() {
    assert_eq!(
        made(
            "- {field: /article/published, as: date}\n\
             - {field: /article/modified, as: 'datetime:%d.%m.%Y %H:%M'}\n\
             - {field: /article/language, as: locale}\n\
             - field: /source/url",
            "2020-06-01\n02.06.2020 07:15\npt_BR\nHTTPS://News.Example/ä",
        ),
        "/article/published \"2020-06-01\"\n/article/modified \"2020-06-02T07:15\"\n\
         /article/language \"pt\"\n/source/url \"https://news.example/%C3%A4\""
    );
    assert_eq!(
        made("- {field: /article/published, as: date}", "2020-06-31"),
        "byte 0, step `grammar[0]`: `2020-06-31` is not a date of the format `%Y-%m-%d`: \
         `2020-06-31` names no day or time of the calendar"
    );
    assert_eq!(
        made(
            "- {field: /article/authors/-/name, match: 'By (?<value>.+)', as: 'list:,', role: author}\n\
             - {field: /article/keywords, as: 'list:|', rest: separator}",
            "By Ada Colm,, Jon Arva\nwool | sheep |",
        ),
        "/article/authors/0/name \"Ada Colm\"\n/article/authors/1/name \"Jon Arva\"\n\
         /article/keywords [\"wool\",\"sheep\"]\n\
         /article/authors/0/role author\n/article/authors/1/role author\n\
         markup \"By\"\nmarkup \",,\"\nseparator \"|\"\nseparator \"|\""
    );
}

/// `profile-member`, `profile-groups`
#[test]
fn members_of_one_match_belong_together() {
    assert_eq!(
        made(
            "- repeat:\n  - match: '(?<caption>.+?)( \\((?<credit>.+)\\))?$'\n    groups:\n      \
             caption: {field: /content/images/-/caption}\n      \
             credit: {field: /content/images/-/credit}",
            "A pier (Ada)\nA hill\nA mill (Jon)",
        ),
        "/content/images/0/caption \"A pier\"\n/content/images/0/credit \"Ada\"\n\
         /content/images/1/caption \"A hill\"\n\
         /content/images/2/caption \"A mill\"\n/content/images/2/credit \"Jon\"\n\
         markup \"(\"\nmarkup \")\"\nmarkup \"(\"\nmarkup \")\""
    );
    assert_eq!(
        made(
            "- match: '(?<a>a(?<b>b)).*'\n  groups: {a: {drop: header}, b: {drop: markup}}",
            "abc",
        ),
        "byte 2, step `grammar[0]`: two groups overlap"
    );
}

/// `profile-embed`
#[test]
fn an_embed_has_its_kind_and_what_its_groups_name() {
    assert_eq!(
        made(
            "- repeat:\n  - {embed: post, match: '(?<author>\\w+) on (?<published>\\S+): (?<text>.+)', as: date}",
            "Ada on 2020-06-01: wool is up\nJon on 2020-06-02: and down",
        ),
        "/content/embeds/0/author \"Ada\"\n/content/embeds/0/published \"2020-06-01\"\n\
         /content/embeds/0/text \"wool is up\"\n/content/embeds/1/author \"Jon\"\n\
         /content/embeds/1/published \"2020-06-02\"\n/content/embeds/1/text \"and down\"\n\
         /content/embeds/0/kind post\n/content/embeds/1/kind post\n\
         markup \"on\"\nmarkup \":\"\nmarkup \"on\"\nmarkup \":\""
    );
}

/// `profile-else`
#[test]
fn a_repeat_is_verified_before_and_behind_what_it_repeats() {
    let title = "- {same_as: /article/headline, match: '.+'}\n- field: /article/headline";
    assert_eq!(
        made(title, "A  title\nA title"),
        "/article/headline \"A title\"\nduplicate:headline \"A  title\""
    );
    assert_eq!(
        made(title, "A title\nAnother"),
        "byte 0, step `grammar[0]`: `A title` does not repeat `/article/headline`, which is `Another`"
    );
    let card = "- {drop: 'boilerplate:card', remember: card}\n- {same_as: card, else: 'boilerplate:other'}";
    assert_eq!(
        made(card, "a card\na card"),
        "boilerplate:card \"a card\"\nduplicate:card \"a card\""
    );
    assert_eq!(
        made(card, "a card\na cord"),
        "boilerplate:card \"a card\"\nboilerplate:other \"a cord\""
    );
    let never = "- {same_as: /article/section}\n- optional: [{field: /article/section, match: x}]";
    assert_eq!(
        made(never, "News"),
        "byte 0, step `grammar[0]`: `News` does not repeat `/article/section`, which is ``"
    );
}

/// `profile-compare`
#[test]
fn a_repeat_may_be_of_the_day_or_of_some_of_a_list() {
    let day = "- {same_as: /article/published, match: '\\S+', as: date, compare: day, else: header}\n\
               - {field: /article/published, match: '\\S+', as: 'datetime:%Y-%m-%dT%H:%M%z'}";
    assert_eq!(
        made(day, "2020-06-01 2020-06-01T23:30-0500"),
        "/article/published \"2020-06-01T23:30-05:00\"\nduplicate:published \"2020-06-01\""
    );
    assert_eq!(
        made(day, "2020-06-02 2020-06-01T23:30-0500"),
        "/article/published \"2020-06-01T23:30-05:00\"\nheader \"2020-06-02\""
    );
    let some = "- {repeat: [field: /article/keywords], max: 3}\n\
                - {same_as: /article/keywords, as: 'list:,', compare: subset}";
    assert_eq!(
        made(some, "wool\nsheep\nhill\nhill, wool"),
        "/article/keywords [\"wool\",\"sheep\",\"hill\"]\nduplicate:keywords \"hill, wool\""
    );
    assert_eq!(
        made(some, "wool\nsheep\nhill\nhill, goats"),
        "byte 16, step `grammar[1]`: `hill, goats` does not repeat `/article/keywords`, which is `wool, sheep, hill`"
    );
}

/// `profile-any`, `profile-seq`, `profile-possessive`
#[test]
fn choices_do_not_come_back() {
    let first = "- any:\n  - seq: [{drop: header, match: a}, {drop: markup, match: b}]\n  - {drop: comment, match: a}\n- {drop: style, match: '.'}";
    assert_eq!(
        made(first, "ab"),
        "byte 2, step `grammar[1]`: `.` does not match"
    );
    assert_eq!(made(first, "ac"), "comment \"a\"\nstyle \"c\"");
    // What was taken is not given back: the grammar fails although another way would have led on.
    assert_eq!(
        made(
            "- repeat: [{drop: header, match: a}]\n- {drop: markup, match: a}",
            "aaa"
        ),
        "byte 3, step `grammar[1]`: `a` does not match"
    );
}

/// `profile-repeat`, `profile-optional`, `profile-until`
#[test]
fn repeats_are_bounded_and_stop() {
    let two = "- {repeat: [{drop: header, match: a}], min: 2, max: 3}\n- optional: [{drop: markup, match: b}]";
    assert_eq!(
        made(two, "a"),
        "byte 1, step `grammar[0].repeat[0]`: `a` does not match"
    );
    assert_eq!(made(two, "aab"), "header \"aa\"\nmarkup \"b\"");
    assert_eq!(
        made(two, "aaaa"),
        "byte 3, step `grammar[1].optional[0]`: `b` does not match"
    );
    assert_eq!(
        made(
            "- until: 'end$'\n  do: [field: /content/text]\n- optional: [drop: markup]",
            "a\nb\nend"
        ),
        "/content/text \"a\\n\\nb\"\nmarkup \"end\""
    );
    assert_eq!(
        made(
            "- until: 'end$'\n  do: [field: /content/text]\n- optional: [drop: markup]",
            "a\n\n"
        ),
        "/content/text \"a\""
    );
    assert_eq!(
        made(
            "- until: 'end$'\n  do: [optional: [{drop: markup, match: x}]]",
            "a"
        ),
        "byte 0, step `grammar[0]`: `end$` does not match"
    );
}

/// `profile-within`, `profile-lines`
#[test]
fn a_pattern_sees_the_line_or_the_block() {
    let text = "one\r\ntwo\r\n \t\r\nthree\r\n";
    assert_eq!(
        made(
            "- {drop: header, match: '(?s).+'}\n- repeat: [field: /content/text]",
            text
        ),
        "/content/text \"two\\n\\nthree\"\nheader \"one\""
    );
    assert_eq!(
        made(
            "- {drop: header, match: '(?s).+', within: block}\n- repeat: [field: /content/text]",
            text
        ),
        "/content/text \"three\"\nheader \"one\\r\\ntwo\""
    );
}

#[test]
fn a_byte_order_mark_is_no_text() {
    let yaml = profile("- field: /content/text").replace("['.']", "['\\Aone']");
    let profile = Profile::parse(&yaml).unwrap();
    let text = "\u{feff}one";
    assert!(profile.recognises(text));
    let draft = profile.read(text).unwrap();
    assert_eq!(
        shown(text, &profile, &draft),
        "/content/text \"one\"\nbom \"\u{feff}\"".replace('\u{feff}', "\\u{feff}")
    );
}

#[test]
fn what_is_left_over_is_a_mismatch() {
    let parsed = Profile::parse(&profile("- field: /article/headline")).unwrap();
    let mismatch = parsed.read("a\n\n\u{e9} b").unwrap_err();
    assert_eq!(
        mismatch.to_string(),
        "byte 3, step `grammar`: the text goes on behind the end of the grammar"
    );
    assert!(matches!(
        mismatch,
        Mismatch {
            at: 3,
            cause: Cause::End,
            ..
        }
    ));
}

/// `profile-record`
#[test]
fn a_file_splits_where_its_items_begin() {
    let yaml =
        profile("- field: /content/text").replace("detect", "record: {starts: '^# '}\ndetect");
    let split = Profile::parse(&yaml).unwrap();
    let items = |text: &str| split.items(text);
    assert_eq!(items("# a\nb\n# c\n"), [0..6, 6..10]);
    assert_eq!(items("\n\n# a\n# c\n"), [0..6, 6..10]);
    assert_eq!(items("before\n# a\n"), [0..7, 7..11]);
    assert_eq!(items("no item"), vec![0..7]);
    let whole = Profile::parse(&profile("- field: /content/text")).unwrap();
    assert_eq!(whole.items("# a\n# b\n"), vec![0..8]);
}

/// A conflict is told where a repeat has another label for what it is not.
#[test]
fn a_repeat_that_is_none_is_a_conflict() {
    let yaml = profile(
        "- {same_as: /article/headline, match: '.+', else: markup}\n- field: /article/headline",
    );
    let parsed = Profile::parse(&yaml).unwrap();
    let conflicts = |text: &str| parsed.read(text).unwrap().conflicts().to_vec();
    assert_eq!(conflicts("A\nA"), []);
    let [conflict] = <[_; 1]>::try_from(conflicts("A\nB")).unwrap();
    assert_eq!(conflict.of.as_str(), "/article/headline");
    assert_eq!((conflict.span.start, conflict.span.end), (0, 1));
}

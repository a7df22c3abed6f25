//! Time in proportion to length, digests, and what is left over.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::time::{Duration, Instant};

use super::profile;
use crate::profile::{Cause, Profile, builtin, leftovers};

fn parsed(grammar: &str) -> Profile {
    Profile::parse(&profile(grammar)).unwrap()
}

/// `profile-fuel`
#[test]
fn hostile_texts_run_out_of_fuel_not_of_time() {
    // The time is far above what is needed: it tells proportion to the length from its square.
    // Each step looks at all of the line, or reads all that follows, again and again.
    let hostile = [
        (
            "- repeat: [{drop: markup, match: 'a(.*b)?'}]",
            "a".repeat(4 << 20),
        ),
        (
            "- repeat:\n  - any:\n    - seq: [repeat: [{drop: markup, match: 'a$'}], {drop: header, match: b}]\n    - {drop: comment, match: a$}",
            "a\n".repeat(1 << 16),
        ),
        (
            "- until: '(?s).*x'\n  do: [{drop: markup, match: '\\S'}]",
            "ab ".repeat(1 << 20),
        ),
        (
            "- repeat: [{drop: markup, match: '(?s)a.*b|a', within: block}]",
            "a\n".repeat(1 << 16),
        ),
    ];
    for (grammar, text) in hostile {
        let profile = parsed(grammar);
        let start = Instant::now();
        let mismatch = profile.read(&text).unwrap_err();
        let bounded = matches!(mismatch.cause, Cause::Fuel | Cause::End);
        assert!(bounded, "{grammar}: {mismatch}");
        assert!(start.elapsed() < Duration::from_mins(1), "{grammar}");
    }
}

#[test]
fn hostile_yaml_is_refused_in_time() {
    let start = Instant::now();
    for (yaml, says) in [
        ("- a\n".repeat(3 << 20), "12582912 bytes"),
        ("[".repeat(1 << 18), "are open"),
        ("{a: ".repeat(1 << 16), "are open"),
        ("[{a: ".repeat(200), "are open"),
        ("- ".repeat(1 << 17), "recursion limit"),
    ] {
        let mistake = Profile::parse(&yaml).unwrap_err();
        assert!(mistake.message.contains(says), "{mistake}");
    }
    assert!(start.elapsed() < Duration::from_mins(1));
}

#[test]
fn long_texts_of_the_layouts_are_read() {
    for profile in builtin() {
        let example = &profile.document.examples.0[0];
        let text = example.input.0.0.as_str();
        let value = example
            .fields
            .0
            .iter()
            .find(|(pointer, _)| pointer.as_str() == "/content/text");
        let (_, crate::profile::document::Expected::Text(body)) = value.unwrap() else {
            panic!("{} has no text", profile.id())
        };
        let last = body.rsplit("\n\n").next().unwrap();
        let many = format!("{last}\n\n").repeat((1 << 20) / (last.len() + 2));
        let at = text.rfind(last).unwrap();
        let long = format!("{}{many}{}", &text[..at], &text[at..]);
        assert!(profile.recognises(&long), "{}", profile.id());
        profile.read(&long).unwrap();
    }
}

/// `profile-digest`
#[test]
fn the_digest_is_of_what_changes_a_reading() {
    let yaml = profile("- field: /content/text");
    let digest = |yaml: &str| Profile::parse(yaml).unwrap().digest();
    let base = digest(&yaml);
    for same in [
        yaml.replace("title: Tried", "title: Other"),
        yaml.replace("id: tried\nversion: 1\n", "version: 1\nid: tried\n"),
        yaml.replace("['.']", "\n  - '.' # any"),
        format!("{yaml}record: whole\nencoding: utf-8\nnot: []\nabsent: {{}}\n"),
        format!(
            "{yaml}examples: [{{input: a, fields: {{/content/text: a}}}}]\ncounterexamples: ['b']\n"
        ),
    ] {
        assert_eq!(digest(&same), base, "{same}");
    }
    for other in [
        yaml.replace("version: 1", "version: 2"),
        yaml.replace("id: tried", "id: other"),
        yaml.replace("['.']", "['..']"),
        yaml.replace("/content/text", "/content/summary"),
        format!("{yaml}encoding: windows-1252\n"),
        format!("{yaml}absent: {{url: not_in_dump}}\n"),
    ] {
        assert_ne!(digest(&other), base, "{other}");
    }
    // The bytes that are hashed, written out.
    let canonical = r#"{"detect":["."],"encoding":"utf-8","format":"dateline-profile/1","grammar":[{"field":"/content/text"}],"id":"tried","version":1}"#;
    assert_eq!(base, crate::digest::Digest::of(canonical.as_bytes()));
}

#[test]
fn leftovers_are_what_only_the_catch_all_took_and_what_repeats() {
    let profile =
        parsed("- {field: /article/headline, match: '[A-Z].+'}\n- repeat: [field: /content/text]");
    let texts = [
        "Ferry\n\nIt sails.\n\nShare this",
        "Mill\n\nIt turns.\nShare  this\n",
        "ferry",
    ];
    let left = leftovers(&profile, texts);
    let caught: Vec<(usize, &str)> = left
        .caught
        .iter()
        .map(|(number, range)| (*number, &texts[*number][range.clone()]))
        .collect();
    assert_eq!(
        caught,
        [
            (0, "It sails."),
            (0, "Share this"),
            (1, "It turns."),
            (1, "Share  this")
        ]
    );
    let repeated: Vec<(&str, usize)> = left
        .repeated
        .iter()
        .map(|repeated| (repeated.line.as_str(), repeated.texts))
        .collect();
    assert_eq!(repeated, [("Share this", 2)]);
    assert_eq!(left.unread.len(), 1);
    assert_eq!(left.unread[0].0, 2);
}

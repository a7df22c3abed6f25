//! What is said of examples that a profile does not bear out, and of texts that it recognises.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::profile;
use crate::profile::{Profile, Recognised, builtin, recognise, test};

/// What is said of a profile whose grammar is `- drop: header` and a paragraph, with these examples.
fn said(examples: &str) -> Vec<String> {
    let grammar = "- {drop: header, match: '# '}\n- field: /content/text";
    let yaml = profile(grammar).replace("['.']", "['^#']") + examples;
    let profile = Profile::parse(&yaml).unwrap();
    test(&profile).iter().map(ToString::to_string).collect()
}

#[test]
fn each_difference_is_told() {
    let one =
        |fields: &str, input: &str| said(&format!("examples: [{{input: '{input}', {fields}}}]\n"));
    assert_eq!(
        one(
            "fields: {/content/text: a}, dropped: [[header, '#']]",
            "# a"
        ),
        [""; 0]
    );
    assert_eq!(
        one("fields: {}", "a"),
        ["examples[0]: the profile does not recognise the input"]
    );
    assert_eq!(
        one("fields: {}", "#"),
        ["examples[0]: byte 0, step `grammar[0]`: `# ` does not match"]
    );
    assert_eq!(
        one("fields: {/content/text: b}", "# a"),
        [r#"examples[0]: `/content/text` is "a", not "b""#]
    );
    assert_eq!(
        one("fields: {/content/text: a, /article/headline: b}", "# a"),
        [r#"examples[0]: `/article/headline` is absent, not "b""#]
    );
    assert_eq!(
        one("fields: {}", "# a"),
        [r#"examples[0]: `/content/text` is "a", not absent"#]
    );
    assert_eq!(
        one("fields: {/content/text: [a]}", "# a"),
        [r#"examples[0]: `/content/text` is "a", not ["a"]"#]
    );
    assert_eq!(
        one("fields: {/content/text: a}, dropped: []", "# a"),
        [r##"examples[0]: tile 0 is `header` "#", not absent"##]
    );
    assert_eq!(
        one(
            "fields: {/content/text: a}, dropped: [[markup, '#']]",
            "# a"
        ),
        [r##"examples[0]: tile 0 is `header` "#", not `markup` "#""##]
    );
    assert_eq!(
        said("counterexamples: ['a', '#']\n"),
        ["counterexamples[1]: the profile recognises what it must not"]
    );
}

/// `profile-detect`
#[test]
fn a_text_is_recognised_by_all_it_must_have_and_nothing_it_must_not() {
    let yaml = profile("- field: /content/text").replace("['.']", "['^a', 'b$']") + "not: [c]\n";
    let parsed = Profile::parse(&yaml).unwrap();
    let recognised = ["ab", "x\nab\ny", "\u{feff}ab", "a", "b", "acb", ""];
    assert_eq!(
        recognised.map(|text| parsed.recognises(text)),
        [true, true, true, false, false, false, false]
    );
}

#[test]
fn several_profiles_may_recognise_a_text() {
    let one = Profile::parse(&profile("- field: /content/text")).unwrap();
    let two = Profile::parse(&profile("- drop: markup").replace("tried", "other")).unwrap();
    let Recognised::Several(found) = recognise("a", [&one, &two]) else {
        panic!("both recognise everything")
    };
    let ids: Vec<&str> = found.iter().map(|profile| profile.id()).collect();
    assert_eq!(ids, ["tried", "other"]);
    assert!(matches!(recognise("a", [&two]), Recognised::One(_)));
    assert!(matches!(recognise("a", builtin()), Recognised::None));
}

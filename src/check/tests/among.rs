//! What shows only among the records of a corpus, and the settings that hold for them.

use serde_json::json;

use super::sample::{Sample, article, edit, relation, sealed, text};
use crate::check::{Options, check_records, record_file};
use crate::corpus::Part;
use crate::diagnostic::identity::Identity;
use crate::diagnostic::{Diagnostic, codes};

/// The codes that the tests of this file see.
pub(super) const CODES: [&str; 4] = [
    "lines-unread",
    "relation-circle",
    "text-boilerplate",
    "text-duplicate",
];

#[test]
fn relations_of_an_order_lead_in_no_circle() {
    let mut sample = Sample::new();
    sample.relations = vec![
        relation("continues", "art-1", "art-2"),
        relation("continues", "art-2", "art-1"),
    ];
    sample.relations.sort_by_key(|line| line["id"].to_string());
    let report = sample.write().check(&Options::default());
    assert_eq!(sample.shown(&report), ["relation-circle relations:2 /to"]);
    let found = report.diagnostics();
    let to = sample.relations[1]["to"].as_str().unwrap();
    assert_eq!(
        found[0].message,
        format!(
            "`{to}` leads back to `from`: with line 1 the relation makes a circle of `continues`"
        )
    );
}

#[test]
fn a_shard_is_held_to_the_settings_of_its_corpus() {
    let mut sample = Sample::new();
    let bad = "It rained in Été &amp; at last.";
    let spoilt = edit(article("art-1"), "/content/text", Some(json!(bad)));
    sample.records = vec![sealed(edit(
        spoilt,
        "/article/headline",
        Some(json!("None")),
    ))];
    let shard = sample.shard(Part::Records, 0, &text(&sample.records));
    let codes = |settings: &str| {
        let config = "format: dateline-config/1\norigin: news.example\ntitle: Example\n";
        std::fs::write(
            sample.root().join("dateline.yaml"),
            format!("{config}{settings}"),
        )
        .unwrap();
        let files = [record_file(&shard).unwrap()];
        let report = check_records(&files, &Options::default());
        let one = |found: &&Diagnostic| format!("{}[{}]", found.severity, found.code);
        report.diagnostics().iter().map(one).collect::<Vec<_>>()
    };
    let both = ["warning[value-placeholder]", "warning[text-entity]"];
    assert_eq!(codes(""), both);
    // A shard shows no traces, and a facet of them is not asked of it.
    assert_eq!(codes("require: [source, traced]\n").len(), 3);
    assert_eq!(
        codes("allow: [text-entity]\ndeny: [value-placeholder]\n"),
        ["error[value-placeholder]"]
    );
    for wrong in [
        "allow: [no-such-code]\n",
        "deny: [text-entiti]\n",
        "allow: [domain-form]\n",
        "allow: [time-calendar]\n",
    ] {
        assert_eq!(codes(wrong)[0], "error[corpus-config]", "{wrong}");
    }
}

#[test]
fn copies_are_told_where_no_relation_connects_them() {
    let mut sample = Sample::new();
    sample.traces.clear();
    let report = sample.write().check_all(&Options::default());
    assert_eq!(
        sample.shown(&report),
        ["text-duplicate records:2 /text_digest"]
    );
    let message = report.diagnostics()[0].message.clone();
    assert!(
        message.contains("is also the `text_digest` of `art-1` in line 1 of ")
            && message.ends_with(", and no relation connects them"),
        "{message}"
    );
    sample.relations = vec![relation("is_identical_to", "art-1", "art-2")];
    let report = sample.write().check_all(&Options::default());
    assert_eq!(sample.shown(&report), [""; 0]);
}

#[test]
fn boilerplate_is_told_at_its_first_line() {
    let mut sample = Sample::new();
    sample.traces.clear();
    let end = "Get \"The Bridge\", our weekly letter, for free!";
    sample.records = (10..30)
        .map(|number| {
            let text = format!("Story {number} is told here.\n\n{end}");
            let id = format!("art-{number}");
            sealed(edit(article(&id), "/content/text", Some(json!(text))))
        })
        .collect();
    let report = sample.write().check_all(&Options::default());
    assert_eq!(
        sample.shown(&report),
        ["text-boilerplate records:1 /content/text"]
    );
    let found = report.diagnostics()[0];
    assert_eq!(
        found.message,
        "`Get \\\"The Bridge\\\", our weekly letter, for free!` begins or ends 20 texts of \
         `example.com`: it is probably none of the article"
    );
    let line = text(&sample.records[..1]);
    let span = found.place.span.clone().unwrap();
    let marked = &line[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
    assert_eq!(
        marked,
        br#"Get \"The Bridge\", our weekly letter, for free!"#
    );
    // It is the same finding when an article that has the line comes to stand in front.
    let known = Identity::of(found);
    let mut first = sample.records[0].clone();
    first["id"] = json!("art-0");
    let mut more = Sample::new();
    more.traces.clear();
    more.records = [vec![first], sample.records.clone()].concat();
    let report = more.write().check_all(&Options::default());
    let found = report.diagnostics();
    let of_code = |one: &&&Diagnostic| one.code.name == "text-boilerplate";
    let moved = found.iter().find(of_code).unwrap();
    assert_eq!(moved.place.record.as_deref(), Some("art-0"));
    assert_eq!(Identity::of(moved), known);
}

/// A baseline would hide all that is not checked in them.
#[test]
fn what_ends_a_check_is_never_known() {
    let mut sample = Sample::new();
    sample.records[0].as_object_mut().unwrap().remove("type");
    sample.traces[1]["trace"]["fields"][0]["via"] = json!(["mend"]);
    sample.relations = vec![article("art-3")];
    let report = sample.write().check(&Options::default());
    let found = report.diagnostics();
    let never = found.iter().filter(|one| one.never_known().is_some());
    let mut never: Vec<_> = never.map(|one| one.code.name).collect();
    never.sort_unstable();
    assert_eq!(never, ["field-missing", "field-value", "field-value"]);
}

#[test]
fn a_line_that_cannot_be_read_accuses_no_other() {
    let mut sample = Sample::new();
    sample.traces.clear();
    sample.relations = vec![relation("references", "art-1", "art-2")];
    sample.release();
    sample.write();
    let broken = [
        &text(&sample.records[..1]),
        b"{\"id\": \"art-2\"".as_slice(),
        b"\n",
    ]
    .concat();
    std::fs::remove_dir_all(sample.root().join("records")).unwrap();
    sample.shard(Part::Records, 0, &broken);
    let report = sample.check(&Options::default());
    let found = sample.shown(&report);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.contains(&"json-syntax records:2".to_owned()));
    let unread = report.diagnostics();
    let unread = unread
        .iter()
        .find(|one| one.code == codes::LINES_UNREAD)
        .unwrap();
    assert!(
        unread
            .message
            .ends_with("there: 1 that a relation names; 1 of release 1: `art-2`"),
        "{}",
        unread.message
    );
    // A record that differs as well is named all the same.
    let forged = edit(
        sample.records[0].clone(),
        "/article/headline",
        Some("Forged".into()),
    );
    std::fs::remove_dir_all(sample.root().join("records")).unwrap();
    let broken = [&text(&[forged]), b"{\"id\": \"art-2\"".as_slice(), b"\n"].concat();
    sample.shard(Part::Records, 0, &broken);
    let report = sample.check(&Options::default());
    let found = report.diagnostics();
    let differs = found
        .iter()
        .find(|one| one.code == codes::ENTRIES_MISMATCH)
        .unwrap();
    assert!(
        differs.message.ends_with(": 1 revised: `art-1`"),
        "{}",
        differs.message
    );
}

/// What a duplicate brings with it is not said again: no trace, another place in the order, a change
/// since the release.
#[test]
fn a_line_twice_is_one_finding() {
    for (second, at) in [("art-1", 2), ("art-1", 3), ("art-2", 3)] {
        let mut sample = Sample::new();
        sample.write().release();
        sample.records.insert(at - 1, article(second));
        std::fs::remove_dir_all(sample.root().join("records")).unwrap();
        sample.shard(Part::Records, 0, &text(&sample.records));
        let report = sample.check(&Options::default());
        let wanted = format!("record-id-duplicate records:{at} /id");
        assert_eq!(sample.shown(&report), [wanted], "{second} {at}");
    }
}

/// The end of a file that was cut is said, and not what is missing in its JSON.
#[test]
fn a_cut_file_is_told_as_one() {
    let mut sample = Sample::new();
    sample.traces.clear();
    let whole = text(&sample.records);
    let first = text(&sample.records[..1]).len();
    for (end, line, all) in [
        (whole.len() - 1, 2, 2),
        (whole.len() - 40, 2, 1),
        (first + 1, 2, 1),
    ] {
        let shard = sample.shard(Part::Records, 0, whole.get(..end).unwrap());
        let report = sample.check(&Options::default());
        assert_eq!(
            sample.shown(&report),
            [format!("line-unended records:{line}")],
            "{end}"
        );
        assert_eq!(report.records().article, all);
        std::fs::remove_file(shard).unwrap();
    }
}

/// A reason that is `null` names nothing as absent, and a value that is empty is not there.
#[test]
fn nothing_empty_contradicts() {
    for (pointer, empty) in [
        ("/absent/headline", json!(null)),
        ("/absent/headline", json!("")),
        ("/article/authors", json!([])),
        ("/article/published", json!(null)),
        ("/source", json!({"url": null})),
    ] {
        let mut sample = Sample::new();
        sample.traces.clear();
        sample.records[0] = edit(sample.records[0].clone(), pointer, Some(empty));
        let report = sample.write().check(&Options::default());
        let found = sample.shown(&report);
        assert!(
            found.len() == 1 && found.iter().all(|one| one.starts_with("field-empty")),
            "{pointer}: {found:?}"
        );
    }
}

//! What shows only among the records of a corpus, and the settings that hold for them.

use serde_json::json;

use super::sample::{Sample, article, edit, relation, sealed, text};
use crate::check::{Options, check_records, record_file};
use crate::corpus::Part;
use crate::diagnostic::Diagnostic;

/// The codes that the tests of this file see.
pub(super) const CODES: [&str; 1] = ["relation-circle"];

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
        "/source/domain",
        Some(json!("example.org")),
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
    let both = ["warning[text-entity]", "warning[domain-mismatch]"];
    assert_eq!(codes(""), both);
    // A shard shows no traces, and a facet of them is not asked of it.
    assert_eq!(codes("require: [source, traced]\n").len(), 3);
    assert_eq!(
        codes("allow: [text-entity]\ndeny: [domain-mismatch]\n"),
        ["error[domain-mismatch]"]
    );
    assert_eq!(codes("allow: [no-such-code]\n")[0], "error[corpus-config]");
}

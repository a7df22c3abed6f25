//! Whole corpora.

use serde_json::json;

use super::sample::{Sample, article, edit, relation, sealed, text, withdrawal};
use crate::check::{CheckError, Facet, Options, check_records, record_file};
use crate::corpus::Part;
use crate::diagnostic::{Severity, codes};
use crate::digest::Digest;
use crate::record::{url_digest, url_key};

/// The codes that the tests of this file see.
pub(super) const CODES: [&str; 15] = [
    "corpus-config",
    "line-too-long",
    "line-unended",
    "record-id-duplicate",
    "withdrawal-locked",
    "withdrawn-returned",
    "withdrawn-text",
    "withdrawn-url",
    "relation-dangling",
    "relation-stale",
    "file-unreadable",
    "shard-truncated",
    "shard-order",
    "origin-mismatch",
    "facet-missing",
];

fn checked(change: fn(&mut Sample)) -> Vec<String> {
    let mut sample = Sample::new();
    change(&mut sample);
    let report = sample.write().check(&Options::default());
    sample.shown(&report)
}

#[test]
fn relations_lead_to_records() {
    let found = checked(|sample| {
        sample.relations = vec![
            relation("references", "art-1", "art-2"),
            relation("references", "art-1", "art-404"),
        ];
        sample
            .relations
            .sort_by_key(|relation| relation["id"].to_string());
    });
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("relation-dangling relations:") && found[0].ends_with(" /to"));
    let withdrawn = checked(|sample| {
        sample.relations = vec![relation("references", "art-1", "art-9")];
        sample.withdrawals = vec![withdrawal("art-9", "privacy")];
    });
    assert_eq!(withdrawn, Vec::<String>::new());
}

#[test]
fn a_claim_on_another_text_is_stale() {
    let found = checked(|sample| {
        let now = sample.records[0]["content_digest"].clone();
        let mut one = relation("references", "art-1", "art-2");
        one["from_content"] = now;
        one["to_content"] = json!(Digest::of(b"").to_string());
        sample.relations = vec![one];
    });
    assert_eq!(found, ["relation-stale relations:1 /to_content"]);
}

#[test]
fn evidence_lies_in_its_article() {
    let found = checked(|sample| {
        let mut one = relation("references", "art-1", "art-2");
        let stretch = |start: u64, end: u64| json!({"start": start, "end": end});
        one["evidence"] = json!([
            {"in": "text", "from": stretch(0, 28), "to": stretch(13, 18)},
            {"in": "text", "from": stretch(0, 29), "to": stretch(14, 18)},
            {"in": "raw", "from": stretch(0, 77), "to": stretch(0, 78)},
        ]);
        sample.relations = vec![one];
    });
    assert_eq!(
        found,
        [
            "evidence-range relations:1 /evidence/1/from",
            "evidence-range relations:1 /evidence/1/to",
            "evidence-range relations:1 /evidence/2/to",
        ]
    );
}

#[test]
fn an_id_stands_for_one_record() {
    let twice = checked(|sample| {
        sample.records[1] = article("art-1");
        sample.traces.truncate(1);
    });
    assert_eq!(twice[0], "record-id-duplicate records:2 /id");
    let withdrawn = checked(|sample| sample.withdrawals = vec![withdrawal("art-2", "privacy")]);
    assert_eq!(withdrawn, ["record-id-duplicate records:2 /id"]);
}

#[test]
fn what_was_withdrawn_stays_away() {
    let by_url = checked(|sample| {
        let mut gone = withdrawal("art-0", "copyright");
        gone["url_digests"] = json!([url_digest("https://example.com/rain#top").unwrap()]);
        sample.withdrawals = vec![gone];
    });
    assert_eq!(
        by_url,
        [1, 2].map(|line| format!("withdrawn-returned records:{line} /source/url"))
    );
    let by_raw = checked(|sample| {
        let mut gone = withdrawal("art-0", "privacy");
        gone["raw_digest"] = sample.records[0]["raw"]["digest"].clone();
        sample.withdrawals = vec![gone];
    });
    assert_eq!(
        by_raw,
        [1, 2].map(|line| format!("withdrawn-returned records:{line} /raw/digest"))
    );
    let by_spelling = checked(|sample| {
        let mut gone = withdrawal("art-0", "copyright");
        gone["url_keys"] = json!([url_key("http://www.example.com/rain/?utm_source=a").unwrap()]);
        sample.withdrawals = vec![gone];
    });
    assert_eq!(
        by_spelling,
        [1, 2].map(|line| format!("withdrawn-url records:{line} /source/url"))
    );
    let by_text = checked(|sample| {
        let mut gone = withdrawal("art-0", "privacy");
        gone["text_digest"] = sample.records[1]["text_digest"].clone();
        sample.withdrawals = vec![gone];
    });
    assert_eq!(
        by_text,
        [1, 2].map(|line| format!("withdrawn-text records:{line} /text_digest"))
    );
    // Another record has its URL and its text.
    let superseded = checked(|sample| sample.withdrawals = vec![withdrawal("art-0", "superseded")]);
    assert_eq!(superseded, Vec::<String>::new());
}

/// `withdrawal-locked`: what cannot be looked for is said.
#[test]
fn private_withdrawals_without_their_secret_are_told() {
    let mut sample = Sample::new();
    let mut gone = withdrawal("art-0", "privacy");
    gone["text_digest"] = format!("hmac-sha256:{}", "0".repeat(64)).into();
    sample.withdrawals = vec![gone];
    let told = |sample: &Sample| {
        let report = sample.check(&Options::default());
        let found = report.diagnostics().into_iter();
        let mut found = found.filter(|found| found.code == codes::WITHDRAWAL_LOCKED);
        found
            .next()
            .map(|found| (found.severity, found.message.clone()))
    };
    let (severity, message) = told(sample.write()).unwrap();
    assert_eq!(severity, Severity::Note);
    assert!(
        message.starts_with("the secret of a private withdrawal"),
        "{message}"
    );
    let beside = sample.root().with_extension("private");
    std::fs::create_dir(&beside).unwrap();
    std::fs::write(beside.join("decisions.jsonl"), "{\n").unwrap();
    let (severity, message) = told(&sample).unwrap();
    assert_eq!(severity, Severity::Warning);
    assert!(message.contains("line 1"), "{message}");
    std::fs::remove_file(beside.join("decisions.jsonl")).unwrap();
    let secret = beside.join("secret");
    std::fs::write(&secret, format!("{}\n", "0".repeat(64))).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert_eq!(told(&sample), None);
}

#[test]
fn lines_are_in_order_and_whole() {
    let disorder = checked(|sample| {
        sample.records.swap(0, 1);
        sample.traces.clear();
    });
    assert_eq!(disorder, ["shard-order records:2 /id"]);

    let sample = Sample::new();
    let lines = String::from_utf8(text(&sample.records)).unwrap();
    let sample = Sample::new();
    sample.shard(Part::Records, 0, lines.trim_end().as_bytes());
    assert_eq!(
        sample.shown(&sample.check(&Options::default())),
        ["line-unended records:2"]
    );
}

#[test]
fn line_ends_and_names_of_shards_change_nothing() {
    let sample = Sample::new();
    let lines = String::from_utf8(text(&sample.records)).unwrap();
    let path = sample.shard(Part::Records, 0, lines.as_bytes());
    std::fs::write(&path, lines.replace('\n', "\r\n")).unwrap();
    sample.shard(Part::Traces, 0, &text(&sample.traces));
    sample.shard(Part::Inputs, 0, &sample.ledger());
    assert_eq!(
        sample.shown(&sample.check(&Options::default())),
        Vec::<String>::new()
    );
}

#[test]
fn shards_are_whole() {
    let sample = Sample::new();
    let lines = text(&sample.records);
    let whole = zstd::encode_all(lines.as_slice(), 3).unwrap();
    let cut = &whole[..whole.len() - 9];
    let name = crate::corpus::ShardName::new(
        Part::Records,
        0,
        &Digest::of(cut),
        crate::corpus::Container::Zst,
    );
    let path = sample.root().join(name.to_string());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, cut).unwrap();
    sample.shard(Part::Traces, 0, &text(&sample.traces));
    sample.shard(Part::Inputs, 0, &sample.ledger());
    assert_eq!(
        sample.shown(&sample.check(&Options::default())),
        ["shard-truncated records", "trace-unmatched traces"]
    );

    let sample = Sample::new();
    let path = sample.shard(Part::Records, 0, b"");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(
        sample.shown(&sample.check(&Options::default())),
        ["file-unreadable records"]
    );
}

#[test]
fn a_configuration_is_one() {
    let sample = Sample::new();
    let file = sample.write().root().join("dateline.yaml");
    let good = "format: dateline-config/1\norigin: news.example\ntitle: Example\n";
    std::fs::write(&file, good).unwrap();
    assert_eq!(
        sample.shown(&sample.check(&Options::default())),
        Vec::<String>::new()
    );
    std::fs::write(&file, format!("{good}require: [fetch]\n")).unwrap();
    let report = sample.check(&Options::default());
    assert_eq!(report.count_of(codes::FACET_MISSING), 2);
    std::fs::write(&file, format!("{good}deny: [no-such-code]\n")).unwrap();
    let report = sample.check(&Options::default());
    assert_eq!(report.count_of(codes::CORPUS_CONFIG), 1);
    std::fs::write(&file, good.replace("title", "titel")).unwrap();
    let report = sample.check(&Options::default());
    assert_eq!(sample.shown(&report), ["corpus-config dateline.yaml:3"]);
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let report = sample.check(&Options::default());
    assert_eq!(sample.shown(&report), ["file-unreadable dateline.yaml"]);
}

#[test]
fn a_line_beyond_the_limit_is_passed_over() {
    let sample = Sample::new();
    let long = vec![b' '; crate::corpus::MAX_LINE + 1];
    let lines = [long.as_slice(), b"\n", &text(&sample.records)].concat();
    sample.shard(Part::Records, 0, &lines);
    let report = sample.check(&Options::default());
    assert_eq!(sample.shown(&report), ["line-too-long records:1"]);
    assert_eq!(report.records().article, 2);
}

#[test]
fn a_newer_version_is_said_once() {
    let found = checked(|sample| {
        let newer = edit(
            sample.records[0].clone(),
            "/format",
            Some(json!("dateline/2")),
        );
        sample.records[0] = edit(newer, "/new", Some(json!(null)));
    });
    assert_eq!(found, ["format-version records:1 /format"]);
}

/// `corpus-readable`: a damaged listing is a finding, and the shards are checked all the same.
#[test]
fn a_damaged_listing_is_found_and_the_shards_are_checked() {
    let mut sample = Sample::new();
    sample.records[0]["text_digest"] = json!(format!("sha256:{}", "0".repeat(64)));
    let folder = sample.write().release();
    for path in [folder.join("files.json"), sample.root().join("files.json")] {
        std::fs::write(&path, "{\"files\": 3").unwrap();
        let report = sample.check(&Options::default());
        let found = sample.shown(&report);
        let name = if path.starts_with(&folder) {
            "releases"
        } else {
            "files.json"
        };
        assert!(
            found.contains(&format!("file-unreadable {name}")),
            "{found:?}"
        );
        let damaged = report.diagnostics();
        let damaged = damaged
            .iter()
            .find(|found| found.code == codes::FILE_UNREADABLE);
        let hint = damaged.and_then(|found| found.hint.as_deref()).unwrap();
        assert_eq!(
            hint.ends_with("take the listing of the release from another copy"),
            path.starts_with(&folder),
            "{hint}"
        );
        let checked = "text-digest-mismatch records:1 /text_digest";
        assert!(found.iter().any(|one| one == checked), "{found:?}");
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn hints_say_what_to_do() {
    let mut sample = Sample::new();
    sample.relations = vec![relation("references", "art-1", "art-404")];
    sample.traces.push(super::sample::trace("art-3"));
    let options = Options {
        require: vec![Facet::Source, Facet::Signed],
        ..Options::default()
    };
    let mut report = sample.write().check(&options);
    let path = sample.root().join("marked.jsonl");
    std::fs::write(
        &path,
        [&b"\xef\xbb\xbf"[..], &text(&[article("art-1")])].concat(),
    )
    .unwrap();
    report.append(check_records(
        &[record_file(&path).unwrap()],
        &Options::default(),
    ));
    for code in [
        codes::JSON_BOM,
        codes::TRACE_ORPHAN,
        codes::RELATION_DANGLING,
        codes::FACET_MISSING,
    ] {
        let all = report.diagnostics();
        let mut found = all.iter().filter(|one| one.code == code).peekable();
        assert!(found.peek().is_some(), "{code}");
        assert!(found.all(|one| one.hint.is_some()), "{code}");
    }
}

#[test]
fn facets_can_be_required() {
    let mut sample = Sample::new();
    sample.records[0]["source"]["name"] = json!("Example News");
    sample.records[0]["rights"] = json!({"license": "CC0-1.0"});
    sample.records[0] = sealed(sample.records[0].clone());
    sample.traces.clear();
    sample.write();
    let require = |names: &[&str]| {
        let options = Options {
            require: names.iter().map(|name| name.parse().unwrap()).collect(),
            ..Options::default()
        };
        sample.shown(&sample.check(&options))
    };
    assert_eq!(
        require(&["source", "licensed"]),
        [
            "facet-missing records:2 /rights/license",
            "facet-missing records:2 /source"
        ]
    );
    assert_eq!(require(&["sealed"]), ["facet-missing  /facets/sealed"]);
    let traced = require(&["traced"]);
    assert_eq!(traced.len(), 2);
    assert!("trace".parse::<Facet>().is_err());
}

#[test]
fn a_code_can_be_denied() {
    let mut sample = Sample::new();
    sample.records[0] = edit(sample.records[0].clone(), "/content", None);
    let options = Options {
        deny: vec![codes::CONTENT_WITHHELD],
        ..Options::default()
    };
    let report = sample.write().check(&options);
    assert_eq!(report.diagnostics()[0].severity, Severity::Error);
    assert_eq!(report.counts().errors, 1);
}

#[test]
fn what_is_allowed_is_not_reported_unless_it_is_an_error() {
    let mut sample = Sample::new();
    sample.records[0] = edit(sample.records[0].clone(), "/content", None);
    sample.records[1] = edit(sample.records[1].clone(), "/id", Some(json!("a b")));
    sample.traces.clear();
    let options = Options {
        allow: vec![codes::CONTENT_WITHHELD, codes::ID_FORM],
        ..Options::default()
    };
    let report = sample.write().check(&options);
    assert!(report.codes().all(|(code, _)| code != "content-withheld"));
    assert!(report.codes().any(|(code, _)| code == "id-form"));
}

#[test]
fn one_file_by_itself() {
    let mut sample = Sample::new();
    sample.records[1] = article("art-1");
    sample
        .records
        .push(relation("references", "art-1", "art-404"));
    sample.records.push(sample.traces[0].clone());
    let path = sample.shard(Part::Records, 0, &text(&sample.records));
    let report = check_records(&[record_file(&path).unwrap()], &Options::default());
    assert_eq!(sample.shown(&report), ["record-id-duplicate records:2 /id"]);
    assert_eq!(
        report.diagnostics()[0].message,
        format!(
            "`art-1` occurs a second time; the first is in line 1 of {}",
            path.display()
        )
    );
    assert_eq!(
        (report.records().article, report.records().relation),
        (2, 1)
    );
    let missing = record_file(&sample.root().join("none"));
    assert!(matches!(missing, Err(CheckError::Unreadable { .. })));
}

#[test]
fn an_id_stands_in_one_of_several_files() {
    let mut sample = Sample::new();
    sample.records = vec![article("art-1"), article("art-2")];
    let one = sample.shard(Part::Records, 0, &text(&sample.records));
    sample.records = vec![article("art-3"), article("art-1")];
    let two = sample.shard(Part::Records, 1, &text(&sample.records));
    let files = [one.clone(), two].map(|path| record_file(&path).unwrap());
    let report = check_records(&files, &Options::default());
    assert_eq!(
        report.diagnostics()[0].message,
        format!(
            "`art-1` occurs a second time; the first is in line 1 of {}",
            one.display()
        )
    );
    assert_eq!(report.counts().total(), 1);
    assert_eq!((report.files(), report.records().article), (2, 4));
}

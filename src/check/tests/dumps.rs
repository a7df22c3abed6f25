//! Raw dumps.

use crate::check::{Options, check_dump};
use crate::convert::Converter;
use crate::diagnostic::Report;
use crate::dump;
use crate::profile::{Profile, builtin};
use crate::record::IdRule;

fn checked(files: &[(&str, &[u8])], ids: IdRule, options: &Options) -> Report {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let inputs = dump::inputs(&[folder.path().to_owned()]).unwrap();
    let profiles: Vec<&Profile> = builtin().iter().collect();
    let converter = Converter {
        profiles: &profiles,
        only_profiles: false,
        ids,
        notes: true,
    };
    check_dump(&inputs, &converter, options)
}

/// `code file:line pointer` of each diagnostic, in order.
fn shown(report: &Report) -> Vec<String> {
    let one = |found: &&crate::diagnostic::Diagnostic| {
        let place = &found.place;
        let file = place.file.rsplit('/').next().unwrap_or_default();
        let line = place
            .line
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        let pointer = place.pointer.as_ref().map(|pointer| format!(" {pointer}"));
        format!("{} {file}{line}{}", found.code, pointer.unwrap_or_default())
    };
    report.diagnostics().iter().map(one).collect()
}

const TEXT: &str = " date 2022-02-11 https://example.com/rain\n\nRain ends the long drought\n\n\
    It rained in the valley on Friday, for the first time since the spring of last year.\n\n\
    Farmers said that the fields were soaked by noon, and the river was up by a foot.\n";

#[test]
fn a_dump_says_what_it_would_become() {
    let report = checked(
        &[
            ("000.txt", TEXT.as_bytes()),
            ("001.txt", b""),
            ("002.txt", TEXT.as_bytes()),
        ],
        IdRule::Derived,
        &Options::default(),
    );
    let found = shown(&report);
    assert!(
        found.contains(&"input-empty 001.txt:1".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&"item-general 000.txt:1".to_owned()),
        "{found:?}"
    );
    assert_eq!(report.files(), 3);
    assert_eq!(
        report.records().article,
        1,
        "000 and 002 are one article in two places"
    );
    assert_eq!(report.facets().replayed, Some(1));
}

#[test]
fn defects_lie_at_the_bytes_of_the_dump() {
    let options = Options {
        require: vec!["fetch".parse().unwrap()],
        ..Options::default()
    };
    let report = checked(&[("000.txt", TEXT.as_bytes())], IdRule::Derived, &options);
    assert!(shown(&report).contains(&"facet-missing 000.txt:1 /fetch".to_owned()));
}

#[test]
fn two_items_of_one_url_cannot_both_be_its_record() {
    let other = TEXT.replace("foot", "metre");
    let report = checked(
        &[("000.txt", TEXT.as_bytes()), ("001.txt", other.as_bytes())],
        IdRule::Url,
        &Options::default(),
    );
    let found = shown(&report);
    assert!(
        found.contains(&"record-id-duplicate 001.txt:1".to_owned()),
        "{found:?}"
    );
    assert_eq!(report.records().article, 1);
}

#[test]
fn the_seeds_are_read_without_an_error() {
    let Some(shared) = std::env::var_os("DATELINE_SHARED") else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return;
    };
    let seeds = std::path::Path::new(&shared).join("seeds");
    let inputs = dump::inputs(&[seeds]).unwrap();
    let profiles: Vec<&Profile> = builtin().iter().collect();
    let converter = Converter {
        profiles: &profiles,
        only_profiles: false,
        ids: IdRule::Derived,
        notes: true,
    };
    let report = check_dump(&inputs, &converter, &Options::default());
    assert_eq!(report.counts().errors, 0, "{:#?}", report.diagnostics());
    assert_eq!(report.records().article, 5);
    assert_eq!(report.facets().replayed, Some(5));
}

/// A file in the place of another, and a kind that is not read, are refused by name.
#[test]
fn pointers_and_mail_are_never_read_as_prose() {
    let lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    let mail = b"From: a@example.com\nDate: Thu, 4 Mar 2021 09:15:22 +0100\nMIME-Version: 1.0\n\nRain fell.\n";
    for (bytes, said) in [
        (lfs.as_slice(), "Git LFS pointer"),
        (
            b"/annex/objects/SHA256E-s12--0a1b.txt\n",
            "git-annex pointer",
        ),
        (b"../2021/000.txt", "symbolic link"),
        // It leads to the file beside it.
        (b"000.txt", "symbolic link"),
        (mail, "an e-mail message"),
    ] {
        let files = [("000.txt", TEXT.as_bytes()), ("001.txt", bytes)];
        let report = checked(&files, IdRule::Derived, &Options::default());
        let found = report.diagnostics();
        let refused = found
            .iter()
            .find(|one| one.place.file.ends_with("001.txt"))
            .unwrap();
        assert_eq!(refused.code.name, "input-unsupported");
        assert!(refused.message.contains(said), "{}", refused.message);
        assert!(refused.hint.is_some());
        assert_eq!(report.records().article, 1);
    }
}

/// The records that the general JSON converter makes of real dumps have no errors.
#[test]
fn dumps_of_json_are_without_errors() {
    let Some(shared) = std::env::var_os("DATELINE_SHARED") else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return;
    };
    let dumps = std::path::Path::new(&shared).join("dumps/dumps");
    let mut records = 0;
    for folder in ["json_other", "json_news_please", "jsonl_dolma", "ninjs"] {
        let inputs = dump::inputs(&[dumps.join(folder)]).unwrap();
        let converter = Converter {
            profiles: &[],
            only_profiles: false,
            ids: IdRule::Derived,
            notes: true,
        };
        let report = check_dump(&inputs, &converter, &Options::default());
        assert!(
            !report.has_errors(),
            "{folder}: {:#?}",
            report.diagnostics()
        );
        records += report.records().article;
    }
    // As many as there are items, but for those that have the bytes of another.
    assert_eq!(records, 54);
}

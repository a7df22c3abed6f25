//! What receipts and messages say.

use std::fs;
use std::path::Path;

use super::super::{Lookalike, Outcome, receipt};
use super::{
    Keying, Meeting, Request, WithdrawError, WithdrawalReason, article, options, preview, request,
    unsealed, withdraw,
};
use crate::manifest::{samples, seal};
use crate::record::{Id, Link, Record};

fn id(id: &str) -> Id {
    id.parse().unwrap()
}

fn text(request: &Request, outcome: &Outcome) -> String {
    receipt::text(Path::new("corpus"), request, outcome)
}

fn outcome() -> (Request, Outcome) {
    let folder = unsealed();
    let request = request(&["art-1"]);
    let outcome = preview(folder.path(), &request).unwrap();
    (request, outcome)
}

#[test]
fn keys_are_told_as_they_are() {
    let (mut request, mut outcome) = outcome();
    let told = |request: &Request, outcome: &Outcome, part: &str| {
        let text = text(request, outcome);
        assert!(text.contains(part), "{part} in:\n{text}");
        text
    };
    let public = told(&request, &outcome, "keys    public: ");
    assert!(!public.contains("without the secret"), "{public}");
    request.keying = Keying::Private([7; 32]);
    told(&request, &outcome, "keys    private, under the secret");
    told(&request, &outcome, "  - without the secret only ids match");
    request.reason = WithdrawalReason::Superseded;
    let none = told(&request, &outcome, "keys    none: the reason excludes them");
    assert!(
        none.contains("  - the id alone\n") && !none.contains("without the secret"),
        "{none}"
    );
    request.reason = WithdrawalReason::Removed;
    told(&request, &outcome, "  - nothing: they may return\n");
    let gone = outcome.withdrawals.first_mut().unwrap();
    gone.url_digests.clear();
    told(
        &request,
        &outcome,
        "      keys: raw bytes, 1 URL in coarse form\n",
    );
    let gone = outcome.withdrawals.first_mut().unwrap();
    gone.url_keys.clear();
    told(&request, &outcome, "      keys: raw bytes\n");
    outcome.withdrawals.first_mut().unwrap().raw_digest = None;
    told(&request, &outcome, "      keys: none\n");
}

#[test]
fn lists_name_a_thousand() {
    let (request, mut outcome) = outcome();
    let line = |n: usize| format!("      https://news.example/gone/{n}\n");
    for (count, more) in [
        (999, None),
        (1_000, None),
        (1_001, Some(1)),
        (1_200, Some(200)),
    ] {
        outcome.unmatched = (0..count)
            .map(|n| format!("https://news.example/gone/{n}"))
            .collect();
        let text = text(&request, &outcome);
        let named = (0..count).filter(|n| text.contains(&line(*n))).count();
        assert_eq!(named, count.min(1_000));
        let told = text.lines().find(|line| line.contains("more"));
        let expected = more.map(|more: usize| format!("      … and {more} more"));
        assert_eq!(told, expected.as_deref());
    }
    outcome.unmatched = vec!["a\u{7}\nb\u{202e}".to_owned()];
    assert!(text(&request, &outcome).contains("      a\\u{7}\\nb\\u{202e}\n"));
}

#[test]
fn decisions_are_listed_where_there_are_some() {
    let (mut request, outcome) = outcome();
    assert!(!text(&request, &outcome).contains("Decided"));
    request.also.insert(id("art-7"));
    let also = text(&request, &outcome);
    assert!(
        also.contains("\nDecided\n  - go, too:\n      art-7\n"),
        "{also}"
    );
    assert!(!also.contains("distinct"), "{also}");
    request.also.clear();
    request.distinct.insert(id("art-8"));
    let distinct = text(&request, &outcome);
    let part = "\nDecided\n  - are distinct, and stay:\n      art-8\n";
    assert!(distinct.contains(part), "{distinct}");
    let short = "are under 200 characters";
    assert!(!distinct.contains(short));
    let part = "to be a key (under 200 characters):\n      art-1\n";
    assert!(distinct.contains(part), "{distinct}");
}

/// The releases that had an article, also where it was revised, and where a later one added it.
#[test]
fn the_releases_that_had_an_article_are_told() {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let mut records = samples::records();
    records.push(Record::Article(Box::new(article(7))));
    let Some(Record::Article(revised)) = records.first_mut() else {
        panic!("the first is an article")
    };
    let source = revised.source.as_mut().unwrap();
    source.name = Some("Example Chronicle".to_owned());
    samples::write(folder.path(), &records);
    seal(folder.path(), &options()).unwrap();
    let all = request(&["art-1", "art-2", "art-7"]);
    let outcome = withdraw(folder.path(), &all).unwrap();
    let releases: Vec<(String, Vec<u64>)> = outcome
        .releases
        .into_iter()
        .map(|(id, releases)| (id.to_string(), releases))
        .collect();
    assert_eq!(
        releases,
        [
            ("art-1".to_owned(), vec![1, 2]),
            ("art-2".to_owned(), vec![1, 2]),
            ("art-7".to_owned(), vec![2]),
        ]
    );
    let text = fs::read_to_string(outcome.receipt.unwrap()).unwrap();
    for part in ["art-1  in releases 1, 2\n", "art-7  in release 2\n"] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    // An article that was withdrawn before is of the releases that had it.
    seal(folder.path(), &options()).unwrap();
    let outcome = withdraw(folder.path(), &request(&["art-3"])).unwrap();
    assert_eq!(outcome.releases.get("art-3"), Some(&vec![1, 2, 3]));
}

/// Where a seal was stopped, the release before still has its own entries and its ledger.
#[test]
fn what_a_stopped_seal_left_is_made_up_for() {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let release = folder.path().join("releases/1");
    let left: Vec<_> = ["entries.txt", "inputs.jsonl", "files.json"]
        .map(|name| (release.join(name), fs::read(release.join(name)).unwrap()))
        .into();
    let mut records = samples::records();
    records.push(Record::Article(Box::new(article(7))));
    samples::write(folder.path(), &records);
    seal(folder.path(), &options()).unwrap();
    fs::remove_file(release.join("changes.txt")).unwrap();
    for (path, bytes) in &left {
        fs::write(path, bytes).unwrap();
    }
    let outcome = withdraw(folder.path(), &request(&["art-1"])).unwrap();
    assert_eq!(outcome.releases.get("art-1"), Some(&vec![1, 2]));
    assert!(release.join("changes.txt").exists());
    for (path, _) in &left {
        assert!(!path.exists(), "{}", path.display());
    }
}

/// Articles that stay and link to one that goes.
#[test]
fn links_to_what_goes_are_told() {
    let folder = unsealed();
    let link = |url: &str| Link {
        url: url.to_owned(),
        relation: "cites".to_owned(),
    };
    let records: Vec<Record> = (1..=4)
        .map(|n| {
            let mut article = article(n);
            article.links = match n {
                2 => vec![
                    link("https://news.example/3"),
                    link("https://news.example/1"),
                ],
                3 => vec![link("http://www.news.example/1?utm_source=x")],
                _ => Vec::new(),
            };
            article.seal_content().unwrap();
            Record::Article(Box::new(article))
        })
        .collect();
    samples::write(folder.path(), &records);
    let outcome = preview(folder.path(), &request(&["art-1"])).unwrap();
    assert_eq!(
        outcome.links,
        [(id("art-2"), id("art-1")), (id("art-3"), id("art-1"))]
    );
    let outcome = preview(folder.path(), &request(&["art-4"])).unwrap();
    assert_eq!(outcome.links, []);
}

#[test]
fn five_copies_are_named() {
    let copies = |count: u8| {
        let copy = |n| Lookalike {
            id: id(&format!("art-{n}")),
            of: id("art-0"),
            by: Meeting::Url,
        };
        WithdrawError::Undecided((1..=count).map(copy).collect()).to_string()
    };
    for (count, more) in [(1, false), (4, false), (5, false), (6, true), (9, true)] {
        let told = copies(count);
        assert_eq!(told.contains('…'), more, "{told}");
        assert!(told.contains(&format!("art-{}", count.min(5))), "{told}");
        assert!(!told.contains("art-6"), "{told}");
    }
}

//! Naming articles for `list` and `withdraw`: by URL in any spelling, by domain, from a file.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use super::tool::{copy, dateline, run};

/// Two articles of `harbourcourier.example` are in the corpus.
const FERRY: &str = "http://www.HARBOURCOURIER.example/20210304/night-ferry-to-gull-island-returns-after-nine-years-1000041.html?utm_source=feed#top";
const SAID: &str = "Night Ferry to Gull Island Returns After Nine Years";

fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(
        Path::new("examples/demo-corpus"),
        &folder.path().join("corpus"),
    );
    folder
}

fn at(folder: &tempfile::TempDir, command: &str, args: &[&str]) -> (i32, String) {
    let mut command = dateline([command, "corpus"].iter().chain(args));
    run(command.current_dir(folder.path()))
}

#[test]
fn a_url_is_listed_in_any_spelling() {
    let (code, said) = at(&corpus(), "list", &["--url", FERRY]);
    assert_eq!((code, said.lines().count()), (0, 1), "{said}");
    assert!(said.contains(SAID), "{said}");
}

#[test]
fn list_and_withdraw_mean_the_same_articles_by_a_domain() {
    let folder = corpus();
    for domain in [
        "harbourcourier.example",
        "HARBOURCOURIER.example",
        "www.harbourcourier.example.",
    ] {
        let (code, listed) = at(&folder, "list", &["--domain", domain]);
        assert_eq!((code, listed.lines().count()), (0, 2), "{listed}");
        let args = ["--domain", domain, "--reason", "copyright", "--dry-run"];
        let (code, gone) = at(&folder, "withdraw", &args);
        assert_eq!(code, 0, "{gone}");
        for line in listed.lines() {
            let id = line.split(' ').next().unwrap();
            assert!(gone.contains(&format!("would withdraw {id} ")), "{gone}");
        }
    }
    for command in ["list", "withdraw"] {
        let domain = "https://harbourcourier.example/20210304/";
        let (code, said) = at(&folder, command, &["--domain", domain]);
        assert_eq!(code, 2, "{said}");
        let cause = "it is a URL; its domain is `harbourcourier.example`";
        assert!(said.contains(cause), "{said}");
    }
}

/// The file, the line and the value are named, and nothing is withdrawn.
#[test]
fn a_file_of_urls_is_refused_where_it_is_wrong() {
    let folder = corpus();
    let file = folder.path().join("urls.txt");
    let withdraw = |text: &str| {
        fs::write(&file, text).unwrap();
        let args = ["--urls", "urls.txt", "--reason", "copyright", "--dry-run"];
        at(&folder, "withdraw", &args)
    };
    let (code, said) = withdraw(&format!("\u{feff}{FERRY}\r\n\n# the ferry\n"));
    assert_eq!(code, 0, "{said}");
    for (text, message) in [
        (
            format!("# a\n{FERRY}\nferry\n"),
            "urls.txt:3: `ferry` is not an http or https URL",
        ),
        ("# none\n\n".to_owned(), "urls.txt contains no URLs"),
        (String::new(), "urls.txt contains no URLs"),
    ] {
        let (code, said) = withdraw(&text);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(message), "{said}");
    }
    let args = ["withdraw", "corpus", "--urls", "-", "--reason", "copyright"];
    let mut command = dateline(args);
    command.current_dir(folder.path()).stdin(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"ferry\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("<stdin>:1: `ferry` is not"), "{said}");
}

#[test]
fn a_decision_is_recorded_where_nothing_is_missing() {
    let folder = corpus();
    let decisions = folder.path().join("corpus.private");
    let id = "art-0123456789abcdef0123456789abcdef";
    let args = ["--missing", "--distinct", id, "--dry-run"];
    let (code, said) = at(&folder, "withdraw", &args);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains(&format!("would decide: {id} is a different article")),
        "{said}"
    );
    assert!(!decisions.exists(), "{said}");
    let (code, said) = at(&folder, "withdraw", args.get(..3).unwrap());
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains(&format!(
            "  decided: {id} is a different article and stays\n"
        )),
        "{said}"
    );
    assert!(decisions.is_dir(), "{said}");
}

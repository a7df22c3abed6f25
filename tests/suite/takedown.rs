//! What was withdrawn does not come back: not in another spelling of its URL, not as a copy of its text.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use dateline::corpus::{Corpus, Part};

use super::tool::dateline;

const PARAGRAPHS: &str = "The night ferry to the outer islands will leave from the east quay from Monday, \
    since the west quay is closed until the spring for repairs to its wall.\n\nThe operator said that the \
    crossing takes ten minutes longer, and that bicycles are to be booked a day ahead. Tickets that were \
    bought before stay valid; the office at the harbour exchanges them without a fee.";

/// A page with a URL in the layout that the general converter reads.
fn with_url(url: &str) -> String {
    format!(" date 2026-01-05 {url}\n\nThe night ferry leaves from the east quay\n\n{PARAGRAPHS}\n")
}

fn without_url(text: &str) -> Vec<u8> {
    format!("The night ferry leaves from the east quay\n\n{text}\n").into_bytes()
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// A sealed corpus of one article and another one.
    fn new(item: &[u8]) -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        place.dump(&[("a.txt", item), ("z.txt", OTHER.as_bytes())]);
        let built = place.build();
        assert_eq!(built.status.code(), Some(0), "{}", said(&built));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn corpus(&self) -> PathBuf {
        self.path("corpus")
    }

    fn dump(&self, files: &[(&str, &[u8])]) {
        let dump = self.path("dump");
        let _ = fs::remove_dir_all(&dump);
        fs::create_dir(&dump).unwrap();
        for (name, bytes) in files {
            fs::write(dump.join(name), bytes).unwrap();
        }
    }

    fn build(&self) -> Output {
        self.run(&["build", "--replace", "dump", "-o", "corpus"])
    }

    fn run(&self, args: &[&str]) -> Output {
        dateline(args)
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    /// The ids of articles whose line holds `word`.
    fn ids(&self, word: &str) -> Vec<String> {
        let state = Corpus::open(self.corpus()).unwrap().working().unwrap();
        let lines = state.lines(Part::Records).unwrap();
        lines
            .map(|line| String::from_utf8(line.unwrap().bytes).unwrap())
            .filter(|line| line.contains(word))
            .map(|line| {
                let record: serde_json::Value = serde_json::from_str(&line).unwrap();
                record["id"].as_str().unwrap().to_owned()
            })
            .collect()
    }

    fn withdraw(&self, args: &[&str]) -> Output {
        let ids = self.ids("night ferry");
        let mut all = vec!["withdraw", "corpus", &ids[0], "--reason", "copyright"];
        all.extend(args);
        self.run(&all)
    }

    fn seal(&self) -> Output {
        self.run(&["seal", "corpus"])
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// All that was printed.
fn said(output: &Output) -> String {
    stdout(output) + &String::from_utf8_lossy(&output.stderr)
}

const OTHER: &str = " date 2026-01-06 https://other.example/weather\n\nRain ends the drought\n\nRain fell on Tuesday for the \
    first time in nine weeks. The reservoir rose by a hand.\n";

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Builds a changed copy into a corpus from which the article was withdrawn; it must be refused or held.
#[track_caller]
fn stays_away(withdrawn: &[u8], again: &[u8], held: bool) {
    let place = Place::new(withdrawn);
    let gone = place.withdraw(&[]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(place.seal().status.code(), Some(0));
    place.dump(&[("b.txt", again), ("z.txt", OTHER.as_bytes())]);
    let built = place.build();
    let printed = said(&built);
    let name = String::from_utf8_lossy(again).into_owned();
    assert_eq!(place.ids("night ferry"), Vec::<String>::new(), "{name}");
    if held {
        assert_eq!(built.status.code(), Some(1), "{name}: {printed}");
        assert!(
            printed.contains("item-held")
                && printed.contains("of the withdrawn article `art-")
                && printed.contains("`dateline withdraw corpus --distinct art-"),
            "{printed}"
        );
        let shown = printed.matches("warning[item-held]").count();
        assert_eq!((shown, printed.contains("CORPUS")), (1, false), "{printed}");
        assert!(printed.contains("b.txt:1:1 (art-"), "{printed}");
        // The next time it is a note.
        let built = place.build();
        assert_eq!(built.status.code(), Some(0), "{name}: {}", said(&built));
        assert!(!said(&built).contains("item-held"), "{}", said(&built));
        assert!(said(&built).contains("held as before: 1 item"));
    } else {
        assert!(printed.contains("item-withdrawn"), "{name}: {printed}");
    }
    assert_eq!(place.ids("night ferry"), Vec::<String>::new(), "{name}");
}

const URL: &str = "https://www.harbour.example/2026/night-ferry";

/// `withdrawal-held`, `withdrawal-held-listed`: ten spellings of a URL.
#[test]
fn another_spelling_of_the_url_is_held() {
    let page = with_url(URL);
    for url in [
        "http://www.harbour.example/2026/night-ferry",
        "https://harbour.example/2026/night-ferry",
        "https://m.harbour.example/2026/night-ferry",
        "https://www.harbour.example/2026/night-ferry?utm_source=feed",
        "https://www.harbour.example/2026/night-ferry?fbclid=IwAR0",
        "https://www.harbour.example/2026/night-ferry?",
        "https://www.harbour.example/2026/night-ferry/",
        "https://www.harbour.example//2026/night-ferry",
        "https://www.harbour.example/2026/n%69ght-ferry",
        "https://www.harbour.example./2026/night-ferry",
    ] {
        // Another text, so that the URL alone tells.
        let again = with_url(url).replace("ten minutes", "eleven minutes");
        stays_away(page.as_bytes(), again.as_bytes(), true);
    }
    let same = page.replace("ten minutes", "eleven minutes");
    stays_away(page.as_bytes(), same.as_bytes(), false);
    stays_away(page.as_bytes(), page.as_bytes(), false);
}

/// Ten ways in which a text comes back that had no URL.
#[test]
fn a_copy_of_the_text_is_held() {
    let item = without_url(PARAGRAPHS);
    for text in [
        format!("{PARAGRAPHS} "),
        PARAGRAPHS.replace("ferry to", "ferry  to"),
        PARAGRAPHS.replace("islands", "is\u{ad}lands"),
        PARAGRAPHS.replace("islands", "is\u{200b}lands"),
        PARAGRAPHS.replace("islands", "islands\u{feff}"),
        PARAGRAPHS.replace("to the", "to\u{a0}the"),
        PARAGRAPHS.replace("outer", "\u{2060}outer\u{fe0f}"),
        PARAGRAPHS.replace("outer", "outer\u{e0041}\u{e007f}"),
    ] {
        stays_away(&item, &without_url(&text), true);
    }
    let text = String::from_utf8(item.clone()).unwrap();
    stays_away(&item, text.replace('\n', "\r\n").as_bytes(), true);
    stays_away(&item, format!("\u{feff}{text}").as_bytes(), true);
    stays_away(&item, &item, false);
}

/// `withdrawal-decided`: what a person decides holds, and lies outside the corpus.
#[test]
fn a_person_decides_what_is_held() {
    for (option, comes) in [("--distinct", true), ("--also", false)] {
        let place = Place::new(with_url(URL).as_bytes());
        assert_eq!(place.withdraw(&[]).status.code(), Some(0));
        assert_eq!(place.seal().status.code(), Some(0));
        let copy = with_url("http://copies.example/ferry");
        place.dump(&[("b.txt", copy.as_bytes()), ("z.txt", OTHER.as_bytes())]);
        let built = place.build();
        assert_eq!(built.status.code(), Some(1));
        let printed = said(&built);
        // The finding names the id.
        let at = printed.find("`art-").unwrap();
        let id: String = printed[at + 1..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        let decided = place.run(&["withdraw", "corpus", option, &id, "--by", "A. Person"]);
        assert_eq!(decided.status.code(), Some(0), "{}", said(&decided));
        let built = place.build();
        assert_eq!(built.status.code(), Some(0), "{}", said(&built));
        assert_eq!(place.ids("night ferry").contains(&id), comes);
        let gone = format!("`{id}` was decided to go, too (--also), and does not come back");
        assert_eq!(said(&built).contains(&gone), !comes, "{}", said(&built));
        let decisions = fs::read_to_string(place.path("corpus.private/decisions.jsonl")).unwrap();
        assert!(decisions.contains(&id) && decisions.contains("\"by\":\"A. Person\""));
        for file in files(&place.corpus()) {
            let bytes = fs::read(&file).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("A. Person"));
        }
        let sealed = place.seal();
        assert_eq!(sealed.status.code(), Some(0), "{}", said(&sealed));
    }
}

/// `withdraw` of an article of which there are copies demands the decision before it writes.
#[test]
fn copies_are_decided_about_before_anything_is_written() {
    let copy = with_url("https://copies.example/ferry");
    let place = Place {
        folder: tempfile::tempdir().unwrap(),
    };
    place.dump(&[
        ("a.txt", with_url(URL).as_bytes()),
        ("b.txt", copy.as_bytes()),
    ]);
    assert_eq!(place.build().status.code(), Some(0));
    let before: Vec<_> = files(&place.corpus())
        .into_iter()
        .map(|file| (fs::read(&file).unwrap(), file))
        .collect();
    let gone = place.withdraw(&[]);
    assert_eq!(gone.status.code(), Some(2));
    let ids = place.ids("night ferry");
    assert!(said(&gone).contains(&format!("{} has the text of {}", ids[1], ids[0])));
    for (bytes, file) in before {
        assert_eq!(fs::read(&file).unwrap(), bytes, "{}", file.display());
    }
    assert!(!place.path("corpus.private").exists());
    let listed = place.withdraw(&["--dry-run"]);
    assert_eq!(listed.status.code(), Some(0), "{}", said(&listed));
    let gone = place.withdraw(&["--distinct", &ids[1]]);
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
    assert_eq!(place.ids("night ferry"), [ids[1].clone()]);
    let sealed = place.seal();
    assert_eq!(sealed.status.code(), Some(0), "{}", said(&sealed));
}

/// `withdrawal-sealed`: nothing depends on `build` or `check`.
#[test]
fn what_was_withdrawn_is_not_sealed() {
    let place = Place::new(with_url(URL).as_bytes());
    let kept: Vec<_> = files(&place.corpus().join("records"))
        .into_iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    assert_eq!(place.withdraw(&[]).status.code(), Some(0));
    assert_eq!(place.seal().status.code(), Some(0));
    // Somebody puts the line back, under another id and spelling of the URL.
    let line = kept
        .iter()
        .flat_map(|text| text.lines())
        .find(|line| line.contains("night ferry"))
        .unwrap();
    let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
    record["id"] = "art-0000".into();
    record["raw"]["digest"] = format!("sha256:{}", "0".repeat(64)).into();
    let shard = files(&place.corpus().join("records")).remove(0);
    let text = fs::read_to_string(&shard).unwrap();
    fs::write(&shard, format!("{record}\n{text}")).unwrap();
    let sealed = place.seal();
    assert_ne!(sealed.status.code(), Some(0));
    let printed = said(&sealed);
    assert!(printed.contains("art-0000 has a URL of art-"), "{printed}");
    // Advice names the corpus that was named.
    let printed = said(&place.run(&["check", "corpus"]));
    assert!(
        printed.contains("`dateline withdraw corpus art-0000"),
        "{printed}"
    );
    assert!(!printed.contains("CORPUS"), "{printed}");
    let printed = said(&place.run(&["check", "corpus/releases/2"]));
    assert!(printed.contains("`dateline verify corpus`"), "{printed}");
}

/// `withdrawal-secret`: with `--private` no digest of the article is in what is published.
#[test]
fn private_keys_tell_nothing_and_still_hold() {
    let place = Place::new(with_url(URL).as_bytes());
    assert_eq!(place.withdraw(&["--private"]).status.code(), Some(0));
    assert_eq!(place.seal().status.code(), Some(0));
    let secret = fs::read_to_string(place.path("corpus.private/secret")).unwrap();
    let url = dateline::record::url_digest(URL).unwrap();
    for file in files(&place.corpus()) {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(
            !text.contains(&url.hex()) && !text.contains(secret.trim()),
            "{}",
            file.display()
        );
    }
    let spelled = with_url("http://harbour.example/2026/night-ferry");
    place.dump(&[("b.txt", spelled.as_bytes()), ("z.txt", OTHER.as_bytes())]);
    let built = place.build();
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    assert!(said(&built).contains("item-held"));
    // Without the secret ids alone match, and that is said.
    fs::rename(place.path("corpus.private"), place.path("elsewhere")).unwrap();
    let built = place.build();
    assert!(
        said(&built).contains("the secret is not in the folder next to the corpus"),
        "{}",
        said(&built)
    );
    assert_eq!(place.ids("night ferry").len(), 1);
    let named = place.run(&[
        "build",
        "--replace",
        "dump",
        "-o",
        "corpus",
        "--private-dir",
        "elsewhere",
    ]);
    assert!(
        !said(&named).contains("the secret is not in the folder next to the corpus"),
        "{}",
        said(&named)
    );
}

/// After the next seal nothing that dateline wrote holds a word of the article.
#[test]
fn nothing_of_a_withdrawn_article_is_left() {
    let page = with_url(URL).replace("exchanges them", "exchangesQZXthem");
    let place = Place::new(page.as_bytes());
    let gone = place.withdraw(&[]);
    assert_eq!(gone.status.code(), Some(0));
    assert_eq!(place.seal().status.code(), Some(0));
    let built = place.build();
    assert_eq!(built.status.code(), Some(0), "{}", said(&built));
    let mut looked_at = 0;
    for root in ["corpus", "corpus.private"] {
        for file in files(&place.path(root)) {
            let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
            for word in [
                "QZX",
                "night ferry",
                "harbour.example",
                "east quay",
                "a.txt",
            ] {
                let receipt = word == "a.txt" && root == "corpus.private";
                assert!(
                    receipt || !text.contains(word),
                    "{word} in {}",
                    file.display()
                );
            }
            looked_at += 1;
        }
    }
    assert!(looked_at > 8);
}

/// By URL, by file of URLs, by domain, by the beginning of an id.
#[test]
fn articles_are_named_in_many_ways() {
    let id = |place: &Place| place.ids("night ferry")[0][..12].to_owned();
    let place = Place::new(with_url(URL).as_bytes());
    fs::write(
        place.path("urls.txt"),
        format!("# asked for\n{URL}\n\nhttps://nowhere.example/a\n"),
    )
    .unwrap();
    let begun = id(&place);
    let all = |args: &[&str]| {
        let mut command = vec!["withdraw", "corpus", "--reason", "copyright", "--dry-run"];
        command.extend(args);
        place.run(&command)
    };
    for args in [
        &["--url", URL][..],
        &["--url", "http://harbour.example/2026/night-ferry/"],
        &["--urls", "urls.txt"],
        &["--domain", "harbour.example"],
        &[begun.as_str()],
    ] {
        let found = all(args);
        assert_eq!(found.status.code(), Some(0), "{args:?} {}", said(&found));
        let printed = stdout(&found);
        assert!(
            printed.contains(&format!("would withdraw {begun}")),
            "{args:?} {printed}"
        );
    }
    let found = all(&["--urls", "urls.txt"]);
    let printed = said(&found);
    assert!(printed.contains("https://nowhere.example/a"), "{printed}");
    for args in [
        &["--url", "https://nowhere.example/a"][..],
        &["--domain", "arbour.example"],
        &["art-zzz"],
        &["--url", "harbour"],
        &["art-"],
    ] {
        assert_eq!(all(args).status.code(), Some(2), "{args:?}");
    }
}

/// `withdrawal-persists`: where the withdrawals of the last release are gone, nothing is taken in.
#[test]
fn nothing_is_built_on_a_corpus_that_lost_its_withdrawals() {
    let place = Place::new(with_url(URL).as_bytes());
    assert_eq!(place.withdraw(&[]).status.code(), Some(0));
    assert_eq!(place.seal().status.code(), Some(0));
    let shards = files(&place.path("corpus/withdrawals"));
    let whole = fs::read(&shards[0]).unwrap();
    place.dump(&[
        ("a.txt", with_url(URL).as_bytes()),
        ("z.txt", OTHER.as_bytes()),
    ]);
    for lose in [true, false] {
        if lose {
            fs::remove_file(&shards[0]).unwrap();
        } else {
            fs::write(&shards[0], "").unwrap();
        }
        for args in [
            ["build", "dump", "-o", "corpus"].as_slice(),
            &["build", "dump", "-o", "corpus", "--replace"],
            &["convert", "dump", "-o", "corpus", "--add"],
        ] {
            let built = place.run(args);
            let printed = said(&built);
            assert_eq!(built.status.code(), Some(2), "{printed}");
            if lose {
                let told = "a withdrawal of release 2 is not here";
                assert!(printed.contains(told), "{printed}");
                let help = "restore the files of `withdrawals/`";
                assert!(printed.contains(help), "{printed}");
            }
        }
        assert_eq!(place.ids("night ferry"), Vec::<String>::new());
    }
    fs::write(&shards[0], whole).unwrap();
    assert_eq!(place.build().status.code(), Some(0));
    assert_eq!(place.ids("night ferry"), Vec::<String>::new());
}

/// A corpus that is so damaged that it is made anew keeps out what was withdrawn.
#[test]
fn a_damaged_record_opens_no_gate() {
    let place = Place::new(with_url(URL).as_bytes());
    assert_eq!(place.withdraw(&[]).status.code(), Some(0));
    assert_eq!(place.seal().status.code(), Some(0));
    let shard = files(&place.path("corpus/records")).remove(0);
    fs::write(&shard, "{\n").unwrap();
    place.dump(&[
        ("a.txt", with_url(URL).as_bytes()),
        ("z.txt", OTHER.as_bytes()),
    ]);
    let built = place.build();
    assert!(
        said(&built).contains("withdrawn before: 1"),
        "{}",
        said(&built)
    );
    assert_eq!(place.ids("night ferry"), Vec::<String>::new());
}

/// `withdrawal-secret`: the folder of the secret is never in the corpus, however it is named.
#[test]
fn no_secret_is_written_into_the_corpus() {
    let place = Place::new(with_url(URL).as_bytes());
    for folder in ["corpus", "corpus/x/y", "dump/../corpus/x"] {
        for args in [
            ["--dry-run", "--private-dir", folder].as_slice(),
            &["--private-dir", folder],
        ] {
            let gone = place.withdraw(args);
            assert_eq!(gone.status.code(), Some(2), "{}", said(&gone));
            assert!(
                said(&gone).contains("lies in the corpus"),
                "{}",
                said(&gone)
            );
        }
    }
    assert!(!place.path("corpus/secret").exists() && !place.path("corpus/x").exists());
    assert_eq!(place.ids("night ferry").len(), 1);
}

/// A second secret would not open what the first one closed.
#[test]
fn no_second_secret_is_made() {
    let place = Place::new(with_url(URL).as_bytes());
    assert_eq!(place.withdraw(&["--private"]).status.code(), Some(0));
    assert_eq!(place.seal().status.code(), Some(0));
    fs::rename(place.path("corpus.private"), place.path("elsewhere")).unwrap();
    let id = place.ids("drought").remove(0);
    let args = ["withdraw", "corpus", &id, "--reason", "privacy"];
    let gone = place.run(&args);
    assert_eq!(gone.status.code(), Some(2), "{}", said(&gone));
    assert!(
        said(&gone).contains("a withdrawal is private, and the secret is not in"),
        "{}",
        said(&gone)
    );
    assert!(!place.path("corpus.private").exists());
    let decided = ["withdraw", "corpus", "--distinct", &id];
    assert_eq!(place.run(&decided).status.code(), Some(0));
    assert!(!place.path("corpus.private/secret").exists());
    let gone = place.run(&[&args[..], &["--private-dir", "elsewhere"]].concat());
    assert_eq!(gone.status.code(), Some(0), "{}", said(&gone));
}

/// Without a receipt nothing is withdrawn.
#[test]
fn where_no_receipt_can_be_written_nothing_is_withdrawn() {
    let place = Place::new(with_url(URL).as_bytes());
    fs::create_dir(place.path("corpus.private")).unwrap();
    fs::write(place.path("corpus.private/receipts"), "a file").unwrap();
    let gone = place.withdraw(&[]);
    assert_eq!(gone.status.code(), Some(2), "{}", said(&gone));
    assert_eq!(place.ids("night ferry").len(), 1);
    fs::remove_file(place.path("corpus.private/receipts")).unwrap();
    assert_eq!(place.withdraw(&[]).status.code(), Some(0));
    assert_eq!(files(&place.path("corpus.private/receipts")).len(), 1);
}

/// A decision names a whole id, or the beginning of one of the corpus.
#[test]
fn a_decision_names_what_is_there() {
    let place = Place::new(with_url(URL).as_bytes());
    let id = place.ids("drought").remove(0);
    let decided = place.run(&["withdraw", "corpus", "--distinct", &id[..12]]);
    assert_eq!(decided.status.code(), Some(0), "{}", said(&decided));
    let noted = fs::read_to_string(place.path("corpus.private/decisions.jsonl")).unwrap();
    assert!(noted.contains(&id), "{noted}");
    for name in ["art-nonsense", "art-00000000"] {
        let decided = place.run(&["withdraw", "corpus", "--also", name]);
        assert_eq!(decided.status.code(), Some(2), "{}", said(&decided));
    }
    assert_eq!(
        fs::read_to_string(place.path("corpus.private/decisions.jsonl")).unwrap(),
        noted
    );
}

//! Building on a corpus that is there: nothing is guessed, nothing is lost silently (`spec/corpus.md`,
//! "Adding to a corpus").

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::tool::{dateline, files, run};

/// An article of the general layout, whose text tells it from all others.
pub(crate) fn article(number: usize, word: &str) -> String {
    format!(
        " date 2021-04-{:02} https://gates.example/{number}\n\nGate {number} is painted {word}\n\n\
         Gate {number} of the old harbour was painted {word} on Monday, as it is every spring, by the two \
         keepers and their apprentice.\n\nIt has been {word} for as long as anybody in street {number} can \
         remember, said the keeper of gate {number}.\n",
        1 + number % 28
    )
}

/// A folder to work in, and the commands run in it.
pub(crate) struct Work {
    folder: TempDir,
}

impl Work {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes articles `numbers` as files of a folder.
    pub(crate) fn dump(&self, folder: &str, numbers: impl IntoIterator<Item = usize>) {
        for number in numbers {
            self.write(
                &format!("{folder}/{number:05}.txt"),
                &article(number, "green"),
            );
        }
    }

    /// Runs a command; its words are parted by white space.
    pub(crate) fn run(&self, command: &str) -> (i32, String) {
        run(dateline(command.split_whitespace()).current_dir(self.path()))
    }

    /// Runs a command that must exit with `code`, and gives what it printed.
    pub(crate) fn expect(&self, code: i32, command: &str) -> String {
        let (exit, printed) = self.run(command);
        assert_eq!(exit, code, "dateline {command}\n{printed}");
        printed
    }

    pub(crate) fn shards(&self, corpus: &str, part: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path().join(corpus).join(part);
        if folder.exists() {
            files(&folder)
        } else {
            BTreeMap::new()
        }
    }

    /// The ids of the articles, in order.
    pub(crate) fn ids(&self, corpus: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for bytes in self.shards(corpus, "records").values() {
            for line in String::from_utf8_lossy(bytes).lines() {
                let record: serde_json::Value = serde_json::from_str(line).unwrap();
                ids.push(record["id"].as_str().unwrap().to_owned());
            }
        }
        ids.sort();
        ids
    }

    /// What a manifest says of the release `number`.
    pub(crate) fn release(&self, corpus: &str, number: u64) -> serde_json::Value {
        let path = format!("{corpus}/releases/{number}/manifest.json");
        let bytes = fs::read(self.path().join(path)).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        manifest["predicate"].clone()
    }

    /// The whole corpus checks and verifies.
    pub(crate) fn whole(&self, corpus: &str) {
        self.expect(0, &format!("check {corpus}"));
        let (exit, printed) = self.run(&format!("verify {corpus}"));
        assert!(exit == 3 || exit == 0, "{printed}");
    }
}

pub(crate) fn assert_says(printed: &str, parts: &[&str]) {
    let one: String = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(one.contains(part), "`{part}` is not in\n{printed}");
    }
}

/// `corpus-add-stops`
#[test]
fn what_the_inputs_lack_stops_before_anything_is_written() {
    let work = Work::new();
    work.dump("week1", 0..3);
    work.dump("week2", 3..6);
    work.expect(0, "build week1 -o corpus");
    let before = files(&work.path().join("corpus"));
    for command in ["build week2 -o corpus", "convert week2 -o corpus"] {
        let printed = work.expect(2, command);
        assert_says(
            &printed,
            &[
                "the corpus was also made of 3 files, which the inputs lack: `00000.txt`",
                "--add",
                "--replace",
                "nothing was written",
            ],
        );
        assert!(!printed.contains("superseded"), "{printed}");
        assert!(!printed.contains("dateline withdraw"), "{printed}");
    }
    assert_eq!(files(&work.path().join("corpus")), before);

    // The same again changes nothing, and more beside the same is added.
    let printed = work.expect(0, "build week1 -o corpus");
    assert_says(&printed, &["nothing changed since release 1"]);
    assert_eq!(files(&work.path().join("corpus")), before);
    work.expect(0, "build week1 week2 -o corpus");
    assert_eq!(work.release("corpus", 2)["changes"]["added"], 3);
    work.whole("corpus");
}

/// `corpus-add-keeps`
#[test]
fn a_month_of_daily_builds_is_one_corpus() {
    let work = Work::new();
    for day in 1..=30 {
        // Each day names its files anew, and brings the first of the day before once more.
        for number in 0..4 {
            work.write(
                &format!("day{day}/{number}.txt"),
                &article(day * 3 + number, "green"),
            );
        }
        let printed = work.expect(0, &format!("build day{day} -o corpus --add --as day{day}"));
        assert!(!printed.contains("withdraw "), "{printed}");
        let shards = work.shards("corpus", "records");
        assert_eq!(shards.len(), day, "one shard a day");
    }
    assert_eq!(work.release("corpus", 30)["records"]["article"], 91);
    work.whole("corpus");

    // All at once gives the same records, traces and ledger.
    for day in 1..=30 {
        for number in 0..4 {
            work.write(
                &format!("month/day{day}/{number}.txt"),
                &article(day * 3 + number, "green"),
            );
        }
    }
    work.expect(0, "build month -o whole");
    for (daily, at_once) in [(work.release("corpus", 30), work.release("whole", 1))] {
        for part in ["records", "traces", "inputs"] {
            assert_eq!(daily[part]["root"], at_once[part]["root"], "{part}");
        }
    }
    let printed = work.expect(0, "build month -o corpus");
    assert_says(&printed, &["nothing changed since release 30"]);

    // Shards overlap. By itself each is as the release has it, and what goes from one is missed.
    let shards: Vec<String> = work.shards("corpus", "records").into_keys().collect();
    for shard in shards.iter().take(3) {
        work.expect(0, &format!("check corpus/records/{shard} --against corpus"));
    }
    let path = work.path().join("corpus/records").join(&shards[0]);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    fs::write(&path, [lines[0], lines[2], lines[3], ""].join("\n")).unwrap();
    let printed = work.expect(
        1,
        &format!("check corpus/records/{} --against corpus", shards[0]),
    );
    assert_says(&printed, &["1 vanished"]);
    fs::write(&path, text).unwrap();

    // One shard is made of thirty, and nothing else changes.
    let ids = work.ids("corpus");
    let parts = ["records", "traces", "relations", "withdrawals"];
    let count = || -> usize {
        let shards = parts.map(|part| work.shards("corpus", part).len());
        shards.iter().sum()
    };
    let before = count();
    let printed = work.expect(0, "pack corpus");
    let told = format!(
        "packed {before} shards into {}; no records changed",
        count()
    );
    assert_says(&printed, &[&told]);
    assert_eq!(work.shards("corpus", "records").len(), 1);
    let printed = work.expect(0, "pack corpus");
    let told = format!(
        "nothing to pack: {} shards, already as few as possible",
        count()
    );
    assert_says(&printed, &[&told]);
    assert_eq!(work.ids("corpus"), ids);
    let printed = work.expect(0, "build month -o corpus");
    assert_says(&printed, &["nothing changed since release 30"]);
    work.whole("corpus");
}

/// `corpus-add-shards`
#[test]
fn ten_articles_added_to_3000_rewrite_no_old_shard() {
    let work = Work::new();
    work.write(
        "corpus/dateline.yaml",
        "format: dateline-config/1\norigin: gates\ntitle: Gates\nshard_bytes: 65536\n",
    );
    work.dump("old", 0..3000);
    work.expect(0, "convert old -o corpus");
    let before = ["records", "traces"].map(|part| work.shards("corpus", part));
    assert!(before[0].len() > 10);
    work.dump("new", 3000..3010);
    work.expect(0, "build new -o corpus --add");
    for (part, before) in ["records", "traces"].iter().zip(&before) {
        let after = work.shards("corpus", part);
        for (name, bytes) in before {
            assert_eq!(after.get(name), Some(bytes), "{part}/{name}");
        }
        assert_eq!(after.len(), before.len() + 1, "{part}");
    }
    assert_eq!(work.release("corpus", 1)["records"]["article"], 3010);
    let (exit, printed) = work.run("verify corpus");
    assert_eq!(exit, 3, "{printed}");
}

/// `corpus-add-renamed`
#[test]
fn a_renamed_folder_is_recognised() {
    let work = Work::new();
    work.dump("dumps/2021", 0..4);
    work.expect(0, "build dumps -o corpus");
    let ids = work.ids("corpus");
    fs::rename(
        work.path().join("dumps/2021"),
        work.path().join("dumps/archive"),
    )
    .unwrap();
    let printed = work.expect(0, "build dumps -o corpus");
    assert_says(
        &printed,
        &["4 files renamed: `2021/00000.txt` is now `archive/00000.txt`"],
    );
    assert_eq!(work.ids("corpus"), ids);
    let ledger = files(&work.path().join("corpus/releases/2"))["inputs.jsonl"].clone();
    let ledger = String::from_utf8(ledger).unwrap();
    assert!(ledger.contains("archive/00000.txt") && !ledger.contains("2021/"));
    work.expect(0, "check corpus --raw dumps");
    work.whole("corpus");

    // Added, it is a further copy, and both names stay; with --update the ledger follows.
    fs::rename(work.path().join("dumps/archive"), work.path().join("moved")).unwrap();
    let printed = work.expect(0, "build moved -o corpus --add");
    assert_says(
        &printed,
        &[
            "4 files are copies of files that the corpus has",
            "`00000.txt` of `archive/00000.txt`",
        ],
    );
    let printed = work.expect(0, "build moved -o corpus");
    assert_eq!(work.ids("corpus"), ids);
    assert!(!printed.contains("lack"), "{printed}");
}

/// A file that the corpus has under two labels is one file of which there is a copy.
#[test]
fn a_copy_of_a_file_with_two_names_is_counted_once() {
    let work = Work::new();
    work.dump("dumps", 0..1);
    work.expect(0, "build dumps -o corpus --as day1");
    work.expect(0, "build dumps -o corpus --add --as day2");
    let printed = work.expect(0, "build dumps -o corpus --add --as day3");
    assert_says(
        &printed,
        &[
            "1 file is a copy of a file that the corpus has",
            "`day3/00000.txt` of `day1/00000.txt`",
        ],
    );
}

#[test]
fn changed_files_and_missing_ones_are_both_named() {
    let work = Work::new();
    work.dump("dumps", 0..3);
    work.expect(0, "build dumps -o corpus");
    fs::remove_file(work.path().join("dumps/00000.txt")).unwrap();
    work.write("dumps/00001.txt", &article(9, "green"));
    let printed = work.expect(2, "build dumps -o corpus");
    assert_says(
        &printed,
        &[
            "1 file has other bytes than when the corpus was built: `00001.txt`; the inputs lack 1 file: \
             `00000.txt`",
            "`--add --update`",
        ],
    );
    let (_, printed) = work.run("convert dumps -o corpus --add --update");
    assert_says(&printed, &["articles now: 3"]);
}

#[test]
fn a_file_is_not_the_folder_of_a_corpus() {
    let work = Work::new();
    work.dump("dumps", 0..1);
    work.write("one.txt", "kept");
    for command in ["build dumps -o one.txt", "convert dumps -o one.txt"] {
        let printed = work.expect(2, command);
        assert_says(
            &printed,
            &["`one.txt` is a file; -o takes the folder of a corpus"],
        );
    }
}

/// What `seal` would refuse is not what comes next.
#[test]
fn a_conversion_that_loses_articles_is_checked_next() {
    let work = Work::new();
    work.dump("dumps", 0..3);
    work.expect(0, "build dumps -o corpus");
    fs::remove_file(work.path().join("dumps/00000.txt")).unwrap();
    let (_, printed) = work.run("convert dumps -o corpus --replace");
    assert!(
        printed.contains("next: dateline check corpus\n"),
        "{printed}"
    );
    work.expect(2, "seal corpus");
}

/// `corpus-add-replace`, `corpus-add-gone`
#[test]
fn a_dropped_source_is_let_go_and_may_return() {
    let work = Work::new();
    work.dump("dumps/a", 0..3);
    work.dump("dumps/b", 3..5);
    work.expect(0, "build dumps -o corpus");
    let printed = work.expect(2, "build dumps/a -o corpus");
    assert_says(
        &printed,
        &["2 files, which the inputs lack: `b/00003.txt`, `b/00004.txt`"],
    );
    fs::rename(work.path().join("dumps/b"), work.path().join("b")).unwrap();
    let printed = work.expect(2, "build dumps -o corpus");
    assert_says(
        &printed,
        &["2 files, which the inputs lack: `b/00003.txt`, `b/00004.txt`"],
    );

    let printed = work.expect(1, "build dumps -o corpus --replace");
    assert_says(
        &printed,
        &[
            "removes 2 articles:",
            "of these, in the last release: 2",
            "withdraw corpus --missing --reason removed",
        ],
    );
    assert!(!printed.contains("superseded"), "{printed}");
    let printed = work.expect(0, "withdraw corpus --missing --reason removed --dry-run");
    assert_says(&printed, &["would withdraw art-", "(removed)"]);
    let printed = work.expect(0, "withdraw corpus --missing --reason removed");
    assert_says(&printed, &["withdrew art-"]);
    work.expect(0, "seal corpus");
    assert_eq!(work.release("corpus", 2)["changes"]["withdrawn"], 2);
    work.whole("corpus");
    let printed = work.expect(0, "withdraw corpus --missing --reason removed");
    assert_says(&printed, &["nothing is missing"]);

    // The source comes back, and with it its articles.
    fs::rename(work.path().join("b"), work.path().join("dumps/b")).unwrap();
    let printed = work.expect(0, "build dumps -o corpus");
    assert_says(
        &printed,
        &["2 withdrawals with the reason `removed` are undone"],
    );
    assert_eq!(work.release("corpus", 3)["changes"]["reinstated"], 2);
    assert_eq!(work.release("corpus", 3)["records"]["article"], 5);
    work.whole("corpus");
}

/// `corpus-add-update`
#[test]
fn an_edited_dump_stops_until_it_is_an_update() {
    for ids in ["derived", "url"] {
        let work = Work::new();
        work.write(
            "corpus/dateline.yaml",
            &format!("format: dateline-config/1\norigin: gates\ntitle: Gates\nids: {ids}\n"),
        );
        work.dump("dumps", 0..3);
        work.write("dumps/README.md", "About");
        work.write("dumps/empty.txt", "");
        work.expect(0, "build dumps -o corpus --allow-refused");
        work.write("dumps/00001.txt", &article(1, "blue"));
        // What no record was made of may change and go without being asked for.
        work.write("dumps/README.md", "About the gates");
        fs::remove_file(work.path().join("dumps/empty.txt")).unwrap();
        for command in ["build dumps -o corpus", "build dumps -o corpus --add"] {
            let printed = work.expect(2, command);
            assert_says(
                &printed,
                &["1 file has other bytes", "`00001.txt`", "--update"],
            );
        }
        if ids == "url" {
            work.expect(0, "build dumps -o corpus --update");
            assert_eq!(work.release("corpus", 2)["changes"]["revised"], 1);
        } else {
            let printed = work.expect(1, "build dumps -o corpus --update");
            assert_says(
                &printed,
                &["1 file changed since the last time", "removes 1 article:"],
            );
            work.expect(0, "withdraw corpus --missing --reason superseded");
            work.expect(0, "seal corpus");
            let changes = &work.release("corpus", 2)["changes"];
            assert_eq!(
                (&changes["added"], &changes["withdrawn"]),
                (&1.into(), &1.into())
            );
        }
        work.whole("corpus");

        // The same as an addition of one file.
        work.write("one/00002.txt", &article(2, "blue"));
        let code = i32::from(ids == "derived");
        work.expect(code, "build one -o corpus --add --update");
        if ids == "derived" {
            work.expect(0, "withdraw corpus --missing --reason removed");
            work.expect(0, "seal corpus");
        }
        assert_eq!(work.release("corpus", 3)["records"]["article"], 3);
        work.whole("corpus");
    }
}

/// `corpus-keep-ids`, `corpus-keep-ids-asked`, `corpus-keep-ids-stay`
#[test]
fn articles_keep_their_ids_where_the_dump_moves_to_other_files() {
    let work = Work::new();
    work.dump("flat", 0..6);
    work.expect(0, "build flat -o corpus");
    let ids = work.ids("corpus");
    // The same articles, cut otherwise: other bytes, other names, the same texts.
    for number in 0..6 {
        let text =
            article(number, "green").replace("https://gates.example/", "https://gates.example/a/");
        work.write(&format!("cut/item-{number}"), &text);
    }
    let before = files(&work.path().join("corpus"));
    let printed = work.expect(2, "build cut -o corpus");
    assert_says(
        &printed,
        &[
            "6 articles of the inputs have the text of one of the last release",
            "--keep-ids",
        ],
    );
    let printed = work.expect(2, "build cut -o corpus --replace");
    assert_says(
        &printed,
        &[
            "6 articles of release 1 would go, but their texts are in the inputs under other ids",
            "--keep-ids",
            "--new-ids",
        ],
    );
    assert_eq!(files(&work.path().join("corpus")), before);

    let printed = work.expect(0, "build cut -o corpus --keep-ids");
    assert_says(
        &printed,
        &["6 articles kept the id from the last release, because the text is the same"],
    );
    assert_eq!(work.ids("corpus"), ids);
    assert_eq!(work.release("corpus", 2)["changes"]["revised"], 6);
    work.whole("corpus");
    // They keep them from then on.
    let printed = work.expect(0, "build cut -o corpus");
    assert_says(&printed, &["nothing changed since release 2"]);

    // Two articles of one text: it is not known which was which.
    let text = article(0, "green").replace("2021-04", "2021-05");
    work.write(
        "twice/one",
        &text.replace("/gates.example/0", "/gates.example/x"),
    );
    work.write(
        "twice/two",
        &text.replace("/gates.example/0", "/gates.example/y"),
    );
    for number in 1..6 {
        let text = article(number, "green").replace("2021-04", "2021-05");
        work.write(&format!("twice/item-{number}"), &text);
    }
    let printed = work.expect(2, "build twice -o corpus --keep-ids");
    assert_says(&printed, &["1 article of the last release"]);
    let printed = work.expect(1, "build twice -o corpus --keep-ids --replace");
    assert_says(
        &printed,
        &[
            "5 articles kept the id",
            "2 articles got new ids",
            "removes 1 article",
        ],
    );
}

/// Following the advice of an error works, whichever options were given before: it never leads to an error that
/// advises the first command again.
#[test]
fn no_advice_leads_in_a_circle() {
    let work = Work::new();
    work.dump("dumps", 0..4);
    work.expect(0, "build dumps -o corpus");
    // Two files changed, two are not named; and one article in another file.
    for number in 0..2 {
        work.write(&format!("some/{number:05}.txt"), &article(number, "blue"));
    }
    work.write("same/a.txt", &format!("{}\n", article(0, "green")));
    for (given, advice) in [
        ("some", "--add --update"),
        ("some --update", "--add --update"),
        ("some --add", "--add --update"),
        ("some --add", "--add --as LABEL"),
        ("same --keep-ids", "--replace --keep-ids"),
    ] {
        crate::tool::copy(&work.path().join("corpus"), &work.path().join("tried"));
        let printed = work.expect(2, &format!("build {given} -o tried"));
        assert_says(&printed, &[&format!("`{advice}`")]);
        let (dump, _) = given.split_once(' ').unwrap_or((given, ""));
        let (code, printed) = work.run(&format!("build {dump} -o tried {advice}"));
        assert_ne!(code, 2, "{given}, then {advice}: {printed}");
        fs::remove_dir_all(work.path().join("tried")).unwrap();
    }
}

/// `corpus-two-branches`
#[test]
fn of_two_releases_of_one_number_the_unpublished_one_is_sealed_again() {
    let work = Work::new();
    work.dump("dumps/a", 0..3);
    work.expect(0, "build dumps -o ours");
    crate::tool::copy(&work.path().join("ours"), &work.path().join("theirs"));
    work.dump("more/b", 3..5);
    work.dump("other/c", 5..6);
    work.expect(0, "build more -o ours --add");
    work.expect(0, "build other -o theirs --add");
    assert_eq!(
        work.release("ours", 2)["release"],
        work.release("theirs", 2)["release"]
    );

    // `ours` was published. Theirs is taken up again from that: its inputs are added once more, and what it
    // withdrew is withdrawn again.
    crate::tool::copy(&work.path().join("ours"), &work.path().join("merged"));
    work.expect(0, "build other -o merged --add");
    assert_eq!(work.release("merged", 3)["records"]["article"], 6);
    assert_eq!(work.release("merged", 3)["changes"]["added"], 1);
    work.whole("merged");
}

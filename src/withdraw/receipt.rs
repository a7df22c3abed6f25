//! The receipt of a withdrawal: what was done, what it does and what it does not.

use std::fmt::Write as _;
use std::path::Path;

use super::{Keying, Outcome, Request};
use crate::diagnostic::escape::escape;
use crate::record::{Id, Withdrawal};

/// How many names of one kind a receipt lists.
const LISTED: usize = 1000;

/// The receipt of what was done to the corpus at `corpus`, for people to read. It holds no texts, and of
/// URLs only those that were asked for and that no article has.
pub(super) fn text(corpus: &Path, request: &Request, outcome: &Outcome) -> String {
    let mut receipt = Receipt(String::new());
    receipt.line("dateline: receipt of a withdrawal");
    receipt.line("");
    let keyless = request.reason.is_keyless();
    let private = matches!(request.keying, Keying::Private(_));
    receipt.pair("date", request.date.as_str());
    receipt.pair("by", &request.by);
    receipt.pair("corpus", &corpus.display().to_string());
    receipt.pair("reason", request.reason.name());
    if let Some(notice) = &request.notice {
        receipt.pair("notice", notice);
    }
    receipt.pair(
        "keys",
        if keyless {
            "none: the reason excludes them"
        } else if private {
            "private, under the secret beside this receipt"
        } else {
            "public: whoever guesses a URL or has a copy of the text can test it against them"
        },
    );
    receipt.withdrawn(&outcome.withdrawals, outcome);
    receipt.not_yet(outcome);
    receipt.kept_out(request, outcome);
    receipt.decided(request);
    receipt.remaining(outcome);
    receipt.out_of_reach();
    receipt.0
}

struct Receipt(String);

impl Receipt {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn title(&mut self, title: &str) {
        self.line("");
        self.line(title);
    }

    fn item(&mut self, item: &str) {
        let _ = writeln!(self.0, "  - {item}");
    }

    fn pair(&mut self, name: &str, value: &str) {
        // What comes from outside stays on its line.
        let _ = writeln!(self.0, "{name:<8}{}", escape(value));
    }

    fn list(&mut self, about: &str, names: &[String]) {
        if names.is_empty() {
            return;
        }
        self.item(&format!("{about}:"));
        for name in names.iter().take(LISTED) {
            let _ = writeln!(self.0, "      {}", escape(name));
        }
        if names.len() > LISTED {
            let _ = writeln!(self.0, "      … and {} more", names.len() - LISTED);
        }
    }

    fn withdrawn(&mut self, withdrawals: &[Withdrawal], outcome: &Outcome) {
        self.title("Withdrawn");
        for gone in withdrawals {
            let releases = outcome.releases.get(&gone.id);
            let releases = releases.map_or_else(
                || "in no release".to_owned(),
                |all| format!("in {}", numbers(all)),
            );
            let has = |key: bool, name: &str| key.then(|| name.to_owned());
            let count = |keys: usize, name: &str| (keys > 0).then(|| format!("{keys} {name}"));
            let keys: Vec<String> = [
                has(gone.raw_digest.is_some(), "raw bytes"),
                has(gone.text_digest.is_some(), "text"),
                count(gone.url_digests.len(), "URL"),
                count(gone.url_keys.len(), "URL in coarse form"),
            ]
            .into_iter()
            .flatten()
            .collect();
            let keys = if keys.is_empty() {
                "none".to_owned()
            } else {
                keys.join(", ")
            };
            self.item(&format!("{}  {releases}", gone.id));
            let _ = writeln!(self.0, "      was {}", gone.was);
            let _ = writeln!(self.0, "      keys: {keys}");
        }
        let _ = writeln!(
            self.0,
            "  With them went {} and {}.",
            counted(outcome.traces, "trace"),
            counted(outcome.relations, "relation")
        );
    }

    fn not_yet(&mut self, outcome: &Outcome) {
        self.title("Not in force until the next release is sealed");
        if outcome.releases.is_empty() {
            self.item("no release had the articles, and none will have them");
        } else {
            self.item(
                "the newest release, texts included, stays on disk until then: `dateline seal`",
            );
        }
        self.item("it has to reach those who have the corpus: publish the release");
    }

    fn kept_out(&mut self, request: &Request, outcome: &Outcome) {
        self.title("What matches, and what does not");
        if request.reason.lets_return() {
            self.item("nothing: they may return");
            return;
        }
        if request.reason.is_keyless() {
            self.item("the id alone");
            return;
        }
        self.item("refused: the id, the same bytes, the same URL");
        self.item(
            "held until somebody decides: the URL in another spelling (`http:`, `www.`, tracking \
             parameters and the like), the same text in other spacing or with invisible characters",
        );
        self.item(
            "not found: a text with another word in it, a part of the text, a translation, images",
        );
        self.list(
            "too short for their text to be a key (under 200 characters)",
            &strings(&outcome.unprotected),
        );
        let shared: Vec<String> = outcome
            .shared
            .iter()
            .map(|(id, count)| format!("{id}  ({count})"))
            .collect();
        self.list(
            "with URLs that are no keys, since other articles with other texts share them",
            &shared,
        );
        if matches!(request.keying, Keying::Private(_)) {
            self.item(
                "without the secret only ids match: whoever builds or seals elsewhere needs it; ids \
                 that are made of a URL or of the bytes can be guessed as public keys can",
            );
        }
    }

    fn decided(&mut self, request: &Request) {
        if request.also.is_empty() && request.distinct.is_empty() {
            return;
        }
        self.title("Decided");
        self.list("go, too", &strings(&request.also));
        self.list("are distinct, and stay", &strings(&request.distinct));
    }

    fn remaining(&mut self, outcome: &Outcome) {
        self.title("What remains here");
        let links: Vec<String> = outcome
            .links
            .iter()
            .map(|(id, gone)| format!("{id}  ->  {gone}"))
            .collect();
        self.list("records that link to a URL of them, unchanged", &links);
        let paths: Vec<String> = outcome.paths.iter().cloned().collect();
        self.list(
            "names of files in the ledger, until the next release is sealed",
            &paths,
        );
        self.item("the dumps that the articles were made of, which dateline never writes to");
        let older: Vec<String> = outcome
            .releases
            .iter()
            .map(|(id, all)| format!("{id}  {}", numbers(all)))
            .collect();
        self.list(
            "ids and digests, no texts, in the entries of the releases that had them",
            &older,
        );
        self.list(
            "URLs and domains asked for that no article has",
            &outcome.unmatched,
        );
    }

    fn out_of_reach(&mut self) {
        self.title("Out of dateline's reach");
        for place in [
            "the history of git, git LFS and git-annex, in every clone",
            "older revisions on the Hugging Face Hub and other hosts, and their caches",
            "mirrors and copies of older releases, backups",
            "exports, derived datasets, models",
            "proofs of records, logs of builds and of CI",
            "what was published before as `url_digests` and other keys",
        ] {
            self.item(place);
        }
    }
}

fn strings<'i>(ids: impl IntoIterator<Item = &'i Id>) -> Vec<String> {
    ids.into_iter().map(Id::to_string).collect()
}

fn counted(count: u64, name: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {name}{s}")
}

fn numbers(releases: &[u64]) -> String {
    let numbers: Vec<String> = releases.iter().map(u64::to_string).collect();
    let s = if releases.len() == 1 { "" } else { "s" };
    format!("release{s} {}", numbers.join(", "))
}

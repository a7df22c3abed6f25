//! The lines among the records of a corpus, file by file.

use super::index::LeafKey;
use super::{Finding, PartName, PartResult, Verdict, VerifyOptions};
use super::{Findings, Judged};
use crate::corpus::pass::{self, Stored};
use crate::corpus::{Among, AmongFile, Chunks, Other, Part, ReadError};
use crate::release::{Defect, Leaf, Placed, Problem, leaf};

/// How many lines beyond those of a release are read, so that the first of them can be named.
const BEYOND: u64 = 1_000;

/// What reading the files of some folders came to, beside what they hold.
#[derive(Default)]
pub(super) struct Read {
    /// How many files hold lines.
    pub(super) files: u64,
    /// Files that could not be read, and why.
    pub(super) unread: Vec<Finding>,
    /// Files of operating systems that hold no records.
    pub(super) litter: Vec<String>,
    /// Whether reading was ended, since there are too many lines.
    pub(super) ended: bool,
}

/// What is read of a file.
pub(super) enum Item<T> {
    /// A record, or a trace.
    Leaf(Met, T),
    /// A line or a file that gives none.
    Wrong(Finding),
}

/// A leaf that was met.
pub(super) struct Met {
    /// What of the entries it is.
    pub(super) placed: Placed,
    /// The key of its entry.
    pub(super) key: LeafKey,
    /// Whether it lies outside the corpus: then nothing of it is shown.
    pub(super) outside: bool,
}

/// That there are too many lines, and in which of the files.
struct TooMany(usize);

impl Read {
    /// Reads the files of `folders` on all threads, each of which may `look` at a leaf; hands on in order what they
    /// hold.
    ///
    /// Ends where there are more lines than `most`, and some.
    pub(super) fn files<T: Send>(
        &mut self,
        among: &Among,
        folders: &[Part],
        most: u64,
        look: impl Fn(&Leaf<'_>) -> T + Sync,
        mut take: impl FnMut(Item<T>) + Send,
    ) {
        let most = most.saturating_add(BEYOND);
        let files = folders.iter().flat_map(|&folder| among.of(folder));
        let (litter, files): (Vec<_>, Vec<_>) =
            files.partition(|file| file.litter && file.holds_no_record());
        let litter = litter.iter().map(|file| file.source.file.to_string());
        self.litter.extend(litter);
        let look = |stored: Result<Stored<'_>, ReadError>| {
            let at = match &stored {
                Ok(stored) => stored.source,
                Err(error) => {
                    let named = |file: &&AmongFile| *file.source.file == *error.file();
                    files.iter().position(named).unwrap_or_default()
                }
            };
            let file = files.get(at).copied();
            Ok(file.map(|file| (at, item(stored, file, &look))))
        };
        let mut lines = 0_u64;
        let sources = files.iter().map(|file| file.source.clone());
        let read = pass::lines(Chunks::new(sources), look, |(at, item)| {
            lines += 1;
            if lines > most {
                return Err(TooMany(at));
            }
            match item {
                Ok(item) => item.into_iter().for_each(&mut take),
                Err(unread) => self.unread.push(unread),
            }
            Ok(())
        });
        self.ended |= read.is_err();
        let count = read.map_or_else(|TooMany(at)| at + 1, |()| files.len());
        self.files += u64::try_from(count).unwrap_or(u64::MAX);
    }
}

/// What a line or a failure to read gives; nothing where it is blank, an error where the file could not be read. That
/// U+000A ends a line is not asked: it is no part of a record.
fn item<T>(
    stored: Result<Stored<'_>, ReadError>,
    file: &AmongFile,
    look: impl Fn(&Leaf<'_>) -> T,
) -> Result<Option<Item<T>>, Finding> {
    let finding = |line, message| Finding {
        id: None,
        file: Some(file.source.file.to_string()),
        line,
        message,
    };
    let mut stored = match stored {
        Ok(stored) => stored,
        Err(error) => {
            let message = without_name(&error.to_string(), &file.source.file);
            let finding = finding(error.line(), message);
            return if error.is_unreadable() {
                Err(finding)
            } else {
                Ok(Some(Item::Wrong(finding)))
            };
        }
    };
    let line = stored.line;
    if line.bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    stored.line.ended = true;
    let defect = match leaf(stored, file.part) {
        Ok(leaf) => {
            let seen = look(&leaf);
            let met = Met {
                key: LeafKey::of(&leaf.placed.entry),
                placed: leaf.placed,
                outside: file.outside,
            };
            return Ok(Some(Item::Leaf(met, seen)));
        }
        Err(Problem { defect, .. }) => defect,
    };
    let message = if file.outside {
        "a line of a file outside the corpus is no record of the release".to_owned()
    } else if !line.ended && matches!(defect, Defect::Syntax(_)) {
        Defect::Cut.to_string()
    } else {
        defect.to_string()
    };
    Ok(Some(Item::Wrong(finding(Some(line.number), message))))
}

/// A message without the name of the file, which stands in front of it anyway.
pub(super) fn without_name(message: &str, file: &str) -> String {
    message
        .strip_prefix(file)
        .and_then(|rest| rest.strip_prefix(": "))
        .unwrap_or(message)
        .to_owned()
}

/// Judges the files among the records as files: that each can be read, and holds lines.
pub(super) fn judge(
    judged: &Judged<'_>,
    among: &Among,
    read: Read,
    options: &VerifyOptions<'_>,
) -> PartResult {
    let mut wrong = Findings::new(options.limit);
    let mut unread = Findings::new(options.limit);
    let mut litter = read.litter;
    for Other {
        file,
        kind,
        litter: of_system,
        ..
    } in &among.others
    {
        if *of_system && !kind.may_hold_records() {
            litter.push(file.clone());
            continue;
        }
        let finding = Finding {
            id: None,
            file: Some(file.clone()),
            line: None,
            message: kind.to_string(),
        };
        if kind.is_unverifiable() {
            unread.push(finding);
        } else {
            wrong.push(finding);
        }
    }
    for finding in read.unread {
        unread.push(finding);
    }
    let part =
        |verdict| PartResult::new(PartName::Shards, judged.number, verdict).counting(read.files);
    let mut part = if wrong.count > 0 {
        let count = wrong.count;
        let mut part = part(Verdict::Failed).because(format!(
            "{count} among the records {} of records",
            if count == 1 {
                "is no file"
            } else {
                "are no files"
            }
        ));
        part.findings = wrong.kept;
        part
    } else if unread.count > 0 {
        let mut part =
            part(Verdict::Unverifiable).because(format!("{} cannot be read", unread.count));
        part.findings = unread.kept;
        part
    } else {
        part(Verdict::Verified)
    };
    if read.ended {
        part.verdict = Verdict::Failed;
        part = part.because(format!(
            "there are more lines than the {} of the release: not all were read",
            judged.size
        ));
    }
    if part.reason.is_none() && !litter.is_empty() {
        let named: Vec<&str> = litter.iter().take(3).map(String::as_str).collect();
        let more = litter.len().saturating_sub(named.len());
        let more = if more == 0 {
            String::new()
        } else {
            format!(" and {more} more")
        };
        part = part.because(format!(
            "left by an operating system, without records: {}{more}",
            named.join(", ")
        ));
    }
    part
}

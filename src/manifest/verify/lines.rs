//! The lines among the records of a corpus, file by file.

use super::{Finding, PartName, PartResult, Verdict, VerifyOptions};
use super::{Findings, Judged};
use crate::corpus::{Among, AmongFile, Line, Lines, Other, Part};
use crate::release::{Defect, Leaf, Problem, leaf};

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
pub(super) enum Item {
    /// A record, or a trace.
    Leaf(Box<Leaf>),
    /// A line or a file that gives none.
    Wrong(Finding),
}

impl Read {
    /// Reads the files of `folders`; hands on what they hold and whether it lies outside the corpus.
    ///
    /// Ends where there are more lines than `most`, and some.
    pub(super) fn files(
        &mut self,
        among: &Among,
        folders: &[Part],
        most: u64,
        mut take: impl FnMut(Item, bool),
    ) {
        let most = most.saturating_add(BEYOND);
        let mut lines = 0_u64;
        for &folder in folders {
            for file in among.of(folder) {
                if file.litter && file.holds_no_record() {
                    self.litter.push(file.source.file.to_string());
                    continue;
                }
                self.files += 1;
                for line in Lines::new([file.source.clone()]) {
                    lines += 1;
                    if lines > most {
                        self.ended = true;
                        return;
                    }
                    match line {
                        Ok(line) if line.bytes.iter().all(u8::is_ascii_whitespace) => {}
                        Ok(line) => take(item(line, file), file.outside),
                        Err(error) => {
                            let finding = Finding {
                                id: None,
                                file: Some(file.source.file.to_string()),
                                line: error.line(),
                                message: without_name(&error.to_string(), &file.source.file),
                            };
                            if error.is_unreadable() {
                                self.unread.push(finding);
                            } else {
                                take(Item::Wrong(finding), file.outside);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a line gives. That U+000A ends it is not asked: it is no part of a record.
fn item(mut line: Line, file: &AmongFile) -> Item {
    let ended = std::mem::replace(&mut line.ended, true);
    let number = line.number;
    let defect = match leaf(line, file.part) {
        Ok(leaf) => return Item::Leaf(Box::new(leaf)),
        Err(Problem { defect, .. }) => defect,
    };
    let message = if file.outside {
        "a line of a file outside the corpus is no record of the release".to_owned()
    } else if !ended && matches!(defect, Defect::Syntax(_)) {
        Defect::Cut.to_string()
    } else {
        defect.to_string()
    };
    Item::Wrong(Finding {
        id: None,
        file: Some(file.source.file.to_string()),
        line: Some(number),
        message,
    })
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

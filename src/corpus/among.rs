//! What lies among the records of a corpus, whatever it is called.
//!
//! Listings, names, sizes and times are not signed, so a verdict on records asks none of them: it takes
//! every file below `records/`, `relations/`, `withdrawals/` and `traces/`, hidden and nested ones too,
//! and what it holds is told from its bytes (`spec/corpus.md`, `corpus-among`).

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::magic::{self, Content};
use super::{Corpus, Lines, Part, ShardName, Source};
use crate::dump::is_litter;
use crate::json::{Kind as Value, Tape};
use crate::open::{self, Astray, Kind};
use crate::transit::{self, Pointer};

/// How deep folders are looked into.
const DEEPEST: usize = 32;
/// How many bytes of a file show what kind it is.
const START: u64 = 4097;

/// The files among the records of a corpus: shards by their names, then others, each in order of folder and
/// path.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Among {
    /// Those that can hold lines.
    pub files: Vec<AmongFile>,
    /// Those that cannot, or that cannot be read.
    pub others: Vec<Other>,
}

/// A file among the records that can hold lines.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AmongFile {
    /// Whose folder it lies below.
    pub part: Part,
    /// The file, in the container that its bytes show.
    pub source: Source,
    /// Whether it, or a folder that it lies in, is called like what operating systems leave behind.
    pub litter: bool,
    /// Whether it is a link to a file outside the corpus, of which nothing may be shown.
    pub outside: bool,
}

/// Something else among the records.
#[derive(Debug)]
#[non_exhaustive]
pub struct Other {
    /// Whose folder it lies below.
    pub part: Part,
    /// Its path, relative to the corpus.
    pub file: String,
    /// What it is.
    pub kind: OtherKind,
    /// Whether it, or a folder that it lies in, is called like what operating systems leave behind.
    pub litter: bool,
}

/// What a file among the records is that no lines can be read from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OtherKind {
    /// A pipe, a socket or a device.
    #[error("it is neither a file nor a folder")]
    Special,
    /// A link to a folder, or in place of one.
    #[error("it is a link to a folder, and no link to a folder is followed")]
    FolderLink,
    /// A link to what is no file of data.
    #[error("{0}")]
    Astray(#[source] io::Error),
    /// Folders in folders without end.
    #[error("it lies more than {DEEPEST} folders deep")]
    Deep,
    /// A file of another kind.
    #[error("it is {0}, and only files of records belong here")]
    Kind(&'static str),
    /// A link that leads nowhere.
    #[error("it is a link to a file that is not here")]
    Dangling,
    /// A small file in the place of one of records, which was not fetched.
    #[error("{0}: {remedy}", remedy = .0.remedy())]
    Pointer(Pointer),
    /// Packed in a way that is not known here.
    #[error("it is packed with {0}, which this version does not read: unpack it first")]
    Packed(&'static str),
    /// Nobody may read it, or the disk fails.
    #[error("it cannot be read: {0}")]
    Unreadable(#[source] io::Error),
}

impl OtherKind {
    /// Whether records may be in it all the same, which cannot be told here.
    #[must_use]
    pub const fn is_unverifiable(&self) -> bool {
        matches!(
            self,
            Self::Dangling | Self::Pointer(_) | Self::Packed(_) | Self::Unreadable(_)
        )
    }

    /// Whether the file may hold records. Such a file is never litter, whatever it is called.
    #[must_use]
    pub const fn may_hold_records(&self) -> bool {
        self.is_unverifiable() || matches!(self, Self::Kind(_))
    }
}

impl Corpus {
    /// Everything below the folders of records, relations, withdrawals and traces.
    #[must_use]
    pub fn among(&self) -> Among {
        let mut among = Among::default();
        for part in Part::ALL {
            if part != Part::Inputs {
                Walk {
                    root: self.root(),
                    part,
                    among: &mut among,
                }
                .whole();
            }
        }
        // Of a record that comes twice, the one under another name than a shard's comes second.
        among.files.sort_by_key(|file| !is_shard(&file.source.file));
        among
    }

    /// What lies among the records and is no shard by its name, but for what holds nothing: empty files,
    /// and what operating systems leave behind.
    #[must_use]
    pub fn strays(&self) -> Among {
        let mut among = self.among();
        among.files.retain(|file| {
            let nothing = if file.litter {
                AmongFile::holds_no_record
            } else {
                AmongFile::holds_no_line
            };
            !is_shard(&file.source.file) && !nothing(file)
        });
        among.others.retain(|other| {
            !is_shard(&other.file) && (!other.litter || other.kind.may_hold_records())
        });
        among
    }
}

/// Whether a path has the form of a shard's name.
fn is_shard(path: &str) -> bool {
    path.parse::<ShardName>().is_ok()
}

impl AmongFile {
    /// Whether no line of it is an object, as every record is.
    #[must_use]
    pub fn holds_no_record(&self) -> bool {
        let mut lines = Lines::new([self.source.clone()]);
        lines.all(|line| match line {
            Ok(line) => {
                Tape::parse(&line.bytes).map_or(true, |tape| tape.root().kind() != Value::Object)
            }
            // What cannot be looked at may hold some.
            Err(error) => !error.is_unreadable(),
        })
    }

    /// Whether it has no line but empty ones.
    #[must_use]
    pub fn holds_no_line(&self) -> bool {
        let mut lines = Lines::new([self.source.clone()]);
        lines.all(|line| line.is_ok_and(|line| line.bytes.iter().all(u8::is_ascii_whitespace)))
    }
}

impl Among {
    /// The files below the folder of `part` that can hold lines.
    pub fn of(&self, part: Part) -> impl Iterator<Item = &AmongFile> {
        self.files.iter().filter(move |file| file.part == part)
    }
}

struct Walk<'w> {
    root: &'w Path,
    part: Part,
    among: &'w mut Among,
}

/// Something that was met.
struct Met {
    /// Where it lies, relative to the corpus.
    path: PathBuf,
    /// How it is called; a name that is not UTF-8 as far as it can be shown.
    file: String,
    kind: Kind,
    litter: bool,
    depth: usize,
}

impl Walk<'_> {
    fn whole(&mut self) {
        let name = self.part.folder();
        let mut first = Met {
            path: PathBuf::from(name),
            file: name.to_owned(),
            kind: Kind::Folder,
            litter: false,
            depth: 0,
        };
        match open::kind(self.root, &first.path) {
            Ok(Some(kind)) => first.kind = kind,
            // A corpus need not have every folder.
            Ok(None) => return,
            Err(error) => {
                self.other(first, OtherKind::Unreadable(error));
                return;
            }
        }
        let mut open = vec![first];
        while let Some(met) = open.pop() {
            match met.kind {
                Kind::Folder => self.folder(met, &mut open),
                Kind::Link => self.link(met),
                Kind::File if met.depth == 0 => {
                    self.other(met, OtherKind::Kind("a file in the place of a folder"));
                }
                Kind::File => self.file(met, false),
                Kind::Special(_) => self.other(met, OtherKind::Special),
            }
        }
    }

    fn folder(&mut self, met: Met, open: &mut Vec<Met>) {
        if met.depth > DEEPEST {
            self.other(met, OtherKind::Deep);
            return;
        }
        let named = match open::list(self.root, &met.path) {
            Ok(named) => named,
            Err(error) => {
                self.other(met, OtherKind::Unreadable(error));
                return;
            }
        };
        // The last is looked at first.
        for (name, kind) in named.into_iter().rev() {
            let shown = name.to_string_lossy();
            open.push(Met {
                path: met.path.join(&name),
                file: format!("{}/{shown}", met.file),
                kind,
                litter: met.litter || is_litter(&shown),
                depth: met.depth + 1,
            });
        }
    }

    fn link(&mut self, met: Met) {
        let path = self.root.join(&met.path);
        if met.depth == 0 || path.is_dir() {
            self.other(met, OtherKind::FolderLink);
            return;
        }
        match open::leads_out(self.root, &path) {
            Ok(target) => self.file(met, target.is_some()),
            Err(error) if open::is_absent(&error) => self.other(met, OtherKind::Dangling),
            Err(error) => self.other(met, OtherKind::Unreadable(error)),
        }
    }

    fn file(&mut self, met: Met, outside: bool) {
        let path = self.root.join(&met.path);
        let start = match start(&path) {
            Ok(start) => start,
            Err(error) => {
                let kind = match Astray::of(&error) {
                    Some(Astray::Dangling(_)) => OtherKind::Dangling,
                    Some(_) => OtherKind::Astray(error),
                    None => OtherKind::Unreadable(error),
                };
                self.other(met, kind);
                return;
            }
        };
        let kind = match (transit::pointer(&start), magic::found(&start)) {
            (Some(pointer), _) => OtherKind::Pointer(pointer),
            (None, Content::Packed(name)) => OtherKind::Packed(name),
            (None, Content::Other(name)) => OtherKind::Kind(name),
            (None, Content::Lines(container)) => {
                self.among.files.push(AmongFile {
                    part: self.part,
                    source: Source {
                        file: Arc::from(met.file),
                        path,
                        container,
                    },
                    litter: met.litter,
                    outside,
                });
                return;
            }
        };
        self.other(met, kind);
    }

    fn other(&mut self, met: Met, kind: OtherKind) {
        self.among.others.push(Other {
            part: self.part,
            file: met.file,
            kind,
            litter: met.litter,
        });
    }
}

fn start(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    open::file(path)?.take(START).read_to_end(&mut start)?;
    Ok(start)
}

#[cfg(test)]
mod tests;

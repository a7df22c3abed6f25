//! The folder beside a corpus: the secret, decisions and receipts.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Component, Path, PathBuf};

use super::decision::{Decision, Verdict};
use crate::digest::Digest;
use crate::open::{self, Astray};
use crate::record::{Secret, Withdrawn};

/// The name of the secret's file.
const SECRET: &str = "secret";
/// The name of the file of decisions.
const DECISIONS: &str = "decisions.jsonl";
/// The name of the folder of receipts.
const RECEIPTS: &str = "receipts";
/// How many bytes of a file are read, at most.
const LONGEST: u64 = 64 << 20;
/// How many receipts of one day and one article there can be.
const RECEIPTS_A_DAY: u32 = 10_000;

/// The folder beside a corpus in which lies what must not be published. It need not be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Private {
    path: PathBuf,
}

/// Why the folder beside a corpus cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// A file of it cannot be read.
    #[error("`{}` cannot be read: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of it cannot be written.
    #[error("`{}` cannot be written: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// What should be a file is something else.
    #[error("`{}` is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// It lies in the corpus.
    #[error(
        "`{}` lies in the corpus, and would be published with it: name a folder outside with --private-dir",
        .0.display()
    )]
    Inside(PathBuf),
    /// Others can read the secret.
    #[error("`{}` can be read by others (mode {mode:04o}); take that away with `chmod 600`", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The secret is not one.
    #[error("`{}` is not 64 lowercase hexadecimal digits and a line end", .0.display())]
    Secret(PathBuf),
    /// A line of the decisions is none.
    #[error("`{}`, line {line}: {source}", .path.display())]
    Decision {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Why not.
        source: serde_json::Error,
    },
}

impl Private {
    /// The folder at `path`.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// The folder that belongs to the corpus at `corpus`: `<corpus>.private`, beside it.
    #[must_use]
    pub fn beside(corpus: &Path) -> Self {
        let whole = corpus
            .canonicalize()
            .or_else(|_| std::path::absolute(corpus))
            .unwrap_or_else(|_| corpus.to_owned());
        let mut name = whole.file_name().unwrap_or_default().to_owned();
        name.push(".private");
        let path = whole.with_file_name(&name);
        // As it was named, where that is the same place.
        let near = corpus.with_file_name(&name);
        let place = near.parent().unwrap_or(Path::new(""));
        let place = if place.as_os_str().is_empty() {
            Path::new(".")
        } else {
            place
        };
        let plain = corpus
            .components()
            .all(|part| !matches!(part, Component::ParentDir | Component::CurDir));
        let same = place.canonicalize().ok().as_deref() == path.parent();
        Self {
            path: if same && plain && corpus.file_name().is_some() {
                near
            } else {
                path
            },
        }
    }

    /// Refuses a folder that lies in the corpus at `corpus`: what is in there is published with it
    /// (`withdrawal-secret`).
    ///
    /// # Errors
    ///
    /// [`FolderError::Inside`].
    pub fn lies_outside(&self, corpus: &Path) -> Result<(), FolderError> {
        let whole = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        // What is not there yet lies where the folder above it does.
        let there = whole.ancestors().find_map(|path| path.canonicalize().ok());
        match (there, corpus.canonicalize()) {
            (Some(there), Ok(corpus)) if there.starts_with(&corpus) => {
                Err(FolderError::Inside(self.path.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The secret, if there is one.
    ///
    /// # Errors
    ///
    /// [`FolderError`], where the file is not one for its owner alone, or holds something else.
    pub fn secret(&self) -> Result<Option<Secret>, FolderError> {
        let path = self.path.join(SECRET);
        let Some(file) = opened(&path)? else {
            return Ok(None);
        };
        guarded(&path, &file)?;
        let text = text(&path, file)?;
        let digits = text.strip_suffix('\n').unwrap_or(&text);
        let bytes = Digest::from_hex(digits).map_err(|_| FolderError::Secret(path))?;
        Ok(Some(Secret::from_bytes(*bytes.as_bytes())))
    }

    /// The secret, made of `random` where there is none yet. One that is there is never overwritten.
    ///
    /// # Errors
    ///
    /// [`FolderError`].
    pub fn secret_or_new(&self, random: [u8; 32]) -> Result<Secret, FolderError> {
        if let Some(secret) = self.secret()? {
            return Ok(secret);
        }
        let text = format!("{}\n", Digest::from_bytes(random).hex());
        self.create(&self.path.join(SECRET), &text)?;
        Ok(Secret::from_bytes(random))
    }

    /// What people decided, in the order in which they did.
    ///
    /// # Errors
    ///
    /// [`FolderError`].
    pub fn decisions(&self) -> Result<Vec<Decision>, FolderError> {
        let path = self.path.join(DECISIONS);
        let text = read(&path)?.unwrap_or_default();
        let lines = text.lines().enumerate();
        lines
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| {
                serde_json::from_str(line).map_err(|source| FolderError::Decision {
                    path: path.clone(),
                    line: number + 1,
                    source,
                })
            })
            .collect()
    }

    /// Adds decisions behind those there are.
    ///
    /// # Errors
    ///
    /// [`FolderError`].
    pub fn decide(&self, decisions: &[Decision]) -> Result<(), FolderError> {
        if decisions.is_empty() {
            return Ok(());
        }
        let path = self.path.join(DECISIONS);
        let written = |source| FolderError::Write {
            path: path.clone(),
            source,
        };
        let mut lines = String::new();
        for decision in decisions {
            let line = serde_json::to_string(decision).map_err(io::Error::from);
            lines.push_str(&line.map_err(written)?);
            lines.push('\n');
        }
        let Some(before) = read(&path)? else {
            return self.create(&path, &lines);
        };
        if !before.is_empty() && !before.ends_with('\n') {
            lines.insert(0, '\n');
        }
        let mut file = open::shared(&self.path, Path::new(DECISIONS)).map_err(written)?;
        file.seek(SeekFrom::End(0)).map_err(written)?;
        file.write_all(lines.as_bytes()).map_err(written)?;
        file.sync_all().map_err(written)
    }

    /// Writes a receipt under a name that begins with `name` and that no other has; gives its path.
    ///
    /// # Errors
    ///
    /// [`FolderError`].
    pub fn receipt(&self, name: &str, text: &str) -> Result<PathBuf, FolderError> {
        let folder = self.path.join(RECEIPTS);
        for number in 1..RECEIPTS_A_DAY {
            let name = match number {
                1 => format!("{name}.txt"),
                _ => format!("{name}-{number}.txt"),
            };
            let path = folder.join(name);
            if path.symlink_metadata().is_err() {
                self.create(&path, text)?;
                return Ok(path);
            }
        }
        Err(FolderError::Write {
            path: folder,
            source: io::ErrorKind::AlreadyExists.into(),
        })
    }

    /// Removes a receipt of what was not done after all.
    ///
    /// # Errors
    ///
    /// [`FolderError`].
    pub fn take_back(&self, receipt: &Path) -> Result<(), FolderError> {
        fs::remove_file(receipt).map_err(|source| FolderError::Write {
            path: receipt.to_owned(),
            source,
        })
    }

    /// Adds the secret and the decisions to what was withdrawn.
    pub(crate) fn add_to(&self, withdrawn: &mut Withdrawn) -> Result<(), FolderError> {
        if let Some(secret) = self.secret()? {
            withdrawn.unlock(secret);
        }
        for Decision { decision, id, .. } in self.decisions()? {
            match decision {
                Verdict::Also => withdrawn.decide_also(id),
                Verdict::Distinct => withdrawn.decide_distinct(id),
            }
        }
        Ok(())
    }

    /// Creates a file for its owner alone, with the folders that it needs.
    fn create(&self, path: &Path, text: &str) -> Result<(), FolderError> {
        let written = |source| FolderError::Write {
            path: path.to_owned(),
            source,
        };
        let folder = path.parent().unwrap_or(&self.path);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(written)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(written)?;
        file.write_all(text.as_bytes()).map_err(written)?;
        file.sync_all().map_err(written)
    }
}

/// The regular file at `path`, if there is one; a link is none.
fn opened(path: &Path) -> Result<Option<File>, FolderError> {
    match open::plain_file(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if open::is_absent(&error) => Ok(None),
        Err(error) if Astray::of(&error).is_some() => Err(FolderError::NotAFile(path.to_owned())),
        Err(source) => Err(FolderError::Read {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The text of a file, if there is one.
fn read(path: &Path) -> Result<Option<String>, FolderError> {
    opened(path)?.map(|file| text(path, file)).transpose()
}

fn text(path: &Path, file: File) -> Result<String, FolderError> {
    let unread = |source| FolderError::Read {
        path: path.to_owned(),
        source,
    };
    let mut text = String::new();
    let read = file.take(LONGEST + 1).read_to_string(&mut text);
    // A part of the decisions is not what was decided.
    if u64::try_from(read.map_err(unread)?).is_ok_and(|read| read > LONGEST) {
        return Err(unread(io::ErrorKind::FileTooLarge.into()));
    }
    Ok(text)
}

/// Refuses a file that others can read, as `ssh` does for keys.
fn guarded(path: &Path, file: &File) -> Result<(), FolderError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let found = file.metadata().map_err(|source| FolderError::Read {
            path: path.to_owned(),
            source,
        })?;
        let mode = found.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(FolderError::Open {
                path: path.to_owned(),
                mode,
            });
        }
    }
    #[cfg(not(unix))]
    let _ = (path, file);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs;
    use std::path::Path;

    use super::{FolderError, Private};
    use crate::record::Withdrawn;
    use crate::takedown::{Decision, Verdict};

    fn decision(decision: Verdict, id: &str) -> Decision {
        Decision {
            decision,
            id: id.parse().unwrap(),
            date: "2026-11-02".parse().unwrap(),
            by: "A. Person".to_owned(),
        }
    }

    #[test]
    fn it_lies_beside_the_corpus_however_that_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let corpus = folder.path().canonicalize().unwrap().join("corpus");
        fs::create_dir(&corpus).unwrap();
        let beside = corpus.with_file_name("corpus.private");
        for name in ["corpus", "corpus/", "corpus/.", "corpus/../corpus"] {
            let private = Private::beside(&corpus.with_file_name("").join(name));
            assert_eq!(private.path(), beside, "{name}");
        }
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&corpus, &link).unwrap();
            assert_eq!(Private::beside(&link).path(), beside);
        }
        assert!(Private::beside(Path::new(".")).path().is_absolute());
        let near = Private::beside(Path::new("corpus"));
        assert_eq!(near.path(), Path::new("corpus.private"));
    }

    /// Also behind a line that somebody wrote without its end.
    #[test]
    fn decisions_come_each_on_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let private = Private::at(&folder.path().join("corpus.private"));
        let all = ["art-1", "art-2", "art-3"].map(|id| decision(Verdict::Also, id));
        let [first, second, third] = &all;
        private.decide(std::slice::from_ref(first)).unwrap();
        let path = private.path().join("decisions.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        private.decide(std::slice::from_ref(second)).unwrap();
        let both = fs::read_to_string(&path).unwrap();
        assert_eq!(both.lines().count(), 2);
        assert!(both.starts_with(&text) && !both.contains("\n\n"));
        fs::write(&path, both.trim_end()).unwrap();
        private.decide(std::slice::from_ref(third)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
        assert_eq!(private.decisions().unwrap(), all);
    }

    /// What cannot be looked at is not absent.
    #[test]
    fn a_folder_that_cannot_be_looked_at_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let long = Private::at(&folder.path().join("x".repeat(300)));
        assert!(matches!(long.secret(), Err(FolderError::Read { .. })));
        assert!(matches!(long.decisions(), Err(FolderError::Read { .. })));
        let nowhere = Private::at(&folder.path().join("nowhere/corpus.private"));
        assert!(nowhere.secret().unwrap().is_none());
        assert_eq!(nowhere.decisions().unwrap(), []);
    }

    #[test]
    fn the_secret_is_made_once_and_is_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let private = Private::at(&folder.path().join("a/corpus.private"));
        assert_eq!(private.secret().unwrap(), None);
        let secret = private.secret_or_new([7; 32]).unwrap();
        assert_eq!(private.secret_or_new([8; 32]).unwrap(), secret);
        assert_eq!(private.secret().unwrap(), Some(secret));
        let path = private.path().join("secret");
        assert_eq!(fs::read_to_string(&path).unwrap(), "07".repeat(32) + "\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt as _, symlink};
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(private.path())), (0o600, 0o700));
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(
                private.secret(),
                Err(FolderError::Open { mode: 0o640, .. })
            ));
            fs::rename(&path, folder.path().join("elsewhere")).unwrap();
            symlink(folder.path().join("elsewhere"), &path).unwrap();
            assert!(matches!(private.secret(), Err(FolderError::NotAFile(_))));
            assert!(private.secret_or_new([9; 32]).is_err());
            fs::remove_file(&path).unwrap();
        }
        fs::write(&path, "secret").unwrap();
        assert!(private.secret().is_err());
    }

    #[test]
    fn decisions_are_added_and_the_last_counts() {
        let folder = tempfile::tempdir().unwrap();
        let private = Private::at(&folder.path().join("corpus.private"));
        private.decide(&[]).unwrap();
        assert!(!private.path().exists());
        let one = decision(Verdict::Distinct, "art-1");
        let two = decision(Verdict::Also, "art-1");
        private.decide(std::slice::from_ref(&one)).unwrap();
        private.decide(std::slice::from_ref(&two)).unwrap();
        assert_eq!(private.decisions().unwrap(), [one, two]);
        let mut withdrawn = Withdrawn::default();
        private.add_to(&mut withdrawn).unwrap();
        let mut expected = Withdrawn::default();
        expected.decide_also("art-1".parse().unwrap());
        assert_eq!(withdrawn, expected);
        let path = private.path().join("decisions.jsonl");
        let lines = fs::read_to_string(&path).unwrap();
        assert_eq!(
            lines.lines().next().unwrap(),
            r#"{"decision":"distinct","id":"art-1","date":"2026-11-02","by":"A. Person"}"#
        );
        fs::write(&path, format!("{lines}{{\"decision\":\"maybe\"}}\n")).unwrap();
        let error = private.decisions().unwrap_err().to_string();
        assert!(error.contains("line 3: unknown variant `maybe`"), "{error}");
    }

    #[test]
    fn receipts_never_overwrite_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let private = Private::at(folder.path());
        let one = private.receipt("2026-11-02-art-1", "one").unwrap();
        let two = private.receipt("2026-11-02-art-1", "two").unwrap();
        assert!(two.ends_with("receipts/2026-11-02-art-1-2.txt"));
        assert_eq!(fs::read_to_string(one).unwrap(), "one");
    }
}

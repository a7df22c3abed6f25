//! The files that the inputs of a command line name.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::diagnostic::escape::escape_bytes;

/// One file of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its path relative to the input that was named, `/` between its parts; for a file that was
    /// named itself, its name. What ledgers and traces hold.
    pub path: String,
    /// Where it lies.
    pub file: PathBuf,
}

/// Why the inputs cannot be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// An input does not exist or cannot be read.
    #[error("cannot read the input `{}`", .path.display())]
    Unreadable {
        /// The input or a file in it.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A path is not UTF-8, so that no ledger could name it.
    #[error(
        "the path `{}` is not UTF-8: rename it, a ledger cannot name it",
        escape_bytes(.0.as_os_str().as_encoded_bytes())
    )]
    NotUtf8(PathBuf),
    /// Two inputs give files of the same relative path.
    #[error(
        "`{}` and `{}` would both be `{path}` in the ledger: name a folder that holds both, or add one after the other, each with `--add --as LABEL`",
        .first.display(),
        .second.display()
    )]
    SamePath {
        /// The relative path.
        path: String,
        /// The file that had it first.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// An input is a device, a socket, or a named pipe: reading it might never end.
    #[error("`{}` is neither a file nor a folder: write what it gives to a file", .0.display())]
    Special(PathBuf),
    /// There is no file in any of them.
    #[error("no file in {}{}", all(.named), .passed_over.instead())]
    Nothing {
        /// The inputs.
        named: Vec<PathBuf>,
        /// What is in them instead.
        passed_over: PassedOver,
    },
}

/// Lists every file of `named` inputs, in order of relative path.
///
/// Folders are walked to the bottom, but for those of version control (`dump-versions`). Symbolic links
/// within them are not followed and not listed, so that no file is read twice and none outside is read.
/// A link that is named itself is followed. Pipes, sockets and devices within them are not listed either.
///
/// # Errors
///
/// [`InputError`], before any file's contents are read.
pub fn inputs(named: &[PathBuf]) -> Result<Vec<Input>, InputError> {
    Ok(list(named)?.whole()?.inputs)
}

/// The files of inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Those that a ledger could name, in order of relative path.
    pub inputs: Vec<Input>,
    /// Files of folders whose paths are not UTF-8, so that none could, in the order of their bytes.
    pub unnamed: Vec<PathBuf>,
    /// What else is in folders.
    pub passed_over: PassedOver,
}

/// What is in folders and is neither file nor folder, so that nothing is made of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// How many symbolic links were not followed.
    pub links: u64,
    /// Those of them that lead nowhere.
    pub dangling: Vec<PathBuf>,
    /// Pipes, sockets and devices: reading one might never end.
    pub special: Vec<PathBuf>,
}

/// How many pipes, sockets and devices are named; the others are counted.
const NAMED: usize = 3;

impl PassedOver {
    /// Adds what was passed over in another folder.
    pub fn extend(&mut self, other: Self) {
        self.links += other.links;
        self.dangling.extend(other.dangling);
        self.special.extend(other.special);
    }

    /// A sentence on the links and one on all else, where there are any.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match self.links {
            0 => {}
            1 => notes.push("1 symbolic link not followed".to_owned()),
            many => notes.push(format!("{many} symbolic links not followed")),
        }
        match self.special.len() {
            0 => {}
            1 => notes.push(format!(
                "1 pipe, socket or device not read: {}",
                self.first()
            )),
            many => notes.push(format!(
                "{many} pipes, sockets or devices not read: {}",
                self.first()
            )),
        }
        notes
    }

    /// What there is instead of files.
    fn instead(&self) -> String {
        match (self.links, self.special.len()) {
            (0, 0) => String::new(),
            (1, 0) => ", but a symbolic link: name what it leads to".to_owned(),
            (many, 0) => {
                format!(", but {many} symbolic links: name the folder that they lead to")
            }
            (0, 1) => format!(
                ", but {}, which is a pipe, socket or device: write what it gives to a file",
                self.first()
            ),
            (0, _) => format!(
                ", but {}, which are pipes, sockets or devices: write what they give to a file",
                self.first()
            ),
            _ => format!(", but {}", self.notes().join("; ")),
        }
    }

    /// The first of the pipes, sockets and devices.
    fn first(&self) -> String {
        let more = match self.special.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let first = self.special.get(..NAMED).unwrap_or(&self.special);
        format!("{}{more}", all(first))
    }
}

impl Listed {
    /// The same, where a ledger could name every file.
    ///
    /// # Errors
    ///
    /// [`InputError::NotUtf8`].
    pub fn whole(self) -> Result<Self, InputError> {
        match self.unnamed.first() {
            Some(path) => Err(InputError::NotUtf8(path.clone())),
            None => Ok(self),
        }
    }
}

/// Lists every file of `named` inputs as [`inputs`] does, those of folders whose paths are not UTF-8
/// apart: who only checks them need not refuse them.
///
/// # Errors
///
/// [`InputError`], before any file's contents are read.
pub fn list(named: &[PathBuf]) -> Result<Listed, InputError> {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut unnamed = Vec::new();
    let mut passed_over = PassedOver::default();
    for root in named {
        let unreadable = |source| InputError::Unreadable {
            path: root.clone(),
            source,
        };
        let kind = std::fs::metadata(root).map_err(unreadable)?.file_type();
        if kind.is_dir() {
            for file in walk(root, &mut passed_over)? {
                let below = file.strip_prefix(root).unwrap_or(&file);
                match relative(below) {
                    Some(path) => add(&mut found, path, file)?,
                    None => unnamed.push(file),
                }
            }
        } else if !kind.is_file() && !is_open_pipe(root) {
            return Err(InputError::Special(root.clone()));
        } else {
            let name = root.file_name().map_or_else(|| root.clone(), PathBuf::from);
            let path = relative(&name).ok_or_else(|| InputError::NotUtf8(root.clone()))?;
            add(&mut found, path, root.clone())?;
        }
    }
    if found.is_empty() && unnamed.is_empty() {
        let named = named.to_vec();
        return Err(InputError::Nothing { named, passed_over });
    }
    let inputs = found.into_iter().map(|(path, file)| Input { path, file });
    Ok(Listed {
        inputs: inputs.collect(),
        unnamed,
        passed_over,
    })
}

/// That every input can be read again, as traces and a second look at it need: a pipe cannot.
///
/// # Errors
///
/// [`InputError::Special`].
pub fn repeatable(inputs: &[Input]) -> Result<(), InputError> {
    let is_once =
        |input: &&Input| std::fs::metadata(&input.file).is_ok_and(|found| !found.is_file());
    match inputs.iter().find(is_once) {
        Some(input) => Err(InputError::Special(input.file.clone())),
        None => Ok(()),
    }
}

/// The files below a folder; `passed_over` takes what is neither file nor folder.
fn walk(root: &Path, passed_over: &mut PassedOver) -> Result<Vec<PathBuf>, InputError> {
    let mut files = Vec::new();
    let all = walkdir::WalkDir::new(root).min_depth(1).sort_by_file_name();
    for entry in all.into_iter().filter_entry(|entry| !is_versions(entry)) {
        let entry = entry.map_err(|error| InputError::Unreadable {
            path: error.path().unwrap_or(root).to_owned(),
            // As it is, without the path once more; no links are followed, so that there are no circles of them.
            source: error
                .into_io_error()
                .unwrap_or_else(|| std::io::ErrorKind::Other.into()),
        })?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        } else if entry.file_type().is_symlink() {
            passed_over.links += 1;
            if !entry.path().exists() {
                passed_over.dangling.push(entry.into_path());
            }
        } else if !entry.file_type().is_dir() {
            passed_over.special.push(entry.into_path());
        }
    }
    Ok(files)
}

/// The folders in which version control keeps what it knows: no part of a dump.
const VERSIONS: [&str; 3] = [".git", ".hg", ".svn"];

fn is_versions(entry: &walkdir::DirEntry) -> bool {
    entry.file_type().is_dir() && VERSIONS.iter().any(|name| entry.file_name() == *name)
}

/// Whether this is the open end of a pipe, such as `/dev/stdin`: it has a writer. A named pipe may
/// have none, and whoever opens it waits for one.
#[cfg(unix)]
pub(super) fn is_open_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    let pipe = std::fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo());
    pipe && path.canonicalize().is_err()
}

#[cfg(not(unix))]
pub(super) fn is_open_pipe(_: &Path) -> bool {
    false
}

/// The path as a ledger names it; none where it is not UTF-8.
fn relative(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for component in path.components() {
        if let Component::Normal(part) = component {
            parts.push(part.to_str()?);
        }
    }
    Some(parts.join("/"))
}

fn add(
    found: &mut BTreeMap<String, PathBuf>,
    path: String,
    file: PathBuf,
) -> Result<(), InputError> {
    if let Some(first) = found.get(&path) {
        let first = first.clone();
        return Err(InputError::SamePath {
            path,
            first,
            second: file,
        });
    }
    found.insert(path, file);
    Ok(())
}

fn all(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{InputError, PassedOver, inputs, list};

    #[test]
    fn a_folder_and_a_file_are_listed_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("b")).unwrap();
        std::fs::write(root.join("b/2.txt"), "").unwrap();
        std::fs::write(root.join("c.txt"), "").unwrap();
        std::fs::write(root.join("a.txt"), "").unwrap();
        let paths: Vec<String> = inputs(&[root.to_owned()])
            .unwrap()
            .into_iter()
            .map(|input| input.path)
            .collect();
        assert_eq!(paths, ["a.txt", "b/2.txt", "c.txt"]);
        // `dump-versions`
        for name in super::VERSIONS {
            std::fs::create_dir_all(root.join("b").join(name)).unwrap();
            std::fs::write(root.join("b").join(name).join("HEAD"), "ref").unwrap();
        }
        std::fs::write(root.join("b/.github"), "").unwrap();
        assert_eq!(inputs(&[root.to_owned()]).unwrap().len(), 4);
        let one = inputs(&[root.join("b/2.txt")]).unwrap();
        assert_eq!(one.first().map(|input| input.path.as_str()), Some("2.txt"));
    }

    #[test]
    fn what_a_ledger_could_not_name_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert!(matches!(
            inputs(&[root.to_owned()]),
            Err(InputError::Nothing { passed_over, .. }) if passed_over == PassedOver::default()
        ));
        for part in ["a", "b"] {
            std::fs::create_dir(root.join(part)).unwrap();
            std::fs::write(root.join(part).join("1.txt"), "").unwrap();
        }
        let both = [root.join("a"), root.join("b")];
        assert!(matches!(inputs(&both), Err(InputError::SamePath { .. })));
        assert!(matches!(
            inputs(&[root.join("none")]),
            Err(InputError::Unreadable { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn what_may_never_end_is_no_input() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for named in [socket.clone(), "/dev/zero".into()] {
            assert!(matches!(inputs(&[named]), Err(InputError::Special(_))));
        }
        // Within a folder it is passed over, and named.
        let root = [folder.path().to_owned()];
        let message = inputs(&root).unwrap_err().to_string();
        assert!(message.contains("/socket`, which is a pipe"), "{message}");
        std::fs::write(folder.path().join("a.txt"), "").unwrap();
        let listed = list(&root).unwrap();
        assert_eq!(
            (listed.inputs.len(), &listed.passed_over.special),
            (1, &vec![socket])
        );
        let mut passed_over = listed.passed_over;
        passed_over.special = ["a", "b", "c", "d"].map(Into::into).into();
        let note = "4 pipes, sockets or devices not read: `a`, `b`, `c` and 1 more";
        assert_eq!(passed_over.notes(), [note]);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_utf8_is_named() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"\xff.txt");
        std::fs::write(folder.path().join(name), "").unwrap();
        let found = inputs(&[folder.path().to_owned()]);
        let message = found.unwrap_err().to_string();
        assert!(message.contains(r"/\xFF.txt` is not UTF-8"), "{message}");
    }
}

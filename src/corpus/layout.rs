//! The names a corpus is made of, and the paths they may stand for.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::digest::Digest;
use crate::open::{self, Astray, Kind};
use crate::record::RecordType;

/// The listing of a state's files: at the root that of the working state, in a release folder that
/// of the release.
pub const FILES: &str = "files.json";
/// The folder of releases.
pub const RELEASES: &str = "releases";
/// The ledger in a release folder, without the ending of its container.
pub const LEDGER: &str = "inputs.jsonl";
/// The manifest of a release.
pub const MANIFEST: &str = "manifest.json";
/// The name of a release's entries, without the ending of its container.
pub const ENTRIES: &str = "entries.txt";
/// The name of a release's trace digests, without the ending of its container.
pub const TRACES: &str = "traces.txt";
/// The name of what an older release has in place of its entries, without the ending of its
/// container.
pub const CHANGES: &str = "changes.txt";
/// The configuration.
pub const CONFIG: &str = "dateline.yaml";
/// The folder in a corpus where everything is written before it gets its name. Readers pass over
/// it; the next writer removes it.
pub(super) const TEMPORARY: &str = ".dateline-tmp";
/// What keeps version control from converting line ends.
pub const GIT_ATTRIBUTES: &str = ".gitattributes";
/// The text of [`GIT_ATTRIBUTES`].
pub const GIT_ATTRIBUTES_TEXT: &str = "* -text\n";

/// How many hexadecimal digits of its digest a shard carries in its name.
const NAME_DIGITS: usize = 16;
/// How many digits a shard's index has at least.
const INDEX_DIGITS: usize = 5;

/// A kind of lines that a state consists of; each has a folder of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Part {
    /// `records/`: articles, core and content.
    Records,
    /// `traces/`: how each was made.
    Traces,
    /// `relations/`
    Relations,
    /// `withdrawals/`
    Withdrawals,
    /// `inputs/`: the ledger of a state that is not sealed yet.
    Inputs,
}

/// How the bytes of a stored file are coded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Container {
    /// As they are.
    #[default]
    Plain,
    /// gzip (RFC 1952), of one or more members.
    Gz,
    /// Zstandard (RFC 8878), of one or more frames.
    Zst,
}

/// The name of a shard, `records/part-00000-0123456789abcdef.jsonl.zst`: its part, its place among
/// the shards of the part, and the first 16 hexadecimal digits of the SHA-256 over its bytes as
/// they are stored.
///
/// `sha256sum` therefore prints the digits of a shard's name. The name promises nothing to a reader
/// (whoever compresses a shard again changes its bytes and may keep its digits); it makes two
/// contents never share a name. What a reader holds a shard to is `files.json`.
///
/// Names order by part, then index, then digits.
///
/// ```
/// use dateline::corpus::{Part, ShardName};
///
/// let name: ShardName = "records/part-00002-0123456789abcdef.jsonl.zst".parse()?;
/// assert_eq!((name.part(), name.index()), (Part::Records, 2));
/// assert!("records/../part-00002-0123456789abcdef.jsonl".parse::<ShardName>().is_err());
/// # Ok::<(), dateline::corpus::PathError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShardName {
    part: Part,
    index: u32,
    digits: String,
    container: Container,
}

/// Why a path that a corpus names is not followed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// It begins at the root of the file system or of a drive.
    #[error("path `{}` is absolute; paths of a corpus are relative to it", .0.escape_debug())]
    Absolute(String),
    /// One of its parts is `..`.
    #[error("path `{}` has a part `..`, which may lead out of the corpus", .0.escape_debug())]
    Parent(String),
    /// It is not written as paths of a corpus are: parts between single `/`, no `.`, no `\`.
    #[error("path `{}` is not parts between single `/`", .0.escape_debug())]
    Form(String),
    /// It is a good path, but nothing of a corpus has it.
    #[error("path `{}` is not the name of {expected}", .path.escape_debug())]
    Name {
        /// The path.
        path: String,
        /// What it should name.
        expected: &'static str,
    },
    /// A folder on the way is a symbolic link.
    #[error(
        "path `{}` is below `{}`, which is a link; links of folders are not followed in a corpus",
        .path.escape_debug(),
        .folder.display().to_string().escape_debug()
    )]
    LinkedFolder {
        /// The path.
        path: String,
        /// The folder that is a link, relative to the corpus.
        folder: PathBuf,
    },
    /// It is a pipe, a socket or a device: reading it might never end.
    #[error("path `{}` is neither a file nor a folder", .0.escape_debug())]
    Special(String),
    /// The file system does not say what it is.
    #[error("path `{}` cannot be followed: {source}", .path.escape_debug())]
    Io {
        /// The path.
        path: String,
        /// Why not.
        source: io::Error,
    },
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] = [
        Self::Records,
        Self::Traces,
        Self::Relations,
        Self::Withdrawals,
        Self::Inputs,
    ];

    /// The name of its folder.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Traces => "traces",
            Self::Relations => "relations",
            Self::Withdrawals => "withdrawals",
            Self::Inputs => "inputs",
        }
    }

    /// The part whose folder is `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.folder() == name)
    }

    /// The part that records of a type lie in.
    #[must_use]
    pub const fn of(kind: RecordType) -> Self {
        match kind {
            RecordType::Article => Self::Records,
            RecordType::Relation => Self::Relations,
            RecordType::Withdrawal => Self::Withdrawals,
        }
    }
}

impl Container {
    /// The ending it gives a file name: empty, `.gz` or `.zst`.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gz => ".gz",
            Self::Zst => ".zst",
        }
    }

    /// Splits a file name into what is before the ending and the container the ending names.
    ///
    /// ```
    /// use dateline::corpus::Container;
    ///
    /// assert_eq!(Container::split("entries.txt.zst"), ("entries.txt", Container::Zst));
    /// assert_eq!(Container::split("entries.txt"), ("entries.txt", Container::Plain));
    /// ```
    #[must_use]
    pub fn split(name: &str) -> (&str, Self) {
        for container in [Self::Gz, Self::Zst] {
            if let Some(stem) = name.strip_suffix(container.ending()) {
                return (stem, container);
            }
        }
        (name, Self::Plain)
    }
}

impl ShardName {
    /// The name of the shard of `part` at `index` whose stored bytes have `digest`.
    #[must_use]
    pub fn new(part: Part, index: u32, digest: &Digest, container: Container) -> Self {
        Self {
            part,
            index,
            digits: format!("{:.NAME_DIGITS$}", digest.hex()),
            container,
        }
    }

    /// The part it belongs to.
    #[must_use]
    pub const fn part(&self) -> Part {
        self.part
    }

    /// Its place among the shards of its part.
    #[must_use]
    pub const fn index(&self) -> u32 {
        self.index
    }

    /// How its bytes are coded.
    #[must_use]
    pub const fn container(&self) -> Container {
        self.container
    }

    /// Whether the name is that of a file with this digest.
    #[must_use]
    pub fn carries(&self, digest: &Digest) -> bool {
        digest.hex().starts_with(&self.digits)
    }
}

impl fmt::Display for ShardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/part-{:0INDEX_DIGITS$}-{}.jsonl{}",
            self.part.folder(),
            self.index,
            self.digits,
            self.container.ending()
        )
    }
}

impl FromStr for ShardName {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        check(path)?;
        shard_name(path).ok_or_else(|| PathError::Name {
            path: path.to_owned(),
            expected: "a shard, `records/part-00000-<16 hexadecimal digits>.jsonl`",
        })
    }
}

fn shard_name(path: &str) -> Option<ShardName> {
    let (folder, file) = path.split_once('/')?;
    let (stem, container) = Container::split(file);
    let (index, digits) = stem
        .strip_prefix("part-")?
        .strip_suffix(".jsonl")?
        .split_once('-')?;
    let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let name = ShardName {
        part: Part::named(folder)?,
        index: index.parse().ok()?,
        digits: digits.to_owned(),
        container,
    };
    // Written again it is the same: no sign, no zero too many or too few.
    let one_spelling =
        digits.len() == NAME_DIGITS && digits.bytes().all(hexadecimal) && name.to_string() == path;
    one_spelling.then_some(name)
}

/// The number of the release whose folder is `name`: decimal, from 1, no leading zero.
pub(super) fn release_number(name: &str) -> Option<u64> {
    let number: u64 = name.parse().ok()?;
    (number > 0 && number.to_string() == name).then_some(number)
}

/// Whether a release has files of this name, but for `files.json`, which is written with it, and
/// `changes.txt`, which the next one writes.
pub(super) fn is_release_file(name: &str) -> bool {
    let (stem, container) = Container::split(name);
    match stem {
        MANIFEST => container == Container::Plain,
        ENTRIES | TRACES | LEDGER => true,
        _ => is_signature(name),
    }
}

/// Whether `name` is `manifest.json.sig` or, from 2, `manifest.json.<n>.sig`.
fn is_signature(name: &str) -> bool {
    let number = || {
        name.strip_prefix(MANIFEST)?
            .strip_prefix('.')?
            .strip_suffix("sig")
    };
    match number() {
        Some("") => true,
        Some(number) => number.strip_suffix('.').is_some_and(|digits| {
            digits
                .parse::<u32>()
                .is_ok_and(|number| number >= 2 && number.to_string() == digits)
        }),
        None => false,
    }
}

/// The path of a file of a release, relative to the corpus.
#[must_use]
pub fn release_file(number: u64, name: &str) -> String {
    format!("{RELEASES}/{number}/{name}")
}

/// Checks that `path` is written as paths of a corpus are, and so names something below it.
///
/// # Errors
///
/// [`PathError::Absolute`], [`PathError::Parent`], [`PathError::Form`].
pub fn check(path: &str) -> Result<(), PathError> {
    let mut parts = path.split('/');
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '\\']) || drive {
        return Err(PathError::Absolute(path.to_owned()));
    }
    if path.split(['/', '\\']).any(|part| part == "..") {
        return Err(PathError::Parent(path.to_owned()));
    }
    if parts.any(|part| part.is_empty() || part == "." || part.contains(['\\', '\0'])) {
        return Err(PathError::Form(path.to_owned()));
    }
    Ok(())
}

/// Where the file `path` of the corpus at `root` lies. No folder on the way is a link; whether the
/// file itself may be one is said by what opens it.
///
/// A file that is not there is given all the same; opening it says so.
///
/// # Errors
///
/// [`PathError`], where the path is none of a corpus, a folder on it is a link, or a pipe, a socket or
/// a device lies there.
pub fn inside(root: &Path, path: &str) -> Result<PathBuf, PathError> {
    check(path)?;
    match open::kind(root, Path::new(path)) {
        Ok(None | Some(Kind::File | Kind::Folder | Kind::Link)) => Ok(root.join(path)),
        Ok(Some(Kind::Special(_))) => Err(PathError::Special(path.to_owned())),
        Err(error) => Err(match Astray::of(&error) {
            Some(Astray::Folder(folder)) => PathError::LinkedFolder {
                path: path.to_owned(),
                folder: folder.clone(),
            },
            _ => PathError::Io {
                path: path.to_owned(),
                source: error,
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Container, Part, PathError, ShardName, check, inside, release_number};
    use crate::digest::Digest;

    #[test]
    fn shard_names_have_one_spelling() {
        let name = ShardName::new(Part::Traces, 7, &Digest::of(b""), Container::Zst);
        assert_eq!(
            name.to_string(),
            "traces/part-00007-e3b0c44298fc1c14.jsonl.zst"
        );
        assert_eq!(name.to_string().parse::<ShardName>().unwrap(), name);
        assert!(name.carries(&Digest::of(b"")));
        for other in [
            "traces/part-7-e3b0c44298fc1c14.jsonl",
            "traces/part-000007-e3b0c44298fc1c14.jsonl",
            "traces/part-+0007-e3b0c44298fc1c14.jsonl",
            "traces/part-00007-E3B0C44298FC1C14.jsonl",
            "traces/part-00007-e3b0c44298fc1c1.jsonl",
            "traces/part-00007-e3b0c44298fc1c14.jsonl.bz2",
            "traces/.part-00007-e3b0c44298fc1c14.jsonl",
            "others/part-00007-e3b0c44298fc1c14.jsonl",
            "part-00007-e3b0c44298fc1c14.jsonl",
        ] {
            let refused = other.parse::<ShardName>();
            assert!(matches!(refused, Err(PathError::Name { .. })), "{other}");
        }
    }

    #[test]
    fn names_order_by_index_not_by_text() {
        let name = |index| ShardName::new(Part::Records, index, &Digest::of(b""), Container::Plain);
        assert!(name(99_999) < name(100_000));
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        for (path, message) in [
            (
                "/etc/passwd",
                "path `/etc/passwd` is absolute; paths of a corpus are relative to it",
            ),
            (
                "C:/x",
                "path `C:/x` is absolute; paths of a corpus are relative to it",
            ),
            (
                "records/../../x",
                "path `records/../../x` has a part `..`, which may lead out of the corpus",
            ),
            (
                "a\\..\\b",
                "path `a\\\\..\\\\b` has a part `..`, which may lead out of the corpus",
            ),
            ("a//b", "path `a//b` is not parts between single `/`"),
            ("./a", "path `./a` is not parts between single `/`"),
            ("", "path `` is not parts between single `/`"),
            ("a\u{1b}", ""),
        ] {
            match check(path) {
                Err(error) => assert_eq!(error.to_string(), message),
                Ok(()) => assert_eq!(message, "", "{path:?}"),
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn linked_folders_are_not_followed() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("corpus");
        std::fs::create_dir_all(root.join("records")).unwrap();
        std::fs::write(root.join("records/a"), "").unwrap();
        std::fs::write(folder.path().join("secret"), "").unwrap();
        symlink("a", root.join("records/b")).unwrap();
        symlink("../../secret", root.join("records/c")).unwrap();
        symlink("..", root.join("traces")).unwrap();
        symlink("records", root.join("relations")).unwrap();
        for there in ["records/a", "records/b", "records/c", "records/missing"] {
            assert!(inside(&root, there).is_ok());
        }
        for linked in ["traces/secret", "relations/a"] {
            let refused = inside(&root, linked);
            assert!(matches!(refused, Err(PathError::LinkedFolder { .. })));
        }
        let socket = std::os::unix::net::UnixListener::bind(root.join("records/d"));
        assert!(matches!(
            inside(&root, "records/d"),
            Err(PathError::Special(_))
        ));
        drop(socket);
    }

    #[test]
    fn releases_count_from_one() {
        assert_eq!(release_number("12"), Some(12));
        for other in ["0", "01", "+1", "1.tmp", ""] {
            assert_eq!(release_number(other), None);
        }
    }
}

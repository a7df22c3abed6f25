//! What carrying does to files: git, archives and file systems change bytes and names on the way.
//!
//! Each of these is met where a file is not what it was, and looks like damage or like forgery unless
//! somebody knows it. A reader asks here before it says so:
//!
//! - [`pointer()`]: the file is only a pointer to the data, which was not fetched, or a symbolic link that
//!   an archive or a checkout wrote as a small text file.
//! - [`line_ends`]: the file is the right one but for its line ends, which git converted.
//! - [`same_name`]: two names are the same text in two forms of Unicode, as macOS and Linux write them.
//!
//! Recognising one decides nothing: a file that is not as sealed stays so. It adds the cause and the
//! remedy.

use std::fmt;
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use crate::digest::{Digest, Hasher};

/// The most bytes that a pointer has. Git LFS keeps its pointers below 1,024 bytes, and no file system
/// has paths of more than 4,096.
pub const POINTER: usize = 4096;

/// A small file in the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pointer {
    /// A pointer of Git LFS, as a checkout without `git lfs pull` leaves it.
    Lfs {
        /// SHA-256 of the file that it stands for.
        digest: Digest,
        /// The size of that file in bytes.
        bytes: u64,
    },
    /// A pointer of git-annex to content that is not present.
    Annex,
    /// A symbolic link as a file that holds its target.
    Link {
        /// Where it leads, relative to the folder of the file.
        target: String,
    },
}

/// What became of a small file on its way, such as a manifest or a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// It is a pointer to the file.
    Pointer(Pointer),
    /// Its line ends were converted.
    LineEnds(LineEnds),
}

/// How the line ends of a file differ from those that it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnds {
    /// Each LF became CRLF.
    BecameCrlf,
    /// Each CRLF became LF.
    BecameLf,
}

/// The pointer that the bytes of a whole file are; nothing where they are anything else.
///
/// Only what cannot be prose or JSON is one: a target is one line without white space at its ends that
/// begins with `../`, `./` or `/`, and more than its bytes is needed to know any other.
///
/// ```
/// use dateline::transit::{Pointer, pointer};
///
/// let link = pointer(b"../../blobs/6ad2c4f1");
/// assert_eq!(link, Some(Pointer::Link { target: "../../blobs/6ad2c4f1".to_owned() }));
/// assert_eq!(pointer(b"Rain ends the drought\n"), None);
/// ```
#[must_use]
pub fn pointer(file: &[u8]) -> Option<Pointer> {
    if file.len() > POINTER {
        return None;
    }
    let text = std::str::from_utf8(file).ok()?;
    if let Some(lfs) = lfs(text) {
        return Some(lfs);
    }
    let first = text.lines().next().unwrap_or_default();
    if first.starts_with("/annex/objects/") || first.contains(".git/annex/objects/") {
        return one_line(text).map(|_| Pointer::Annex);
    }
    // As SMB shares write links (Minshall and French), and as Cygwin does.
    let marked = text
        .strip_prefix("XSym\n")
        .and_then(|rest| rest.lines().nth(2))
        .or_else(|| text.strip_prefix("!<symlink>"));
    if let Some(target) = marked {
        let target = target.trim_end_matches(['\0', '\n', ' ']).to_owned();
        return Some(Pointer::Link { target });
    }
    let target = one_line(text)?;
    let leads = ["../", "./", "/"].iter().any(|start| {
        target
            .strip_prefix(start)
            .is_some_and(|rest| !rest.is_empty())
    });
    (leads && !target.starts_with("//")).then(|| Pointer::Link {
        target: target.to_owned(),
    })
}

/// The same, and a link of any form where its target is a file beside `path`, which holds these bytes.
#[must_use]
pub fn pointer_at(path: &Path, file: &[u8]) -> Option<Pointer> {
    pointer(file).or_else(|| link(path, file))
}

/// A link whose target is a plain name, such as `000.txt`: only where it leads to another file that
/// exists, since a text may be one word.
fn link(path: &Path, file: &[u8]) -> Option<Pointer> {
    if file.len() > POINTER {
        return None;
    }
    let target = one_line(std::str::from_utf8(file).ok()?)?;
    let named = target.contains(['/', '.']) && !target.contains("://") && !target.ends_with('.');
    let leads = named && !target.starts_with('{') && path.parent()?.join(target).is_file();
    leads.then(|| Pointer::Link {
        target: target.to_owned(),
    })
}

/// The one line that a text consists of, if it is one as paths are: not empty, without control
/// characters, without white space at its ends. An editor may have added a line end.
fn one_line(text: &str) -> Option<&str> {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let whole = !line.is_empty() && line.trim() == line && !line.chars().any(char::is_control);
    whole.then_some(line)
}

/// A pointer of Git LFS (its specification, `docs/spec.md`): `version` first, then `oid` and `size`
/// among its keys. One whose line ends were converted, too, is still one.
fn lfs(text: &str) -> Option<Pointer> {
    let mut lines = text.lines();
    let version = lines.next()?.strip_prefix("version ")?;
    let known = [
        "https://git-lfs.github.com/spec/",
        "https://hawser.github.com/spec/",
    ];
    if !known.iter().any(|known| version.starts_with(known)) {
        return None;
    }
    let mut digest = None;
    let mut bytes = None;
    for line in lines {
        match line.split_once(' ')? {
            ("oid", oid) => digest = oid.parse().ok(),
            ("size", size) => bytes = size.parse().ok(),
            _ => {}
        }
    }
    Some(Pointer::Lfs {
        digest: digest?,
        bytes: bytes?,
    })
}

impl Pointer {
    /// What to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Lfs { .. } => "run `git lfs pull` in the repository that the file comes from",
            Self::Annex => "run `git annex get` on the file",
            Self::Link { .. } => {
                "replace it with the file that it names, or unpack the archive with a tool that keeps \
                 symbolic links"
            }
        }
    }
}

/// What it is, as a message goes on behind `it is`. Nothing that the file holds is shown but a number:
/// it may be a file outside the corpus.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lfs { bytes, .. } => write!(
                f,
                "a Git LFS pointer, not the file of {bytes} bytes that it stands for"
            ),
            Self::Annex => f.write_str("a git-annex pointer, not the file that it stands for"),
            Self::Link { .. } => f.write_str(
                "the path of a symbolic link, written as a file by an archive or a checkout",
            ),
        }
    }
}

/// How the line ends of `file` differ from those of the file with this digest, if nothing else does.
///
/// ```
/// use dateline::digest::Digest;
/// use dateline::transit::{LineEnds, line_ends};
///
/// let sealed = Digest::of(b"Rain\nfell\n");
/// assert_eq!(line_ends(b"Rain\r\nfell\r\n", sealed), Some(LineEnds::BecameCrlf));
/// assert_eq!(line_ends(b"Snow\r\nfell\r\n", sealed), None);
/// ```
#[must_use]
pub fn line_ends(file: &[u8], digest: Digest) -> Option<LineEnds> {
    let mut ends = memchr::memchr_iter(b'\n', file);
    let bare = ends.any(|at| at.checked_sub(1).and_then(|at| file.get(at)) != Some(&b'\r'));
    let crlf = file.windows(2).any(|pair| pair == b"\r\n");
    if crlf && converted(file, b"\n") == digest {
        return Some(LineEnds::BecameCrlf);
    }
    // Where no line end is to be changed, the bytes are as they were or damaged otherwise.
    (bare && converted(file, b"\r\n") == digest).then_some(LineEnds::BecameLf)
}

/// `file` with every line end, LF or CRLF, written as `end`.
#[must_use]
pub fn with_ends(file: &[u8], end: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(file.len());
    each_part(file, end, |part| out.extend_from_slice(part));
    out
}

/// The digest of `file` with every line end, LF or CRLF, written as `end`.
fn converted(file: &[u8], end: &[u8]) -> Digest {
    let mut hasher = Hasher::new();
    each_part(file, end, |part| hasher.update(part));
    hasher.finish()
}

/// Gives the lines of `file` and `end` in place of their ends.
fn each_part(file: &[u8], end: &[u8], mut take: impl FnMut(&[u8])) {
    let mut rest = file;
    while let Some(at) = memchr::memchr(b'\n', rest) {
        let (line, behind) = rest.split_at(at);
        take(line.strip_suffix(b"\r").unwrap_or(line));
        take(end);
        rest = behind.get(1..).unwrap_or_default();
    }
    take(rest);
}

impl LineEnds {
    /// What is met where one line is looked at, as a message goes on behind `the line`.
    #[must_use]
    pub const fn met(self) -> &'static str {
        match self {
            Self::BecameCrlf => "ends with CRLF: LF became CRLF, as git does with core.autocrlf",
            Self::BecameLf => "ends with LF: CRLF became LF, as git does where it normalises text",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        "commit a `.gitattributes` with the line `* -text`, so that git converts no line ends, and take a \
         fresh clone"
    }
}

/// What happened, as a message goes on behind a semicolon.
impl fmt::Display for LineEnds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BecameCrlf => {
                "only its line ends differ: LF became CRLF, as git does with core.autocrlf"
            }
            Self::BecameLf => {
                "only its line ends differ: CRLF became LF, as git does where it normalises text"
            }
        })
    }
}

impl Cause {
    /// What became of a file that `reads` does not take: whether it is a pointer, or would be taken with
    /// its CRLF as LF.
    #[must_use]
    pub fn of(file: &[u8], reads: impl FnOnce(&[u8]) -> bool) -> Option<Self> {
        if let Some(pointer) = pointer(file) {
            return Some(Self::Pointer(pointer));
        }
        let text = std::str::from_utf8(file).ok()?;
        let crlf = text.contains("\r\n") && reads(text.replace("\r\n", "\n").as_bytes());
        crlf.then_some(Self::LineEnds(LineEnds::BecameCrlf))
    }

    /// What to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Pointer(pointer) => pointer.remedy(),
            Self::LineEnds(ends) => ends.remedy(),
        }
    }
}

/// What it is, as a sentence of its own.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pointer(pointer) => write!(f, "it is {pointer}"),
            Self::LineEnds(ends) => ends.fmt(f),
        }
    }
}

/// A file name in the one form in which names are compared: NFC.
#[must_use]
pub fn normal_name(name: &str) -> String {
    name.nfc().collect()
}

/// Whether two different file names are the same text in two forms of Unicode, as macOS (NFD) and Linux
/// (NFC) write them.
///
/// ```
/// use dateline::transit::same_name;
///
/// assert!(same_name("caf\u{e9}.txt", "cafe\u{301}.txt"));
/// assert!(!same_name("cafe.txt", "caf\u{e9}.txt"));
/// ```
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    one.nfc().eq(other.nfc())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{LineEnds, Pointer, line_ends, pointer, pointer_at};
    use crate::digest::Digest;

    const LFS: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    #[test]
    fn pointers_of_git_are_known() {
        let crlf = LFS.replace('\n', "\r\n");
        let extended = LFS.replace("oid", "ext-0-foo sha256:00\noid");
        for text in [LFS, &crlf, &extended] {
            assert!(
                matches!(
                    pointer(text.as_bytes()),
                    Some(Pointer::Lfs { bytes: 12345, .. })
                ),
                "{text}"
            );
        }
        let annex = "/annex/objects/SHA256E-s12--0a1b.txt\n";
        let locked = "../.git/annex/objects/Xx/0k/SHA256E-s12--0a1b.txt/SHA256E-s12--0a1b.txt";
        for text in [annex, locked] {
            assert_eq!(pointer(text.as_bytes()), Some(Pointer::Annex), "{text}");
        }
    }

    #[test]
    fn links_as_texts_are_known() {
        for (text, target) in [
            ("../../blobs/0a1b", "../../blobs/0a1b"),
            ("./a b.txt\n", "./a b.txt"),
            ("/srv/news/a.txt\r\n", "/srv/news/a.txt"),
            ("XSym\n0005\nd41d8c\n../a/b\n   ", "../a/b"),
            ("!<symlink>../a\0", "../a"),
        ] {
            let target = target.to_owned();
            assert_eq!(
                pointer(text.as_bytes()),
                Some(Pointer::Link { target }),
                "{text:?}"
            );
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("000.txt"), "Rain\n").unwrap();
        let beside = folder.path().join("copy.txt");
        let target = "000.txt".to_owned();
        assert_eq!(
            pointer_at(&beside, b"000.txt"),
            Some(Pointer::Link { target })
        );
        assert_eq!(pointer_at(&beside, b"001.txt"), None);
    }

    #[test]
    fn texts_and_records_are_none() {
        let long = format!("../{}", "a".repeat(super::POINTER));
        for text in [
            "",
            "\n",
            "/",
            "../",
            "Rain ends the drought\n",
            "and/or\n",
            "/ Rain /\nIt fell.\n",
            "// Rain",
            "https://example.com/a\n",
            " ../a",
            "{\"id\":\"a\"}\n",
            "version https://git-lfs.github.com/spec/v1\nis what a pointer begins with.\n",
            &long,
        ] {
            assert_eq!(pointer(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(pointer(b"../\xff"), None);
    }

    #[test]
    fn converted_line_ends_are_known() {
        for (sealed, found, wanted) in [
            ("a\nb\n", "a\r\nb\r\n", Some(LineEnds::BecameCrlf)),
            ("a\nb", "a\r\nb", Some(LineEnds::BecameCrlf)),
            ("a\r\nb\r\n", "a\nb\n", Some(LineEnds::BecameLf)),
            // A file that had both kinds: what git does to it loses that.
            ("a\r\nb\n", "a\r\nb\r\n", None),
            ("a\nb\n", "a\nb\n", None),
            ("a\r\n", "a\r\n", None),
            ("ab", "ab", None),
            ("a\nb\n", "a\r\nc\r\n", None),
            ("a\nb\n", "a\nb\n\n", None),
        ] {
            let digest = Digest::of(sealed.as_bytes());
            assert_eq!(
                line_ends(found.as_bytes(), digest),
                wanted,
                "{sealed:?} {found:?}"
            );
        }
    }
}

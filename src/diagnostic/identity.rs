//! The identity of a diagnostic, which stays the same when lines move.

use crate::diagnostic::Diagnostic;
use crate::digest::Digest;

/// What a diagnostic is about, without its position: its own `about`, or else a record, or else a file;
/// with the code and the pointer.
///
/// Diagnostics with the same identity are told apart by counting them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The subject.
    pub subject: Subject,
    /// The name of the code.
    pub code: String,
    /// The value, as a JSON Pointer; empty if the diagnostic does not name one.
    pub pointer: String,
}

/// The subject of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A file, as [`file()`] names it.
    File(String),
    /// A record, by its id.
    Record(String),
    /// The `about` of the diagnostic.
    About(String),
}

impl Identity {
    /// The identity of a diagnostic.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic) -> Self {
        let place = &diagnostic.place;
        let subject = match (&diagnostic.about, &place.record) {
            (Some(about), _) => Subject::About(about.clone()),
            (None, Some(id)) => Subject::Record(id.clone()),
            (None, None) => Subject::File(file(&place.file)),
        };
        let pointer = place.pointer.as_ref();
        Self {
            subject,
            code: diagnostic.code.name.to_owned(),
            pointer: pointer.map_or_else(String::new, |pointer| pointer.as_str().to_owned()),
        }
    }

    /// Renames the file, if the subject is one.
    pub(super) fn renamed(mut self, rename: impl FnOnce(&str) -> String) -> Self {
        if let Subject::File(name) = &mut self.subject {
            *name = rename(name);
        }
        self
    }

    /// The digest of the identity and of how many diagnostics with the same identity came before.
    #[must_use]
    pub fn fingerprint(&self, occurrence: u64) -> Digest {
        let (kind, name) = match &self.subject {
            Subject::File(name) => ("file", name),
            Subject::Record(id) => ("record", id),
            Subject::About(about) => ("about", about),
        };
        // Lengths keep the parts apart, whatever they contain.
        let parts = [kind, name, &self.code, &self.pointer];
        let mut text = String::new();
        for part in parts {
            text.extend([&part.len().to_string(), ":", part, ","]);
        }
        text.push_str(&occurrence.to_string());
        Digest::of(text.as_bytes())
    }
}

/// Makes a file name relative to the folder `here` (an absolute path) absolute, resolving `.` and `..` by
/// name only. What is not a file name, such as `<stdin>`, stays as it is.
///
/// ```
/// use dateline::diagnostic::identity::{absolute, relative};
///
/// let path = absolute("/news/ci", "../corpus/./a.jsonl");
/// assert_eq!(path, "/news/corpus/a.jsonl");
/// assert_eq!(relative("/news/ci", &path), "../corpus/a.jsonl");
/// assert_eq!(absolute("/news/ci", "<stdin>"), "<stdin>");
/// ```
#[must_use]
pub fn absolute(here: &str, name: &str) -> String {
    if !here.starts_with('/') || is_no_path(name) {
        return name.to_owned();
    }
    let from = if name.starts_with('/') { "" } else { here };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Makes an absolute path relative to the folder `base`; the inverse of [`absolute`].
#[must_use]
pub fn relative(base: &str, path: &str) -> String {
    if !base.starts_with('/') || !path.starts_with('/') {
        return path.to_owned();
    }
    let parts = |path: &'_ str| -> Vec<String> {
        let parts = path.split('/').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let (base, path) = (parts(base), parts(path));
    let same = base.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let up = base.iter().skip(same).map(|_| "..");
    let down = path.iter().skip(same).map(String::as_str);
    let whole: Vec<&str> = up.chain(down).collect();
    if whole.is_empty() {
        ".".to_owned()
    } else {
        whole.join("/")
    }
}

fn is_no_path(name: &str) -> bool {
    name.is_empty() || (name.starts_with('<') && name.ends_with('>'))
}

/// The name of a file without what may change: a leading `./`, and the digits of the digest in the name of
/// a shard.
///
/// ```
/// use dateline::diagnostic::identity::file;
///
/// let shard = "./corpus/records/part-00003-0123456789abcdef.jsonl.zst";
/// assert_eq!(file(shard), "corpus/records/part-00003.jsonl.zst");
/// assert_eq!(file("notes-0123.txt"), "notes-0123.txt");
/// ```
#[must_use]
pub fn file(name: &str) -> String {
    let name = name.strip_prefix("./").unwrap_or(name);
    let shard = name.rsplit_once("/part-").or_else(|| {
        let rest = name.strip_prefix("part-")?;
        Some(("", rest))
    });
    let Some((_, tail)) = shard else {
        return name.to_owned();
    };
    let is_digest = |text: &str| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    match tail.split_once('-') {
        Some((number, rest)) if number.bytes().all(|b| b.is_ascii_digit()) => {
            match rest.split_at_checked(16) {
                Some((digest, ending)) if is_digest(digest) && ending.starts_with('.') => {
                    let cut = name.len() - rest.len() - 1;
                    format!("{}{ending}", name.get(..cut).unwrap_or_default())
                }
                _ => name.to_owned(),
            }
        }
        _ => name.to_owned(),
    }
}

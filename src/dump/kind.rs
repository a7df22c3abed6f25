//! What kind of file an input is.

use serde::{Deserialize, Serialize};

use super::is_litter;
use crate::transit;

/// The kind of an input file, told from its name and first bytes.
///
/// This version reads [`Kind::Text`]; the others are known so that they can be refused by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Flattened text.
    Text,
    /// A file of no bytes.
    Empty,
    /// Hypertext.
    Html,
    /// XML of any kind.
    Xml,
    /// A JSON document or JSON lines.
    Json,
    /// A web archive.
    Warc,
    /// Comma- or tab-separated values.
    Csv,
    /// Something compressed or packed.
    Archive,
    /// Bytes that are no text.
    Binary,
    /// A pointer to the file that is meant: of Git LFS, of git-annex, a link written as a file.
    Pointer,
    /// An e-mail message.
    Mail,
    /// Notes about the dump: a read-me, a licence, a hidden file, configuration, litter.
    Notes,
}

impl Kind {
    /// The kind as the ledger writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Empty => "empty",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::Json => "json",
            Self::Warc => "warc",
            Self::Csv => "csv",
            Self::Archive => "archive",
            Self::Binary => "binary",
            Self::Pointer => "pointer",
            Self::Mail => "mail",
            Self::Notes => "notes",
        }
    }
}

/// How many first bytes of a file [`sniff`] looks at.
pub(crate) const SNIFFED: usize = 8192;

/// Tells the kind of a file from its relative path and its first bytes (at most 8 KiB are looked at).
///
/// Bytes win over names: a `.txt` that begins like a WARC is a WARC.
#[must_use]
pub fn sniff(path: &str, head: &[u8]) -> Kind {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or_default();
    let head = head.get(..SNIFFED).unwrap_or(head);
    if is_notes(name, extension) {
        return Kind::Notes;
    }
    if head.is_empty() {
        return Kind::Empty;
    }
    if PACKED.iter().any(|magic| head.starts_with(magic)) {
        return Kind::Archive;
    }
    if head.starts_with(b"WARC/") {
        return Kind::Warc;
    }
    if head.contains(&0) {
        return Kind::Binary;
    }
    // What is longer than a pointer may be goes on behind what is looked at, or is none.
    if transit::pointer(head).is_some() {
        return Kind::Pointer;
    }
    if is_mail(head) {
        return Kind::Mail;
    }
    let start = head.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let opens = |tag: &[u8]| {
        start
            .get(..tag.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(tag))
    };
    if opens(b"<!doctype html") || opens(b"<html") || matches!(extension, "html" | "htm") {
        return Kind::Html;
    }
    if opens(b"<?xml") || matches!(extension, "xml" | "rss" | "atom" | "nitf") {
        return Kind::Xml;
    }
    match extension {
        "json" | "jsonl" | "ndjson" => Kind::Json,
        "csv" | "tsv" => Kind::Csv,
        _ => Kind::Text,
    }
}

/// Whether a file begins with the header of an e-mail message (RFC 5322), or of a mailbox: fields up to
/// the first empty line, among them `From` and `Date`, and one that only mail programs write.
fn is_mail(head: &[u8]) -> bool {
    let (mut from, mut date, mut program) = (false, false, false);
    for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            [] => break,
            // The line before a message in a mailbox.
            [b'F', b'r', b'o', b'm', b' ', ..] if at == 0 => continue,
            // A field goes on.
            [b' ' | b'\t', ..] if at > 0 => continue,
            _ => {}
        }
        let Some(colon) = memchr::memchr(b':', line) else {
            // Where the first bytes end within a line.
            return from && date && program && head.len() == SNIFFED;
        };
        let name = line.get(..colon).unwrap_or_default();
        if !name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        {
            return false;
        }
        let is = |wanted: &[&str]| {
            wanted
                .iter()
                .any(|one| name.eq_ignore_ascii_case(one.as_bytes()))
        };
        from |= is(&["From"]);
        date |= is(&["Date"]);
        program |= is(&["Message-ID", "MIME-Version", "Received", "Return-Path"]);
    }
    from && date && program
}

/// First bytes of gzip, zip, zstd, bzip2, xz, lz4, PDF.
const PACKED: [&[u8]; 7] = [
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\x28\xb5\x2f\xfd",
    b"BZh",
    b"\xfd7zXZ",
    b"\x04\x22\x4d\x18",
    b"%PDF-",
];

fn is_notes(name: &str, extension: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    name.starts_with('.')
        || is_litter(name)
        || matches!(extension, "md" | "yaml" | "yml" | "toml")
        || matches!(
            stem.as_str(),
            "README" | "LICENSE" | "LICENCE" | "CITATION" | "CHANGELOG"
        )
}

#[cfg(test)]
mod tests {
    use super::{Kind, sniff};

    #[test]
    fn bytes_win_over_names() {
        for (path, head, kind) in [
            ("a.txt", &b" date 2021-03-04 x"[..], Kind::Text),
            ("a", b"Headline\n", Kind::Text),
            ("a.txt", b"", Kind::Empty),
            ("a.txt", b"\x1f\x8b\x08", Kind::Archive),
            ("a.txt", b"WARC/1.1\r\n", Kind::Warc),
            ("a.txt", b"a\0b", Kind::Binary),
            ("a.txt", b"\xef\xbb\xbf<!DOCTYPE HTML>", Kind::Html),
            ("a.html", b"fragment", Kind::Html),
            ("a.xml", b"<nitf>", Kind::Xml),
            ("a.jsonl", b"{}", Kind::Json),
            ("a.csv", b"title,body", Kind::Csv),
            (
                "a.txt",
                b"From: a\r\nDate: b\r\nTo: c,\r\n d\r\nMIME-Version: 1.0\r\n\r\nRain",
                Kind::Mail,
            ),
            (
                "a",
                b"From a\nReceived: b\nfrom: c\ndate: d\n\n",
                Kind::Mail,
            ),
            ("a.txt", b"From: Harbour\nDate: today\n\nRain", Kind::Text),
            (
                "a.txt",
                b"From: a\nDate: b\nIt rained: MIME-Version: 1.0\n\n",
                Kind::Text,
            ),
            ("a.jpg", b"../../blobs/0a1b", Kind::Pointer),
            ("b/README.txt", b"About", Kind::Notes),
            (".gitattributes", b"* -text", Kind::Notes),
            ("a/Thumbs.db", b"\xd0\xcf\x11\xe0", Kind::Notes),
            ("a/THUMBS.DB", b"", Kind::Notes),
            ("Desktop.ini", b"[.ShellClassInfo]", Kind::Notes),
            ("a.txt~", b"Headline\n", Kind::Notes),
            ("a/.~lock.a.odt#", b",keeper", Kind::Notes),
            ("a/._a.txt", b"\0\x05\x16\x07", Kind::Notes),
            (".DS_Store", b"\0\0\0\x01Bud1", Kind::Notes),
            ("thumbs.txt", b"Headline\n", Kind::Text),
        ] {
            assert_eq!(sniff(path, head), kind, "{path}");
        }
    }
}

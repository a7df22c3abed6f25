//! Telling files of records from dumps.

use std::io::{self, Read as _};
use std::path::Path;

use crate::convert::{may_be_article, names_an_article};
use crate::document::JsonDocument;
use crate::dump::cut::{JsonCutter, Piece};
use crate::dump::{Kind, Limits, SNIFFED, Sniffed, layered, sniff};
use crate::open;

/// Whether a file holds lines of records; if not, it is a dump, or of one.
///
/// Files of records are named `.jsonl`, `.jsonl.gz` or `.jsonl.zst`. One named like a shard, `part-…`, is of records. Of
/// any other the content decides: records name their format, and a value that may be an article is an item. A file in
/// which neither is found is of records if `is_meant`: if it is named itself, not a folder that it is in.
#[must_use]
pub fn is_records(path: &Path, is_meant: bool) -> bool {
    is_shard(path) || (is_named_records(path) && tell(path).unwrap_or(is_meant))
}

/// Whether the content of a file named like one of records is what makes it one.
#[must_use]
pub fn says_records(path: &Path) -> bool {
    is_named_records(path) && tell(path) == Some(true)
}

/// Whether a file is named like lines of records.
#[must_use]
pub fn is_named_records(path: &Path) -> bool {
    let endings = [".jsonl", ".jsonl.zst", ".jsonl.gz"];
    endings.iter().any(|ending| name(path).ends_with(ending)) && !path.is_dir()
}

/// Whether a file is named like a shard of a corpus.
pub(super) fn is_shard(path: &Path) -> bool {
    name(path).starts_with("part-") && is_named_records(path)
}

fn name(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str());
    name.unwrap_or_default()
}

/// What the formats of records begin with.
const FORMAT: &str = "dateline/";

/// How many first values of a file are looked at, and how many bytes of them.
const VALUES: usize = 64;
const BYTES: usize = 1 << 20;

/// Whether the content of a file is records, `true`, or items of a dump; nothing where it does not say.
fn tell(path: &Path) -> Option<bool> {
    let first = u64::try_from(SNIFFED).unwrap_or(u64::MAX);
    let mut head = Vec::new();
    let mut file = open::file(path).ok()?;
    file.by_ref().take(first).read_to_end(&mut head).ok()?;
    let Sniffed { layers, kind, .. } = sniff(&path.to_string_lossy(), &head);
    if matches!(kind, Kind::Text | Kind::Empty) || kind.is_binary() {
        return None;
    }
    if !matches!(kind, Kind::Json | Kind::JsonLines) {
        return Some(false);
    }
    let bytes = Box::new(io::Cursor::new(head).chain(file));
    let mut unpacked = layered(bytes, &layers, &Limits::default()).ok()?;
    let mut begin = Vec::new();
    // What comes before damage is looked at.
    let _ = unpacked.by_ref().take(first).read_to_end(&mut begin);
    let mut cutter = JsonCutter::new(io::Cursor::new(&begin).chain(unpacked)).ok()?;
    let mut looked_at = 0;
    let mut is_broken = None;
    for _ in 0..VALUES {
        let Some(Ok(piece)) = cutter.next() else {
            break;
        };
        let told = match &piece {
            Piece::Item(cut) => {
                looked_at += cut.bytes.len();
                match JsonDocument::parse(&cut.bytes, cutter.encoding()) {
                    Ok(document) => of_value(&document),
                    Err(_) => of_broken(&cut.bytes, &mut is_broken),
                }
            }
            Piece::Refused(fault) => {
                let [from, length] = [fault.offset, fault.length].map(narrow);
                let refused = begin.iter().copied().skip(from).take(length);
                of_broken(&refused.collect::<Vec<_>>(), &mut is_broken)
            }
        };
        if told.is_some() {
            return told;
        }
        if looked_at > BYTES {
            break;
        }
    }
    is_broken
}

fn narrow(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// What a value says.
fn of_value(document: &JsonDocument<'_>) -> Option<bool> {
    let format = document.root().get("format");
    let format = format.and_then(|format| format.as_str());
    if format.is_some_and(|format| format.starts_with(FORMAT)) {
        return Some(true);
    }
    may_be_article(document).then_some(false)
}

/// What a broken value says. That it may be of a dump counts only where no value behind it says more: a record has the
/// names of articles, too.
fn of_broken(bytes: &[u8], told: &mut Option<bool>) -> Option<bool> {
    let format = format!("\"{FORMAT}");
    if memchr::memmem::find(bytes, format.as_bytes()).is_some() {
        return Some(true);
    }
    let mut parts = bytes.split(|byte| *byte == b'"').peekable();
    while let Some(part) = parts.next() {
        let is_key = |next: &&[u8]| next.trim_ascii_start().starts_with(b":");
        let key = std::str::from_utf8(part)
            .ok()
            .filter(|key| names_an_article(key));
        if key.is_some() && parts.peek().is_some_and(is_key) {
            *told = Some(false);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::is_records;

    #[test]
    fn the_content_tells_records_from_items_in_any_encoding_and_behind_broken_lines() {
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let item = "{\"title\": \"Rain\", \"text\": \"It rained.\"}\n";
        let record = "{\"format\": \"dateline/1\", \"type\": \"article\"}\n";
        let folder = tempfile::tempdir().unwrap();
        let latin = b"{\"title\": \"caf\xe9\", \"text\": \"x\"}\n".to_vec();
        let broken = "{\"title\": \"Rain\" \"text\": \"It rained.\"}\n";
        // Whether it is of records by itself, and in a folder.
        for (what, bytes, named, below) in [
            ("an item", item.into(), false, false),
            ("UTF-16", wide(item), false, false),
            (
                "a mark",
                [b"\xef\xbb\xbf", item.as_bytes()].concat(),
                false,
                false,
            ),
            ("Latin-1", latin.clone(), false, false),
            (
                "Latin-1 before an item",
                [&latin, item.as_bytes()].concat(),
                false,
                false,
            ),
            ("a broken item", broken.into(), false, false),
            (
                "an item behind a broken one",
                format!("{broken}{item}").into(),
                false,
                false,
            ),
            (
                "an open item",
                b"{\"title\": \"Rain\",\n".to_vec(),
                false,
                false,
            ),
            (
                "an item behind nothing",
                format!("{{}}\n{item}").into(),
                false,
                false,
            ),
            ("a record", record.into(), true, true),
            ("a record in UTF-16", wide(record), true, true),
            (
                "a broken record",
                b"{\"format\": \"dateline/1\" \"type\": 1}\n".to_vec(),
                true,
                true,
            ),
            (
                "a record behind a broken one",
                format!("{{\"url\": 1,\n{record}").into(),
                true,
                true,
            ),
            ("nothing", b"{}\n{}\n".to_vec(), true, false),
            ("numbers", b"0\n0\n".to_vec(), true, false),
            ("no bytes", Vec::new(), true, false),
        ] {
            for packed in [false, true] {
                let name = if packed { "a.jsonl.zst" } else { "a.jsonl" };
                let path = folder.path().join(name);
                let bytes = if packed {
                    zstd::encode_all(&*bytes, 1).unwrap()
                } else {
                    bytes.clone()
                };
                std::fs::write(&path, bytes).unwrap();
                assert_eq!(is_records(&path, true), named, "{what}, {name}");
                assert_eq!(
                    is_records(&path, false),
                    below,
                    "{what} in a folder, {name}"
                );
            }
        }
    }
}

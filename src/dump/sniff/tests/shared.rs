//! The files of the shared dumps, told one by one.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::sniff;
use crate::dump::Kind;

/// What the files are whose paths begin so; of several beginnings, the longest tells. Behind `!`, the
/// codecs that they are packed with.
const TABLE: [(&str, Kind, &str); 45] = [
    ("cases/", Kind::Text, ""),
    ("cases/08-lfs-pointer/dump/a.txt", Kind::Pointer, ""),
    ("cases/19-mail-as-text/", Kind::Mail, ""),
    ("cases/README.md", Kind::Notes, ""),
    ("dumps/MANIFEST.json", Kind::Json, ""),
    ("dumps/archives/", Kind::Warc, "gzip"),
    (
        "dumps/archives/commoncrawl-whirlwind/whirlwind.warc.wat",
        Kind::Warc,
        "",
    ),
    (
        "dumps/archives/commoncrawl-whirlwind/whirlwind.warc.wat.gz",
        Kind::Warc,
        "gzip",
    ),
    ("dumps/archives/py-wacz/invalid_signed", Kind::Wacz, ""),
    ("dumps/archives/py-wacz/valid", Kind::Wacz, ""),
    ("dumps/archives/resiliparse/block", Kind::Warc, "lz4"),
    ("dumps/archives/warcio/bad.arc", Kind::Arc, ""),
    ("dumps/archives/warcio/example-trunc.warc", Kind::Warc, ""),
    ("dumps/archives/warcio/example.arc", Kind::Arc, ""),
    ("dumps/archives/warcio/example.arc.gz", Kind::Arc, "gzip"),
    ("dumps/dumps/csv_tsv/", Kind::Csv, ""),
    ("dumps/dumps/csv_tsv/hf-pn_summary", Kind::Tsv, ""),
    ("dumps/dumps/eml/", Kind::Mail, ""),
    ("dumps/dumps/factiva/", Kind::Xml, ""),
    ("dumps/dumps/feeds/", Kind::Feed, ""),
    ("dumps/dumps/feeds/jsonfeed", Kind::Json, ""),
    ("dumps/dumps/feeds/xml_iso8859", Kind::Xml, ""),
    ("dumps/dumps/json", Kind::Json, ""),
    ("dumps/dumps/jsonl_dolma/", Kind::JsonLines, ""),
    ("dumps/dumps/lexisnexis/", Kind::Html, ""),
    ("dumps/dumps/newsml_", Kind::Newsml, ""),
    ("dumps/dumps/newsml_g2/iptc/LISTING_25", Kind::Xml, ""),
    ("dumps/dumps/newsml_g2/iptc/LISTING_28", Kind::Xml, ""),
    ("dumps/dumps/ninjs/", Kind::Json, ""),
    ("dumps/dumps/nitf/", Kind::Nitf, ""),
    ("dumps/dumps/other_xml/", Kind::Xml, ""),
    ("dumps/dumps/reuters21578_sgml/", Kind::Sgml, ""),
    ("dumps/dumps/reuters21578_xml/", Kind::Xml, ""),
    ("dumps/dumps/text_other/", Kind::Text, ""),
    ("dumps/dumps/wire_anpa/", Kind::Anpa, ""),
    ("dumps/dumps/wire_iptc7901/", Kind::Iptc7901, ""),
    ("dumps/dumps/wordpress_wxr/", Kind::Wxr, ""),
    ("dumps/dumps/xlsx/", Kind::Xlsx, ""),
    ("dumps/html_full/pages/", Kind::Html, "gzip"),
    ("dumps/html_full/truth.json", Kind::Json, ""),
    ("dumps/html_legacy_encodings/pages/", Kind::Html, ""),
    ("dumps/html_legacy_encodings/truth.json", Kind::Json, ""),
    ("dumps/made/flat_text/", Kind::Text, ""),
    ("dumps/made/flat_text_truth.json", Kind::Json, ""),
    ("seeds/", Kind::Text, ""),
];

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("DATELINE_SHARED").map(PathBuf::from)?;
    folder.join("dumps").is_dir().then_some(folder)
}

fn files(shared: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for folder in ["dumps", "seeds", "cases"] {
        for entry in walkdir::WalkDir::new(shared.join(folder)).sort_by_file_name() {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(shared).unwrap();
                let bytes = fs::read(entry.path()).unwrap();
                files.push((path.to_str().unwrap().to_owned(), bytes));
            }
        }
    }
    files
}

fn expected(path: &str) -> (Kind, &'static str) {
    let rows = TABLE.iter().filter(|(start, ..)| path.starts_with(start));
    let (_, kind, layers) = rows.max_by_key(|(start, ..)| start.len()).unwrap();
    (*kind, layers)
}

/// How a file is told, its layers joined.
fn told(path: &str, bytes: &[u8]) -> (Kind, String, String) {
    let found = sniff(path, bytes);
    let layers: Vec<String> = found.layers.iter().map(ToString::to_string).collect();
    (found.kind, layers.join(" "), found.why.to_string())
}

#[test]
fn every_shared_file_is_told_right() {
    let Some(shared) = shared() else { return };
    let files = files(&shared);
    let dumps = files.iter().filter(|(path, _)| path.starts_with("dumps/"));
    assert_eq!(dumps.count(), 253);
    let mut wrong = Vec::new();
    for (path, bytes) in &files {
        let (kind, layers, why) = told(path, bytes);
        if (kind, layers.as_str()) != expected(path) {
            wrong.push(format!("{path}: {kind:?} in {layers:?}, {why}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Content decides, but for notes and for tables of the form of prose.
#[test]
fn no_shared_file_needs_its_name() {
    let Some(shared) = shared() else { return };
    let mut wrong = Vec::new();
    for (path, bytes) in files(&shared) {
        if path.ends_with("README.md") {
            continue;
        }
        for name in ["a", "a.txt", "a.html", "a.csv", "a.json", "a.xml", "a.gz"] {
            let (kind, layers, why) = told(name, &bytes);
            let (expected, packed) = expected(&path);
            let may = expected == Kind::Text && !matches!(name, "a" | "a.txt");
            if (kind, layers.as_str()) != (expected, packed) && !may {
                wrong.push(format!("{path} as {name}: {kind:?} in {layers:?}, {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

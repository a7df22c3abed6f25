//! What kinds of files there are.

use serde::{Deserialize, Serialize};

/// The kind of an input file, told by [`sniff`](super::sniff()) from its first bytes, and from its name
/// where they allow several.
///
/// A kind is here because a person does something else with it. This version reads those for which
/// [`Kind::is_read`]; the others are known so that they can be refused by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Flattened text, in any encoding.
    Text,
    /// A file of no bytes.
    Empty,
    /// A JSON document: one value.
    Json,
    /// Several JSON values: JSON Lines, or values one after the other.
    JsonLines,
    /// A table whose cells are separated by commas, semicolons or vertical bars.
    Csv,
    /// A table whose cells are separated by tabs.
    Tsv,
    /// A web page or a part of one.
    Html,
    /// RSS or Atom.
    Feed,
    /// An export of a `WordPress` site: RSS with the posts in it.
    Wxr,
    /// `NewsML` 1 or `NewsML-G2`.
    Newsml,
    /// NITF.
    Nitf,
    /// XML that is none of the other kinds.
    Xml,
    /// SGML: Reuters-21578, TREC, Gigaword.
    Sgml,
    /// A web archive of the format WARC.
    Warc,
    /// A web archive of the older format ARC.
    Arc,
    /// A web archive of the format WACZ: WARC files in a zip archive.
    Wacz,
    /// A mail message.
    Mail,
    /// Several mail messages in one file (mbox).
    Mailbox,
    /// Wire copy with the control characters of ANPA 1312.
    Anpa,
    /// Wire copy with the control characters of IPTC 7901.
    Iptc7901,
    /// Bibliographic references in the RIS format.
    Ris,
    /// Bibliographic references in the `BibTeX` format.
    Bibtex,
    /// A calendar or contacts: iCalendar, vCard.
    Icalendar,
    /// Subtitles with their times: `WebVTT`, `SubRip`.
    Subtitles,
    /// A document in LaTeX.
    Latex,
    /// The source of a program.
    Code,
    /// The statements that fill a database.
    Sql,
    /// A document in RTF.
    Rtf,
    /// A document in PDF or PostScript.
    Pdf,
    /// A workbook of the format XLSX.
    Xlsx,
    /// Any other document of an office program.
    Office,
    /// A table in Parquet.
    Parquet,
    /// A table in Apache Arrow.
    Arrow,
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// Another archive of files, such as 7z and RAR.
    Archive,
    /// A compressed file that does not unpack, or whose compression is not known.
    Packed,
    /// An image, a sound or a video.
    Media,
    /// Other bytes that are no text.
    Binary,
    /// A pointer to the file that is meant: of Git LFS, of git-annex, a link written as a file.
    Pointer,
    /// Notes about the dump: a read-me, a licence, a hidden file, configuration, litter.
    Notes,
}

/// What there is to say of a kind.
struct About {
    name: &'static str,
    noun: &'static str,
    advice: Option<&'static str>,
}

/// What to do with a table.
const ROWS: &str = "write each row as a JSON object on a line of its own, with the names of the columns \
                    as keys, and convert that file";

/// What to do with documents that hold articles in elements of their own.
const ARTICLES: &str = "write each article as a JSON object on a line of its own, or its text to a file \
                        of its own in UTF-8, and convert that";

/// What to do with web pages.
const PAGES: &str = "extract the text of each article to a file of its own in UTF-8, and convert those \
                     files";

/// What to do with documents of a program that shows them.
const SAVE: &str = "save it as plain text in UTF-8, one file an article, and convert that";

/// What to do with files of files.
const UNPACK: &str = "unpack it into a folder, and convert that folder";

/// What to do with what has no text to be read.
const LEAVE: &str = "leave it out of the input, or convert a text of it";

impl Kind {
    /// Every kind, in the order of the ledger's schema.
    pub const ALL: [Self; 41] = [
        Self::Text,
        Self::Empty,
        Self::Json,
        Self::JsonLines,
        Self::Csv,
        Self::Tsv,
        Self::Html,
        Self::Feed,
        Self::Wxr,
        Self::Newsml,
        Self::Nitf,
        Self::Xml,
        Self::Sgml,
        Self::Warc,
        Self::Arc,
        Self::Wacz,
        Self::Mail,
        Self::Mailbox,
        Self::Anpa,
        Self::Iptc7901,
        Self::Ris,
        Self::Bibtex,
        Self::Icalendar,
        Self::Subtitles,
        Self::Latex,
        Self::Code,
        Self::Sql,
        Self::Rtf,
        Self::Pdf,
        Self::Xlsx,
        Self::Office,
        Self::Parquet,
        Self::Arrow,
        Self::Zip,
        Self::Tar,
        Self::Archive,
        Self::Packed,
        Self::Media,
        Self::Binary,
        Self::Pointer,
        Self::Notes,
    ];

    /// The kind as the ledger writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.about().name
    }

    /// The kind in words, as a message goes on behind `this is`.
    ///
    /// ```
    /// use dateline::dump::Kind;
    ///
    /// assert_eq!(Kind::Warc.noun(), "a web archive (WARC)");
    /// ```
    #[must_use]
    pub const fn noun(self) -> &'static str {
        self.about().noun
    }

    /// What to do with a file of this kind, as a `help:` says it; nothing where there is nothing to do.
    #[must_use]
    pub const fn advice(self) -> Option<&'static str> {
        self.about().advice
    }

    /// Whether this version makes records of it.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Text | Self::Json | Self::JsonLines)
    }

    /// Whether its bytes are no text, packed or not: those are refused as binary.
    #[must_use]
    pub const fn is_binary(self) -> bool {
        matches!(
            self,
            Self::Wacz
                | Self::Pdf
                | Self::Xlsx
                | Self::Office
                | Self::Parquet
                | Self::Arrow
                | Self::Zip
                | Self::Tar
                | Self::Archive
                | Self::Packed
                | Self::Media
                | Self::Binary
        )
    }

    const fn about(self) -> About {
        match self {
            Self::Text => about("text", "text", None),
            Self::Empty => about("empty", "an empty file", None),
            Self::Json => about("json", "JSON", None),
            Self::JsonLines => about("json_lines", "JSON Lines", None),
            Self::Csv => about("csv", "a table (CSV)", Some(ROWS)),
            Self::Tsv => about("tsv", "a table (TSV)", Some(ROWS)),
            Self::Html => about("html", "HTML", Some(PAGES)),
            Self::Feed => about("feed", "a feed (RSS or Atom)", Some(ARTICLES)),
            Self::Wxr => about("wxr", "an export of a WordPress site (WXR)", Some(ARTICLES)),
            Self::Newsml => about("newsml", "NewsML", Some(ARTICLES)),
            Self::Nitf => about("nitf", "an article in NITF", Some(ARTICLES)),
            Self::Xml => about("xml", "XML", Some(ARTICLES)),
            Self::Sgml => about("sgml", "SGML", Some(ARTICLES)),
            Self::Warc => about("warc", "a web archive (WARC)", Some(PAGES)),
            Self::Arc => about("arc", "a web archive (ARC)", Some(PAGES)),
            Self::Wacz => about("wacz", "a web archive (WACZ)", Some(PAGES)),
            Self::Mail => about("mail", "an e-mail message", Some(MAIL)),
            Self::Mailbox => about("mailbox", "a mailbox (mbox)", Some(MAIL)),
            Self::Anpa => about("anpa", "wire copy (ANPA 1312)", Some(WIRE)),
            Self::Iptc7901 => about("iptc7901", "wire copy (IPTC 7901)", Some(WIRE)),
            Self::Ris => about("ris", "a list of references (RIS)", Some(ARTICLES)),
            Self::Bibtex => about("bibtex", "a list of references (BibTeX)", Some(ARTICLES)),
            Self::Icalendar => about(
                "icalendar",
                "a calendar or contacts (iCalendar, vCard)",
                Some(LEAVE),
            ),
            Self::Subtitles => about("subtitles", "subtitles (WebVTT, SubRip)", Some(SAVE)),
            Self::Latex => about("latex", "a document in LaTeX", Some(SAVE)),
            Self::Code => about("code", "the source of a program", Some(LEAVE)),
            Self::Sql => about("sql", "a dump of a database (SQL)", Some(SQL)),
            Self::Rtf => about("rtf", "a document in RTF", Some(SAVE)),
            Self::Pdf => about("pdf", "a document in PDF or PostScript", Some(PAGES)),
            Self::Xlsx => about("xlsx", "a workbook (XLSX)", Some(ROWS)),
            Self::Office => about("office", "an office document", Some(SAVE)),
            Self::Parquet => about("parquet", "a table (Parquet)", Some(ROWS)),
            Self::Arrow => about("arrow", "a table (Arrow)", Some(ROWS)),
            Self::Zip => about("zip", "a zip archive", Some(UNPACK)),
            Self::Tar => about("tar", "a tar archive", Some(UNPACK)),
            Self::Archive => about("archive", "an archive of files", Some(UNPACK)),
            Self::Packed => about("packed", "a compressed file", Some(PACKED)),
            Self::Media => about("media", "an image, a sound or a video", Some(LEAVE)),
            Self::Binary => about("binary", "binary data", Some(LEAVE)),
            Self::Pointer => about("pointer", "a pointer to another file", Some(FETCH)),
            Self::Notes => about("notes", "notes about the dump", None),
        }
    }
}

const MAIL: &str =
    "write the text of each message to a file of its own in UTF-8, and convert those files";
const WIRE: &str = "write the text of each story, without the control characters of the wire, to a file of \
                    its own in UTF-8, and convert those files";
const SQL: &str = "load it into its database, write each article as a JSON object on a line of its own, \
                   and convert that file";
const PACKED: &str = "unpack it, and convert what is in it";
const FETCH: &str = "fetch the file that it stands for";

const fn about(name: &'static str, noun: &'static str, advice: Option<&'static str>) -> About {
    About { name, noun, advice }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Kind;

    #[test]
    fn the_ledger_writes_the_name() {
        for kind in Kind::ALL {
            let written = serde_json::to_string(&kind).unwrap();
            assert_eq!(written, format!("\"{}\"", kind.name()));
        }
    }

    /// `dump-kinds`, `ledger-line`
    #[test]
    fn the_page_and_the_schema_list_them() {
        let names: Vec<String> = Kind::ALL
            .iter()
            .map(|kind| format!("\"{}\"", kind.name()))
            .collect();
        let schema = include_str!("../../schemas/v1/ledger.schema.json");
        assert!(schema.contains(&format!("\"enum\": [{}]", names.join(", "))));
        let page = include_str!("../../spec/dumps.md");
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        assert_eq!(rows.count(), Kind::ALL.len());
        for kind in Kind::ALL {
            let row = format!("\n| `{}` | {} | ", kind.name(), kind.noun());
            assert_eq!(page.matches(&row).count(), 1, "{row}");
        }
        let binary = Kind::ALL.iter().filter(|kind| kind.is_binary());
        let mut binary: Vec<String> = binary.map(|kind| format!("`{}`", kind.name())).collect();
        let last = binary.pop().unwrap();
        let rule = format!(
            "of the kind {} or {last}, MUST be refused",
            binary.join(", ")
        );
        assert!(page.contains(&rule), "{rule}");
    }

    #[test]
    fn what_is_not_read_has_advice() {
        for kind in Kind::ALL {
            let quiet = kind.is_read() || matches!(kind, Kind::Empty | Kind::Notes);
            assert_eq!(kind.advice().is_none(), quiet, "{kind:?}");
            assert!(!kind.is_read() || !kind.is_binary(), "{kind:?}");
        }
    }
}

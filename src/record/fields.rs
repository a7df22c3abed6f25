//! The fields of an article, in one table.
//!
//! Whoever needs to know what a field is called, what kind of value it holds, or whether a trace names its
//! bytes asks here: profiles, replay, checks, and the table of names in `spec/record.md`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::AbsentKey;

/// A field of an article.
#[derive(Debug)]
pub struct Field {
    /// The JSON Pointer of its value, with `-` for the index of a member of a list:
    /// `/article/authors/-/name`.
    pub pattern: &'static str,
    /// What kind of value it holds.
    pub nature: Nature,
    /// Where its value comes from.
    pub origin: FieldOrigin,
    /// What other vocabularies call it.
    pub names: Names,
}

/// What kind of value a field holds, and so how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Any text.
    Text,
    /// The body: paragraphs with an empty line between them.
    Paragraphs,
    /// An absolute URL.
    Url,
    /// A host.
    Host,
    /// A time.
    Time,
    /// A language.
    Language,
    /// An integer.
    Integer,
    /// An array of texts, which is one value.
    Texts,
    /// Anything else: what no reader of items gives.
    Other,
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldOrigin {
    /// From the raw bytes: a trace names them.
    Traced,
    /// From whoever read the item: a judgement that no bytes state.
    Judged,
    /// From dateline itself: ids, digests, lengths.
    Kept,
}

/// What a field is called elsewhere; empty where it has no name there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names {
    /// In schema.org's `NewsArticle`.
    pub schema_org: &'static str,
    /// In IPTC's ninjs 2.
    pub ninjs: &'static str,
    /// In WARC 1.1.
    pub warc: &'static str,
    /// In `DataCite` 4.
    pub datacite: &'static str,
}

/// A list of an article whose members have fields of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// `/article/authors`
    Authors,
    /// `/fetch/digests`
    Digests,
    /// `/content/embeds`
    Embeds,
    /// `/fetch/headers`
    Headers,
    /// `/content/images`
    Images,
    /// `/links`
    Links,
}

impl List {
    /// Every list.
    pub const ALL: [Self; 6] = [
        Self::Authors,
        Self::Digests,
        Self::Embeds,
        Self::Headers,
        Self::Images,
        Self::Links,
    ];

    /// The JSON Pointer of the list.
    #[must_use]
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Authors => "/article/authors",
            Self::Digests => "/fetch/digests",
            Self::Embeds => "/content/embeds",
            Self::Headers => "/fetch/headers",
            Self::Images => "/content/images",
            Self::Links => "/links",
        }
    }

    /// Its place among all lists.
    #[must_use]
    pub const fn number(self) -> usize {
        match self {
            Self::Authors => 0,
            Self::Digests => 1,
            Self::Embeds => 2,
            Self::Headers => 3,
            Self::Images => 4,
            Self::Links => 5,
        }
    }
}

impl Field {
    /// The field of that pattern.
    #[must_use]
    pub fn of_pattern(pattern: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.pattern == pattern)
    }

    /// The field that the value at `pointer`, the text of a JSON Pointer, is one of.
    ///
    /// ```
    /// use dateline::record::{Field, Nature};
    ///
    /// let field = Field::at("/article/authors/3/name").unwrap();
    /// assert_eq!((field.pattern, field.nature), ("/article/authors/-/name", Nature::Text));
    /// assert!(Field::at("/article/authors/x/name").is_none());
    /// ```
    #[must_use]
    pub fn at(pointer: &str) -> Option<&'static Self> {
        if !pointer.bytes().any(|byte| byte.is_ascii_digit()) {
            return PATTERNS
                .get(pointer)
                .copied()
                .filter(|field| !field.is_of_list());
        }
        List::ALL.into_iter().find_map(|list| {
            let rest = pointer.strip_prefix(list.pointer())?.strip_prefix('/')?;
            let (index, member) = rest.split_once('/')?;
            let field = MEMBERS.get(&(list, member)).copied();
            field.filter(|_| is_index(index))
        })
    }

    /// Whether it is a field of the members of a list.
    fn is_of_list(&self) -> bool {
        self.pattern.contains("/-")
    }

    /// The list that it is a field of the members of.
    #[must_use]
    pub fn list(&self) -> Option<List> {
        let (list, _) = self.pattern.split_once("/-")?;
        List::ALL.into_iter().find(|one| one.pointer() == list)
    }

    /// Whether an article has at most one value of it.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.list().is_none() && !matches!(self.nature, Nature::Texts | Nature::Paragraphs)
    }

    /// The key under which `absent` says why there is none.
    #[must_use]
    pub fn absent_key(&self) -> Option<AbsentKey> {
        let is_of = |key: &AbsentKey| {
            let rest = self.pattern.strip_prefix(key.pointer());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        AbsentKey::ALL.into_iter().find(is_of)
    }
}

/// The fields by their patterns.
static PATTERNS: LazyLock<HashMap<&'static str, &'static Field>> =
    LazyLock::new(|| FIELDS.iter().map(|field| (field.pattern, field)).collect());

/// The fields of the members of lists.
static MEMBERS: LazyLock<HashMap<(List, &'static str), &'static Field>> = LazyLock::new(|| {
    let member = |field: &'static Field| {
        let (_, member) = field.pattern.split_once("/-/")?;
        Some(((field.list()?, member), field))
    };
    FIELDS.iter().filter_map(member).collect()
});

/// Whether a token of a JSON Pointer is the index of a member (RFC 6901, section 4).
fn is_index(token: &str) -> bool {
    !token.is_empty()
        && token.bytes().all(|byte| byte.is_ascii_digit())
        && (token == "0" || !token.starts_with('0'))
}

/// A field that a trace names the bytes of.
const fn traced(pattern: &'static str, nature: Nature, names: [&'static str; 4]) -> Field {
    of(pattern, nature, FieldOrigin::Traced, names)
}

const fn of(
    pattern: &'static str,
    nature: Nature,
    origin: FieldOrigin,
    [schema_org, ninjs, warc, datacite]: [&'static str; 4],
) -> Field {
    Field {
        pattern,
        nature,
        origin,
        names: Names {
            schema_org,
            ninjs,
            warc,
            datacite,
        },
    }
}

/// Every field of an article, in the order of `spec/record.md`.
#[rustfmt::skip]
pub static FIELDS: [Field; 53] = {
    use Nature::{Host, Integer, Language, Other, Paragraphs, Text, Texts, Time, Url};
    use FieldOrigin::{Judged, Kept};
    [
        of("/format", Other, Kept, ["`schemaVersion`", "`standard`", "`WARC/1.1`", "`schemaVersion`"]),
        of("/type", Other, Kept, ["`@type`", "`type`", "`WARC-Type`", "`resourceType`"]),
        of("/id", Other, Kept, ["`identifier`", "`uri`", "", "`alternateIdentifier`"]),
        traced("/source/name", Text, ["`publisher.name`", "`infosources.name`", "", "`publisher`"]),
        traced("/source/domain", Host, ["", "", "", ""]),
        traced("/source/url", Url, ["`url`", "`uri`", "`WARC-Target-URI`", "`identifier` (URL)"]),
        traced("/source/canonical_url", Url, ["`mainEntityOfPage`", "`altids`", "", ""]),
        traced("/source/identifier", Text, ["`identifier`", "`altids`", "", "`alternateIdentifier`"]),
        traced("/fetch/time", Time, ["", "", "`WARC-Date`", "`date` (Collected)"]),
        traced("/fetch/url", Url, ["", "", "`WARC-Target-URI`", ""]),
        traced("/fetch/final_url", Url, ["", "", "`WARC-Target-URI` of the last response", ""]),
        traced("/fetch/status", Integer, ["", "", "the response's status line", ""]),
        traced("/fetch/headers/-/name", Text, ["", "", "the response's fields", ""]),
        traced("/fetch/headers/-/value", Text, ["", "", "the response's fields", ""]),
        traced("/fetch/digests/-/value", Text, ["", "", "`WARC-Block-Digest`, `WARC-Payload-Digest`", ""]),
        of("/fetch/digests/-/scope", Text, Judged, ["", "", "", ""]),
        traced("/fetch/warc_record_id", Text, ["", "", "`WARC-Record-ID`", ""]),
        traced("/fetch/truncated", Text, ["", "", "`WARC-Truncated`", ""]),
        of("/raw/digest", Other, Kept, ["`sha256`", "", "`WARC-Payload-Digest`", ""]),
        of("/raw/bytes", Other, Kept, ["`contentSize`", "`renditions.sizeinbytes`", "`Content-Length`", "`size`"]),
        of("/raw/media_type", Other, Kept, ["`encodingFormat`", "`renditions.contenttype`", "`Content-Type`", "`format`"]),
        of("/raw/encoding", Other, Kept, ["", "", "`charset` of the response's `Content-Type`", ""]),
        traced("/article/headline", Text, ["`headline`", "`headlines` (main)", "", "`title`"]),
        traced("/article/subtitle", Text, ["`alternativeHeadline`", "`headlines` (sub)", "", "`title` (Subtitle)"]),
        traced("/article/authors/-/name", Text, ["`author`, `editor`, `translator`, `contributor`", "`people`, `by`", "", "`creator`, `contributor`"]),
        of("/article/authors/-/role", Text, Judged, ["", "", "", ""]),
        traced("/article/language", Language, ["`inLanguage`", "`language`", "", "`language`"]),
        traced("/article/published", Time, ["`datePublished`", "`firstcreated`", "", "`date` (Issued)"]),
        traced("/article/modified", Time, ["`dateModified`", "`versioncreated`", "", "`date` (Updated)"]),
        traced("/article/section", Text, ["`articleSection`", "`subjects`", "", "`subject`"]),
        traced("/article/keywords", Texts, ["`keywords`", "`keywords`", "", "`subject`"]),
        traced("/article/located", Text, ["`dateline`", "`located`", "", "`geoLocationPlace`"]),
        traced("/links/-/url", Url, ["`citation`, `mentions`, `relatedLink`", "`associations`", "", "`relatedIdentifier`"]),
        of("/links/-/relation", Text, Judged, ["", "", "", ""]),
        traced("/rights/license", Text, ["`license`", "`rightsinfo`", "", "`rights`"]),
        traced("/rights/copyright_notice", Text, ["`copyrightNotice`", "`copyrightnotice`", "", "`rights`"]),
        traced("/rights/usage_info", Text, ["`usageInfo`", "`usageterms`", "", "`rights`"]),
        traced("/rights/tdm_reservation", Integer, ["", "", "", ""]),
        traced("/rights/training", Text, ["", "", "", ""]),
        of("/absent", Other, Kept, ["", "", "", ""]),
        of("/content_digest", Other, Kept, ["", "", "", ""]),
        of("/text_digest", Other, Kept, ["", "", "", ""]),
        traced("/content/summary", Text, ["`abstract`", "`descriptions` (summary)", "", "`description` (Abstract)"]),
        traced("/content/text", Paragraphs, ["`articleBody`", "`bodies.value`", "", ""]),
        traced("/content/images/-/url", Url, ["`image`", "`associations` (picture)", "", ""]),
        traced("/content/images/-/caption", Text, ["`caption` of `image`", "`associations` (picture)", "", ""]),
        traced("/content/images/-/credit", Text, ["`creditText` of `image`", "`associations` (picture)", "", ""]),
        of("/content/embeds/-/kind", Text, Judged, ["", "", "", ""]),
        traced("/content/embeds/-/url", Url, ["`hasPart` (`SocialMediaPosting`)", "`associations`", "", ""]),
        traced("/content/embeds/-/text", Text, ["", "", "", ""]),
        traced("/content/embeds/-/author", Text, ["", "", "", ""]),
        traced("/content/embeds/-/published", Time, ["", "", "", ""]),
        of("/x", Other, Kept, ["`additionalProperty`", "", "", ""]),
    ]
};

#[cfg(test)]
pub(crate) mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "a test may panic"
    )]

    use serde_json::Value;

    use super::{FIELDS, Field, List, Names};

    #[test]
    fn every_field_is_found_by_its_pattern_and_by_its_pointers() {
        for field in &FIELDS {
            let found = Field::of_pattern(field.pattern).unwrap();
            assert_eq!(found.pattern, field.pattern);
            let pointer = field.pattern.replace("/-", "/12");
            assert_eq!(Field::at(&pointer).unwrap().pattern, field.pattern);
        }
        for no in [
            "",
            "/",
            "/links",
            "/links/01/url",
            "/links//url",
            "/links/-1/url",
            "/article",
        ] {
            assert!(Field::at(no).is_none(), "{no}");
        }
    }

    /// Writes what is generated anew, in place of comparing it.
    const BLESS: &str = "DATELINE_BLESS";

    /// The table of names as `spec/record.md` shows it.
    fn table() -> String {
        let mut table = String::from(
            "| here | schema.org NewsArticle | IPTC ninjs 2 | WARC 1.1 | DataCite 4 |\n|---|---|---|---|---|\n",
        );
        for field in &FIELDS {
            let name = field.pattern.trim_start_matches('/').replace("/-/", ".");
            let Names {
                schema_org,
                ninjs,
                warc,
                datacite,
            } = field.names;
            let cells = [schema_org, ninjs, warc, datacite].map(|cell| format!(" {cell} |"));
            let cells = cells.concat().replace("  |", " |");
            let name = name.replace('/', ".");
            let row = format!("| `{name}` |{cells}\n");
            table.push_str(&row);
        }
        table
    }

    #[test]
    fn the_specification_shows_the_table() {
        shown("spec/record.md", "fields", &table());
    }

    /// Fails unless a page shows `text` between its marks of this name; writes it there if it is told to.
    pub(crate) fn shown(page: &str, name: &str, text: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let found = std::fs::read_to_string(&path).unwrap();
        let [start, end] = ["", "/"].map(|slash| format!("<!-- {slash}{name} -->\n"));
        let (before, rest) = found.split_once(&start).unwrap();
        let (now, after) = rest.split_once(&end).unwrap();
        if std::env::var_os(BLESS).is_some() {
            std::fs::write(path, [before, &start, text, &end, after].concat()).unwrap();
            return;
        }
        assert!(
            now == text,
            "{page} does not show the {name}: run this test with {BLESS}=1"
        );
    }

    /// The fields that the schema of articles has, by their patterns.
    fn in_schema(file: &Value, node: &Value, at: &str, found: &mut Vec<String>) {
        let node = match node["$ref"].as_str() {
            Some(to) => file.pointer(to.trim_start_matches('#')).unwrap(),
            None => node,
        };
        let whole = ["/absent", "/x"].contains(&at);
        match (&node["properties"], &node["items"]) {
            (Value::Object(members), _) if !whole => {
                for (key, member) in members {
                    in_schema(file, member, &format!("{at}/{key}"), found);
                }
            }
            (_, items) if items.is_object() && at != "/article/keywords" => {
                in_schema(file, items, &format!("{at}/-"), found);
            }
            _ => found.push(at.to_owned()),
        }
    }

    #[test]
    fn the_schema_has_these_fields() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/schemas/v1/article.schema.json"
        );
        let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let mut found = Vec::new();
        in_schema(&file, &file, "", &mut found);
        found.sort();
        let mut listed: Vec<_> = FIELDS
            .iter()
            .map(|field| field.pattern.to_owned())
            .collect();
        listed.sort();
        assert_eq!(found, listed);
    }

    #[test]
    fn a_list_has_members() {
        for (number, list) in List::ALL.into_iter().enumerate() {
            assert_eq!(list.number(), number);
            assert!(FIELDS.iter().any(|field| field.list() == Some(list)));
        }
    }
}

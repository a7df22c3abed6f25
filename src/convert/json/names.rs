//! The names by which values are known.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// A value of a record and the names that members with it have.
#[derive(Debug)]
pub(super) struct Row {
    /// The value, as [`crate::record::Field`] names it.
    pub(super) pattern: &'static str,
    /// How members with it are read.
    pub(super) take: Take,
    /// The names, in any spelling that [`folded`] makes one.
    pub(super) names: &'static [&'static str],
    /// Names that count only where no member has one of the others.
    pub(super) second: &'static [&'static str],
}

/// How a member is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    /// A text as it is.
    Text,
    /// The name of a publisher or a section.
    Name,
    /// The names of people.
    Names,
    /// A string or an integer.
    Identifier,
    /// A licence.
    License,
    /// The body.
    Paragraphs,
    /// A URL.
    Url,
    /// A host.
    Host,
    /// A time.
    Time,
    /// A language.
    Language,
    /// An HTTP status.
    Status,
    /// A list of texts.
    Keywords,
    /// Pictures.
    Images,
    /// Links.
    Links,
}

const fn row(
    pattern: &'static str,
    take: Take,
    names: &'static [&'static str],
    second: &'static [&'static str],
) -> Row {
    Row {
        pattern,
        take,
        names,
        second,
    }
}

/// Every name, by the value, in the order of `spec/record.md`.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 25] = [
    row("/source/name", Take::Name,
        &["publisher", "publisher_name", "source", "source_name", "site_name", "newspaper", "publication", "publication_name", "outlet", "infosource", "infosources"], &[]),
    row("/source/domain", Take::Host,
        &["domain", "source_domain", "host", "hostname"], &[]),
    row("/source/url", Take::Url,
        &["url", "link", "web_url", "page_url", "article_url", "article_link", "news_url", "news_link", "permalink"], &["uri"]),
    row("/source/canonical_url", Take::Url,
        &["canonical_url", "canonical", "canonical_link", "main_entity_of_page"], &[]),
    row("/source/identifier", Take::Identifier,
        &["id", "guid", "identifier", "article_id", "document_id", "doc_id", "item_id", "uuid"], &["uri"]),
    row("/fetch/time", Take::Time,
        &["fetch_time", "fetch_date", "fetched", "fetched_at", "date_fetched", "crawl_time", "crawl_date", "crawled", "crawled_at", "date_crawled", "crawl_timestamp", "scrape_time", "scrape_date", "scraped", "scraped_at", "scraped_date", "date_scraped", "download_time", "download_date", "downloaded", "downloaded_at", "date_download", "date_downloaded", "retrieved", "retrieved_at", "retrieval_date", "date_retrieved", "extracted_at", "date_extracted", "access_date", "accessed", "accessed_at", "date_accessed", "warc_date"], &[]),
    row("/fetch/url", Take::Url,
        &["fetch_url", "fetched_url", "crawl_url", "crawled_url", "request_url", "requested_url"], &[]),
    row("/fetch/final_url", Take::Url,
        &["final_url", "resolved_url"], &[]),
    row("/fetch/status", Take::Status,
        &["status_code", "http_status", "http_status_code"], &[]),
    row("/article/headline", Take::Text,
        &["headline", "title", "heading", "headlines", "article_title", "news_title"], &[]),
    row("/article/subtitle", Take::Text,
        &["subtitle", "subheadline", "subheading", "alternative_headline", "standfirst", "deck"], &[]),
    row("/article/authors/-/name", Take::Names,
        &["author", "authors", "byline", "by", "author_name", "author_names", "creator", "writer", "writers"], &[]),
    row("/article/language", Take::Language,
        &["language", "lang", "in_language", "language_code", "lang_code", "locale"], &[]),
    row("/article/published", Take::Time,
        &["published", "published_at", "published_on", "published_date", "published_time", "date_published", "publish_date", "publish_time", "date_publish", "publication_date", "publication_time", "pub_date", "pub_time", "first_published", "first_created", "date_issued", "issued", "date"], &[]),
    row("/article/modified", Take::Time,
        &["modified", "modified_at", "modified_date", "modified_time", "date_modified", "date_modify", "modification_date", "last_modified", "updated", "updated_at", "update_date", "update_time", "updated_date", "date_updated", "last_updated", "version_created"], &[]),
    row("/article/section", Take::Name,
        &["section", "sections", "section_name", "article_section", "category", "categories", "category_name"], &[]),
    row("/article/keywords", Take::Keywords,
        &["keywords", "keyword", "tags", "news_keywords"], &[]),
    row("/article/located", Take::Text,
        &["located", "dateline"], &[]),
    row("/links/-/url", Take::Links,
        &["links", "outlinks", "outbound_links", "external_links", "hyperlinks", "external_url"], &[]),
    row("/rights/license", Take::License,
        &["license", "licence", "license_url"], &[]),
    row("/rights/copyright_notice", Take::Text,
        &["copyright_notice", "copyright"], &[]),
    row("/rights/usage_info", Take::Text,
        &["usage_info", "usage_terms"], &[]),
    row("/content/summary", Take::Text,
        &["summary", "description", "descriptions", "description_text", "short_description", "abstract", "excerpt", "highlights", "teaser"], &[]),
    row("/content/text", Take::Paragraphs,
        &["text", "body", "content", "article", "maintext", "article_body", "article_text", "article_content", "body_text", "content_text", "full_text", "news_text", "story", "paragraphs", "bodies"],
        &["body_html", "body_xhtml", "content_html", "content_xhtml"]),
    row("/content/images/-/url", Take::Images,
        &["image", "images", "image_url", "image_urls", "img_url", "image_link", "url_to_image", "top_image", "main_image", "lead_image", "featured_image", "banner_image", "thumbnail", "thumbnail_url"], &[]),
];

/// Times that may be of the article or of whoever fetched it, and so are neither.
pub(super) const EITHER: [&str; 12] = [
    "added",
    "added_at",
    "created",
    "created_at",
    "creation_date",
    "date_added",
    "date_created",
    "date_time",
    "indexed_at",
    "inserted_at",
    "time",
    "timestamp",
];

/// Objects that hold the article where they stand in an object without a headline and a text.
pub(super) const ENVELOPES: [&str; 13] = [
    "_source",
    "article",
    "attributes",
    "data",
    "doc",
    "document",
    "fields",
    "item",
    "news",
    "post",
    "record",
    "row",
    "story",
];

/// Objects that say more of what they stand in.
pub(super) const BESIDE: [&str; 2] = ["meta", "metadata"];

/// The name that is a collection's where there is such an object, and elsewhere a publisher's.
pub(super) const COLLECTION: &str = "source";

/// A name without `_`, `-` and spaces, in lower case: `datePublished` and `date_published` are one.
pub(super) fn folded(name: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_ascii_uppercase() || matches!(c, '_' | '-' | ' ');
    if !name.contains(odd) {
        return Cow::Borrowed(name);
    }
    let kept = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    Cow::Owned(kept.map(|c| c.to_ascii_lowercase()).collect())
}

/// What a name may be the name of: rows of [`ROWS`], and how far behind its first names the name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The row.
    pub(super) row: usize,
    /// Whether it counts only where there is none of the others.
    pub(super) is_second: bool,
    /// Its place in its list.
    pub(super) place: usize,
}

static MEANINGS: LazyLock<HashMap<String, Vec<Meaning>>> = LazyLock::new(|| {
    let mut meanings: HashMap<_, Vec<Meaning>> = HashMap::new();
    for (row, Row { names, second, .. }) in ROWS.iter().enumerate() {
        for (is_second, names) in [(false, names), (true, second)] {
            for (place, name) in names.iter().enumerate() {
                let meaning = Meaning {
                    row,
                    is_second,
                    place,
                };
                meanings
                    .entry(folded(name).into_owned())
                    .or_default()
                    .push(meaning);
            }
        }
    }
    meanings
});

/// The meanings of a name as it is written.
pub(super) fn meanings(name: &str) -> &'static [Meaning] {
    // No name above is longer in any spelling.
    if name.len() > LONGEST {
        return &[];
    }
    MEANINGS
        .get(&*folded(name))
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// The rows that a name as it is written may be of.
pub(super) fn rows(name: &str) -> impl Iterator<Item = &'static Row> {
    let meanings = meanings(name).iter();
    meanings.filter_map(|meaning| ROWS.get(meaning.row))
}

static EITHER_FOLDED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    EITHER
        .iter()
        .map(|name| folded(name).into_owned())
        .collect()
});

/// Whether a name is one of [`EITHER`].
pub(super) fn is_either(name: &str) -> bool {
    name.len() <= LONGEST && EITHER_FOLDED.contains(&*folded(name))
}

/// Whether a name is one of a list.
pub(super) fn is_of(name: &str, list: &[&str]) -> bool {
    name.len() <= LONGEST && {
        let name = folded(name);
        list.iter().any(|one| folded(one) == name)
    }
}

const LONGEST: usize = 80;

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::string_slice,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )]

    use std::collections::BTreeSet;

    use super::{BESIDE, EITHER, ENVELOPES, ROWS, Row, folded, meanings};
    use crate::record::Field;

    #[test]
    fn spellings_of_a_name_are_one() {
        for name in [
            "datePublished",
            "date_published",
            "Date-Published",
            "DATE PUBLISHED",
        ] {
            assert_eq!(folded(name), "datepublished");
        }
        assert_eq!(meanings("Main Text").len(), 1);
        assert_eq!(meanings("uri").len(), 2);
        assert_eq!(meanings(&"title".repeat(40)).len(), 0);
    }

    #[test]
    fn rows_are_fields_in_their_order_and_no_name_is_there_twice() {
        let order = |pattern: &str| {
            let all = crate::record::FIELDS.iter();
            all.map(|field| field.pattern)
                .position(|one| one == pattern)
        };
        assert!(ROWS.is_sorted_by_key(|row| order(row.pattern)));
        let mut names = BTreeSet::new();
        for row in &ROWS {
            assert!(Field::of_pattern(row.pattern).is_some());
            for name in row.names {
                assert!(names.insert(folded(name)), "{name}");
            }
        }
        for name in EITHER {
            assert!(names.insert(folded(name)), "{name}");
        }
        let lists: [&[&str]; 3] = [&EITHER, &ENVELOPES, &BESIDE];
        assert!(lists.iter().all(|list| list.is_sorted()));
    }

    fn listed(names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    }

    /// The tables as the page shows them.
    fn table() -> String {
        let mut table = String::from("| value | names |\n|---|---|\n");
        for Row {
            pattern,
            names,
            second,
            ..
        } in &ROWS
        {
            let second = match second {
                [] => String::new(),
                second => format!("; else {}", listed(second)),
            };
            let row = format!("| `{pattern}` | {}{second} |\n", listed(names));
            table.push_str(&row);
        }
        for (what, names) in [
            ("neither `published` nor `fetch.time`", &EITHER[..]),
            ("holds the article", &ENVELOPES),
            ("says more of the article", &BESIDE),
        ] {
            let row = format!("| {what} | {} |\n", listed(names));
            table.push_str(&row);
        }
        table
    }

    #[test]
    fn the_specification_shows_the_names() {
        crate::record::shown("spec/converters.md", "json-names", &table());
    }
}

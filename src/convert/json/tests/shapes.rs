//! Items of every shape, invented.

use serde_json::{Value, json};

use super::{Made, convert, made};
use crate::convert::json::reads;
use crate::document::JsonDocument;
use crate::dump::cut::Encoding;

/// What a record has at these pointers.
#[track_caller]
fn has(made: &Made, values: &[(&str, Value)]) {
    for (pointer, value) in values {
        assert_eq!(made.at(pointer), value, "{pointer}");
    }
}

#[test]
fn a_crawler_of_news() {
    let item = r#"{"authors": ["Ada Lindqvist", "Bo Ek"], "date_download": "2023-05-05 01:00:00", "date_modify": null,
        "date_publish": "2023-05-04 10:00:00", "description": "Cars are back.", "filename": "a.json",
        "image_url": "https://img.example/1.jpg", "language": "en", "localpath": null, "source_domain": "news.example",
        "maintext": "The bridge.\nThe ferry.", "title": "Bridge \u2018reopens\u2019", "title_page": null,
        "url": "https://news.example/a"}"#;
    let made = made(item);
    has(
        &made,
        &[
            (
                "/article/authors",
                json!([{"name": "Ada Lindqvist"}, {"name": "Bo Ek"}]),
            ),
            ("/article/headline", json!("Bridge ‘reopens’")),
            ("/article/language", json!("en")),
            ("/article/published", json!("2023-05-04T10:00:00")),
            ("/article/modified", Value::Null),
            ("/fetch/time", json!("2023-05-05T01:00:00")),
            ("/source/url", json!("https://news.example/a")),
            ("/source/domain", json!("news.example")),
            ("/content/text", json!("The bridge.\nThe ferry.")),
            ("/content/summary", json!("Cars are back.")),
            (
                "/content/images",
                json!([{"url": "https://img.example/1.jpg"}]),
            ),
            ("/absent", Value::Null),
        ],
    );
    assert_eq!(made.dropped(item, "duplicate:domain").len(), 1);
}

#[test]
fn json_ld() {
    let item = r#"{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Rain ends the drought",
        "datePublished": "2022-02-11T14:55:00+03:00", "dateModified": "2022-02-12", "inLanguage": "en-GB",
        "author": [{"@type": "Person", "name": "Ada Lindqvist", "url": "https://news.example/ada"}, {"name": "By Bo Ek"}],
        "publisher": {"@type": "Organization", "name": "Example Courier", "logo": {"url": "https://news.example/l.png"}},
        "mainEntityOfPage": {"@id": "https://news.example/rain"}, "image": [{"url": "https://img.example/1.jpg"}, "https://img.example/2.jpg"],
        "articleSection": "Weather", "keywords": "Rain, Harvest; mostly", "license": "CC-BY-4.0", "articleBody": "It rained."}"#;
    let made = made(item);
    has(
        &made,
        &[
            (
                "/article/authors",
                json!([{"name": "Ada Lindqvist"}, {"name": "Bo Ek"}]),
            ),
            ("/article/published", json!("2022-02-11T14:55:00+03:00")),
            ("/article/modified", json!("2022-02-12")),
            ("/article/language", json!("en")),
            ("/article/section", json!("Weather")),
            ("/article/keywords", json!(["Rain, Harvest", "mostly"])),
            ("/source/name", json!("Example Courier")),
            ("/source/canonical_url", json!("https://news.example/rain")),
            ("/rights/license", json!("CC-BY-4.0")),
            ("/content/text", json!("It rained.")),
            ("/content/images/1/url", json!("https://img.example/2.jpg")),
        ],
    );
    assert_eq!(made.dropped(item, "separator"), ["By "]);
}

#[test]
fn documents_of_a_collection() {
    let dolma = made(
        r#"{"added": "2023-04-07T15:24:38.7+00:00", "created": "2020-03-29T09:04:10Z", "id": "doc-1", "source": "crawl",
        "metadata": {"title": "Invoices", "url": "https://n.example/i", "date_download": "2020-03-29T09:04:10Z", "language": "en",
        "source_domain": "n.example", "perplexity": 304.6, "line_ids": [1, 2]}, "text": "We hold calls."}"#,
    );
    has(
        &dolma,
        &[
            ("/article/headline", json!("Invoices")),
            ("/source/url", json!("https://n.example/i")),
            ("/source/identifier", json!("doc-1")),
            ("/source/name", Value::Null),
            ("/fetch/time", json!("2020-03-29T09:04:10Z")),
            (
                "/absent",
                json!({"authors": "not_found", "published": "not_found"}),
            ),
        ],
    );
    // Whose time it is, is not said.
    let c4 = made(
        r#"{"text": "Rain.", "timestamp": "2019-04-25T12:57:54Z", "url": "https://n.example/r"}"#,
    );
    let not_found = json!("not_found");
    has(
        &c4,
        &[
            ("/absent/published", not_found.clone()),
            ("/absent/fetch_time", not_found),
        ],
    );
}

#[test]
fn feeds_and_wires() {
    let feed = made(
        r#"{"id": "1", "url": "https://n.example/1", "external_url": "https://other.example/", "title": "One",
        "content_html": "<p>Text of it</p>", "content_text": "Text of it", "authors": [{"name": "Ada", "url": "https://n.example/ada"}],
        "date_published": "2020-01-24T23:46:57Z", "tags": ["a", "b"], "image": "https://img.example/1.jpg"}"#,
    );
    has(
        &feed,
        &[
            ("/content/text", json!("Text of it")),
            (
                "/links",
                json!([{"url": "https://other.example/", "relation": "mentions"}]),
            ),
            ("/article/keywords", json!(["a", "b"])),
        ],
    );
    let wire = made(
        r#"{"uri": "tag:n.example,2023:1", "versionCreated": "2023-05-04T10:00:00Z", "firstCreated": "2023-05-04T09:00:00Z",
        "headlines": [{"role": "sub", "value": "Below"}, {"role": "main", "value": "Above"}], "by": "By Bo Ek",
        "bodies": [{"role": "xhtml", "contentType": "text/html", "value": "<p>Text of it</p>"}, {"role": "text", "value": "Text of it"}],
        "located": "Gull Island", "copyrightNotice": "(c)\r\nCourier", "usageTerms": ["None but yours"], "infosources": [{"name": "Courier"}]}"#,
    );
    has(
        &wire,
        &[
            ("/article/headline", json!("Above")),
            ("/article/authors", json!([{"name": "Bo Ek"}])),
            ("/article/published", json!("2023-05-04T09:00:00Z")),
            ("/article/modified", json!("2023-05-04T10:00:00Z")),
            ("/article/located", json!("Gull Island")),
            ("/content/text", json!("Text of it")),
            ("/source/identifier", json!("tag:n.example,2023:1")),
            ("/source/name", json!("Courier")),
            ("/absent/url", json!("not_found")),
            ("/rights/copyright_notice", json!("(c)\nCourier")),
            ("/rights/usage_info", json!("None but yours")),
        ],
    );
    // Markup is the text where there is no other.
    let markup = made(r#"{"title": "One", "content_html": "<p>Text of it</p>"}"#);
    has(&markup, &[("/content/text", json!("<p>Text of it</p>"))]);
}

#[test]
fn objects_around_and_beside_an_article() {
    let search = made(
        r#"{"_index": "news", "_id": "7", "_source": {"title": "A", "content": "Text of it"}}"#,
    );
    has(
        &search,
        &[
            ("/article/headline", json!("A")),
            ("/source/identifier", Value::Null),
        ],
    );
    let wrapped = made(
        r#"{"url": "https://n.example/a", "crawled_at": 1683194400, "id": "request", "data": {"item": {"title": "A", "body": ["One", null, "Two"]}}}"#,
    );
    has(
        &wrapped,
        &[
            ("/source/url", json!("https://n.example/a")),
            ("/fetch/time", json!("2023-05-04T10:00:00Z")),
            ("/source/identifier", Value::Null),
            ("/content/text", json!("One\n\nTwo")),
        ],
    );
    let cms = made(
        r#"{"id": 12, "date": "2023-05-04T10:00:00", "guid": {"rendered": "12"}, "link": "https://n.example/?p=12", "title": {"rendered": "A"},
        "content": {"rendered": "Text of it", "protected": false}, "author": 3, "tags": [4, 5]}"#,
    );
    has(
        &cms,
        &[
            ("/article/headline", json!("A")),
            ("/content/text", json!("Text of it")),
            ("/source/identifier", json!("12")),
            ("/absent/authors", json!("unreadable")),
        ],
    );
    // What is nearer speaks of the article.
    let both =
        made(r#"{"title": "A", "text": "Text of it", "meta": {"title": "Another", "lang": "fr"}}"#);
    has(
        &both,
        &[
            ("/article/headline", json!("A")),
            ("/article/language", json!("fr")),
        ],
    );
    assert_eq!(both.conflicts, []);
}

#[test]
fn members_that_contradict_each_other_give_no_value() {
    let item = r#"{"title": "A \u00e9", "headline": "B", "heading": "B", "text": "T", "body": "T", "date": "2023-05-04", "published": "2023-05-04T10:00Z"}"#;
    let made = made(item);
    has(
        &made,
        &[
            ("/article/headline", Value::Null),
            ("/absent/headline", json!("conflicting")),
            ("/content/text", json!("T")),
            ("/article/published", json!("2023-05-04T10:00Z")),
        ],
    );
    let places = vec![(r"A \u00e9".to_owned(), "B".to_owned())];
    assert_eq!(made.conflicts, places);
    assert_eq!(made.dropped(item, "duplicate:published").len(), 1);
    let authors = super::made(r#"{"title": "A", "author": "Ada", "authors": [{"name": "Ada"}]}"#);
    has(&authors, &[("/article/authors", json!([{"name": "Ada"}]))]);
}

#[test]
fn what_stands_for_nothing_is_no_value() {
    for nothing in [
        "null",
        "0",
        r#""""#,
        r#"" \n""#,
        r#""None""#,
        r#""nan""#,
        r#""N/A""#,
        r#""0""#,
        "[]",
        "[null]",
        "{}",
        r#""\u00ad""#,
    ] {
        let item = format!(
            r#"{{"title": {nothing}, "text": {nothing}, "author": {nothing}, "url": {nothing}, "lang": {nothing}, "tags": {nothing}, "date": {nothing}, "section": {nothing}, "images": {nothing}, "license": {nothing}}}"#
        );
        let made = made(&item);
        // In an array the marks are of it.
        assert_eq!(made.dropped(&item, "value"), [""; 0], "{nothing}");
        let expected = json!({"authors": "not_found", "fetch_time": "not_in_dump", "headline": "not_found", "language": "not_found", "published": "not_found", "text": "not_found", "url": "not_found"});
        assert_eq!(made.at("/absent"), &expected, "{nothing}");
    }
    for epoch in [
        "0",
        "0.0",
        r#""1970-01-01""#,
        r#""1970-01-01T00:00:00Z""#,
        r#""0001-01-01T00:00:00""#,
        r#""0000-00-00 00:00:00""#,
    ] {
        let made = made(&format!(
            r#"{{"title": "A", "date": {epoch}, "date_download": {epoch}}}"#
        ));
        has(
            &made,
            &[
                ("/absent/published", json!("not_found")),
                ("/absent/fetch_time", json!("not_in_dump")),
            ],
        );
    }
    let kept = made(r#"{"id": 0, "title": "None of the above"}"#);
    has(
        &kept,
        &[
            ("/source/identifier", json!("0")),
            ("/article/headline", json!("None of the above")),
        ],
    );
}

#[test]
fn what_cannot_be_read_is_unreadable() {
    let item = r#"{"url": "www.n.example/a", "date": "05/04/2023", "lang": "English", "title": "\ud83d", "author": "['Ada']", "text": 12, "tags": "a,,b", "fetched_at": "now"}"#;
    let made = made(item);
    let unreadable = json!("unreadable");
    let expected: Value = [
        "authors",
        "fetch_time",
        "headline",
        "language",
        "published",
        "text",
        "url",
    ]
    .into_iter()
    .map(|key| (key.to_owned(), unreadable.clone()))
    .collect::<serde_json::Map<_, _>>()
    .into();
    assert_eq!(made.at("/absent"), &expected);
    assert_eq!(made.dropped(item, "undecodable").len(), 1);
    // A text is read around what is no character of it.
    let item =
        r#"{"title": "Cut \ud83d\ude00\ud83d", "text": ["\ude00Rain\ud83d falls", "\n\ud83d"]}"#;
    let made = super::made(item);
    has(
        &made,
        &[
            ("/article/headline", json!("Cut 😀")),
            ("/content/text", json!("Rain falls")),
        ],
    );
    let undecodable = [r"\ud83d", r"\ude00", r"\ud83d"];
    assert_eq!(made.dropped(item, "undecodable"), undecodable);
}

/// A value of another type than its name suggests is treated as if the name were unknown. A list of unreadable values is
/// not an empty list.
#[test]
fn what_is_of_another_kind_is_as_if_its_name_were_not_known() {
    for (member, label) in [
        (r#""author": true"#, "value"),
        (r#""author": {"first": "Ada"}"#, "value"),
        (r#""title": ["A", "B"]"#, "value"),
        (r#""license": "all rights""#, "value"),
        (r#""domain": "n.example/a""#, "value"),
        (r#""status_code": 700"#, "value"),
        (r#""status_code": "200""#, "value"),
        (r#""tags": "a,,b""#, "value"),
        (r#""tags": [{"id": "a"}]"#, "value"),
        (r#""status_code": 0"#, "value:none"),
        (r#""status_code": null"#, "value:none"),
        (r#""tags": "; ;""#, "value:none"),
        (r#""images": ["/a.png", ""]"#, "unrecognised"),
        (r#""links": [{"url": "b.html"}]"#, "unrecognised"),
        (r#""author": 12"#, "unrecognised"),
        (r#""tags": "['a', 'b']""#, "unrecognised"),
        (r#""text": ["\ud83d", "\ud83d"]"#, "undecodable"),
        (r#""author": "Ad\ud83d""#, "undecodable"),
    ] {
        let other = if member.contains("title") {
            "text"
        } else {
            "title"
        };
        let item = format!(r#"{{"{other}": "T", {member}}}"#);
        let made = super::made(&item);
        let dropped = made.dropped(&item, label);
        assert!(!dropped.is_empty(), "{item}: {}", made.trace["dropped"]);
        let is_its =
            |label: &str| ["value", "unrecognised", "undecodable", "value:none"].contains(&label);
        let labels = made.trace["dropped"].as_array().unwrap().iter();
        let others = labels
            .filter_map(|one| one["label"].as_str())
            .filter(|one| is_its(one));
        assert_eq!(others.collect::<Vec<_>>(), [label], "{item}");
    }
}

#[test]
fn every_byte_has_its_label() {
    let prose = "A sentence of an unknown member. ".repeat(12);
    let item = format!(
        r#"{{"title": "A", "views": 3, "more": {{"x": [1, "y"]}}, "essay": "{prose}", "created": "2023", "title": "B", "text": "Text of it"}} "#
    );
    let made = made(&item);
    let label = |label: &str| made.dropped(&item, label);
    assert_eq!(label("value"), [r#"", "views": 3, "more": {"x": [1, "y""#]);
    assert_eq!(
        label("unrecognised"),
        [format!(r#"]}}, "essay": "{prose}""#)]
    );
    assert_eq!(label("metadata"), [r#", "created": "2023""#]);
    assert_eq!(label("duplicate:key"), [r#", "title": "B""#]);
    assert_eq!(
        label("markup"),
        [r#"{"title": ""#, r#", "text": ""#, r#""} "#]
    );
}

#[test]
fn names_in_any_spelling_and_any_encoding() {
    let item = "{\"Head-Line\": \"Caf\u{e9} \\u00e9 \u{1f600}\", \"BODY text\": \"a\\r\\nb\", \"pubDate\": \"Thu, 04 May 2023 10:00:00 +0200\", \"Tags\": \" a, b ,\"}";
    let units = |to: fn(u16) -> [u8; 2]| item.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    for (bytes, encoding) in [
        (item.as_bytes().to_vec(), Encoding::Utf8),
        (units(u16::to_le_bytes), Encoding::Utf16Le),
        (units(u16::to_be_bytes), Encoding::Utf16Be),
    ] {
        has(
            &convert(&bytes, encoding),
            &[
                ("/article/headline", json!("Café é 😀")),
                ("/content/text", json!("a\nb")),
                ("/article/published", json!("2023-05-04T10:00:00+02:00")),
                ("/article/keywords", json!(["a", "b"])),
            ],
        );
    }
}

#[test]
fn what_has_no_name_of_an_article_is_not_read() {
    for (item, is_read) in [
        ("[]", false),
        ("3", false),
        ("{}", false),
        (
            r#"{"name": "package", "version": "1", "author": "Ada"}"#,
            false,
        ),
        (r#"{"TITLE": null}"#, true),
        (r#"{"row": {"url": "x"}}"#, true),
    ] {
        let document = JsonDocument::parse(item.as_bytes(), Encoding::Utf8).unwrap();
        assert_eq!(reads(&document), is_read, "{item}");
        assert_eq!(made(item).at("/source/url"), &Value::Null);
    }
}

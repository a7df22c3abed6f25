//! What a text shows that no writer meant, at the bytes that write it.

use serde_json::{Value, json};

use super::sample::{article, edit, sealed};
use crate::check::{At, check_line};
use crate::diagnostic::Diagnostic;

const AT: At<'_> = At {
    file: "part.jsonl",
    line: 3,
    offset: 1000,
};

/// A text, and what stands before and behind it in the record.
const BODY: &str = "The ferry leaves from the old pier, and it is “late”. ";

type Case = (&'static str, fn() -> Value, &'static str);

/// The one code of an article that is edited so, with the bytes that are marked.
pub(super) const CASES: &[Case] = &[
    ("text-control", || text("a\u{7}\u{8}b"), r"\u0007"),
    ("text-bidi", || text("a \u{202e}b"), "\u{202e}"),
    ("text-replacement", || text("a \u{fffd}b"), "\u{fffd}"),
    ("text-private", || text("a \u{f0e7}b"), "\u{f0e7}"),
    ("text-invisible", || text("a\u{ad}b\u{200b}c"), "\u{ad}"),
    (
        "text-markup",
        || text("a <a href=\"b\">c"),
        r#"<a href=\"b\">"#,
    ),
    ("text-entity", || text("a &nbsp; b"), "&nbsp;"),
    ("text-mojibake", || text("cafÃ© rÃ©ouvert"), "Ã©"),
    (
        "text-script",
        || {
            let russian = text(&"Мост открыли после ремонта. ".repeat(12));
            edit(
                edit(russian, "/article/language", Some(json!("ro"))),
                "/absent/language",
                None,
            )
        },
        "\"ro\"",
    ),
    (
        "text-short",
        || edit(article("art-1"), "/content/text", Some(json!("Photo"))),
        "\"Photo\"",
    ),
    (
        "text-wall",
        || text("Please enable JavaScript."),
        "enable JavaScript",
    ),
    (
        "text-truncated",
        || text("And so on… [+120 chars]"),
        "[+120 chars]",
    ),
    (
        "text-summary",
        || {
            edit(
                text("And so on."),
                "/content/summary",
                Some(text("And so on.")["content"]["text"].clone()),
            )
        },
        "\"The ferry",
    ),
    (
        "headline-repeated",
        || {
            edit(
                article("art-1"),
                "/content/text",
                Some(json!(format!("Rain ends the drought\n\n{BODY}"))),
            )
        },
        "Rain ends the drought",
    ),
    (
        "value-placeholder",
        || {
            edit(
                article("art-1"),
                "/article/headline",
                Some(json!("undefined")),
            )
        },
        "\"undefined\"",
    ),
    (
        "author-url",
        || {
            let authors =
                json!([{"name": "Ada Lindqvist"}, {"name": "https://social.example/ada"}]);
            let named = edit(article("art-1"), "/article/authors", Some(authors));
            edit(named, "/absent/authors", None)
        },
        "\"https://social.example/ada\"",
    ),
    (
        "headline-site",
        || {
            edit(
                article("art-1"),
                "/source/name",
                Some(json!("Rain ends the drought ")),
            )
        },
        "\"Rain ends the drought\"",
    ),
    (
        "time-implausible",
        || {
            let dated = edit(
                article("art-1"),
                "/article/published",
                Some(json!("1970-01-01T00:00Z")),
            );
            edit(dated, "/absent/published", None)
        },
        "\"1970-01-01T00:00Z\"",
    ),
    (
        "status-error",
        || edit(article("art-1"), "/fetch", Some(json!({"status": 404}))),
        "404",
    ),
    (
        "canonical-elsewhere",
        || {
            edit(
                article("art-1"),
                "/source/canonical_url",
                Some(json!("https://example.org/rain")),
            )
        },
        "\"https://example.org/rain\"",
    ),
    (
        "link-self",
        || {
            let link = json!([{"url": "https://example.com/rain#top", "relation": "mentions"}]);
            edit(article("art-1"), "/links", Some(link))
        },
        "\"https://example.com/rain#top\"",
    ),
    (
        "link-self",
        || {
            let link =
                json!([{"url": "https://EXAMPLE.com:443/a/../rain", "relation": "mentions"}]);
            edit(article("art-1"), "/links", Some(link))
        },
        "\"https://EXAMPLE.com:443/a/../rain\"",
    ),
];

/// The sample with this at the end of its text.
fn text(end: &str) -> Value {
    edit(
        article("art-1"),
        "/content/text",
        Some(json!(format!("{BODY}{end}"))),
    )
}

fn marked(line: &str, found: &Diagnostic) -> String {
    let span = found.place.span.clone().unwrap();
    let within = |at: u64| usize::try_from(at - AT.offset).unwrap();
    line[within(span.start)..within(span.end)].to_owned()
}

/// `code pointer marked` of each diagnostic, in order of place.
fn shown(line: &str) -> Vec<String> {
    let mut found = check_line(line.as_bytes(), AT);
    found.sort_by_key(|found| {
        found
            .place
            .span
            .clone()
            .map(|span| (span.start, found.code.name))
    });
    let one = |found: &Diagnostic| {
        let pointer = found.place.pointer.clone().unwrap();
        format!("{} {pointer} {}", found.code, marked(line, found))
    };
    found.iter().map(one).collect()
}

#[test]
fn each_is_said_once_at_its_bytes() {
    for (code, make, shows) in CASES {
        let line = sealed(make()).to_string();
        let found = check_line(line.as_bytes(), AT);
        let codes: Vec<_> = found.iter().map(|found| found.code.name).collect();
        assert_eq!(codes, [*code], "{line}\n{found:#?}");
        let marked = marked(&line, &found[0]);
        assert!(marked.starts_with(shows), "{code}: {marked} in {line}");
    }
}

#[test]
fn ten_defects_have_ten_places() {
    let bad = json!({
        "format": "dateline/1", "type": "article", "id": "art-1",
        "source": {
            "name": "Example\u{7f}News", "domain": "example.org",
            "url": "https://example.com/rain",
        },
        "fetch": {"time": "2022-02-10T08:00Z", "status": 404},
        "raw": {"digest": "sha256:0", "bytes": 77, "media_type": "text/plain", "encoding": "utf-8"},
        "article": {
            "headline": "Rain &amp; wind", "authors": [{"name": "None"}],
            "published": "2022-02-11T08:00Z", "desk": "Weather",
        },
        "absent": {"language": "not_found", "headline": "not_found"},
        "content": {"text": format!("{BODY}\n<br>\"{BODY}\"<br>")},
        "content_digest": format!("sha256:{:064}", 0),
    });
    // An escape before the place moves it.
    let line = bad.to_string().replace("wind", r"w\u0069nd");
    let expected = [
        "absent-contradicted /absent/headline \"headline\"",
        "value-placeholder /article/authors/0/name \"None\"",
        "field-unknown /article/desk \"desk\"",
        "text-entity /article/headline &amp;",
        "text-markup /content/text <br>",
        "content-digest-mismatch /content_digest \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"",
        "status-error /fetch/status 404",
        "time-order /fetch/time \"2022-02-10T08:00Z\"",
        "field-value /raw/digest \"sha256:0\"",
        "domain-mismatch /source/domain \"example.org\"",
        "text-control /source/name \u{7f}",
        "text-digest-mismatch /text_digest {",
    ];
    let mut found = shown(&line);
    let mut expected = expected.map(str::to_owned).to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn escapes_move_no_place() {
    let honest = sealed(text("It said \"<b>\" \\ <i>")).to_string();
    let escaped: String = honest
        .chars()
        .flat_map(|c| match c {
            '<' => r"\u003c".chars().collect::<Vec<_>>(),
            'ë'..='ÿ' | '“' | '”' => format!("\\u{:04x}", u32::from(c)).chars().collect(),
            c => vec![c],
        })
        .collect();
    assert_eq!(shown(&honest), ["text-markup /content/text <b>"]);
    assert_eq!(shown(&escaped), [r"text-markup /content/text \u003cb>"]);
}

#[test]
fn a_text_without_letters_is_next_to_nothing() {
    for (text, message) in [
        ("——", "the text holds no letter"),
        ("—— 7", "the text, `—— 7`, is next to nothing"),
    ] {
        let line = sealed(edit(article("art-1"), "/content/text", Some(json!(text)))).to_string();
        let found = check_line(line.as_bytes(), AT);
        let messages: Vec<_> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(messages, [message]);
    }
}

#[test]
fn all_of_a_kind_are_counted_and_the_first_is_shown() {
    let line = sealed(text("a\u{fffd}b\u{fffd}c\u{fffd} &lt; &gt;")).to_string();
    let found = check_line(line.as_bytes(), AT);
    let messages: Vec<_> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "the text holds the replacement character U+FFFD, and 2 more",
            "the text holds the character reference `&lt;`, and 1 more",
        ]
    );
    let line = sealed(text("Ð¼Ð¾Ñ\u{81}Ñ\u{82}")).to_string();
    let found = check_line(line.as_bytes(), AT);
    assert_eq!(
        found[0].message,
        "`Ð¼` is `м`, read in another encoding, and 3 more"
    );
}

//! What one line shows by itself.

use serde_json::{Value, json};

use super::sample::{article, edit, relation, sealed, with_id, withdrawal};
use crate::check::{At, check_line};
use crate::diagnostic::Diagnostic;
use crate::json::MAX_VALUES;

const AT: At<'_> = At {
    file: "part.jsonl",
    line: 3,
    offset: 1000,
};

type Case = (&'static str, fn() -> Vec<u8>, &'static str);

fn line(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn spoilt(pointer: &str, new: Value) -> Vec<u8> {
    line(&edit(article("art-1"), pointer, Some(new)))
}

fn without(pointer: &str) -> Vec<u8> {
    line(&edit(article("art-1"), pointer, None))
}

/// The text of the article with `from` replaced.
fn text(from: &str, to: &str) -> Vec<u8> {
    let text = article("art-1").to_string();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

const DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
const CODE: &str = "hmac-sha256:0000000000000000000000000000000000000000000000000000000000000000";

fn keyed(pointer: &str, keys: Value) -> Vec<u8> {
    line(&edit(withdrawal("art-1", "copyright"), pointer, Some(keys)))
}

/// The one code that a line gets, the line, and the bytes of it that are marked.
pub(super) const CASES: &[Case] = &[
    (
        "withdrawal-keys-order",
        || keyed("/url_digests", json!([DIGEST, DIGEST])),
        r#"["sha256:0000000000000000000000000000000000000000000000000000000000000000","sha256:0000000000000000000000000000000000000000000000000000000000000000"]"#,
    ),
    (
        "withdrawal-private",
        || {
            let private = edit(
                withdrawal("art-1", "copyright"),
                "/text_digest",
                Some(json!(CODE)),
            );
            line(&edit(private, "/raw_digest", Some(json!(DIGEST))))
        },
        r#""hmac-sha256:0000000000000000000000000000000000000000000000000000000000000000""#,
    ),
    (
        "withdrawal-keyless",
        || {
            line(&edit(
                withdrawal("art-1", "removed"),
                "/raw_digest",
                Some(json!(CODE)),
            ))
        },
        r#""hmac-sha256:0000000000000000000000000000000000000000000000000000000000000000""#,
    ),
    ("json-syntax", || b"{\"id\": \"art-1\",}".to_vec(), ","),
    ("json-syntax", || b"[{}]".to_vec(), "[{}]"),
    ("json-utf8", || b"{\"id\": \"\xE9\"}".to_vec(), "\u{fffd}"),
    ("json-bom", || "\u{feff}{}".as_bytes().to_vec(), "\u{feff}"),
    (
        "json-duplicate-key",
        || br#"{"id": 1, "\u0069d": 2}"#.to_vec(),
        r#""\u0069d""#,
    ),
    (
        "json-number",
        || text("\"bytes\":77", "\"bytes\":77.0"),
        "77.0",
    ),
    (
        "json-surrogate",
        || br#"{"id": "\ud83d"}"#.to_vec(),
        r"\ud83d",
    ),
    ("json-depth", || "[".repeat(129).into_bytes(), "["),
    (
        "json-size",
        || format!("[{}2]", "1,".repeat(MAX_VALUES - 1)).into_bytes(),
        "2",
    ),
    ("line-empty", || b" \r".to_vec(), " "),
    (
        "format-version",
        || spoilt("/format", json!("dateline/2")),
        "\"dateline/2\"",
    ),
    ("format-version", || spoilt("/format", json!(1)), "1"),
    ("field-missing", || without("/format"), "{"),
    (
        "type-unknown",
        || spoilt("/type", json!("news")),
        "\"news\"",
    ),
    ("field-missing", || without("/type"), "{"),
    ("field-missing", || without("/raw/digest"), "{"),
    (
        "field-unknown",
        || spoilt("/article/title", json!("Rain")),
        "\"title\"",
    ),
    (
        "field-unknown",
        || spoilt("/trace", json!({"fields": []})),
        "\"trace\"",
    ),
    ("field-type", || spoilt("/article/headline", json!(7)), "7"),
    (
        "field-empty",
        || spoilt("/article/subtitle", Value::Null),
        "null",
    ),
    (
        "field-empty",
        || spoilt("/article/authors", Value::Null),
        "null",
    ),
    (
        "field-empty",
        || spoilt("/article/keywords", json!([])),
        "[]",
    ),
    (
        "field-empty",
        || spoilt("/article/located", json!("")),
        "\"\"",
    ),
    (
        "field-value",
        || spoilt("/absent/authors", json!("unknown")),
        "\"unknown\"",
    ),
    (
        "field-value",
        || spoilt("/content_digest", json!("sha256:0")),
        "\"sha256:0\"",
    ),
    ("id-form", || spoilt("/id", json!("a b")), "\"a b\""),
    (
        "url-invalid",
        || spoilt("/links", json!([{"url": "/a", "relation": "related"}])),
        "\"/a\"",
    ),
    (
        "url-invalid",
        || spoilt("/source/canonical_url", json!("https://exa%00mple.com/")),
        "\"https://exa%00mple.com/\"",
    ),
    (
        "time-form",
        || spoilt("/article/modified", json!("11.02.2022 14:55")),
        "\"11.02.2022 14:55\"",
    ),
    (
        "time-calendar",
        || spoilt("/article/modified", json!("2022-02-30")),
        "\"2022-02-30\"",
    ),
    (
        "time-calendar",
        || spoilt("/article/modified", json!("2022-13-01")),
        "\"2022-13-01\"",
    ),
    (
        "time-order",
        || {
            let late = edit(
                article("art-1"),
                "/article/published",
                Some(json!("2022-02-12T10:00Z")),
            );
            let late = edit(late, "/absent/published", None);
            line(&edit(
                late,
                "/article/modified",
                Some(json!("2022-02-12T09:59Z")),
            ))
        },
        "\"2022-02-12T09:59Z\"",
    ),
    (
        "domain-mismatch",
        || spoilt("/source/domain", json!("example.org")),
        "\"example.org\"",
    ),
    ("absent-missing", || without("/absent/authors"), "{"),
    (
        "absent-contradicted",
        || spoilt("/absent/url", json!("not_found")),
        "\"url\"",
    ),
    (
        "content-digest-mismatch",
        || {
            let other = article("art-1")["text_digest"].clone();
            spoilt("/content_digest", other)
        },
        "\"sha256:",
    ),
    (
        "content-digest-mismatch",
        || without("/content_digest"),
        "{",
    ),
    ("text-digest-mismatch", || without("/text_digest"), "{"),
    (
        "text-digest-mismatch",
        || {
            let other = article("art-1")["content_digest"].clone();
            spoilt("/text_digest", other)
        },
        "\"sha256:",
    ),
    ("content-withheld", || without("/content"), "\"sha256:"),
    (
        "time-calendar",
        || {
            line(&edit(
                withdrawal("a", "privacy"),
                "/date",
                Some(json!("2022-02-30")),
            ))
        },
        "\"2022-02-30\"",
    ),
    (
        "relation-target",
        || line(&edit(relation("references", "a", "b"), "/to", None)),
        "{",
    ),
    (
        "relation-target",
        || {
            let both = relation("references", "a", "b");
            line(&edit(both, "/to_url", Some(json!("https://example.com/"))))
        },
        "\"to_url\"",
    ),
    (
        "relation-self",
        || line(&relation("references", "a", "a")),
        "\"a\"",
    ),
    (
        "relation-order",
        || line(&relation("is_identical_to", "b", "a")),
        "\"b\"",
    ),
    (
        "relation-id-mismatch",
        || {
            let other = relation("references", "a", "b");
            line(&edit(other, "/to", Some(json!("c"))))
        },
        "\"rel-",
    ),
    (
        "relation-id-mismatch",
        || {
            line(&edit(
                relation("references", "a", "b"),
                "/id",
                Some(json!("mine")),
            ))
        },
        "\"mine\"",
    ),
    (
        "evidence-range",
        || {
            let bad = json!([{"in": "raw", "from": {"start": 4, "end": 4}}]);
            line(&edit(
                relation("references", "a", "b"),
                "/evidence",
                Some(bad),
            ))
        },
        "{\"end\":4",
    ),
];

fn marked(line: &[u8], found: &Diagnostic) -> String {
    let span = found.place.span.clone().unwrap();
    let within = |at: u64| usize::try_from(at - AT.offset).unwrap();
    String::from_utf8_lossy(&line[within(span.start)..within(span.end)]).into_owned()
}

#[test]
fn one_defect_gets_one_code_at_its_bytes() {
    for (code, make, shows) in CASES {
        let line = make();
        let found = check_line(&line, AT);
        let codes: Vec<_> = found.iter().map(|found| found.code.name).collect();
        let text = String::from_utf8_lossy(&line);
        assert_eq!(codes, [*code], "{text}\n{found:#?}");
        let marked = marked(&line, &found[0]);
        assert!(marked.starts_with(shows), "{code}: {marked} in {text}");
        assert_eq!(found[0].place.line, Some(AT.line));
    }
}

#[test]
fn nothing_is_wrong_with_the_sample() {
    for value in [
        article("art-1"),
        relation("references", "a", "b"),
        relation("is_identical_to", "a", "b"),
        withdrawal("art-1", "privacy"),
    ] {
        assert_eq!(check_line(&line(&value), AT), []);
    }
    let to_url = edit(relation("references", "a", "b"), "/to", None);
    let to_url = edit(to_url, "/to_url", Some(json!("https://example.com/")));
    assert_eq!(check_line(&line(&with_id(to_url)), AT), []);
}

#[test]
fn all_defects_are_reported() {
    let bad = edit(article("art-1"), "/article/headline", Some(Value::Null));
    let bad = edit(bad, "/source/domain", Some(json!("example.org")));
    let bad = edit(bad, "/raw/bytes", Some(json!(-1)));
    let bad = edit(bad, "/content/text", Some(json!("It was edited.")));
    let mut codes: Vec<_> = check_line(&line(&bad), AT)
        .iter()
        .map(|found| found.code.name)
        .collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "content-digest-mismatch",
            "domain-mismatch",
            "field-empty",
            "field-value",
            "text-digest-mismatch"
        ]
    );
}

#[test]
fn a_text_of_white_space_is_none() {
    let blank = edit(article("art-1"), "/content/text", Some(json!("\u{a0}")));
    let found = check_line(&line(&sealed(blank)), AT);
    let codes: Vec<_> = found.iter().map(|found| found.code.name).collect();
    assert_eq!(codes, ["field-empty"]);
}

#[test]
fn what_was_spelt_anew_is_the_same() {
    let spaced = serde_json::to_string_pretty(&article("art-1"))
        .unwrap()
        .replace('\n', " ");
    let escaped = spaced.replace("Été", "\\u00c9t\\u00e9");
    assert_eq!(check_line(escaped.as_bytes(), AT), []);
    assert_eq!(check_line(&[escaped.as_bytes(), b"\r"].concat(), AT), []);
}

#[test]
fn what_absent_does_not_say_is_said_once() {
    let found = check_line(&without("/absent"), AT);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "the article has no authors, no fetch_time, no language, no published, and `absent` does not say why"
    );
}

#[test]
fn a_trace_is_known_by_its_keys() {
    let good = line(&super::sample::trace("art-1"));
    assert_eq!(check_line(&good, AT), []);
    let bad = br#"{"id": "a", "trace": {"profile": {"id": "p", "version": 1}}}"#;
    let found = check_line(bad, AT);
    assert_eq!(found[0].message, "field `bytes` is missing");
}

#[test]
fn messages() {
    let message = |line: Vec<u8>| {
        let found = check_line(&line, AT).swap_remove(0);
        match found.hint {
            Some(hint) => format!("{} ({hint})", found.message),
            None => found.message,
        }
    };
    for (line, expected) in [
        (
            spoilt("/format", json!("dateline/2")),
            "format `dateline/2` is newer than `dateline/1`, the newest known here (a newer dateline reads it)",
        ),
        (
            spoilt("/type", json!("ne\u{1b}ws")),
            "`ne\\u{1b}ws` is not a type of record: `article`, `relation` or `withdrawal`",
        ),
        (
            without("/absent/authors"),
            "the article has no authors, and `absent` does not say why (bring the value back where it was lost; where there is none, say why in `absent`: `\"authors\": \"not_in_dump\"`, or another reason)",
        ),
        (
            spoilt("/source/domain", json!("example.org")),
            "domain `example.org` is not the host of the URL, `example.com`",
        ),
        (
            line(&relation("is_identical_to", "b", "a")),
            "`is_identical_to` holds both ways, and `from`, `b`, is not the smaller id (exchange `from` and `to`, and what is said of each)",
        ),
        (
            spoilt("/source/canonical_url", json!("www.example.com/a")),
            "`www.example.com/a` is not an absolute http or https URL: it does not begin with `http://` or `https://` (write the whole address; where it is not known, leave out the field, or the link or relation that needs it)",
        ),
        (
            spoilt("/source/canonical_url", json!("https://example.com/a b")),
            "`https://example.com/a b` is not an absolute http or https URL: U+0020 is not printable ASCII (write it as the URL Standard does: a host in Punycode (`xn--…`), other characters percent-encoded (`%20`))",
        ),
        (
            spoilt("/source/canonical_url", json!("https:///a")),
            "`https:///a` is not an absolute http or https URL: no host follows `https://` (write the whole address; where it is not known, leave out the field, or the link or relation that needs it)",
        ),
        (
            spoilt("/source/canonical_url", json!("http://[::g]/")),
            "`http://[::g]/` is not an absolute http or https URL: invalid IPv6 address",
        ),
        (
            spoilt("/source/name", json!("\u{feff}The Courier")),
            "the text holds a byte order mark, U+FEFF (take it out; a line break within a text is U+000A)",
        ),
    ] {
        assert_eq!(message(line), expected);
    }
}

#[test]
fn because_of_a_malformed_digest_something_goes_unchecked() {
    for (pointer, unchecked) in [
        ("/content_digest", true),
        ("/text_digest", true),
        ("/raw/digest", true),
        ("/raw/media_type", false),
    ] {
        let line = spoilt(pointer, json!("?"));
        let found = check_line(&line, AT);
        let one = found.iter().find(|one| one.code.name == "field-value");
        assert_eq!(one.map(|one| one.unchecked), Some(unchecked), "{pointer}");
    }
}

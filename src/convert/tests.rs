#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::PathBuf;

use super::collected::{Collected, collect};
use super::{Converter, IdRule, fits};
use crate::digest::Digest;
use crate::dump::{Input, Kind, inputs};
use crate::json::{MAX_VALUES, Tape};
use crate::profile;
use crate::record::AbsentKey;
use crate::trace::{Bytes, Replay, Sources, Span, coverage, ranges};

fn convert(input: &[PathBuf]) -> Vec<Collected> {
    let profiles: Vec<_> = profile::builtin().iter().collect();
    let converter = Converter {
        profiles: &profiles,
        only_profiles: false,
        ids: IdRule::Derived,
        notes: true,
    };
    collect(&converter, &inputs(input).unwrap())
}

fn one(bytes: &[u8]) -> Collected {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    fs::write(&file, bytes).unwrap();
    convert(&[file]).remove(0)
}

fn code(converted: &Collected) -> &str {
    assert_eq!(converted.made.len(), 0);
    assert_eq!(converted.entry.items, 1);
    let refused = &converted.entry.refused[0];
    assert_eq!(refused.code, converted.diagnostics[0].code.name);
    &refused.code
}

#[test]
fn the_examples_are_read_to_the_last_byte_and_replay() {
    let dumps = PathBuf::from("examples/dumps");
    let all = convert(std::slice::from_ref(&dumps));
    let read_by: Vec<&str> = all
        .iter()
        .flat_map(|file| &file.made)
        .map(|made| made.trace.profile.id.as_str())
        .collect();
    assert_eq!(
        read_by,
        [
            "microdata-flat",
            "microdata-flat",
            "article-comment-prompt",
            "article-appeal",
            "dated-prose",
            "general-text",
        ]
    );
    for made in all.iter().flat_map(|file| &file.made) {
        let raw = fs::read(dumps.join(&made.trace.locations[0].path)).unwrap();
        let record = serde_json::to_value(&made.article).unwrap();
        assert_eq!(coverage(&made.trace), []);
        assert_eq!(u64::try_from(raw.len()).unwrap(), made.article.raw.bytes);
        let sources = Sources::of_text(std::str::from_utf8(&raw).unwrap());
        let mut replay = Replay::new(&made.trace.fields, sources);
        for field in &made.trace.fields {
            let value: serde_json::Value = replay.value(field).unwrap().into();
            let pointer = field.pointer().unwrap().as_str();
            assert_eq!(record.pointer(pointer), Some(&value), "{pointer}");
        }
        assert!(
            ranges(&made.trace)
                .iter()
                .all(|range| range.label.is_some() == range.values.is_empty())
        );
        for key in AbsentKey::ALL {
            assert_ne!(
                made.article.has(key),
                made.article.absent.contains_key(&key),
                "{key:?}"
            );
        }
    }
    let ledger: Vec<_> = all
        .iter()
        .map(|file| (file.entry.path.as_str(), file.entry.kind))
        .collect();
    assert!(ledger.contains(&("README.md", Kind::Notes)));
}

#[test]
fn what_is_no_item_is_refused_by_name_and_place() {
    assert_eq!(code(&one(b"")), "input-empty");
    assert_eq!(code(&one(b" \n\xc2\xa0\n")), "input-empty");
    // A text with one NUL is binary at that byte.
    let found = one(b"Rain fell.\nIt fell\0 on Monday.");
    assert_eq!(code(&found), "input-binary");
    let place = &found.diagnostics[0].place;
    assert_eq!((place.line, place.column), (Some(2), Some(8)));
    assert_eq!(code(&one(b"a\0b")), "input-binary");
    assert_eq!(code(&one(b"\x1f\x8b\x08\0")), "input-damaged");
    assert_eq!(code(&one(b"\x1f\x9d\x90\0")), "input-binary");
    assert_eq!(code(&one(b"<!doctype html><p>")), "input-unsupported");
    let latin = one(b"Rain\nends at the caf\xe9\n");
    assert_eq!(code(&latin), "input-encoding");
    let place = &latin.diagnostics[0].place;
    assert_eq!(
        (place.line, place.column, place.span.clone()),
        (Some(2), Some(16), Some(20..20))
    );
}

#[test]
fn marks_line_ends_and_controls_are_kept_and_named() {
    let prose = "The ford below the mill was closed on Monday after the river rose by a metre.";
    let text =
        format!("\u{feff}Ford closed\r\n\r\n{prose}\r\n\r\n{prose} Again\u{1b} it rose.\r\n");
    let read = one(text.as_bytes());
    let made = &read.made[0];
    assert_eq!(made.trace.dropped[0].label.as_str(), "bom");
    assert_eq!(made.trace.dropped[0].spans, [Span { start: 0, end: 3 }]);
    assert!(
        made.article
            .text()
            .unwrap()
            .contains("Again\u{1b} it rose.")
    );
    assert!(!made.article.text().unwrap().contains('\r'));
    assert!(
        read.diagnostics
            .iter()
            .any(|found| found.code.name == "input-control")
    );
}

#[test]
fn a_profile_that_cannot_read_on_refuses_the_item_there() {
    let profile = profile::Profile::parse(
        "format: dateline-profile/1\nid: strict\nversion: 1\ntitle: Two lines\ndetect: ['\\ATitle:']\n\
         grammar:\n  - {drop: header, match: 'Title:'}\n  - field: /article/headline\n",
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    fs::write(&file, "Title: Rain\nMore\n").unwrap();
    let input = Input {
        path: "a.txt".to_owned(),
        file,
    };
    let read = |profiles: &[&profile::Profile]| {
        let converter = Converter {
            profiles,
            only_profiles: true,
            ids: IdRule::Derived,
            notes: true,
        };
        collect(&converter, std::slice::from_ref(&input)).remove(0)
    };
    let refused = read(&[&profile]);
    assert_eq!(code(&refused), "item-mismatch");
    assert_eq!(refused.diagnostics[0].place.line, Some(2));
    assert_eq!(code(&read(&[&profile, &profile])), "item-ambiguous");
    assert_eq!(code(&read(&[&profile::builtin()[0]])), "item-mismatch");
    let converter = Converter {
        profiles: &[],
        only_profiles: false,
        ids: IdRule::Url,
        notes: true,
    };
    assert_eq!(code(&collect(&converter, &[input])[0]), "item-mismatch");
}

#[test]
fn what_could_not_be_read_again_is_refused() {
    let item =
        "Lock is mended\n\nThe keeper said on Tuesday that it would be mended by the spring.\n";
    let mut made = one(item.as_bytes()).made.remove(0);
    assert!(fits(&made.article, &made.trace, 1 << 20).is_ok());
    let span = Span { start: 0, end: 1 };
    // A span is an array of two integers; the rest is the trace as it was, and its line.
    let trace = made.trace.clone();
    let rest = {
        let line = serde_json::json!({"id": "a", "trace": trace}).to_string();
        Tape::parse(line.as_bytes()).unwrap().root().slots()
    };
    let room = (MAX_VALUES - rest) / 3;
    made.trace.dropped[0].spans.extend(vec![span; room]);
    assert!(fits(&made.article, &made.trace, 1 << 20).is_ok());
    made.trace.dropped[0].spans.push(span);
    let refusal = fits(&made.article, &made.trace, 1 << 20).unwrap_err();
    assert_eq!(refusal.code().name, "input-too-large");
    assert_eq!(
        refusal.to_string(),
        "its trace would have more than 1048576 values and keys, the limit"
    );
    // Whatever the length of the item, few bytes make few values.
    assert!(fits(&made.article, &made.trace, 1000).is_ok());
}

/// A line that goes on is part of the value it goes on with, whatever was read between the two.
#[test]
fn a_wrapped_paragraph_goes_on_where_it_began() {
    let wrapped = "夜班渡轮下周四恢复通航，每天晚\n上十点从北港码头开出，全程五十\n分钟，船票和巴士同价。岛上的居\n民已经等了九年，面包店老板说从\n今以后新鲜面粉当天就能送到店里\n这样真好。\n";
    let text = format!(
        " date 2024-05-02 https://news.example/ferry\n\n夜班渡轮在北港和海岛之间恢复通航\n\n议会决定从下个月开始增加第二班渡轮，居民表示热烈欢迎这个决定。\n\n2024-05-02T09:30:00+02:00\n\n{wrapped}"
    );
    let converted = one(text.as_bytes());
    let article = serde_json::to_value(&converted.made[0].article).unwrap();
    let value = |at| article.pointer(at).and_then(|value| value.as_str());
    let body = value("/content/text").unwrap();
    assert!(body.ends_with(&wrapped.replace('\n', "")), "{body}");
    assert_eq!(
        value("/article/published"),
        Some("2024-05-02T09:30:00+02:00")
    );
}

/// A profile that states an encoding reads texts that are not UTF-8, and its traces lead to their bytes.
#[test]
fn a_profile_says_in_which_encoding_texts_are() {
    let yaml = "format: dateline-profile/1\nid: old-notice\nversion: 1\ntitle: Old notices\n\
        encoding: windows-1252\ndetect: ['^NOTICE: ']\ngrammar:\n  - match: 'NOTICE: (?<headline>.+)'\n    \
        groups: {headline: {field: /article/headline}}\n    rest: header\n  \
        - repeat: [field: /content/text]\n";
    let profile = match profile::Profile::parse(yaml) {
        Ok(profile) => profile,
        Err(error) => panic!("{error}"),
    };
    let bytes = b"NOTICE: Caf\xe9 \x93opens\x94\nIt rained in the caf\xe9 on Monday.\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    fs::write(&file, bytes).unwrap();
    let converter = Converter {
        profiles: &[&profile],
        only_profiles: false,
        ids: IdRule::Derived,
        notes: true,
    };
    let all = collect(&converter, &inputs(std::slice::from_ref(&file)).unwrap());
    let made = &all[0].made[0];
    assert_eq!(made.article.raw.encoding, "windows-1252");
    let headlines = made.article.article.as_ref().unwrap();
    assert_eq!(headlines.headline.as_deref(), Some("Café “opens”"));
    assert_eq!(coverage(&made.trace), []);
    let item = Bytes {
        bytes,
        encoding: "windows-1252",
    };
    let contexts = &[];
    let mut replay = Replay::new(&made.trace.fields, Sources { item, contexts });
    for field in &made.trace.fields {
        assert!(replay.value(field).is_ok(), "{field:?}");
    }
    // Without it, it is refused at the byte.
    assert_eq!(code(&one(bytes)), "input-encoding");
}

/// A day that is none is said to be unreadable, and the URL behind it is read.
#[test]
fn a_header_line_with_a_day_that_is_none_is_a_header_line() {
    let text = " date 2023-02-30 https://news.example/ford\n\nFord closed\n\nThe ford below the mill was \
        closed on Monday after the river rose by a metre.\n";
    let made = &one(text.as_bytes()).made[0];
    let record = serde_json::to_value(&made.article).unwrap();
    assert_eq!(record["source"]["url"], "https://news.example/ford");
    assert_eq!(record["absent"]["published"], "unreadable");
    let mut dropped = made.trace.dropped.iter();
    let dropped = dropped.find(|one| one.label.as_str() == "unrecognised");
    let spans = &dropped.unwrap().spans;
    assert_eq!(*spans, [crate::trace::Span::from(6..16)]);
}

/// `dump-pages`: what is broken costs its page, and what is like one is an item.
#[test]
fn pages_of_items() {
    let page = |n: u32| {
        let article = |n| format!(r#"{{"title":"T{n}","text":"Ab c."}}"#);
        format!(
            r#"{{"status":"ok","articles":[{}, {}],"n":2}}"#,
            article(n),
            article(n + 1)
        )
    };
    let good = [1, 3, 5].map(page);
    let headlines = |lines: &[&str]| {
        let mut file = lines.join("\n").into_bytes();
        file.push(b'\n');
        let found = one(&file);
        let headlines = found.made.iter().map(|made| {
            let location = &made.trace.locations[0];
            let at = |n: u64| usize::try_from(n).unwrap();
            let item = &file[at(location.offset)..at(location.offset + location.length)];
            assert_eq!(Digest::of(item), made.article.raw.digest);
            made.article
                .article
                .as_ref()
                .unwrap()
                .headline
                .clone()
                .unwrap()
        });
        (
            headlines.collect::<Vec<_>>().join(" "),
            found.entry.refused.len(),
        )
    };
    let [one, three, five] = good.each_ref().map(String::as_str);
    assert_eq!(
        headlines(&[one, three, five]),
        ("T1 T2 T3 T4 T5 T6".to_owned(), 0)
    );
    // Cut within the array, behind a colon, and behind the array; garbage; pages without items.
    let cut = [80, 10, three.len() - 2].map(|end| &three[..end]);
    for broken in cut
        .into_iter()
        .chain(["garbage", "<html>502</html>", "\"unclosed"])
    {
        assert_eq!(
            headlines(&[one, broken, five]),
            ("T1 T2 T5 T6".to_owned(), 1),
            "{broken}"
        );
    }
    assert_eq!(headlines(&[one, r#"{"articles":[]}"#, five]).1, 0);
    assert_eq!(
        headlines(&[r#"{"articles":[]}"#, one]),
        ("T1 T2".to_owned(), 0)
    );
    for other in [
        r#"{"error":"x"}"#,
        r#"{"articles":null}"#,
        r#"{"articles":[{}],"docs":[{}]}"#,
    ] {
        assert_eq!(
            headlines(&[one, other, five]),
            ("T1 T2 T5 T6".to_owned(), 1),
            "{other}"
        );
        assert_eq!(
            headlines(&[other, five]),
            ("T5 T6".to_owned(), 1),
            "{other}"
        );
    }
    // An article that has others in it is one.
    let own = r#"{"articles":[{"title":"A"}],"headline":"Own","text":"Ab c."}"#;
    assert_eq!(headlines(&[one, own]), ("T1 T2 Own".to_owned(), 0));
    let nested = r#"{"response":{"docs":[{"title":"N","text":"Ab c."}]}}"#;
    assert_eq!(headlines(&[nested, one]), ("N T1 T2".to_owned(), 0));
    assert_eq!(
        headlines(&[&format!("[{one},"), &format!("{three}]")]),
        ("T1 T2 T3 T4".to_owned(), 0)
    );
}

/// `dump-duplicate-key`: of very many keys the first are shown, and the others counted.
#[test]
fn repeated_keys_are_shown_up_to_a_number() {
    let members: Vec<_> = (0..50).map(|n| format!(r#""k{n}":1,"k{n}":2,"#)).collect();
    let members = members.concat();
    let found = one(format!(r#"{{{members}"title":"Rain","text":"Ab c."}}"#).as_bytes());
    let keys = found.diagnostics.iter();
    let keys: Vec<_> = keys
        .filter(|one| one.code.name == "input-duplicate-key")
        .collect();
    assert_eq!(keys.len(), 20);
    let (last, others) = keys.split_last().unwrap();
    assert!(others.iter().all(|one| one.message.ends_with("is ignored")));
    assert!(
        last.message
            .ends_with("; 30 more keys of this item are repeated"),
        "{}",
        last.message
    );
}

/// What an item says is shown in its encoding, and what was lost is named.
#[test]
fn findings_show_an_item_in_its_encoding() {
    let item = "{\"title\": \"Caf\u{e9} A\", \"headline\": \"B\", \"text\": \"Cut \\ud83d\", \"lang\": \"\\ude00\"}";
    let units: Vec<u8> = item.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found: Vec<_> = one(&units).diagnostics;
    // Columns are of characters, spans of bytes.
    for one in &found {
        let place = &one.place;
        let span = place.span.clone().unwrap();
        let column = usize::try_from(place.column.unwrap()).unwrap();
        assert_eq!(usize::try_from(span.start).unwrap(), 2 * (column - 1));
        let excerpt = format!("{:?}", place.excerpt);
        assert!(excerpt.contains("Caf\u{e9}"), "{excerpt}");
    }
    let says = |code: &str| {
        let found = found.iter().find(|found| found.code.name == code);
        found.map(|found| found.message.clone()).unwrap_or_default()
    };
    let conflict = says("value-conflict");
    assert!(
        conflict.contains("`B`") && conflict.contains("`Caf\u{e9} A` "),
        "{conflict}"
    );
    assert!(conflict.ends_with("disagree on /article/headline, so the record leaves it out"));
    assert_eq!(
        says("input-surrogate"),
        "this string has half of a surrogate pair, which is not a character; 1 more string has one"
    );
}

/// `converter-unreadable`
#[test]
fn what_is_wrong_with_json_is_placed_at_its_own_bytes() {
    let told = |name: &str, bytes: &str| -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let all = convert(&[file]).remove(0).diagnostics;
        let wrong = all
            .iter()
            .filter(|one| one.severity != crate::diagnostic::Severity::Note);
        let tell = |one: &crate::diagnostic::Diagnostic| {
            let place = &one.place;
            let (line, column) = (place.line.unwrap(), place.column.unwrap());
            let excerpt = place.excerpt.as_ref().unwrap().text();
            format!("{line}:{column} {} [{excerpt}]", one.message)
        };
        wrong
            .map(tell)
            .filter(|one| !one.contains("next to nothing"))
            .collect()
    };
    assert_eq!(
        told(
            "w.json",
            "[\n {\n  \"title\": \"a\"\n },\n {\n  \"title\": \"b\"\n  \"text\": \"c\"\n }\n]\n"
        )[1..],
        ["7:3 expected `,` or `}`, found `\"`; the item begins at 5:2 [  \"text\": \"c\"]"]
    );
    let lines = "{\"title\":\"a\",\"text\":\"x\"}\n{\"title\": \"b\" \"text\": \"c\"}\n{\"title\":\"d\",\"text\":\"x\"}}\n{\"title\":\n{}";
    let found = told("l.jsonl", lines);
    assert_eq!(
        found[..3],
        [
            "2:15 expected `,` or `}`, found `\"` [{\"title\": \"b\" \"text\": \"c\"}]",
            "3:25 expected a value, found `}` [{\"title\":\"d\",\"text\":\"x\"}}]",
            "4:10 the line ends within a value [{\"title\":]",
        ]
    );
    let packed = r#"[{"title":"é","text":"x"},{"text":"x","url":"news.example/a","published_at":"03/04/2021"},{"zeile":1,"b\u001b":2}]"#;
    let found = told("p.json", packed);
    let begins: Vec<&str> = found
        .iter()
        .map(|one| one.split(" [").next().unwrap())
        .collect();
    assert_eq!(
        begins,
        [
            "1:46 `news.example/a` of `url` cannot be read as a URL: it is not an absolute http or https URL",
            "1:78 `03/04/2021` of `published_at` cannot be read as a time: which number is the day and which the \
             month is not known",
            "1:91 expected an object with a headline, text, summary or URL; found an object without any of them; \
             its keys are `zeile`, `b\\u{1b}`",
        ]
    );
    // What has another meaning is not warned of.
    let other = r#"{"title": "a", "text": "x", "uri": "tag:1", "published": true, "url": "https://a.example/"}"#;
    assert_eq!(told("o.json", other), Vec::<String>::new());
}

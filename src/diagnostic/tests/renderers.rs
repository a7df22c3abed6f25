//! What each renderer writes.

use crate::diagnostic::{
    Diagnostic, Facets, Format, LineIndex, Place, Report, Severity, Styles, codes,
};
use crate::json::{Pointer, Tape};
use crate::record::RecordType;
use crate::schema::Schema;

pub(super) fn written(report: &Report, format: Format, styles: Styles) -> String {
    let mut out = Vec::new();
    report.write(&mut out, format, &styles).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) fn sample() -> Report {
    let line =
        r#"{"id":"art-1","article":{"headline":"Дождь 雨 e\u0301́","published":"2022-02-30"}}"#;
    let at = line.find("\"2022").unwrap();
    let mut report = Report::new(None);
    report.push(
        Diagnostic::new(
            codes::TIME_CALENDAR,
            Place::in_line("b.jsonl", 12, 4000, line.as_bytes(), at..at + 12)
                .pointer(Pointer::root().key("article").key("published"))
                .record("art-1"),
            "`2022-02-30` names no day or time of the calendar",
        )
        .hint("February 2022 has 28 days"),
    );
    let dump = b"date 2022\r\nRain ends\r\nthe drought\r\n";
    report.push(Diagnostic::new(
        codes::VALUE_CONFLICT,
        LineIndex::new(dump).place("a.txt", 16..25),
        "the headline is repeated as `ends\\nthe`",
    ));
    report.push(Diagnostic::new(
        codes::INPUT_EMPTY,
        Place::file("c.txt"),
        "the file is empty",
    ));
    report.push(Diagnostic::new(
        codes::ITEM_GENERAL,
        Place {
            span: Some(0..900),
            ..Place::file("d.txt")
        },
        "no profile recognises this item",
    ));
    for _ in 0..4 {
        report.count_file();
    }
    report.count_record(RecordType::Article);
    report.count_record(RecordType::Article);
    report.add_facets(Facets {
        source: Some(1),
        named: Some(2),
        sealed: Some(false),
        ..Facets::default()
    });
    report
}

#[test]
fn full() {
    let out = written(&sample(), Format::Full, Styles::plain());
    insta::assert_snapshot!(out, @r#"
    warning[value-conflict]: the headline is repeated as `ends\nthe`
     --> a.txt:2:6
      |
    2 | Rain ends
      |      ^^^^

    error[time-calendar]: `2022-02-30` names no day or time of the calendar
      --> b.jsonl:12:68 (/article/published of art-1)
       |
    12 | {"id":"art-1","article":{"headline":"Дождь 雨 e\u0301́","published":"2022-02-30"}}
       |                                                                    ^^^^^^^^^^^^
       = help: February 2022 has 28 days

    error[input-empty]: the file is empty
     --> c.txt

    note[item-general]: no profile recognises this item
     --> d.txt bytes 0..900

    facets: source 1 of 2, named 2 of 2; not sealed
    2 errors, 1 warning, 1 note in 4 files, 2 records
    "#);
}

#[test]
fn full_in_colour_strips_to_the_plain_report() {
    let coloured = written(&sample(), Format::Full, Styles::coloured());
    let mut stripped = String::new();
    let mut parts = coloured.split("\u{1b}[");
    stripped.push_str(parts.next().unwrap());
    for part in parts {
        stripped.push_str(part.split_once('m').unwrap().1);
    }
    assert_eq!(stripped, written(&sample(), Format::Full, Styles::plain()));
    assert!(coloured.starts_with("\u{1b}[1;33mwarning[value-conflict]\u{1b}[0m\u{1b}[1m: the"));
}

#[test]
fn concise() {
    insta::assert_snapshot!(written(&sample(), Format::Concise, Styles::plain()), @r#"
    a.txt:2:6: warning[value-conflict] the headline is repeated as `ends\nthe`
    b.jsonl:12:68: error[time-calendar] `2022-02-30` names no day or time of the calendar
    c.txt: error[input-empty] the file is empty
    d.txt: note[item-general] no profile recognises this item
    facets: source 1 of 2, named 2 of 2; not sealed
    2 errors, 1 warning, 1 note in 4 files, 2 records
    "#);
}

#[test]
fn json() {
    insta::assert_snapshot!(written(&sample(), Format::Json, Styles::coloured()), @r#"
    {
      "format": "dateline-report/1",
      "files": 4,
      "records": {
        "article": 2,
        "relation": 0,
        "withdrawal": 0
      },
      "counts": {
        "errors": 2,
        "warnings": 1,
        "notes": 1
      },
      "codes": {
        "input-empty": 1,
        "item-general": 1,
        "time-calendar": 1,
        "value-conflict": 1
      },
      "facets": {
        "source": 1,
        "named": 2,
        "sealed": false
      },
      "omitted": 0,
      "diagnostics": [
        {
          "code": "value-conflict",
          "severity": "warning",
          "requirement": "profile-same-as",
          "file": "a.txt",
          "line": 2,
          "column": 6,
          "end_column": 11,
          "span": {
            "start": 16,
            "end": 25
          },
          "message": "the headline is repeated as `ends\\nthe`"
        },
        {
          "code": "time-calendar",
          "severity": "error",
          "requirement": "time-calendar",
          "file": "b.jsonl",
          "line": 12,
          "column": 68,
          "end_column": 80,
          "span": {
            "start": 4075,
            "end": 4087
          },
          "pointer": "/article/published",
          "record": "art-1",
          "message": "`2022-02-30` names no day or time of the calendar",
          "hint": "February 2022 has 28 days"
        },
        {
          "code": "input-empty",
          "severity": "error",
          "requirement": "dump-empty",
          "file": "c.txt",
          "message": "the file is empty"
        },
        {
          "code": "item-general",
          "severity": "note",
          "requirement": "profile-general",
          "file": "d.txt",
          "span": {
            "start": 0,
            "end": 900
          },
          "message": "no profile recognises this item"
        }
      ]
    }
    "#);
}

#[test]
fn json_matches_its_schema() {
    let schema = Schema::named("report").unwrap();
    let mut whole = Report::new(Some(1));
    whole.append(sample());
    whole.add_facets(Facets {
        source: Some(1),
        fetch: Some(0),
        named: Some(1),
        replayed: Some(1),
        archived: Some(0),
        licensed: Some(0),
        sealed: Some(true),
        signed: Some(false),
    });
    for report in [sample(), whole, Report::new(None)] {
        let json = written(&report, Format::Json, Styles::plain());
        let tape = Tape::parse(json.as_bytes()).unwrap();
        assert_eq!(schema.validate(tape.root()), []);
    }
}

#[test]
fn an_empty_report() {
    let report = Report::new(Some(0));
    assert_eq!(
        written(&report, Format::Full, Styles::plain()),
        "no problems\n"
    );
    assert_eq!(
        written(&report, Format::Concise, Styles::plain()),
        "no problems\n"
    );
    let json: serde_json::Value =
        serde_json::from_str(&written(&report, Format::Json, Styles::plain())).unwrap();
    assert_eq!(json["diagnostics"], serde_json::json!([]));
    assert_eq!(json["codes"], serde_json::json!({}));
}

/// A million would do as well: what is kept is bounded by the limit.
#[test]
fn a_limit_cuts_the_output_and_not_the_counts() {
    let push = |report: &mut Report, number: u64| {
        let code = if number.is_multiple_of(3) {
            codes::LINE_EMPTY
        } else {
            codes::JSON_SYNTAX
        };
        let place = Place::in_line("a.jsonl", number, number * 10, b"x", 0..1);
        report.push(Diagnostic::new(code, place, format!("line {number}")));
    };
    let mut rising = Report::new(Some(2));
    (1..=3000).for_each(|number| push(&mut rising, number));
    let mut falling = Report::new(Some(2));
    (1501..=3000)
        .rev()
        .for_each(|number| push(&mut falling, number));
    let mut rest = Report::new(Some(2));
    (1..=1500).rev().for_each(|number| push(&mut rest, number));
    falling.append(rest);

    for report in [&rising, &falling] {
        assert_eq!(report.counts().errors, 3000);
        assert_eq!(report.count_of(codes::LINE_EMPTY), 1000);
        assert_eq!(report.omitted(), 2998);
        assert_eq!(
            written(report, Format::Concise, Styles::plain()),
            "a.jsonl:1:1: error[json-syntax] line 1\n\
             a.jsonl:3:1: error[line-empty] line 3\n    \
             2000 error[json-syntax] first at a.jsonl:1:1\n    \
             1000 error[line-empty] first at a.jsonl:3:1\n\
             3000 errors (2998 of them not shown)\n"
        );
    }
}

#[test]
fn ten_thousand_warnings_hide_no_error() {
    let at = |number| Place::in_line("a.jsonl", number, number * 10, b"x", 0..1);
    let warning = |number| Diagnostic::new(codes::TIME_ORDER, at(number), "late");
    let error = |number| Diagnostic::new(codes::JSON_SYNTAX, at(number), format!("error {number}"));
    let mut report = Report::new(Some(4));
    (1..=5_000).for_each(|number| report.push(warning(number)));
    report.push(error(9_000));
    (5_001..=8_999).for_each(|number| report.push(warning(number)));
    report.push(error(9_001));
    let shown = |report: &Report| {
        let shown = report.diagnostics();
        shown
            .iter()
            .map(|one| one.place.line.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(&report), [1, 2, 9_000, 9_001]);
    // Not even where errors alone would fill it: of every code there is one.
    (9_002..=9_100).for_each(|number| report.push(error(number)));
    assert_eq!(shown(&report), [1, 9_000, 9_001, 9_002]);
    assert_eq!(report.gravest(2).len(), 2);
    for format in Format::ALL {
        let out = written(&report, format, Styles::plain());
        assert!(out.contains("error 9000"), "{format:?}: {out}");
        assert!(out.contains("8999"), "all are counted, {format:?}: {out}");
    }
}

#[test]
fn order_is_file_position_code() {
    let mut report = Report::new(None);
    let line = |number| Place::in_line("b", number, number * 100, b"0123456789", 4..5);
    report.push(Diagnostic::new(codes::JSON_SYNTAX, line(10), "4"));
    report.push(Diagnostic::new(codes::LINE_EMPTY, line(9), "3"));
    report.push(Diagnostic::new(codes::JSON_SYNTAX, line(9), "2"));
    report.push(Diagnostic::new(codes::JSON_SYNTAX, Place::file("b"), "1"));
    report.push(Diagnostic::new(codes::LINE_EMPTY, Place::file("a"), "0"));
    let messages: Vec<&str> = report
        .diagnostics()
        .into_iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    assert_eq!(messages, ["0", "1", "2", "3", "4"]);
}

#[test]
fn a_severity_can_be_raised() {
    let place = Place::file("a.txt");
    let raised = Diagnostic::new(codes::INPUT_CONTROL, place, "U+0007").severity(Severity::Error);
    let mut report = Report::new(None);
    report.extend([raised]);
    assert!(report.has_errors());
    assert_eq!(report.counts().to_string(), "1 error");
}

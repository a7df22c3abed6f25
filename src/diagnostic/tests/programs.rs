//! What the renderers for programs write.

use std::collections::BTreeSet;
use std::io::Write as _;

use super::hostile::everywhere;
use super::renderers::{sample, written};
use crate::diagnostic::{
    CODES, Compared, Diagnostic, Format, FromBaseline, Place, Report, Styles, codes, explain,
    github, sarif,
};
use crate::json::{Pointer, Tape};
use crate::schema::Schema;

#[test]
fn every_line_of_jsonl_matches_the_schema() {
    let schema = Schema::named("report").unwrap();
    let out = written(&sample(), Format::Jsonl, Styles::coloured());
    for line in out.lines() {
        let tape = Tape::parse(line.as_bytes()).unwrap();
        assert_eq!(schema.validate(tape.root()), [], "{line}");
    }
    insta::assert_snapshot!(out, @r#"
    {"format":"dateline-diagnostic/1","code":"value-conflict","severity":"warning","requirement":"profile-same-as","file":"a.txt","line":2,"column":6,"end_column":11,"span":{"start":16,"end":25},"message":"the headline is repeated as `ends\\nthe`"}
    {"format":"dateline-diagnostic/1","code":"time-calendar","severity":"error","requirement":"time-calendar","file":"b.jsonl","line":12,"column":68,"end_column":80,"span":{"start":4075,"end":4087},"pointer":"/article/published","record":"art-1","message":"`2022-02-30` names no day or time of the calendar","hint":"February 2022 has 28 days"}
    {"format":"dateline-diagnostic/1","code":"input-empty","severity":"error","requirement":"dump-empty","file":"c.txt","message":"the file is empty"}
    {"format":"dateline-diagnostic/1","code":"item-general","severity":"note","requirement":"profile-general","file":"d.txt","span":{"start":0,"end":900},"message":"no profile recognises this item"}
    {"format":"dateline-report/1","files":4,"records":{"article":2,"relation":0,"withdrawal":0},"counts":{"errors":2,"warnings":1,"notes":1},"codes":{"input-empty":1,"item-general":1,"time-calendar":1,"value-conflict":1},"facets":{"source":1,"named":2,"sealed":false},"omitted":0}
    "#);
}

#[test]
fn junit() {
    insta::assert_snapshot!(written(&sample(), Format::Junit, Styles::coloured()), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="dateline check" tests="5" failures="3" errors="0">
      <testsuite name="dateline check" tests="1" failures="1" errors="0">
        <testcase classname="dateline check" name="all findings">
          <failure type="error" message="2 errors, 1 warning, 1 note in 4 files, 2 records: 1 input-empty, 1 time-calendar, 1 value-conflict, 1 item-general">       1 error[input-empty] at c.txt
           1 error[time-calendar] at b.jsonl:12:68
           1 warning[value-conflict] at a.txt:2:6
           1 note[item-general] at d.txt
    facets: source 1 of 2, named 2 of 2; not sealed
    2 errors, 1 warning, 1 note in 4 files, 2 records</failure>
        </testcase>
      </testsuite>
      <testsuite name="a.txt" tests="1" failures="0" errors="0">
        <testcase classname="a.txt" name="value-conflict" file="a.txt">
          <system-out>a.txt:2:6: warning the headline is repeated as `ends\nthe`</system-out>
        </testcase>
      </testsuite>
      <testsuite name="b.jsonl" tests="1" failures="1" errors="0">
        <testcase classname="b.jsonl" name="time-calendar" file="b.jsonl">
          <failure type="error" message="1: `2022-02-30` names no day or time of the calendar">b.jsonl:12:68 (/article/published of art-1): error `2022-02-30` names no day or time of the calendar
      help: February 2022 has 28 days</failure>
        </testcase>
      </testsuite>
      <testsuite name="c.txt" tests="1" failures="1" errors="0">
        <testcase classname="c.txt" name="input-empty" file="c.txt">
          <failure type="error" message="1: the file is empty">c.txt: error the file is empty</failure>
        </testcase>
      </testsuite>
      <testsuite name="d.txt" tests="1" failures="0" errors="0">
        <testcase classname="d.txt" name="item-general" file="d.txt">
          <system-out>d.txt bytes 0..900: note no profile recognises this item</system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

/// What a check left aside and what it was held to stands in every form that has room for it.
#[test]
fn what_was_left_aside_is_said_to_programs() {
    let mut report = sample();
    report.set_baseline(FromBaseline { known: 3, gone: 1 });
    report.set_compared(Compared {
        release: 2,
        unchanged: 5,
        ..Compared::default()
    });
    report.count_ignored(4);
    let said = "; 3 known from the baseline; 1 in the baseline no longer found; against release 2: 5 \
                unchanged, 0 revised, 0 added, 0 withdrawn, 0 reinstated; removed and vanished not \
                known; ignored files: 4";
    for format in [Format::Github, Format::Sarif, Format::Junit] {
        let out = written(&report, format, Styles::plain());
        assert!(out.contains(said), "{out}");
    }
    let mut summary = Vec::new();
    github::summary(&mut summary, &report).unwrap();
    assert!(String::from_utf8(summary).unwrap().contains(said));
    let out = written(&report, Format::Sarif, Styles::plain());
    let sarif: serde_json::Value = serde_json::from_str(&out).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&written(&report, Format::Json, Styles::plain())).unwrap();
    for name in ["compared", "baseline", "ignored", "counts", "facets"] {
        assert!(!json[name].is_null(), "{name}");
        assert_eq!(sarif["runs"][0]["properties"][name], json[name], "{name}");
    }
}

#[test]
fn github() {
    insta::assert_snapshot!(written(&sample(), Format::Github, Styles::coloured()), @r#"
    ::warning file=a.txt,line=2,col=6,endColumn=11,title=value-conflict::the headline is repeated as `ends\nthe`
    ::error file=b.jsonl,line=12,col=68,endColumn=80,title=time-calendar::`2022-02-30` names no day or time of the calendar%0Ahelp: February 2022 has 28 days
    ::error file=c.txt,title=input-empty::the file is empty
    ::notice file=d.txt,title=item-general::no profile recognises this item
    ::notice title=dateline::2 errors, 1 warning, 1 note in 4 files, 2 records: 1 input-empty, 1 time-calendar, 1 value-conflict, 1 item-general
    "#);
    let mut summary = Vec::new();
    crate::diagnostic::github::summary(&mut summary, &sample()).unwrap();
    insta::assert_snapshot!(String::from_utf8(summary).unwrap(), @r#"
    ## dateline check

    2 errors, 1 warning, 1 note in 4 files, 2 records: 1 input-empty, 1 time-calendar, 1 value-conflict, 1 item-general

    Facets: source 1 of 2, named 2 of 2; not sealed

    | Severity | Code | Count | Records | Files | First |
    |---|---|---:|---:|---:|---|
    | error | `input-empty` | 1 | 0 | 1 | `c.txt` `the file is empty` |
    | error | `time-calendar` | 1 | 1 | 1 | `b.jsonl:12:68` `'2022-02-30' names no day or time of the calendar` |
    | warning | `value-conflict` | 1 | 0 | 1 | `a.txt:2:6` `the headline is repeated as 'ends\nthe'` |
    | note | `item-general` | 1 | 0 | 1 | `d.txt` `no profile recognises this item` |
    "#);
}

#[test]
fn gitlab() {
    insta::assert_snapshot!(written(&sample(), Format::Gitlab, Styles::coloured()), @r#"
    [
      {
        "description": "the headline is repeated as `ends\\nthe`",
        "check_name": "value-conflict",
        "fingerprint": "183ca08bf68d607e5c485dd3916dda785346fe20f9be6dd547e8afa052f4d9d1",
        "severity": "minor",
        "location": {
          "path": "a.txt",
          "lines": {
            "begin": 2
          }
        }
      },
      {
        "description": "`2022-02-30` names no day or time of the calendar; help: February 2022 has 28 days",
        "check_name": "time-calendar",
        "fingerprint": "cd9e0b12e7942460ef38726de37cda1e8187c017a9a7712e1baa74555196fdc9",
        "severity": "critical",
        "location": {
          "path": "b.jsonl",
          "lines": {
            "begin": 12
          }
        }
      },
      {
        "description": "the file is empty",
        "check_name": "input-empty",
        "fingerprint": "f03b9ba23a41d5d86e96f83450aa4ed630c78ebf488badb4898872f09ea876a2",
        "severity": "critical",
        "location": {
          "path": "c.txt",
          "lines": {
            "begin": 1
          }
        }
      },
      {
        "description": "no profile recognises this item",
        "check_name": "item-general",
        "fingerprint": "897e10eda37486bec110a570f4c24eeae56b39eba87cf074f6a5fc26f4a78ce4",
        "severity": "info",
        "location": {
          "path": "d.txt",
          "lines": {
            "begin": 1
          }
        }
      }
    ]
    "#);
}

#[test]
fn sarif() {
    let out = written(&sample(), Format::Sarif, Styles::coloured());
    let mut json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let run = &mut json["runs"][0];
    let driver = &mut run["tool"]["driver"];
    assert_eq!(driver["semanticVersion"], env!("CARGO_PKG_VERSION"));
    let rule = &mut driver["rules"][2];
    let page = explain("time-calendar").unwrap();
    assert_eq!(rule["help"]["markdown"].take(), page);
    assert_eq!(rule["help"]["text"].take(), page);
    assert_eq!(
        rule["fullDescription"]["text"].take(),
        codes::TIME_CALENDAR.what
    );
    let shown = |value: &serde_json::Value| serde_json::to_string_pretty(value).unwrap();
    insta::assert_snapshot!(shown(rule), @r#"
    {
      "defaultConfiguration": {
        "level": "error"
      },
      "fullDescription": {
        "text": null
      },
      "help": {
        "markdown": null,
        "text": null
      },
      "helpUri": "https://github.com/dateline-corpus/dateline/blob/main/spec/diagnostics.md#time-calendar",
      "id": "time-calendar",
      "name": "time-calendar",
      "properties": {
        "problem.severity": "error",
        "requirement": "time-calendar",
        "tags": [
          "Fields"
        ]
      },
      "shortDescription": {
        "text": "A time names a day or hour that does not exist."
      }
    }
    "#);
    insta::assert_snapshot!(shown(&run["results"][1]), @r#"
    {
      "level": "error",
      "locations": [
        {
          "logicalLocations": [
            {
              "fullyQualifiedName": "art-1/article/published"
            }
          ],
          "physicalLocation": {
            "artifactLocation": {
              "uri": "b.jsonl"
            },
            "region": {
              "endColumn": 80,
              "endLine": 12,
              "startColumn": 68,
              "startLine": 12
            }
          }
        }
      ],
      "message": {
        "text": "`2022-02-30` names no day or time of the calendar\nhelp: February 2022 has 28 days"
      },
      "partialFingerprints": {
        "datelineIdentity/v1": "cd9e0b12e7942460ef38726de37cda1e8187c017a9a7712e1baa74555196fdc9",
        "primaryLocationLineHash": "cd9e0b12e7942460:1"
      },
      "ruleId": "time-calendar",
      "ruleIndex": 2
    }
    "#);
    insta::assert_snapshot!(shown(&run["invocations"]), @r#"
    [
      {
        "executionSuccessful": true,
        "toolExecutionNotifications": [
          {
            "level": "note",
            "message": {
              "text": "2 errors, 1 warning, 1 note in 4 files, 2 records: 1 input-empty, 1 time-calendar, 1 value-conflict, 1 item-general"
            }
          }
        ]
      }
    ]
    "#);
}

/// A report of so many findings, with texts of so many characters.
fn crowded(findings: u64, characters: usize) -> Report {
    let mut report = Report::new(None);
    let long = "ж".repeat(characters);
    for number in 1..=findings {
        let code = CODES[usize::try_from(number).unwrap() % CODES.len()];
        let line = format!("{{\"id\":\"art-{number}\"}}");
        let place = Place::in_line("a b.jsonl", number, number * 30, line.as_bytes(), 6..10);
        let place = place
            .record(format!("art-{number}"))
            .pointer(Pointer::root().key(&long));
        report.push(Diagnostic::new(code, place, format!("{number} {long}")).hint(long.clone()));
    }
    report
}

#[test]
fn code_scanning_takes_the_sarif_report() {
    let out = written(&crowded(9_000, 20), Format::Sarif, Styles::plain());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let run = &json["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), sarif::MOST);
    assert_eq!(
        run["tool"]["driver"]["rules"].as_array().unwrap().len(),
        CODES.len()
    );
    let of = |level: &str| results.iter().filter(|one| one["level"] == level).count();
    let others = CODES
        .iter()
        .filter(|code| code.severity != crate::diagnostic::Severity::Error);
    // One of each other code, and otherwise errors.
    assert_eq!(of("error"), sarif::MOST - others.count());
    assert_eq!(run["properties"]["omitted"], 4_000);
    assert_eq!(
        run["invocations"][0]["toolExecutionNotifications"][1]["message"]["text"],
        "4000 of 9000 findings are counted but not listed"
    );
    let prints: BTreeSet<&str> = results
        .iter()
        .map(|one| {
            one["partialFingerprints"]["primaryLocationLineHash"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert_eq!(
        prints.len(),
        results.len(),
        "each has a fingerprint of its own"
    );
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        for (key, most) in [("shortDescription", 1_024), ("fullDescription", 1_024)] {
            assert!(rule[key]["text"].as_str().unwrap().chars().count() <= most);
        }
    }
}

/// Texts longer than any is shown, as many as are shown, take less than GitHub's 10 MB.
#[test]
fn a_sarif_report_is_small_enough_to_be_taken() {
    let out = written(&crowded(100, 1_100), Format::Sarif, Styles::plain());
    assert!(!out.contains(&"ж".repeat(1_001)));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(out.as_bytes()).unwrap();
    let each = packed.finish().unwrap().len() / 100;
    assert!(each * sarif::MOST < 10_000_000, "{each} bytes a finding");
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let at = |line, file: &str| {
        let place = Place::in_line(file, line, line * 100, b"0123456789", 2..4);
        Diagnostic::new(
            codes::TIME_CALENDAR,
            place.record("art-1"),
            format!("in line {line}"),
        )
    };
    let prints = |found: Vec<Diagnostic>| -> Vec<String> {
        let mut report = Report::new(None);
        report.extend(found);
        let out = written(&report, Format::Sarif, Styles::plain());
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        let results = json["runs"][0]["results"].as_array().unwrap();
        results
            .iter()
            .map(|one| one["partialFingerprints"].to_string())
            .collect()
    };
    let shard = "records/part-00000-0123456789abcdef.jsonl";
    let moved = "records/part-00000-fedcba9876543210.jsonl";
    let before = prints(vec![at(2, shard), at(3, shard)]);
    assert_eq!(before, prints(vec![at(20, moved), at(33, moved)]));
    assert_ne!(before[0], before[1]);
    // What has no record goes by its file, however its shard is called now.
    let nameless = |file: &str| Diagnostic::new(codes::JSON_SYNTAX, Place::file(file), "no JSON");
    assert_eq!(prints(vec![nameless(shard)]), prints(vec![nameless(moved)]));
}

/// The schema is OASIS's, which is no part of the project.
#[test]
fn sarif_matches_its_published_schema() {
    let Some(shared) = std::env::var_os("DATELINE_SHARED") else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return;
    };
    let path = "vectors/schemas/sarif/sarif-2.1/schema/sarif-schema-2.1.0.json";
    let path = std::path::Path::new(&shared).join(path);
    let schema: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft4)
        .should_validate_formats(true)
        .offline()
        .build(&schema)
        .unwrap();
    let mut cut = Report::new(Some(2));
    cut.append(sample());
    let reports = [sample(), cut, Report::new(None), crowded(300, 20)];
    let hostile = [
        "\u{1b}]0;x\u{7}",
        "a b%20#?[\u{202e}",
        "./x",
        "/etc/passwd",
        "\u{fffe}",
    ];
    for report in reports.into_iter().chain(hostile.map(everywhere)) {
        let out = written(&report, Format::Sarif, Styles::plain());
        let json = serde_json::from_str(&out).unwrap();
        let wrong: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(wrong, [""; 0]);
    }
    let wrong = serde_json::json!({"version": "2.1.0", "runs": [{"tool": {}}]});
    assert!(!validator.is_valid(&wrong), "the schema is read");
}

#[test]
fn no_more_annotations_than_github_shows() {
    let report = crowded(1_000, 1_100);
    let out = written(&report, Format::Github, Styles::plain());
    for level in ["error", "warning", "notice"] {
        let start = format!("::{level} ");
        let count = out.lines().filter(|line| line.starts_with(&start)).count();
        assert!(count <= github::EACH, "{count} of {level}");
    }
    assert!(out.lines().any(|line| line.contains(" more of ")), "{out}");
    let last = out.lines().last().unwrap();
    assert!(last.starts_with("::notice title=dateline::"), "{last}");
    let mut summary = Vec::new();
    github::summary(&mut summary, &report).unwrap();
    assert!(summary.len() < 1 << 20, "GitHub takes a mebibyte");
}

/// What would end a command, a property or a line stands in them as an escape.
#[test]
fn commands_are_not_ended_by_what_they_say() {
    let place = Place::in_line("a:b,c%0A.txt", 1, 0, b"x", 0..1);
    let mut report = Report::new(None);
    report.push(Diagnostic::new(
        codes::FIELD_VALUE,
        place,
        "100%::error::\r\nx",
    ));
    let out = written(&report, Format::Github, Styles::plain());
    assert_eq!(
        out.lines().next(),
        Some(
            "::error file=a%3Ab%2Cc%250A.txt,line=1,col=1,endColumn=2,title=field-value\
             ::100%25::error::\\r\\nx"
        )
    );
}

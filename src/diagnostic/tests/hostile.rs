//! Text of files that would act on a terminal.

use std::fs;
use std::path::Path;

use quick_xml::XmlVersion;
use quick_xml::events::Event;

use crate::diagnostic::escape::is_escaped;
use crate::diagnostic::{Diagnostic, Format, LineIndex, Place, Report, Styles, codes, explain};
use crate::json::Pointer;

/// A report that shows `text` in every place where a diagnostic shows anything.
pub(super) fn everywhere(text: &str) -> Report {
    let line = format!("before {text} after");
    let place = LineIndex::new(line.as_bytes()).place(text, 7..7 + text.len());
    let place = place.pointer(Pointer::root().key(text)).record(text);
    let mut report = Report::new(None);
    report.push(Diagnostic::new(codes::FIELD_VALUE, place, text).hint(text));
    let place = Place::in_line(text, 1, 0, line.as_bytes(), 0..3);
    report.push(Diagnostic::new(codes::FIELD_VALUE, place, text));
    report
}

fn parsed(out: &str) -> serde_json::Value {
    serde_json::from_str(out).unwrap()
}

/// Every line is JSON, and nothing of the text is lost.
fn jsonl_keeps(out: &str, text: &str) {
    let lines: Vec<serde_json::Value> = out.lines().map(parsed).collect();
    assert_eq!(lines.len(), 3, "{out}");
    assert!(lines[..2].iter().all(|line| line["message"] == text));
    assert_eq!(lines[2]["format"], "dateline-report/1");
}

/// The XML is well-formed, and holds no character that XML forbids.
fn well_formed(out: &str) {
    let mut reader = quick_xml::Reader::from_str(out);
    let mut names = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                for attribute in start.attributes() {
                    attribute
                        .unwrap()
                        .normalized_value(XmlVersion::Implicit1_0)
                        .unwrap();
                }
                names.push(start.name().as_ref().to_vec());
            }
            Event::Text(text) => drop(text.xml10_content().unwrap()),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(names.iter().any(|name| name == b"failure"), "{out}");
}

/// No format lets a character through that [`is_escaped`] names, but for its own line ends.
fn check(text: &str) {
    let report = everywhere(text);
    for format in Format::ALL {
        let mut out = Vec::new();
        report.write(&mut out, format, &Styles::plain()).unwrap();
        let out = String::from_utf8(out).unwrap();
        let hazard = out.chars().find(|c| *c != '\n' && is_escaped(*c));
        assert_eq!(hazard, None, "{format:?} of {text:?}: {out:?}");
        match format {
            Format::Jsonl => jsonl_keeps(&out, text),
            Format::Sarif => drop(parsed(&out)),
            Format::Gitlab => {
                let path = &parsed(&out)[0]["location"]["path"];
                assert_eq!(path, text.strip_prefix("./").unwrap_or(text));
            }
            Format::Junit => well_formed(&out),
            Format::Github => {
                let commands = ["::error ", "::notice "];
                for line in out.lines() {
                    assert!(commands.iter().any(|it| line.starts_with(it)), "{line}");
                    assert!(line.split("::").nth(2).is_some(), "{line}");
                }
                // Two findings and the summary, whatever the text.
                assert_eq!(out.lines().count(), 3, "{out}");
            }
            // The lines of one report are as many for every text.
            Format::Full => assert_eq!(out.lines().count(), 14, "{out}"),
            Format::Concise => assert_eq!(out.lines().count(), 3, "{out}"),
            Format::Json => {
                let json: serde_json::Value = serde_json::from_str(&out).unwrap();
                let shown = &json["diagnostics"][0];
                for key in ["message", "file", "hint", "record"] {
                    let value = shown.get(key).or_else(|| json["diagnostics"][1].get(key));
                    assert_eq!(value.unwrap(), text, "{key}: JSON loses nothing");
                }
            }
        }
    }
    let unknown = explain(text).unwrap_err().to_string();
    assert!(!unknown.chars().any(is_escaped), "{unknown:?}");
}

#[test]
fn no_control_or_bidirectional_character_reaches_the_terminal() {
    let controls = (0..=0x1f).chain(0x7f..=0x9f);
    let marks = (0x200b..=0x200f)
        .chain(0x2028..=0x202e)
        .chain(0x2066..=0x2069);
    for code in controls.chain(marks).chain([0x61c, 0xad, 0xfeff]) {
        let hazard = char::from_u32(code).unwrap();
        check(&format!("a{hazard}b"));
        check(&hazard.to_string());
        check(&hazard.to_string().repeat(200));
    }
    check("\u{1b}]0;title\u{7}\u{1b}[2J\u{1b}[31m");
}

#[test]
fn naughty_strings_are_shown_safely() {
    let Some(shared) = std::env::var_os("DATELINE_SHARED") else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return;
    };
    let path = Path::new(&shared).join("vectors/naughty-strings/blns.json");
    let strings: Vec<String> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!(strings.len(), 515);
    for string in strings {
        check(&string);
    }
}

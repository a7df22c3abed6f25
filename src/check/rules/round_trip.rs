//! What common tools do to records that go through them as JSON lines and back.
//!
//! Key order, white space, escapes and line ends are no part of a record, and a file that only differs
//! in these checks clean. Some tools change values, too, at their default settings: what is wrong then
//! looks like many another mistake, and the hints here name the tool that makes it.
//!
//! Each was seen with the versions that `tests/interop/round_trip.py` installs; that script sends a
//! corpus through the tools and holds what comes back to this table.

use crate::diagnostic::{Code, codes};
use crate::json::{Kind, Node, SyntaxError, SyntaxErrorKind};
use crate::schema::SchemaError;

const NULL: &str = "leave the field out: pandas, Polars, DuckDB and datasets write null for what other records have and this one lacks";
const FLOAT: &str = "pandas makes floats of the integers of a column in which values are missing; without the fraction it is an integer";
const NOT_A_NUMBER: &str = "Python's json and pandas write this for a missing value, and no JSON has it: leave the field out";
const MILLISECONDS: &str =
    "pandas turns times into milliseconds since 1970: read with convert_dates=False";
const TIMESTAMP: &str = "DuckDB and pandas write times of their own form where they took a column for times: read that column as strings";
const DOTTED: &str = "pandas.json_normalize joins keys with dots: keep records as they are nested";
const INDEX: &str = "pandas wrote the index of its rows: leave it out with index=False";
const TEXT_OF_NUMBER: &str =
    "write it without quotes: CSV and string columns turn numbers into strings";
const TEXT_OF_JSON: &str = "write the JSON that is in the string: CSV and string columns turn arrays and objects into strings";
const ONE_A_LINE: &str = "a line is one record: to_json(orient=\"records\", lines=True) in pandas, `jq -c`, no ARRAY in DuckDB";
const BOXED: &str = "write the value without brackets; jsonlite in R adds them to a single value unless auto_unbox = TRUE";
const UNBOXED: &str = "write an array of one value as `[value]`; jsonlite in R drops the brackets where auto_unbox = TRUE unless the value is wrapped in I()";
const NULL_OF_R: &str = "leave the field out: jsonlite in R writes NULL as {}";
const CARRIAGE_RETURN: &str = "end lines with LF: a carriage return (CR) alone ends none";
const BYTE_ORDER_MARK: &str =
    "save the file as UTF-8 without a byte order mark; nothing else of it changes";
const PYTHON: &str = "write lines with json.dumps(): Python's str() and print() do not write JSON";

/// What may have made a line that is no JSON.
pub(crate) fn of_syntax(error: &SyntaxError, line: &[u8]) -> Option<&'static str> {
    use SyntaxErrorKind as Syntax;

    let (before, here) = line.split_at_checked(error.offset)?;
    let error = &error.kind;

    if let Syntax::Fraction { literal } = error {
        return literal.ends_with(".0").then_some(FLOAT);
    }
    if let Syntax::ByteOrderMark = error {
        return Some(BYTE_ORDER_MARK);
    }
    if let Syntax::Unexpected { found, .. } = error {
        return match found.as_str() {
            "NaN" | "Infinity" => Some(NOT_A_NUMBER),
            "'" | "None" | "True" | "False" => Some(PYTHON),
            _ => None,
        };
    }
    if let Syntax::InvalidNumber { .. } = error {
        return here.starts_with(b"-Infinity").then_some(NOT_A_NUMBER);
    }
    if let Syntax::TrailingData { .. } = error {
        return before.ends_with(b"\r").then_some(CARRIAGE_RETURN);
    }
    if let Syntax::TooMany = error {
        return Some(ONE_A_LINE);
    }
    if let Syntax::UnexpectedEnd { .. } = error {
        return matches!(before, b"{" | b"[").then_some(ONE_A_LINE);
    }
    None
}

/// What may have made a line that is no object.
pub(crate) fn of_line(root: Node<'_>) -> Option<&'static str> {
    (root.kind() == Kind::Array).then_some(ONE_A_LINE)
}

/// What may have made a value that the schema refuses, by the code that reports it. `value` are the
/// bytes that are wrong.
pub(crate) fn of_schema(code: &Code, error: &SchemaError, value: &[u8]) -> Option<&'static str> {
    if code == codes::FIELD_UNKNOWN {
        return of_key(error.key.as_deref()?);
    }
    if error.keyword == "type"
        && let Some(hint) = of_brackets(&error.message, value)
    {
        return Some(hint);
    }
    match value {
        b"null" => Some(NULL),
        b"{}" => Some(NULL_OF_R),
        [b'0'..=b'9' | b'-', ..] if is_time(error) => (value.len() >= 10).then_some(MILLISECONDS),
        [b'"', text @ .., b'"'] if code == codes::TIME_FORM => {
            is_timestamp(text).then_some(TIMESTAMP)
        }
        [b'"', text @ .., b'"'] if code == codes::FIELD_TYPE => match text {
            [b'{', .., b'}'] | [b'[', .., b']'] => Some(TEXT_OF_JSON),
            [] => None,
            _ => text
                .iter()
                .all(u8::is_ascii_digit)
                .then_some(TEXT_OF_NUMBER),
        },
        _ => None,
    }
}

/// What may have put brackets around a single value, or taken them from it. `message` says what the
/// schema wants.
fn of_brackets(message: &str, value: &[u8]) -> Option<&'static str> {
    let (wanted, _) = message.strip_prefix("expected ")?.split_once(", found ")?;
    let array = wanted.contains("an array");
    match value {
        [b'[', inner @ .., b']'] if !array && is_scalar(inner) => Some(BOXED),
        [b'"', text @ .., b'"'] if wanted == "an array" && !matches!(text, [b'[' | b'{', ..]) => {
            (!text.is_empty()).then_some(UNBOXED)
        }
        _ => None,
    }
}

/// Whether this is one string or number, going by its ends.
fn is_scalar(text: &[u8]) -> bool {
    match text.trim_ascii() {
        [b'"', inner @ .., b'"'] => {
            let mut escaped = false;
            !inner.iter().any(|byte| {
                let ends = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                ends
            })
        }
        [first, rest @ ..] => {
            let digit =
                |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'-' | b'+');
            digit(first) && rest.iter().all(digit)
        }
        [] => false,
    }
}

/// What may have made a value of `format` or `type` that is no string.
pub(crate) fn of_name(value: Node<'_>) -> Option<&'static str> {
    match value.raw() {
        [b'[', inner @ .., b']'] if is_scalar(inner) => Some(BOXED),
        _ => None,
    }
}

fn of_key(key: &str) -> Option<&'static str> {
    match key {
        "index" | "level_0" | "__index_level_0__" | "Unnamed: 0" => Some(INDEX),
        _ => key.contains('.').then_some(DOTTED),
    }
}

/// Whether the schema wants a time there.
fn is_time(error: &SchemaError) -> bool {
    error.schema_path.contains("/$defs/time/") || error.schema_path.contains("/properties/date/")
}

/// `2022-02-11 14:59:03`, with or without fraction and zone.
fn is_timestamp(text: &[u8]) -> bool {
    let Some((head, _)) = text.split_at_checked(19) else {
        return false;
    };
    head.iter()
        .zip(b"0000-00-00 00:00:00")
        .all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{
        BOXED, CARRIAGE_RETURN, DOTTED, FLOAT, INDEX, MILLISECONDS, NOT_A_NUMBER, NULL, NULL_OF_R,
        ONE_A_LINE, PYTHON, TEXT_OF_JSON, TEXT_OF_NUMBER, TIMESTAMP, UNBOXED,
    };
    use crate::check::{At, check_line};
    use crate::json::MAX_VALUES;

    /// The hint of each diagnostic of a line, in order.
    fn hints(line: &str) -> Vec<Option<String>> {
        let at = At {
            file: "part.jsonl",
            line: 1,
            offset: 0,
        };
        let found = check_line(line.as_bytes(), at);
        found.into_iter().map(|found| found.hint).collect()
    }

    /// An article with these members in front.
    fn article(members: &str) -> String {
        format!(
            r#"{{{members}"format":"dateline/1","type":"article","id":"art-1","raw":{{"digest":"sha256:{}","bytes":2,"media_type":"text/plain","encoding":"utf-8"}},"absent":{{"headline":"not_found","authors":"not_found","published":"not_found","language":"not_found","url":"not_found","text":"not_found","fetch_time":"not_found"}}}}"#,
            "0".repeat(64)
        )
    }

    #[test]
    fn the_tool_that_made_a_value_is_named() {
        assert_eq!(hints(&article("")), Vec::<Option<String>>::new());
        for (line, hint) in [
            (article(r#""links":null,"#), NULL),
            (article(r#""source":{"name":"A","domain":null},"#), NULL),
            (article(r#""fetch":{"status":200.0},"#), FLOAT),
            (article(r#""x":{"a":NaN},"#), NOT_A_NUMBER),
            (article(r#""x":{"a":Infinity},"#), NOT_A_NUMBER),
            (article(r#""x":{"a":-Infinity},"#), NOT_A_NUMBER),
            (
                article(r#""article":{"modified":1614849300000},"#),
                MILLISECONDS,
            ),
            (
                article(r#""article":{"modified":"2021-03-04 09:15:00+00"},"#),
                TIMESTAMP,
            ),
            (
                article(r#""article":{"modified":"2021-03-04 09:15:00"},"#),
                TIMESTAMP,
            ),
            (article(r#""source.name":"A","#), DOTTED),
            (article(r#""index":0,"#), INDEX),
            (article(r#""fetch":{"status":"200"},"#), TEXT_OF_NUMBER),
            (article(r#""source":"{\"name\": \"A\"}","#), TEXT_OF_JSON),
            (article(r#""links":"[]","#), TEXT_OF_JSON),
            (article(r#""article":{"modified":["2021-03-04"]},"#), BOXED),
            (article(r#""fetch":{"status":[200]},"#), BOXED),
            (article(r#""source":{"name":[ "A \"b\"" ]},"#), BOXED),
            (article(r#""article":{"keywords":"rain"},"#), UNBOXED),
            (article(r#""article":{"section":{}},"#), NULL_OF_R),
            (
                article("").replacen(r#""dateline/1""#, r#"["dateline/1"]"#, 1),
                BOXED,
            ),
            (
                article("").replacen(r#""article""#, r#"["article"]"#, 1),
                BOXED,
            ),
            (format!("[{}]", article("")), ONE_A_LINE),
            ("{".to_owned(), ONE_A_LINE),
            ("[".to_owned(), ONE_A_LINE),
            (format!("[{}1]", "1,".repeat(MAX_VALUES)), ONE_A_LINE),
            (format!("{}\r{}", article(""), article("")), CARRIAGE_RETURN),
            ("{'format': 'dateline/1'}".to_owned(), PYTHON),
            (article(r#""x":{"a":None},"#), PYTHON),
        ] {
            assert!(
                hints(&line).contains(&Some(hint.to_owned())),
                "{line}: {:?}",
                hints(&line)
            );
        }
        let withdrawal = r#"{"format":"dateline/1","type":"withdrawal","id":"a","was":"b","reason":"privacy","date":1646092800000}"#;
        assert!(
            hints(withdrawal).contains(&Some(MILLISECONDS.to_owned())),
            "{:?}",
            hints(withdrawal)
        );
    }

    #[test]
    fn other_mistakes_name_no_tool() {
        for line in [
            article(r#""source":7,"#),
            article(r#""article":{"modified":"yesterday"},"#),
            article(r#""article":{"modified":2021},"#),
            article(r#""fetch":{"status":200.5},"#),
            article(r#""sauce":7,"#),
            article(r#""article":{"section":["a","b"]},"#),
            article(r#""article":{"keywords":7},"#),
            "{]".to_owned(),
            "7".to_owned(),
            format!("{0}{0}", article("")),
        ] {
            let hints = hints(&line);
            assert!(!hints.is_empty(), "{line}");
            for hint in hints.into_iter().flatten() {
                let named = ["pandas", "DuckDB", "CSV", "Python", "carriage", "jsonlite"];
                assert!(
                    !named.iter().any(|tool| hint.contains(tool)),
                    "{line}: {hint}"
                );
            }
        }
    }
}

//! What serde says of values that do not fit a type, in the words of our messages.

use std::fmt;

/// Why a value does not fit the type that it is read as.
///
/// serde speaks of its own model (`invalid type: map, expected a string`); this speaks of what stands in
/// the file.
///
/// ```
/// use dateline::record::Misfit;
///
/// let error = serde_json::from_str::<String>("[3]").unwrap_err();
/// assert_eq!(Misfit::from(error).to_string(), "expected a string, found an array, at line 1 column 0");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit(String);

impl Misfit {
    /// The same of a value that is one line of a file, whose number is said elsewhere.
    pub(crate) fn in_line(error: &serde_json::Error) -> Self {
        let Self(said) = Self::from(error);
        Self(said.replacen(" at line 1 column ", " at column ", 1))
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

impl From<&serde_json::Error> for Misfit {
    fn from(error: &serde_json::Error) -> Self {
        Self(plainly(&error.to_string(), "an object"))
    }
}

impl From<serde_json::Error> for Misfit {
    fn from(error: serde_json::Error) -> Self {
        Self::from(&error)
    }
}

/// A message of serde's in other words, with what stands before and behind it; one that has no such
/// words stays. `object` is what the language of the file calls an object.
pub(crate) fn plainly(message: &str, object: &str) -> String {
    let (path, message) = match message.split_once(": ") {
        Some((path, rest)) if is_path(path) && said(rest, object).is_some() => {
            (format!("{path}: "), rest)
        }
        _ => (String::new(), message),
    };
    let (message, place) = match message.rfind(" at line ") {
        Some(at) if is_place(message.get(at..).unwrap_or_default()) => message.split_at(at),
        _ => (message, ""),
    };
    match said(message, object) {
        Some(said) if place.is_empty() => format!("{path}{said}"),
        Some(said) => format!("{path}{said},{place}"),
        None => format!("{path}{message}{place}"),
    }
}

/// serde's phrases.
fn said(message: &str, object: &str) -> Option<String> {
    let named = |rest: &str| Some(rest.split_once('`')?.0.to_owned());
    if let Some(rest) = message.strip_prefix("missing field `") {
        return Some(format!("field `{}` is missing", named(rest)?));
    }
    if message.contains("containing more than one document") {
        return Some("a second document begins in it: take out `---`".to_owned());
    }
    if message.starts_with("EOF while parsing") {
        return Some("the text ends too early".to_owned());
    }
    if let Some(rest) = message.strip_prefix("duplicate field `") {
        return Some(format!("field `{}` occurs twice", named(rest)?));
    }
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let (key, known) = rest.split_once("`, expected ")?;
        let known = known.strip_prefix("one of ").unwrap_or(known);
        return Some(format!(
            "field `{key}` is not known here; known are {known}"
        ));
    }
    if let Some(rest) = message.strip_prefix("unknown variant `") {
        let (word, known) = rest.split_once("`, expected ")?;
        let known = known.strip_prefix("one of ").unwrap_or(known);
        return Some(format!("`{word}` is not a value here; known are {known}"));
    }
    if let Some(rest) = message.strip_prefix("invalid length ") {
        let (_, expected) = rest.rsplit_once(", expected ")?;
        return Some(misfit(array(object), expected, object));
    }
    let rest = message.strip_prefix("invalid type: ");
    let rest = rest.or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    let found = match found.split_once(' ') {
        _ if found == "map" => object.to_owned(),
        _ if found == "sequence" => array(object).to_owned(),
        _ if found == "null" => "`null`".to_owned(),
        _ if found == "unit value" => "nothing".to_owned(),
        Some(("string", text)) => {
            let inside = text
                .strip_prefix('"')
                .and_then(|text| text.strip_suffix('"'));
            format!("the string `{}`", inside.unwrap_or(text))
        }
        Some(("integer", number)) => {
            // What is too large for 64 bits is named with its type.
            let digits = number
                .split_once(" as ")
                .map_or(number, |(digits, _)| digits);
            digits.to_owned()
        }
        Some(("floating", number)) => number.trim_start_matches("point ").to_owned(),
        Some(("boolean", truth)) => truth.to_owned(),
        _ => found.to_owned(),
    };
    Some(misfit(&found, expected, object))
}

/// What the language of the file calls a list, going by what it calls an object.
fn array(object: &str) -> &'static str {
    if object == "an object" {
        "an array"
    } else {
        "a list"
    }
}

fn misfit(found: &str, expected: &str, object: &str) -> String {
    let expected = match expected {
        "a string" | "string" => "a string",
        "a sequence" => array(object),
        "a map" => object,
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" => "a whole number from 0",
        "a boolean" => "`true` or `false`",
        shape if shape.starts_with("struct ") => object,
        other => other,
    };
    format!("expected {expected}, found {found}")
}

/// Whether this is the path that a reader of YAML puts before a message.
fn is_path(text: &str) -> bool {
    let part =
        |c: char| c.is_alphanumeric() || matches!(c, '.' | '[' | ']' | '_' | '-' | '/' | '?');
    !text.is_empty() && text.chars().all(part)
}

/// Whether this is ` at line 1 column 2`.
fn is_place(text: &str) -> bool {
    let numbers = text.strip_prefix(" at line ");
    let numbers = numbers.and_then(|rest| rest.split_once(" column "));
    numbers.is_some_and(|(line, column)| {
        [line, column]
            .iter()
            .all(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::plainly;

    #[test]
    fn what_serde_says_is_said_in_our_words() {
        for (said, ours) in [
            (
                "invalid type: map, expected a string",
                "expected a string, found an object",
            ),
            (
                "invalid type: string \"a, expected b\", expected u64 at line 3 column 7",
                "expected a whole number from 0, found the string `a, expected b`, at line 3 column 7",
            ),
            (
                "invalid value: integer `-1`, expected u64",
                "expected a whole number from 0, found `-1`",
            ),
            (
                "invalid value: integer `70000`, expected u16",
                "expected a whole number from 0 to 65535, found `70000`",
            ),
            (
                "invalid type: string \"say \\\"hi\\\"\", expected a sequence",
                "expected an array, found the string `say \\\"hi\\\"`",
            ),
            (
                "invalid type: floating point `1.5`, expected a count",
                "expected a count, found `1.5`",
            ),
            (
                "invalid type: boolean `true`, expected a sequence",
                "expected an array, found `true`",
            ),
            (
                "invalid length 0, expected struct Text with 3 elements at line 1 column 2",
                "expected an object, found an array, at line 1 column 2",
            ),
            (
                "invalid type: integer `99999999999999999999` as u128, expected u64",
                "expected a whole number from 0, found `99999999999999999999`",
            ),
            (
                "deserializing from YAML containing more than one document is not supported",
                "a second document begins in it: take out `---`",
            ),
            ("missing field `format`", "field `format` is missing"),
            ("duplicate field `title`", "field `title` occurs twice"),
            (
                "unknown field `x`, expected `format` or `known`",
                "field `x` is not known here; known are `format` or `known`",
            ),
            (
                "ids: unknown variant `x`, expected one of `a`, `b` at line 2 column 1",
                "ids: `x` is not a value here; known are `a`, `b`, at line 2 column 1",
            ),
            // Words of our own stay as they are.
            (
                "license: the text is empty at line 4 column 10",
                "license: the text is empty at line 4 column 10",
            ),
            ("`31 April` names no day", "`31 April` names no day"),
        ] {
            assert_eq!(plainly(said, "an object"), ours);
        }
    }
}

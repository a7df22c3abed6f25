//! Codes for lines and the JSON on them.

codes! {
    "JSON and lines";

    JSON_SYNTAX = "json-syntax", Error, "canonical-json" {
        summary: "The line is not valid JSON.",
        what: "Every line is exactly one JSON object as defined in RFC 8259. A missing quote, a trailing \
            comma, `NaN`, a comment or text after the object breaks it.",
        why: "Readers that repair such lines repair them in different ways. One text must have one meaning.",
        bad: r#"{"id": "art-1", "type": "article",}"#,
        good: r#"{"id": "art-1", "type": "article"}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_UTF8 = "json-utf8", Error, "canonical-utf8" {
        summary: "The line is not UTF-8.",
        what: "A line is valid UTF-8 (RFC 3629). Bytes in another encoding, or a character cut in half, \
            break it.",
        why: "A reader that replaces such bytes reads a different text than the one that was hashed.",
        bad: r#"{"name": "Caf\xE9"}          (the byte E9, Latin-1)"#,
        good: r#"{"name": "Café"}             (the bytes C3 A9)"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_BOM = "json-bom", Error, "canonical-no-bom" {
        summary: "The file begins with a byte order mark.",
        what: "No file of a corpus begins with U+FEFF (the bytes EF BB BF). Some editors and \
            spreadsheets write it.",
        why: "RFC 8259 forbids it, and many JSON readers reject the first line because of it.",
        bad: "EF BB BF 7B 22 69 64 22 …    (mark, then {\"id\" …)",
        good: "7B 22 69 64 22 …             ({\"id\" …)",
        never_known: "nothing else of the line is checked",
    }
    JSON_DUPLICATE_KEY = "json-duplicate-key", Error, "canonical-unique-keys" {
        summary: "A key occurs twice in the same object.",
        what: "A key occurs at most once in an object. Keys are compared after decoding: `\"id\"` and \
            `\"\\u0069d\"` are the same key.",
        why: "Some readers use the first value and others the last, and JSON Schema sees only one. Two \
            readers of the same signed line would see different records.",
        bad: r#"{"id": "art-1", "\u0069d": "art-2"}"#,
        good: r#"{"id": "art-1"}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_NUMBER = "json-number", Error, "canonical-integers" {
        summary: "A number is not an integer that every reader preserves.",
        what: "Numbers are integers within ±(2^53 − 1), written in full: no fraction, exponent, leading \
            zero or `-0`. This also applies under `x`. Write a fraction as a string.",
        why: "Readers that store numbers as doubles change larger ones, and each prints `1.0` and `1e2` \
            in its own way, so the digest would depend on the reader. pandas writes `2016.0` for an \
            integer if other rows of the column lack a value.",
        bad: r#"{"status": 200.0, "x": {"score": 0.93}}"#,
        good: r#"{"status": 200, "x": {"score": "0.93"}}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_SURROGATE = "json-surrogate", Error, "canonical-surrogates" {
        summary: "An escape encodes half a character.",
        what: "Escapes from `\\uD800` to `\\uDFFF` occur in pairs, a high one followed by a low one. One \
            alone does not encode a character.",
        why: "It cannot be written in UTF-8. Readers drop it, replace it or fail.",
        bad: r#"{"headline": "Goal \ud83d"}"#,
        good: r#"{"headline": "Goal \ud83d\ude00"}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_DEPTH = "json-depth", Error, "canonical-depth" {
        summary: "Arrays and objects are nested too deeply.",
        what: "Arrays and objects are nested at most 128 levels deep.",
        why: "Recursive readers run out of stack on hostile input. No record needs more than six levels.",
        bad: r#"{"x": {"a": [[[[[[ … 200 deep … ]]]]]]}}"#,
        good: r#"{"x": {"a": [[1, 2], [3, 4]]}}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_SIZE = "json-size", Error, "canonical-values" {
        summary: "A line contains too many values.",
        what: "A JSON text contains at most 1048576 values and keys.",
        why: "Memory use must not grow with the input. An article's record has a few hundred values. A \
            line with a million is probably a whole file of records written as one value.",
        bad: r#"{"x": {"a": [1, 1, 1, … two million of them … ]}}"#,
        good: r#"{"x": {"a": [1, 1, 1]}}"#,
        never_known: "nothing else of the line is checked",
    }
    LINE_TOO_LONG = "line-too-long", Error, "corpus-line-length" {
        summary: "A line exceeds the length limit.",
        what: "A line is no longer than the limit that the message states. The rest of the line is \
            skipped without being read.",
        why: "Memory use must not grow with the input. A line of that length is not a record, but \
            probably a file that lost its line ends.",
        bad: r#"{"id": "art-1", …}{"id": "art-2", …}{"id": "art-3", …} … 100 MB"#,
        good: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", …}\n{\"id\": \"art-3\", …}",
        never_known: "the line is not read",
    }
    LINE_EMPTY = "line-empty", Error, "corpus-line-record" {
        summary: "A line is empty.",
        what: "Every line in a file of records is a record. Empty lines and lines of white space are not.",
        why: "Empty lines are left behind when a record is deleted by hand or files are joined badly. \
            Tools count them differently.",
        bad: "{\"id\": \"art-1\", …}\n\n{\"id\": \"art-2\", …}",
        good: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", …}",
    }
    LINE_SHORT = "line-short", Error, "corpus-line-record" {
        summary: "Many lines are too short to be records.",
        what: "Every line in a file of records is a record, and no record is shorter than 60 bytes. If a \
            file has many shorter lines, the first are checked one by one and the others are only \
            counted.",
        why: "Such a file is of another kind, or was made to be slow to check: a few kilobytes of \
            compressed data can hold a million such lines.",
        bad: "x\nx\nx\n…",
        good: "{\"id\": \"art-1\", …}",
        never_known: "the lines are not read",
    }
    LINE_UNENDED = "line-unended", Error, "corpus-final-lf" {
        summary: "The last line has no line end.",
        what: "Every line ends with LF, including the last.",
        why: "A file without a final line end was probably cut off. If such files are concatenated, the \
            next record ends up on the same line.",
        bad: "{\"id\": \"art-1\", …}\\n{\"id\": \"art-2\", …}",
        good: "{\"id\": \"art-1\", …}\\n{\"id\": \"art-2\", …}\\n",
        never_known: "the file may have been cut off, and records lost with it",
    }
}

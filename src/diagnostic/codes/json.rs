//! JSON and the lines it stands on.

codes! {
    "JSON and lines";

    JSON_SYNTAX = "json-syntax", Error, "canonical-json" {
        summary: "The line is not JSON.",
        what: "Every line is one JSON object as RFC 8259 defines it, and nothing else. A missing \
            quote, a trailing comma, `NaN`, a comment or text behind the object breaks it.",
        why: "Readers that repair such lines repair them differently. One text must mean one thing.",
        bad: r#"{"id": "art-1", "type": "article",}"#,
        good: r#"{"id": "art-1", "type": "article"}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_UTF8 = "json-utf8", Error, "canonical-utf8" {
        summary: "The line is not UTF-8.",
        what: "A line is UTF-8 (RFC 3629). Bytes of another encoding, or a character cut in half, \
            break it.",
        why: "A reader that replaces such bytes reads another text than was hashed.",
        bad: r#"{"name": "Caf\xE9"}          (the byte E9, Latin-1)"#,
        good: r#"{"name": "Café"}             (the bytes C3 A9)"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_BOM = "json-bom", Error, "canonical-no-bom" {
        summary: "The file begins with a byte order mark.",
        what: "No file of a corpus begins with U+FEFF (the bytes EF BB BF). Some editors and \
            spreadsheets write it.",
        why: "RFC 8259 forbids it, and many JSON readers refuse the first line because of it.",
        bad: "EF BB BF 7B 22 69 64 22 …    (mark, then {\"id\" …)",
        good: "7B 22 69 64 22 …             ({\"id\" …)",
        never_known: "nothing else of the line is checked",
    }
    JSON_DUPLICATE_KEY = "json-duplicate-key", Error, "canonical-unique-keys" {
        summary: "A key occurs twice in one object.",
        what: "A key occurs once in an object. Keys are compared decoded: `\"id\"` and \
            `\"\\u0069d\"` are one key.",
        why: "Some readers take the first value, others the last, and JSON Schema sees only one. \
            Two readers of one signed line would hold two records.",
        bad: r#"{"id": "art-1", "\u0069d": "art-2"}"#,
        good: r#"{"id": "art-1"}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_NUMBER = "json-number", Error, "canonical-integers" {
        summary: "A number is not an integer that every reader keeps.",
        what: "Numbers are integers within ±(2^53 − 1), written in full: no fraction, no exponent, \
            no leading zero, no `-0`. This holds under `x` too. A measured fraction is written as \
            a string.",
        why: "Readers that hold numbers as doubles change larger ones, and print `1.0` and `1e2` \
            each in its own way: the digest would depend on the reader. pandas writes `2016.0` \
            for an integer in a column that lacks values elsewhere.",
        bad: r#"{"status": 200.0, "x": {"score": 0.93}}"#,
        good: r#"{"status": 200, "x": {"score": "0.93"}}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_SURROGATE = "json-surrogate", Error, "canonical-surrogates" {
        summary: "An escape stands for half a character.",
        what: "`\\uD800` to `\\uDFFF` occur in pairs, a high one and a low one. One alone stands \
            for no character.",
        why: "It cannot be written in UTF-8. Readers drop it, replace it or fail.",
        bad: r#"{"headline": "Goal \ud83d"}"#,
        good: r#"{"headline": "Goal \ud83d\ude00"}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_DEPTH = "json-depth", Error, "canonical-depth" {
        summary: "Arrays and objects are nested too deep.",
        what: "Arrays and objects lie at most 128 deep inside each other.",
        why: "Readers that recurse run out of stack on hostile input. No record needs more than \
            six.",
        bad: r#"{"x": {"a": [[[[[[ … 200 deep … ]]]]]]}}"#,
        good: r#"{"x": {"a": [[1, 2], [3, 4]]}}"#,
        never_known: "nothing else of the line is checked",
    }
    JSON_SIZE = "json-size", Error, "canonical-values" {
        summary: "A line holds too many values.",
        what: "A JSON text has at most 1048576 values and keys.",
        why: "Memory must not grow with the input. The record of an article has some hundred; a line of a \
            million is a file of records that was written as one value.",
        bad: r#"{"x": {"a": [1, 1, 1, … two million of them … ]}}"#,
        good: r#"{"x": {"a": [1, 1, 1]}}"#,
        never_known: "nothing else of the line is checked",
    }
    LINE_TOO_LONG = "line-too-long", Error, "corpus-line-length" {
        summary: "A line is longer than the stated limit.",
        what: "A line is at most as long as the limit that the message states. What follows up \
            to the next line end is passed over, unread.",
        why: "Memory must not grow with the input. A line of that length is not a record but a \
            file whose line ends were lost.",
        bad: r#"{"id": "art-1", …}{"id": "art-2", …}{"id": "art-3", …} … 100 MB"#,
        good: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", …}\n{\"id\": \"art-3\", …}",
        never_known: "the line is not read",
    }
    LINE_EMPTY = "line-empty", Error, "corpus-line-record" {
        summary: "A line holds nothing.",
        what: "Every line of a file of records is a record. Empty lines, and lines of white space, \
            are none.",
        why: "An empty line is what is left where a record was deleted by hand or a file was \
            joined badly. Tools count it differently.",
        bad: "{\"id\": \"art-1\", …}\n\n{\"id\": \"art-2\", …}",
        good: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", …}",
    }
    LINE_SHORT = "line-short", Error, "corpus-line-record" {
        summary: "Many lines are too short to be records.",
        what: "Every line of a file of records is a record, and no record is written in fewer than 60 \
            bytes. Where a file has many shorter lines, the first are looked at one by one, and the others \
            are counted.",
        why: "A file of such lines is of another kind, or made to be slow: a few kilobytes that are \
            compressed can hold a million of them.",
        bad: "x\nx\nx\n…",
        good: "{\"id\": \"art-1\", …}",
        never_known: "the lines are not read",
    }
    LINE_UNENDED = "line-unended", Error, "corpus-final-lf" {
        summary: "The last line has no line end.",
        what: "Every line ends in LF, the last one too.",
        why: "A file that stops elsewhere was probably cut off. And where files are joined, the \
            next record would stand on the same line.",
        bad: "{\"id\": \"art-1\", …}\\n{\"id\": \"art-2\", …}",
        good: "{\"id\": \"art-1\", …}\\n{\"id\": \"art-2\", …}\\n",
        never_known: "the file may have been cut off, and records with it",
    }
}

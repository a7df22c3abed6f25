//! Codes for raw dumps and the profiles that read them.

codes! {
    "Dumps and profiles";

    INPUT_EMPTY = "input-empty", Error, "dump-empty" {
        summary: "An input is empty.",
        what: "A file of a dump holds something other than white space. Standard input is not empty.",
        why: "An empty file holds no article. A failed download leaves such files, and a failed command \
            leaves an empty pipe, in which no check would find a problem.",
        bad: "017.txt     0 bytes",
        good: "017.txt     2,210 bytes",
    }
    INPUT_BINARY = "input-binary", Error, "dump-binary" {
        summary: "An input file is not text.",
        what: "A file is text or JSON, either plain or compressed with gzip, Zstandard, LZ4, bzip2 or xz. \
            Text contains no NUL and does not begin like an image, an archive or another binary format.",
        why: "Reading a binary file as text would invent characters.",
        bad: "89 50 4E 47 0D 0A 1A 0A …     (PNG)",
        good: "52 61 69 6E 20 65 6E 64 …     (Rain end…)",
        never_known: "the file is not read",
    }
    INPUT_LINK = "input-link", Warning, "dump-links" {
        summary: "A symbolic link in a dump is broken.",
        what: "Symbolic links in a dump folder point to something that exists. dateline does not follow them.",
        why: "A file was meant to be there. Tools that move files elsewhere, or fetch them later, leave \
            such links, and no record can be made from them.",
        bad: "017.txt -> ../store/9f2c.txt     (no such file)",
        good: "017.txt     2,210 bytes",
    }
    INPUT_DAMAGED = "input-damaged", Error, "dump-damaged" {
        summary: "A compressed file cannot be decompressed.",
        what: "A compressed file decompresses to the end, and its checksums match.",
        why: "Data after the damage cannot be read. Items before it are still read if the file is JSON, \
            or text that a profile splits.",
        bad: "2022.jsonl.gz     (cut off in a download)",
        good: "2022.jsonl.gz     (`gzip -t` is silent)",
        never_known: "items are missing",
    }
    INPUT_JSON = "input-json", Error, "dump-json" {
        summary: "Part of a JSON file is not JSON.",
        what: "Each item in a JSON file is a JSON value as defined in RFC 8259.",
        why: "A value that is cut off, or written in the syntax of another language, cannot be relied on. \
            The other items are still read.",
        bad: r#"{"title": "Rain ends", "score": NaN}"#,
        good: r#"{"title": "Rain ends", "score": null}"#,
    }
    INPUT_DUPLICATE_KEY = "input-duplicate-key", Warning, "dump-duplicate-key" {
        summary: "An object in a dump has the same key twice.",
        what: "The keys of an object are distinct.",
        why: "Some readers use the first value, some the last, some both. dateline uses the first and \
            drops the others.",
        bad: r#"{"title": "Rain ends", "title": "Rain"}"#,
        good: r#"{"title": "Rain ends", "short_title": "Rain"}"#,
    }
    INPUT_SURROGATE = "input-surrogate", Warning, "dump-surrogates" {
        summary: "A string in a dump contains half of a surrogate pair.",
        what: "In a string, each escape from `\\uD800` to `\\uDBFF` is followed by one from `\\uDC00` to \
            `\\uDFFF`, and neither occurs alone.",
        why: "Half of a pair is not a character: the text was cut in the middle of one. dateline keeps \
            the rest of a text, but does not read a name, URL or other value that contains one.",
        bad: r#"{"title": "Rain ends \ud83c"}"#,
        good: r#"{"title": "Rain ends \ud83c\udf27"}"#,
    }
    INPUT_ENCODING = "input-encoding", Error, "dump-encoding" {
        summary: "The bytes are not valid in the expected encoding.",
        what: "The bytes of an item are valid in its encoding: UTF-8, or the encoding that the profile \
            states. JSON may also be UTF-16.",
        why: "Every replacement character is a lost letter, so dateline refuses the bytes and does not guess.",
        bad: "43 61 66 E9     (E9 does not begin a UTF-8 character)",
        good: "43 61 66 C3 A9     (Café)",
        never_known: "the file is not read",
    }
    INPUT_CONTROL = "input-control", Warning, "dump-control" {
        summary: "The text contains control characters.",
        what: "Text contains no control characters except tabs and line ends. Others are kept as they \
            are, and escaped in output.",
        why: "They are left over from another format, and can mislead people who read the text in a terminal.",
        bad: r"Rain\u{1b}[31m ends the drought",
        good: r"Rain ends the drought",
    }
    INPUT_TOO_LARGE = "input-too-large", Error, "dump-limits" {
        summary: "A file or an item exceeds a limit.",
        what: "The number of bytes, lines, values and nesting levels of an item, the number of places in \
            it that its record needs, and the size of an unpacked file each stay within a limit. The \
            message states the limit.",
        why: "Memory use must not grow with the input. No article is that long; the file is probably a \
            container of another kind.",
        bad: "all.txt     one line of 100 MB",
        good: "000.txt … 999.txt     one article each",
        never_known: "the file is not read",
    }
    INPUT_UNSUPPORTED = "input-unsupported", Error, "dump-kinds" {
        summary: "An input file is of an unsupported kind.",
        what: "Every file is of a kind that this version can read, in a compression it can unpack. The \
            ledger lists all other files with their size, digest and probable kind.",
        why: "A file that was skipped silently would look as if it had been empty.",
        bad: "archive.rar",
        good: "000.txt",
        never_known: "the file is not read",
    }
    ITEM_AMBIGUOUS = "item-ambiguous", Error, "profile-one" {
        summary: "Several profiles match an item.",
        what: "Exactly one profile reads an item. If several match, dateline refuses the item and lists \
            them; if none does, the general converter reads it.",
        why: "Otherwise the records would depend on which profile came first.",
        bad: "017.txt     matches daily-news and evening-news",
        good: "017.txt     matches daily-news",
        never_known: "the item is not read",
    }
    ITEM_MISMATCH = "item-mismatch", Error, "profile-reads-all" {
        summary: "An item cannot be read as an article.",
        what: "A profile that matches an item reads it from the first byte to the last. The place is the \
            byte where it stops, and the message says what it expected there. If you name profiles, one \
            of them matches each item. A JSON item that no profile reads is an object with a headline, a \
            text, a summary or a URL. If the corpus takes ids from URLs or identifiers, each item has \
            one.",
        why: "An item that is read only in part is misread. If a profile stops, the layout varies more \
            than the profile allows: add an `optional` or an `any`.",
        bad: "daily-news at byte 412: expected the line `Tags:`, found `Topics: rain`",
        good: "daily-news: 2,210 of 2,210 bytes",
        never_known: "the item is not read",
    }
    ITEM_GENERAL = "item-general", Note, "profile-general" {
        summary: "No profile matches an item, so the general converter read it.",
        what: "An item of unknown layout is read by the general converter for its kind, and its trace says so.",
        why: "The general converter uses rules of thumb to find the headline and drop boilerplate. A \
            profile for the layout is exact.",
        bad: "017.txt     read by general-text",
        good: "017.txt     read by daily-news",
    }
    ITEM_SEVERAL = "item-several", Error, "dump-one-article" {
        summary: "A text contains more than one article.",
        what: "A text that no profile matches is one article. Unmistakable marks show that there are \
            several: `1 of 2 DOCUMENTS` and `2 of 2 DOCUMENTS`, a second header line or slug, or text \
            between two `-30-` lines.",
        why: "Read as one, they would become a record with the headline of the first article and text \
            from several. Split the file, or describe its layout in a profile with `items`.",
        bad: "a.txt     1 of 2 DOCUMENTS … 2 of 2 DOCUMENTS …",
        good: "a-1.txt   1 of 2 DOCUMENTS …\na-2.txt   2 of 2 DOCUMENTS …",
        never_known: "the articles are not read",
    }
    ITEM_WITHDRAWN = "item-withdrawn", Warning, "withdrawal-refused" {
        summary: "An item was refused because its article was withdrawn.",
        what: "An item does not become a record if a withdrawal names its id, its raw bytes or one of its \
            URLs.",
        why: "A withdrawn article must not come back because it is still in the dump. To silence this \
            warning, remove the item from the dump.",
        bad: "dumps/017.txt     withdrawn as art-5f1c… on 2022-03-01",
        good: "dumps            without 017.txt",
    }
    ITEM_HELD = "item-held", Warning, "withdrawal-held" {
        summary: "An item was left out because it may be a withdrawn article.",
        what: "An item does not become a record if it has the text of a withdrawn article, or its URL in \
            another spelling, and is not in the last release. It is held until a person decides.",
        why: "Sites serve one article under many URLs, and publishers reprint each other's texts. To \
            leave the item out for good, run `dateline withdraw CORPUS --also ID`; to accept it, use \
            `--distinct ID`.",
        bad: "dumps/018.txt     has the text of art-5f1c…, which was withdrawn",
        good: "dateline withdraw corpus --distinct art-77ab…",
    }
    ITEM_NO_TEXT = "item-no-text", Warning, "dump-no-text" {
        summary: "An item yields a record without a text.",
        what: "The record of an item has a text. Some items have none, for example a page of photographs.",
        why: "If a layout differs from its profile, the text is usually lost first. To see what became of \
            each byte, run `dateline show CORPUS ID --raw DUMP`.",
        bad: "017.txt     a headline; 4 kB were dropped",
        good: "017.txt     a headline and a text",
    }
    PROSE_DROPPED = "prose-dropped", Warning, "dump-prose-kept" {
        summary: "Much of the prose of an item is in no value.",
        what: "At most half of the letters in prose are dropped as `boilerplate`, `header` or \
            `unrecognised`. Prose means lines of 60 letters or more, and wrapped lines in which sentences \
            end.",
        why: "A profile or rule of thumb that mistakes paragraphs for a menu loses them, and the record \
            does not show it. To see what became of each byte, run `dateline show CORPUS ID --raw DUMP`.",
        bad: "017.txt     9 of 12 paragraphs became boilerplate",
        good: "017.txt     12 of 12 paragraphs are in the text",
    }
    VALUE_ABSENT = "value-absent", Note, "absent-noted" {
        summary: "An item lacks a value.",
        what: "If an item lacks one of the seven values that `absent` can name, its record lists the \
            value there, with a reason.",
        why: "dateline does not guess values. This note shows what a dump lacks before you convert it.",
        bad: "017.txt     no published time: not_in_dump",
        good: "017.txt     published 2022-02-11",
    }
    VALUE_CONFLICT = "value-conflict", Warning, "profile-same-as" {
        summary: "An item contradicts itself.",
        what: "If an item repeats a value, both say the same.",
        why: "One of the two is wrong. A profile states which one to use, and the other is dropped. If \
            nothing says which is right, as in JSON, the value is left out and listed in `absent` as \
            `conflicting`.",
        bad: "headline \"Rain ends the drought\", repeated as \"Rain ends drought\"",
        good: "headline \"Rain ends the drought\", repeated as \"Rain ends the drought\"",
    }
    VALUE_UNREADABLE = "value-unreadable", Warning, "converter-unreadable" {
        summary: "A value with a known name cannot be read.",
        what: "The value of a member with a known name has the form of its kind: a time in one of the \
            formats in `spec/converters.md`, an absolute http or https URL, or a string.",
        why: "dateline does not guess, so the record lacks the value. `03/04/2021` may be a day in March \
            or in April. If you know which, correct it in a copy of the dump.",
        bad: "\"published_at\": \"03/04/2021\"",
        good: "\"published_at\": \"2021-04-03\"",
    }
    PROFILE_INVALID = "profile-invalid", Error, "profile-grammar" {
        summary: "A profile is not valid.",
        what: "A profile is YAML in the profile language: known verbs and keys, each key at most once, \
            and patterns that compile. To print its schema, run `dateline schema profile`.",
        why: "Otherwise a misspelt verb would be a step that never runs.",
        bad: "grammar:\n  - feild: /article/headline",
        good: "grammar:\n  - field: /article/headline",
        never_known: "the profile reads nothing",
    }
    PROFILE_EXAMPLE = "profile-example", Error, "profile-examples" {
        summary: "A profile does not read its own example as stated.",
        what: "A profile matches each of its examples, reads it to the last byte, and yields the fields \
            that the example expects.",
        why: "The examples are what a profile promises. `dateline profile test` checks them.",
        bad: "expected /article/headline \"Rain\", found \"Rain | Example News\"",
        good: "expected /article/headline \"Rain\", found \"Rain\"",
    }
}

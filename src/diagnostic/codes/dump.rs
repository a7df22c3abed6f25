//! Raw dumps and the profiles that read them.

codes! {
    "Dumps and profiles";

    INPUT_EMPTY = "input-empty", Error, "dump-empty" {
        summary: "An input is empty.",
        what: "A file of a dump holds more than white space, and standard input something.",
        why: "An empty file holds no article. A download that failed leaves such files, and a command \
            that failed an empty pipe, in which nothing is wrong.",
        bad: "017.txt     0 bytes",
        good: "017.txt     2,210 bytes",
    }
    INPUT_BINARY = "input-binary", Error, "dump-binary" {
        summary: "An input file is not text.",
        what: "A file is text or JSON, as it is or packed by a codec that is read (gzip, Zstandard, LZ4, bzip2, \
            xz). Text holds no NUL, and does not begin as an image, an archive or another binary format does.",
        why: "Characters read out of a binary file would be invented.",
        bad: "89 50 4E 47 0D 0A 1A 0A …     (PNG)",
        good: "52 61 69 6E 20 65 6E 64 …     (Rain end…)",
        never_known: "the file is not read",
    }
    INPUT_LINK = "input-link", Warning, "dump-links" {
        summary: "A link in a dump leads nowhere.",
        what: "Symbolic links in a folder of a dump lead to something. None is followed.",
        why: "A file was meant to be there. What moves it to another place, or fetches it later, leaves such \
            links, and then nothing is made of it.",
        bad: "017.txt -> ../store/9f2c.txt     (no such file)",
        good: "017.txt     2,210 bytes",
    }
    INPUT_DAMAGED = "input-damaged", Error, "dump-damaged" {
        summary: "A packed file does not unpack.",
        what: "A file that a codec packs unpacks to its end, and its checksums hold.",
        why: "What lies behind the damage cannot be read. The items before it are, if it is JSON, or a text that a \
            profile splits.",
        bad: "2022.jsonl.gz     (cut off in a download)",
        good: "2022.jsonl.gz     (`gzip -t` is silent)",
        never_known: "items are missing",
    }
    INPUT_JSON = "input-json", Error, "dump-json" {
        summary: "A part of a file of JSON is not JSON.",
        what: "Each item of a file of JSON is a value of RFC 8259.",
        why: "A value that is cut off, or written as another language writes it, says nothing that can be relied \
            on. The other items are read.",
        bad: r#"{"title": "Rain ends", "score": NaN}"#,
        good: r#"{"title": "Rain ends", "score": null}"#,
    }
    INPUT_DUPLICATE_KEY = "input-duplicate-key", Warning, "dump-duplicate-key" {
        summary: "An object of a dump has a key twice.",
        what: "The keys of an object differ.",
        why: "Readers take the first value, the last or both. Here the first is taken, and the other is dropped.",
        bad: r#"{"title": "Rain ends", "title": "Rain"}"#,
        good: r#"{"title": "Rain ends", "short_title": "Rain"}"#,
    }
    INPUT_SURROGATE = "input-surrogate", Warning, "dump-surrogates" {
        summary: "A string of a dump has half of a surrogate pair.",
        what: "Each `\\uD800` to `\\uDBFF` in a string is followed by one of `\\uDC00` to `\\uDFFF`, and no other has \
            one of those.",
        why: "Half of a pair is no character: a text was cut in the middle of one. Texts are read around it; a name, \
            a URL or another value that has one is not read.",
        bad: r#"{"title": "Rain ends \ud83c"}"#,
        good: r#"{"title": "Rain ends \ud83c\udf27"}"#,
    }
    INPUT_ENCODING = "input-encoding", Error, "dump-encoding" {
        summary: "The bytes are not text of the encoding they should have.",
        what: "The bytes of an item are valid in its encoding: UTF-8, or what its profile states. JSON may also \
            be UTF-16.",
        why: "A replacement character is a letter lost. The bytes are refused rather than guessed.",
        bad: "43 61 66 E9     (E9 begins no character of UTF-8)",
        good: "43 61 66 C3 A9     (Café)",
        never_known: "the file is not read",
    }
    INPUT_CONTROL = "input-control", Warning, "dump-control" {
        summary: "The text holds control characters.",
        what: "Text holds no control characters but tab and line ends. They are kept as they are, \
            and shown escaped.",
        why: "They are what is left of another format, and can mislead whoever reads them on a \
            terminal.",
        bad: r"Rain\u{1b}[31m ends the drought",
        good: r"Rain ends the drought",
    }
    INPUT_TOO_LARGE = "input-too-large", Error, "dump-limits" {
        summary: "A file or an item is larger than the stated limit.",
        what: "An item has at most as many bytes, lines, values and levels, and its record as many places in it, as \
            the limit that the message states, and a packed file unpacks to no more than its limit.",
        why: "Memory must not grow with the input. No article is that long: the file is a \
            container of another kind.",
        bad: "all.txt     one line of 100 MB",
        good: "000.txt … 999.txt     one article each",
        never_known: "the file is not read",
    }
    INPUT_UNSUPPORTED = "input-unsupported", Error, "dump-kinds" {
        summary: "An input file is of a kind that cannot be read.",
        what: "A file is of a kind that this version reads, and packed so that this version can unpack it. The \
            ledger lists every other one with its bytes and digest, and the kind it seems to be.",
        why: "A file that is passed over in silence would look as if it had held nothing.",
        bad: "archive.rar",
        good: "000.txt",
        never_known: "the file is not read",
    }
    ITEM_AMBIGUOUS = "item-ambiguous", Error, "profile-one" {
        summary: "Several profiles recognise an item.",
        what: "Exactly one profile reads an item. Where several recognise it, it is refused and \
            they are listed; where none does, the general converter reads it.",
        why: "The records would depend on which profile came first.",
        bad: "017.txt     recognised by daily-news and evening-news",
        good: "017.txt     recognised by daily-news",
        never_known: "the item is not read",
    }
    ITEM_MISMATCH = "item-mismatch", Error, "profile-reads-all" {
        summary: "An item cannot be read as an article.",
        what: "A profile that recognises an item reads it from the first byte to the last; the \
            place is the byte at which it stops, the message what it expected there. Where profiles are named, \
            one of them recognises each item. An item of JSON that no profile reads is an object with a \
            headline, a text, a summary or a URL. What is read makes a record: it has the URL or the identifier \
            that ids are made of.",
        why: "Half an item read is an item misread. Where a profile stops, the layout varies more than the \
            profile knows: it needs an `optional` or an `any`.",
        bad: "daily-news at byte 412: expected the line `Tags:`, found `Topics: rain`",
        good: "daily-news: 2,210 of 2,210 bytes",
        never_known: "the item is not read",
    }
    ITEM_GENERAL = "item-general", Note, "profile-general" {
        summary: "No profile recognises an item; the general converter read it.",
        what: "An item of no known layout is read by the general converter of its kind, and its \
            trace says so.",
        why: "What it takes for the headline or drops as boilerplate is a judgement by rules of \
            thumb. A profile of its layout is exact.",
        bad: "017.txt     read by general-text",
        good: "017.txt     read by daily-news",
    }
    ITEM_SEVERAL = "item-several", Error, "dump-one-article" {
        summary: "A text holds more than one article.",
        what: "A text that no profile recognises is one article. Several show by marks that nothing \
            else has: `1 of 2 DOCUMENTS` and `2 of 2 DOCUMENTS`, a second header line or slug, text \
            between two lines `-30-`.",
        why: "Read as one, it would be a record with the headline of the first article and the text \
            of some. Split the file, or describe its layout in a profile with `items`.",
        bad: "a.txt     1 of 2 DOCUMENTS … 2 of 2 DOCUMENTS …",
        good: "a-1.txt   1 of 2 DOCUMENTS …\na-2.txt   2 of 2 DOCUMENTS …",
        never_known: "the articles are not read",
    }
    ITEM_WITHDRAWN = "item-withdrawn", Warning, "withdrawal-refused" {
        summary: "An item was refused because its article was withdrawn.",
        what: "An item whose id, raw bytes or one of whose URLs a withdrawal names becomes no record.",
        why: "A withdrawn article does not come back because its dump is still there. Remove the \
            item from the dump, and this goes.",
        bad: "dumps/017.txt     withdrawn as art-5f1c… on 2022-03-01",
        good: "dumps            without 017.txt",
    }
    ITEM_HELD = "item-held", Warning, "withdrawal-held" {
        summary: "An item was left out because it may be a withdrawn article.",
        what: "An item that has the text of a withdrawn article, or its URL in another spelling, and \
            that the last release does not have, becomes no record until a person has decided.",
        why: "Sites serve one article under many URLs, and publishers print each other's texts. \
            `dateline withdraw CORPUS --also ID` lets it go for good, `--distinct ID` takes it in.",
        bad: "dumps/018.txt     has the text of art-5f1c…, which was withdrawn",
        good: "dateline withdraw corpus --distinct art-77ab…",
    }
    ITEM_NO_TEXT = "item-no-text", Warning, "dump-no-text" {
        summary: "An item gives a record without a text.",
        what: "A record of an item has a text. An item may have none, such as a page of photographs.",
        why: "Where a layout is not the one that a profile describes, texts are what is lost first. \
            `dateline show CORPUS ID --raw DUMP` shows what became of each byte.",
        bad: "017.txt     a headline, and 4 kB that are dropped",
        good: "017.txt     a headline and a text",
    }
    PROSE_DROPPED = "prose-dropped", Warning, "dump-prose-kept" {
        summary: "Much prose of an item ended in no value.",
        what: "Of the letters in prose (lines of 60 letters and more, and wrapped lines in which \
            sentences end) at most half are dropped as `boilerplate`, `header` or `unrecognised`.",
        why: "A profile or a rule of thumb that takes an article's paragraphs for a menu loses them \
            without a trace in the record. `dateline show CORPUS ID --raw DUMP` shows what became of \
            each byte.",
        bad: "017.txt     9 of 12 paragraphs are boilerplate",
        good: "017.txt     12 of 12 paragraphs are the text",
    }
    VALUE_ABSENT = "value-absent", Note, "absent-noted" {
        summary: "An item lacks a value.",
        what: "Where an item does not give one of the seven values that `absent` can name, its \
            record says so, with the reason.",
        why: "Nothing is guessed. This shows what a dump lacks before it is converted.",
        bad: "017.txt     no published time: not_in_dump",
        good: "017.txt     published 2022-02-11",
    }
    VALUE_CONFLICT = "value-conflict", Warning, "profile-same-as" {
        summary: "An item disagrees with itself.",
        what: "Where an item repeats a value, the repeat says the same as the value.",
        why: "One of the two is wrong. A profile says where the value is taken from; the other is dropped. \
            Where nothing says which is right, as in JSON, the value is absent as `conflicting`.",
        bad: "headline \"Rain ends the drought\", repeated as \"Rain ends drought\"",
        good: "headline \"Rain ends the drought\", repeated as \"Rain ends the drought\"",
    }
    VALUE_UNREADABLE = "value-unreadable", Warning, "converter-unreadable" {
        summary: "A value of a known name cannot be read.",
        what: "The value of a member whose name is known is of the form that its kind has: a time in one of \
            the formats of `spec/converters.md`, an absolute http or https URL, a string where one belongs.",
        why: "Nothing is guessed, so the record lacks the value. `03/04/2021` is a day in March or in April; \
            who wrote the dump may know which, and a copy of it can say so.",
        bad: "\"published_at\": \"03/04/2021\"",
        good: "\"published_at\": \"2021-04-03\"",
    }
    PROFILE_INVALID = "profile-invalid", Error, "profile-grammar" {
        summary: "A profile is not of the grammar of profiles.",
        what: "A profile is YAML of the profile language: known verbs and keys, once each, and \
            patterns that compile. `dateline schema profile` prints its schema.",
        why: "A misspelt verb would otherwise be a step that never runs.",
        bad: "grammar:\n  - feild: /article/headline",
        good: "grammar:\n  - field: /article/headline",
        never_known: "nothing is read by the profile",
    }
    PROFILE_EXAMPLE = "profile-example", Error, "profile-examples" {
        summary: "A profile does not read its own example as it says.",
        what: "Every example of a profile is recognised by it, is read to its last byte, and \
            gives the fields that the profile expects.",
        why: "The examples are what a profile promises. `dateline profile test` keeps them true.",
        bad: "expected /article/headline \"Rain\", found \"Rain | Example News\"",
        good: "expected /article/headline \"Rain\", found \"Rain\"",
    }
}

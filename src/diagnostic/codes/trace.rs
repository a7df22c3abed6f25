//! Whether values can be followed back to the raw bytes.

codes! {
    "Traces and raw items";

    TRACE_MISSING = "trace-missing", Error, "trace-complete" {
        summary: "An article has no trace.",
        what: "Where a corpus holds traces, every article has one.",
        why: "Its values cannot be followed back to the raw bytes.",
        bad: "records: art-1, art-2     traces: art-1",
        good: "records: art-1, art-2     traces: art-1, art-2",
    }
    TRACE_ORPHAN = "trace-orphan", Error, "trace-owner" {
        summary: "A trace belongs to no article.",
        what: "Every trace carries the id of one article of the corpus, and no id occurs twice.",
        why: "What is left of a withdrawn article should be gone, and a trace says where it lay.",
        bad: "records: art-1     traces: art-1, art-7",
        good: "records: art-1     traces: art-1",
    }
    TRACE_UNMATCHED = "trace-unmatched", Note, "trace-unmatched" {
        summary: "Articles and traces were not checked against each other.",
        what: "Traces and records are read side by side, in order of id. A trace that is out of order is kept \
            until its record comes, up to 64 MiB of them. Past that limit, or past the point where a file \
            ends early, they are not matched: no value is \
            replayed there, and no trace is said to be missing or to be of no article. Nor is it said \
            of one that may belong to a line that cannot be read. What broke off the matching has a code of \
            its own.",
        why: "What was not checked must not look like what is right.",
        bad: "records: art-1, art-2     traces: art-1 (cut off)",
        good: "records: art-1, art-2     traces: art-1, art-2",
        never_known: "values are not replayed there",
    }
    TRACE_REPLAY = "trace-replay", Error, "trace-replay" {
        summary: "The raw bytes do not give the value.",
        what: "The bytes of a field's spans, through its transforms, give exactly the value in \
            the record.",
        why: "This is what makes a value more than a claim: anyone with the raw item can repeat it.",
        bad: r#"headline "Rain", spans 10..15, via trim: the bytes give "Snow""#,
        good: r#"headline "Rain", spans 10..15, via trim: the bytes give "Rain""#,
        never_known: "another change would look like the one that is known",
    }
    TRACE_FIELD_DANGLING = "trace-field-dangling", Error, "trace-field-exists" {
        summary: "A trace refers to what is not there.",
        what: "The pointer of every field of a trace leads to a value of its record that is made of bytes, and no \
            two fields have the same. What a field is made of is there: the context that it is in, and the \
            values that it refers to, over two references at most and none of them an array.",
        why: "The trace is of another state of the record, or cannot be replayed.",
        bad: r#"{"pointer": "/article/subtitle", …}     (the record has no subtitle)"#,
        good: r#"{"pointer": "/article/headline", …}"#,
    }
    TRACE_VALUE_UNTRACED = "trace-value-untraced", Error, "trace-fields-complete" {
        summary: "A value of the record is in no field of its trace.",
        what: "Every value of core and content has a field in the trace, but for what is judged \
            or kept as record: `format`, `type`, `id`, `raw`, `absent`, the digests, `x`, the \
            relation of a link, the role of an author, the kind of an embed, the scope of a digest.",
        why: "Nothing is invented: a value that is not in the raw bytes is absent.",
        bad: r#"record: /article/section is "News"     trace: no field /article/section"#,
        good: r#"{"pointer": "/article/section", "spans": [[[88, 92]]]}"#,
    }
    TRACE_GAP = "trace-gap", Error, "trace-coverage" {
        summary: "A trace says nothing of some bytes.",
        what: "Fields and dropped spans together name every byte of the raw item, from 0 to \
            `raw.bytes`.",
        why: "Nothing is lost: bytes that are in no field and not dropped are bytes that nobody \
            decided about.",
        bad: "field [0, 120], dropped [130, 200] of 200 bytes",
        good: "field [0, 120], dropped [120, 200] of 200 bytes",
    }
    TRACE_OVERLAP = "trace-overlap", Error, "trace-tiles-disjoint" {
        summary: "A dropped span covers bytes that something else covers.",
        what: "A dropped span shares bytes with no field and no other dropped span. Fields may share bytes with \
            each other: a headline and a section may be parts of one line.",
        why: "A byte is kept or dropped, not both.",
        bad: "field [0, 120], dropped [110, 200]",
        good: "field [0, 120], dropped [120, 200]",
    }
    TRACE_OUTSIDE = "trace-outside", Error, "trace-within" {
        summary: "A span is empty or reaches beyond what it is in.",
        what: "Every span begins before it ends, and ends within the raw item or, where a field is `in` a context, \
            within that.",
        why: "It is the trace of another item, or of an earlier state of this one.",
        bad: "dropped [120, 260] of 200 bytes",
        good: "dropped [120, 200] of 200 bytes",
    }
    TRACE_DISORDER = "trace-disorder", Error, "trace-tiles-order" {
        summary: "Fields or dropped spans are out of order, or a dropped span is split in two.",
        what: "Fields are in the order in which the record writes their values, labels in order, each once, and the \
            spans of a label in order of position; no two of them touch.",
        why: "One way of making a record has one trace, and so one digest.",
        bad: "markup [0, 10], [10, 40]",
        good: "markup [0, 40]",
    }
    RAW_MISSING = "raw-missing", Error, "trace-locations" {
        summary: "A raw item is not where its trace says.",
        what: "Below the folder given with `--raw` there is a file of the path of each location, \
            and it reaches to the end of the item.",
        why: "Nothing can be replayed without it. Another folder, or the one above, may be meant: \
            paths are relative to the input that was converted.",
        bad: r#"{"path": "2022/000.txt", …}     --raw dumps, which holds dumps/000.txt"#,
        good: r#"{"path": "000.txt", …}          --raw dumps, which holds dumps/000.txt"#,
        never_known: "nothing of the item is replayed",
    }
    RAW_RENAMED = "raw-renamed", Note, "trace-raw-names" {
        summary: "A raw item was read from a file of another name.",
        what: "Where no raw file has the path of a location, the one is read whose path is the same in Unicode's \
            NFC, where there is only one, and else one that has the bytes of the file, as the ledger lists them or, \
            for an item that is a whole file, as the record does. The message says which.",
        why: "macOS and archives write names in another form of Unicode (NFD) than Linux, and files are renamed. \
            The digest says whether the bytes are the right ones; the name does not.",
        bad: r#"{"path": "caf\u00e9.txt", …}     --raw dumps, which holds cafe\u0301.txt"#,
        good: r#"{"path": "caf\u00e9.txt", …}     --raw dumps, which holds caf\u00e9.txt"#,
    }
    RAW_UNVERIFIABLE = "raw-unverifiable", Warning, "layer-not-read" {
        summary: "A raw item lies in layers that this version does not read, or is larger than it reads.",
        what: "Every layer is one that the reader reads, and gives no more bytes than it is ready to read; else nothing \
            is known of the item, good or bad.",
        why: "A record whose item cannot be opened is not wrong, but it is not replayed either.",
        bad: r#"{"path": "may.parquet", …, "layers": ["parquet:17"]}"#,
        good: r#"{"path": "may.jsonl.gz", …, "layers": ["gzip", "slice:0-4120"]}"#,
    }
    RAW_DIGEST_MISMATCH = "raw-digest-mismatch", Error, "record-raw-digest" {
        summary: "The raw bytes are not those the record was made of.",
        what: "`raw.digest` is the SHA-256 of the raw item and `raw.bytes` its length.",
        why: "The dump was changed since, or is another one. No span means anything in it.",
        bad: r#"{"raw": {"digest": "sha256:5f1c…", "bytes": 2886}}     (the file has 2,901 bytes)"#,
        good: r#"{"raw": {"digest": "sha256:c09a…", "bytes": 2901}}"#,
        never_known: "another change would look like the one that is known",
    }
}

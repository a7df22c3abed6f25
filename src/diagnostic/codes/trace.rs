//! Codes for traces, which lead each value back to the raw bytes.

codes! {
    "Traces and raw items";

    TRACE_MISSING = "trace-missing", Error, "trace-complete" {
        summary: "An article has no trace.",
        what: "If a corpus has traces, every article has one.",
        why: "Without a trace, the values of the article cannot be traced back to the raw bytes.",
        bad: "records: art-1, art-2     traces: art-1",
        good: "records: art-1, art-2     traces: art-1, art-2",
    }
    TRACE_ORPHAN = "trace-orphan", Error, "trace-owner" {
        summary: "A trace does not belong to an article.",
        what: "Every trace has the id of an article in the corpus, and no id occurs twice.",
        why: "Nothing of a withdrawn article should remain, and a trace shows where the article was.",
        bad: "records: art-1     traces: art-1, art-7",
        good: "records: art-1     traces: art-1",
    }
    TRACE_UNMATCHED = "trace-unmatched", Note, "trace-unmatched" {
        summary: "Articles and traces were not checked against each other.",
        what: "Traces and records are read side by side, in order of id. Traces that are out of order are \
            kept in memory until their record comes, up to 64 MiB. Past that limit, or past the point \
            where a file ends early, they are not matched: values are not replayed, and no trace is \
            reported as missing or as an orphan. The same goes for a trace whose record may be in a line \
            that cannot be read. The cause is reported under its own code.",
        why: "Something that was not checked must not look as if it were right.",
        bad: "records: art-1, art-2     traces: art-1 (cut off)",
        good: "records: art-1, art-2     traces: art-1, art-2",
        never_known: "values are not replayed past that point",
    }
    TRACE_REPLAY = "trace-replay", Error, "trace-replay" {
        summary: "The raw bytes do not yield the value.",
        what: "The bytes of a field's spans, passed through its transforms, yield exactly the value in \
            the record.",
        why: "This makes a value more than a claim: anyone who has the raw item can reproduce it.",
        bad: r#"headline "Rain", spans 10..15, via trim: the bytes yield "Snow""#,
        good: r#"headline "Rain", spans 10..15, via trim: the bytes yield "Rain""#,
        never_known: "a different change would look the same as the known one",
    }
    TRACE_FIELD_DANGLING = "trace-field-dangling", Error, "trace-field-exists" {
        summary: "A trace refers to something that does not exist.",
        what: "The pointer of every field in a trace points to a value of its record that is made from \
            bytes, and no two fields have the same pointer. What a field is made from exists too: the \
            context that its bytes are in, and the values it refers to, over at most two references. None \
            of these values is an array.",
        why: "The trace belongs to another version of the record, or cannot be replayed.",
        bad: r#"{"pointer": "/article/subtitle", …}     (the record has no subtitle)"#,
        good: r#"{"pointer": "/article/headline", …}"#,
    }
    TRACE_VALUE_UNTRACED = "trace-value-untraced", Error, "trace-fields-complete" {
        summary: "A value of the record is not in its trace.",
        what: "Every value of core and content has a field in the trace. Values that are judgements or \
            bookkeeping are exempt: `format`, `type`, `id`, `raw`, `absent`, the digests, `x`, the \
            relation of a link, the role of an author, the kind of an embed, the scope of a digest.",
        why: "Nothing is invented: a value that is not in the raw bytes has to be absent.",
        bad: r#"record: /article/section is "News"     trace: no field /article/section"#,
        good: r#"{"pointer": "/article/section", "spans": [[[88, 92]]]}"#,
    }
    TRACE_GAP = "trace-gap", Error, "trace-coverage" {
        summary: "A trace does not account for some bytes.",
        what: "The fields and dropped spans together cover every byte of the raw item, from 0 to `raw.bytes`.",
        why: "Nothing is lost: nobody has decided about a byte that is neither in a field nor dropped.",
        bad: "field [0, 120], dropped [130, 200] of 200 bytes",
        good: "field [0, 120], dropped [120, 200] of 200 bytes",
    }
    TRACE_OVERLAP = "trace-overlap", Error, "trace-tiles-disjoint" {
        summary: "A dropped span overlaps another span.",
        what: "A dropped span shares no byte with a field or another dropped span. Fields may overlap \
            each other: a headline and a section may be parts of one line.",
        why: "A byte is either kept or dropped, not both.",
        bad: "field [0, 120], dropped [110, 200]",
        good: "field [0, 120], dropped [120, 200]",
    }
    TRACE_OUTSIDE = "trace-outside", Error, "trace-within" {
        summary: "A span is empty or out of bounds.",
        what: "Every span begins before it ends, and ends within the raw item or, if its field is `in` a \
            context, within that context.",
        why: "The trace belongs to another item, or to an earlier version of this one.",
        bad: "dropped [120, 260] of 200 bytes",
        good: "dropped [120, 200] of 200 bytes",
    }
    TRACE_DISORDER = "trace-disorder", Error, "trace-tiles-order" {
        summary: "Fields or dropped spans are out of order, or a dropped span is split in two.",
        what: "Fields are in the order in which the record writes their values. Labels are sorted and \
            occur once each. The spans of a label are sorted by position, and no two of them touch.",
        why: "There is only one trace, with one digest, for each way of making a record.",
        bad: "markup [0, 10], [10, 40]",
        good: "markup [0, 40]",
    }
    RAW_MISSING = "raw-missing", Error, "trace-locations" {
        summary: "A raw item is not where its trace says.",
        what: "For each location, the folder given with `--raw` contains a file with that path, and the \
            file is long enough to hold the item.",
        why: "Without it, nothing can be replayed. Check whether `--raw` should name another folder or \
            its parent: paths are relative to the input that was converted.",
        bad: r#"{"path": "2022/000.txt", …}     --raw dumps, which holds dumps/000.txt"#,
        good: r#"{"path": "000.txt", …}          --raw dumps, which holds dumps/000.txt"#,
        never_known: "nothing of the item is replayed",
    }
    RAW_RENAMED = "raw-renamed", Note, "trace-raw-names" {
        summary: "A raw item was read from a file with another name.",
        what: "If no raw file has the path of a location, dateline reads the only file whose path is the \
            same in Unicode NFC. If there is not exactly one, it reads a file with the right bytes, as \
            the ledger or, for an item that is a whole file, the record states them. The message says \
            which.",
        why: "macOS and some archives write names in another Unicode form (NFD) than Linux, and files get \
            renamed. The digest shows whether the bytes are right; the name does not.",
        bad: r#"{"path": "caf\u00e9.txt", …}     --raw dumps, which holds cafe\u0301.txt"#,
        good: r#"{"path": "caf\u00e9.txt", …}     --raw dumps, which holds caf\u00e9.txt"#,
    }
    RAW_UNVERIFIABLE = "raw-unverifiable", Warning, "layer-not-read" {
        summary: "A raw item is in a layer that this version cannot read, or is too large.",
        what: "Every layer is one that the reader supports, and yields no more bytes than the reader \
            accepts. Otherwise nothing is known about the item, good or bad.",
        why: "A record whose item cannot be opened is not wrong, but it is not replayed either.",
        bad: r#"{"path": "may.parquet", …, "layers": ["parquet:17"]}"#,
        good: r#"{"path": "may.jsonl.gz", …, "layers": ["gzip", "slice:0-4120"]}"#,
    }
    RAW_DIGEST_MISMATCH = "raw-digest-mismatch", Error, "record-raw-digest" {
        summary: "The raw bytes are not those that the record was made from.",
        what: "`raw.digest` is the SHA-256 of the raw item, and `raw.bytes` is its length.",
        why: "The dump has changed since, or it is a different dump. The spans mean nothing in it.",
        bad: r#"{"raw": {"digest": "sha256:5f1c…", "bytes": 2886}}     (the file has 2,901 bytes)"#,
        good: r#"{"raw": {"digest": "sha256:c09a…", "bytes": 2901}}"#,
        never_known: "a different change would look the same as the known one",
    }
}

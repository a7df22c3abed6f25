//! Traces beside their records, and raw items beside both.

use crate::diagnostic::{Diagnostic, codes};
use serde_json::{Value, json};

use super::sample::{Sample, edit, text};
use crate::corpus::Part;

/// The codes that the tests of this file see.
pub(super) const CODES: [&str; 13] = [
    "trace-missing",
    "trace-orphan",
    "trace-unmatched",
    "trace-replay",
    "trace-field-dangling",
    "trace-value-untraced",
    "trace-gap",
    "trace-overlap",
    "trace-outside",
    "trace-disorder",
    "raw-missing",
    "raw-digest-mismatch",
    "raw-unverifiable",
];

/// What is said when the first trace is spoilt so.
fn spoilt(pointer: &str, new: Option<Value>) -> Vec<String> {
    let mut sample = Sample::new();
    sample.traces[0] = edit(sample.traces[0].clone(), pointer, new);
    let report = sample.write().check_with_raw();
    assert_eq!(report.facets().replayed, Some(1));
    sample.shown(&report)
}

#[test]
fn a_whole_corpus_is_traced() {
    let sample = Sample::new();
    let report = sample.write().check_with_raw();
    assert_eq!(sample.shown(&report), Vec::<String>::new());
    let facets = report.facets();
    assert_eq!(
        (facets.source, facets.replayed, facets.fetch),
        (Some(0), Some(2), Some(0))
    );
    assert_eq!(report.records().article, 2);
    assert_eq!(report.files(), 2);
}

#[test]
fn every_byte_is_accounted_for() {
    assert_eq!(
        spoilt("/trace/dropped/0/spans/0", None),
        ["trace-gap traces:1 /trace/fields/0/spans"]
    );
    assert_eq!(
        spoilt("/trace/dropped/0/spans/0", Some(json!([20, 25]))),
        ["trace-overlap traces:1 /trace/dropped/0/spans/0"]
    );
    assert_eq!(
        spoilt("/trace/dropped/0/spans/1", Some(json!([46, 1000]))),
        ["trace-outside traces:1 /trace/dropped/0/spans/1"]
    );
    // `trace-bytes`
    let length = super::sample::RAW.len();
    let split = json!([[24, 25], [46, 47], [47, 48], [length - 1, length]]);
    assert_eq!(
        spoilt("/trace/dropped/0/spans", Some(split)),
        ["trace-disorder traces:1 /trace/dropped/0/spans/1"]
    );
    let labels = json!([
        {"label": "whitespace", "spans": [[24, 25]]},
        {"label": "separator", "spans": [[46, 48], [length - 1, length]]},
    ]);
    assert_eq!(
        spoilt("/trace/dropped", Some(labels)),
        ["trace-disorder traces:1 /trace/dropped/1/label"]
    );
    assert_eq!(
        spoilt("/trace/bytes", Some(json!(length + 1))),
        [
            "raw-digest-mismatch traces:1 /trace/bytes",
            "trace-gap traces:1 /trace/dropped/0/spans/2",
            "field-value traces:1 /trace/locations/0/length",
        ]
    );
}

#[test]
fn fields_and_values_belong_together() {
    assert_eq!(
        spoilt("/trace/fields/0/pointer", Some(json!("/article/subtitle"))),
        [
            "trace-value-untraced records:1 /article/headline",
            "trace-field-dangling traces:1 /trace/fields/0/pointer",
        ]
    );
}

#[test]
fn values_are_what_their_bytes_give() {
    let other = json!([[[25, 29]], [[29, 46]]]);
    assert_eq!(
        spoilt("/trace/fields/0/spans", Some(other)),
        ["trace-replay traces:1 /trace/fields/0"]
    );
    assert_eq!(
        spoilt("/trace/fields/2/via", None),
        ["trace-replay traces:1 /trace/fields/2"]
    );
    let mut sample = Sample::new();
    sample.traces[0]["trace"]["fields"][0]["via"] = json!(["ascii-lower"]);
    let report = sample.write().check(&crate::check::Options::default());
    assert_eq!(
        report.facets().named,
        Some(2),
        "without the raw item nobody knows"
    );
    // `trace-derived`: what is made of another value of the record shows without the item.
    let mut sample = Sample::new();
    sample.traces[0]["trace"]["fields"][2]["via"] = json!(["trim"]);
    let report = sample.write().check(&crate::check::Options::default());
    assert_eq!(report.facets().named, Some(1));
    assert_eq!(
        sample.shown(&report),
        ["trace-replay traces:1 /trace/fields/2"]
    );
}

#[test]
fn what_is_made_of_an_integer_shows_without_the_item() {
    let mut sample = Sample::new();
    sample.records[0]["fetch"] = json!({"status": 200});
    sample.records[0]["article"]["section"] = json!("404");
    let fields = sample.traces[0]["trace"]["fields"].as_array_mut().unwrap();
    let status = json!({"pointer": "/fetch/status", "spans": [[[0, 3]]]});
    let section = json!({"pointer": "/article/section", "from": "/fetch/status"});
    fields.insert(1, section);
    fields.insert(3, status);
    let report = sample.write().check(&crate::check::Options::default());
    assert_eq!(
        sample.shown(&report),
        ["trace-replay traces:1 /trace/fields/1"]
    );
}

#[test]
fn how_an_encoding_was_found_is_said_of_others_than_utf_8() {
    for (by, label) in [
        ("profile", Some("UTF8")),
        ("declared", Some("utf-8")),
        ("nul", None),
    ] {
        let mut found = json!({"by": by});
        if let Some(label) = label {
            found["label"] = json!(label);
        }
        assert_eq!(
            spoilt("/trace/encoding", Some(found)),
            ["field-unknown traces:1 /trace/encoding"]
        );
    }
    let mut sample = Sample::new();
    sample.traces[0]["trace"]["encoding"] = json!({"by": "declared", "label": "latin1"});
    let report = sample.write().check_with_raw();
    assert_eq!(sample.shown(&report), Vec::<String>::new());
}

#[test]
fn long_names_of_a_trace_are_not_shown_whole() {
    let long = "a".repeat(20_000);
    let named = |field: Value| {
        let mut sample = Sample::new();
        sample.traces[0]["trace"]["fields"][1] = field;
        sample.traces[0]["trace"]["dropped"] = json!([
            {"label": format!("markup:{long}"), "spans": [[24, 25], [25, 46]]},
        ]);
        let report = sample.write().check_with_raw();
        for found in report.diagnostics() {
            assert!(found.message.len() < 600, "{}", found.message.len());
        }
        report.diagnostics().len()
    };
    let spans = json!([[[0, 3]]]);
    for field in [
        json!({"pointer": format!("/article/{long}"), "spans": spans}),
        json!({"pointer": "/content/text", "from": format!("/article/{long}")}),
        json!({"pointer": "/content/text", "spans": spans, "via": [format!("date:{long}")]}),
        json!({"pointer": "/content/text", "spans": spans, "via": [format!("decode:{long}")]}),
        json!({"pointer": "/content/text", "spans": spans, "via": [format!("{long}:x")]}),
        json!({"pointer": "/content/text", "spans": spans, "via": ["split:a", format!("split:{long}"), "trim", "json-string"]}),
        json!({"pointer": "/content/text", "spans": spans, long.as_str(): 1}),
    ] {
        assert!(named(field) > 0);
    }
}

#[test]
fn a_withheld_text_is_no_defect_of_its_trace() {
    let mut sample = Sample::new();
    sample.records[0] = edit(sample.records[0].clone(), "/content", None);
    let report = sample.write().check_with_raw();
    assert_eq!(
        sample.shown(&report),
        ["content-withheld records:1 /content_digest"]
    );
    assert_eq!(report.facets().replayed, Some(2));
}

#[test]
fn raw_items_that_are_gone_or_changed() {
    let sample = Sample::new();
    sample.write();
    std::fs::write(
        sample.raw().join("rain.txt"),
        super::sample::RAW.replace("Rain", "Snow"),
    )
    .unwrap();
    // `trace-raw-ledger`: it is said once of a file, and nothing in it is judged.
    let once = |code| [format!("{code} traces:1 /trace/locations/0")];
    let report = sample.check_with_raw();
    assert_eq!(sample.shown(&report), once("raw-digest-mismatch"));
    assert!(
        report.diagnostics()[0]
            .message
            .ends_with(": 2 items cannot be checked")
    );
    assert_eq!(
        (report.facets().named, report.facets().replayed),
        (Some(2), None)
    );
    std::fs::write(sample.raw().join("rain.txt"), "Rain").unwrap();
    let short = sample.check_with_raw();
    assert_eq!(sample.shown(&short), once("raw-digest-mismatch"));
    std::fs::rename(sample.raw().join("rain.txt"), sample.raw().join("snow.txt")).unwrap();
    let report = sample.check_with_raw();
    assert_eq!(sample.shown(&report), once("raw-missing"));
    assert_eq!(
        report.diagnostics()[0].message,
        "there is no raw file `rain.txt`: 2 items cannot be checked"
    );
    assert_eq!(report.facets().replayed, None);
}

/// `layer-not-read`
#[test]
fn a_layer_that_is_not_read_is_no_defect() {
    let mut sample = Sample::new();
    let layers = Some(json!(["parquet:17"]));
    sample.traces[0] = edit(
        sample.traces[0].clone(),
        "/trace/locations/0/layers",
        layers,
    );
    let report = sample.write().check_with_raw();
    let place = "raw-unverifiable traces:1 /trace/locations/0";
    assert_eq!(sample.shown(&report), [place]);
    assert!(!report.has_errors());
    let facets = report.facets();
    assert_eq!((facets.named, facets.replayed), (Some(1), Some(1)));
}

/// The article of a trace cannot be in a line that holds nothing.
#[test]
fn a_blank_line_spares_no_trace() {
    let mut sample = Sample::new();
    let records = std::mem::take(&mut sample.records);
    let lines = [text(&records[1..]), b"\n".to_vec()].concat();
    sample.write().shard(Part::Records, 0, &lines);
    assert_eq!(
        sample.shown(&sample.check_with_raw()),
        ["line-empty records:2", "trace-orphan traces:1 /id"]
    );
}

#[test]
fn traces_and_records_are_matched() {
    let check = |change: fn(&mut Sample)| {
        let mut sample = Sample::new();
        change(&mut sample);
        let report = sample.write().check_with_raw();
        sample.shown(&report)
    };
    let missing = check(|sample| drop(sample.traces.remove(0)));
    assert_eq!(missing, ["trace-missing records:1 /id"]);
    let orphan = check(|sample| drop(sample.records.remove(0)));
    assert_eq!(orphan, ["trace-orphan traces:1 /id"]);
    let last = check(|sample| drop(sample.records.remove(1)));
    assert_eq!(last, ["trace-orphan traces:2 /id"]);
    let twice = check(|sample| {
        let again = sample.traces[0].clone();
        sample.traces.insert(1, again);
    });
    assert_eq!(twice, ["trace-orphan traces:2 /id"]);
    let swapped = check(|sample| sample.traces.swap(0, 1));
    assert_eq!(swapped, ["shard-order traces:2 /id"]);
    let swapped = check(|sample| sample.records.swap(0, 1));
    assert_eq!(swapped, ["shard-order records:2 /id"]);
    let none = check(|sample| sample.traces.clear());
    assert_eq!(none, Vec::<String>::new());
}

#[test]
fn of_one_bad_line_no_more_is_said_than_what_goes_unmatched() {
    let sample = Sample::new();
    let spoil = |lines: &[Value]| {
        let mut bytes = super::sample::text(lines);
        bytes[0] = b'[';
        bytes
    };
    sample.shard(crate::corpus::Part::Records, 0, &spoil(&sample.records));
    sample.shard(
        crate::corpus::Part::Traces,
        0,
        &super::sample::text(&sample.traces),
    );
    sample.shard(crate::corpus::Part::Inputs, 0, &sample.ledger());
    assert_eq!(
        sample.shown(&sample.check_with_raw()),
        ["json-syntax records:1", "trace-unmatched traces"]
    );
    let sample = Sample::new();
    sample.shard(
        crate::corpus::Part::Records,
        0,
        &super::sample::text(&sample.records),
    );
    sample.shard(crate::corpus::Part::Traces, 0, &spoil(&sample.traces));
    sample.shard(crate::corpus::Part::Inputs, 0, &sample.ledger());
    let report = sample.check_with_raw();
    assert_eq!(
        sample.shown(&report),
        ["trace-unmatched traces", "json-syntax traces:1"]
    );
    insta::assert_snapshot!(report.diagnostics()[0].message, @"not checked against traces: 1 article; lines of articles or traces cannot be read, so it is not known whether values replay or traces are missing");
}

/// `trace-unmatched`
#[test]
fn no_article_is_said_to_lack_a_trace_that_cannot_be_read() {
    let mut sample = Sample::new();
    let ids = ["art-1", "art-2", "art-3", "art-4", "art-5"];
    sample.records = ids.map(super::sample::article).into();
    let mut lines = ids.map(|id| super::sample::trace(id).to_string());
    for spoilt in [1, 3] {
        lines[spoilt].replace_range(..1, "[");
    }
    let traces = lines.map(|line| line + "\n").concat();
    sample.shard(Part::Records, 0, &text(&sample.records));
    sample.shard(Part::Traces, 0, traces.as_bytes());
    sample.shard(Part::Inputs, 0, &sample.ledger());
    let report = sample.check_with_raw();
    assert_eq!(report.count_of(codes::TRACE_MISSING), 0);
    let said = report.diagnostics();
    let start = "not checked against traces: 2 articles; ";
    let unmatched = said.iter().any(|one| one.message.starts_with(start));
    assert!(unmatched, "{said:?}");
}

/// `corpus-id-order`
#[test]
fn out_of_order_every_trace_is_held_to_its_record() {
    let orders: [[usize; 3]; 6] = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for (records, traces) in orders
        .into_iter()
        .flat_map(|one| orders.map(|two| (one, two)))
    {
        let found = |change: &dyn Fn(&mut Sample)| {
            let ids = ["art-1", "art-2", "art-3"];
            let mut sample = Sample::new();
            sample.records = records.map(|at| super::sample::article(ids[at])).into();
            sample.traces = traces.map(|at| super::sample::trace(ids[at])).into();
            change(&mut sample);
            let report = sample.write().check_with_raw();
            let mut shown = sample.shown(&report);
            shown.retain(|one| !one.contains("shard-order"));
            shown
        };
        assert_eq!(found(&|_| {}), Vec::<String>::new());
        // A wrong value is found, whatever the order.
        let line = 1 + traces.iter().position(|at| *at == records[1]).unwrap();
        let wrong = found(&|sample| sample.records[1]["article"]["headline"] = json!("Invented"));
        assert_eq!(
            wrong,
            [format!("trace-replay traces:{line} /trace/fields/0")]
        );
        // So is a trace without a record, and a record without a trace.
        let orphan = found(&|sample| drop(sample.records.remove(1)));
        assert_eq!(orphan, [format!("trace-orphan traces:{line} /id")]);
        let line = 1 + records.iter().position(|at| *at == traces[1]).unwrap();
        let missing = found(&|sample| drop(sample.traces.remove(1)));
        assert_eq!(missing, [format!("trace-missing records:{line} /id")]);
    }
}

/// `trace-unmatched`
#[test]
fn more_than_there_is_room_for_is_counted_as_not_matched() {
    let ids: Vec<String> = (100..400).map(|number| format!("art-{number}")).collect();
    let mut sample = Sample::new();
    sample.records = ids.iter().map(|id| super::sample::article(id)).collect();
    sample.traces = ids
        .iter()
        .rev()
        .map(|id| super::sample::trace(id))
        .collect();
    let report = sample.write().check_with_raw();
    assert_eq!(report.count_of(codes::SHARD_ORDER), 1);
    assert_eq!(report.count_of(codes::TRACE_UNMATCHED), 1);
    let alone = [codes::TRACE_MISSING, codes::TRACE_ORPHAN].map(|code| report.count_of(code));
    assert_eq!(alone, [0, 0]);
    let said = report.diagnostics();
    let counted = |one: &Diagnostic| one.message.starts_with("not checked against each other: ");
    assert!(said.iter().any(|one| counted(one)), "{said:?}");
    // In order there is room for all, and one that is missing is known.
    let mut ordered = Sample::new();
    ordered.records = sample.records.clone();
    ordered.traces = sample.traces.iter().rev().cloned().collect();
    ordered.traces.remove(7);
    let report = ordered.write().check_with_raw();
    let shown = ordered.shown(&report);
    assert!(
        shown.contains(&"trace-missing records:8 /id".to_owned()),
        "{shown:?}"
    );
    assert_eq!(report.count_of(codes::TRACE_MISSING), 1);
}

/// A trace of a few bytes that would give gigabytes of text is refused before.
#[test]
fn hostile_traces_are_not_replayed() {
    let length = super::sample::RAW.len();
    let said = |times: usize| {
        let whole = json!([0, length]);
        let mut sample = Sample::new();
        sample.traces[0]["trace"]["fields"][0]["spans"] = json!([vec![whole; times]]);
        let report = sample.write().check_with_raw();
        let shown = report.diagnostics();
        let replay = shown.iter().find(|one| one.code.name == "trace-replay");
        replay.unwrap().message.clone()
    };
    assert_eq!(
        said(100),
        format!(
            "/article/headline does not replay: its spans name {} bytes of {length}: some are named more than \
             once",
            100 * length
        )
    );
    let others = 24 + "It rained in Été. At last.".len();
    assert_eq!(
        said(6_000),
        format!(
            "no field is replayed: together they name {} bytes of an item of {length}, each byte far more \
             often than any value needs",
            6_000 * length + others
        )
    );
}

/// `trace-locations-order`, `trace-locations`
#[test]
fn each_location_holds_the_item() {
    let length = super::sample::RAW.len();
    let at = |offset: usize| json!({"path": "rain.txt", "offset": offset, "length": length});
    let spoilt = |locations: &[Value]| spoilt("/trace/locations", Some(json!(locations)));
    assert_eq!(
        spoilt(&[at(0), at(0)]),
        ["field-value traces:1 /trace/locations/1"]
    );
    let beyond = |index| {
        ["ledger-traces", "raw-digest-mismatch"]
            .map(|code| format!("{code} traces:1 /trace/locations/{index}"))
    };
    assert_eq!(spoilt(&[at(0), at(length)]), beyond(1));
    let mut backwards = beyond(0).to_vec();
    backwards.push("field-value traces:1 /trace/locations/1".to_owned());
    assert_eq!(spoilt(&[at(1), at(0)]), backwards);
}

/// A corpus of one article whose item and context lie in a packed file.
fn packed(spoil: impl FnOnce(&mut Value)) -> Vec<String> {
    use std::io::Write as _;
    let mut sample = Sample::new();
    sample.records.truncate(1);
    sample.traces.truncate(1);
    let raw = super::sample::RAW;
    let head = "Example Courier\n";
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder
        .write_all(format!("{head}{raw}").as_bytes())
        .unwrap();
    let bytes = encoder.finish().unwrap();
    std::fs::write(sample.raw().join("rain.gz"), &bytes).unwrap();
    let at = |start: usize, end: usize| {
        json!({
            "path": "rain.gz", "offset": 0, "length": bytes.len(),
            "layers": ["gzip", format!("slice:{start}-{end}")],
        })
    };
    sample.records[0]["source"]["name"] = json!("Example Courier");
    let trace = &mut sample.traces[0]["trace"];
    trace["locations"] = json!([at(head.len(), head.len() + raw.len())]);
    let context = json!({"name": "document", "bytes": head.len(), "location": at(0, head.len())});
    trace["contexts"] = json!([context]);
    let fields = trace["fields"].as_array_mut().unwrap();
    fields.insert(
        3,
        json!({"pointer": "/source/name", "in": "document", "spans": [[[0, 15]]]}),
    );
    spoil(trace);
    let report = sample.write().check_with_raw();
    sample.shown(&report)
}

#[test]
fn items_and_contexts_are_replayed_through_layers() {
    assert_eq!(packed(|_| {}), Vec::<String>::new());
    let named = packed(|trace| trace["fields"][3]["spans"] = json!([[[0, 7]]]));
    assert_eq!(named, ["trace-replay traces:1 /trace/fields/3"]);
    // `trace-context-bytes`
    let longer = packed(|trace| trace["contexts"][0]["bytes"] = json!(17));
    assert_eq!(longer, ["raw-digest-mismatch traces:1 /trace/contexts/0"]);
    let place = "/trace/locations/0";
    for layers in [
        json!(["gzip", "slice:15-70"]),
        json!(["gzip", "slice:16-9000"]),
        json!(["zstd", "slice:0-1"]),
        json!(["slice:0-9"]),
    ] {
        let wrong = packed(|trace| trace["locations"][0]["layers"] = layers);
        assert_eq!(wrong, [format!("raw-digest-mismatch traces:1 {place}")]);
    }
    let rows = packed(|trace| trace["locations"][0]["layers"] = json!(["parquet:1"]));
    assert_eq!(rows, [format!("raw-unverifiable traces:1 {place}")]);
}

/// `layer-limits-told`: what a reader does not read is not wrong.
#[test]
fn items_beyond_the_limits_of_a_reader_are_not_wrong() {
    let most = usize::try_from(crate::dump::ITEM_LIMIT).unwrap();
    let zeros = vec![0; most + 1];
    let zstd = zstd::encode_all(&zeros[..], 1).unwrap();
    let slice = format!("slice:0-{}", most + 1);
    for (bytes, layers) in [
        (&zeros, json!([slice])),
        (&zstd, json!(["zstd", slice])),
        (&zstd, json!(["zstd"])),
        (&zstd, json!(["zstd", "slice:33000000-33000001"])),
    ] {
        let mut sample = Sample::new();
        std::fs::write(sample.raw().join("zeros"), bytes).unwrap();
        let location =
            json!({"path": "zeros", "offset": 0, "length": bytes.len(), "layers": layers});
        sample.traces[0]["trace"]["locations"] = json!([location]);
        let report = sample.write().check_with_raw();
        let place = "raw-unverifiable traces:1 /trace/locations/0";
        assert_eq!(sample.shown(&report), [place], "{layers}");
        assert!(!report.has_errors());
    }
}

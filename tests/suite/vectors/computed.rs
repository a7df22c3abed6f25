//! Vectors that state what is to be computed.

use dateline::digest::Digest;
use dateline::dump::LedgerLine;
use dateline::json::{Tape, canonical};
use dateline::merkle;
use dateline::record::{
    Id, Key, Record, Secret, Time, coarse_url, derived_article_id, named_article_id,
    normalised_url, text_digest, text_v1, url_digest, url_key,
};
use dateline::trace::{
    Bytes, CoverageDefect, Dropped, Field, Location, ProfileRef, Reference, Replay, Sources, Span,
    Trace, TraceLine, Transform, coverage,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{rules, vectors};

fn read<T: DeserializeOwned>(path: &str) -> T {
    let folder = path.split('/').next().unwrap();
    let vector = vectors(folder)
        .into_iter()
        .find(|vector| vector.path.ends_with(path))
        .unwrap();
    serde_json::from_slice(&vector.bytes).unwrap()
}

fn bytes(path: &str) -> Vec<u8> {
    let folder = path.split('/').next().unwrap();
    let vector = vectors(folder)
        .into_iter()
        .find(|vector| vector.path.ends_with(path));
    vector.unwrap().bytes
}

#[test]
fn the_canonical_form_and_its_digest() {
    #[derive(Deserialize)]
    struct Case {
        input: String,
        canonical: String,
        digest: Digest,
    }
    for vector in vectors("canonical") {
        let case: Case = serde_json::from_slice(&vector.bytes).unwrap();
        let tape = Tape::parse(case.input.as_bytes()).unwrap();
        let mut form = Vec::new();
        canonical::write(tape.root(), &mut form);
        let path = vector.path.display();
        assert_eq!(
            String::from_utf8(form.clone()).unwrap(),
            case.canonical,
            "{path}"
        );
        assert_eq!(Digest::of(&form), case.digest, "{path}");
    }
}

#[test]
fn text_v1_and_its_digest() {
    #[derive(Deserialize)]
    struct Case {
        text: String,
        form: Option<String>,
        digest: Option<Digest>,
    }
    for vector in vectors("text-v1") {
        let case: Case = serde_json::from_slice(&vector.bytes).unwrap();
        let path = vector.path.display();
        assert_eq!(text_v1(&case.text), case.form.unwrap_or_default(), "{path}");
        assert_eq!(text_digest(&case.text), case.digest, "{path}");
    }
}

#[test]
fn times() {
    #[derive(Deserialize)]
    struct Times {
        valid: Vec<String>,
        invalid: Vec<Invalid>,
        before: Vec<Before>,
    }
    #[derive(Deserialize)]
    struct Invalid {
        time: String,
    }
    #[derive(Deserialize)]
    struct Before {
        this: Time,
        that: Time,
        #[serde(rename = "before")]
        expected: bool,
    }
    let times: Times = read("time/times.json");
    for time in times.valid {
        assert_eq!(time.parse::<Time>().unwrap().to_string(), time);
    }
    for Invalid { time } in times.invalid {
        assert!(time.parse::<Time>().is_err(), "{time:?}");
    }
    for Before {
        this,
        that,
        expected,
    } in times.before
    {
        assert_eq!(this.certainly_before(&that), expected, "{this} {that}");
    }
}

#[test]
fn ids_and_urls() {
    #[derive(Deserialize)]
    struct Ids {
        valid: Vec<String>,
        invalid: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Derived {
        parts: Vec<Value>,
        id: Id,
    }
    #[derive(Deserialize)]
    struct Spelling {
        url: String,
        normal: Option<String>,
        digest: Option<Digest>,
    }
    #[derive(Deserialize)]
    struct Case {
        url: String,
        coarse: Option<String>,
        digest: Option<Digest>,
    }
    #[derive(Deserialize)]
    struct Hidden {
        secret: String,
        public: Digest,
        private: Key,
    }
    let ids: Ids = read("id/ids.json");
    for id in ids.valid {
        assert!(id.parse::<Id>().is_ok(), "{id:?}");
    }
    for id in ids.invalid {
        assert!(id.parse::<Id>().is_err(), "{id:?}");
    }
    for Derived { parts, id } in read::<Vec<Derived>>("id/derived.json") {
        let known = |part: &Value| {
            part.as_str()
                .map(str::to_owned)
                .filter(|part| !part.is_empty())
        };
        let derived = match parts.as_slice() {
            [name] => named_article_id(name.as_str().unwrap()).unwrap(),
            [raw, header, url, time] => {
                let names: Vec<String> = serde_json::from_value(header.clone()).unwrap_or_default();
                derived_article_id(
                    &known(raw).unwrap().parse().unwrap(),
                    &names,
                    known(url).as_deref(),
                    known(time).map(|time| time.parse().unwrap()).as_ref(),
                )
                .unwrap()
            }
            parts => {
                let form = canonical::to_vec(parts).unwrap();
                format!("rel-{:.32}", Digest::of(&form).hex())
                    .parse()
                    .unwrap()
            }
        };
        assert_eq!(derived, id, "{parts:?}");
    }
    for Spelling {
        url,
        normal,
        digest,
    } in read::<Vec<Spelling>>("id/urls.json")
    {
        assert_eq!(normalised_url(&url), normal, "{url}");
        assert_eq!(url_digest(&url), digest, "{url}");
    }
    for Case {
        url,
        coarse,
        digest,
    } in read::<Vec<Case>>("id/url-keys.json")
    {
        assert_eq!(coarse_url(&url), coarse, "{url}");
        assert_eq!(url_key(&url), digest, "{url}");
    }
    for Hidden {
        secret,
        public,
        private,
    } in read::<Vec<Hidden>>("id/private.json")
    {
        let secret = Digest::from_hex(&secret).unwrap();
        let secret = Secret::from_bytes(*secret.as_bytes());
        assert_eq!(secret.hide(&public), private, "{public}");
    }
}

#[test]
fn transforms() {
    #[derive(Deserialize)]
    struct Cases {
        transform: String,
        cases: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        input: String,
        base: Option<String>,
        output: Option<String>,
    }
    for vector in vectors("transform") {
        let Cases { transform, cases } = serde_json::from_slice(&vector.bytes).unwrap();
        // What is no transform fails of every text.
        let parsed = transform.parse::<Transform>().ok();
        for Case {
            input,
            base,
            output,
        } in cases
        {
            let base = base.as_deref().unwrap_or_default();
            let found = parsed.as_ref().and_then(|t| t.apply(&input, base).ok());
            assert_eq!(found.as_deref(), output.as_deref(), "{transform} {input:?}");
        }
    }
}

#[test]
fn replays() {
    #[derive(Deserialize)]
    struct Case {
        raw: String,
        encoding: String,
        field: Field,
        value: Option<Value>,
    }
    for vector in vectors("replay") {
        let case: Case = serde_json::from_slice(&vector.bytes).unwrap();
        let raw: Vec<u8> = (0..case.raw.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&case.raw[at..at + 2], 16).unwrap())
            .collect();
        let item = Bytes {
            bytes: &raw,
            encoding: &case.encoding,
        };
        let fields = [case.field];
        let mut replay = Replay::new(
            &fields,
            Sources {
                item,
                contexts: &[],
            },
        );
        let found = replay.value(&fields[0]).ok();
        let path = vector.path.display();
        assert_eq!(found.map(Value::from), case.value, "{path}");
    }
}

#[test]
fn coverages() {
    #[derive(Deserialize)]
    struct Case {
        length: u64,
        fields: Vec<(u64, u64)>,
        #[serde(default)]
        dropped: Vec<Dropped>,
        defects: Vec<Defect>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Defect {
        kind: String,
        start: u64,
        end: u64,
    }
    for vector in vectors("coverage") {
        let case: Case = serde_json::from_slice(&vector.bytes).unwrap();
        let headline: Reference = "/article/headline".parse().unwrap();
        let fields = case.fields.iter().map(|&(start, end)| {
            let groups = vec![vec![Span { start, end }]];
            Field::of_item(headline.clone(), groups, Vec::new())
        });
        let trace = Trace {
            profile: ProfileRef {
                id: "general-text".to_owned(),
                version: 1,
                digest: None,
            },
            bytes: case.length,
            encoding: None,
            locations: Vec::new(),
            contexts: Vec::new(),
            fields: fields.collect(),
            dropped: case.dropped,
        };
        let found: Vec<Defect> = coverage(&trace)
            .into_iter()
            .map(|defect| {
                let (kind, span) = match defect {
                    CoverageDefect::Gap(span) => ("gap", span),
                    CoverageDefect::Overlap(span) => ("overlap", span),
                    CoverageDefect::Outside(span) => ("outside", span),
                    CoverageDefect::Disorder(span) => ("disorder", span),
                    CoverageDefect::Split(span, _) => ("split", span),
                    _ => ("other", Span { start: 0, end: 0 }),
                };
                Defect {
                    kind: kind.to_owned(),
                    start: span.start,
                    end: span.end,
                }
            })
            .collect();
        assert_eq!(found, case.defects, "{}", vector.path.display());
    }
}

/// Shows `record-line`, `entries-traces`, `manifest-roots` and `manifest-subject`.
#[test]
fn entries_and_roots() {
    let expected: Value = read("entries/expected.json");
    let root = |lines: &[String]| merkle::root_of(lines).to_string();
    let mut entries = Vec::new();
    for line in rules::lines(&bytes("entries/records.jsonl")) {
        let record = Record::read(line).unwrap();
        assert_eq!(record.to_line().unwrap(), line);
        let kind = record.record_type().name();
        let digest = record.digest().unwrap();
        entries.push(format!("{} {kind} {}", record.id(), digest.hex()));
    }
    let mut traces = Vec::new();
    for line in rules::lines(&bytes("entries/traces.jsonl")) {
        let line: TraceLine = serde_json::from_slice(line).unwrap();
        traces.push(format!(
            "{} article {}",
            line.id,
            line.trace.digest().unwrap().hex()
        ));
    }
    for (name, lines) in [("entries", &entries), ("traces", &traces)] {
        let file = lines.join("\n") + "\n";
        assert_eq!(file.as_bytes(), bytes(&format!("entries/{name}.txt")));
        assert_eq!(
            expected[name]["digest"],
            Digest::of(file.as_bytes()).to_string()
        );
        assert_eq!(expected[name]["size"], lines.len());
        assert_eq!(expected[name]["root"], root(lines));
    }
    for (name, file) in [("inputs", "inputs.jsonl"), ("manifest", "manifest.json")] {
        let digest = Digest::of(&bytes(&format!("entries/{file}")));
        assert_eq!(expected[name]["digest"], digest.to_string());
    }
    let manifest: Value = read("entries/manifest.json");
    let predicate = &manifest["predicate"];
    assert_eq!(predicate["records"]["root"], expected["entries"]["root"]);
    assert_eq!(predicate["traces"]["root"], expected["traces"]["root"]);
    let subjects = manifest["subject"].as_array().unwrap();
    for (subject, name) in subjects.iter().zip(["entries", "traces", "inputs"]) {
        let hex = subject["digest"]["sha256"].as_str().unwrap();
        assert_eq!(expected[name]["digest"], format!("sha256:{hex}"));
    }
}

/// Shows `record-raw-bytes`, and that records, traces and dump are of one piece.
#[test]
fn the_dump_gives_the_records() {
    let records = bytes("entries/records.jsonl");
    for line in rules::lines(&bytes("entries/traces.jsonl")) {
        let TraceLine { id, trace } = serde_json::from_slice(line).unwrap();
        let record = rules::lines(&records)
            .into_iter()
            .find(|record| Record::read(record).unwrap().id() == &id)
            .unwrap();
        let record: Value = serde_json::from_slice(record).unwrap();
        let location = &trace.locations[0];
        let raw = bytes(&format!("entries/dump/{}", location.path));
        assert_eq!(location.length, u64::try_from(raw.len()).unwrap());
        assert_eq!(record["raw"]["bytes"], location.length);
        assert_eq!(record["raw"]["digest"], Digest::of(&raw).to_string());
        assert_eq!(coverage(&trace), []);
        let text = std::str::from_utf8(&raw).unwrap();
        let mut replay = Replay::new(&trace.fields, Sources::of_text(text));
        for field in &trace.fields {
            let value = Value::from(replay.value(field).unwrap());
            let pointer = field.pointer().unwrap().as_str();
            assert_eq!(Some(&value), record.pointer(pointer));
        }
    }
    for line in rules::lines(&bytes("entries/inputs.jsonl")) {
        if let LedgerLine::File(line) = serde_json::from_slice(line).unwrap() {
            let file = bytes(&format!("entries/dump/{}", line.path));
            assert_eq!(line.digest, Digest::of(&file));
        }
    }
}

#[test]
fn ledgers() {
    #[derive(Deserialize)]
    struct Case {
        lines: Vec<String>,
        #[serde(default)]
        locations: Vec<Location>,
        valid: bool,
    }
    for Case {
        lines,
        locations,
        valid,
    } in read::<Vec<Case>>("ledger/ledgers.json")
    {
        let read = rules::ledger(&lines).filter(|files| {
            locations.iter().all(|at| {
                let file = files.get(&at.path);
                file.is_some_and(|file| file.records > 0 && at.offset + at.length <= file.bytes)
            })
        });
        assert_eq!(read.is_some(), valid, "{lines:#?}");
    }
}

#[test]
fn trees() {
    #[derive(Deserialize)]
    struct Case {
        lines: Vec<String>,
        root: Digest,
    }
    for Case { lines, root } in read::<Vec<Case>>("tree/roots.json") {
        assert_eq!(merkle::root_of(&lines), root, "{lines:?}");
    }
}

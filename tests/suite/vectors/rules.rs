//! The rules that no schema states, once more and slowly.

use std::collections::{BTreeMap, BTreeSet};

use dateline::digest::Digest;
use dateline::dump::{FileLine, Kind, LedgerLine, RefusalLine};
use dateline::json::{Tape, canonical};
use dateline::record::{
    AbsentKey, Article, Key, Record, Relation, Time, Withdrawal, text_digest, url_digest,
};
use dateline::schema::Schema;
use dateline::trace::{
    Bytes, ContextName, CoverageDefect, FoundBy, Location, Reference, Span, Stage, Trace,
    TraceLine, Transform, coverage, replay_groups,
};
use serde_json::Value;

/// The lines of a small corpus.
pub(super) fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect()
}

/// The requirements that a value, or a corpus, breaks although its schema accepts it, each once and
/// in order of name; or why the types of Rust refuse it.
pub(crate) fn broken(kind: &str, bytes: &[u8]) -> Result<Vec<&'static str>, String> {
    let mut broken = BTreeSet::new();
    match kind {
        "article" | "relation" | "withdrawal" => {
            match Record::read(bytes).map_err(|error| error.to_string())? {
                Record::Article(article) => article_rules(&article, bytes, &mut broken),
                Record::Relation(relation) => relation_rules(&relation, &mut broken),
                Record::Withdrawal(withdrawal) => withdrawal_rules(&withdrawal, &mut broken),
                _ => {}
            }
        }
        "trace" => {
            let line = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
            trace_rules(&line, &mut broken);
        }
        "manifest" => manifest_rules(bytes, &mut broken),
        "corpus" => corpus_rules(bytes, &mut broken),
        _ => {}
    }
    Ok(broken.into_iter().collect())
}

fn article_rules(article: &Article, bytes: &[u8], broken: &mut BTreeSet<&'static str>) {
    let tape = Tape::parse(bytes).unwrap();
    if let Some(content) = tape.root().get("content") {
        let mut form = Vec::new();
        canonical::write(content, &mut form);
        if article.content_digest != Some(Digest::of(&form)) {
            broken.insert("record-content-digest");
        }
        let expected = article.text().and_then(text_digest);
        if article.text().is_some() && expected.is_none() {
            broken.insert("text-v1-empty");
        } else if article.text_digest != expected {
            broken.insert("text-v1-digest");
        }
    }
    if let Some(source) = &article.source
        && let (Some(url), Some(domain)) = (&source.url, &source.domain)
        && Transform::UrlHost.apply(url, "").as_deref() != Ok(domain)
    {
        broken.insert("record-domain");
    }
    for key in AbsentKey::ALL {
        match (article.has(key), article.absent.contains_key(&key)) {
            (true, true) => broken.insert("absent-exclusive"),
            (false, false) => broken.insert("absent-explained"),
            _ => false,
        };
    }
}

fn relation_rules(relation: &Relation, broken: &mut BTreeSet<&'static str>) {
    if relation.derived_id().unwrap() != relation.id {
        broken.insert("relation-id");
    }
    if relation.to.as_ref() == Some(&relation.from) {
        broken.insert("relation-not-self");
    }
    if relation.relation.is_symmetric()
        && relation.to.as_ref().is_some_and(|to| *to < relation.from)
    {
        broken.insert("relation-symmetric-order");
    }
    if relation
        .score
        .is_some_and(|score| score.matched > score.length)
    {
        broken.insert("relation-score");
    }
    let stretches = relation
        .evidence
        .iter()
        .flat_map(|evidence| [Some(evidence.from), evidence.to])
        .flatten();
    for stretch in stretches {
        if stretch.start >= stretch.end {
            broken.insert("relation-evidence");
        }
    }
}

fn withdrawal_rules(withdrawal: &Withdrawal, broken: &mut BTreeSet<&'static str>) {
    let keys: Vec<String> = withdrawal.keys().map(Key::to_string).collect();
    let private = keys.iter().filter(|key| key.starts_with("hmac-")).count();
    if private > 0 && private < keys.len() {
        broken.insert("withdrawal-private");
    }
    for list in [&withdrawal.url_digests, &withdrawal.url_keys] {
        let mut sorted: Vec<String> = list.iter().map(Key::to_string).collect();
        sorted.sort();
        sorted.dedup();
        if !sorted
            .iter()
            .eq(list.iter().map(Key::to_string).collect::<Vec<_>>().iter())
        {
            broken.insert("withdrawal-keys-order");
        }
    }
    if ["duplicate", "superseded", "removed"].contains(&withdrawal.reason.name())
        && !keys.is_empty()
    {
        broken.insert("withdrawal-keyless");
    }
}

fn trace_rules(line: &TraceLine, broken: &mut BTreeSet<&'static str>) {
    let trace = &line.trace;
    for defect in coverage(trace) {
        broken.insert(match defect {
            CoverageDefect::Gap(_) => "trace-coverage",
            CoverageDefect::Overlap(_) => "trace-tiles-disjoint",
            CoverageDefect::Outside(_) => "trace-within",
            _ => "trace-tiles-order",
        });
    }
    let mut values = BTreeSet::new();
    for field in &trace.fields {
        let name = field.value.to_string();
        if name.starts_with("/links/") && name.ends_with("/relation") || !values.insert(name) {
            broken.insert("trace-field-exists");
        }
        let stages: Vec<Stage> = field.via.iter().map(Transform::stage).collect();
        if stages.iter().skip(1).any(|stage| *stage == Stage::Bytes) {
            broken.insert("transform-decode");
        } else if field.via.iter().filter_map(Transform::reference).count() > 1 {
            broken.insert("transform-url-join");
        } else if !stages.is_sorted()
            || (field.groups().is_empty() && stages.contains(&Stage::Span))
        {
            broken.insert("transform-stages");
        }
    }
    for transform in trace.fields.iter().flat_map(|field| &field.via) {
        match transform {
            Transform::DecodeMixed(_) if !is_encoding(transform.clone()) => {
                broken.insert("transform-decode-mixed");
            }
            Transform::Mojibake(_) if transform.apply("a", "").is_err() => {
                broken.insert("transform-mojibake");
            }
            _ => {}
        }
    }
    let order = trace.fields.iter().map(|field| &field.value);
    if values.len() == trace.fields.len() && !order.is_sorted() {
        broken.insert("trace-fields-order");
    }
    context_rules(trace, broken);
    reference_rules(trace, broken);
    if !trace.dropped.is_sorted_by(|a, b| a.label < b.label) {
        broken.insert("trace-tiles-order");
    }
    let long = |at: &&Location| at.layers.is_empty() && at.length != trace.bytes;
    if trace.locations.iter().any(|at| long(&at)) {
        broken.insert("trace-locations");
    }
    if trace.profile.id.starts_with("general-") == trace.profile.digest.is_some() {
        broken.insert("trace-profile");
    }
    if !trace.locations.is_sorted_by(|a, b| a < b) {
        broken.insert("trace-locations-order");
    }
}

/// Whether bytes can be decoded so.
fn is_encoding(decode: Transform) -> bool {
    let bytes = Bytes {
        bytes: b"a",
        encoding: "utf-8",
    };
    replay_groups(bytes, &[vec![Span { start: 0, end: 1 }]], &[decode]).is_ok()
}

fn context_rules(trace: &Trace, broken: &mut BTreeSet<&'static str>) {
    let contexts = &trace.contexts;
    if !contexts.is_sorted_by(|a, b| a.name < b.name) {
        broken.insert("trace-contexts-order");
    }
    for context in contexts {
        let label = context.encoding.as_deref().unwrap_or("utf-8");
        let utf8 = ["utf-8", "utf8", "unicode-1-1-utf-8"];
        if !is_encoding(Transform::Decode(label.to_owned()))
            || context.encoding.is_some() && utf8.contains(&label)
        {
            broken.insert("trace-context-encoding");
        }
        if (context.name == ContextName::Path) == context.location.is_some() {
            broken.insert("trace-context-location");
        }
    }
    if contexts.iter().map(|context| context.bytes).sum::<u64>() > 65536 {
        broken.insert("trace-contexts-room");
    }
    if let Some(found) = &trace.encoding {
        let stated = matches!(found.by, FoundBy::Declared | FoundBy::Profile);
        if stated != found.label.is_some() {
            broken.insert("trace-encoding");
        }
        if found
            .context
            .is_some_and(|name| contexts.iter().all(|one| one.name != name))
        {
            broken.insert("trace-in");
        }
    }
    for field in &trace.fields {
        let Some(name) = field.context() else {
            continue;
        };
        match contexts.iter().find(|context| context.name == name) {
            None => {
                broken.insert("trace-in");
            }
            Some(context) => {
                let mut spans = field.groups().iter().flatten();
                if spans.any(|span| span.start >= span.end || span.end > context.bytes) {
                    broken.insert("trace-within");
                }
            }
        }
    }
}

/// Every value is reached over two references at most.
fn reference_rules(trace: &Trace, broken: &mut BTreeSet<&'static str>) {
    let find = |name: &Reference| trace.fields.iter().find(|field| field.value == *name);
    for field in &trace.fields {
        let mut reached = vec![field];
        for step in 0..3 {
            let names: Vec<&Reference> = reached
                .iter()
                .flat_map(|field| field.references())
                .collect();
            let array = names
                .iter()
                .any(|name| name.to_string() == "/article/keywords");
            if array || step == 2 && !names.is_empty() {
                broken.insert("trace-references");
            }
            reached = names.iter().filter_map(|name| find(name)).collect();
            if reached.len() < names.len() {
                broken.insert("trace-references");
            }
        }
    }
}

fn manifest_rules(bytes: &[u8], broken: &mut BTreeSet<&'static str>) {
    let tape = Tape::parse(bytes).unwrap();
    let mut form = Vec::new();
    canonical::write(tape.root(), &mut form);
    form.push(b'\n');
    if form != bytes {
        broken.insert("manifest-bytes");
    }
    let manifest: Value = serde_json::from_slice(bytes).unwrap();
    let predicate = &manifest["predicate"];
    if predicate["created"]
        .as_str()
        .unwrap()
        .parse::<Time>()
        .is_err()
    {
        broken.insert("manifest-created");
    }
    let records = &predicate["records"];
    let count = |name: &str| records[name].as_u64().unwrap();
    if count("article") + count("relation") + count("withdrawal") != count("size") {
        broken.insert("manifest-counts");
    }
    let previous = predicate["previous"]["release"].as_u64().unwrap_or(0);
    if previous + 1 != predicate["release"].as_u64().unwrap() {
        broken.insert("chain-previous");
    }
    for (list, key) in [("schemas", "name"), ("profiles", "id")] {
        let items = predicate[list].as_array();
        let keys = items.into_iter().flatten().map(|item| item[key].as_str());
        if !keys.is_sorted_by(|a, b| a < b) {
            broken.insert("manifest-lists-order");
        }
    }
}

/// The kinds of relations that are orders.
const ORDERS: [&str; 8] = [
    "is_new_version_of",
    "is_derived_from",
    "is_translation_of",
    "is_part_of",
    "continues",
    "obsoletes",
    "corrects",
    "retracts",
];

/// Whether something leads to itself, by joining steps until there is nothing new.
fn leads_back(mut steps: BTreeSet<(&str, &str)>) -> bool {
    loop {
        let joined: BTreeSet<_> = steps
            .iter()
            .flat_map(|(from, over)| {
                let behind = steps.iter().filter(move |(other, _)| other == over);
                behind.map(move |(_, to)| (*from, *to))
            })
            .filter(|step| !steps.contains(step))
            .collect();
        if joined.is_empty() {
            return steps.iter().any(|(from, to)| from == to);
        }
        steps.extend(joined);
    }
}

fn corpus_rules(bytes: &[u8], broken: &mut BTreeSet<&'static str>) {
    let mut kinds: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut relations = Vec::new();
    let mut traced = BTreeSet::new();
    for line in lines(bytes) {
        if let Ok(record) = Record::read(line) {
            let id = record.id().to_string();
            if kinds.insert(id, record.record_type().name()).is_some() {
                broken.insert("record-id-unique");
            }
            if let Record::Relation(relation) = record {
                relations.push(relation);
            }
        } else {
            let trace: TraceLine = serde_json::from_slice(line).unwrap();
            if !traced.insert(trace.id.to_string()) {
                broken.insert("trace-owner");
            }
        }
    }
    if traced.iter().any(|id| kinds.get(id) != Some(&"article")) {
        broken.insert("trace-owner");
    }
    provenance_rules(bytes, broken);
    let mut orders: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for relation in &relations {
        let kind = ORDERS
            .iter()
            .find(|kind| serde_json::to_value(relation.relation).unwrap() == **kind);
        if let (Some(kind), Some(to)) = (kind, &relation.to) {
            let order = orders.entry(kind).or_default();
            order.insert((relation.from.as_str(), to.as_str()));
        }
    }
    if orders.into_values().any(leads_back) {
        broken.insert("relation-acyclic");
    }
    for relation in &relations {
        for end in [Some(&relation.from), relation.to.as_ref()]
            .into_iter()
            .flatten()
        {
            if kinds
                .get(end.as_str())
                .is_none_or(|kind| *kind == "relation")
            {
                broken.insert("relation-resolves");
            }
        }
    }
}

/// The files of a ledger, where all its lines are as they should be.
pub(crate) fn ledger(lines: &[String]) -> Option<BTreeMap<String, FileLine>> {
    let mut files: Vec<FileLine> = Vec::new();
    let mut refusals: Vec<RefusalLine> = Vec::new();
    for (number, text) in lines.iter().enumerate() {
        let tape = Tape::parse(text.as_bytes()).ok()?;
        if !Schema::named("ledger")
            .unwrap()
            .validate(tape.root())
            .is_empty()
        {
            return None;
        }
        let line: LedgerLine = serde_json::from_str(text).ok()?;
        if serde_json::to_string(&line).ok()? != *text {
            return None;
        }
        match line {
            LedgerLine::File(line) => files.push(line),
            LedgerLine::Refusal(line) => {
                if files.last()?.path != line.path {
                    return None;
                }
                refusals.push(line);
            }
            LedgerLine::Withdrawn(_) => {
                if number + 1 < lines.len() {
                    return None;
                }
            }
        }
    }
    let key = |line: &RefusalLine| {
        (
            line.path.clone(),
            line.offset,
            line.length,
            line.code.clone(),
        )
    };
    let in_order = files.is_sorted_by(|a, b| a.path < b.path) && refusals.is_sorted_by_key(key);
    let adds_up = files.iter().all(|file| {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut own = refusals.iter().filter(|line| line.path == file.path);
        let whole = own.all(|line| {
            *counts.entry(line.code.clone()).or_default() += 1;
            line.offset + line.length <= file.bytes
        });
        let refused: u64 = counts.values().sum();
        whole
            && counts == file.refused
            && file.items == file.records + file.superseded + refused
            && file.records == file.reader.values().sum::<u64>()
            && (file.kind != Kind::Notes || file.items == 0)
            && (refused == 0 || counts.get("item-withdrawn") != Some(&file.items))
    });
    let by_path = files.into_iter().map(|file| (file.path.clone(), file));
    (in_order && adds_up).then(|| by_path.collect())
}

/// The values of an article that its trace is to name, by their pointers.
fn traced_values(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    let judged = at.starts_with("/links/") && at.ends_with("/relation")
        || at.starts_with("/article/authors/") && at.ends_with("/role")
        || at.starts_with("/content/embeds/") && at.ends_with("/kind");
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                traced_values(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) if at != "/article/keywords" => {
            for (index, value) in items.iter().enumerate() {
                traced_values(value, &format!("{at}/{index}"), found);
            }
        }
        _ if judged => {}
        _ => {
            found.insert(at.to_owned());
        }
    }
}

/// Articles held to their traces, and to the withdrawals beside them.
fn provenance_rules(bytes: &[u8], broken: &mut BTreeSet<&'static str>) {
    let values = lines(bytes)
        .into_iter()
        .map(|line| serde_json::from_slice(line).unwrap());
    let (traces, records): (Vec<Value>, Vec<Value>) =
        values.partition(|value: &Value| value.get("trace").is_some());
    let of = |kind: &'static str| records.iter().filter(move |record| record["type"] == kind);
    for article in of("article") {
        let trace = traces.iter().find(|trace| trace["id"] == article["id"]);
        if trace.is_none() && !traces.is_empty() {
            broken.insert("trace-complete");
        }
        if let Some(trace) = trace {
            let mut values = BTreeSet::new();
            for part in ["source", "fetch", "article", "links", "rights", "content"] {
                if let Some(value) = article.get(part) {
                    traced_values(value, &format!("/{part}"), &mut values);
                }
            }
            let fields = trace["trace"]["fields"].as_array().into_iter().flatten();
            let fields: BTreeSet<_> = fields
                .map(|field| field["pointer"].as_str().unwrap().to_owned())
                .collect();
            let withheld = article.get("content").is_none() && article.get("text_digest").is_some();
            if fields
                .difference(&values)
                .any(|at| !withheld || !at.starts_with("/content/"))
            {
                broken.insert("trace-field-exists");
            }
            if values.difference(&fields).next().is_some() {
                broken.insert("trace-fields-complete");
            }
        }
        let url = article["source"]["url"].as_str().and_then(url_digest);
        for withdrawal in of("withdrawal") {
            let raw = withdrawal.get("raw_digest");
            let urls = withdrawal["url_digests"].as_array().into_iter().flatten();
            let known =
                url.is_some_and(|url| urls.into_iter().any(|known| *known == url.to_string()));
            if raw == Some(&article["raw"]["digest"]) || known {
                broken.insert("withdrawal-refused");
            }
        }
    }
}

//! A small corpus with nothing wrong in it, to be spoilt.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::check::{Options, check_corpus};
use crate::corpus::{Container, Corpus, Part, ShardName};
use crate::diagnostic::{Report, codes};
use crate::digest::Digest;
use crate::dump::{self, InputEntry, Kind};
use crate::manifest::named::Profiles;
use crate::manifest::sshsig::sign;
use crate::manifest::{Records, samples};
use crate::record::{Article, Record};
use crate::release::{Entry, Summariser};
use crate::trace::TraceLine;

/// The raw item of every article: a header, a headline, an empty line, a text.
pub(super) const RAW: &str =
    "https://example.com/rain\nRain ends the drought\n\nIt rained in Été. At last.\n";

/// An article made of [`RAW`], its digests set.
pub(super) fn article(id: &str) -> Value {
    let all = json!({
        "format": "dateline/1", "type": "article", "id": id,
        "source": {"domain": "example.com", "url": "https://example.com/rain"},
        "raw": {
            "digest": Digest::of(RAW.as_bytes()).to_string(), "bytes": RAW.len(),
            "media_type": "text/plain", "encoding": "utf-8",
        },
        "article": {"headline": "Rain ends the drought"},
        "absent": {
            "authors": "not_in_dump", "published": "not_in_dump", "language": "not_found",
            "fetch_time": "not_in_dump",
        },
        "content": {"text": "It rained in Été. At last."},
    });
    sealed(all)
}

/// The article with the digests that its content gives.
pub(super) fn sealed(article: Value) -> Value {
    let mut article: Article = serde_json::from_value(article).unwrap();
    article.seal_content().unwrap();
    serde_json::to_value(&article).unwrap()
}

/// The trace of [`article`].
pub(super) fn trace(id: &str) -> Value {
    let at = |text: &str| {
        let start = RAW.find(text).unwrap();
        json!([[[start, start + text.len()]]])
    };
    let url = "https://example.com/rain";
    let text = "It rained in Été. At last.";
    let length = RAW.len();
    json!({"id": id, "trace": {
        "profile": {"id": "general-test", "version": 1},
        "bytes": length,
        "locations": [{"path": "rain.txt", "offset": 0, "length": length}],
        "fields": [
            {"pointer": "/article/headline", "spans": at("Rain ends the drought")},
            {"pointer": "/content/text", "spans": at(text)},
            {"pointer": "/source/domain", "from": "/source/url", "via": ["url-host"]},
            {"pointer": "/source/url", "spans": at(url)},
        ],
        "dropped": [
            {"label": "whitespace", "spans": [[24, 25], [46, 48], [length - 1, length]]},
        ],
    }})
}

/// A relation of this name between two records, its id derived.
pub(super) fn relation(name: &str, from: &str, to: &str) -> Value {
    with_id(json!({
        "format": "dateline/1", "type": "relation", "id": "rel-0", "relation": name,
        "class": "asserted", "from": from, "to": to, "method": "link/1",
    }))
}

/// The relation with the id that its parts give.
pub(super) fn with_id(mut relation: Value) -> Value {
    let read: crate::record::Relation = serde_json::from_value(relation.clone()).unwrap();
    relation["id"] = json!(read.derived_id().unwrap());
    relation
}

pub(super) fn withdrawal(id: &str, reason: &str) -> Value {
    json!({
        "format": "dateline/1", "type": "withdrawal", "id": id,
        "was": Digest::of(b"").to_string(), "reason": reason, "date": "2022-03-01",
    })
}

/// A corpus in a folder of its own.
pub(super) struct Sample {
    folder: tempfile::TempDir,
    pub(super) records: Vec<Value>,
    pub(super) traces: Vec<Value>,
    pub(super) relations: Vec<Value>,
    pub(super) withdrawals: Vec<Value>,
}

impl Sample {
    /// Two articles of one raw item, with their traces.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("raw")).unwrap();
        std::fs::write(folder.path().join("raw/rain.txt"), RAW).unwrap();
        Self {
            folder,
            records: vec![article("art-1"), article("art-2")],
            traces: vec![trace("art-1"), trace("art-2")],
            relations: Vec::new(),
            withdrawals: Vec::new(),
        }
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    pub(super) fn raw(&self) -> PathBuf {
        self.folder.path().join("raw")
    }

    /// Writes the corpus, each part in one shard.
    pub(super) fn write(&self) -> &Self {
        for (part, lines) in [
            (Part::Records, &self.records),
            (Part::Traces, &self.traces),
            (Part::Relations, &self.relations),
            (Part::Withdrawals, &self.withdrawals),
        ] {
            if !lines.is_empty() {
                self.shard(part, 0, &text(lines));
            }
        }
        let ledger = self.ledger();
        if !ledger.is_empty() {
            self.shard(Part::Inputs, 0, &ledger);
        }
        self
    }

    /// A ledger that has all that the traces name, as far as they are traces.
    pub(super) fn ledger(&self) -> Vec<u8> {
        let mut files: BTreeMap<String, InputEntry> = BTreeMap::new();
        for trace in &self.traces {
            let locations = trace.pointer("/trace/locations").and_then(Value::as_array);
            for location in locations.into_iter().flatten() {
                let (Some(path), Some(offset), Some(length)) = (
                    location["path"].as_str(),
                    location["offset"].as_u64(),
                    location["length"].as_u64(),
                ) else {
                    continue;
                };
                let raw = std::fs::read(self.raw().join(path)).ok();
                let digest = Digest::of(raw.as_deref().unwrap_or(RAW.as_bytes()));
                let size = raw.map_or(0, |raw| u64::try_from(raw.len()).unwrap());
                let entry = files.entry(path.to_owned()).or_insert_with(|| InputEntry {
                    path: path.to_owned(),
                    bytes: size,
                    digest,
                    kind: Kind::Text,
                    reader: BTreeMap::new(),
                    items: 0,
                    records: 0,
                    superseded: 0,
                    refused: Vec::new(),
                });
                if size == 0 {
                    entry.bytes = entry.bytes.max(offset + length);
                }
                entry.count_record("general-test");
            }
        }
        let lines = files.values().flat_map(InputEntry::lines);
        lines
            .flat_map(|line| [line.spell(), b"\n".to_vec()].concat())
            .collect()
    }

    /// Writes a shard of these bytes.
    pub(super) fn shard(&self, part: Part, index: u32, bytes: &[u8]) -> PathBuf {
        let name = ShardName::new(part, index, &Digest::of(bytes), Container::Plain);
        let path = self.root().join(name.to_string());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Writes release 1 of the records: its entries and its manifest.
    pub(super) fn release(&self) -> PathBuf {
        let all = [&self.records, &self.relations, &self.withdrawals];
        let mut entries: Vec<Entry> = all
            .into_iter()
            .flatten()
            .map(|line| {
                let record = Record::read(line.to_string().as_bytes()).unwrap();
                Entry {
                    id: record.id().clone(),
                    kind: record.record_type(),
                    digest: record.digest().unwrap(),
                }
            })
            .collect();
        entries.sort();
        let mut listing = Summariser::new();
        let lines: Vec<String> = entries
            .iter()
            .map(|entry| listing.push(entry).unwrap())
            .collect();
        let listing = listing.finish();
        let mut manifest = samples::manifest();
        manifest.predicate.release = 1;
        manifest.predicate.previous = None;
        let named = self.traces.iter().filter_map(|line| {
            serde_json::from_value::<TraceLine>(line.clone())
                .ok()
                .map(|line| line.trace.profile)
        });
        let mut profiles = Profiles::default();
        named.for_each(|profile| profiles.add(profile));
        manifest.predicate.profiles = profiles.list();
        manifest.predicate.records = Records {
            article: listing.counts.article,
            relation: listing.counts.relation,
            withdrawal: listing.counts.withdrawal,
            size: listing.size,
            root: listing.root,
        };
        manifest.subject[0].digest.sha256 = listing.digest;
        let ledger = self.ledger();
        manifest.subject[2].digest.sha256 = Digest::of(&ledger);
        let folder = self.root().join("releases/1");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("entries.txt"), lines.concat()).unwrap();
        std::fs::write(folder.join("inputs.jsonl"), ledger).unwrap();
        std::fs::write(folder.join("manifest.json"), manifest.to_bytes().unwrap()).unwrap();
        folder
    }

    /// Signs release 1.
    pub(super) fn sign(&self) -> PathBuf {
        let folder = self.root().join("releases/1");
        let manifest = std::fs::read(folder.join("manifest.json")).unwrap();
        let path = folder.join("manifest.json.sig");
        std::fs::write(&path, sign(&samples::key(), &manifest)).unwrap();
        path
    }

    /// Checks the corpus. That its articles are copies of each other is not said.
    pub(super) fn check(&self, options: &Options) -> Report {
        let mut options = options.clone();
        options.allow.push(codes::TEXT_DUPLICATE);
        self.check_all(&options)
    }

    /// Checks the corpus, copies too.
    pub(super) fn check_all(&self, options: &Options) -> Report {
        check_corpus(&Corpus::open(self.root()).unwrap(), options).unwrap()
    }

    pub(super) fn check_with_raw(&self) -> Report {
        self.check(&Options {
            raw: dump::inputs(&[self.raw()]).unwrap(),
            ..Options::default()
        })
    }

    /// `code file:line pointer` of each diagnostic, in order.
    pub(super) fn shown(&self, report: &Report) -> Vec<String> {
        shown(report, &self.root())
    }
}

fn shown(report: &Report, root: &Path) -> Vec<String> {
    let one = |found: &&crate::diagnostic::Diagnostic| {
        let place = &found.place;
        let file = Path::new(&place.file)
            .strip_prefix(root)
            .unwrap_or(Path::new(&place.file));
        let folder = file.iter().next().unwrap_or_default().to_string_lossy();
        let line = place
            .line
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        let pointer = place
            .pointer
            .as_ref()
            .map(|pointer| format!(" {pointer}"))
            .unwrap_or_default();
        format!("{} {folder}{line}{pointer}", found.code)
    };
    report.diagnostics().iter().map(one).collect()
}

/// Lines, each ended.
pub(super) fn text(lines: &[Value]) -> Vec<u8> {
    lines
        .iter()
        .flat_map(|line| format!("{line}\n").into_bytes())
        .collect()
}

/// The value with the one at `pointer` set, or taken away.
pub(super) fn edit(mut value: Value, pointer: &str, new: Option<Value>) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap();
    match (parent, new) {
        (Value::Object(map), Some(new)) => {
            map.insert(key.to_owned(), new);
        }
        (Value::Object(map), None) => {
            let map: &mut Map<String, Value> = map;
            map.remove(key);
        }
        (Value::Array(list), Some(new)) => list[key.parse::<usize>().unwrap()] = new,
        (Value::Array(list), None) => {
            list.remove(key.parse().unwrap());
        }
        _ => panic!("{pointer}"),
    }
    value
}

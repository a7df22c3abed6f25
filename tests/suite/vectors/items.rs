//! Items that are opened through layers and replayed with their contexts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dateline::digest::Digest;
use dateline::dump::{OpenError, Opener};
use dateline::trace::{Bytes, ContextName, Location, Replay, Sources, Trace, coverage};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

use super::vectors;

#[derive(Deserialize)]
struct Case {
    files: BTreeMap<String, String>,
    raw: Raw,
    trace: Trace,
    values: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    error: bool,
}

#[derive(Deserialize)]
struct Raw {
    digest: Digest,
    bytes: u64,
    encoding: String,
}

/// What a replay of the case gives, or why it fails.
fn replayed(case: &Case, folder: &Path) -> Result<BTreeMap<String, Value>, String> {
    let opener = Opener::new();
    let read = |location: &Location| opener.read(&folder.join(&location.path), location);
    let said = |error: OpenError| error.to_string();
    let trace = &case.trace;
    let mut item = None;
    for location in &trace.locations {
        let bytes = read(location).map_err(said)?;
        if Digest::of(&bytes) != case.raw.digest {
            return Err("the bytes are others".to_owned());
        }
        item = item.or(Some(bytes));
    }
    let item = item.ok_or("no location")?;
    assert_eq!(case.raw.bytes, trace.bytes);
    let mut contexts: Vec<(ContextName, Vec<u8>, String)> = Vec::new();
    for context in &trace.contexts {
        let bytes = match &context.location {
            Some(location) => read(location).map_err(said)?,
            None => trace.locations[0].path.clone().into_bytes(),
        };
        if u64::try_from(bytes.len()).unwrap() != context.bytes {
            return Err("a context has other bytes".to_owned());
        }
        let encoding = context.encoding.clone().unwrap_or("utf-8".to_owned());
        contexts.push((context.name, bytes, encoding));
    }
    let contexts: Vec<_> = contexts
        .iter()
        .map(|(name, bytes, encoding)| (*name, Bytes { bytes, encoding }))
        .collect();
    let sources = Sources {
        item: Bytes {
            bytes: &item,
            encoding: &case.raw.encoding,
        },
        contexts: &contexts,
    };
    let mut replay = Replay::new(&trace.fields, sources);
    let mut values = BTreeMap::new();
    for field in &trace.fields {
        let value = replay.value(field).map_err(|error| error.to_string())?;
        values.insert(field.value.to_string(), Value::from(value));
    }
    Ok(values)
}

/// Shows `trace-locations`, `trace-context-bytes` and `trace-replay` from the bytes of files on.
#[test]
fn items_are_opened_and_replayed() {
    let mut replays = 0;
    for vector in vectors("items") {
        let path = vector.path.display().to_string();
        let case: Case = serde_json::from_slice(&vector.bytes).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &case.files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, STANDARD.decode(bytes).unwrap()).unwrap();
        }
        let found = replayed(&case, folder.path());
        let rows = path.contains("parquet");
        if rows {
            // No layer reads rows yet.
            assert!(found.unwrap_err().contains("parquet"), "{path}");
        } else if case.error {
            let differs = found.is_ok() && found.as_ref().ok() != case.values.as_ref();
            assert!(found.is_err() || differs, "{path}");
        } else {
            assert_eq!(found.ok(), case.values, "{path}");
            assert_eq!(coverage(&case.trace), [], "{path}");
            replays += 1;
        }
    }
    assert!(replays >= 14, "{replays}");
}

//! What is timed, on bytes in memory: one function a loop.
//!
//! Each gives a number that depends on all it did, so that nothing is left out by the compiler.

use std::error::Error;

use dateline::digest::Digest;
use dateline::json::{Tape, canonical};
use dateline::record::text_v1;
use dateline::schema::Schema;
use jsonschema::{Draft, PatternOptions, Registry, Validator};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A loop over the lines of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loop {
    /// SHA-256 of all of it: what everything is measured by.
    Sha,
    /// The strict parse.
    Tape,
    /// The strict parse, schema and formats.
    Accept,
    /// The digest of the content's canonical form, from the tape.
    Content,
    /// The form `text-v1` of the text, from the tape.
    Text,
    /// `serde_json` to `Value`, and the `jsonschema` crate on that.
    Value,
}

impl Loop {
    /// Every loop.
    pub(crate) const ALL: [Self; 6] = [
        Self::Sha,
        Self::Tape,
        Self::Accept,
        Self::Content,
        Self::Text,
        Self::Value,
    ];

    /// Its name on the command line and in tables.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sha => "sha256",
            Self::Tape => "tape",
            Self::Accept => "tape + schema + formats",
            Self::Content => "tape + content digest",
            Self::Text => "tape + text-v1",
            Self::Value => "serde_json + jsonschema",
        }
    }

    /// Runs it once over `bytes`.
    pub(crate) fn run(self, bytes: &[u8]) -> Result<u64, Box<dyn Error>> {
        if self == Self::Sha {
            return Ok(u64::from(first(&Sha256::digest(bytes))));
        }
        let reference = (self == Self::Value).then(validator).transpose()?;
        let schema = Schema::named("article").ok_or("there is a schema of articles")?;
        let mut sum = 0_u64;
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let line = bytes.get(start..end).unwrap_or_default();
            start = end + 1;
            if let Some(reference) = &reference {
                let value: Value = serde_json::from_slice(line)?;
                sum += u64::from(reference.is_valid(&value));
                continue;
            }
            let tape = Tape::parse(line)?;
            let root = tape.root();
            sum += match self {
                Self::Accept => u64::from(schema.accepts(root)),
                Self::Content => {
                    let content = root.get("content").ok_or("content")?;
                    let mut form = Vec::with_capacity(content.raw().len());
                    canonical::write(content, &mut form);
                    u64::from(first(Digest::of(&form).as_bytes()))
                }
                Self::Text => {
                    let text = root.get("content").and_then(|content| content.get("text"));
                    let text = text.and_then(|text| text.as_str()).ok_or("text")?;
                    u64::try_from(text_v1(&text).len())?
                }
                Self::Tape | Self::Sha | Self::Value => u64::try_from(root.len())?,
            };
        }
        Ok(sum)
    }
}

/// The schema of articles compiled for `Value`, with the options that dateline compiles it with.
fn validator() -> Result<Validator, Box<dyn Error>> {
    let mut schemas = Vec::new();
    for schema in Schema::all() {
        schemas.push((schema.id(), serde_json::from_str::<Value>(schema.text())?));
    }
    let article = Schema::named("article").ok_or("there is a schema of articles")?;
    let registry = Registry::new()
        .draft(Draft::Draft202012)
        .extend(schemas)?
        .prepare()?;
    Ok(jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_registry(&registry)
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .build(&serde_json::from_str(article.text())?)
        .map_err(|error| error.to_string())?)
}

fn first(digest: &[u8]) -> u8 {
    digest.first().copied().unwrap_or_default()
}

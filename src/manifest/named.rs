//! What a statement names beside its lists: the schemas of the format, and the profiles of the traces
//! (`spec/manifest.md`, "The manifest").

use std::collections::BTreeSet;

use super::statement::SchemaRef;
use crate::digest::Digest;
use crate::schema::Schema;
use crate::trace::ProfileRef;

/// The schemas that the lines of records, traces and ledger match.
const SCHEMAS: [&str; 5] = ["article", "ledger", "relation", "trace", "withdrawal"];
/// The version of each of them.
const SCHEMA_VERSION: u64 = 1;

/// The schemas that every manifest of this version names, in order.
pub(crate) fn schemas() -> Vec<SchemaRef> {
    SCHEMAS
        .iter()
        .filter_map(|name| Schema::named(name))
        .map(|schema| SchemaRef {
            name: schema.name().to_owned(),
            version: SCHEMA_VERSION,
            digest: Digest::of(schema.text().as_bytes()),
        })
        .collect()
}

/// How the schemas that a manifest names are not those of the format; nothing where they are.
pub(crate) fn unlike_schemas(said: &[SchemaRef]) -> Option<String> {
    let expected = schemas();
    let mut wrong = Vec::new();
    for schema in &expected {
        match said.iter().find(|said| said.name == schema.name) {
            None => wrong.push(format!("it does not name the schema `{}`", schema.name)),
            Some(said) if said.version != schema.version => wrong.push(format!(
                "it names version {} of the schema `{}`, which is version {}",
                said.version, said.name, schema.version
            )),
            Some(said) if said.digest != schema.digest => wrong.push(format!(
                "it gives the schema `{}` the digest {}, which is {}",
                said.name, said.digest, schema.digest
            )),
            Some(_) => {}
        }
    }
    let unknown = |said: &&SchemaRef| !SCHEMAS.contains(&said.name.as_str());
    for said in said.iter().filter(unknown) {
        wrong.push(format!(
            "it names the schema `{}`, which is not one of the format",
            said.name
        ));
    }
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

/// The profiles that traces name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Profiles(BTreeSet<(String, u64, Option<Digest>)>);

/// How the profiles that a manifest names are not those of the traces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UnlikeProfiles {
    /// What is wrong for certain: a trace names what the manifest does not.
    pub(crate) wrong: Option<String>,
    /// What no trace that was seen names.
    pub(crate) unused: Option<String>,
}

impl Profiles {
    /// Takes the profile of a trace.
    pub(crate) fn add(&mut self, profile: ProfileRef) {
        self.0.insert((profile.id, profile.version, profile.digest));
    }

    /// Takes those of other traces.
    pub(crate) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// As a manifest lists them, in order.
    pub(crate) fn list(&self) -> Vec<ProfileRef> {
        self.0
            .iter()
            .map(|(id, version, digest)| ProfileRef {
                id: id.clone(),
                version: *version,
                digest: *digest,
            })
            .collect()
    }

    /// How those that a manifest names are not these.
    pub(crate) fn unlike(&self, said: &[ProfileRef]) -> UnlikeProfiles {
        let key = |said: &ProfileRef| (said.id.clone(), said.version, said.digest);
        let said: BTreeSet<_> = said.iter().map(key).collect();
        let listed = |some: Vec<String>, what: &str| {
            (!some.is_empty()).then(|| format!("{what} {}", some.join(", ")))
        };
        let wrong = self.0.difference(&said).map(shown).collect();
        let unused = said.difference(&self.0).map(shown).collect();
        UnlikeProfiles {
            wrong: listed(wrong, "the manifest does not name, and a trace does:"),
            unused: listed(unused, "the manifest names, and no trace does:"),
        }
    }
}

fn shown((id, version, digest): &(String, u64, Option<Digest>)) -> String {
    match digest {
        Some(digest) => format!("`{id}` version {version} ({digest})"),
        None => format!("`{id}` version {version}"),
    }
}

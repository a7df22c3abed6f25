//! Records by the names that people have for them: an id, the beginning of one, or a URL.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Line, ReadError};
use super::state::State;
use super::{Part, PathError};
use crate::json::{Node, Tape};
use crate::record::{Id, coarse_url, normalised_url};

/// How many records are listed where a name means several.
const LISTED: usize = 5;

/// Names of records, to be looked for.
///
/// A name with `://` is a URL, compared as it is normalised with every URL of an article: its own, the
/// canonical one, those it was fetched from; where none has it, in the form in which its spellings are equal.
/// Any other is an id, or the beginning of just one.
///
/// ```
/// use dateline::corpus::Names;
///
/// assert!(Names::parse(&["art-5f1c", "https://news.example/1"]).is_ok());
/// assert!(Names::parse(&["ftp://news.example/1"]).is_err());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Ids and beginnings of ids, with the place of the name.
    ids: BTreeMap<String, usize>,
    /// How long those are.
    lengths: BTreeSet<usize>,
    /// Normalised URLs.
    urls: BTreeMap<String, usize>,
    /// Their coarse forms.
    coarse: BTreeMap<String, usize>,
    /// The names as they were given, each once.
    given: Vec<String>,
}

/// A record that a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The name, as it was given.
    pub name: String,
    /// The record's id.
    pub id: Id,
    /// The part it lies in.
    pub part: Part,
}

/// Why names do not each mean one record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// A name is no id and no URL.
    #[error(
        "`{}` is neither an id, nor the beginning of one, nor an http or https URL",
        .0.escape_debug()
    )]
    NoName(String),
    /// No record has it.
    #[error("this corpus has no {} `{}`", one(.0), .0.escape_debug())]
    Unknown(String),
    /// Several have it.
    #[error("this corpus has {count} {} `{}`", several(.name), .name.escape_debug())]
    Several {
        /// The name.
        name: String,
        /// The ids of the first of them, in order.
        first: Vec<Id>,
        /// How many there are.
        count: usize,
    },
    /// A line has no id.
    #[error("{file}:{line}: no JSON object with an `id`")]
    NoId {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
    },
    /// A shard cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A shard lies outside the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
}

fn one(name: &str) -> &'static str {
    if is_url(name) {
        "record with the URL"
    } else {
        "id that is or begins with"
    }
}

fn several(name: &str) -> &'static str {
    if is_url(name) {
        "records with the URL"
    } else {
        "ids that begin with"
    }
}

fn is_url(name: &str) -> bool {
    name.contains("://")
}

/// What has been found for a name.
#[derive(Debug, Clone, Default)]
struct Hits {
    /// The record whose id is the name.
    exact: Option<(Id, Part)>,
    found: Counted,
    /// Those that have the URL in another spelling.
    spelled: Counted,
}

/// How many records, and the first of them.
#[derive(Debug, Clone, Default)]
struct Counted {
    first: Vec<(Id, Part)>,
    count: usize,
}

impl Counted {
    fn add(&mut self, id: &Id, part: Part) {
        self.count += 1;
        if self.first.len() < LISTED {
            self.first.push((id.clone(), part));
        }
    }
}

impl Names {
    /// Reads names; one that is given twice, or a URL in two spellings, counts once.
    ///
    /// # Errors
    ///
    /// [`NameError::NoName`].
    pub fn parse<S: AsRef<str>>(names: &[S]) -> Result<Self, NameError> {
        let mut parsed = Self::default();
        for name in names {
            let name = name.as_ref();
            let no_name = || NameError::NoName(name.to_owned());
            let (places, key) = if is_url(name) {
                let url = normalised_url(name).ok_or_else(no_name)?;
                (&mut parsed.urls, url)
            } else {
                name.parse::<Id>().map_err(|_| no_name())?;
                parsed.lengths.insert(name.len());
                (&mut parsed.ids, name.to_owned())
            };
            if let Entry::Vacant(place) = places.entry(key) {
                place.insert(parsed.given.len());
                if let Some(coarse) = coarse_url(name).filter(|_| is_url(name)) {
                    parsed.coarse.entry(coarse).or_insert(parsed.given.len());
                }
                parsed.given.push(name.to_owned());
            }
        }
        Ok(parsed)
    }

    /// The record that each name means, in the order in which they were given, in one pass over `parts`
    /// of a state.
    ///
    /// # Errors
    ///
    /// [`NameError`]: the first name that means none or several.
    pub fn find(&self, state: &State, parts: &[Part]) -> Result<Vec<Match>, NameError> {
        self.find_among(state, parts, |_, _| true)
    }

    /// As [`Names::find`], among the lines that are taken; of others nothing is looked at.
    ///
    /// # Errors
    ///
    /// [`NameError`]: the first name that means none or several.
    pub fn find_among(
        &self,
        state: &State,
        parts: &[Part],
        mut admits: impl FnMut(&Line, Part) -> bool,
    ) -> Result<Vec<Match>, NameError> {
        let mut hits = vec![Hits::default(); self.given.len()];
        for &part in parts {
            for line in state.lines(part)? {
                let line = line?;
                if !admits(&line, part) {
                    continue;
                }
                let no_id = || NameError::NoId {
                    file: line.file.to_string(),
                    line: line.number,
                };
                let tape = Tape::parse(line.bytes.trim_ascii_end()).map_err(|_| no_id())?;
                let id = tape.root().get("id").and_then(|id| id.as_str());
                let id: Id = id.and_then(|id| id.parse().ok()).ok_or_else(no_id)?;
                self.look(&id, tape.root(), part, &mut hits);
            }
        }
        let found = self.given.iter().zip(hits);
        found.map(|(name, hits)| hits.one(name)).collect()
    }

    fn look(&self, id: &Id, record: Node<'_>, part: Part, hits: &mut [Hits]) {
        let mut hit = |place: usize, exact: bool| {
            let Some(hits) = hits.get_mut(place) else {
                return;
            };
            if exact {
                hits.exact = Some((id.clone(), part));
            }
            hits.found.add(id, part);
        };
        let text = id.as_str();
        for &length in &self.lengths {
            if let Some(&place) = text.get(..length).and_then(|name| self.ids.get(name)) {
                hit(place, length == text.len());
            }
        }
        if self.urls.is_empty() || part != Part::Records {
            return;
        }
        let url = |object: &str, key: &str| {
            let value = record.get(object)?.get(key)?.as_str()?;
            Some(value.into_owned())
        };
        let urls: BTreeSet<String> = [
            ("source", "url"),
            ("source", "canonical_url"),
            ("fetch", "url"),
            ("fetch", "final_url"),
        ]
        .into_iter()
        .filter_map(|(object, key)| url(object, key))
        .collect();
        let places = |names: &BTreeMap<String, usize>, form: fn(&str) -> Option<String>| {
            let places = urls
                .iter()
                .filter_map(|url| names.get(&form(url)?).copied());
            places.collect::<BTreeSet<usize>>()
        };
        for place in places(&self.urls, normalised_url) {
            hit(place, false);
        }
        for place in places(&self.coarse, coarse_url) {
            if let Some(hits) = hits.get_mut(place) {
                hits.spelled.add(id, part);
            }
        }
    }
}

impl Hits {
    fn one(self, name: &str) -> Result<Match, NameError> {
        let name = name.to_owned();
        let single = |(id, part): (Id, Part)| {
            Ok(Match {
                name: name.clone(),
                id,
                part,
            })
        };
        if let Some(exact) = self.exact {
            return single(exact);
        }
        let found = if self.found.count > 0 {
            self.found
        } else {
            self.spelled
        };
        let mut first = found.first;
        match (found.count, first.pop()) {
            (1, Some(only)) => single(only),
            (0, _) | (_, None) => Err(NameError::Unknown(name)),
            (count, Some(last)) => {
                first.push(last);
                Err(NameError::Several {
                    name,
                    first: first.into_iter().map(|(id, _)| id).collect(),
                    count,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{NameError, Names};
    use crate::corpus::{Corpus, Part, WriteOptions, Writer};

    const PARTS: [Part; 2] = [Part::Records, Part::Withdrawals];

    #[test]
    fn a_name_means_one_record() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
        let mut part = writer.part(Part::Records);
        for (id, url) in [
            ("art-1", "https://e.example/1"),
            ("art-12", "https://e.example/2"),
            ("art-13", "HTTPS://E.example:443/2#top"),
        ] {
            let line = format!(r#"{{"id":"{id}","source":{{"url":"{url}"}}}}"#);
            part.push(id, line.as_bytes()).unwrap();
        }
        writer.set(part.finish().unwrap());
        let mut part = writer.part(Part::Withdrawals);
        part.push("art-2", br#"{"id":"art-2"}"#).unwrap();
        writer.set(part.finish().unwrap());
        writer.commit().unwrap();
        let state = Corpus::open(folder.path()).unwrap().working().unwrap();
        let find = |names: &[&str]| Names::parse(names)?.find(&state, &PARTS);
        let ids = |names: &[&str]| -> Vec<String> {
            let found = find(names).unwrap().into_iter();
            found.map(|found| found.id.to_string()).collect()
        };
        // The whole id wins over those that it begins.
        assert_eq!(ids(&["art-1"]), ["art-1"]);
        assert_eq!(ids(&["art-2", "art-13", "art-2"]), ["art-2", "art-13"]);
        assert_eq!(ids(&["https://e.example/1#a"]), ["art-1"]);
        let twice = ["https://e.example/1", "https://e.example/1", "art-13"];
        assert_eq!(ids(&twice), ["art-1", "art-13"]);
        let spelled = ["https://e.example/1#a", "https://e.example/1#b"];
        assert_eq!(ids(&spelled), ["art-1"]);
        assert_eq!(ids(&["http://www.e.example/1/?utm_source=x"]), ["art-1"]);
        let said = |names: &[&str]| find(names).unwrap_err().to_string();
        assert_eq!(
            said(&["art-3"]),
            "this corpus has no id that is or begins with `art-3`"
        );
        assert_eq!(
            said(&["art"]),
            "this corpus has 4 ids that begin with `art`"
        );
        assert_eq!(
            said(&["https://e.example/2"]),
            "this corpus has 2 records with the URL `https://e.example/2`"
        );
        assert_eq!(
            said(&["https://e.example/3"]),
            "this corpus has no record with the URL `https://e.example/3`"
        );
        assert!(matches!(find(&["a b"]), Err(NameError::NoName(_))));
    }
}

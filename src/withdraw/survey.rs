//! All lines of a part, parsed once each and on all cores, and what they have to do with what goes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

use super::replace::telling;
use super::{Gone, LineError, Plan, Request, WithdrawError};
use crate::corpus::{Part, State};
use crate::digest::Digest;
use crate::json::{Node, Tape};
use crate::record::{Id, Meeting, Misfit, Traits, url_digest, url_key};
use crate::trace::TraceLine;

/// An article that stays and is like one that goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lookalike {
    /// It.
    pub id: Id,
    /// The article that goes.
    pub of: Id,
    /// What they have in common.
    pub by: Meeting,
}

impl fmt::Display for Lookalike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.by.predicate(self.of.as_str()))
    }
}

/// One line and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'l> {
    pub(super) file: &'l str,
    pub(super) number: u64,
    pub(super) bytes: &'l [u8],
}

pub(super) fn at(line: Line<'_>, source: LineError) -> WithdrawError {
    WithdrawError::Line {
        file: line.file.to_owned(),
        line: line.number,
        source,
    }
}

pub(super) fn string(node: Option<Node<'_>>) -> Option<String> {
    node?.as_str().map(Cow::into_owned)
}

/// Looks at every line of a part on all cores; gives what `look` made of them, in no order.
pub(super) fn each<T: Send>(
    state: &State,
    part: Part,
    look: impl Fn(Line<'_>, &Tape<'_>) -> Result<Option<T>, WithdrawError> + Sync,
) -> Result<Vec<T>, WithdrawError> {
    let found = state
        .chunks(part)?
        .par_bridge()
        .map(|chunk| {
            let chunk = chunk?;
            let mut found = Vec::new();
            for one in chunk.lines() {
                let line = Line {
                    file: &chunk.file,
                    number: one.number,
                    bytes: one.bytes,
                };
                if !one.ended {
                    return Err(at(line, LineError::Cut));
                }
                let tape = Tape::parse(one.bytes).map_err(|error| at(line, error.into()))?;
                found.extend(look(line, &tape)?);
            }
            Ok(found)
        })
        .try_reduce(Vec::new, |mut one, mut two| {
            one.append(&mut two);
            Ok(one)
        })?;
    Ok(found)
}

/// The ids of a part.
pub(super) fn ids(state: &State, part: Part) -> Result<BTreeSet<String>, WithdrawError> {
    let ids = each(state, part, |_, tape| Ok(string(tape.root().get("id"))))?;
    Ok(ids.into_iter().collect())
}

/// Counts the traces that go, and notes their shards and the items that they name.
pub(super) fn traces(state: &State, plan: &mut Plan) -> Result<(), WithdrawError> {
    let ids = &plan.ids;
    let found = each(state, Part::Traces, |line, tape| {
        let root = tape.root();
        if !string(root.get("id")).is_some_and(|id| ids.contains(id.as_str())) {
            return Ok(None);
        }
        let trace: TraceLine = serde_json::from_slice(line.bytes)
            .map_err(|error| at(line, LineError::Trace(Misfit::in_line(&error))))?;
        Ok(Some((line.file.to_owned(), trace.trace)))
    })?;
    for (file, trace) in found {
        plan.outcome.traces += 1;
        plan.touched.insert(file);
        for location in trace.locations {
            plan.outcome.paths.insert(location.path.clone());
            plan.items.push((location, trace.profile.id.clone()));
        }
    }
    Ok(())
}

/// Counts the relations that go, and notes their shards.
pub(super) fn relations(state: &State, plan: &mut Plan) -> Result<(), WithdrawError> {
    let ids = &plan.ids;
    let found = each(state, Part::Relations, |line, tape| {
        let root = tape.root();
        let goes = ["from", "to"]
            .into_iter()
            .any(|key| string(root.get(key)).is_some_and(|id| ids.contains(id.as_str())));
        Ok(goes.then(|| line.file.to_owned()))
    })?;
    for file in found {
        plan.outcome.relations += 1;
        plan.touched.insert(file);
    }
    Ok(())
}

/// What the articles that stay have to do with those that go.
pub(super) struct Likeness {
    pub(super) copies: Vec<Lookalike>,
    pub(super) links: Vec<(Id, Id)>,
    /// The digests of URLs, and of their coarse forms, that are no keys: several articles with other
    /// texts share them, or one that was decided to be distinct.
    pub(super) shared: BTreeSet<Digest>,
}

/// How many texts an address has, at least, that is one of many articles: of a home page, or a feed.
const MANY: usize = 3;

/// What is known of the articles that go.
struct Marks<'g> {
    raws: HashMap<Digest, &'g Id>,
    texts: HashMap<Digest, &'g Id>,
    urls: HashMap<Digest, &'g Id>,
    url_keys: HashMap<Digest, &'g Id>,
    /// The texts under each URL and coarse form.
    under: BTreeMap<Digest, BTreeSet<Option<Digest>>>,
}

/// An article that stays and has to do with one that goes.
struct Touch {
    id: Id,
    traits: Traits,
    links: BTreeSet<Id>,
}

/// Looks at every article that stays.
pub(super) fn records(
    state: &State,
    gone: &BTreeMap<Id, Gone>,
    request: &Request,
) -> Result<Likeness, WithdrawError> {
    let mut marks = Marks::of(gone);
    let mut touches = each(state, Part::Records, |line, tape| {
        let root = tape.root();
        let id = string(root.get("id")).ok_or_else(|| at(line, LineError::NoId))?;
        if gone.contains_key(id.as_str()) {
            return Ok(None);
        }
        Ok(id.parse().ok().and_then(|id| marks.touch(id, root)))
    })?;
    touches.sort_by(|one, two| one.id.cmp(&two.id));
    let mut likeness = Likeness {
        copies: Vec::new(),
        links: Vec::new(),
        shared: BTreeSet::new(),
    };
    for touch in &touches {
        let links = touch.links.iter();
        likeness
            .links
            .extend(links.map(|gone| (touch.id.clone(), gone.clone())));
        for digest in touch.traits.urls.iter().chain(&touch.traits.url_keys) {
            if let Some(texts) = marks.under.get_mut(digest) {
                texts.insert(touch.traits.text);
            }
            if request.distinct.contains(&touch.id) {
                likeness.shared.insert(*digest);
            }
        }
    }
    let many = marks.under.iter().filter(|(_, texts)| texts.len() >= MANY);
    likeness.shared.extend(many.map(|(digest, _)| *digest));
    if request.reason.is_keyless() {
        return Ok(likeness);
    }
    for touch in touches {
        if request.distinct.contains(&touch.id) {
            continue;
        }
        if let Some((of, by)) = marks.meets(&touch.traits, &likeness.shared) {
            likeness.copies.push(Lookalike {
                id: touch.id,
                of: of.clone(),
                by,
            });
        }
    }
    Ok(likeness)
}

impl<'g> Marks<'g> {
    fn of(gone: &'g BTreeMap<Id, Gone>) -> Self {
        let mut marks = Self {
            raws: HashMap::new(),
            texts: HashMap::new(),
            urls: HashMap::new(),
            url_keys: HashMap::new(),
            under: BTreeMap::new(),
        };
        for (id, Gone { article, .. }) in gone {
            let traits = Traits::of(article);
            for digest in traits.urls.iter().chain(&traits.url_keys) {
                marks.under.entry(*digest).or_default().insert(traits.text);
            }
            let text = telling(article, &traits);
            for (all, digests) in [
                (&mut marks.raws, traits.raw.as_slice()),
                (&mut marks.texts, text.as_slice()),
                (&mut marks.urls, &traits.urls),
                (&mut marks.url_keys, &traits.url_keys),
            ] {
                for digest in digests {
                    all.entry(*digest).or_insert(id);
                }
            }
        }
        marks
    }

    /// What an article has to do with those that go; none where nothing.
    fn touch(&self, id: Id, root: Node<'_>) -> Option<Touch> {
        let traits = Traits::read(root);
        let mut links = BTreeSet::new();
        if !self.urls.is_empty() {
            let list = root
                .get("links")
                .into_iter()
                .flat_map(|links| links.items());
            for link in list {
                let url = link.get("url").and_then(|url| url.as_str());
                let target = url.and_then(|url| {
                    let exact = url_digest(&url).and_then(|digest| self.urls.get(&digest));
                    let coarse = || self.url_keys.get(&url_key(&url)?);
                    exact.or_else(coarse)
                });
                links.extend(target.map(|id| (*id).clone()));
            }
        }
        let like = self.meets(&traits, &BTreeSet::new()).is_some();
        (like || !links.is_empty()).then_some(Touch { id, traits, links })
    }

    /// The article that goes which one that stays is like, and in what.
    fn meets(&self, traits: &Traits, shared: &BTreeSet<Digest>) -> Option<(&'g Id, Meeting)> {
        let find = |all: &HashMap<Digest, &'g Id>, digests: &[Digest]| {
            let mut own = digests.iter().filter(|digest| !shared.contains(*digest));
            own.find_map(|digest| all.get(digest).copied())
        };
        [
            (&self.raws, traits.raw.as_slice(), Meeting::Raw),
            (&self.urls, &traits.urls, Meeting::Url),
            (&self.texts, traits.text.as_slice(), Meeting::Text),
            (&self.url_keys, &traits.url_keys, Meeting::UrlKey),
        ]
        .into_iter()
        .find_map(|(all, digests, by)| Some((find(all, digests)?, by)))
    }
}

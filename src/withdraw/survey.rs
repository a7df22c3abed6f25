//! All lines of a part, and what they have to do with what goes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use super::replace::telling;
use super::{Gone, LineError, Plan, Request, WithdrawError};
use crate::corpus::pass::{self, Stored};
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

pub(super) fn at(line: Stored<'_>, source: LineError) -> WithdrawError {
    WithdrawError::Line {
        file: line.file.to_string(),
        line: line.line.number,
        source,
    }
}

pub(super) fn string(node: Option<Node<'_>>) -> Option<String> {
    node?.as_str().map(Cow::into_owned)
}

/// The values of a line.
pub(super) fn parsed(stored: Stored<'_>) -> Result<Tape<'_>, WithdrawError> {
    if !stored.line.ended {
        return Err(at(stored, LineError::Cut));
    }
    Tape::parse(stored.line.bytes).map_err(|error| at(stored, error.into()))
}

/// Looks at every line of a part, not parsed yet, on all threads; gives what `look` made of them, in order.
pub(super) fn lines<T>(
    state: &State,
    part: Part,
    look: impl Fn(Stored<'_>) -> Result<Option<T>, WithdrawError> + Sync,
) -> Result<Vec<T>, WithdrawError>
where
    T: Send,
{
    let mut all = Vec::new();
    let take = |one| {
        all.push(one);
        Ok(())
    };
    pass::lines(state.chunks(part)?, |stored| look(stored?), take)?;
    Ok(all)
}

/// The same of lines that are parsed, once each.
pub(super) fn each<T: Send>(
    state: &State,
    part: Part,
    look: impl Fn(Stored<'_>, Node<'_>) -> Result<Option<T>, WithdrawError> + Sync,
) -> Result<Vec<T>, WithdrawError> {
    lines(state, part, |line| look(line, parsed(line)?.root()))
}

/// The id of a record.
pub(super) fn id(line: Stored<'_>, root: Node<'_>) -> Result<String, WithdrawError> {
    string(root.get("id")).ok_or_else(|| at(line, LineError::NoId))
}

/// The ids of a part.
pub(super) fn ids(state: &State, part: Part) -> Result<BTreeSet<String>, WithdrawError> {
    let ids = each(state, part, |_, root| Ok(string(root.get("id"))))?;
    Ok(ids.into_iter().collect())
}

/// Counts the traces that go, and notes their shards and the items that they name.
pub(super) fn traces(state: &State, plan: &mut Plan) -> Result<(), WithdrawError> {
    let ids = &plan.ids;
    let found = each(state, Part::Traces, |line, root| {
        if !string(root.get("id")).is_some_and(|id| ids.contains(id.as_str())) {
            return Ok(None);
        }
        let trace: TraceLine = serde_json::from_slice(line.line.bytes)
            .map_err(|error| at(line, LineError::Trace(Misfit::in_line(&error))))?;
        Ok(Some((line.file.to_string(), trace.trace)))
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
    let found = each(state, Part::Relations, |line, root| {
        Ok(is_about(root, ids).then(|| line.file.to_string()))
    })?;
    for file in found {
        plan.outcome.relations += 1;
        plan.touched.insert(file);
    }
    Ok(())
}

/// Whether a relation is about one of these articles.
pub(super) fn is_about(relation: Node<'_>, ids: &BTreeSet<Id>) -> bool {
    ["from", "to"]
        .into_iter()
        .any(|key| string(relation.get(key)).is_some_and(|id| ids.contains(id.as_str())))
}

/// What the articles that stay have to do with those that go.
#[derive(Default)]
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
    let mut likeness = Likeness::default();
    if gone.is_empty() {
        return Ok(likeness);
    }
    let mut marks = Marks::of(gone);
    let mut touches = each(state, Part::Records, |line, root| {
        let id = id(line, root)?;
        if gone.contains_key(id.as_str()) {
            return Ok(None);
        }
        Ok(id.parse().ok().and_then(|id| marks.touch(id, root)))
    })?;
    touches.sort_by(|one, two| one.id.cmp(&two.id));
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

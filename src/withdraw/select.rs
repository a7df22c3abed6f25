//! Which articles are meant: by id, by the beginning of one, by URL, by domain.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::survey;
use super::{Gone, Request, WithdrawError};
use crate::corpus::{Corpus, Part, State, id_of};
use crate::json::Node;
use crate::record::{Domain, Id, Record, RecordType, Traits, coarse_url, hosts, normalised_url};

/// How many ids a message names.
const NAMED: usize = 5;

/// The articles that are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Ids, or beginnings of ids that only one article has.
    pub names: BTreeSet<String>,
    /// URLs: every article that has one of them, or, where none has it, that has one that differs
    /// from it only in its spelling.
    pub urls: BTreeSet<String>,
    /// Domains: every article of them and of their subdomains.
    pub domains: BTreeSet<Domain>,
}

impl Selection {
    /// The articles with these ids.
    #[must_use]
    pub fn ids<'i>(ids: impl IntoIterator<Item = &'i Id>) -> Self {
        Self {
            names: ids.into_iter().map(Id::to_string).collect(),
            ..Self::default()
        }
    }

    /// Whether nothing is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.urls.is_empty() && self.domains.is_empty()
    }
}

/// What was found of a selection.
pub(super) struct Selected {
    pub(super) gone: BTreeMap<Id, Gone>,
    /// URLs and domains that no article has.
    pub(super) unmatched: Vec<String>,
    /// The shards of records that hold what goes.
    pub(super) touched: BTreeSet<String>,
}

/// What a line is looked at for.
struct Wanted<'r> {
    /// Ids and beginnings.
    names: BTreeSet<&'r str>,
    /// Normalised URLs, and coarse forms behind `~`, each with the URLs as they were given: several
    /// spellings of one may be.
    urls: HashMap<String, Vec<&'r str>>,
    domains: &'r BTreeSet<Domain>,
}

/// Why a line is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// By an id or its beginning.
    Name(String),
    Url(String),
    Coarse(String),
    Domain(Domain),
}

/// One line that may be meant.
struct Hit {
    file: String,
    id: String,
    why: Vec<Why>,
    gone: Gone,
}

/// Finds what `request` means.
///
/// Of what is found, every line of the records is still to be parsed: where only ids are looked for, those of other
/// articles are not parsed here.
pub(super) fn find(
    corpus: &Corpus,
    state: &State,
    request: &Request,
) -> Result<Selected, WithdrawError> {
    match found(corpus, state, request, true) {
        Ok(found) if !found.gone.is_empty() => Ok(found),
        // Nobody reads on: what is wrong with a line comes first.
        Ok(_) | Err(_) => found(corpus, state, request, false),
    }
}

/// The same; `quick` where lines are to be parsed only as far as they are looked for.
fn found(
    corpus: &Corpus,
    state: &State,
    request: &Request,
    quick: bool,
) -> Result<Selected, WithdrawError> {
    let select = &request.select;
    let mut names = select.names.clone();
    // A copy of the corpus that goes, too; what is held is in no corpus.
    names.extend(request.also.iter().map(Id::to_string));
    let mut found = Selected {
        gone: BTreeMap::new(),
        unmatched: Vec::new(),
        touched: BTreeSet::new(),
    };
    if names.is_empty() && select.is_empty() {
        return Ok(found);
    }
    let wanted = Wanted::of(&names, select)?;
    let mut hits = wanted.hits(state, quick)?;
    let mut others = BTreeMap::new();
    for (part, kind) in [
        (Part::Relations, RecordType::Relation),
        (Part::Withdrawals, RecordType::Withdrawal),
    ] {
        let noted = survey::each(state, part, |line, root| {
            let id = survey::id(line, root)?;
            Ok(begun(&id, |begun| names.contains(begun))
                .is_some()
                .then_some((id, kind)))
        })?;
        others.extend(noted);
    }
    hits.sort_by(|one, two| one.id.cmp(&two.id));
    let lacks = |hits: &[Hit]| {
        let is_there = |name: &String| {
            let from = hits.partition_point(|hit| hit.id < *name);
            let next = hits.get(from);
            others.contains_key(name) || next.is_some_and(|hit| hit.id.starts_with(name.as_str()))
        };
        !names.iter().all(is_there) || !select.urls.is_empty() || !select.domains.is_empty()
    };
    // An edited dump that was built again gives articles other ids, and the release stays whole until
    // the next one.
    if lacks(&hits)
        && corpus.unsealed()?.is_some()
        && let Some(sealed) = corpus.sealed()?
    {
        let withdrawn = survey::ids(state, Part::Withdrawals)?;
        let more = wanted.hits(&sealed, false)?;
        let here: BTreeSet<String> = hits.iter().map(|hit| hit.id.clone()).collect();
        let new = |hit: &Hit| !here.contains(&hit.id) && !withdrawn.contains(&hit.id);
        hits.extend(more.into_iter().filter(new));
    }
    hits.sort_by(|one, two| one.id.cmp(&two.id));
    let meant = meant(&hits, &names, select, request, &others)?;
    found.unmatched = meant.unmatched;
    let mut touched = BTreeSet::new();
    for hit in hits {
        if meant.ids.contains(&hit.id) {
            touched.insert(hit.file);
            found.gone.insert(hit.gone.article.id.clone(), hit.gone);
        }
    }
    found.touched = touched;
    Ok(found)
}

/// The shortest beginning of an id that is one that is looked for.
fn begun(id: &str, is_wanted: impl Fn(&str) -> bool) -> Option<&str> {
    let mut begun = (1..=id.len()).filter_map(|end| id.get(..end));
    begun.find(|begun| is_wanted(begun))
}

/// The id that is meant by `name`, an id or the beginning of one, among the `ids` of the corpus; or an id that is whole,
/// of an item that is held.
pub(super) fn whole(name: &Id, ids: &BTreeSet<String>) -> Result<Id, WithdrawError> {
    let begun = || {
        let behind = ids.range(name.to_string()..);
        behind.take_while(|id| id.starts_with(name.as_str()))
    };
    let id = |id: &String| {
        id.parse()
            .map_err(|_| WithdrawError::NotWhole(name.clone()))
    };
    match (begun().next(), begun().nth(1)) {
        (Some(one), _) if one == name.as_str() => Ok(name.clone()),
        (Some(one), None) => id(one),
        (Some(_), Some(_)) => Err(WithdrawError::Ambiguous {
            name: name.to_string(),
            count: begun().count(),
            ids: begun().take(NAMED).map(id).collect::<Result<_, _>>()?,
        }),
        (None, _) if name.is_derived() => Ok(name.clone()),
        (None, _) => Err(WithdrawError::NotWhole(name.clone())),
    }
}

/// What of the hits is meant.
struct Meant {
    ids: BTreeSet<String>,
    unmatched: Vec<String>,
}

fn meant(
    hits: &[Hit],
    names: &BTreeSet<String>,
    select: &Selection,
    request: &Request,
    others: &BTreeMap<String, RecordType>,
) -> Result<Meant, WithdrawError> {
    let mut ids = BTreeSet::new();
    let mut of: BTreeMap<Option<RecordType>, Vec<String>> = BTreeMap::new();
    for name in names {
        // They are in order of their ids.
        let from = hits.partition_point(|hit| hit.id < *name);
        let behind = hits.iter().skip(from);
        let begun: Vec<&Hit> = behind
            .take_while(|hit| hit.id.starts_with(name.as_str()))
            .collect();
        if begun.iter().any(|hit| hit.id == *name) {
            ids.insert(name.clone());
        } else if others.contains_key(name) || begun.is_empty() {
            // The id of something that is held need not be in the corpus.
            if select.names.contains(name) || !request.also.contains(name.as_str()) {
                // The id itself is the first of those that begin with it.
                let first = others.range(name.clone()..).next();
                match first.filter(|(id, _)| id.starts_with(name.as_str())) {
                    Some((id, kind)) => of.entry(Some(*kind)).or_default().push(id.clone()),
                    None => of.entry(None).or_default().push(name.clone()),
                }
            }
        } else if let [one] = begun.as_slice() {
            ids.insert(one.id.clone());
        } else {
            return Err(WithdrawError::Ambiguous {
                name: name.clone(),
                count: begun.len(),
                ids: begun
                    .iter()
                    .take(NAMED)
                    .map(|hit| hit.gone.article.id.clone())
                    .collect(),
            });
        }
    }
    let mut take = |kind| of.remove(&kind);
    if let Some(unknown) = take(None) {
        return Err(WithdrawError::Unknown(unknown));
    }
    if let Some(already) = take(Some(RecordType::Withdrawal)) {
        return Err(WithdrawError::Already(already));
    }
    if let Some(relations) = take(Some(RecordType::Relation)) {
        return Err(WithdrawError::Relation(relations));
    }
    let mut by: BTreeMap<&Why, Vec<&str>> = BTreeMap::new();
    for hit in hits {
        for why in &hit.why {
            by.entry(why).or_default().push(&hit.id);
        }
    }
    let (mut urls, mut domains) = (Vec::new(), Vec::new());
    for url in &select.urls {
        let exact = by.get(&Why::Url(url.clone()));
        match exact.or_else(|| by.get(&Why::Coarse(url.clone()))) {
            Some(found) => ids.extend(found.iter().map(|id| (*id).to_owned())),
            None => urls.push(url.clone()),
        }
    }
    for domain in &select.domains {
        match by.get(&Why::Domain(domain.clone())) {
            Some(found) => ids.extend(found.iter().map(|id| (*id).to_owned())),
            None => domains.push(domain.to_string()),
        }
    }
    if ids.is_empty() && !(urls.is_empty() && domains.is_empty()) {
        return Err(WithdrawError::Unmatched { urls, domains });
    }
    let unmatched = [urls, domains].concat();
    Ok(Meant { ids, unmatched })
}

impl<'r> Wanted<'r> {
    fn of(names: &'r BTreeSet<String>, select: &'r Selection) -> Result<Self, WithdrawError> {
        let mut urls: HashMap<String, Vec<&str>> = HashMap::new();
        for url in &select.urls {
            let normal = normalised_url(url).ok_or_else(|| WithdrawError::Url(url.clone()))?;
            urls.entry(normal).or_default().push(url);
            if let Some(coarse) = coarse_url(url) {
                urls.entry(format!("~{coarse}")).or_default().push(url);
            }
        }
        Ok(Self {
            names: names.iter().map(String::as_str).collect(),
            urls,
            domains: &select.domains,
        })
    }

    /// The articles of a state that may be meant; of others, where it is to be `quick`, no more than the id is read.
    fn hits(&self, state: &State, quick: bool) -> Result<Vec<Hit>, WithdrawError> {
        let quick = quick && self.urls.is_empty() && self.domains.is_empty();
        survey::lines(state, Part::Records, |line| {
            let is_named = |id: String| self.name(&id).is_some();
            if quick && !id_of(line.line.bytes).is_some_and(is_named) {
                return Ok(None);
            }
            let tape = survey::parsed(line)?;
            let id = survey::id(line, tape.root())?;
            let why = self.why(&id, tape.root());
            if why.is_empty() {
                return Ok(None);
            }
            let record =
                Record::read(line.line.bytes).map_err(|error| survey::at(line, error.into()))?;
            let digest = record
                .digest()
                .map_err(|error| survey::at(line, error.into()))?;
            let Record::Article(article) = record else {
                return Ok(None);
            };
            Ok(Some(Hit {
                file: line.file.to_string(),
                id,
                why,
                gone: Gone { article, digest },
            }))
        })
    }

    /// The name that an id is, or begins with.
    fn name<'i>(&self, id: &'i str) -> Option<&'i str> {
        begun(id, |begun| self.names.contains(begun))
    }

    fn why(&self, id: &str, root: Node<'_>) -> Vec<Why> {
        let mut why = BTreeSet::new();
        why.extend(self.name(id).map(|name| Why::Name(name.to_owned())));
        if !self.urls.is_empty() || !self.domains.is_empty() {
            let urls = Traits::urls(root);
            for url in &urls {
                let known = |form: &str| {
                    let given = self.urls.get(form).into_iter().flatten();
                    given.map(|given| (*given).to_owned()).collect::<Vec<_>>()
                };
                if self.urls.is_empty() {
                    break;
                }
                why.extend(
                    normalised_url(url)
                        .into_iter()
                        .flat_map(|url| known(&url))
                        .map(Why::Url),
                );
                why.extend(
                    coarse_url(url)
                        .into_iter()
                        .flat_map(|coarse| known(&format!("~{coarse}")))
                        .map(Why::Coarse),
                );
            }
            if !self.domains.is_empty() {
                why.extend(self.domain(root));
            }
        }
        why.into_iter().collect()
    }

    /// The domains among those wanted that an article is of.
    fn domain(&self, root: Node<'_>) -> Vec<Why> {
        let Some(source) = root.get("source") else {
            return Vec::new();
        };
        let named = survey::string(source.get("domain"));
        let urls = ["url", "canonical_url"].map(|key| survey::string(source.get(key)));
        let urls = urls.iter().flatten().map(String::as_str);
        let wanted = |host: String| self.domains.iter().filter(move |domain| domain.has(&host));
        hosts(named.as_deref(), urls)
            .flat_map(wanted)
            .map(|domain| Why::Domain(domain.clone()))
            .collect()
    }
}

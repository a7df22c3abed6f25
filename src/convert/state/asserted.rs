//! Links in articles to the URLs of other articles.

use std::collections::{BTreeMap, HashMap};

use crate::json::Pointer;
use crate::json::canonical::CanonicalError;
use crate::record::{
    Article, Class, Evidence, EvidenceIn, Id, Relation, RelationKind, Stretch, Target,
    normalised_url,
};
use crate::trace::{Field, Reference, Trace};

/// The method named by the relations made here.
pub const METHOD: &str = "link/1";

/// Finds the `references` relations that links assert.
///
/// It takes in every article first, then gives all relations: what a link leads to may come later. A
/// URL that two articles have leads to neither, as it is not known which was meant. What it holds
/// grows with URLs and links, not with texts.
#[derive(Debug, Default)]
pub(super) struct Asserted {
    /// Who alone has a URL; none where two have it.
    owners: HashMap<String, Option<Id>>,
    /// Of each link its place among its article's links, and its evidence.
    links: HashMap<(Id, String), Vec<(usize, Evidence)>>,
}

impl Asserted {
    /// Takes in an article's URLs (its own, its canonical one, those it was fetched from) and its
    /// links, with their bytes in the raw item where the trace is known.
    pub(super) fn add(&mut self, article: &Article, trace: Option<&Trace>) {
        let source = article.source.as_ref();
        let fetch = article.fetch.as_ref();
        let urls = [
            source.and_then(|source| source.url.as_deref()),
            source.and_then(|source| source.canonical_url.as_deref()),
            fetch.and_then(|fetch| fetch.url.as_deref()),
            fetch.and_then(|fetch| fetch.final_url.as_deref()),
        ];
        for url in urls.into_iter().flatten().filter_map(normalised_url) {
            self.owners
                .entry(url)
                .and_modify(|owner| {
                    if owner.as_ref() != Some(&article.id) {
                        *owner = None;
                    }
                })
                .or_insert_with(|| Some(article.id.clone()));
        }
        for (index, link) in article.links.iter().enumerate() {
            if let Some(url) = normalised_url(&link.url) {
                let evidence = trace
                    .map(|trace| evidence(trace, index))
                    .unwrap_or_default();
                self.links
                    .entry((article.id.clone(), url))
                    .or_default()
                    .extend(evidence.into_iter().map(|evidence| (index, evidence)));
            }
        }
    }

    /// The relations, in order of their ids. An article's link to itself is none.
    ///
    /// # Errors
    ///
    /// None for records of these types; the signature is that of the canonical writer.
    pub(super) fn relations(self) -> Result<Vec<Relation>, CanonicalError> {
        let mut found: BTreeMap<Id, (Relation, Vec<(usize, Evidence)>)> = BTreeMap::new();
        for ((from, url), evidence) in self.links {
            let Some(Some(to)) = self
                .owners
                .get(&url)
                .filter(|to| to.as_ref() != Some(&from))
            else {
                continue;
            };
            let to = Target::Record(to.clone());
            let relation =
                Relation::new(from, RelationKind::References, to, Class::Asserted, METHOD)?;
            // Two URLs of one article are one relation with the evidence of both.
            found
                .entry(relation.id.clone())
                .or_insert_with(|| (relation, Vec::new()))
                .1
                .extend(evidence);
        }
        let relations = found.into_values().map(|(mut relation, mut evidence)| {
            evidence.sort_by_key(|(index, _)| *index);
            // An article that was taken in twice says the same twice.
            evidence.dedup();
            relation.evidence = evidence.into_iter().map(|(_, evidence)| evidence).collect();
            relation
        });
        Ok(relations.collect())
    }
}

/// Where the URL of the link at `index` stands in the raw item.
fn evidence(trace: &Trace, index: usize) -> Vec<Evidence> {
    let link = Reference::from(Pointer::default().key("links").index(index).key("url"));
    // Fields are in order of what they give.
    let place = trace
        .fields
        .binary_search_by(|field| field.value.cmp(&link));
    let field = place.ok().and_then(|place| trace.fields.get(place));
    let spans = field.into_iter().flat_map(Field::groups_in_item);
    spans
        .flatten()
        .map(|span| Evidence {
            within: EvidenceIn::Raw,
            from: Stretch {
                start: span.start,
                end: span.end,
            },
            to: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )]

    use super::Asserted;
    use crate::record::Article;

    fn article(id: &str, url: &str, links: &[&str]) -> Article {
        let links: Vec<_> = links
            .iter()
            .map(|url| serde_json::json!({"url": url, "relation": "related"}))
            .collect();
        serde_json::from_value(serde_json::json!({
            "format": "dateline/1", "type": "article", "id": id, "source": {"url": url},
            "raw": {
                "digest": format!("sha256:{}", "0".repeat(64)), "bytes": 1,
                "media_type": "text/plain", "encoding": "utf-8",
            },
            "links": links,
        }))
        .unwrap()
    }

    #[test]
    fn a_link_to_the_only_owner_of_a_url_is_a_reference() {
        let one = article("one", "https://e.example/1", &[]);
        let two = article(
            "two",
            "https://e.example/2",
            &[
                "https://e.example/1#top",
                "https://e.example/1",
                "https://e.example/2",
                "https://o.example/",
            ],
        );
        let mut asserted = Asserted::default();
        asserted.add(&two, None);
        asserted.add(&one, None);
        let found = asserted.relations().unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].to.as_ref().map(crate::record::Id::as_str),
            Some("one")
        );
        assert_eq!(found[0].id, found[0].derived_id().unwrap());
    }

    #[test]
    fn evidence_is_in_the_order_of_the_links() {
        let mut one = article("one", "https://e.example/z", &[]);
        one.source.as_mut().unwrap().canonical_url = Some("https://e.example/a".to_owned());
        let two = article(
            "two",
            "https://e.example/2",
            &["https://e.example/z", "https://e.example/a"],
        );
        let trace = serde_json::from_value(serde_json::json!({
            "profile": {"id": "general-text", "version": 1},
            "bytes": 40,
            "locations": [{"path": "a.txt", "offset": 0, "length": 40}],
            "fields": [
                {"pointer": "/links/0/url", "spans": [[[0, 19]]]},
                {"pointer": "/links/1/url", "spans": [[[20, 39]]]},
            ],
        }));
        let mut asserted = Asserted::default();
        asserted.add(&two, Some(&trace.unwrap()));
        asserted.add(&one, None);
        let found = asserted.relations().unwrap();
        assert_eq!(found.len(), 1);
        let starts: Vec<u64> = found[0].evidence.iter().map(|at| at.from.start).collect();
        assert_eq!(starts, [0, 20]);
    }

    #[test]
    fn a_url_of_two_articles_leads_to_neither() {
        let mut asserted = Asserted::default();
        asserted.add(&article("one", "https://e.example/1", &[]), None);
        asserted.add(&article("two", "https://e.example/1", &[]), None);
        asserted.add(
            &article("three", "https://e.example/3", &["https://e.example/1"]),
            None,
        );
        assert_eq!(asserted.relations().unwrap(), []);
    }
}

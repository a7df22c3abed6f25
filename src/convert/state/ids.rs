//! Ids that articles keep although what they are made of would give them others (`spec/corpus.md`,
//! "Adding to a corpus").

use std::collections::{BTreeMap, BTreeSet};

use super::before::Before;
use super::{ConvertError, records};
use crate::convert::{Converter, Made, Spot, Told};
use crate::corpus::{Part, State};
use crate::digest::Digest;
use crate::dump::Input;
use crate::record::{Article, Id, Record, Withdrawn};

/// Which ids are kept.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    /// By the id that an article of the inputs would have: the id that it keeps.
    moved: BTreeMap<Id, Id>,
    /// Articles of the inputs that have the text of a released one, and keep no id as others have it, too.
    pub(super) ambiguous: u64,
}

impl Keeping {
    /// Gives an article the id that it keeps, if it keeps one.
    pub(super) fn give(&self, article: &mut Article, before: &Before) {
        if let Some(id) = self.moved.get(&article.id) {
            article.id.clone_from(id);
        } else {
            again(article, before);
        }
    }

    /// How many articles keep an id by their text.
    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.moved.len()).unwrap_or(u64::MAX)
    }

    /// Which articles of the inputs keep the id of one of the last release: those whose text is that of
    /// exactly one article of it, where no other article of the inputs has that text or that id.
    pub(super) fn of(made: &Texts, released: &Texts) -> Self {
        let mut keeping = Self::default();
        let mut by_text: BTreeMap<Digest, (Vec<&Id>, Vec<&Id>)> = BTreeMap::new();
        for (id, text) in &released.0 {
            by_text.entry(*text).or_default().0.push(id);
        }
        for (id, text) in &made.0 {
            if let Some((_, new)) = by_text.get_mut(text)
                && !released.0.contains_key(id)
            {
                new.push(id);
            }
        }
        for (old, new) in by_text.values() {
            match (old.as_slice(), new.as_slice()) {
                ([old], [new]) if !made.0.contains_key(*old) => {
                    keeping.moved.insert((*new).clone(), (*old).clone());
                }
                _ if old.iter().any(|old| !made.0.contains_key(*old)) => {
                    keeping.ambiguous += u64::try_from(new.len()).unwrap_or(u64::MAX);
                }
                _ => {}
            }
        }
        keeping
    }
}

/// Gives an article the id that an article of the same raw bytes has by an earlier choice to keep it.
pub(super) fn again(article: &mut Article, before: &Before) {
    if !before.articles.contains_key(&article.id)
        && let Some(Some(id)) = before.kept.get(&article.raw.digest)
    {
        article.id.clone_from(id);
    }
}

/// Converts all inputs for their articles alone, with the ids that they have by earlier choices.
fn articles(
    converter: &Converter<'_>,
    inputs: &[Input],
    before: &Before,
    mut take: impl FnMut(Article) + Send,
) -> Result<(), ConvertError> {
    let again = |made: &mut Made, _: &Spot<'_>| again(&mut made.article, before);
    converter.run(inputs, again, |told| {
        match told {
            Told::Item(_, item) => {
                if let Ok((made, ())) = item.made {
                    take(made.article);
                }
            }
            Told::File(..) => {}
            Told::Failed(error) => return Err(ConvertError::from(error)),
        }
        Ok(())
    })
}

/// The text digests of articles, by their ids.
#[derive(Debug, Default)]
pub(super) struct Texts(BTreeMap<Id, Digest>);

impl Texts {
    /// Those of the articles that `inputs` give.
    pub(super) fn made(
        converter: &Converter<'_>,
        inputs: &[Input],
        before: &Before,
    ) -> Result<Self, ConvertError> {
        let mut texts = Self::default();
        articles(converter, inputs, before, |article| texts.add(&article))?;
        Ok(texts)
    }

    /// Those of the articles of a state but for `withdrawn` ones.
    pub(super) fn of(state: &State, withdrawn: &Withdrawn) -> Result<Self, ConvertError> {
        let mut texts = Self::default();
        for record in records(state.lines(Part::Records)?) {
            if let Record::Article(article) = record?
                && !withdrawn.contains(&article.id)
            {
                texts.add(&article);
            }
        }
        Ok(texts)
    }

    fn add(&mut self, article: &Article) {
        if let Some(text) = article.text_digest {
            self.0.insert(article.id.clone(), text);
        }
    }

    pub(super) fn len(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    /// How many of these have a text of `released` under another id.
    pub(super) fn matched(&self, released: &Self) -> u64 {
        let texts: BTreeSet<&Digest> = released.0.values().collect();
        let matched = self
            .0
            .iter()
            .filter(|(id, text)| !released.0.contains_key(*id) && texts.contains(text));
        u64::try_from(matched.count()).unwrap_or(u64::MAX)
    }
}

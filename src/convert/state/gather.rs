//! From what was made and what is there to the state that comes of both.

use std::collections::{BTreeMap, BTreeSet};

use super::before::Before;
use super::ids::{Keeping, Texts};
use super::join::join;
use super::plan::Plan;
use super::work::Work;
use super::{
    ConvertError, FirstFew, KeepIds, Options, Outcome, Prepared, Scope, Take, traces,
    write_relations,
};
use crate::convert::Converter;
use crate::corpus::{Corpus, Pair, Part, Sorter, Writer};
use crate::dump::Input;
use crate::json::Tape;
use crate::record::{Id, Withdrawn};
use crate::release::released;

/// What is asked of a conversion.
pub(super) struct Asked<'a> {
    pub(super) before: &'a Before,
    pub(super) withdrawn: &'a Withdrawn,
    pub(super) plan: &'a Plan,
    pub(super) take: Take,
}

/// The articles that go, with their text digests.
pub(super) type Going = BTreeMap<Id, Option<String>>;

impl Asked<'_> {
    /// Which ids are kept; an error where files are missing.
    pub(super) fn keeping(
        &self,
        writer: &Writer,
        converter: &Converter<'_>,
        inputs: &[Input],
    ) -> Result<Keeping, ConvertError> {
        let missing = self.take.scope == Scope::Same && !self.plan.missing.is_empty();
        let keep = self.take.ids == KeepIds::Keep;
        if !keep && !missing {
            return Ok(Keeping::default());
        }
        let released = match writer.corpus().sealed()? {
            Some(sealed) => Texts::of(&sealed, self.withdrawn)?,
            None => Texts::default(),
        };
        if keep {
            let made = Texts::made(converter, &self.plan.convert, self.before)?;
            return Ok(Keeping::of(&made, &released));
        }
        let new = self.plan.new_files(inputs, self.before);
        let new = Texts::made(converter, &new, self.before)?;
        let matched = new.matched(&released);
        let most = matched > 0 && matched * 2 >= new.len() && matched * 2 >= self.plan.records;
        Err(ConvertError::Missing {
            files: FirstFew::of(self.plan.missing.iter().cloned()),
            matched: if most { matched } else { 0 },
        })
    }

    /// Joins what was made with what is there.
    pub(super) fn gather(
        &self,
        mut writer: Writer,
        work: Work<'_>,
        dropped: &BTreeSet<Id>,
        inputs: &[Input],
        options: &Options<'_>,
    ) -> Result<Prepared, ConvertError> {
        let Work {
            mut asserted,
            records,
            traces,
            mut summary,
            fresh,
            texts,
            report,
            keeping,
            ..
        } = work;
        let stays = |id: &str| self.take.scope == Scope::Add && !dropped.contains(id);
        let (articles, going) = self.join_records(&mut writer, records, &stays)?;
        let going_released = self.judge(writer.corpus(), &going, &texts)?;
        self.join_traces(&mut writer, traces, &stays)?;
        if self.take.scope == Scope::Add {
            traces::articles(writer.before(), |article, trace| {
                if stays(article.id.as_str()) {
                    asserted.add(&article, trace.as_ref());
                }
                Ok(())
            })?;
        }
        summary.articles = articles;
        summary.relations = write_relations(&mut writer, asserted, self.before.damaged, &going)?;
        summary.returned = self.take_back(&mut writer, &fresh)?;
        options.config.write_if_absent(&writer)?;
        let length = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        summary.known = length(inputs.len() - self.plan.convert.len());
        summary.stayed = length(self.plan.stay.len()).saturating_sub(summary.known);
        summary.locked = length(self.withdrawn.locked());
        summary.kept_ids = keeping.count();
        summary.ambiguous = keeping.ambiguous;
        let outcome = Outcome {
            summary,
            report,
            renamed: FirstFew::pairs(self.plan.renamed.clone()),
            copies: FirstFew::pairs(self.plan.copies.clone()),
            edited: FirstFew::of(self.plan.changed.iter().cloned()),
            going: FirstFew::of(going.into_keys()),
            going_released,
            damaged: self.before.damaged,
            changed: false,
        };
        Ok(Prepared { writer, outcome })
    }

    /// Joins the records; how many articles there then are, and which go.
    fn join_records(
        &self,
        writer: &mut Writer,
        made: Sorter,
        stays: &dyn Fn(&str) -> bool,
    ) -> Result<(u64, Going), ConvertError> {
        let mut going = Going::new();
        let made = made.finish()?.map(|pair| pair.map_err(Into::into));
        let anew = self.before.damaged;
        let articles = join(writer, Part::Records, anew, made, |id, old, new| {
            Ok(match (old, new) {
                (_, Some(new)) => Some(new),
                (Some(old), None) if stays(id) => Some(old.bytes.clone()),
                (Some(old), None) => {
                    let going_id = id.parse().map_err(|_| ConvertError::BadId(id.to_owned()));
                    going.insert(going_id?, text(&old.bytes, "text_digest"));
                    None
                }
                (None, None) => None,
            })
        })?;
        Ok((articles, going))
    }

    /// Joins the traces.
    fn join_traces(
        &self,
        writer: &mut Writer,
        made: Sorter,
        stays: &dyn Fn(&str) -> bool,
    ) -> Result<(), ConvertError> {
        let made = traces::MergedTraces::new(made.finish()?);
        let anew = self.before.damaged;
        join(writer, Part::Traces, anew, made, |id, old, new| {
            Ok(match (old, new) {
                (Some(old), new) if stays(id) => {
                    Some(traces::moved(old, new.as_deref(), &self.plan.gone)?)
                }
                (_, new) => new,
            })
        })?;
        Ok(())
    }

    /// How many articles of the last release would go; an error where they have only got other ids.
    fn judge(
        &self,
        corpus: &Corpus,
        going: &Going,
        texts: &BTreeSet<String>,
    ) -> Result<u64, ConvertError> {
        if going.is_empty() {
            return Ok(0);
        }
        let released = released(corpus, &going.keys().cloned().collect())?;
        let matched = released.keys().filter(|id| {
            let text = going.get(*id).and_then(Option::as_ref);
            text.is_some_and(|text| texts.contains(text))
        });
        let matched = u64::try_from(matched.count()).unwrap_or(u64::MAX);
        let count = u64::try_from(released.len()).unwrap_or(u64::MAX);
        let moved =
            !self.plan.missing.is_empty() || (!self.plan.changed.is_empty() && !self.take.update);
        let asks = self.take.ids == KeepIds::Keep && self.take.scope != Scope::Replace;
        if asks && moved && count > 0 {
            return Err(ConvertError::NotKept {
                going: FirstFew::of(released.into_keys()),
            });
        }
        if self.take.ids == KeepIds::Ask && matched > 0 && matched * 2 >= count {
            return Err(ConvertError::OtherIds {
                going: count,
                matched,
                release: corpus.newest().unwrap_or_default(),
            });
        }
        Ok(count)
    }

    /// Takes back the withdrawals of articles that return.
    fn take_back(&self, writer: &mut Writer, fresh: &BTreeSet<Id>) -> Result<u64, ConvertError> {
        let back: BTreeSet<&Id> = self.before.returning.intersection(fresh).collect();
        if !back.is_empty() {
            let none = std::iter::empty::<Result<Pair, ConvertError>>();
            let returns = |id: &str| back.iter().any(|back| back.as_str() == id);
            join(writer, Part::Withdrawals, false, none, |id, old, _| {
                Ok(old.filter(|_| !returns(id)).map(|line| line.bytes.clone()))
            })?;
        }
        Ok(u64::try_from(back.len()).unwrap_or(u64::MAX))
    }
}

/// What a line of a record says under a key of its own.
fn text(line: &[u8], key: &str) -> Option<String> {
    let tape = Tape::parse(line.trim_ascii_end()).ok()?;
    let text = tape.root().get(key)?.as_str()?;
    Some(text.into_owned())
}

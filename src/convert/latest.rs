//! Which of several items with one id were fetched before others of them (`spec/record.md`, `id-latest`).

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::{Converter, Made, Spot, Told};
use crate::dump::Input;
use crate::record::{Article, Id, IdRule, Time};

/// When the items of each id were fetched, where ids are those of URLs or identifiers.
///
/// The times of an id are in order of their digits, the greatest first: it shows of most items at once that they
/// give way.
#[derive(Debug, Default)]
pub(crate) struct Latest(BTreeMap<Id, Vec<Time>>);

impl Latest {
    /// Converts the inputs once for it; `give` gives an article another id. A file that cannot be read says
    /// nothing here.
    pub(crate) fn of(
        converter: &Converter<'_>,
        inputs: &[Input],
        give: impl Fn(&mut Article) + Sync,
    ) -> Self {
        let mut times: BTreeMap<Id, Vec<Time>> = BTreeMap::new();
        if converter.ids == IdRule::Derived {
            return Self::default();
        }
        let each = |made: &mut Made, _: &Spot<'_>| give(&mut made.article);
        let told = converter.run(inputs, each, |told| {
            if let Told::Item(_, item) = told
                && let Ok((made, ())) = item.made
                && let Some(time) = made.article.fetch.and_then(|fetch| fetch.time)
            {
                times.entry(made.article.id).or_default().push(time);
            }
            Ok::<(), Infallible>(())
        });
        let Ok(()) = told;
        for times in times.values_mut() {
            times.sort_by(|one, other| other.as_str().cmp(one.as_str()));
            times.dedup();
        }
        Self(times)
    }

    /// Whether some other item of its id was certainly fetched later.
    pub(crate) fn supersedes(&self, article: &Article) -> bool {
        let time = article.fetch.as_ref().and_then(|fetch| fetch.time.as_ref());
        let times = self.0.get(&article.id);
        times.zip(time).is_some_and(|(times, time)| {
            let mut others = times.iter();
            others.any(|other| time.certainly_before(other))
        })
    }
}

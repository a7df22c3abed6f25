//! Records and traces, read from the shards of a corpus.

use std::sync::Arc;

use super::error::{GetError, RecordsError};
use crate::corpus::{Corpus, Line, Lines, NameError, Names, Part, State, id_of};
use crate::json::Tape;
use crate::manifest::Shown;
use crate::record::{self, Article, Id, Record, RecordType, Relation, Withdrawal};
use crate::trace::{Trace, TraceLine};

/// The parts that have records, in the order in which names are looked for.
const RECORDS: [Part; 3] = [Part::Records, Part::Relations, Part::Withdrawals];

/// The records or traces of one part of a corpus, in ascending order of their ids.
///
/// Memory is bounded: one piece of each shard that is open. After an error it goes on with the next
/// line or file; collecting into a `Result` stops at the first error.
///
/// ```
/// use dateline::Article;
///
/// let corpus = dateline::Corpus::open("examples/demo-corpus")?;
/// let articles: Vec<Article> = corpus.articles()?.collect::<Result<_, _>>()?;
/// assert!(articles.is_sorted_by_key(|article| &article.id));
/// # Ok::<(), dateline::typed::RecordsError>(())
/// ```
pub struct Records<T> {
    lines: Lines,
    part: Part,
    shown: Shown,
    read: fn(&Line) -> Result<T, RecordsError>,
}

impl<T> Iterator for Records<T> {
    type Item = Result<T, RecordsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error.into())),
        };
        if !self.shown.has(&line, self.part) {
            return Some(Err(RecordsError::Outside {
                file: Arc::clone(&line.file),
                line: line.number,
            }));
        }
        Some((self.read)(&line))
    }
}

/// Reading the [working state](Corpus::working).
///
/// A writer may change the corpus meanwhile; [`steady`](crate::corpus::steady) reads again when one did.
impl Corpus {
    /// Its articles, in ascending order of their ids.
    ///
    /// ```
    /// let corpus = dateline::Corpus::open("examples/demo-corpus")?;
    /// for article in corpus.articles()? {
    ///     let article = article?;
    ///     assert!(article.text().is_some(), "{}", article.id);
    /// }
    /// # Ok::<(), dateline::typed::RecordsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RecordsError`], where the corpus cannot be read at all; that of a line is given in its place.
    pub fn articles(&self) -> Result<Records<Article>, RecordsError> {
        self.records(Part::Records, |line| match record(line)? {
            Record::Article(article) => Ok(*article),
            other @ (Record::Relation(_) | Record::Withdrawal(_)) => {
                Err(misplaced(line, &other, RecordType::Article))
            }
        })
    }

    /// Its relations, in ascending order of their ids.
    ///
    /// ```
    /// let corpus = dateline::Corpus::open("examples/demo-corpus")?;
    /// let relations: Vec<_> = corpus.relations()?.collect::<Result<_, _>>()?;
    /// assert_eq!(relations.len(), 1);
    /// # Ok::<(), dateline::typed::RecordsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Corpus::articles`].
    pub fn relations(&self) -> Result<Records<Relation>, RecordsError> {
        self.records(Part::Relations, |line| match record(line)? {
            Record::Relation(relation) => Ok(*relation),
            other @ (Record::Article(_) | Record::Withdrawal(_)) => {
                Err(misplaced(line, &other, RecordType::Relation))
            }
        })
    }

    /// Its withdrawals, in ascending order of their ids.
    ///
    /// ```
    /// let corpus = dateline::Corpus::open("examples/demo-corpus")?;
    /// assert_eq!(corpus.withdrawals()?.count(), 0);
    /// # Ok::<(), dateline::typed::RecordsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Corpus::articles`].
    pub fn withdrawals(&self) -> Result<Records<Withdrawal>, RecordsError> {
        self.records(Part::Withdrawals, |line| match record(line)? {
            Record::Withdrawal(withdrawal) => Ok(*withdrawal),
            other @ (Record::Article(_) | Record::Relation(_)) => {
                Err(misplaced(line, &other, RecordType::Withdrawal))
            }
        })
    }

    /// Its traces, in ascending order of the ids of their articles. An article need not have one.
    ///
    /// ```
    /// let corpus = dateline::Corpus::open("examples/demo-corpus")?;
    /// for line in corpus.traces()? {
    ///     let line = line?;
    ///     assert!(!line.trace.locations.is_empty(), "{}", line.id);
    /// }
    /// # Ok::<(), dateline::typed::RecordsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Corpus::articles`].
    pub fn traces(&self) -> Result<Records<TraceLine>, RecordsError> {
        self.records(Part::Traces, trace)
    }

    /// The record that `name` means: an id, the beginning of just one, or a URL of an article
    /// ([`Names`]). None where no record has the name.
    ///
    /// It reads the whole corpus, about twice. For many names, [`Names::find`] reads it once.
    ///
    /// ```
    /// use dateline::record::Record;
    ///
    /// let corpus = dateline::Corpus::open("examples/demo-corpus")?;
    /// let first = corpus.articles()?.next().ok_or("no articles")??;
    /// let found = corpus.get(first.id.as_str())?.ok_or("it is there")?;
    /// assert_eq!(found, Record::Article(Box::new(first)));
    /// assert!(corpus.get("https://news.example/elsewhere")?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`GetError`].
    pub fn get(&self, name: &str) -> Result<Option<Record>, GetError> {
        let state = self.working().map_err(RecordsError::from)?;
        let shown = Shown::of(self, &state).map_err(RecordsError::from)?;
        let mut outside = 0;
        let take = |line: &Line, part: Part| {
            let has = shown.has(line, part);
            outside += u64::from(!has);
            has
        };
        let found = match Names::parse(&[name])?.find_among(&state, &RECORDS, take) {
            Err(NameError::Unknown(_)) if outside == 0 => return Ok(None),
            Err(NameError::Unknown(name)) => {
                return Err(GetError::Outside {
                    name,
                    lines: outside,
                });
            }
            found => found?,
        };
        let Some(found) = found.first() else {
            return Ok(None);
        };
        let line = line_of(&state, &shown, found.part, found.id.as_str())?;
        Ok(line.as_ref().map(record).transpose()?)
    }

    /// The trace of the article `id`. None where the corpus has none of it.
    ///
    /// It reads the traces up to that one. [`Corpus::traces`] gives all of them in one reading.
    ///
    /// ```
    /// let corpus = dateline::Corpus::open("examples/demo-corpus")?;
    /// let article = corpus.articles()?.next().ok_or("no articles")??;
    /// let trace = corpus.trace(&article.id)?.ok_or("no trace")?;
    /// assert_eq!(trace.bytes, article.raw.bytes);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RecordsError`].
    pub fn trace(&self, id: &Id) -> Result<Option<Trace>, RecordsError> {
        let state = self.working()?;
        let shown = Shown::of(self, &state)?;
        let line = line_of(&state, &shown, Part::Traces, id.as_str())?;
        Ok(line.as_ref().map(trace).transpose()?.map(|line| line.trace))
    }

    fn records<T>(
        &self,
        part: Part,
        read: fn(&Line) -> Result<T, RecordsError>,
    ) -> Result<Records<T>, RecordsError> {
        let state = self.working()?;
        Ok(Records {
            lines: state.sorted(part)?,
            part,
            shown: Shown::of(self, &state)?,
            read,
        })
    }
}

/// The line of a part that has this id, among those that may be shown.
fn line_of(
    state: &State,
    shown: &Shown,
    part: Part,
    id: &str,
) -> Result<Option<Line>, RecordsError> {
    for line in state.lines(part)? {
        let line = line?;
        // Reading a line without an id says what is wrong with it.
        let is_wanted = id_of(&line.bytes).is_none_or(|found| found == id);
        if is_wanted && shown.has(&line, part) {
            return Ok(Some(line));
        }
    }
    Ok(None)
}

fn record(line: &Line) -> Result<Record, RecordsError> {
    Record::read(&line.bytes).map_err(|source| unread(line, source))
}

fn trace(line: &Line) -> Result<TraceLine, RecordsError> {
    let tape = Tape::parse(&line.bytes).map_err(|error| unread(line, error.into()))?;
    serde_json::from_value(tape.root().to_value()).map_err(|error| {
        let kind = "a trace";
        let source = error.into();
        unread(line, record::ReadError::Fields { kind, source })
    })
}

fn unread(line: &Line, source: record::ReadError) -> RecordsError {
    RecordsError::Line {
        file: Arc::clone(&line.file),
        line: line.number,
        source,
    }
}

fn misplaced(line: &Line, found: &Record, expected: RecordType) -> RecordsError {
    RecordsError::Type {
        file: Arc::clone(&line.file),
        line: line.number,
        found: found.record_type(),
        expected,
    }
}

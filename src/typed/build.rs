//! A new corpus, built record by record.

use std::borrow::Borrow;
use std::path::{Path, PathBuf};

use super::ArticleBuilder;
use super::lines::{Defect, defect};
use crate::corpus::{Config, Corpus, OpenError, Part, Sorter, WriteError, Writer};
use crate::json::canonical::CanonicalError;
use crate::record::{Article, Id, Record, Relation};

/// A corpus that is being built, beside nothing or an empty folder.
///
/// Records come in any order, in bounded memory. Nothing is there to be read until
/// [`commit`](Self::commit) puts all of it in its place in one step; dropped before that, it leaves the
/// folder as it was.
///
/// Its articles have no traces: those belong to a dump and its ledger, and [`convert`](crate::convert())
/// makes all three. [`convert::prepare`](crate::convert::prepare) and [`Writer`] add to a corpus that is there.
pub struct CorpusBuilder {
    writer: Writer,
    config: Config,
    articles: Sorter,
    relations: Sorter,
}

/// Why a corpus is not begun.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// There is a corpus already.
    #[error("`{}` is a corpus already", .0.display().to_string().escape_debug())]
    Exists(PathBuf),
    /// The folder cannot be written, or holds something else.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a record is not added. The others stay.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// A value breaks a rule of the format.
    #[error("{id} is not added")]
    Rule {
        /// The record.
        id: Id,
        /// Which value, and which rule.
        source: Defect,
    },
    /// A value has no canonical form: a float or an integer beyond 2^53 − 1 under `x`.
    #[error("{id} is not added")]
    Canonical {
        /// The record.
        id: Id,
        /// Which value.
        source: CanonicalError,
    },
    /// The disk fails.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl CorpusBuilder {
    /// Begins a corpus at `path`, where there is nothing or an empty folder.
    ///
    /// # Errors
    ///
    /// [`CreateError`]; then the folder is as it was.
    ///
    /// ```
    /// use dateline::CorpusBuilder;
    /// use dateline::corpus::Config;
    /// use dateline::typed::CreateError;
    ///
    /// let there = CorpusBuilder::create("examples/demo-corpus", Config::default_for("demo"));
    /// assert!(matches!(there, Err(CreateError::Exists(_))));
    /// ```
    pub fn create(path: impl AsRef<Path>, config: Config) -> Result<Self, CreateError> {
        let path = path.as_ref();
        match Corpus::open(path) {
            Ok(_) => return Err(CreateError::Exists(path.to_path_buf())),
            Err(OpenError::Missing(_) | OpenError::NotACorpus(_)) => {}
            Err(error) => return Err(WriteError::from(error).into()),
        }
        let writer = Writer::open(path, config.write_options())?;
        // Another may have been quicker.
        if writer.corpus().newest().is_some() || !writer.before().files().is_empty() {
            return Err(CreateError::Exists(path.to_path_buf()));
        }
        Ok(Self {
            articles: writer.sorter(),
            relations: writer.sorter(),
            writer,
            config,
        })
    }

    /// Begins an article whose id comes from what `ids` in the configuration says.
    ///
    /// ```
    /// use dateline::CorpusBuilder;
    /// use dateline::corpus::Config;
    /// use dateline::record::IdRule;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("corpus");
    /// let mut config = Config::default_for("corpus");
    /// config.ids = IdRule::Url;
    /// let new = CorpusBuilder::create(&path, config)?;
    /// let one = new.article(b"Rain ends").url("https://news.example/rain").build()?;
    /// let edited = new.article(b"Rain has ended").url("https://news.example/rain").build()?;
    /// assert_eq!(one.id, edited.id);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn article(&self, raw: &[u8]) -> ArticleBuilder {
        Article::builder(raw).ids(self.config.ids)
    }

    /// Adds an article, owned or borrowed. It keeps its id; `ids` in the configuration is not applied.
    ///
    /// # Errors
    ///
    /// [`AddError`]. That an id was added before shows in [`commit`](Self::commit).
    ///
    /// ```
    /// use dateline::corpus::Config;
    /// use dateline::{Article, CorpusBuilder};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("corpus");
    /// let mut article = Article::builder(b"Rain ends").headline("Rain ends").build()?;
    /// // What was built right can be made wrong.
    /// article.raw.media_type.clear();
    ///
    /// let mut new = CorpusBuilder::create(&path, Config::default_for("corpus"))?;
    /// let error = new.add(&article).unwrap_err();
    /// assert_eq!(error.to_string(), format!("{} is not added", article.id));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add(&mut self, article: impl Borrow<Article>) -> Result<(), AddError> {
        let article = article.borrow();
        let (_, line) = article
            .written()
            .map_err(|source| canonical(&article.id, source))?;
        Self::put(&mut self.articles, &article.id, line)
    }

    /// Adds a relation, owned or borrowed.
    ///
    /// # Errors
    ///
    /// [`AddError`]. Whether the records that it names are there is for
    /// [`check_corpus`](crate::check_corpus) to say.
    ///
    /// ```
    /// use dateline::corpus::Config;
    /// use dateline::{Corpus, CorpusBuilder};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("corpus");
    /// let other = Corpus::open("examples/demo-corpus")?;
    /// let mut new = CorpusBuilder::create(&path, Config::default_for("corpus"))?;
    /// for article in other.articles()? {
    ///     new.add(article?)?;
    /// }
    /// for relation in other.relations()? {
    ///     new.add_relation(relation?)?;
    /// }
    /// assert_eq!(new.commit()?.relations()?.count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_relation(&mut self, relation: impl Borrow<Relation>) -> Result<(), AddError> {
        let relation = relation.borrow();
        let record = Record::Relation(Box::new(relation.clone()));
        let line = record
            .to_line()
            .map_err(|source| canonical(&relation.id, source))?;
        Self::put(&mut self.relations, &relation.id, line)
    }

    /// Sorts what was added and puts it in its place, with the configuration. Gives the corpus, opened.
    ///
    /// # Errors
    ///
    /// [`WriteError`]: [`WriteError::Duplicate`], where two records of a type have one id. Then the folder is
    /// as it was, except with [`WriteError::Behind`].
    ///
    /// ```
    /// use dateline::corpus::{Config, WriteError};
    /// use dateline::{Article, CorpusBuilder};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("corpus");
    /// let article = Article::builder(b"Rain ends").headline("Rain ends").build()?;
    /// let mut new = CorpusBuilder::create(&path, Config::default_for("corpus"))?;
    /// new.add(&article)?;
    /// new.add(&article)?;
    /// assert!(matches!(new.commit(), Err(WriteError::Duplicate { .. })));
    /// assert!(!path.exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn commit(self) -> Result<Corpus, WriteError> {
        let Self {
            mut writer,
            config,
            articles,
            relations,
        } = self;
        for (part, sorter) in [(Part::Records, articles), (Part::Relations, relations)] {
            let mut shards = writer.part(part);
            shards.extend(sorter.finish()?)?;
            writer.set(shards.finish()?);
        }
        config.write_if_absent(&writer)?;
        let root = writer.corpus().root().to_path_buf();
        writer.commit()?;
        Ok(Corpus::open(root)?)
    }

    fn put(sorter: &mut Sorter, id: &Id, line: Vec<u8>) -> Result<(), AddError> {
        if let Some(source) = defect(&line) {
            let id = id.clone();
            return Err(AddError::Rule { id, source });
        }
        Ok(sorter.push(id.to_string(), line)?)
    }
}

fn canonical(id: &Id, source: CanonicalError) -> AddError {
    AddError::Canonical {
        id: id.clone(),
        source,
    }
}

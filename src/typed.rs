//! A corpus as values of Rust: read record by record, built article by article.
//!
//! Reading parses each line strictly and gives an [`Article`], a [`Relation`], a [`Withdrawal`] or a
//! [`TraceLine`]. Building holds each record by itself to the rules of the format before it is written.
//! What shows only beside other records, such as a relation that leads nowhere, is for
//! [`check_corpus`](crate::check_corpus) to find.
//!
//! ```
//! use dateline::corpus::Config;
//! use dateline::{Article, CorpusBuilder};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("corpus");
//! let raw = b"Rain ends\n\nThe rain ended on Monday.\n";
//! let article = Article::builder(raw)
//!     .headline("Rain ends")
//!     .published("2026-02-11".parse()?)
//!     .text("The rain ended on Monday.")
//!     .build()?;
//! let mut new = CorpusBuilder::create(&path, Config::default_for("corpus"))?;
//! new.add(&article)?;
//! let corpus = new.commit()?;
//!
//! for read in corpus.articles()? {
//!     assert_eq!(read?, article);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod article;
mod build;
mod error;
mod lines;
mod read;

pub use article::{ArticleBuilder, ArticleError};
pub use build::{AddError, CorpusBuilder, CreateError};
pub use error::{GetError, RecordsError};
pub use lines::Defect;
pub use read::Records;

#[cfg(doc)]
use crate::record::{Article, Relation, Withdrawal};
#[cfg(doc)]
use crate::trace::TraceLine;

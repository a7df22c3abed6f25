//! dateline is a provenance-annotated corpus format for news articles, and the library behind the tool
//! of that name: it converts raw dumps to records with traces, relates and checks them, and seals each
//! release of a corpus in a signed, hash-chained manifest.
//!
//! The functions below are the paved path; each is one step, and each module has the full types. What is
//! wrong with *data* comes back as [`diagnostic::Diagnostic`]s, refusals or verdicts; an `Err` means that
//! an *operation* could not be done. Nothing here opens a network connection, and nothing but the time
//! that a caller hands to [`seal()`] makes two runs differ.
//!
//! | function | from | to |
//! |---|---|---|
//! | [`look()`] | any path | what it is and what to do next |
//! | [`convert()`] | raw dumps | the working state of a corpus, related |
//! | [`build()`] | raw dumps | a release: converted, checked, sealed |
//! | [`link()`] | a corpus | its relations, anew |
//! | [`check_corpus`], [`check_dump`] | a corpus, a dump | a report of all that is wrong |
//! | [`seal()`] | a working state | the next release |
//! | [`verify()`] | a corpus and a verifier's trust | a verdict on each part |
//! | [`withdraw()`] | ids and a reason | the working state without them |
//! | [`cite()`] | a manifest | a citation |
//! | [`Corpus::articles`], [`Corpus::get`] | a corpus | its records as values |
//! | [`Article::builder`], [`CorpusBuilder`] | values | a corpus |
//!
//! `examples/` has a runnable program for each. The format is specified in `spec/`.

mod as_text;
mod block;
pub mod build;
pub mod check;
pub mod cite;
pub mod convert;
pub mod corpus;
pub mod diagnostic;
pub mod digest;
pub mod document;
pub mod dump;
pub mod json;
pub mod link;
pub mod look;
pub mod manifest;
pub mod merkle;
pub mod open;
pub mod pack;
pub mod pool;
pub mod profile;
pub mod record;
pub mod release;
pub mod schema;
pub mod takedown;
pub mod trace;
pub mod transit;
pub mod typed;
pub mod withdraw;

pub use build::build;
pub use check::{check_corpus, check_dump};
pub use cite::cite;
pub use convert::convert;
pub use corpus::Corpus;
pub use link::link;
pub use look::look;
pub use manifest::{seal, verify};
pub use pack::pack;
pub use record::Article;
pub use typed::CorpusBuilder;
pub use withdraw::withdraw;

/// The README's code runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

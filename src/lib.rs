//! dateline: a provenance-annotated corpus format for news articles.

pub mod check;
pub mod cite;
pub mod convert;
pub mod corpus;
pub mod diagnostic;
pub mod digest;
pub mod dump;
pub mod json;
pub mod link;
pub mod manifest;
pub mod merkle;
pub mod profile;
pub mod record;
pub mod schema;
pub mod trace;
pub mod withdraw;

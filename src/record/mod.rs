//! The records of a corpus: articles, relations and withdrawals.

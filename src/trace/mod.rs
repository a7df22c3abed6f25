//! How a record was made: which bytes became which value, and what became of the rest.

//! From raw items to records with traces.

pub mod text;

//! From raw items to records with traces.

//! What rules see of one line: its values, and what is found in it.

pub(super) mod findings;
pub(super) mod outside;
pub(super) mod short;
pub(super) mod value;
pub(super) mod view;
pub(super) mod workspace;

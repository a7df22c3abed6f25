//! What a text shows that no writer meant, character by character (`spec/texts.md`).

pub(super) mod characters;
pub(super) mod hit;
pub(super) mod invisible;
pub(super) mod markup;
pub(super) mod misread;
pub(super) mod mojibake;
pub(super) mod script;

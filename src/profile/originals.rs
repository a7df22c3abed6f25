//! Whether what repeats are to repeat is read at all.

use super::document::{RawStep, Several, Word};
use super::error::nearest;
use super::mistake::{OrMistake, Place};
use super::value::Original;

/// Every value that some step reads and every name that some step remembers.
fn known(raw: &Several<RawStep>) -> Vec<String> {
    let mut known = Vec::new();
    for step in &raw.0 {
        known.extend(step.field.iter().map(ToString::to_string));
        known.extend(step.remember.iter().map(|Word(name)| name.to_string()));
        for (_, group) in step.groups.iter().flat_map(|groups| &groups.0) {
            known.extend(group.field.iter().map(ToString::to_string));
        }
        if step.embed.is_some() {
            let named = step
                .r#match
                .iter()
                .flat_map(|Word(pattern)| pattern.groups());
            known.extend(named.map(|(_, name)| format!("/content/embeds/-/{name}")));
        }
        for (_, nested) in step.nested() {
            known.extend(self::known(nested));
        }
    }
    known
}

/// Finds repeats of what no step reads.
pub(super) fn check(raw: &Several<RawStep>, at: &Place) -> OrMistake<()> {
    walk(raw, at, &known(raw))
}

fn walk(raw: &Several<RawStep>, at: &Place, known: &[String]) -> OrMistake<()> {
    let check = |original: &Option<Word<Original>>, at: Place| match original {
        Some(Word(original)) if !known.contains(&original.to_string()) => {
            let mistake = at
                .key("same_as")
                .mistake(format!("no step reads or remembers `{original}`"));
            Err(mistake.hint(nearest(&original.to_string(), known)))
        }
        _ => Ok(()),
    };
    for (index, step) in raw.0.iter().enumerate() {
        let at = at.index(index);
        check(&step.same_as, at.clone())?;
        for (name, group) in step.groups.iter().flat_map(|groups| &groups.0) {
            check(&group.same_as, at.key("groups").key(name))?;
        }
        for (key, nested) in step.nested() {
            walk(nested, &at.key(key), known)?;
        }
    }
    Ok(())
}

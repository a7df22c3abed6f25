//! What becomes of a stretch of text: whether the keys that say so go together.

use super::document::{RawGroup, Word};
use super::grammar::{Field, Same, Take};
use super::mistake::{OrMistake, Place};
use super::target::{Nature, Target};
use super::value::{As, Compare, LinkRelation, Original, Role};
use crate::json::Pointer;
use crate::trace::Label;

const AUTHOR: &str = "/article/authors/-/name";
const LINK: &str = "/links/-/url";

impl RawGroup {
    /// What the keys say, which lie at `at`.
    pub(super) fn take(&self, at: &Place) -> OrMistake<Take> {
        if let Some(Word(target)) = &self.field {
            return Ok(Take::Field(self.value(*target, at)?));
        }
        if let Some(Word(original)) = &self.same_as {
            return Ok(Take::Same(self.same(original, at)?));
        }
        match &self.drop {
            Some(Word(label)) => Ok(Take::Drop(label.clone())),
            None => Err(at.mistake("the group is neither `field`, `same_as` nor `drop`")),
        }
    }

    fn value(&self, target: Target, at: &Place) -> OrMistake<Field> {
        let written = self.r#as.as_ref().map(|Word(written)| written.clone());
        let (fits, wanted) = match (target.nature(), &written) {
            (Nature::Time, Some(written)) => (written.is_time(), "`date` or `datetime:<format>`"),
            (Nature::Time, None) => (false, "`date` or `datetime:<format>`"),
            (Nature::Url, Some(written)) => (*written == As::Url, "`url`"),
            (Nature::Language, Some(written)) => (*written == As::Locale, "`locale`"),
            (Nature::Texts, Some(written)) => (written.separator().is_some(), "`list:<separator>`"),
            (Nature::Text, Some(written)) if target.pattern() == AUTHOR => {
                (written.separator().is_some(), "`list:<separator>`")
            }
            (
                Nature::Text | Nature::Paragraphs | Nature::Host | Nature::Integer | Nature::Other,
                Some(_),
            ) => (false, "no `as`"),
            (_, None) => (true, ""),
        };
        if !fits {
            let place = if written.is_some() {
                at.key("as")
            } else {
                at.clone()
            };
            let given = match &written {
                Some(written) => format!("`{written}`"),
                None => "no `as`".to_owned(),
            };
            return Err(place.mistake(format!("`{target}` takes {wanted}, not {given}")));
        }
        let url = (target.nature() == Nature::Url).then_some(As::Url);
        Ok(Field {
            target,
            written: written.or(url),
            judged: self.judged(target, at)?,
        })
    }

    fn judged(
        &self,
        target: Target,
        at: &Place,
    ) -> OrMistake<Option<(&'static str, &'static str)>> {
        match (self.relation, self.role) {
            (None, None) if target.pattern() == LINK => {
                let mistake = at.mistake("the link has no `relation`");
                Err(mistake.hint("it is one of `related`, `cites`, `mentions`"))
            }
            (None, None) => Ok(None),
            (Some(relation), None) if target.pattern() == LINK => {
                Ok(Some(("relation", LinkRelation::name(relation))))
            }
            (None, Some(role)) if target.pattern() == AUTHOR => {
                Ok(Some(("role", Role::name(role))))
            }
            (Some(_), _) => Err(at
                .key("relation")
                .mistake(format!("`relation` goes with `{LINK}` only"))),
            (_, Some(_)) => Err(at
                .key("role")
                .mistake(format!("`role` goes with `{AUTHOR}` only"))),
        }
    }

    fn same(&self, original: &Original, at: &Place) -> OrMistake<Same> {
        let written = self.r#as.as_ref().map(|Word(written)| written.clone());
        let compare = self.compare.unwrap_or_default();
        let day = compare == Compare::Day;
        if day && !written.as_ref().is_some_and(As::is_time) {
            let mistake = at.key("compare").mistake("days are compared of times only");
            return Err(mistake.hint("say `as: date` or `as: datetime:<format>`"));
        }
        if day && !matches!(original, Original::Value(target) if target.nature() == Nature::Time) {
            return Err(at
                .key("compare")
                .mistake(format!("`{original}` has no day")));
        }
        Ok(Same {
            original: original.clone(),
            written,
            compare,
            label: match original {
                Original::Value(target) => Label::duplicate(&target.pointer(0)),
                Original::Name(name) => Label::duplicate(&Pointer::root().key(name.as_str())),
            },
            otherwise: self.r#else.as_ref().map(|Word(label)| label.clone()),
        })
    }
}

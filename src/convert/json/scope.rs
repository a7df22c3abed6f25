//! The objects of an item that speak of its article.

use super::names::{BESIDE, ENVELOPES, Take, is_of, rows};
use crate::document::json::{Member, Value};
use crate::json::Kind;

/// An object that speaks of the article.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'d> {
    pub(super) object: Value<'d>,
    pub(super) nearness: Nearness,
}

/// How near an object is to the article: what is nearer goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// It is the article.
    Article,
    /// It is a member of the article.
    Beside,
    /// The article is in it.
    Around,
}

/// So many objects may be around an article.
const AROUND: usize = 4;

/// The objects of an item that speak of its article, the article first; none where it is no object.
pub(super) fn scopes(root: Value<'_>) -> Vec<Scope<'_>> {
    if root.kind() != Kind::Object {
        return Vec::new();
    }
    let (mut article, mut around) = (root, Vec::new());
    while around.len() < AROUND
        && !has_headline_or_text(article)
        && let Some(inner) = envelope(article)
    {
        around.push(article);
        article = inner;
    }
    let beside = article
        .members()
        .filter(|member| is_object(member) && is_of(&member.key, &BESIDE));
    let mut scopes = vec![Scope {
        object: article,
        nearness: Nearness::Article,
    }];
    scopes.extend(beside.map(|member| Scope {
        object: member.value,
        nearness: Nearness::Beside,
    }));
    scopes.extend(around.into_iter().rev().map(|object| Scope {
        object,
        nearness: Nearness::Around,
    }));
    scopes
}

fn is_object(member: &Member<'_>) -> bool {
    member.value.kind() == Kind::Object
}

/// The only member of an object that holds an article.
fn envelope(object: Value<'_>) -> Option<Value<'_>> {
    let mut found = object.members().filter(|member| {
        let named = match &*member.key {
            // Without the line in front it is something else.
            "_source" => true,
            key => !key.eq_ignore_ascii_case("source") && is_of(key, &ENVELOPES),
        };
        is_object(member) && named
    });
    match (found.next(), found.next()) {
        (Some(member), None) => Some(member.value),
        _ => None,
    }
}

fn has_headline_or_text(object: Value<'_>) -> bool {
    object.members().any(|member| {
        let mut rows = rows(&member.key);
        let is_headline = |pattern: &str| pattern == "/article/headline";
        match member.value.kind() {
            Kind::String | Kind::Array => {
                rows.any(|row| is_headline(row.pattern) || row.take == Take::Paragraphs)
            }
            // An object of this name may be the article.
            Kind::Object => {
                !is_of(&member.key, &ENVELOPES)
                    && rows.any(|row| is_headline(row.pattern) || row.take == Take::Paragraphs)
            }
            Kind::Null | Kind::Bool | Kind::Integer | Kind::Number => false,
        }
    })
}

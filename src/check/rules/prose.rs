//! The texts of an article, and what is left in them that no writer meant.

use super::plausible;
use crate::check::line::findings::Findings;
use crate::check::line::value::pointer;
use crate::check::line::view::View;
use crate::check::text::characters::scan;
use crate::check::text::hit::Hit;
use crate::check::text::{invisible, misread, mojibake, script};
use crate::diagnostic::{Code, codes, escape};
use crate::json::{Kind, Node, Pointer};
use crate::record::is_placeholder;

/// Checks every text that people wrote, character by character. `text` is `/content/text`, decoded.
pub(crate) fn check(view: &View<'_>, text: Option<&str>, findings: &mut Findings<'_>) {
    let View {
        source,
        about,
        rights,
        content,
        ..
    } = view;
    // Texts that stand by themselves; `/content/text` comes last.
    for (value, place) in [
        (source.name, "/source/name"),
        (about.headline, "/article/headline"),
        (about.subtitle, "/article/subtitle"),
        (about.section, "/article/section"),
        (about.located, "/article/located"),
        (rights.license, "/rights/license"),
        (rights.copyright_notice, "/rights/copyright_notice"),
        (rights.usage_info, "/rights/usage_info"),
        (content.summary, "/content/summary"),
    ] {
        if let Some(value) = value {
            one(value, || pointer(place), findings);
        }
    }
    // Lists of texts, and of items with texts under these keys.
    let lists: [(_, _, &[&str]); 4] = [
        (about.authors, "/article/authors", &["name"]),
        (about.keywords, "/article/keywords", &[]),
        (content.images, "/content/images", &["caption", "credit"]),
        (content.embeds, "/content/embeds", &["text", "author"]),
    ];
    for (list, place, keys) in lists {
        let Some(items) = list else { continue };
        for (index, item) in items.items().enumerate() {
            let place = |key: Option<&str>| {
                let item = pointer(place).index(index);
                match key {
                    Some(key) => item.key(key),
                    None => item,
                }
            };
            if item.kind() == Kind::String {
                one(item, || place(None), findings);
            }
            for &key in keys {
                let Some(value) = item.get(key) else { continue };
                one(value, || place(Some(key)), findings);
                if key == "name" && !findings.is_flagged(value) {
                    let name = value.as_str().unwrap_or_default();
                    plausible::author(value, &name, || place(Some(key)), findings);
                }
            }
        }
    }
    if let (Some(value), Some(text)) = (content.text, text)
        && !findings.is_flagged(value)
    {
        if is_placeholder(text) {
            plausible::placeholder(value, pointer("/content/text"), findings);
            return;
        }
        characters(value, text, || pointer("/content/text"), findings);
        language(view, text, findings);
    }
}

/// Checks one text.
fn one(value: Node<'_>, place: impl Fn() -> Pointer, findings: &mut Findings<'_>) {
    let Some(text) = value.as_str().filter(|_| !findings.is_flagged(value)) else {
        return;
    };
    if is_placeholder(&text) {
        plausible::placeholder(value, place(), findings);
    } else {
        characters(value, &text, place, findings);
    }
}

/// Says what [`scan`] finds, each kind once.
fn characters(
    value: Node<'_>,
    text: &str,
    place: impl Fn() -> Pointer,
    findings: &mut Findings<'_>,
) {
    let hits = scan(text);
    let invisible = invisible::scan(text);
    if hits.is_empty() && invisible.hit.count == 0 {
        return;
    }
    let mut say = |code: &'static Code, hit: &Hit, message: &dyn Fn(&str) -> String, hint: &str| {
        if hit.count == 0 {
            return;
        }
        let shown = text.get(hit.first.clone()).unwrap_or_default();
        let message = format!("{}{}", message(shown), others(hit.count));
        let span = value.within(hit.first.clone());
        findings.push(code, span, Some(place()), message).hint = Some(hint.to_owned());
    };
    say(
        codes::TEXT_CONTROL,
        &hits.control,
        &|shown| match shown {
            "\u{FEFF}" => "the text holds a byte order mark, U+FEFF".to_owned(),
            _ => format!("the text holds the control character {}", number(shown)),
        },
        "take it out; a line break within a text is U+000A",
    );
    say(
        codes::TEXT_BIDI,
        &hits.bidi,
        &|shown| match shown {
            "\u{202D}" | "\u{202E}" => {
                format!("the text turns its direction round with {}", number(shown))
            }
            _ => format!("{} is not closed in its paragraph", number(shown)),
        },
        "characters behind it are shown in another order than they are stored in",
    );
    say(
        codes::TEXT_REPLACEMENT,
        &hits.replacement,
        &|shown| format!("the text holds the replacement character {}", number(shown)),
        "a character was lost where the bytes were decoded: decode the dump again, in its own encoding",
    );
    say(
        codes::TEXT_PRIVATE,
        &hits.private,
        &|shown| format!("{} has no meaning that texts share", number(shown)),
        "icons of a web font and characters of old encodings end so: take them out or map them",
    );
    let credentials = invisible.credentials.is_some();
    say(
        codes::TEXT_INVISIBLE,
        &invisible.hit,
        &|shown| {
            if credentials {
                "the text carries Content Credentials (C2PA) as invisible characters".to_owned()
            } else {
                format!("the text holds the invisible character {}", number(shown))
            }
        },
        if credentials {
            "they are about the text as it was published; take them out where the dump is converted"
        } else {
            "it is matched without it, and shown as if it were not there: take it out where the dump is \
             converted"
        },
    );
    say(
        codes::TEXT_MARKUP,
        &hits.markup,
        &|shown| format!("the text holds markup, `{}`", escape::shown(shown)),
        "a text is what a reader sees: take tags out where the dump is converted",
    );
    say(
        codes::TEXT_ENTITY,
        &hits.entity,
        &|shown| {
            format!(
                "the text holds the character reference `{}`",
                escape::shown(shown)
            )
        },
        "decode character references once more where the dump is converted",
    );
    say(
        codes::TEXT_MOJIBAKE,
        &hits.mojibake,
        &|shown| match mojibake::meant(shown).or_else(|| misread::meant(shown)) {
            Some(meant) => format!(
                "`{}` is `{}`, read in another encoding",
                escape::shown(shown),
                escape::shown(&meant)
            ),
            None => format!("`{}` was read in another encoding", escape::shown(shown)),
        },
        "the bytes were decoded wrongly, or twice: decode the dump again, in its own encoding",
    );
}

/// How a message goes on about all but the first.
fn others(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => ", and 1 more".to_owned(),
        _ => format!(", and {} more", count - 1),
    }
}

/// The code point of the first character of a text.
fn number(text: &str) -> String {
    let first = text.chars().next().map_or(0, u32::from);
    format!("U+{first:04X}")
}

/// The text is in a script of the language that the article names.
fn language(view: &View<'_>, text: &str, findings: &mut Findings<'_>) {
    let tag = view.about.language;
    let Some(tag) = tag.filter(|tag| !findings.is_flagged(*tag)) else {
        return;
    };
    let Some(name) = tag.as_str() else { return };
    let Some(foreign) = script::foreign(&name, text) else {
        return;
    };
    let message = format!(
        "`{}` is written in {}, and {} of the text's first {} letters are; most are {}",
        escape::shown(&name),
        foreign.expected,
        foreign.own,
        foreign.letters,
        foreign.most
    );
    let place = pointer("/article/language");
    findings.on(codes::TEXT_SCRIPT, tag, place, message).hint = Some(
        "correct the tag, or leave it out where the language is not known: it may be that of the site"
            .to_owned(),
    );
}

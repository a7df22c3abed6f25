//! An article as its rules see it: the values that they look at, by their names.
//!
//! Some forty look-ups of rules would each walk the members of an object; one walk finds them all. It
//! is made once, and lent to the rules over one article and to those over several; where these wait for
//! a trace, it is made again.

use crate::json::Node;

/// A part of an article, and a walk over its members.
macro_rules! part {
    ($(#[$about:meta])* $name:ident { $($key:ident),+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, Default)]
        pub(crate) struct $name<'t> {
            $(pub(crate) $key: Option<Node<'t>>,)+
        }

        impl<'t> $name<'t> {
            fn of(object: Option<Node<'t>>) -> Self {
                let mut part = Self::default();
                for member in object.into_iter().flat_map(|object| object.members()) {
                    let place = $(if *member.key == *stringify!($key) {
                        &mut part.$key
                    } else)+ {
                        continue;
                    };
                    *place = Some(member.value);
                }
                part
            }
        }
    };
}

part! {
    /// `/source`
    Source { name, domain, url, canonical_url }
}
part! {
    /// `/fetch`
    Fetch { time, url, final_url, status }
}
part! {
    /// `/raw`
    Raw { digest, bytes, encoding }
}
part! {
    /// `/article`
    About {
        headline, subtitle, authors, language, published, modified, section, located, keywords
    }
}
part! {
    /// `/rights`
    Rights { license, copyright_notice, usage_info }
}
part! {
    /// `/content`
    Content { summary, text, images, embeds }
}
part! {
    /// The article itself.
    Members {
        id, source, fetch, raw, article, links, rights, absent, content_digest, text_digest, content
    }
}

/// The values of an article by their names; each is absent where the article has none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'t> {
    /// The article.
    pub(crate) root: Node<'t>,
    pub(crate) own: Members<'t>,
    pub(crate) source: Source<'t>,
    pub(crate) fetch: Fetch<'t>,
    pub(crate) raw: Raw<'t>,
    pub(crate) about: About<'t>,
    pub(crate) rights: Rights<'t>,
    pub(crate) content: Content<'t>,
}

impl<'t> View<'t> {
    /// Walks over an article.
    pub(crate) fn of(root: Node<'t>) -> Self {
        let own = Members::of(Some(root));
        Self {
            root,
            own,
            source: Source::of(own.source),
            fetch: Fetch::of(own.fetch),
            raw: Raw::of(own.raw),
            about: About::of(own.article),
            rights: Rights::of(own.rights),
            content: Content::of(own.content),
        }
    }

    /// The URLs that the article is known by, each with its place.
    pub(crate) fn addresses(&self) -> [(Option<Node<'t>>, &'static str); 4] {
        [
            (self.source.url, "/source/url"),
            (self.source.canonical_url, "/source/canonical_url"),
            (self.fetch.url, "/fetch/url"),
            (self.fetch.final_url, "/fetch/final_url"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::View;
    use crate::json::Tape;

    #[test]
    fn values_are_found_wherever_they_stand_and_however_their_keys_are_written() {
        let line =
            br#"{"content":{"x":1,"text":"a"},"so\u0075rce":{"url":"b","name":"c"},"links":[]}"#;
        let tape = Tape::parse(line).unwrap_or_else(|error| panic!("{error}"));
        let view = View::of(tape.root());
        let text = |node: Option<crate::json::Node<'_>>| node.map(|node| node.written().to_owned());
        assert_eq!(text(view.content.text).as_deref(), Some("\"a\""));
        assert_eq!(text(view.source.url).as_deref(), Some("\"b\""));
        assert_eq!(text(view.source.name).as_deref(), Some("\"c\""));
        assert_eq!(text(view.own.links).as_deref(), Some("[]"));
        assert!(view.source.domain.is_none() && view.own.id.is_none());
    }
}

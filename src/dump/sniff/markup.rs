//! HTML, XML and SGML.

use memchr::memmem;

use super::name::Name;
use super::{Evidence, Head, Kind, Told, quoted};

/// The kind of what begins with markup.
pub(super) fn told(head: Head<'_>, name: &Name<'_>) -> Option<Told> {
    let start = head.start();
    if !start.starts_with(b"<") {
        return None;
    }
    let prolog = Prolog::read(start);
    kind(&prolog, name).or_else(|| {
        let (kind, markup) = if prolog.is_xml {
            (Kind::Xml, &b"<?xml"[..])
        } else {
            (Kind::Sgml, prolog.doctype?)
        };
        Some((kind, Evidence::begins(markup)))
    })
}

/// What comes before the first element.
struct Prolog<'m> {
    /// Whether there is an XML declaration.
    is_xml: bool,
    /// The document type declaration up to its name.
    doctype: Option<&'m [u8]>,
    /// The name of the document type.
    named: &'m [u8],
    /// The first start tag, without its brackets.
    tag: Option<&'m [u8]>,
    /// What follows it.
    rest: &'m [u8],
}

impl<'m> Prolog<'m> {
    fn read(start: &'m [u8]) -> Self {
        let mut prolog = Self {
            is_xml: start.starts_with(b"<?xml"),
            doctype: None,
            named: b"",
            tag: None,
            rest: start,
        };
        while let Some(rest) = prolog.step() {
            prolog.rest = rest.trim_ascii_start();
        }
        if let Some(tag) = prolog.rest.strip_prefix(b"<")
            && tag
                .first()
                .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
            && let Some(end) = memchr::memchr2(b'>', b'<', tag)
            && tag.get(end) == Some(&b'>')
        {
            prolog.tag = tag.get(..end);
            prolog.rest = tag.get(end..).unwrap_or_default();
        }
        prolog
    }

    /// What follows a processing instruction, a comment or a document type declaration.
    fn step(&mut self) -> Option<&'m [u8]> {
        const DOCTYPE: &[u8] = b"<!doctype";
        let rest = self.rest;
        if rest.starts_with(b"<?") {
            return behind(rest, b"?>");
        }
        if rest.starts_with(b"<!--") {
            return behind(rest, b"-->");
        }
        if !rest.get(..DOCTYPE.len())?.eq_ignore_ascii_case(DOCTYPE) {
            return None;
        }
        let after = rest.get(DOCTYPE.len()..)?;
        let named = name_of(after.trim_ascii_start());
        let end = rest.len() - after.trim_ascii_start().len() + named.len();
        self.doctype = rest.get(..end);
        self.named = named;
        // Declarations within it are in square brackets.
        match memchr::memchr2(b'>', b'[', rest) {
            Some(at) if rest.get(at) == Some(&b'[') => behind(behind(rest, b"]")?, b">"),
            _ => behind(rest, b">"),
        }
    }

    /// The name of the first element, without a prefix.
    fn root(&self) -> &'m [u8] {
        let name = name_of(self.tag.unwrap_or_default());
        let local = memchr::memchr(b':', name).and_then(|at| name.get(at + 1..));
        local.unwrap_or(name)
    }

    fn tag_has(&self, part: &str) -> bool {
        let tag = self.tag.unwrap_or_default();
        memmem::find(tag, part.as_bytes()).is_some()
    }

    /// Whether an end tag follows the first start tag, or that is an end tag, too: brackets in prose have
    /// none.
    fn is_closed(&self) -> bool {
        self.tag.is_some_and(|tag| tag.ends_with(b"/")) || memmem::find(self.rest, b"</").is_some()
    }
}

fn behind<'m>(bytes: &'m [u8], end: &[u8]) -> Option<&'m [u8]> {
    bytes.get(memmem::find(bytes, end)? + end.len()..)
}

/// The name that bytes begin with, as XML has them.
fn name_of(bytes: &[u8]) -> &[u8] {
    let part = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'-' | b'.' | 0x80..)
    };
    let end = bytes.iter().position(|byte| !part(byte));
    bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default()
}

/// The kind of a document by its prolog and first element.
fn kind(prolog: &Prolog<'_>, name: &Name<'_>) -> Option<Told> {
    let is = |found: &[u8], wanted: &str| found.eq_ignore_ascii_case(wanted.as_bytes());
    let root = prolog.root();
    if let Some(doctype) = prolog.doctype
        && is(prolog.named, "html")
    {
        return Some((Kind::Html, Evidence::begins(doctype)));
    }
    if is(root, "html") {
        return Some((Kind::Html, element(root)));
    }
    if let Some(told) = dialect(prolog, root) {
        return Some(told);
    }
    let articles =
        is(root, "reuters") || root == b"DOC" || (root == b"doc" && prolog.tag_has(" id="));
    if !prolog.is_xml && (articles || is(prolog.named, "lewis") || name.ends(&["sgm", "sgml"])) {
        let why = match prolog.doctype {
            Some(doctype) => Evidence::begins(doctype),
            None => element(root),
        };
        return prolog.tag.map(|_| (Kind::Sgml, why));
    }
    if prolog.is_xml || prolog.doctype.is_some() {
        return prolog.tag.map(|_| (Kind::Xml, element(root)));
    }
    prolog.tag?;
    let html = ELEMENTS.iter().any(|wanted| is(root, wanted)) && !name.ends(&["xml"]);
    if html && (prolog.is_closed() || name.ends(&["html", "htm"])) {
        return Some((Kind::Html, element(root)));
    }
    prolog.is_closed().then(|| (Kind::Xml, element(root)))
}

fn element(name: &[u8]) -> Evidence {
    format!("its first element is `<{}>`", quoted(name)).into()
}

/// The kind of XML that its first element tells.
fn dialect(prolog: &Prolog<'_>, root: &[u8]) -> Option<Told> {
    let kind = match root {
        b"rss" if prolog.tag_has("wordpress.org/export/") => {
            let why = "its first element is `<rss>`, with the namespace of exports of WordPress";
            return Some((Kind::Wxr, why.into()));
        }
        b"rss" => Kind::Feed,
        b"feed"
            if prolog.tag_has("Atom") || prolog.tag_has("/atom/") || !prolog.tag_has("xmlns=") =>
        {
            Kind::Feed
        }
        b"RDF" if prolog.tag_has("purl.org/rss/") || prolog.tag_has("netscape.com/rdf/") => {
            Kind::Feed
        }
        b"NewsML" | b"newsItem" | b"newsMessage" | b"packageItem" | b"conceptItem"
        | b"knowledgeItem" | b"planningItem" => Kind::Newsml,
        b"nitf" => Kind::Nitf,
        b"svg" => Kind::Media,
        _ => return None,
    };
    Some((kind, element(root)))
}

/// Elements of HTML with which a piece of a page may begin.
const ELEMENTS: [&str; 53] = [
    "a",
    "article",
    "aside",
    "b",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "span",
    "strong",
    "style",
    "table",
    "td",
    "title",
    "tr",
    "ul",
];

/// Starts of tags that prose about pages seldom has, and pieces of pages often.
const BLOCKS: [&str; 14] = [
    "<p>", "</p>", "<p ", "<br>", "<br/>", "<br />", "<div", "</div>", "<li", "</li>", "<h", "</h",
    "</a>", "<img ",
];

/// The kind of text that does not begin with markup and is full of it: at least five tags, and one for
/// every 400 bytes.
pub(super) fn fragment(head: Head<'_>) -> Option<Told> {
    let bytes = head.bytes;
    let tags = memchr::memchr_iter(b'<', bytes).filter(|at| {
        let rest = bytes.get(*at..).unwrap_or_default();
        BLOCKS.iter().any(|tag| {
            rest.get(..tag.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(tag.as_bytes()))
        })
    });
    let count = tags.count();
    let why = || format!("has {count} tags of HTML such as `<p>`, `<br>`, `</div>`").into();
    (count >= 5 && count * 400 >= bytes.len()).then(|| (Kind::Html, why()))
}

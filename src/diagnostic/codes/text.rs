//! What is left in a text that no writer meant.

codes! {
    "Texts";

    TEXT_CONTROL = "text-control", Warning, "texts-control" {
        summary: "A text holds a control character.",
        what: "A text holds no character of the general category Cc but U+0009 and U+000A, and no \
            byte order mark (U+FEFF). One diagnostic counts all of a text, at the first.",
        why: "They show nothing, break lines and columns where the text is exported, and tell of \
            bytes that were read in a wrong encoding.",
        bad: r#"{"content": {"text": "Rain\u0007 fell.\rMore is to come."}}"#,
        good: r#"{"content": {"text": "Rain fell.\n\nMore is to come."}}"#,
    }
    TEXT_BIDI = "text-bidi", Warning, "texts-bidi" {
        summary: "A text is shown in another order than it is stored in.",
        what: "A text holds no bidirectional override (U+202D, U+202E), and each embedding or \
            isolate (U+202A, U+202B, U+2066 to U+2068) is closed in its paragraph. Balanced ones, \
            which posts have around names, are fine.",
        why: "What people read is not what programs see: quotes, names and figures can be made to \
            show as others.",
        bad: r#"{"article": {"headline": "Price \u202e05 euros"}}"#,
        good: r#"{"article": {"headline": "Price 50 euros"}}"#,
    }
    TEXT_REPLACEMENT = "text-replacement", Warning, "texts-replacement" {
        summary: "A text holds a replacement character.",
        what: "A text holds no U+FFFD, which decoders write for bytes that they cannot read.",
        why: "Each stands for a letter that was in the dump and is lost in the record.",
        bad: r#"{"article": {"headline": "Caf\ufffd reopens"}}"#,
        good: r#"{"article": {"headline": "Café reopens"}}"#,
    }
    TEXT_PRIVATE = "text-private", Warning, "texts-private" {
        summary: "A text holds a private-use character or a code point that is none.",
        what: "A text holds no character for private use (U+E000 to U+F8FF, planes 15 and 16) and \
            no noncharacter.",
        why: "They mean something in one font or program only. Icons of a page, bullets and letters \
            of old encodings are left behind so.",
        bad: r#"{"article": {"headline": "\uf0e7 Storm warning"}}"#,
        good: r#"{"article": {"headline": "Storm warning"}}"#,
    }
    TEXT_INVISIBLE = "text-invisible", Warning, "texts-invisible" {
        summary: "A text holds a character that nobody sees.",
        what: "A text holds no soft hyphen, zero-width space, variation selector, tag or other character \
            that is ignored in display, but where its script or a sequence of pictograms needs it. \
            Content Credentials (C2PA) that were appended to the text are recognised by their \
            first bytes.",
        why: "Texts that look the same are not found by search, tokenise in other ways, and can carry a \
            mark of where they were copied. The text digest does without such characters.",
        bad: r#"{"article": {"headline": "Har\u00adbour bridge reopens"}}"#,
        good: r#"{"article": {"headline": "Harbour bridge reopens"}}"#,
    }
    TEXT_MARKUP = "text-markup", Warning, "texts-markup" {
        summary: "A text holds markup.",
        what: "A text holds no tag of a known HTML element, no comment and no declaration. `a < b`, \
            `<3` and `<ada@example.com>` are none.",
        why: "A text is what a reader sees. Tags count as words in every figure on it.",
        bad: r#"{"content": {"text": "Rain fell.<br/>More is to come."}}"#,
        good: r#"{"content": {"text": "Rain fell.\n\nMore is to come."}}"#,
    }
    TEXT_ENTITY = "text-entity", Warning, "texts-entities" {
        summary: "A text holds a character reference of HTML.",
        what: "A text holds no `&amp;`, `&#8217;`, `&eacute;` or other reference that ends in `;`.",
        why: "The dump was decoded once too little, so that names and words are not found.",
        bad: r#"{"article": {"headline": "Ada &amp; Sons close"}}"#,
        good: r#"{"article": {"headline": "Ada & Sons close"}}"#,
    }
    TEXT_MOJIBAKE = "text-mojibake", Warning, "texts-mojibake" {
        summary: "A text was read in another encoding than its own.",
        what: "No text holds two or more sequences that UTF-8 gives when Windows-1252 or Latin-1 \
            reads it (`Ã©`, `â€™`), or a run of three that Windows-1251 gives (`РїСЂРё`), or three \
            that Mac OS Roman (`√©`) or code page 437 (`├⌐`) gives; nor three words of Cyrillic or \
            Greek read in another encoding of one byte a letter (`Íîâîñòè`, `оПЧПУФЙ`). Sequences \
            that a language has, such as a letter before a closing mark, do not count.",
        why: "No search finds the words, and no model should learn them. The bytes of the dump are \
            as good as ever.",
        bad: r#"{"article": {"headline": "CafÃ© rÃ©ouvert"}}"#,
        good: r#"{"article": {"headline": "Café réouvert"}}"#,
    }
    TEXT_SCRIPT = "text-script", Warning, "texts-script" {
        summary: "The text is not in a script of its language.",
        what: "Of the first 1,024 letters of a text at least a quarter are of a script that the \
            article's language is written in. Fewer than 64 letters, and languages that the \
            specification does not list, are not judged.",
        why: "The tag is that of the site or of another article, and every count by language is \
            wrong by one.",
        bad: r#"{"article": {"language": "en"}, "content": {"text": "Мост открыли после ремонта…"}}"#,
        good: r#"{"article": {"language": "ru"}, "content": {"text": "Мост открыли после ремонта…"}}"#,
    }
    TEXT_SHORT = "text-short", Warning, "texts-substance" {
        summary: "A text is next to nothing.",
        what: "A text has at least eight letters or digits.",
        why: "An article without a text is one thing, an article whose text was missed another. Such \
            a text is neither: extraction failed, and counts say that it did not.",
        bad: r#"{"content": {"text": "Photo"}}"#,
        good: r#"{"absent": {"text": "not_found"}}"#,
    }
    TEXT_WALL = "text-wall", Warning, "texts-article" {
        summary: "A text is that of a page in the article's place.",
        what: "A text of fewer than 1,000 bytes does not hold the words of a page that asks for \
            JavaScript, cookies, consent, a login or a proof of being human, or that says that \
            there is no such page.",
        why: "The crawler got something else than the article, with status 200. Hundreds of \
            records with one such text are common.",
        bad: r#"{"content": {"text": "Please enable JavaScript to view this page."}}"#,
        good: r#"{"absent": {"text": "not_in_dump"}}"#,
    }
    TEXT_TRUNCATED = "text-truncated", Warning, "texts-whole" {
        summary: "A text was cut.",
        what: "A text does not end in `[+123 chars]`, `[…]` or `[...]`, nor in dots and words such \
            as `Read more`; one of fewer than 500 bytes not in dots either.",
        why: "Feeds and APIs show the beginning of an article. Lengths, copies and passages found \
            on it are wrong.",
        bad: r#"{"content": {"text": "Rain fell on Thursday, and more is… [+1823 chars]"}}"#,
        good: r#"{"content": {"summary": "Rain fell on Thursday, and more is…"}, "absent": {"text": "not_in_dump"}}"#,
    }
    TEXT_SUMMARY = "text-summary", Note, "texts-not-summary" {
        summary: "The text is the summary.",
        what: "`content.text` and `content.summary` differ, white space at the ends apart.",
        why: "One of the two is not what its field says: most often the text was not there and the \
            summary was taken for it.",
        bad: r#"{"content": {"summary": "Rain fell.", "text": "Rain fell."}}"#,
        good: r#"{"content": {"summary": "Rain fell."}, "absent": {"text": "not_in_dump"}}"#,
    }
    HEADLINE_REPEATED = "headline-repeated", Warning, "texts-body" {
        summary: "The text begins with the headline.",
        what: "The first line of `content.text` is not `article.headline`.",
        why: "The text is the body. A headline in it counts twice, and is found as a passage that \
            articles share.",
        bad: r#"{"article": {"headline": "Rain falls"}, "content": {"text": "Rain falls\n\nIt fell all day."}}"#,
        good: r#"{"article": {"headline": "Rain falls"}, "content": {"text": "It fell all day."}}"#,
    }
    TEXT_DUPLICATE = "text-duplicate", Warning, "texts-once" {
        summary: "Two articles have the same text, and no relation connects them.",
        what: "Two articles whose `text_digest` is equal are connected by a relation of any kind, in \
            either direction. Of several such articles each is told of that no relation connects with \
            another of them.",
        why: "Copies count twice in every figure, and end up on both sides of a split into training \
            and test data.",
        bad: "art-1 and art-2 have the text_digest sha256:97c2…     no relation",
        good: "art-1 and art-2 have the text_digest sha256:97c2…     art-1 is_identical_to art-2",
    }
    TEXT_BOILERPLATE = "text-boilerplate", Warning, "texts-boilerplate" {
        summary: "A line begins or ends many texts of one publisher.",
        what: "No line of 20 to 300 bytes is one of the first two or the last four of the texts of ten \
            or more articles of one publisher, if that is one in twenty of them or more. It is told \
            once for the corpus, where it stands first.",
        why: "Calls to subscribe, credits and notices are no part of an article. They make texts seem \
            alike, and are counted as what a publisher writes about most.",
        bad: "art-1: …\n\nSign up for our free newsletter!     art-2: …\n\nSign up for our free newsletter!     …",
        good: "art-1: …     art-2: …     …",
    }
}

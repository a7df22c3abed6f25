//! Codes for texts that contain something their authors did not write, or lack something they did.

codes! {
    "Texts";

    TEXT_CONTROL = "text-control", Warning, "texts-control" {
        summary: "A text contains a control character.",
        what: "A text contains no character of the general category Cc except U+0009 and U+000A, and no \
            byte order mark (U+FEFF). Each text gets one diagnostic, at the first such character; the \
            message counts them all.",
        why: "Control characters are invisible, break lines and columns when the text is exported, and \
            suggest that bytes were read in the wrong encoding.",
        bad: r#"{"content": {"text": "Rain\u0007 fell.\rMore is to come."}}"#,
        good: r#"{"content": {"text": "Rain fell.\n\nMore is to come."}}"#,
    }
    TEXT_BIDI = "text-bidi", Warning, "texts-bidi" {
        summary: "A text is displayed in a different order than it is stored.",
        what: "A text contains no bidirectional override (U+202D, U+202E), and each embedding or isolate \
            (U+202A, U+202B, U+2066 to U+2068) is closed in the same paragraph. Balanced ones, as in \
            posts around names, are fine.",
        why: "People read something different from what programs see: quotes, names and figures can be \
            made to look like others.",
        bad: r#"{"article": {"headline": "Price \u202e05 euros"}}"#,
        good: r#"{"article": {"headline": "Price 50 euros"}}"#,
    }
    TEXT_REPLACEMENT = "text-replacement", Warning, "texts-replacement" {
        summary: "A text contains a replacement character.",
        what: "A text contains no U+FFFD, which decoders write in place of bytes they cannot read.",
        why: "Each one replaces a letter that was in the dump and is lost in the record.",
        bad: r#"{"article": {"headline": "Caf\ufffd reopens"}}"#,
        good: r#"{"article": {"headline": "Café reopens"}}"#,
    }
    TEXT_PRIVATE = "text-private", Warning, "texts-private" {
        summary: "A text contains a private-use character or a noncharacter.",
        what: "A text contains no private-use characters (U+E000 to U+F8FF, planes 15 and 16) and no \
            noncharacters.",
        why: "Private-use characters have a meaning only in one font or program. They are left over from \
            icons, bullets and letters of old encodings.",
        bad: r#"{"article": {"headline": "\uf0e7 Storm warning"}}"#,
        good: r#"{"article": {"headline": "Storm warning"}}"#,
    }
    TEXT_INVISIBLE = "text-invisible", Warning, "texts-invisible" {
        summary: "A text contains an invisible character.",
        what: "A text contains no soft hyphen, zero-width space, variation selector, tag or other \
            character that is ignored in display, unless its script or an emoji sequence needs it. \
            Content Credentials (C2PA) appended to the text are recognised by their first bytes.",
        why: "Texts that look the same are not found by search and are tokenised differently. Such \
            characters can also carry a mark of where the text was copied. The text digest ignores them.",
        bad: r#"{"article": {"headline": "Har\u00adbour bridge reopens"}}"#,
        good: r#"{"article": {"headline": "Harbour bridge reopens"}}"#,
    }
    TEXT_MARKUP = "text-markup", Warning, "texts-markup" {
        summary: "A text contains markup.",
        what: "A text contains no tag of a known HTML element, no comment and no declaration. `a < b`, \
            `<3` and `<ada@example.com>` are not tags.",
        why: "The text is what a reader sees. Tags would be counted as words in every statistic.",
        bad: r#"{"content": {"text": "Rain fell.<br/>More is to come."}}"#,
        good: r#"{"content": {"text": "Rain fell.\n\nMore is to come."}}"#,
    }
    TEXT_ENTITY = "text-entity", Warning, "texts-entities" {
        summary: "A text contains an HTML character reference.",
        what: "A text contains no `&amp;`, `&#8217;`, `&eacute;` or other reference that ends with `;`.",
        why: "The dump was decoded one time too few, so searches do not find names and words.",
        bad: r#"{"article": {"headline": "Ada &amp; Sons close"}}"#,
        good: r#"{"article": {"headline": "Ada & Sons close"}}"#,
    }
    TEXT_MOJIBAKE = "text-mojibake", Warning, "texts-mojibake" {
        summary: "A text was decoded with the wrong encoding.",
        what: "A text does not contain two or more sequences that result from reading UTF-8 as \
            Windows-1252 or Latin-1 (`Ã©`, `â€™`), a run of three from Windows-1251 (`РїСЂРё`), or three \
            anywhere from Mac OS Roman (`√©`) or from code page 437 (`├⌐`). It does not contain three \
            Cyrillic or Greek words read in another single-byte encoding (`Íîâîñòè`, `оПЧПУФЙ`). \
            Sequences that occur in a language, such as a letter before a closing quotation mark, do not \
            count.",
        why: "Searches do not find the words, and models should not learn them. The bytes in the dump are \
            still good.",
        bad: r#"{"article": {"headline": "CafÃ© rÃ©ouvert"}}"#,
        good: r#"{"article": {"headline": "Café réouvert"}}"#,
    }
    TEXT_SCRIPT = "text-script", Warning, "texts-script" {
        summary: "The text is not in a script of its language.",
        what: "At least a quarter of the first 1,024 letters of a text are in a script in which the \
            article's language is written. Texts with fewer than 64 letters, and languages that the \
            specification does not list, are not checked.",
        why: "The language tag probably belongs to the site or to another article, and counts by \
            language are wrong by one article.",
        bad: r#"{"article": {"language": "en"}, "content": {"text": "Мост открыли после ремонта…"}}"#,
        good: r#"{"article": {"language": "ru"}, "content": {"text": "Мост открыли после ремонта…"}}"#,
    }
    TEXT_SHORT = "text-short", Warning, "texts-substance" {
        summary: "A text is almost empty.",
        what: "A text has at least eight letters or digits.",
        why: "An article without a text is one thing, and an article whose text was missed is another. \
            This is neither: extraction failed, but the article counts as one with a text.",
        bad: r#"{"content": {"text": "Photo"}}"#,
        good: r#"{"absent": {"text": "not_found"}}"#,
    }
    TEXT_WALL = "text-wall", Warning, "texts-article" {
        summary: "The text is from a login, consent or error page, not from the article.",
        what: "A text shorter than 1,000 bytes does not contain the typical words of a page that asks for \
            JavaScript, cookies, consent, a login or proof that you are human, or that says the page does \
            not exist.",
        why: "The crawler got a different page with status 200. Often, hundreds of records have the same \
            text of this kind.",
        bad: r#"{"content": {"text": "Please enable JavaScript to view this page."}}"#,
        good: r#"{"absent": {"text": "not_in_dump"}}"#,
    }
    TEXT_TRUNCATED = "text-truncated", Warning, "texts-whole" {
        summary: "A text was cut off.",
        what: "A text does not end with `[+123 chars]`, `[…]` or `[...]`, nor with dots and words such as \
            `Read more`. A text shorter than 500 bytes does not end with dots either.",
        why: "Feeds and APIs return only the beginning of an article. Lengths, copies and passages \
            computed from it are wrong.",
        bad: r#"{"content": {"text": "Rain fell on Thursday, and more is… [+1823 chars]"}}"#,
        good: r#"{"content": {"summary": "Rain fell on Thursday, and more is…"}, "absent": {"text": "not_in_dump"}}"#,
    }
    TEXT_SUMMARY = "text-summary", Note, "texts-not-summary" {
        summary: "The text equals the summary.",
        what: "`content.text` and `content.summary` differ, ignoring white space at both ends.",
        why: "One of the two is not what its field says. Usually the dump lacked the text, and the \
            summary was used in its place.",
        bad: r#"{"content": {"summary": "Rain fell.", "text": "Rain fell."}}"#,
        good: r#"{"content": {"summary": "Rain fell."}, "absent": {"text": "not_in_dump"}}"#,
    }
    HEADLINE_REPEATED = "headline-repeated", Warning, "texts-body" {
        summary: "The text begins with the headline.",
        what: "The first line of `content.text` is not `article.headline`.",
        why: "The text is the body of the article. A headline in it is counted twice, and appears as a \
            passage that articles share.",
        bad: r#"{"article": {"headline": "Rain falls"}, "content": {"text": "Rain falls\n\nIt fell all day."}}"#,
        good: r#"{"article": {"headline": "Rain falls"}, "content": {"text": "It fell all day."}}"#,
    }
    TEXT_DUPLICATE = "text-duplicate", Warning, "texts-once" {
        summary: "Two articles have the same text, and no relation connects them.",
        what: "If two articles have the same `text_digest`, a relation of any kind connects them, in \
            either direction. In a larger group, each article is reported that no relation connects to \
            another one in the group.",
        why: "Copies count twice in every statistic, and end up on both sides of a split into training \
            and test data.",
        bad: "art-1 and art-2 have the text_digest sha256:97c2…     no relation",
        good: "art-1 and art-2 have the text_digest sha256:97c2…     art-1 is_identical_to art-2",
    }
    TEXT_BOILERPLATE = "text-boilerplate", Warning, "texts-boilerplate" {
        summary: "The same line begins or ends many texts of one publisher.",
        what: "No line of 20 to 300 bytes is one of the first two or last four lines of the texts of at \
            least ten articles of one publisher, if these are at least one in twenty of its articles. It \
            is reported once per corpus, where it first occurs.",
        why: "Calls to subscribe, credits and notices are not part of an article. They make texts look \
            alike, and a publisher seems to write about them more than about anything else.",
        bad: "art-1: …\n\nSign up for our free newsletter!     art-2: …\n\nSign up for our free newsletter!     …",
        good: "art-1: …     art-2: …     …",
    }
}

//! What a record must be beyond its schema.

codes! {
    "Records";

    RECORD_ID_DUPLICATE = "record-id-duplicate", Error, "record-id-unique" {
        summary: "Two records have one id.",
        what: "An id stands for one record of a corpus, whatever its type. A withdrawn article \
            leaves a withdrawal in its place, not beside it.",
        why: "Citations, relations and proofs name records by their ids.",
        bad: "{\"id\": \"art-1\", \"type\": \"article\", …}\n{\"id\": \"art-1\", \"type\": \"withdrawal\", …}",
        good: "{\"id\": \"art-1\", \"type\": \"withdrawal\", …}",
    }
    CONTENT_DIGEST_MISMATCH = "content-digest-mismatch", Error, "record-content-digest" {
        summary: "The content is not what its digest says.",
        what: "`content_digest` is the SHA-256 of the canonical form (RFC 8785) of `content`, and \
            is there whenever content is.",
        why: "The record digest covers the content only through it: a text that was changed, by \
            accident or on purpose, shows here.",
        bad: r#"{"content_digest": "sha256:8a5e…", "content": {"text": "Rain fell. (edited)"}}"#,
        good: r#"{"content_digest": "sha256:41d0…", "content": {"text": "Rain fell. (edited)"}}"#,
        never_known: "another change would look like the one that is known",
    }
    CONTENT_WITHHELD = "content-withheld", Note, "record-withheld" {
        summary: "The content is withheld.",
        what: "A record with a content digest and without content is one whose content was \
            withheld. Its core, its citation and the corpus's root are unharmed.",
        why: "What cannot be checked is said to be so, and is not called wrong.",
        bad: r#"{"id": "art-1", "content_digest": "sha256:41d0…"}"#,
        good: r#"{"id": "art-1", "content_digest": "sha256:41d0…", "content": {"text": "Rain fell."}}"#,
    }
    TEXT_DIGEST_MISMATCH = "text-digest-mismatch", Error, "text-v1-digest" {
        summary: "The text digest is not that of the text.",
        what: "`text_digest` is the SHA-256 of `content.text` in the form text-v1 (without \
            invisible characters, NFC, runs of white space as one space, ends trimmed), and is absent where there is no text.",
        why: "Copies of a text are found by it in other corpora.",
        bad: r#"{"content": {"text": "Rain fell."}}"#,
        good: r#"{"text_digest": "sha256:97c2…", "content": {"text": "Rain fell."}}"#,
        never_known: "another change would look like the one that is known",
    }
    DOMAIN_MISMATCH = "domain-mismatch", Error, "record-domain" {
        summary: "The domain is not the host of the URL.",
        what: "`/source/domain` is the host of `/source/url`.",
        why: "Counts by domain would not be counts by where the articles lie. One of the two is \
            of another article, or of a syndicator.",
        bad: r#"{"source": {"domain": "example.org", "url": "https://news.example.com/a"}}"#,
        good: r#"{"source": {"domain": "news.example.com", "url": "https://news.example.com/a"}}"#,
    }
    TIME_ORDER = "time-order", Warning, "time-order" {
        summary: "Times contradict each other.",
        what: "An article is published before it is modified, and both before it is fetched. \
            Times are compared as far as both are precise and their zones known.",
        why: "One of them is probably not what its field says: a crawl date taken for the date of \
            publication, a zone read wrongly.",
        bad: r#"{"article": {"published": "2022-02-12", "modified": "2022-02-11"}}"#,
        good: r#"{"article": {"published": "2022-02-11", "modified": "2022-02-12"}}"#,
    }
    ABSENT_MISSING = "absent-missing", Error, "absent-explained" {
        summary: "A value is absent and nothing says why.",
        what: "Where an article has no headline, authors, published, language, url, text or \
            fetch_time, `absent` names it with the reason: `not_in_dump`, `not_found`, \
            `unreadable` or `conflicting`.",
        why: "It tells a value that the source does not have from one that a converter overlooked.",
        bad: r#"{"article": {"headline": "Rain"}}"#,
        good: r#"{"article": {"headline": "Rain"}, "absent": {"authors": "not_in_dump", …}}"#,
    }
    ABSENT_CONTRADICTED = "absent-contradicted", Error, "absent-exclusive" {
        summary: "`absent` lists a value that the record has.",
        what: "`absent` names no value that the record has.",
        why: "One of the two is wrong, and counts of what is known would count both.",
        bad: r#"{"article": {"headline": "Rain"}, "absent": {"headline": "not_found"}}"#,
        good: r#"{"article": {"headline": "Rain"}}"#,
    }
    WITHDRAWAL_WAS = "withdrawal-was", Error, "withdrawal-was" {
        summary: "A withdrawal names another digest than the release has of its record.",
        what: "`was` is the record digest that the newest release has of the record that is withdrawn.",
        why: "It proves which state of the record was withdrawn. `dateline seal` refuses a wrong one.",
        bad: "entries.txt: art-1 article 41d0…     {\"type\": \"withdrawal\", \"id\": \"art-1\", \"was\": \"sha256:8a5e…\", …}",
        good: "entries.txt: art-1 article 41d0…     {\"type\": \"withdrawal\", \"id\": \"art-1\", \"was\": \"sha256:41d0…\", …}",
    }
    WITHDRAWAL_ALTERED = "withdrawal-altered", Error, "withdrawal-fixed" {
        summary: "A withdrawal says something else than the newest release has it say.",
        what: "`was`, `release` and `date` of a sealed withdrawal stay as they are; its `notice` and its keys are \
            taken away or stay. It is told as long as the shard with the sealed line is here.",
        why: "It is a public statement of what went, and when. `dateline seal` refuses one that was rewritten.",
        bad: "release 1: {\"type\": \"withdrawal\", \"date\": \"2024-03-01\", …}     now: {…, \"date\": \"2024-02-01\", …}",
        good: "release 1: {\"type\": \"withdrawal\", \"date\": \"2024-03-01\", …}     now: the same, without `notice`",
    }
    WITHDRAWAL_KEYS_ORDER = "withdrawal-keys-order", Error, "withdrawal-keys-order" {
        summary: "Keys of a withdrawal are out of order.",
        what: "The keys in `url_digests` and in `url_keys` ascend, each once.",
        why: "A withdrawal has one spelling, so that the same request gives the same record.",
        bad: r#"{"type": "withdrawal", "url_digests": ["sha256:7e20…", "sha256:5f1c…"], …}"#,
        good: r#"{"type": "withdrawal", "url_digests": ["sha256:5f1c…", "sha256:7e20…"], …}"#,
    }
    WITHDRAWAL_PRIVATE = "withdrawal-private", Error, "withdrawal-private" {
        summary: "A withdrawal has private and public keys.",
        what: "All keys of a withdrawal are digests, or all are HMACs under the secret.",
        why: "One public key tells what the private ones hide.",
        bad: r#"{"type": "withdrawal", "raw_digest": "sha256:5f1c…", "text_digest": "hmac-sha256:7e20…", …}"#,
        good: r#"{"type": "withdrawal", "raw_digest": "hmac-sha256:81d3…", "text_digest": "hmac-sha256:7e20…", …}"#,
    }
    WITHDRAWAL_KEYLESS = "withdrawal-keyless", Error, "withdrawal-keyless" {
        summary: "A withdrawal has keys that its reason excludes.",
        what: "A withdrawal for the reason `duplicate`, `superseded` or `removed` has no keys.",
        why: "Another record with the same URL or bytes stands for the item, or may come back: its \
            keys would refuse that record.",
        bad: r#"{"type": "withdrawal", "reason": "superseded", "raw_digest": "sha256:5f1c…", …}"#,
        good: r#"{"type": "withdrawal", "reason": "superseded", …}"#,
    }
    WITHDRAWN_RETURNED = "withdrawn-returned", Error, "withdrawal-refused" {
        summary: "A withdrawn article is back.",
        what: "No article has the raw digest or a URL of one that was withdrawn, or its id.",
        why: "A withdrawal is a promise, to a rights holder or a person, that the article does \
            not come back.",
        bad: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"raw_digest\": \"sha256:5f1c…\", …}\n\
            {\"type\": \"article\", \"id\": \"art-9\", \"raw\": {\"digest\": \"sha256:5f1c…\", …}, …}",
        good: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"raw_digest\": \"sha256:5f1c…\", …}",
    }
    WITHDRAWN_URL = "withdrawn-url", Warning, "withdrawal-held" {
        summary: "An article has the URL of a withdrawn one in another spelling.",
        what: "No article has a URL whose coarse form is that of a withdrawn article: without scheme, \
            `www.`, trailing slash, tracking parameters and the like.",
        why: "Most sites serve the same article under all of these. Only a person can say whether \
            this one does.",
        bad: "withdrawn: https://news.example/a     {\"source\": {\"url\": \"http://www.news.example/a/\"}, …}",
        good: "withdrawn: https://news.example/a     {\"source\": {\"url\": \"http://www.news.example/b/\"}, …}",
    }
    WITHDRAWAL_LOCKED = "withdrawal-locked", Note, "withdrawal-locked" {
        summary: "Private withdrawals cannot be recognised here, or decisions are not known.",
        what: "The secret of private withdrawals and the decisions of people lie in a folder beside the \
            corpus. Without the secret, a copy of a privately withdrawn article is recognised by its id \
            alone. Where the folder is there and cannot be read, this is a warning.",
        why: "A clean result means little if most withdrawn articles cannot be recognised.",
        bad: "{\"type\": \"withdrawal\", \"text_digest\": \"hmac-sha256:5f0e…\", …}     corpus.private: no `secret`",
        good: "{\"type\": \"withdrawal\", \"text_digest\": \"hmac-sha256:5f0e…\", …}     corpus.private/secret",
    }
    WITHDRAWN_TEXT = "withdrawn-text", Warning, "withdrawal-held" {
        summary: "The text of a withdrawn article stands under another id.",
        what: "No article has the text digest of one that was withdrawn.",
        why: "What was withdrawn is still published, under another id: as the same article from a \
            dump that was changed, or as another publisher's copy. Only a person can say whether the \
            copy may stay.",
        bad: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"text_digest\": \"sha256:7e20…\", …}\n\
            {\"type\": \"article\", \"id\": \"art-9\", \"text_digest\": \"sha256:7e20…\", …}",
        good: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"text_digest\": \"sha256:7e20…\", …}\n\
            {\"type\": \"withdrawal\", \"id\": \"art-9\", …}",
    }
    TIME_IMPLAUSIBLE = "time-implausible", Warning, "time-plausible" {
        summary: "A time is of no year in which that can have been.",
        what: "`published` and `modified` lie in the years 1605, of the first newspaper, to 2099, \
            `fetch.time` in 1991 to 2099; none is `1970-01-01T00:00` in UTC or without a zone, to \
            any precision.",
        why: "Tools write the beginning of their clock, or the end of their range, for a time that \
            they do not know.",
        bad: r#"{"article": {"published": "1970-01-01T00:00:00Z"}}"#,
        good: r#"{"absent": {"published": "not_found"}}"#,
    }
    VALUE_PLACEHOLDER = "value-placeholder", Warning, "record-no-placeholder" {
        summary: "A value is what a tool writes for none.",
        what: "No text is one of the words by which tools write that there is no value, such as \
            `None`, `null`, `nan`, `undefined` or `N/A`.",
        why: "Absence is the only empty value. news-please writes `None`, pandas `nan`, JavaScript \
            `undefined`: each becomes an author or a headline.",
        bad: r#"{"article": {"authors": [{"name": "None"}]}}"#,
        good: r#"{"absent": {"authors": "not_in_dump"}}"#,
    }
    AUTHOR_URL = "author-url", Warning, "record-author-name" {
        summary: "An author's name is a URL.",
        what: "An author's `name` is a name, not the address of a profile.",
        why: "Pages give the author's profile in `article:author`. Counted by name, every network \
            is another author.",
        bad: r#"{"article": {"authors": [{"name": "https://social.example/ada"}]}}"#,
        good: r#"{"article": {"authors": [{"name": "Ada Lindqvist"}]}}"#,
    }
    HEADLINE_SITE = "headline-site", Warning, "record-headline-own" {
        summary: "The headline is the publisher's name.",
        what: "`article.headline` differs from `source.name`.",
        why: "A page's title was taken for the article's: the name of the site, a section, an error \
            page.",
        bad: r#"{"source": {"name": "Example News"}, "article": {"headline": "Example News"}}"#,
        good: r#"{"source": {"name": "Example News"}, "absent": {"headline": "not_found"}}"#,
    }
    STATUS_ERROR = "status-error", Warning, "record-status-article" {
        summary: "A text came with an error.",
        what: "An article with a text has no `fetch.status` of 400 or more.",
        why: "The text is that of an error page. Where a server answers articles with errors, allow \
            the code.",
        bad: r#"{"fetch": {"status": 404}, "content": {"text": "This page has moved or is gone."}}"#,
        good: r#"{"fetch": {"status": 404}, "absent": {"text": "not_in_dump"}}"#,
    }
    CANONICAL_ELSEWHERE = "canonical-elsewhere", Note, "record-canonical-site" {
        summary: "The canonical URL is on another site.",
        what: "`source.canonical_url` is on the site of `source.url`: the last two labels of their \
            hosts are equal.",
        why: "Such an article is mostly a copy of one that another publisher has first; counted by \
            domain it is that of the copier.",
        bad: r#"{"source": {"url": "https://example.com/a", "canonical_url": "https://wire.example.org/a"}}"#,
        good: r#"{"source": {"url": "https://example.com/a", "canonical_url": "https://www.example.com/a"}}"#,
    }
    LINK_SELF = "link-self", Note, "record-link-elsewhere" {
        summary: "A link leads to the article itself.",
        what: "No link's `url` is `source.url`, whatever its fragment.",
        why: "Buttons for sharing and printing lead there. They say nothing on what the article \
            refers to.",
        bad: r#"{"source": {"url": "https://example.com/a"}, "links": [{"url": "https://example.com/a", "relation": "mentions"}]}"#,
        good: r#"{"source": {"url": "https://example.com/a"}, "links": [{"url": "https://example.com/b", "relation": "mentions"}]}"#,
    }
}

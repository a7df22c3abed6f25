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
        what: "`text_digest` is the SHA-256 of `content.text` in the form text-v1 (NFC, runs of \
            white space as one space, ends trimmed), and is absent where that is empty or there \
            is no text.",
        why: "Copies of a text are found by it in other corpora.",
        bad: r#"{"content": {"text": "Rain fell."}}"#,
        good: r#"{"text_digest": "sha256:97c2…", "content": {"text": "Rain fell."}}"#,
    }
    DOMAIN_MISMATCH = "domain-mismatch", Warning, "record-domain" {
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
        summary: "A value is said to be absent and is there.",
        what: "`absent` names no value that the record has.",
        why: "One of the two is wrong, and counts of what is known would count both.",
        bad: r#"{"article": {"headline": "Rain"}, "absent": {"headline": "not_found"}}"#,
        good: r#"{"article": {"headline": "Rain"}}"#,
    }
    WITHDRAWN_RETURNED = "withdrawn-returned", Error, "withdrawal-refused" {
        summary: "A withdrawn article is back.",
        what: "No article has the raw digest or the URL of one that was withdrawn, or its id.",
        why: "A withdrawal is a promise, to a rights holder or a person, that the article does \
            not come back.",
        bad: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"raw_digest\": \"sha256:5f1c…\", …}\n\
            {\"type\": \"article\", \"id\": \"art-9\", \"raw\": {\"digest\": \"sha256:5f1c…\", …}, …}",
        good: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"raw_digest\": \"sha256:5f1c…\", …}",
    }
}

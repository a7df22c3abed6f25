//! Codes for records that match their schema but break another rule.

codes! {
    "Records";

    RECORD_ID_DUPLICATE = "record-id-duplicate", Error, "record-id-unique" {
        summary: "Two records have the same id.",
        what: "An id names one record in a corpus, of whatever type. A withdrawal replaces the withdrawn \
            article; the corpus does not keep both.",
        why: "Citations, relations and proofs name records by their ids.",
        bad: "{\"id\": \"art-1\", \"type\": \"article\", …}\n{\"id\": \"art-1\", \"type\": \"withdrawal\", …}",
        good: "{\"id\": \"art-1\", \"type\": \"withdrawal\", …}",
    }
    CONTENT_DIGEST_MISMATCH = "content-digest-mismatch", Error, "record-content-digest" {
        summary: "The content does not match its digest.",
        what: "`content_digest` is the SHA-256 of the canonical form (RFC 8785) of `content`, and is \
            present whenever `content` is.",
        why: "The record digest covers the content only through this digest, which reveals any change to \
            the text, accidental or not.",
        bad: r#"{"content_digest": "sha256:8a5e…", "content": {"text": "Rain fell. (edited)"}}"#,
        good: r#"{"content_digest": "sha256:41d0…", "content": {"text": "Rain fell. (edited)"}}"#,
        never_known: "a different change would look the same as the known one",
    }
    CONTENT_WITHHELD = "content-withheld", Note, "record-withheld" {
        summary: "The content is withheld.",
        what: "A record that has a content digest but no content is one whose content was withheld. Its \
            core, its citation and the root of the corpus are not affected.",
        why: "dateline says what it cannot check instead of calling it wrong.",
        bad: r#"{"id": "art-1", "content_digest": "sha256:41d0…"}"#,
        good: r#"{"id": "art-1", "content_digest": "sha256:41d0…", "content": {"text": "Rain fell."}}"#,
    }
    TEXT_DIGEST_MISMATCH = "text-digest-mismatch", Error, "text-v1-digest" {
        summary: "The text digest does not match the text.",
        what: "`text_digest` is the SHA-256 of `content.text` in the form text-v1: without invisible \
            characters, in NFC, each run of white space replaced by one space, and both ends trimmed. \
            Without a text, there is no digest.",
        why: "The digest is used to find copies of a text in other corpora.",
        bad: r#"{"content": {"text": "Rain fell."}}"#,
        good: r#"{"text_digest": "sha256:97c2…", "content": {"text": "Rain fell."}}"#,
        never_known: "a different change would look the same as the known one",
    }
    DOMAIN_MISMATCH = "domain-mismatch", Error, "record-domain" {
        summary: "The domain is not the host of the URL.",
        what: "`/source/domain` is the host of `/source/url`.",
        why: "Otherwise, counts by domain would not show where the articles were published. One of the \
            two values belongs to another article or to a syndicator.",
        bad: r#"{"source": {"domain": "example.org", "url": "https://news.example.com/a"}}"#,
        good: r#"{"source": {"domain": "news.example.com", "url": "https://news.example.com/a"}}"#,
    }
    TIME_ORDER = "time-order", Warning, "time-order" {
        summary: "Times contradict each other.",
        what: "An article is published before it is modified, and both happen before it is fetched. Times \
            are compared only as far as both are precise and their zones are known.",
        why: "One of the times is probably not what its field says, such as a crawl date used as the \
            publication date, or a misread time zone.",
        bad: r#"{"article": {"published": "2022-02-12", "modified": "2022-02-11"}}"#,
        good: r#"{"article": {"published": "2022-02-11", "modified": "2022-02-12"}}"#,
    }
    ABSENT_MISSING = "absent-missing", Error, "absent-explained" {
        summary: "A value is absent without a reason.",
        what: "If an article lacks its headline, authors, published, language, url, text or fetch_time, \
            `absent` lists it with a reason: `not_in_dump`, `not_found`, `unreadable` or `conflicting`.",
        why: "The reason tells a value that the source does not have from one that a converter overlooked.",
        bad: r#"{"article": {"headline": "Rain"}}"#,
        good: r#"{"article": {"headline": "Rain"}, "absent": {"authors": "not_in_dump", …}}"#,
    }
    ABSENT_CONTRADICTED = "absent-contradicted", Error, "absent-exclusive" {
        summary: "`absent` lists a value that the record has.",
        what: "`absent` lists only values that the record does not have.",
        why: "One of the two is wrong, and the value would be counted both as present and as absent.",
        bad: r#"{"article": {"headline": "Rain"}, "absent": {"headline": "not_found"}}"#,
        good: r#"{"article": {"headline": "Rain"}}"#,
    }
    WITHDRAWAL_WAS = "withdrawal-was", Error, "withdrawal-was" {
        summary: "The digest in a withdrawal differs from that of the released record.",
        what: "`was` is the digest of the withdrawn record in the newest release.",
        why: "It proves which version of the record was withdrawn. `dateline seal` refuses a wrong digest.",
        bad: "entries.txt: art-1 article 41d0…     {\"type\": \"withdrawal\", \"id\": \"art-1\", \"was\": \"sha256:8a5e…\", …}",
        good: "entries.txt: art-1 article 41d0…     {\"type\": \"withdrawal\", \"id\": \"art-1\", \"was\": \"sha256:41d0…\", …}",
    }
    WITHDRAWAL_ALTERED = "withdrawal-altered", Error, "withdrawal-fixed" {
        summary: "A withdrawal differs from the one in the newest release.",
        what: "Once a withdrawal is sealed, its `was`, `release` and `date` never change; its `notice` \
            and keys can be removed but not changed. dateline can check this as long as it has the shard \
            with the sealed line.",
        why: "A withdrawal is a public statement of what was removed, and when. `dateline seal` refuses \
            one that was rewritten.",
        bad: "release 1: {\"type\": \"withdrawal\", \"date\": \"2024-03-01\", …}     now: {…, \"date\": \"2024-02-01\", …}",
        good: "release 1: {\"type\": \"withdrawal\", \"date\": \"2024-03-01\", …}     now: the same, without `notice`",
    }
    WITHDRAWAL_KEYS_ORDER = "withdrawal-keys-order", Error, "withdrawal-keys-order" {
        summary: "The keys of a withdrawal are out of order.",
        what: "The keys in `url_digests` and in `url_keys` are in ascending order, without duplicates.",
        why: "A withdrawal has one spelling, so the same request always gives the same record.",
        bad: r#"{"type": "withdrawal", "url_digests": ["sha256:7e20…", "sha256:5f1c…"], …}"#,
        good: r#"{"type": "withdrawal", "url_digests": ["sha256:5f1c…", "sha256:7e20…"], …}"#,
    }
    WITHDRAWAL_PRIVATE = "withdrawal-private", Error, "withdrawal-private" {
        summary: "A withdrawal mixes private and public keys.",
        what: "The keys of a withdrawal are either all digests or all HMACs under the secret.",
        why: "One public key reveals what the private keys hide.",
        bad: r#"{"type": "withdrawal", "raw_digest": "sha256:5f1c…", "text_digest": "hmac-sha256:7e20…", …}"#,
        good: r#"{"type": "withdrawal", "raw_digest": "hmac-sha256:81d3…", "text_digest": "hmac-sha256:7e20…", …}"#,
    }
    WITHDRAWAL_KEYLESS = "withdrawal-keyless", Error, "withdrawal-keyless" {
        summary: "A withdrawal has keys, but its reason does not allow any.",
        what: "A withdrawal with the reason `duplicate`, `superseded` or `removed` has no keys.",
        why: "The keys would block any record with the same URL or bytes, such as the one that replaces \
            the item, or the item itself when it comes back.",
        bad: r#"{"type": "withdrawal", "reason": "superseded", "raw_digest": "sha256:5f1c…", …}"#,
        good: r#"{"type": "withdrawal", "reason": "superseded", …}"#,
    }
    WITHDRAWN_RETURNED = "withdrawn-returned", Error, "withdrawal-refused" {
        summary: "A withdrawn article is back.",
        what: "No article has the id, the raw digest or a URL of a withdrawn article.",
        why: "A withdrawal promises a rights holder or a person that the article does not come back.",
        bad: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"raw_digest\": \"sha256:5f1c…\", …}\n\
            {\"type\": \"article\", \"id\": \"art-9\", \"raw\": {\"digest\": \"sha256:5f1c…\", …}, …}",
        good: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"raw_digest\": \"sha256:5f1c…\", …}",
    }
    WITHDRAWN_URL = "withdrawn-url", Warning, "withdrawal-held" {
        summary: "An article has the URL of a withdrawn article in another spelling.",
        what: "No article has a URL with the same coarse form as that of a withdrawn article. The coarse \
            form leaves out the scheme, `www.`, a trailing slash, tracking parameters and similar parts.",
        why: "Most sites serve the same article under all these URLs. Only a person can tell whether this \
            site does.",
        bad: "withdrawn: https://news.example/a     {\"source\": {\"url\": \"http://www.news.example/a/\"}, …}",
        good: "withdrawn: https://news.example/a     {\"source\": {\"url\": \"http://www.news.example/b/\"}, …}",
    }
    WITHDRAWAL_LOCKED = "withdrawal-locked", Note, "withdrawal-locked" {
        summary: "Private withdrawals cannot be matched, or earlier decisions are not known.",
        what: "The secret for private withdrawals and people's earlier decisions are in a folder next to \
            the corpus. Without the secret, a privately withdrawn article is recognised only by its id. \
            If the folder exists but cannot be read, this is a warning.",
        why: "A clean result means little if most withdrawn articles cannot be recognised.",
        bad: "{\"type\": \"withdrawal\", \"text_digest\": \"hmac-sha256:5f0e…\", …}     corpus.private: no `secret`",
        good: "{\"type\": \"withdrawal\", \"text_digest\": \"hmac-sha256:5f0e…\", …}     corpus.private/secret",
    }
    WITHDRAWN_TEXT = "withdrawn-text", Warning, "withdrawal-held" {
        summary: "The text of a withdrawn article is in the corpus under another id.",
        what: "No article has the text digest of a withdrawn article.",
        why: "The withdrawn text is still published under another id: either as the same article from a \
            changed dump, or as another publisher's copy. Only a person can decide whether the copy may \
            stay.",
        bad: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"text_digest\": \"sha256:7e20…\", …}\n\
            {\"type\": \"article\", \"id\": \"art-9\", \"text_digest\": \"sha256:7e20…\", …}",
        good: "{\"type\": \"withdrawal\", \"id\": \"art-1\", \"text_digest\": \"sha256:7e20…\", …}\n\
            {\"type\": \"withdrawal\", \"id\": \"art-9\", …}",
    }
    TIME_IMPLAUSIBLE = "time-implausible", Warning, "time-plausible" {
        summary: "The year of a time is implausible.",
        what: "`published` and `modified` are from 1605, the year of the first newspaper, to 2099; \
            `fetch.time` is from 1991 to 2099. None of them is `1970-01-01T00:00` in UTC or without a \
            zone, at any precision.",
        why: "Tools that do not know a time often write the start of their clock or the end of its range.",
        bad: r#"{"article": {"published": "1970-01-01T00:00:00Z"}}"#,
        good: r#"{"absent": {"published": "not_found"}}"#,
    }
    VALUE_PLACEHOLDER = "value-placeholder", Warning, "record-no-placeholder" {
        summary: "A value is a placeholder for a missing value.",
        what: "No string is a word that tools write when there is no value, such as `None`, `null`, \
            `nan`, `undefined` or `N/A`.",
        why: "To say that there is no value, leave the field out. news-please writes `None`, pandas `nan` \
            and JavaScript `undefined`, and each ends up as an author or a headline.",
        bad: r#"{"article": {"authors": [{"name": "None"}]}}"#,
        good: r#"{"absent": {"authors": "not_in_dump"}}"#,
    }
    AUTHOR_URL = "author-url", Warning, "record-author-name" {
        summary: "An author's name is a URL.",
        what: "An author's `name` is a name, not the URL of a profile.",
        why: "Web pages give the author's profile in `article:author`. Counted by name, one author with \
            profiles on two networks becomes two authors.",
        bad: r#"{"article": {"authors": [{"name": "https://social.example/ada"}]}}"#,
        good: r#"{"article": {"authors": [{"name": "Ada Lindqvist"}]}}"#,
    }
    HEADLINE_SITE = "headline-site", Warning, "record-headline-own" {
        summary: "The headline is the publisher's name.",
        what: "`article.headline` differs from `source.name`.",
        why: "The title of the page was used as the headline: the name of the site, a section or an error \
            page.",
        bad: r#"{"source": {"name": "Example News"}, "article": {"headline": "Example News"}}"#,
        good: r#"{"source": {"name": "Example News"}, "absent": {"headline": "not_found"}}"#,
    }
    STATUS_ERROR = "status-error", Warning, "record-status-article" {
        summary: "The text was fetched with an error status.",
        what: "If an article has a text, its `fetch.status` is below 400.",
        why: "The text is probably that of an error page. If the server sends its articles with an error \
            status, suppress this code.",
        bad: r#"{"fetch": {"status": 404}, "content": {"text": "This page has moved or is gone."}}"#,
        good: r#"{"fetch": {"status": 404}, "absent": {"text": "not_in_dump"}}"#,
    }
    CANONICAL_ELSEWHERE = "canonical-elsewhere", Note, "record-canonical-site" {
        summary: "The canonical URL is on another site.",
        what: "`source.canonical_url` is on the same site as `source.url`: the last two labels of their \
            hosts are equal.",
        why: "Such an article is usually a copy, and another publisher has the original. Counts by domain \
            attribute it to the publisher of the copy.",
        bad: r#"{"source": {"url": "https://example.com/a", "canonical_url": "https://wire.example.org/a"}}"#,
        good: r#"{"source": {"url": "https://example.com/a", "canonical_url": "https://www.example.com/a"}}"#,
    }
    LINK_SELF = "link-self", Note, "record-link-elsewhere" {
        summary: "A link points to the article itself.",
        what: "No link's `url` equals `source.url`, ignoring the fragment.",
        why: "Share and print buttons link there. They say nothing about what the article refers to.",
        bad: r#"{"source": {"url": "https://example.com/a"}, "links": [{"url": "https://example.com/a", "relation": "mentions"}]}"#,
        good: r#"{"source": {"url": "https://example.com/a"}, "links": [{"url": "https://example.com/b", "relation": "mentions"}]}"#,
    }
}

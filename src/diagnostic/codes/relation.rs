//! What a relation must be beyond its schema.

codes! {
    "Relations";

    RELATION_TARGET = "relation-target", Error, "relation-target" {
        summary: "A relation leads nowhere, or to two places.",
        what: "A relation has either `to`, the id of a record, or `to_url`, a URL that no record \
            of the corpus has; never both.",
        why: "Its id is made from its target, and a reader must know which to follow.",
        bad: r#"{"from": "art-1", "to": "art-2", "to_url": "https://example.com/b"}"#,
        good: r#"{"from": "art-1", "to": "art-2"}"#,
    }
    RELATION_DANGLING = "relation-dangling", Error, "relation-resolves" {
        summary: "A relation names a record that is not in the corpus.",
        what: "`from` and `to` are ids of records of the corpus. A withdrawal counts: it keeps the \
            id of what it replaces.",
        why: "A reader who follows the relation finds nothing.",
        bad: r#"{"type": "relation", "from": "art-1", "to": "art-404"}"#,
        good: r#"{"type": "relation", "from": "art-1", "to_url": "https://example.com/404"}"#,
    }
    RELATION_SELF = "relation-self", Error, "relation-not-self" {
        summary: "A relation leads from a record to itself.",
        what: "`from` and `to` differ.",
        why: "Such a relation says nothing, and counts in every figure on links.",
        bad: r#"{"relation": "references", "from": "art-1", "to": "art-1"}"#,
        good: r#"{"relation": "references", "from": "art-1", "to": "art-2"}"#,
    }
    RELATION_CIRCLE = "relation-circle", Error, "relation-acyclic" {
        summary: "Relations whose kind is an order lead in a circle.",
        what: "Relations `is_new_version_of`, `is_derived_from`, `is_translation_of`, `is_part_of`, \
            `continues`, `obsoletes`, `corrects` and `retracts` lead from no record back to it, each \
            kind by itself. A circle is told once, at the last of its relations; of those that share \
            records, the shortest through the last relation.",
        why: "Nothing is a later version of what came after it, or a part of its own part: one of \
            the relations is wrong, and whoever follows them does not come to an end.",
        bad: "art-1 continues art-2     art-2 continues art-1",
        good: "art-1 continues art-2",
    }
    RELATION_ID_MISMATCH = "relation-id-mismatch", Error, "relation-id" {
        summary: "The id of a relation is not the one its parts give.",
        what: "A relation's id is `rel-` and the first 32 hexadecimal digits of the SHA-256 of \
            the canonical form of `[relation, class, from, to or to_url, method, params]`.",
        why: "Two builds that find one relation give it one id, and a relation that was edited \
            does not keep the id of another.",
        bad: r#"{"id": "rel-1", "relation": "references", "from": "art-1", "to": "art-2", …}"#,
        good: r#"{"id": "rel-2b7e…", "relation": "references", "from": "art-1", "to": "art-2", …}"#,
    }
    RELATION_ORDER = "relation-order", Error, "relation-symmetric-order" {
        summary: "The ends of a symmetric relation are in the wrong order.",
        what: "Of a relation that holds both ways, `from` is the smaller id by bytes.",
        why: "Otherwise one fact would have two records.",
        bad: r#"{"relation": "is_identical_to", "from": "art-2", "to": "art-1"}"#,
        good: r#"{"relation": "is_identical_to", "from": "art-1", "to": "art-2"}"#,
    }
    RELATION_STALE = "relation-stale", Note, "relation-stale" {
        summary: "A relation is about an earlier text of its article.",
        what: "`from_content` and `to_content` are the content digests that the relation was \
            found on. Where the article has another now, the claim is about the earlier one.",
        why: "A claim on a text that was revised since is stale, not wrong. Link again to renew it.",
        bad: r#"{"type": "relation", "from": "art-1", "from_content": "sha256:8a5e…"}"#,
        good: r#"{"type": "relation", "from": "art-1", "from_content": "sha256:41d0…"}"#,
    }
    EVIDENCE_RANGE = "evidence-range", Error, "relation-evidence" {
        summary: "Evidence names a stretch that is not there.",
        what: "A stretch of evidence has `start` < `end`, ends within the text or raw item it is \
            in, and in a text begins and ends between characters.",
        why: "Whoever looks the passage up would see another, or none.",
        bad: r#"{"in": "text", "from": {"start": 40, "end": 4000}}      (a text of 900 bytes)"#,
        good: r#"{"in": "text", "from": {"start": 40, "end": 400}}"#,
    }
}

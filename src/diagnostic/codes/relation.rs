//! Codes for relations that match their schema but break another rule.

codes! {
    "Relations";

    RELATION_TARGET = "relation-target", Error, "relation-target" {
        summary: "A relation has no target, or has two.",
        what: "A relation has either `to`, the id of a record, or `to_url`, a URL of no record in the \
            corpus, but not both.",
        why: "The id of a relation is computed from its target, and readers must know which target to follow.",
        bad: r#"{"from": "art-1", "to": "art-2", "to_url": "https://example.com/b"}"#,
        good: r#"{"from": "art-1", "to": "art-2"}"#,
    }
    RELATION_DANGLING = "relation-dangling", Error, "relation-resolves" {
        summary: "A relation names a record that is not in the corpus.",
        what: "`from` and `to` are ids of records in the corpus. A withdrawal counts: it keeps the id of \
            the record it replaces.",
        why: "A reader who follows the relation finds nothing.",
        bad: r#"{"type": "relation", "from": "art-1", "to": "art-404"}"#,
        good: r#"{"type": "relation", "from": "art-1", "to_url": "https://example.com/404"}"#,
    }
    RELATION_SELF = "relation-self", Error, "relation-not-self" {
        summary: "A relation points from a record to itself.",
        what: "`from` and `to` differ.",
        why: "Such a relation says nothing, yet it is counted in every statistic about links.",
        bad: r#"{"relation": "references", "from": "art-1", "to": "art-1"}"#,
        good: r#"{"relation": "references", "from": "art-1", "to": "art-2"}"#,
    }
    RELATION_CIRCLE = "relation-circle", Error, "relation-acyclic" {
        summary: "Relations that express an order form a cycle.",
        what: "The relations `is_new_version_of`, `is_derived_from`, `is_translation_of`, `is_part_of`, \
            `continues`, `obsoletes`, `corrects` and `retracts` never lead from a record back to itself; \
            each kind is checked separately. A cycle is reported once, at the last of its relations. If \
            several cycles share records, the shortest one through the last relation is reported.",
        why: "Nothing is a later version of what came after it, or a part of its own part. One of the \
            relations is wrong, and a program that follows them never ends.",
        bad: "art-1 continues art-2     art-2 continues art-1",
        good: "art-1 continues art-2",
    }
    RELATION_ID_MISMATCH = "relation-id-mismatch", Error, "relation-id" {
        summary: "The id of a relation does not match its parts.",
        what: "The id of a relation is `rel-` followed by the first 32 hexadecimal digits of the SHA-256 \
            of the canonical form of `[relation, class, from, to or to_url, method, params]`.",
        why: "Two builds that find the same relation give it the same id, and an edited relation does not \
            keep its old id.",
        bad: r#"{"id": "rel-1", "relation": "references", "from": "art-1", "to": "art-2", …}"#,
        good: r#"{"id": "rel-2b7e…", "relation": "references", "from": "art-1", "to": "art-2", …}"#,
    }
    RELATION_ORDER = "relation-order", Error, "relation-symmetric-order" {
        summary: "The ends of a symmetric relation are in the wrong order.",
        what: "In a symmetric relation, `from` is the smaller id, compared byte by byte.",
        why: "Otherwise, one fact could have two records.",
        bad: r#"{"relation": "is_identical_to", "from": "art-2", "to": "art-1"}"#,
        good: r#"{"relation": "is_identical_to", "from": "art-1", "to": "art-2"}"#,
    }
    RELATION_STALE = "relation-stale", Note, "relation-stale" {
        summary: "A relation was found in an earlier text of its article.",
        what: "`from_content` and `to_content` are the content digests of the texts in which the relation \
            was found. If an article has a different digest now, the relation describes its earlier text.",
        why: "A claim about a text that has since been revised is stale, not wrong. To renew it, run \
            `dateline link`.",
        bad: r#"{"type": "relation", "from": "art-1", "from_content": "sha256:8a5e…"}"#,
        good: r#"{"type": "relation", "from": "art-1", "from_content": "sha256:41d0…"}"#,
    }
    EVIDENCE_RANGE = "evidence-range", Error, "relation-evidence" {
        summary: "A range in the evidence does not exist.",
        what: "In a range, `start` < `end`, and the range ends within its text or raw item. In a text, it \
            begins and ends between characters.",
        why: "Readers who look up the passage would find another one, or none.",
        bad: r#"{"in": "text", "from": {"start": 40, "end": 4000}}      (a text of 900 bytes)"#,
        good: r#"{"in": "text", "from": {"start": 40, "end": 400}}"#,
    }
}

//! The corpus on disk, its releases and its facets.

codes! {
    "Corpora";

    FILE_UNREADABLE = "file-unreadable", Error, "corpus-readable" {
        summary: "A file could not be read.",
        what: "Every file that is checked can be opened and read to its end.",
        why: "Nothing is said of what was not read. The message carries the system's reason.",
        bad: "records/part-00001-0f3a….jsonl: permission denied",
        good: "records/part-00001-0f3a….jsonl: 4,096 records",
        never_known: "the file is not checked",
    }
    LINES_UNREAD = "lines-unread", Note, "corpus-unread" {
        summary: "Lines of records could not be read, and so it is not known which records there are.",
        what: "Every line of articles and withdrawals can be read and has an id. While one cannot, no \
            article is said to be gone since the last release, no relation to lead nowhere, and no trace \
            to be of no article: each may be in that line. What is wrong with the line has a code of its own.",
        why: "One damaged line would otherwise be blamed on the records that refer to it.",
        bad: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", … (cut off)",
        good: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", …}",
        never_known: "what is missing is not said",
    }
    SHARD_TRUNCATED = "shard-truncated", Error, "corpus-shard-whole" {
        summary: "A compressed shard ends early or is damaged.",
        what: "A compressed shard decompresses to its end, and its own checksum holds.",
        why: "Records behind that point are lost. A copy was cut off, or the disk was full.",
        bad: "part-00000-41d09c7712ab03ff.jsonl.zst     (stops within a frame)",
        good: "part-00000-41d09c7712ab03ff.jsonl.zst     (ends with a whole frame)",
        never_known: "the records behind are not read",
    }
    SHARD_ORDER = "shard-order", Warning, "corpus-id-order" {
        summary: "The lines of a shard are not in id order.",
        what: "In a shard, ids are in ascending order, compared by bytes. Shards may overlap.",
        why: "Shards that are each in order are merged without sorting, and records, traces and entries can be \
            read side by side in one pass. Out of order, the records are the same, and so is their release: \
            `dateline pack` writes the shards in order.",
        bad: "{\"id\": \"art-2\", …}\n{\"id\": \"art-1\", …}",
        good: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", …}",
    }
    SHARD_UNLISTED = "shard-unlisted", Error, "corpus-strangers" {
        summary: "A file lies among the records, and no listing names it.",
        what: "Every file below `records/`, `relations/`, `withdrawals/` and `traces/` that holds lines, hidden \
            and nested ones too, is named by the files.json of the working state or of the newest release, where \
            there is one. One that is not is not read.",
        why: "Whoever reads all files of the folders, as `dateline verify` does, has other records than were \
            checked and sealed. A copy that removed nothing leaves such shards, and a file that was put there by \
            hand is one. No command writes to the corpus while one is there.",
        bad: "records/all.jsonl     files.json: records/part-00000-41d09c7712ab03ff.jsonl",
        good: "records/part-00000-41d09c7712ab03ff.jsonl     files.json: the same",
    }
    SHARD_UNREAD = "shard-unread", Warning, "corpus-strangers" {
        summary: "A shard of a command that is at work or was stopped is not read.",
        what: "Every shard is named by a listing. One that a writing command noted as its own, and has not named \
            yet, is no part of the corpus.",
        why: "Nothing is said of what was not read. The next command that writes removes what a stopped one left.",
        bad: "records/part-00001-0f3a2b4c5d6e7f80.jsonl     files.json: records/part-00000-41d09c7712ab03ff.jsonl",
        good: "records/part-00000-41d09c7712ab03ff.jsonl     files.json: the same",
    }
    AMONG_FOREIGN = "among-foreign", Error, "corpus-among" {
        summary: "Something among the records can hold none.",
        what: "Below `records/`, `relations/`, `withdrawals/` and `traces/` lie files of lines and folders of \
            them, and nothing else: no tables, no archives, no links to folders, no pipes.",
        why: "Readers of a received corpus take all that lies there, and what only some of them can read would \
            be part of the corpus for those alone. `dateline verify` fails for it.",
        bad: "records/train.parquet",
        good: "records/part-00000-41d09c7712ab03ff.jsonl",
    }
    RELEASE_HOLLOW = "release-hollow", Warning, "corpus-release-manifest" {
        summary: "A folder among the releases has no manifest.",
        what: "Each folder `releases/N` holds a `manifest.json`. One without it is no release: the newest is \
            the newest that has a manifest.",
        why: "A release that was copied in part is not seen at all, and a folder that somebody added says \
            nothing of the release before it.",
        bad: "releases/1/manifest.json     releases/2/",
        good: "releases/1/manifest.json     releases/2/manifest.json",
    }
    CORPUS_CONFIG = "corpus-config", Error, "corpus-config" {
        summary: "dateline.yaml is not a configuration.",
        what: "dateline.yaml is YAML of the configuration's schema: known keys, once each, of the \
            right types. `dateline schema config` prints it.",
        why: "A misspelt setting would otherwise be one that silently does nothing.",
        bad: "titel: Example corpus",
        good: "title: Example corpus",
        never_known: "the settings do not hold",
    }
    ORIGIN_MISMATCH = "origin-mismatch", Error, "corpus-against-origin" {
        summary: "Shards are held to a release of another corpus.",
        what: "The release that shards are held to with `--against` has the origin that the \
            `dateline.yaml` of their corpus gives.",
        why: "Beside the entries of another corpus every record is new, and nothing would be found. A \
            chain of releases has one origin.",
        bad: "origin: example.org/floods     release 3 of example.org/storms",
        good: "origin: example.org/floods     release 3 of example.org/floods",
        never_known: "nothing is held to the release",
    }
    ENTRIES_MISMATCH = "entries-mismatch", Warning, "manifest-entries" {
        summary: "The records are not those of the newest release.",
        what: "The entry lines that the records give are those of the newest release's \
            entries.txt. The message counts what differs and names the first records of each kind: revised, \
            gone, added, withdrawn. With `--require sealed` it is an error.",
        why: "Either somebody works on the next release, or somebody altered this one: both look alike. \
            Whoever knows of no change takes the records from another copy; whoever seals them, signs them. \
            `dateline verify` judges a release.",
        bad: "entries.txt: art-1 article 8a5e…     the record's digest: 41d0…",
        good: "entries.txt: art-1 article 41d0…     the record's digest: 41d0…",
        never_known: "another change would look like the one that is known",
    }
    ENTRIES_ALTERED = "entries-altered", Error, "corpus-entries" {
        summary: "The entries of the newest release are not those of its manifest.",
        what: "entries.txt of the newest release is there, and has the digest, the number of lines and the \
            root that the manifest states. Where it has not, the records are not held to it, and the corpus \
            is neither sealed nor signed.",
        why: "A signature covers the manifest, and only through it the records. Entries that anybody can \
            rewrite would make any records those of the release.",
        bad: "manifest.json: root sha256:41d0…     entries.txt: root sha256:8a5e…",
        good: "manifest.json: root sha256:41d0…     entries.txt: root sha256:41d0…",
        never_known: "the records are not held to the release",
    }
    SIGNATURE_INVALID = "signature-invalid", Error, "corpus-signed" {
        summary: "A signature file beside the newest manifest does not hold.",
        what: "Each file `manifest.json.sig`, `manifest.json.2.sig`, … of the newest release is a signature \
            (SSHSIG, of the namespace `dateline-manifest`) over the bytes of the manifest. Whose key made \
            it is for `dateline verify` to judge.",
        why: "A file with the right name proves nothing: the manifest was changed after it was signed, or the \
            signature belongs to something else.",
        bad: "manifest.json.sig: (empty)",
        good: "manifest.json.sig: -----BEGIN SSH SIGNATURE-----…",
        never_known: "another change would look like the one that is known",
    }
    SIGNATURE_UNCHECKED = "signature-unchecked", Warning, "corpus-signed" {
        summary: "A signature beside the newest manifest is of a kind that cannot be checked.",
        what: "A signature is by an Ed25519 key, in the form that this version knows. One of another \
            algorithm is not called wrong, and is not counted as a signature.",
        why: "What cannot be checked is said to be so.",
        bad: "manifest.json.sig: by an ecdsa-sha2-nistp256 key",
        good: "manifest.json.sig: by an ssh-ed25519 key",
        never_known: "the signature is not checked",
    }
    ARTICLE_VANISHED = "article-vanished", Error, "manifest-no-vanishing" {
        summary: "An article of the last release is gone without a withdrawal.",
        what: "Every article and withdrawal of a release is in the next one under its id, the \
            article as itself or as its withdrawal.",
        why: "A corpus that people cite does not lose articles silently.",
        bad: "release 1: art-1, art-2     release 2: art-2",
        good: "release 1: art-1, art-2     release 2: art-1 (withdrawal), art-2",
    }
    FACET_MISSING = "facet-missing", Error, "corpus-facets" {
        summary: "A record lacks a facet of provenance that was asked for.",
        what: "With `--require`, every article has the facets named: `source` (publisher and \
            URL), `fetch` (time and URL of the capture), `traced` (every value replays, every \
            byte is accounted for), `archived`, `licensed`; a corpus is `sealed` or `signed`.",
        why: "Facets are counted, not demanded, since a dump can lack what it never had. Whoever \
            needs one asks for it.",
        bad: "--require source     {\"absent\": {\"url\": \"not_in_dump\"}, …}",
        good: "--require source     {\"source\": {\"name\": \"Example News\", \"url\": \"https://example.com/a\"}, …}",
    }
}

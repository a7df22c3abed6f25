//! Codes for a corpus on disk, its releases and its facets.

codes! {
    "Corpora";

    FILE_UNREADABLE = "file-unreadable", Error, "corpus-readable" {
        summary: "A file could not be read.",
        what: "Every file that is checked can be opened and read to the end.",
        why: "dateline reports nothing about a file it could not read. The message includes the error \
            from the operating system.",
        bad: "records/part-00001-0f3a….jsonl: permission denied",
        good: "records/part-00001-0f3a….jsonl: 4,096 records",
        never_known: "the file is not checked",
    }
    LINES_UNREAD = "lines-unread", Note, "corpus-unread" {
        summary: "Some lines could not be read, so the list of records is incomplete.",
        what: "Every line of an article or withdrawal can be read and has an id. If one cannot, dateline \
            does not report articles as missing since the last release, relations as dangling, or traces \
            as orphans: the unreadable line may hold the record. The defect in the line is reported under \
            its own code.",
        why: "Otherwise one damaged line would be blamed on every record that refers to it.",
        bad: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", … (cut off)",
        good: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", …}",
        never_known: "missing records are not reported",
    }
    SHARD_TRUNCATED = "shard-truncated", Error, "corpus-shard-whole" {
        summary: "A compressed shard ends early or is damaged.",
        what: "A compressed shard decompresses to the end, and its own checksum matches.",
        why: "Records after that point are lost. Usually a copy was cut off, or the disk was full.",
        bad: "part-00000-41d09c7712ab03ff.jsonl.zst     (stops within a frame)",
        good: "part-00000-41d09c7712ab03ff.jsonl.zst     (ends with a whole frame)",
        never_known: "the records after the damage are not read",
    }
    SHARD_ORDER = "shard-order", Warning, "corpus-id-order" {
        summary: "The lines of a shard are not in id order.",
        what: "The ids in a shard are in ascending order, compared byte by byte. Shards may overlap.",
        why: "Sorted shards can be merged without sorting, and records, traces and entries can be read \
            side by side in one pass. Order does not change the records or their release. To sort the \
            shards, run `dateline pack`.",
        bad: "{\"id\": \"art-2\", …}\n{\"id\": \"art-1\", …}",
        good: "{\"id\": \"art-1\", …}\n{\"id\": \"art-2\", …}",
    }
    SHARD_UNLISTED = "shard-unlisted", Error, "corpus-strangers" {
        summary: "A file is in a folder of records, but no listing names it.",
        what: "If the working state or the newest release has a files.json, it names every file of lines \
            below `records/`, `relations/`, `withdrawals/` and `traces/`, including hidden and nested \
            files. A file that it does not name is not read.",
        why: "Readers that take every file in these folders, as `dateline verify` does, get different \
            records than were checked and sealed. Such a file is left by a copy that deletes nothing at \
            the destination, or was put there by hand. No command writes to the corpus while such a file \
            is there.",
        bad: "records/all.jsonl     files.json: records/part-00000-41d09c7712ab03ff.jsonl",
        good: "records/part-00000-41d09c7712ab03ff.jsonl     files.json: the same",
    }
    SHARD_UNREAD = "shard-unread", Warning, "corpus-strangers" {
        summary: "A shard of a running or interrupted command is not read.",
        what: "A listing names every shard. A shard that a command noted as its own but has not listed \
            yet is not part of the corpus.",
        why: "dateline reports nothing about a file it did not read. The next command that writes to the \
            corpus removes what an interrupted command left behind.",
        bad: "records/part-00001-0f3a2b4c5d6e7f80.jsonl     files.json: records/part-00000-41d09c7712ab03ff.jsonl",
        good: "records/part-00000-41d09c7712ab03ff.jsonl     files.json: the same",
    }
    AMONG_FOREIGN = "among-foreign", Error, "corpus-among" {
        summary: "Something in a folder of records cannot hold records.",
        what: "`records/`, `relations/`, `withdrawals/` and `traces/` contain only files of lines and \
            folders of such files: no tables, archives, links to folders, or pipes.",
        why: "Readers of a received corpus take everything in these folders. A file that only some \
            readers understand would be part of the corpus for those readers alone. `dateline verify` \
            fails because of it.",
        bad: "records/train.parquet",
        good: "records/part-00000-41d09c7712ab03ff.jsonl",
    }
    RELEASE_HOLLOW = "release-hollow", Warning, "corpus-release-manifest" {
        summary: "A release folder has no manifest.",
        what: "Each folder `releases/N` contains a `manifest.json`. A folder without one is not a \
            release; the newest release is the newest folder with a manifest.",
        why: "A release that was only partly copied is not seen at all. A folder that somebody added does \
            not affect the release before it.",
        bad: "releases/1/manifest.json     releases/2/",
        good: "releases/1/manifest.json     releases/2/manifest.json",
    }
    CORPUS_CONFIG = "corpus-config", Error, "corpus-config" {
        summary: "dateline.yaml is not a valid configuration.",
        what: "dateline.yaml is YAML that matches the configuration schema: known keys, each at most \
            once, with values of the right types. To print the schema, run `dateline schema config`.",
        why: "Otherwise a misspelt setting would silently do nothing.",
        bad: "titel: Example corpus",
        good: "title: Example corpus",
        never_known: "the settings are not applied",
    }
    ORIGIN_MISMATCH = "origin-mismatch", Error, "corpus-against-origin" {
        summary: "Shards are compared with a release of another corpus.",
        what: "The release named with `--against` has the same origin as the `dateline.yaml` of the \
            shards' corpus.",
        why: "Compared with another corpus, every record would look new and no problem would be found. \
            All releases in a chain have the same origin.",
        bad: "origin: example.org/floods     release 3 of example.org/storms",
        good: "origin: example.org/floods     release 3 of example.org/floods",
        never_known: "the shards are not compared with the release",
    }
    ENTRIES_MISMATCH = "entries-mismatch", Warning, "manifest-entries" {
        summary: "The records differ from those of the newest release.",
        what: "The entry lines computed from the records equal those in entries.txt of the newest \
            release. The message counts the differences and names the first records of each kind: \
            revised, gone, added, withdrawn. With `--require sealed`, this is an error.",
        why: "Either somebody is preparing the next release, or somebody altered this one; both look the \
            same. If you know of no change, take the records from another copy: sealing them would sign \
            the change. To judge a release, run `dateline verify`.",
        bad: "entries.txt: art-1 article 8a5e…     digest of the record: 41d0…",
        good: "entries.txt: art-1 article 41d0…     digest of the record: 41d0…",
        never_known: "a different change would look the same as the known one",
    }
    ENTRIES_ALTERED = "entries-altered", Error, "corpus-entries" {
        summary: "The entries of the newest release do not match its manifest.",
        what: "entries.txt of the newest release exists and has the digest, line count and root that the \
            manifest states. Otherwise the records are not compared with it, and the corpus counts as \
            neither sealed nor signed.",
        why: "A signature covers the manifest, and the records only through the manifest. If entries \
            could be rewritten, any records would pass as those of the release.",
        bad: "manifest.json: root sha256:41d0…     entries.txt: root sha256:8a5e…",
        good: "manifest.json: root sha256:41d0…     entries.txt: root sha256:41d0…",
        never_known: "the records are not compared with the release",
    }
    SIGNATURE_INVALID = "signature-invalid", Error, "corpus-signed" {
        summary: "A signature of the newest manifest is not valid.",
        what: "Each file `manifest.json.sig`, `manifest.json.2.sig`, … of the newest release is an SSHSIG \
            signature over the bytes of the manifest, with the namespace `dateline-manifest`. Whether to \
            trust the key is for `dateline verify` to judge.",
        why: "A file with the right name proves nothing. Either the manifest was changed after it was \
            signed, or the signature is for something else.",
        bad: "manifest.json.sig: (empty)",
        good: "manifest.json.sig: -----BEGIN SSH SIGNATURE-----…",
        never_known: "a different change would look the same as the known one",
    }
    SIGNATURE_UNCHECKED = "signature-unchecked", Warning, "corpus-signed" {
        summary: "A signature of the newest manifest cannot be checked.",
        what: "A signature is made with an Ed25519 key, in a form that this version supports. A signature \
            with another algorithm is not reported as wrong, and does not count as a signature.",
        why: "dateline says what it cannot check instead of calling it wrong.",
        bad: "manifest.json.sig: by an ecdsa-sha2-nistp256 key",
        good: "manifest.json.sig: by an ssh-ed25519 key",
        never_known: "the signature is not checked",
    }
    ARTICLE_VANISHED = "article-vanished", Error, "manifest-no-vanishing" {
        summary: "An article of the last release is gone, but was not withdrawn.",
        what: "Every article and withdrawal of a release is also in the next release under the same id. \
            An article may be replaced by its withdrawal.",
        why: "A corpus that people cite must not lose articles silently.",
        bad: "release 1: art-1, art-2     release 2: art-2",
        good: "release 1: art-1, art-2     release 2: art-1 (withdrawal), art-2",
    }
    FACET_MISSING = "facet-missing", Error, "corpus-facets" {
        summary: "A record lacks a required provenance facet.",
        what: "With `--require`, every article has the named facets: `source` (publisher and URL), \
            `fetch` (time and URL of the capture), `traced` (every value can be replayed and every byte \
            is accounted for), `archived`, `licensed`. A corpus can be required to be `sealed` or \
            `signed`.",
        why: "By default, facets are only counted: a dump cannot supply what it never had. Require the \
            ones you need.",
        bad: "--require source     {\"absent\": {\"url\": \"not_in_dump\"}, …}",
        good: "--require source     {\"source\": {\"name\": \"Example News\", \"url\": \"https://example.com/a\"}, …}",
    }
}

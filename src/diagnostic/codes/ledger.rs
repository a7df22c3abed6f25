//! Codes for the ledger of inputs, and for what a manifest states about the format.

codes! {
    "Ledgers and statements";

    LEDGER_LINE = "ledger-line", Error, "ledger-line" {
        summary: "A line of the ledger has the wrong form.",
        what: "A line of the ledger is strict JSON that matches its schema (`dateline schema ledger`): \
            compact, with its keys in the specified order, and ended by U+000A. It contains no messages \
            and no other fields.",
        why: "The ledger is signed. The same facts always have the same spelling, and the ledger contains \
            no text from a tool and no value from a dump.",
        bad: "{\"path\": \"a.txt\", \"bytes\": 5, …, \"ignored\": \"a note\"}",
        good: "{\"path\":\"a.txt\",\"bytes\":5,…,\"kind\":\"notes\",\"items\":0,\"records\":0}",
    }
    LEDGER_PATH = "ledger-path", Error, "ledger-path" {
        summary: "A path in the ledger leads outside the inputs.",
        what: "A path is a list of names separated by `/`. No name is empty, `.` or `..`, and none \
            contains U+0000.",
        why: "A path in the ledger must not lead a reader to a file elsewhere.",
        bad: "{\"path\":\"../secrets.txt\",…}",
        good: "{\"path\":\"courier/ferry.txt\",…}",
    }
    LEDGER_ORDER = "ledger-order", Error, "ledger-order" {
        summary: "The lines of the ledger are not in order.",
        what: "Lines for files are strictly ascending by path, compared byte by byte. A file's line is \
            followed by its refused items, sorted by offset, length and code.",
        why: "A set of files has exactly one ledger, with one line for each file.",
        bad: "{\"path\":\"b.txt\",…}\n{\"path\":\"a.txt\",…}",
        good: "{\"path\":\"a.txt\",…}\n{\"path\":\"b.txt\",…}",
    }
    LEDGER_ITEMS = "ledger-items", Error, "ledger-items" {
        summary: "The counts of a file do not add up.",
        what: "`items` equals `records` plus the counts in `refused`. The counts in `reader` add up to \
            `records`. Notes have no items.",
        why: "Every item becomes part of a record or is refused. If the sum differs, an item was lost.",
        bad: "\"items\":3,\"records\":1,\"refused\":{\"item-mismatch\":1}",
        good: "\"items\":2,\"records\":1,\"refused\":{\"item-mismatch\":1}",
    }
    LEDGER_REFUSALS = "ledger-refusals", Error, "ledger-refusals" {
        summary: "The refused items listed for a file do not match its counts.",
        what: "The line of a file is followed by as many refused items of each code as it counts, and \
            each item is within the file.",
        why: "People read the counts and look up the lines. Both must describe the same items.",
        bad: "\"refused\":{\"item-mismatch\":2}     (one line below)",
        good: "\"refused\":{\"item-mismatch\":1}     (one line below)",
    }
    LEDGER_WITHDRAWN = "ledger-withdrawn", Error, "ledger-withdrawn" {
        summary: "The ledger names a file whose items were all withdrawn, or counts such files in the \
            wrong place.",
        what: "A file has no line if all its items are refused with `item-withdrawn`. `withdrawn_files` \
            counts such files on the last line.",
        why: "The name and digest of such a file would reveal where a withdrawn article was.",
        bad: "{\"path\":\"a.txt\",…,\"items\":1,\"records\":0,\"refused\":{\"item-withdrawn\":1}}",
        good: "{\"withdrawn_files\":1}",
    }
    LEDGER_TRACES = "ledger-traces", Error, "ledger-traces" {
        summary: "A trace names bytes that are not in the ledger.",
        what: "Each location in a trace is in a file that the ledger lists with at least one record, and \
            ends within the size of that file.",
        why: "The ledger states which files the records were made from. Nobody could check a record made \
            from any other file.",
        bad: "trace: courier/ferry.txt     ledger: courier/harbour.txt",
        good: "trace: courier/ferry.txt     ledger: courier/ferry.txt",
    }
    MANIFEST_SCHEMAS = "manifest-schemas", Error, "manifest-schemas" {
        summary: "The manifest names the wrong schemas.",
        what: "The manifest of the newest release names the schemas `article`, `ledger`, `relation`, \
            `trace` and `withdrawal`, each in version 1 and with the digest of its file.",
        why: "Readers rely on it to know which schemas the lines match. They would trust any other schema \
            it named.",
        bad: "\"schemas\":[{\"name\":\"article\",…}]",
        good: "\"schemas\":[{\"name\":\"article\",…},{\"name\":\"ledger\",…},…]",
    }
    MANIFEST_PROFILES = "manifest-profiles", Error, "manifest-profiles" {
        summary: "The profiles in the manifest differ from those in the traces.",
        what: "The manifest of the newest release names exactly the profiles that its traces name, each \
            with its version and digest.",
        why: "It tells readers which profiles were used to make the corpus, without reading all traces.",
        bad: "manifest: daily-news 1     traces: daily-news 2",
        good: "manifest: daily-news 2     traces: daily-news 2",
    }
}

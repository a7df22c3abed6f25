//! What became of the inputs, and what a statement names of the format.

codes! {
    "Ledgers and statements";

    LEDGER_LINE = "ledger-line", Error, "ledger-line" {
        summary: "A line of the ledger is not in its form.",
        what: "A line of the ledger is strict JSON of its schema (`dateline schema ledger`): compact, its \
            keys in the order of the page, ended by U+000A. It holds no message and no other field.",
        why: "The ledger is signed. One set of facts has one spelling, and no prose of a tool or value of a \
            dump is in it.",
        bad: "{\"path\": \"a.txt\", \"bytes\": 5, …, \"ignored\": \"a note\"}",
        good: "{\"path\":\"a.txt\",\"bytes\":5,…,\"kind\":\"notes\",\"items\":0,\"records\":0}",
    }
    LEDGER_PATH = "ledger-path", Error, "ledger-path" {
        summary: "A path of the ledger leads out of the inputs.",
        what: "A path is names with `/` between them, none of them empty, `.` or `..`, and without U+0000.",
        why: "Whoever looks for the file must not be led to another one.",
        bad: "{\"path\":\"../secrets.txt\",…}",
        good: "{\"path\":\"courier/ferry.txt\",…}",
    }
    LEDGER_ORDER = "ledger-order", Error, "ledger-order" {
        summary: "The lines of the ledger are not in order.",
        what: "Files are strictly increasing by path, compared by bytes. The refused items of a file follow \
            its line, in order of offset, length and code.",
        why: "One set of files has one ledger, and each file one line.",
        bad: "{\"path\":\"b.txt\",…}\n{\"path\":\"a.txt\",…}",
        good: "{\"path\":\"a.txt\",…}\n{\"path\":\"b.txt\",…}",
    }
    LEDGER_ITEMS = "ledger-items", Error, "ledger-items" {
        summary: "The numbers of a file do not add up.",
        what: "`items` is `records` and the counts of `refused` together, the counts of `reader` are \
            `records` together, and notes have no items.",
        why: "Every item is in a record or refused. Where the sum is another, one was lost.",
        bad: "\"items\":3,\"records\":1,\"refused\":{\"item-mismatch\":1}",
        good: "\"items\":2,\"records\":1,\"refused\":{\"item-mismatch\":1}",
    }
    LEDGER_REFUSALS = "ledger-refusals", Error, "ledger-refusals" {
        summary: "The refused items of a file are not those that its line counts.",
        what: "Below the line of a file are as many refused items of each code as it counts, each within \
            the file.",
        why: "The counts are what is read, the lines what can be looked up. They must be of the same items.",
        bad: "\"refused\":{\"item-mismatch\":2}     (one line below)",
        good: "\"refused\":{\"item-mismatch\":1}     (one line below)",
    }
    LEDGER_WITHDRAWN = "ledger-withdrawn", Error, "ledger-withdrawn" {
        summary: "The ledger names a file of which everything was withdrawn, or counts such files in another place.",
        what: "A file all of whose items are refused with `item-withdrawn` has no line. `withdrawn_files` \
            counts such files, in the last line.",
        why: "The name and the digest of such a file would tell where a withdrawn article was.",
        bad: "{\"path\":\"a.txt\",…,\"items\":1,\"records\":0,\"refused\":{\"item-withdrawn\":1}}",
        good: "{\"withdrawn_files\":1}",
    }
    LEDGER_TRACES = "ledger-traces", Error, "ledger-traces" {
        summary: "A trace names bytes that the ledger does not have.",
        what: "Each location of a trace lies in a file that the ledger lists, ends within its size, and the \
            file has records.",
        why: "The ledger says which files the records were made of. A record of any other file was made of \
            something that nobody can be shown.",
        bad: "trace: courier/ferry.txt     ledger: courier/harbour.txt",
        good: "trace: courier/ferry.txt     ledger: courier/ferry.txt",
    }
    MANIFEST_SCHEMAS = "manifest-schemas", Error, "manifest-schemas" {
        summary: "The manifest names other schemas than those of the format.",
        what: "The manifest of the newest release names the schemas `article`, `ledger`, `relation`, `trace` \
            and `withdrawal`, each in version 1 and with the digest of its file.",
        why: "A reader takes from it what the lines match. The name of another schema would be trusted.",
        bad: "\"schemas\":[{\"name\":\"article\",…}]",
        good: "\"schemas\":[{\"name\":\"article\",…},{\"name\":\"ledger\",…},…]",
    }
    MANIFEST_PROFILES = "manifest-profiles", Error, "manifest-profiles" {
        summary: "The manifest names other profiles than the traces do.",
        what: "The manifest of the newest release names the profiles that its traces name, each with its \
            version and digest, and no others.",
        why: "By it a reader learns which profiles a corpus was made with, without reading all traces.",
        bad: "manifest: daily-news 1     traces: daily-news 2",
        good: "manifest: daily-news 2     traces: daily-news 2",
    }
}

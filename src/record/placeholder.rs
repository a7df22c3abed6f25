//! Words that stand where there is no value.

/// What tools write for nothing, in order (`spec/record.md`, `record-no-placeholder`).
pub(crate) const PLACEHOLDERS: [&str; 24] = [
    "#N/A",
    "(null)",
    "-",
    "--",
    "<NA>",
    "?",
    "N/A",
    "NAN",
    "NULL",
    "NaN",
    "NaT",
    "None",
    "Null",
    "[]",
    "[null]",
    "[object Object]",
    "n/a",
    "nan",
    "nil",
    "none",
    "null",
    "undefined",
    "{}",
    "—",
];

/// Whether a text is what another tool writes for nothing, white space at its ends apart.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let longest = "[object Object]".len();
    let text = text.trim();
    text.len() <= longest && PLACEHOLDERS.binary_search(&text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{PLACEHOLDERS, is_placeholder};

    #[test]
    fn placeholders_are_whole_values() {
        assert!(PLACEHOLDERS.is_sorted());
        assert!(is_placeholder("None") && is_placeholder("\u{a0}            NaN \n"));
        for name in [
            "Nan",
            "Nil Nadal",
            "None of the above",
            "NA",
            "Null Island",
            "N. A.",
        ] {
            assert!(!is_placeholder(name), "{name}");
        }
    }
}

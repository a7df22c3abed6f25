//! What operating systems and editors leave in folders.

/// Whether a file of this name (the last part of a path) is litter: something that an operating system or
/// an editor wrote for itself into a folder. The list is closed (`spec/dumps.md`, dump-litter).
///
/// ```
/// use dateline::dump::is_litter;
///
/// assert!(is_litter("Thumbs.db"));
/// assert!(!is_litter("thumbs.txt"));
/// ```
#[must_use]
pub fn is_litter(name: &str) -> bool {
    /// Whole names, compared without regard to case.
    const NAMES: [&str; 5] = [
        ".DS_Store",
        "Thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        ".directory",
    ];
    NAMES.iter().any(|litter| name.eq_ignore_ascii_case(litter))
        || name.starts_with("._")
        || name.starts_with(".~lock.")
        || (name.len() > 1 && name.ends_with('~'))
}

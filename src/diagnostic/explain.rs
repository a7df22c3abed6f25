//! The page about a code, and the page about all codes.

use std::fmt::Write as _;

use super::codes::{CODES, Code, GROUPS};
use super::escape::shown;

/// A name that is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a code{}", shown(.name), suggestion(.nearest))]
pub struct UnknownCode {
    /// The name.
    pub name: String,
    /// Codes with similar names, most similar first; at most three.
    pub nearest: Vec<&'static str>,
}

/// The page about the code `name`, in Markdown: the rule, the reason for it, a bad and a good example.
///
/// # Errors
///
/// [`UnknownCode`], with similar names.
///
/// ```
/// use dateline::diagnostic::explain;
///
/// assert!(explain("trace-gap")?.starts_with("# trace-gap\n"));
/// assert_eq!(
///     explain("trace-gaps").unwrap_err().to_string(),
///     "`trace-gaps` is not a code; did you mean `trace-gap`?"
/// );
/// # Ok::<(), dateline::diagnostic::UnknownCode>(())
/// ```
pub fn explain(name: &str) -> Result<String, UnknownCode> {
    Code::find(name).map(|code| page(code, 1))
}

impl Code {
    /// The code with this name.
    ///
    /// # Errors
    ///
    /// [`UnknownCode`], with similar names.
    pub fn find(name: &str) -> Result<&'static Self, UnknownCode> {
        Self::named(name).ok_or_else(|| UnknownCode {
            name: name.to_owned(),
            nearest: nearest(name),
        })
    }
}

/// All pages, by subject: the text of `spec/diagnostics.md`.
#[must_use]
pub fn reference() -> String {
    let mut out = String::from(
        "# Diagnostics\n\n\
        <!-- Written from the table in src/diagnostic/codes by `DATELINE_BLESS=1 cargo test \
        diagnostic::`; do not edit. -->\n\n\
        ```text\n\
        error[record-id-duplicate]: id `art-1` occurs a second time\n \
        --> records.jsonl:2:46 (/id)\n  \
        |\n\
        2 | {\"format\":\"dateline/1\",\"type\":\"article\",\"id\":\"art-1\"}\n  \
        |                                              ^^^^^^^\n  \
        = help: the first is in line 1\n\
        ```\n\n\
        Every defect that dateline finds in data has one of the codes below. Codes are never \
        renamed, and the name of a removed code is never reused. An *error* means that data cannot be \
        relied on, or that an item could not be read. A *warning* means that something is probably \
        wrong or needs tidying up. A *note* is worth knowing. `dateline explain CODE` prints the \
        page about a code.\n",
    );
    for group in GROUPS {
        push(&mut out, format_args!("\n## {}\n\n", group.title));
        out.push_str("| Code | Severity | Requirement | |\n|---|---|---|---|\n");
        for code in group.codes {
            let Code {
                name,
                severity,
                requirement,
                summary,
                ..
            } = code;
            push(
                &mut out,
                format_args!(
                    "| [`{name}`](#{name}) | {severity} | `{requirement}` | {summary} |\n"
                ),
            );
        }
        for code in group.codes {
            out.push('\n');
            out.push_str(&page(code, 3));
        }
    }
    out
}

/// The page about a code, with its title at heading level `level`.
fn page(code: &Code, level: usize) -> String {
    let title = "#".repeat(level);
    let mut out = format!(
        "{title} {}\n\n{}\n\nSeverity: {}. Requirement: `{}`.\n",
        code.name, code.summary, code.severity, code.requirement
    );
    if let Some(reason) = code.never_known {
        push(
            &mut out,
            format_args!("\nA baseline never holds this back: {reason}.\n"),
        );
    }
    for (heading, text) in [("What", code.what), ("Why", code.why)] {
        push(&mut out, format_args!("\n{title}# {heading}\n\n{text}\n"));
    }
    for (heading, text) in [("Bad", code.bad), ("Good", code.good)] {
        push(
            &mut out,
            format_args!("\n{title}# {heading}\n\n```text\n{text}\n```\n"),
        );
    }
    out
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a `String` does not fail.
    let _ = out.write_fmt(text);
}

/// The codes with the most similar names, if any are similar enough.
fn nearest(name: &str) -> Vec<&'static str> {
    const LIKE: f64 = 0.75;
    let name = name.to_lowercase().replace('_', "-");
    let mut scored: Vec<(f64, &str)> = CODES
        .iter()
        .map(|code| (strsim::jaro_winkler(&name, code.name), code.name))
        .filter(|(score, _)| *score >= LIKE)
        .collect();
    scored.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(two.1)));
    // A name that is almost a code needs no alternatives.
    let kept = if scored.first().is_some_and(|(score, _)| *score > 0.95) {
        1
    } else {
        3
    };
    scored
        .into_iter()
        .take(kept)
        .map(|(_, name)| name)
        .collect()
}

fn suggestion(nearest: &[&str]) -> String {
    match nearest {
        [] => "; to list the codes, run `dateline explain`".to_owned(),
        names => format!("; did you mean `{}`?", names.join("`, `")),
    }
}

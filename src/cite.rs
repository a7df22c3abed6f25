//! How to cite a release.
//!
//! A citation names the corpus by its origin, the release by its number and day, and pins both by the
//! digest of the manifest: whoever holds a copy verifies with `dateline verify --cited sha256:…` that
//! it is the one cited, and with `sha256sum manifest.json` that the digest is right.

use std::fmt::Write as _;
use std::str::FromStr;

use crate::digest::Digest;
use crate::manifest::Manifest;

/// The form of a citation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// An entry of a BibTeX database.
    #[default]
    Bibtex,
    /// One line of plain text.
    Text,
}

/// A name that is no style.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no style: `bibtex` or `text`", .0.escape_debug())]
pub struct UnknownStyle(pub String);

impl Style {
    /// Every style.
    pub const ALL: [Self; 2] = [Self::Bibtex, Self::Text];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bibtex => "bibtex",
            Self::Text => "text",
        }
    }
}

impl FromStr for Style {
    type Err = UnknownStyle;

    fn from_str(name: &str) -> Result<Self, UnknownStyle> {
        Self::ALL
            .into_iter()
            .find(|style| style.name() == name)
            .ok_or_else(|| UnknownStyle(name.to_owned()))
    }
}

/// The citation of a release, ended by U+000A.
///
/// `digest` is that of the bytes of `manifest.json`; it is given and not computed so that a citation
/// is always of bytes that were read.
///
/// The text is the same for the same release, wherever and whenever it is made. What would move a
/// terminal's cursor or change the direction of writing is a space in it.
#[must_use]
pub fn cite(manifest: &Manifest, digest: &Digest, style: Style) -> String {
    match style {
        Style::Bibtex => bibtex(manifest, digest),
        Style::Text => text(manifest, digest),
    }
}

fn text(manifest: &Manifest, digest: &Digest) -> String {
    let predicate = &manifest.predicate;
    let corpus = &predicate.corpus;
    let mut line = format!(
        "{}. {}, release {}, {}.",
        shown(corpus.title.trim_end_matches('.')),
        shown(&corpus.origin),
        predicate.release,
        predicate.created.day()
    );
    if let Some(license) = &corpus.license {
        // Writing to a String cannot fail.
        let _ = write!(line, " Licence: {}.", shown(license));
    }
    let _ = writeln!(line, " Manifest {digest}.");
    line
}

fn bibtex(manifest: &Manifest, digest: &Digest) -> String {
    let predicate = &manifest.predicate;
    let corpus = &predicate.corpus;
    let created = &predicate.created;
    let host = corpus.origin.split('/').next().unwrap_or_default();
    let mut note = format!("Manifest {digest}");
    if let Some(license) = &corpus.license {
        let _ = write!(note, ". Licence: {}", escaped(license));
    }
    let fields = [
        // The inner braces keep the title's capitals.
        ("title", format!("{{{}}}", escaped(&corpus.title))),
        (
            "howpublished",
            format!("{}, release {}", escaped(&corpus.origin), predicate.release),
        ),
        ("publisher", escaped(host)),
        ("version", predicate.release.to_string()),
        ("date", created.day().to_owned()),
        ("year", created.year().to_owned()),
        ("month", created.month().to_owned()),
        ("note", note),
    ];
    let mut entry = format!("@misc{{{},\n", key(manifest, digest));
    for (name, value) in fields {
        let _ = writeln!(entry, "  {name:<12} = {{{value}}},");
    }
    entry.push_str("}\n");
    entry
}

/// The key of the entry: the origin with `-` for every run of other characters than letters and
/// digits, the release, and the first eight digits of the digest.
fn key(manifest: &Manifest, digest: &Digest) -> String {
    let origin = &manifest.predicate.corpus.origin;
    let mut key = String::new();
    for word in origin.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !word.is_empty() {
            key.push_str(word);
            key.push('-');
        }
    }
    format!("{key}{}-{:.8}", manifest.predicate.release, digest.hex())
}

/// What BibTeX and LaTeX give a meaning, written so that it has none. Braces are counted by BibTeX
/// even behind a backslash, so they get names.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in shown(text).chars() {
        match character {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            '$' | '&' | '#' | '_' | '%' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

/// The text on one line, with a space for what no reader should print as it is.
fn shown(text: &str) -> String {
    let unsafe_character = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}'
            )
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text: String = text
        .chars()
        .map(|c| if unsafe_character(c) { ' ' } else { c })
        .collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Style, UnknownStyle, cite};
    use crate::digest::Digest;
    use crate::manifest::Manifest;
    use crate::manifest::samples;

    fn manifest(title: &str, license: Option<&str>) -> (Manifest, Digest) {
        let mut manifest = samples::manifest();
        title.clone_into(&mut manifest.predicate.corpus.title);
        manifest.predicate.corpus.license = license.map(str::to_owned);
        (manifest, Digest::of(b"manifest"))
    }

    #[test]
    fn bibtex_pins_the_release_by_digest() {
        let (manifest, digest) = manifest("Floods of the Upper Valley", Some("CC-BY-4.0"));
        insta::assert_snapshot!(cite(&manifest, &digest, Style::Bibtex), @r#"
        @misc{example-org-floods-2-05b3abf2,
          title        = {{Floods of the Upper Valley}},
          howpublished = {example.org/floods, release 2},
          publisher    = {example.org},
          version      = {2},
          date         = {2026-11-01},
          year         = {2026},
          month        = {11},
          note         = {Manifest sha256:05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f. Licence: CC-BY-4.0},
        }
        "#);
    }

    #[test]
    fn text_is_one_line() {
        let (manifest, digest) = manifest("Floods\nof\u{202e} the\u{1b}[31m Valley.", None);
        insta::assert_snapshot!(cite(&manifest, &digest, Style::Text), @"Floods of  the [31m Valley. example.org/floods, release 2, 2026-11-01. Manifest sha256:05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f.");
    }

    #[test]
    fn nothing_in_a_title_means_something_to_bibtex() {
        let (manifest, digest) = manifest(r#"100% {R&D} \ #1 $_^~ "Ünï" <|>"#, Some("a_b"));
        let entry = cite(&manifest, &digest, Style::Bibtex);
        let depth = entry.chars().try_fold(0_i32, |depth, c| match c {
            '{' => Some(depth + 1),
            '}' if depth > 0 => Some(depth - 1),
            '}' => None,
            _ => Some(depth),
        });
        assert_eq!(depth, Some(0));
        insta::assert_snapshot!(entry, @r##"
        @misc{example-org-floods-2-05b3abf2,
          title        = {{100\% \textbraceleft{}R\&D\textbraceright{} \textbackslash{} \#1 \$\_\textasciicircum{}\textasciitilde{} "Ünï" \textless{}\textbar{}\textgreater{}}},
          howpublished = {example.org/floods, release 2},
          publisher    = {example.org},
          version      = {2},
          date         = {2026-11-01},
          year         = {2026},
          month        = {11},
          note         = {Manifest sha256:05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f. Licence: a\_b},
        }
        "##);
    }

    #[test]
    fn styles_have_names() {
        for style in Style::ALL {
            assert_eq!(style.name().parse(), Ok(style));
        }
        assert_eq!("ris".parse::<Style>(), Err(UnknownStyle("ris".to_owned())));
    }
}

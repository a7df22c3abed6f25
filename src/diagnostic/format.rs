//! The forms in which a report is written.

use std::io;

use super::{Report, Styles, concise, full, github, gitlab, json, jsonl, junit, sarif};

/// One of the forms in which a report is written: a renderer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For people: the text around each place, marked.
    Full,
    /// One line a diagnostic.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// SARIF 2.1.0, as code scanning takes it.
    Sarif,
    /// JUnit's XML, as test reports show it.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Full,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Junit,
        Self::Github,
        Self::Gitlab,
    ];

    /// The name, as the command line knows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }

    /// Whether people read it, line by line, and not a program.
    #[must_use]
    pub const fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// How many diagnostics are listed unless somebody asks for another number: what people read, or
    /// as many as code scanning shows of one upload.
    #[must_use]
    pub const fn usual_limit(self) -> usize {
        if self.is_for_people() { 100 } else { 5_000 }
    }

    /// What it is, as the command line's help says it.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Full => "With the lines they are about",
            Self::Concise => "One line each",
            Self::Json => "One JSON document",
            Self::Jsonl => "One JSON object a line",
            Self::Sarif => "SARIF 2.1.0, for code scanning",
            Self::Junit => "JUnit's XML, for test reports",
            Self::Github => "Annotations of GitHub Actions",
            Self::Gitlab => "GitLab's Code Quality",
        }
    }
}

impl Report {
    /// Writes the report. Only what people read has styles.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(
        &self,
        out: &mut dyn io::Write,
        format: Format,
        styles: &Styles,
    ) -> io::Result<()> {
        match format {
            Format::Full => full::write(out, self, styles),
            Format::Concise => concise::write(out, self, styles),
            Format::Json => json::write(out, self),
            Format::Jsonl => jsonl::write(out, self),
            Format::Sarif => sarif::write(out, self),
            Format::Junit => junit::write(out, self),
            Format::Github => github::write(out, self),
            Format::Gitlab => gitlab::write(out, self),
        }
    }
}

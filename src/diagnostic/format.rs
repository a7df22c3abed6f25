//! The formats of a report.

use std::io;

use super::{Report, Styles, concise, full, github, gitlab, json, jsonl, junit, sarif};

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For people: each diagnostic with its line of the file, marked.
    Full,
    /// One line per diagnostic.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
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

    /// The name on the command line.
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

    /// Whether the format is for people, not for programs.
    #[must_use]
    pub const fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// How many diagnostics are listed by default: as many as people read, or as code scanning shows per
    /// upload.
    #[must_use]
    pub const fn usual_limit(self) -> usize {
        if self.is_for_people() { 100 } else { 5_000 }
    }

    /// The description in the help of the command line.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Full => "Each finding with its line of the file",
            Self::Concise => "One line per finding",
            Self::Json => "One JSON document",
            Self::Jsonl => "One JSON object per line",
            Self::Sarif => "SARIF 2.1.0, for code scanning",
            Self::Junit => "JUnit XML, for test reports",
            Self::Github => "Annotations for GitHub Actions",
            Self::Gitlab => "GitLab Code Quality",
        }
    }
}

impl Report {
    /// Writes the report. Styles apply only to formats for people.
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

//! How much of its provenance an article shows.

use std::fmt;
use std::str::FromStr;

use crate::check::line::findings::Findings;
use crate::check::line::value::{brace, pointer};
use crate::check::line::view::View;
use crate::diagnostic::{Diagnostic, Facets, Place, codes, escape};

/// A part of provenance that an article, or a corpus, shows or lacks.
///
/// Facets are no levels: none stands above another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The article names its publisher and its URL.
    Source,
    /// The time and the URL of its capture were recorded then.
    Fetch,
    /// Every value has its bytes and every byte is accounted for: it is *named*. With the raw items at
    /// hand every value is what its bytes give, too: it is *replayed*.
    Traced,
    /// The raw item lies in an archive whose digests hold. This version reads no archives, so no
    /// article shows it.
    Archived,
    /// A licence is stated.
    Licensed,
    /// The corpus has a release of just these records.
    Sealed,
    /// A signature of the newest release holds. Whose it is, is for `verify` to say.
    Signed,
}

/// A text that names no facet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a facet: {}",
    escape::shown(.0),
    Facet::ALL.map(Facet::name).join(", ")
)]
pub struct UnknownFacet(pub String);

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 7] = [
        Self::Source,
        Self::Fetch,
        Self::Traced,
        Self::Archived,
        Self::Licensed,
        Self::Sealed,
        Self::Signed,
    ];

    /// Its name on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Fetch => "fetch",
            Self::Traced => "traced",
            Self::Archived => "archived",
            Self::Licensed => "licensed",
            Self::Sealed => "sealed",
            Self::Signed => "signed",
        }
    }

    /// The value that an article lacks with it: so a baseline tells facets apart.
    const fn pointer(self) -> &'static str {
        match self {
            Self::Source => "/source",
            Self::Fetch => "/fetch",
            Self::Archived => "/raw",
            Self::Licensed => "/rights/license",
            Self::Traced | Self::Sealed | Self::Signed => "/id",
        }
    }

    /// Why an article lacks it, as a message goes on.
    const fn lack(self) -> &'static str {
        match self {
            Self::Source => "`/source/name` and `/source/url` are not both there",
            Self::Fetch => "`/fetch/time` and `/fetch/url` are not both there",
            Self::Traced => "its trace is missing or does not hold",
            Self::Archived => "its raw item is in no archive that was read",
            Self::Licensed => "`/rights/license` is not there",
            Self::Sealed => "no release is known to hold just these records",
            Self::Signed => "no signature of the newest release holds",
        }
    }

    /// What to do about it.
    const fn remedy(self) -> &'static str {
        match self {
            Self::Source | Self::Fetch => {
                "write both where they are known; where the dump never had them, do not require the facet"
            }
            Self::Licensed => {
                "write it where it is known; where the dump never had it, do not require the facet"
            }
            Self::Traced => {
                "`dateline convert` writes a trace beside each article that it makes; what is wrong with \
                 one is a finding of its own"
            }
            Self::Archived => "this version reads no archives: do not require the facet",
            Self::Sealed => {
                "take the release from another copy; what is wrong with this one is a finding of its own"
            }
            Self::Signed => {
                "take the signatures from where the corpus was published; a release that nobody signed can be \
                 signed by whoever sealed it"
            }
        }
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Facet {
    type Err = UnknownFacet;

    fn from_str(text: &str) -> Result<Self, UnknownFacet> {
        let named = Self::ALL.into_iter().find(|facet| facet.name() == text);
        named.ok_or_else(|| UnknownFacet(text.to_owned()))
    }
}

/// Whether an article shows a facet, its trace apart.
fn shows(article: &View<'_>, facet: Facet, traced: bool) -> bool {
    let View { source, fetch, .. } = article;
    match facet {
        Facet::Source => source.name.is_some() && source.url.is_some(),
        Facet::Fetch => fetch.time.is_some() && fetch.url.is_some(),
        Facet::Traced => traced,
        Facet::Archived => false,
        Facet::Licensed => article.rights.license.is_some(),
        // Of the corpus, not of an article.
        Facet::Sealed | Facet::Signed => true,
    }
}

/// The facets of one article, and a diagnostic for each that is required and lacking.
///
/// `traced` says whether the trace holds; it is absent where no trace was looked for. `replayed` says
/// whether raw bytes were at hand for that.
pub(crate) fn of(
    article: &View<'_>,
    traced: Option<bool>,
    replayed: bool,
    require: &[Facet],
    findings: &mut Findings<'_>,
) -> Facets {
    let shows = |facet| shows(article, facet, traced.unwrap_or_default());
    for &facet in require {
        if !shows(facet) {
            let message = format!("the article lacks the facet `{facet}`: {}", facet.lack());
            let id = article.own.id;
            let span = id.map_or_else(|| brace(article.root), |id| id.span());
            let place = Some(pointer(facet.pointer()));
            findings
                .push(codes::FACET_MISSING, span, place, message)
                .hint = Some(facet.remedy().to_owned());
        }
    }
    let one = |facet| Some(u64::from(shows(facet)));
    Facets {
        source: one(Facet::Source),
        fetch: one(Facet::Fetch),
        named: traced.filter(|_| !replayed).map(u64::from),
        replayed: traced.filter(|_| replayed).map(u64::from),
        licensed: one(Facet::Licensed),
        ..Facets::default()
    }
}

/// A diagnostic for each facet of a corpus that is required and lacking.
pub(crate) fn of_corpus(facets: Facets, require: &[Facet], file: &str) -> Vec<Diagnostic> {
    let lacking = require.iter().filter(|facet| match facet {
        Facet::Sealed => facets.sealed != Some(true),
        Facet::Signed => facets.signed != Some(true),
        Facet::Source | Facet::Fetch | Facet::Traced | Facet::Archived | Facet::Licensed => false,
    });
    let diagnose = |facet: &Facet| lacks(*facet, file, facet.lack(), facet.remedy());
    lacking.map(diagnose).collect()
}

/// The same where there is no release; `cause` says why.
pub(crate) fn unsealed(require: &[Facet], file: &str, cause: &str) -> Vec<Diagnostic> {
    let lacking = require
        .iter()
        .filter(|facet| matches!(facet, Facet::Sealed | Facet::Signed));
    let diagnose = |facet: &Facet| {
        lacks(
            *facet,
            file,
            cause,
            "a published corpus comes with its releases: take them from another copy; a new one has none \
             until it is checked and sealed",
        )
    };
    lacking.map(diagnose).collect()
}

fn lacks(facet: Facet, file: &str, cause: &str, remedy: &str) -> Diagnostic {
    let message = format!("the corpus lacks the facet `{facet}`: {cause}");
    // There is no record to point into; in a report this is the facet.
    let place = Place::file(file).pointer(pointer("/facets").key(facet.name()));
    Diagnostic::new(codes::FACET_MISSING, place, message).hint(remedy)
}

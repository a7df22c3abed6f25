//! What `dateline.yaml` asks of a check.

use std::path::Path;

use crate::check::line::findings::file_name;
use crate::check::{CheckError, Facet, Options};
use crate::corpus::{CONFIG, Config, ConfigError, Corpus, Origin, Part};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, codes};

/// The options with those that `dateline.yaml` adds, and what is wrong with that.
pub(crate) fn with(
    corpus: &Corpus,
    options: &Options,
) -> Result<(Options, Vec<Diagnostic>), CheckError> {
    let mut options = options.clone();
    let mut place = Place::file(&*file_name(corpus.root(), CONFIG));
    let config = match Config::open(corpus.root()) {
        Ok(None) => return Ok((options, Vec::new())),
        Ok(Some(config)) => config,
        Err(ConfigError::Path(error)) => return Err(error.into()),
        Err(error @ ConfigError::Io(_)) => {
            let found = Diagnostic::new(codes::FILE_UNREADABLE, place, error.to_string());
            return Ok((options, vec![found]));
        }
        Err(error) => {
            if let ConfigError::Yaml { line, column, .. } = &error {
                (place.line, place.column) = (*line, *column);
            }
            let found = Diagnostic::new(codes::CORPUS_CONFIG, place, error.to_string())
                .hint("`dateline schema config` prints what it may hold");
            return Ok((options, vec![found]));
        }
    };
    let mut found = Vec::new();
    let mut wrong = |message: String| {
        found.push(Diagnostic::new(
            codes::CORPUS_CONFIG,
            place.clone(),
            message,
        ));
    };
    for name in &config.require {
        match name.parse() {
            Ok(facet) => options.require.push(facet),
            Err(error) => wrong(error.to_string()),
        }
    }
    for name in &config.deny {
        match Code::find(name) {
            Ok(code) => options.deny.push(code),
            Err(error) => wrong(error.to_string()),
        }
    }
    for name in &config.allow {
        match Code::find(name) {
            Ok(code) if code.severity == Severity::Error => wrong(format!(
                "`allow` names `{name}`, the code of an error, and errors cannot be suppressed"
            )),
            // The file may have been received with the corpus.
            Ok(Code {
                never_known: Some(reason),
                ..
            }) => wrong(format!(
                "`allow` names `{name}`, which no configuration may hold back: {reason}"
            )),
            Ok(code) => options.allow.push(code),
            Err(error) => wrong(error.to_string()),
        }
    }
    options.require.sort_unstable();
    options.require.dedup();
    Ok((options, found))
}

/// The options for one file of records, with what the corpus that it lies in adds to them, and what is
/// wrong with that; as they are where it lies in none.
///
/// A shard shows neither traces nor releases: facets of these are not asked of it.
pub(crate) fn around(file: &Path, options: &Options) -> (Options, Vec<Diagnostic>) {
    let Some(corpus) = corpus_of(file) else {
        return (options.clone(), Vec::new());
    };
    // A corpus whose configuration leads out of it is for the check of the corpus to refuse.
    let Ok((mut with, found)) = with(&corpus, options) else {
        return (options.clone(), Vec::new());
    };
    with.require.retain(|facet| {
        options.require.contains(facet)
            || matches!(facet, Facet::Source | Facet::Fetch | Facet::Licensed)
    });
    (with, found)
}

/// The origin that the `dateline.yaml` in the folder `root` gives; nothing where it cannot be read.
pub(crate) fn origin(root: &Path) -> Option<Origin> {
    Some(Config::open(root).ok()??.origin)
}

/// The corpus of which the file lies among the shards.
fn corpus_of(file: &Path) -> Option<Corpus> {
    Corpus::open(root_of(file)?).ok()
}

/// The folder of that corpus, where it has a `dateline.yaml`.
pub(crate) fn root_of(file: &Path) -> Option<&Path> {
    folder_of(file).filter(|root| root.join(CONFIG).is_file())
}

/// The folder of the corpus that a file named as a shard is lies in, as far as its path says.
pub(crate) fn folder_of(file: &Path) -> Option<&Path> {
    let folder = file.parent()?;
    let name = folder.file_name()?.to_str()?;
    let parts = [
        Part::Records,
        Part::Relations,
        Part::Withdrawals,
        Part::Traces,
    ];
    if !parts.iter().any(|part| part.folder() == name) {
        return None;
    }
    let root = folder.parent()?;
    Some(if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    })
}

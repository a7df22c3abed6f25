//! What `dateline.yaml` asks of a check.

use super::findings::file_name;
use super::{CheckError, Options};
use crate::corpus::{CONFIG, Config, ConfigError, Corpus};
use crate::diagnostic::{Code, Diagnostic, Place, codes, escape};

/// The options with those that `dateline.yaml` adds, and what is wrong with that.
pub(super) fn with(
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
    for (names, into) in [
        (&config.deny, &mut options.deny),
        (&config.allow, &mut options.allow),
    ] {
        for name in names {
            match Code::named(name) {
                Some(code) => into.push(code),
                None => wrong(format!("there is no code `{}`", escape::shown(name))),
            }
        }
    }
    options.require.sort_unstable();
    options.require.dedup();
    Ok((options, found))
}

//! `dateline.yaml`: reads it, or makes a new one from the name of the folder.

use std::path::{Path, PathBuf};

use dateline::corpus::{CONFIG, Config, Origin, WriteOptions};
use dateline::manifest::CorpusName;

use crate::args::About;
use crate::failure::Failure;

/// The configuration of the corpus at `path`, or a new one from `about`.
pub(crate) fn read_or_new(path: &Path, about: &About) -> Result<Config, Failure> {
    if let Some(config) = read(path)? {
        let origin = about.origin.as_ref().map(|origin| origin.parse::<Origin>());
        let others = [
            about
                .title
                .as_ref()
                .is_some_and(|title| *title != config.title),
            origin
                .transpose()?
                .is_some_and(|origin| origin != config.origin),
            about.license.is_some() && about.license != config.license,
        ];
        if others.contains(&true) {
            let file = path.join(CONFIG);
            return Err(Failure::new(format!(
                "`{}` contradicts --title, --origin or --license",
                file.display()
            ))
            .hint("edit the file, and leave out these options"));
        }
        return Ok(config);
    }
    let mut config = Config::default_for(&folder_name(path));
    if let Some(title) = &about.title {
        config.title.clone_from(title);
    }
    if let Some(origin) = &about.origin {
        config.origin = origin.parse()?;
    }
    config.license.clone_from(&about.license);
    Ok(config)
}

/// The name of the corpus at `path` in its next manifest.
pub(crate) fn name(path: &Path) -> Result<CorpusName, Failure> {
    let config = read(path)?.unwrap_or_else(|| Config::default_for(&folder_name(path)));
    Ok(CorpusName {
        origin: config.origin.as_str().to_owned(),
        title: config.title,
        license: config.license,
    })
}

/// How the shards of the corpus at `path` are written.
pub(crate) fn write_options(path: &Path) -> Result<WriteOptions, Failure> {
    Ok(read(path)?
        .map(|config| config.write_options())
        .unwrap_or_default())
}

fn read(path: &Path) -> Result<Option<Config>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    Config::open(path).map_err(|error| {
        Failure::new(format!("{}: {error}", path.join(CONFIG).display()))
            .hint("to see which settings there are, run `dateline schema config`")
    })
}

/// The name of the folder at `path`, even if that is `.`.
fn folder_name(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| PathBuf::from(path));
    whole
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

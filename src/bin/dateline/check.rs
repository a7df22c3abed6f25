//! `dateline check`

use std::path::{Path, PathBuf};

use dateline::check::{Facet, Options, check_corpus, check_dump, check_records};
use dateline::convert::{Converter, IdRule};
use dateline::corpus::Corpus;
use dateline::diagnostic::{Code, Format, Report, Styles};
use dateline::dump::inputs;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::profile::Named;
use crate::screen::Screen;

pub(crate) fn run(args: &args::Check, screen: &mut Screen) -> Result<Exit, Failure> {
    let options = Options {
        raw: if args.raw.is_empty() {
            Vec::new()
        } else {
            inputs(&args.raw)?
        },
        require: args
            .require
            .iter()
            .map(|name| name.parse::<Facet>())
            .collect::<Result<_, _>>()
            .map_err(|error| {
                Failure::from(error)
                    .hint("source, fetch, traced, archived, licensed, sealed, signed")
            })?,
        deny: codes(&args.deny)?,
        allow: codes(&args.allow)?,
        limit: Some(args.limit),
    };
    let mut report = Report::new(Some(args.limit));
    for path in expand(&args.paths)? {
        report.append(one(&path, &args.profiles, &options)?);
    }
    write(&report, args.format, screen)?;
    Ok(if report.has_errors() {
        Exit::Problems
    } else {
        Exit::Clean
    })
}

fn one(path: &Path, profiles: &[String], options: &Options) -> Result<Report, Failure> {
    if path.is_dir() {
        if let Ok(corpus) = Corpus::open(path) {
            return Ok(check_corpus(&corpus, options)?);
        }
    } else if is_records(path) {
        return Ok(check_records(path, options)?);
    }
    let files = inputs(&[path.to_owned()])?;
    let named = Named::read(profiles)?;
    let converter = Converter {
        profiles: &named.all(),
        only_profiles: !profiles.is_empty(),
        ids: IdRule::Derived,
    };
    Ok(check_dump(&files, &converter, options))
}

/// Whether a file is named like lines of records.
fn is_records(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    [".jsonl", ".jsonl.zst", ".jsonl.gz"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn codes(names: &[String]) -> Result<Vec<&'static Code>, Failure> {
    let code = |name: &String| {
        Code::named(name).ok_or_else(|| {
            Failure::new(format!("there is no code `{name}`")).hint("`dateline explain` lists them")
        })
    };
    names.iter().map(code).collect()
}

/// Writes a report in the form asked for.
pub(crate) fn write(
    report: &Report,
    format: args::Format,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let styles = if screen.coloured() {
        Styles::coloured()
    } else {
        Styles::plain()
    };
    let format = match format {
        args::Format::Full => Format::Full,
        args::Format::Concise => Format::Concise,
        args::Format::Json => Format::Json,
    };
    report.write(&mut screen.out, format, &styles)?;
    Ok(())
}

/// The paths that are named; a name with `*`, `?` or `[` that is no file is a pattern, and one that
/// matches nothing is an error.
pub(crate) fn expand(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for path in named {
        let pattern = path
            .to_str()
            .filter(|name| name.contains(['*', '?', '[']))
            .filter(|_| !path.exists());
        let Some(pattern) = pattern else {
            paths.push(path.clone());
            continue;
        };
        let mut found = glob::glob(pattern)?.collect::<Result<Vec<_>, _>>()?;
        if found.is_empty() {
            return Err(Failure::new(format!("`{pattern}` matches nothing")).hint(
                "quote a pattern so that dateline sees it, and check the folder it starts in",
            ));
        }
        found.sort();
        paths.extend(found);
    }
    Ok(paths)
}

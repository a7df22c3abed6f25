//! `dateline check`

use std::path::{Path, PathBuf};

use dateline::check::{
    Against, CheckError, Facet, Options, check_against, check_corpus, check_dump, check_records,
    record_file,
};
use dateline::convert::{Converter, IdRule};
use dateline::corpus::{Corpus, MANIFEST, OpenError};
use dateline::diagnostic::{Code, Report, Severity, Styles, explain};
use dateline::dump::inputs;
use dateline::manifest::Manifest;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::profile::Named;
use crate::screen::Screen;
use crate::{file, release, stdin};

pub(crate) fn run(args: &args::Check, screen: &mut Screen) -> Result<Exit, Failure> {
    let format = args.format.renderer();
    let limit = Some(args.limit.unwrap_or(format.usual_limit()));
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
            .collect::<Result<_, _>>()?,
        deny: codes(&args.deny)?,
        allow: allowed(&args.allow)?,
        limit,
    };
    let mut report = Report::new(limit);
    let mut corpora = Vec::new();
    // Files of records are checked as one: no id may stand in two of them.
    let mut records = Vec::new();
    let (standard_input, named): (Vec<_>, _) = args
        .paths
        .iter()
        .cloned()
        .partition(|path| stdin::is_named(path));
    let spooled = if standard_input.is_empty() {
        None
    } else {
        Some(stdin::Spooled::read()?)
    };
    records.extend(spooled.as_ref().map(stdin::Spooled::source));
    for path in expand(&named)? {
        if is_records(&path) {
            records.push(record_file(&path)?);
        } else if args.against.is_some() {
            return Err(no_shard(&path));
        } else {
            report.append(one(&path, &args.profiles, &options)?);
            corpora.extend(Corpus::open(&path));
        }
    }
    if let Some(against) = &args.against {
        let against = Against::open(against, args.since).map_err(CheckError::from)?;
        report.append(check_against(&records, &against, &options)?);
    } else if !records.is_empty() {
        report.append(check_records(&records, &options));
    }
    let silent = screen.is_quiet() && format.is_for_people();
    if !(silent && report.counts().total() == 0) {
        write(&report, args.format, screen)?;
    }
    Ok(if report.has_errors() {
        for corpus in &corpora {
            release::tell_unread(corpus, screen);
        }
        Exit::Problems
    } else {
        Exit::Clean
    })
}

fn one(path: &Path, profiles: &[String], options: &Options) -> Result<Report, Failure> {
    if is_release(path) {
        let shown = path.display();
        return Err(
            Failure::new(format!("`{shown}` is a release, and holds no records")).hint(
                "`dateline check CORPUS` checks those; `dateline verify CORPUS`, the releases",
            ),
        );
    }
    if path.is_dir() {
        match Corpus::open(path) {
            Ok(corpus) => return Ok(check_corpus(&corpus, options)?),
            Err(OpenError::NotACorpus(_)) => {}
            Err(error) => return Err(error.into()),
        }
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

/// What is said where something else than files of records is to be held to a release.
fn no_shard(path: &Path) -> Failure {
    Failure::new(format!("`{}` is no file of records", path.display())).hint(
        "--against takes changed shards, `records/part-….jsonl`; `dateline check CORPUS` checks all of one",
    )
}

/// Whether a path is a manifest or a folder with one.
fn is_release(path: &Path) -> bool {
    let manifest = if path.is_dir() {
        path.join(MANIFEST)
    } else if path.file_name().is_some_and(|name| name == MANIFEST) {
        path.to_owned()
    } else {
        return false;
    };
    manifest.is_file() && file::read(&manifest).is_ok_and(|bytes| Manifest::parse(&bytes).is_ok())
}

/// Whether a file is named like lines of records.
fn is_records(path: &Path) -> bool {
    if path.is_dir() {
        return false;
    }
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    [".jsonl", ".jsonl.zst", ".jsonl.gz"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn codes(names: &[String]) -> Result<Vec<&'static Code>, Failure> {
    let code = |name: &String| match Code::named(name) {
        Some(code) => Ok(code),
        // It says which is meant.
        None => Err(explain(name).err().map_or_else(
            || Failure::new(format!("there is no code `{name}`")),
            Failure::from,
        )),
    };
    names.iter().map(code).collect()
}

/// The codes that are not to be reported; an error is always reported.
fn allowed(names: &[String]) -> Result<Vec<&'static Code>, Failure> {
    let codes = codes(names)?;
    match codes.iter().find(|code| code.severity == Severity::Error) {
        None => Ok(codes),
        Some(code) => Err(Failure::new(format!(
            "`{}` is an error's code, and errors are always reported",
            code.name
        ))
        .hint("--allow takes codes of warnings and notes")),
    }
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
    report.write(&mut screen.out, format.renderer(), &styles)?;
    Ok(())
}

/// What is said to `-`.
pub(crate) fn no_standard_input() -> Failure {
    Failure::new("standard input is read by `dateline check -` alone")
        .hint("name a file: what is converted has a path in the ledger")
}

/// The paths that are named; a name with `*`, `?` or `[` that is no file is a pattern, and one that
/// matches nothing is an error.
pub(crate) fn expand(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for path in named {
        if path.as_os_str() == "-" && !path.exists() {
            return Err(no_standard_input());
        }
        let pattern = path
            .to_str()
            .filter(|name| name.contains(['*', '?', '[']))
            .filter(|_| !path.exists());
        let Some(pattern) = pattern else {
            paths.push(path.clone());
            continue;
        };
        let matches = glob::glob(pattern).map_err(|error| {
            Failure::new(format!("`{pattern}` is no file, and no pattern: {error}"))
        })?;
        let mut found = matches.collect::<Result<Vec<_>, _>>()?;
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

//! `dateline check`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dateline::check::{
    Against, CheckError, Facet, Options, check_against, check_corpus, check_dump, check_records,
    record_file,
};
use dateline::convert::Converter;
use dateline::corpus::{
    CONFIG, Corpus, MANIFEST, OpenError, PathError, RELEASES, Source, inside, steady,
};
use dateline::diagnostic::{Code, Diagnostic, Report, Severity};
use dateline::dump::{Input, InputError, PassedOver, Progress, inputs, repeatable};
use dateline::look::{is_named_records, is_records};
use dateline::manifest::Manifest;
use dateline::record::IdRule;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::ignored::{self, Files};
use crate::profile::Profiles;
use crate::progress::{self, Bar};
use crate::screen;
use crate::screen::Screen;
use crate::{convert, known, outputs, report, stdin, threads};

pub(crate) fn run(args: &args::Check, screen: &mut Screen) -> Result<Exit, Failure> {
    args.output.refuse_contradictions()?;
    ignored::refuse(&args.ignore)?;
    threads::set(args.threads)?;
    let mut options = options(args)?;
    let mut report = Report::new(options.limit);
    let named = Paths::read(args)?;
    named.refuse_unasked(args, &options.require)?;
    screen.passed_over(&named.passed_over);
    let bar = Bar::new("checking", &options.progress, named.bytes(args), screen);
    for path in &named.others {
        if let Some(against) = &args.against {
            return Err(no_shard(path, against));
        }
        report.append(other(path, args, &mut options, screen)?);
    }
    report.count_ignored(named.ignored);
    if !args.ignore.is_empty() && report.ignored() == 0 && !screen.is_quiet() {
        screen.complain("note", "--ignore left no file out");
    }
    report.extend(named.found);
    // Files of records are checked as one: no id may stand in two of them.
    if let Some(against) = &args.against {
        let against = Against::open(against, args.since).map_err(CheckError::from)?;
        report.append(check_against(&named.records, &against, &options)?);
    } else if !named.records.is_empty() {
        report.append(check_records(&named.records, &options));
    }
    if named.nothing {
        report.count_file();
    }
    drop(bar);
    if let Some(sieve) = options.sieve.take() {
        known::finish(args, sieve, &mut report, screen)?;
    }
    let problems = report.has_errors() && !args.exit_zero;
    report::write(report, &args.output, screen)?;
    Ok(if problems {
        Exit::Problems
    } else {
        Exit::Clean
    })
}

fn options(args: &args::Check) -> Result<Options, Failure> {
    Ok(Options {
        private: None,
        raw_some: false,
        raw: raw(&args.raw)?,
        require: args
            .require
            .iter()
            .map(|name| name.parse::<Facet>())
            .collect::<Result<_, _>>()?,
        deny: codes(&args.deny)?,
        allow: allowed(&args.allow)?,
        limit: Some(args.output.limit()),
        sieve: known::sieve(args)?,
        progress: Progress::default(),
        ..Options::default()
    })
}

/// The raw files that traces are to be replayed on.
fn raw(named: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let found = inputs(named).and_then(|found| {
        repeatable(&found)?;
        Ok(found)
    });
    found.map_err(|error| {
        let nothing = matches!(error, InputError::Nothing { .. });
        let failure = Failure::from(error);
        if nothing {
            failure.hint("--raw names the dump that the corpus was made of")
        } else {
            failure
        }
    })
}

/// What is named on the command line.
struct Paths {
    /// Files of records.
    records: Vec<Source>,
    /// Corpora, and raw dumps.
    others: Vec<PathBuf>,
    /// How many files of folders of records are ignored.
    ignored: u64,
    /// What is neither file nor folder in such folders.
    passed_over: PassedOver,
    /// What is wrong with these names.
    found: Vec<Diagnostic>,
    /// Whether standard input was named, and nothing was in it.
    nothing: bool,
    /// Standard input is there as long as this is.
    _standard_input: Option<stdin::Spooled>,
}

impl Paths {
    /// Refuses what is asked of something that it cannot be asked of: it would be passed over, or be found
    /// lacking where nothing could mend it.
    fn refuse_unasked(&self, args: &args::Check, require: &[Facet]) -> Result<(), Failure> {
        if !args.profiles.is_empty() {
            Profiles::read(&args.profiles)?;
        }
        // What is wrong with such a path is said when it is opened.
        let is_wrong = |path: &PathBuf| !path.exists() || is_release(path);
        if self.others.iter().any(is_wrong) {
            return Ok(());
        }
        let is_corpus = |path: &&PathBuf| {
            path.is_dir() && !matches!(Corpus::open(path), Err(OpenError::NotACorpus(_)))
        };
        let dump = self.others.iter().find(|path| !is_corpus(path));
        if !args.raw.is_empty() && !self.others.iter().any(|path| is_corpus(&path)) {
            return Err(Failure::new(
                "--raw replays the traces of a whole corpus, and none is named",
            )
            .hint("`dateline check CORPUS --raw DIR`; a raw dump is checked by its own path"));
        }
        if !args.profiles.is_empty() && dump.is_none() {
            return Err(
                Failure::new("--profile is for raw dumps, and none is named").hint(
                    "`dateline check DUMP --profile ID|FILE`; records are not converted again",
                ),
            );
        }
        let records = self.records.first().map(|source| source.file.to_string());
        let dump = dump.map(|path| path.display().to_string());
        for facet in require {
            let (of, other) = match facet {
                Facet::Sealed | Facet::Signed => {
                    ("a whole corpus", records.as_ref().or(dump.as_ref()))
                }
                Facet::Traced => ("a whole corpus or a raw dump", records.as_ref()),
                Facet::Source | Facet::Fetch | Facet::Archived | Facet::Licensed => continue,
            };
            let Some(other) = other else { continue };
            return Err(Failure::new(format!(
                "--require {facet} needs {of}; `{other}` is not one"
            ))
            .hint(format!("`dateline check CORPUS --require {facet}`")));
        }
        Ok(())
    }

    /// How many bytes are to be read of what is checked, where that is known beforehand.
    fn bytes(&self, args: &args::Check) -> Option<u64> {
        // Articles of which the raw items are at hand are read twice.
        if !args.raw.is_empty() {
            return None;
        }
        let below = |path: PathBuf| {
            let found = inputs(&[path]).unwrap_or_default();
            found.into_iter().map(|input| input.file)
        };
        let is_corpus = |path: &&PathBuf| Corpus::open(path).is_ok();
        let (corpora, dumps): (Vec<&PathBuf>, Vec<_>) = self.others.iter().partition(is_corpus);
        // Traces go by beside the records, and are not counted.
        let parts = ["records", "relations", "withdrawals"];
        let parts = corpora
            .iter()
            .flat_map(|path| parts.map(|part| path.join(part)));
        let records = self.records.iter().map(|one| one.path.clone());
        let lines: Vec<PathBuf> = records.chain(parts.flat_map(below)).collect();
        // Of lines what is unpacked is counted; of a dump, its files as they lie.
        if lines.iter().any(|file| progress::is_packed(file)) {
            return None;
        }
        let dumps: Vec<PathBuf> = dumps.into_iter().cloned().flat_map(below).collect();
        progress::bytes(lines.iter().chain(&dumps).map(PathBuf::as_path))
    }

    fn read(args: &args::Check) -> Result<Self, Failure> {
        let (standard_input, named): (Vec<_>, Vec<_>) = args
            .paths
            .iter()
            .cloned()
            .partition(|path| stdin::is_named(path));
        let spooled = if standard_input.is_empty() {
            None
        } else {
            Some(stdin::Spooled::read()?)
        };
        let mut found: Vec<_> = spooled.iter().filter_map(stdin::Spooled::nothing).collect();
        let nothing = !found.is_empty();
        let mut records: Vec<Source> = spooled
            .iter()
            .filter(|_| !nothing)
            .map(stdin::Spooled::source)
            .collect();
        let mut others = Vec::new();
        let (mut ignored, mut passed_over) = (0, PassedOver::default());
        // A file that is named twice, by itself and by a pattern, is one file.
        let mut met = BTreeSet::new();
        let named = expand(&named)?;
        outputs::guard(args, &named)?;
        for path in named {
            refuse_linked(&path)?;
            if path.is_dir() {
                match folder_of_records(&path, args)? {
                    Some(files) => {
                        ignored += files.ignored;
                        passed_over.extend(files.passed_over);
                        found.extend(files.unnamed);
                        for file in files.kept {
                            if met.insert(file.file.canonicalize()?) {
                                records.push(record_file(&file.file)?);
                            }
                        }
                    }
                    None => others.push(path),
                }
            } else if is_records(&path, true) {
                let source = record_file(&path)?;
                if met.insert(path.canonicalize()?) {
                    records.push(source);
                }
            } else {
                others.push(path);
            }
        }
        Ok(Self {
            records,
            others,
            ignored,
            passed_over,
            found,
            nothing,
            _standard_input: spooled,
        })
    }
}

/// Refuses what is reached, below a corpus, by a link, and is no file of records: it is not of the corpus, and
/// would be shown.
fn refuse_linked(path: &Path) -> Result<(), Failure> {
    let here = Path::new(".");
    for root in path.ancestors().skip(1) {
        let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) else {
            continue;
        };
        let root = if root.as_os_str().is_empty() {
            here
        } else {
            root
        };
        if !root.join(CONFIG).exists() && !root.join(RELEASES).exists() {
            continue;
        }
        if let Err(error @ PathError::LinkedFolder { .. }) = inside(root, name) {
            return Err(error.into());
        }
        let link = path
            .symlink_metadata()
            .is_ok_and(|found| found.is_symlink());
        // A shard may be a link; of such a file no text is shown.
        if link && !is_named_records(path) {
            let shown = path.display();
            let what = format!(
                "`{shown}` is a link; below a corpus only links of files of records are followed"
            );
            return Err(Failure::new(what).hint("name what it leads to"));
        }
    }
    Ok(())
}

/// The files of a folder that holds files of records and nothing else, such as `records/` of a corpus.
fn folder_of_records(path: &Path, args: &args::Check) -> Result<Option<Files>, Failure> {
    if is_release(path) || !matches!(Corpus::open(path), Err(OpenError::NotACorpus(_))) {
        return Ok(None);
    }
    let files = Files::below(path, &args.ignore)?;
    let records = |file: &Input| is_records(&file.file, false);
    let all = !files.kept.is_empty() && files.kept.iter().all(records);
    Ok(all.then_some(files))
}

/// Checks a corpus in one state: where another command changes it meanwhile, again from the start, and
/// with what the baseline had met before.
fn whole_corpus(path: &Path, options: &mut Options) -> Result<Report, Failure> {
    let (mut report, sieve) = steady(path, |corpus| {
        let sieve = options.sieve.as_deref().cloned().map(Arc::new);
        let again = Options {
            sieve: sieve.clone(),
            ..options.clone()
        };
        Ok::<_, CheckError>((check_corpus(corpus, &again)?, sieve))
    })?;
    options.sieve = sieve;
    convert::name_corpus(&mut report, path);
    Ok(report)
}

/// Checks what is no file of records.
fn other(
    path: &Path,
    args: &args::Check,
    options: &mut Options,
    screen: &mut Screen,
) -> Result<Report, Failure> {
    if is_release(path) {
        let shown = path.display();
        let corpus = corpus_of(path);
        return Err(
            Failure::new(format!("`{shown}` is a release, and holds no records")).hint(format!(
                "`dateline check {corpus}` checks those; `dateline verify {corpus}`, the releases"
            )),
        );
    }
    if path.is_dir() {
        match Corpus::open(path) {
            Ok(_) => return whole_corpus(path, options),
            Err(OpenError::NotACorpus(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let files = Files::below(path, &args.ignore)?;
    screen.passed_over(&files.passed_over);
    let named = Profiles::read(&args.profiles)?;
    let converter = Converter {
        profiles: &named.all(),
        only_profiles: !args.profiles.is_empty(),
        ids: IdRule::Derived,
        notes: true,
    };
    let mut report = check_dump(&files.kept, &converter, options);
    report.count_ignored(files.ignored);
    report.extend(files.unnamed);
    Ok(report)
}

/// What is said where something else than files of records is to be held to a release.
fn no_shard(path: &Path, against: &Path) -> Failure {
    let corpus = screen::named(against);
    Failure::new(format!("`{}` is not a file of records", path.display())).hint(format!(
        "--against takes changed shards, `records/part-….jsonl`; `dateline check {corpus}` checks all of one"
    ))
}

/// The corpus of a release, as a command names it.
fn corpus_of(release: &Path) -> String {
    let mut folders = release.ancestors();
    let releases = folders.find(|path| path.file_name().is_some_and(|name| name == RELEASES));
    match releases.and_then(Path::parent) {
        None => "CORPUS".to_owned(),
        Some(here) if here.as_os_str().is_empty() => ".".to_owned(),
        Some(corpus) => screen::named(corpus),
    }
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
    Manifest::read(&manifest).is_ok()
}

fn codes(names: &[String]) -> Result<Vec<&'static Code>, Failure> {
    let codes = names.iter().map(|name| Code::find(name));
    Ok(codes.collect::<Result<_, _>>()?)
}

/// The codes that are not to be reported; an error is always reported.
fn allowed(names: &[String]) -> Result<Vec<&'static Code>, Failure> {
    let codes = codes(names)?;
    match codes.iter().find(|code| code.severity == Severity::Error) {
        None => Ok(codes),
        Some(code) => Err(Failure::new(format!(
            "`{}` is the code of an error, and errors cannot be suppressed",
            code.name
        ))
        .hint("--allow takes codes of warnings and notes")),
    }
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
            Failure::new(format!(
                "`{pattern}` is neither a file nor a valid glob: {error}"
            ))
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

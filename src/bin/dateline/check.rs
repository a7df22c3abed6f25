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
        screen.complain("note", "--ignore matched no files");
    }
    report.extend(named.found);
    // Files of records are checked together: no id may occur in two of them.
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

/// The raw files to replay traces on.
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
            failure.hint("use --raw with the dump that the corpus was made from")
        } else {
            failure
        }
    })
}

/// The paths on the command line, sorted by what they are.
struct Paths {
    /// Files of records.
    records: Vec<Source>,
    /// Corpora, and raw dumps.
    others: Vec<PathBuf>,
    /// How many files in folders of records are ignored.
    ignored: u64,
    /// What is neither a file nor a folder in such folders.
    passed_over: PassedOver,
    /// What is wrong with these names.
    found: Vec<Diagnostic>,
    /// Whether standard input was named and is empty.
    nothing: bool,
    /// Keeps the copy of standard input on disk.
    _standard_input: Option<stdin::Spooled>,
}

impl Paths {
    /// Refuses options that do not apply to any of the paths: they would be ignored, or report something that
    /// nobody could fix.
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
                "--raw replays the traces of a whole corpus, but no path is a corpus",
            )
            .hint(
                "run `dateline check CORPUS --raw DIR`, or `dateline check DUMP` for a raw dump",
            ));
        }
        if !args.profiles.is_empty() && dump.is_none() {
            return Err(
                Failure::new("--profile applies to raw dumps, but no path is one").hint(
                    "run `dateline check DUMP --profile ID|FILE`; records are not converted again",
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
            .hint(format!("run `dateline check CORPUS --require {facet}`")));
        }
        Ok(())
    }

    /// How many bytes the check reads, if that is known beforehand.
    fn bytes(&self, args: &args::Check) -> Option<u64> {
        // Articles whose raw items are available are read twice.
        if !args.raw.is_empty() {
            return None;
        }
        let below = |path: PathBuf| {
            let found = inputs(&[path]).unwrap_or_default();
            found.into_iter().map(|input| input.file)
        };
        let is_corpus = |path: &&PathBuf| Corpus::open(path).is_ok();
        let (corpora, dumps): (Vec<&PathBuf>, Vec<_>) = self.others.iter().partition(is_corpus);
        // Traces are read alongside the records, and are not counted.
        let parts = ["records", "relations", "withdrawals"];
        let parts = corpora
            .iter()
            .flat_map(|path| parts.map(|part| path.join(part)));
        let records = self.records.iter().map(|one| one.path.clone());
        let lines: Vec<PathBuf> = records.chain(parts.flat_map(below)).collect();
        // Progress counts unpacked bytes of lines, but the files of a dump as they are on disk.
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
        // A file that is named twice, directly and by a pattern, is checked once.
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

/// Refuses a path that goes through a link below a corpus and is not a file of records: it is not part of
/// the corpus, and its text would be shown.
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
        // A shard may be a link; text from such a file is not shown.
        if link && !is_named_records(path) {
            let shown = path.display();
            let what = format!(
                "`{shown}` is a link; below a corpus, only links to files of records are followed"
            );
            return Err(Failure::new(what).hint("use the path that it points to"));
        }
    }
    Ok(())
}

/// The files in a folder that holds only files of records, such as `records/` in a corpus.
fn folder_of_records(path: &Path, args: &args::Check) -> Result<Option<Files>, Failure> {
    if is_release(path) || !matches!(Corpus::open(path), Err(OpenError::NotACorpus(_))) {
        return Ok(None);
    }
    let files = Files::below(path, &args.ignore)?;
    let records = |file: &Input| is_records(&file.file, false);
    let all = !files.kept.is_empty() && files.kept.iter().all(records);
    Ok(all.then_some(files))
}

/// Checks a corpus in one state. If another command changes it meanwhile, starts over, with the baseline as
/// it was at the start.
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

/// Checks a corpus or a raw dump.
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
            Failure::new(format!("`{shown}` is a release, which has no records of its own")).hint(format!(
                "to check records, run `dateline check {corpus}`; to verify releases, `dateline verify {corpus}`"
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

/// The failure for a path that `--against` cannot compare with a release.
fn no_shard(path: &Path, against: &Path) -> Failure {
    let corpus = screen::named(against);
    Failure::new(format!("`{}` is not a file of records", path.display())).hint(format!(
        "name changed shards, `records/part-….jsonl`; to check the whole corpus, run `dateline check {corpus}`"
    ))
}

/// The corpus of a release, quoted for a command.
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

/// The codes to suppress; errors are always reported.
fn allowed(names: &[String]) -> Result<Vec<&'static Code>, Failure> {
    let codes = codes(names)?;
    match codes.iter().find(|code| code.severity == Severity::Error) {
        None => Ok(codes),
        Some(code) => Err(Failure::new(format!(
            "`{}` is an error, and errors cannot be suppressed",
            code.name
        ))
        .hint("--allow takes codes of warnings and notes")),
    }
}

/// The failure for `-` in commands other than `check`.
pub(crate) fn no_standard_input() -> Failure {
    Failure::new("only `dateline check -` reads standard input")
        .hint("name a file: the ledger needs a path for each input")
}

/// The named paths. A name with `*`, `?` or `[` that is not an existing file is a pattern; a pattern that
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
                "quote the pattern so that the shell does not expand it, and check the folder it starts in",
            ));
        }
        found.sort();
        paths.extend(found);
    }
    Ok(paths)
}

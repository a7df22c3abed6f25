//! `dateline convert`

use std::path::{Path, PathBuf};

use dateline::check;
use dateline::convert::{
    ConvertError, Converter, KeepIds, Options, Outcome, Prepared, Scope, Take, prepare as gather,
};
use dateline::corpus::Corpus;
use dateline::diagnostic::{Format, Report, codes};
use dateline::dump::{Input, PassedOver, Progress, list, repeatable};
use dateline::look::{self, FileLook, says_records};
use dateline::record::IdRule;
use dateline::takedown::Private;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::key::Signing;
use crate::profile::Profiles;
use crate::progress::{self, Bar};
use crate::screen;
use crate::screen::{Screen, count};
use crate::{adding, check as checking, config, ending, report, seal, threads, withdraw};

/// How many findings are shown before the others are only counted.
pub(crate) const SHOWN: usize = 20;

pub(crate) fn run(args: &args::Convert, screen: &mut Screen) -> Result<Exit, Failure> {
    let Some(output) = args.output.as_ref().filter(|_| !args.dry_run) else {
        return dry_run(args, screen);
    };
    let from = Given::read(&args.from, &args.taking)?;
    let outcome = convert(&from, output, &args.about, None, screen)?;
    let private = from.private(output);
    let report = ending::check(output, from.files, args.taking.add, private, screen)?;
    let exit = ending::tell(&report, output, &[], screen)?;
    // No release is sealed while articles of the last one are neither there nor withdrawn.
    let next = if report.count_of(codes::ARTICLE_VANISHED) > 0 {
        format!("dateline check {}", screen::named(output))
    } else {
        seal::next(output, None)
    };
    screen.tell(&format!("next: {next}"))?;
    let summary = &outcome.summary;
    Ok(
        if summary.refused == 0 && summary.held == summary.held_before {
            exit
        } else {
            Exit::Problems
        },
    )
}

/// What a command reads: the files of a dump, and profiles.
pub(crate) struct Given {
    pub(crate) files: Vec<Input>,
    /// What is neither a file nor a folder.
    passed_over: PassedOver,
    /// The inputs as named on the command line.
    named: Vec<PathBuf>,
    pub(crate) profiles: Profiles,
    /// Whether items that no profile matches are refused.
    pub(crate) only_profiles: bool,
    take: Take,
    /// The private folder next to the corpus, if `--private-dir` names one.
    private_dir: Option<PathBuf>,
}

impl Given {
    /// The private folder next to the corpus.
    fn private(&self, corpus: &Path) -> Private {
        match &self.private_dir {
            Some(path) => Private::at(path),
            None => Private::beside(corpus),
        }
    }

    /// Lists the files, reads the profiles, and sets the number of threads.
    pub(crate) fn read(args: &args::Inputs, taking: &args::Taking) -> Result<Self, Failure> {
        threads::set(args.threads)?;
        let named = checking::expand(&args.inputs)?;
        if let Some(corpus) = named.iter().find(|path| is_corpus(path)) {
            let corpus = corpus.display();
            return Err(
                Failure::new(format!("`{corpus}` is a corpus, not a raw dump")).hint(
                    "name the dump that it was made from; to check a corpus, run `dateline check`",
                ),
            );
        }
        if let Some(records) = named.iter().find(|path| says_records(path)) {
            let records = records.display();
            return Err(
                Failure::new(format!("`{records}` holds records, not items of a dump"))
                    .hint("name the dump that they were made from; to check records, run `dateline check`"),
            );
        }
        let mut listed = list(&named)?.whole()?;
        repeatable(&listed.inputs)?;
        if let Some(label) = &taking.label {
            label.head(&mut listed.inputs);
        }
        Ok(Self {
            files: listed.inputs,
            passed_over: listed.passed_over,
            named,
            profiles: Profiles::read(&args.profiles)?,
            only_profiles: !args.profiles.is_empty(),
            take: take(taking),
            private_dir: args.beside.private_dir.clone(),
        })
    }
}

/// Whether a folder has a release or shards. A folder with numbered folders of other things may be a dump.
fn is_corpus(path: &Path) -> bool {
    Corpus::open(path).is_ok_and(|corpus| {
        let files = corpus
            .working()
            .is_ok_and(|state| !state.files().is_empty());
        corpus.newest().is_some() || files
    })
}

/// How the inputs relate to those that the corpus was made from.
const fn take(taking: &args::Taking) -> Take {
    let scope = match (taking.add, taking.replace) {
        (true, _) => Scope::Add,
        (_, true) => Scope::Replace,
        _ => Scope::Same,
    };
    let ids = match (taking.keep_ids, taking.new_ids) {
        (true, _) => KeepIds::Keep,
        (_, true) => KeepIds::New,
        _ => KeepIds::Ask,
    };
    Take {
        scope,
        update: taking.update,
        ids,
    }
}

/// Converts into the corpus at `output` and shows the findings. If no article of the last release goes,
/// `signing` seals next, and a missing key is an error before anything is written.
pub(crate) fn convert(
    from: &Given,
    output: &Path,
    about: &args::About,
    signing: Option<&Signing>,
    screen: &mut Screen,
) -> Result<Outcome, Failure> {
    let prepared = prepare(from, output, about, screen)?;
    let summary = &prepared.outcome().summary;
    if summary.items == 0 && summary.articles == 0 {
        return Err(nothing(from)?);
    }
    // If articles go, they have to be withdrawn before the next release, and no key is needed yet.
    let none_goes = prepared.outcome().going_released == 0;
    if let Some(signing) = signing.filter(|_| none_goes)
        && prepared.would_change()?
    {
        seal::refuse_unsigned(output, signing)?;
    }
    let mut outcome = prepared.commit()?;
    name_corpus(&mut outcome.report, output);
    show(&outcome, screen)?;
    Ok(outcome)
}

/// Converts, and says what would change in an existing corpus.
fn prepare(
    from: &Given,
    output: &Path,
    about: &args::About,
    screen: &mut Screen,
) -> Result<Prepared, Failure> {
    if output.is_file() {
        let message = format!(
            "`{}` is a file; -o takes the folder of a corpus",
            output.display()
        );
        return Err(Failure::new(message));
    }
    refuse_overlap(from, output)?;
    screen.passed_over(&from.passed_over);
    let config = config::read_or_new(output, about)?;
    let private = from.private(output);
    let options = Options {
        profiles: from.profiles.all(),
        only_profiles: from.only_profiles,
        config: &config,
        take: from.take,
        limit: Some(SHOWN),
        private: Some(&private),
        progress: Progress::default(),
    };
    let total = progress::bytes(from.files.iter().map(|input| input.file.as_path()));
    let bar = Bar::new("converting", &options.progress, total, screen);
    let prepared = gather(output, &from.files, &options)
        .map_err(|error| asked_back(error, from.take, output))?;
    drop(bar);
    adding::tell(prepared.outcome(), screen)?;
    Ok(prepared)
}

/// The failure for inputs without any items, which says what the inputs are.
fn nothing(from: &Given) -> Result<Failure, Failure> {
    const NAMED: usize = 3;
    let converter = Converter {
        profiles: &from.profiles.all(),
        only_profiles: from.only_profiles,
        ids: IdRule::Derived,
        notes: false,
    };
    let mut files = Vec::new();
    for input in from.files.iter().take(NAMED) {
        let look = look::file(input, &converter)?;
        files.push(match look.reader {
            Ok(_) => format!("`{}` is {} without items", look.path, look.kind.noun()),
            Err(_) => format!("`{}` is {}", look.path, look.kind.noun()),
        });
    }
    if from.files.len() > NAMED {
        files.push(format!("and {} more", from.files.len() - NAMED));
    }
    let message = format!("no items to convert: {}", files.join(", "));
    Ok(Failure::new(message).hint("name the folder or the files of a dump; nothing was written"))
}

/// The failure of a conversion, with the choices if it would have to guess.
fn asked_back(error: ConvertError, take: Take, corpus: &Path) -> Failure {
    let choices = adding::choices(&error, take, corpus);
    let failure = Failure::from(error);
    match choices {
        Some(choices) => failure.hint(choices),
        None => failure,
    }
}

/// A corpus written into its own dump would be an input of the next run.
fn refuse_overlap(from: &Given, output: &Path) -> Result<(), Failure> {
    const HINT: &str = "choose another folder with -o; dateline never writes into inputs";
    let place = std::path::absolute(output)?;
    let existing = place.ancestors().find_map(|path| path.canonicalize().ok());
    for input in &from.named {
        let folder = input.canonicalize().ok().filter(|path| path.is_dir());
        if let (Some(folder), Some(place)) = (folder, &existing)
            && place.starts_with(folder)
        {
            return Err(Failure::new(format!(
                "the corpus `{}` would be inside the input `{}`",
                output.display(),
                input.display()
            ))
            .hint(HINT));
        }
    }
    let Ok(output) = output.canonicalize() else {
        return Ok(());
    };
    for input in &from.files {
        if input
            .file
            .canonicalize()
            .is_ok_and(|file| file.starts_with(&output))
        {
            return Err(Failure::new(format!(
                "the input `{}` is inside the corpus `{}`",
                input.file.display(),
                output.display()
            ))
            .hint(HINT));
        }
    }
    Ok(())
}

/// Puts the path of the corpus into the commands in hints.
pub(crate) fn name_corpus(report: &mut Report, corpus: &Path) {
    let corpus = screen::named(corpus);
    report.rewrite_hints(|hint| hint.replace(" CORPUS ", &format!(" {corpus} ")));
}

/// Shows the findings about the inputs, and a summary.
fn show(outcome: &Outcome, screen: &mut Screen) -> Result<(), Failure> {
    if outcome.report.counts().total() > 0 {
        report::show(&outcome.report, Format::Full, screen)?;
    }
    summarise(outcome, screen)
}

/// Summarises what became of the inputs, in numbers.
fn summarise(outcome: &Outcome, screen: &mut Screen) -> Result<(), Failure> {
    let summary = &outcome.summary;
    screen.tell(&format!(
        "converted {} of {}",
        count(summary.files, "file"),
        count(summary.bytes, "byte")
    ))?;
    if summary.known + summary.stayed > 0 {
        screen.tell(&format!(
            "  files known from before, not converted again: {}; articles now: {}",
            summary.known + summary.stayed,
            summary.articles
        ))?;
    }
    let again = match summary.again {
        0 => String::new(),
        again => format!("; duplicates: {again}"),
    };
    screen.tell(&format!(
        "  items: {}; records: {}{again}; refused: {}; withdrawn before: {}; held: {}; files ignored: {}",
        summary.items,
        summary.records,
        summary.refused,
        summary.withdrawn,
        summary.held,
        summary.ignored
    ))?;
    if summary.superseded > 0 {
        let superseded = count(summary.superseded, "item");
        screen.tell(&format!(
            "  replaced by a later fetch of the same article: {superseded}"
        ))?;
    }
    for (reader, count) in &summary.read_by {
        screen.tell(&format!("  read by {reader}: {count}"))?;
    }
    screen.tell(&format!("  relations: {}", summary.relations))?;
    withdraw::tell_held((summary.held, summary.held_before, summary.locked), screen)?;
    Ok(())
}

/// Converts in memory. If `-o` names an existing corpus, also says what a build would do to it.
fn dry_run(args: &args::Convert, screen: &mut Screen) -> Result<Exit, Failure> {
    let from = Given::read(&args.from, &args.taking)?;
    let there = |path: &&PathBuf| Corpus::open(path).is_ok();
    let corpus = args.output.as_ref().filter(there);
    let ids = match corpus {
        Some(corpus) => config::read_or_new(corpus, &args.about)?.ids,
        None => IdRule::Derived,
    };
    let options = check::Options {
        limit: Some(100),
        ..check::Options::default()
    };
    let converter = Converter {
        profiles: &from.profiles.all(),
        only_profiles: from.only_profiles,
        ids,
        notes: true,
    };
    tell_files(&from, &converter, screen)?;
    let report = check::check_dump(&from.files, &converter, &options);
    report::show(&report, Format::Full, screen)?;
    if corpus.is_none() {
        screen.passed_over(&from.passed_over);
    }
    if let Some(corpus) = corpus {
        // Dropping it leaves the corpus unchanged.
        let prepared = prepare(&from, corpus, &args.about, screen)?;
        let outcome = prepared.outcome();
        // Checking the dump alone does not show what was withdrawn.
        let mut withdrawn = Report::new(Some(SHOWN));
        let codes = [codes::ITEM_WITHDRAWN, codes::ITEM_HELD];
        let found = outcome.report.diagnostics().into_iter();
        withdrawn.extend(found.filter(|one| codes.contains(&one.code)).cloned());
        name_corpus(&mut withdrawn, corpus);
        if withdrawn.counts().total() > 0 {
            report::show(&withdrawn, Format::Full, screen)?;
        }
        summarise(outcome, screen)?;
        screen.tell("nothing was written")?;
    }
    Ok(if report.has_errors() {
        Exit::Problems
    } else {
        Exit::Clean
    })
}

/// Says what each input file is, and what would read it.
fn tell_files(from: &Given, converter: &Converter<'_>, screen: &mut Screen) -> Result<(), Failure> {
    let files = from.files.iter();
    let looks = files.map(|input| look::file(input, converter));
    let looks: Vec<FileLook> = looks.collect::<Result<_, _>>()?;
    for line in crate::look::lines(&looks, None) {
        screen.tell(line.trim_start())?;
    }
    Ok(())
}

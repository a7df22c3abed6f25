//! What the command line says.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use dateline::diagnostic::Format;
use dateline::record::Domain;

/// What help says of exit codes.
const EXIT_CODES: &str =
    "Exit codes: 0 clean, 1 problems found, 2 could not run, 3 nothing failed but not verified.";

/// A provenance-annotated corpus format for news articles: convert raw dumps, check them, seal each
/// release in a signed, hash-chained manifest.
///
/// `dateline PATH` looks at anything, changes nothing, and says what to do next.
#[derive(Debug, Parser)]
#[command(
    name = "dateline",
    version,
    arg_required_else_help = true,
    override_usage = "dateline [OPTIONS] <PATH>\n       dateline [OPTIONS] <COMMAND>",
    subcommand_negates_reqs = true
)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) screen: Screen,
    /// A dump, corpus or release to look at
    #[arg(required = true)]
    pub(crate) path: Option<PathBuf>,
    /// List at most this many files of a dump [default: 100]
    #[arg(long, value_name = "N", value_parser = limit)]
    pub(crate) limit: Option<usize>,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// How things are shown.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Screen {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) color: Colour,
    /// Say only what is wrong
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Screen {
    /// For what is said before the arguments are understood.
    pub(crate) const PLAIN: Self = Self {
        color: Colour::Auto,
        quiet: false,
    };
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Convert, link, check and seal in one go
    Build(Build),
    /// Convert raw dumps to records
    Convert(Convert),
    /// Relate the records of a corpus to each other
    Link(Link),
    /// Check records, corpora, and raw dumps themselves
    ///
    /// Files of records are checked line by line, and for ids that occur twice. What shows only among records
    /// (relations that lead nowhere or in a circle, copies, traces and their records, what was withdrawn) is
    /// checked of a whole corpus, and of shards held to one with --against.
    Check(Check),
    /// Write and sign the next release
    Seal(Seal),
    /// Verify a corpus: chain, trees, ledger, signatures
    Verify(Verify),
    /// Merge the small shards that additions left
    Pack(Pack),
    /// List the articles of a corpus
    List(List),
    /// List the releases of a corpus
    Log(Log),
    /// Print a citation of a release
    Cite(Cite),
    /// Withdraw records, so that they do not come back
    Withdraw(Withdraw),
    /// Show one record, and where each of its bytes came from
    Show(Show),
    /// List, show, test and begin profiles
    #[command(subcommand)]
    Profile(Profile),
    /// Print a JSON Schema
    Schema(Schema),
    /// Explain a diagnostic code
    Explain(Explain),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page, or write those of all commands
    Man(Man),
}

/// Build a corpus from raw dumps: convert, link, check, seal
#[derive(Debug, Args)]
pub(crate) struct Build {
    #[command(flatten)]
    pub(crate) from: Inputs,
    #[command(flatten)]
    pub(crate) taking: Taking,
    /// Where the corpus is written; a corpus that is there is continued
    #[arg(short, long, value_name = "CORPUS", default_value = "corpus")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) release: Release,
    /// Seal although items were refused; the ledger lists them
    #[arg(long)]
    pub(crate) allow_refused: bool,
    #[command(flatten)]
    pub(crate) about: About,
}

/// Convert raw dumps to records
#[derive(Debug, Args)]
pub(crate) struct Convert {
    #[command(flatten)]
    pub(crate) from: Inputs,
    #[command(flatten)]
    pub(crate) taking: Taking,
    /// Where the corpus is written
    #[arg(
        short,
        long,
        value_name = "CORPUS",
        required_unless_present = "dry_run"
    )]
    pub(crate) output: Option<PathBuf>,
    /// Convert in memory and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) about: About,
}

/// What is converted, and by what.
#[derive(Debug, Args)]
pub(crate) struct Inputs {
    /// Files and folders of raw dumps; never written to
    #[arg(required = true, value_name = "INPUT")]
    #[allow(clippy::struct_field_names, reason = "the name is what help calls it")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Use only this profile: a built-in one by its id, or a file; may be repeated
    #[arg(long = "profile", value_name = "ID|FILE")]
    pub(crate) profiles: Vec<String>,
    /// How many threads convert; results do not depend on it
    #[arg(long, value_name = "N", value_parser = crate::threads::parser())]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) beside: Beside,
}

/// What is written to `dateline.yaml` where there is none.
#[derive(Debug, Args)]
pub(crate) struct About {
    /// The title of a new corpus [default: the folder's name]
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// The origin of a new corpus, `host/segment…` [default: the folder's name]
    #[arg(long)]
    pub(crate) origin: Option<String>,
    /// The licence of a new corpus, an SPDX expression or URL
    #[arg(long)]
    pub(crate) license: Option<String>,
}

/// How the inputs stand to what a corpus that is there was made of.
#[derive(Debug, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own, and clap says which exclude each other"
)]
pub(crate) struct Taking {
    /// Keep what the corpus has, and add these inputs
    #[arg(long, conflicts_with = "replace")]
    pub(crate) add: bool,
    /// Put LABEL/ before the paths of these inputs: day1/a.txt and day2/a.txt are two files
    #[arg(long = "as", value_name = "LABEL")]
    pub(crate) label: Option<dateline::dump::Label>,
    /// Take files that have other bytes than before
    #[arg(long)]
    pub(crate) update: bool,
    /// Make the corpus from these inputs alone, and list the articles that go
    #[arg(long)]
    pub(crate) replace: bool,
    /// Keep the id that the text of an article has in the last release
    #[arg(long, conflicts_with = "new_ids")]
    pub(crate) keep_ids: bool,
    /// Keep no ids of the last release
    #[arg(long)]
    pub(crate) new_ids: bool,
}

/// How a release is dated and signed.
#[derive(Debug, Args)]
pub(crate) struct Release {
    /// Sign with this OpenSSH private key (Ed25519)
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Read the key's passphrase from this open file descriptor, not the terminal
    #[arg(long, value_name = "FD", requires = "key")]
    pub(crate) passphrase_fd: Option<u32>,
    /// Leave the release unsigned although the one before is signed
    #[arg(long, conflicts_with = "key")]
    pub(crate) unsigned: bool,
    /// The time of the release, as `2026-01-31T12:00:00Z` [default: `SOURCE_DATE_EPOCH`, then now]
    #[arg(long, value_name = "TIME")]
    pub(crate) created: Option<String>,
}

/// Relate the records of a corpus to each other
#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The corpus
    pub(crate) corpus: PathBuf,
}

/// Check records, corpora, and raw dumps themselves
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Check {
    /// Corpora, files of records, and raw dumps; `-` is records on standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The raw dump a corpus was made of: traces are replayed on it
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Vec<PathBuf>,
    /// Hold changed shards to the newest release of this corpus, or to the one whose manifest is named,
    /// without reading the other shards
    #[arg(long, value_name = "CORPUS|MANIFEST", conflicts_with = "raw")]
    pub(crate) against: Option<PathBuf>,
    /// Hold them to this release instead of the newest
    #[arg(long, value_name = "RELEASE", requires = "against")]
    pub(crate) since: Option<u64>,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Facets that every record must have: source, fetch, traced, archived, licensed; or the corpus:
    /// sealed, signed
    #[arg(long, value_name = "FACETS", value_delimiter = ',')]
    pub(crate) require: Vec<String>,
    /// Treat warnings with this code as errors; may be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) deny: Vec<String>,
    /// Suppress this warning or note; errors cannot be suppressed; may be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) allow: Vec<String>,
    /// Use only this profile on raw dumps: a built-in one by its id, or a file
    #[arg(long = "profile", value_name = "ID|FILE")]
    pub(crate) profiles: Vec<String>,
    /// Report only what this file does not name, by record, code and value
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings to a file for --baseline
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Leave out such files of folders, as `.datelineignore` does; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) ignore: Vec<String>,
    /// Exit with 0 also where there are errors
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// How many threads check; results do not depend on it
    #[arg(long, value_name = "N", value_parser = crate::threads::parser())]
    pub(crate) threads: Option<u16>,
}

/// How a report is shown, and where.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// How findings are shown
    #[arg(long, value_parser = format(), default_value = Format::Full.name())]
    pub(crate) format: Format,
    /// Write them to this file, and one line to the terminal; `-` is standard output
    #[arg(long, value_name = "FILE")]
    #[allow(clippy::struct_field_names, reason = "the name is the option's")]
    pub(crate) output: Option<PathBuf>,
    /// Show at most this many findings, the gravest; all are counted [default: 100, and 5000 in the
    /// formats for programs]
    #[arg(long, value_name = "N", value_parser = limit)]
    pub(crate) limit: Option<usize>,
    /// Show the number of findings of each code instead of the findings
    #[arg(long)]
    pub(crate) statistics: bool,
}

/// Reads how many findings or files are shown.
fn limit(text: &str) -> Result<usize, &'static str> {
    text.parse().map_err(|_| "it is not a whole number")
}

/// Reads the name of a form in which findings are shown.
fn format() -> impl TypedValueParser<Value = Format> {
    let named = Format::ALL.map(|format| PossibleValue::new(format.name()).help(format.about()));
    PossibleValuesParser::new(named).try_map(|name| {
        let mut all = Format::ALL.into_iter();
        all.find(|format| format.name() == name)
            .ok_or("there is no format of that name")
    })
}

/// Write and sign the next release
#[derive(Debug, Args)]
pub(crate) struct Seal {
    /// The corpus
    pub(crate) corpus: PathBuf,
    #[command(flatten)]
    pub(crate) beside: Beside,
    #[command(flatten)]
    pub(crate) release: Release,
}

/// Verify a corpus: chain, trees, ledger, signatures
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Verify {
    /// The corpus
    pub(crate) corpus: PathBuf,
    /// The OpenSSH `allowed_signers` file that says whose signatures count
    #[arg(long, value_name = "FILE")]
    pub(crate) signers: Option<PathBuf>,
    /// The digest that a paper cites
    #[arg(long, value_name = "sha256:…")]
    pub(crate) cited: Option<String>,
    /// The release to judge [default: the one cited where no signers are given, else the newest]
    #[arg(long, value_name = "N")]
    pub(crate) release: Option<u64>,
    /// Judge signatures as of this time [default: now]
    #[arg(long, value_name = "TIME")]
    #[allow(clippy::struct_field_names, reason = "the name is the option's")]
    pub(crate) verify_time: Option<String>,
    /// What may not be withheld
    #[arg(long, value_enum, value_name = "PART")]
    pub(crate) require: Option<Required>,
    /// How the parts are shown
    #[arg(long, value_enum, default_value_t = Shape::Text)]
    pub(crate) format: Shape,
}

/// What may not be withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Required {
    /// The contents of articles
    Content,
}

/// Text for people or JSON for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// Merge the shards of a corpus
#[derive(Debug, Args)]
pub(crate) struct Pack {
    /// The corpus
    pub(crate) corpus: PathBuf,
}

/// List the articles of a corpus: id, day, publisher, headline
#[derive(Debug, Args)]
pub(crate) struct List {
    /// The corpus
    pub(crate) corpus: PathBuf,
    /// Only articles with this URL, however it is spelled
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// Only articles of this domain and its subdomains; with `www.` of that site alone
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) domain: Option<Domain>,
    /// Only articles with this name of their source
    #[arg(long, value_name = "NAME")]
    pub(crate) publisher: Option<String>,
    /// Only articles of this day or later: `2026`, `2026-01` or `2026-01-31`
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,
    /// Only articles of this day or earlier
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
    /// Only articles that lack this value: headline, authors, published, language, url, text or `fetch_time`
    #[arg(long, value_name = "FIELD")]
    pub(crate) without: Vec<String>,
    /// How they are shown; with json one object a line
    #[arg(long, value_enum, default_value_t = Shape::Text)]
    pub(crate) format: Shape,
}

/// List the releases of a corpus
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// The corpus
    pub(crate) corpus: PathBuf,
}

/// Print a citation of a release
#[derive(Debug, Args)]
pub(crate) struct Cite {
    /// The corpus
    pub(crate) corpus: PathBuf,
    /// The release [default: the newest]
    #[arg(long, value_name = "N")]
    pub(crate) release: Option<u64>,
    /// The form
    #[arg(long, value_enum, default_value_t = Style::Bibtex)]
    pub(crate) style: Style,
}

/// The form of a citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// A BibTeX entry
    Bibtex,
    /// A sentence
    Text,
}

/// Withdraw records, so that they do not come back
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").multiple(true))]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Withdraw {
    /// The corpus
    pub(crate) corpus: PathBuf,
    /// The ids of the records, or beginnings that only one id has
    #[arg(value_name = "ID", group = "what")]
    pub(crate) ids: Vec<String>,
    /// Withdraw what has this URL, or else a spelling of it; may be repeated
    #[arg(long = "url", value_name = "URL", group = "what")]
    pub(crate) url: Vec<String>,
    /// Withdraw what has one of the URLs in this file, one a line; `-` is standard input
    #[arg(long, value_name = "FILE", group = "what")]
    pub(crate) urls: Option<PathBuf>,
    /// Withdraw all articles of this domain and its subdomains, with `www.` of that site alone; may be repeated
    #[arg(long, value_name = "DOMAIN", group = "what")]
    pub(crate) domain: Vec<Domain>,
    /// Also withdraw this article, which is like a withdrawn one; may be repeated
    #[arg(long, value_name = "ID", group = "what")]
    pub(crate) also: Vec<String>,
    /// Keep this article, which is like a withdrawn one but not the same; may be repeated
    #[arg(long, value_name = "ID", group = "what")]
    pub(crate) distinct: Vec<String>,
    /// Withdraw what the last release has and the inputs no longer give; with `--reason removed` it may
    /// return
    #[arg(long, group = "what", conflicts_with_all = ["ids", "url", "urls", "domain"])]
    pub(crate) missing: bool,
    /// Why: one of the reasons that `dateline schema withdrawal` lists, such as privacy
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Write keys that only the secret matches [default for reasons of a person or a court]
    #[arg(long, conflicts_with = "public")]
    pub(crate) private: bool,
    /// Write keys that everybody can match, and test guesses against [default for other reasons]
    #[arg(long)]
    pub(crate) public: bool,
    #[command(flatten)]
    pub(crate) beside: Beside,
    /// What the public is told
    #[arg(long, value_name = "TEXT")]
    pub(crate) notice: Option<String>,
    /// Who decides, for the receipt [default: the name of the user]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// The day [default: today, or that of `SOURCE_DATE_EPOCH`]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<String>,
    /// Say what would be withdrawn and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What lies beside a corpus and is never published.
#[derive(Debug, Args)]
pub(crate) struct Beside {
    /// The folder of the secret, decisions and receipts of withdrawals [default: CORPUS.private]
    #[arg(long, value_name = "DIR")]
    pub(crate) private_dir: Option<PathBuf>,
}

/// Show one record, and where each of its bytes came from
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The corpus
    pub(crate) corpus: PathBuf,
    /// The record: its id, the beginning of it, or a URL of it
    #[arg(value_name = "ID|URL")]
    pub(crate) id: String,
    /// The raw dump: every range of the item is shown with what became of it
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Vec<PathBuf>,
    /// Also draw the item as a picture, each range coloured by what became of it
    #[arg(long, value_name = "FILE", requires = "raw")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Profile {
    /// List the built-in profiles
    List,
    /// Print a built-in profile
    Show {
        /// Its id
        id: String,
    },
    /// Run the examples of profiles
    Test {
        /// Profile files, or ids of built-in profiles [default: all built-in ones]
        profiles: Vec<String>,
        /// Also read this dump, and show lines that only a catch-all took and lines that repeat
        #[arg(long, value_name = "DIR")]
        leftovers: Option<PathBuf>,
    },
    /// Print a profile to start from
    Init,
}

/// Print a JSON Schema
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// article, relation, withdrawal, trace, ledger, manifest, profile, config or report; without one,
    /// list them
    pub(crate) name: Option<String>,
}

/// Explain a diagnostic code
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code; without one, list them
    pub(crate) code: Option<String>,
}

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(
    after_help = "For bash: dateline completions bash > ~/.local/share/bash-completion/completions/dateline"
)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page, or write those of all commands
#[derive(Debug, Args)]
#[command(after_help = "To read them: dateline man ~/.local/share/man/man1; man dateline-check")]
pub(crate) struct Man {
    /// The folder in which a page for each command is written; it is made where it is not there
    pub(crate) folder: Option<PathBuf>,
}

//! The command line: commands, options and their help.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use dateline::diagnostic::Format;
use dateline::record::Domain;

/// The exit codes, as help states them.
const EXIT_CODES: &str =
    "Exit codes: 0 clean, 1 problems found, 2 could not run, 3 nothing failed but not verified.";

/// A corpus format for news articles with provenance: convert raw dumps, check them, and seal each
/// release in a signed, hash-chained manifest.
///
/// `dateline PATH` inspects any file or folder without changing it, and suggests what to do next.
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
    /// A dump, corpus or release to inspect
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
    /// Print only problems
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Screen {
    /// The settings for messages before the arguments are parsed.
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
    /// Convert, link, check and seal in one step
    Build(Build),
    /// Convert raw dumps to records
    Convert(Convert),
    /// Find relations between the records of a corpus
    Link(Link),
    /// Check records, corpora and raw dumps
    ///
    /// Files of records are checked line by line, and for duplicate ids. Defects that show only between
    /// records (dangling or circular relations, copies, traces that do not match, withdrawn articles) are
    /// checked in a whole corpus, and in shards that are compared with one by --against.
    Check(Check),
    /// Write and sign the next release
    Seal(Seal),
    /// Verify a corpus: chain, trees, ledger, signatures
    Verify(Verify),
    /// Merge small shards left by --add
    Pack(Pack),
    /// List the articles of a corpus
    List(List),
    /// List the releases of a corpus
    Log(Log),
    /// Print a citation of a release
    Cite(Cite),
    /// Withdraw records and keep them from coming back
    Withdraw(Withdraw),
    /// Show one record, and what became of each byte of its raw item
    Show(Show),
    /// List, show, test and create profiles
    #[command(subcommand)]
    Profile(Profile),
    /// Print a JSON Schema
    Schema(Schema),
    /// Explain a diagnostic code
    Explain(Explain),
    /// Print shell completions
    Completions(Completions),
    /// Print the manual page, or write the pages of all commands
    Man(Man),
}

/// Build a corpus from raw dumps: convert, link, check, seal
#[derive(Debug, Args)]
pub(crate) struct Build {
    #[command(flatten)]
    pub(crate) from: Inputs,
    #[command(flatten)]
    pub(crate) taking: Taking,
    /// Where to write the corpus; an existing corpus is updated
    #[arg(short, long, value_name = "CORPUS", default_value = "corpus")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) release: Release,
    /// Seal even if items were refused; the ledger lists them
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
    /// Where to write the corpus
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

/// What to convert, and with which profiles.
#[derive(Debug, Args)]
pub(crate) struct Inputs {
    /// Files and folders of raw dumps; they are never changed
    #[arg(required = true, value_name = "INPUT")]
    #[allow(clippy::struct_field_names, reason = "the name is what help calls it")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Use only this profile: the id of a built-in profile, or a file; may be repeated
    #[arg(long = "profile", value_name = "ID|FILE")]
    pub(crate) profiles: Vec<String>,
    /// Number of threads; it does not affect the results
    #[arg(long, value_name = "N", value_parser = crate::threads::parser())]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) beside: Beside,
}

/// What goes into a new `dateline.yaml`.
#[derive(Debug, Args)]
pub(crate) struct About {
    /// The title of a new corpus [default: the folder's name]
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// The origin of a new corpus, `host/segment…` [default: the folder's name]
    #[arg(long)]
    pub(crate) origin: Option<String>,
    /// The licence of a new corpus: an SPDX expression or a URL
    #[arg(long)]
    pub(crate) license: Option<String>,
}

/// How the inputs relate to those that an existing corpus was made from.
#[derive(Debug, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own, and clap says which exclude each other"
)]
pub(crate) struct Taking {
    /// Keep what is in the corpus, and add these inputs
    #[arg(long, conflicts_with = "replace")]
    pub(crate) add: bool,
    /// Prefix the paths of these inputs with LABEL/, so that day1/a.txt and day2/a.txt are different files
    #[arg(long = "as", value_name = "LABEL")]
    pub(crate) label: Option<dateline::dump::Label>,
    /// Accept files whose bytes have changed
    #[arg(long)]
    pub(crate) update: bool,
    /// Make the corpus from these inputs only, and list the articles that this removes
    #[arg(long)]
    pub(crate) replace: bool,
    /// Give an article the id that its text has in the last release
    #[arg(long, conflicts_with = "new_ids")]
    pub(crate) keep_ids: bool,
    /// Do not keep any ids from the last release
    #[arg(long)]
    pub(crate) new_ids: bool,
}

/// How a release is dated and signed.
#[derive(Debug, Args)]
pub(crate) struct Release {
    /// Sign with this OpenSSH private key (Ed25519)
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Read the passphrase of the key from this open file descriptor instead of the terminal
    #[arg(long, value_name = "FD", requires = "key")]
    pub(crate) passphrase_fd: Option<u32>,
    /// Leave the release unsigned even if the previous one is signed
    #[arg(long, conflicts_with = "key")]
    pub(crate) unsigned: bool,
    /// The time of the release, such as `2026-01-31T12:00:00Z` [default: `SOURCE_DATE_EPOCH`, or now]
    #[arg(long, value_name = "TIME")]
    pub(crate) created: Option<String>,
}

/// Find relations between the records of a corpus
#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The corpus
    pub(crate) corpus: PathBuf,
}

/// Check records, corpora and raw dumps
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Check {
    /// Corpora, files of records and raw dumps; `-` reads records from standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The raw dump that the corpus was made from; its traces are replayed on it
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Vec<PathBuf>,
    /// Compare changed shards with the newest release of this corpus, or with the release of this
    /// manifest, without reading the other shards
    #[arg(long, value_name = "CORPUS|MANIFEST", conflicts_with = "raw")]
    pub(crate) against: Option<PathBuf>,
    /// Compare them with this release instead of the newest
    #[arg(long, value_name = "RELEASE", requires = "against")]
    pub(crate) since: Option<u64>,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Facets that every record must have (source, fetch, traced, archived, licensed) or that the corpus
    /// must have (sealed, signed)
    #[arg(long, value_name = "FACETS", value_delimiter = ',')]
    pub(crate) require: Vec<String>,
    /// Treat warnings with this code as errors; may be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) deny: Vec<String>,
    /// Suppress this warning or note; errors cannot be suppressed; may be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) allow: Vec<String>,
    /// Use only this profile on raw dumps: the id of a built-in profile, or a file
    #[arg(long = "profile", value_name = "ID|FILE")]
    pub(crate) profiles: Vec<String>,
    /// Report only findings that are not in this baseline file
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings to a file for --baseline
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Ignore files in folders that match this pattern, as with `.datelineignore`; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) ignore: Vec<String>,
    /// Exit with 0 even if there are errors
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Number of threads; it does not affect the results
    #[arg(long, value_name = "N", value_parser = crate::threads::parser())]
    pub(crate) threads: Option<u16>,
}

/// How to show a report, and where to write it.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// How to show findings
    #[arg(long, value_parser = format(), default_value = Format::Full.name())]
    pub(crate) format: Format,
    /// Write the findings to this file, and one line to the terminal; `-` is standard output
    #[arg(long, value_name = "FILE")]
    #[allow(clippy::struct_field_names, reason = "the name is the option's")]
    pub(crate) output: Option<PathBuf>,
    /// Show at most this many findings, most severe first; all are counted [default: 100, or 5000 in
    /// formats for programs]
    #[arg(long, value_name = "N", value_parser = limit)]
    pub(crate) limit: Option<usize>,
    /// Show the number of findings for each code instead of the findings
    #[arg(long)]
    pub(crate) statistics: bool,
}

/// Parses how many findings or files to show.
fn limit(text: &str) -> Result<usize, &'static str> {
    text.parse().map_err(|_| "not a whole number")
}

/// Parses the name of a format for findings.
fn format() -> impl TypedValueParser<Value = Format> {
    let named = Format::ALL.map(|format| PossibleValue::new(format.name()).help(format.about()));
    PossibleValuesParser::new(named).try_map(|name| {
        let mut all = Format::ALL.into_iter();
        all.find(|format| format.name() == name)
            .ok_or("no format has this name")
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
    /// The OpenSSH `allowed_signers` file with the keys to trust
    #[arg(long, value_name = "FILE")]
    pub(crate) signers: Option<PathBuf>,
    /// The digest that a paper cites
    #[arg(long, value_name = "sha256:…")]
    pub(crate) cited: Option<String>,
    /// The release to verify [default: with --cited and no --signers, the cited one; otherwise the newest]
    #[arg(long, value_name = "N")]
    pub(crate) release: Option<u64>,
    /// Check signatures as of this time [default: now]
    #[arg(long, value_name = "TIME")]
    #[allow(clippy::struct_field_names, reason = "the name is the option's")]
    pub(crate) verify_time: Option<String>,
    /// Fail if this part is withheld
    #[arg(long, value_enum, value_name = "PART")]
    pub(crate) require: Option<Required>,
    /// How to show the parts
    #[arg(long, value_enum, default_value_t = Shape::Text)]
    pub(crate) format: Shape,
}

/// What must not be withheld.
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
    /// One JSON object per line
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
    /// Only articles with this URL, in any spelling
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// Only articles from this domain and its subdomains; with `www.`, only from that host
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) domain: Option<Domain>,
    /// Only articles whose source has this name
    #[arg(long, value_name = "NAME")]
    pub(crate) publisher: Option<String>,
    /// Only articles from this day or later: `2026`, `2026-01` or `2026-01-31`
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,
    /// Only articles from this day or earlier
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
    /// Only articles that lack this value: headline, authors, published, language, url, text or `fetch_time`
    #[arg(long, value_name = "FIELD")]
    pub(crate) without: Vec<String>,
    /// How to show the articles
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
    /// The format of the citation
    #[arg(long, value_enum, default_value_t = Style::Bibtex)]
    pub(crate) style: Style,
}

/// The format of a citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// A BibTeX entry
    Bibtex,
    /// A sentence
    Text,
}

/// Withdraw records and keep them from coming back
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").multiple(true))]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Withdraw {
    /// The corpus
    pub(crate) corpus: PathBuf,
    /// The ids of the records, or unique prefixes of them
    #[arg(value_name = "ID", group = "what")]
    pub(crate) ids: Vec<String>,
    /// Withdraw articles with this URL or, if there are none, with another spelling of it; may be repeated
    #[arg(long = "url", value_name = "URL", group = "what")]
    pub(crate) url: Vec<String>,
    /// Withdraw articles with a URL in this file, one per line; `-` is standard input
    #[arg(long, value_name = "FILE", group = "what")]
    pub(crate) urls: Option<PathBuf>,
    /// Withdraw all articles from this domain and its subdomains; with `www.`, only from that host; may be
    /// repeated
    #[arg(long, value_name = "DOMAIN", group = "what")]
    pub(crate) domain: Vec<Domain>,
    /// Also withdraw this article, because it matches a withdrawn one; may be repeated
    #[arg(long, value_name = "ID", group = "what")]
    pub(crate) also: Vec<String>,
    /// Keep this article, which matches a withdrawn one but is a different article; may be repeated
    #[arg(long, value_name = "ID", group = "what")]
    pub(crate) distinct: Vec<String>,
    /// Withdraw articles of the last release that are no longer in the inputs; with `--reason removed`, they
    /// may come back
    #[arg(long, group = "what", conflicts_with_all = ["ids", "url", "urls", "domain"])]
    pub(crate) missing: bool,
    /// The reason, such as privacy; `dateline schema withdrawal` lists all reasons
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Write keys that match only with the secret [default for `privacy`, `legal_order` and `unspecified`]
    #[arg(long, conflicts_with = "public")]
    pub(crate) private: bool,
    /// Write keys that anyone can match, and can test guesses against [default for other reasons]
    #[arg(long)]
    pub(crate) public: bool,
    #[command(flatten)]
    pub(crate) beside: Beside,
    /// A public notice
    #[arg(long, value_name = "TEXT")]
    pub(crate) notice: Option<String>,
    /// Who decided this, for the receipt [default: your user name]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// The date of the withdrawal [default: the day of `SOURCE_DATE_EPOCH`, or today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<String>,
    /// Show what would be withdrawn, without writing anything
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What is kept next to a corpus and never published.
#[derive(Debug, Args)]
pub(crate) struct Beside {
    /// The folder with the secret, decisions and receipts of withdrawals [default: CORPUS.private]
    #[arg(long, value_name = "DIR")]
    pub(crate) private_dir: Option<PathBuf>,
}

/// Show one record, and what became of each byte of its raw item
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The corpus
    pub(crate) corpus: PathBuf,
    /// The record: its id, a unique prefix of the id, or one of its URLs
    #[arg(value_name = "ID|URL")]
    pub(crate) id: String,
    /// The raw dump; shows what became of each range of the item
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Vec<PathBuf>,
    /// Also write an SVG picture of the item, with each range coloured by what became of it
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
        /// Also read this dump, and show lines that only a catch-all matched and lines that repeat
        #[arg(long, value_name = "DIR")]
        leftovers: Option<PathBuf>,
    },
    /// Print a profile to start from
    Init,
}

/// Print a JSON Schema
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// article, relation, withdrawal, trace, ledger, manifest, profile, config or report [default: list them]
    pub(crate) name: Option<String>,
}

/// Explain a diagnostic code
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code [default: list all codes]
    pub(crate) code: Option<String>,
}

/// Print shell completions
#[derive(Debug, Args)]
#[command(
    after_help = "For bash: dateline completions bash > ~/.local/share/bash-completion/completions/dateline"
)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page, or write the pages of all commands
#[derive(Debug, Args)]
#[command(after_help = "To read them: dateline man ~/.local/share/man/man1; man dateline-check")]
pub(crate) struct Man {
    /// Write a page for each command to this folder, creating it if needed
    pub(crate) folder: Option<PathBuf>,
}

//! `dateline show`

use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use dateline::corpus::{Corpus, NameError, steady};
use dateline::diagnostic::escape::{escape, shown};
use dateline::digest::Digest;
use dateline::dump::{Input, Opener, inputs};
use dateline::record::{Id, Record};
use dateline::trace::{Bytes, Range, Span, Trace, ranges};
use dateline::typed::{GetError, RecordsError};

use crate::failure::{Exit, Failure};
use crate::picture::{Class, told};
use crate::screen;
use crate::screen::{Screen, count};
use crate::{args, damage, file, outputs, picture};

const VALUE: Style = AnsiColor::Green.on_default();
const DROPPED: Style = AnsiColor::Yellow.on_default();
const NOTHING: Style = AnsiColor::Red.on_default();

pub(crate) fn run(args: &args::Show, screen: &mut Screen) -> Result<Exit, Failure> {
    if let Some(svg) = &args.svg {
        let read: Vec<PathBuf> = [&args.corpus]
            .into_iter()
            .chain(&args.raw)
            .cloned()
            .collect();
        outputs::outside("--svg", svg, &read)?;
    }
    let read = |corpus: &Corpus| {
        let record = find(corpus, &args.id)?;
        let trace = if args.raw.is_empty() {
            None
        } else {
            let trace = corpus.trace(record.id());
            trace.map_err(|error| unread(corpus.root(), error))?
        };
        Ok::<_, Failure>((record, trace))
    };
    let (record, trace) = steady(&args.corpus, read)?;
    let pretty = serde_json::to_string_pretty(&record)?;
    for line in pretty.lines() {
        screen.line(&escape(line))?;
    }
    if args.raw.is_empty() {
        return Ok(Exit::Clean);
    }
    let Some(trace) = trace else {
        return Err(
            Failure::new(format!("`{}` has no trace in this corpus", record.id()))
                .hint("leave out --raw; only articles have traces, and some corpora have none"),
        );
    };
    let Record::Article(article) = &record else {
        return Err(Failure::new(format!("`{}` is not an article", record.id()))
            .hint("leave out --raw; only articles are made from raw items"));
    };
    let inputs = inputs(&args.raw)?;
    let raw = raw_item(&trace, &inputs, &article.raw.digest)?;
    let first = trace
        .locations
        .first()
        .map(|location| location.path.as_str());
    screen.line("")?;
    let head = format!(
        "{}  {} bytes  read by {} {}",
        shown(first.unwrap_or_default()),
        raw.len(),
        shown(&trace.profile.id),
        trace.profile.version
    );
    screen.line(&escape(&head))?;
    let item = Bytes {
        bytes: &raw,
        encoding: &article.raw.encoding,
    };
    let ranges = ranges(&trace);
    for range in &ranges {
        screen.line(&line(range, item))?;
    }
    if let Some(svg) = &args.svg {
        let mut picture = Vec::new();
        picture::draw(&mut picture, first.unwrap_or_default(), item, &ranges)?;
        file::replace(svg, &picture)?;
    }
    Ok(Exit::Clean)
}

/// One range: its position, what became of it, and its text.
fn line(range: &Range, item: Bytes<'_>) -> String {
    let Span { start, end } = range.span;
    let (class, what) = told(range);
    let style = match class {
        Class::Value => VALUE,
        Class::Dropped | Class::Space => DROPPED,
        Class::Nothing => NOTHING,
    };
    let text = item.shown(range.span);
    format!(
        "{start:>7}..{end:<7} {style}{what:<28}{style:#} {style}{}{style:#}",
        escape(&text)
    )
}

/// The record with this name.
fn find(corpus: &Corpus, name: &str) -> Result<Record, Failure> {
    match corpus.get(name) {
        Ok(Some(record)) => Ok(record),
        Ok(None) => Err(several(corpus.root(), NameError::Unknown(name.to_owned()))),
        Err(GetError::Outside { name, lines }) => {
            let message = format!("no record that can be shown has the name `{name}`");
            Err(Failure::new(message).hint(unshown_lines(lines)))
        }
        Err(GetError::Name(error)) => Err(several(corpus.root(), error)),
        Err(GetError::Records(error)) => Err(unread(corpus.root(), error)),
        Err(error) => Err(error.into()),
    }
}

/// Warns about lines that are not shown, and says why.
pub(crate) fn say_unshown(count: u64, screen: &mut Screen) {
    if count > 0 {
        screen.complain("warning", &unshown_lines(count));
    }
}

fn unshown_lines(number: u64) -> String {
    format!(
        "{} not shown: they are in linked files outside the corpus, and not in the newest release",
        count(number, "line")
    )
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "other errors have nothing to add"
)]
/// The failure for a name that matches no record, or several.
fn several(corpus: &Path, error: NameError) -> Failure {
    let hint = match &error {
        NameError::Several { first, .. } => {
            let ids: Vec<&str> = first.iter().map(Id::as_str).collect();
            Some(format!("use a full id, such as {}", ids.join(", ")))
        }
        NameError::Unknown(_) => Some(format!(
            "to list the articles, run `dateline list {}`",
            screen::named(corpus)
        )),
        _ => None,
    };
    let failure = Failure::from(error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// The failure for a line of the corpus that cannot be read.
pub(crate) fn broken(
    corpus: &Path,
    (file, line): (&str, u64),
    error: &dyn std::error::Error,
) -> Failure {
    let file = corpus.join(file);
    Failure::new(format!("{}:{line}: {error}", file.display())).hint(damage::help(corpus))
}

/// The failure for records of the corpus that cannot be read.
fn unread(corpus: &Path, error: RecordsError) -> Failure {
    if let RecordsError::Line { file, line, source } = &error {
        return broken(corpus, (file, *line), source);
    }
    error.into()
}

/// The bytes of the item, from the first of its locations that still has them.
fn raw_item(trace: &Trace, inputs: &[Input], digest: &Digest) -> Result<Vec<u8>, Failure> {
    let opener = Opener::new();
    let mut wrong = None;
    for location in &trace.locations {
        let Some(input) = inputs.iter().find(|input| input.path == location.path) else {
            continue;
        };
        let why = match opener.read(&input.file, location) {
            Ok(bytes) if Digest::of(&bytes) == *digest => return Ok(bytes),
            Ok(_) => "its bytes have changed since it was converted".to_owned(),
            Err(error) => error.to_string(),
        };
        wrong = wrong.or(Some((&location.path, why)));
    }
    if let Some((path, why)) = wrong {
        let path = shown(path);
        return Err(
            Failure::new(format!("cannot read the item from `{path}`: {why}"))
                .hint("use --raw with the dump as it was when it was converted"),
        );
    }
    let places = trace.locations.iter().take(3);
    let places: Vec<String> = places.map(|location| shown(&location.path)).collect();
    Err(Failure::new(format!(
        "the raw item is not in the dump; looked for {}",
        places.join(", ")
    ))
    .hint("use --raw with the folder that was converted; the paths in it must be the same"))
}

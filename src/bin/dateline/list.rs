//! `dateline list`

use std::io::{BufRead as _, BufReader, Seek as _, Write as _};

use dateline::corpus::{Corpus, Part, steady};
use dateline::diagnostic::escape::{escape, json};
use dateline::manifest::Shown;
use dateline::record::{
    AbsentKey, Article, Domain, Record, Time, coarse_url, hosts, normalised_url,
};
use serde::Serialize;
use tempfile::SpooledTempFile;

use crate::args::{self, Shape};
use crate::failure::{Exit, Failure};
use crate::screen::Screen;
use crate::show;

/// How many bytes of the list are kept in memory until it is certain that nothing changed meanwhile.
const HELD: usize = 16 << 20;

pub(crate) fn run(args: &args::List, screen: &mut Screen) -> Result<Exit, Failure> {
    let filter = Filter::read(args)?;
    let (mut rows, unshown) = steady(&args.corpus, |corpus| rows(corpus, &filter))?;
    rows.rewind()?;
    for row in BufReader::new(rows).lines() {
        screen.line(&row?)?;
    }
    show::say_unshown(unshown, screen);
    Ok(Exit::Clean)
}

/// The lines of the list, and how many lines are not shown.
fn rows(corpus: &Corpus, filter: &Filter<'_>) -> Result<(SpooledTempFile, u64), Failure> {
    let state = corpus.working()?;
    let shown = Shown::of(corpus, &state)?;
    let (mut rows, mut unshown) = (SpooledTempFile::new(HELD), 0);
    for line in state.sorted(Part::Records)? {
        let line = line?;
        if !shown.has(&line, Part::Records) {
            unshown += 1;
            continue;
        }
        let record = Record::read(&line.bytes)
            .map_err(|error| show::broken(corpus.root(), (&line.file, line.number), &error))?;
        if let Record::Article(article) = record
            && filter.takes(&article)
        {
            let row = Row::of(&article);
            let row = match filter.args.format {
                Shape::Text => row.text(),
                Shape::Json => json(&row)?,
            };
            writeln!(rows, "{row}")?;
        }
    }
    Ok((rows, unshown))
}

/// Which articles are listed.
struct Filter<'a> {
    args: &'a args::List,
    url: Option<Wanted>,
    without: Vec<AbsentKey>,
}

/// A URL in the forms in which its spellings are equal.
struct Wanted {
    normal: String,
    coarse: Option<String>,
}

impl Wanted {
    fn read(url: &str) -> Result<Self, Failure> {
        let normal = normalised_url(url)
            .ok_or_else(|| Failure::new(format!("`{url}` is not an http or https URL")))?;
        let coarse = coarse_url(url);
        Ok(Self { normal, coarse })
    }

    fn is(&self, url: &str) -> bool {
        normalised_url(url).as_ref() == Some(&self.normal)
            || self.coarse.is_some() && coarse_url(url) == self.coarse
    }
}

impl<'a> Filter<'a> {
    fn read(args: &'a args::List) -> Result<Self, Failure> {
        let url = args.url.as_deref().map(Wanted::read);
        let key = |name: &String| {
            let keys = AbsentKey::ALL;
            keys.into_iter()
                .find(|key| key.name() == name)
                .ok_or_else(|| {
                    let names = keys.map(AbsentKey::name).join(", ");
                    Failure::new(format!("`{name}` is not a value that an article can lack"))
                        .hint(format!("use one of {names}"))
                })
        };
        for day in args.since.iter().chain(&args.until) {
            let known = day.parse::<Time>().is_ok() && day.len() <= 10;
            if !known {
                return Err(Failure::new(format!("`{day}` is not a day"))
                    .hint("write `2026`, `2026-01` or `2026-01-31`"));
            }
        }
        Ok(Self {
            args,
            url: url.transpose()?,
            without: args.without.iter().map(key).collect::<Result<_, _>>()?,
        })
    }

    fn takes(&self, article: &Article) -> bool {
        let Self { args, url, without } = self;
        let source = article.source.as_ref();
        let has_url = |wanted: &Wanted| article.urls().any(|url| wanted.is(url));
        let below = |wanted: &Domain| {
            source.is_some_and(|source| {
                let urls = source.url.iter().chain(&source.canonical_url);
                hosts(source.domain.as_deref(), urls.map(String::as_str))
                    .any(|host| wanted.has(&host))
            })
        };
        let named =
            |wanted: &String| source.and_then(|source| source.name.as_ref()) == Some(wanted);
        let day = published(article);
        // Compares as many characters as both have: a month is in its year, a day in its month.
        let compared = |wanted: &String| {
            let day = day.as_deref()?;
            let length = wanted.len().min(day.len());
            Some((
                day.get(..length)?.to_owned(),
                wanted.get(..length)?.to_owned(),
            ))
        };
        let since = |wanted: &String| compared(wanted).is_some_and(|(day, from)| day >= from);
        let until = |wanted: &String| compared(wanted).is_some_and(|(day, to)| day <= to);
        url.as_ref().is_none_or(has_url)
            && args.domain.as_ref().is_none_or(below)
            && args.publisher.as_ref().is_none_or(named)
            && args.since.as_ref().is_none_or(since)
            && args.until.as_ref().is_none_or(until)
            && without.iter().all(|key| !article.has(*key))
    }
}

/// The day on which an article was published, as far as it is known.
fn published(article: &Article) -> Option<String> {
    let time = article.article.as_ref()?.published.as_ref()?.to_string();
    Some(time.chars().take(10).collect())
}

/// An article as the list shows it.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headline: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(article: &'a Article) -> Self {
        let source = article.source.as_ref();
        Self {
            id: article.id.as_str(),
            published: published(article),
            publisher: source.and_then(|source| source.name.as_deref()),
            domain: source.and_then(|source| source.domain.as_deref()),
            url: article.url(),
            headline: article
                .article
                .as_ref()
                .and_then(|about| about.headline.as_deref()),
        }
    }

    fn text(&self) -> String {
        let publisher = self.publisher.or(self.domain).unwrap_or("-");
        format!(
            "{}  {:<10}  {}  {}",
            self.id,
            self.published.as_deref().unwrap_or("-"),
            escape(publisher),
            escape(self.headline.unwrap_or("-"))
        )
    }
}

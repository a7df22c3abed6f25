//! A corpus as values of Rust: what is read, what is built, and what each error says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::error::Error;
use std::fs;
use std::path::Path;

use dateline::check;
use dateline::corpus::{Config, NameError, Part, ShardName, WriteError};
use dateline::record::IdRule;
use dateline::record::{
    AbsentKey, AbsentReason, Author, Embed, Fetch, Image, Link, Record, Rights,
};
use dateline::typed::{
    AddError, ArticleBuilder, ArticleError, CreateError, GetError, RecordsError,
};
use dateline::{Article, Corpus, CorpusBuilder};

use crate::tool::copy;

const DEMO: &str = "examples/demo-corpus";

/// An article with every field that a builder sets.
fn full() -> ArticleBuilder {
    let mut fetch = Fetch::default();
    fetch.time = Some("2026-02-12T06:00:00Z".parse().unwrap());
    fetch.url = Some("https://news.example/rain".to_owned());
    let mut rights = Rights::default();
    rights.license = Some("CC-BY-4.0".to_owned());
    let mut image = Image::default();
    image.caption = Some("A dry street".to_owned());
    let mut embed = Embed::new("post");
    embed.url = Some("https://social.example/1".to_owned());
    Article::builder(b"Rain ends\n\nThe rain ended on Monday.\n")
        .media_type("text/plain")
        .encoding("windows-1252")
        .publisher("The Example Courier")
        .url("https://news.example/rain?a=1")
        .canonical_url("https://news.example/rain")
        .identifier("rain-1")
        .fetch(fetch)
        .rights(rights)
        .headline("Rain ends")
        .subtitle("Monday is dry")
        .author("Ada Example")
        .authors([Author::new("Wire").role("agency")])
        .language("en")
        .published("2026-02-11".parse().unwrap())
        .modified("2026-02-12".parse().unwrap())
        .section("Weather")
        .keyword("rain")
        .keyword("dry")
        .located("Gull Island")
        .link(Link::new("https://news.example/snow", "related"))
        .summary("It stopped.")
        .text("The rain ended on Monday.\n\nIt had rained for a week.")
        .image(image)
        .embed(embed)
        .extra("seen", 3)
}

fn create(path: &Path) -> CorpusBuilder {
    CorpusBuilder::create(path, Config::default_for("corpus")).unwrap()
}

/// What is built, and the check of it.
fn checked(corpus: &Corpus) -> String {
    let report = dateline::check_corpus(corpus, &check::Options::default()).unwrap();
    let found = report.diagnostics().into_iter();
    let found = found.map(|found| format!("{:?} {}\n", found.severity, found.code.name));
    found.collect()
}

#[test]
fn what_is_built_is_read_back_and_passes_a_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus");
    let mut articles = vec![full().build().unwrap()];
    for number in 0..50 {
        let text = format!("Article {number} is a short one.");
        let article = Article::builder(text.as_bytes()).text(&text).build();
        articles.push(article.unwrap());
    }
    let mut new = create(&path);
    for article in &articles {
        new.add(article).unwrap();
    }
    let corpus = new.commit().unwrap();
    articles.sort_by(|a, b| a.id.cmp(&b.id));
    let read: Result<Vec<Article>, _> = corpus.articles().unwrap().collect();
    assert_eq!(read.unwrap(), articles);
    assert_eq!(checked(&corpus), "");
    // `dateline.yaml` is there, and another corpus is not written over it.
    assert!(path.join("dateline.yaml").is_file());
    let again = CorpusBuilder::create(&path, Config::default_for("corpus"));
    assert!(matches!(again, Err(CreateError::Exists(_))));
}

#[test]
fn the_same_articles_in_another_order_are_the_same_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let article = |number: u32| {
        let text = format!("Article {number}");
        let built = Article::builder(text.as_bytes()).headline(text).build();
        built.unwrap()
    };
    let shards = |name: &str, order: &mut dyn Iterator<Item = u32>| {
        let mut new = create(&folder.path().join(name));
        for number in order {
            new.add(article(number)).unwrap();
        }
        new.commit().unwrap().shards().to_vec()
    };
    assert_eq!(shards("a", &mut (0..9)), shards("b", &mut (0..9).rev()));
}

#[test]
fn a_copy_by_values_has_the_same_shards() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Corpus::open(DEMO).unwrap();
    let mut new = create(&folder.path().join("corpus"));
    for article in demo.articles().unwrap() {
        new.add(article.unwrap()).unwrap();
    }
    for relation in demo.relations().unwrap() {
        new.add_relation(relation.unwrap()).unwrap();
    }
    let copied = new.commit().unwrap();
    let untraced = |shard: &&ShardName| shard.part() != Part::Traces;
    let shards: Vec<&ShardName> = demo.shards().iter().filter(untraced).collect();
    assert_eq!(copied.shards().iter().collect::<Vec<_>>(), shards);
    assert!(!checked(&copied).contains("Error"));
}

#[test]
fn an_article_has_what_follows_from_its_values() {
    let article = full().build().unwrap();
    let source = article.source.as_ref().unwrap();
    assert_eq!(source.domain.as_deref(), Some("news.example"));
    assert!(article.absent.is_empty());
    assert!(article.content_digest.is_some() && article.text_digest.is_some());

    // As a converter derives ids: over the fetch where the item is all of it.
    let part = full().part_of_fetch().build().unwrap();
    let alone = full().fetch(Fetch::default()).build().unwrap();
    assert_eq!(part.id, alone.id);
    assert_ne!(part.id, article.id);
    assert_eq!(alone.absent[&AbsentKey::FetchTime], AbsentReason::NotFound);
    let by_url = full().ids(IdRule::Url).build().unwrap();
    let same = Article::builder(b"").ids(IdRule::Url);
    let same = same.url("https://news.example/rain").build().unwrap();
    assert_eq!(by_url.id, same.id);
    let named = full().id("art-1".parse().unwrap()).build().unwrap();
    assert_eq!(named.id.as_str(), "art-1");
}

#[test]
fn an_article_that_breaks_a_rule_is_not_built() {
    let builder = || Article::builder(b"Rain ends");
    let said = |builder: ArticleBuilder| builder.build().unwrap_err().to_string();
    let author = |role: &str| Author::new("Ada").role(role);
    let messages = [
        said(builder().headline("")),
        said(builder().url("/rain")),
        said(builder().authors([author("writer")])),
        said(builder().language("English")),
        said(builder().text(" \n ")),
        said(builder().media_type("HTML")),
        said(builder().encoding("utf8!")),
        said(
            builder()
                .headline("Rain")
                .absent(AbsentKey::Headline, AbsentReason::NotInDump),
        ),
        said(builder().ids(IdRule::Url)),
        said(builder().ids(IdRule::Identifier)),
        said(builder().extra("share", 0.5)),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r#"
    `/article/headline`: the string is empty
    `/source/url`: `/rain` is not an absolute http or https URL: it does not begin with `http://` or `https://`
    `/article/authors/0/role`: `"writer"` is not one of `"author"`, `"editor"`, `"photographer"`, `"translator"`, `"contributor"`, `"agency"`
    `/article/language`: `"English"` is not a valid language
    `/content/text`: the text is nothing but white space
    `/raw/media_type`: `"HTML"` is not a valid media type
    `/raw/encoding`: `"utf8!"` is not a valid encoding
    `/article/headline` is given and explained as absent
    the item has no URL to take its id from (`ids: url`)
    the item has no identifier to take its id from (`ids: identifier`)
    `/x` holds a value that cannot be written
    "#);
    let Err(ArticleError::Rule(defect)) = builder().authors([author("writer")]).build() else {
        panic!()
    };
    assert_eq!(defect.field(), "/article/authors/0/role");
}

#[test]
fn a_record_that_breaks_a_rule_is_not_added_and_the_others_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut new = create(&folder.path().join("corpus"));
    let good = full().build().unwrap();
    let mut bad = good.clone();
    bad.id = "art-2".parse().unwrap();
    bad.text_digest = None;
    let Err(AddError::Rule { id, source }) = new.add(&bad) else {
        panic!()
    };
    assert_eq!(id, bad.id);
    assert_eq!(source.diagnostic().code.name, "text-digest-mismatch");
    new.add(&good).unwrap();
    let demo = Corpus::open(DEMO).unwrap();
    let mut relation = demo.relations().unwrap().next().unwrap().unwrap();
    relation.id = "rel-1".parse().unwrap();
    assert!(matches!(
        new.add_relation(&relation),
        Err(AddError::Rule { .. })
    ));
    assert_eq!(new.commit().unwrap().articles().unwrap().count(), 1);
}

#[test]
fn what_is_not_committed_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus");
    let mut new = create(&path);
    new.add(full().build().unwrap()).unwrap();
    drop(new);
    assert!(!path.exists());

    let mut new = create(&path);
    new.add(full().build().unwrap()).unwrap();
    new.add(full().headline("Rain stops").build().unwrap())
        .unwrap();
    let Err(WriteError::Duplicate { key, .. }) = new.commit() else {
        panic!()
    };
    assert_eq!(key, full().build().unwrap().id.as_str());
    assert!(!path.exists());

    fs::create_dir(&path).unwrap();
    fs::write(path.join("notes.txt"), "mine").unwrap();
    let refused = CorpusBuilder::create(&path, Config::default_for("corpus"));
    assert!(matches!(
        refused,
        Err(CreateError::Write(WriteError::NotACorpus(_)))
    ));
}

#[test]
fn a_record_has_names() {
    let corpus = Corpus::open(DEMO).unwrap();
    for article in corpus.articles().unwrap() {
        let article = article.unwrap();
        let trace = corpus.trace(&article.id).unwrap().unwrap();
        assert_eq!(trace.bytes, article.raw.bytes);
        for name in [Some(article.id.as_str()), article.url()]
            .into_iter()
            .flatten()
        {
            let Some(Record::Article(found)) = corpus.get(name).unwrap() else {
                panic!("{name}")
            };
            assert_eq!(*found, article);
        }
    }
    let relation = corpus.relations().unwrap().next().unwrap().unwrap();
    assert!(matches!(
        corpus.get(relation.id.as_str()),
        Ok(Some(Record::Relation(_)))
    ));
    assert!(corpus.trace(&relation.id).unwrap().is_none());
    assert!(corpus.get("art-0000").unwrap().is_none());
    assert!(matches!(
        corpus.get("art-"),
        Err(GetError::Name(NameError::Several { count: 6, .. }))
    ));
    assert!(matches!(
        corpus.get("a b"),
        Err(GetError::Name(NameError::NoName(_)))
    ));
}

#[test]
fn an_error_names_the_file_and_the_line_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus");
    copy(Path::new(DEMO), &path);
    // A shard that no listing names is read where there is no listing.
    fs::remove_dir_all(path.join("releases")).unwrap();
    let shard = Corpus::open(&path).unwrap().shards()[0].to_string();
    let text = fs::read_to_string(path.join(&shard)).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let float = lines[1].replacen("\"type\"", "\"x\":{\"n\":0.5},\"type\"", 1);
    let extra = lines[2].replacen("\"type\"", "\"colour\":\"red\",\"type\"", 1);
    lines[1] = &float;
    lines[2] = &extra;
    let relation = Corpus::open(DEMO).unwrap().relations().unwrap().next();
    let relation = Record::Relation(Box::new(relation.unwrap().unwrap()));
    let relation = String::from_utf8(relation.to_line().unwrap()).unwrap();
    lines.push(&relation);
    fs::write(path.join(&shard), lines.join("\n") + "\n").unwrap();

    let corpus = Corpus::open(&path).unwrap();
    let (read, failed): (Vec<_>, Vec<_>) = corpus.articles().unwrap().partition(Result::is_ok);
    assert_eq!(read.len(), 4);
    let failed: Vec<RecordsError> = failed.into_iter().filter_map(Result::err).collect();
    let places: Vec<_> = failed
        .iter()
        .map(|error| (error.file(), error.line()))
        .collect();
    let file = Some(shard.as_str());
    assert_eq!(places, [(file, Some(2)), (file, Some(3)), (file, Some(7))]);
    let said: Vec<String> = failed.iter().map(|error| said(error, &shard)).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    SHARD:2 cannot be read: not strict JSON: number `0.5` has a fraction: only integers are allowed
    SHARD:3 cannot be read: not an article: field `colour` is not known here; known are `format`, `type`, `id`, `source`, `fetch`, `raw`, `article`, `links`, `rights`, `absent`, `content_digest`, `text_digest`, `content`, `x`
    SHARD:7 has the type `relation`, not `article`
    ");
}

/// An error with its cause, and a stand-in for the name of the shard.
fn said(error: &dyn Error, shard: &str) -> String {
    let said = error.to_string().replace(shard, "SHARD");
    match error.source() {
        Some(cause) => format!("{said}: {cause}"),
        None => said,
    }
}

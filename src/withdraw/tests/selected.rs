//! Which articles are meant.

use super::{Request, Selection, WithdrawError, article, options, request, unsealed, withdraw};
use crate::manifest::{samples, seal};
use crate::record::{Article, Record};

fn selecting(change: impl FnOnce(&mut Selection)) -> Request {
    let mut request = request(&[]);
    change(&mut request.select);
    request
}

fn withdrawn(path: &std::path::Path, request: &Request) -> Result<Vec<String>, WithdrawError> {
    let outcome = withdraw(path, request)?;
    let gone = outcome.withdrawals.iter();
    Ok(gone.map(|gone| gone.id.to_string()).collect())
}

fn called(id: &str, n: u8) -> Article {
    let mut article = article(n);
    article.id = id.parse().unwrap();
    article
}

/// A corpus whose release has `art-1`, `art-2` and `art-3`; its dump was edited, and gives `art-22` for the
/// second, and nothing for the first.
fn edited() -> tempfile::TempDir {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let records = [called("art-22", 2), called("art-3", 3)];
    let records = records.map(|article| Record::Article(Box::new(article)));
    samples::write(folder.path(), &records);
    folder
}

/// What is here goes, and what the release has beside it only where that is asked for.
#[test]
fn the_release_is_asked_for_what_is_not_here() {
    let folder = edited();
    assert_eq!(
        withdrawn(folder.path(), &request(&["art-22"])).unwrap(),
        ["art-22"]
    );
    let folder = edited();
    // The beginning of one that is here, and of another that only the release has.
    assert_eq!(
        withdrawn(folder.path(), &request(&["art-2"])).unwrap(),
        ["art-22"]
    );
    let folder = edited();
    assert_eq!(
        withdrawn(folder.path(), &request(&["art-1"])).unwrap(),
        ["art-1"]
    );
}

#[test]
fn urls_and_domains_are_looked_for_in_the_release_too() {
    let url = "https://news.example/1".to_owned();
    let folder = edited();
    let by_url = selecting(|select| select.urls = [url].into());
    assert_eq!(withdrawn(folder.path(), &by_url).unwrap(), ["art-1"]);
    // A second time there is nothing left of it.
    let error = withdrawn(folder.path(), &by_url).unwrap_err();
    assert!(matches!(error, WithdrawError::Unmatched { .. }), "{error}");
    let folder = edited();
    let domain = selecting(|select| select.domains = ["news.example".parse().unwrap()].into());
    assert_eq!(
        withdrawn(folder.path(), &domain).unwrap(),
        ["art-1", "art-2", "art-22", "art-3"]
    );
    let error = withdrawn(folder.path(), &domain).unwrap_err();
    assert!(matches!(error, WithdrawError::Unmatched { .. }), "{error}");
}

/// An article that both have goes as it is here.
#[test]
fn an_article_that_is_here_goes_as_it_is_here() {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let mut now = article(1);
    now.source.as_mut().unwrap().canonical_url = Some("https://news.example/one".to_owned());
    let record = Record::Article(Box::new(now));
    samples::write(folder.path(), &[record]);
    let by_url = selecting(|select| select.urls = ["https://news.example/1".to_owned()].into());
    let outcome = withdraw(folder.path(), &by_url).unwrap();
    let [gone] = outcome.withdrawals.as_slice() else {
        panic!("{outcome:?}")
    };
    assert_eq!(gone.url_digests.len(), 2);
}

/// The id of a held item need not be in the corpus, unless it is asked for as an article of it.
#[test]
fn an_unknown_id_is_named_unless_it_only_goes_too() {
    let folder = unsealed();
    let mut held = request(&["art-1"]);
    let whole = "art-0123456789abcdef0123456789abcdef";
    held.also.insert(whole.parse().unwrap());
    let mut both = held.clone();
    both.select.names.insert(whole.to_owned());
    let error = withdrawn(folder.path(), &both).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the corpus has no article `{whole}`")
    );
    for name in ["art-8", "art-0123456789ABCDEF0123456789ABCDEF", "art"] {
        let mut part = held.clone();
        part.distinct.insert(name.parse().unwrap());
        let error = withdrawn(folder.path(), &part).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{name}`")), "{error}");
    }
    assert_eq!(withdrawn(folder.path(), &held).unwrap(), ["art-1"]);
}

/// Spellings of one URL that are asked for beside each other all have the article.
#[test]
fn a_url_in_several_spellings_is_found_in_each() {
    let folder = unsealed();
    let spellings = ["https://news.example/1", "https://news.example/1#top"];
    let by_url = selecting(|select| select.urls = spellings.map(str::to_owned).into());
    let outcome = withdraw(folder.path(), &by_url).unwrap();
    assert_eq!(outcome.withdrawals.len(), 1);
    assert_eq!(outcome.unmatched, Vec::<String>::new());
}

/// What no article has is named as what it was given as.
#[test]
fn what_is_not_found_is_named_by_its_kind() {
    let folder = unsealed();
    let none = selecting(|select| {
        select.domains = ["nowhere.example".parse().unwrap()].into();
        select.urls = ["https://news.example/9".to_owned()].into();
    });
    assert_eq!(
        withdrawn(folder.path(), &none).unwrap_err().to_string(),
        "the corpus has no article with the URL `https://news.example/9` and no article of the domain \
         `nowhere.example`"
    );
    let error = withdrawn(folder.path(), &request(&["art-"])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`art-` begins 3 ids: `art-1`, `art-2`, `art-3`"
    );
    let ids = ["art-1".parse().unwrap()].into();
    let (name, count) = ("art-".to_owned(), 8);
    let error = WithdrawError::Ambiguous { name, count, ids };
    let said = error.to_string();
    assert_eq!(said, "`art-` begins 8 ids: `art-1` and 7 more");
}

/// The beginning of an id says of the article what the id says of it.
#[test]
fn the_beginning_of_a_withdrawn_article_is_known() {
    let folder = unsealed();
    samples::write(
        folder.path(),
        &[Record::Article(Box::new(called("art-long", 1)))],
    );
    withdrawn(folder.path(), &request(&["art-long"])).unwrap();
    for name in ["art-long", "art-lo"] {
        let error = withdrawn(folder.path(), &request(&[name])).unwrap_err();
        assert_eq!(error.to_string(), "already withdrawn: `art-long`");
    }
}

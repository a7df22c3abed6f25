//! The dumps that are timed: articles of JSON in lines, and files of text.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use serde_json::{Value, json};

use super::generator::{ESCAPED, Generator, Random, SEED, escaped};

/// How many bytes a file of text has at least.
const FLAT: usize = 10_000;

/// How many bytes a long text has at least; no item has more than 32 MiB.
const LARGE: usize = 31_000_000;

/// Writes a file of at least `bytes` bytes of articles, one in a line, as a scraper writes them.
pub(crate) fn lines(path: &Path, bytes: u64) -> Result<(u64, u64), Box<dyn Error>> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    let mut generator = Generator::new(SEED);
    let (mut count, mut written) = (0, 0);
    while written < bytes {
        let record: Value = serde_json::from_slice(&generator.next()?.line)?;
        let mut line = serde_json::to_vec(&scraped(&record))?;
        count += 1;
        if count % ESCAPED == 0 {
            line = escaped(&line)?;
        }
        line.push(b'\n');
        file.write_all(&line)?;
        written += u64::try_from(line.len())?;
    }
    file.flush()?;
    Ok((count, written))
}

/// A record as a scraper writes it that knows nothing of records.
#[allow(
    clippy::indexing_slicing,
    reason = "a value of `serde_json` has null at any key"
)]
fn scraped(record: &Value) -> Value {
    let about = &record["article"];
    let names = about["authors"].as_array().into_iter().flatten();
    let authors: Vec<&Value> = names.map(|author| &author["name"]).collect();
    json!({
        "id": record["raw"]["digest"],
        "url": record["source"]["url"],
        "source_domain": record["source"]["domain"],
        "source_name": record["source"]["name"],
        "title": about["headline"],
        "subtitle": about["subtitle"],
        "authors": authors,
        "language": about["language"],
        "date_publish": about["published"],
        "date_modify": about["modified"],
        "date_download": record["fetch"]["time"],
        "section": about["section"],
        "keywords": about["keywords"],
        "description": record["content"]["summary"],
        "maintext": record["content"]["text"],
        "images": record["content"]["images"],
        "links": record["links"],
        "copyright_notice": record["rights"]["copyright_notice"],
        "status_code": record["fetch"]["status"],
        "headers": record["fetch"]["headers"],
        "scraper": { "name": "newsbot", "version": "3.1.4", "attempt": 1, "proxy": null, "robots": true },
        "paywall": false,
        "word_count": 12_345,
        "score": 0.734_118_2,
    })
}

/// Writes so many files of text into folders of a thousand; how many bytes they have.
#[allow(
    clippy::indexing_slicing,
    reason = "a value of `serde_json` has null at any key"
)]
pub(crate) fn texts(folder: &Path, count: u64) -> Result<u64, Box<dyn Error>> {
    let mut generator = Generator::new(SEED);
    let mut random = Random::new(SEED);
    let mut bytes = 0;
    for number in 0..count {
        let folder = folder.join(format!("{:03}", number / 1_000));
        if number % 1_000 == 0 {
            fs::create_dir_all(&folder)?;
        }
        let mut text = String::new();
        let mut language = None;
        while text.len() < FLAT {
            let record: Value = serde_json::from_slice(&generator.next()?.line)?;
            let about = &record["article"];
            // A text is in one language.
            if *language.get_or_insert_with(|| about["language"].clone()) != about["language"] {
                continue;
            }
            if text.is_empty() {
                let headline = about["headline"].as_str().unwrap_or_default();
                write!(text, "{headline}")?;
                if random.below(2) == 0 {
                    let day = 1 + random.below(28);
                    write!(text, "\n\nPublished 2025-03-{day:02}")?;
                }
            }
            let body = record["content"]["text"].as_str().unwrap_or_default();
            write!(text, "\n\n{body}")?;
        }
        text.push('\n');
        fs::write(folder.join(format!("{number:06}.txt")), &text)?;
        bytes += u64::try_from(text.len())?;
    }
    Ok(bytes)
}

/// Writes four files of one long text each, and four of one long item of JSON; and into `mixed` the same in ever other
/// sizes of 20 megabytes and more, with `small` short texts among them.
#[allow(
    clippy::indexing_slicing,
    reason = "a value of `serde_json` has null at any key"
)]
pub(crate) fn large(
    texts: &Path,
    items: &Path,
    (mixed, small): (&Path, u64),
) -> Result<(), Box<dyn Error>> {
    let mut generator = Generator::new(SEED);
    for folder in [texts, items, mixed] {
        fs::create_dir_all(folder)?;
    }
    self::texts(mixed, small)?;
    for number in 0..4_usize {
        let mut text = format!("Ferry {number} sails again\n");
        while text.len() < LARGE {
            let record: Value = serde_json::from_slice(&generator.next()?.line)?;
            let body = record["content"]["text"].as_str().unwrap_or_default();
            // Few lines: a text has at most 65,536.
            write!(text, "\n{}\n", body.replace('\n', " "))?;
        }
        fs::write(texts.join(format!("{number}.txt")), &text)?;
        let item = |text: &str| {
            let title = format!("Ferry {number} sails again");
            serde_json::to_vec(&json!({ "title": title, "text": text }))
        };
        fs::write(items.join(format!("{number}.json")), item(&text)?)?;
        let begin = |megabytes| {
            text.split_at(text.floor_char_boundary(megabytes * 1_000_000))
                .0
        };
        fs::write(mixed.join(format!("{number}.txt")), begin(20 + 3 * number))?;
        fs::write(
            mixed.join(format!("{number}.json")),
            item(begin(29 - 2 * number))?,
        )?;
    }
    Ok(())
}

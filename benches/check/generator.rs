//! Articles that were never printed: records of about 6.5 kB, the same for the same seed.

use std::error::Error;
use std::fmt::Write as _;

use dateline::digest::Digest;
use dateline::json::canonical;
use dateline::record::{Article, Id, Record, Relation, Withdrawal, text_digest};
use serde_json::{Value, json};

use super::words::{LANGUAGES, Language};

/// The seed of every published figure.
pub(crate) const SEED: u64 = 20_220_211;
/// One article in so many is written as Python's `json.dumps` writes it: ASCII alone, escapes for the
/// rest.
pub(crate) const ESCAPED: u64 = 16;
/// One article in so many has a relation to the one before it.
const RELATED: u64 = 50;

/// A record's id and its line.
pub(crate) type Line = (String, Vec<u8>);

/// `SplitMix64` (Steele, Lea and Flood 2014): enough for choosing words.
pub(crate) struct Random(u64);

impl Random {
    /// A sequence of its own for each seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(crate) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub(crate) const fn below(&mut self, bound: u64) -> u64 {
        self.bits() % bound
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let length = u64::try_from(list.len())
            .ok()
            .filter(|length| *length > 0)?;
        let index = usize::try_from(self.below(length)).ok()?;
        list.get(index).copied()
    }
}

/// One article after the other, in the order of their ids, with the relations they have.
pub(crate) struct Generator {
    random: Random,
    number: u64,
    /// The article before.
    before: Option<Side>,
}

/// What a relation says of one of its articles.
#[derive(Clone)]
struct Side {
    id: Id,
    content: Digest,
    /// How many bytes the first paragraph has.
    paragraph: usize,
}

/// An article, and perhaps a relation of it.
pub(crate) struct Made {
    /// The article's id.
    pub(crate) id: String,
    /// Its line.
    pub(crate) line: Vec<u8>,
    /// The relation's id and line.
    pub(crate) relation: Option<Line>,
}

impl Generator {
    /// The articles of a seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            number: 0,
            before: None,
        }
    }

    /// The next article.
    pub(crate) fn next(&mut self) -> Result<Made, Box<dyn Error>> {
        let random = &mut self.random;
        self.number += 1;
        let number = self.number;
        let id: Id = format!(
            "art-{number:08x}{:016x}{:08x}",
            random.bits(),
            random.bits() >> 32
        )
        .parse()?;
        let article = article(random, number, &id)?;
        let text = article
            .content
            .as_ref()
            .and_then(|content| content.text.as_deref());
        let text = text.unwrap_or_default();
        let here = Side {
            id: id.clone(),
            content: article.content_digest.ok_or("an article has content")?,
            paragraph: text.find('\n').unwrap_or(text.len()),
        };
        let relation = match self.before.replace(here.clone()) {
            Some(before) if number.is_multiple_of(RELATED) => Some(relation(&before, &here)?),
            _ => None,
        };
        let mut line = Record::Article(Box::new(article)).to_line()?;
        if number.is_multiple_of(ESCAPED) {
            line = escaped(&line)?;
        }
        Ok(Made {
            id: id.to_string(),
            line,
            relation,
        })
    }
}

/// The withdrawals of a few articles that are there no more, ids and lines in order.
pub(crate) fn withdrawals(count: u64) -> Result<Vec<Line>, Box<dyn Error>> {
    let mut random = Random::new(SEED);
    let lines = (0..count).map(|number| {
        let id = format!("art-ffffffff{number:024x}");
        let withdrawal: Withdrawal = serde_json::from_value(json!({
            "format": "dateline/1", "type": "withdrawal", "id": id,
            "was": digest(&mut random),
            "raw_digest": digest(&mut random),
            "url_digests": [digest(&mut random)],
            "reason": "copyright", "date": "2025-11-03",
        }))?;
        Ok((id, Record::Withdrawal(Box::new(withdrawal)).to_line()?))
    });
    lines.collect()
}

#[allow(
    clippy::indexing_slicing,
    reason = "an object of `serde_json` takes any key"
)]
fn article(random: &mut Random, number: u64, id: &Id) -> Result<Article, Box<dyn Error>> {
    let mut share = random.below(100);
    let language = LANGUAGES.iter().find(|language| {
        let found = share < language.share;
        share = share.saturating_sub(language.share);
        found
    });
    let language = language.ok_or("the shares add up to 100")?;
    let domain = format!("www.paper{}.example", random.below(40));
    let day = 1 + random.below(28);
    let month = 1 + random.below(9);
    let slug = format!("{:x}-{:x}", random.bits(), random.bits() >> 20);
    let url = format!("https://{domain}/news/2025/{month:02}/{day:02}/{slug}-{number}.html");
    let text = text(random, language);
    let content = json!({
        "summary": sentence(random, language, 18),
        "text": text,
        "images": images(random, language, &domain),
    });
    let mut absent = json!({});
    let mut about = json!({
        "headline": words(random, language, 9),
        "subtitle": sentence(random, language, 14),
        "language": language.tag,
        "published": format!("2025-{month:02}-{day:02}T{:02}:{:02}:00+02:00", 4 + random.below(14), random.below(60)),
        "section": words(random, language, 1),
        "keywords": keywords(random, language),
    });
    if random.below(4) == 0 {
        absent["authors"] = json!("not_in_dump");
    } else {
        about["authors"] = json!([{ "name": words(random, language, 2), "role": "author" }]);
    }
    if random.below(3) == 0 {
        about["modified"] = json!(format!(
            "2025-{month:02}-{day:02}T21:{:02}Z",
            random.below(60)
        ));
    }
    let mut value = json!({
        "format": "dateline/1", "type": "article", "id": id.to_string(),
        "source": { "name": format!("Paper {domain}"), "domain": domain, "url": url, "canonical_url": url },
        "fetch": {
            "time": format!("2025-{:02}-{day:02}T03:{:02}:{:02}Z", month + 1, random.below(60), random.below(60)),
            "url": url, "status": 200,
            "headers": [
                { "name": "content-type", "value": "text/html; charset=utf-8" },
                { "name": "last-modified", "value": "Fri, 11 Jul 2025 14:55:00 GMT" },
            ],
        },
        "raw": {
            "digest": digest(random), "bytes": 20_000 + random.below(90_000),
            "media_type": "text/html", "encoding": "utf-8",
        },
        "article": about,
        "links": links(random, &domain),
        "rights": { "copyright_notice": format!("© 2025 {domain}"), "tdm_reservation": 0 },
        "content_digest": Digest::of(&canonical::to_vec(&content)?).to_string(),
        "text_digest": text_digest(&text).map(|digest| digest.to_string()),
        "content": content,
    });
    if absent != json!({}) {
        value["absent"] = absent;
    }
    Ok(serde_json::from_value(value)?)
}

fn relation(from: &Side, to: &Side) -> Result<Line, Box<dyn Error>> {
    let mut relation: Relation = serde_json::from_value(json!({
        "format": "dateline/1", "type": "relation", "id": "rel-0",
        "relation": "shares_passage_with", "class": "computed",
        "from": from.id, "to": to.id, "method": "passage/1",
        "score": { "matched": 8, "length": 12 },
        "from_content": from.content, "to_content": to.content,
        "evidence": [{
            "in": "text",
            "from": { "start": 0, "end": from.paragraph },
            "to": { "start": 0, "end": to.paragraph },
        }],
    }))?;
    relation.id = relation.derived_id()?;
    Ok((
        relation.id.to_string(),
        Record::Relation(Box::new(relation)).to_line()?,
    ))
}

/// Some two to seven thousand bytes of paragraphs.
fn text(random: &mut Random, language: &Language) -> String {
    let wanted = usize::try_from(1_800 + random.below(4_000)).unwrap_or(2_000);
    let mut text = String::new();
    while text.len() < wanted {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        for index in 0..2 + random.below(3) {
            if index > 0 {
                text.push_str(language.gap);
            }
            let length = 7 + random.below(14);
            let said = sentence(random, language, length);
            if random.below(5) == 0 {
                let [open, close] = language.quotes;
                text.extend([open, &said, close]);
            } else {
                text.push_str(&said);
            }
        }
    }
    text
}

fn sentence(random: &mut Random, language: &Language, count: u64) -> String {
    let mut sentence = words(random, language, count);
    if random.below(6) == 0 {
        sentence.push_str(language.space);
        sentence.push_str(&(10 + random.below(90_000)).to_string());
    }
    sentence.push_str(language.stop);
    sentence
}

fn words(random: &mut Random, language: &Language, count: u64) -> String {
    let mut line = String::new();
    for index in 0..count {
        if index > 0 {
            line.push_str(language.space);
        }
        let word = random.pick(language.words).unwrap_or_default();
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if index == 0 => line.extend(first.to_uppercase()),
            Some(first) => line.push(first),
            None => {}
        }
        line.push_str(letters.as_str());
    }
    line
}

fn keywords(random: &mut Random, language: &Language) -> Value {
    let count = 3 + random.below(5);
    (0..count).map(|_| words(random, language, 1)).collect()
}

fn images(random: &mut Random, language: &Language, domain: &str) -> Value {
    let count = 1 + random.below(3);
    let image = |number| {
        json!({
            "url": format!("https://images.{domain}/photo/{:016x}/{number}.jpg?w=1200&h=630", random.bits()),
            "caption": sentence(random, language, 10),
            "credit": words(random, language, 2),
        })
    };
    (0..count).map(image).collect()
}

fn links(random: &mut Random, domain: &str) -> Value {
    let count = 3 + random.below(6);
    let link = |number| {
        json!({
            "url": format!("https://{domain}/news/2025/0{}/{:x}-{number}.html", 1 + random.below(9), random.bits()),
            "relation": "related",
        })
    };
    (0..count).map(link).collect()
}

fn digest(random: &mut Random) -> String {
    Digest::of(&random.bits().to_le_bytes()).to_string()
}

/// A line as Python's `json.dumps` writes it: everything but ASCII as `\uXXXX`.
pub(crate) fn escaped(line: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut out = String::with_capacity(line.len());
    for character in std::str::from_utf8(line)?.chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
    }
    Ok(out.into_bytes())
}

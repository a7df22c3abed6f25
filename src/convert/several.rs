//! Texts that hold more than one article.

use super::text::{header_url, wire};

/// Words that count articles where archives print several into one file.
const WORDS: [&str; 8] = [
    "article",
    "articles",
    "document",
    "documents",
    "dokument",
    "dokumente",
    "documento",
    "documentos",
];
/// What stands between a number and the count.
const OF: [&str; 5] = ["of", "von", "de", "di", "sur"];

/// What a line marks, in a form that nothing else has: the key differs from article to article.
type Key = for<'t> fn(&'t str) -> Option<&'t str>;

/// Lines that open an article.
const OPENERS: [Key; 3] = [number, header_url, wire::slug];
/// Lines that close one.
const CLOSERS: [Key; 2] = [accession, end];

/// The byte at which the second article of a text begins, where marks show that there is one
/// (`spec/dumps.md`, "dump-one-article").
pub(super) fn second(text: &str) -> Option<usize> {
    let opened = OPENERS.iter().filter_map(|key| {
        let mut marks = marks(text, *key);
        let (_, first) = marks.next()?;
        marks.find(|(_, other)| *other != first)
    });
    let closed = CLOSERS.iter().filter_map(|key| {
        let mut marks = marks(text, *key);
        let (first, _) = marks.next()?;
        let behind = lines(text).find(|(at, line)| *at > first && !line.is_empty())?;
        marks.any(|(at, _)| at > behind.0).then_some(behind)
    });
    opened.chain(closed).map(|(at, _)| at).min()
}

/// The lines that are marks, with where they begin.
fn marks(text: &str, key: Key) -> impl Iterator<Item = (usize, &str)> {
    lines(text).filter_map(move |(at, line)| Some((at, key(line)?)))
}

/// The lines without the white space around them, and where each begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).map(move |line| {
        let at = start + line.len() - line.trim_start().len();
        start += line.len();
        (at, line.trim())
    })
}

/// The number of `2 of 5 DOCUMENTS`, `Document 2 of 5`.
fn number(line: &str) -> Option<&str> {
    let words: Vec<&str> = line.split_whitespace().take(5).collect();
    let (number, of, count, word) = match *words.as_slice() {
        [number, of, count, word] if is_number(number) => (number, of, count, word),
        [word, number, of, count] => (number, of, count, word),
        _ => return None,
    };
    let is_one_of =
        |list: &[&str], word: &str| list.iter().any(|one| one.eq_ignore_ascii_case(word));
    let is_mark =
        is_number(number) && is_one_of(&OF, of) && is_number(count) && is_one_of(&WORDS, word);
    is_mark.then_some(number)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// The accession number of `Document CWNEWS0020210304eh3400001`: 25 capitals, digits and small
/// letters.
fn accession(line: &str) -> Option<&str> {
    let number = line.strip_prefix("Document ")?;
    let is_accession = number.len() == 25
        && number.starts_with(|c: char| c.is_ascii_uppercase())
        && number.bytes().all(|b| b.is_ascii_alphanumeric())
        && number.bytes().filter(u8::is_ascii_digit).count() >= 10;
    is_accession.then_some(number)
}

/// `-30-`.
fn end(line: &str) -> Option<&str> {
    wire::is_end(line).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::second;

    #[test]
    fn marks_show_where_the_second_article_begins() {
        for (first, other) in [
            (
                "1 of 2 DOCUMENTS\n\nFerry returns.\n\n",
                "2 of 2 DOCUMENTS\n\nBridge opens.\n",
            ),
            (
                "  Document 1 of 40\r\n\r\nFerry returns.\r\n  ",
                "Document 2 of 40\r\nBridge opens.",
            ),
            (
                " date 2024-05-01 https://news.example/ferry\nFerry returns.\n ",
                "date 2024-05-02 https://news.example/bridge\nBridge opens.\n",
            ),
            (
                "BC-FERRY,0410\nFerry returns.\n-30-\n",
                "BC-BRIDGE,0220\nBridge opens.\n-30-\n",
            ),
            ("Ferry returns.\n\n-30-\n\n", "Bridge opens.\n\n- 30 -\n"),
            (
                "Ferry returns.\nDocument CWNEWS0020210304eh3400001\n\n",
                "Bridge opens.\nDocument CWNEWS0020210304eh3400002\n",
            ),
        ] {
            assert_eq!(
                second(&format!("{first}{other}")),
                Some(first.len()),
                "{first}"
            );
            // The same mark again opens nothing, and one article alone is one.
            assert_eq!(second(first), None, "{first}");
            assert_eq!(second(other), None, "{other}");
        }
        for one in [
            "",
            "1 of 2 DOCUMENTS\n\nFerry returns.\n\n1 of 2 DOCUMENTS\n",
            "Ferry returns.\n-30-\n\n-30-\n",
            "BC-FERRY,0410\nFerry returns.\n(MORE)\nBC-FERRY, 1st Add,0100\nThe trial runs on.\n-30-\n",
            "2 of 5 ferries\nsail on.\n3 of 5 ferries\nsail again.\n",
            "date 2024-05-01\nFerry returns.\ndate 2024-05-02\nmore\n",
        ] {
            assert_eq!(second(one), None, "{one}");
        }
    }
}

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic and say what it did not run"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;

use super::lines::{End, split};
use super::{Role, Stretch, header, label, words};
use crate::trace::{Label, Transform};

/// An invented page: menu, headline twice, deck, byline, caption, list of links, appeal, footer.
const PAGE: &str = "\u{feff} date 2024-05-02 https://example.com/news/town-opens-its-new-harbour-bridge-8812734\r\n\
    \r\nHome\r\n\r\nNews\r\n\r\nSport\r\n\r\nTown opens its new harbour bridge\r\n\r\n\
    Town opens its new harbour bridge\r\n\r\nThe old one had been closed to lorries for eleven years\r\n\r\n\
    By Ada Quill\r\n\r\n2024-05-02T09:30:00+02:00\r\n\r\n2 May 2024, 09:30\r\n\r\n\
    \u{a0}Several thousand people walked across the new bridge on Thursday morning, an hour before \
    the first cars were let through.\u{a0}\r\n\r\n\
    People on the bridge on Thursday\r\n\r\nPhoto: Jo Lens / Agency\r\n\r\n\
    \u{201c}We have waited long enough,\u{201d} said the mayor, who cut no ribbon because the \
    scissors had been left at the town hall.\r\n\r\nA long dispute\r\n\r\n\
    The courts had stopped the works twice, in 2015 and in 2019, over the birds that nest below \
    the northern pier.\r\n\r\nRead more\r\n\r\nWhy bridges sing in the wind\r\n\r\n\
    Ferry service ends after ninety years\r\n\r\nWhere the piers of the old one went\r\n\r\n\
    The birds have moved on since, and nobody knows where to, though some were \
    seen in June on the roof of the brewery. The ferry will run until the end of \
    the month.\r\n\r\nIts two captains, who are brothers, will then open a bar beside the bridge, and \
    hope that those who cross it are thirsty.\r\n\r\n\
    Sign up for our newsletter and get the best stories in your inbox.\r\n\r\n\
    Privacy policy\r\n\r\n\u{a9} 2024 The Example. All rights reserved.";

fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("DATELINE_SHARED").map(PathBuf::from);
    if shared.is_none() {
        println!("not run: DATELINE_SHARED is not set");
    }
    shared
}

fn spans<'t>(text: &'t str, stretches: &[Stretch], wanted: impl Fn(&Role) -> bool) -> Vec<&'t str> {
    let found = stretches.iter().filter(|stretch| wanted(&stretch.role));
    found.map(|stretch| &text[stretch.span.clone()]).collect()
}

fn paragraphs(text: &str) -> Vec<&str> {
    spans(text, &label(text), |role| *role == Role::Paragraph)
}

/// Panics where the stretches do not tile the text or a value is not trimmed.
fn assert_tiles(text: &str) {
    let mut at = 0;
    for stretch in label(text) {
        assert_eq!(stretch.span.start, at);
        assert!(stretch.span.end > at);
        at = stretch.span.end;
        let value = &text[stretch.span];
        let blank = value.chars().all(super::lines::is_blank);
        assert_eq!(blank, stretch.role == Role::Whitespace, "{value:?}");
        if !blank {
            assert_eq!(value, value.trim(), "{:?}", stretch.role);
        }
        if let Role::Dropped(name) = stretch.role {
            assert!(name.parse::<Label>().is_ok(), "{name}");
        }
        if let Role::Duplicate(what) = stretch.role {
            assert!(format!("duplicate:{what}").parse::<Label>().is_ok());
        }
    }
    assert_eq!(at, text.len());
}

#[test]
fn a_page_is_told_apart() {
    assert_tiles(PAGE);
    let stretches = label(PAGE);
    let of = |wanted: &Role| spans(PAGE, &stretches, |role| role == wanted);
    assert_eq!(of(&Role::Headline), ["Town opens its new harbour bridge"]);
    assert_eq!(of(&Role::Duplicate("headline")).len(), 1);
    assert_eq!(
        of(&Role::HeaderUrl),
        ["https://example.com/news/town-opens-its-new-harbour-bridge-8812734"]
    );
    assert_eq!(
        of(&Role::PublishedTime("%Y-%m-%dT%H:%M:%S%z")),
        ["2024-05-02T09:30:00+02:00"]
    );
    assert_eq!(of(&Role::Duplicate("published")), ["2024-05-02"]);
    assert_eq!(of(&Role::HeaderDate), [""; 0]);
    let starts: Vec<String> = of(&Role::Paragraph)
        .iter()
        .map(|text| text.split(' ').take(3).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        starts,
        [
            "The old one",
            "Several thousand people",
            "“We have waited",
            "A long dispute",
            "The courts had",
            "The birds have",
            "Its two captains,"
        ]
    );
    assert_eq!(
        of(&Role::Dropped("boilerplate:caption")),
        ["People on the bridge on Thursday"]
    );
}

#[test]
fn line_ends_make_no_difference() {
    let unix = PAGE.replace("\r\n", "\n");
    let old = PAGE.replace("\r\n", "\r");
    for text in [unix.as_str(), old.as_str(), &format!("{unix}\n\n")] {
        assert_tiles(text);
        assert_eq!(paragraphs(text), paragraphs(PAGE));
    }
}

#[test]
fn poor_texts_are_fine() {
    let long = "word ".repeat(200_000);
    let shorts = "Menu\n\n".repeat(20_000);
    let sentence = "One sentence that is long enough to be a paragraph of its own, and ends.\n";
    let same = sentence.repeat(5_000);
    for text in [
        "",
        "\n",
        " \u{a0}\u{feff}\r\n",
        "x",
        "one line",
        " date 2024-05-01",
        " date 2024-13-01 x",
        "date",
    ] {
        assert_tiles(text);
        assert_eq!(paragraphs(text), [""; 0], "{text:?}");
    }
    for text in [long.as_str(), &shorts, &same] {
        assert_tiles(text);
    }
    assert_eq!(paragraphs(&long), [long.trim()]);
    assert_eq!(paragraphs(&shorts), [""; 0]);
}

#[test]
fn prose_behind_the_date_is_a_paragraph() {
    let text = " date 2024-05-01 The council met on Monday and, after a debate of nine hours, voted to \
        meet again on Tuesday.\n\nOn Tuesday it met again, found that it could not agree, and went home.";
    assert_eq!(paragraphs(text).len(), 2);
    assert_eq!(
        spans(text, &label(text), |role| *role == Role::HeaderDate),
        ["2024-05-01"]
    );
    assert_eq!(
        spans(text, &label(text), |role| *role == Role::Headline),
        [""; 0]
    );
}

#[test]
fn scripts_without_spaces_are_read() {
    let text = "首页\n\n新桥本周四向公众开放通行\n\n2024年5月2日 09:30\n\n\
        数千名市民周四上午步行走过新桥，一小时后第一批汽车才获准通行。市长说，大家已经等得够久了。\n\n\
        法院曾在二零一五年和二零一九年两次下令停工，原因是北侧桥墩下有鸟类筑巢，环保人士提出了诉讼。\n\n分享\n\n评论";
    let stretches = label(text);
    assert_eq!(
        spans(text, &stretches, |role| *role == Role::Headline),
        ["新桥本周四向公众开放通行"]
    );
    assert_eq!(
        spans(text, &stretches, |role| *role == Role::Paragraph).len(),
        2
    );
}

#[test]
fn wrapped_lines_are_joined() {
    let broken = [
        "The council met on Monday and, after a debate that lasted for nine hours",
        "and saw three of its members leave, voted to meet again on Tuesday.",
        "On Tuesday it met again, found that it could not agree on the minutes of",
        "the meeting before, and went home. Nobody could say when it would come",
        "back, or what for, and the lights in the hall stayed on until four in",
        "the morning.",
        "A neighbour who had watched all of it from her window said that she had",
        "seen worse in her time, when the hall was new and the council larger,",
        "but that she would certainly watch again if there was anything to see",
        "that was worth it. The mayor, who was asked on the stairs whether the",
        "council would ever agree, said that it had agreed on one thing at least",
        "and that this was to meet again.",
    ]
    .join("\n\n");
    assert_tiles(&broken);
    assert_eq!(paragraphs(&broken).len(), 3);
    assert!(paragraphs(&broken)[1].contains("minutes of\n\nthe meeting"));
}

#[test]
fn wide_lines_are_joined_without_a_space() {
    let first = "夜班渡轮下周四恢复通航，每天晚上十点从北港码头开出，全程五十分钟，船票和巴士同价。岛上的居民已经等了九年。";
    let second = "面包店老板说，从今以后新鲜面粉当天就能送到店里。试航期三个月，之后由议会决定是否在周日增加第二班。";
    let wrap = |text: &str, indent: &str| {
        let lines: Vec<char> = text.chars().collect();
        let lines = lines.chunks(14).map(String::from_iter);
        indent.to_owned() + &lines.collect::<Vec<_>>().join("\r\n")
    };
    // Paragraphs are parted by a blank line, or by an indent.
    for (gap, indent) in [("\r\n\r\n", ""), ("\r\n", "\u{3000}\u{3000}")] {
        let (one, two) = (wrap(first, indent), wrap(second, indent));
        let text = format!("渡轮恢复通航\r\n\r\n{one}{gap}{two}\r\n");
        assert_tiles(&text);
        let mut found: Vec<String> = Vec::new();
        for stretch in label(&text) {
            let part = &text[stretch.span.clone()];
            if stretch.role == Role::Paragraph {
                found.push(part.to_owned());
            } else if stretch.role == Role::Continued {
                found.last_mut().unwrap().push_str(part);
            }
        }
        assert_eq!(found, [first, second], "{indent:?}");
    }
    // Korean puts spaces between its words: the break stays, and stands for one.
    let korean = [
        "밤배가 다음 주 목요일부터 다시",
        "다닌다고 항만청이 밝혔다. 배는",
        "밤 열 시에 북항을 떠나 섬까지",
        "오십 분이 걸리고 삯은 버스와",
        "같다고 한다. 섬 사람들은 모두",
        "아홉 해를 기다렸다.",
    ]
    .join("\n");
    assert_eq!(paragraphs(&korean), [&korean]);
    // Lines of about one length that nothing goes on from are a list.
    let list = "渡轮恢复通航的消息\n旧桥重新开放给行人\n面包店老板等到面粉\n议会决定增加第二班\n港务局公布新的票价\n";
    assert_eq!(paragraphs(&format!("{list}\n{second}\n")), [second]);
}

#[test]
fn marks_of_wire_copy_are_no_text() {
    let first = "NORTH QUAY (CW) _ The night ferry will sail again next week after nine years, the \
                 port authority said on Tuesday.";
    let second = "Fares stay as low as those of the bus that used to cross the old iron bridge.";
    let copy = format!(
        "BC-FERRY-RETURNS, 2nd Ld-Writethru,0410\n^Night ferry returns after nine years\n\
         ^Eds: UPDATES with fares.\n^By OONA PELL\n\n{first}\n\n(MORE)\n\nFERRY RETURNS, 2nd take\n\n\
         {second}\n\n-30-\n"
    );
    assert_tiles(&copy);
    let stretches = label(&copy);
    assert_eq!(paragraphs(&copy), [first, second]);
    let headline = spans(&copy, &stretches, |role| *role == Role::Headline);
    assert_eq!(headline, ["Night ferry returns after nine years"]);
    let dropped = |name| spans(&copy, &stretches, |role| *role == Role::Dropped(name));
    assert_eq!(
        dropped("boilerplate:take"),
        ["(MORE)", "FERRY RETURNS, 2nd take", "-30-"]
    );
    assert_eq!(
        dropped("boilerplate:editor-note"),
        ["^", "^Eds: UPDATES with fares.", "^By OONA PELL"]
    );
    assert_eq!(
        dropped("boilerplate:slug"),
        ["BC-FERRY-RETURNS, 2nd Ld-Writethru,0410"]
    );
    // Without a slug or a mark of takes a text is not wire copy.
    let plain = copy.replace("(MORE)", "More").replace("BC-FERRY", "Ferry");
    let stretches = label(&plain);
    assert!(
        spans(&plain, &stretches, |role| *role
            == Role::Dropped("boilerplate:take"))
        .is_empty()
    );
}

#[test]
fn headers_are_read_only_where_they_are() {
    let url = |text: &str| {
        header::read(text)
            .unwrap()
            .url
            .map(|span| text[span].to_owned())
    };
    assert_eq!(
        url(" date 2024-02-29 https://example.com/a"),
        Some("https://example.com/a".to_owned())
    );
    // That there is no such day is for its reader to say.
    let found = url("date 2023-02-30 https://example.com/a");
    assert_eq!(found.as_deref(), Some("https://example.com/a"));
    assert_eq!(url("date 2024-02-29\nhttps://example.com/a"), None);
    assert_eq!(url("date 2024-02-29 http:// x"), None);
    for text in [
        "",
        "date",
        "date ",
        "update 2024-02-29",
        "date 2024-02-291",
        "date 2024-2-29",
        "x\ndate 2024-02-29",
        "date 2024-02-2\u{663}",
        "Date 2024-02-29",
    ] {
        assert_eq!(header::read(text), None, "{text:?}");
    }
}

#[test]
fn time_formats_read_their_times() {
    for (time, value) in [
        ("2024-05-02T09:30", "2024-05-02T09:30"),
        ("2024-05-02T09:30Z", "2024-05-02T09:30Z"),
        ("2024-05-02T09:30+0000", "2024-05-02T09:30Z"),
        ("2024-05-02T09:30:05+02:00", "2024-05-02T09:30:05+02:00"),
        ("2024-05-02T09:30:05.250Z", "2024-05-02T09:30:05.250Z"),
        (
            "2024-05-02T09:30:05.25-0330",
            "2024-05-02T09:30:05.25-03:30",
        ),
    ] {
        let format = header::time_format(time).unwrap();
        let read = Transform::Date(format.to_owned()).apply(time, "");
        assert_eq!(read.unwrap(), value, "{format}");
    }
    for text in [
        "2024-05-02",
        "2024-05-02T",
        "2024-05-02T24:00",
        "2024-05-02T09:60",
        "2024-05-02T09:30:60",
        "2024-05-02T09:30.5",
        "2024-05-02T09:30:05.",
        "2024-05-02T09:30+1",
        "2024-05-02T09:30:05+25:00",
        "2024-05-02 09:30",
        "2024-05-02T09:3\u{663}",
        "2024-05-02T09:30:05.1234567890Z",
    ] {
        assert_eq!(header::time_format(text), None, "{text:?}");
    }
}

#[test]
fn lines_are_measured() {
    let measured = |text: &str| split(text, 0).pop().unwrap();
    assert_eq!(measured("He said “no.”").end, End::Stop);
    assert_eq!(measured("Why not?").end, End::Mark);
    assert_eq!(measured("A teaser that goes on ...").end, End::Open);
    assert_eq!(measured("यह एक वाक्य है।").end, End::Stop);
    assert_eq!(measured("日本語の文。").width, 12);
    assert_eq!(measured("Don’t STOP-now").folded, "don t stop now");
    assert_eq!(measured("One. Two! Three").sentences, 2);
    assert_eq!(measured("AboutContactPrivacy").glued, 2);
}

static LISTS: [&words::List; 7] = [
    &words::OPENERS,
    &words::INTERFACE,
    &words::APPEALS,
    &words::CREDITS,
    &words::SOURCES,
    &words::CAPTIONS,
    &words::BYLINES,
];

#[test]
fn lists_are_sorted_and_folded() {
    for list in LISTS.map(words::List::entries) {
        assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        for entry in list {
            let folded = split(entry, 0).pop().unwrap().folded;
            assert_eq!(*entry, folded);
        }
    }
}

/// What is fast elsewhere, slowly.
mod naive {
    use std::ops::Range;

    /// The longest entry that `text` begins with, as whole words.
    pub(super) fn longest<'e>(entries: &[&'e str], text: &str) -> Option<&'e str> {
        let spaced = format!("{text} ");
        let begun = |entry: &&&str| {
            let behind = spaced.strip_prefix(**entry);
            behind.is_some_and(|behind| behind.starts_with(' '))
        };
        let begun = entries.iter().filter(begun);
        begun.max_by_key(|entry| entry.len()).copied()
    }

    /// Where each run of six words of a folded line is.
    pub(super) fn openings(folded: &str) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        let mut start = 0;
        for word in folded.split(' ') {
            words.push(start..start + word.len());
            start += word.len() + 1;
        }
        let runs = words.windows(6);
        runs.map(|run| run[0].start..run[5].end).collect()
    }
}

/// The longest entries are as the naive search finds them, for one text.
fn assert_longest(text: &str) {
    for list in LISTS {
        let expected = naive::longest(list.entries(), text);
        assert_eq!(list.longest(text), expected, "{text:?}");
    }
}

#[test]
fn the_longest_entry_is_that_of_the_naive_search() {
    for entry in LISTS.iter().flat_map(|list| list.entries()) {
        for text in [
            (*entry).to_owned(),
            format!("{entry} "),
            format!("{entry} and more"),
            format!("{entry}s"),
            format!(" {entry}"),
            entry.chars().skip(1).collect(),
        ] {
            assert_longest(&text);
        }
        // Up to each character: what some entries begin with is an entry, too.
        for (at, _) in entry.char_indices() {
            assert_longest(&entry[..at]);
        }
    }
}

proptest! {
    /// Some words of entries, and others, in any order.
    #[test]
    fn longest_and_openings_are_the_naive_ones(
        picked in proptest::collection::vec((any::<prop::sample::Index>(), "[a-zäЖ語]{0,3}"), 0..12)
    ) {
        let entries = LISTS.iter().flat_map(|list| list.entries());
        let words: Vec<&str> = entries.flat_map(|entry| entry.split(' ')).collect();
        let line = picked.iter().map(|(at, other)| match other.len() {
            0..2 => *at.get(&words),
            _ => other.as_str(),
        });
        let line = line.collect::<Vec<_>>().join(" ");
        assert_longest(&line);
        let openings: Vec<_> = super::roles::openings(&line).collect();
        assert_eq!(openings, naive::openings(&line));
    }

    #[test]
    fn openings_of_any_line_are_the_naive_ones(line in "[a-cä語 ]{0,40}") {
        let openings: Vec<_> = super::roles::openings(&line).collect();
        assert_eq!(openings, naive::openings(&line));
    }

    #[test]
    fn any_text_is_tiled(text in "(\u{feff})?( date 2024-05-01 )?(https://a.b/c)?([A-Za-zäЖ語。., \u{a0}\u{200b}]{0,90}[.:?\r\n\u{2028}]{0,3}){0,30}") {
        assert_tiles(&text);
    }

    #[test]
    fn any_characters_are_tiled(text in any::<String>()) {
        assert_tiles(&text);
    }
}

/// Real pages with truth, scored by their own script: body and headline must not fall behind.
#[test]
fn real_pages_are_told_apart() {
    let Some(shared) = shared() else { return };
    let truth = shared.join("dumps/made/flat_text_truth.json");
    let scorer = shared.join("score.py");
    let Some(report) = score(&shared.join("dumps/made/flat_text"), &truth, &scorer) else {
        println!("not run: no python3, or no pages");
        return;
    };
    let [_, f1, _, _, _, _, _, _, title_exact, title, date, ..] = report.as_slice() else {
        panic!("{report:?}");
    };
    println!("body F1 {f1}, title exact {title_exact}, title {title}, date {date}");
    let number = |text: &String| text.parse::<f64>().unwrap();
    assert!(number(f1) >= 0.96);
    assert!(number(title) >= 0.9);
    assert!(number(date) >= 1.0);
}

/// The cells of the scorer's one row; `None` where it could not be asked.
fn score(pages: &Path, truth: &Path, scorer: &Path) -> Option<Vec<String>> {
    let mut out = serde_json::Map::new();
    for page in std::fs::read_dir(pages).ok()? {
        let page = page.unwrap().path();
        let text = std::fs::read_to_string(&page).unwrap();
        assert_tiles(&text);
        let stretches = label(&text);
        let join = |wanted: &dyn Fn(&Role) -> bool| spans(&text, &stretches, wanted).join("\n\n");
        let article = serde_json::json!({
            "title": join(&|role| *role == Role::Headline),
            "date": join(&|role| matches!(role, Role::HeaderDate | Role::PublishedTime(_))),
            "body": join(&|role| *role == Role::Paragraph),
        });
        out.insert(page.file_stem()?.to_str()?.to_owned(), article);
    }
    let folder = tempfile::tempdir().unwrap();
    let given = folder.path().join("out.json");
    std::fs::write(&given, serde_json::to_vec(&out).unwrap()).unwrap();
    let run = Command::new("python3")
        .arg(scorer)
        .args([truth, &given])
        .args(["--bootstrap", "0"])
        .output();
    let run = run.ok().filter(|run| run.status.success())?;
    let row = String::from_utf8(run.stdout).unwrap();
    let row = row.lines().nth(1)?;
    Some(row.split_whitespace().map(str::to_owned).collect())
}

#[test]
fn a_letter_read_wrongly_is_no_copyright_notice() {
    for wrong in [
        "caf\u{c3}\u{a9}s",
        "caf\u{102}\u{a9}s",
        "caf\u{221a}\u{a9}s",
        "caf\u{413}\u{a9}s",
    ] {
        let paragraph = format!(
            "The night ferry will sail again next week after nine years, and the {wrong} of 2021 cheered."
        );
        let text = format!(
            "Night Ferry Returns\n\n{paragraph}\n\nIt rained on the island on Monday night.\n"
        );
        let draft = crate::convert::general::read(&text);
        let text_field = crate::trace::Reference::fixed("/content/text");
        let draft = draft.unwrap();
        let kept = draft
            .fields()
            .iter()
            .find(|field| field.value == text_field);
        let start = text.find(&paragraph).unwrap();
        let is_in = |span: &crate::trace::Span| span.start == u64::try_from(start).unwrap();
        assert!(
            kept.unwrap().groups().iter().flatten().any(is_in),
            "{wrong}"
        );
    }
}

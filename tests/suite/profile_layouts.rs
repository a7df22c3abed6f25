//! The built-in profiles on whole dumps. Of the seeds, which are no part of the project, there are
//! only offsets, lengths and digests here.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use dateline::digest::Digest;
use dateline::profile::{Profile, Recognised, builtin, builtin_yaml, recognise, test};
use dateline::trace::{Replay, Sources, Span, Trace, coverage};

use crate::shared::shared;

/// The names and texts of the files in `folder`, in order of name.
fn texts(folder: PathBuf) -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    texts.sort();
    texts
}

/// What was read: pointer, number of groups, first and last byte, digest of the value; then the
/// number and bytes of the tiles of each label.
fn summary(text: &str) -> String {
    let Recognised::One(profile) = recognise(text, builtin()) else {
        return "not recognised".to_owned();
    };
    let draft = profile.read(text).unwrap();
    let mut lines = vec![format!("{} {} bytes", profile.id(), text.len())];
    let mut replay = Replay::new(draft.fields(), Sources::of_text(text));
    for field in draft.fields() {
        let value = replay.value(field).unwrap();
        let value = serde_json::Value::from(value).to_string();
        let spans: Vec<_> = field.groups().iter().flatten().collect();
        lines.push(format!(
            "{} {} {}..{} {}",
            field.value,
            field.groups().len(),
            spans.first().unwrap().start,
            spans.last().unwrap().end,
            &Digest::of(value.as_bytes()).hex()[..16],
        ));
    }
    for (pointer, value) in draft.judgements() {
        lines.push(format!("{pointer} {value}"));
    }
    for (key, reason) in draft.absences() {
        lines.push(format!("absent {} {reason:?}", key.name()));
    }
    let mut labels: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for dropped in draft.dropped() {
        let (count, bytes) = labels.entry(dropped.label.to_string()).or_default();
        *count += u64::try_from(dropped.spans.len()).unwrap();
        *bytes += dropped.spans.iter().map(Span::len).sum::<u64>();
    }
    for (label, (count, bytes)) in labels {
        lines.push(format!("- {label} {count} {bytes}"));
    }
    let trace = Trace {
        profile: profile.reference(),
        bytes: text.len().try_into().unwrap(),
        encoding: None,
        locations: Vec::new(),
        contexts: Vec::new(),
        fields: draft.fields().to_vec(),
        dropped: draft.dropped(),
    };
    assert_eq!(coverage(&trace), []);
    lines.join("\n")
}

#[test]
fn each_seed_is_read_to_its_last_byte() {
    let Some(seeds) = shared("seeds").map(texts) else {
        return;
    };
    assert_eq!(
        seeds.iter().map(|(_, text)| text.len()).sum::<usize>(),
        13_856
    );
    let read: Vec<String> = seeds.iter().map(|(_, text)| summary(text)).collect();
    assert_eq!(read.join("\n\n"), EXPECTED.trim());
}

#[test]
fn no_flattened_page_of_another_kind_is_recognised() {
    let Some(texts) = shared("dumps/made/flat_text").map(texts) else {
        return;
    };
    assert_eq!(texts.len(), 31);
    for (name, text) in texts {
        assert!(
            matches!(recognise(&text, builtin()), Recognised::None),
            "{name}"
        );
    }
}

#[test]
fn the_invented_dumps_are_of_one_layout_each() {
    let layouts = [
        ("000_night-ferry", Some("microdata-flat")),
        ("001_winter-timetable", Some("microdata-flat")),
        ("002_cottage-school", Some("article-comment-prompt")),
        ("003_weather-buoys", Some("article-appeal")),
        ("004_footbridge", Some("dated-prose")),
        ("005_kiln-lane", None),
    ];
    let dumps = texts("examples/dumps".into());
    assert_eq!(dumps.len(), layouts.len());
    for ((dump, text), (name, layout)) in dumps.iter().zip(layouts) {
        assert_eq!(dump, name);
        match recognise(text, builtin()) {
            Recognised::One(profile) => {
                assert_eq!(Some(profile.id()), layout, "{dump}");
                profile.read(text).unwrap();
            }
            Recognised::None => assert_eq!(layout, None, "{dump}"),
            Recognised::Several(_) => panic!("{dump} is recognised twice"),
        }
    }
}

#[test]
fn the_pages_profile_and_steps_are_of_the_language() {
    let page = fs::read_to_string("spec/profiles.md").unwrap();
    let frame =
        "format: dateline-profile/1\nid: page\nversion: 1\ntitle: Page\ndetect: [a]\ngrammar:\n";
    let blocks: Vec<&str> = page.split("```yaml\n").skip(1).collect();
    assert!(blocks.len() > 5);
    for block in blocks {
        let yaml = block.split("```").next().unwrap();
        if yaml.starts_with("format:") {
            assert_eq!(test(&Profile::parse(yaml).unwrap()), []);
        } else {
            Profile::parse(&format!("{frame}{yaml}")).unwrap();
        }
    }
    for profile in builtin() {
        assert!(page.contains(&format!("| `{}` |", profile.id())));
    }
}

#[test]
fn no_words_of_the_seeds_are_in_a_profile() {
    let Some(seeds) = shared("seeds").map(texts) else {
        return;
    };
    let runs = |text: &str| {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let runs = words.windows(6).map(|run| run.join(" "));
        runs.collect::<BTreeSet<String>>()
    };
    let page = fs::read_to_string("spec/profiles.md").unwrap();
    let yamls = builtin()
        .iter()
        .map(|profile| builtin_yaml(profile.id()).unwrap().to_owned());
    for own in yamls.chain([page]) {
        let own = runs(&own);
        for (name, text) in &seeds {
            let common: Vec<_> = runs(text)
                .into_iter()
                .filter(|run| own.contains(run))
                .collect();
            assert!(common.is_empty(), "{name}: {common:?}");
        }
    }
}

const EXPECTED: &str = "
microdata-flat 2886 bytes
/source/url 1 17..152 765332982dbd614d
/article/headline 1 154..241 e9f2fd5b6761b903
/content/summary 1 332..489 5c9ffdc119fbca40
/article/published 1 525..546 14aaa4b2d3e9776e
/article/modified 1 571..592 29cebd9ce0d487f7
/article/keywords 5 594..670 619704380fbcd70f
/content/images/0/url 1 765..889 8d4d52dae5d767a7
/content/text 1 891..2309 b151b3c9a09ba6b4
/source/name 1 2311..2332 93c9e8f007d66dbd
/article/section 1 2505..2509 c00bce2d4c4b0707
/article/language 1 2511..2516 50eac10e7966a04e
absent authors NotInDump
absent fetch_time NotInDump
- boilerplate:publisher-card 1 70
- duplicate:headline 1 87
- duplicate:keywords 1 38
- duplicate:name 1 21
- duplicate:published 3 41
- duplicate:publisher-card 4 368
- header 1 4
- markup 1 1
- markup:xpath 1 91
- metadata:copyright-year 1 4
- metadata:image-size 3 42
- whitespace 32 58

microdata-flat 3059 bytes
/source/url 1 17..144 bb4d4e284dab80f1
/article/headline 1 146..225 6b3e0a03a2ae9d38
/content/summary 1 308..468 7da739e83691b06c
/article/published 1 504..525 4fd6500b468bc3bf
/article/modified 1 550..571 29cebd9ce0d487f7
/article/keywords 1 573..579 7a1e05d6d3ff42d8
/content/images/0/url 1 674..799 8e2ba91adfd92271
/content/text 1 801..2377 67e15b476aef2d05
/links/0/url 1 2379..2514 765332982dbd614d
/source/name 1 2516..2537 93c9e8f007d66dbd
/article/section 1 2710..2714 c00bce2d4c4b0707
/article/language 1 2716..2721 50eac10e7966a04e
/links/0/relation related
absent authors NotInDump
absent fetch_time NotInDump
- boilerplate:publisher-card 1 70
- duplicate:headline 1 79
- duplicate:keywords 1 6
- duplicate:name 1 21
- duplicate:published 3 41
- duplicate:publisher-card 4 368
- header 1 4
- markup 1 1
- markup:xpath 1 91
- metadata:copyright-year 1 4
- metadata:image-size 3 42
- whitespace 29 52

article-comment-prompt 2542 bytes
/article/headline 1 0..44 bba69085337474d6
/article/subtitle 1 46..115 eb3ad4f40f6f0c7d
/content/text 9 117..2526 d5b1663a2bae0c65
absent authors NotInDump
absent published NotInDump
absent language NotInDump
absent url NotInDump
absent fetch_time NotInDump
- boilerplate:comment-prompt 1 14
- boilerplate:other-caption 1 158
- boilerplate:other-headline 1 51
- boilerplate:read-more 1 9
- whitespace 14 32

article-appeal 3170 bytes
/source/name 1 8..24 0b0d8fa03382415a
/article/headline 1 27..81 2040faa06031bbca
/content/images/0/caption 1 83..123 1aa04c17009a8c39
/content/images/0/credit 1 124..147 dbab428e9543ca21
/content/text 11 149..1749 802ed1f5c8d2a35d
absent authors NotInDump
absent published NotInDump
absent language NotInDump
absent url NotInDump
absent fetch_time NotInDump
- boilerplate:appeal 10 1002
- boilerplate:donation-form 7 83
- boilerplate:newsletter 3 289
- boilerplate:read-more 1 9
- duplicate:name 1 16
- whitespace 34 68

dated-prose 2199 bytes
/article/published 1 6..16 d31eefcb29559132
/content/text 6 17..2199 f62e43f5f24d37b2
/content/embeds/0/text 1 1414..1492 f6775e5f06d795c4
/content/embeds/0/url 1 1493..1516 0c11e17032f7b031
/content/embeds/0/author 1 1521..1553 cc9ad0aaaa2b8c1c
/content/embeds/0/published 1 1554..1571 d31eefcb29559132
/content/embeds/0/kind tweet
absent headline NotInDump
absent authors NotInDump
absent language NotInDump
absent url NotInDump
absent fetch_time NotInDump
- header 1 4
- markup 1 3
- whitespace 13 19
";

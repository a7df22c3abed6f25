//! Situations from bug reports, which are not part of this project.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use crate::adding::{Work, assert_says};
use crate::shared::shared;

/// Builds the dump of a case; what was printed, and the headline and text of each record.
fn built(case: &str, code: i32) -> Option<(String, Vec<[String; 2]>)> {
    let dump = shared("cases")?.join(case).join("dump");
    let work = Work::new();
    let printed = work.expect(code, &format!("build {} -o corpus", dump.display()));
    let mut articles = Vec::new();
    for bytes in work.shards("corpus", "records").values() {
        for line in String::from_utf8_lossy(bytes).lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |at| record.pointer(at).and_then(|text| text.as_str());
            articles.push(
                ["/article/headline", "/content/text"].map(|at| text(at).unwrap().to_owned()),
            );
        }
    }
    Some((printed, articles))
}

#[test]
fn wrapped_chinese_is_the_same_as_unwrapped() {
    let Some((_, articles)) = built("01-cjk-wrap", 0) else {
        return;
    };
    let [one, two] = articles.as_slice() else {
        panic!("{articles:?}")
    };
    assert_eq!(one, two);
    assert_eq!(one[0], "海湾渡轮九年后恢复通航");
    assert_eq!(one[1].split("\n\n").count(), 3);
}

#[test]
fn many_articles_in_one_file_are_refused_at_the_second() {
    let Some((printed, articles)) = built("03-many-in-one", 1) else {
        return;
    };
    assert!(articles.is_empty());
    assert_says(
        &printed,
        &[
            "error[item-several]",
            "the second begins at byte 852",
            "a.txt:33",
        ],
    );
}

#[test]
fn no_paragraph_is_lost_to_a_wrong_encoding_and_it_is_said() {
    for (case, records) in [("05-mojibake", 2), ("20-mojibake-short", 9)] {
        let Some((printed, articles)) = built(case, 0) else {
            return;
        };
        assert_eq!(articles.len(), records);
        let files = if records == 9 { 9 } else { 2 };
        assert_says(
            &printed,
            &[&format!("warning[text-mojibake]: {files}, first")],
        );
    }
}

#[test]
fn a_correction_is_kept_and_dates_nothing() {
    let Some((_, articles)) = built("07-correction", 0) else {
        return;
    };
    assert_eq!(articles[0][0], "Night Ferry to Gull Island Returns");
    assert!(articles[0][1].contains("She is Ida Marrow, not Ada Barrow."));
}

#[test]
fn what_is_no_text_is_refused_by_its_name() {
    let Some((printed, _)) = built("08-lfs-pointer", 1) else {
        return;
    };
    assert_says(&printed, &["a Git LFS pointer", "run `git lfs pull`"]);
    let Some((printed, articles)) = built("19-mail-as-text", 1) else {
        return;
    };
    assert!(articles.is_empty());
    assert_says(&printed, &["this is an e-mail message"]);
}

#[test]
fn wire_copy_keeps_the_paragraph_before_a_take_and_no_mark() {
    let Some((_, articles)) = built("21-wire-takes", 0) else {
        return;
    };
    let [headline, text] = &articles[0];
    assert_eq!(
        headline,
        "Night ferry to Gull Island returns after nine years"
    );
    assert_eq!(text.split("\n\n").count(), 3);
    assert!(text.contains("We have been a town without a boat"));
    for mark in ["^", "MORE", "take", "-30-", "FERRY-RETURNS"] {
        assert!(!text.contains(mark), "{mark}");
    }
}

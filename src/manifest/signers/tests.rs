#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{AllowedSigners, PatternList, SignersError, SignersErrorKind, Verdict};
use crate::manifest::key::{PublicKey, SigningKey};

const NAMESPACE: &str = "dateline-manifest";
/// 2026-11-01T00:00:00Z.
const NOW: i64 = 1_793_491_200;
const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQA=";

fn key() -> PublicKey {
    SigningKey::from_seed(&[7; 32]).public()
}

fn find(file: &str) -> Verdict {
    AllowedSigners::parse(file.as_bytes())
        .unwrap()
        .find(&key(), NAMESPACE, NOW)
}

fn allowed(principals: &[&str]) -> Verdict {
    Verdict::Allowed {
        principals: principals
            .iter()
            .map(|&text| PatternList::new(text))
            .collect(),
    }
}

fn error(file: &str) -> SignersError {
    AllowedSigners::parse(file.as_bytes()).unwrap_err()
}

#[test]
fn a_line_is_principals_options_key_comment() {
    let key = key();
    for line in [
        format!("press@example.org {key}"),
        format!("press@example.org {key} a comment, with \"quotes"),
        format!("  \tpress@example.org\t {key}\t"),
        format!("press@example.org {key}\r\n"),
        format!("# comment\n\n   \n\t# another\npress@example.org {key}\n"),
        format!("\"press@example.org\" {key}"),
        format!("press\"@example.org\"{key}"),
        format!("press@example.org namespaces=\"{NAMESPACE}\" {key}"),
        format!("press@example.org NameSpaces=\"file,dateline-*\"   {key}"),
        format!("press@example.org valid-after=\"20261101Z\",valid-before=\"20261102UTC\" {key}"),
        format!("other@example.org {RSA}\npress@example.org {key}"),
    ] {
        assert_eq!(find(&line), allowed(&["press@example.org"]), "{line}");
    }
    assert_eq!(find(&format!("\"a b\" {key}")), allowed(&["a b"]));
    assert_eq!(find(""), Verdict::Unknown);
    assert!(AllowedSigners::parse(b"# nobody\n").unwrap().is_empty());
}

#[test]
fn validity_includes_both_ends() {
    let key = key();
    let at = |options: &str, at: i64| {
        AllowedSigners::parse(format!("press {options} {key}").as_bytes())
            .unwrap()
            .find(&key, NAMESPACE, at)
            .is_allowed()
    };
    for after in [
        "20261101Z",
        "202611010000Z",
        "20261101000000Z",
        "20261101utc",
    ] {
        let option = format!("valid-after=\"{after}\"");
        assert!(at(&option, NOW) && at(&option, i64::MAX), "{after}");
        assert!(!at(&option, NOW - 1) && !at(&option, i64::MIN), "{after}");
        let option = format!("valid-before=\"{after}\"");
        assert!(at(&option, NOW) && at(&option, i64::MIN), "{after}");
        assert!(!at(&option, NOW + 1) && !at(&option, i64::MAX), "{after}");
    }
}

/// Shows `signature-zone`.
#[test]
fn a_time_without_a_zone_holds_where_it_holds_in_every_zone() {
    let key = key();
    let at = |options: &str, at: i64| {
        AllowedSigners::parse(format!("press {options} {key}").as_bytes())
            .unwrap()
            .find(&key, NAMESPACE, at)
            .is_allowed()
    };
    let margin = 25 * 3600;
    for time in ["20261101", "202611010000", "20261101000000"] {
        let after = format!("valid-after=\"{time}\"");
        assert!(at(&after, NOW + margin) && !at(&after, NOW + margin - 1));
        let before = format!("valid-before=\"{time}\"");
        assert!(at(&before, NOW - margin) && !at(&before, NOW - margin + 1));
    }
    // Two times of which one may be before the other or not are never certain.
    for (after, before, certain) in [
        ("20261101Z", "20261102Z", true),
        ("20261101", "20261104", true),
        ("20261101", "20261103", false),
        ("20261101Z", "20261102", false),
        ("20261101", "20261102Z", false),
    ] {
        let line = format!("press valid-after=\"{after}\",valid-before=\"{before}\" {key}");
        let read = AllowedSigners::parse(line.as_bytes());
        assert_eq!(read.is_ok(), certain, "{line}");
    }
}

#[test]
fn a_line_that_names_nobody_allows_nobody() {
    for principals in ["!mallory@x", "*,!*", "press,!p*", "\"\"", ","] {
        let line = format!("{principals} {}\n", key());
        let found = find(&line);
        assert!(matches!(found, Verdict::Nobody { line: 1, .. }), "{line}");
    }
    assert!(find(&format!("*,!mallory {}", key())).is_allowed());
    insta::assert_snapshot!(
        find(&format!("*,!* {}", key())),
        @"the principals `*,!*` of the key leave nobody (line 1 of the signers)"
    );
}

#[test]
fn any_line_that_allows_is_enough_and_else_the_nearest_refusal_is_told() {
    let key = key();
    let expired = format!("a valid-before=\"20200101Z\" {key}\n");
    let future = format!("b valid-after=\"20300101Z\" {key}\n");
    let namespace = format!("c namespaces=\"file\" {key}\n");
    let authority = format!("d cert-authority {key}\n");
    let good = format!("e {key}\n");
    let other = format!("f {}\n", SigningKey::from_seed(&[8; 32]).public());

    let all = [&expired, &future, &namespace, &authority, &other, &good];
    let text: String = all.into_iter().cloned().collect();
    assert_eq!(find(&text), allowed(&["e"]));
    assert_eq!(
        find(&format!("{good}{expired}{good}")),
        allowed(&["e", "e"])
    );

    let mut messages = format!("{}\n", find(&format!("{good}{good}")));
    for text in [
        format!("{authority}{namespace}{future}{expired}"),
        format!("{authority}{namespace}{future}"),
        format!("{authority}{namespace}"),
        authority,
        other,
    ] {
        writeln!(messages, "{}", find(&text)).unwrap();
    }
    insta::assert_snapshot!(messages, @r#"
    the key is allowed for e, e
    the key was allowed until 2020-01-01T00:00:00Z (line 4 of the signers)
    the key is allowed from 2030-01-01T00:00:00Z on (line 3 of the signers)
    the key is allowed in the namespaces `file` only (line 2 of the signers)
    the key is a certificate authority, and certificates are not supported (line 1 of the signers)
    the signers do not name the key
    "#);
}

/// Of two refusals that are alike the first in the file is told.
#[test]
fn of_two_alike_the_first_is_told() {
    let key = key();
    let text = format!("a valid-before=\"20200101Z\" {key}\nb valid-before=\"20210101Z\" {key}\n");
    assert!(find(&text).to_string().contains("2020-01-01"));
    assert!(!AllowedSigners::parse(text.as_bytes()).unwrap().is_empty());
    assert!(find(&text).is_by_time());
    assert!(!find("").is_by_time());
}

#[test]
fn a_time_without_a_zone_is_told_as_such() {
    let key = key();
    for (zone, told) in [
        ("Z", "2020-01-01T00:00:00Z ("),
        (
            "",
            "2020-01-01T00:00:00 in some time zone, as no `Z` is behind it (",
        ),
    ] {
        let message = find(&format!("a valid-before=\"20200101{zone}\" {key}\n")).to_string();
        assert!(message.contains(told), "{message}");
    }
}

/// Blanks and quotes within the quotes of an option end nothing.
#[test]
fn an_option_ends_outside_its_quotes() {
    let key = key();
    for namespaces in [
        format!("file of mine,{NAMESPACE}"),
        format!("{NAMESPACE},a\tb"),
        format!("a \\\" b,{NAMESPACE}"),
        format!("\\\",{NAMESPACE},\\\" \\\""),
    ] {
        let line = format!("press@example.org namespaces=\"{namespaces}\" {key}");
        assert_eq!(find(&line), allowed(&["press@example.org"]), "{line}");
        let line = format!("press@example.org namespaces=\"{namespaces}x\"x {key}");
        assert!(AllowedSigners::parse(line.as_bytes()).is_err(), "{line}");
    }
}

#[test]
fn a_time_is_digits_of_one_of_three_lengths() {
    let key = key();
    for time in [
        "2026010",
        "202601011",
        "2026010112",
        "20260101120",
        "2026010112000",
        "202601011200001",
        "2026010a",
        "20260101120a",
        "2026010112000a",
        "2026 101",
    ] {
        for zone in ["", "Z", "UTC"] {
            let line = format!("press@example.org valid-after=\"{time}{zone}\" {key}");
            assert!(AllowedSigners::parse(line.as_bytes()).is_err(), "{line}");
        }
    }
}

#[test]
fn principals_are_patterns() {
    let Verdict::Allowed { principals } =
        find(&format!("*@example.org,!guest@example.org {}", key()))
    else {
        panic!("the key is allowed");
    };
    assert!(principals[0].matches("press@example.org"));
    assert!(!principals[0].matches("guest@example.org"));
    assert_eq!(principals[0].as_str(), "*@example.org,!guest@example.org");
}

#[test]
fn mistakes_are_named_with_their_line() {
    let key = key();
    let mut messages = String::new();
    for line in [
        "press".to_owned(),
        key.to_string(),
        "\"press".to_owned(),
        "press ssh-ed25519".to_owned(),
        "press ssh-ed25519 AAAA".to_owned(),
        "press ssh-rsa ====".to_owned(),
        "press namespaces=\"file\"".to_owned(),
        "press namespaces=\"file\" namespaces=\"file\"".to_owned(),
        format!("press namespaces=\"file\", {key}"),
        format!("press namespaces=\"file\"x {key}"),
        format!("press namespaces=file {key}"),
        format!("press namespaces=\"file {key}"),
        format!("press namespaces=\"a\",namespaces=\"b\" {key}"),
        format!("press no-touch-required {key}"),
        format!("press cert-authority=\"yes\" {key}"),
        format!("press valid-before=20300101 {key}"),
        format!("press valid-before=\"2030-01-01\" {key}"),
        format!("press valid-before=\"20300431\" {key}"),
        format!("press valid-before=\"19700101Z\" {key}"),
        format!("press valid-before=\"203001011260Z\" {key}"),
        format!("press valid-before=\"\" {key}"),
        format!("press valid-after=\"20300101Z\",valid-before=\"20300101Z\" {key}"),
        format!("press verify-required,cert-authority {key}"),
        format!("pre\0ss {key}"),
        format!("press {key} comment\0"),
        format!("press\r{key}"),
        format!("press {key}\r\r"),
    ] {
        let error = error(&format!("# signers\n{line}\n"));
        assert_eq!(error.line, 2, "{line}");
        writeln!(messages, "{error}").unwrap();
    }
    insta::assert_snapshot!(messages, @r#"
    line 2: no key after the principals `press`
    line 2: this is a public key, and a name belongs before it
    line 2: the quote in the principals is not closed
    line 2: no key: expected an algorithm and the base64 of a key
    line 2: the encoded key is not one of the algorithm `ssh-ed25519` written before it
    line 2: the `ssh-rsa` key is not base64
    line 2: no key: expected an algorithm and the base64 of a key
    line 2: no key: expected an algorithm and the base64 of a key
    line 2: no option follows the last comma
    line 2: `x` follows an option where a comma or a blank should
    line 2: the value of the option `namespaces` is not in double quotes
    line 2: the quote in the options is not closed
    line 2: the option `namespaces` is given twice
    line 2: unknown option `no-touch-required`
    line 2: `="yes"` follows an option where a comma or a blank should
    line 2: the value of the option `valid-before` is not in double quotes
    line 2: `2030-01-01` of the option `valid-before` is not a time of the calendar after 1970-01-01 written YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, then `Z`
    line 2: `20300431` of the option `valid-before` is not a time of the calendar after 1970-01-01 written YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, then `Z`
    line 2: `19700101Z` of the option `valid-before` is not a time of the calendar after 1970-01-01 written YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, then `Z`
    line 2: `203001011260Z` of the option `valid-before` is not a time of the calendar after 1970-01-01 written YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, then `Z`
    line 2: `` of the option `valid-before` is not a time of the calendar after 1970-01-01 written YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, then `Z`
    line 2: `valid-before` is not later than `valid-after`; a time without `Z` is uncertain by 25 hours
    line 2: unknown option `verify-required`
    line 2: the line holds U+0000
    line 2: the line holds U+0000
    line 2: the line holds a carriage return that is not part of its line end
    line 2: the line holds a carriage return that is not part of its line end
    "#);
    assert_eq!(
        AllowedSigners::parse(b"\xff\n").unwrap_err().kind,
        SignersErrorKind::NotUtf8
    );
    assert!(AllowedSigners::parse(b"# caf\xe9\n").is_ok());
    assert!(AllowedSigners::parse(b"# a\0b\n \t\r\n").is_ok());
    let marked = format!("\u{feff}press {key}\n");
    assert_eq!(
        AllowedSigners::parse(marked.as_bytes()).unwrap_err().kind,
        SignersErrorKind::ByteOrderMark
    );
}

#[test]
fn no_bytes_make_the_reader_panic() {
    let mut runner = TestRunner::new_with_rng(
        Config::with_cases(3_000),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[5; 32]),
    );
    let key = key().to_string();
    let piece = prop::sample::select(vec![
        "press",
        " ",
        "\t",
        "\"",
        ",",
        "\\",
        "=",
        "!",
        "*",
        "\r",
        "\n",
        "#",
        "namespaces=",
        "valid-after=\"",
        "valid-before=\"",
        "20300101",
        "Z",
        "cert-authority",
        "ssh-ed25519",
        "é",
        "AAAA",
        "UTC",
        "\0",
    ]);
    let line = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    runner
        .run(&(bytes, line), |(bytes, line)| {
            let _ = AllowedSigners::parse(&bytes);
            let _ = AllowedSigners::parse(line.as_bytes());
            let _ = AllowedSigners::parse(format!("press {line} {key}").as_bytes());
            Ok(())
        })
        .unwrap();
}

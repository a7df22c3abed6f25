//! dateline is never more lenient than the installed `ssh-keygen -Y verify`: both judge generated
//! `allowed_signers` files, in several time zones.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
#![allow(
    clippy::print_stdout,
    reason = "a test that is not run says so where its output is shown"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use dateline::manifest::key::SigningKey;
use dateline::manifest::signers::{AllowedSigners, SignersErrorKind, Verdict};
use dateline::manifest::sshsig::{self, NAMESPACE};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How many files are generated.
const FILES: usize = 600;
/// 2026-11-01T00:00:00Z.
const AT: i64 = 1_793_491_200;
/// Zones as a system may have them, the furthest that POSIX knows among them.
const ZONES: [&str; 6] = [
    "UTC",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Europe/Berlin",
    "XXX24:59:59",
    "YYY-24:59:59",
];

/// A number from a seed: the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % limit
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// The keys that files are made of.
struct Keys {
    own: String,
    other: String,
}

fn principals(dice: &mut Dice) -> String {
    let long = "a".repeat(1023);
    if !dice.one_in(4) {
        return dice
            .of(&[
                "press",
                "press@example.org",
                "*@example.org",
                "*@example.org,!guest@example.org",
                "*",
                "press,editor",
                "p?ess",
                "a*b*c",
                "\"a b\"",
            ])
            .to_owned();
    }
    match dice.below(20) {
        0 => long,
        1 => format!("press,{}", &long[1..]),
        2 => format!("press,!{long}"),
        _ => dice
            .of(&[
                "!press",
                "!mallory@x",
                "*,!*",
                "*,!?*",
                "press,!p*",
                "!press,*",
                "\"press",
                "pre\"ss\"",
                ",press,",
                "\"\"",
                "pre\0ss",
                "caf\u{e9}",
                "!!press",
            ])
            .to_owned(),
    }
}

fn time(dice: &mut Dice) -> String {
    const HOUR: i64 = 3_600;
    let near = [0, 1, -1, HOUR, -HOUR, 24 * HOUR, -24 * HOUR];
    let far = [
        25 * HOUR,
        -25 * HOUR,
        90_001,
        -90_001,
        350_400 * HOUR,
        -175_200 * HOUR,
    ];
    let delta = if dice.one_in(2) {
        dice.of(&far)
    } else {
        dice.of(&near)
    };
    let civil = TimeZone::UTC.to_datetime(Timestamp::from_second(AT + delta).unwrap());
    let form = match dice.below(12) {
        0 => dice.of(&["%Y-%m-%d", "%Y%m31", "%Y"]),
        _ => dice.of(&["%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d"]),
    };
    let zone = match dice.below(12) {
        0 => dice.of(&["+0100", " Z", "ZZ"]),
        _ => dice.of(&["", "Z", "Z", "z", "UTC", "utc"]),
    };
    format!("{}{zone}", civil.strftime(form))
}

fn option(dice: &mut Dice) -> String {
    match dice.below(24) {
        0..=5 => format!("valid-after=\"{}\"", time(dice)),
        6..=11 => format!("Valid-Before=\"{}\"", time(dice)),
        12..=18 => dice
            .of(&[
                "namespaces=\"dateline-manifest\"",
                "NAMESPACES=\"file,dateline-*\"",
                "namespaces=\"!file,*\"",
                "namespaces=\"a\\\"b,*\"",
            ])
            .to_owned(),
        _ => dice
            .of(&[
                "namespaces=\"*,!dateline*\"",
                "namespaces=\"\"",
                "namespaces=dateline-manifest",
                "namespaces=\"dateline-manifest",
                "cert-authority",
                "Cert-Authority",
                "no-such-option",
                "",
            ])
            .to_owned(),
    }
}

fn key(dice: &mut Dice, keys: &Keys) -> String {
    let (algorithm, encoded) = keys.own.split_once(' ').unwrap();
    match dice.below(30) {
        0..=2 => keys.other.clone(),
        3 => "ssh-rsa AAAAB3NzaC1yc2E=".to_owned(),
        4 => format!("{algorithm}\r{encoded}"),
        5 => format!("{algorithm}\t {encoded}"),
        6 => encoded.to_owned(),
        7 => format!("{algorithm} {}", &encoded[..encoded.len() - 4]),
        8 => format!("{algorithm} {} {}", &encoded[..20], &encoded[20..]),
        _ => keys.own.clone(),
    }
}

/// What separates fields, or does not.
fn blank(dice: &mut Dice) -> &'static str {
    if dice.one_in(12) {
        dice.of(&["\r", " \r ", "\u{b}", "\u{c}", ""])
    } else {
        dice.of(&[" ", "\t", "  ", " \t"])
    }
}

fn line(dice: &mut Dice, keys: &Keys) -> String {
    if dice.one_in(12) {
        return dice
            .of(&[
                "",
                "# comment",
                "  \t# another",
                "\r",
                "\0",
                "junk",
                "\u{c}# x",
            ])
            .to_owned();
    }
    let mut line = String::new();
    if dice.one_in(10) {
        line += dice.of(&[" ", "\t", "\r", "\u{c}", "\u{feff}"]);
    }
    line += &principals(dice);
    line += blank(dice);
    if dice.one_in(2) {
        let options: Vec<String> = (0..=dice.below(2)).map(|_| option(dice)).collect();
        let comma = if dice.one_in(8) {
            dice.of(&[", ", ",,", " "])
        } else {
            ","
        };
        line += &options.join(comma);
        line += blank(dice);
    }
    line += &key(dice, keys);
    line += if dice.one_in(6) {
        dice.of(&["\r\r", "\0x", " \0", "=", "\t#", " \"x"])
    } else {
        dice.of(&["", " a comment", "\r"])
    };
    line
}

fn file(dice: &mut Dice, keys: &Keys) -> Vec<u8> {
    let lines: Vec<String> = (0..=dice.below(2)).map(|_| line(dice, keys)).collect();
    let mut bytes = lines.join("\n").into_bytes();
    if dice.one_in(2) {
        bytes.push(b'\n');
    }
    if dice.one_in(16) && !bytes.is_empty() {
        let at = dice.below(bytes.len());
        bytes[at] = dice.of(&[b' ', b',', b'"', b'!', b'*', 0xff, b'\\', 0]);
    }
    bytes
}

/// Whether `ssh-keygen` accepts the signature in `folder` for a principal.
fn accepts(folder: &Path, principal: &str, at: i64, zone: &str) -> bool {
    let time = TimeZone::UTC.to_datetime(Timestamp::from_second(at).unwrap());
    let status = Command::new("ssh-keygen")
        .args([
            "-Y",
            "verify",
            "-f",
            "signers",
            "-n",
            NAMESPACE,
            "-s",
            "signature",
        ])
        .arg(format!("-I{principal}"))
        .arg(format!("-Overify-time={}Z", time.strftime("%Y%m%d%H%M%S")))
        .current_dir(folder)
        .env("TZ", zone)
        .stdin(File::open(folder.join("message")).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

/// Why dateline may refuse what `ssh-keygen` accepts; nothing where there is no reason.
fn stricter(read: &Result<Verdict, SignersErrorKind>) -> Option<&'static str> {
    match read {
        // One line that is not well formed refuses the file; ssh-keygen skips it.
        Err(SignersErrorKind::Nul) => Some("a NUL"),
        Err(SignersErrorKind::CarriageReturn) => Some("a carriage return within a line"),
        Err(SignersErrorKind::ByteOrderMark) => Some("a byte order mark"),
        Err(SignersErrorKind::NeverValid) => Some("a range of time that is not certain"),
        Err(_) => Some("a line that is not well formed"),
        Ok(Verdict::Expired { utc: false, .. } | Verdict::NotYetValid { utc: false, .. }) => {
            Some("a time without a zone")
        }
        Ok(_) => None,
    }
}

/// Shows `signature-signers`.
#[test]
fn whatever_dateline_allows_ssh_keygen_accepts() {
    if Command::new("ssh-keygen")
        .arg("-?")
        .stderr(Stdio::null())
        .status()
        .is_err()
    {
        println!("not run: ssh-keygen is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::from_seed(&[7; 32]);
    let keys = Keys {
        own: key.public().to_string(),
        other: SigningKey::from_seed(&[8; 32]).public().to_string(),
    };
    fs::write(folder.path().join("message"), "message").unwrap();
    fs::write(
        folder.path().join("signature"),
        sshsig::sign(&key, b"message"),
    )
    .unwrap();
    let mut dice = Dice(0x5eed_da7e_11e5);
    let (mut allowed, mut refused) = (0, 0);
    let mut differences: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..FILES {
        let file = file(&mut dice, &keys);
        fs::write(folder.path().join("signers"), &file).unwrap();
        let at = AT + [0, 0, 1, -1, 90_000, -90_000][dice.below(6)];
        let zone = dice.of(&ZONES);
        let shown = String::from_utf8_lossy(&file).into_owned();
        let read = AllowedSigners::parse(&file)
            .map(|signers| signers.find(&key.public(), NAMESPACE, at))
            .map_err(|error| error.kind);
        if let Ok(Verdict::Allowed { principals }) = &read {
            allowed += 1;
            for list in principals {
                let principal = list.example().unwrap();
                assert!(
                    accepts(folder.path(), &principal, at, zone),
                    "{shown:?} for {principal:?} at {at} in {zone}"
                );
            }
            continue;
        }
        let others = ["press@example.org", "a b", "abc", "guest@example.org"];
        let names = ["press", dice.of(&others)];
        if names
            .iter()
            .any(|name| accepts(folder.path(), name, at, zone))
        {
            let Some(reason) = stricter(&read) else {
                panic!("{shown:?} is refused without a reason at {at} in {zone}: {read:?}");
            };
            *differences.entry(reason).or_default() += 1;
        } else {
            refused += 1;
        }
    }
    println!(
        "both allow {allowed}, both refuse {refused}; refused by dateline alone: {differences:?}"
    );
    assert!(allowed > 100 && refused > 100, "{allowed} {refused}");
}

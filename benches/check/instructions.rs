//! Instructions per byte, counted by callgrind: a figure that another load on the machine does not
//! change.
//!
//! Valgrind's processor has no SHA extensions, so that the compression function of SHA-256 runs in
//! software there and would drown what surrounds it. It is taken out: what is counted is the rest.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::loops::Loop;

/// Instructions per byte, compression of SHA-256 apart, as they were when this table was last written
/// (Rust 1.95, x86-64, `cargo bench` of this crate). A change of more than a tenth is no noise.
const EXPECTED: [(&str, f64); 6] = [
    (Loop::Tape.name(), 6.5),
    (Loop::Accept.name(), 10.6),
    (Loop::Content.name(), 8.0),
    (Loop::Text.name(), 10.8),
    (Loop::Value.name(), 31.8),
    (CHECK, 30.0),
];
/// The name of the full check.
const CHECK: &str = "full check, 1 thread";
/// How often a loop runs in the longer of two runs; what starting costs is in both.
const TIMES: u32 = 3;

/// Counts every loop over the file at `lines`, which has `bytes` bytes, and the check of `corpus`.
pub(crate) fn print(lines: &Path, corpus: &Path, bytes: u64) -> Result<(), Box<dyn Error>> {
    let there = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        println!("Instructions were not counted: there is no valgrind here.");
        return Ok(());
    }
    println!(
        "Instructions per byte, SHA-256's compression function apart (callgrind, {bytes} bytes)\n"
    );
    println!("{:<26} {:>9} {:>9}", "", "counted", "expected");
    for (name, expected) in EXPECTED {
        let run = |times: u32| {
            let times = times.to_string();
            if name == CHECK {
                counted(&[
                    "check".as_ref(),
                    corpus.as_ref(),
                    "1".as_ref(),
                    times.as_ref(),
                ])
            } else {
                counted(&[
                    "loop".as_ref(),
                    name.as_ref(),
                    lines.as_ref(),
                    times.as_ref(),
                ])
            }
        };
        let once = run(TIMES)?.saturating_sub(run(1)?) / u64::from(TIMES - 1);
        #[allow(
            clippy::cast_precision_loss,
            clippy::as_conversions,
            reason = "a ratio"
        )]
        let ratio = once as f64 / bytes as f64;
        let note = if (ratio / expected - 1.0).abs() > 0.1 {
            "  changed"
        } else {
            ""
        };
        println!("{name:<26} {ratio:>9.2} {expected:>9.2}{note}");
    }
    println!();
    Ok(())
}

/// Runs this program under callgrind and gives the instructions outside the compression function.
fn counted(arguments: &[&std::ffi::OsStr]) -> Result<u64, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("callgrind.out");
    let mut option = std::ffi::OsString::from("--callgrind-out-file=");
    option.push(&out);
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(option)
        .arg(env::current_exe()?)
        .args(arguments)
        .stdout(Stdio::null())
        .output()?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned().into());
    }
    Ok(sum(&fs::read_to_string(&out)?))
}

/// The instructions of all functions but the compression function, from a profile in callgrind's
/// format (valgrind's manual, chapter "Callgrind Format Specification").
fn sum(profile: &str) -> u64 {
    let mut omitted = BTreeSet::new();
    let mut counts = true;
    let mut called = false;
    let mut sum = 0;
    for line in profile.lines() {
        // A function is named where its number occurs first, which may be where it is called.
        if let Some((key @ ("fn" | "cfn"), function)) = line.split_once('=') {
            let (number, name) = function.split_once(' ').unwrap_or((function, ""));
            if name.contains("sha2::") && name.contains("compress") {
                omitted.insert(number.to_owned());
            }
            if key == "fn" {
                counts = !omitted.contains(number);
            }
        } else if line.starts_with("calls=") {
            // The line behind it holds what the called function cost, which is counted there.
            called = true;
        } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
            let cost = line
                .split(' ')
                .nth(1)
                .and_then(|cost| cost.parse::<u64>().ok());
            if counts && !called {
                sum += cost.unwrap_or_default();
            }
            called = false;
        }
    }
    sum
}

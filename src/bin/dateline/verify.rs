//! `dateline verify`

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use dateline::corpus::Corpus;
use dateline::diagnostic::escape::{escape, is_escaped};
use dateline::digest::{Digest, DigestError};
use dateline::dump::Progress;
use dateline::manifest::{Part, Verdict, Verification, VerifyOptions, verify};

use crate::args::{self, Shape};
use crate::clock;
use crate::failure::{Exit, Failure};
use crate::progress::Bar;
use crate::screen::Screen;
use crate::{key, release};

pub(crate) fn run(args: &args::Verify, screen: &mut Screen) -> Result<Exit, Failure> {
    let signers = match &args.signers {
        None => None,
        Some(path) => Some(key::signers(path)?),
    };
    let cited = args
        .cited
        .as_deref()
        .map(cited)
        .transpose()
        .map_err(|error| {
            Failure::from(error)
                .hint("give the digest as the paper prints it: sha256: and 64 hexadecimal digits")
        })?;
    let mut options = VerifyOptions::at(clock::judged(args.verify_time.as_deref())?);
    options.signers = signers.as_ref();
    options.cited = cited;
    options.require_content = args.require.is_some();
    let corpus = Corpus::open(&args.corpus)?;
    let bar = Bar::new("verifying", &Progress::default(), None, screen);
    let verification = verify(&corpus, &options)?;
    drop(bar);
    match args.format {
        Shape::Json => {
            for part in &verification.parts {
                screen.line(&escaped_json(&serde_json::to_string(part)?))?;
            }
        }
        Shape::Text => show(&verification, screen)?,
    }
    Ok(match verification.exit() {
        0 => Exit::Clean,
        1 => {
            release::tell_unread(&corpus, screen);
            Exit::Problems
        }
        _ => Exit::Unverified,
    })
}

/// The digest as a paper prints it, or as `sha256sum` does.
fn cited(digest: &str) -> Result<Digest, DigestError> {
    if digest.len() == 64 && !digest.contains(':') {
        Digest::from_hex(digest)
    } else {
        digest.parse()
    }
}

fn show(verification: &Verification, screen: &mut Screen) -> Result<(), Failure> {
    for part in &verification.parts {
        let wrong = matches!(part.verdict, Verdict::Failed | Verdict::Unverifiable);
        if screen.is_quiet() && !wrong {
            continue;
        }
        screen.line(&line(part))?;
        for finding in &part.findings {
            let place = match (&finding.file, finding.line) {
                (Some(file), Some(line)) => format!("{file}:{line}: "),
                (Some(file), None) => format!("{file}: "),
                (None, _) => String::new(),
            };
            let id = finding
                .id
                .as_ref()
                .map(|id| format!("{id}: "))
                .unwrap_or_default();
            screen.line(&escape(&format!("    {place}{id}{}", finding.message)))?;
        }
    }
    let older_only = verification.exit() == 0 && verification.vouched_for_older_only();
    if verification.exit() == 0 && !older_only {
        screen.tell(&end(verification))?;
    } else {
        screen.line(&end(verification))?;
    }
    let failed = |part: &&Part| part.verdict == Verdict::Failed;
    if verification.exit() == 1
        && verification
            .parts
            .iter()
            .filter(failed)
            .all(|part| part.part.name() == "files" && !part.findings.is_empty())
    {
        screen.line(
            "  only the packing differs, which is not signed: where the shards were repacked on purpose, \
             remove `files.json` of the release",
        )?;
    }
    if let Some(older) = verification.superseded.filter(|_| !older_only) {
        screen.line(&format!(
            "release {older} is what was cited; release {} is newer",
            verification.release
        ))?;
    }
    Ok(())
}

/// What it came to, in a line or two.
fn end(verification: &Verification) -> String {
    let newest = verification.release;
    let digest = verification
        .digest
        .map(|digest| digest.to_string())
        .unwrap_or_default();
    match (verification.exit(), verification.superseded) {
        (0, Some(cited)) if verification.vouched_for_older_only() => format!(
            "verified: release {cited}, which was cited, is in the chain of release {newest}\n  \
             nobody vouches for what release {newest} changed, {digest}: give --signers FILE, too"
        ),
        (0, _) => format!("verified: release {newest} is {digest}"),
        (1, _) => format!("FAILED: release {newest} does not verify"),
        _ if verification.vouched => {
            format!("not verified: part of release {newest} could not be checked")
        }
        _ => format!(
            "not verified: nothing is wrong with release {newest}, and nobody vouches for it\n  \
             give --signers FILE or --cited DIGEST; this copy's digest is {digest}"
        ),
    }
}

fn line(part: &Part) -> String {
    let style: Style = match part.verdict {
        Verdict::Verified => AnsiColor::Green.on_default(),
        Verdict::Failed => AnsiColor::Red.on_default().bold(),
        Verdict::Withheld | Verdict::Withdrawn | Verdict::Unverifiable => {
            AnsiColor::Yellow.on_default()
        }
    };
    let release = part
        .release
        .map(|number| format!("release {number} "))
        .unwrap_or_default();
    let name = format!("{release}{}", part.part.name().replace('_', " "));
    let count = part
        .count
        .map(|count| format!(" {count}"))
        .unwrap_or_default();
    let reason = part
        .reason
        .as_ref()
        .map(|reason| format!(" ({})", escape(reason)))
        .unwrap_or_default();
    format!(
        "{style}{:<12}{style:#} {name}{count}{reason}",
        part.verdict.name()
    )
}

/// The same JSON, with JSON's escapes for the characters that could act on a terminal.
fn escaped_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if is_escaped(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}

//! `dateline verify`

use anstyle::{AnsiColor, Style};
use dateline::corpus::steady;
use dateline::diagnostic::escape::{escape, json};
use dateline::digest::Digest;
use dateline::dump::Progress;
use dateline::manifest::{PartResult, Verdict, Verification, VerifyOptions, verify};

use crate::args::{self, Shape};
use crate::clock;
use crate::failure::{Exit, Failure};
use crate::key;
use crate::progress::Bar;
use crate::screen::Screen;

/// How many of the files that are not checked are named.
const NAMED: usize = 20;

pub(crate) fn run(args: &args::Verify, screen: &mut Screen) -> Result<Exit, Failure> {
    let signers = match &args.signers {
        None => None,
        Some(path) => Some(key::signers(path)?),
    };
    let cited = args.cited.as_deref().map(cited).transpose()?;
    let mut options = VerifyOptions::at(clock::judged(args.verify_time.as_deref())?);
    options.signers = signers.as_ref();
    options.cited = cited;
    options.release = args.release;
    options.require_content = args.require.is_some();
    let bar = Bar::new("verifying", &Progress::default(), None, screen);
    let verification = steady(&args.corpus, |corpus| {
        Ok::<_, Failure>(verify(corpus, &options)?)
    })?;
    drop(bar);
    match args.format {
        Shape::Json => {
            for part in &verification.parts {
                screen.line(&json(part)?)?;
            }
            let summary = verification.summary();
            screen.line(&json(&summary)?)?;
        }
        Shape::Text => show(&verification, args, screen)?,
    }
    Ok(match verification.exit() {
        0 => Exit::Clean,
        1 => Exit::Problems,
        _ => Exit::Unverified,
    })
}

/// Parses a digest as papers or `sha256sum` print it.
fn cited(text: &str) -> Result<Digest, Failure> {
    let read = |text: &str| {
        if text.len() == 64 && !text.contains(':') {
            Digest::from_hex(text)
        } else {
            text.parse()
        }
    };
    read(text).map_err(|error| {
        let hint = match read(&text.to_ascii_lowercase()) {
            Ok(digest) => format!("write it in lower case: {digest}"),
            Err(_) => {
                "write the digest as in the paper: `sha256:` and 64 lower-case hexadecimal digits"
                    .to_owned()
            }
        };
        Failure::from(error).hint(hint)
    })
}

fn show(
    verification: &Verification,
    args: &args::Verify,
    screen: &mut Screen,
) -> Result<(), Failure> {
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
    if verification.exit() == 0 {
        screen.tell(&end(verification, args))?;
    } else {
        screen.line(&end(verification, args))?;
    }
    if let Some(newer) = &verification.newer {
        let vouched = if newer.vouched {
            "one of the signers vouches for it"
        } else {
            "no signer given here vouches for it"
        };
        let than = match verification.cited {
            Some(cited) if newer.release == verification.release => {
                format!(" than the cited release {cited}")
            }
            Some(_) | None => String::new(),
        };
        screen.line(&format!(
            "  release {} is newer{than}: {vouched}",
            newer.release
        ))?;
    }
    if !verification.outside.is_empty() {
        screen.tell(&escape(&format!(
            "  not checked: {}",
            some(&verification.outside)
        )))?;
    }
    Ok(())
}

/// The first names, and how many more there are.
fn some(names: &[String]) -> String {
    let first = names.get(..NAMED).unwrap_or(names).join(", ");
    match names.len().checked_sub(NAMED) {
        None | Some(0) => first,
        Some(more) => format!("{first} and {more} more"),
    }
}

/// The verdict, in one or two lines.
fn end(verification: &Verification, args: &args::Verify) -> String {
    let release = verification.release;
    let digest = verification
        .digest
        .map(|digest| digest.to_string())
        .unwrap_or_default();
    let unchecked = format!("part of release {release} could not be checked");
    match verification.exit() {
        0 => return format!("verified: release {release} is {digest}"),
        1 => return format!("FAILED: release {release} does not verify"),
        _ if verification.vouched => return format!("not verified: {unchecked}"),
        _ => {}
    }
    let checked = if verification.is_complete() {
        format!("nothing is wrong with release {release}")
    } else {
        unchecked
    };
    let trust = match verification.cited {
        Some(cited) => format!(
            "the cited digest is that of release {cited}, and does not vouch for release {release}; to verify \
             the cited release, use --release {cited}"
        ),
        None if args.signers.is_some() => format!("this copy's digest is {digest}"),
        None => {
            format!("use --signers FILE or --cited DIGEST; this copy's digest is {digest}")
        }
    };
    format!("not verified: {checked}, and nobody vouches for it\n  {trust}")
}

fn line(part: &PartResult) -> String {
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

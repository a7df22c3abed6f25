//! The commands that read a whole corpus, each as the tool runs it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dateline::check::{Against, Options, check_against};
use dateline::corpus::{Container, Corpus, Part, WriteOptions};
use dateline::json::Tape;
use dateline::manifest::{Verdict, VerifyOptions};
use dateline::record::WithdrawalReason;
use dateline::takedown::Private;
use dateline::withdraw::{Keying, Request, Selection};

use super::generator::Generator;
use super::{LIMIT, SEED, corpora, sealed};

type Done<T> = Result<T, Box<dyn Error>>;

/// The full check; a corpus of this bench has nothing wrong with it.
pub(crate) fn check(path: &Path) -> Done<()> {
    clean(&dateline::check_corpus(&Corpus::open(path)?, &options())?)
}

/// Holds one shard to the release, and opens no other.
pub(crate) fn against(path: &Path) -> Done<()> {
    let against = Against::open(path, None)?;
    let shard = corpora::shards(path)?.pop().ok_or("there is no shard")?;
    clean(&check_against(&[shard], &against, &options())?)
}

fn options() -> Options {
    Options {
        limit: Some(LIMIT),
        ..Options::default()
    }
}

fn clean(report: &dateline::diagnostic::Report) -> Done<()> {
    match report.diagnostics().first() {
        None => Ok(()),
        Some(found) => Err(format!("{}: {}", found.code.name, found.message).into()),
    }
}

/// Verifies the newest release, of which nothing is missing.
pub(crate) fn verify(path: &Path) -> Done<()> {
    let verification = dateline::verify(&Corpus::open(path)?, &VerifyOptions::at(0))?;
    let failed = |verdict| matches!(verdict, Verdict::Failed | Verdict::Unverifiable);
    match verification.parts.iter().find(|part| failed(part.verdict)) {
        None => Ok(()),
        Some(part) => Err(format!("{part:?}").into()),
    }
}

/// A copy of a corpus, for a command that changes it; it is gone afterwards.
pub(crate) struct Copy(PathBuf);

impl Copy {
    pub(crate) fn of(corpus: &Path, root: &Path) -> Done<Self> {
        let copy = Self(root.join("copy"));
        corpora::linked(corpus, &copy.0)?;
        Ok(copy)
    }

    pub(crate) fn seal(&self) -> Done<()> {
        sealed::seal(&self.0)
    }

    /// Withdraws the article of this id.
    pub(crate) fn withdraw(&self, id: &str) -> Done<()> {
        let id = id.parse()?;
        let request = Request {
            select: Selection::ids([&id]),
            also: [].into(),
            distinct: [].into(),
            reason: WithdrawalReason::Privacy,
            keying: Keying::Public,
            date: "2026-01-01".parse()?,
            by: "bench".to_owned(),
            notice: None,
            private: Private::at(&self.0.with_extension("private")),
            write: WriteOptions::default(),
        };
        match dateline::withdraw(&self.0, &request)?.withdrawals.len() {
            1 => Ok(()),
            count => Err(format!("{count} articles were withdrawn").into()),
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // It lies in a folder that goes anyway.
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_dir_all(self.0.with_extension("private"));
    }
}

/// The id of the article in the middle of the first shard.
pub(crate) fn one(path: &Path) -> Done<String> {
    let shard = corpora::shards(path)?.into_iter().next();
    let bytes = fs::read(shard.ok_or("there is no shard")?.path)?;
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let line = lines.get(lines.len() / 2).ok_or("there is no line")?;
    let tape = Tape::parse(line)?;
    let id = tape.root().get("id").and_then(|id| id.as_str());
    Ok(id.ok_or("a line has no id")?.into_owned())
}

/// Reads all lines and parses them, on one thread, and does nothing with them.
pub(crate) fn read(path: &Path) -> Done<usize> {
    let state = Corpus::open(path)?.working()?;
    let mut values = 0;
    for part in [
        Part::Records,
        Part::Relations,
        Part::Withdrawals,
        Part::Traces,
    ] {
        for line in state.lines(part)? {
            values += Tape::parse(&line?.bytes)?.root().len();
        }
    }
    Ok(values)
}

/// A corpus of one record.
pub(crate) fn smallest(root: &Path) -> Done<PathBuf> {
    let path = root.join("one.jsonl");
    let mut line = Generator::new(SEED).next()?.line;
    line.push(b'\n');
    fs::write(&path, line)?;
    Ok(path)
}

/// Starts the tool to check a file of one record.
pub(crate) fn start(record: &Path) -> Done<()> {
    let run = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .arg("check")
        .arg(record)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    match run.code() {
        Some(0) => Ok(()),
        _ => Err(format!("`check` of one record ended with {run}").into()),
    }
}

/// Decompresses the articles of a corpus, and nothing else.
pub(crate) fn decompress(path: &Path, container: Container) -> Done<u64> {
    use std::io::{BufReader, Read};

    let mut sum = 0;
    for shard in corpora::shards(path)? {
        let file = BufReader::with_capacity(256 << 10, fs::File::open(shard.path)?);
        let mut stream: Box<dyn Read> = match container {
            Container::Gz => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
            Container::Zst => Box::new(zstd::stream::read::Decoder::with_buffer(file)?),
            other @ (Container::Plain | _) => {
                return Err(format!("{other:?} is not compressed").into());
            }
        };
        let mut buffer = vec![0; 1 << 20];
        loop {
            match stream.read(&mut buffer)? {
                0 => break,
                read => sum += u64::try_from(read)?,
            }
        }
    }
    Ok(sum)
}

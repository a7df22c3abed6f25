//! How fast `dateline check` is, and how much memory it takes: `cargo bench --bench check`.
//!
//! # What is measured
//!
//! A corpus of 200 MB of article records of about 6.5 kB is generated from a fixed seed, sealed, and
//! written three times: plain, in Zstandard and in gzip. Everything is then timed in one run, in
//! rounds: each round runs every loop once, so that a slow minute of the machine is in all of them.
//! The unit is the time that SHA-256 (the `sha2` crate, one thread) takes over the same bytes in
//! memory, which is a little less than `sha256sum` would take with its reading.
//!
//! - *tape*, *tape + schema + formats*, *`serde_json` + jsonschema* run over the lines in memory, on one
//!   thread. The last is what a JSON Schema tool does, with the same schema and options.
//! - *full check* is [`dateline::check_corpus`] over the files, which lie in the page cache: opening,
//!   reading, strict JSON, schema, formats, the rules, three digests a record, the index of ids,
//!   relations and the release.
//! - *decompress* reads the compressed shards one after the other on one thread and does nothing else.
//!
//! # How to read the table
//!
//! `wall` is the least of all rounds; `× wall` is that over the least of SHA-256. `× cpu` is the median,
//! over the rounds, of the processor time over that of SHA-256 in the same round: on a machine that
//! others use it is the better figure for one thread. For two threads it says how much both did.
//!
//! Compressed shards are held to *0.8 of the speed of decompressing alone and checking alone in a
//! pipeline*: of two stages that each have a thread of their own, the slower one sets the pace, max(D, C),
//! where D is *decompress* and C the full check of the plain corpus on one thread; on one thread both
//! come one after the other, D + C. `of pipeline` is that time over the time taken. `of all processors`
//! asks for more than stages can give: that no thread ever waits, max(D, (D + C) / T) on T threads.
//!
//! # Size and rounds
//!
//! `cargo bench --bench check -- --bytes 20000000 --rounds 3`; `DATELINE_BENCH_BYTES` does the same as
//! `--bytes`. `--memory` only generates the corpus and says the peak of one check; `--keep FOLDER`
//! generates there and leaves it.

#![allow(clippy::print_stdout, reason = "it prints a table")]

mod clock;
mod corpora;
mod generator;
mod instructions;
mod loops;
mod sealed;
mod words;

use std::error::Error;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use dateline::check::Options;
use dateline::corpus::{Container, Corpus};
use rayon::{ThreadPool, ThreadPoolBuilder};

use clock::{Took, peak_memory, time};
use loops::Loop;

/// How many bytes of articles are generated unless another number is asked for.
const BYTES: u64 = 200_000_000;
/// How many rounds there are.
const ROUNDS: usize = 9;
/// How many bytes instructions are counted over.
const SAMPLE: u64 = 2_000_000;
/// The most diagnostics a report keeps, as on the command line.
const LIMIT: usize = 100;

type Done<T> = Result<T, Box<dyn Error>>;

/// What is asked for on the command line.
struct Asked {
    bytes: u64,
    rounds: usize,
    keep: Option<PathBuf>,
    memory_only: bool,
}

fn main() -> Done<()> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["loop", name, file, times] => run_loop(name, Path::new(file), times.parse()?),
        ["check", path, threads, times] => {
            let pool = pool(threads.parse()?)?;
            for _ in 0..times.parse::<u32>()? {
                check(Path::new(path), &pool)?;
            }
            println!("{}", peak_memory().unwrap_or_default());
            Ok(())
        }
        words => bench(&asked(words)?),
    }
}

fn asked(words: &[&str]) -> Done<Asked> {
    let mut asked = Asked {
        bytes: match std::env::var("DATELINE_BENCH_BYTES") {
            Ok(bytes) => bytes.parse()?,
            Err(_) => BYTES,
        },
        rounds: ROUNDS,
        keep: None,
        memory_only: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} lacks its value"));
        match *word {
            "--bytes" => asked.bytes = value()?.parse()?,
            "--rounds" => asked.rounds = value()?.parse()?,
            "--keep" => asked.keep = Some(PathBuf::from(value()?)),
            "--memory" => asked.memory_only = true,
            other => return Err(format!("`{other}` is not known here").into()),
        }
    }
    Ok(asked)
}

fn bench(asked: &Asked) -> Done<()> {
    let scratch = tempfile::tempdir()?;
    let root = asked.keep.as_deref().unwrap_or(scratch.path());
    let plain = corpora::folder(root, Container::Plain);
    if !plain.is_dir() {
        corpora::write(&plain, asked.bytes, Container::Plain)?;
    }
    let size = corpora::shards(&plain)?.iter().try_fold(0, |sum, shard| {
        Ok::<_, io::Error>(sum + fs::metadata(&shard.path)?.len())
    })?;
    println!(
        "{size} bytes of articles in {} shards\n",
        corpora::shards(&plain)?.len()
    );
    if !asked.memory_only {
        for container in [Container::Zst, Container::Gz] {
            corpora::write(&corpora::folder(root, container), asked.bytes, container)?;
        }
        times(root, asked.rounds)?;
    }
    memory(&plain, size)?;
    if !asked.memory_only {
        let sample = scratch.path().join("sample");
        corpora::write(&sample, SAMPLE, Container::Plain)?;
        let lines = scratch.path().join("sample.jsonl");
        let bytes = read(&sample)?;
        fs::write(&lines, &bytes)?;
        instructions::print(&lines, &sample, u64::try_from(bytes.len())?)?;
    }
    Ok(())
}

/// One row of the table.
struct Row {
    name: String,
    took: Vec<Took>,
    target: Option<f64>,
}

/// Times every loop in rounds, and prints the table.
fn times(root: &Path, rounds: usize) -> Done<()> {
    let plain = corpora::folder(root, Container::Plain);
    let bytes = read(&plain)?;
    let pools = [(1, pool(1)?), (2, pool(2)?)];
    let mut rows: Vec<Row> = Vec::new();
    for round in 0..rounds {
        let mut index = 0;
        let mut row = |name: &str, target: Option<f64>, took: Took| {
            if round == 0 {
                rows.push(Row {
                    name: name.to_owned(),
                    took: Vec::new(),
                    target,
                });
            }
            if let Some(row) = rows.get_mut(index) {
                row.took.push(took);
            }
            index += 1;
        };
        for one in [Loop::Sha, Loop::Tape, Loop::Accept, Loop::Value] {
            let target = (one == Loop::Accept).then_some(1.8);
            row(one.name(), target, time(|| one.run(&bytes))?.1);
        }
        for (threads, pool) in &pools {
            let target = if *threads == 1 { 3.0 } else { 1.7 };
            let name = format!(
                "full check, {threads} thread{}",
                if *threads == 1 { "" } else { "s" }
            );
            row(&name, Some(target), time(|| check(&plain, pool))?.1);
        }
        for (container, name) in [(Container::Zst, "zst"), (Container::Gz, "gz")] {
            let folder = corpora::folder(root, container);
            row(
                &format!("{name}: decompress"),
                None,
                time(|| decompress(&folder, container))?.1,
            );
            for (threads, pool) in &pools {
                row(
                    &format!("{name}: check, {threads}"),
                    None,
                    time(|| check(&folder, pool))?.1,
                );
            }
        }
    }
    print(&rows);
    Ok(())
}

fn print(rows: &[Row]) {
    println!(
        "{:<26} {:>8} {:>8} {:>8} {:>8}  target",
        "", "wall s", "median", "× wall", "× cpu"
    );
    let Some(unit) = rows.first() else { return };
    for row in rows {
        let wall = least(&row.took);
        let cpu = median(
            row.took
                .iter()
                .zip(&unit.took)
                .filter_map(|(one, unit)| Some(one.cpu? / unit.cpu?)),
        );
        let ratio = wall / least(&unit.took);
        let target = row.target.map_or_else(String::new, |target| {
            format!(
                "≤ {target}: {}",
                if ratio <= target { "met" } else { "missed" }
            )
        });
        println!(
            "{:<26} {wall:>8.3} {:>8.3} {ratio:>8.2} {cpu:>8.2}  {target}",
            row.name,
            median(row.took.iter().map(|took| took.wall)),
        );
    }
    println!();
    let of = |name: &str| {
        rows.iter()
            .find(|row| row.name == name)
            .map(|row| least(&row.took))
    };
    for name in ["zst", "gz"] {
        for threads in [1_u8, 2] {
            if let (Some(decompress), Some(check), Some(both)) = (
                of(&format!("{name}: decompress")),
                of("full check, 1 thread"),
                of(&format!("{name}: check, {threads}")),
            ) {
                let pipeline = if threads == 1 {
                    decompress + check
                } else {
                    decompress.max(check)
                };
                let processors = decompress.max((decompress + check) / f64::from(threads));
                println!(
                    "{name} on {threads}: {:.2} of pipeline, target ≥ 0.8; {:.2} of all processors",
                    pipeline / both,
                    processors / both
                );
            }
        }
    }
    println!();
}

fn least(took: &[Took]) -> f64 {
    took.iter()
        .map(|took| took.wall)
        .fold(f64::INFINITY, f64::min)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Says the peak of a check in a process of its own.
fn memory(corpus: &Path, size: u64) -> Done<()> {
    for threads in ["1", "2"] {
        let run = Command::new(std::env::current_exe()?)
            .args([
                "check".as_ref(),
                corpus.as_os_str(),
                threads.as_ref(),
                "1".as_ref(),
            ])
            .output()?;
        let peak: u64 = String::from_utf8(run.stdout)?.trim().parse()?;
        println!("peak memory of checking {size} bytes on {threads}: {peak} bytes");
    }
    println!();
    Ok(())
}

fn pool(threads: usize) -> Done<ThreadPool> {
    Ok(ThreadPoolBuilder::new().num_threads(threads).build()?)
}

/// The full check; a corpus of this bench has nothing wrong with it.
fn check(path: &Path, pool: &ThreadPool) -> Done<()> {
    let options = Options {
        limit: Some(LIMIT),
        ..Options::default()
    };
    let corpus = Corpus::open(path)?;
    let report = pool.install(|| dateline::check_corpus(&corpus, &options))?;
    match report.diagnostics().first() {
        None => Ok(()),
        Some(found) => Err(format!("{}: {}", found.code.name, found.message).into()),
    }
}

/// The articles of a corpus as one text.
fn read(path: &Path) -> Done<Vec<u8>> {
    let mut bytes = Vec::new();
    for shard in corpora::shards(path)? {
        fs::File::open(shard.path)?.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Decompresses the articles of a corpus, and nothing else.
fn decompress(path: &Path, container: Container) -> Done<u64> {
    let mut sum = 0;
    for shard in corpora::shards(path)? {
        let file = io::BufReader::with_capacity(256 << 10, fs::File::open(shard.path)?);
        let mut stream: Box<dyn io::Read> = match container {
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

fn run_loop(name: &str, file: &Path, times: u32) -> Done<()> {
    let one = Loop::ALL.into_iter().find(|one| one.name() == name);
    let one = one.ok_or("there is no such loop")?;
    let bytes = fs::read(file)?;
    for _ in 0..times {
        println!("{}", one.run(&bytes)?);
    }
    Ok(())
}

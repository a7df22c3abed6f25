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
//! - *check* is [`dateline::check_corpus`] over the files, which lie in the page cache: opening,
//!   reading, strict JSON, schema, formats, the rules, three digests a record, the index of ids,
//!   relations and the release.
//! - *decompress* reads the compressed shards one after the other on one thread and does nothing else.
//!
//! A second corpus is converted from a dump of as many bytes, so that its records have traces (which lie
//! in Zstandard, as they do by default). Over both run the commands that read all of a corpus:
//!
//! - *read and parse* is the strict parse of every line from disk on one thread.
//! - *seal* is [`dateline::seal`] of the first release, without a signature; *verify* is
//!   [`dateline::verify`] of it without signers.
//! - *withdraw* is [`dateline::withdraw`] of one article, until it is on disk.
//! - *one shard against* is [`dateline::check::check_against`] of one shard and the sealed release.
//!
//! *check of one record* starts the tool.
//!
//! # How to read the table
//!
//! `wall` is the least of all rounds; `× wall` is that over the least of SHA-256. `× cpu` is the median,
//! over the rounds, of the processor time over that of SHA-256 in the same round: on a machine that
//! others use it is the better figure for one thread. For two threads it says how much both did.
//!
//! Compressed shards are held to *0.8 of the speed of decompressing alone and checking alone in a
//! pipeline*: of two stages that each have a thread of their own, the slower one sets the pace, max(D, C),
//! where D is *decompress* and C the check of the plain corpus on one thread; on one thread both
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
mod commands;
mod corpora;
#[allow(dead_code, reason = "the bench of `convert` uses the rest")]
#[path = "../convert/dumps.rs"]
mod dumps;
mod generator;
mod instructions;
mod loops;
mod sealed;
#[allow(dead_code, reason = "the bench of `convert` uses the rest")]
#[path = "../convert/steps.rs"]
mod steps;
mod traced;
mod words;

use std::error::Error;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use dateline::corpus::Container;
use rayon::{ThreadPool, ThreadPoolBuilder};

use clock::{Took, peak_memory, time};
use generator::SEED;
use loops::Loop;

/// How many bytes of articles are generated unless another number is asked for.
const BYTES: u64 = 200_000_000;
/// How many rounds there are.
const ROUNDS: usize = 9;
/// How many bytes instructions are counted over.
const SAMPLE: u64 = 2_000_000;
/// The most diagnostics a report keeps, as on the command line.
const LIMIT: usize = 100;
/// The folder of the corpus whose records have traces.
const TRACED: &str = "traced";

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
                on(&pool, || commands::check(Path::new(path)))?;
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
            let folder = corpora::folder(root, container);
            if !folder.is_dir() {
                corpora::write(&folder, asked.bytes, container)?;
            }
        }
        let traced = root.join(TRACED);
        if !traced.is_dir() {
            traced::write(&traced, asked.bytes)?;
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

/// One row of a table.
struct Row {
    name: String,
    took: Vec<Took>,
    target: Option<Target>,
}

/// What a row is held to: that it takes at most so many times as long as another row of its table.
#[derive(Clone, Copy)]
struct Target {
    most: f64,
    of: &'static str,
}

/// That something takes at most so many times as long as SHA-256.
const fn sha(most: f64) -> Target {
    let of = Loop::Sha.name();
    Target { most, of }
}

/// Rows that are timed in rounds.
#[derive(Default)]
struct Table(Vec<Row>);

impl Table {
    /// Runs one row once.
    fn run<T>(
        &mut self,
        name: &str,
        target: Option<Target>,
        run: impl FnOnce() -> Done<T>,
    ) -> Done<()> {
        let (_, took) = time(run).map_err(|error| format!("{name}: {error}"))?;
        match self.0.iter_mut().find(|row| row.name == name) {
            Some(row) => row.took.push(took),
            None => self.0.push(Row {
                name: name.to_owned(),
                took: vec![took],
                target,
            }),
        }
        Ok(())
    }

    /// The least that a row took.
    fn of(&self, name: &str) -> Option<f64> {
        let row = self.0.iter().find(|row| row.name == name)?;
        Some(least(&row.took))
    }

    fn print(&self, title: &str) {
        println!(
            "{title:<28} {:>8} {:>8} {:>8} {:>8}  target",
            "wall s", "median", "\u{d7} wall", "\u{d7} cpu"
        );
        let Some(unit) = self.0.first() else { return };
        for row in &self.0 {
            let wall = least(&row.took);
            let pairs = row.took.iter().zip(&unit.took);
            let cpu = median(pairs.filter_map(|(one, unit)| Some(one.cpu? / unit.cpu?)));
            let target = row.target.and_then(|Target { most, of }| {
                let ratio = wall / self.of(of)?;
                let met = if ratio <= most { "met" } else { "missed" };
                Some(format!("{ratio:.2} of {of} \u{2264} {most}: {met}"))
            });
            println!(
                "{:<28} {wall:>8.3} {:>8.3} {:>8.2} {cpu:>8.2}  {}",
                row.name,
                median(row.took.iter().map(|took| took.wall)),
                wall / least(&unit.took),
                target.unwrap_or_default(),
            );
        }
        println!();
    }
}

const CHECKS: [&str; 2] = ["check, 1 thread", "check, 2 threads"];
const READ: &str = "read and parse";
const START: &str = "check of one record";

/// Times every loop and every command in rounds, and prints the tables.
fn times(root: &Path, rounds: usize) -> Done<()> {
    let plain = corpora::folder(root, Container::Plain);
    let traced = root.join(TRACED);
    let smallest = commands::smallest(root)?;
    let mut loops = Table::default();
    let mut without = Table::default();
    let mut with = Table::default();
    let mut start = Table::default();
    for _ in 0..rounds {
        let bytes = read(&plain)?;
        for one in [Loop::Sha, Loop::Tape, Loop::Accept, Loop::Value] {
            let target = (one == Loop::Accept).then_some(sha(1.8));
            loops.run(one.name(), target, || one.run(&bytes))?;
        }
        for container in [Container::Plain, Container::Zst, Container::Gz] {
            let folder = corpora::folder(root, container);
            let ending = container.ending();
            if container != Container::Plain {
                let decompress = || commands::decompress(&folder, container);
                loops.run(&format!("decompress{ending}"), None, decompress)?;
            }
            for (name, threads) in CHECKS.into_iter().zip([1, 2]) {
                let pool = pool(threads)?;
                let check = || on(&pool, || commands::check(&folder));
                loops.run(&format!("{name}{ending}"), None, check)?;
            }
        }
        without.run(Loop::Sha.name(), None, || Loop::Sha.run(&bytes))?;
        drop(bytes);
        of_corpus(&mut without, &plain, root, [4.5, 2.7])?;
        let bytes = read(&traced)?;
        with.run(Loop::Sha.name(), None, || Loop::Sha.run(&bytes))?;
        drop(bytes);
        of_corpus(&mut with, &traced, root, [7.0, 4.0])?;
        start.run(START, None, || commands::start(&smallest))?;
    }
    loops.print("loops, and compressed shards");
    pipelines(&loops);
    without.print("records without traces");
    with.print("records with traces");
    if let Some(wall) = start.of(START) {
        let met = if wall <= 0.010 { "met" } else { "missed" };
        println!("{START}: {:.1} ms, target \u{2264} 10: {met}\n", wall * 1e3);
    }
    Ok(())
}

/// Times the commands over one corpus once; `checks` are the targets of the check on one thread and on two.
fn of_corpus(table: &mut Table, corpus: &Path, root: &Path, checks: [f64; 2]) -> Done<()> {
    let id = commands::one(corpus)?;
    table.run(READ, None, || commands::read(corpus))?;
    for ((check, most), threads) in CHECKS.into_iter().zip(checks).zip([1, 2]) {
        let pool = pool(threads)?;
        let named = |name: &str| check.replace("check", name);
        let one = threads == 1;
        table.run(check, Some(sha(most)), || {
            on(&pool, || commands::check(corpus))
        })?;
        let copy = commands::Copy::of(&corpora::unsealed(corpus), root)?;
        let target = Target {
            most: 1.3,
            of: check,
        };
        table.run(&named("seal"), Some(target), || on(&pool, || copy.seal()))?;
        drop(copy);
        let target = one.then_some(sha(3.5));
        table.run(&named("verify"), target, || {
            on(&pool, || commands::verify(corpus))
        })?;
        let copy = commands::Copy::of(corpus, root)?;
        let target = one.then_some(Target {
            most: 1.5,
            of: READ,
        });
        table.run(&named("withdraw"), target, || {
            on(&pool, || copy.withdraw(&id))
        })?;
        table.run(&named("one shard against"), None, || {
            on(&pool, || commands::against(corpus))
        })?;
    }
    Ok(())
}

/// Holds the check of compressed shards to a pipeline of two stages.
fn pipelines(loops: &Table) {
    for ending in [Container::Zst.ending(), Container::Gz.ending()] {
        for (name, threads) in CHECKS.into_iter().zip([1_u8, 2]) {
            if let (Some(decompress), Some(check), Some(both)) = (
                loops.of(&format!("decompress{ending}")),
                loops.of(CHECKS[0]),
                loops.of(&format!("{name}{ending}")),
            ) {
                let pipeline = if threads == 1 {
                    decompress + check
                } else {
                    decompress.max(check)
                };
                let processors = decompress.max((decompress + check) / f64::from(threads));
                println!(
                    "{name}{ending}: {:.2} of pipeline, target \u{2265} 0.8; {:.2} of all processors",
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

/// Runs something on the threads of a pool.
fn on(pool: &ThreadPool, run: impl FnOnce() -> Done<()> + Send) -> Done<()> {
    let ended = pool.install(|| run().map_err(|error| error.to_string()));
    Ok(ended?)
}

/// The articles of a corpus as one text.
fn read(path: &Path) -> Done<Vec<u8>> {
    let mut bytes = Vec::new();
    for shard in corpora::shards(path)? {
        fs::File::open(shard.path)?.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
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

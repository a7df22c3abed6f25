//! How fast dumps become corpora, and how large traces are: `cargo bench --bench convert`.
//!
//! # What is measured
//!
//! A dump of 60 MB of invented articles, one in a line of JSON of about 6.5 kB, and one of 20,000 files
//! of invented prose of about 10 kB are generated from a fixed seed. Everything is then timed in one
//! run, in rounds: each round runs every step once, so that a slow minute of the machine is in all of
//! them. All files lie in the page cache.
//!
//! - *SHA-256* is the `sha2` crate over the bytes of the lines in memory, on one thread.
//! - *`json.loads` + `json.dumps`* is Python's, line by line, its start and reading not counted; left out
//!   where there is no `python3`.
//! - *convert* is [`dateline::convert`] into a new folder: reading, records and traces, the checks of
//!   withdrawals, asserted relations, sorting, and writing to disk with flushes.
//! - *build* is that, [`dateline::link`] and [`dateline::seal`] without a signature.
//! - *texts* is [`dateline::convert`] of the files of prose.
//!
//! # How to read the tables
//!
//! `wall` is the least of all rounds, and MB are 10^6 bytes of the dump. `/ SHA` and `/ json` are the wall
//! time over the least of the step of that name; `cpu s` is the median of the processor time over all
//! threads.
//!
//! The table of phases runs public pieces of the library on one thread, each of which does what the one
//! before does and something more; a phase is the difference. It therefore says where time goes, and
//! not to the percent: what comes before *assemble* runs without the pool, and *assemble* has the pool's
//! hand-over and the digest of the file in it. *check with raw files* is [`dateline::check_corpus`] with the
//! dump at hand, which replays every trace. A trace is read and written by `serde_json` and the canonical
//! writer, as by whoever takes it up and hands it on.
//!
//! The peak of memory is that of a process that converts a dump and checks the corpus with its raw files.
//!
//! # Size and rounds
//!
//! `cargo bench --bench convert -- --bytes 6000000 --files 2000 --rounds 1`.

#![allow(clippy::print_stdout, reason = "it prints tables")]

#[path = "../check/clock.rs"]
mod clock;
mod dumps;
#[allow(dead_code, reason = "the bench of `check` uses the rest")]
#[path = "../check/generator.rs"]
mod generator;
#[path = "../check/sealed.rs"]
mod sealed;
mod steps;
#[path = "../check/words.rs"]
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dateline::digest::Digest;
use rayon::{ThreadPool, ThreadPoolBuilder};

use clock::{Took, peak_memory, time};
use steps::Done;

/// How many bytes of articles are generated unless another number is asked for.
const BYTES: u64 = 60_000_000;
/// How many files of text.
const FILES: u64 = 20_000;
/// How many rounds there are.
const ROUNDS: usize = 3;

/// The memory limit of a conversion in bytes, for any input.
const MEMORY: u64 = 256_000_000;

/// What is asked for on the command line.
struct Asked {
    bytes: u64,
    files: u64,
    rounds: usize,
}

fn main() -> Done<()> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["peak", corpus, dump, threads] => {
            let inputs = steps::files(Path::new(dump))?;
            run(&pool(threads.parse()?)?, || {
                steps::convert(Path::new(corpus), &inputs)?;
                steps::check(Path::new(corpus), &inputs)
            })?;
            println!("{}", peak_memory().unwrap_or_default());
            Ok(())
        }
        words => bench(&asked(words)?),
    }
}

fn asked(words: &[&str]) -> Done<Asked> {
    let mut asked = Asked {
        bytes: BYTES,
        files: FILES,
        rounds: ROUNDS,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} lacks its value"))?;
        match *word {
            "--bytes" => asked.bytes = value.parse()?,
            "--files" => asked.files = value.parse()?,
            "--rounds" => asked.rounds = value.parse()?,
            other => return Err(format!("`{other}` is not known here").into()),
        }
    }
    Ok(asked)
}

/// The dumps, and where corpora may be written.
struct Bench {
    root: PathBuf,
    articles: PathBuf,
    texts: PathBuf,
    /// How many articles there are, and how many bytes they have.
    count: usize,
    bytes: f64,
    /// How many bytes the texts have, and how many there are.
    prose: f64,
    files: f64,
}

fn bench(asked: &Asked) -> Done<()> {
    let scratch = tempfile::tempdir()?;
    let root = scratch.path();
    let (articles, texts) = (root.join("articles.jsonl"), root.join("texts"));
    let (count, bytes) = dumps::lines(&articles, asked.bytes)?;
    let prose = dumps::texts(&texts, asked.files)?;
    println!(
        "{bytes} bytes of JSON in {count} articles, {prose} bytes of prose in {} files\n",
        asked.files
    );
    let bench = Bench {
        root: root.to_owned(),
        articles,
        texts,
        count: usize::try_from(count)?,
        bytes: float(bytes)?,
        prose: float(prose)?,
        files: float(asked.files)?,
    };
    let mut rows = Vec::new();
    for _ in 0..asked.rounds {
        bench.round(&mut rows)?;
    }
    bench.print(&rows);
    bench.phases(asked.rounds)?;
    bench.sizes(bytes)?;
    bench.memory()
}

/// One row of a table: what every round took.
struct Row {
    name: &'static str,
    took: Vec<Took>,
}

const DRAFT: &str = "draft";
const DISK: &str = "sort and write";
const CHECK: &str = "check with raw files";
const SHA: &str = "SHA-256";
const JSON: &str = "json.loads + json.dumps";
const ONE: &str = "convert, 1 thread";
const TWO: &str = "convert, 2 threads";
const TEXTS: [&str; 2] = ["texts, 1 thread", "texts, 2 threads"];

impl Bench {
    /// Runs every step once.
    fn round(&self, rows: &mut Vec<Row>) -> Done<()> {
        let bytes = fs::read(&self.articles)?;
        row(rows, SHA, time(|| Ok(Digest::of(&bytes)))?.1);
        drop(bytes);
        if let Some(wall) = steps::python(&self.articles) {
            row(rows, JSON, Took { wall, cpu: None });
        }
        let (articles, texts) = (steps::files(&self.articles)?, steps::files(&self.texts)?);
        let names = [
            (1, ONE, "build, 1 thread", TEXTS[0]),
            (2, TWO, "build, 2 threads", TEXTS[1]),
        ];
        for (threads, convert, build, prose) in names {
            let pool = pool(threads)?;
            let corpus = steps::fresh(&self.root, "corpus")?;
            let ((), took) = time(|| run(&pool, || steps::convert(&corpus, &articles)))?;
            row(rows, convert, took);
            let ((), rest) = time(|| run(&pool, || steps::seal(&corpus)))?;
            let cpu = took.cpu.zip(rest.cpu).map(|(one, other)| one + other);
            let wall = took.wall + rest.wall;
            row(rows, build, Took { wall, cpu });
            let corpus = steps::fresh(&self.root, "prose")?;
            let ((), took) = time(|| run(&pool, || steps::convert(&corpus, &texts)))?;
            row(rows, prose, took);
        }
        Ok(())
    }

    fn print(&self, rows: &[Row]) {
        let of = |name| rows.iter().find(|row| row.name == name).map(Row::least);
        println!(
            "{:<26} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}  target",
            "", "wall s", "cpu s", "MB/s", "/ SHA", "/ json", "files/s"
        );
        for row in rows {
            let wall = row.least();
            let is_prose = TEXTS.contains(&row.name);
            let bytes = if is_prose { self.prose } else { self.bytes };
            let speed = bytes / wall / 1e6;
            let over = |name| match of(name) {
                Some(unit) if !is_prose => format!("{:.2}", wall / unit),
                _ => "-".to_owned(),
            };
            let files = self.files / wall;
            let target = match row.name {
                ONE => least("MB/s", 30.0, speed),
                TWO => least("MB/s", 50.0, speed),
                name if name == TEXTS[1] => least("files/s", 2_500.0, files),
                _ => String::new(),
            };
            println!(
                "{:<26} {wall:>8.3} {:>8.3} {speed:>8.1} {:>8} {:>8} {:>8}  {target}",
                row.name,
                row.cpu(),
                over(SHA),
                over(JSON),
                if is_prose {
                    format!("{files:.0}")
                } else {
                    "-".to_owned()
                },
            );
        }
        println!();
    }

    /// Says where the time of one thread goes.
    fn phases(&self, rounds: usize) -> Done<()> {
        let inputs = steps::files(&self.articles)?;
        let pool = pool(1)?;
        let mut rows = Vec::new();
        let mut traces = Vec::new();
        let mut rewritten = f64::INFINITY;
        for _ in 0..rounds {
            let took = time(|| self.all(steps::cut(&self.articles)?))?.1;
            row(&mut rows, "read and cut", took);
            let took = time(|| self.all(steps::documents(&self.articles)?))?.1;
            row(&mut rows, "document", took);
            let took = time(|| self.all(steps::drafts(&self.articles)?))?.1;
            row(&mut rows, DRAFT, took);
            let made = || self.all(steps::made(&inputs, |_, _| 1)?);
            row(&mut rows, "assemble", time(|| run(&pool, made))?.1);
            let made = || steps::made(&inputs, |made, _| steps::lines(made));
            row(&mut rows, "lines", time(|| run(&pool, made))?.1);
            let corpus = steps::fresh(&self.root, "corpus")?;
            let converted = time(|| run(&pool, || steps::convert(&corpus, &inputs)))?.1;
            row(&mut rows, DISK, converted);
            let checked = time(|| run(&pool, || steps::check(&corpus, &inputs)))?.1;
            let wall = converted.wall + checked.wall;
            row(&mut rows, CHECK, Took { wall, cpu: None });
            if traces.is_empty() {
                traces = steps::trace_lines(&corpus)?;
            }
            let took = time(|| steps::rewritten(&traces))?.1;
            rewritten = rewritten.min(took.wall);
        }
        let of = |name| rows.iter().find(|row| row.name == name).map(Row::least);
        let all = of(DISK).unwrap_or(f64::NAN);
        let records = float(u64::try_from(self.count)?)?;
        let each = |seconds: f64| seconds / records * 1e6;
        let mut before = 0.0;
        println!(
            "{:<26} {:>8} {:>8} {:>8} {:>8}",
            "phase, 1 thread", "until s", "s", "share", "\u{b5}s each"
        );
        for row in &rows {
            let until = row.least();
            let own = until - before;
            let share = if row.name == CHECK {
                "-".to_owned()
            } else {
                format!("{:.1}%", 100.0 * own / all)
            };
            let name = row.name;
            println!(
                "{name:<26} {until:>8.3} {own:>8.3} {share:>8} {:>8.1}",
                each(own)
            );
            before = until;
        }
        println!();
        let draft = of(DRAFT).unwrap_or(f64::NAN);
        for (name, until, target) in [(DISK, all, 80.0), (CHECK, before, 130.0)] {
            let found = each(until - draft);
            let met = if found <= target { "met" } else { "missed" };
            println!(
                "from draft to \u{201c}{name}\u{201d}: {found:.1} \u{b5}s a record, target \u{2264} {target}: {met}"
            );
        }
        let bytes: usize = traces.iter().map(Vec::len).sum();
        let found = rewritten / float(u64::try_from(bytes)?)? * 1e9;
        let met = if found <= 10.0 { "met" } else { "missed" };
        println!(
            "a trace is read and written in {found:.1} ns a byte, target \u{2264} 10: {met}\n"
        );
        Ok(())
    }

    /// That nothing was left out, so that what was timed is all of the work.
    fn all(&self, found: usize) -> Done<()> {
        if found != self.count {
            return Err(format!("{found} of {} articles", self.count).into());
        }
        Ok(())
    }

    /// Says how large traces are.
    fn sizes(&self, bytes: u64) -> Done<()> {
        let items = float(bytes)?;
        for (name, items, targets) in [
            ("corpus", items, Some([0.35, 0.1])),
            ("prose", self.prose, None),
        ] {
            let (lines, stored) = steps::traces(&self.root.join(name))?;
            let ratios = [float(lines)? / items, float(stored)? / items];
            for (index, (how, ratio)) in ["raw", "packed"].into_iter().zip(ratios).enumerate() {
                let target = targets.and_then(|targets| targets.get(index).copied());
                let target = target.map_or_else(String::new, |target| {
                    let met = if ratio <= target { "met" } else { "missed" };
                    format!(", target ≤ {target}: {met}")
                });
                println!("traces of {name}, {how}: {ratio:.3} of the items{target}");
            }
        }
        println!();
        Ok(())
    }

    /// Says the peak of conversions in processes of their own.
    fn memory(&self) -> Done<()> {
        let folders = ["long-texts", "long-items", "mixed"].map(|name| self.root.join(name));
        let [long_texts, long_items, mixed] = folders;
        dumps::large(&long_texts, &long_items, (&mixed, 3_000))?;
        let dumps = [
            ("lines", &self.articles),
            ("texts", &self.texts),
            ("long texts", &long_texts),
            ("long items", &long_items),
            ("mixed dump", &mixed),
        ];
        for (what, dump) in dumps {
            for threads in ["1", "2"] {
                let corpus = steps::fresh(&self.root, "peak")?;
                let run = Command::new(std::env::current_exe()?)
                    .arg("peak")
                    .args([&corpus, dump])
                    .arg(threads)
                    .output()?;
                let peak: u64 = String::from_utf8(run.stdout)?.trim().parse()?;
                let met = if peak <= MEMORY { "met" } else { "missed" };
                println!(
                    "peak memory of converting the {what} on {threads}: {peak} bytes, target ≤ {MEMORY}: {met}"
                );
            }
        }
        println!();
        Ok(())
    }
}

impl Row {
    fn least(&self) -> f64 {
        let walls = self.took.iter().map(|took| took.wall);
        walls.fold(f64::INFINITY, f64::min)
    }

    /// The median of the processor time.
    fn cpu(&self) -> f64 {
        let mut values: Vec<f64> = self.took.iter().filter_map(|took| took.cpu).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

fn row(rows: &mut Vec<Row>, name: &'static str, took: Took) {
    match rows.iter_mut().find(|row| row.name == name) {
        Some(row) => row.took.push(took),
        None => rows.push(Row {
            name,
            took: vec![took],
        }),
    }
}

fn least(unit: &str, target: f64, found: f64) -> String {
    let met = if found >= target { "met" } else { "missed" };
    format!("≥ {target} {unit}: {met}")
}

/// Runs a step in a pool, which an error leaves as its words.
fn run<T>(pool: &ThreadPool, step: impl FnOnce() -> Done<T> + Send) -> Done<()> {
    let run = || step().map(drop).map_err(|error| error.to_string());
    Ok(pool.install(run)?)
}

fn pool(threads: usize) -> Done<ThreadPool> {
    Ok(ThreadPoolBuilder::new().num_threads(threads).build()?)
}

/// A count as a number to divide; none here is beyond 2^53.
fn float(count: u64) -> Done<f64> {
    Ok(count.to_string().parse()?)
}

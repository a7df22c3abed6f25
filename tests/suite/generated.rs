//! What the benchmark generates has nothing wrong with it: what is timed is the way of good records.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use dateline::check::Options;
use dateline::check_corpus;
use dateline::corpus::{Container, Corpus};
use dateline::diagnostic::{Format, Report, Styles};

#[path = "../../benches/check/corpora.rs"]
mod corpora;
#[path = "../../benches/check/generator.rs"]
mod generator;
#[path = "../../benches/check/sealed.rs"]
mod sealed;
#[path = "../../benches/check/words.rs"]
mod words;

#[test]
fn the_generated_corpus_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let path = corpora::folder(folder.path(), Container::Zst);
    corpora::write(&path, 400_000, Container::Zst).unwrap();
    assert_eq!(corpora::shards(&path).unwrap().len(), 1);
    let report = check_corpus(&Corpus::open(&path).unwrap(), &Options::default()).unwrap();
    let first = report.diagnostics();
    assert!(first.is_empty(), "{:?}", first.first());
    assert!(report.records().relation > 0 && report.records().withdrawal > 0);
    assert_eq!(report.facets().sealed, Some(true));
}

fn json(report: &Report) -> String {
    let mut out = Vec::new();
    report
        .write(&mut out, Format::Json, &Styles::plain())
        .unwrap();
    String::from_utf8(out).unwrap()
}

/// Three chunks of lines in two containers, of which some are wrong.
#[test]
fn the_report_of_many_chunks_is_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = corpora::folder(folder.path(), Container::Plain);
    corpora::write(&path, 2_500_000, Container::Plain).unwrap();
    let shard = corpora::shards(&path).unwrap().remove(0).path;
    let text = std::fs::read_to_string(&shard).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (number, line) in lines.iter_mut().enumerate() {
        match number % 40 {
            3 => *line = line.replacen("\"text\":\"", "\"text\":\"Other ", 1),
            17 => *line = line.replacen("\"status\":200", "\"status\":\"200\"", 1),
            29 => line.truncate(400),
            _ => {}
        }
    }
    let last = lines.len() - 1;
    lines.swap(last / 2, last);
    let first = lines.first().unwrap().clone();
    lines.push(first);
    let changed = lines.join("\n") + "\n";
    std::fs::write(&shard, &changed).unwrap();
    let packed = corpora::folder(folder.path(), Container::Gz);
    std::fs::create_dir_all(packed.join("records")).unwrap();
    let name = shard.file_name().unwrap().to_str().unwrap();
    let file = std::fs::File::create(packed.join("records").join(format!("{name}.gz"))).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, changed.as_bytes()).unwrap();
    encoder.finish().unwrap();
    for path in [path, packed] {
        let reports = [1, 2, 4].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let options = Options {
                limit: Some(20),
                ..Options::default()
            };
            let corpus = Corpus::open(&path).unwrap();
            let pool = pool.build().unwrap();
            json(&pool.install(|| check_corpus(&corpus, &options).unwrap()))
        });
        for code in [
            "shard-order",
            "record-id-duplicate",
            "json-syntax",
            "text-digest-mismatch",
        ] {
            assert!(reports[0].contains(code), "{code}: {}", reports[0]);
        }
        assert_eq!(reports[0], reports[1]);
        assert_eq!(reports[0], reports[2]);
    }
}

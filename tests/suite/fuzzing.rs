//! What the fuzz targets hold of every input, on some thousand seeded ones: noise, and good samples with
//! a few bytes changed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

#[allow(unreachable_pub, reason = "it is the library of the fuzz targets")]
#[path = "../../fuzz/harness.rs"]
mod harness;

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.bits() % u64::try_from(bound).unwrap()).unwrap()
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }

    fn byte(&mut self) -> u8 {
        self.bits().to_le_bytes()[0]
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    /// A range of a text of so many bytes, at most 64 of them.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(64)).min(length)
    }

    /// A sample with a few changes.
    fn mutant(&mut self, samples: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = self.pick(samples).clone();
        for _ in 0..self.below(4) {
            let at = self.below(bytes.len() + 1);
            let range = self.range(bytes.len());
            match self.below(8) {
                0 | 1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                2 if at < bytes.len() => {
                    bytes[at] = *self.pick(b"\0\xff\n\"\\{}[]:,<&%=\x1e\xef-0");
                }
                3 => bytes.truncate(at),
                4 => drop(bytes.drain(range)),
                5 => {
                    let copied = bytes[range].to_vec();
                    bytes.splice(at..at, copied);
                }
                6 => {
                    let other = self.pick(samples);
                    let from = self.below(other.len() + 1);
                    bytes.truncate(at);
                    bytes.extend_from_slice(&other[from..]);
                }
                _ => {
                    let count = self.below(9);
                    let noise = self.bytes(count);
                    bytes.splice(range, noise);
                }
            }
        }
        bytes
    }
}

/// Calls a target with noise, with the samples, and with mutants of them.
fn fuzz(seed: u64, count: usize, samples: &[Vec<u8>], target: fn(&[u8])) {
    let mut random = Random(seed);
    for sample in samples {
        target(sample);
    }
    for number in 0..count {
        let input = if number % 8 == 0 {
            let length = random.below(300);
            random.bytes(length)
        } else {
            random.mutant(samples)
        };
        target(&input);
    }
}

/// The cases of a folder of vectors, in order.
fn cases(folder: &str) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(root.join("schemas/v1/vectors").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap())
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A byte that chooses something, and what follows it.
fn behind(first: usize, bytes: &[u8]) -> Vec<u8> {
    [&[u8::try_from(first).unwrap()], bytes].concat()
}

/// Packed bytes, each behind the byte that chooses its layers.
fn packed() -> Vec<Vec<u8>> {
    let mut samples = Vec::new();
    for case in cases("layer") {
        let layers: Vec<&str> = case["layers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|layer| layer.as_str().unwrap())
            .collect();
        let known = harness::LAYERS.iter().position(|names| *names == layers);
        if let (Some(first), Some(input)) = (known, case["input_base64"].as_str()) {
            samples.push(behind(first, &STANDARD.decode(input).unwrap()));
        }
    }
    assert!(samples.len() > 40, "{}", samples.len());
    let lines = lines();
    let zeros = gzip(&vec![0; 1 << 20]);
    for (names, input) in [
        (&["gzip"][..], gzip(&lines)),
        (&["gzip"], [gzip(&lines), gzip(b"more")].concat()),
        (&["gzip"], zeros.clone()),
        (&["gzip", "gzip"], gzip(&zeros)),
        (&["base64", "gzip"], STANDARD.encode(gzip(&lines)).into()),
        (&["zstd"], zstd::encode_all(&*lines, 1).unwrap()),
        (
            &["zstd", "slice:1-70000"],
            zstd::encode_all(&vec![7; 70_000][..], 1).unwrap(),
        ),
    ] {
        let first = harness::LAYERS.iter().position(|known| *known == names);
        samples.push(behind(first.unwrap(), &input));
    }
    samples
}

fn lines() -> Vec<u8> {
    let line = |number| format!("{{\"id\": {number}, \"text\": \"Rain {number} \\u00e9\"}}\n");
    (0..60).map(line).collect::<String>().into()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Streams of JSON, and what is nearly JSON.
fn json() -> Vec<Vec<u8>> {
    let texts = [
        r#"{"headline": "Caf\u00e9 ends", "n": [1, -2.5e3, true, null], "o": {"a": {}, "b": []}}"#,
        "{\"id\": 1}\n{\"id\": \n{\"id\": 3}\r\n\n{\"id\": 4}",
        r#"[{"id": 1}, {"id": "\ud83d\ude00 and \ud83d"}, 3, "four", [5], {}]"#,
        "{\n  \"articles\": [\n    {\"a\": \"b\"},\n    {\"a\": \"c\"}\n  ],\n  \"total\": 2\n}\n",
        r#"{"data": {"items": [{"id": 1}, {"id": 2}], "next": null}}{"data": {"items": []}}"#,
        "\u{1e}{\"a\": 1}\n\u{1e}{\"a\": \"b\n\u{1e}[2]\n",
        "{\"a\": 1, \"a\": 2, \"\\u0061\": {\"/~\": 0, \"\": [\"\"]}}",
        "{\"k\": \"\\ud83d\", \"\\ud83d\": 1, \"tab\": \"\t\", \"bad\": \"\\x\"}",
        "\u{feff}{\"a\": \"\u{feff}\", \"é\": \"日本\"}\n{\"b\": NaN}\n{\"c\": 1e999}\n",
        "  {\"a\": [1, 2\n  {\"b\": 2}\n}\n]\n{\"c\": 3}",
    ];
    let mut samples: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    samples.extend(texts.iter().map(|text| utf16(text)));
    samples.push(lines());
    samples.push("[".repeat(700).into());
    samples.push(([r#"{"a":"#.repeat(600), "}".repeat(600)].concat()).into());
    let each = |first| {
        let samples = samples.iter();
        samples.map(move |sample| behind(first, sample))
    };
    (0..4).flat_map(each).collect()
}

#[test]
fn layers_stay_within_their_limits() {
    fuzz(1, 2_500, &packed(), harness::layers);
}

#[test]
fn pieces_of_json_are_those_of_the_stream() {
    fuzz(2, 5_000, &json(), harness::json_cutter);
}

#[test]
fn documents_know_where_their_values_are() {
    fuzz(3, 8_000, &json(), harness::json_document);
}

#[test]
fn every_file_is_of_some_kind() {
    let mut samples = json();
    samples.extend(packed());
    for text in [
        "a,b,c\n1,\"x, y\",3\n4,5,6\n",
        "a\tb\n1\t2\n3\t4\n",
        "<!DOCTYPE html><html><head><title>Rain</title></head><p>Rain ends.</p></html>",
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><item/></channel></rss>",
        "From: a@paper.example\r\nSubject: =?utf-8?q?Rain?=\r\n\r\nRain ends.\r\n",
        "WARC/1.1\r\nWARC-Type: response\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n",
        "Rain ends\n\nThe rain that fell for nine days has ended, the office said on Monday.\n",
        "PK\x03\x04\x14\0\0\0\x08\0mimetypeapplication/epub+zip",
    ] {
        for name in 0..8 {
            samples.push(behind(name, text.as_bytes()));
        }
    }
    fuzz(4, 3_000, &samples, harness::sniffed);
}

#[test]
fn replays_are_the_same_again() {
    let mut samples = Vec::new();
    for case in cases("replay") {
        let Some(raw) = case["raw"].as_str() else {
            continue;
        };
        let fields = match (&case["field"], &case["fields"]) {
            (Value::Null, fields) => fields.to_string(),
            (field, _) => format!("[{field}]"),
        };
        let raw: Vec<u8> = (0..raw.len() / 2)
            .map(|at| u8::from_str_radix(&raw[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        let label = case["encoding"].as_str().unwrap_or("utf-8");
        samples.push([fields.as_bytes(), b"\0", label.as_bytes(), b"\0", &raw].concat());
    }
    assert!(samples.len() > 10, "{}", samples.len());
    // A label, two fields with their values, spans and transforms, and an item.
    for transform in 0..30 {
        let fields = [
            0, 2, 2, 2, 0, 0, 40, 40, 9, 1, 22, 0, 2, 0, 0, 20, 20, 90, 1, transform,
        ];
        let item = b"https://paper.example/a?b=c &amp; 12 March 2021, 10:15 \\u00e9 =?utf-8?q?Rain?= en_GB 1615543200,";
        samples.push([&fields[..], item].concat());
    }
    fuzz(5, 8_000, &samples, harness::replay);
}

#[test]
fn locations_give_what_they_cut() {
    let mut samples = Vec::new();
    for sample in packed() {
        let (first, input) = sample.split_first().unwrap();
        samples.push([&[*first, 0, 0, 3, 5], input].concat());
        samples.push([&[*first, 130, 200, 0, 255], input].concat());
    }
    fuzz(6, 800, &samples, harness::location);
}

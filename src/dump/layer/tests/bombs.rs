//! Inputs that give very many bytes.

use std::io::{self, Read, Write as _};

use super::{Limits, layered, parse, run, run_named};
use crate::dump::layer::{Cause, LayerError};

/// This many zero bytes, packed so often.
fn zstd_bomb(bytes: u64, times: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = zstd::Encoder::new(&mut out, 3).unwrap();
    io::copy(&mut io::repeat(0).take(bytes), &mut encoder).unwrap();
    encoder.finish().unwrap();
    for _ in 1..times {
        out = zstd::encode_all(out.as_slice(), 3).unwrap();
    }
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(9));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Reads to the end and keeps nothing: how many bytes came, and the error.
fn drain(input: &[u8], names: &[&str], limits: &Limits) -> (u64, Option<LayerError>) {
    let layers: Vec<_> = names.iter().map(|name| parse(name)).collect();
    let mut reader = layered(Box::new(input), &layers, limits).unwrap();
    let mut buffer = vec![0; 1 << 16];
    let mut count = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return (count, None),
            Ok(read) => count += u64::try_from(read).unwrap(),
            Err(error) => return (count, LayerError::of(&error).cloned()),
        }
    }
}

#[test]
fn nested_bombs_are_stopped() {
    let input = zstd_bomb(1 << 26, 2);
    let limit = (16 << 20) + 1_100 * u64::try_from(input.len()).unwrap();
    let (count, error) = drain(&input, &["zstd", "zstd"], &Limits::default());
    assert!(count <= limit, "{count} {limit}");
    let error = error.unwrap();
    assert_eq!((error.depth, error.cause), (1, Cause::Ratio { limit }));

    let small = Limits {
        spare: 1 << 16,
        ..Limits::default()
    };
    let twice = gzip(&gzip(&vec![0; 1 << 22]));
    let (_, error) = drain(&twice, &["gzip", "gzip"], &small);
    assert!(matches!(error.unwrap().cause, Cause::Ratio { .. }));
    let slice = ["gzip", "gzip", "slice:4194300-4194304"];
    let (count, error) = drain(&twice, &slice, &small);
    assert_eq!((count, error.unwrap().depth), (0, 1));
}

#[test]
fn gzip_alone_is_never_stopped() {
    let strict = Limits {
        spare: 0,
        ..Limits::default()
    };
    let input = gzip(&vec![0; 1 << 22]);
    assert_eq!(drain(&input, &["gzip"], &strict), (1 << 22, None));
}

#[test]
fn the_last_layer_gives_no_more_than_its_size() {
    let layers = [parse("base64"), parse("slice:0-3")];
    let input = b"bmV3cyBvZiB0aGUgZGF5";
    let exact = run(input, &layers, &Limits::default().with_size(3));
    assert_eq!(exact, (b"new".to_vec(), None));
    let (_, error) = run(input, &layers, &Limits::default().with_size(2));
    assert_eq!(error.unwrap().cause, Cause::Size { limit: 2 });
    let (_, error) = run(input, &layers[..1], &Limits::default().with_size(14));
    assert_eq!(error.unwrap().cause, Cause::Size { limit: 14 });
}

#[test]
fn there_are_at_most_eight_layers() {
    assert_eq!(run_named(b"ab", &["slice:0-2"; 8]).0, b"ab");
    let error = run_named(b"ab", &["slice:0-2"; 9]).1.unwrap();
    assert_eq!((error.depth, error.cause), (8, Cause::Depth { limit: 8 }));
}

#[test]
fn rows_are_not_read() {
    for name in ["parquet:0", "xlsx:0:1"] {
        let error = run_named(b"PAR1", &[name]).1.unwrap();
        assert_eq!(error.cause, Cause::NotRead, "{name}");
    }
}

//! Inputs that are cut or changed.

use std::io::{self, Read};

use super::{Sample, layered, parse, run, run_named, samples};
use crate::dump::layer::{Cause, Limits};
use crate::trace::Layer;

/// Whether the format has an end of its own, so that a shorter input is never whole.
fn has_end(layer: Layer) -> bool {
    !matches!(layer, Layer::Base64 | Layer::QuotedPrintable)
}

/// Samples of one codec, not too long to be cut at every byte.
fn codecs() -> impl Iterator<Item = Sample> {
    samples().into_iter().filter(|sample| {
        matches!(sample.layers.as_slice(), [layer] if !matches!(layer, Layer::Slice { .. }))
            && sample.input.len() < 4_000
    })
}

/// Inputs of several members may be cut between two; all others may be cut nowhere.
#[test]
fn what_is_cut_is_an_error_at_the_cut() {
    for sample in codecs().filter(|sample| has_end(sample.layers[0])) {
        for end in 0..sample.input.len() {
            let (found, error) = run(&sample.input[..end], &sample.layers, &Limits::default());
            assert!(sample.output.starts_with(&found), "{} {end}", sample.name);
            let Some(error) = error else {
                let several = ["two", "skippable", "padding", "between"];
                let may_end = several.iter().any(|word| sample.name.contains(word));
                assert!(may_end, "{} {end}", sample.name);
                continue;
            };
            let at = u64::try_from(end).unwrap();
            assert_eq!(error.at, at, "{}", sample.name);
            assert_eq!(error.cause, Cause::Truncated, "{} {end}", sample.name);
        }
    }
}

/// A changed byte is an error or, in what no checksum covers, changes nothing: headers of gzip have a
/// time and a name, skippable frames any bytes.
#[test]
fn what_is_changed_is_an_error_where_there_are_checksums() {
    for sample in codecs() {
        let limits = Limits::default().with_size(1 << 20);
        for at in 0..sample.input.len() {
            for mask in [1, 0x80, 0xFF] {
                let mut input = sample.input.clone();
                input[at] ^= mask;
                let (found, error) = run(&input, &sample.layers, &limits);
                let layer = sample.layers[0];
                let checked = matches!(layer, Layer::Gzip | Layer::Bzip2)
                    || layer == Layer::Xz && !sample.name.contains("check-none");
                assert!(
                    !checked || error.is_some() || found == sample.output,
                    "{} {at} {mask}",
                    sample.name
                );
                assert!(error.is_none_or(|error| error.at <= at_most(&input)));
            }
        }
    }
}

fn at_most(input: &[u8]) -> u64 {
    u64::try_from(input.len()).unwrap()
}

#[test]
fn the_bytes_before_the_damage_come_first() {
    let text: Vec<u8> = (0..40_000_u32)
        .flat_map(|n| format!("{n}\n").into_bytes())
        .collect();
    for (layer, packed) in super::round_trip::packed(&text) {
        let mut input = packed.clone();
        input.truncate(packed.len() * 19 / 20);
        let (found, error) = run(&input, &[layer], &Limits::default());
        assert_eq!(error.unwrap().at, at_most(&input), "{layer}");
        assert!(text.starts_with(&found), "{layer}");
        assert!(found.len() > text.len() / 2, "{layer}: {}", found.len());
    }
}

/// Nor does it depend on how much the reader asks for at once: a block of bzip2 that leads out of itself.
#[test]
fn what_lies_before_damage_does_not_depend_on_the_room_for_it() {
    use std::io::Write as _;

    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(&b"ab".repeat(40)).unwrap();
    let mut input = encoder.finish().unwrap();
    input[21] ^= 0x40;
    let read = |room: usize| {
        let layers = [Layer::Bzip2];
        let mut reader = layered(Box::new(&input[..]), &layers, &Limits::default()).unwrap();
        let (mut found, mut buffer) = (Vec::new(), vec![0; room]);
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            found.extend_from_slice(&buffer[..read]);
        }
        found
    };
    assert_eq!(read(5), read(1 << 16));
}

#[test]
fn an_error_stays_and_names_its_layer() {
    use std::io::Read as _;

    let (found, error) = run_named(b"YWJj!", &["base64", "slice:1-9"]);
    assert_eq!(found, b"bc");
    let error = error.unwrap();
    assert_eq!(
        error.to_string(),
        "layer 1 (`base64`), byte 4 of its input: unexpected byte 0x21"
    );
    let layers = [parse("slice:1-9"), parse("base64")];
    let input = Box::new(&b"-YWJj"[..]);
    let mut reader = super::layered(input, &layers, &Limits::default()).unwrap();
    let mut out = [0; 3];
    reader.read_exact(&mut out).unwrap();
    for _ in 0..2 {
        let error = reader.read(&mut out).unwrap_err();
        assert_eq!(
            error.to_string(),
            "layer 1 (`slice:1-9`), byte 5 of its input: the data ends too early"
        );
    }
}

/// Gives one byte at a time.
struct Dripping<'b>(&'b [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = buf.len().min(1);
        self.0.read(&mut buf[..most])
    }
}

/// What comes before damage is the same however the input arrives.
#[test]
fn what_lies_before_damage_does_not_depend_on_the_reader() {
    for sample in codecs() {
        for at in (0..sample.input.len()).step_by(7) {
            let mut input = sample.input.clone();
            input[at] ^= 0x55;
            let (whole, error) = run(&input, &sample.layers, &Limits::default());
            let bytes = Box::new(Dripping(&input));
            let mut found = Vec::new();
            let dripped = layered(bytes, &sample.layers, &Limits::default())
                .unwrap()
                .read_to_end(&mut found);
            assert_eq!(found, whole, "{} {at}", sample.name);
            assert_eq!(dripped.is_err(), error.is_some(), "{} {at}", sample.name);
        }
    }
}

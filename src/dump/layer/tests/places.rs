//! How far a slice reads, and which codec a file has.

use std::io::{self, Read};

use super::{Limits, layered, parse, run_named, samples};
use crate::dump::layer::{LayerError, codec};
use crate::trace::Layer;

/// Fails where it is read beyond its bytes.
struct NoFurther<'b>(&'b [u8]);

impl Read for NoFurther<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf)? {
            0 => Err(io::Error::other("read beyond the end")),
            count => Ok(count),
        }
    }
}

#[test]
fn a_slice_reads_no_further_than_its_end() {
    let bytes = Box::new(NoFurther(b"The ferry"));
    let mut reader = layered(bytes, &[parse("slice:4-9")], &Limits::default()).unwrap();
    let mut out = String::new();
    reader.read_to_string(&mut out).unwrap();
    assert_eq!(out, "ferry");
}

#[test]
fn an_error_of_the_file_is_none_of_a_layer() {
    let bytes = Box::new(NoFurther(b"YWJj"));
    let mut reader = layered(bytes, &[parse("base64")], &Limits::default()).unwrap();
    let mut out = Vec::new();
    let error = reader.read_to_end(&mut out).unwrap_err();
    assert_eq!(out, b"abc");
    assert_eq!(LayerError::of(&error), None);
    assert_eq!(error.to_string(), "read beyond the end");
}

#[test]
fn a_slice_made_by_hand_is_judged_too() {
    let layers = [Layer::Slice { start: 5, end: 5 }];
    assert!(layered(Box::new(io::empty()), &layers, &Limits::default()).is_err());
}

/// One byte at a time into the layers and out of them.
#[test]
fn reads_of_any_size_give_the_same() {
    struct Slow<'b>(&'b [u8]);
    impl Read for Slow<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let most = buf.len().min(1);
            self.0.read(&mut buf[..most])
        }
    }
    for sample in samples() {
        if sample.output.len() > 20_000 {
            continue;
        }
        let bytes = Box::new(Slow(&sample.input));
        let mut reader = layered(bytes, &sample.layers, &Limits::default()).unwrap();
        let mut found = Vec::new();
        let mut byte = [0];
        while reader.read(&mut byte).unwrap() > 0 {
            found.extend(byte);
        }
        assert_eq!(found, sample.output, "{}", sample.name);
    }
}

#[test]
fn a_codec_is_known_by_its_first_bytes() {
    for sample in samples() {
        let whole = matches!(
            sample.layers.first(),
            Some(Layer::Gzip | Layer::Zstd | Layer::Lz4 | Layer::Bzip2 | Layer::Xz)
        );
        let expected = sample.layers.first().copied().filter(|_| whole);
        if sample.name.contains("skippable") {
            continue;
        }
        assert_eq!(codec(&sample.input), expected, "{}", sample.name);
    }
    for head in [&b""[..], b"BZh9 is not a stream", b"\x1F\x8B", b"BZh"] {
        assert_eq!(codec(head), None);
    }
}

#[test]
fn white_space_that_a_line_break_may_follow_waits() {
    let long = [b"a".to_vec(), vec![b' '; 65_536]].concat();
    assert_eq!(run_named(&long, &["quoted-printable"]).0, b"a");
    let kept = [long.clone(), b"b".to_vec()].concat();
    assert_eq!(run_named(&kept, &["quoted-printable"]).0, kept);
    for tail in [&b" "[..], b" b"] {
        let longer = [long.as_slice(), tail].concat();
        assert!(run_named(&longer, &["quoted-printable"]).1.is_some());
    }
}

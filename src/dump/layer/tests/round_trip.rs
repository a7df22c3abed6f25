//! What encoders write is read back.

use std::io::Write as _;

use flate2::Compression;
use proptest::prelude::{any, proptest};

use super::{Limits, STANDARD, run};
use crate::trace::Layer;

use ::base64::Engine as _;

/// Bytes as each encoder at hand writes them.
pub(super) fn packed(bytes: &[u8]) -> Vec<(Layer, Vec<u8>)> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
    deflate.write_all(bytes).unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(bytes).unwrap();
    let mut zstd = zstd::Encoder::new(Vec::new(), 1).unwrap();
    zstd.include_checksum(true).unwrap();
    zstd.write_all(bytes).unwrap();
    vec![
        (Layer::Gzip, gzip.finish().unwrap()),
        (Layer::Deflate, deflate.finish().unwrap()),
        (Layer::Bzip2, bzip2.finish().unwrap()),
        (Layer::Zstd, zstd.finish().unwrap()),
        (Layer::Lz4, stored_lz4(bytes)),
        (Layer::Chunked, chunked(bytes)),
    ]
}

/// A frame of blocks that are stored.
fn stored_lz4(bytes: &[u8]) -> Vec<u8> {
    let mut out = b"\x04\x22\x4D\x18\x60\x40\x82".to_vec();
    for block in bytes.chunks(1 << 16) {
        let length = u32::try_from(block.len()).unwrap() | 1 << 31;
        out.extend(length.to_le_bytes());
        out.extend(block);
    }
    out.extend([0; 4]);
    out
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in bytes.chunks(1_000) {
        write!(out, "{:x}\r\n", chunk.len()).unwrap();
        out.extend(chunk);
        out.extend(b"\r\n");
    }
    out.extend(b"0\r\n\r\n");
    out
}

/// Every byte escaped, a soft line break behind each.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in bytes {
        write!(out, "={byte:02X}=\r\n").unwrap();
    }
    out
}

fn holds(bytes: &[u8]) {
    let mut cases = packed(bytes);
    cases.push((Layer::Base64, STANDARD.encode(bytes).into_bytes()));
    cases.push((Layer::QuotedPrintable, quoted(bytes)));
    for (layer, packed) in cases {
        let (found, error) = run(&packed, &[layer], &Limits::default());
        assert_eq!(error, None, "{layer}");
        assert!(found == bytes, "{layer}");
    }
}

proptest! {
    #[test]
    fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..1_000)) {
        holds(&bytes);
    }
}

#[test]
fn long_data_comes_back() {
    let text: Vec<u8> = (0..60_000_u32)
        .flat_map(|n| format!("{}\n", n.wrapping_mul(2_654_435_761)).into_bytes())
        .collect();
    holds(&text);
    holds(&vec![b'-'; 1 << 20]);
}

//! Files that were cut or damaged.

use std::io::Write as _;

use crate::dump::{Kind, sniff};

/// A compressed file that was truncated inside its magic number is not text.
#[test]
fn the_first_bytes_of_a_packed_file() {
    for (name, magic) in [
        ("a.txt.gz", &b"\x1f\x8b\x08"[..]),
        ("a.zst", b"\x28\xb5\x2f\xfd"),
        ("a.LZ4", b"\x04\x22\x4d\x18"),
        ("a.xz", b"\xfd7zXZ\0"),
        ("a.bz2", b"BZh71AY&SY"),
        ("a.bz2", b"BZh9\x17rE8P\x90"),
    ] {
        for end in 1..magic.len() {
            let found = sniff(name, magic.get(..end).unwrap());
            assert_eq!(found.kind, Kind::Packed, "{name} {end}: {}", found.why);
            let why = found.damage.map(|damage| damage.cause.to_string());
            assert_eq!(
                why.as_deref(),
                Some("the data ends too early"),
                "{name} {end}"
            );
        }
    }
    for (name, text) in [
        ("a.txt", "B"),
        ("a.bz2", "1AY"),
        ("a.bz2", "BZh0"),
        ("a.gz", "Rain fell."),
        ("a.bz2", "BZh9 is a note."),
    ] {
        assert_eq!(
            sniff(name, text.as_bytes()).kind,
            Kind::Text,
            "{name}: {text}"
        );
    }
}

/// A JSON text sequence is known by its content, and a lone separator is none.
#[test]
fn record_separators() {
    for (text, kind) in [
        ("\x1e{\"title\": 1}\n\x1e{\"title\": 2}\n", Kind::JsonLines),
        ("\x1e\n{\"title\": 1}\n", Kind::Json),
        ("\x1eRain fell.", Kind::Text),
    ] {
        assert_eq!(sniff("a", text.as_bytes()).kind, kind, "{text:?}");
    }
}

/// UTF-16 without a byte order mark is known by most of it.
#[test]
fn wide_text_with_a_few_units_that_no_text_has() {
    let wide = |text: &str, bad: u16| {
        let mut units: Vec<u16> = text.encode_utf16().collect();
        units.insert(units.len() / 2, bad);
        units
            .into_iter()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let line = format!("{{\"title\": \"{}\"}}\n", "Rain fell. ".repeat(20));
    for bad in [0xd800, 0] {
        let found = sniff("a", &wide(&line, bad));
        assert_eq!(found.kind, Kind::Json, "{}", found.why);
    }
    // Numbers of which each fiftieth is none of a text.
    let mut numbers = Vec::new();
    for n in 0..5_000_u16 {
        let n = if n % 50 == 0 { 0xd800 } else { 32 + n % 90 };
        numbers.write_all(&n.to_le_bytes()).unwrap();
    }
    assert_eq!(sniff("a", &numbers).kind, Kind::Binary);
}

//! Files that are known by fixed bytes.

use super::{Evidence, Head, Kind, Told, plain, zip};

/// First bytes, the kind they are of, and whose they are.
type Magic = (&'static [u8], Kind, &'static str);

/// Those that no text begins with, or only such as is meant.
const SURE: [Magic; 34] = [
    (b"%PDF-", Kind::Pdf, "PDF documents"),
    (b"%!PS", Kind::Pdf, "PostScript documents"),
    (b"{\\rtf", Kind::Rtf, "RTF documents"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Kind::Office,
        "documents of Microsoft Office before 2007",
    ),
    (b"7z\xbc\xaf\x27\x1c", Kind::Archive, "7z archives"),
    (b"Rar!\x1a\x07", Kind::Archive, "RAR archives"),
    (b"!<arch>\n", Kind::Archive, "ar archives"),
    (b"MSCF\0\0\0\0", Kind::Archive, "cabinet archives"),
    (b"\x1f\x8b", Kind::Packed, "gzip files"),
    (b"\x1f\x9d", Kind::Packed, "files of `compress`"),
    (b"\x1f\xa0", Kind::Packed, "files of `compress`"),
    (b"\x02\x21\x4c\x18", Kind::Packed, "legacy LZ4 files"),
    (b"\x5d\0\0", Kind::Packed, "LZMA files"),
    (b"LZIP\x01", Kind::Packed, "lzip files"),
    (b"\x89LZO\0", Kind::Packed, "lzop files"),
    (b"\xff\x06\0\0sNaPpY", Kind::Packed, "Snappy files"),
    (b"\x89PNG\r\n\x1a\n", Kind::Media, "PNG images"),
    (b"\xff\xd8\xff", Kind::Media, "JPEG images"),
    (b"II*\0", Kind::Media, "TIFF images"),
    (b"MM\0*", Kind::Media, "TIFF images"),
    (b"\x1a\x45\xdf\xa3", Kind::Media, "Matroska and WebM videos"),
    (b"\0\0\x01\xba", Kind::Media, "MPEG videos"),
    (b"SQLite format 3\0", Kind::Binary, "SQLite databases"),
    (b"Obj\x01", Kind::Binary, "Avro files"),
    (b"\x89HDF\r\n\x1a\n", Kind::Binary, "HDF5 files"),
    (b"\x93NUMPY", Kind::Binary, "NumPy arrays"),
    (b"\x80\x02", Kind::Binary, "Python pickles"),
    (b"\x80\x03", Kind::Binary, "Python pickles"),
    (b"\x80\x04\x95", Kind::Binary, "Python pickles"),
    (b"\x80\x05\x95", Kind::Binary, "Python pickles"),
    (b"\x7fELF", Kind::Binary, "programs"),
    (b"\xca\xfe\xba\xbe", Kind::Binary, "programs"),
    (b"ARROW1\0\0", Kind::Arrow, "Arrow files"),
    (b"\xff\xff\xff\xff", Kind::Arrow, "Arrow streams"),
];

/// Those that a text may begin with, too: they count where other bytes show that it is none.
const LIKE_TEXT: [Magic; 13] = [
    (b"PAR1", Kind::Parquet, "Parquet files"),
    (b"PARE", Kind::Parquet, "encrypted Parquet files"),
    (b"FEA1", Kind::Arrow, "Feather files"),
    (b"GIF8", Kind::Media, "GIF images"),
    (b"BM", Kind::Media, "BMP images"),
    (b"RIFF", Kind::Media, "WebP, WAV and AVI files"),
    (b"OggS", Kind::Media, "Ogg files"),
    (b"fLaC", Kind::Media, "FLAC files"),
    (b"ID3", Kind::Media, "MP3 files"),
    (b"FLV\x01", Kind::Media, "Flash videos"),
    (b"0707", Kind::Archive, "cpio archives"),
    (b"ORC", Kind::Binary, "ORC files"),
    (b"MZ", Kind::Binary, "programs"),
];

/// The kind of a file that fixed bytes tell.
pub(super) fn told(head: Head<'_>) -> Option<Told> {
    let bytes = head.bytes;
    if let Some(told) = zip::told(bytes) {
        return Some(told);
    }
    if is_tar(bytes) {
        return Some((Kind::Tar, "begins with a header of tar".into()));
    }
    let starts = |magic: &&Magic| bytes.starts_with(magic.0);
    let sure = SURE.iter().filter(starts).find(|(_, kind, whose)| {
        (*kind != Kind::Arrow || is_arrow(bytes)) && (*whose != "LZMA files" || is_lzma(bytes))
    });
    if let Some((_, kind, whose)) = sure {
        return Some((*kind, begins_as(whose)));
    }
    if is_skippable(bytes) {
        return Some((Kind::Packed, begins_as("Zstandard or LZ4 files")));
    }
    if bytes.get(4..8) == Some(b"ftyp") && bytes.first() == Some(&0) {
        return Some((Kind::Media, begins_as("MP4 videos and HEIF images")));
    }
    let found = LIKE_TEXT.iter().find(starts)?;
    plain::has_controls(bytes).then(|| (found.1, begins_as(found.2)))
}

fn begins_as(whose: &str) -> Evidence {
    format!("begins as {whose} do").into()
}

/// Whether the first 512 bytes are a header of tar: its checksum is that of the others, it being spaces
/// (POSIX.1, `pax`, "ustar Interchange Format").
fn is_tar(bytes: &[u8]) -> bool {
    let (Some(header), Some(stated)) = (bytes.get(..512), bytes.get(148..156)) else {
        return false;
    };
    let digits = stated.trim_ascii_start();
    let end = digits
        .iter()
        .position(|byte| !matches!(byte, b'0'..=b'7'))
        .unwrap_or(digits.len());
    let stated = digits.get(..end).unwrap_or_default();
    let stated = stated
        .iter()
        .fold(0_u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
    let found = header.iter().enumerate().map(|(at, byte)| match at {
        148..156 => u32::from(b' '),
        _ => u32::from(*byte),
    });
    end > 0 && header.first() != Some(&0) && found.sum::<u32>() == stated
}

/// Whether an Arrow file has its eight first bytes, or a stream the length of its first message: a
/// multiple of 8 and small.
fn is_arrow(bytes: &[u8]) -> bool {
    match bytes.get(..8) {
        Some([0xff, 0xff, 0xff, 0xff, low, middle, high, 0]) => {
            low % 8 == 0 && (*low, *middle, *high) != (0, 0, 0)
        }
        Some(_) => bytes.starts_with(b"ARROW1"),
        None => false,
    }
}

/// Whether the size in the header of an LZMA file is one: unknown, or below 2^40.
fn is_lzma(bytes: &[u8]) -> bool {
    let size = bytes.get(5..13);
    size == Some(&[0xff; 8]) || size.and_then(|size| size.get(5..)) == Some(&[0; 3])
}

/// Whether a frame comes first that decoders of Zstandard and LZ4 pass over.
fn is_skippable(bytes: &[u8]) -> bool {
    matches!(bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

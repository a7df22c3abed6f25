//! What a zip archive is, by the names of its first entries (APPNOTE.TXT, 4.3.7).

use memchr::memmem;

use super::{Kind, Told, quoted};

/// What each entry begins with.
const ENTRY: &[u8] = b"PK\x03\x04";

/// The media types that `OpenDocument` files begin with.
const OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument.";

/// The kind of a zip archive, or of what is one underneath.
pub(super) fn told(bytes: &[u8]) -> Option<Told> {
    if bytes.starts_with(b"PK\x05\x06") {
        return Some((Kind::Zip, "begins as empty zip archives do".into()));
    }
    if !bytes.starts_with(ENTRY) && !bytes.starts_with(b"PK\x07\x08PK\x03\x04") {
        return None;
    }
    let mut types = false;
    let (mut pages, mut package) = (false, false);
    for entry in entries(bytes) {
        let zip = |kind| Some((kind, names(entry.name)));
        match entry.name {
            b"mimetype" if entry.data.starts_with(OPEN_DOCUMENT) => return zip(Kind::Office),
            b"[Content_Types].xml" => types = true,
            b"datapackage.json" => package = true,
            name if name.starts_with(b"xl/") => return zip(Kind::Xlsx),
            name if name.starts_with(b"word/") || name.starts_with(b"ppt/") => {
                return zip(Kind::Office);
            }
            name => pages |= name.starts_with(b"archive/") && is_warc(name),
        }
    }
    Some(if types {
        (Kind::Office, names(b"[Content_Types].xml"))
    } else if pages && package {
        let why = "is a zip archive with a `datapackage.json` and WARC files in `archive/`";
        (Kind::Wacz, why.into())
    } else {
        (Kind::Zip, "begins as zip archives do".into())
    })
}

fn names(entry: &[u8]) -> super::Evidence {
    format!("is a zip archive with `{}` in it", quoted(entry)).into()
}

fn is_warc(name: &[u8]) -> bool {
    name.ends_with(b".warc") || name.ends_with(b".warc.gz")
}

/// One entry of an archive.
struct ZipEntry<'z> {
    name: &'z [u8],
    data: &'z [u8],
}

/// The entries at the beginning of an archive, as far as its first bytes go.
fn entries(bytes: &[u8]) -> impl Iterator<Item = ZipEntry<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        // Entries follow each other where their sizes are known beforehand; else the next is looked for.
        let at = memmem::find(rest, ENTRY)?;
        let header = rest.get(at..at + 30)?;
        let field = |from: usize, to: usize| {
            let bytes = header.get(from..to).unwrap_or_default();
            bytes
                .iter()
                .rev()
                .fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
        };
        let (size, name, extra) = (field(18, 22), field(26, 28), field(28, 30));
        let behind = rest.get(at + 30..)?;
        let entry = ZipEntry {
            name: behind.get(..name)?,
            data: behind.get(name + extra..).unwrap_or_default(),
        };
        rest = entry.data.get(size..).unwrap_or_default();
        Some(entry)
    })
}

//! A location to its bytes: the one way from a trace back into the files of a dump.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{ITEM_LIMIT, LayerError, Limits, layered};
use crate::open;
use crate::trace::{Layer, Location};

/// Opens locations in the files of a dump, in any order and from any thread.
///
/// Many items lie in one packed file. So what a location's codecs give before its first slice is unpacked
/// once: that of a whole file into scratch space in the system's folder for temporary files, which is gone with
/// the opener; that of a part of one, which holds few items, is kept in memory among the last of them, together at
/// most [`KEPT`] bytes. Memory does not grow with the size of a file.
///
/// ```
/// use dateline::dump::Opener;
/// use dateline::trace::Location;
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("a.txt");
/// std::fs::write(&file, "Rain ends")?;
/// let bytes = Opener::new().read(&file, &Location::range("a.txt", 5, 4))?;
/// assert_eq!(bytes, b"ends");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Opener {
    /// What was unpacked of whole files.
    whole: Mutex<HashMap<Packed, Arc<OnceLock<Unpacked>>>>,
    /// What was last unpacked of parts of files.
    kept: Mutex<VecDeque<(Packed, Arc<Unpacked>)>>,
    /// Where what is unpacked of whole files lies.
    scratch: Mutex<Option<File>>,
}

/// How many bytes unpacked of parts of files are kept in memory together.
pub const KEPT: usize = 64 << 20;

/// What unpacks to no more than this is kept in memory, whatever it is of.
const SMALL: u64 = 64 << 10;

/// Why a location gives no bytes.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be read, or there is no room to unpack it.
    #[error("{0}")]
    Io(Arc<io::Error>),
    /// The file ends before the range does.
    #[error("the file has {bytes} bytes and the range ends at {end}")]
    Short {
        /// How many bytes the file has.
        bytes: u64,
        /// Where the range ends.
        end: u64,
    },
    /// The item would have more bytes than one of a dump may have.
    #[error("it has {0} bytes, and of more than {ITEM_LIMIT} none is read")]
    Large(u64),
    /// A layer does not give what the location says.
    #[error(transparent)]
    Layer(LayerError),
}

/// A range of a file and its layers up to the first slice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Packed {
    file: PathBuf,
    offset: u64,
    length: u64,
    layers: Vec<Layer>,
}

/// What a packed range holds.
#[derive(Debug)]
struct Unpacked {
    bytes: Place,
    /// Why there are no more bytes, where that is a failure.
    end: Option<OpenError>,
}

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    /// In the scratch file.
    Disk {
        start: u64,
        length: u64,
    },
}

impl Opener {
    /// An opener that has unpacked nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes that a location in `file` means.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub fn read(&self, file: &Path, location: &Location) -> Result<Vec<u8>, OpenError> {
        let layers = location.layers.as_slice();
        let slice = layers
            .iter()
            .position(|layer| matches!(layer, Layer::Slice { .. }));
        let (packed, rest) = layers.split_at(slice.unwrap_or(layers.len()));
        let range = Range {
            start: location.offset,
            length: location.length,
        };
        if packed.is_empty() {
            return through(Box::new(range.of(file)?), rest, range.length);
        }
        let Some((Layer::Slice { start, end }, rest)) = rest.split_first() else {
            return through(Box::new(range.of(file)?), packed, range.length);
        };
        let slice = Range {
            start: *start,
            length: end.saturating_sub(*start),
        };
        fits(slice.length)?;
        let key = Packed {
            file: file.to_owned(),
            offset: range.start,
            length: range.length,
            layers: packed.to_vec(),
        };
        let bytes = self.cut(key, slice)?;
        if rest.is_empty() {
            return Ok(bytes);
        }
        let length = slice.length;
        through(Box::new(io::Cursor::new(bytes)), rest, length)
    }

    /// A slice of what a packed range holds.
    fn cut(&self, key: Packed, slice: Range) -> Result<Vec<u8>, OpenError> {
        if key.is_whole()? {
            let cell = {
                let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
                Arc::clone(whole.entry(key.clone()).or_default())
            };
            return self.of(cell.get_or_init(|| self.unpack(&key)), slice);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().find(|(one, _)| *one == key);
        if let Some(unpacked) = known.map(|(_, unpacked)| Arc::clone(unpacked)) {
            drop(kept);
            return self.of(&unpacked, slice);
        }
        drop(kept);
        let unpacked = Arc::new(self.unpack(&key));
        kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((key, Arc::clone(&unpacked)));
        let mut sum: usize = kept.iter().map(|(_, one)| one.in_memory()).sum();
        while sum > KEPT && kept.len() > 1 {
            sum -= kept.pop_front().map_or(0, |(_, one)| one.in_memory());
        }
        drop(kept);
        self.of(&unpacked, slice)
    }

    /// All that a packed range holds, as far as it can be unpacked.
    fn unpack(&self, key: &Packed) -> Unpacked {
        let (mut bytes, mut place) = (Vec::new(), None);
        let read = key.reader().and_then(|mut reader| {
            reader.by_ref().take(SMALL).read_to_end(&mut bytes)?;
            if u64::try_from(bytes.len()).unwrap_or(u64::MAX) == SMALL {
                place = Some(self.spill(&bytes, &mut reader)?);
            }
            Ok(())
        });
        let failed = |(start, length, error): (u64, u64, Option<io::Error>)| Unpacked {
            bytes: Place::Disk { start, length },
            end: error.map(OpenError::from),
        };
        match (read, place) {
            (Ok(()), Some(place)) => failed(place),
            (read, _) => Unpacked {
                bytes: Place::Memory(bytes),
                end: read.err().map(OpenError::from),
            },
        }
    }

    /// Puts bytes and what follows them into the scratch file. Gives where they begin there, how many they are, and
    /// why there are no more where that is a failure.
    fn spill(
        &self,
        head: &[u8],
        reader: &mut dyn Read,
    ) -> io::Result<(u64, u64, Option<io::Error>)> {
        // What is unpacked at the same time has a file of its own until it is whole.
        let mut own = tempfile::tempfile()?;
        own.write_all(head)?;
        let mut damaged = None;
        let mut buffer = vec![0; 64 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => own.write_all(buffer.get(..read).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    damaged = Some(error);
                    break;
                }
            }
        }
        let mut scratch = self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = &mut *scratch else {
            let length = own.stream_position()?;
            *scratch = Some(own);
            return Ok((0, length, damaged));
        };
        let start = file.seek(SeekFrom::End(0))?;
        own.seek(SeekFrom::Start(0))?;
        let length = io::copy(&mut own, file)?;
        Ok((start, length, damaged))
    }

    /// A slice of what was unpacked.
    fn of(&self, unpacked: &Unpacked, slice: Range) -> Result<Vec<u8>, OpenError> {
        let end = slice.start.saturating_add(slice.length);
        let have = unpacked.length();
        if end > have {
            return Err(unpacked
                .end
                .clone()
                .unwrap_or(OpenError::Short { bytes: have, end }));
        }
        match &unpacked.bytes {
            Place::Memory(bytes) => {
                let at = |place| usize::try_from(place).unwrap_or(usize::MAX);
                let bytes = bytes.get(at(slice.start)..at(end));
                Ok(bytes.unwrap_or_default().to_vec())
            }
            Place::Disk { start, .. } => {
                let mut scratch = self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(file) = &mut *scratch else {
                    return Ok(Vec::new());
                };
                file.seek(SeekFrom::Start(start + slice.start))?;
                let mut bytes = Vec::new();
                Read::by_ref(file)
                    .take(slice.length)
                    .read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

impl Packed {
    /// Whether the range is all of its file, so that it may hold many items.
    fn is_whole(&self) -> io::Result<bool> {
        Ok(self.offset == 0 && open::file(&self.file)?.metadata()?.len() == self.length)
    }

    fn reader(&self) -> io::Result<Box<dyn Read + Send>> {
        let range = Range {
            start: self.offset,
            length: self.length,
        };
        let bytes = range.of(&self.file).map_err(io::Error::other)?;
        layered(Box::new(bytes), &self.layers, &Limits::default()).map_err(io::Error::other)
    }
}

impl Unpacked {
    fn length(&self) -> u64 {
        match &self.bytes {
            Place::Memory(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Place::Disk { length, .. } => *length,
        }
    }

    fn in_memory(&self) -> usize {
        match &self.bytes {
            Place::Memory(bytes) => bytes.len(),
            Place::Disk { .. } => 0,
        }
    }
}

/// A range of bytes.
#[derive(Debug, Clone, Copy)]
struct Range {
    start: u64,
    length: u64,
}

impl Range {
    /// A reader of the range of a file.
    fn of(self, file: &Path) -> Result<impl Read + Send + 'static, OpenError> {
        let mut file = open::file(file)?;
        let bytes = file.metadata()?.len();
        let end = self.start.saturating_add(self.length);
        if end > bytes {
            return Err(OpenError::Short { bytes, end });
        }
        file.seek(SeekFrom::Start(self.start))?;
        Ok(io::BufReader::new(file).take(self.length))
    }
}

/// What layers make of bytes; `length` is how many they are where there are no layers.
fn through<'r>(
    bytes: Box<dyn Read + Send + 'r>,
    layers: &[Layer],
    length: u64,
) -> Result<Vec<u8>, OpenError> {
    if layers.is_empty() {
        fits(length)?;
    }
    let limits = Limits::default().with_size(ITEM_LIMIT);
    let mut out = Vec::new();
    layered(bytes, layers, &limits)
        .map_err(OpenError::Layer)?
        .read_to_end(&mut out)?;
    Ok(out)
}

fn fits(length: u64) -> Result<(), OpenError> {
    if length > ITEM_LIMIT {
        return Err(OpenError::Large(length));
    }
    Ok(())
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match LayerError::of(&error) {
            Some(layer) => Self::Layer(layer.clone()),
            None => Self::Io(Arc::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::io::Write as _;

    use super::{OpenError, Opener};
    use crate::trace::Location;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn at(length: usize, layers: &[&str]) -> Location {
        Location {
            layers: layers.iter().map(|layer| layer.parse().unwrap()).collect(),
            ..Location::range("a", 0, length.try_into().unwrap())
        }
    }

    #[test]
    fn slices_of_packed_files_are_cut_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let lines: Vec<u8> = (0..40_000_u32)
            .flat_map(|n| format!("{n:08}\n").into_bytes())
            .collect();
        let packed = gzip(&lines);
        std::fs::write(&file, &packed).unwrap();
        let opener = Opener::new();
        for n in [39_999_u32, 0, 20_000, 7] {
            let slice = format!("slice:{}-{}", n * 9, n * 9 + 8);
            let bytes = opener
                .read(&file, &at(packed.len(), &["gzip", &slice]))
                .unwrap();
            assert_eq!(bytes, format!("{n:08}").into_bytes());
        }
        let beyond = opener.read(&file, &at(packed.len(), &["gzip", "slice:0-400000"]));
        assert!(matches!(
            beyond,
            Err(OpenError::Short { bytes: 360_000, .. })
        ));
        let short = opener.read(&file, &at(packed.len() + 1, &["gzip"]));
        assert!(matches!(short, Err(OpenError::Short { .. })));
    }

    #[test]
    fn what_lies_before_damage_is_good() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let noise: Vec<u8> = (0..900_000_u32)
            .flat_map(|n| n.wrapping_mul(n).to_le_bytes())
            .collect();
        let mut packed = gzip(&noise);
        packed.truncate(packed.len() / 2);
        std::fs::write(&file, &packed).unwrap();
        let opener = Opener::new();
        let cut = |slice: &str| opener.read(&file, &at(packed.len(), &["gzip", slice]));
        assert_eq!(cut("slice:4-8").unwrap(), noise.get(4..8).unwrap());
        assert!(matches!(
            cut("slice:3000000-3000004"),
            Err(OpenError::Layer(_))
        ));
    }

    #[test]
    fn layers_behind_a_slice_and_slices_of_plain_files() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "head bmV3cw== tail").unwrap();
        let opener = Opener::new();
        let read = |layers: &[&str]| opener.read(&file, &at(18, layers)).unwrap();
        assert_eq!(read(&["slice:5-13", "base64"]), b"news");
        assert_eq!(read(&[]), b"head bmV3cw== tail");
        let absurd = Location::range("a", u64::MAX, 2);
        assert!(matches!(
            opener.read(&file, &absurd),
            Err(OpenError::Short { .. })
        ));
        assert!(matches!(
            opener.read(&folder.path().join("none"), &at(1, &[])),
            Err(OpenError::Io(_))
        ));
    }
}

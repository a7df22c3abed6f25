//! A location to its bytes: the one way from a trace back into the files of a dump.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{ITEM_LIMIT, LayerError, Limits, layered};
use crate::open;
use crate::trace::{Layer, Location};

/// Opens locations in the files of a dump, in any order and from any thread.
///
/// Many items lie in one packed file. So what a location's codecs give before its first slice is unpacked
/// once, and kept: what has 64 KiB or more in scratch space, about [`SCRATCH`] bytes or the largest range; anything
/// else in memory, together at most [`KEPT`] bytes. The scratch space is in the system's folder for temporary files and
/// is gone with the opener. What had to give way is unpacked again when it is needed again.
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
#[derive(Debug)]
pub struct Opener {
    /// What was unpacked, and is not kept in memory.
    spilled: Mutex<HashMap<Packed, Arc<OnceLock<Arc<Unpacked>>>>>,
    /// What was unpacked last, and is kept in memory.
    kept: Mutex<VecDeque<(Packed, Arc<Unpacked>)>>,
    /// Where that lies.
    scratch: Mutex<Option<Scratch>>,
    /// How many bytes may lie there.
    room: u64,
}

/// How many bytes are kept in memory together.
pub const KEPT: usize = 64 << 20;

/// How many bytes are kept in scratch space together, but for what each thread is unpacking.
pub const SCRATCH: u64 = 32 << 30;

/// What unpacks to less than this is kept in memory. What is kept counts as no less, so that
/// there are few.
const SMALL: usize = 64 << 10;

/// Why a location gives no bytes.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be read, or there is no room to unpack it.
    #[error("{0}")]
    Io(Arc<io::Error>),
    /// The file ends before the range does.
    #[error("the file has {bytes} bytes; the range ends at byte {end}")]
    Short {
        /// How many bytes the file has.
        bytes: u64,
        /// Where the range ends.
        end: u64,
    },
    /// What the layers give ends before the slice does.
    #[error("the unpacked data has {bytes} bytes; the slice ends at byte {end}")]
    ShortUnpacked {
        /// How many bytes they give.
        bytes: u64,
        /// Where the slice ends.
        end: u64,
    },
    /// The item would have more bytes than one of a dump may have.
    #[error("the item has {0} bytes; the limit is {ITEM_LIMIT}")]
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
    bytes: Stored,
    /// Why there are no more bytes, where that is a failure.
    end: Option<OpenError>,
}

/// Where unpacked bytes are.
#[derive(Debug)]
enum Stored {
    Memory(Vec<u8>),
    /// In a scratch file.
    Disk {
        file: Arc<Mutex<File>>,
        start: u64,
        length: u64,
    },
}

/// The scratch file that is added to.
#[derive(Debug)]
struct Scratch {
    file: Arc<Mutex<File>>,
    length: u64,
}

impl Default for Opener {
    fn default() -> Self {
        Self {
            spilled: Mutex::default(),
            kept: Mutex::default(),
            scratch: Mutex::default(),
            room: SCRATCH,
        }
    }
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
        if let Some(unpacked) = self.in_memory(&key) {
            return unpacked.cut(slice);
        }
        let cell = Arc::clone(locked(&self.spilled).entry(key.clone()).or_default());
        let unpacked = Arc::clone(cell.get_or_init(|| Arc::new(self.unpack(&key))));
        if unpacked.memory() > 0 {
            locked(&self.spilled).remove(&key);
            self.keep(key, &unpacked);
        } else if !self.is_current(&unpacked) {
            // The scratch file gave way while others were still added to it.
            locked(&self.spilled).remove(&key);
        }
        unpacked.cut(slice)
    }

    /// Whether what was unpacked lies in the scratch file that is added to.
    fn is_current(&self, unpacked: &Unpacked) -> bool {
        let scratch = locked(&self.scratch);
        match (&unpacked.bytes, &*scratch) {
            (Stored::Disk { file, .. }, Some(scratch)) => Arc::ptr_eq(file, &scratch.file),
            _ => false,
        }
    }

    /// What was unpacked of a range, if it is in memory.
    fn in_memory(&self, key: &Packed) -> Option<Arc<Unpacked>> {
        let kept = locked(&self.kept);
        let (_, unpacked) = kept.iter().find(|(one, _)| one == key)?;
        Some(Arc::clone(unpacked))
    }

    /// Keeps what is in memory, and lets go of what was kept first.
    fn keep(&self, key: Packed, unpacked: &Arc<Unpacked>) {
        let mut kept = locked(&self.kept);
        if kept.iter().any(|(one, _)| *one == key) {
            return;
        }
        kept.push_back((key, Arc::clone(unpacked)));
        let mut sum: usize = kept.iter().map(|(_, one)| one.memory()).sum();
        while sum > KEPT && kept.len() > 1 {
            sum -= kept.pop_front().map_or(0, |(_, one)| one.memory());
        }
    }

    /// All that a packed range holds, as far as it can be unpacked.
    fn unpack(&self, key: &Packed) -> Unpacked {
        let mut bytes = Vec::new();
        let read = key.reader().and_then(|mut reader| {
            let few = u64::try_from(SMALL).unwrap_or(u64::MAX);
            reader.by_ref().take(few).read_to_end(&mut bytes)?;
            if bytes.len() < SMALL {
                return Ok(None);
            }
            Ok(Some(self.spill(&bytes, &mut reader)?))
        });
        match read {
            Ok(Some(unpacked)) => unpacked,
            Ok(None) => Unpacked {
                bytes: Stored::Memory(bytes),
                end: None,
            },
            Err(error) => Unpacked {
                bytes: Stored::Memory(bytes),
                end: Some(error),
            },
        }
    }

    /// Puts bytes and what follows them into scratch space.
    fn spill(&self, head: &[u8], reader: &mut dyn Read) -> io::Result<Unpacked> {
        // What is unpacked at the same time has a file of its own until it is whole.
        let mut own = tempfile::tempfile()?;
        own.write_all(head)?;
        let mut end = None;
        let mut buffer = vec![0; 64 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => own.write_all(buffer.get(..read).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    end = Some(OpenError::from(error));
                    break;
                }
            }
        }
        let length = own.stream_position()?;
        let mut scratch = locked(&self.scratch);
        if let Some(scratch) = &mut *scratch
            && scratch.length.saturating_add(length) <= self.room
        {
            let mut file = locked(&scratch.file);
            let start = file.seek(SeekFrom::Start(scratch.length))?;
            own.seek(SeekFrom::Start(0))?;
            io::copy(&mut own, &mut *file)?;
            drop(file);
            scratch.length += length;
            return Ok(Unpacked::on_disk(&scratch.file, start, length, end));
        }
        // All that is in a full scratch file gives way.
        locked(&self.spilled).retain(|_, cell| cell.get().is_none());
        let file = Arc::new(Mutex::new(own));
        *scratch = Some(Scratch {
            file: Arc::clone(&file),
            length,
        });
        Ok(Unpacked::on_disk(&file, 0, length, end))
    }
}

impl Packed {
    fn reader(&self) -> Result<Box<dyn Read + Send>, OpenError> {
        let range = Range {
            start: self.offset,
            length: self.length,
        };
        let bytes = range.of(&self.file)?;
        layered(Box::new(bytes), &self.layers, &Limits::default()).map_err(OpenError::Layer)
    }
}

impl Unpacked {
    fn on_disk(file: &Arc<Mutex<File>>, start: u64, length: u64, end: Option<OpenError>) -> Self {
        let file = Arc::clone(file);
        Self {
            bytes: Stored::Disk {
                file,
                start,
                length,
            },
            end,
        }
    }

    /// A slice of it.
    fn cut(&self, slice: Range) -> Result<Vec<u8>, OpenError> {
        let end = slice.start.saturating_add(slice.length);
        let bytes = self.length();
        if end > bytes {
            let short = OpenError::ShortUnpacked { bytes, end };
            return Err(self.end.clone().unwrap_or(short));
        }
        match &self.bytes {
            Stored::Memory(bytes) => {
                let at = |place| usize::try_from(place).unwrap_or(usize::MAX);
                let bytes = bytes.get(at(slice.start)..at(end));
                Ok(bytes.unwrap_or_default().to_vec())
            }
            Stored::Disk { file, start, .. } => {
                let mut file = locked(file);
                file.seek(SeekFrom::Start(start + slice.start))?;
                let mut bytes = Vec::new();
                let mut range = Read::by_ref(&mut *file).take(slice.length);
                range.read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }

    fn length(&self) -> u64 {
        match &self.bytes {
            Stored::Memory(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Stored::Disk { length, .. } => *length,
        }
    }

    /// How many bytes it counts for in memory.
    fn memory(&self) -> usize {
        match &self.bytes {
            Stored::Memory(bytes) => bytes.len().max(SMALL),
            Stored::Disk { .. } => 0,
        }
    }
}

/// What a lock holds, also after a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

    use super::{KEPT, OpenError, Opener, SMALL, locked};
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
            Err(OpenError::ShortUnpacked { bytes: 360_000, .. })
        ));
        for layers in [&["gzip"][..], &["gzip", "slice:0-8"]] {
            let short = opener.read(&file, &at(packed.len() + 1, layers));
            assert!(matches!(short, Err(OpenError::Short { .. })), "{layers:?}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let opener = Opener {
            room: 1 << 20,
            ..Opener::new()
        };
        let read = |name: usize, length: usize| {
            let file = folder.path().join(name.to_string());
            let bytes = vec![u8::try_from(name % 256).unwrap(); length];
            let packed = gzip(&bytes);
            std::fs::write(&file, &packed).unwrap();
            let location = at(packed.len(), &["gzip", "slice:1-3"]);
            assert_eq!(
                opener.read(&file, &location).unwrap(),
                bytes.get(1..3).unwrap()
            );
        };
        // Large files, each of which is unpacked twice: between, it gave way.
        for name in [0, 1, 2, 3, 0, 1, 2, 3] {
            read(name, 400_000);
            assert!(locked(&opener.scratch).as_ref().unwrap().length <= 1 << 20);
            assert!(locked(&opener.spilled).len() <= 2);
        }
        for name in 4..2_000 {
            read(name, 10);
        }
        assert!(locked(&opener.spilled).len() <= 2);
        assert_eq!(locked(&opener.kept).len(), KEPT / SMALL);
    }

    #[test]
    fn parts_of_files_give_way_like_whole_ones() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let parts: Vec<Vec<u8>> = (0..8_u8).map(|n| gzip(&vec![n; 400_000])).collect();
        std::fs::write(&file, parts.concat()).unwrap();
        let opener = Opener {
            room: 1 << 20,
            ..Opener::new()
        };
        let mut offset = 0;
        for (n, part) in parts.iter().enumerate() {
            let location = Location {
                offset,
                ..at(part.len(), &["gzip", "slice:1-3"])
            };
            let n = u8::try_from(n).unwrap();
            assert_eq!(opener.read(&file, &location).unwrap(), [n, n]);
            offset += u64::try_from(part.len()).unwrap();
            assert!(locked(&opener.scratch).as_ref().unwrap().length <= 1 << 20);
            assert!(locked(&opener.spilled).len() <= 2);
        }
        assert!(locked(&opener.kept).is_empty());
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

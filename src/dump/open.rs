//! A location to its bytes: the one way from a trace back into the files of a dump.

mod unpacked;

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use self::unpacked::{Stored, Unpacked};
use super::layer::{Budget, layered_from};
use super::{Cause, ITEM_LIMIT, LayerError, Limits, layered};
use crate::trace::{Layer, Location};
use crate::{open, pool};

/// Opens locations in the files of a dump, in any order and from any thread.
///
/// Many items lie in one packed file, or in one packed member of it. So what the layers of a location give before its
/// last slice is unpacked once, and kept: what has 64 KiB or more in scratch space, about [`SCRATCH`] bytes or the
/// largest range; anything else in memory, together at most [`KEPT`] bytes. The scratch space is in the system's folder for temporary files and
/// is gone with the opener. What had to give way is unpacked again when it is needed again. All that is read of one file
/// has a [`Budget`].
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
    /// What may still be read of each file.
    budgets: Mutex<HashMap<PathBuf, Arc<Budget>>>,
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
    /// All that is read of the file comes to more bytes than its [`Budget`] has.
    #[error("{}", Cause::Budget { limit: *.0 })]
    Budget(u64),
}

/// A range of a file and layers of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Packed {
    file: PathBuf,
    offset: u64,
    length: u64,
    layers: Vec<Layer>,
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
            budgets: Mutex::default(),
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
        let place = Packed {
            file: file.to_owned(),
            offset: location.offset,
            length: location.length,
            layers: location.layers.clone(),
        };
        let length = match location.layers.last() {
            None => location.length,
            Some(Layer::Slice { start, end }) => end.saturating_sub(*start),
            Some(_) => 0,
        };
        if length > ITEM_LIMIT {
            return Err(OpenError::Large(length));
        }
        let limits = Limits::default().with_size(ITEM_LIMIT);
        let mut bytes = Vec::with_capacity(pool::room(usize::try_from(length).unwrap_or(0)));
        self.reader(&place, &limits)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// A reader of what a range holds. What is before its last slice, if a codec gives that, is unpacked once.
    fn reader(&self, place: &Packed, limits: &Limits) -> Result<Box<dyn Read + Send>, OpenError> {
        let budget = self.budget(&place.file)?;
        let limits = limits.clone().within(&budget);
        if let Some((packed, slice)) = place.last_slice() {
            let from = packed.layers.len() + 1;
            let bytes = self.unpacked(packed).section(slice)?;
            let bytes = Box::new(Spending { bytes, budget });
            return layered_from(bytes, &place.layers, from, &limits).map_err(OpenError::Layer);
        }
        let mut file = open::file(&place.file)?;
        let bytes = file.metadata()?.len();
        let end = place.offset.saturating_add(place.length);
        if end > bytes {
            return Err(OpenError::Short { bytes, end });
        }
        file.seek(SeekFrom::Start(place.offset))?;
        let bytes = io::BufReader::new(file).take(place.length);
        let bytes = Box::new(Spending { bytes, budget });
        layered(bytes, &place.layers, &limits).map_err(OpenError::Layer)
    }

    /// What may still be read of a file.
    fn budget(&self, file: &Path) -> io::Result<Arc<Budget>> {
        if let Some(budget) = locked(&self.budgets).get(file) {
            return Ok(Arc::clone(budget));
        }
        let bytes = open::file(file)?.metadata()?.len();
        let mut budgets = locked(&self.budgets);
        let budget = budgets.entry(file.to_owned());
        Ok(Arc::clone(budget.or_insert_with(|| {
            Arc::new(Budget::of(bytes, &Limits::default()))
        })))
    }

    /// All that a packed range holds.
    fn unpacked(&self, key: Packed) -> Arc<Unpacked> {
        if let Some(unpacked) = self.in_memory(&key) {
            return unpacked;
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
        unpacked
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
        let read = self.reader(key, &Limits::default()).and_then(|mut reader| {
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
                bytes: Stored::Memory(bytes.into()),
                end: None,
            },
            Err(error) => Unpacked {
                bytes: Stored::Memory(bytes.into()),
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
        let (file, start) = match &mut *scratch {
            Some(scratch) if scratch.length.saturating_add(length) <= self.room => {
                let mut file = locked(&scratch.file);
                let start = file.seek(SeekFrom::Start(scratch.length))?;
                own.seek(SeekFrom::Start(0))?;
                io::copy(&mut own, &mut *file)?;
                scratch.length += length;
                (Arc::clone(&scratch.file), start)
            }
            full => {
                // All that is in it gives way.
                locked(&self.spilled).retain(|_, cell| cell.get().is_none());
                let file = Arc::new(Mutex::new(own));
                *full = Some(Scratch {
                    file: Arc::clone(&file),
                    length,
                });
                (file, 0)
            }
        };
        let range = start..start + length;
        Ok(Unpacked {
            bytes: Stored::Disk { file, range },
            end,
        })
    }
}

impl Packed {
    /// The last slice that is behind a codec, and what it is a slice of.
    fn last_slice(&self) -> Option<(Self, Range<u64>)> {
        let is_slice = |layer: &Layer| matches!(layer, Layer::Slice { .. });
        // More layers than there may be fail together.
        let few = self.layers.len() <= Limits::default().depth;
        let at = self.layers.iter().rposition(is_slice).filter(|_| few)?;
        let (before, rest) = self.layers.split_at(at);
        match rest.first() {
            // One that is empty fails with the other layers.
            Some(&Layer::Slice { start, end }) if start < end && !before.iter().all(is_slice) => {
                let layers = before.to_vec();
                let packed = Self {
                    file: self.file.clone(),
                    layers,
                    ..*self
                };
                Some((packed, start..end))
            }
            _ => None,
        }
    }
}

/// A reader that spends what it reads.
struct Spending<R> {
    bytes: R,
    budget: Arc<Budget>,
}

impl<R: Read> Read for Spending<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(into)?;
        let spent = self.budget.spend(u64::try_from(read).unwrap_or(u64::MAX));
        spent.map_err(io::Error::other)?;
        Ok(read)
    }
}

/// What a lock holds, also after a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        let cause = error.get_ref().and_then(|source| source.downcast_ref());
        match (LayerError::of(&error), cause) {
            (Some(layer), _) => Self::Layer(layer.clone()),
            (None, Some(Cause::Budget { limit })) => Self::Budget(*limit),
            (None, _) => Self::Io(Arc::new(error)),
        }
    }
}

#[cfg(test)]
mod tests;

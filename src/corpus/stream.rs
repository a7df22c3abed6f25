//! Stored files as streams of what they hold: containers opened, within limits.

use std::fmt;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::magic::{self, Misnamed, NotTheFile};
use super::{Container, Source};
use crate::{open, transit};

/// The largest window of a Zstandard frame that is read, as a power of two: 128 MiB, what the
/// `zstd` tool reads without being asked for more.
const ZSTD_WINDOW: u32 = 27;
/// How many bytes may come of one stored byte. Deflate reaches 1032 with one byte repeated, which no
/// records are; news comes to about 10, the same article under a thousand ids to some hundreds.
const RATIO: u64 = 1_000;
/// How many bytes may come before the ratio counts.
const RATIO_FROM: u64 = 16 << 20;
/// The most bytes of a file that may be a pointer to another.
const SMALL: u64 = 4096;
/// The size of the buffer below a decoder.
const BUFFER: usize = 256 << 10;

/// A stored file that takes too much to decompress.
#[derive(Debug)]
pub(super) enum Bomb {
    /// Its bytes grow beyond all measure.
    Growth,
    /// So many bytes of what came before would have to be kept.
    Window,
}

impl fmt::Display for Bomb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Growth => write!(f, "more than {RATIO} bytes come of one stored byte"),
            Self::Window => write!(
                f,
                "to decompress it takes a window of more than {} MiB: pack it again without `--long`, or \
                 with `--long={ZSTD_WINDOW}`",
                1_u64 << ZSTD_WINDOW >> 20
            ),
        }
    }
}

impl std::error::Error for Bomb {}

/// Opens the file at `path` and whatever `container` it is in.
///
/// Reading fails with [`io::ErrorKind::UnexpectedEof`] where a container is cut short, with [`Bomb`]
/// inside the error where it grows beyond the limit, and with [`Misnamed`] where the file does not hold
/// what `container` says.
pub(super) fn open(path: &Path, container: Container) -> io::Result<Box<dyn Read + Send>> {
    let mut file = open::file(path)?;
    if container != Container::Plain && file.metadata()?.len() == 0 {
        // A container has a header; the decoders would take nothing for an empty stream.
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut start = Vec::new();
    if file.metadata()?.len() <= SMALL {
        (&mut file).take(SMALL).read_to_end(&mut start)?;
        if let Some(pointer) = transit::pointer_at(path, &start) {
            return Ok(Box::new(Failing(Some(io::Error::other(NotTheFile(
                pointer,
            ))))));
        }
    } else {
        (&mut file).take(magic::LENGTH).read_to_end(&mut start)?;
    }
    let (head, _) = start
        .split_at_checked(magic::BYTES)
        .unwrap_or((&start, &[]));
    if let Some(misnamed) = Misnamed::of(container, head) {
        let error = io::Error::new(io::ErrorKind::InvalidData, misnamed);
        return Ok(Box::new(Failing(Some(error))));
    }
    let file = io::Cursor::new(start).chain(file);
    if container == Container::Plain {
        return Ok(Box::new(file));
    }
    let stored = Arc::new(AtomicU64::new(0));
    let source = BufReader::with_capacity(
        BUFFER,
        Counted {
            inner: file,
            count: Arc::clone(&stored),
        },
    );
    let inner: Box<dyn Read + Send> = match container {
        Container::Zst => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(source)?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            Box::new(Windowed(decoder))
        }
        Container::Gz | Container::Plain => Box::new(MultiGzDecoder::new(source)),
    };
    Ok(Box::new(Limited {
        inner,
        stored,
        given: 0,
    }))
}

/// A stream that gives nothing, for this reason.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count
            .fetch_add(u64::try_from(read).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(read)
    }
}

/// A Zstandard stream that says in our words what the library refuses.
struct Windowed<R>(R);

impl<R: Read> Read for Windowed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            // It has no kind of its own for it.
            if error.to_string().contains("too much memory") {
                io::Error::other(Bomb::Window)
            } else {
                error
            }
        })
    }
}

struct Limited {
    inner: Box<dyn Read + Send>,
    stored: Arc<AtomicU64>,
    given: u64,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.given = self
            .given
            .saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let allowed = self.stored.load(Ordering::Relaxed).saturating_mul(RATIO);
        if self.given > RATIO_FROM && self.given > allowed {
            return Err(io::Error::other(Bomb::Growth));
        }
        Ok(read)
    }
}

impl Source {
    /// Its plain bytes, as [`open()`] gives them.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        open(&self.path, self.container)
    }
}

/// Whether reading failed because another file lies in the place of the one that is meant.
pub(super) fn is_not_the_file(error: &io::Error) -> bool {
    let source = error.get_ref();
    source
        .and_then(|source| source.downcast_ref::<NotTheFile>())
        .is_some()
}

/// Whether an error of reading says nothing of what the file holds: the system does not let it be read, it would take
/// too much to unpack, or another file lies in its place.
pub(crate) fn is_unreadable(error: &io::Error) -> bool {
    open::says_nothing(error) || is_bomb(error) || is_not_the_file(error)
}

/// Whether an error of reading says that the file holds too much.
pub(super) fn is_bomb(error: &io::Error) -> bool {
    error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Bomb>())
        .is_some()
}

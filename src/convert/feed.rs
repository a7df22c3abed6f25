//! The files of a dump as work for a pool: small ones whole, large ones item by item.

use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::file::{DumpFile, wide};
use crate::digest::{Digest, Hasher};
use crate::dump::cut::{Began, Encoding, JsonCutter, JsonFault, Piece};
use crate::dump::{self, Input, Kind, LayerError, Limits, ReadError, Sniffed, layered, sniff};
use crate::pool::{self, Source};
use crate::trace::Layer;

/// How many bytes of a file are read before it is known how it is to be read. What is no larger and not packed is
/// read whole by one thread.
const HEAD: usize = 1 << 20;

/// The most tasks in a batch.
const TASKS: usize = 64;

/// A batch takes no more tasks once its items have so many bytes.
const BYTES: usize = 1 << 20;

/// A packed text counts as this many times its size. It may be larger still, so a batch ends with it.
const UNPACKED: usize = 8;

/// Tasks that one thread does.
pub(super) struct Batch<'i> {
    pub(super) tasks: Vec<Task<'i>>,
    /// About how many bytes they have.
    bytes: usize,
}

/// A task of the work.
pub(super) enum Task<'i> {
    /// A file to be read whole: its first bytes, and what follows them.
    Whole(&'i Input, Vec<u8>, Box<dyn Read + Send>),
    /// A piece of a file, and where it begins.
    Piece(Arc<DumpFile>, Began, Piece<JsonFault>),
    /// The end of a file that was cut.
    End(Arc<DumpFile>, Ended),
    /// A file that cannot be read.
    Failed(ReadError),
}

/// What is known of a file when all of it was read.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) bytes: u64,
    pub(super) digest: Digest,
    /// Why the pieces ended before the file did.
    pub(super) damage: Option<io::Error>,
}

/// The files of a dump, in their order.
pub(super) struct Feed<'i> {
    inputs: std::slice::Iter<'i, Input>,
    current: Option<Cutting>,
    /// Whether nobody wants more.
    failed: &'i AtomicBool,
}

/// A file that is being cut.
struct Cutting {
    file: Arc<DumpFile>,
    input: Input,
    /// None where not even the first bytes come out of its layers.
    cutter: Option<JsonCutter<Box<dyn Read + Send>>>,
    /// Why not.
    damage: Option<io::Error>,
    hashing: Hashing,
}

impl<'i> Feed<'i> {
    pub(super) fn new(inputs: &'i [Input], failed: &'i AtomicBool) -> Self {
        Self {
            inputs: inputs.iter(),
            current: None,
            failed,
        }
    }

    /// The next task, and how many bytes it has.
    fn task(&mut self) -> Option<(Task<'i>, usize)> {
        if self.failed.load(Ordering::Relaxed) {
            return None;
        }
        let task = match self.current.take() {
            Some(cutting) => Ok(self.cut(cutting)),
            None => self.open(self.inputs.as_slice().first()?),
        };
        Some(task.unwrap_or_else(|error| (Task::Failed(error), 0)))
    }

    /// Opens the next file.
    fn open(&mut self, input: &'i Input) -> Result<(Task<'i>, usize), ReadError> {
        self.inputs.next();
        let failed = |source| ReadError {
            file: input.file.clone(),
            source,
        };
        let mut file = dump::opened(&input.file).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        let mut head = Vec::new();
        let most = u64::try_from(HEAD).unwrap_or(u64::MAX);
        let begin = file.by_ref().take(most).read_to_end(&mut head);
        begin.map_err(failed)?;
        let (is_whole, is_packed) = (head.len() < HEAD, dump::codec(&head).is_some());
        if about.is_file() && (!is_whole || is_packed) {
            let Sniffed { layers, kind, .. } = sniff(&input.path, &head);
            if matches!(kind, Kind::Json | Kind::JsonLines) {
                let opened = Cutting::new(input, layers, kind, about.len(), (head, file));
                return Ok(self.cut(opened.map_err(failed)?));
            }
        }
        let length = usize::try_from(about.len())
            .unwrap_or(usize::MAX)
            .max(head.len());
        let length = if is_packed {
            length.saturating_mul(UNPACKED).max(BYTES)
        } else {
            length
        };
        // Many small files wait for a thread at a time. They do not stay open.
        let rest: Box<dyn Read + Send> = if is_whole {
            Box::new(io::empty())
        } else {
            Box::new(file)
        };
        Ok((Task::Whole(input, head, rest), length))
    }

    /// The next piece of a file, or its end.
    fn cut(&mut self, mut cutting: Cutting) -> (Task<'i>, usize) {
        let next = cutting.cutter.as_mut().and_then(|cutter| {
            let piece = cutter.next()?;
            Some(piece.map(|piece| (cutter.began(), piece)))
        });
        let damage = match next {
            Some(Ok((began, piece))) => {
                let length = match &piece {
                    Piece::Item(cut) => cut.bytes.len(),
                    Piece::Refused(_) => 0,
                };
                let file = Arc::clone(&cutting.file);
                self.current = Some(cutting);
                return (Task::Piece(file, began, piece), length);
            }
            Some(Err(error)) => Some(error),
            None => cutting.damage.take(),
        };
        match cutting.end(damage) {
            Ok(end) => (end, 0),
            Err(error) => (Task::Failed(error), 0),
        }
    }
}

impl<'i> Source for Feed<'i> {
    type Work = Batch<'i>;

    fn next(&mut self) -> Option<Self::Work> {
        let (mut tasks, mut bytes) = (Vec::new(), 0_usize);
        while tasks.len() < TASKS && bytes < BYTES {
            let Some((task, length)) = self.task() else {
                break;
            };
            bytes = bytes.saturating_add(length);
            tasks.push(task);
        }
        (!tasks.is_empty()).then_some(Batch { tasks, bytes })
    }

    fn is_large(batch: &Self::Work) -> bool {
        // The work on an item takes up to five times its size.
        batch.bytes > pool::LARGE
    }
}

impl Cutting {
    fn new(
        input: &Input,
        layers: Vec<Layer>,
        kind: Kind,
        bytes: u64,
        (head, rest): (Vec<u8>, File),
    ) -> io::Result<Self> {
        // One byte more than there were shows that it grows, however fast.
        let rest = rest.take((bytes + 1).saturating_sub(wide(head.len())));
        let hashing = Hashing::new(io::Cursor::new(head).chain(rest));
        let unpacked = layered(Box::new(hashing.clone()), &layers, &Limits::default());
        let cutter = unpacked.map_err(io::Error::other).and_then(JsonCutter::new);
        let (cutter, damage) = match cutter {
            Ok(cutter) => (Some(cutter), None),
            Err(error) if LayerError::of(&error).is_some() => (None, Some(error)),
            Err(error) => return Err(error),
        };
        let mut file = DumpFile {
            path: input.path.clone(),
            shown: input.file.display().to_string(),
            layers,
            kind,
            bytes,
            encoding: Encoding::Utf8,
            found: None,
        };
        if let Some(cutter) = &cutter {
            file.encoded_as(cutter);
        }
        Ok(Self {
            file: Arc::new(file),
            input: input.clone(),
            cutter,
            damage,
            hashing,
        })
    }

    /// Reads what is left of the file. What is wrong with a layer is damage; what is wrong with the file itself is an
    /// error.
    fn end<'i>(self, damage: Option<io::Error>) -> Result<Task<'i>, ReadError> {
        let Self {
            file,
            input,
            cutter,
            hashing,
            damage: _,
        } = self;
        let failed = |source| ReadError {
            file: input.file.clone(),
            source,
        };
        let damage = match damage {
            Some(error) if LayerError::of(&error).is_none() => return Err(failed(error)),
            damage => damage,
        };
        drop(cutter);
        let (bytes, digest) = hashing.finish().map_err(failed)?;
        if bytes != file.bytes {
            let message = format!(
                "it changed while it was read: it had {} bytes, then {}",
                file.bytes,
                if bytes > file.bytes { "more" } else { "fewer" }
            );
            return Err(failed(io::Error::other(message)));
        }
        let ended = Ended {
            bytes,
            digest,
            damage,
        };
        Ok(Task::End(file, ended))
    }
}

/// A reader that hashes what it gives. A clone reads on where the others are.
#[derive(Clone)]
struct Hashing(Arc<Mutex<Hashed>>);

/// A file, and what was read of it so far.
struct Hashed {
    rest: Box<dyn Read + Send>,
    hasher: Hasher,
    bytes: u64,
}

impl Hashing {
    fn new(file: impl Read + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Hashed {
            rest: Box::new(file),
            hasher: Hasher::new(),
            bytes: 0,
        })))
    }

    /// Reads the rest, and gives the size and the digest of the whole file.
    fn finish(mut self) -> io::Result<(u64, Digest)> {
        io::copy(&mut self, &mut io::sink())?;
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((file.bytes, std::mem::take(&mut file.hasher).finish()))
    }
}

impl Read for Hashing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut hashed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = hashed.rest.read(into)?;
        hashed.hasher.update(into.get(..read).unwrap_or_default());
        hashed.bytes += wide(read);
        Ok(read)
    }
}

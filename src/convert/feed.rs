//! The files of a dump as work for a pool: small ones whole, large ones item by item.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::digest::{Digest, Hasher};
use crate::dump::cut::{Began, Encoding, JsonCutter, JsonFault, Piece};
use crate::dump::{self, Input, Kind, LayerError, Limits, ReadError, Sniffed, layered, sniff};
use crate::pool::Source;
use crate::trace::Layer;

/// How many bytes of a file are read before it is known how it is to be read. What is no larger and not packed is
/// read whole by one thread.
const HEAD: usize = 1 << 20;

/// How many tasks a piece of work has at most,
const TASKS: usize = 64;

/// and how many bytes of items.
const BYTES: usize = 1 << 20;

/// How many times its size a packed text is taken to have when it is unpacked.
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
    Piece(Arc<Streamed>, Began, Piece<JsonFault>),
    /// The end of a file that was cut.
    End(Arc<Streamed>, Ended),
    /// A file that cannot be read.
    Failed(ReadError),
}

/// A file that is cut while it is read.
#[derive(Debug)]
pub(super) struct Streamed {
    /// Its path in the ledger.
    pub(super) path: String,
    /// What diagnostics call it.
    pub(super) shown: String,
    /// The codecs that it is packed with.
    pub(super) layers: Vec<Layer>,
    pub(super) kind: Kind,
    pub(super) encoding: Encoding,
    /// How many bytes it had when it was opened.
    pub(super) bytes: u64,
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
    file: Arc<Streamed>,
    input: Input,
    /// None where not even the first bytes come out of its layers.
    cutter: Option<JsonCutter<Box<dyn Read + Send>>>,
    /// Why not.
    damage: Option<io::Error>,
    hashed: Hashed,
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
        let bytes = file.metadata().map_err(failed)?;
        let mut head = Vec::new();
        let most = u64::try_from(HEAD).unwrap_or(u64::MAX);
        let begin = file.by_ref().take(most).read_to_end(&mut head);
        begin.map_err(failed)?;
        let packed = dump::codec(&head).is_some();
        if bytes.is_file() && (packed || head.len() == HEAD) {
            let Sniffed { layers, kind, .. } = sniff(&input.path, &head);
            if matches!(kind, Kind::Json | Kind::JsonLines) {
                let length = bytes.len();
                let opened = Cutting::new(input, layers, kind, length, (head, Box::new(file)));
                let cutting = opened.map_err(failed)?;
                return Ok(self.cut(cutting));
            }
        }
        let length = usize::try_from(bytes.len())
            .unwrap_or(usize::MAX)
            .max(head.len());
        let length = length.saturating_mul(if packed { UNPACKED } else { 1 });
        Ok((Task::Whole(input, head, Box::new(file)), length))
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
        let (mut tasks, mut bytes) = (Vec::new(), 0);
        while tasks.len() < TASKS && bytes < BYTES {
            let Some((task, length)) = self.task() else {
                break;
            };
            bytes = length.saturating_add(bytes);
            tasks.push(task);
        }
        (!tasks.is_empty()).then_some(Batch { tasks, bytes })
    }

    fn size(batch: &Self::Work) -> usize {
        batch.bytes
    }
}

impl Cutting {
    fn new(
        input: &Input,
        layers: Vec<Layer>,
        kind: Kind,
        bytes: u64,
        (head, rest): (Vec<u8>, Box<dyn Read + Send>),
    ) -> io::Result<Self> {
        let hashed = Hashed::default();
        // One byte more than there were shows that it grows, however fast.
        let rest = rest.take((bytes + 1).saturating_sub(wide(head.len())));
        let reader = Hashing {
            reader: io::Cursor::new(head).chain(rest),
            hashed: hashed.clone(),
        };
        let unpacked = layered(Box::new(reader), &layers, &Limits::default());
        let cutter = unpacked.map_err(io::Error::other).and_then(JsonCutter::new);
        let (cutter, damage) = match cutter {
            Ok(cutter) => (Some(cutter), None),
            Err(error) if LayerError::of(&error).is_some() => (None, Some(error)),
            Err(error) => return Err(error),
        };
        let file = Streamed {
            path: input.path.clone(),
            shown: input.file.display().to_string(),
            encoding: cutter.as_ref().map_or(Encoding::Utf8, JsonCutter::encoding),
            layers,
            kind,
            bytes,
        };
        Ok(Self {
            file: Arc::new(file),
            input: input.clone(),
            cutter,
            damage,
            hashed,
        })
    }

    /// Reads what is left of the file. What is wrong with a layer is damage; what is wrong with the file itself is an
    /// error.
    fn end<'i>(self, damage: Option<io::Error>) -> Result<Task<'i>, ReadError> {
        let Self {
            file,
            input,
            cutter,
            hashed,
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
        let (bytes, digest) = hashed.finish(&input, file.bytes).map_err(failed)?;
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

/// What was read of a file so far.
#[derive(Clone, Default)]
struct Hashed(Arc<std::sync::Mutex<(Hasher, u64)>>);

/// A reader that hashes what it gives.
struct Hashing<R> {
    reader: R,
    hashed: Hashed,
}

impl Hashed {
    fn add(&self, bytes: &[u8]) {
        // Nobody panics while holding it.
        if let Ok(mut hashed) = self.0.lock() {
            hashed.0.update(bytes);
            hashed.1 += wide(bytes.len());
        }
    }

    /// The size and digest of the whole file, of which what was not read yet is read now; one byte more than
    /// `bytes` where it has more.
    fn finish(self, input: &Input, bytes: u64) -> io::Result<(u64, Digest)> {
        let mut hashed = self.0.lock().map_or_else(
            |poisoned| std::mem::take(&mut *poisoned.into_inner()),
            |mut hashed| std::mem::take(&mut *hashed),
        );
        let mut rest = dump::opened(&input.file)?;
        io::Seek::seek(&mut rest, io::SeekFrom::Start(hashed.1))?;
        let mut rest = rest.take((bytes + 1).saturating_sub(hashed.1));
        hashed.1 += io::copy(&mut rest, &mut hashed.0)?;
        Ok((hashed.1, hashed.0.finish()))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(into)?;
        self.hashed.add(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

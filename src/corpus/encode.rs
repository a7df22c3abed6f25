//! Files being written: into a container, counted and hashed, synced at the end.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use zstd::stream::write::Encoder as ZstEncoder;

use super::Container;
use super::disk::{Disk, Sink};
use crate::digest::{Digest, Hasher};

/// The level of Zstandard. Fixed, so that the same lines give the same bytes.
const ZSTD_LEVEL: i32 = 3;
/// The level of gzip. Fixed as well.
const GZ_LEVEL: u32 = 6;
/// The operating system that a gzip header names: unknown (RFC 1952, section 2.3.1).
const GZ_UNKNOWN_SYSTEM: u8 = 255;
/// The size of the buffer in front of the disk.
const BUFFER: usize = 256 << 10;

/// A new file that takes plain bytes and stores them in its container.
///
/// A file that is not [finished](Encoded::finish) is cut short.
pub(crate) struct Encoded {
    path: PathBuf,
    encoder: Encoder,
    /// Plain bytes taken.
    bytes: u64,
}

/// A finished file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Finished {
    /// Its size in bytes and the digest over them, as stored.
    pub(super) stored_bytes: u64,
    pub(super) stored: Digest,
}

enum Encoder {
    Plain(Stored),
    Gz(GzEncoder<Stored>),
    Zst(ZstEncoder<'static, Stored>),
}

type Stored = BufWriter<Hashed>;

struct Hashed {
    sink: Box<dyn Sink>,
    bytes: u64,
    hasher: Hasher,
}

impl Encoded {
    /// Creates the file at `path`, where none may be yet.
    pub(crate) fn create(disk: &dyn Disk, path: &Path, container: Container) -> io::Result<Self> {
        let hashed = Hashed {
            sink: disk.create(path)?,
            bytes: 0,
            hasher: Hasher::new(),
        };
        let stored = BufWriter::with_capacity(BUFFER, hashed);
        let encoder = match container {
            Container::Plain => Encoder::Plain(stored),
            Container::Gz => Encoder::Gz(
                GzBuilder::new()
                    .mtime(0)
                    .operating_system(GZ_UNKNOWN_SYSTEM)
                    .write(stored, Compression::new(GZ_LEVEL)),
            ),
            Container::Zst => {
                let mut encoder = ZstEncoder::new(stored, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                Encoder::Zst(encoder)
            }
        };
        Ok(Self {
            path: path.to_path_buf(),
            encoder,
            bytes: 0,
        })
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How many plain bytes it has taken.
    pub(super) const fn plain_bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the container and returns when the file is on stable storage.
    pub(crate) fn finish(self) -> io::Result<Finished> {
        let mut stored = match self.encoder {
            Encoder::Plain(stored) => stored,
            Encoder::Gz(encoder) => encoder.finish()?,
            Encoder::Zst(encoder) => encoder.finish()?,
        };
        stored.flush()?;
        let mut hashed = stored
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        hashed.sink.sync()?;
        Ok(Finished {
            stored_bytes: hashed.bytes,
            stored: hashed.hasher.finish(),
        })
    }
}

impl Write for Encoded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = match &mut self.encoder {
            Encoder::Plain(stored) => stored.write(bytes),
            Encoder::Gz(encoder) => encoder.write(bytes),
            Encoder::Zst(encoder) => encoder.write(bytes),
        }?;
        self.bytes += u64::try_from(taken).unwrap_or(u64::MAX);
        Ok(taken)
    }

    /// Does nothing: bytes are where they belong when the file is finished.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.sink.write(bytes)?;
        self.bytes += u64::try_from(taken).unwrap_or(u64::MAX);
        self.hasher.update(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::io::{Read as _, Write as _};

    use super::Encoded;
    use crate::corpus::{Container, RealDisk, stream};
    use crate::digest::Digest;

    #[test]
    fn the_same_lines_give_the_same_bytes_and_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let text = "a line\n".repeat(10_000);
        for container in [Container::Plain, Container::Gz, Container::Zst] {
            let mut finished = Vec::new();
            for name in ["a", "b"] {
                let path = folder.path().join(format!("{name}{}", container.ending()));
                let mut file = Encoded::create(&RealDisk, &path, container).unwrap();
                file.write_all(text.as_bytes()).unwrap();
                finished.push(file.finish().unwrap());
                let stored = std::fs::read(&path).unwrap();
                let last = finished.last().unwrap();
                assert_eq!(last.stored, Digest::of(&stored));
                assert_eq!(usize::try_from(last.stored_bytes).unwrap(), stored.len());
                let mut back = String::new();
                let mut stream = stream::open(&path, container).unwrap();
                stream.read_to_string(&mut back).unwrap();
                assert_eq!(back, text);
            }
            assert_eq!(finished.first(), finished.last());
        }
    }
}

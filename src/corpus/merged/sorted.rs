//! Shards whose lines are not in order, as temporary files that are.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IntoInnerError, Seek as _};

use super::{CHUNK, id_of, write_run};
use crate::corpus::lines::{Chunk, Limits, ReadError, Reading, Source};

/// How many bytes of lines are sorted at a time.
const BLOCK: usize = 32 << 20;

/// Whether the ids of a source ascend, as far as its lines have one. What cannot be read, and a line without an id,
/// is told where it is read: nothing behind it need be in order, and no file makes much work here.
pub(super) fn is_ordered(source: &Source, limits: Limits) -> bool {
    let Ok(mut reading) = Reading::open(source.clone(), 0) else {
        return true;
    };
    let mut last = String::new();
    let mut spare = Vec::new();
    while let Some(chunk) = reading.next(limits, &mut spare) {
        let Ok(chunk) = chunk else { continue };
        for line in chunk.lines() {
            let Some(id) = id_of(line.bytes) else {
                return true;
            };
            if id < last {
                return false;
            }
            last = id;
        }
        spare.push(chunk.bytes);
    }
    true
}

/// The lines of a source, which is the one of that `number`, in files that are each in order.
///
/// What cannot be read is added to `errors`.
pub(super) fn runs(
    source: Source,
    number: usize,
    limits: Limits,
    errors: &mut impl Extend<ReadError>,
) -> io::Result<Vec<BufReader<File>>> {
    let mut runs = Vec::new();
    let mut reading = match Reading::open(source, number) {
        Ok(reading) => reading,
        Err(error) => {
            errors.extend([error]);
            return Ok(runs);
        }
    };
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while let Some(chunk) = reading.next(limits, &mut Vec::new()) {
        match chunk {
            Ok(chunk) => {
                bytes += chunk.bytes.len();
                lines.extend(single(&chunk));
            }
            Err(error) => errors.extend([error]),
        }
        if bytes >= BLOCK {
            runs.push(written(&mut lines)?);
            bytes = 0;
        }
    }
    runs.push(written(&mut lines)?);
    Ok(runs)
}

/// The lines of a chunk, each by itself, with its id.
fn single(chunk: &Chunk) -> impl Iterator<Item = (String, Chunk)> {
    chunk.lines().map(|line| {
        let id = id_of(line.bytes).unwrap_or_default();
        let mut bytes = line.bytes.to_vec();
        if line.ended {
            bytes.push(b'\n');
        }
        let line = Chunk {
            file: chunk.file.clone(),
            source: chunk.source,
            line: line.number,
            offset: line.offset,
            bytes,
        };
        (id, line)
    })
}

/// Writes the lines in order; lines of one id stay as they came.
fn written(lines: &mut Vec<(String, Chunk)>) -> io::Result<BufReader<File>> {
    lines.sort_by(|(one, _), (two, _)| one.cmp(two));
    let mut out = BufWriter::with_capacity(CHUNK, tempfile::tempfile()?);
    for (_, line) in lines.drain(..) {
        write_run(&mut out, &line)?;
    }
    let mut file = out.into_inner().map_err(IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(BufReader::with_capacity(CHUNK, file))
}

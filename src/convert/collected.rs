//! All that becomes of files, for tests.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::{Converter, Made, Told};
use crate::diagnostic::Diagnostic;
use crate::dump::{Input, InputEntry, ReadError};

/// What became of one file.
pub(crate) struct Collected {
    pub(crate) entry: InputEntry,
    pub(crate) made: Vec<Made>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What becomes of each file.
pub(crate) fn collect(converter: &Converter<'_>, inputs: &[Input]) -> Vec<Collected> {
    let (mut all, mut made, mut diagnostics) = (Vec::new(), Vec::new(), Vec::new());
    let told = converter.run(
        inputs,
        |_, _| (),
        |told| {
            match told {
                Told::Item(entry, item) => {
                    diagnostics.extend(item.found);
                    match item.made {
                        Ok((one, ())) => {
                            entry.count_record(&one.trace.profile.id);
                            made.push(*one);
                        }
                        Err(refused) => entry.refuse(refused),
                    }
                }
                Told::File(entry, found) => {
                    diagnostics.splice(0..0, found);
                    all.push(Collected {
                        entry,
                        made: std::mem::take(&mut made),
                        diagnostics: std::mem::take(&mut diagnostics),
                    });
                }
                Told::Failed(error) => return Err(error),
            }
            Ok::<(), ReadError>(())
        },
    );
    told.unwrap();
    all
}

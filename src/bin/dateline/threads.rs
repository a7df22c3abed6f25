//! How many threads the work is spread over: `--threads`.

use crate::failure::Failure;

/// The most threads that can be asked for. More than a machine has cores help nothing, and each takes
/// memory of its own.
const MOST: i64 = 256;

/// Reads `--threads`: 1 to [`MOST`].
pub(crate) fn parser() -> clap::builder::RangedI64ValueParser<u16> {
    clap::builder::RangedI64ValueParser::new().range(1..=MOST)
}

/// Uses so many threads from here on; without a number, as many as there are cores.
pub(crate) fn set(threads: Option<u16>) -> Result<(), Failure> {
    if let Some(threads) = threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build_global()?;
    }
    Ok(())
}

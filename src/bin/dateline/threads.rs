//! The number of threads: `--threads`.

use crate::failure::Failure;

/// The most threads allowed. More threads than cores do not help, and each takes memory.
const MOST: i64 = 256;

/// Parses `--threads`: 1 to [`MOST`].
pub(crate) fn parser() -> clap::builder::RangedI64ValueParser<u16> {
    clap::builder::RangedI64ValueParser::new().range(1..=MOST)
}

/// Sets the number of threads; without one, as many as there are cores.
pub(crate) fn set(threads: Option<u16>) -> Result<(), Failure> {
    if let Some(threads) = threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build_global()?;
    }
    Ok(())
}

//! `dateline pack`

use crate::args;
use crate::config;
use crate::failure::{Exit, Failure};
use crate::screen::{Screen, count};

pub(crate) fn run(args: &args::Pack, screen: &mut Screen) -> Result<Exit, Failure> {
    let packed = dateline::pack(&args.corpus, config::write_options(&args.corpus)?)?;
    if packed.changed {
        screen.tell(&format!(
            "packed {} into {}; no records changed",
            count(packed.before, "shard"),
            packed.after
        ))?;
    } else {
        screen.tell(&format!(
            "nothing to pack: {}, already as few as possible",
            count(packed.before, "shard")
        ))?;
    }
    Ok(Exit::Clean)
}

//! `dateline link`

use crate::args;
use crate::config;
use crate::failure::{Exit, Failure};
use crate::screen::Screen;

pub(crate) fn run(args: &args::Link, screen: &mut Screen) -> Result<Exit, Failure> {
    let (relations, changed) = dateline::link(&args.corpus, config::write_options(&args.corpus)?)?;
    let state = if changed { "written" } else { "unchanged" };
    screen.tell(&format!("relations: {relations}, {state}"))?;
    Ok(Exit::Clean)
}

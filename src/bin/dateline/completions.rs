//! `dateline completions`

use clap::CommandFactory as _;

use crate::args::{self, Cli};
use crate::failure::{Exit, Failure};
use crate::screen::Screen;

pub(crate) fn run(args: &args::Completions, screen: &mut Screen) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "dateline", &mut script);
    screen.text(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}

//! `dateline man`

use clap::CommandFactory as _;
use dateline::diagnostic::escape::escape;

use crate::args::{self, Cli};
use crate::failure::{Exit, Failure};
use crate::screen::{Screen, count};

pub(crate) fn run(args: &args::Man, screen: &mut Screen) -> Result<Exit, Failure> {
    let Some(folder) = &args.folder else {
        let mut page = Vec::new();
        // As in the folder: there is no page for `help`.
        let command = Cli::command().disable_help_subcommand(true);
        clap_mangen::Man::new(command).render(&mut page)?;
        screen.text(&String::from_utf8_lossy(&page))?;
        return Ok(Exit::Clean);
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!(
            "cannot make the folder `{}`: {error}",
            folder.display()
        ))
        .hint("name a folder; a page for each command is written in it")
    })?;
    clap_mangen::generate_to(Cli::command(), folder)?;
    let mut pages: u64 = 0;
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        pages += u64::from(name.to_string_lossy().starts_with("dateline"));
    }
    screen.tell(&format!(
        "{} in {}",
        count(pages, "page"),
        escape(&folder.display().to_string())
    ))?;
    Ok(Exit::Clean)
}

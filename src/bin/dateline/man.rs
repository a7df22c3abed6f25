//! `dateline man`

use std::io;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use dateline::diagnostic::escape::escape;

use crate::args::{self, Cli};
use crate::failure::{Exit, Failure};
use crate::file;
use crate::screen::{Screen, count};

/// The start of the title of dateline's manual pages.
const TITLE: &str = "\n.TH dateline";

pub(crate) fn run(args: &args::Man, screen: &mut Screen) -> Result<Exit, Failure> {
    let Some(folder) = &args.folder else {
        let mut page = Vec::new();
        // As for a folder, leave out the page for `help`.
        let command = Cli::command().disable_help_subcommand(true);
        clap_mangen::Man::new(command).render(&mut page)?;
        screen.text(&String::from_utf8_lossy(&page))?;
        return Ok(Exit::Clean);
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!(
            "cannot create the folder `{}`: {error}",
            folder.display()
        ))
        .hint("name a folder to write a page for each command to")
    })?;
    let mut pages = Vec::new();
    render(
        Cli::command().disable_help_subcommand(true),
        folder,
        &mut pages,
    )?;
    for (path, _) in &pages {
        no_stranger(path)?;
    }
    for (path, page) in &pages {
        file::replace(path, page)?;
    }
    let pages = u64::try_from(pages.len()).unwrap_or(u64::MAX);
    screen.tell(&format!(
        "{} in {}",
        count(pages, "page"),
        escape(&folder.display().to_string())
    ))?;
    Ok(Exit::Clean)
}

/// The pages of a command and its subcommands, with the paths to write them to.
fn render(
    mut command: clap::Command,
    folder: &Path,
    pages: &mut Vec<(PathBuf, Vec<u8>)>,
) -> io::Result<()> {
    command.build();
    let below = command.get_subcommands().filter(|one| !one.is_hide_set());
    for one in below.cloned() {
        render(one, folder, pages)?;
    }
    let page = clap_mangen::Man::new(command);
    let mut bytes = Vec::new();
    page.render(&mut bytes)?;
    pages.push((folder.join(page.get_filename()), bytes));
    Ok(())
}

/// Refuses to overwrite a file that is not one of dateline's manual pages.
fn no_stranger(path: &Path) -> Result<(), Failure> {
    let page = match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Ok(found) if found.is_file() => {
            let bytes = file::found(path)?;
            String::from_utf8_lossy(&bytes).contains(TITLE)
        }
        Ok(_) | Err(_) => false,
    };
    if page {
        return Ok(());
    }
    let message = format!(
        "`{}` exists and is not one of dateline's manual pages",
        path.display()
    );
    Err(Failure::new(message).hint("name another folder, or move the file away"))
}

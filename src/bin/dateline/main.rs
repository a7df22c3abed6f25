//! The `dateline` command: a client of the library's public API.
//!
//! Each subcommand has a file that calls the library with the arguments and prints the results. Exit
//! codes: 0 clean, 1 problems found, 2 could not run, 3 nothing failed but not verified.

mod adding;
mod args;
mod build;
mod check;
mod cite;
mod clock;
mod completions;
mod config;
mod convert;
mod damage;
mod ending;
mod explain;
mod failure;
mod file;
mod ignored;
mod key;
mod known;
mod link;
mod list;
mod log;
mod look;
mod man;
mod outputs;
mod pack;
mod picture;
mod profile;
mod progress;
mod release;
mod report;
mod repository;
mod schema;
mod screen;
mod seal;
mod show;
mod stdin;
mod threads;
mod verify;
mod withdraw;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use dateline::diagnostic::escape::{escape, is_escaped};

use args::{Cli, Command};
use failure::{COULD_NOT_RUN, Exit, Failure};
use screen::Screen;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if let Some(message) = misspelt() {
                Screen::new(args::Screen::PLAIN).complain("error", &message);
                return ExitCode::from(COULD_NOT_RUN);
            }
            // Help and versions come this way too, and are not failures.
            let said = error.render().to_string();
            if said.chars().any(|c| c != '\n' && is_escaped(c)) {
                // It repeats parts of the command line.
                for line in said.lines() {
                    let _ = writeln!(std::io::stderr(), "{}", escape(line));
                }
            } else {
                let _ = error.print();
            }
            return if error.use_stderr() {
                ExitCode::from(COULD_NOT_RUN)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let mut screen = Screen::new(cli.screen);
    match run(cli, &mut screen) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) => {
            screen.complain("error", &failure.to_string());
            if let Some(help) = failure.help() {
                screen.complain(" help", help);
            }
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// The message for a first word that is neither a command nor a path, but looks like a command.
fn misspelt() -> Option<String> {
    // A word that is not UTF-8 is not close to any command.
    let word = std::env::args_os().nth(1)?.into_string().ok()?;
    if word.starts_with('-') || std::path::Path::new(&word).exists() {
        return None;
    }
    let names: Vec<String> = Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    if names.contains(&word) {
        return None;
    }
    let near = |name: &&String| strsim::osa_distance(name, &word) <= 2;
    let name = names.iter().find(near)?;
    Some(format!(
        "`{word}` is neither a command nor a path; did you mean `dateline {name}`?"
    ))
}

fn run(cli: Cli, screen: &mut Screen) -> Result<Exit, Failure> {
    if let (Some(_), Some(path)) = (&cli.command, &cli.path) {
        let path = path.display();
        return Err(
            Failure::new(format!("the path `{path}` comes before the command")).hint(
                "put the path after the command, as in `dateline check PATH`, or leave out the command to inspect \
                 the path",
            ),
        );
    }
    if let (Some(_), Some(limit)) = (&cli.command, cli.limit) {
        return Err(
            Failure::new("--limit comes before the command").hint(format!(
                "put it after a command that has it, as in `dateline check PATH --limit {limit}`"
            )),
        );
    }
    match (cli.command, cli.path) {
        (Some(Command::Build(args)), _) => {
            build::run(&args, screen).map_err(|failure| failure.of(&args.output))
        }
        (Some(Command::Convert(args)), _) => {
            convert::run(&args, screen).map_err(|failure| match &args.output {
                Some(corpus) => failure.of(corpus),
                None => failure,
            })
        }
        (Some(Command::Link(args)), _) => {
            link::run(&args, screen).map_err(|failure| failure.of(&args.corpus))
        }
        (Some(Command::Check(args)), _) => check::run(&args, screen),
        (Some(Command::Seal(args)), _) => {
            seal::run(&args, screen).map_err(|failure| failure.of(&args.corpus))
        }
        (Some(Command::Verify(args)), _) => verify::run(&args, screen),
        (Some(Command::Pack(args)), _) => {
            pack::run(&args, screen).map_err(|failure| failure.of(&args.corpus))
        }
        (Some(Command::List(args)), _) => {
            list::run(&args, screen).map_err(|failure| failure.of(&args.corpus))
        }
        (Some(Command::Log(args)), _) => log::run(&args, screen),
        (Some(Command::Cite(args)), _) => cite::run(&args, screen),
        (Some(Command::Withdraw(args)), _) => {
            withdraw::run(&args, screen).map_err(|failure| failure.of(&args.corpus))
        }
        (Some(Command::Show(args)), _) => {
            show::run(&args, screen).map_err(|failure| failure.of(&args.corpus))
        }
        (Some(Command::Profile(args)), _) => profile::run(&args, screen),
        (Some(Command::Schema(args)), _) => schema::run(&args, screen),
        (Some(Command::Explain(args)), _) => explain::run(&args, screen),
        (Some(Command::Completions(args)), _) => completions::run(&args, screen),
        (Some(Command::Man(args)), _) => man::run(&args, screen),
        (None, Some(path)) => match misspelt() {
            Some(message) => Err(Failure::new(message)),
            None => look::run(&path, cli.limit, screen),
        },
        (None, None) => Err(Failure::new("name a path to inspect, or a command")),
    }
}

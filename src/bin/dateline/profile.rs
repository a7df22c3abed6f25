//! `dateline profile`

use std::io;
use std::path::Path;

use dateline::diagnostic::escape::{escape, shown};
use dateline::dump::{self, inputs};
use dateline::profile::{self, Profile};

use crate::failure::{Exit, Failure};
use crate::screen::{Screen, count};
use crate::{args, file};

pub(crate) fn run(args: &args::Profile, screen: &mut Screen) -> Result<Exit, Failure> {
    match args {
        args::Profile::List => list(screen),
        args::Profile::Show { id } => show(id, screen),
        args::Profile::Test {
            profiles,
            leftovers,
        } => test(profiles, leftovers.as_deref(), screen),
        args::Profile::Init => {
            screen.text(include_str!("profile_template.yaml"))?;
            Ok(Exit::Clean)
        }
    }
}

/// The profiles on the command line: built-in ones by id, others by file.
pub(crate) struct Profiles {
    built_in: Vec<&'static Profile>,
    read: Vec<Profile>,
}

impl Profiles {
    /// Finds or reads each profile; without names, takes all built-in ones.
    pub(crate) fn read(names: &[String]) -> Result<Self, Failure> {
        let mut all = Self {
            built_in: Vec::new(),
            read: Vec::new(),
        };
        if names.is_empty() {
            all.built_in.extend(profile::builtin());
        }
        for name in names {
            match profile::builtin()
                .iter()
                .find(|profile| profile.id() == name)
            {
                Some(profile) => all.built_in.push(profile),
                None => all.read.push(read(name)?),
            }
        }
        Ok(all)
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<&Profile> {
        self.built_in.iter().copied().chain(&self.read).collect()
    }
}

fn text_of(name: &str) -> io::Result<String> {
    String::from_utf8(file::read(Path::new(name))?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        io::Error::other(format!("byte {at} is not UTF-8"))
    })
}

fn read(name: &str) -> Result<Profile, Failure> {
    let text = text_of(name).map_err(|error| {
        Failure::new(format!(
            "`{name}` is not a built-in profile and cannot be read as a file: {error}"
        ))
        .hint("to list the built-in profiles, run `dateline profile list`")
    })?;
    Profile::parse(&text).map_err(|error| {
        // A line number follows the name without a space.
        let space = if error.line.is_some() { "" } else { " " };
        let failure = Failure::new(format!("{name}:{space}{error}"));
        match error.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}

fn list(screen: &mut Screen) -> Result<Exit, Failure> {
    for profile in profile::builtin() {
        screen.line(&format!(
            "{:<22} {:>3}  {}",
            profile.id(),
            profile.version(),
            profile.title()
        ))?;
    }
    Ok(Exit::Clean)
}

fn show(id: &str, screen: &mut Screen) -> Result<Exit, Failure> {
    match profile::builtin_yaml(id) {
        Some(text) => {
            screen.text(text)?;
            Ok(Exit::Clean)
        }
        None => Err(Failure::new(format!("there is no built-in profile `{id}`"))
            .hint("to list the built-in profiles, run `dateline profile list`")),
    }
}

fn test(names: &[String], leftovers: Option<&Path>, screen: &mut Screen) -> Result<Exit, Failure> {
    let mut exit = Exit::Clean;
    for profile in Profiles::read(names)?.all() {
        let failures = profile::test(profile);
        let untested = profile::example_count(profile) == 0;
        let state = if untested {
            "has no examples, so nothing was tested"
        } else if failures.is_empty() {
            "every example passes"
        } else {
            "examples fail:"
        };
        let line = format!("{}: {state}", profile.id());
        if untested {
            screen.complain("warning", &line);
            screen.complain(
                " help",
                "add `examples`, each with an input and the fields that the profile reads from it",
            );
            exit = Exit::Problems;
        } else {
            screen.tell(&line)?;
        }
        for failure in &failures {
            screen.line(&format!("  {}", escape(&failure.to_string())))?;
            exit = Exit::Problems;
        }
        if let Some(dump) = leftovers {
            show_leftovers(profile, dump, screen)?;
        }
    }
    Ok(exit)
}

fn show_leftovers(profile: &Profile, dump: &Path, screen: &mut Screen) -> Result<(), Failure> {
    let (mut paths, mut texts) = (Vec::new(), Vec::new());
    for input in inputs(&[dump.to_owned()])? {
        let Some(data) = dump::read(&input)?.data else {
            continue;
        };
        if let Ok(text) = String::from_utf8(data)
            && profile.recognises(&text)
        {
            paths.push(input.path);
            texts.push(text);
        }
    }
    let files = u64::try_from(texts.len()).unwrap_or(u64::MAX);
    screen.line(&format!("  matches {} of the dump", count(files, "file")))?;
    let found = profile::leftovers(profile, texts.iter().map(String::as_str));
    let path = |number: usize| paths.get(number).map(String::as_str).unwrap_or_default();
    for (number, mismatch) in &found.unread {
        screen.line(&escape(&format!(
            "  {}: cannot be read: {mismatch}",
            path(*number)
        )))?;
    }
    for repeated in &found.repeated {
        let line = format!("  in {} files: {}", repeated.texts, shown(&repeated.line));
        screen.line(&escape(&line))?;
    }
    for (number, bytes) in &found.caught {
        let line = texts
            .get(*number)
            .and_then(|text| text.get(bytes.clone()))
            .unwrap_or_default();
        let place = format!("{} {}..{}", path(*number), bytes.start, bytes.end);
        screen.line(&escape(&format!(
            "  matched only by a catch-all: {place}: {}",
            shown(line)
        )))?;
    }
    Ok(())
}

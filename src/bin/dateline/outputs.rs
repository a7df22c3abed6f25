//! Checks that the files a command writes are not among those it reads.

use std::path::{Path, PathBuf};

use dateline::corpus::{CONFIG, Corpus, FILES};
use dateline::profile;

use crate::args;
use crate::failure::Failure;
use crate::file;

/// Refuses outputs that would overwrite an input or each other, or whose folder does not exist.
pub(crate) fn guard(args: &args::Check, inputs: &[PathBuf]) -> Result<(), Failure> {
    let output = args.output.file();
    let baseline = args.write_baseline.as_deref();
    if let Some(baseline) = baseline {
        is_a_file("--write-baseline", baseline)?;
    }
    for (option, path) in [("--output", output), ("--write-baseline", baseline)] {
        if let Some(path) = path {
            has_a_folder(option, path)?;
        }
    }
    if let (Some(output), Some(baseline)) = (output, baseline)
        && same(output, baseline)
    {
        let what = "would overwrite the file of --write-baseline";
        return Err(refused("--output", output, what));
    }
    // A new baseline may replace the one that was read.
    if let (Some(output), Some(known)) = (output, args.baseline.as_deref())
        && same(output, known)
    {
        return Err(refused("--output", output, "would overwrite the baseline"));
    }
    let profiles = args.profiles.iter();
    let profiles = profiles.filter(|name| profile::builtin_yaml(name).is_none());
    let profiles: Vec<&Path> = profiles.map(Path::new).collect();
    for (option, path) in [("--output", output), ("--write-baseline", baseline)] {
        let Some(path) = path else { continue };
        if profiles.iter().any(|profile| same(path, profile)) {
            return Err(refused(option, path, "would overwrite the profile"));
        }
        for input in inputs.iter().chain(&args.raw).chain(&args.against) {
            if is_of(path, input) {
                let what = format!("would change what is checked, `{}`", input.display());
                return Err(refused(option, path, &what));
            }
        }
    }
    Ok(())
}

/// Refuses an output that cannot be written, or that would change an input.
pub(crate) fn outside(option: &str, path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    is_a_file(option, path)?;
    has_a_folder(option, path)?;
    let read = inputs.iter().find(|input| is_of(path, input));
    read.map_or(Ok(()), |input| {
        let what = format!("would change what is read, `{}`", input.display());
        Err(refused(option, path, &what))
    })
}

/// Refuses standard output.
fn is_a_file(option: &str, path: &Path) -> Result<(), Failure> {
    if file::is_stdout(path) {
        let message = format!("{option} cannot write to standard output");
        return Err(Failure::new(message).hint("name a file; for a file called `-`, write `./-`"));
    }
    Ok(())
}

/// Refuses a file in a folder that does not exist.
fn has_a_folder(option: &str, path: &Path) -> Result<(), Failure> {
    let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    if let Some(folder) = path.parent().filter(missing) {
        let shown = folder.display();
        let what = format!("cannot be written: the folder `{shown}` does not exist");
        return Err(refused(option, path, &what).hint(format!("create `{shown}` first")));
    }
    Ok(())
}

fn refused(option: &str, path: &Path, what: &str) -> Failure {
    Failure::new(format!("{option} `{}` {what}", path.display())).hint("name another file")
}

/// Whether `path` is the file `input`, or is in the folder `input`. The top folder of a corpus may also
/// contain files that are not part of the corpus, such as a report.
fn is_of(path: &Path, input: &Path) -> bool {
    let Ok(input) = input.canonicalize() else {
        return false;
    };
    let path = resolved(path);
    if !input.is_dir() {
        return path == input;
    }
    let Ok(below) = path.strip_prefix(&input) else {
        return false;
    };
    if Corpus::open(&input).is_err() {
        return true;
    }
    below.components().count() > 1 || below == Path::new(CONFIG) || below == Path::new(FILES)
}

fn same(one: &Path, two: &Path) -> bool {
    resolved(one) == resolved(two)
}

/// The path without links; for a file that does not exist yet, the path of its folder with its name.
fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        path.file_name()
            .map_or_else(|| folder.clone(), |name| folder.join(name))
    })
}

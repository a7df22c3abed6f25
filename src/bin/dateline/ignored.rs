//! Files that `check` ignores on request.
//!
//! `.datelineignore` files have the syntax of `gitignore(5)` and apply to their folder and those below.
//! `--ignore` applies to the named folder and takes precedence. They only affect checks of a folder with a
//! raw dump or files of records: a corpus is always checked whole, and converting or building ignores no
//! files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dateline::diagnostic::escape::escape_bytes;
use dateline::diagnostic::{Diagnostic, Place, codes};
use dateline::dump::{Input, Listed, PassedOver, inputs, list};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::failure::Failure;
use crate::file;

/// The name of a file with patterns to ignore.
const NAME: &str = ".datelineignore";

/// The files below a folder.
pub(crate) struct Files {
    /// The files to check.
    pub(crate) kept: Vec<Input>,
    /// How many files are ignored, not counting the ignore files themselves.
    pub(crate) ignored: u64,
    /// Findings about paths that are not UTF-8, which neither a pattern nor a ledger can name, and about
    /// broken links.
    pub(crate) unnamed: Vec<Diagnostic>,
    /// What is neither a file nor a folder.
    pub(crate) passed_over: PassedOver,
}

impl Files {
    /// The files below a folder, or the file itself.
    pub(crate) fn below(path: &Path, patterns: &[String]) -> Result<Self, Failure> {
        if !path.is_dir() {
            return Ok(Self {
                kept: inputs(&[path.to_owned()])?,
                ignored: 0,
                unnamed: Vec::new(),
                passed_over: PassedOver::default(),
            });
        }
        let Listed {
            inputs: all,
            unnamed,
            passed_over,
        } = list(&[path.to_owned()])?;
        no_files(path, &all)?;
        let (rules, all): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|input| input.path.rsplit('/').next() == Some(NAME));
        let ignored = Ignored::read(&rules, patterns)?;
        let (others, kept): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|input| ignored.covers(&input.path));
        if kept.is_empty() && unnamed.is_empty() {
            let shown = path.display();
            return Err(Failure::new(format!("every file in `{shown}` is ignored"))
                .hint(format!("check the patterns in `{NAME}` and --ignore")));
        }
        Ok(Self {
            kept,
            ignored: u64::try_from(others.len()).unwrap_or(u64::MAX),
            unnamed: unnamed
                .iter()
                .map(|path| no_name(path))
                .chain(passed_over.dangling.iter().map(|path| leads_nowhere(path)))
                .collect(),
            passed_over,
        })
    }
}

/// The finding about a path that is not UTF-8.
fn no_name(path: &Path) -> Diagnostic {
    let bytes = path.as_os_str().as_encoded_bytes();
    let message = format!("the path `{}` is not UTF-8", escape_bytes(bytes));
    let place = Place::file(path.display().to_string());
    Diagnostic::new(codes::FILE_UNREADABLE, place, message)
        .hint("rename it; a ledger cannot contain this path, so the file is not converted")
}

/// The finding about a broken link.
fn leads_nowhere(path: &Path) -> Diagnostic {
    let target = std::fs::read_link(path).unwrap_or_default();
    let shown = escape_bytes(target.as_os_str().as_encoded_bytes());
    let message = format!("the link points to `{shown}`, which does not exist");
    Diagnostic::new(
        codes::INPUT_LINK,
        Place::file(path.display().to_string()),
        message,
    )
    .hint("put the file there, or remove the link; to fetch files, use `git annex get` or `git lfs pull`")
}

/// Refuses anything with the name of an ignore file that is not a file: somebody meant it to have an effect.
fn no_files(root: &Path, inputs: &[Input]) -> Result<(), Failure> {
    let folders: BTreeSet<&str> = inputs
        .iter()
        .flat_map(|input| {
            let ends = input.path.match_indices('/').map(|(end, _)| end);
            ends.filter_map(|end| input.path.get(..end))
        })
        .chain([""])
        .collect();
    for folder in folders {
        let path = root.join(folder).join(NAME);
        let Ok(there) = path.symlink_metadata() else {
            continue;
        };
        if !there.is_file() {
            let what = if there.is_dir() {
                "is a folder"
            } else {
                "is not a regular file"
            };
            let message = format!("`{}` {what}, so it cannot be read", path.display());
            return Err(Failure::new(message)
                .hint("make it a regular file with patterns to ignore; links are not followed"));
        }
    }
    Ok(())
}

/// The rules for the files below a folder.
struct Ignored {
    /// The rules in each folder, by its path; the path of the folder itself is empty.
    folders: BTreeMap<String, Gitignore>,
    /// The rules on the command line.
    asked: Gitignore,
}

impl Ignored {
    fn read(rules: &[Input], asked: &[String]) -> Result<Self, Failure> {
        let mut folders = BTreeMap::new();
        for input in rules {
            let wrong = |error: &dyn std::fmt::Display| {
                Failure::new(format!("cannot read `{}`: {error}", input.file.display()))
            };
            let bytes = file::read(&input.file).map_err(|error| wrong(&error))?;
            let text = String::from_utf8(bytes).map_err(|error| wrong(&error))?;
            // Some editors write a byte order mark. git skips it, too.
            let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
            let mut rules = builder();
            for (number, line) in (1..).zip(text.lines()) {
                rules.add_line(None, &plain_braces(line)).map_err(|error| {
                    wrong(&format!(
                        "line {number} is not a valid pattern: {}",
                        why(&error)
                    ))
                })?;
            }
            let rules = rules.build().map_err(|error| wrong(&why(&error)))?;
            let (folder, _) = input.path.rsplit_once('/').unwrap_or_default();
            folders.insert(folder.to_owned(), rules);
        }
        Ok(Self {
            folders,
            asked: patterns(asked)?,
        })
    }

    /// Whether a file, or a folder that it is in, is ignored.
    fn covers(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(end, _)| end);
        folders
            .filter_map(|end| path.get(..end))
            .any(|folder| self.names(folder, true))
            || self.names(path, false)
    }

    /// Whether the last rule that matches a path ignores it.
    fn names(&self, path: &str, is_folder: bool) -> bool {
        let about = |rules: &Gitignore, below: &str| match rules.matched(below, is_folder) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        };
        let own = || {
            // The nearest folder takes precedence.
            let starts = path.match_indices('/').map(|(at, _)| at).rev();
            let nearest = starts.filter_map(|at| {
                let rules = self.folders.get(path.get(..at)?)?;
                about(rules, path.get(at + 1..)?)
            });
            let root = || about(self.folders.get("")?, path);
            nearest.map(Some).next().unwrap_or_else(root)
        };
        about(&self.asked, path).or_else(own).unwrap_or(false)
    }
}

/// Refuses an invalid `--ignore` pattern, even if there are no folders to apply it to.
pub(crate) fn refuse(asked: &[String]) -> Result<(), Failure> {
    patterns(asked).map(drop)
}

/// The rules of the command line.
fn patterns(asked: &[String]) -> Result<Gitignore, Failure> {
    let mut rules = builder();
    for (number, pattern) in (1..).zip(asked) {
        let wrong = |why: &dyn std::fmt::Display| {
            let place = match asked.len() {
                1 => String::new(),
                all => format!(", {number} of {all},"),
            };
            Failure::new(format!(
                "`--ignore {pattern}`{place} is not a valid pattern: {why}"
            ))
        };
        if pattern.starts_with('#') {
            return Err(
                wrong(&"it is a comment").hint("to match a name that begins with `#`, write `\\#`")
            );
        }
        let named = pattern.strip_prefix('!').unwrap_or(pattern);
        if named.trim_matches(['/', ' ']).is_empty() {
            return Err(wrong(&"it matches nothing"));
        }
        rules
            .add_line(None, &plain_braces(pattern))
            .map_err(|error| wrong(&why(&error)))?;
    }
    rules
        .build()
        .map_err(|error| Failure::new(format!("--ignore cannot be used: {}", why(&error))))
}

/// Rules for paths relative to one folder. Git silently skips a pattern with an unclosed `[`; here it is an
/// error, because somebody meant it to match something.
fn builder() -> GitignoreBuilder {
    let mut rules = GitignoreBuilder::new("");
    rules.allow_unclosed_class(false);
    rules
}

/// Converts a pattern of git for the `ignore` crate: git has no alternatives, so braces match themselves.
fn plain_braces(pattern: &str) -> String {
    let mut out = String::new();
    // The position of the first character in the open class, where `]` does not close the class.
    let mut class = None;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        if class.is_none() && matches!(character, '{' | '}') {
            out.push('\\');
        }
        out.push(character);
        match character {
            '\\' => out.extend(characters.next()),
            '[' if class.is_none() => {
                out.extend(characters.next_if(|next| matches!(next, '!' | '^')));
                class = Some(out.len());
            }
            ']' if class.is_some_and(|first| out.len() > first + 1) => class = None,
            _ => {}
        }
    }
    out
}

/// What is wrong with a pattern, without the pattern itself.
fn why(error: &ignore::Error) -> String {
    if let ignore::Error::Glob { err, .. } = error {
        err.clone()
    } else {
        error.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

    use std::process::Command;

    use dateline::dump::inputs;

    use super::{Files, NAME};

    const FILES: [&str; 17] = [
        "a.txt",
        "b.log",
        "keep.log",
        "#x",
        "!y",
        "sp ",
        "star*",
        "starry",
        "{a,b}",
        "x{",
        "y}",
        "tmp/a.txt",
        "sub/tmp",
        "sub/a.txt",
        "sub/deep/b.log",
        "sub/deep/c.txt",
        "sub/deep/er/d.txt",
    ];

    fn kept(root: &std::path::Path, asked: &[&str]) -> Vec<String> {
        let asked: Vec<String> = asked.iter().map(|text| (*text).to_owned()).collect();
        let files = Files::below(root, &asked).unwrap();
        let theirs = |path: &str| path.ends_with(".gitignore");
        let listed = inputs(&[root.to_owned()]).unwrap();
        let others = listed.iter().filter(|input| theirs(&input.path)).count();
        let all = files.kept.len() + usize::try_from(files.ignored).unwrap();
        assert_eq!(all, FILES.len() + others);
        let kept = files.kept.into_iter().map(|input| input.path);
        kept.filter(|path| !theirs(path)).collect()
    }

    /// A folder with [`FILES`] and these ignore files.
    fn folder(rules: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in FILES {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        for (below, text) in rules {
            for name in [NAME, ".gitignore"] {
                std::fs::write(folder.path().join(below).join(name), text).unwrap();
            }
        }
        folder
    }

    /// What git leaves, where it is installed.
    fn git(root: &std::path::Path) -> Option<Vec<String>> {
        let git = |args: &[&str]| {
            Command::new("git")
                .args(args)
                .current_dir(root)
                .output()
                .ok()
        };
        git(&["init", "-q"])?;
        let out = git(&[
            "ls-files",
            "-z",
            "--others",
            "--exclude-per-directory=.gitignore",
        ])?;
        let listed = String::from_utf8(out.stdout).unwrap();
        let mut files: Vec<String> = listed
            .split('\0')
            .filter(|name| !name.is_empty() && !name.ends_with("ignore"))
            .map(str::to_owned)
            .collect();
        files.sort();
        Some(files)
    }

    #[test]
    fn what_git_leaves_is_left() {
        let cases: [&[(&str, &str)]; 20] = [
            &[("", "*.log\n!keep.log\n")],
            &[("", "# all\n\n\\#x\n\\!y\n\\star\\*\n")],
            &[("", "sp\\ \n")],
            &[("", "sp \n")],
            &[("", "tmp/\n")],
            &[("", "tmp\n")],
            &[("", "/tmp\n")],
            &[("", "sub/**\n!sub/a.txt\n")],
            &[("", "sub/\n!sub/a.txt\n")],
            &[("", "**/deep/*.txt\n")],
            &[("", "sub/**/d.txt\r\n")],
            &[("", "[^ab].*\ns[a-u]b\n")],
            &[("", "*.txt\n"), ("sub", "!a.txt\ndeep/er\n")],
            &[("", "s**y\nsub/*\n!sub/deep\n")],
            &[("", "{a,b}\n")],
            &[("", "{a,b}.*\n")],
            &[("", "x{\n*}\n")],
            &[("", "\\{a,b\\}\n")],
            &[("", "?[{]\n")],
            &[("", "[]x][!]a}]\n")],
        ];
        for rules in cases {
            let folder = folder(rules);
            let ours = kept(folder.path(), &[]);
            match git(folder.path()) {
                Some(theirs) => assert_eq!(ours, theirs, "{rules:?}"),
                None => println!("not compared, as git is not installed: {rules:?}"),
            }
        }
    }

    #[test]
    fn the_command_line_has_the_last_word() {
        let folder = folder(&[("", "*.log\n")]);
        assert!(
            !kept(folder.path(), &["sub"])
                .iter()
                .any(|path| path.starts_with("sub/"))
        );
        assert!(
            kept(folder.path(), &["!b.log"])
                .iter()
                .any(|path| path == "b.log")
        );
        assert!(Files::below(folder.path(), &["[".to_owned()]).is_err());
        let refused = |asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|text| (*text).to_owned()).collect();
            super::refuse(&asked).unwrap_err().to_string()
        };
        assert_eq!(
            refused(&["a", " "]),
            "`--ignore  `, 2 of 2, is not a valid pattern: it matches nothing"
        );
        assert_eq!(
            refused(&["!/"]),
            "`--ignore !/` is not a valid pattern: it matches nothing"
        );
        assert_eq!(
            refused(&["#a"]),
            "`--ignore #a` is not a valid pattern: it is a comment"
        );
        assert!(Files::below(folder.path(), &["*".to_owned()]).is_err());
    }
}

//! The paths of files in their repository.
//!
//! GitHub and GitLab locate a finding by the path of its file from the root of the repository. This path
//! must not depend on the working folder or on how an input is spelled: `corpus`, `../news/corpus`, an
//! absolute path and a path through a link are all the same file in the repository.
//!
//! The root is the folder that the service names (`GITHUB_WORKSPACE`, `CI_PROJECT_DIR`) if the file is in
//! it, or else the nearest folder above the file that has a `.git`. A file outside any repository keeps its
//! name.

use std::collections::BTreeMap;
use std::env;
use std::path::{Component, Path, PathBuf};

use dateline::diagnostic::Format;

/// The variables in which services name the root of the repository.
const ROOTS: [&str; 2] = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];

/// Whether the readers of a format expect paths from the root of a repository.
pub(crate) const fn is_named_from(format: Format) -> bool {
    matches!(format, Format::Github | Format::Gitlab | Format::Sarif)
}

/// The names of files in a repository.
pub(crate) struct Names {
    here: Option<PathBuf>,
    roots: Vec<PathBuf>,
    known: BTreeMap<String, String>,
}

impl Default for Names {
    fn default() -> Self {
        let roots = ROOTS.iter().filter_map(env::var_os);
        let roots = roots.filter(|root| !root.is_empty()).map(PathBuf::from);
        Self {
            here: env::current_dir().ok(),
            roots: roots.filter(|root| root.is_absolute()).collect(),
            known: BTreeMap::new(),
        }
    }
}

impl Names {
    /// The path in the repository of a file that a report calls `name`.
    pub(crate) fn of(&mut self, name: &str) -> String {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let found = self.find(name).unwrap_or_else(|| name.to_owned());
        self.known.insert(name.to_owned(), found.clone());
        found
    }

    fn find(&self, name: &str) -> Option<String> {
        let is_no_path = name.is_empty() || (name.starts_with('<') && name.ends_with('>'));
        if is_no_path {
            return None;
        }
        let written = self.here.as_ref()?.join(name);
        // A link to a place outside is in the repository under its own name; a link from outside leads into
        // the repository.
        let whole = written.canonicalize().ok();
        let real = match &whole {
            Some(whole) if whole.is_dir() => whole.clone(),
            Some(_) | None => without_links(&written),
        };
        let paths: Vec<PathBuf> = [real, plain(&written)].into_iter().chain(whole).collect();
        let from_root = |root: &PathBuf| {
            let roots = [root.canonicalize().ok(), Some(plain(root))];
            let roots: Vec<_> = roots.into_iter().flatten().collect();
            let pairs = paths
                .iter()
                .flat_map(|path| roots.iter().map(move |root| (path, root)));
            pairs.into_iter().find_map(|(path, root)| below(path, root))
        };
        let named = self.roots.iter().find_map(from_root);
        named.or_else(|| {
            paths.iter().find_map(|path| {
                let root = path
                    .ancestors()
                    .find(|folder| folder.join(".git").exists())?;
                below(path, root)
            })
        })
    }
}

/// The path from `root` to a path below it, with `/` between its parts; `.` for the root itself.
fn below(path: &Path, root: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.components();
    let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
    let parts = parts?;
    Some(if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    })
}

/// A path without links among its folders. The file itself may be a link, as the repository has it.
fn without_links(path: &Path) -> PathBuf {
    let mut behind = Vec::new();
    let mut above = path;
    // What does not exist cannot be a link.
    while let (Some(folder), Some(name)) = (above.parent(), above.file_name()) {
        behind.push(name);
        if let Ok(real) = folder.canonicalize() {
            let parts = behind.iter().rev();
            return real.join(parts.collect::<PathBuf>());
        }
        above = folder;
    }
    path.canonicalize().unwrap_or_else(|_| plain(path))
}

/// A path without `.` and `..`, resolved by name only.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
    }
    out
}

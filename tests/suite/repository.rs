//! Paths in the reports that GitHub and GitLab read: from the root of the repository, however an input is
//! spelled and wherever the tool runs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::tool::{copy, dateline, run};

/// A folder with a repository in it, which holds a corpus with one finding.
struct Repository {
    folder: tempfile::TempDir,
    /// The path of the file at fault, from the root of the repository.
    file: String,
}

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("my news");
        fs::create_dir_all(root.join(".git")).unwrap();
        let corpus = root.join("data/corpus #1");
        copy(Path::new("examples/demo-corpus"), &corpus);
        let shard = fs::read_dir(corpus.join("records"))
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        let text = fs::read_to_string(shard.path()).unwrap();
        fs::write(
            shard.path(),
            text.replacen("\"id\":\"art-", "\"id\":\"art ", 1),
        )
        .unwrap();
        let name = shard.file_name().into_string().unwrap();
        Self {
            folder,
            file: format!("data/corpus #1/records/{name}"),
        }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("my news")
    }

    /// The file that the three formats name for the defect.
    fn named(here: &Path, path: &Path, env: Option<(&str, &Path)>) -> [String; 3] {
        let show = |format: &str| {
            let mut command = dateline(["check", "--format", format]);
            command.arg(path).current_dir(here);
            command.envs(env);
            let (code, said) = run(&mut command);
            assert_eq!(code, 1, "{said}");
            said
        };
        let github = show("github");
        let line = github
            .lines()
            .find(|line| line.contains("title=id-form"))
            .unwrap();
        let file = line
            .strip_prefix("::error file=")
            .unwrap()
            .split(",line=")
            .next()
            .unwrap();
        let gitlab: serde_json::Value = serde_json::from_str(&show("gitlab")).unwrap();
        let issue = gitlab
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["check_name"] == "id-form");
        let sarif: serde_json::Value = serde_json::from_str(&show("sarif")).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let result = results
            .iter()
            .find(|one| one["ruleId"] == "id-form")
            .unwrap();
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        [
            file.to_owned(),
            issue.unwrap()["location"]["path"]
                .as_str()
                .unwrap()
                .to_owned(),
            uri.as_str().unwrap().to_owned(),
        ]
    }

    fn wanted(&self) -> [String; 3] {
        let uri = self.file.replace(' ', "%20").replace('#', "%23");
        [self.file.clone(), self.file.clone(), uri]
    }
}

#[test]
fn paths_are_those_of_the_repository() {
    let repository = Repository::new();
    let root = repository.root();
    let outside = root.parent().unwrap().join("elsewhere");
    fs::create_dir(&outside).unwrap();
    symlink(&root, outside.join("link")).unwrap();
    symlink("data/corpus #1", root.join("newest")).unwrap();
    symlink(root.join(&repository.file), outside.join("shard.jsonl")).unwrap();
    let data = root.join("data");
    for (here, path) in [
        (&root, "data/corpus #1"),
        (&root, "./data/../data/corpus #1/"),
        (&root, "newest"),
        (&data, "corpus #1"),
        (&data, "../data/corpus #1"),
        (&data, "../newest"),
        (&outside, "link/data/corpus #1"),
        (&outside, "link/newest"),
        (&outside, "../my news/data/corpus #1"),
        (&outside, "shard.jsonl"),
    ] {
        let path = Path::new(path);
        assert_eq!(
            Repository::named(here, path, None),
            repository.wanted(),
            "{path:?}"
        );
    }
    let absolute = root.join(&repository.file);
    assert_eq!(
        Repository::named(&outside, &absolute, None),
        repository.wanted()
    );
}

#[test]
fn the_root_is_the_one_that_the_service_names() {
    let repository = Repository::new();
    let root = repository.root();
    fs::remove_dir(root.join(".git")).unwrap();
    let data = root.join("data");
    let outside = root.parent().unwrap();
    symlink(&root, outside.join("link")).unwrap();
    for name in ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"] {
        for workspace in [&root, &outside.join("link")] {
            let env = Some((name, workspace.as_path()));
            let named = Repository::named(&data, Path::new("corpus #1"), env);
            assert_eq!(named, repository.wanted());
        }
        // A nested checkout does not matter where the service names the root.
        fs::create_dir_all(data.join(".git")).unwrap();
        let env = Some((name, root.as_path()));
        let named = Repository::named(&data, Path::new("./corpus #1"), env);
        assert_eq!(named, repository.wanted());
        fs::remove_dir(data.join(".git")).unwrap();
    }
    // A file of another place keeps its name.
    let env = Some(("GITHUB_WORKSPACE", Path::new("/nowhere")));
    let named = Repository::named(&data, Path::new("corpus #1"), env);
    let (_, below) = repository.file.split_once('/').unwrap();
    assert_eq!(named.first().unwrap(), below);
}

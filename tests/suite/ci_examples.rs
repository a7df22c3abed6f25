//! `examples/ci`, run as far as it goes without a CI: the files are read, and their scripts run by a
//! shell in a folder with a corpus.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;

use crate::tool::copy;

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A folder with a corpus in it: the example, or one of which an id is wrong.
fn folder(good: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    copy(Path::new("examples/demo-corpus"), &corpus);
    if !good {
        let shard = fs::read_dir(corpus.join("records"))
            .unwrap()
            .next()
            .unwrap();
        let path = shard.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replacen("\"id\":\"art-", "\"id\":\"art ", 1)).unwrap();
    }
    folder
}

/// What a script exits with, and what it says.
fn run(shell: &str, script: &str, folder: &Path, env: &BTreeMap<String, String>) -> (i32, String) {
    let binary = Path::new(env!("CARGO_BIN_EXE_dateline")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new(shell)
        // As GitHub runs `shell: bash`.
        .args(["-e", "-c", script])
        .current_dir(folder)
        .envs(env)
        .env("PATH", format!("{}:{path}", binary.display()))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

/// Runs the steps of the action with these inputs, and the others as they are unless they are given.
fn action(folder: &Path, with: &[(&str, &str)]) -> (i32, String) {
    let action = yaml("examples/ci/github/action.yml");
    let mut last = (0, String::new());
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        assert_eq!(step["shell"], "bash");
        let mut env = BTreeMap::new();
        for (name, value) in step["env"].as_mapping().unwrap() {
            let value = value.as_str().unwrap();
            let input = value
                .strip_prefix("${{ inputs.")
                .and_then(|rest| rest.strip_suffix(" }}"))
                .unwrap();
            let given = with.iter().find(|(name, _)| *name == input);
            let default = || action["inputs"][input]["default"].as_str().unwrap();
            let value = given.map_or_else(default, |(_, value)| value);
            env.insert(name.as_str().unwrap().to_owned(), value.to_owned());
        }
        for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
            let file = folder.join(name).display().to_string();
            env.insert(name.to_owned(), file);
        }
        let root = folder.display().to_string();
        let temp = folder.join("temp");
        fs::create_dir_all(&temp).unwrap();
        env.insert("GITHUB_WORKSPACE".to_owned(), root);
        env.insert("RUNNER_TEMP".to_owned(), temp.display().to_string());
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "values come in by the environment");
        last = run("bash", script, folder, &env);
        if last.0 != 0 {
            break;
        }
    }
    last
}

#[test]
fn the_action_annotates_summarises_and_writes_sarif() {
    let clean = folder(true);
    let (code, said) = action(clean.path(), &[]);
    assert_eq!(code, 0, "{said}");
    let broken = folder(false);
    let (code, said) = action(broken.path(), &[]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("::error file=corpus/records/part-00000-"),
        "{said}"
    );
    assert!(said.contains(",title=id-form::"), "{said}");
    let read = |name: &str| fs::read_to_string(broken.path().join(name)).unwrap();
    let output = read("GITHUB_OUTPUT");
    let report = broken.path().join("temp/dateline.sarif");
    assert_eq!(output, format!("sarif={}\n", report.display()));
    assert!(read("GITHUB_STEP_SUMMARY").contains("| error | `id-form` | 1 |"));
    let sarif: serde_json::Value = serde_json::from_str(&read("temp/dateline.sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["ruleId"] == "id-form"));
}

/// The step of the workflow that runs the action, on the example: it passes, and hands on a report.
#[test]
fn the_workflow_passes_on_the_example() {
    let workflow = yaml("examples/ci/github/workflow.yml");
    let steps = workflow["jobs"]["check"]["steps"].as_sequence().unwrap();
    let step = steps.iter().find(|step| step["id"] == "dateline").unwrap();
    let inputs = &yaml("examples/ci/github/action.yml")["inputs"];
    let with: Vec<(&str, &str)> = step["with"]
        .as_mapping()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str().unwrap(), value.as_str().unwrap()))
        .collect();
    for (name, _) in &with {
        assert!(inputs.get(*name).is_some(), "the action has no `{name}`");
    }
    let folder = folder(true);
    let (code, said) = action(folder.path(), &with);
    assert_eq!(code, 0, "{said}");
    let uploads = steps.iter().find(|step| {
        let uses = step["uses"].as_str().unwrap_or_default();
        uses.contains("upload-sarif")
    });
    let file = uploads.unwrap()["with"]["sarif_file"].as_str().unwrap();
    assert_eq!(file, "${{ steps.dateline.outputs.sarif }}");
    let output = fs::read_to_string(folder.path().join("GITHUB_OUTPUT")).unwrap();
    let name = output.trim().strip_prefix("sarif=").unwrap();
    assert!(folder.path().join(name).is_file());
}

#[test]
fn several_paths_with_spaces_are_checked() {
    let folder = folder(false);
    let at = |name: &str| folder.path().join(name);
    fs::rename(at("corpus"), at("my corpus #1")).unwrap();
    copy(Path::new("examples/demo-corpus"), &at("second one"));
    let paths = "my corpus #1\n\nsecond one\n";
    let (code, said) = action(folder.path(), &[("paths", paths)]);
    assert_eq!(code, 1, "{said}");
    let place = "::error file=my corpus #1/records/part-00000-";
    assert!(said.contains(place), "{said}");
    assert!(
        said.contains("12 records") || said.contains("14 records"),
        "{said}"
    );

    let job = &yaml("examples/ci/gitlab/gitlab-ci.yml")["dateline"];
    let lines = job["script"].as_sequence().unwrap().iter();
    let script = lines
        .map(|line| line.as_str().unwrap())
        .collect::<Vec<_>>()
        .join("\n");
    let env = BTreeMap::from([("DATELINE_PATHS".to_owned(), paths.to_owned())]);
    let (code, said) = run("sh", &script, folder.path(), &env);
    assert_eq!(code, 1, "{said}");
    let quality = fs::read_to_string(at("gl-code-quality-report.json")).unwrap();
    assert!(
        quality.contains("\"path\": \"my corpus #1/records/part-00000-"),
        "{quality}"
    );
}

#[test]
fn the_gitlab_job_writes_what_it_keeps() {
    let job = &yaml("examples/ci/gitlab/gitlab-ci.yml")["dateline"];
    let env: BTreeMap<String, String> = job["variables"]
        .as_mapping()
        .unwrap()
        .iter()
        .map(|(name, value)| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(name), text(value))
        })
        .collect();
    let lines = ["before_script", "script"].iter().flat_map(|part| {
        let lines = job[*part].as_sequence().unwrap();
        lines.iter().map(|line| line.as_str().unwrap())
    });
    let script = lines.collect::<Vec<_>>().join("\n");
    for (good, wanted) in [(true, 0), (false, 1)] {
        let folder = folder(good);
        let (code, said) = run("sh", &script, folder.path(), &env);
        assert_eq!(code, wanted, "{said}");
        let kept = |name: &str| {
            let file = job["artifacts"]["reports"][name].as_str().unwrap();
            fs::read_to_string(folder.path().join(file)).unwrap()
        };
        let quality: serde_json::Value = serde_json::from_str(&kept("codequality")).unwrap();
        let grave = |issue: &serde_json::Value| issue["severity"] == "critical";
        assert_eq!(quality.as_array().unwrap().iter().any(grave), !good);
        assert_eq!(kept("junit").contains("<failure "), !good);
    }
}

#[test]
fn the_hooks_take_what_shards_are_called() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let configured = yaml("examples/ci/pre-commit/.pre-commit-config.yaml");
    let ids = |value: &Value| -> Vec<String> {
        let list = value.as_sequence().unwrap();
        list.iter()
            .map(|hook| hook["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let known = ids(&hooks);
    for id in ids(&configured["repos"][0]["hooks"]) {
        assert!(known.contains(&id), "there is no hook {id}");
    }
    let shard = "corpus/records/part-00000-0123456789abcdef.jsonl.zst";
    for hook in hooks.as_sequence().unwrap() {
        let files = regex::Regex::new(hook["files"].as_str().unwrap()).unwrap();
        assert!(files.is_match(shard));
        assert!(!files.is_match("corpus/README.md"));
        // What the hook runs is run on a shard, as pre-commit would.
        let folder = folder(false);
        let entry = hook["entry"].as_str().unwrap();
        let script = format!("{entry} corpus/records/part-*.jsonl");
        let (code, said) = run("sh", &script, folder.path(), &BTreeMap::new());
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("error[id-form]"), "{said}");
    }
}

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use super::{Compress, Config, ConfigError, Origin};
use crate::corpus::{Container, WriteOptions, Writer};
use crate::record::IdRule;

const HEAD: &str = "format: dateline-config/1\norigin: news.example/courier\ntitle: Courier\n";

fn vectors(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schemas/v1/vectors")
        .join(folder)
        .join("config");
    let files = fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn the_vectors_of_the_schema_agree() {
    // JSON is YAML.
    for path in vectors("valid") {
        let config = Config::parse(&fs::read(&path).unwrap());
        assert!(config.is_ok(), "{}: {config:?}", path.display());
    }
    for path in vectors("invalid/schema") {
        let config = Config::parse(&fs::read(&path).unwrap());
        assert!(config.is_err(), "{}: {config:?}", path.display());
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, message) in [
        ("titel: x", "field `titel` is not known here; known are"),
        ("title: Again", "field `title` occurs twice"),
        (
            "license: ''",
            "license: the text is empty at line 4 column 10",
        ),
        (
            "contact: 12",
            "contact: expected a string, found `12`, at line 4",
        ),
        (
            "contact:",
            "contact: expected a string, found nothing, at line 4",
        ),
        (
            "ids: random",
            "ids: `random` is not a value here; known are `derived`, `url`, `identifier`, at line 4",
        ),
        (
            "shard_bytes: 12",
            "shard_bytes: expected an integer from 65536 to",
        ),
        ("shard_bytes: 1.5e6", "found `1500000"),
        ("compress: xz", "compress: `xz` is not a value here"),
        ("require: []", "require: the list is empty at line 4"),
        (
            "require: [sealed]",
            "require[0]: `sealed` is not a facet of articles: source, fetch",
        ),
        (
            "require: [fetch, fetch]",
            "require[1]: `fetch` is named twice at line 4",
        ),
        (
            "deny: [Time_Order]",
            "deny[0]: `Time_Order` is not a code: lower-case words",
        ),
        ("allow: [a--b]", "allow[0]: `a--b` is not a code"),
        ("- x", "line 4 column 1"),
    ] {
        let error = Config::parse(format!("{HEAD}{text}\n").as_bytes()).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(message), "{text}: {shown}");
        let ConfigError::Yaml { line, column, .. } = error else {
            unreachable!("{shown}");
        };
        assert!(line.is_some() && column.is_some(), "{text}: {shown}");
    }
    let other = HEAD.replace("config/1", "config/2");
    let error = Config::parse(other.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error,
        "`dateline.yaml`: format: `dateline-config/2` is not `dateline-config/1`, the format that \
         is read at line 1 column 9"
    );
    assert!(matches!(
        Config::parse(b"a: \xff"),
        Err(ConfigError::Utf8(3))
    ));
}

#[test]
fn an_alias_bomb_is_refused() {
    let level = |level: u32| {
        let before = level - 1;
        format!("a{level}: &a{level} [*a{before}, *a{before}]\n")
    };
    let levels: Vec<String> = (1..40).map(level).collect();
    let bomb = format!("a0: &a0 [x, x]\n{}", levels.concat());
    assert!(Config::parse(bomb.as_bytes()).is_err());
    let require = format!("{bomb}{HEAD}require: *a39\n");
    assert!(Config::parse(require.as_bytes()).is_err());
}

#[test]
fn origins_are_hosts_and_segments() {
    for good in [
        "a",
        "a.example",
        "a-b.example:8080/x/Y_z~.1",
        "xn--bcher-kva.example",
    ] {
        assert!(good.parse::<Origin>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "/",
        "A.example",
        "a.example/",
        "a//b",
        "a/..",
        "a/.b",
        "-a",
        "a.",
        "a:0",
        "a:123456",
        "https://a",
        "a b",
        "é.example",
        "a/ü",
        "a\n",
    ] {
        assert!(bad.parse::<Origin>().is_err(), "{bad}");
    }
}

#[test]
fn every_folder_name_gives_a_configuration_that_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    for (number, name) in [
        "corpus",
        "My Corpus",
        "..",
        "",
        "新聞",
        "a.b",
        "-x-",
        "a: b\u{7}#",
    ]
    .iter()
    .enumerate()
    {
        let root = folder.path().join(number.to_string());
        let config = Config::default_for(name);
        assert!(config.origin.as_str().parse::<Origin>().is_ok(), "{name}");
        let writer = Writer::open(&root, WriteOptions::default()).unwrap();
        assert!(config.write_if_absent(&writer).unwrap());
        assert!(!config.write_if_absent(&writer).unwrap());
        writer.commit().unwrap();
        assert_eq!(Config::open(&root).unwrap(), Some(config), "{name}");
    }
    assert_eq!(Config::open(folder.path()).unwrap(), None);
}

#[test]
fn the_settings_of_shards_are_taken_over() {
    let text = format!("{HEAD}ids: url\nshard_bytes: 65536\ncompress: gz\n");
    let config = Config::parse(text.as_bytes()).unwrap();
    assert_eq!((config.ids, config.compress), (IdRule::Url, Compress::Gz));
    let options = config.write_options();
    assert_eq!(options.shard_bytes, 65_536);
    assert_eq!(options.compress, Container::Gz);
    assert_eq!(options.traces, Container::Zst);
}

//! The profiles that come with dateline.

use std::sync::LazyLock;

use super::Profile;

/// The profiles built in, in order of id.
#[must_use]
pub fn builtin() -> &'static [Profile] {
    static BUILTIN: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        let parsed = SOURCES.iter().map(|(_, yaml)| {
            #[allow(
                clippy::expect_used,
                reason = "the built-in profiles are read in every test run"
            )]
            Profile::parse(yaml).expect("a built-in profile is well written")
        });
        parsed.collect()
    });
    &BUILTIN
}

/// The YAML of the built-in profile of that id.
#[must_use]
pub fn builtin_yaml(id: &str) -> Option<&'static str> {
    let source = SOURCES.iter().find(|(name, _)| *name == id);
    source.map(|(_, yaml)| *yaml)
}

/// Names the built-in profiles; `NAME` is read from `builtin/NAME.yaml`.
macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        const SOURCES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("builtin/", $name, ".yaml")))),*
        ];
    };
}

sources![
    "article-appeal",
    "article-comment-prompt",
    "dated-prose",
    "microdata-flat",
];

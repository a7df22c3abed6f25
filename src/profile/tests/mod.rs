//! Tests of profiles.

mod agreement;
mod builtins;
mod examples;
mod language;
mod limits;
mod mistakes;

/// A profile of this grammar, the lines of which begin in the first column.
fn profile(grammar: &str) -> String {
    let mut yaml = String::from(
        "format: dateline-profile/1\nid: tried\nversion: 1\ntitle: Tried\ndetect: ['.']\ngrammar:\n",
    );
    for line in grammar.trim_matches('\n').lines() {
        yaml.push_str("  ");
        yaml.push_str(line);
        yaml.push('\n');
    }
    yaml
}

//! The pages of the specification: every requirement has a name, every name is used, and the
//! examples are what the pages say.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic, and looks at what it is about"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dateline::diagnostic::CODES;
use dateline::json::Tape;
use dateline::schema::Schema;
use serde_json::Value;

use super::vectors::vectors;

/// The pages with requirements, and what the names of theirs begin with.
const PAGES: [(&str, &[&str]); 12] = [
    ("canonical.md", &["canonical-", "digest-", "text-v1-"]),
    ("converters.md", &["converter-"]),
    ("corpus.md", &["corpus-"]),
    ("dumps.md", &["dump-"]),
    ("layers.md", &["layer-"]),
    (
        "manifest.md",
        &[
            "chain-",
            "entries-",
            "ledger-",
            "manifest-",
            "signature-",
            "tree-",
            "verify-",
        ],
    ),
    ("profiles.md", &["profile-"]),
    ("record.md", &["absent-", "id-", "record-", "time-"]),
    ("relations.md", &["relation-"]),
    ("texts.md", &["texts-"]),
    ("trace.md", &["label-", "trace-", "transform-"]),
    ("withdrawals.md", &["url-key-", "withdrawal-"]),
];

/// Requirements that a test shows without naming them, and the function that does.
const SHOWN_BY: &[(&str, &str)] = &[
    (
        "chain-changes-undo",
        "a_chain_is_walked_back_by_its_changes",
    ),
    (
        "chain-no-empty-release",
        "the_same_state_is_not_sealed_again",
    ),
    ("chain-origin", "another_origin_is_another_chain"),
    (
        "corpus-among",
        "a_record_beside_those_of_the_release_fails_wherever_it_lies",
    ),
    (
        "corpus-among-container",
        "every_file_is_met_whatever_its_name_and_its_container_shows",
    ),
    (
        "corpus-among-empty",
        "litter_that_holds_no_records_is_a_note",
    ),
    (
        "corpus-among-litter",
        "litter_that_holds_no_records_is_a_note",
    ),
    (
        "corpus-config-allow",
        "what_is_allowed_is_not_reported_unless_it_is_an_error",
    ),
    (
        "corpus-files-paths",
        "what_is_no_listing_is_refused_by_name",
    ),
    (
        "corpus-line-end",
        "line_ends_and_names_of_shards_change_nothing",
    ),
    (
        "corpus-no-overwrite",
        "shards_hold_what_was_pushed_in_order_and_no_more_than_they_may",
    ),
    ("corpus-one-writer", "there_is_one_writer_at_a_time"),
    ("corpus-shard-name", "shard_names_have_one_spelling"),
    (
        "corpus-unsigned-unused",
        "what_is_not_signed_makes_nothing_pass",
    ),
    ("corpus-write-order", "the_same_state_again_writes_nothing"),
    (
        "dump-deterministic",
        "the_examples_give_the_same_bytes_however_they_are_read",
    ),
    ("dump-litter", "text_and_what_is_told_by_its_name"),
    ("dump-path-utf8", "a_path_that_is_not_utf8_is_named"),
    (
        "dump-paths-unique",
        "what_a_ledger_could_not_name_is_refused",
    ),
    ("dump-unchanged", "a_dump_stays_as_it_is"),
    ("layer-fails", "the_bytes_before_the_damage_come_first"),
    ("layer-limits", "nested_bombs_are_stopped"),
    ("layer-not-read", "rows_are_not_read"),
    ("ledger-complete", "every_file_is_in_the_ledger"),
    ("manifest-changes", "what_changes_makes_the_next_release"),
    (
        "profile-version",
        "a_profile_that_reads_otherwise_has_another_version",
    ),
    (
        "record-fetch-captured",
        "no_time_of_a_file_is_a_time_of_fetching",
    ),
    ("record-merge", "copies_are_one_record_and_nothing_else_is"),
    (
        "record-nothing-invented",
        "values_are_what_their_bytes_give",
    ),
    (
        "record-text-paragraphs",
        "values_are_written_in_their_one_form",
    ),
    ("record-url-form", "values_are_written_in_their_one_form"),
    ("record-x-unread", "nothing_below_x_has_a_meaning"),
    (
        "relation-link-once",
        "evidence_is_in_the_order_of_the_links",
    ),
    (
        "relation-link-unique",
        "a_url_of_two_articles_leads_to_neither",
    ),
    ("signature-armour", "there_is_one_spelling"),
    (
        "signature-form",
        "openssh_s_own_vector_is_signed_again_byte_for_byte",
    ),
    ("signature-hash", "sha256_is_verified_as_ssh_keygen_does"),
    ("signature-key", "what_is_no_usable_public_key_is_named"),
    (
        "signature-keys-given",
        "what_is_not_signed_makes_nothing_pass",
    ),
    ("signature-time", "validity_includes_both_ends"),
    ("time-precision", "a_date_keeps_its_precision"),
    ("time-zone-unknown", "a_date_keeps_its_precision"),
    (
        "trace-withheld",
        "a_withheld_text_is_no_defect_of_its_trace",
    ),
    (
        "trace-raw-names",
        "a_raw_file_is_found_by_name_then_normal_name_then_bytes",
    ),
    ("transform-date-greedy", "a_date_keeps_its_precision"),
    (
        "verify-added",
        "nothing_that_is_put_beside_a_signed_release_undoes_it",
    ),
    ("verify-bytes-read", "every_flipped_byte_is_found"),
    (
        "verify-entries",
        "entries_that_are_not_there_and_cannot_be_computed_leave_the_records_unverified",
    ),
    ("verify-exit", "a_state_is_sealed_and_verifies"),
    ("verify-ledger", "every_removed_file_is_found"),
    (
        "verify-manifest-first",
        "what_is_wrong_is_named_by_id_and_place",
    ),
    (
        "verify-newer",
        "a_citation_does_not_vouch_for_what_a_stranger_sealed_behind_it",
    ),
    (
        "verify-order",
        "the_same_records_verify_in_any_packing_and_order",
    ),
    (
        "verify-paths",
        "links_of_files_are_followed_and_links_of_folders_are_not",
    ),
    (
        "verify-recompute",
        "the_same_records_verify_in_any_packing_and_order",
    ),
    (
        "verify-release",
        "a_release_that_is_asked_for_is_judged_and_what_it_does_not_cover_is_named",
    ),
    ("verify-unreadable", "what_cannot_be_read_is_not_wrong"),
    (
        "verify-unsigned",
        "listings_that_name_a_forged_record_make_nothing_of_it",
    ),
    ("verify-verdicts", "a_gap_in_the_chain_cannot_be_checked"),
    (
        "verify-vouched",
        "an_allowed_signature_on_the_newest_release_vouches_for_those_behind_it",
    ),
    (
        "verify-withdrawals",
        "a_withdrawal_that_names_something_else_is_not_sealed_and_not_verified",
    ),
    (
        "verify-withheld",
        "withheld_texts_are_no_failure_unless_they_are_required",
    ),
    ("withdrawal-persists", "every_change_has_a_name"),
    (
        "withdrawal-text-digest",
        "a_copy_of_the_text_is_found_where_the_text_tells",
    ),
    ("withdrawal-removed", "what_was_removed_may_return"),
    ("withdrawal-url-digest", "ids_and_urls"),
    (
        "withdrawal-url-keys",
        "a_withdrawal_stands_in_the_place_of_an_article",
    ),
    ("withdrawal-was", "what_is_withdrawn_is_what_was_released"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of each page of [`PAGES`] that there is, without its code blocks.
fn pages() -> Vec<(&'static str, Vec<String>)> {
    let mut pages = Vec::new();
    for (page, _) in PAGES {
        let Ok(text) = std::fs::read_to_string(root().join("spec").join(page)) else {
            continue;
        };
        let mut code = false;
        let prose = text.lines().filter(|line| {
            let fence = line.starts_with("```");
            code ^= fence;
            !fence && !code
        });
        pages.push((page, prose.map(str::to_owned).collect()));
    }
    pages
}

/// The name at the end of a line.
fn name(line: &str) -> Option<&str> {
    let (_, name) = line.rsplit_once(" {#")?;
    name.strip_suffix('}')
}

fn names() -> BTreeMap<String, &'static str> {
    let mut names = BTreeMap::new();
    for (page, lines) in pages() {
        for line in &lines {
            if let Some(name) = name(line) {
                let before = names.insert(name.to_owned(), page);
                assert_eq!(before, None, "`{name}` names two requirements");
            }
        }
    }
    names
}

#[test]
fn every_requirement_has_a_name_of_its_page() {
    for (name, page) in names() {
        let (_, prefixes) = PAGES.iter().find(|(other, _)| *other == page).unwrap();
        assert!(
            prefixes.iter().any(|prefix| name.starts_with(prefix)),
            "`{name}` is not a name for {page}"
        );
        let kebab = name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))
        });
        assert!(kebab, "`{name}` is not in kebab-case");
    }
    for (page, lines) in pages() {
        for line in lines {
            let normative = line
                .split(|c: char| !c.is_ascii_alphabetic())
                .any(|word| matches!(word, "MUST" | "SHOULD" | "MAY" | "SHALL"));
            assert_eq!(
                normative,
                name(&line).is_some(),
                "{page}: a requirement without a name, or a name without a requirement: {line}"
            );
        }
    }
}

/// The names that vectors are about.
fn names_in_vectors() -> BTreeSet<String> {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    match value {
                        Value::String(name) if key == "requirement" => {
                            names.insert(name.clone());
                        }
                        _ => collect(value, names),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    for vector in vectors("") {
        names.extend(vector.requirement);
        if matches!(
            vector.folder.as_str(),
            "time" | "id" | "entries" | "tree" | "chain" | "ledger"
        ) && let Ok(value) = serde_json::from_slice(&vector.bytes)
        {
            collect(&value, &mut names);
        }
    }
    names
}

/// What the tests of the project say, without this file.
fn tests() -> String {
    let mut out = String::new();
    let mut folders: Vec<PathBuf> = ["src", "tests"].map(|name| root().join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with(file!())
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let relative = path.strip_prefix(root()).unwrap().to_str().unwrap();
                let whole = relative.starts_with("tests") || relative.contains("tests");
                match text.find("#[cfg(test)]") {
                    _ if whole => out.push_str(&text),
                    Some(at) => out.push_str(&text[at..]),
                    None => {}
                }
            }
        }
    }
    out
}

#[test]
fn vectors_and_codes_name_requirements_that_there_are() {
    let names = names();
    let profiles = root().join("spec/profiles.md").exists();
    for name in names_in_vectors() {
        assert!(
            names.contains_key(&name),
            "a vector is about `{name}`, which no page requires"
        );
    }
    for code in CODES {
        let name = code.requirement;
        if name.starts_with("profile-") && !profiles {
            continue;
        }
        assert!(
            names.contains_key(name),
            "the code {} is about `{name}`, which no page requires",
            code.name
        );
    }
    for (name, _) in SHOWN_BY {
        assert!(names.contains_key(*name), "`{name}` is required by no page");
    }
}

#[test]
fn every_requirement_is_shown_by_a_vector_a_code_or_a_test() {
    let in_vectors = names_in_vectors();
    let tests = tests();
    let shown = |name: &str| {
        in_vectors.contains(name)
            || CODES.iter().any(|code| code.requirement == name)
            || SHOWN_BY.iter().any(|(shown, _)| *shown == name)
            || tests.contains(&format!("`{name}`"))
            || tests.contains(&format!("\"{name}\""))
            || tests.contains(&format!("fn {}", name.replace('-', "_")))
    };
    let missing: Vec<String> = names().into_keys().filter(|name| !shown(name)).collect();
    assert!(missing.is_empty(), "nothing shows {missing:#?}");
    for (name, test) in SHOWN_BY {
        assert!(
            tests.contains(&format!("fn {test}(")),
            "no test `{test}` shows `{name}`"
        );
    }
}

/// The blocks of one language in all pages, with the page and the line they begin at.
pub(crate) fn blocks(language: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    for entry in std::fs::read_dir(root().join("spec")).unwrap() {
        let path = entry.unwrap().path();
        let page = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_none_or(|extension| extension != "md") || page == "diagnostics.md" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut open: Option<(String, String)> = None;
        for (number, line) in text.lines().enumerate() {
            match &mut open {
                None if line.starts_with("```") => {
                    let found = line.trim_start_matches('`').to_owned();
                    open = Some((found, format!("{page}:{}\n", number + 1)));
                }
                Some((found, block)) if line == "```" => {
                    if found == language {
                        let (place, body) = block.split_once('\n').unwrap();
                        blocks.push((place.to_owned(), body.to_owned()));
                    }
                    open = None;
                }
                Some((_, block)) => {
                    block.push_str(line);
                    block.push('\n');
                }
                None => {}
            }
        }
        assert!(open.is_none(), "{page}: a block is not closed");
    }
    blocks
}

/// The schema that a value of the specification is an example of.
fn schema_of(value: &Value) -> Option<&'static Schema> {
    let name = match (&value["type"], &value["format"]) {
        (Value::String(name), _) => name,
        (_, Value::String(format)) if format == "dateline-config/1" => "config",
        (_, Value::String(format))
            if ["dateline-report/1", "dateline-diagnostic/1"].contains(&format.as_str()) =>
        {
            "report"
        }
        _ if value.get("trace").is_some() => "trace",
        _ if value.get("_type").is_some() => "manifest",
        _ => return None,
    };
    Schema::named(name)
}

#[test]
fn blocks_of_json_are_what_they_are_examples_of() {
    let mut checked = BTreeSet::new();
    for (place, block) in blocks("json") {
        let tape = Tape::parse(block.as_bytes()).unwrap_or_else(|error| panic!("{place}: {error}"));
        let value = serde_json::from_str(&block).unwrap();
        if let Some(schema) = schema_of(&value) {
            assert_eq!(schema.validate(tape.root()), [], "{place}");
            let broken = super::vectors::rules::broken(schema.name(), block.as_bytes());
            let broken: Vec<_> = broken
                .unwrap()
                .into_iter()
                // Pages break long lines.
                .filter(|rule| *rule != "manifest-bytes")
                .collect();
            assert!(broken.is_empty(), "{place}: {broken:?}");
            checked.insert(schema.name());
        }
    }
    let expected = ["article", "manifest", "relation", "trace", "withdrawal"];
    assert!(
        expected.iter().all(|name| checked.contains(name)),
        "{checked:?}"
    );
}

#[test]
fn blocks_of_configuration_match_its_schema() {
    let mut checked = 0;
    for (place, block) in blocks("yaml") {
        let value: Value = serde_yaml::from_str(&block).unwrap();
        if let Some(schema) = schema_of(&value) {
            let json = serde_json::to_vec(&value).unwrap();
            let tape = Tape::parse(&json).unwrap();
            assert_eq!(schema.validate(tape.root()), [], "{place}");
            checked += 1;
        }
    }
    assert!(checked > 0);
}

/// Every value that an article may have stands in the table of names in other vocabularies, itself or
/// with what it is part of.
#[test]
fn the_table_of_names_is_complete() {
    fn values(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) if path != "x" && path != "absent" => {
                for (key, value) in members {
                    let dot = if path.is_empty() { "" } else { "." };
                    values(value, &format!("{path}{dot}{key}"), found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| values(item, path, found)),
            _ => {
                found.insert(path.to_owned());
            }
        }
    }
    let page = std::fs::read_to_string(root().join("spec/record.md")).unwrap();
    let (_, table) = page.split_once("## Names in other vocabularies").unwrap();
    let rows: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|cell| cell.split(", "))
        .filter_map(|name| name.strip_prefix('`')?.strip_suffix('`'))
        .collect();
    let article = vectors("valid/article")
        .into_iter()
        .find(|vector| vector.path.ends_with("every-field.json"));
    let article = serde_json::from_slice(&article.unwrap().bytes).unwrap();
    let mut found = BTreeSet::new();
    values(&article, "", &mut found);
    found.insert("absent".to_owned());
    for name in &found {
        let parts = name.match_indices('.').map(|(at, _)| &name[..at]);
        assert!(
            parts.chain([name.as_str()]).any(|part| rows.contains(part)),
            "`{name}` is not in the table"
        );
    }
    for row in rows {
        assert!(
            found.iter().any(|name| name.starts_with(row)),
            "`{row}` is in the table and in no article"
        );
    }
}

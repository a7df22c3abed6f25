//! What `verify` and `seal` say of the trust that the command line gives them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use dateline::digest::Digest;

use super::tool::{copy, dateline, run};

const SIGNERS: &str = "examples/demo-key/allowed_signers";

struct Copied {
    folder: tempfile::TempDir,
}

impl Copied {
    /// The example corpus with a second, unsigned release.
    fn of_two_releases() -> Self {
        let copied = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let corpus = copied.corpus();
        copy(Path::new("examples/demo-corpus"), &corpus);
        let id = "art-1d7c79a57083da08b7e7a4827a151002";
        for args in [
            vec!["withdraw", id, "--reason", "copyright"],
            vec!["seal", "--unsigned"],
        ] {
            let (first, rest) = args.split_first().unwrap();
            let (code, said) = run(dateline([first]).arg(&corpus).args(rest));
            assert_eq!(code, 0, "{said}");
        }
        copied
    }

    fn corpus(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    fn verify(&self, args: &[&str]) -> (i32, String) {
        run(dateline(["verify"]).arg(self.corpus()).args(args))
    }

    /// The digest of the first release.
    fn cited(&self) -> String {
        let manifest = fs::read(self.corpus().join("releases/1/manifest.json")).unwrap();
        Digest::of(&manifest).to_string()
    }
}

#[test]
fn a_citation_of_another_release_is_not_asked_for_again() {
    let copied = Copied::of_two_releases();
    let (code, said) = copied.verify(&["--cited", &copied.cited(), "--release", "2"]);
    assert_eq!(code, 3, "{said}");
    for part in [
        "the cited digest is that of release 1, and does not vouch for release 2",
        "  release 2 is newer than the cited release 1: no signer given here",
    ] {
        assert!(said.contains(part), "{part} in:\n{said}");
    }
    assert!(!said.contains("give --signers"), "{said}");
}

#[test]
fn what_could_not_be_checked_is_told_where_nobody_vouches() {
    let copied = Copied::of_two_releases();
    let (code, said) = copied.verify(&[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("nothing is wrong with release 2, and nobody"));
    fs::write(
        copied.corpus().join("records/a.jsonl.xz"),
        b"\xfd7zXZ\0\0\x04",
    )
    .unwrap();
    let (code, said) = copied.verify(&[]);
    assert_eq!(code, 3, "{said}");
    let told = "part of release 2 could not be checked, and nobody vouches for it";
    assert!(said.contains(told), "{said}");
}

#[test]
fn a_digest_in_capitals_is_answered_with_the_digest() {
    let copied = Copied::of_two_releases();
    let cited = copied.cited();
    let (code, said) = copied.verify(&["--cited", &cited.to_ascii_uppercase()]);
    assert_eq!(code, 2, "{said}");
    let hint = format!("help: write it in lower case: {cited}");
    assert!(said.contains(&hint), "{said}");
}

#[test]
fn a_time_has_one_form() {
    let corpus = ["verify", "examples/demo-corpus", "--verify-time"];
    for time in ["2020-01-01", "yesterday", "2020-01-01T00:00:00+01:00"] {
        let (code, said) = run(dateline(corpus).arg(time));
        assert_eq!(code, 2, "{said}");
        let form = format!("`{time}` is not a time written YYYY-MM-DDThh:mm:ssZ");
        assert!(said.contains(&form), "{said}");
    }
}

#[test]
fn a_public_key_is_not_a_file_of_signers() {
    let folder = tempfile::tempdir().unwrap();
    let line = fs::read_to_string(SIGNERS).unwrap();
    let at = line.find("ssh-ed25519").unwrap();
    let key = folder.path().join("id_ed25519.pub");
    fs::write(&key, line.get(at..).unwrap()).unwrap();
    let args = ["verify", "examples/demo-corpus", "--signers"];
    let (code, said) = run(dateline(args).arg(&key));
    assert_eq!(code, 2, "{said}");
    let cause = "line 1: this is a public key, and a name belongs before it";
    assert!(said.contains(cause), "{said}");
}

#[cfg(unix)]
#[test]
fn a_descriptor_that_is_not_open_is_named() {
    use std::os::unix::fs::PermissionsExt as _;

    let copied = Copied::of_two_releases();
    let key = copied.folder.path().join("id");
    fs::copy("tests/data/keys/ed25519_aes256-ctr", &key).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let mut seal = dateline(["seal", "--passphrase-fd", "97", "--key"]);
    let (code, said) = run(seal.arg(&key).arg(copied.corpus()));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("descriptor 97 is not open"), "{said}");
}

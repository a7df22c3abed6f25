//! The installed `ssh-keygen` and dateline agree.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
#![allow(
    clippy::print_stdout,
    reason = "a test that is not run says so where its output is shown"
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dateline::manifest::key::SigningKey;
use dateline::manifest::signers::{AllowedSigners, Verdict};
use dateline::manifest::sshsig::{self, NAMESPACE, Signature};
use tempfile::TempDir;

use crate::keys;

const MESSAGE: &[u8] = b"{\"release\":1}\n";
const IDENTITY: &str = "press@example.org";
/// 2026-11-01T00:00:00Z, once as `ssh-keygen` takes it and once in seconds.
const VERIFY_TIME: &str = "-Overify-time=20261101000000Z";
const AT: i64 = 1_793_491_200;

/// A folder with a key that only its owner may read, and the message.
struct Desk {
    folder: TempDir,
    key: SigningKey,
}

impl Desk {
    /// `None`, with a word to the reader, where `ssh-keygen` is not installed.
    fn new() -> Option<Self> {
        if Command::new("ssh-keygen")
            .arg("-?")
            .stderr(Stdio::null())
            .status()
            .is_err()
        {
            println!("not run: ssh-keygen is not installed");
            return None;
        }
        let folder = TempDir::new().unwrap();
        let file = fs::read(keys::path("ed25519")).unwrap();
        let key = SigningKey::from_openssh(&file, || Ok(None)).unwrap();
        let desk = Self { folder, key };
        fs::write(desk.path("key"), &file).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(desk.path("key"), fs::Permissions::from_mode(0o600)).unwrap();
        }
        fs::write(desk.path("message"), MESSAGE).unwrap();
        Some(desk)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `ssh-keygen -Y` in UTC with the message as standard input.
    fn keygen(&self, arguments: &[&str]) -> (bool, Vec<u8>) {
        let output = Command::new("ssh-keygen")
            .arg("-Y")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TZ", "UTC")
            .stdin(File::open(self.path("message")).unwrap())
            .output()
            .unwrap();
        (output.status.success(), output.stdout)
    }

    fn ssh_keygen_accepts(&self, signers: &str, signature: &str) -> bool {
        fs::write(self.path("signers"), signers).unwrap();
        fs::write(self.path("signature"), signature).unwrap();
        self.keygen(&[
            "verify",
            "-f",
            "signers",
            "-I",
            IDENTITY,
            "-n",
            NAMESPACE,
            "-s",
            "signature",
            VERIFY_TIME,
        ])
        .0
    }

    fn verdict(&self, signers: &str) -> Option<Verdict> {
        let signers = AllowedSigners::parse(signers.as_bytes()).ok()?;
        Some(signers.find(&self.key.public(), NAMESPACE, AT))
    }

    /// Whether dateline allows the key for the identity that `ssh-keygen` is asked about.
    fn dateline_accepts(&self, signers: &str) -> bool {
        matches!(
            self.verdict(signers),
            Some(Verdict::Allowed { principals })
                if principals.iter().any(|principal| principal.matches(IDENTITY))
        )
    }
}

#[test]
fn signatures_are_byte_identical() {
    let Some(desk) = Desk::new() else { return };
    for message in [MESSAGE, b"", b"\0\r\n", &[0xff; 5_000]] {
        fs::write(desk.path("message"), message).unwrap();
        let (signed, file) = desk.keygen(&["sign", "-q", "-f", "key", "-n", NAMESPACE]);
        assert!(signed);
        assert_eq!(sshsig::sign(&desk.key, message).into_bytes(), file);
    }
}

#[test]
fn ssh_keygen_verifies_what_dateline_signs() {
    let Some(desk) = Desk::new() else { return };
    let signers = format!("{IDENTITY} {}\n", desk.key.public());
    assert!(desk.ssh_keygen_accepts(&signers, &sshsig::sign(&desk.key, MESSAGE)));
    assert!(!desk.ssh_keygen_accepts(&signers, &sshsig::sign(&desk.key, b"another")));
}

#[test]
fn dateline_verifies_ssh_keygen_s_signature_with_sha256() {
    let Some(desk) = Desk::new() else { return };
    let (signed, file) = desk.keygen(&[
        "sign",
        "-q",
        "-Ohashalg=sha256",
        "-f",
        "key",
        "-n",
        NAMESPACE,
    ]);
    assert!(signed);
    let key = Signature::parse(&file).unwrap().verify(MESSAGE, NAMESPACE);
    assert_eq!(key, Ok(desk.key.public()));
}

#[test]
fn signers_are_accepted_and_refused_alike() {
    let Some(desk) = Desk::new() else { return };
    let signature = sshsig::sign(&desk.key, MESSAGE);
    let key = desk.key.public();
    let other = SigningKey::from_seed(&[8; 32]).public();
    let lines =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/signers.txt"))
            .unwrap();
    let mut accepted = 0;
    let mut refused = 0;
    for line in lines.lines().filter(|line| !line.is_empty()) {
        let file = line
            .replace("KEY", &key.to_string())
            .replace("OTHER", &other.to_string())
            .replace('␍', "\r")
            .replace('␉', "\t")
            .replace('␊', "\n");
        let expected = desk.ssh_keygen_accepts(&file, &signature);
        assert_eq!(desk.dateline_accepts(&file), expected, "{line}");
        if expected {
            accepted += 1;
        } else {
            refused += 1;
        }
    }
    assert!(accepted >= 25 && refused >= 25, "{accepted} {refused}");
}

#[test]
fn principals_are_found_alike() {
    let Some(desk) = Desk::new() else { return };
    fs::write(desk.path("signature"), sshsig::sign(&desk.key, MESSAGE)).unwrap();
    let key = desk.key.public();
    let other = SigningKey::from_seed(&[8; 32]).public();
    for (signers, expected) in [
        (format!("{IDENTITY} {key}\n"), vec![IDENTITY]),
        (format!("a,b*,!c {key}\n"), vec!["a", "b*", "!c"]),
        (format!("\"a b\" {key}\n"), vec!["a b"]),
        (
            format!("a {other}\nb namespaces=\"x*,date*\" {key}\n"),
            vec!["b"],
        ),
        (format!("a {other}\n"), vec![]),
    ] {
        fs::write(desk.path("signers"), &signers).unwrap();
        let (_, found) = desk.keygen(&[
            "find-principals",
            "-f",
            "signers",
            "-s",
            "signature",
            VERIFY_TIME,
        ]);
        let found = String::from_utf8(found).unwrap();
        assert_eq!(found.lines().collect::<Vec<_>>(), expected, "{signers}");
        // It prints each pattern of a line on a line of its own.
        let verdict = desk.verdict(&signers).unwrap();
        let principals = if let Verdict::Allowed { principals } = verdict {
            principals
        } else {
            Vec::new()
        };
        let principals: Vec<&str> = principals
            .iter()
            .flat_map(|list| list.as_str().split(','))
            .collect();
        assert_eq!(principals, expected, "{signers}");
    }
}

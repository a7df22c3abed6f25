//! Mail messages, by the fields of their header (RFC 5322), and mailboxes (RFC 4155).

use super::name::Name;
use super::{Head, Kind, Told};

/// The fields of a header that tell a mail message, each once.
#[derive(Default)]
struct Fields {
    /// Those that people write, too.
    common: Vec<&'static str>,
    /// Those that only mail programs write.
    program: Vec<&'static str>,
}

/// Fields that people write, too.
const COMMON: [&str; 4] = ["From", "Date", "Subject", "To"];

/// Fields that only mail programs write.
const PROGRAM: [&str; 9] = [
    "Message-ID",
    "MIME-Version",
    "Received",
    "Return-Path",
    "Delivered-To",
    "DKIM-Signature",
    "Newsgroups",
    "Content-Type",
    "Content-Transfer-Encoding",
];

impl Fields {
    /// Whether there are all of these fields that people write, too.
    fn have(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.common.contains(name))
    }
}

/// The kind of what begins with the header of a message: fields up to the first empty line, among them
/// two that only mail programs write, or one of these and `From` and `Date`, or `From`, `To` and `Subject`. A
/// message whose name ends in `.eml` or `.mbox` needs `From` or `Subject` only.
pub(super) fn told(head: Head<'_>, name: &Name<'_>) -> Option<Told> {
    let start = head.start();
    let (first, rest) = split_line(start);
    // The line before each message in a mailbox.
    let mailbox = first.starts_with(b"From ");
    let fields = fields(if mailbox { rest } else { start }, head.cut)?;
    let kind = if mailbox { Kind::Mailbox } else { Kind::Mail };
    let line = if mailbox {
        "a line `From …` and "
    } else {
        ""
    };
    let told = match fields.program.as_slice() {
        [program, ..] if fields.have(&["From", "Date"]) => {
            Some(format!("`From`, `Date` and `{program}`"))
        }
        [one, other, ..] => Some(format!("`{one}` and `{other}`")),
        _ if fields.have(&["From", "To", "Subject"]) => {
            Some("`From`, `To` and `Subject`".to_owned())
        }
        _ => None,
    };
    if let Some(told) = told {
        let why = format!("begins with {line}the header fields {told}");
        return Some((kind, why.into()));
    }
    let named =
        name.ends(&["eml", "mbox"]) && (fields.have(&["From"]) || fields.have(&["Subject"]));
    named.then(|| {
        let why = format!(
            "begins with {line}header fields, and its name ends in {}",
            name.extension()
        );
        (kind, why.into())
    })
}

/// Which fields there are up to the first empty line; nothing where another line is before it.
fn fields(header: &[u8], cut: bool) -> Option<Fields> {
    let mut fields = Fields::default();
    let mut rest = header;
    let mut first = true;
    while !rest.is_empty() {
        let (line, behind) = split_line(rest);
        rest = behind;
        match line {
            [] => break,
            // A field goes on.
            [b' ' | b'\t', ..] if !first => continue,
            _ => {}
        }
        first = false;
        let Some(colon) = memchr::memchr(b':', line) else {
            // Where the head ends within a line.
            return (cut && rest.is_empty()).then_some(fields);
        };
        let name = line.get(..colon)?;
        let field = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        if name.is_empty() || !name.iter().all(field) {
            return None;
        }
        let is = |one: &&str| name.eq_ignore_ascii_case(one.as_bytes());
        for (known, found) in [
            (&COMMON[..], &mut fields.common),
            (&PROGRAM[..], &mut fields.program),
        ] {
            let one = known.iter().copied().find(|one| is(one));
            let one = one.filter(|one| !found.contains(one));
            found.extend(one);
        }
    }
    Some(fields)
}

/// The first line without its end, and what follows it.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match memchr::memchr(b'\n', bytes) {
        Some(end) => (
            bytes.get(..end).unwrap_or_default(),
            bytes.get(end + 1..).unwrap_or_default(),
        ),
        None => (bytes, &[][..]),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), rest)
}

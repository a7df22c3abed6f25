//! One line: its frame, its JSON, its format version and its type.

pub(super) mod article;
pub(super) mod checked;
pub(super) mod facets;
pub(super) mod field;
pub(super) mod plausible;
pub(super) mod prose;
pub(super) mod provenance;
pub(super) mod raw;
pub(super) mod relation;
pub(super) mod round_trip;
pub(super) mod trace;
pub(super) mod withdrawal;

use crate::check::line::findings::Findings;
use crate::check::line::value::{brace, pointer, shown};
use crate::check::line::view::View;
use crate::check::line::workspace::Workspace;
use crate::diagnostic::{Code, codes};
use crate::json::{Kind, Node, SyntaxErrorKind, Tape};
use crate::record::{FORMAT, RecordType};
use crate::trace::Trace;

/// What a line is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A record of any type, or a trace: whatever it seems to be.
    Anything,
    /// A record of this type.
    Record(RecordType),
    /// A trace.
    Trace,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A record of this type, of the version known here.
    Record(RecordType),
    /// A trace.
    Trace,
}

/// A record on a line.
#[allow(
    clippy::large_enum_variant,
    reason = "one lives at a time, and on the stack"
)]
pub(crate) enum Record<'t> {
    Article(View<'t>),
    Relation(Node<'t>),
    Withdrawal(Node<'t>),
}

impl<'t> Record<'t> {
    pub(crate) fn of(form: Form, tape: &'t Tape<'_>) -> Option<Self> {
        let root = tape.root();
        match form {
            Form::Record(RecordType::Article) => Some(Self::Article(View::of(root))),
            Form::Record(RecordType::Relation) => Some(Self::Relation(root)),
            Form::Record(RecordType::Withdrawal) => Some(Self::Withdrawal(root)),
            Form::Trace => None,
        }
    }

    pub(crate) fn kind(&self) -> RecordType {
        match self {
            Self::Article(_) => RecordType::Article,
            Self::Relation(_) => RecordType::Relation,
            Self::Withdrawal(_) => RecordType::Withdrawal,
        }
    }

    pub(crate) fn root(&self) -> Node<'t> {
        match self {
            Self::Article(article) => article.root,
            Self::Relation(root) | Self::Withdrawal(root) => *root,
        }
    }
}

/// Parses a line; what is no JSON object is reported and gives nothing.
///
/// A line that no U+000A ends (not `ended`) is the last of its file. Where its JSON breaks off there,
/// that is all that is said of it: the file was cut.
pub(crate) fn parse<'l>(
    findings: &mut Findings<'l>,
    ended: bool,
    workspace: &mut Workspace,
) -> Option<Tape<'l>> {
    let line = findings.bytes;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.iter().all(u8::is_ascii_whitespace) {
        findings
            .push(
                codes::LINE_EMPTY,
                0..line.len(),
                None,
                "the line holds nothing",
            )
            .hint = Some("take the line out: a file of lines has one record a line".to_owned());
        return None;
    }
    match Tape::parse_in(line, std::mem::take(&mut workspace.tape)) {
        Ok(tape) => {
            if !ended {
                unended(
                    findings,
                    "the last line has no line end: the file may have been cut off",
                );
            }
            let root = tape.root();
            if root.kind() == Kind::Object {
                return Some(tape);
            }
            let message = format!("the line holds {}, not an object", kind(root.kind()));
            let found = findings.push(codes::JSON_SYNTAX, root.span(), None, message);
            found.hint = round_trip::of_line(root).map(str::to_owned);
        }
        Err(error) if !ended && breaks_off(&error.kind) => {
            unended(findings, "the file ends within this line: it was cut off");
        }
        Err(_) => {
            if !ended {
                unended(
                    findings,
                    "the last line has no line end: the file may have been cut off",
                );
            }
            for error in Tape::faults(line) {
                let code = Code::of_syntax(&error.kind);
                let hint = round_trip::of_syntax(&error, line).map(str::to_owned);
                findings
                    .push(code, error.span(), None, error.to_string())
                    .hint = hint;
            }
        }
    }
    None
}

/// Says that the line, the last of its file, does not end. A U+000D in front of the U+000A is white
/// space around JSON.
fn unended(findings: &mut Findings<'_>, message: &str) {
    let end = findings.bytes.len();
    let found = findings.push(codes::LINE_UNENDED, end..end, None, message);
    found.hint = Some(
        "compare the file with another copy; where nothing is missing, end its last line with LF"
            .to_owned(),
    );
}

/// Whether a text is JSON as far as it goes, and more was to come.
const fn breaks_off(kind: &SyntaxErrorKind) -> bool {
    matches!(
        kind,
        SyntaxErrorKind::UnexpectedEnd { .. } | SyntaxErrorKind::UnterminatedString { .. }
    )
}

/// What a line is, where that is known; otherwise it is said why not.
pub(crate) fn form(root: Node<'_>, wanted: Wanted, findings: &mut Findings<'_>) -> Option<Form> {
    name(root, findings);
    Some(match wanted {
        Wanted::Trace => Form::Trace,
        Wanted::Anything if is_trace(root) => Form::Trace,
        Wanted::Anything => Form::Record(record_type(root, None, findings)?),
        Wanted::Record(expected) => Form::Record(record_type(root, Some(expected), findings)?),
    })
}

/// Checks everything that can be said of a record by itself.
pub(crate) fn check_record(
    record: &Record<'_>,
    findings: &mut Findings<'_>,
    workspace: &mut Workspace,
) {
    field::check(record.kind().name(), record.root(), findings);
    match record {
        Record::Article(article) => article::check(article, findings, workspace),
        Record::Relation(root) => relation::check(*root, findings),
        Record::Withdrawal(root) => withdrawal::check(*root, findings),
    }
}

/// Checks everything that can be said of a line by itself, and says what it is.
pub(crate) fn check(
    tape: &Tape<'_>,
    wanted: Wanted,
    findings: &mut Findings<'_>,
    workspace: &mut Workspace,
) -> Option<Form> {
    let form = form(tape.root(), wanted, findings)?;
    match Record::of(form, tape) {
        Some(record) => check_record(&record, findings, workspace),
        None => {
            trace::check(tape.root(), findings);
        }
    }
    Some(form)
}

/// Checks a line of traces by itself, and gives the trace.
pub(crate) fn check_trace(root: Node<'_>, findings: &mut Findings<'_>) -> Option<Trace> {
    name(root, findings);
    trace::check(root, findings)
}

/// Takes the id of the line for the name of what it holds.
pub(crate) fn name(root: Node<'_>, findings: &mut Findings<'_>) {
    let id = root.get("id").and_then(|id| id.as_str());
    findings.record = id.map(Into::into);
}

fn is_trace(root: Node<'_>) -> bool {
    root.get("trace").is_some() && root.get("type").is_none() && root.get("format").is_none()
}

/// The type of the record, where its format version and its type are known; otherwise that is all
/// that is said of it.
fn record_type(
    root: Node<'_>,
    expected: Option<RecordType>,
    findings: &mut Findings<'_>,
) -> Option<RecordType> {
    let format = root.get("format");
    if let Some(format) = format
        && format.as_str().as_deref() != Some(FORMAT)
    {
        let place = pointer("/format");
        let (message, newer) = version(format);
        let found = findings.on(codes::FORMAT_VERSION, format, place, message);
        let newer = newer.then_some("a newer dateline reads it");
        found.hint = newer.or(round_trip::of_name(format)).map(str::to_owned);
        return None;
    }
    let Some(named) = root.get("type") else {
        for key in ["format", "type"] {
            if root.get(key).is_none() {
                let message = format!("field `{key}` is missing");
                let place = pointer("").key(key);
                let found = findings.push(codes::FIELD_MISSING, brace(root), Some(place), message);
                // Without a type nothing else is.
                found.unchecked = true;
            }
        }
        return None;
    };
    let place = || pointer("/type");
    let Some(kind) = named.as_str().as_deref().and_then(RecordType::named) else {
        let message = format!(
            "`{}` is not a type of record: `article`, `relation` or `withdrawal`",
            shown(named)
        );
        let hint = meant(&named.as_str().unwrap_or_default())
            .map(|kind| format!("did you mean `{}`?", kind.name()))
            .or_else(|| round_trip::of_name(named).map(str::to_owned));
        findings
            .on(codes::TYPE_UNKNOWN, named, place(), message)
            .hint = hint;
        return None;
    };
    if let Some(expected) = expected
        && expected != kind
    {
        let message = format!(
            "a record of type `{}` among those of type `{}`",
            kind.name(),
            expected.name()
        );
        // It is not held to the other records.
        let found = findings.on(codes::FIELD_VALUE, named, place(), message);
        found.unchecked = true;
    }
    Some(kind)
}

/// The type that a misspelt name is near to.
fn meant(name: &str) -> Option<RecordType> {
    // What is longer than any name and its mistakes is near none.
    if name.len() > 20 {
        return None;
    }
    let name = name.to_lowercase();
    let types = [
        RecordType::Article,
        RecordType::Relation,
        RecordType::Withdrawal,
    ];
    types
        .into_iter()
        .find(|kind| strsim::osa_distance(kind.name(), &name) <= 2)
}

/// What to say of a `format` that is not the one known here, and whether it is a newer one.
fn version(format: Node<'_>) -> (String, bool) {
    let text = format.as_str().unwrap_or_default();
    let number = text.strip_prefix("dateline/").map(str::parse::<u64>);
    if matches!(number, Some(Ok(2..))) {
        let message = format!(
            "format `{}` is newer than `{FORMAT}`, the newest known here",
            shown(format)
        );
        return (message, true);
    }
    let message = format!("format is `{}`, not `{FORMAT}`", shown(format));
    (message, false)
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "`null`",
        Kind::Bool => "`true` or `false`",
        Kind::Integer | Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}

//! Patterns over the bytes of a text.

use jsonschema::Validator;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::{OnTape, with_text};

/// A `pattern`, compiled.
#[derive(Debug)]
pub(super) enum Pattern {
    /// Runs of bytes that follow each other.
    Sequence(Sequence),
    /// Anything else.
    Foreign(Box<Validator<OnTape>>),
}

impl Pattern {
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Sequence(sequence) => sequence.matches(text.as_bytes()),
            Self::Foreign(validator) => with_text(text, |node| validator.is_valid(node)),
        }
    }
}

/// Pieces of which each is as long as it can be.
///
/// That is exact, because no piece of varying length may be followed by a byte of its own.
#[derive(Debug)]
pub(super) struct Sequence {
    pieces: Vec<Piece>,
    /// Whether anything may follow.
    open: bool,
}

#[derive(Debug)]
enum Piece {
    Literal(Box<[u8]>),
    /// Between `least` and `most` bytes of a class.
    Run {
        class: Box<Bytes>,
        least: usize,
        most: usize,
    },
}

/// A set of bytes.
type Bytes = [bool; 256];

impl Sequence {
    /// The sequence that `pattern` describes, where it describes one.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        if !is_plain(pattern) {
            return None;
        }
        let hir = regex_syntax::parse(pattern).ok()?;
        let mut parts = Vec::new();
        flatten(&hir, &mut parts);
        let (start, mut parts) = parts.split_first()?;
        if !matches!(start.kind(), HirKind::Look(Look::Start)) {
            return None;
        }
        let mut open = true;
        if let Some((end, before)) = parts.split_last()
            && matches!(end.kind(), HirKind::Look(Look::End))
        {
            open = false;
            parts = before;
        }
        let pieces = parts
            .iter()
            .map(|part| Piece::of(part))
            .collect::<Option<_>>()?;
        let sequence = Self { pieces, open };
        sequence.is_determined().then_some(sequence)
    }

    fn matches(&self, text: &[u8]) -> bool {
        let mut rest = text;
        for piece in &self.pieces {
            let Some(behind) = piece.pass(rest) else {
                return false;
            };
            rest = behind;
        }
        self.open || rest.is_empty()
    }

    /// Whether no piece of varying length can be followed by a byte of its own class.
    fn is_determined(&self) -> bool {
        let mut pieces = self.pieces.as_slice();
        while let Some((piece, behind)) = pieces.split_first() {
            pieces = behind;
            let Piece::Run { class, least, most } = piece else {
                continue;
            };
            if least == most {
                continue;
            }
            for next in behind {
                let shared = (0..=u8::MAX).any(|byte| in_class(class, byte) && next.begins(byte));
                if shared {
                    return false;
                }
                if !matches!(next, Piece::Run { least: 0, .. }) {
                    break;
                }
            }
        }
        true
    }
}

impl Piece {
    fn of(hir: &Hir) -> Option<Self> {
        match hir.kind() {
            HirKind::Literal(literal) => Some(Self::Literal(literal.0.clone())),
            HirKind::Class(class) => Some(Self::Run {
                class: bytes(class)?,
                least: 1,
                most: 1,
            }),
            HirKind::Repetition(repetition) => {
                let class = match repetition.sub.kind() {
                    HirKind::Class(class) => bytes(class)?,
                    HirKind::Literal(literal) => {
                        let &[byte] = &*literal.0 else { return None };
                        let mut class = Box::new([false; 256]);
                        *class.get_mut(usize::from(byte))? = true;
                        class
                    }
                    HirKind::Empty
                    | HirKind::Look(_)
                    | HirKind::Repetition(_)
                    | HirKind::Capture(_)
                    | HirKind::Concat(_)
                    | HirKind::Alternation(_) => return None,
                };
                let most = repetition
                    .max
                    .map_or(Some(usize::MAX), |most| most.try_into().ok());
                Some(Self::Run {
                    class,
                    least: repetition.min.try_into().ok()?,
                    most: most?,
                })
            }
            HirKind::Empty
            | HirKind::Look(_)
            | HirKind::Capture(_)
            | HirKind::Concat(_)
            | HirKind::Alternation(_) => None,
        }
    }

    /// What follows the piece at the start of `text`.
    fn pass<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        match self {
            Self::Literal(literal) => text.strip_prefix(&**literal),
            Self::Run { class, least, most } => {
                let within = text.get(..*most).unwrap_or(text);
                let run = run(class, within);
                if run < *least { None } else { text.get(run..) }
            }
        }
    }

    /// Whether it may begin with `byte`.
    fn begins(&self, byte: u8) -> bool {
        match self {
            Self::Literal(literal) => literal.first() == Some(&byte),
            Self::Run { class, .. } => in_class(class, byte),
        }
    }
}

/// Whether ECMA 262 and the `regex` crate surely read the pattern alike.
///
/// ASCII only; no `.`, which are not the same lines to both; no escapes but of punctuation; no
/// anchor but `^` in front and `$` at the end; in classes nothing that the `regex` crate takes for
/// an operation on sets. Groups are not captured.
fn is_plain(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let mut class = false;
    let mut before = None;
    let mut rest = bytes.iter().copied().enumerate().peekable();
    while let Some((at, byte)) = rest.next() {
        let next = rest.peek().map(|&(_, next)| next);
        let plain = match byte {
            b'\\' => {
                rest.next();
                next.is_some_and(|next| next.is_ascii_punctuation() && next != b'<' && next != b'>')
            }
            b'[' if class => false,
            b'[' => {
                class = true;
                next != Some(b']')
            }
            b']' => {
                class = false;
                true
            }
            b'&' | b'-' | b'~' if class => before != Some(byte),
            b'^' if !class => at == 0,
            b'$' if !class => next.is_none(),
            b'.' => class,
            b'(' if !class => bytes
                .get(at..)
                .is_some_and(|group| group.starts_with(b"(?:")),
            _ => byte.is_ascii_graphic() || byte == b' ',
        };
        if !plain {
            return false;
        }
        before = Some(byte);
    }
    !class
}

/// The parts that follow each other.
fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Concat(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(_)
        | HirKind::Look(_)
        | HirKind::Repetition(_)
        | HirKind::Capture(_)
        | HirKind::Alternation(_) => parts.push(hir),
    }
}

/// A class of ASCII characters.
fn bytes(class: &Class) -> Option<Box<Bytes>> {
    let mut set = Box::new([false; 256]);
    let Class::Unicode(class) = class else {
        return None;
    };
    for range in class.iter() {
        if !range.end().is_ascii() {
            return None;
        }
        for character in range.start()..=range.end() {
            *set.get_mut(usize::try_from(u32::from(character)).ok()?)? = true;
        }
    }
    Some(set)
}

/// How many bytes at the start of `text` are of a class.
fn run(class: &Bytes, text: &[u8]) -> usize {
    const BLOCK: usize = 8;
    let (blocks, _) = text.as_chunks::<BLOCK>();
    // Without a branch for each byte.
    let all = |block: &&[u8; BLOCK]| {
        block
            .iter()
            .fold(true, |all, &byte| all & in_class(class, byte))
    };
    let passed = blocks.iter().take_while(all).count() * BLOCK;
    let rest = text.get(passed..).unwrap_or_default();
    let more = rest.iter().position(|&byte| !in_class(class, byte));
    passed + more.unwrap_or(rest.len())
}

fn in_class(class: &Bytes, byte: u8) -> bool {
    class.get(usize::from(byte)).copied().unwrap_or_default()
}

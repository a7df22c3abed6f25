//! Lines: where they lie in the text, and what can be measured on each of them alone.

use std::ops::Range;

use crate::convert::characters::Class;

/// One line that is not blank, with the measures the labelling looks at.
#[derive(Clone, Debug)]
pub(super) struct TextLine {
    /// Bytes of the line in the text, without the white space around it.
    pub(super) span: Range<usize>,
    /// Line breaks in it that stand for nothing, not even for a space.
    pub(super) seams: Vec<Range<usize>>,
    /// Length in columns: East Asian wide characters count two, combining marks none.
    pub(super) width: usize,
    /// East Asian wide characters.
    pub(super) wide: usize,
    /// Words: runs of letters and digits; in scripts without spaces a third of the characters.
    pub(super) words: usize,
    /// Words that begin with an upper-case letter.
    pub(super) capitalised: usize,
    /// Letters of any script.
    pub(super) letters: usize,
    /// Decimal digits.
    pub(super) digits: usize,
    /// Letters of the Latin script.
    pub(super) latin: usize,
    /// Places where a lower-case letter is followed by an upper-case one: menus that lost their
    /// separators.
    pub(super) glued: usize,
    /// Sentence ends inside the line or at its end.
    pub(super) sentences: usize,
    /// How the line ends.
    pub(super) end: End,
    /// The first letter or digit is a lower-case letter.
    pub(super) lower_start: bool,
    /// Letters and digits in lower case, words separated by one space: what words lists and
    /// comparisons see.
    pub(super) folded: String,
}

/// How a line ends, quotation marks and brackets behind the last character left aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a full stop.
    Stop,
    /// With another mark that ends a sentence: a question mark, an exclamation mark, an ellipsis.
    Mark,
    /// With a colon.
    Colon,
    /// With a comma.
    Comma,
    /// With anything else, or cut off by an ellipsis.
    Open,
}

impl TextLine {
    /// Whether the line ends as a sentence does.
    pub(super) fn is_ended(&self) -> bool {
        matches!(self.end, End::Stop | End::Mark)
    }

    /// The bytes of the line without its seams.
    pub(super) fn parts(&self) -> impl Iterator<Item = Range<usize>> + use<'_> {
        let starts = self.seams.iter().map(|seam| seam.end);
        let ends = self.seams.iter().map(|seam| seam.start);
        std::iter::once(self.span.start)
            .chain(starts)
            .zip(ends.chain([self.span.end]))
            .map(|(start, end)| start..end)
    }
}

/// White space, and the characters of no width that stand for nothing at the edge of a line.
///
/// `U+FEFF`, `U+200B` and `U+2060` are not white space to Unicode, but a line of them is empty to a
/// reader.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

/// Ends a line: LF, CR (so CRLF too), and the separators word processors leave.
fn is_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The lines of `text` from byte `from` on, blank ones left out.
pub(super) fn split(text: &str, from: usize) -> Vec<TextLine> {
    let tail = text.get(from..).unwrap_or_default();
    let mut lines = Vec::new();
    let mut at = from;
    for part in tail.split(is_break) {
        let lead = part.len() - part.trim_start_matches(is_blank).len();
        let trimmed = part.trim_matches(is_blank);
        if !trimmed.is_empty() {
            lines.push(measure(trimmed, at + lead));
        }
        // The break itself is one to three bytes: find it in the text.
        at += part.len();
        at += text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
    }
    lines
}

/// Ends a sentence: full stops, question and exclamation marks of the scripts news is written in.
fn is_end_mark(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '．'
            | '｡'
            | '।'
            | '॥'
            | '۔'
            | '؟'
            | '։'
            | '።'
            | '၊'
            | '။'
            | '។'
    )
}

/// May stand between the end mark and the end of the line: quotation marks and brackets of all
/// styles.
fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '”'
            | '“'
            | '’'
            | '‘'
            | '»'
            | '«'
            | '›'
            | '‹'
            | ')'
            | ']'
            | '」'
            | '』'
            | '）'
            | '】'
            | '〉'
            | '》'
    )
}

/// Measures one trimmed line that begins at byte `start`.
pub(super) fn measure(line: &str, start: usize) -> TextLine {
    let mut out = TextLine {
        span: start..start + line.len(),
        seams: Vec::new(),
        width: 0,
        wide: 0,
        words: 0,
        capitalised: 0,
        letters: 0,
        digits: 0,
        latin: 0,
        glued: 0,
        sentences: 0,
        end: End::Open,
        lower_start: false,
        folded: String::with_capacity(line.len()),
    };
    let mut before = ' ';
    let (mut in_word, mut after_lower, mut mark_pending) = (false, false, false);
    for c in line.chars() {
        let class = Class::of(c);
        out.width += class.columns();
        out.wide += usize::from(class.is_wide());
        if class.is_of_word() {
            if class.is_letter() {
                if out.letters + out.digits == 0 {
                    out.lower_start = class.is_lower();
                }
                out.letters += 1;
                out.latin += usize::from(is_latin(c));
                out.glued += usize::from(after_lower && class.is_upper());
            } else {
                out.digits += 1;
            }
            if !in_word {
                if !out.folded.is_empty() {
                    out.folded.push(' ');
                }
                out.words += 1;
                out.capitalised += usize::from(class.is_upper());
            }
            if class.folds() {
                out.folded.extend(c.to_lowercase());
            } else {
                out.folded.push(c);
            }
            mark_pending = false;
        } else {
            out.sentences += usize::from(mark_pending && is_blank(c));
            // East Asian sentences follow each other without a space.
            out.sentences += usize::from(matches!(c, '。' | '！' | '？') && before != c);
            mark_pending = is_end_mark(c) || (mark_pending && is_closer(c));
        }
        (in_word, after_lower, before) = (class.is_of_word(), class.is_lower(), c);
    }
    // Scripts without spaces: three characters make about a word.
    out.words = out.words.max(out.wide / 3);
    let bare = line.trim_end_matches(is_closer);
    let last = bare.chars().next_back().unwrap_or(' ');
    out.end = match last {
        _ if is_cut(bare, out.width) => End::Open,
        '.' | '。' | '।' | '۔' => End::Stop,
        ',' | '，' | '、' => End::Comma,
        ':' | '：' => End::Colon,
        _ if is_end_mark(last) => End::Mark,
        _ => End::Open,
    };
    out.sentences += usize::from(out.is_ended());
    out
}

/// Whether a closing ellipsis says that the line was cut: teasers are, and they are short.
fn is_cut(line: &str, width: usize) -> bool {
    const TEASER_WIDTH: usize = 80;
    width < TEASER_WIDTH && (line.ends_with("...") || line.ends_with('…'))
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(u32::from(c), 0xc0..=0x24f | 0x1e00..=0x1eff)
}

//! Whether a trace accounts for every byte.

use super::{Label, Span, Trace};

/// A way in which a trace does not account for its item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoverageDefect {
    /// No field and no label names these bytes.
    Gap(Span),
    /// A dropped span names bytes that a field or another dropped span names.
    Overlap(Span),
    /// A span is empty or reaches beyond the item.
    Outside(Span),
    /// The dropped span starts before the one written before it under the same label.
    Disorder(Span),
    /// Two dropped spans of one label touch; they are to be one.
    Split(Span, Label),
}

impl CoverageDefect {
    /// The bytes it is about.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Gap(span)
            | Self::Overlap(span)
            | Self::Outside(span)
            | Self::Disorder(span)
            | Self::Split(span, _) => *span,
        }
    }
}

/// Every way in which `trace` does not account for its item, in order of position.
///
/// Fields may share bytes with each other: a headline may be part of the text. Dropped spans share
/// bytes with nothing (`spec/trace.md`, `trace-coverage`).
#[must_use]
pub fn coverage(trace: &Trace) -> Vec<CoverageDefect> {
    let length = trace.bytes;
    let mut defects = Vec::new();
    let within = |span: &Span| !span.is_empty() && span.end <= length;

    let spans = trace.fields.iter().flat_map(super::Field::groups_in_item);
    let mut fields = Vec::new();
    for &span in spans.flatten() {
        if within(&span) {
            fields.push(span);
        } else {
            defects.push(CoverageDefect::Outside(span));
        }
    }
    fields.sort_unstable();
    let mut named = merged(&fields);

    for dropped in &trace.dropped {
        let mut last: Option<Span> = None;
        for &span in &dropped.spans {
            if !within(&span) {
                defects.push(CoverageDefect::Outside(span));
                continue;
            }
            match last {
                Some(last) if span.start < last.start => {
                    defects.push(CoverageDefect::Disorder(span));
                }
                Some(last) if span.start == last.end => {
                    let both = Span {
                        start: last.start,
                        end: span.end,
                    };
                    defects.push(CoverageDefect::Split(both, dropped.label.clone()));
                }
                _ => {}
            }
            last = Some(span);
            named.push(span);
        }
    }

    named.sort_unstable();
    let mut reached = 0;
    for span in named {
        if span.start > reached {
            defects.push(CoverageDefect::Gap(Span {
                start: reached,
                end: span.start,
            }));
        } else if span.start < reached {
            // Field spans were merged, so a dropped span has part in every overlap.
            defects.push(CoverageDefect::Overlap(Span {
                start: span.start,
                end: span.end.min(reached),
            }));
        }
        reached = reached.max(span.end);
    }
    if reached < length {
        defects.push(CoverageDefect::Gap(Span {
            start: reached,
            end: length,
        }));
    }
    defects.sort_by_key(CoverageDefect::span);
    defects
}

/// Sorted spans with those that touch or overlap made one.
fn merged(sorted: &[Span]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(sorted.len());
    for &span in sorted {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{CoverageDefect, coverage};
    use crate::trace::{Dropped, Field, ProfileRef, Reference, Span, Trace};

    fn trace(bytes: u64, fields: &[(u64, u64)], tiles: &[(u64, u64, &str)]) -> Trace {
        let mut dropped: Vec<Dropped> = Vec::new();
        for &(start, end, label) in tiles {
            let span = Span { start, end };
            match dropped.iter_mut().find(|one| one.label.as_str() == label) {
                Some(one) => one.spans.push(span),
                None => dropped.push(Dropped {
                    label: label.parse().unwrap(),
                    spans: vec![span],
                }),
            }
        }
        let text = Reference::fixed("/content/text");
        Trace {
            profile: ProfileRef {
                id: "p".to_owned(),
                version: 1,
                digest: None,
            },
            bytes,
            encoding: None,
            locations: Vec::new(),
            contexts: Vec::new(),
            fields: fields
                .iter()
                .map(|&(start, end)| {
                    let groups = vec![vec![Span { start, end }]];
                    Field::of_item(text.clone(), groups, Vec::new())
                })
                .collect(),
            dropped,
        }
    }

    fn span(start: u64, end: u64) -> Span {
        Span { start, end }
    }

    #[test]
    fn fields_may_share_bytes_and_tiles_may_not() {
        assert_eq!(
            coverage(&trace(9, &[(0, 5), (2, 5)], &[(5, 9, "markup")])),
            []
        );
        assert_eq!(coverage(&trace(0, &[], &[])), []);
        assert_eq!(
            coverage(&trace(9, &[(0, 5)], &[(4, 9, "markup")])),
            [CoverageDefect::Overlap(span(4, 5))]
        );
        assert_eq!(
            coverage(&trace(9, &[], &[(0, 9, "markup"), (3, 4, "script")])),
            [CoverageDefect::Overlap(span(3, 4))]
        );
    }

    #[test]
    fn every_defect_is_found() {
        assert_eq!(
            coverage(&trace(9, &[(1, 2)], &[(3, 4, "markup")])),
            [(0, 1), (2, 3), (4, 9)].map(|(s, e)| CoverageDefect::Gap(span(s, e)))
        );
        assert_eq!(
            coverage(&trace(4, &[(0, 4), (4, 5)], &[])),
            [CoverageDefect::Outside(span(4, 5))]
        );
        assert_eq!(
            coverage(&trace(4, &[(2, 3)], &[(3, 4, "markup"), (0, 2, "markup")])),
            [CoverageDefect::Disorder(span(0, 2))]
        );
        // The order of labels is not that of positions.
        assert_eq!(
            coverage(&trace(4, &[], &[(2, 4, "markup"), (0, 2, "script")])),
            []
        );
        assert_eq!(
            coverage(&trace(2, &[], &[(0, 2, "markup"), (0, 1, "script")])),
            [CoverageDefect::Overlap(span(0, 1))]
        );
        assert_eq!(
            coverage(&trace(4, &[], &[(0, 2, "markup"), (2, 4, "markup")])),
            [CoverageDefect::Split(span(0, 4), "markup".parse().unwrap())]
        );
    }
}

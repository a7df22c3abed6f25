//! Whether a trace accounts for every byte.

use super::{Label, Span, Trace};

/// A way in which a trace does not account for its item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoverageDefect {
    /// No field and no tile names these bytes.
    Gap(Span),
    /// A tile names bytes that a field or an earlier tile names.
    Overlap(Span),
    /// A span or tile is empty or reaches beyond the item.
    Outside(Span),
    /// The tile starts before the one written before it.
    Disorder(Span),
    /// Two neighbouring tiles have one label; they are to be one.
    Split(Span, Label),
}

/// Every way in which `trace` does not account for an item of `length` bytes, in order of position.
///
/// Fields may share bytes with each other: a domain comes from the bytes of its URL. Tiles share
/// bytes with nothing (`spec/trace.md`, `trace-coverage`).
#[must_use]
pub fn coverage(length: u64, trace: &Trace) -> Vec<CoverageDefect> {
    let mut defects = Vec::new();
    let within = |span: &Span| span.start < span.end && span.end <= length;

    let (mut fields, outside): (Vec<Span>, Vec<Span>) = trace
        .fields
        .iter()
        .flat_map(|field| field.spans.iter().flatten().copied())
        .partition(within);
    defects.extend(outside.into_iter().map(CoverageDefect::Outside));
    fields.sort_unstable();
    let fields = merged(&fields);

    let mut named: Vec<(Span, bool)> = fields.into_iter().map(|span| (span, false)).collect();
    let mut last_start = 0;
    for tile in &trace.dropped {
        let span = Span {
            start: tile.start,
            end: tile.end,
        };
        if !within(&span) {
            defects.push(CoverageDefect::Outside(span));
            continue;
        }
        if span.start < last_start {
            defects.push(CoverageDefect::Disorder(span));
        }
        last_start = span.start;
        named.push((span, true));
    }
    for pair in trace.dropped.windows(2) {
        if let [one, two] = pair
            && one.end == two.start
            && one.label == two.label
        {
            defects.push(CoverageDefect::Split(
                Span {
                    start: one.start,
                    end: two.end,
                },
                one.label.clone(),
            ));
        }
    }

    named.sort_unstable();
    let mut reached = 0;
    for (span, _tile) in named {
        if span.start > reached {
            defects.push(CoverageDefect::Gap(Span {
                start: reached,
                end: span.start,
            }));
        } else if span.start < reached {
            // Field spans were merged, so a tile has part in every overlap.
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
    defects.sort_by_key(|defect| match defect {
        CoverageDefect::Gap(span)
        | CoverageDefect::Overlap(span)
        | CoverageDefect::Outside(span)
        | CoverageDefect::Disorder(span)
        | CoverageDefect::Split(span, _) => *span,
    });
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
    use crate::trace::{Field, ProfileRef, Span, Tile, Trace};

    fn trace(fields: &[(u64, u64)], tiles: &[(u64, u64, &str)]) -> Trace {
        Trace {
            profile: ProfileRef {
                id: "p".to_owned(),
                version: 1,
                digest: None,
            },
            locations: Vec::new(),
            fields: fields
                .iter()
                .map(|&(start, end)| Field {
                    pointer: "/content/text".parse().unwrap(),
                    spans: vec![vec![Span { start, end }]],
                    via: Vec::new(),
                })
                .collect(),
            dropped: tiles
                .iter()
                .map(|&(start, end, label)| Tile {
                    start,
                    end,
                    label: label.parse().unwrap(),
                })
                .collect(),
        }
    }

    fn span(start: u64, end: u64) -> Span {
        Span { start, end }
    }

    #[test]
    fn fields_may_share_bytes_and_tiles_may_not() {
        assert_eq!(
            coverage(9, &trace(&[(0, 5), (2, 5)], &[(5, 9, "markup")])),
            []
        );
        assert_eq!(coverage(0, &trace(&[], &[])), []);
        assert_eq!(
            coverage(9, &trace(&[(0, 5)], &[(4, 9, "markup")])),
            [CoverageDefect::Overlap(span(4, 5))]
        );
        assert_eq!(
            coverage(9, &trace(&[], &[(0, 9, "markup"), (3, 4, "script")])),
            [CoverageDefect::Overlap(span(3, 4))]
        );
    }

    #[test]
    fn every_defect_is_found() {
        assert_eq!(
            coverage(9, &trace(&[(1, 2)], &[(3, 4, "markup")])),
            [(0, 1), (2, 3), (4, 9)].map(|(s, e)| CoverageDefect::Gap(span(s, e)))
        );
        assert_eq!(
            coverage(4, &trace(&[(0, 4), (4, 5)], &[])),
            [CoverageDefect::Outside(span(4, 5))]
        );
        assert_eq!(
            coverage(4, &trace(&[], &[(2, 4, "markup"), (0, 2, "script")])),
            [CoverageDefect::Disorder(span(0, 2))]
        );
        // By one byte is out of order, too; at one place it is an overlap and no disorder.
        assert_eq!(
            coverage(2, &trace(&[], &[(1, 2, "markup"), (0, 1, "script")])),
            [CoverageDefect::Disorder(span(0, 1))]
        );
        assert_eq!(
            coverage(2, &trace(&[], &[(0, 2, "markup"), (0, 1, "script")])),
            [CoverageDefect::Overlap(span(0, 1))]
        );
        assert_eq!(
            coverage(4, &trace(&[], &[(0, 2, "markup"), (2, 4, "markup")])),
            [CoverageDefect::Split(span(0, 4), "markup".parse().unwrap())]
        );
    }
}

//! An item cut into ranges, each with what became of it.

use super::{Label, Span, Trace};
use crate::json::Pointer;

/// A range of an item's bytes and what became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The bytes.
    pub span: Span,
    /// The values they are part of, in the order of the trace's fields.
    pub fields: Vec<Pointer>,
    /// The label under which they were dropped.
    pub label: Option<Label>,
}

/// Cuts an item of `length` bytes at every boundary of its trace.
///
/// The ranges tile `[0, length)` in order. One that no field and no tile names has neither fields nor
/// label; spans beyond the item are cut at its end.
#[must_use]
pub fn ranges(length: u64, trace: &Trace) -> Vec<Range> {
    let mut cuts = vec![0, length];
    let named = trace.fields.iter().flat_map(|field| {
        field
            .spans
            .iter()
            .flatten()
            .map(move |span| (*span, Some(&field.pointer), None))
    });
    let dropped = trace.dropped.iter().map(|tile| {
        (
            Span {
                start: tile.start,
                end: tile.end,
            },
            None,
            Some(&tile.label),
        )
    });
    let mut parts: Vec<(Span, Option<&Pointer>, Option<&Label>)> = named.chain(dropped).collect();
    for (span, _, _) in &parts {
        cuts.extend([span.start.min(length), span.end.min(length)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    // The sort is stable: parts that start together stay in the order of the trace.
    parts.sort_by_key(|(span, _, _)| span.start);

    let mut ranges = Vec::with_capacity(cuts.len());
    let mut next = parts.into_iter().peekable();
    let mut open: Vec<(Span, Option<&Pointer>, Option<&Label>)> = Vec::new();
    for pair in cuts.windows(2) {
        let &[start, end] = pair else { continue };
        while let Some(part) = next.next_if(|(span, _, _)| span.start <= start) {
            open.push(part);
        }
        open.retain(|(span, _, _)| span.end > start);
        ranges.push(Range {
            span: Span { start, end },
            fields: open
                .iter()
                .filter_map(|(_, pointer, _)| (*pointer).cloned())
                .collect(),
            label: open.iter().find_map(|(_, _, label)| (*label).cloned()),
        });
    }
    ranges
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::ranges;
    use crate::trace::{Field, ProfileRef, Span, Tile, Trace};

    #[test]
    fn an_item_is_cut_at_every_boundary() {
        let field = |pointer: &str, start, end| Field {
            pointer: pointer.parse().unwrap(),
            spans: vec![vec![Span { start, end }]],
            via: Vec::new(),
        };
        let trace = Trace {
            profile: ProfileRef {
                id: "p".to_owned(),
                version: 1,
                digest: None,
            },
            locations: Vec::new(),
            fields: vec![field("/source/url", 2, 6), field("/source/domain", 2, 4)],
            dropped: vec![Tile {
                start: 0,
                end: 2,
                label: "header".parse().unwrap(),
            }],
        };
        let shown: Vec<String> = ranges(8, &trace)
            .into_iter()
            .map(|range| {
                let fields: Vec<String> = range.fields.iter().map(ToString::to_string).collect();
                let label = range
                    .label
                    .map(|label| label.to_string())
                    .unwrap_or_default();
                format!(
                    "{}..{} {}{label}",
                    range.span.start,
                    range.span.end,
                    fields.join("+")
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "0..2 header",
                "2..4 /source/url+/source/domain",
                "4..6 /source/url",
                "6..8 "
            ]
        );
        assert_eq!(ranges(0, &trace), []);
    }
}

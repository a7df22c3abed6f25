//! An item cut into ranges, each with what became of it.

use super::{Label, Reference, Span, Trace};

/// A range of an item's bytes and what became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The bytes.
    pub span: Span,
    /// The values they are part of, in the order of the trace's fields.
    pub values: Vec<Reference>,
    /// The label under which they were dropped.
    pub label: Option<Label>,
}

/// A span, the value that it is part of, and the label under which it was dropped.
type Named<'t> = (Span, Option<&'t Reference>, Option<&'t Label>);

/// Cuts the item at every boundary of its trace.
///
/// The ranges tile `[0, bytes)` in order. One that no field and no label names has neither values nor
/// label; spans beyond the item are cut at its end.
#[must_use]
pub fn ranges(trace: &Trace) -> Vec<Range> {
    let length = trace.bytes;
    let mut cuts = vec![0, length];
    let mut parts: Vec<Named<'_>> = Vec::new();
    for field in &trace.fields {
        let spans = field.groups_in_item().iter().flatten();
        parts.extend(spans.map(|span| (*span, Some(&field.value), None)));
    }
    let tiles = trace.tiles().into_iter();
    parts.extend(tiles.map(|(span, label)| (span, None, Some(label))));
    for (span, _, _) in &parts {
        cuts.extend([span.start.min(length), span.end.min(length)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    // The sort is stable: parts that start together stay in the order of the trace.
    parts.sort_by_key(|(span, _, _)| span.start);

    let mut ranges = Vec::with_capacity(cuts.len());
    let mut next = parts.into_iter().peekable();
    let mut open: Vec<Named<'_>> = Vec::new();
    for pair in cuts.windows(2) {
        let &[start, end] = pair else { continue };
        while let Some(part) = next.next_if(|(span, _, _)| span.start <= start) {
            open.push(part);
        }
        open.retain(|(span, _, _)| span.end > start);
        ranges.push(Range {
            span: Span { start, end },
            values: open
                .iter()
                .filter_map(|(_, value, _)| (*value).cloned())
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
    use crate::trace::Trace;

    fn trace(bytes: u64) -> Trace {
        serde_json::from_value(serde_json::json!({
            "profile": {"id": "general-text", "version": 1},
            "bytes": bytes,
            "locations": [],
            "fields": [
                {"pointer": "/source/url", "spans": [[[2, 6]]]},
                {"pointer": "/source/name", "spans": [[[2, 4]]]},
                {"pointer": "/fetch/url", "in": "warc", "spans": [[[0, 4]]]},
            ],
            "dropped": [{"label": "header", "spans": [[0, 2]]}],
        }))
        .unwrap()
    }

    #[test]
    fn an_item_is_cut_at_every_boundary() {
        let shown: Vec<String> = ranges(&trace(8))
            .into_iter()
            .map(|range| {
                let values: Vec<String> = range.values.iter().map(ToString::to_string).collect();
                let label = range
                    .label
                    .map(|label| label.to_string())
                    .unwrap_or_default();
                format!(
                    "{}..{} {}{label}",
                    range.span.start,
                    range.span.end,
                    values.join("+")
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "0..2 header",
                "2..4 /source/url+/source/name",
                "4..6 /source/url",
                "6..8 "
            ]
        );
        assert_eq!(ranges(&trace(0)), []);
    }
}

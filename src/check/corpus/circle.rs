//! Relations that lead in a circle although their kind is an order.
//!
//! A continuation continues something older, a part is a part of something larger: who follows
//! relations of such a kind never comes back. Of each kind by itself, records that lead to nothing,
//! or that nothing leads to, are taken away until none is left (Kahn 1962); what stays leads in
//! circles. These are found by depth-first search without recursion (Tarjan 1972, strongly connected
//! components), and of each the shortest circle through its last relation is told. All of it takes
//! time and memory linear in the number of relations, and no memory where there are none of these
//! kinds.

use std::collections::VecDeque;

use super::claims::Acyclic;
use super::ids::LineId;
use super::late::LateFinding;
use crate::check::corpus::claims::Claims;
use crate::diagnostic::codes;
use crate::json::Pointer;

/// How many other relations of a circle a message names.
const NAMED: usize = 3;

/// One relation: records by their place among the claims, and which line it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    order: Acyclic,
    from: u32,
    to: u32,
    line: LineId,
}

/// Each circle, once, at its last line. `place` names a line for a message at another.
pub(crate) fn circles(
    claims: &Claims,
    place: impl Fn(LineId, LineId) -> String,
) -> Vec<(LineId, LateFinding)> {
    let mut edges = edges(claims);
    edges.sort_unstable();
    let mut found = Vec::new();
    for kind in edges.chunk_by(|one, two| one.order == two.order) {
        for circle in of_kind(kind) {
            found.extend(tell(&circle, &place));
        }
    }
    found
}

/// What is said of a circle, given as its relations in order, the last of its lines first.
fn tell(
    circle: &[Edge],
    place: impl Fn(LineId, LineId) -> String,
) -> Option<(LineId, LateFinding)> {
    let (last, others) = circle.split_first()?;
    let mut named: Vec<String> = others
        .iter()
        .take(NAMED)
        .map(|edge| place(edge.line, last.line))
        .collect();
    if others.len() > NAMED {
        named.push(format!("{} more", others.len() - NAMED));
    }
    let said = format!(
        "leads back to `from`: with {} the relation makes a circle of `{}`",
        listed(&named),
        last.order.name()
    );
    let late = LateFinding {
        code: codes::RELATION_CIRCLE,
        pointer: Pointer::root().key("to"),
        said,
        within: None,
    };
    Some((last.line, late))
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The relations of the kinds that are orders.
fn edges(claims: &Claims) -> Vec<Edge> {
    // Each relation has said of two records that they are there.
    let mut ends: Vec<(LineId, bool, u32, Acyclic)> = claims.ends().collect();
    ends.sort_unstable();
    let pairs = ends.chunk_by(|one, two| one.0 == two.0);
    pairs
        .filter_map(|pair| match pair {
            [(line, false, from, order), (_, true, to, _)] if from != to => Some(Edge {
                order: *order,
                from: *from,
                to: *to,
                line: *line,
            }),
            _ => None,
        })
        .collect()
}

/// The circles among the relations of one kind, which are sorted.
fn of_kind(edges: &[Edge]) -> Vec<Vec<Edge>> {
    let mut records: Vec<u32> = edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
    records.sort_unstable();
    records.dedup();
    let number = |record: u32| records.binary_search(&record).unwrap_or_default();
    let graph: Vec<(usize, usize, LineId)> = edges
        .iter()
        .map(|edge| (number(edge.from), number(edge.to), edge.line))
        .collect();
    let (left, any) = without_ends(&graph, records.len());
    if !any {
        return Vec::new();
    }
    let graph = Graph::new(graph, &left, records.len());
    let order = edges.first().map(|edge| edge.order);
    let edge = |at: usize| {
        let (from, to, line) = graph.edges.get(at).copied()?;
        Some(Edge {
            order: order?,
            from: *records.get(from)?,
            to: *records.get(to)?,
            line,
        })
    };
    graph
        .circles()
        .into_iter()
        .map(|circle| circle.into_iter().filter_map(edge).collect())
        .collect()
}

/// Which records are left when those without relations in, or without relations out, are taken away
/// again and again.
fn without_ends(graph: &[(usize, usize, LineId)], records: usize) -> (Vec<bool>, bool) {
    let mut left = vec![true; records];
    for backwards in [false, true] {
        let ends = |(from, to, _): &(usize, usize, LineId)| {
            if backwards {
                (*to, *from)
            } else {
                (*from, *to)
            }
        };
        let mut by: Vec<(usize, usize)> = graph.iter().map(ends).collect();
        by.retain(|(from, to)| is(&left, *from) && is(&left, *to));
        by.sort_unstable();
        let mut into = vec![0_usize; records];
        for (_, to) in &by {
            if let Some(count) = into.get_mut(*to) {
                *count += 1;
            }
        }
        let none = |record: &usize| is(&left, *record) && into.get(*record) == Some(&0);
        let mut ready: Vec<usize> = (0..records).filter(none).collect();
        while let Some(record) = ready.pop() {
            if let Some(place) = left.get_mut(record) {
                *place = false;
            }
            let start = by.partition_point(|(from, _)| *from < record);
            let rest = by.get(start..).unwrap_or_default();
            for (_, to) in rest.iter().take_while(|(from, _)| *from == record) {
                if let Some(count) = into.get_mut(*to) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(*to);
                    }
                }
            }
        }
    }
    let any = left.contains(&true);
    (left, any)
}

fn is(flags: &[bool], at: usize) -> bool {
    flags.get(at).copied().unwrap_or_default()
}

/// What is left, by where relations start.
struct Graph {
    edges: Vec<(usize, usize, LineId)>,
    /// Where the relations of each record begin; one more than there are records.
    starts: Vec<usize>,
}

impl Graph {
    fn new(mut edges: Vec<(usize, usize, LineId)>, left: &[bool], records: usize) -> Self {
        edges.retain(|(from, to, _)| is(left, *from) && is(left, *to));
        edges.sort_unstable();
        let starts = (0..=records)
            .map(|record| edges.partition_point(|(from, ..)| *from < record))
            .collect();
        Self { edges, starts }
    }

    /// The relations that start at a record, by their places.
    fn out(&self, record: usize) -> std::ops::Range<usize> {
        let at = |record: usize| self.starts.get(record).copied().unwrap_or(self.edges.len());
        at(record)..at(record + 1)
    }

    fn target(&self, edge: usize) -> usize {
        self.edges.get(edge).map_or(0, |(_, to, _)| *to)
    }

    /// One circle of each strongly connected component: the shortest through its last line, which
    /// stands first; given as places of relations.
    fn circles(&self) -> Vec<Vec<usize>> {
        let component = self.components();
        let of = |record: usize| component.get(record).copied();
        let mut last: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
        for (at, (from, to, line)) in self.edges.iter().enumerate() {
            let Some(number) = of(*from).filter(|_| of(*from) == of(*to)) else {
                continue;
            };
            let before = last.get(&number).and_then(|before| self.edges.get(*before));
            if before.is_none_or(|(.., before)| before < line) {
                last.insert(number, at);
            }
        }
        let mut seen = vec![None; self.starts.len()];
        let mut circles: Vec<Vec<usize>> = last
            .into_values()
            .map(|closing| self.circle(closing, &component, &mut seen))
            .collect();
        circles.sort_by_key(|circle| circle.first().and_then(|at| self.edges.get(*at)).copied());
        circles
    }

    /// The shortest way from where the relation `closing` ends to where it starts, behind itself.
    fn circle(
        &self,
        closing: usize,
        component: &[usize],
        seen: &mut [Option<usize>],
    ) -> Vec<usize> {
        let Some((start, first, _)) = self.edges.get(closing).copied() else {
            return Vec::new();
        };
        let mut queue = VecDeque::from([first]);
        // By which relation a record was reached; components share no record.
        if let Some(place) = seen.get_mut(first) {
            *place = Some(closing);
        }
        'search: while let Some(record) = queue.pop_front() {
            for edge in self.out(record) {
                let target = self.target(edge);
                let fresh = component.get(target) == component.get(start)
                    && seen.get(target).is_some_and(Option::is_none);
                if fresh {
                    if let Some(place) = seen.get_mut(target) {
                        *place = Some(edge);
                    }
                    if target == start {
                        break 'search;
                    }
                    queue.push_back(target);
                }
            }
        }
        let mut way = Vec::new();
        let mut at = start;
        while at != first {
            let Some(edge) = seen.get(at).copied().flatten() else {
                break;
            };
            way.push(edge);
            at = self.edges.get(edge).map_or(first, |(from, ..)| *from);
        }
        way.push(closing);
        way.reverse();
        way
    }

    /// The number of each record's strongly connected component.
    fn components(&self) -> Vec<usize> {
        let records = self.starts.len().saturating_sub(1);
        let mut search = Search {
            index: vec![None; records],
            low: vec![0; records],
            component: vec![usize::MAX; records],
            stack: Vec::new(),
            next: 0,
            components: 0,
        };
        for record in 0..records {
            if search.index.get(record) == Some(&None) {
                search.from(record, self);
            }
        }
        search.component
    }
}

/// The state of Tarjan's search.
struct Search {
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    component: Vec<usize>,
    stack: Vec<usize>,
    next: usize,
    components: usize,
}

impl Search {
    fn enter(&mut self, record: usize) {
        if let (Some(index), Some(low)) = (self.index.get_mut(record), self.low.get_mut(record)) {
            *index = Some(self.next);
            *low = self.next;
        }
        self.next += 1;
        self.stack.push(record);
    }

    fn lower(&mut self, record: usize, to: usize) {
        if let Some(low) = self.low.get_mut(record) {
            *low = to.min(*low);
        }
    }

    fn from(&mut self, root: usize, graph: &Graph) {
        self.enter(root);
        let mut path = vec![(root, graph.out(root))];
        while let Some((record, out)) = path.last_mut() {
            let record = *record;
            if let Some(edge) = out.next() {
                let target = graph.target(edge);
                match self.index.get(target).copied().flatten() {
                    None => {
                        self.enter(target);
                        path.push((target, graph.out(target)));
                    }
                    Some(index) if self.component.get(target) == Some(&usize::MAX) => {
                        self.lower(record, index);
                    }
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            let low = self.low.get(record).copied().unwrap_or_default();
            if let Some((above, _)) = path.last() {
                let above = *above;
                self.lower(above, low);
            }
            if self.index.get(record).copied().flatten() == Some(low) {
                while let Some(member) = self.stack.pop() {
                    if let Some(place) = self.component.get_mut(member) {
                        *place = self.components;
                    }
                    if member == record {
                        break;
                    }
                }
                self.components += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Edge, circles, of_kind};
    use crate::check::corpus::claims::{Acyclic, Claims, claims};
    use crate::check::corpus::ids::LineId;
    use crate::json::Tape;

    /// The circles of relations `(kind, from, to)`, each in a line of its own, as they are told.
    fn told(relations: &[(&str, &str, &str)]) -> Vec<(u32, String)> {
        let mut all = Vec::new();
        for (line, (kind, from, to)) in (1..).zip(relations) {
            let text = format!(r#"{{"relation":"{kind}","from":"{from}","to":"{to}"}}"#);
            let tape = Tape::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
            all.extend(claims(tape.root(), LineId::new(0, line)));
        }
        let name = |line: LineId, _| format!("line {}", line.line);
        let found = circles(&Claims::new(all), name).into_iter();
        found.map(|(line, late)| (line.line, late.said)).collect()
    }

    #[test]
    fn a_circle_is_told_once_at_its_last_line() {
        assert_eq!(
            told(&[("continues", "a", "b"), ("continues", "b", "a")]),
            [(
                2,
                "leads back to `from`: with line 1 the relation makes a circle of `continues`"
                    .to_owned()
            )]
        );
        let long = [
            ("is_part_of", "a", "b"),
            ("is_part_of", "b", "c"),
            ("is_part_of", "c", "d"),
            ("is_part_of", "d", "e"),
            ("is_part_of", "e", "a"),
            ("is_part_of", "x", "a"),
            ("is_part_of", "e", "y"),
        ];
        assert_eq!(
            told(&long),
            [(
                5,
                "leads back to `from`: with line 1, line 2, line 3 and 1 more the relation makes a \
                 circle of `is_part_of`"
                    .to_owned()
            )]
        );
    }

    #[test]
    fn orders_are_apart_and_other_kinds_are_none() {
        assert_eq!(told(&[("continues", "a", "b"), ("corrects", "b", "a")]), []);
        assert_eq!(
            told(&[("references", "a", "b"), ("references", "b", "a")]),
            []
        );
        assert_eq!(told(&[("quotes", "a", "b"), ("quotes", "b", "a")]), []);
        // A diamond is no circle, and a relation to itself is told elsewhere.
        let diamond = [
            ("continues", "a", "b"),
            ("continues", "a", "c"),
            ("continues", "b", "d"),
            ("continues", "c", "d"),
            ("continues", "d", "d"),
        ];
        assert_eq!(told(&diamond), []);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let edge = |from: u32, to: u32| Edge {
            order: Acyclic::Continues,
            from,
            to,
            line: LineId::new(0, u64::from(from) + 1),
        };
        let mut chain: Vec<Edge> = (0..200_000).map(|at| edge(at, at + 1)).collect();
        assert_eq!(of_kind(&chain), Vec::<Vec<Edge>>::new());
        chain.push(edge(200_000, 0));
        let found = of_kind(&chain);
        let [circle] = found.as_slice() else {
            panic!("{} circles", found.len());
        };
        assert_eq!(circle.len(), 200_001);
        assert_eq!(circle.first().map(|edge| edge.line.line), Some(200_001));
    }

    /// Whether `to` can be reached from `from`, by trying everything.
    fn reaches(edges: &[(u32, u32)], from: u32, to: u32) -> bool {
        let mut seen = BTreeSet::from([from]);
        loop {
            let next: BTreeSet<u32> = edges
                .iter()
                .filter(|(from, to)| seen.contains(from) && !seen.contains(to))
                .map(|(_, to)| *to)
                .collect();
            if next.is_empty() {
                return seen.contains(&to);
            }
            seen.extend(next);
        }
    }

    proptest! {
        #[test]
        fn circles_are_those_of_trying_everything(pairs in proptest::collection::vec((0..9_u32, 0..9_u32), 0..14)) {
            let mut pairs: Vec<(u32, u32)> = pairs.into_iter().filter(|(a, b)| a != b).collect();
            pairs.sort_unstable();
            let edges: Vec<Edge> = (1..).zip(&pairs).map(|(line, (from, to))| Edge {
                order: Acyclic::Continues, from: *from, to: *to, line: LineId::new(0, line),
            }).collect();
            let found = of_kind(&edges);
            // Records that lead to each other and back are one component; each has one circle.
            let cyclic: BTreeSet<BTreeSet<u32>> = (0..9)
                .map(|one| (0..9).filter(|two| one != *two
                    && reaches(&pairs, one, *two) && reaches(&pairs, *two, one))
                    .chain([one]).collect::<BTreeSet<u32>>())
                .filter(|component| component.len() > 1)
                .collect();
            prop_assert_eq!(found.len(), cyclic.len());
            for circle in &found {
                let ends = circle.iter().zip(circle.iter().skip(1).chain(circle.first()));
                for (one, two) in ends {
                    prop_assert_eq!(one.to, two.from);
                }
                let within = |edge: &Edge| cyclic.iter().any(|component| component.contains(&edge.from)
                    && component.contains(&edge.to) && circle.iter().all(|one| component.contains(&one.to)));
                prop_assert_eq!(edges.iter().rev().find(|edge| within(edge)), circle.first());
            }
        }
    }
}

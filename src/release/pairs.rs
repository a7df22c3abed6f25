//! Two sequences in order of id, met id by id.

use std::cmp::Ordering;
use std::iter::Peekable;

use super::Entry;
use crate::record::Id;

/// What lies at an id on one side or on both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pair<A, B> {
    Left(A),
    Right(B),
    Both(A, B),
}

/// What has an id to be ordered by.
pub(crate) trait Keyed {
    fn key(&self) -> &Id;
}

impl Keyed for Entry {
    fn key(&self) -> &Id {
        &self.id
    }
}

/// Pairs two sequences, each strictly increasing by id, id by id. An error comes in the place of
/// the pair that it would be in.
pub(crate) struct Pairs<A: Iterator, B: Iterator> {
    left: Peekable<A>,
    right: Peekable<B>,
}

impl<A: Iterator, B: Iterator> Pairs<A, B> {
    pub(crate) fn new(left: A, right: B) -> Self {
        Self {
            left: left.peekable(),
            right: right.peekable(),
        }
    }
}

impl<A, B, L, R, E> Iterator for Pairs<A, B>
where
    A: Iterator<Item = Result<L, E>>,
    B: Iterator<Item = Result<R, E>>,
    L: Keyed,
    R: Keyed,
{
    type Item = Result<Pair<L, R>, E>;

    fn next(&mut self) -> Option<Self::Item> {
        let order = match (self.left.peek(), self.right.peek()) {
            (None, None) => return None,
            (Some(Ok(left)), Some(Ok(right))) => left.key().cmp(right.key()),
            (Some(Err(_)), _) | (Some(_), None) => Ordering::Less,
            (_, Some(Err(_))) | (None, Some(_)) => Ordering::Greater,
        };
        match order {
            Ordering::Less => Some(self.left.next()?.map(Pair::Left)),
            Ordering::Greater => Some(self.right.next()?.map(Pair::Right)),
            Ordering::Equal => match (self.left.next()?, self.right.next()?) {
                (Ok(left), Ok(right)) => Some(Ok(Pair::Both(left, right))),
                (Err(error), _) | (_, Err(error)) => Some(Err(error)),
            },
        }
    }
}

#[cfg(test)]
mod tests;

//! The limits of the JSON that is read.

/// How many arrays and objects may lie inside each other.
pub const MAX_DEPTH: usize = 128;

/// How many of them may in a text of a dump.
pub const MAX_DEPTH_ANY: usize = 512;

/// How many values and keys a text may hold, arrays and objects among the values: as long as a line may
/// be, a tape of it takes no more than 20 MiB.
pub const MAX_VALUES: usize = 1 << 20;

/// The greatest integer, 2^53 − 1; its negative is the least.
///
/// Every reader keeps these exactly, also one whose numbers are all IEEE 754 doubles (RFC 7493,
/// section 2.2).
pub const MAX_INTEGER: i64 = 9_007_199_254_740_991;

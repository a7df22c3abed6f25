//! Wire copy with the control characters of its transmission.

use super::{Head, Kind, Told};

/// The kind of wire copy: a header between SOH and STX comes first.
///
/// ANPA 1312 has SYN before it, and in it DC1, DC3 or US; the header of IPTC 7901 is one line without any.
pub(super) fn told(head: Head<'_>) -> Option<Told> {
    const HEADER: usize = 512;
    let filler = |byte: &u8| matches!(*byte, 0 | b'\r' | b'\n' | b' ' | SYN);
    let start = head.bytes.iter().position(|byte| !filler(byte))?;
    let (before, rest) = head.bytes.split_at_checked(start)?;
    let rest = rest.strip_prefix(&[SOH])?;
    let end = rest.iter().take(HEADER).position(|byte| *byte == STX)?;
    let header = rest.get(..end)?;
    let controls = |byte: &u8| matches!(*byte, DC1 | DC3 | US);
    let plain = |byte: &u8| matches!(*byte, b'\r' | b'\n' | b'\t' | b'\x0c' | b' '..=b'~');
    if !header
        .iter()
        .all(|byte| plain(byte) || controls(byte) || *byte == SYN)
    {
        return None;
    }
    if before.contains(&SYN) || header.iter().any(controls) {
        let why = "begins with a header of ANPA 1312, between the control characters SOH and STX";
        return Some((Kind::Anpa, why.into()));
    }
    let why = "begins with a header of IPTC 7901, between the control characters SOH and STX";
    header
        .first()
        .is_some_and(u8::is_ascii_alphanumeric)
        .then_some((Kind::Iptc7901, why.into()))
}

const SOH: u8 = 0x01;
const STX: u8 = 0x02;
const DC1: u8 = 0x11;
const DC3: u8 = 0x13;
const SYN: u8 = 0x16;
const US: u8 = 0x1f;

//! The encoding that SSH keys and signatures share: `uint32` and `string` (RFC 4251 §5).

/// Reads values off the front of some bytes; `None` where they do not suffice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// Passes over exactly these bytes.
    pub(super) fn literal(&mut self, expected: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    pub(super) fn uint32(&mut self) -> Option<u32> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*head))
    }

    /// A length and as many bytes.
    pub(super) fn string(&mut self) -> Option<&'b [u8]> {
        let length = usize::try_from(self.uint32()?).ok()?;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    /// The name of an algorithm: a string of printable ASCII (RFC 4251 §6).
    pub(super) fn name(&mut self) -> Option<&'b str> {
        let name = std::str::from_utf8(self.string()?).ok()?;
        let printable = name.bytes().all(|byte| byte.is_ascii_graphic());
        (printable && !name.is_empty()).then_some(name)
    }

    /// All bytes are read.
    pub(super) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// Appends a `uint32`.
pub(super) fn put_uint32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_be_bytes());
}

/// Appends a `string`. Requires `bytes.len() < 2^32`; keys, names and signatures are far shorter.
pub(super) fn put_string(out: &mut Vec<u8>, bytes: &[u8]) {
    put_uint32(out, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    out.extend_from_slice(bytes);
}

//! A fixed set of texts, found by a look at four of their bytes.

/// How many ways of mixing the bytes are tried for each size of table.
const SEEDS: u32 = 512;

/// Texts and their places, in a table where no two of them fall together.
///
/// A text is mixed from its length, its first, its middle and its last byte; which way of mixing
/// keeps all of them apart is found by trying. Where none does, the texts are passed one by one.
#[derive(Debug, Default)]
pub(super) struct Keys {
    texts: Vec<Box<str>>,
    /// One more than the place of the text that falls here; 0 where none does.
    table: Vec<u16>,
    seed: u32,
}

impl Keys {
    /// A set of texts, all different.
    pub(super) fn new(texts: Vec<Box<str>>) -> Self {
        let mut keys = Self {
            texts,
            table: Vec::new(),
            seed: 0,
        };
        let least = keys.texts.len().next_power_of_two().max(2);
        for size in [least, least * 2, least * 4, least * 8] {
            for seed in 0..SEEDS {
                if let Some(table) = keys.table(size, seed * 2 + 1) {
                    keys.table = table;
                    keys.seed = seed * 2 + 1;
                    return keys;
                }
            }
        }
        keys
    }

    /// The place of `text` among the texts given.
    #[inline]
    pub(super) fn find(&self, text: &[u8]) -> Option<usize> {
        if self.table.is_empty() {
            return self.texts.iter().position(|own| own.as_bytes() == text);
        }
        let entry = *self.table.get(spot(text, self.seed, self.table.len()))?;
        let place = usize::from(entry).checked_sub(1)?;
        (self.texts.get(place)?.as_bytes() == text).then_some(place)
    }

    /// The texts in a table of `size` entries, if none fall together.
    fn table(&self, size: usize, seed: u32) -> Option<Vec<u16>> {
        let mut table = vec![0; size];
        for (place, text) in self.texts.iter().enumerate() {
            let entry = table.get_mut(spot(text.as_bytes(), seed, size))?;
            if *entry != 0 {
                return None;
            }
            *entry = u16::try_from(place + 1).ok()?;
        }
        Some(table)
    }
}

/// Where `text` falls in a table of `size` entries, a power of two.
#[inline]
fn spot(text: &[u8], seed: u32, size: usize) -> usize {
    let byte = |byte: Option<&u8>| u32::from(byte.copied().unwrap_or_default());
    let length = u32::try_from(text.len() & 0xFF).unwrap_or_default();
    let mixed = byte(text.first())
        | byte(text.get(text.len() / 2)) << 8
        | byte(text.last()) << 16
        | length << 24;
    // Fibonacci hashing: the upper bits of a product depend on all bits below them.
    let mixed = mixed.wrapping_mul(seed.wrapping_mul(0x9E37_79B9)) >> 16;
    usize::try_from(mixed).unwrap_or_default() & (size - 1)
}

//! Random layers over random bytes.

use super::{Sample, run, samples};
use crate::dump::layer::Limits;
use crate::trace::Layer;

/// A generator of numbers that are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let most = u64::try_from(most.max(1)).unwrap();
        usize::try_from(self.0 % most).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    fn layer(&mut self) -> Layer {
        let layers = [
            Layer::Gzip,
            Layer::Zstd,
            Layer::Lz4,
            Layer::Bzip2,
            Layer::Xz,
            Layer::Deflate,
            Layer::Brotli,
            Layer::Chunked,
            Layer::Base64,
            Layer::QuotedPrintable,
        ];
        match self.below(12) {
            10.. => {
                let start = u64::try_from(self.below(40)).unwrap();
                let end = start + 1 + u64::try_from(self.below(200)).unwrap();
                Layer::Slice { start, end }
            }
            at => layers[at],
        }
    }

    /// Bytes of a sample, changed in places, or of two samples.
    fn bytes(&mut self, samples: &[Sample]) -> Vec<u8> {
        let mut bytes = samples[self.below(samples.len())].input.clone();
        bytes.truncate(4_000);
        if self.below(3) == 0 {
            let other = &samples[self.below(samples.len())].input;
            let at = self.below(bytes.len());
            let from = self.below(other.len());
            bytes.truncate(at);
            bytes.extend(other[from.min(other.len())..].iter().take(4_000));
        }
        for _ in 0..self.below(4) {
            if !bytes.is_empty() {
                let at = self.below(bytes.len());
                bytes[at] = self.byte();
            }
        }
        bytes
    }
}

#[test]
fn no_bytes_and_no_layers_make_it_panic() {
    let samples = samples();
    let limits = Limits::default().with_size(1 << 18);
    let mut dice = Dice(0x5EED);
    for _ in 0..20_000 {
        let bytes = if dice.below(8) == 0 {
            (0..dice.below(300)).map(|_| dice.byte()).collect()
        } else {
            dice.bytes(&samples)
        };
        let mut layers = Vec::new();
        for _ in 0..=dice.below(3) {
            layers.push(dice.layer());
        }
        if dice.below(2) == 0 {
            // A codec that the bytes may be of.
            layers.splice(0..1, samples[dice.below(samples.len())].layers.clone());
        }
        let (_, error) = run(&bytes, &layers, &limits);
        if let Some(error) = error {
            assert!(error.depth < layers.len());
            assert!(!error.to_string().is_empty());
        }
    }
}

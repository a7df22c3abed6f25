//! Layers against damage, bombs and noise. What they give is held to `schemas/v1/vectors/layer` by
//! `tests/suite`, and those vectors are the samples here.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, and looks at what it is about"
)]

mod bombs;
mod damage;
mod noise;
mod places;
mod round_trip;

use std::io::Read as _;
use std::path::Path;

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{LayerError, Limits, layered};
use crate::trace::Layer;

/// Bytes and the layers that they go through.
struct Sample {
    name: String,
    layers: Vec<Layer>,
    input: Vec<u8>,
    output: Vec<u8>,
}

/// The vectors that are no errors.
fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/v1/vectors/layer");
    let mut samples: Vec<Sample> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let case: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let bytes = |key: &str| STANDARD.decode(case[key].as_str()?).ok();
            let output = bytes("output_base64")?;
            let layers = case["layers"].as_array().unwrap().iter();
            Some(Sample {
                name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
                layers: layers.map(|layer| parse(layer.as_str().unwrap())).collect(),
                input: bytes("input_base64").unwrap(),
                output,
            })
        })
        .collect();
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(samples.len() > 60);
    samples
}

fn parse(name: &str) -> Layer {
    name.parse().unwrap()
}

/// What layers give, and the error behind it.
fn run(input: &[u8], layers: &[Layer], limits: &Limits) -> (Vec<u8>, Option<LayerError>) {
    let mut out = Vec::new();
    let error = match layered(Box::new(input), layers, limits) {
        Ok(mut reader) => reader.read_to_end(&mut out).err(),
        Err(error) => return (out, Some(error)),
    };
    let error = error.map(|error| LayerError::of(&error).unwrap().clone());
    (out, error)
}

/// What layers named so give within the default limits.
fn run_named(input: &[u8], names: &[&str]) -> (Vec<u8>, Option<LayerError>) {
    let layers: Vec<Layer> = names.iter().map(|name| parse(name)).collect();
    run(input, &layers, &Limits::default())
}

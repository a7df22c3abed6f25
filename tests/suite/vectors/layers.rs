//! The vectors of layers: what each list of them makes of its input.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dateline::dump::{LayerError, Limits, layered};
use dateline::trace::{Layer, UnknownLayer};
use serde::Deserialize;

use super::vectors;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    layers: Vec<String>,
    input_base64: String,
    output_base64: Option<String>,
    #[serde(default)]
    error: bool,
    why: Option<String>,
}

/// What the layers give, and what is wrong behind it.
fn run(input: &[u8], layers: &[Layer]) -> (Vec<u8>, Option<LayerError>) {
    let mut out = Vec::new();
    let error = match layered(Box::new(input), layers, &Limits::default()) {
        Ok(mut reader) => reader.read_to_end(&mut out).err(),
        Err(error) => return (out, Some(error)),
    };
    let error = error.map(|error| LayerError::of(&error).unwrap().clone());
    (out, error)
}

#[test]
fn layers() {
    for vector in vectors("layer") {
        let path = vector.path.display();
        let case: Case = serde_json::from_slice(&vector.bytes).unwrap();
        let input = STANDARD.decode(&case.input_base64).unwrap();
        let output = case
            .output_base64
            .map(|text| STANDARD.decode(text).unwrap());
        assert_eq!(case.error, output.is_none(), "{path}");
        assert!(!case.error || case.why.is_some(), "{path}");
        let parsed: Result<Vec<Layer>, UnknownLayer> =
            case.layers.iter().map(|name| name.parse()).collect();
        let Ok(layers) = parsed else {
            assert!(case.error, "{path}");
            continue;
        };
        let (found, error) = run(&input, &layers);
        match (output, error) {
            (Some(output), None) => assert_eq!(found, output, "{path}"),
            (None, Some(_)) => {}
            (Some(_), Some(error)) => panic!("{path}: {error}"),
            (None, None) => panic!("{path}: no error"),
        }
    }
}

//! Says what a path is and what to do next.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let found = dateline::look(Path::new("examples/demo-corpus"), "examples/demo-corpus")?;
    assert_eq!(found.what, "a sealed and signed corpus");
    assert!(
        found
            .next
            .iter()
            .any(|command| command.starts_with("dateline verify"))
    );
    Ok(())
}

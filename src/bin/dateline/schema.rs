//! `dateline schema`

use dateline::schema::Schema;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::screen::Screen;

pub(crate) fn run(args: &args::Schema, screen: &mut Screen) -> Result<Exit, Failure> {
    let Some(name) = &args.name else {
        for schema in Schema::all() {
            screen.line(&format!("{:<12} {}", schema.name(), schema.id()))?;
        }
        return Ok(Exit::Clean);
    };
    let Some(schema) = Schema::named(name) else {
        let names: Vec<&str> = Schema::all().iter().map(Schema::name).collect();
        return Err(Failure::new(format!("there is no schema `{name}`"))
            .hint(format!("use one of {}", names.join(", "))));
    };
    screen.text(schema.text())?;
    Ok(Exit::Clean)
}

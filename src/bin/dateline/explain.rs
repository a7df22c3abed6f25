//! `dateline explain`

use dateline::diagnostic::{CODES, explain};

use crate::args;
use crate::failure::{Exit, Failure};
use crate::screen::Screen;

pub(crate) fn run(args: &args::Explain, screen: &mut Screen) -> Result<Exit, Failure> {
    let Some(name) = &args.code else {
        for code in CODES {
            screen.line(&format!(
                "{:<28} {:<8} {}",
                code.name, code.severity, code.summary
            ))?;
        }
        return Ok(Exit::Clean);
    };
    let page = explain(name)?;
    screen.text(&page)?;
    Ok(Exit::Clean)
}

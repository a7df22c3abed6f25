//! Where output goes, and in what colours.

use std::io::{self, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use dateline::diagnostic::escape::escape;
use dateline::dump::PassedOver;
use dateline::look::word;

use crate::args::{self, Colour};

/// A path as a command names it, for a terminal.
pub(crate) fn named(path: &Path) -> String {
    escape(&word(&path.display().to_string())).into_owned()
}

/// So many of something: `1 file`, `2 files`.
pub(crate) fn count(number: u64, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {one}{ending}")
}

/// Standard output. What is written once nobody reads it any more goes nowhere: the work goes on, and its exit code
/// says what came of it.
pub(crate) struct Out {
    stream: AutoStream<io::StdoutLock<'static>>,
    closed: bool,
}

impl Out {
    fn unless_closed<T>(&mut self, written: io::Result<T>, instead: T) -> io::Result<T> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(instead)
            }
            written => written,
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let written = self.stream.write(bytes);
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.stream.flush();
        self.unless_closed(flushed, ())
    }
}

/// Standard output and standard error, with colours only where they are wanted.
pub(crate) struct Screen {
    pub(crate) out: Out,
    err: AutoStream<io::StderrLock<'static>>,
    quiet: bool,
}

impl Screen {
    pub(crate) fn new(settings: args::Screen) -> Self {
        let choice = |auto: ColorChoice| match settings.color {
            Colour::Auto => auto,
            Colour::Always => ColorChoice::AlwaysAnsi,
            Colour::Never => ColorChoice::Never,
        };
        let (out, err) = (io::stdout(), io::stderr());
        let (for_out, for_err) = (
            choice(AutoStream::choice(&out)),
            choice(AutoStream::choice(&err)),
        );
        Self {
            out: Out {
                stream: AutoStream::new(out.lock(), for_out),
                closed: false,
            },
            err: AutoStream::new(err.lock(), for_err),
            quiet: settings.quiet,
        }
    }

    /// Whether standard output shows colours.
    pub(crate) fn coloured(&self) -> bool {
        self.out.stream.current_choice() != ColorChoice::Never
    }

    /// Whether only what is wrong is to be said.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A line of what was asked for.
    pub(crate) fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    /// Text of what was asked for, as it is.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// A line about how the work went, unless it is to be quiet.
    pub(crate) fn tell(&mut self, line: &str) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        self.line(line)
    }

    /// Lines about what is neither file nor folder in folders, where there is such: nothing of it is read.
    pub(crate) fn passed_over(&mut self, passed_over: &PassedOver) {
        if !self.is_quiet() {
            for line in passed_over.notes() {
                self.complain("note", &line);
            }
        }
    }

    /// A line about what keeps the work from being done; its controls are escaped.
    pub(crate) fn complain(&mut self, word: &str, line: &str) {
        // Nothing is left to tell it to when standard error is gone.
        let _ = writeln!(self.err, "{word}: {}", escape(line));
    }
}

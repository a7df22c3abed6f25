//! Standard output and standard error, and their colours.

use std::io::{self, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use dateline::diagnostic::escape::escape;
use dateline::dump::PassedOver;
use dateline::look::word;

use crate::args::{self, Colour};

/// A path quoted for a command and escaped for a terminal.
pub(crate) fn named(path: &Path) -> String {
    escape(&word(&path.display().to_string())).into_owned()
}

/// A number of things: `1 file`, `2 files`.
pub(crate) fn count(number: u64, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {one}{ending}")
}

/// Standard output. After the reader closes it, output is discarded: the work goes on, and the exit code
/// shows the result.
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

/// Standard output and standard error, with colours if wanted.
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

    /// Whether to print only problems.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints a line of the result.
    pub(crate) fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    /// Prints text of the result, unchanged.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Prints a line about the work, unless `--quiet` is set.
    pub(crate) fn tell(&mut self, line: &str) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        self.line(line)
    }

    /// Prints notes about what is neither a file nor a folder in the inputs, and so is not read.
    pub(crate) fn passed_over(&mut self, passed_over: &PassedOver) {
        if !self.is_quiet() {
            for line in passed_over.notes() {
                self.complain("note", &line);
            }
        }
    }

    /// Prints a line to standard error, with control characters escaped.
    pub(crate) fn complain(&mut self, word: &str, line: &str) {
        // If standard error is gone, there is nowhere to report that.
        let _ = writeln!(self.err, "{word}: {}", escape(line));
    }
}

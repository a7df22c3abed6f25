//! The progress of long work: one line, rewritten in place, only on a terminal.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dateline::dump::Progress;

use crate::screen::Screen;

/// Shorter work shows no progress.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line is written.
const PACE: Duration = Duration::from_millis(200);
/// Moves the cursor to the start of the line and clears the line.
const CLEAR: &str = "\r\u{1b}[K";

/// Shows the line until it is dropped.
pub(crate) struct Bar(Option<(Sender<()>, JoinHandle<()>)>);

impl Bar {
    /// Shows how many of `total` bytes (if known) are read. `word` names the work.
    pub(crate) fn new(
        word: &'static str,
        progress: &Progress,
        total: Option<u64>,
        screen: &Screen,
    ) -> Self {
        if screen.is_quiet() || !io::stderr().is_terminal() {
            return Self(None);
        }
        // The screen holds the lock of standard error.
        let Ok(terminal) = own() else {
            return Self(None);
        };
        let (stop, stopped) = mpsc::channel();
        let progress = progress.clone();
        let thread = std::thread::spawn(move || {
            let begun = Instant::now();
            let mut terminal = terminal;
            let mut wait = PATIENCE;
            let mut shown = false;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                wait = PACE;
                shown = true;
                let line = line(word, progress.bytes(), total, begun.elapsed());
                // Nothing is lost if the terminal is gone.
                let _ = write!(terminal, "{CLEAR}{line}");
            }
            if shown {
                let _ = write!(terminal, "{CLEAR}");
            }
        });
        Self(Some((stop, thread)))
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}

/// Standard error, for writing without its lock.
#[cfg(unix)]
fn own() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(io::stderr().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn own() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(io::stderr().as_handle().try_clone_to_owned()?.into())
}

#[cfg(not(any(unix, windows)))]
fn own() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// `checking  42 %  210 of 500 MB  12 s`, without the parts that are not known.
fn line(word: &str, read: u64, total: Option<u64>, elapsed: Duration) -> String {
    const MB: u64 = 1_000_000;
    let seconds = elapsed.as_secs();
    match total.filter(|total| *total > 0) {
        Some(total) => {
            let read = read.min(total);
            let part = u128::from(read) * 100 / u128::from(total);
            format!(
                "{word} {part:3} %  {} of {} MB  {seconds} s",
                read / MB,
                total / MB
            )
        }
        None if read > 0 => format!("{word}  {} MB  {seconds} s", read / MB),
        None => format!("{word}  {seconds} s"),
    }
}

/// The total size of files on disk.
pub(crate) fn bytes<'p>(files: impl IntoIterator<Item = &'p Path>) -> Option<u64> {
    let mut total: u64 = 0;
    for file in files {
        total = total.saturating_add(std::fs::metadata(file).ok()?.len());
    }
    Some(total)
}

/// Whether a file is compressed, by its name: for files of records, progress counts unpacked bytes.
pub(crate) fn is_packed(file: &Path) -> bool {
    let end = file.extension();
    end.is_some_and(|end| end == "zst" || end == "gz")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::line;

    #[test]
    fn what_is_known_is_shown() {
        let at = |read, total| line("checking", read, total, Duration::from_millis(2_500));
        assert_eq!(
            at(5_000_000, Some(20_000_000)),
            "checking  25 %  5 of 20 MB  2 s"
        );
        assert_eq!(
            at(30_000_000, Some(20_000_000)),
            "checking 100 %  20 of 20 MB  2 s"
        );
        assert_eq!(at(5_000_000, None), "checking  5 MB  2 s");
        assert_eq!(at(0, None), "checking  2 s");
        assert_eq!(at(0, Some(0)), "checking  2 s");
    }
}

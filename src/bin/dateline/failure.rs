//! Failures: why a command could not run, and what to do.

use std::error::Error;
use std::fmt;

use std::path::Path;

use dateline::corpus::{OpenError, remedy};

use crate::damage;

/// How a command that ran ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing is wrong.
    Clean,
    /// Problems were found, or verification failed.
    Problems,
    /// Nothing failed, but not everything could be verified.
    Unverified,
}

impl Exit {
    /// The exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Problems => 1,
            Self::Unverified => 3,
        }
    }
}

/// The exit code of a command that could not run.
pub(crate) const COULD_NOT_RUN: u8 = 2;

/// Why a command could not run: what failed, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    error: Box<dyn Error>,
    hint: Option<String>,
    /// The corpus, if it is damaged and the error does not name it.
    damaged: Option<String>,
}

impl Failure {
    /// A failure with this message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            error: message.into().into(),
            hint: None,
            damaged: None,
        }
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the corpus that the command works on, if the failure means that it is damaged; and general advice
    /// if there is no other.
    pub(crate) fn of(mut self, corpus: &Path) -> Self {
        if !damage::is_damage(&*self.error) {
            return self;
        }
        let path = corpus.display().to_string();
        let line = self.to_string();
        let is_named = [format!("`{path}`"), format!("{path}/")]
            .iter()
            .any(|name| line.contains(name));
        if !is_named {
            self.damaged = Some(path);
        }
        if self.help().is_none() {
            self.hint = Some(damage::help(corpus));
        }
        self
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> Option<&str> {
        if self.hint.is_some() {
            return self.hint.as_deref();
        }
        if let Some(OpenError::NotACorpus(_)) = self.error.downcast_ref() {
            return Some(
                "to see what it is, run `dateline PATH`; to make a corpus from a raw dump, `dateline build`",
            );
        }
        let mut cause: Option<&(dyn Error + 'static)> = Some(&*self.error);
        while let Some(error) = cause {
            if let Some(remedy) = error.downcast_ref().and_then(remedy) {
                return Some(remedy);
            }
            cause = error.source();
        }
        None
    }
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            error: Box::new(error),
            hint: None,
            damaged: None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = self.error.to_string();
        let mut source = self.error.source();
        while let Some(cause) = source {
            // Some errors include their cause.
            let said = cause.to_string();
            if !line.ends_with(&said) {
                line = format!("{line}: {said}");
            }
            source = cause.source();
        }
        match &self.damaged {
            Some(corpus) => write!(f, "in the corpus `{corpus}`: {line}"),
            None => f.write_str(&line),
        }
    }
}

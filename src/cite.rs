//! Citations of a release.

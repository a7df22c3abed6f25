//! Profiles: how a legacy text layout is described, and the interpreter that reads it.

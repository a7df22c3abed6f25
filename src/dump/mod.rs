//! Raw dumps: the files of an input and the items in them.

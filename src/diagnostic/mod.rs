//! What is wrong with data: codes, places, messages, and how they are shown.

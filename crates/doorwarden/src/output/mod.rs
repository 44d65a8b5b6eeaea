//! What leaves the program, and in which form.

pub(crate) mod event_json;

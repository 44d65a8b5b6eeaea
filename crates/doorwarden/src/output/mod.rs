//! What leaves the program, and in which form.

pub(crate) mod event_json;
pub(crate) mod html;
pub(crate) mod incident_json;
pub(crate) mod progress;
pub(crate) mod session_json;
pub(crate) mod summary_json;
pub(crate) mod terminal;

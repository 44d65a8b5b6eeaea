//! What leaves the program, and in which form.

pub(crate) mod digest;
pub(crate) mod ecs_json;
pub(crate) mod event_json;
#[cfg(test)]
pub(crate) mod fixture;
pub(crate) mod harmless;
pub(crate) mod html;
pub(crate) mod incident_json;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod ocsf_json;
pub(crate) mod progress;
pub(crate) mod session_json;
pub(crate) mod style;
pub(crate) mod summary_json;
pub(crate) mod terminal;
pub(crate) mod trouble;
pub(crate) mod weighed;
pub(crate) mod words;

//! The program as people run it, over the sample logs in `tests/small`.

mod commands;
mod common;
mod hostile;
mod report;

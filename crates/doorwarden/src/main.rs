//! Doorwarden: watches every door into an organisation from outside.

mod cli;
mod geo;
mod ingest;
mod output;
mod parse;
mod platform;
mod scan;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}

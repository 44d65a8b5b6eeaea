//! Doorwarden: watches every door into an organisation from outside.

mod cli;
mod evaluate;
mod explain;
mod geo;
mod ingest;
mod init;
mod manual;
mod output;
mod parse;
mod place_cache;
mod platform;
mod reading;
mod scan;
mod simulate;
mod sources;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}

//! Doorwarden: watches every door into an organisation from outside.

mod cli;
mod geo;
mod output;
mod parse;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}

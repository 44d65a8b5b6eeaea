//! The logs of an invented organisation with attacks hidden in them, and the truth about both.
//!
//! Everything follows from a seed and a configuration: no file, clock or network is asked. Lines are handed to a
//! [`Sink`] day by day, so that a long run needs no more memory than three days.

mod attacks;
mod company;
mod config;
mod context;
mod doors;
mod journal;
mod life;
mod moment;
mod places;
mod random;
mod truth;
mod world;

pub use self::{
    config::{Config, ConfigError, Events, Knowledge},
    places::{NETWORKS, Network, Use},
};

/// Takes the lines of logs.
pub trait Sink {
    /// Why lines cannot be taken.
    type Error;

    /// Takes the next lines of `file`, a path below the folder of the logs; each ends with a newline.
    fn append(&mut self, file: &str, lines: &str) -> Result<(), Self::Error>;
}

/// What lies beside the logs.
#[derive(Debug)]
#[non_exhaustive]
pub struct Written {
    /// What an administrator has at hand, as TOML; nothing where nobody asked for it.
    pub context: Option<String>,
    /// What was hidden, as JSON.
    pub truth: String,
}

/// Writes the logs of the organisation that `config` asks for; `asked` is the text that it was read from.
pub fn simulate<S: Sink>(
    seed: u64,
    config: &Config,
    asked: &str,
    sink: &mut S,
) -> Result<Written, S::Error> {
    let world = world::World::new(seed, config);
    let run = world.run(sink)?;
    Ok(Written {
        context: context::toml(config, &run, seed),
        truth: truth::json(seed, config, asked, &run),
    })
}

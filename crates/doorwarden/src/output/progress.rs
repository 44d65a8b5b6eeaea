//! Progress of long work, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that tells how much was read.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Shows itself where standard error is a terminal.
    pub(crate) fn shown() -> Self {
        Self::on(ProgressDrawTarget::stderr())
    }

    /// Shows nothing.
    pub(crate) fn hidden() -> Self {
        Self::on(ProgressDrawTarget::hidden())
    }

    fn on(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {bytes} read, {bytes_per_sec}, {elapsed}")
        {
            bar.set_style(style);
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self(bar)
    }

    /// Adds bytes that were read.
    pub(crate) fn add(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Takes the line away.
    pub(crate) fn done(&self) {
        self.0.finish_and_clear();
    }
}

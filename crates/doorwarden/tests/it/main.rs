//! The program as people run it, over the sample logs in `tests/small`.

#[cfg(test)]
mod broken;
mod commands;
#[cfg(test)]
mod common;
mod evaluate;
#[cfg(test)]
mod flood;
mod hostile;
#[cfg(test)]
mod prior;
mod report;
mod simulate;
#[cfg(test)]
mod steering;
#[cfg(test)]
mod trouble;

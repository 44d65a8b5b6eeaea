//! Events at rest: Parquet that DuckDB, Polars, Spark and `ClickHouse` open. The only crate of the program that knows Parquet.
//!
//! It knows neither parsing nor judging, and opens no file: the binary hands in a writer.

mod bits;
mod column;
mod events;
mod pages;

pub use crate::events::{EventRow, EventWriter, StoreError};

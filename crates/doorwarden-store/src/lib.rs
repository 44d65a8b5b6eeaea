//! Events at rest: Parquet that DuckDB, Polars, Spark and ClickHouse open. The only crate that knows Arrow.
//!
//! It knows neither parsing nor judging, and opens no file: the binary hands in a writer.

mod column;
mod events;

pub use crate::events::{EventRow, EventWriter, StoreError};

//! Archives built in memory.

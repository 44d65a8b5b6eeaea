//! The one hash whose values reach ids, shards and files: XXH3, frozen since its version 0.8.0.

use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128};

/// Hashes `bytes` under `seed`; equal on every machine and in every release.
#[must_use]
pub fn hash64(seed: u64, bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, seed)
}

/// Hashes `bytes` to 128 bits; equal on every machine and in every release.
#[must_use]
pub fn hash128(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}

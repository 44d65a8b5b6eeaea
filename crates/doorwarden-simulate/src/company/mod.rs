//! The organisation: its offices, and everybody who has an account.

pub(crate) mod found;
pub(crate) mod machines;
mod names;
pub(crate) mod people;
pub(crate) mod sites;

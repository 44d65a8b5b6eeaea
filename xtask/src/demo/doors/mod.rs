//! What each product writes: one file a product, functions that write the records of one step.

pub(crate) mod asa;
pub(crate) mod duo;
pub(crate) mod iis;
pub(crate) mod netscaler;
pub(crate) mod okta;
pub(crate) mod radius;
pub(crate) mod sshd;
pub(crate) mod vnc;
pub(crate) mod windows;

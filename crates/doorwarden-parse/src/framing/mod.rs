//! From bytes to records: what kind of file it is, and where its records end.

pub(crate) mod lines;

/// How the records of a file are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// One record a line.
    Lines,
}

/// Tells the framing from the first bytes of a source.
pub(crate) fn sniff(_head: &[u8]) -> Framing {
    Framing::Lines
}

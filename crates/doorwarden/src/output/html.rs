//! `report.html`: one self-contained page for people.

use crate::scan::{Scan, Settings};

/// The page.
pub(crate) fn page(scan: &Scan, _settings: &Settings) -> String {
    format!(
        "<!doctype html><title>Doorwarden</title><p>{} incidents</p>",
        scan.output.incidents.len()
    )
}

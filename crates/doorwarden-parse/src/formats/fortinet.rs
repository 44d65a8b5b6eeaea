//! Not written yet.

use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Fortinet
///
/// Not written yet.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Fortinet;

/// Its id.
const ID: &str = "fortinet";

impl Format for Fortinet {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, _record: &Record<'_>) -> bool {
        false
    }

    fn parse<'r>(&self, _record: &Record<'r>, _ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        Ok(Parsed::Ignored)
    }
}

//! Not written yet.

use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Citrix
///
/// Not written yet.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Citrix;

/// Its id.
const ID: &str = "citrix";

impl Format for Citrix {
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

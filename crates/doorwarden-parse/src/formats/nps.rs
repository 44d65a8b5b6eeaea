//! Not written yet.

use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Nps
///
/// Not written yet.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Nps;

/// Its id.
const ID: &str = "nps";

impl Format for Nps {
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

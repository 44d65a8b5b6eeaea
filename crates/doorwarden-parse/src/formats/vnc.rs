//! Not written yet.

use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Vnc
///
/// Not written yet.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Vnc;

/// Its id.
const ID: &str = "vnc";

impl Format for Vnc {
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

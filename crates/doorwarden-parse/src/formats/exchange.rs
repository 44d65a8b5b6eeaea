//! Not written yet.

use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Exchange
///
/// Not written yet.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Exchange;

/// Its id.
const ID: &str = "exchange";

impl Format for Exchange {
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

//! Not written yet.

use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Ocserv
///
/// Not written yet.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Ocserv;

/// Its id.
const ID: &str = "ocserv";

impl Format for Ocserv {
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

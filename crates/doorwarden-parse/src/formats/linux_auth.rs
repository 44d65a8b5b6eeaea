//! Not written yet.

use crate::{Ctx, Format, Parsed, Record, Reject};

/// # LinuxAuth
///
/// Not written yet.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct LinuxAuth;

/// Its id.
const ID: &str = "linux-auth";

impl Format for LinuxAuth {
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

//! prior.json: what a scan learnt of an organisation as a whole, for the next one. Nothing of a person is in it.

use std::path::Path;

use anyhow::{Context as _, bail};
use doorwarden_engine::{NameBook, Usual};
use serde::{Deserialize, Serialize};

/// The version of the file; another one is refused.
const VERSION: u32 = 1;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Knowledge {
    #[expect(dead_code, reason = "was checked before the rest was read")]
    version: u32,
    /// Hashes of names by directory and device.
    pub(crate) names: NameBook,
    pub(crate) usual: Usual,
}

/// What every version of the file states.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// The file, as it is written.
#[derive(Serialize)]
struct Shape<'a> {
    version: u32,
    names: &'a NameBook,
    usual: &'a Usual,
}

impl Knowledge {
    /// Reads the file; one of another version is refused.
    #[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let is_none = || format!("`{}` is no prior.json of a scan", path.display());
        let Version { version } = serde_json::from_slice(&text).with_context(is_none)?;
        if version != VERSION {
            bail!(
                "`{}` is of version {version}, this program reads version {VERSION}: scan once without --prior to make a new one",
                path.display(),
            );
        }
        let knowledge: Self = serde_json::from_slice(&text).with_context(is_none)?;
        Ok(knowledge)
    }

    /// The file's text.
    pub(crate) fn text(names: &NameBook, usual: &Usual) -> anyhow::Result<Vec<u8>> {
        Ok(serde_json::to_vec(&Shape { version: VERSION, names, usual })?)
    }
}

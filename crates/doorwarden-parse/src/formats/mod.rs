//! All formats, specific before generic. A new one takes its file and two lines here.

mod cisco_asa;
mod openssh;
pub mod windows;

use schemars::{JsonSchema, schema_for};

use crate::Format;

/// Every format compiled in, in the order in which they are asked.
pub static ALL: &[Entry] = &[Entry::of(&cisco_asa::CiscoAsa), Entry::of(&openssh::OpenSsh)];

/// A row of the registry.
#[derive(Debug)]
pub struct Entry {
    /// The format.
    pub format: &'static dyn Format,
    page: fn() -> String,
}

impl Entry {
    const fn of<F: Format + JsonSchema>(format: &'static F) -> Self {
        Self { format, page: page::<F> }
    }

    /// See [`Format::id`].
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.format.id()
    }

    /// The user's page: the doc comment of the format's type, as Markdown.
    #[must_use]
    pub fn page(&self) -> String {
        (self.page)()
    }
}

fn page<F: JsonSchema>() -> String {
    let schema = schema_for!(F);
    let text =
        |name: &str| schema.get(name).and_then(|it| it.as_str()).unwrap_or_default().to_owned();
    format!("# {}\n\n{}\n", text("title"), text("description"))
}

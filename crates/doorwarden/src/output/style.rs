//! Colours on a terminal, where they are wanted.

use doorwarden_model::Severity;

/// How text is set off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    uses_color: bool,
}

impl Style {
    /// With colours.
    pub(crate) const fn colored() -> Self {
        Self { uses_color: true }
    }

    /// As it is.
    pub(crate) const fn plain() -> Self {
        Self { uses_color: false }
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.uses_color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A heading, or what matters most.
    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What matters least.
    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    /// Names of commands, files, settings.
    pub(crate) fn code(self, text: &str) -> String {
        self.with("36", text)
    }

    /// `text` in the colour of `severity`.
    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Critical => "1;97;41",
            Severity::High => "1;31",
            Severity::Medium => "33",
            Severity::Low => "36",
        };
        self.with(code, text)
    }
}

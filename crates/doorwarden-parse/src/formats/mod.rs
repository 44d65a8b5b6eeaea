//! All formats, specific before generic. A new one takes its file and two lines here.

mod cisco_asa;
mod citrix;
mod dropbear;
mod duo;
mod entra;
mod exchange;
mod fortinet;
mod freeradius;
mod iis;
mod ivanti;
mod linux_auth;
mod nps;
mod ocserv;
mod okta;
mod openssh;
mod openvpn;
mod paloalto;
mod ssh_honeypots;
mod vnc;
pub mod windows;
mod xrdp;

use schemars::{JsonSchema, schema_for};

use crate::Format;

/// Every format compiled in, in the order in which they are asked.
pub static ALL: &[Entry] = &[
    Entry::of(&cisco_asa::CiscoAsa),
    Entry::of(&paloalto::PaloAlto),
    Entry::of(&fortinet::Fortinet),
    Entry::of(&ivanti::Ivanti),
    Entry::of(&citrix::Citrix),
    Entry::of(&openssh::OpenSsh),
    Entry::of(&linux_auth::LinuxAuth),
    Entry::of(&dropbear::Dropbear),
    Entry::of(&ssh_honeypots::SshHoneypots),
    Entry::of(&okta::Okta),
    Entry::of(&entra::Entra),
    Entry::of(&duo::Duo),
    Entry::of(&iis::Iis),
    Entry::of(&exchange::Exchange),
    Entry::of(&freeradius::FreeRadius),
    Entry::of(&nps::Nps),
    Entry::of(&xrdp::Xrdp),
    Entry::of(&ocserv::Ocserv),
    Entry::of(&openvpn::OpenVpn),
    Entry::of(&vnc::Vnc),
    Entry::of(&windows::WindowsAdfs),
    Entry::of(&windows::WindowsOpenSsh),
    Entry::of(&windows::WindowsOther),
    Entry::of(&windows::WindowsRas),
    Entry::of(&windows::WindowsRdGateway),
    Entry::of(&windows::WindowsRdpCoreTs),
    Entry::of(&windows::WindowsSecurity),
    Entry::of(&windows::WindowsTerminalServices),
    Entry::of(&windows::WindowsWinRm),
];

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

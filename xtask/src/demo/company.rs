//! Arboria `GmbH`: its people, where they live, and how they work.

use super::places::{
    AIRTEL, Network, O2_CZECH, ORANGE_FRANCE, PLUSNET, TELEFONICA, TELEFONICA_MOBILE, TELEKOM,
    TELEKOM_MOBILE, VERSATEL, VODAFONE, VODAFONE_MOBILE,
};

/// How a person comes into the network from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// VPN with password and Duo.
    Duo,
    /// VPN with Okta.
    Okta,
    /// VPN with a certificate.
    Certificate,
    /// VPN of old, with a password and nothing else.
    Legacy,
    /// Citrix.
    Citrix,
}

/// What a person works with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// A desktop on terminal server 1 or 2.
    Desk(u8),
    /// Linux servers.
    Code,
    /// Everything.
    Admin,
    /// Mail and calendar.
    Mail,
}

/// A person with an account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    /// The account, as in the directory.
    pub(crate) account: &'static str,
    /// First and last name.
    pub(crate) name: &'static str,
    /// Department.
    pub(crate) department: &'static str,
    /// Provider at home.
    pub(crate) home: Network,
    /// Provider of the telephone.
    pub(crate) carrier: Network,
    /// Monday to Friday: `o` in the office, `h` at home, `-` off.
    pub(crate) week: &'static str,
    /// Usual start of work, in minutes after midnight in Berlin.
    pub(crate) starts: i64,
    /// Way in.
    pub(crate) way: Way,
    /// Work.
    pub(crate) work: Work,
}

const fn person(
    account: &'static str,
    name: &'static str,
    department: &'static str,
    (home, carrier): (Network, Network),
    week: &'static str,
    starts: i64,
    (way, work): (Way, Work),
) -> Person {
    Person { account, name, department, home, carrier, week, starts, way, work }
}

const T: (Network, Network) = (TELEKOM, TELEKOM_MOBILE);
const TV: (Network, Network) = (TELEKOM, VODAFONE_MOBILE);
const V: (Network, Network) = (VODAFONE, VODAFONE_MOBILE);
const VO: (Network, Network) = (VODAFONE, TELEFONICA_MOBILE);
const O: (Network, Network) = (TELEFONICA, TELEFONICA_MOBILE);
const E: (Network, Network) = (VERSATEL, TELEKOM_MOBILE);
const P: (Network, Network) = (PLUSNET, VODAFONE_MOBILE);

const DESK1: (Way, Work) = (Way::Duo, Work::Desk(1));
const DESK2: (Way, Work) = (Way::Duo, Work::Desk(2));
const SSO1: (Way, Work) = (Way::Okta, Work::Desk(1));
const CODE: (Way, Work) = (Way::Duo, Work::Code);
const CODE_SSO: (Way, Work) = (Way::Okta, Work::Code);
const BOSS: (Way, Work) = (Way::Certificate, Work::Desk(1));
const CITRIX: (Way, Work) = (Way::Citrix, Work::Mail);
const OLD: (Way, Work) = (Way::Legacy, Work::Desk(2));

/// Everybody, in the order of their desks.
pub(crate) const PEOPLE: &[Person] = &[
    person("anna.brandt", "Anna Brandt", "sales", T, "ohohh", 505, DESK1),
    person("jonas.keller", "Jonas Keller", "sales", V, "oohoh", 525, SSO1),
    person("miriam.vogt", "Miriam Vogt", "sales", T, "hooho", 540, SSO1),
    person("tobias.engel", "Tobias Engel", "sales", O, "ohooh", 520, DESK1),
    person("leonie.haas", "Leonie Haas", "sales", E, "hohoo", 510, OLD),
    person("philipp.roth", "Philipp Roth", "sales", V, "ohhoo", 535, DESK1),
    person("sabine.krug", "Sabine Krug", "finance", T, "oohho", 470, DESK2),
    person("dieter.lang", "Dieter Lang", "finance", T, "oohoo", 450, OLD),
    person("petra.winkler", "Petra Winkler", "finance", VO, "ohoho", 480, DESK2),
    person("jana.schuster", "Jana Schuster", "finance", O, "hoohh", 500, DESK2),
    person("karsten.wolff", "Karsten Wolff", "engineering", T, "hohho", 570, CODE),
    person("elif.yildiz", "Elif Yildiz", "engineering", V, "ohohh", 555, CODE),
    person("marek.nowak", "Marek Nowak", "engineering", V, "hhohh", 590, CODE_SSO),
    person("svenja.arndt", "Svenja Arndt", "engineering", T, "ohhoh", 545, CODE_SSO),
    person("luca.bianchi", "Luca Bianchi", "engineering", O, "hohoh", 580, CODE),
    person("hannes.busch", "Hannes Busch", "engineering", TV, "ohhoh", 540, CODE),
    person("nora.lindner", "Nora Lindner", "engineering", V, "hohoh", 560, CODE),
    person("paul.reuter", "Paul Reuter", "engineering", E, "oohho", 525, CODE),
    person(
        "ines.moreau",
        "Ines Moreau",
        "engineering",
        (ORANGE_FRANCE, ORANGE_FRANCE),
        "hhhhh",
        530,
        CODE,
    ),
    person("georg.thiel", "Georg Thiel", "engineering", P, "ohoho", 510, (Way::Legacy, Work::Code)),
    person("britta.sommer", "Britta Sommer", "engineering", T, "hohho", 500, CODE),
    person("oskar.pfeiffer", "Oskar Pfeiffer", "engineering", O, "ohhho", 600, CODE_SSO),
    person("tanja.kraft", "Tanja Kraft", "support", V, "ohoho", 480, SSO1),
    person("felix.neumann", "Felix Neumann", "support", T, "hohoo", 420, DESK1),
    person("mona.ziegler", "Mona Ziegler", "support", VO, "oohoh", 600, DESK1),
    person("rene.hartung", "Rene Hartung", "support", T, "hooho", 660, OLD),
    person("silke.otto", "Silke Otto", "support", E, "ohooh", 480, DESK1),
    person("heike.baumann", "Heike Baumann", "people", O, "oohoh", 490, DESK2),
    person("ulrich.stein", "Ulrich Stein", "people", T, "ohhoo", 510, DESK2),
    person("martina.fuchs", "Martina Fuchs", "management", T, "ooohh", 495, BOSS),
    person("robert.adler", "Robert Adler", "management", V, "ohooh", 510, BOSS),
    person("claudia.berg", "Claudia Berg", "management", P, "hohoh", 520, BOSS),
    person("stefan.maurer", "Stefan Maurer", "it", V, "ohoho", 500, (Way::Duo, Work::Admin)),
    person("yvonne.peters", "Yvonne Peters", "it", T, "hooho", 480, (Way::Duo, Work::Admin)),
    person("dominik.hahn", "Dominik Hahn", "it", O, "ooooh", 450, DESK1),
    person("ralf.dietrich", "Ralf Dietrich", "warehouse", T, "ooooo", 375, OLD),
    person("carmen.schulte", "Carmen Schulte", "warehouse", V, "oohoo", 390, CITRIX),
    person("vikram.rao", "Vikram Rao", "contractors", (AIRTEL, AIRTEL), "hhhhh", 330, CITRIX),
    person("eva.horak", "Eva Horak", "contractors", (O2_CZECH, O2_CZECH), "hhhhh", 540, CITRIX),
    person("bernd.lorenz", "Bernd Lorenz", "sales", T, "-----", 510, DESK1),
];

/// The person with this account, and where the desk is.
pub(crate) fn person_of(account: &str) -> Option<(usize, &'static Person)> {
    PEOPLE.iter().enumerate().find(|(_, it)| it.account == account)
}

/// The account without its dot, as names of devices have it.
pub(crate) fn short(account: &str) -> String {
    account.replace(['.', '-'], "")
}

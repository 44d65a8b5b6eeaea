//! What the name of a network's holder says about the kind of network; no list of numbers (that is `listed`).
//!
//! The table is built with these rules, and they judge a holder that only a loaded database names.

use doorwarden_model::NetworkKind;

/// How a word is compared with the words of a name.
#[derive(Debug, Clone, Copy)]
enum Word {
    /// It is one of the words.
    Is(&'static str),
    /// A word starts with it.
    Starts(&'static str),
    /// A word ends with it.
    Ends(&'static str),
    /// It stands anywhere, also over several words.
    Has(&'static str),
}

use Word::{Ends, Has, Is, Starts};

/// Words that hold a word of the rules by chance.
const CHANCE: &[&str] =
    &["observer", "observers", "ghost", "hostel", "hostels", "hosteria", "conserver"];

const VPN: &[Word] = &[
    Has("vpn"),
    Is("proxy"),
    Is("proxies"),
    Is("oxylabs"),
    Is("anonymizer"),
    Starts("mullvad"),
    Starts("packethub"),
    Starts("windscribe"),
    Is("surfshark"),
    Is("tunnelbear"),
    Is("cyberghost"),
    Has("private internet access"),
    Has("proton ag"),
];

const HOSTING: &[Word] = &[
    Has("hosting"),
    Has("cloud"),
    Has("datacent"),
    Has("data cent"),
    Has("colocation"),
    Has("dedicated server"),
    Has("virtual server"),
    Has("web service"),
    Has("content delivery"),
    Starts("server"),
    Ends("server"),
    Ends("servers"),
    Starts("vps"),
    Ends("vps"),
    Starts("host"),
    Ends("host"),
    Ends("hosts"),
    Ends("hoster"),
    Is("colo"),
    Is("cdn"),
    Is("iaas"),
    Is("vds"),
    Is("webhost"),
    Starts("baremetal"),
    Starts("aeza"),
    Has("aruba s.p.a"),
    Starts("alibaba"),
    Starts("amazon"),
    Starts("akamai"),
    Starts("choopa"),
    Starts("contabo"),
    Starts("datacamp"),
    Starts("digitalocean"),
    Is("equinix"),
    Starts("fastly"),
    Starts("frantech"),
    Has("g-core labs"),
    Starts("godaddy"),
    Starts("google"),
    Starts("hetzner"),
    Starts("hivelocity"),
    Starts("ionos"),
    Has("inmotion"),
    Starts("leaseweb"),
    Has("liquid web"),
    Starts("linode"),
    Is("m247"),
    Has("microsoft corporation"),
    Is("ovh"),
    Starts("plusserver"),
    Starts("psychz"),
    Starts("quadranet"),
    Starts("rackspace"),
    Starts("scaleway"),
    Starts("selectel"),
    Has("stark industries"),
    Has("team blue"),
    Has("team.blue"),
    Starts("tencent"),
    Starts("timeweb"),
    Starts("velia"),
    Starts("vultr"),
    Starts("worldstream"),
    Is("xtom"),
    Starts("zenlayer"),
    Starts("zscaler"),
];

const MOBILE: &[Word] = &[
    Is("mobile"),
    Is("mobiles"),
    Is("movil"),
    Is("moviles"),
    Is("cellular"),
    Is("celular"),
    Is("celulares"),
    Is("selular"),
    Is("gsm"),
    Is("lte"),
    Has("t-mobile"),
    Has("verizon wireless"),
];

const ISP: &[Word] = &[
    Has("telecom"),
    Has("telekom"),
    Has("telefon"),
    Has("telephon"),
    Has("broadband"),
    Has("internet"),
    Has("cablevision"),
    Has("comunicac"),
    Has("communication"),
    Has("wireless"),
    Has("banda larga"),
    Has("wi-fi"),
    Has("fibra"),
    Starts("fiber"),
    Ends("fiber"),
    Starts("fibre"),
    Starts("provedor"),
    Starts("conex"),
    Starts("wifi"),
    Starts("glasfaser"),
    Starts("breitband"),
    Is("cable"),
    Is("cabo"),
    Is("catv"),
    Is("comunicazioni"),
    Is("dsl"),
    Is("ftth"),
    Is("isp"),
    Is("kabel"),
    Is("tel"),
    Is("telco"),
    Is("televizija"),
    Is("wisp"),
    Has("at&t"),
    Has("bell canada"),
    Has("china unicom"),
    Has("sky uk"),
    Has("telefonica"),
    Has("virgin media"),
    Is("airtel"),
    Is("bharti"),
    Is("claro"),
    Is("comcast"),
    Is("indosat"),
    Is("jcom"),
    Is("kddi"),
    Is("kpn"),
    Is("ooredoo"),
    Is("orange"),
    Is("rostelecom"),
    Is("softbank"),
    Is("swisscom"),
    Is("telenet"),
    Is("telenor"),
    Is("telia"),
    Is("telkom"),
    Is("telmex"),
    Is("telstra"),
    Is("verizon"),
    Is("vodafone"),
    Starts("chinanet"),
    Starts("tele2"),
    Starts("viettel"),
];

/// The first of these that a word of the name belongs to; hosters of mobile games are hosters.
const RULES: &[(NetworkKind, &[Word])] = &[
    (NetworkKind::Vpn, VPN),
    (NetworkKind::Hosting, HOSTING),
    (NetworkKind::Mobile, MOBILE),
    (NetworkKind::Isp, ISP),
];

/// The kind of network that `holder` runs, where its name says so.
pub(crate) fn kind_of(holder: &str) -> Option<NetworkKind> {
    let name = holder.to_ascii_lowercase();
    let words = |it: char| !it.is_ascii_alphanumeric();
    let has = |word: &Word| match *word {
        Has(part) => name.contains(part),
        Is(it) => name.split(words).any(|word| word == it),
        Starts(it) => name.split(words).any(|word| word.starts_with(it) && !CHANCE.contains(&word)),
        Ends(it) => name.split(words).any(|word| word.ends_with(it) && !CHANCE.contains(&word)),
    };
    RULES.iter().find(|(_, rule)| rule.iter().any(has)).map(|(kind, _)| *kind)
}

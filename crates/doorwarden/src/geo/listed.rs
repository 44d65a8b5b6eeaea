//! Networks whose kind is known from their number: hosters, VPN services, mobile carriers and the large providers
//! whose names do not say it (for those see `words`).
//!
//! Written from public knowledge; sorted, one network a line. A carrier that serves homes as much as phones under
//! one number stands as `Isp`; a secure web gateway stands as `Hosting`, which is where its addresses are.

use doorwarden_model::NetworkKind::{self, Hosting, Isp, Mobile, Vpn};

/// The kind of the network `asn`, where it is listed.
pub(crate) fn kind_of(asn: u32) -> Option<NetworkKind> {
    let at = LISTED.binary_search_by_key(&asn, |it| it.0).ok()?;
    LISTED.get(at).map(|it| it.1)
}

/// Sorted by number, which a test checks.
#[expect(clippy::unreadable_literal, reason = "nobody writes AS numbers with separators")]
pub(super) const LISTED: &[(u32, NetworkKind)] = &[
    (834, Hosting),    // IPXO.
    (1267, Isp),       // Wind Tre.
    (2518, Isp),       // Biglobe.
    (2519, Isp),       // ARTERIA Networks.
    (3292, Isp),       // TDC Holding A/S.
    (3737, Isp),       // PenTeleData.
    (3758, Isp),       // SingNet Pte.
    (3786, Isp),       // LG Dacom.
    (4694, Hosting),   // IDC Frontier.
    (4739, Isp),       // iiNet.
    (4760, Isp),       // Pccw Ims.
    (4771, Isp),       // Spark New Zealand Trading.
    (4775, Mobile),    // Globe Telecom (GMCR,INC).
    (4780, Isp),       // Digital United.
    (4788, Isp),       // Tm Technology Services Sdn Bhd.
    (4804, Isp),       // SingTel Optus Pty.
    (4818, Mobile),    // DiGi Telecommunications Sdn Bhd., Digi Internet .
    (5432, Isp),       // Proximus.
    (5466, Isp),       // Eircom.
    (5610, Isp),       // O2 Czech Republic.
    (5645, Isp),       // TekSavvy Solutions.
    (5769, Isp),       // Videotron Ltee.
    (6079, Isp),       // RCN.
    (6167, Mobile),    // Verizon Wireless.
    (6621, Isp),       // Hughes Network Systems.
    (6713, Isp),       // Maroc Telecom.
    (6724, Hosting),   // Strato.
    (6730, Isp),       // Sunrise.
    (6830, Isp),       // Liberty Global.
    (7155, Isp),       // ViaSat.
    (7195, Hosting),   // Edgeuno.
    (7506, Hosting),   // GMO Internet Group.
    (7679, Isp),       // QTnet.
    (7684, Hosting),   // SAKURA Internet.
    (7992, Isp),       // Cogeco Connexion.
    (8001, Hosting),   // Cologix.
    (8048, Isp),       // CANTV Servicios, Venezuela.
    (8075, Hosting),   // Microsoft Azure.
    (8100, Hosting),   // QuadraNet Enterprises.
    (8151, Isp),       // Telmex, Uninet.
    (8359, Mobile),    // MTS.
    (8374, Mobile),    // Polkomtel, Plus.
    (8426, Hosting),   // Claranet.
    (8437, Mobile),    // Hutchison Drei.
    (8452, Isp),       // Telecom Egypt.
    (8469, Hosting),   // CANCOM Managed Services.
    (8551, Isp),       // Bezeq International.
    (8560, Hosting),   // IONOS.
    (8648, Hosting),   // dogado.
    (8708, Isp),       // Digi Romania.
    (8866, Isp),       // Vivacom Bulgaria EAD.
    (8881, Isp),       // 1&1 Versatel.
    (9009, Hosting),   // M247.
    (9141, Mobile),    // P4, Play.
    (9370, Hosting),   // SAKURA Internet.
    (9371, Hosting),   // SAKURA Internet.
    (9500, Isp),       // One New Zealand Group.
    (9534, Mobile),    // Maxis Broadband Sdn Bhd.
    (9587, Mobile),    // DTAC TriNet.
    (9605, Mobile),    // NTT Docomo.
    (9644, Mobile),    // SK Telecom.
    (9674, Mobile),    // Far EasTone.
    (9829, Isp),       // Bharat Sanchar Nigam.
    (10030, Mobile),   // Celcom Axiata Berhad.
    (10036, Isp),      // DLIVE.
    (10139, Mobile),   // Smart Broadband.
    (11260, Isp),      // EastLink.
    (11776, Isp),      // Breezeline.
    (11878, Hosting),  // tzulo.
    (12083, Isp),      // WideOpenWest Finance.
    (12091, Mobile),   // MTN South Africa.
    (12322, Isp),      // Free.
    (12576, Mobile),   // EE.
    (12637, Hosting),  // SEEWEB s.r.l.
    (12714, Mobile),   // MegaFon.
    (12741, Isp),      // Netia.
    (12824, Hosting),  // home.pl.
    (12874, Isp),      // Fastweb SpA.
    (12876, Hosting),  // Scaleway.
    (13116, Mobile),   // Tele2 Sverige.
    (13150, Hosting),  // Cato Networks.
    (13213, Hosting),  // UK-2.
    (13280, Mobile),   // Three Ireland (Hutchison).
    (13335, Hosting),  // Cloudflare.
    (13354, Hosting),  // zColo.
    (13649, Hosting),  // Flexential Colorado Corp.
    (13768, Hosting),  // Aptum Technologies.
    (13926, Vpn),      // Strong Technology, StrongVPN.
    (14061, Hosting),  // DigitalOcean.
    (14593, Isp),      // SpaceX, Starlink.
    (14618, Hosting),  // Amazon Web Services.
    (14754, Isp),      // Telgua.
    (15169, Hosting),  // Google.
    (15817, Hosting),  // Mittwald.
    (15895, Mobile),   // Kyivstar.
    (16019, Mobile),   // Vodafone Czech Republic.
    (16086, Isp),      // DNA.
    (16135, Mobile),   // Turkcell Iletisim Hizmetleri.
    (16276, Hosting),  // OVH.
    (16509, Hosting),  // Amazon Web Services.
    (16591, Isp),      // Google Fiber.
    (16637, Mobile),   // MTN South Africa.
    (17378, Hosting),  // TierPoint.
    (17506, Isp),      // ARTERIA Networks.
    (17511, Isp),      // OPTAGE.
    (17858, Isp),      // LG Powercomm.
    (17885, Mobile),   // PT XL Axiata Tbk.
    (18302, Mobile),   // SK Telecom.
    (18450, Hosting),  // WebNX.
    (19429, Isp),      // ETB - Colombia.
    (19531, Hosting),  // Nodes Direct.
    (19871, Hosting),  // Network Solutions.
    (19901, Isp),      // Brightspeed.
    (20057, Mobile),   // AT&T Mobility.
    (20141, Hosting),  // Quality Technology Services.
    (20473, Hosting),  // Vultr, formerly Choopa.
    (20676, Isp),      // Plusnet.
    (20738, Hosting),  // Heart Internet.
    (20845, Isp),      // DIGI Tavkozlesi es Szolgaltato Kft.
    (20978, Mobile),   // TT Mobil Iletisim Hizmetleri.
    (21021, Isp),      // Multimedia Polska.
    (21334, Isp),      // One Hungary.
    (21409, Hosting),  // Ikoula Net.
    (21497, Mobile),   // Vodafone Ukraine.
    (21928, Mobile),   // T-Mobile USA.
    (22047, Isp),      // Vtr Banda Ancha.
    (22394, Mobile),   // Verizon Wireless.
    (22439, Hosting),  // Perfect International.
    (22612, Hosting),  // Namecheap.
    (22781, Vpn),      // Strong Technology, StrongVPN.
    (23033, Hosting),  // Wowrack.com.
    (23352, Hosting),  // Deft.
    (23470, Hosting),  // ReliableSite.Net.
    (23969, Isp),      // TOT Public Company.
    (24203, Mobile),   // PT XL Axiata.
    (24608, Mobile),   // Wind Tre, formerly 3.
    (24875, Hosting),  // NovoServe.
    (24940, Hosting),  // Hetzner Online.
    (24961, Hosting),  // WIIT.
    (24971, Hosting),  // MasterDC s.r.o.
    (25135, Mobile),   // Vodafone.
    (25255, Mobile),   // Hutchison Drei.
    (25369, Hosting),  // Hydra Communications.
    (25577, Hosting),  // C4L.
    (25820, Hosting),  // IT7 Networks.
    (26347, Hosting),  // New Dream Network.
    (26615, Isp),      // TIM Brasil.
    (27747, Isp),      // Telecentro.
    (27925, Mobile),   // Entel PCS Telecomunicaciones.
    (28403, Mobile),   // Telcel.
    (29169, Hosting),  // GANDI.
    (29180, Mobile),   // O2 UK.
    (29182, Hosting),  // JSC IOT.
    (29222, Hosting),  // Infomaniak Network.
    (29255, Mobile),   // Mobily.
    (29314, Isp),      // VECTRA.
    (29355, Mobile),   // Kcell.
    (29465, Mobile),   // MTN Nigeria.
    (29518, Isp),      // Bredband2.
    (29551, Hosting),  // Aixit.
    (29695, Isp),      // Lyse Tele.
    (29748, Hosting),  // Quality Technology Services.
    (29838, Hosting),  // Atlantic Metro Communications II.
    (29873, Hosting),  // Newfold Digital.
    (29975, Mobile),   // Vodacom.
    (30475, Hosting),  // Handy Networks.
    (30860, Hosting),  // Virtual Systems.
    (30986, Mobile),   // Scancom.
    (31103, Hosting),  // Keyweb.
    (31133, Mobile),   // MegaFon.
    (31898, Hosting),  // Oracle.
    (32097, Hosting),  // WholeSale Internet.
    (32181, Hosting),  // GigeNET.
    (32475, Hosting),  // Internap Holding.
    (33387, Hosting),  // Nocix.
    (33771, Mobile),   // Safaricom.
    (34058, Mobile),   // lifecell.
    (34119, Hosting),  // Wildcard UK.
    (34224, Hosting),  // Neterra.
    (34400, Mobile),   // Mobily.
    (34549, Hosting),  // meerfarbig GmbH & Co. KG.
    (34665, Hosting),  // Petersburg Internet Network.
    (34762, Hosting),  // Combell.
    (34984, Isp),      // Superonline Iletisim Hizmetleri.
    (35048, Hosting),  // Biterika Group.
    (35228, Mobile),   // O2 UK.
    (35819, Mobile),   // Mobily.
    (35908, Hosting),  // Krypt Technologies.
    (35916, Hosting),  // Multacom.
    (36114, Hosting),  // VegasNAP.
    (36236, Hosting),  // NetActuate.
    (36352, Hosting),  // HostPapa, formerly ColoCrossing.
    (36873, Mobile),   // Airtel Networks.
    (36935, Mobile),   // Vodafone Data.
    (36972, Mobile),   // MTN Sudan.
    (36974, Mobile),   // MTN Cote D'Ivoire.
    (36992, Isp),      // Etisalat Misr.
    (36994, Mobile),   // Vodacom.
    (37061, Mobile),   // Safaricom.
    (37075, Mobile),   // Airtel Uganda.
    (37133, Mobile),   // Airtel Tanzania.
    (37140, Mobile),   // Airtel Ghana.
    (37168, Mobile),   // Cell C (Pty).
    (37287, Mobile),   // Zain Zambia.
    (37705, Isp),      // TOPNET.
    (38136, Hosting),  // Akari Networks.
    (38266, Mobile),   // Vodafone Idea Ltd. (VIL).
    (39020, Hosting),  // Comvive Servidores S.L.
    (39351, Vpn),      // 31173 Services, which carries Mullvad.
    (39572, Hosting),  // DataWeb Global Group.
    (40244, Hosting),  // Turnkey Internet.
    (40676, Hosting),  // Psychz Networks.
    (40913, Hosting),  // Quality Technology Services.
    (41079, Hosting),  // Cyber_Folks.
    (41564, Hosting),  // Orion Network.
    (42708, Hosting),  // GleSYS.
    (43350, Hosting),  // NForce Entertainment.
    (44034, Mobile),   // Hi3G, 3.
    (44066, Hosting),  // firstcolo.
    (44244, Mobile),   // Irancell.
    (44444, Hosting),  // Forcepoint UK.
    (44477, Hosting),  // Stark Industries, PQ Hosting.
    (45012, Hosting),  // dogado.
    (45102, Hosting),  // Alibaba (US) Technology.
    (45271, Mobile),   // Vodafone Idea Ltd. (VIL).
    (45430, Mobile),   // Advanced Wireless Network Company.
    (45458, Mobile),   // Advanced Wireless Network Company.
    (46475, Hosting),  // Limestone Networks.
    (46562, Hosting),  // Performive.
    (46606, Hosting),  // Unified Layer.
    (46664, Hosting),  // VolumeDrive.
    (46844, Hosting),  // Sharktech.
    (47890, Hosting),  // Unmanaged Ltd.
    (48095, Hosting),  // Xt Global Networks.
    (48314, Hosting),  // IP-Projects.
    (48693, Hosting),  // Rices Privately owned enterprise.
    (49063, Hosting),  // Data Storage Center.
    (49453, Hosting),  // Global Layer.
    (49544, Hosting),  // i3D.net.
    (49870, Hosting),  // Alsycon.
    (50266, Isp),      // Odido.
    (50304, Hosting),  // Blix Solutions.
    (50957, Hosting),  // MEMSET.
    (51167, Hosting),  // Contabo.
    (51468, Hosting),  // One.com A/S.
    (51659, Hosting),  // LLC Baxet.
    (51852, Hosting),  // Private Layer.
    (52341, Mobile),   // WOM.
    (53340, Hosting),  // VegasNAP.
    (53831, Hosting),  // Squarespace.
    (54203, Vpn),      // Strong Technology, StrongVPN.
    (55081, Hosting),  // 24 Shells.
    (55256, Hosting),  // Netskope.
    (55286, Hosting),  // B2 Net Solutions.
    (55410, Mobile),   // Vodafone Idea Ltd. (VIL).
    (55831, Mobile),   // Aircel.
    (55836, Mobile),   // Reliance Jio Infocomm.
    (56630, Hosting),  // Melbikomas UAB.
    (57523, Hosting),  // Chang Way Technologies.
    (58061, Hosting),  // Scalaxy.
    (58065, Hosting),  // Orion Network.
    (60068, Hosting),  // Datacamp, CDN77.
    (60339, Mobile),   // Three UK.
    (60404, Hosting),  // The Infrastructure Group.
    (60558, Hosting),  // PhoenixNAP.
    (60781, Hosting),  // LeaseWeb Netherlands.
    (61272, Hosting),  // Informacines sistemos, Bacloud.
    (61323, Hosting),  // UKFast.
    (62217, Hosting),  // Vinters IT.
    (62240, Hosting),  // Clouvider.
    (62282, Hosting),  // UAB Delska Lithuania.
    (62371, Vpn),      // Proton.
    (62651, Vpn),      // Strong Technology, StrongVPN.
    (62654, Hosting),  // Menlo Security.
    (62904, Hosting),  // Eonix.
    (63018, Hosting),  // Dedicated.com.
    (63410, Hosting),  // PrivateSystems Networks.
    (63949, Hosting),  // Linode, of Akamai.
    (64286, Hosting),  // LogicWeb.
    (131429, Mobile),  // Mobifone.
    (131445, Mobile),  // Advanced Wireless Network Company.
    (132199, Mobile),  // Globe Telecom.
    (132203, Hosting), // Shenzhen Tencent Computer Systems Company.
    (132618, Mobile),  // True Move Company.
    (133481, Mobile),  // Advanced Wireless Network Company.
    (133612, Mobile),  // Vodafone Australia Pty.
    (136787, Vpn),     // PacketHub, which carries NordVPN.
    (136907, Hosting), // Huawei International Pte.
    (137409, Hosting), // GSL Networks Pty.
    (137718, Hosting), // Beijing Volcano Engine Technology.
    (138233, Vpn),     // Proton Internet Llp.
    (140952, Vpn),     // Strong Technology, StrongVPN.
    (147049, Vpn),     // PacketHub, which carries NordVPN.
    (150436, Hosting), // Byteplus Pte.
    (154395, Hosting), // Rackdog.
    (197540, Hosting), // netcup.
    (197695, Hosting), // REG.RU.
    (198610, Hosting), // Beget.
    (198953, Hosting), // Proton66, unrelated to Proton AG.
    (200651, Hosting), // FlokiNET ehf.
    (201011, Hosting), // Core-Backbone.
    (202425, Hosting), // IP Volume.
    (204601, Hosting), // Zomro.
    (204957, Hosting), // Green Floid.
    (206067, Mobile),  // Three UK.
    (206264, Hosting), // Amarutu, KoDDoS.
    (208172, Vpn),     // Proton.
    (208864, Hosting), // Weserve.
    (209103, Vpn),     // Proton.
    (210079, Hosting), // EuroByte.
    (210644, Hosting), // Aeza International.
    (212238, Hosting), // Datacamp, CDN77.
    (213035, Hosting), // Des Capital.
    (213155, Mobile),  // Yettel Hungary.
    (213230, Hosting), // Hetzner Online.
    (215540, Hosting), // Global Connectivity Solutions.
    (394303, Hosting), // BigScoots.
    (394695, Hosting), // PDR.
    (396253, Hosting), // iboss.
    (396982, Hosting), // Google Cloud.
    (398019, Hosting), // Dynu Systems Incorporated.
    (398465, Hosting), // Rackdog.
    (399486, Hosting), // Virtuo.
    (399629, Hosting), // BL Networks.
    (400463, Hosting), // DynaNode.
];

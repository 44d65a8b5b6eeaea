//! Names of the ATT&CK techniques that detectors state.

/// Technique and its name, by id.
const NAMES: &[(&str, &str)] = &[
    ("T1021", "Remote Services"),
    ("T1021.001", "Remote Desktop Protocol"),
    ("T1021.002", "SMB and Windows Admin Shares"),
    ("T1021.003", "Distributed Component Object Model"),
    ("T1021.004", "SSH"),
    ("T1021.005", "VNC"),
    ("T1021.006", "Windows Remote Management"),
    ("T1021.007", "Cloud Services"),
    ("T1021.008", "Direct Cloud VM Connections"),
    ("T1046", "Network Service Discovery"),
    ("T1068", "Exploitation for Privilege Escalation"),
    ("T1070", "Indicator Removal"),
    ("T1078", "Valid Accounts"),
    ("T1078.001", "Default Accounts"),
    ("T1078.002", "Domain Accounts"),
    ("T1078.003", "Local Accounts"),
    ("T1078.004", "Cloud Accounts"),
    ("T1087", "Account Discovery"),
    ("T1090", "Proxy"),
    ("T1090.002", "External Proxy"),
    ("T1090.003", "Multi-hop Proxy"),
    ("T1098", "Account Manipulation"),
    ("T1098.001", "Additional Cloud Credentials"),
    ("T1098.003", "Additional Cloud Roles"),
    ("T1098.004", "SSH Authorized Keys"),
    ("T1098.005", "Device Registration"),
    ("T1110", "Brute Force"),
    ("T1110.001", "Password Guessing"),
    ("T1110.002", "Password Cracking"),
    ("T1110.003", "Password Spraying"),
    ("T1110.004", "Credential Stuffing"),
    ("T1111", "Multi-Factor Authentication Interception"),
    ("T1133", "External Remote Services"),
    ("T1134", "Access Token Manipulation"),
    ("T1136", "Create Account"),
    ("T1136.001", "Local Account"),
    ("T1136.002", "Domain Account"),
    ("T1136.003", "Cloud Account"),
    ("T1190", "Exploit Public-Facing Application"),
    ("T1199", "Trusted Relationship"),
    ("T1213", "Data from Information Repositories"),
    ("T1219", "Remote Access Tools"),
    ("T1484", "Domain or Tenant Policy Modification"),
    ("T1505", "Server Software Component"),
    ("T1505.003", "Web Shell"),
    ("T1505.004", "IIS Components"),
    ("T1528", "Steal Application Access Token"),
    ("T1531", "Account Access Removal"),
    ("T1539", "Steal Web Session Cookie"),
    ("T1550", "Use Alternate Authentication Material"),
    ("T1550.004", "Web Session Cookie"),
    ("T1552", "Unsecured Credentials"),
    ("T1556", "Modify Authentication Process"),
    ("T1556.001", "Domain Controller Authentication"),
    ("T1556.004", "Network Device Authentication"),
    ("T1556.006", "Multi-Factor Authentication"),
    ("T1556.007", "Hybrid Identity"),
    ("T1556.009", "Conditional Access Policies"),
    ("T1557", "Adversary-in-the-Middle"),
    ("T1558", "Steal or Forge Kerberos Tickets"),
    ("T1562", "Impair Defenses"),
    ("T1562.001", "Disable or Modify Tools"),
    ("T1562.002", "Disable Windows Event Logging"),
    ("T1562.008", "Disable or Modify Cloud Logs"),
    ("T1562.012", "Disable or Modify Linux Audit System"),
    ("T1563", "Remote Service Session Hijacking"),
    ("T1563.002", "RDP Hijacking"),
    ("T1566", "Phishing"),
    ("T1572", "Protocol Tunneling"),
    ("T1583", "Acquire Infrastructure"),
    ("T1585", "Establish Accounts"),
    ("T1586", "Compromise Accounts"),
    ("T1586.003", "Cloud Accounts"),
    ("T1589", "Gather Victim Identity Information"),
    ("T1589.001", "Credentials"),
    ("T1606", "Forge Web Credentials"),
    ("T1609", "Container Administration Command"),
    ("T1610", "Deploy Container"),
    ("T1613", "Container and Resource Discovery"),
    ("T1621", "Multi-Factor Authentication Request Generation"),
    ("T1649", "Steal or Forge Authentication Certificates"),
];

/// The name of a technique; empty where it is none of those above.
pub(super) fn name(id: &str) -> &'static str {
    NAMES
        .binary_search_by(|it| it.0.cmp(id))
        .ok()
        .and_then(|at| NAMES.get(at))
        .map_or("", |it| it.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_technique_of_a_detector_has_a_name() {
        assert!(NAMES.is_sorted());
        for id in doorwarden_engine::detectors::ALL.iter().flat_map(|it| it.techniques) {
            assert_ne!(name(id), "", "{id}");
        }
    }
}

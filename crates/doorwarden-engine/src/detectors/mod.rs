//! All detectors, in alphabetical order. A new one takes its file and two lines here.

mod brute_force;
mod certificate_reuse;
mod concentrator_bypass;
mod concurrent_sessions;
mod credential_stuffing;
mod departed_account;
mod distributed_brute_force;
mod distributed_spray;
mod door_changed;
mod dormant_account;
mod enumeration;
mod factor_change;
mod first_use_of_service;
mod hosted_source;
mod impossible_travel;
mod lockout_storm;
mod low_and_slow_spray;
mod method_downgrade;
mod mfa_fatigue;
mod new_country_for_organisation;
mod otp_guessing;
mod password_spray;
mod privileged_external_access;
mod redundant_foothold;
mod return_after_eviction;
mod service_account_misuse;
mod session_on_two_networks;
mod shared_account;
mod shared_device;
mod shared_source;
mod source_silence;
mod success_after_guessing;
mod unleased_address;
mod unusual_hours;
mod unusual_sign_in;

use crate::Entry;

/// Every detector compiled in.
pub static ALL: &[Entry] = &[
    Entry::of::<brute_force::BruteForce>(),
    Entry::of::<certificate_reuse::CertificateReuse>(),
    Entry::of::<concentrator_bypass::ConcentratorBypass>(),
    Entry::of::<concurrent_sessions::ConcurrentSessions>(),
    Entry::of::<credential_stuffing::CredentialStuffing>(),
    Entry::of::<departed_account::DepartedAccount>(),
    Entry::of::<distributed_brute_force::DistributedBruteForce>(),
    Entry::of::<distributed_spray::DistributedSpray>(),
    Entry::of::<door_changed::DoorChanged>(),
    Entry::of::<dormant_account::DormantAccount>(),
    Entry::of::<enumeration::Enumeration>(),
    Entry::of::<factor_change::FactorChange>(),
    Entry::of::<first_use_of_service::FirstUseOfService>(),
    Entry::of::<hosted_source::HostedSource>(),
    Entry::of::<impossible_travel::ImpossibleTravel>(),
    Entry::of::<lockout_storm::LockoutStorm>(),
    Entry::of::<low_and_slow_spray::LowAndSlowSpray>(),
    Entry::of::<method_downgrade::MethodDowngrade>(),
    Entry::of::<mfa_fatigue::MfaFatigue>(),
    Entry::of::<new_country_for_organisation::NewCountryForOrganisation>(),
    Entry::of::<otp_guessing::OtpGuessing>(),
    Entry::of::<password_spray::PasswordSpray>(),
    Entry::of::<privileged_external_access::PrivilegedExternalAccess>(),
    Entry::of::<redundant_foothold::RedundantFoothold>(),
    Entry::of::<return_after_eviction::ReturnAfterEviction>(),
    Entry::of::<service_account_misuse::ServiceAccountMisuse>(),
    Entry::of::<session_on_two_networks::SessionOnTwoNetworks>(),
    Entry::of::<shared_account::SharedAccount>(),
    Entry::of::<shared_device::SharedDevice>(),
    Entry::of::<shared_source::SharedSource>(),
    Entry::of::<source_silence::SourceSilence>(),
    Entry::of::<success_after_guessing::SuccessAfterGuessing>(),
    Entry::of::<unleased_address::UnleasedAddress>(),
    Entry::of::<unusual_hours::UnusualHours>(),
    Entry::of::<unusual_sign_in::UnusualSignIn>(),
];

/// Failed attempts of a source, as earlier events of a pattern; the newest is the event at hand.
fn earlier(source: &crate::source::SourceState) -> Vec<crate::detector::Earlier> {
    let mut earlier: Vec<_> = source
        .failures()
        .map(|it| crate::detector::Earlier {
            name: it.name.clone(),
            is_known: it.is_known,
            ip: None,
            service: it.service,
            evidence: it.evidence,
            signed_in: None,
        })
        .collect();
    earlier.pop();
    earlier
}

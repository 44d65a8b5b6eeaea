//! All detectors, in alphabetical order. A new one takes its file and two lines here.

mod password_spray;
mod success_after_guessing;

use crate::Entry;

/// Every detector compiled in.
pub static ALL: &[Entry] = &[
    Entry::of::<password_spray::PasswordSpray>(),
    Entry::of::<success_after_guessing::SuccessAfterGuessing>(),
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
        })
        .collect();
    earlier.pop();
    earlier
}

//! Runs the `scenario` blocks in the doc comments of all detectors, and tells the stories in `stories/`.
#![expect(clippy::unwrap_used, reason = "a malformed scenario should stop the test")]
#![expect(clippy::disallowed_methods, reason = "a test reads its own samples")]

mod scenario;
mod stories;

use std::fmt::Write as _;

use doorwarden_engine::detectors;
use doorwarden_model::Signal;
use jiff::Timestamp;

use scenario::{Scenario, output, read};

fn run(scenario: &Scenario, shards: usize) -> Vec<Signal> {
    let output = output(scenario, shards);
    let mut signals = output.faint;
    signals.extend(output.incidents.into_iter().flat_map(|it| it.signals));
    signals.sort_by(|a, b| (a.time, a.detector, &a.account).cmp(&(b.time, b.detector, &b.account)));
    signals
}

fn scenarios(page: &str) -> Vec<&str> {
    page.split("```scenario\n").skip(1).map(|it| it.split("```").next().unwrap()).collect()
}

#[test]
fn documented_examples_hold() {
    let mut wrong = String::new();
    for entry in detectors::ALL {
        let page = entry.page();
        let blocks = scenarios(&page);
        let marked = blocks.iter().filter(|it| it.contains("# signal")).count();
        assert!(0 < marked, "{} documents no hit", entry.id);
        assert!(marked < blocks.len(), "{} documents no near miss", entry.id);
        for block in blocks {
            let scenario = read(block);
            let signals = run(&scenario, 1);
            let found: Vec<Timestamp> =
                signals.iter().filter(|it| it.detector == entry.id).map(|it| it.time).collect();
            if found != scenario.marked {
                let id = entry.id;
                let own: Vec<_> =
                    signals.iter().map(|it| (it.detector, it.time, &it.reason)).collect();
                writeln!(
                    wrong,
                    "{id}: {found:?} instead of {:?}:\n{block}{own:#?}",
                    scenario.marked
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_number_of_shards_does_not_change_the_signals() {
    for entry in detectors::ALL {
        for block in scenarios(&entry.page()) {
            let scenario = read(block);
            let one = run(&scenario, 1);
            for shards in [2, 3, 8] {
                assert_eq!(
                    one,
                    run(&scenario, shards),
                    "{} on {shards} shards:\n{block}",
                    entry.id
                );
            }
        }
    }
}

#[test]
fn every_detector_file_is_registered() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/detectors");
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name != "mod.rs" {
            files.push(name.trim_end_matches(".rs").replace('_', "-"));
        }
    }
    files.sort();
    let registered: Vec<&str> = detectors::ALL.iter().map(|it| it.id).collect();
    assert_eq!(files, registered);
}

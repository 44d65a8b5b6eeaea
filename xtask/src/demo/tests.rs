//! What is committed is what the chore writes.

use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn the_committed_demo_is_what_is_written() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo");
    let files = super::build(super::SEED).unwrap();
    super::check(&demo, &files).unwrap();
    let mut folders = vec![demo.join("logs")];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(&demo).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let written: BTreeSet<String> =
        files.into_keys().filter(|it| it.starts_with("logs/")).collect();
    assert_eq!(found, written);
}

#[test]
fn another_seed_gives_other_logs() {
    let files = |seed| super::build(seed).unwrap();
    assert_ne!(files(1).get("logs/asa/vpn-1.log"), files(2).get("logs/asa/vpn-1.log"));
}

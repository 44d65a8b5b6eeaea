//! The page's outline, its size, and that nothing in a log can change what it is.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::{POLICY, page};
use crate::{cli, output::fixture, scan::Settings};

fn settings() -> Settings {
    Settings::load(&cli::scan_arguments(&["logs", "--out", "report"])).unwrap()
}

fn fixture_page() -> String {
    page(&fixture::scan(), &settings(), Path::new("no such file")).unwrap()
}

/// The texts of headings, captions and heads of tables, one a line, behind the name of their element.
fn outline(page: &str) -> String {
    let (_, body) = page.split_once("<body>").unwrap();
    let mut lines = Vec::new();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        let name = tag.split(' ').next().unwrap();
        let indent = match name {
            "h1" | "h2" => "",
            "h3" | "caption" => "  ",
            "h4" | "h5" | "th" | "dt" => "    ",
            _ => continue,
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push(format!("{indent}{name} {text}").trim_end().to_owned());
    }
    lines.join("\n")
}

#[test]
fn the_outline_of_the_page() {
    insta::assert_snapshot!(outline(&fixture_page()));
}

#[test]
fn hostile_texts_stay_texts() {
    let page = fixture_page();
    for mark in ["<script>alert", "<img", "onerror=alert(2)>", "\u{1b}", "\u{202e}", "\r"] {
        assert!(!page.contains(mark), "{mark:?}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.chars().any(|it| it != '\n' && crate::output::harmless::is_hostile(it)));
}

#[test]
fn every_element_that_opens_closes() {
    const VOID: &[&str] = &["meta", "!doctype", "input", "br"];
    let page = fixture_page();
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, _) = rest.split_once("<script>").unwrap();
    let mut open: Vec<String> = Vec::new();
    for part in format!("{head}{body}").split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap();
        let name = tag.split([' ', '\n']).next().unwrap().to_owned();
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "{open:?}");
        } else if !VOID.contains(&name.as_str()) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert_eq!(open, ["html", "body"]);
}

#[test]
fn the_page_loads_and_sends_nothing() {
    let page = fixture_page();
    for tag in page.split('<').filter_map(|it| it.split_once('>')).map(|it| it.0) {
        // Values are escaped, so that a quote ends them.
        let bare: String = tag.split('"').step_by(2).collect();
        for mark in [" src", " srcset", " data=", " on", " style", " action"] {
            assert!(!bare.contains(mark), "{mark}: {tag}");
        }
    }
    for mark in ["url(", "@import", "<link", "<iframe", "<object", "fetch(", "XMLHttp", "http://"] {
        assert!(!page.contains(mark), "{mark}");
    }
    // Links are for people to follow, and only to those whose data ask for it.
    for (at, _) in page.match_indices("href=\"") {
        let target = page.get(at + 6..).unwrap();
        assert!(
            target.starts_with('#') || target.starts_with("https://"),
            "{:?}",
            target.get(..40)
        );
    }
}

#[test]
fn links_within_the_page_lead_somewhere() {
    let page = fixture_page();
    for (at, _) in page.match_indices("href=\"#") {
        let target = page.get(at + 7..).and_then(|it| it.split('"').next()).unwrap();
        assert!(page.contains(&format!(" id=\"{target}\"")), "{target}");
    }
}

#[test]
fn a_sum_of_evidence_shows_its_facts_and_what_would_have_made_it_quiet() {
    let page = fixture_page();
    let (_, part) = page.split_once("<figure class=\"weighed\">").unwrap();
    let (part, _) = part.split_once("</figure>").unwrap();
    for text in
        ["+7.5", "−0.5", "class=\"for\"", "never in 412 sign-ins", "1 in 2,900 of colleagues"]
    {
        assert!(part.contains(text), "{text}: {part}");
    }
    assert!(part.contains("<code>KALI&lt;i&gt;</code>"), "{part}");
    assert!(part.contains("such false incident per 10,000 people every 4 days"), "{part}");
    assert!(part.contains("Had <b>new country RO</b> been known: score 3.2, risk"), "{part}");
    assert!(
        part.contains("device, second factor") && part.contains("14 days with a sign-in"),
        "{part}"
    );
}

#[test]
fn the_policy_allows_the_script_that_is_there() {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let page = fixture_page();
    let (_, script) = page.split_once("<script>").unwrap();
    let (script, _) = script.split_once("</script>").unwrap();
    let mut hash = Sha256::digest(script.as_bytes()).to_vec();
    hash.push(0);
    let mut text = String::new();
    for three in hash.chunks(3) {
        let bits = three.iter().fold(0u32, |sum, it| sum << 8 | u32::from(*it));
        text.extend([18, 12, 6, 0].map(|it| char::from(LETTERS[(bits >> it & 63) as usize])));
    }
    text.replace_range(43.., "=");
    assert!(POLICY.contains(&format!("'sha256-{text}'")), "the script's hash is now sha256-{text}");
}

#[test]
fn ten_thousand_incidents_make_a_page_of_a_few_megabytes() {
    let mut scan = fixture::scan();
    let small = fixture::taken_over();
    let mut large = small.clone();
    let signal = &small.signals[1];
    for nr in 0..40 {
        let mut signal = signal.clone();
        signal.reason = format!("{nr} {}", "very ".repeat(200));
        signal.users = (0..20).map(|it| format!("user{it}{}", "x".repeat(300))).collect();
        signal.evidence = vec![signal.evidence[0]; 20];
        large.signals.push(signal);
        large.story.push(large.story[0].clone());
    }
    let of = |nr| if nr < 150 { large.clone() } else { small.clone() };
    scan.output.incidents = (0..10_000).map(of).collect();
    let name = |nr| format!("{nr}{}", "x".repeat(300));
    scan.people.0 = (0..200).map(|nr| fixture::person(&name(nr), &small.id)).collect();
    let page = page(&scan, &settings(), Path::new("no such file")).unwrap();
    assert!(page.len() < 4 << 20, "{} bytes", page.len());
    assert!(page.contains("8,880 more incidents are in <code>incidents.jsonl</code>."));
}

//! Names of invented people.

use crate::random::Random;

const FIRST: &[&str] = &[
    "anna", "ben", "clara", "david", "elena", "felix", "greta", "hannes", "ida", "jonas", "katja",
    "lukas", "maria", "niklas", "olivia", "paul", "rosa", "simon", "tanja", "uwe", "vera",
    "walter", "yara", "zoe", "amit", "bhavna", "deepak", "esha", "farhan", "gita", "harish",
    "indira", "jaya", "kiran", "lakshmi", "manoj", "neha", "pooja", "rahul", "sanjay", "tara",
    "vikram", "akira", "chie", "daichi", "emi", "haruto", "kenji", "mai", "naoki", "rin", "sora",
    "yuki", "amelia", "brandon", "chloe", "dylan", "ethan", "grace", "henry", "isabel", "jack",
    "kayla", "logan", "megan", "noah", "owen", "paige", "quinn", "ryan", "sarah", "tyler",
    "violet", "wyatt", "ana", "bruno", "camila", "diego", "eduardo", "fernanda", "gabriel",
    "helena", "igor", "julia", "karol", "lena", "marek", "nadia", "oskar", "piotr", "renata",
    "szymon", "tomasz", "urszula", "wanda", "zofia",
];

const LAST: &[&str] = &[
    "albrecht",
    "bauer",
    "claussen",
    "dietrich",
    "ebert",
    "fuchs",
    "graf",
    "hartmann",
    "iversen",
    "jansen",
    "kramer",
    "lorenz",
    "maurer",
    "naumann",
    "otto",
    "petersen",
    "quast",
    "richter",
    "seidel",
    "thomsen",
    "ulrich",
    "vogt",
    "wendt",
    "ziegler",
    "agarwal",
    "bose",
    "chopra",
    "desai",
    "gupta",
    "iyer",
    "joshi",
    "kapoor",
    "mehta",
    "nair",
    "patel",
    "rao",
    "sharma",
    "trivedi",
    "varma",
    "fujita",
    "hayashi",
    "inoue",
    "kato",
    "mori",
    "nakamura",
    "ogawa",
    "saito",
    "takeda",
    "ueda",
    "yamada",
    "anderson",
    "baker",
    "carter",
    "dawson",
    "ellis",
    "foster",
    "graham",
    "hughes",
    "irving",
    "jenkins",
    "keller",
    "lawson",
    "mason",
    "norris",
    "parker",
    "reed",
    "spencer",
    "turner",
    "underwood",
    "vaughn",
    "whitman",
    "almeida",
    "barbosa",
    "cardoso",
    "duarte",
    "esteves",
    "ferreira",
    "gomes",
    "lima",
    "moreira",
    "nogueira",
    "oliveira",
    "pereira",
    "ramos",
    "silva",
    "teixeira",
    "adamski",
    "borowski",
    "czarnecki",
    "dudek",
    "gajewski",
    "jankowski",
    "kowal",
    "lis",
    "mazur",
    "nowicki",
    "pawlak",
    "rybak",
    "sikora",
    "wilk",
    "zawada",
];

/// As many account names as are asked for, each once: `first.last`, with a number where others had it before.
#[derive(Debug)]
pub(super) struct Names {
    random: Random,
    taken: std::collections::BTreeMap<String, u32>,
}

impl Names {
    /// None is taken yet.
    pub(super) fn new(seed: u64) -> Self {
        Self { random: Random::new(seed, "names"), taken: std::collections::BTreeMap::new() }
    }

    /// The next account and the name of the person that it belongs to.
    pub(super) fn next(&mut self) -> (String, String) {
        let (first, last) = (self.random.pick(FIRST), self.random.pick(LAST));
        let bare = format!("{first}.{last}");
        let count = self.taken.entry(bare.clone()).or_insert(0);
        *count += 1;
        let account = if *count == 1 { bare } else { format!("{bare}{count}") };
        (account, format!("{} {}", capital(first), capital(last)))
    }
}

fn capital(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map_or_else(String::new, |it| it.to_uppercase().chain(signs).collect())
}

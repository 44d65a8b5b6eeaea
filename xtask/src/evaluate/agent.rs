//! What a client says of itself, at the four levels that Freeman's model looks at.

use super::sign_ins::Names;

/// A client program, as numbers of [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agent {
    /// The text as it is.
    pub(crate) whole: u32,
    /// Program and the first part of its version.
    pub(crate) browser: u32,
    /// Operating system.
    pub(crate) system: u32,
    /// Phone or computer.
    pub(crate) kind: u32,
}

/// Programs by the word that tells them; a browser names its ancestors too, so that the youngest come first.
const BROWSERS: [&str; 7] =
    ["Edg", "OPR", "SamsungBrowser", "Firefox", "CriOS", "Chrome", "Safari"];
/// Systems by the word that tells them; Android says that it is Linux, an iPhone that it is like a Mac.
const SYSTEMS: [&str; 8] =
    ["iPhone", "iPad", "Android", "Windows", "Mac OS X", "Macintosh", "CrOS", "Linux"];

impl Agent {
    /// Reads a user agent or the name of a client.
    pub(crate) fn of(text: &str, names: &mut Names) -> Self {
        let system = SYSTEMS.into_iter().find(|it| text.contains(it)).unwrap_or("other");
        let kind = match system {
            "iPhone" | "iPad" | "Android" => "phone",
            _ => "computer",
        };
        Self {
            whole: names.number(text),
            browser: names.number(&browser(text)),
            system: names.number(system),
            kind: names.number(kind),
        }
    }
}

/// The program with the first part of its version: `Chrome 141`; of others than browsers the first words.
fn browser(text: &str) -> String {
    for name in BROWSERS {
        let mut behind = text.split(name).skip(1).filter_map(|it| it.strip_prefix('/'));
        if let Some(version) = behind.next() {
            return format!("{name} {}", major(version));
        }
    }
    let words: Vec<&str> = text.split([' ', '/']).filter(|it| !it.is_empty()).collect();
    let names = words.iter().take_while(|it| !it.starts_with(|it: char| it.is_ascii_digit()));
    let name = names.copied().collect::<Vec<_>>().join(" ");
    let version = words.iter().find(|it| it.starts_with(|it: char| it.is_ascii_digit()));
    format!("{name} {}", version.map_or("", |it| major(it)))
}

fn major(version: &str) -> &str {
    version.split(|it: char| !it.is_ascii_digit()).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_have_four_levels() {
        let mut names = Names::default();
        let mut levels = |text: &str| {
            let it = Agent::of(text, &mut names);
            [it.browser, it.system, it.kind].map(|it| names.text(it).to_owned())
        };
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36 Edg/141.0.1";
        assert_eq!(levels(edge), ["Edg 141", "Windows", "computer"]);
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Safari/604.1";
        assert_eq!(levels(phone), ["Safari 604", "iPhone", "phone"]);
        assert_eq!(
            levels("AnyConnect Windows 4.10.06079"),
            ["AnyConnect Windows 4", "Windows", "computer"]
        );
        assert_eq!(levels("python-requests/2.31"), ["python-requests 2", "other", "computer"]);
    }
}

//! The shape of a line: what differs from line to line is masked, so that equal messages fall together.

/// Characters of a line that are looked at.
const LONGEST: usize = 400;

/// `text` with addresses, numbers, hex and quoted parts masked.
pub(super) fn of(text: &str) -> String {
    let mut shape = String::new();
    let mut rest: String = text.chars().take(LONGEST).collect();
    rest.retain(|it| it != '\u{0}');
    let mut rest = rest.as_str();
    while let Some(first) = rest.chars().next() {
        let taken = quoted(rest).map(|it| (it, "\"…\"")).or_else(|| word(rest));
        match taken {
            Some((length, mask)) => {
                push_mask(&mut shape, mask, rest.get(..length).unwrap_or_default());
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                let is_gap = first.is_whitespace() && shape.ends_with(' ');
                shape.extend((!is_gap).then_some(if first.is_whitespace() { ' ' } else { first }));
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
    shape
}

/// The word itself where nothing is masked; of masks in a row, as in a date, one is enough.
fn push_mask(shape: &mut String, mask: &str, word: &str) {
    if mask.is_empty() {
        shape.push_str(word);
        return;
    }
    let joins = ['.', ':', '-', '/', ',', '+'];
    if mask == "<n>"
        && let Some(before) = shape.strip_suffix(joins)
        && before.ends_with("<n>")
    {
        shape.truncate(before.len());
        return;
    }
    shape.push_str(mask);
}

/// Bytes of a quoted part at the head of `text`, if it ends.
fn quoted(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('"')?;
    let mut is_escaped = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// Bytes of the word at the head of `text`, and its mask; an empty mask leaves it as it is.
fn word(text: &str) -> Option<(usize, &'static str)> {
    let is_of_address = |it: char| it.is_ascii_hexdigit() || matches!(it, '.' | ':');
    let address = head(text, is_of_address).trim_end_matches(['.', ':']);
    let before_port = address.split(':').next().unwrap_or_default();
    for it in [address, before_port] {
        if it.contains(['.', ':']) && it.parse::<std::net::IpAddr>().is_ok() {
            return Some((it.len(), "<ip>"));
        }
    }
    let word = head(text, |it| it.is_alphanumeric() || it == '_');
    if word.is_empty() {
        return None;
    }
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let is_hex = |it: &str| it.chars().all(|it| it.is_ascii_hexdigit());
    let mask = if digits == word.len() {
        "<n>"
    } else if word.strip_prefix("0x").is_some_and(is_hex)
        || 0 < digits && 4 <= word.len() && is_hex(word)
    {
        "<hex>"
    } else if is_stamp(word) {
        "<n>"
    } else {
        ""
    };
    Some((word.len(), mask))
}

/// `20T10`, `05Z`, `14ms`: digits with a letter or two between or behind.
fn is_stamp(word: &str) -> bool {
    let letters = word.chars().filter(|it| !it.is_ascii_digit()).count();
    word.starts_with(|it: char| it.is_ascii_digit()) && letters <= 2
}

fn head(text: &str, is_part: impl Fn(char) -> bool) -> &str {
    let end = text.find(|it| !is_part(it)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_masked() {
        for (line, expected) in [
            ("Oct  2 10:00:05 fw1 denied tcp 10.1.2.3:4711", "Oct <n> <n> fw1 denied tcp <ip>:<n>"),
            ("2026-10-02T10:00:05.123Z user=\"ana \\\" b\" id=0x3e7", "<n> user=\"…\" id=<hex>"),
            (
                "session 5f3a9c01-aa11-bb22 from [2001:db8::1]",
                "session <hex>-<hex>-<hex> from [<ip>]",
            ),
            ("an open \" quote", "an open \" quote"),
            ("", ""),
        ] {
            assert_eq!(of(line), expected);
        }
    }
}

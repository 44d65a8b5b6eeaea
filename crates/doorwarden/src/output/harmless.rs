//! Text of a log, made harmless for people's screens: no control codes, no marks that turn the direction of writing.

/// Whether `it` could steer a terminal, or make text look like another one.
pub(crate) fn is_hostile(it: char) -> bool {
    it.is_control()
        || matches!(
            it,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// `text` with every hostile character replaced.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|it| if is_hostile(it) { '\u{fffd}' } else { it }).collect()
}

/// At most `most` characters of `text`, harmless, with `…` where some are left out.
pub(crate) fn clipped(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return harmless(text);
    }
    let kept = text.chars().take(most.saturating_sub(1));
    harmless(&kept.chain(['…']).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_replaced() {
        assert_eq!(harmless("a\u{1b}[31mb\r\n\u{202e}c\u{2066}"), "a�[31mb���c�");
        assert_eq!(harmless("Zoë 日本 <b>"), "Zoë 日本 <b>");
    }

    #[test]
    fn long_texts_are_clipped_between_characters() {
        assert_eq!(clipped("ééé", 3), "ééé");
        assert_eq!(clipped("éééé", 3), "éé…");
    }
}

//! `key=value key="quoted value"` lists, as Fortinet, WELF, CEF's extension and others write.

/// Walks over the pairs of `text`, in order.
#[derive(Debug, Clone)]
pub(crate) struct Pairs<'r> {
    rest: &'r str,
}

/// The pairs of a list whose values are quoted where they hold blanks.
pub(crate) const fn pairs(text: &str) -> Pairs<'_> {
    Pairs { rest: text }
}

impl<'r> Iterator for Pairs<'r> {
    type Item = (&'r str, &'r str);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (before, after) = self.rest.split_once('=')?;
            let key = before.rsplit([' ', ',', ';', '\t']).next().unwrap_or(before);
            if let Some(quoted) = after.strip_prefix('"') {
                let end = quote_end(quoted);
                let value = quoted.get(..end).unwrap_or(quoted);
                self.rest = quoted.get(end + 1..).unwrap_or_default();
                if key.is_empty() {
                    continue;
                }
                return Some((key, value));
            }
            let end = after.find([' ', ',', ';', '\t']).unwrap_or(after.len());
            let (value, rest) = after.split_at_checked(end)?;
            self.rest = rest;
            if !key.is_empty() {
                return Some((key, value));
            }
        }
    }
}

/// Where the closing quote stands; a backslash hides the next one.
fn quote_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// The value of the first pair named `key`; absent where it is empty, `N/A`, `(null)`, `none` or `-`.
pub(crate) fn stated(value: &str) -> Option<&str> {
    let value = value.trim();
    let is_empty = matches!(
        value,
        "" | "-" | "N/A" | "n/a" | "(null)" | "null" | "none" | "(empty)" | "unknown"
    );
    (!is_empty).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hide_blanks_and_equal_signs() {
        let got: Vec<_> =
            pairs("a=1 msg=\"x=2 \\\"y\\\"\" user=ana,ip=1.2.3.4 open=\"never closed").collect();
        assert_eq!(
            got,
            [
                ("a", "1"),
                ("msg", "x=2 \\\"y\\\""),
                ("user", "ana"),
                ("ip", "1.2.3.4"),
                ("open", "never closed")
            ]
        );
    }
}

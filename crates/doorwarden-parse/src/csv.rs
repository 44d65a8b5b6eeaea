//! One line of comma-separated values, with quotes (RFC 4180).

use bumpalo::{Bump, collections::Vec as BumpVec};

/// The fields of `line`; doubled quotes inside quoted fields become one.
pub(crate) fn fields<'r>(line: &'r str, comma: char, arena: &'r Bump) -> BumpVec<'r, &'r str> {
    let mut found = BumpVec::new_in(arena);
    let mut rest = line;
    loop {
        let Some(quoted) = rest.strip_prefix('"') else {
            let Some((field, tail)) = rest.split_once(comma) else {
                found.push(rest);
                return found;
            };
            found.push(field);
            rest = tail;
            continue;
        };
        let (field, tail) = quoted_field(quoted, arena);
        found.push(field);
        match tail.strip_prefix(comma) {
            Some(tail) => rest = tail,
            None if tail.is_empty() => return found,
            // Text behind a closing quote: not RFC 4180, but not worth losing the line.
            None => rest = tail.split_once(comma).map_or("", |(_, it)| it),
        }
    }
}

/// The text up to the closing quote, and what stands behind it.
fn quoted_field<'r>(text: &'r str, arena: &'r Bump) -> (&'r str, &'r str) {
    let mut from = 0;
    let mut is_doubled = false;
    while let Some(at) = text.get(from..).and_then(|it| it.find('"')) {
        let at = from + at;
        if text.as_bytes().get(at + 1) == Some(&b'"') {
            is_doubled = true;
            from = at + 2;
            continue;
        }
        let (field, tail) = text.split_at_checked(at).unwrap_or((text, ""));
        let field = if is_doubled { arena.alloc_str(&field.replace("\"\"", "\"")) } else { field };
        return (field, tail.get(1..).unwrap_or_default());
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_may_hold_commas_and_quotes() {
        let arena = Bump::new();
        let got = fields("a,\"b,c\",\"say \"\"hi\"\"\",,d", ',', &arena);
        assert_eq!(got.as_slice(), ["a", "b,c", "say \"hi\"", "", "d"]);
    }
}

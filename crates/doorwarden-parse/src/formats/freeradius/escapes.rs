//! How FreeRADIUS writes signs that could break its lines, and how to read them.

use crate::Ctx;

/// A sign behind a backslash, and what it stands for.
type Escape = (char, char);

/// In the server's log only these are read: `CORP\nina` may be a name that nobody escaped.
const LOGGED: &[Escape] = &[('\\', '\\'), ('"', '"')];
/// In quoted values of detail files all are escaped.
const QUOTED: &[Escape] = &[('\\', '\\'), ('"', '"'), ('n', '\n'), ('r', '\r'), ('t', '\t')];

/// A name of the server's log.
pub(super) fn logged<'r>(text: &'r str, ctx: &Ctx<'r, '_>) -> &'r str {
    unescaped(text, LOGGED, ctx)
}

/// A value of a detail file, without its quotes.
pub(super) fn quoted<'r>(value: &'r str, ctx: &Ctx<'r, '_>) -> &'r str {
    let value = value.trim_end();
    match value.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inner) => unescaped(inner, QUOTED, ctx),
        None => value,
    }
}

fn unescaped<'r>(text: &'r str, escapes: &[Escape], ctx: &Ctx<'r, '_>) -> &'r str {
    if !text.contains('\\') {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('\\') {
        plain.push_str(before);
        let (sign, tail) = one(tail, escapes).unwrap_or(('\\', tail));
        plain.push(sign);
        rest = tail;
    }
    plain.push_str(rest);
    ctx.keep(&plain)
}

/// The sign that stands escaped at the start of `text`, and what follows: three octal digits, or one of `escapes`.
fn one<'t>(text: &'t str, escapes: &[Escape]) -> Option<(char, &'t str)> {
    if let Some((digits, tail)) = text.split_at_checked(3)
        && let Ok(code) = u8::from_str_radix(digits, 8)
        && code.is_ascii()
        && !digits.starts_with('+')
    {
        return Some((char::from(code), tail));
    }
    let first = text.chars().next()?;
    let (_, stands_for) = escapes.iter().find(|it| it.0 == first)?;
    Some((*stands_for, text.get(first.len_utf8()..)?))
}

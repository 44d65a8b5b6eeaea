//! Names as logs state them: `CORP\ana`, `ana@corp.example`, `CN=ana,OU=...`.

/// A name without its domain part, and that part.
#[must_use]
pub(crate) fn split_domain(name: &str) -> (Option<&str>, Option<&str>) {
    let name = trimmed(name);
    if !name.bytes().any(|it| matches!(it, b'\\' | b'@')) {
        return (Some(name).filter(|it| !it.is_empty()), None);
    }
    let (user, domain) = if let Some((domain, user)) = name.split_once('\\') {
        (user.trim_start_matches('\\'), Some(domain))
    } else if let Some((user, domain)) = name.rsplit_once('@') {
        (user, Some(domain))
    } else {
        (name, None)
    };
    if user.is_empty() {
        return (Some(name).filter(|it| !it.is_empty()), None);
    }
    (Some(user), domain.filter(|it| !it.is_empty()))
}

/// A name without blanks around it; most have none, which their first and last byte tell.
#[inline]
fn trimmed(name: &str) -> &str {
    match name.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => name,
        _ => name.trim(),
    }
}

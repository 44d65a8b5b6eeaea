//! Names of holders made short: without legal forms, and cut.

/// Longest name in bytes.
const LONGEST: usize = 24;

/// Last words that say only in which form a company is registered.
const FORMS: &str = "\
    ab ag aps as bhd bv bvba co cokg company coohg corp corporation cv de doo eireli epp ev gmbh \
    inc incorporated jsc kft kg limited llc llp ltd ltda me nv ohg ooo oy oyj pjsc plc private \
    pte pty pvt sa sarl sas sdn se sl slu spa srl sro ug zoo zrt";

/// The name without its legal forms and at most 24 bytes long, cut where a word ends if one ends near.
pub(crate) fn short(name: &str) -> &str {
    let mut name = name.trim();
    while let Some((rest, last)) = name.rsplit_once([' ', ',']) {
        let form: String =
            last.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let rest = rest.trim_end_matches([' ', ',', '-', '&', '.']);
        let is_form = form.is_empty() || FORMS.split(' ').any(|it| it == form);
        if !is_form || rest.len() < 3 {
            break;
        }
        name = rest;
    }
    cut(name)
}

fn cut(name: &str) -> &str {
    let mut end = LONGEST.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let head = name.get(..end).unwrap_or(name);
    let is_inside_a_word = name.get(end..).is_some_and(|it| it.starts_with(char::is_alphanumeric));
    let head = match head.rsplit_once(' ') {
        Some((words, half)) if is_inside_a_word && half.len() < 8 => words,
        _ => head,
    };
    head.trim_end_matches([' ', ',', '-', '(', '&'])
}

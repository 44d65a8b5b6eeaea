//! Pages of detectors and formats, which are Markdown, for a terminal.

use super::{
    style::Style,
    terminal::{
        Screen,
        wrap::{padded, width, wrapped},
    },
};

/// Lines of prose are not longer, however wide the terminal is.
const PROSE: usize = 100;

/// `page` as lines for `screen`: headings, paragraphs, lists, tables, and code as it is.
pub(crate) fn rendered(page: &str, screen: Screen) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut is_code = false;
    for line in page.lines() {
        let is_row = !is_code && line.trim_start().starts_with('|');
        let ends = line.trim().is_empty()
            || line.starts_with(['#', '|'])
            || line.starts_with("```")
            || is_item(line);
        if !is_code && ends && !paragraph.is_empty() {
            lines.extend(prose(&std::mem::take(&mut paragraph), screen));
        }
        if !is_row && !table.is_empty() {
            lines.extend(rows(&std::mem::take(&mut table), screen.style));
        }
        if line.starts_with("```") {
            is_code = !is_code;
        } else if is_code {
            lines.push(screen.style.code(&format!("    {line}")));
        } else if is_row {
            table.push(cells(line));
        } else if let Some(heading) = line.strip_prefix('#') {
            lines.push(screen.style.bold(heading.trim_start_matches('#').trim()));
        } else if line.trim().is_empty() {
            if lines.last().is_some_and(|it| !it.is_empty()) {
                lines.push(String::new());
            }
        } else {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    lines.extend(prose(&paragraph, screen));
    lines.extend(rows(&table, screen.style));
    lines
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|it: char| it.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || number.len() < line.len() && number.starts_with(". ")
}

/// A paragraph or an item of a list.
fn prose(text: &str, screen: Screen) -> Vec<String> {
    let indent = if is_item(text) { "  " } else { "" };
    let columns = screen.columns.min(PROSE).saturating_sub(4);
    let text = text.replace("**", "");
    let parts = wrapped(&text, columns);
    let parts = parts.iter().enumerate().map(|(nr, it)| match nr {
        0 => it.clone(),
        _ => format!("{indent}{it}"),
    });
    parts.map(|it| spans(&it, screen.style)).collect()
}

/// Code within a line.
fn spans(line: &str, style: Style) -> String {
    let mut text = String::new();
    for (nr, part) in line.split('`').enumerate() {
        if nr % 2 == 1 { text.push_str(&style.code(part)) } else { text.push_str(part) }
    }
    text
}

fn cells(line: &str) -> Vec<String> {
    let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
    inside.split('|').map(|it| it.trim().to_owned()).collect()
}

/// A table with its columns under one another.
fn rows(table: &[Vec<String>], style: Style) -> Vec<String> {
    let is_rule = |row: &Vec<String>| row.iter().all(|it| it.trim_matches(['-', ':']).is_empty());
    let plain = |it: &String| it.replace('`', "");
    let table: Vec<Vec<String>> =
        table.iter().filter(|it| !is_rule(it)).map(|it| it.iter().map(plain).collect()).collect();
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |at: usize| table.iter().filter_map(|it| it.get(at)).map(|it| width(it)).max();
    let widths: Vec<usize> = (0..columns).map(|it| widest(it).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(it, to)| padded(it, *to)).collect();
        format!("  {}", cells.join("  ").trim_end())
    };
    let lines = table.iter().enumerate().map(|(nr, row)| match nr {
        0 => style.dim(&line(row)),
        _ => line(row),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_readable() {
        let page = "# Title\n\nOne `code` line\nthat goes on.\n\n- item one\n- item two\n\n```scenario\n08:00 ana\n```\n## Settings\n\
                    | setting | default |\n|---|---|\n| `failures` | 15 |\n";
        let screen = Screen { columns: 60, style: Style::plain() };
        assert_eq!(
            rendered(page, screen).join("\n"),
            "Title\n\nOne code line that goes on.\n\n- item one\n- item two\n\n    08:00 ana\nSettings\n  setting   default\n  failures  15"
        );
    }
}

//! The board as Markdown: a table a group, what is left out with its reasons, and what the metrics mean.

use super::table::cells;
use super::{Board, Group, Line, footnotes, without_value};
use crate::html::Meaning;
use crate::people;
use std::fmt::Write;

/// The Markdown text.
pub(crate) fn markdown(board: &Board, meanings: &[Meaning]) -> String {
    let company = if board.company.is_empty() { "Board" } else { &board.company };
    let period = board.period().map(|period| people::period_title(period, &board.clock)).unwrap_or_default();
    let mut text = format!("# {} · {period}\n", safe(company));
    if !board.filter.is_empty() {
        put(&mut text, &format!("\nonly {}", safe(&board.filter.join(", "))));
    }
    for group in &board.groups {
        of_group(&mut text, group, board.periods.len() > 2);
    }
    excluded(&mut text, board);
    if !meanings.is_empty() {
        put(&mut text, "\n## Definitions\n");
    }
    for meaning in meanings {
        let Meaning { metric, variant, title, about, formula, .. } = meaning;
        put(&mut text, &format!("- **{}** · `{metric}`, `{variant}`: {} {}", safe(title), safe(about), safe(formula)));
    }
    put(&mut text, "");
    for note in footnotes(board) {
        put(&mut text, &format!("{}  ", safe(&note)));
    }
    text
}

fn of_group(text: &mut String, group: &Group, trend: bool) {
    put(text, &format!("\n## {}\n", safe(&group.title)));
    let titles = ["Metric", "Value", "95% interval", "n", "Change", "Target", "Trend", "Excluded"];
    let with_value: Vec<&Line> = group.lines.iter().filter(|line| line.value().is_some()).collect();
    if !with_value.is_empty() {
        let shown: Vec<usize> = (0..titles.len()).filter(|place| trend || titles[*place] != "Trend").collect();
        row(text, shown.iter().map(|place| titles[*place].to_owned()));
        row(text, shown.iter().map(|place| if matches!(place, 0 | 6) { ":--".to_owned() } else { "--:".to_owned() }));
        for line in with_value {
            let cells = cells(line, trend);
            let named = [safe(&line.full_title())].into_iter();
            let figures = shown.iter().skip(1).filter_map(|place| cells.get(*place)).map(|cell| safe(&cell.text));
            row(text, named.chain(figures));
        }
    }
    for (reason, names) in without_value(group.lines.iter()) {
        put(text, &format!("\n{}: {}", safe(&names.join(", ")), safe(&reason)));
    }
}

/// The rows that do not count, by reason.
fn excluded(text: &mut String, board: &Board) {
    let mut rows = Vec::new();
    for line in board.lines() {
        let reasons = line.now().into_iter().flat_map(|cell| &cell.excluded).filter(|(_, count)| *count > 0);
        rows.extend(reasons.map(|(reason, count)| [line.full_title(), reason.clone(), people::count(*count)]));
    }
    if rows.is_empty() {
        return;
    }
    put(text, "\n## Excluded rows\n");
    row(text, ["Metric", "Reason", "Rows"].map(str::to_owned).into_iter());
    row(text, [":--", ":--", "--:"].map(str::to_owned).into_iter());
    for cells in rows {
        row(text, cells.iter().map(|cell| safe(cell)));
    }
}

fn row(text: &mut String, cells: impl Iterator<Item = String>) {
    put(text, &format!("| {} |", cells.collect::<Vec<_>>().join(" | ")));
}

/// A text that is none of Markdown's own signs, on one line.
pub(crate) fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(letter, '|' | '*' | '_' | '<' | '[' | ']' | '\\') {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

fn put(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_board() {
        insta::assert_snapshot!(markdown(&sample::board(), &sample::meanings()));
    }

    #[test]
    fn signs_are_no_markup() {
        assert_eq!(safe("a|b  *c*\n`d_e`"), "a\\|b \\*c\\* `d\\_e`");
    }
}

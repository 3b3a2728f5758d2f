//! The board on a terminal.

use super::{Board, Group, Line, excluded_rows, without_value};
use crate::people::{self, Detail, Drift};
use crate::table::{Column, Row, Table, Text, Tone};

/// The board as a table.
pub(crate) fn table(board: &Board) -> Table {
    let trend = board.periods.len() > 2;
    let mut table = Table::new(vec![
        Column::words("Metric").wraps_to(22),
        Column::numbers("Value"),
        Column::numbers("95% interval").rank(4),
        Column::numbers("n").rank(2),
        Column::numbers("Change").rank(1),
        Column::numbers("Target").rank(3),
        Column::words(if trend { "Trend" } else { "" }).rank(5),
        Column::numbers("Excluded").rank(6),
    ])
    .in_full("--format csv");
    for group in &board.groups {
        table.line(Row::Heading(group.title.clone()));
        lines(&mut table, group, trend);
    }
    table
}

fn lines(table: &mut Table, group: &Group, trend: bool) {
    let mut named = "";
    for line in group.lines.iter().filter(|line| line.value().is_some()) {
        if !line.segment.is_empty() && named != line.metric {
            // A metric that has no whole, because its scales cannot be pooled.
            table.row(vec![line.title.as_str().into()]);
        }
        named = &line.metric;
        table.row(cells(line, trend));
    }
    for (reason, names) in without_value(group.lines.iter()) {
        table.line(Row::Note(Text::toned(Tone::Faint, format!("{}: {reason}", names.join(", ")))));
    }
}

/// A line's texts, one a column.
pub(super) fn cells(line: &Line, trend: bool) -> Vec<Text> {
    let Some(cell) = line.now() else { return Vec::new() };
    let currency = line.currency.as_deref();
    let show = |number| people::figure(number, line.unit, currency, Detail::Brief);
    let name = if line.segment.is_empty() { line.title.clone() } else { format!("  {}", line.segment_name()) };
    let mark = if cell.complete { "" } else { "*" };
    let value = cell.value.map_or_else(|| "–".to_owned(), |value| format!("{}{mark}", show(value)));
    let interval = cell.low.zip(cell.high).map(|(low, high)| people::range(low, high, line.unit, currency));
    let change = line.change().map(|change| Text::toned(tone(change.drift), change.text));
    let target = line.target.map(|target| {
        let text = people::target(target, line.unit, currency);
        match line.meets_target() {
            Some(true) => Text::toned(Tone::Good, format!("{text} ✓")),
            Some(false) => Text::toned(Tone::Bad, format!("{text} ✗")),
            None => text.into(),
        }
    });
    let excluded = excluded_rows(cell);
    vec![
        name.into(),
        Text::toned(if line.segment.is_empty() { Tone::Strong } else { Tone::Plain }, value),
        Text::toned(Tone::Faint, interval.unwrap_or_default()),
        people::count(cell.n).into(),
        change.unwrap_or_default(),
        target.unwrap_or_default(),
        if trend { people::spark(&line.trend()).into() } else { Text::default() },
        if excluded > 0 { people::count(excluded).into() } else { Text::default() },
    ]
}

/// The colour of a move.
pub(crate) fn tone(drift: Drift) -> Tone {
    match drift {
        Drift::Good => Tone::Good,
        Drift::Bad => Tone::Bad,
        Drift::Even => Tone::Plain,
    }
}

/// What stands below the table.
pub(crate) fn footnotes(board: &Board) -> Vec<String> {
    let mut notes = Vec::new();
    if board.lines().filter_map(Line::now).any(|cell| !cell.complete && cell.value.is_some()) {
        notes.push("* not complete: the period is not over, or some of its cases are not decided".to_owned());
    }
    notes.extend(board.unfit.iter().map(|unfit| format!("{}: {}", unfit.why, unfit.titles.join(", "))));
    notes.push(format!(
        "data through {} · lake version {} · catalogue {}",
        people::day_before(board.observed_to, &board.clock),
        board.lake_version,
        short_hash(&board.catalogue),
    ));
    notes
}

/// Enough of a hash to tell two apart.
pub(crate) fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::table::Palette;

    #[test]
    fn at_80_columns() {
        insta::assert_snapshot!(table(&sample::board()).render(80, Palette { color: false }));
    }

    #[test]
    fn at_140_columns() {
        insta::assert_snapshot!(table(&sample::board()).render(140, Palette { color: false }));
    }

    #[test]
    fn notes() {
        insta::assert_snapshot!(footnotes(&sample::board()).join("\n"));
    }
}

//! The first sheet: whose board it is, what it rests on, and the headline figures.

use super::content::Content;
use super::group::{Looks, note, segment, status};
use super::sheet::{Column, Sheet};
use super::style::Styles;
use crate::board::{Board, Line, excluded_rows};
use crate::exit::Outcome;
use crate::html::Facts;
use crate::output::{Compared, Figure};
use crate::people;
use rust_xlsxwriter::{Format, Worksheet};
use tenure_engine::Number;

/// The sheet "Board".
pub(super) fn sheet(board: &Board, facts: &Facts, name: &str, styles: &Styles) -> Outcome<Worksheet> {
    let mut sheet = Sheet::new(name)?;
    head(&mut sheet, board, facts, styles)?;
    let lines = headlines(board);
    let periods: Vec<Column> = board.periods.iter().map(|period| Column::numbers(&period.label, 0.0)).collect();
    sheet.row += 1;
    heading(&mut sheet, "Headline figures", styles)?;
    sheet.heads(&HEADS.map(|(title, width, numbers)| head_of(title, width, numbers)), styles)?;
    for line in &lines {
        headline(&mut sheet, line, styles)?;
    }
    sheet.row += 1;
    heading(&mut sheet, "Headline figures by period", styles)?;
    let titles = [Column::words("Metric", 0.0), Column::words("Unit", 0.0)].into_iter().chain(periods);
    sheet.heads(&titles.collect::<Vec<_>>(), styles)?;
    for line in &lines {
        trend(&mut sheet, line, styles)?;
    }
    sheet.row += 1;
    heading(&mut sheet, "How to read it", styles)?;
    for note in notes(board) {
        sheet.line(&[(Content::text(note), &styles.text)])?;
    }
    let width = HEADS.len().max(board.periods.len() + FIXED);
    for (column, at) in (0_u16..).zip(0..width) {
        sheet.page.set_column_width(column, HEADS.get(at).map_or(14.0, |(_, width, _)| *width))?;
    }
    Ok(sheet.page)
}

/// The columns before those of the periods.
const FIXED: usize = 2;

/// Title, width, whether of numbers.
const HEADS: [(&str, f64, bool); 12] = [
    ("Metric", 36.0, false),
    ("Unit", 22.0, false),
    ("Value", 16.0, true),
    ("95% low", 15.0, true),
    ("95% high", 15.0, true),
    ("n", 14.0, true),
    ("Excluded", 14.0, true),
    ("Change", 14.0, true),
    ("Target", 14.0, true),
    ("Target met", 14.0, false),
    ("Status", 14.0, false),
    ("Note", 16.0, false),
];

const TITLE_HEIGHT: f64 = 28.0;
const HEADING_HEIGHT: f64 = 21.0;

/// What stands above a table.
fn heading(sheet: &mut Sheet, text: &str, styles: &Styles) -> Outcome<()> {
    sheet.page.set_row_height(sheet.row, HEADING_HEIGHT)?;
    Ok(sheet.line(&[(Content::text(text), &styles.heading)])?)
}

fn head_of(title: &str, width: f64, numbers: bool) -> Column {
    if numbers { Column::numbers(title, width) } else { Column::words(title, width) }
}

/// Company, period and what the figures rest on.
fn head(sheet: &mut Sheet, board: &Board, facts: &Facts, styles: &Styles) -> Outcome<()> {
    let company = if board.company.is_empty() { "Customer success" } else { &board.company };
    let period = board.period().map(|period| people::period_title(period, &board.clock)).unwrap_or_default();
    let [from, through] =
        board.period().map_or([Content::Nothing, Content::Nothing], |period| Content::span(period, &board.clock));
    sheet.page.set_row_height(sheet.row, TITLE_HEIGHT)?;
    sheet.line(&[(Content::text(company), &styles.title)])?;
    let zone = board.clock.zone.name();
    let mut lines: Vec<(String, Content, &Format)> = vec![
        ("Period".to_owned(), Content::text(period), &styles.strong),
        ("From".to_owned(), from, &styles.day),
        ("Through".to_owned(), through, &styles.day),
        ("Data through".to_owned(), Content::day_before(board.observed_to, &board.clock), &styles.day),
        (format!("Observed to ({zone})"), Content::moment(board.observed_to, &board.clock), &styles.minute),
    ];
    lines.extend(facts.iter().map(|(name, value)| (name.clone(), Content::text(value), &styles.text)));
    lines.extend(board.filter.iter().map(|filter| ("Only".to_owned(), Content::text(filter), &styles.text)));
    for (name, content, format) in lines {
        sheet.line(&[(Content::text(name), &styles.faint), (content, format)])?;
    }
    Ok(())
}

/// The lines of what a board is asked for first; a metric without a whole has its parts.
fn headlines(board: &Board) -> Vec<&Line> {
    let of = |metric: &String| -> Vec<&Line> { board.own_lines().filter(|line| line.metric == *metric).collect() };
    board.plan.headlines.iter().flat_map(of).collect()
}

fn named(line: &Line) -> String {
    if line.segment.is_empty() { line.title.clone() } else { format!("{} ({})", line.title, segment(line)) }
}

fn headline(sheet: &mut Sheet, line: &Line, styles: &Styles) -> Outcome<()> {
    let Some(cell) = line.now() else { return Ok(()) };
    let looks = Looks::of(line);
    let open = !cell.complete;
    let figure = |number: Option<Number>| {
        number.map_or(Content::Nothing, |number| Content::figure(Figure::new(number, line.unit), line.unit))
    };
    let compared = Compared::new(cell, line.previous(), line.target);
    let (met, verdict) = match line.meets_target() {
        Some(true) => ("met", &styles.good),
        Some(false) => ("missed", &styles.bad),
        None => ("", &styles.text),
    };
    let counted = |count: i64| if cell.withheld { Content::Nothing } else { Content::count(count) };
    let values = [figure(cell.value), figure(cell.low), figure(cell.high)];
    let told_as_text = values.iter().any(|content| matches!(content, Content::Text(_)));
    let [value, low, high] = values;
    Ok(sheet.line(&[
        (Content::text(named(line)), &styles.strong),
        (Content::text(&looks.measure.name), &styles.faint),
        (value, looks.value(open)),
        (low, looks.value(open)),
        (high, looks.value(open)),
        (counted(cell.n), if open { &styles.open_count } else { &styles.count }),
        (counted(excluded_rows(cell)), &styles.count),
        (Content::number(compared.change, line.unit), looks.change()),
        (Content::number(compared.target, line.unit), looks.value(false)),
        (Content::text(met), verdict),
        (Content::text(status(cell)), if open { &styles.open } else { &styles.text }),
        (Content::text(note(cell, told_as_text)), &styles.text),
    ])?)
}

fn trend(sheet: &mut Sheet, line: &Line, styles: &Styles) -> Outcome<()> {
    let looks = Looks::of(line);
    let mut cells =
        vec![(Content::text(named(line)), &styles.strong), (Content::text(&looks.measure.name), &styles.faint)];
    for cell in &line.cells {
        let value = cell.as_ref().and_then(|cell| cell.value);
        let content = value.map_or(Content::Nothing, |value| Content::figure(Figure::new(value, line.unit), line.unit));
        cells.push((content, looks.value(cell.as_ref().is_some_and(|cell| !cell.complete))));
    }
    Ok(sheet.line(&cells)?)
}

/// What the sheets do not say of themselves.
fn notes(board: &Board) -> Vec<String> {
    let open = board.lines().filter_map(Line::now).filter(|cell| !cell.complete).count();
    let withheld = board.lines().filter_map(Line::now).filter(|cell| cell.withheld).count();
    let mut notes = vec![
        format!(
            "Amber is not complete: the period is not over, or some of its cases are not decided. It is so for {open} of the figures of this period."
        ),
        format!(
            "Withheld is what could point at a person among those who answered. It is so for {withheld} of the figures of this period."
        ),
        "An empty value has its reason beside it, under Note.".to_owned(),
        "Percentages are fractions shown as percent, durations are hours, money is in the company's currency.".to_owned(),
        "Change is the value less that of the period before; of percentages it is in percentage points.".to_owned(),
        "n is how many rows count; what does not is under Excluded, by reason, and on the sheets Excluded and Excluded rows."
            .to_owned(),
        "Rows from and Rows through are the days whose rows a figure is of: some look back further than their period."
            .to_owned(),
    ];
    notes.extend(board.unfit.iter().map(|unfit| format!("{}: {}", unfit.why, unfit.titles.join(", "))));
    notes
}

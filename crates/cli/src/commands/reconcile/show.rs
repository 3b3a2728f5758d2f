//! A comparison for people: the totals and how they tie out, the causes, then every difference.

use crate::people::{self, Detail};
use crate::printer::{Printer, rendered};
use crate::session::Session;
use crate::table::{Column, Row, Table, Text, Tone, wrap};
use rust_decimal::Decimal;
use std::path::Path;
use tenure_catalog::Unit;
use tenure_engine::Number;
use tenure_reconcile::{Cause, Difference, Group, Reconciliation};

/// As many differences as a screen is good for.
const ON_SCREEN: usize = 100;

/// From this width on evidence stands in a column of its own.
const WIDE: usize = 130;

/// The whole text.
pub(super) fn text(found: &Reconciliation, session: &Session, printer: &Printer, file: Option<&Path>) -> String {
    let palette = printer.palette;
    let title =
        session.engine.catalog().metric(found.measure.metric).map_or("", |metric| metric.default.title.as_str());
    let close = people::day_before(found.period.end, &session.engine.clock());
    let heading = format!("{title} at the close of {close}: ours against {}", found.file);
    let mut text = heading_lines(&heading, printer);
    text += &rendered(printer, &totals(found), file);
    let (tone, mark) = if found.differences.is_empty() { (Tone::Good, "✓") } else { (Tone::Strong, "=") };
    for line in wrap(&format!("{mark} {}", tie(found)), printer.width) {
        text += &format!("{}\n", palette.paint(tone, &line));
    }
    if !found.differences.is_empty() {
        text += &format!("\n{}", rendered(printer, &causes(found), file));
        let width = if file.is_some() { usize::MAX } else { printer.width };
        text += &format!("\n{}", rendered(printer, &differences(found, width), file));
    }
    text + &foot(found, session, printer)
}

fn heading_lines(heading: &str, printer: &Printer) -> String {
    let lines = wrap(heading, printer.width);
    let painted: Vec<String> = lines.iter().map(|line| printer.palette.paint(Tone::Strong, line)).collect();
    format!("{}\n\n", painted.join("\n"))
}

/// How the totals come apart, in one line.
pub(super) fn tie(found: &Reconciliation) -> String {
    let figure = |value| figure(found, value);
    let apart = found.ours - found.theirs;
    let differences = match found.differences.len() {
        0 => "no difference".to_owned(),
        1 => format!("1 difference of {}", figure(found.sum())),
        many => format!("{} differences of {}", count(many), figure(found.sum())),
    };
    let cents = found.rounding();
    let cents = if cents.is_zero() { String::new() } else { format!(" and {} of rounding", figure(cents)) };
    format!("ours {} − theirs {} = {}: {differences}{cents}", figure(found.ours), figure(found.theirs), figure(apart))
}

fn totals(found: &Reconciliation) -> Table {
    let columns = ["Accounts", "Ours", "Theirs", "Ours − theirs"].map(Column::numbers);
    let mut table = Table::new(std::iter::once(Column::words("")).chain(columns).collect());
    let mut row = |name: Text, accounts: Option<usize>, ours: Decimal, theirs: Decimal| {
        let figures = [ours, theirs, ours - theirs].map(|value| Text::from(figure(found, value)));
        table.row([name, accounts.map(count).unwrap_or_default().into()].into_iter().chain(figures).collect());
    };
    for tally in &found.tallies {
        let accounts = (tally.group != Group::Rounding).then_some(tally.accounts);
        row(tally.group.name().into(), accounts, tally.ours, tally.theirs);
    }
    let all = found.tallies.iter().map(|tally| tally.accounts).sum();
    row(Text::toned(Tone::Strong, "all"), Some(all), found.ours, found.theirs);
    table
}

fn causes(found: &Reconciliation) -> Table {
    let mut table = Table::new(vec![
        Column::words("Likely cause"),
        Column::numbers("Differences"),
        Column::numbers("Ours − theirs"),
    ]);
    for (cause, differences, sum) in &found.causes {
        table.row(vec![told(*cause), count(*differences).into(), figure(found, *sum).into()]);
    }
    table
}

fn differences(found: &Reconciliation, width: usize) -> Table {
    let wide = width >= WIDE;
    let mut columns = vec![
        Column::words("Account"),
        Column::words("Name").wraps_to(12).rank(1),
        Column::numbers("Ours"),
        Column::numbers("Theirs"),
        Column::numbers("Ours − theirs"),
        Column::words("Likely cause"),
    ];
    if wide {
        columns.push(Column::words("Evidence").wraps_to(30));
    }
    let mut table = Table::new(columns);
    for difference in found.differences.iter().take(ON_SCREEN) {
        let Difference { account, name, ours, theirs, cause, evidence, .. } = difference;
        let side = |value: &Option<Decimal>| match value {
            Some(value) => Text::from(figure(found, *value)),
            None => Text::toned(Tone::Faint, "–"),
        };
        let mut row = vec![
            account.as_str().into(),
            name.as_deref().unwrap_or_default().into(),
            side(ours),
            side(theirs),
            figure(found, difference.amount()).into(),
            told(*cause),
        ];
        if wide {
            row.push(evidence.as_str().into());
        }
        table.row(row);
        if !wide {
            table.line(Row::Note(Text::toned(Tone::Faint, evidence.as_str())));
        }
    }
    table
}

fn told(cause: Cause) -> Text {
    match cause {
        Cause::Unexplained => Text::toned(Tone::Warn, cause.name()),
        _ => cause.name().into(),
    }
}

fn foot(found: &Reconciliation, session: &Session, printer: &Printer) -> String {
    let mut notes = found.notes.clone();
    let unshown = found.differences.len().saturating_sub(ON_SCREEN);
    if unshown > 0 {
        notes.insert(0, format!("{} more differences: --format csv gives all", count(unshown)));
    }
    let matched = found.accounts(Group::Matched);
    if matched == 0 {
        notes.insert(
            0,
            "no account agrees: is the amount the right column, in the right currency, of the right period?".to_owned(),
        );
    }
    let through = people::day_before(found.observed_to, &session.engine.clock());
    let catalogue = found.catalogue.get(..8).unwrap_or(&found.catalogue);
    notes.push(format!("data through {through} · lake version {} · catalogue {catalogue}", found.lake_version));
    let lines = notes.iter().flat_map(|note| wrap(note, printer.width));
    let painted: Vec<String> = lines.map(|line| printer.palette.paint(Tone::Faint, &line)).collect();
    format!("\n{}\n", painted.join("\n"))
}

fn figure(found: &Reconciliation, value: Decimal) -> String {
    let (unit, currency) =
        if found.measure.is_money() { (Unit::Money, Some(found.currency.as_str())) } else { (Unit::Count, None) };
    people::figure(Number::Exact(value), unit, currency, Detail::Full)
}

fn count(count: usize) -> String {
    people::count(i64::try_from(count).unwrap_or(i64::MAX))
}

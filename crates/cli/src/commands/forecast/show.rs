//! A forecast for a leader: retention ahead, what is due each quarter, and the largest terms at risk.

use super::Told;
use crate::people::{self, Detail};
use crate::printer::{Printer, rendered};
use crate::table::{Column, Table, Text, Tone, wrap};
use std::path::Path;
use tenure_catalog::Unit;
use tenure_engine::Number;
use tenure_outlook::OrReason;
use tenure_outlook::forecast::{Due, Quarter, Retention, Share, Spread};
use tenure_stats::Interval;

/// As many terms as a screen is good for.
const ON_SCREEN: usize = 12;

/// The whole text.
pub(super) fn text(told: &Told<'_>, printer: &Printer, file: Option<&Path>) -> String {
    let found = told.found;
    let clock = told.session.engine.clock();
    let heading = format!(
        "What lies ahead of the {} customers of {}, who pay {} a month",
        people::count(found.customers),
        people::day_before(found.today, &clock),
        amount(&found.mrr, told)
    );
    let mut text = said(printer, Tone::Strong, &heading) + "\n";
    text += &match &found.retention {
        Ok(retention) => {
            let head = retention.last().map(|year| said(printer, Tone::Plain, &in_words(year))).unwrap_or_default();
            format!("{head}\n{}", rendered(printer, &ahead(retention, told), file))
        }
        Err(reason) => said(printer, Tone::Warn, &format!("retention is not foretold: {reason}")),
    };
    text += &format!("\n{}\n", said(printer, Tone::Strong, "Renewals due"));
    text += &rendered(printer, &quarters(told), file);
    text += &largest(told, printer, file);
    text + &foot(told, printer)
}

fn in_words(year: &Retention) -> String {
    let told = |spread: &Spread| {
        let of_100 = |share: f64| format!("{:.0}", 100.0 * share);
        let Interval { low, high } = spread.range80;
        format!("{} (80 % range: {} to {})", of_100(spread.median), of_100(low), of_100(high))
    };
    format!(
        "Of every 100 they pay now, {} are to be expected a year on, upgrades included; without upgrades {}.",
        told(&year.nrr),
        told(&year.grr)
    )
}

fn ahead(retention: &[Retention], told: &Told<'_>) -> Table {
    let mut table = Table::new(vec![
        Column::words("Retention over"),
        Column::numbers("NRR"),
        Column::numbers("80% range"),
        Column::numbers("NRR 95%").rank(2),
        Column::numbers("GRR"),
        Column::numbers("80% range"),
        Column::numbers("GRR 95%").rank(1),
    ]);
    let clock = told.session.engine.clock();
    for (number, one) in retention.iter().enumerate() {
        let name = if number + 1 == retention.len() {
            "next 12 months".to_owned()
        } else {
            people::period_title(&one.period, &clock)
        };
        let mut cells: Vec<Text> = vec![name.into()];
        cells.extend([&one.nrr, &one.grr].into_iter().flat_map(figures));
        table.row(cells);
    }
    table.in_full("--format json")
}

fn figures(spread: &Spread) -> [Text; 3] {
    [
        Text::toned(Tone::Strong, people::percent(Number::Float(spread.median))),
        range(spread.range80).into(),
        Text::toned(Tone::Faint, range(spread.range95)),
    ]
}

fn quarters(told: &Told<'_>) -> Table {
    let mut table = Table::new(vec![
        Column::words("Quarter"),
        Column::words(told.by.unwrap_or_default()).wraps_to(10),
        Column::numbers("terms"),
        Column::numbers("MRR due"),
        Column::numbers("expected"),
        Column::numbers("of it").rank(1),
        Column::numbers("80%").rank(2),
        Column::numbers("month to month").rank(3),
        Column::numbers("kept of it").rank(3),
    ]);
    let clock = told.session.engine.clock();
    for quarter in &told.found.renewals.quarters {
        table.row(total(quarter, people::period_title(&quarter.period, &clock), told));
        for (value, share) in &quarter.segments {
            let mut row =
                vec![Text::default(), value.as_deref().map_or_else(|| Text::toned(Tone::Faint, "(none)"), Text::from)];
            row.extend(sums(share, told));
            row.extend((0..3).map(|_| Text::default()));
            table.row(row);
        }
    }
    table.in_full("--format json")
}

fn total(quarter: &Quarter, name: String, told: &Told<'_>) -> Vec<Text> {
    let mut row = vec![name.into(), Text::from(if quarter.segments.is_empty() { "" } else { "all" })];
    row.extend(sums(&quarter.all, told));
    let spread = quarter.spread.map(|spread| {
        let ends = [spread.range80.low, spread.range80.high].map(Number::Float);
        people::range(ends[0], ends[1], Unit::Money, Some(told.currency()))
    });
    row.push(Text::toned(Tone::Faint, spread.unwrap_or_default()));
    match &quarter.evergreen {
        Ok(found) => row.extend([found.opening, found.expected].map(|value| Text::from(money(value, told)))),
        Err(_) => row.extend(["–", "–"].map(Text::from)),
    }
    row
}

fn sums(share: &Share, told: &Told<'_>) -> [Text; 4] {
    let part = share.mrr.as_ref().ok().zip(share.expected.as_ref().ok()).filter(|(mrr, _)| **mrr > 0.0);
    [
        people::count(share.terms).into(),
        amount(&share.mrr, told).into(),
        Text::toned(Tone::Strong, amount(&share.expected, told)),
        part.map(|(mrr, expected)| format!("{:.0}%", 100.0 * expected / mrr)).unwrap_or_default().into(),
    ]
}

/// The terms with most to lose.
fn largest(told: &Told<'_>, printer: &Printer, file: Option<&Path>) -> String {
    let at_risk = |due: &Due| Some(due.mrr.as_ref().ok()? - due.expected().ok()?);
    let mut terms: Vec<(f64, &Due)> =
        told.found.renewals.due.iter().filter_map(|due| Some((at_risk(due)?, due))).collect();
    terms.sort_by(|(one, _), (two, _)| two.total_cmp(one));
    if terms.is_empty() {
        let reason = told.found.renewals.due.iter().find_map(|due| due.chance.as_ref().err());
        return reason
            .map(|reason| said(printer, Tone::Warn, &format!("no chances are told: {reason}")))
            .unwrap_or_default();
    }
    let mut table = Table::new(vec![
        Column::words("Customer").wraps_to(14),
        Column::words("Product").rank(2),
        Column::words("term").rank(3),
        Column::words("due"),
        Column::numbers("MRR"),
        Column::numbers("chance"),
        Column::numbers("95%").rank(1),
        Column::numbers("expected"),
    ]);
    let clock = told.session.engine.clock();
    for (_, due) in terms.iter().take(ON_SCREEN) {
        let Ok(chance) = &due.chance else { continue };
        let day = clock.local(due.due).date().to_string();
        table.row(vec![
            due.name.as_deref().unwrap_or(&due.account).into(),
            due.product.as_deref().unwrap_or_default().into(),
            due.term.words().into(),
            if due.overdue { Text::toned(Tone::Warn, format!("{day}, overdue")) } else { day.into() },
            amount(&due.mrr, told).into(),
            format!("{:.0}%", 100.0 * chance.chance).into(),
            Text::toned(Tone::Faint, format!("{:.0}–{:.0}%", 100.0 * chance.low, 100.0 * chance.high)),
            amount(&due.expected(), told).into(),
        ]);
    }
    let title = format!(
        "Most to lose: {} of {} terms due",
        people::count(terms.len().min(ON_SCREEN)),
        people::count(terms.len())
    );
    format!("\n{}\n{}", said(printer, Tone::Strong, &title), rendered(printer, &table.in_full("--format csv"), file))
}

fn foot(told: &Told<'_>, printer: &Printer) -> String {
    let found = told.found;
    let engine = &told.session.engine;
    let notes = [
        "today's customers alone, no new business; exchange rates as they are. Chances: past terms of the same length, plan and size, drawn \
         towards the others the fewer they are. Retention: past quarters drawn again, good and bad as they came; no change of the times"
            .to_owned(),
        format!(
            "from {} closed quarters and {} decided terms; see with `tenure forecast --record` how often such ranges held before you promise one",
            people::count(found.closed_quarters),
            people::count(found.decided_terms)
        ),
        format!(
            "data through {} · lake version {} · catalogue {}",
            people::day_before(told.observed_to, &engine.clock()),
            engine.lake_version(),
            crate::board::short_hash(engine.catalogue_hash())
        ),
    ];
    format!("\n{}", notes.iter().map(|note| said(printer, Tone::Faint, note)).collect::<String>())
}

fn said(printer: &Printer, tone: Tone, text: &str) -> String {
    wrap(text, printer.width).iter().map(|line| format!("{}\n", printer.palette.paint(tone, line))).collect()
}

fn amount(figure: &OrReason<f64>, told: &Told<'_>) -> String {
    figure.as_ref().map_or_else(|_| "–".to_owned(), |value| money(*value, told))
}

fn money(value: f64, told: &Told<'_>) -> String {
    people::figure(Number::Float(value), Unit::Money, Some(told.currency()), Detail::Brief)
}

/// A range of shares, in percent.
pub(super) fn range(sides: Interval) -> String {
    people::range(Number::Float(sides.low), Number::Float(sides.high), Unit::Ratio, None)
}

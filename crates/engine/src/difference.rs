//! Two definitions of one metric row by row: what one counts and the other does not, and why.

use crate::answer::{Cell, Number};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::evaluate::{Ask, number};
use crate::question::{Condition, MetricRef, Question};
use crate::rows::{Behind, texts_of};
use arrow::array::RecordBatch;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tenure_schema::period::Period;

/// Which two definitions, of what.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceQuestion {
    /// The metric's id.
    pub metric: String,
    /// The two definitions, by their variants.
    pub variants: [String; 2],
    /// The period.
    pub period: Period,
    /// Only rows whose attribute or dimension has this value.
    pub filter: Vec<Condition>,
    /// World time, as in a question.
    pub now: Option<Timestamp>,
}

/// Both answers, and the rows in which they differ.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceAnswer {
    /// What each definition answers: one cell, or one a segment into which the metric itself splits.
    pub cells: [Vec<Cell>; 2],
    /// What rows say in numbers.
    pub figures: Vec<DifferenceFigure>,
    /// Rows that one definition counts, then those that both count but not alike; each in the order of time.
    pub rows: Vec<DifferingRow>,
    /// The rows that both count alike, and every other kind, added up.
    pub totals: Vec<DifferenceTotal>,
    /// Hash of every definition and setting in force.
    pub catalogue: String,
    /// The lake version read.
    pub lake_version: u64,
}

/// A number that rows carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferenceFigure {
    /// A state of the definition, or a column of its rows.
    pub name: String,
    /// Whether it can be added up over rows: sums and counts can, a score cannot.
    pub adds: bool,
}

/// Which definition counts a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CountedBy {
    /// The first alone.
    First,
    /// The second alone.
    Second,
    /// Both, with different figures.
    Differently,
    /// Both, with the same figures.
    Alike,
}

/// A row in which two definitions differ.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferingRow {
    /// Which definition counts it.
    pub counted_by: CountedBy,
    /// Of a derived metric: which of its inputs the row belongs to.
    pub role: Option<String>,
    /// The account.
    pub account_id: Option<String>,
    /// When it counts.
    pub at: Option<String>,
    /// Which row of the definition's table.
    pub row_id: Option<String>,
    /// Why the other definition does not count it.
    pub reason: Option<String>,
    /// In the order of the answer's figures: what it adds by either definition; none where that does not count it or has no such figure.
    pub figures: Vec<[Option<Number>; 2]>,
}

/// Rows of one kind, added up.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceTotal {
    /// Which definition counts them.
    pub counted_by: CountedBy,
    /// How many rows.
    pub rows: usize,
    /// In the order of the answer's figures, of those that can be added up.
    pub figures: Vec<[Option<Number>; 2]>,
}

/// A row that one definition looks at.
struct Candidate {
    account_id: Option<String>,
    at: Option<String>,
    row_id: Option<String>,
    excluded: Option<String>,
    figures: BTreeMap<String, Number>,
}

/// The rows that one definition looks at, and the table they are from.
struct Side {
    from: String,
    /// The figures of its rows that can be added up.
    adding: BTreeSet<String>,
    rows: Vec<Candidate>,
}

/// What both say of a row.
struct Match<'a> {
    role: Option<&'a str>,
    rows: [Option<&'a Candidate>; 2],
    reason: Option<String>,
}

/// Those of whom the account counts in a row of another id: their tables are not of the same rows.
const ELSEWHERE: &str = "its account counts in another row";
const NO_CANDIDATE: &str = "not a candidate";

impl Engine {
    /// Two definitions of one metric, compared row by row.
    pub async fn difference(&self, question: &DifferenceQuestion) -> Result<DifferenceAnswer, EngineError> {
        let of = |variant: &String| MetricRef { id: question.metric.clone(), variant: Some(variant.clone()) };
        let references = question.variants.each_ref().map(of);
        let mut sides = [BTreeMap::new(), BTreeMap::new()];
        for (side, reference) in sides.iter_mut().zip(&references) {
            let bound = self.bind(reference)?;
            let now = self.world_time(&bound, question.now);
            for behind in self.behind(bound)? {
                let opened = self.side(&behind, question, now).await?;
                side.insert(behind.role, opened);
            }
        }
        let cells = self
            .answer(&Question {
                metrics: references.to_vec(),
                periods: vec![question.period.clone()],
                by: Vec::new(),
                filter: question.filter.clone(),
                now: question.now,
            })
            .await?
            .cells;
        let [first, second] = &question.variants;
        let of = |variant: &str| cells.iter().filter(|cell| cell.variant == variant).cloned().collect();
        let cells = [of(first), of(second)];
        let matches = matches(&sides);
        let figures = figures(&matches, &sides);
        let mut rows: Vec<DifferingRow> = matches.iter().map(|found| found.row(&figures)).collect();
        let totals = totals(&rows, &figures);
        rows.retain(|row| row.counted_by != CountedBy::Alike);
        rows.sort_by(|a, b| {
            let key = |row: &DifferingRow| (row.counted_by, row.at.clone(), row.account_id.clone(), row.row_id.clone());
            key(a).cmp(&key(b))
        });
        let catalogue = self.catalogue_hash().to_owned();
        Ok(DifferenceAnswer { cells, figures, rows, totals, catalogue, lake_version: self.lake_version() })
    }

    /// Every row that a definition looks at, with what it adds.
    async fn side(
        &self,
        behind: &Behind<'_>,
        question: &DifferenceQuestion,
        now: Timestamp,
    ) -> Result<Side, EngineError> {
        let from = behind.bound.definition.rows.as_ref().map(|rows| rows.from.clone()).unwrap_or_default();
        let Some(period) = self.period_behind(behind, &question.period) else {
            return Ok(Side { from, adding: BTreeSet::new(), rows: Vec::new() });
        };
        let ask = Ask {
            periods: std::slice::from_ref(&period),
            by: &[],
            filter: &question.filter,
            now: Some(now),
            window: behind.window,
        };
        let runnable = self.runnable(&behind.bound, &ask).await?;
        let compiled = &runnable.compiled;
        let own: Vec<String> = compiled.shown.iter().map(|name| format!(", \"{name}\"")).collect();
        let sums: Vec<String> =
            compiled.additive.iter().enumerate().map(|(at, (_, sql))| format!(", {sql} AS sum_{at}")).collect();
        let named: Vec<String> =
            compiled.shown.iter().enumerate().map(|(at, name)| format!(", \"{name}\" AS own_{at}")).collect();
        // A row is a group of its own: so its share in each sum is what the definition's own text gives.
        let sql = format!(
            "SELECT account_id, at, row_id, row_excluded{named}{sums}\n\
             FROM (SELECT *, row_number() OVER (ORDER BY at, account_id, row_id) AS row_place FROM ({rows}) AS looked_at) AS counted\n\
             GROUP BY row_place, account_id, at, row_id, row_excluded{own}\nORDER BY row_place",
            named = named.concat(),
            sums = sums.concat(),
            own = own.concat(),
            rows = compiled.rows,
        );
        let frame = runnable.context.sql(&sql).await.map_err(|error| behind.bound.wrong("state", &error))?;
        let names = compiled.shown.iter().chain(compiled.additive.iter().map(|(name, _)| name));
        let names: Vec<&String> = names.collect();
        let adding = compiled.additive.iter().map(|(name, _)| name.clone()).collect();
        let mut rows = Vec::new();
        for batch in frame.collect().await? {
            read(&batch, &names, &mut rows)?;
        }
        Ok(Side { from, adding, rows })
    }
}

/// Account, time, id, reason; then columns and sums, of which a sum stands for the column of its name.
fn read(batch: &RecordBatch, names: &[&String], rows: &mut Vec<Candidate>) -> Result<(), EngineError> {
    let texts: Vec<Vec<Option<String>>> = batch.columns().iter().take(4).map(texts_of).collect::<Result<_, _>>()?;
    for row in 0..batch.num_rows() {
        let named = names.iter().zip(batch.columns().iter().skip(4));
        let figures = named.filter_map(|(name, column)| Some(((*name).clone(), number(column, row)?))).collect();
        let text = |column: usize| texts.get(column).and_then(|column| column.get(row)).cloned().flatten();
        rows.push(Candidate { account_id: text(0), at: text(1), row_id: text(2), excluded: text(3), figures });
    }
    Ok(())
}

type Sides = BTreeMap<Option<String>, Side>;

/// Every row that counts by either definition, with what the other says of it.
fn matches(sides: &[Sides; 2]) -> Vec<Match<'_>> {
    let roles: BTreeSet<&Option<String>> = sides.iter().flat_map(BTreeMap::keys).collect();
    let of_role = |role: &Option<String>| sides.each_ref().map(|side| side.get(role));
    roles.into_iter().flat_map(|role| matches_of(role.as_deref(), of_role(role))).collect()
}

fn matches_of<'a>(role: Option<&'a str>, sides: [Option<&'a Side>; 2]) -> Vec<Match<'a>> {
    let mut matches = Vec::new();
    let other_table = sides[0].map(|side| &side.from) != sides[1].map(|side| &side.from);
    let rows = |side: Option<&'a Side>| side.into_iter().flat_map(|side| &side.rows);
    let account = |row: &'a Candidate| row.account_id.as_deref();
    let by_id = sides.map(|side| grouped(rows(side), |row| (account(row), row.row_id.as_deref())));
    let by_account = sides.map(|side| grouped(rows(side), account));
    let mut single: [Vec<&Candidate>; 2] = [Vec::new(), Vec::new()];
    let ids: BTreeSet<_> = by_id.iter().flat_map(BTreeMap::keys).collect();
    for id in ids {
        let counted =
            by_id.each_ref().map(|side| side.get(id).into_iter().flatten().copied().filter(|row| row.counts()));
        let [mut first, mut second] = counted;
        loop {
            match (first.next(), second.next()) {
                (None, None) => break,
                (Some(row), Some(other)) => matches.push(Match { role, rows: [Some(row), Some(other)], reason: None }),
                (Some(row), None) => single[0].push(row),
                (None, Some(row)) => single[1].push(row),
            }
        }
    }
    // Rows of different tables may have different ids and yet be the same: an account's only one by either.
    if other_table {
        let left = single.each_ref().map(|rows| grouped(rows.iter().copied(), account));
        for (id, rows) in left[0].iter().filter(|(id, _)| id.is_some()) {
            if let ([row], Some([other])) = (rows.as_slice(), left[1].get(id).map(Vec::as_slice)) {
                matches.push(Match { role, rows: [Some(*row), Some(*other)], reason: None });
                single.iter_mut().for_each(|rows| rows.retain(|row| account(row) != *id));
            }
        }
    }
    for (side, rows) in single.into_iter().enumerate() {
        let other = 1 - side;
        for row in rows {
            let same = by_id[other].get(&(account(row), row.row_id.as_deref()));
            let near = by_account[other].get(&account(row)).filter(|_| other_table && row.account_id.is_some());
            let elsewhere = near.is_some_and(|rows| rows.iter().any(|row| row.counts()));
            let reason = excluded(same)
                .or_else(|| elsewhere.then(|| ELSEWHERE.to_owned()))
                .or_else(|| excluded(near))
                .unwrap_or_else(|| NO_CANDIDATE.to_owned());
            let mut rows = [Some(row), None];
            rows.rotate_right(side);
            matches.push(Match { role, rows, reason: Some(reason) });
        }
    }
    matches
}

fn grouped<'a, K: Ord>(
    rows: impl Iterator<Item = &'a Candidate>,
    key: impl Fn(&'a Candidate) -> K,
) -> BTreeMap<K, Vec<&'a Candidate>> {
    let mut groups: BTreeMap<K, Vec<&Candidate>> = BTreeMap::new();
    rows.for_each(|row| groups.entry(key(row)).or_default().push(row));
    groups
}

/// The reason of the first that does not count.
fn excluded(rows: Option<&Vec<&Candidate>>) -> Option<String> {
    rows?.iter().find_map(|row| row.excluded.clone())
}

/// What the rows say in numbers: what can be added up and what both definitions have stands first. A figure that says of every row what
/// another says is left out.
fn figures(matches: &[Match<'_>], sides: &[Sides; 2]) -> Vec<DifferenceFigure> {
    let counted = || matches.iter().flat_map(|found| found.rows.iter().enumerate());
    let mut found: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (side, row) in counted() {
        for name in row.iter().flat_map(|row| row.figures.keys()) {
            found.entry(name).or_default().insert(side);
        }
    }
    let adding: BTreeSet<&str> =
        sides.iter().flat_map(BTreeMap::values).flat_map(|side| &side.adding).map(String::as_str).collect();
    let mut names: Vec<(&str, usize)> = found.into_iter().map(|(name, of)| (name, of.len())).collect();
    names.sort_by_key(|(name, of)| (!adding.contains(name), std::cmp::Reverse(*of)));
    let mut columns: Vec<Vec<Option<f64>>> = Vec::new();
    let mut figures = Vec::new();
    for (name, _) in names {
        let figure = |row: &Candidate| row.figures.get(name).map(|figure| figure.as_f64());
        let column = counted().map(|(_, row)| row.and_then(figure)).collect();
        if !columns.contains(&column) {
            columns.push(column);
            figures.push(DifferenceFigure { name: name.to_owned(), adds: adding.contains(name) });
        }
    }
    figures
}

impl Match<'_> {
    fn row(&self, figures: &[DifferenceFigure]) -> DifferingRow {
        let [first, second] = self.rows;
        let counted_by = match (first, second) {
            (Some(first), Some(second)) if first.adds_as(second) => CountedBy::Alike,
            (Some(_), Some(_)) => CountedBy::Differently,
            (Some(_), None) => CountedBy::First,
            (None, _) => CountedBy::Second,
        };
        let of = |text: fn(&Candidate) -> &Option<String>| first.or(second).and_then(|row| text(row).clone());
        DifferingRow {
            counted_by,
            role: self.role.map(str::to_owned),
            account_id: of(|row| &row.account_id),
            at: of(|row| &row.at),
            row_id: of(|row| &row.row_id),
            reason: self.reason.clone(),
            figures: figures
                .iter()
                .map(|figure| self.rows.map(|row| row.and_then(|row| row.figures.get(&figure.name)).copied()))
                .collect(),
        }
    }
}

impl Candidate {
    fn counts(&self) -> bool {
        self.excluded.is_none()
    }

    /// Whether the figures that both have are the same.
    fn adds_as(&self, other: &Self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
        let common = self.figures.iter().filter_map(|(name, own)| Some((own, other.figures.get(name)?)));
        common.into_iter().all(|(own, theirs)| near(own.as_f64(), theirs.as_f64()))
    }
}

fn totals(rows: &[DifferingRow], figures: &[DifferenceFigure]) -> Vec<DifferenceTotal> {
    let kinds = [CountedBy::First, CountedBy::Second, CountedBy::Differently, CountedBy::Alike];
    kinds
        .into_iter()
        .map(|counted_by| {
            let mut total = DifferenceTotal { counted_by, rows: 0, figures: vec![[None, None]; figures.len()] };
            for row in rows.iter().filter(|row| row.counted_by == counted_by) {
                total.rows += 1;
                let places = total.figures.iter_mut().zip(&row.figures).zip(figures);
                for ((sums, added), _) in places.filter(|(_, figure)| figure.adds) {
                    for (sum, added) in sums.iter_mut().zip(added) {
                        *sum = added.map(|added| sum.map_or(added, |sum| sum.plus(added))).or(*sum);
                    }
                }
            }
            total
        })
        .collect()
}

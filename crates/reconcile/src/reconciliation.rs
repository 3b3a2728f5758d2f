//! The comparison: both sides matched by account, each difference explained, totals that tie out.

use crate::asked::Asked;
use crate::case::{AGREES, Case, World};
use crate::causes::{self, Cause};
use crate::error::ReconcileError;
use crate::facts::Facts;
use crate::measure::Measure;
use crate::ours::{self, Ours};
use crate::rates::Rates;
use crate::tabular::query;
use crate::theirs::{self, Columns, Theirs};
use crate::words::money;
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tenure_engine::Engine;
use tenure_schema::period::Period;

/// What is to be compared.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The outside file.
    pub file: &'a Path,
    /// What it is called in messages.
    pub name: String,
    /// Its columns, where they were named.
    pub columns: &'a Columns,
    /// The figure.
    pub measure: Measure,
    /// The period at whose close it is taken.
    pub period: Period,
    /// World time; `None`: as far as the data goes.
    pub now: Option<Timestamp>,
}

/// Both sides, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Reconciliation {
    /// The figure.
    pub measure: Measure,
    /// The period at whose close it was taken.
    pub period: Period,
    /// The workspace's currency.
    pub currency: String,
    /// The outside file.
    pub file: String,
    /// Our total: the metric's value.
    pub ours: Decimal,
    /// The outside file's total.
    pub theirs: Decimal,
    /// How the accounts fall, each group with its money: they add up to the totals.
    pub tallies: Vec<Tally>,
    /// How many differences have each cause, and their sum, in the order the rules are tried.
    pub causes: Vec<(Cause, usize, Decimal)>,
    /// Every account on which the sides differ, the largest difference first.
    pub differences: Vec<Difference>,
    /// How the file was read, and what else there is to know.
    pub notes: Vec<String>,
    /// Hash of every definition and setting in force.
    pub catalogue: String,
    /// The lake version read.
    pub lake_version: u64,
    /// World time of the answer.
    pub observed_to: Timestamp,
}

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Both sides agree to half a cent.
    Matched,
    /// Both have it, with other figures.
    Differing,
    /// Only we have it.
    OnlyOurs,
    /// Only they have it.
    OnlyTheirs,
    /// No account: what rounding each to the cent leaves of the totals.
    Rounding,
}

/// Where a difference stands.
pub type Side = Group;

/// The accounts of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tally {
    /// Where they stand.
    pub group: Group,
    /// How many.
    pub accounts: usize,
    /// What we have for them.
    pub ours: Decimal,
    /// What they have for them.
    pub theirs: Decimal,
}

/// An account on which the sides differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its id.
    pub account: String,
    /// Its name, where we know it.
    pub name: Option<String>,
    /// On which side it stands.
    pub side: Side,
    /// Our figure; none where we have none.
    pub ours: Option<Decimal>,
    /// Their figure; none where they have none.
    pub theirs: Option<Decimal>,
    /// The likely cause.
    pub cause: Cause,
    /// What speaks for it.
    pub evidence: String,
    /// The lines of the outside file.
    pub lines: Vec<u64>,
}

impl Group {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Differing => "differing",
            Self::OnlyOurs => "only ours",
            Self::OnlyTheirs => "only theirs",
            Self::Rounding => "rounding",
        }
    }
}

impl Tally {
    /// Ours less theirs.
    pub fn difference(&self) -> Decimal {
        self.ours - self.theirs
    }
}

impl Difference {
    /// Ours less theirs.
    pub fn amount(&self) -> Decimal {
        self.ours.unwrap_or_default() - self.theirs.unwrap_or_default()
    }
}

impl Reconciliation {
    /// The sum of all differences.
    pub fn sum(&self) -> Decimal {
        self.differences.iter().map(Difference::amount).sum()
    }

    /// What is left of the totals' difference: parts of cents in accounts that agree.
    pub fn rounding(&self) -> Decimal {
        self.ours - self.theirs - self.sum()
    }

    /// How many accounts stand there.
    pub fn accounts(&self, group: Group) -> usize {
        self.tallies.iter().filter(|tally| tally.group == group).map(|tally| tally.accounts).sum()
    }
}

/// Compares an outside file with our figure.
pub async fn reconcile(engine: &Engine, question: &Question<'_>) -> Result<Reconciliation, ReconcileError> {
    let file = question.name.clone();
    let bytes =
        std::fs::read(question.file).map_err(|error| ReconcileError::Unreadable { file: file.clone(), error })?;
    let home = engine.settings().currency;
    let mut asked = Asked {
        measure: question.measure,
        period: question.period.clone(),
        clock: engine.clock(),
        home,
        observed_to: question.period.end,
    };
    let accounts = Facts::accounts(engine).await?;
    let theirs =
        theirs::read(&file, &bytes, question.columns, question.measure, home, &|id| accounts.contains_key(id))?;
    let ours = ours::read(engine, &asked, question.now).await?;
    asked.observed_to = ours.observed_to;
    let known = |id: &str| accounts.contains_key(id) || ours.accounts.contains_key(id);
    if !theirs.accounts.is_empty() && !theirs.accounts.keys().any(|id| known(id)) {
        return Err(no_account_known(&theirs, accounts.keys().next()));
    }
    let rates = Rates::read(engine, &asked, &currencies(engine, &theirs).await?).await?;
    let figures = in_home_currency(&theirs, &asked, &rates)?;
    let apart = differing(&ours.accounts, &figures);
    let involved = |id: &str| apart.contains(id);
    let facts = Facts::read(engine, &asked, accounts, &involved).await?;
    let world = World::new(&asked, &facts, &rates, &ours.accounts, &figures, &theirs.accounts);
    let mut differences: Vec<Difference> = apart.iter().map(|account| difference(&world, account)).collect();
    differences.sort_by(|a, b| b.amount().abs().cmp(&a.amount().abs()).then_with(|| a.account.cmp(&b.account)));
    let total = published(figures.values().sum(), question.measure);
    adds_up(&ours, question.measure)?;
    Ok(Reconciliation {
        measure: question.measure,
        period: question.period.clone(),
        currency: home.code().to_owned(),
        ours: ours.total,
        theirs: total,
        tallies: tallies(&ours, &figures, total, &differences, question.measure),
        causes: by_cause(&differences),
        differences,
        notes: notes(&theirs, &ours, &asked),
        file,
        catalogue: engine.catalogue_hash().to_owned(),
        lake_version: engine.lake_version(),
        observed_to: ours.observed_to,
    })
}

fn no_account_known(theirs: &Theirs, example: Option<&String>) -> ReconcileError {
    let first = theirs.accounts.keys().next().map(String::as_str).unwrap_or_default();
    let such = example.map(|id| format!(", which look like {id}")).unwrap_or_default();
    let place = format!("{}, column {}", theirs.file, theirs.on);
    let problem =
        format!("none of its {} values, such as {first}, is the id of an account here{such}", theirs.accounts.len());
    ReconcileError::file(place, problem, "name the column of the account's id with --on")
}

/// Every currency that an amount may have to be converted from.
async fn currencies(engine: &Engine, theirs: &Theirs) -> Result<BTreeSet<String>, ReconcileError> {
    let sql = "SELECT DISTINCT currency FROM mrr_lines UNION SELECT DISTINCT currency FROM subscriptions UNION SELECT DISTINCT currency FROM invoices";
    let ours = query(engine, sql, &[]).await?;
    let theirs = theirs.accounts.values().flatten().map(|row| row.currency.code().to_owned());
    Ok(ours.iter().map(|record| record.word(0)).filter(|currency| !currency.is_empty()).chain(theirs).collect())
}

/// Their figures, converted at the close's rates.
fn in_home_currency(
    theirs: &Theirs,
    asked: &Asked,
    rates: &Rates,
) -> Result<BTreeMap<String, Decimal>, ReconcileError> {
    let day = asked.day(asked.closing());
    let mut figures = BTreeMap::new();
    for (account, rows) in &theirs.accounts {
        let mut sum = Decimal::ZERO;
        for row in rows {
            sum += rates.convert(row.amount, row.currency.code(), day).ok_or_else(|| {
                let problem = format!("there is no exchange rate for {} by {day}", row.currency);
                let remedy = format!("import one into fx_rates, or write the amounts in {}", asked.home);
                ReconcileError::file(format!("{}:{}", theirs.file, row.line), problem, remedy)
            })?;
        }
        // Several lines do not make several customers.
        figures.insert(account.clone(), if asked.measure.is_money() { sum } else { sum.min(Decimal::ONE) });
    }
    Ok(figures)
}

/// The accounts on which the sides differ.
fn differing(ours: &BTreeMap<String, Decimal>, theirs: &BTreeMap<String, Decimal>) -> BTreeSet<String> {
    let figure = |side: &BTreeMap<String, Decimal>, account: &String| side.get(account).copied().unwrap_or_default();
    let apart = |account: &&String| (figure(ours, account) - figure(theirs, account)).abs() > AGREES;
    ours.keys().chain(theirs.keys()).filter(apart).cloned().collect()
}

fn difference(world: &World<'_>, account: &str) -> Difference {
    let case = Case { world, account };
    let (cause, evidence) = causes::explain(&case);
    let figure =
        |side: &BTreeMap<String, Decimal>| side.get(account).map(|figure| published(*figure, world.asked.measure));
    let (ours, theirs) = (figure(world.ours), figure(world.theirs));
    let side = match (ours, theirs) {
        (_, None) => Group::OnlyOurs,
        (None, _) => Group::OnlyTheirs,
        _ => Group::Differing,
    };
    let lines = case.rows().iter().map(|row| row.line).collect();
    let name = case.known().and_then(|account| account.name.clone());
    Difference { account: account.to_owned(), name, side, ours, theirs, cause, evidence, lines }
}

/// As the metric's unit is published: money to the cent.
fn published(figure: Decimal, measure: Measure) -> Decimal {
    if measure.is_money() { figure.round_dp(2) } else { figure }
}

/// Each group's accounts, rounded one by one, and what that leaves of the totals.
fn tallies(
    ours: &Ours,
    theirs: &BTreeMap<String, Decimal>,
    total: Decimal,
    differences: &[Difference],
    measure: Measure,
) -> Vec<Tally> {
    let mut matched = Tally { group: Group::Matched, accounts: 0, ours: Decimal::ZERO, theirs: Decimal::ZERO };
    let apart: BTreeSet<&str> = differences.iter().map(|difference| difference.account.as_str()).collect();
    let all: BTreeSet<&String> = ours.accounts.keys().chain(theirs.keys()).collect();
    for account in all.into_iter().filter(|account| !apart.contains(account.as_str())) {
        let figure = |side: &BTreeMap<String, Decimal>| {
            side.get(account).map_or(Decimal::ZERO, |figure| published(*figure, measure))
        };
        matched.accounts += 1;
        matched.ours += figure(&ours.accounts);
        matched.theirs += figure(theirs);
    }
    let mut tallies = vec![matched];
    tallies.extend([Group::Differing, Group::OnlyOurs, Group::OnlyTheirs].map(|group| {
        let of: Vec<&Difference> = differences.iter().filter(|difference| difference.side == group).collect();
        Tally {
            group,
            accounts: of.len(),
            ours: of.iter().filter_map(|difference| difference.ours).sum(),
            theirs: of.iter().filter_map(|difference| difference.theirs).sum(),
        }
    }));
    let rest = Tally {
        group: Group::Rounding,
        accounts: 0,
        ours: ours.total - tallies.iter().map(|tally| tally.ours).sum::<Decimal>(),
        theirs: total - tallies.iter().map(|tally| tally.theirs).sum::<Decimal>(),
    };
    tallies.extend((!rest.ours.is_zero() || !rest.theirs.is_zero()).then_some(rest));
    tallies
}

fn by_cause(differences: &[Difference]) -> Vec<(Cause, usize, Decimal)> {
    let of = |cause: Cause| {
        let found = differences.iter().filter(move |difference| difference.cause == cause);
        (cause, found.clone().count(), found.map(Difference::amount).sum())
    };
    Cause::ALL.into_iter().map(of).filter(|(_, count, _)| *count > 0).collect()
}

/// The accounts' figures must be those that the metric's value is the sum of.
fn adds_up(ours: &Ours, measure: Measure) -> Result<(), ReconcileError> {
    let sum: Decimal = ours.accounts.values().sum();
    if (published(sum, measure) - ours.total).abs() <= crate::EXPLAINS {
        return Ok(());
    }
    Err(ReconcileError::Definition {
        metric: measure.metric.to_owned(),
        problem: format!("its accounts add up to {}, its value is {}", sum.normalize(), ours.total),
        remedy: "reconcile needs a definition in which they are the same".to_owned(),
    })
}

fn notes(theirs: &Theirs, ours: &Ours, asked: &Asked) -> Vec<String> {
    let amount =
        theirs.amount.as_ref().map_or("every account counts".to_owned(), |column| format!("amounts from {column}"));
    let mut notes = vec![format!("{}: accounts from column {}, {amount}", theirs.file, theirs.on)];
    let foreign: BTreeSet<&str> = theirs
        .accounts
        .values()
        .flatten()
        .map(|row| row.currency.code())
        .filter(|code| *code != asked.home.code())
        .collect();
    if !foreign.is_empty() {
        let from = theirs.currency.as_ref().map(|column| format!(" (column {column})")).unwrap_or_default();
        let foreign: Vec<&str> = foreign.into_iter().collect();
        notes.push(format!(
            "its amounts in {}{from} are converted at the close's rates",
            crate::words::listed(&foreign)
        ));
    }
    notes.extend(theirs.notes.iter().cloned());
    if !ours.complete {
        notes.push("the period is not complete: ours may still change".to_owned());
    }
    if asked.measure.is_money() {
        let (half, cent) = (AGREES.normalize(), money(crate::EXPLAINS, asked.home.code()));
        notes.push(format!(
            "both agree where they are within {half}, a cause is named where it explains theirs within {cent}"
        ));
    }
    notes
}

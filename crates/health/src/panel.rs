//! History as a back-test needs it: what was known of each customer on some days, the scores it had, and whether it left.

use crate::days;
use crate::error::HealthError;
use crate::history::{Health, rank};
use crate::observe::{Observed, column, observe};
use crate::record::number_of;
use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, TimestampMicrosecondType};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;
use tenure_backtest::{Colour, Panel, ReadsAhead, Row, Scorer};
use tenure_engine::{Data, Engine, Query};
use tenure_schema::as_of::Level;
use tenure_scorecard::{Score, Scorecards};

/// The signal that the simplest score is made of.
const RECENCY: &str = "last_use";
/// What that score is called.
pub const BASELINE: &str = "recency of use";
/// What the scorecards in force are called.
pub const SCORECARD: &str = "scorecard";

/// Customers on days, and how they were scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgeable {
    /// What was known, and who left.
    pub panel: Panel,
    /// The scorecards in force, others asked for, and the recency of use where it is known.
    pub scorers: Vec<Scorer>,
    /// The name of the simplest of them.
    pub baseline: Option<String>,
}

const SPANS: Query<'static> = Query {
    file: "derived/customer_spans.sql",
    key: "SQL",
    sql: "SELECT account_id, starts_at, ends_at FROM customer_spans WHERE account_id IS NOT NULL ORDER BY account_id, starts_at",
};

impl Health {
    /// What was known of every customer on some days, how the scorecards in force and others scored it, and whether it left, as is known by
    /// now. Customers are told apart by an attribute, such as `plan`.
    pub async fn judgeable(
        &self,
        days: &[Date],
        others: &[(String, Scorecards)],
        segment: &str,
    ) -> Result<Judgeable, HealthError> {
        let left = self.leavings().await?;
        let known_to = number_of(self.last_closed()?);
        let signals: Vec<String> = self.scorecards.used().map(|signal| signal.id.clone()).collect();
        let mut rows = Vec::new();
        let mut cards: Vec<(&str, &Scorecards)> = vec![(SCORECARD, &self.scorecards)];
        cards.extend(others.iter().map(|(name, cards)| (name.as_str(), cards)));
        let mut scores: Vec<Vec<Option<Score>>> = vec![Vec::new(); cards.len()];
        for (basis, days) in self.by_basis(days)? {
            let first = days::period(days[0], &self.settings.clock())?.start;
            let mut observed = observe(&self.engine_of(&basis, first).await?, &self.scorecards, &days).await?;
            rank(&self.scorecards, &mut observed);
            for (place, (_, cards)) in cards.iter().enumerate() {
                scores[place].extend(self.scored(cards, &basis, &days, &observed).await?);
            }
            rows.extend(observed.iter().map(|one| row(one, &signals, &left, known_to, segment)));
        }
        let baseline = recency(&rows, &signals);
        let panel = Panel::new(signals, rows)?;
        let mut scorers: Vec<Scorer> =
            cards.iter().zip(scores).map(|((name, _), scores)| scorer(name, &scores)).collect();
        let named = baseline.as_ref().map(|scorer| scorer.name.clone());
        scorers.extend(baseline);
        Ok(Judgeable { panel, scorers, baseline: named })
    }

    /// Signals that read what happened after the day: their values on some days change when later rows are taken away.
    pub async fn reads_ahead(&self, days: &[Date]) -> Result<Vec<ReadsAhead>, HealthError> {
        let mut found: BTreeMap<String, ReadsAhead> = BTreeMap::new();
        for (basis, days) in self.by_basis(days)? {
            let data = basis.data(&self.lake).await?;
            for day in days {
                let whole = observe(&self.engine_over(data.clone()).await?, &self.scorecards, &[day]).await?;
                let then = data.clone().known_at(days::end(day, &self.settings.clock())?).await?;
                let known = observe(&self.engine_over(then).await?, &self.scorecards, &[day]).await?;
                let known: BTreeMap<&str, &Observed> =
                    known.iter().map(|one| (one.customer.account.as_str(), one)).collect();
                for one in &whole {
                    let then = known.get(one.customer.account.as_str());
                    for signal in self.scorecards.used() {
                        let (seen, then) =
                            (one.inputs.get(&signal.id), then.and_then(|then| then.inputs.get(&signal.id)));
                        if seen.map(|seen| seen.value) != then.map(|then| then.value) {
                            let told = |input: tenure_scorecard::Input| {
                                input.map_or("none".to_owned(), |seen| seen.value.to_string())
                            };
                            let ahead = found.entry(signal.id.clone()).or_insert_with(|| ReadsAhead {
                                signal: signal.id.clone(),
                                rows: 0,
                                example: format!(
                                    "{} of {} on {day}: {} becomes {}",
                                    signal.id,
                                    one.customer.account,
                                    told(seen),
                                    told(then)
                                ),
                            });
                            ahead.rows += 1;
                        }
                    }
                }
            }
        }
        Ok(found.into_values().collect())
    }

    /// Whether every signal of the scorecards in force can be asked for, by asking for the last closed day.
    pub async fn try_signals(&self) -> Result<(), HealthError> {
        let day = self.last_closed()?;
        for (basis, days) in self.by_basis(&[day])? {
            let first = days::period(day, &self.settings.clock())?.start;
            observe(&self.engine_of(&basis, first).await?, &self.scorecards, &days).await?;
        }
        Ok(())
    }

    async fn engine_over(&self, data: Data) -> Result<Engine, HealthError> {
        Ok(Engine::over(data, self.catalog.clone(), self.settings.clone(), Level::Account).await?)
    }

    /// Scores of what was observed, in its order, by the scorecards in force or others.
    async fn scored(
        &self,
        cards: &Scorecards,
        basis: &crate::Basis,
        days: &[Date],
        observed: &[Observed],
    ) -> Result<Vec<Option<Score>>, HealthError> {
        let score = |one: &Observed| cards.choose(&one.traits).map(|card| card.score(&one.inputs));
        if cards.line() == self.scorecards.line() {
            return Ok(observed.iter().map(score).collect());
        }
        let first = days::period(days[0], &self.settings.clock())?.start;
        let mut theirs = observe(&self.engine_for(basis, cards, first).await?, cards, days).await?;
        rank(cards, &mut theirs);
        Ok(theirs.iter().map(score).collect())
    }

    /// The days on which each account stopped being a customer, as is known by now.
    async fn leavings(&self) -> Result<BTreeMap<String, Vec<i32>>, HealthError> {
        let snapshot = self.lake.snapshot(self.lake.latest().await?).await?;
        let engine = self.engine_over(Data::of(&snapshot).await?).await?;
        let clock = self.settings.clock();
        let mut left: BTreeMap<String, Vec<i32>> = BTreeMap::new();
        for batch in engine.query(SPANS, &[], Timestamp::UNIX_EPOCH).await? {
            let accounts = column(&batch, 0, &DataType::Utf8)?;
            let ends = batch.column(2).as_primitive::<TimestampMicrosecondType>();
            for row in (0..batch.num_rows()).filter(|row| ends.is_valid(*row)) {
                let end = Timestamp::from_microsecond(ends.value(row))
                    .map_err(|error| HealthError::Rows(error.to_string()))?;
                let account = accounts.as_string::<i32>().value(row).to_owned();
                left.entry(account).or_default().push(number_of(clock.local(end).date()));
            }
        }
        Ok(left)
    }
}

fn row(one: &Observed, signals: &[String], left: &BTreeMap<String, Vec<i32>>, known_to: i32, segment: &str) -> Row {
    let day = number_of(one.day);
    let value = |signal: &String| one.inputs.get(signal).and_then(|seen| seen.value.to_f64());
    let ends = left.get(&one.customer.account).into_iter().flatten();
    Row {
        account: one.customer.account.clone(),
        day,
        values: signals.iter().map(value).collect(),
        segment: one.traits.get(segment).cloned(),
        left_on: ends.copied().filter(|end| *end > day && *end <= known_to + 1).min(),
        known_to,
    }
}

fn scorer(name: &str, scores: &[Option<Score>]) -> Scorer {
    let colour = |score: &Score| {
        score.colour.map(|colour| match colour {
            tenure_scorecard::Colour::Red => Colour::Red,
            tenure_scorecard::Colour::Amber => Colour::Amber,
            tenure_scorecard::Colour::Green => Colour::Green,
        })
    };
    Scorer {
        name: name.to_owned(),
        scores: scores.iter().map(|score| score.as_ref()?.value?.to_f64()).collect(),
        colours: Some(scores.iter().map(|score| score.as_ref().and_then(colour)).collect()),
    }
}

/// The fewer days since the last use, the better.
fn recency(rows: &[Row], signals: &[String]) -> Option<Scorer> {
    let place = signals.iter().position(|signal| signal == RECENCY)?;
    let scores: Vec<Option<f64>> = rows.iter().map(|row| row.values[place].map(|days| -days)).collect();
    scores.iter().any(Option::is_some).then(|| Scorer { name: BASELINE.to_owned(), scores, colours: None })
}

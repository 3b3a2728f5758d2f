//! The history of scores: extended day by day, each day from what was known of it.

use crate::days;
use crate::error::HealthError;
use crate::extent::{Extent, day_of};
use crate::known::{Basis, Known};
use crate::latest::latest;
use crate::observe::{Observed, narrowed, observe};
use crate::record::{self, Line, SCORECARDS, Scored};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use tenure_catalog::Catalog;
use tenure_engine::Engine;
use tenure_lake::{CommitKind, CommitNote, Lake, StageMode};
use tenure_schema::as_of::Level;
use tenure_schema::settings::Settings;
use tenure_schema::table::Table;
use tenure_scorecard::{Inputs, Scorecard, Scorecards, Traits};

/// Scores of a customer and day that are written at once.
const AT_ONCE: usize = 20_000;
/// Days that are observed at once, at most.
const MOST_DAYS: usize = 90;

/// Health in a workspace.
#[derive(Debug, Clone)]
pub struct Health {
    pub(crate) lake: Lake,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) scorecards: Scorecards,
    pub(crate) known: Known,
}

/// What an update did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The line that was extended.
    pub line: Line,
    /// How many days were scored.
    pub days: usize,
    /// How many scores that made.
    pub scores: usize,
}

/// How far an update is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Days scored.
    pub done: usize,
    /// Days to score.
    pub of: usize,
}

impl Health {
    /// Health over a lake, by some scorecards.
    pub async fn open(
        lake: Lake,
        catalog: Arc<Catalog>,
        settings: Arc<Settings>,
        scorecards: Scorecards,
    ) -> Result<Self, HealthError> {
        let known = Known::read(&lake).await?;
        Ok(Self { lake, catalog, settings, scorecards, known })
    }

    /// The scorecards in force.
    pub fn scorecards(&self) -> &Scorecards {
        &self.scorecards
    }

    /// The last day that is closed.
    pub fn last_closed(&self) -> Result<Date, HealthError> {
        let closed = self.known.closed_to().and_then(|closed| days::last_before(closed, &self.settings.clock()));
        closed.ok_or(HealthError::NoData)
    }

    /// Every line of scores there is.
    pub async fn lines(&self) -> Result<Vec<Line>, HealthError> {
        let context = latest(&self.lake).await?;
        let sql = format!(
            "SELECT DISTINCT line, in_force_from, scored_from, scored_to FROM {SCORECARDS} ORDER BY scored_from, line"
        );
        let mut lines = Vec::new();
        for batch in context.sql(&sql).await?.collect().await? {
            let ids = cast(batch.column(0), &DataType::Utf8)?;
            let day = |column: usize, row: usize| {
                let column = batch.column(column).as_primitive::<Date32Type>();
                column.is_valid(row).then(|| column.value(row)).and_then(day_of)
            };
            for row in 0..batch.num_rows() {
                if let (Some(scored_from), Some(scored_to)) = (day(2, row), day(3, row)) {
                    let id = ids.as_string::<i32>().value(row).to_owned();
                    lines.push(Line { id, in_force_from: day(1, row), scored_from, scored_to });
                }
            }
        }
        Ok(lines)
    }

    /// Scores every day that is closed and not scored yet by the scorecards in force. The first line begins with the first customer, or with
    /// the day that is asked for; another one goes on where the line before ends, or begins there too under `backfill`, as what would have been.
    pub async fn update(
        &self,
        now: Timestamp,
        extent: Extent,
        tell: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Updated, HealthError> {
        let lines = self.lines().await?;
        let todo = self.todo(&lines, extent).await?;
        let in_force = self.in_force(&lines, &todo).await?;
        let id = self.scorecards.line();
        let own = lines.iter().find(|line| line.id == id);
        let last = self.last_closed()?;
        let first_scored = todo.first().copied().unwrap_or(last);
        let mut line = own.cloned().unwrap_or(Line {
            id: id.to_owned(),
            in_force_from: None,
            scored_from: first_scored,
            scored_to: first_scored,
        });
        let mut scores = 0;
        let mut done = 0;
        for (basis, days) in self.by_basis(&todo)? {
            let first = days::period(days[0], &self.settings.clock())?.start;
            let engine = self.engine_of(&basis, first).await?;
            let mut left = days.as_slice();
            let mut at_once = 1;
            while !left.is_empty() {
                let (chunk, rest) = left.split_at(at_once.min(left.len()));
                let mut observed = observe(&engine, &self.scorecards, chunk).await?;
                rank(&self.scorecards, &mut observed);
                at_once = (AT_ONCE / (observed.len() / chunk.len()).max(1)).clamp(1, MOST_DAYS);
                if let Some(day) = chunk.last() {
                    line.scored_to = line.scored_to.max(*day);
                    line.in_force_from = line.in_force_from.or(chunk.iter().copied().find(|day| in_force.is(id, *day)));
                }
                let scored = score(&self.scorecards, &observed, &basis, &|day| in_force.is(id, day));
                scores += scored.len();
                done += chunk.len();
                // Said last: a backfill that was cut off is begun again, not taken for whole.
                if done == todo.len() {
                    line.scored_from = line.scored_from.min(first_scored);
                    let begun = todo.iter().copied().find(|day| in_force.is(id, *day));
                    line.in_force_from = line.in_force_from.into_iter().chain(begun).min();
                }
                self.commit(now, &line, &scored, chunk).await?;
                tell(Progress { done, of: todo.len() });
                left = rest;
            }
        }
        Ok(Updated { line, days: done, scores })
    }

    /// The first day on which there was a customer.
    pub(crate) async fn first_day(&self) -> Result<Date, HealthError> {
        let context = latest(&self.lake).await?;
        let sql = "SELECT min(started_at) FROM subscriptions";
        let batches = context.sql(sql).await?.collect().await?;
        let micros = batches
            .first()
            .map(|batch| batch.column(0).as_primitive::<arrow::datatypes::TimestampMicrosecondType>().clone());
        let first = micros.filter(|column| column.len() == 1 && column.is_valid(0)).map(|column| column.value(0));
        let first = first.and_then(|micros| Timestamp::from_microsecond(micros).ok()).ok_or(HealthError::NoData)?;
        Ok(self.settings.clock().local(first).date())
    }

    /// Days by what they are scored from, in order.
    pub(crate) fn by_basis(&self, days: &[Date]) -> Result<Vec<(Basis, Vec<Date>)>, HealthError> {
        let clock = self.settings.clock();
        let mut groups: Vec<(Basis, Vec<Date>)> = Vec::new();
        for day in days {
            let Some(basis) = self.known.basis(days::end(*day, &clock)?) else {
                return Err(HealthError::NotClosed { day: *day, through: self.last_closed()? });
            };
            match groups.last_mut() {
                Some((known, days)) if *known == basis => days.push(*day),
                _ => groups.push((basis, vec![*day])),
            }
        }
        Ok(groups)
    }

    /// An engine over what was known, cut to what the signals of the scorecards in force can see from a first day on.
    pub(crate) async fn engine_of(&self, basis: &Basis, first: Timestamp) -> Result<Engine, HealthError> {
        self.engine_for(basis, &self.scorecards, first).await
    }

    /// The same for other scorecards.
    pub(crate) async fn engine_for(
        &self,
        basis: &Basis,
        scorecards: &Scorecards,
        first: Timestamp,
    ) -> Result<Engine, HealthError> {
        let data = basis.data(&self.lake).await?;
        let data = narrowed(data, &self.catalog, scorecards, first).await?;
        Ok(Engine::over(data, self.catalog.clone(), self.settings.clone(), Level::Account).await?)
    }

    async fn commit(
        &self,
        now: Timestamp,
        line: &Line,
        scored: &[Scored<'_>],
        days: &[Date],
    ) -> Result<(), HealthError> {
        let mut writer = self.lake.write(now).await?;
        let cards = self.scorecards.cards().iter().map(|card| (card, self.signals_of(card)));
        let cards: Vec<(&Scorecard, String)> = cards.collect();
        for (name, rows) in [
            (record::SCORES, record::scores(&line.id, scored)?),
            (record::SIGNALS, record::signals(&line.id, scored)?),
            (SCORECARDS, record::scorecards(line, &cards)?),
        ] {
            writer.stage(record::table(name)?, stream(record::table(name)?, rows), StageMode::Upsert).await?;
        }
        let message = match days {
            [day] => format!("health of {day}"),
            [first, .., last] => format!("health of {first} to {last}"),
            [] => String::new(),
        };
        writer.commit(CommitNote { message, kind: CommitKind::Scores, imports: Vec::new() }).await?;
        Ok(())
    }

    /// The files of a scorecard's signals, as a JSON object by id.
    fn signals_of(&self, card: &Scorecard) -> String {
        let files: BTreeMap<&str, &str> = card
            .members()
            .filter_map(|(_, member)| self.scorecards.signal(&member.signal))
            .filter_map(|signal| Some((signal.id.as_str(), signal.text.as_deref()?)))
            .collect();
        serde_json::json!(files).to_string()
    }
}

/// Ranks the customers of each day among those with the same scorecard, where it scores by rank.
pub(crate) fn rank(scorecards: &Scorecards, observed: &mut [Observed]) {
    let mut peers: BTreeMap<(Date, &str), Vec<(&Traits, &mut Inputs)>> = BTreeMap::new();
    for Observed { day, traits, inputs, .. } in observed {
        if let Some(card) = scorecards.choose(traits) {
            peers.entry((*day, &card.id)).or_default().push((traits, inputs));
        }
    }
    for ((_, card), mut accounts) in peers {
        if let Some(card) = scorecards.card(card) {
            Scorecards::rank(card, &mut accounts);
        }
    }
}

/// The scores of ranked customers. Those whom no scorecard is for have none.
pub(crate) fn score<'a>(
    scorecards: &'a Scorecards,
    observed: &'a [Observed],
    basis: &'a Basis,
    in_force: &dyn Fn(Date) -> bool,
) -> Vec<Scored<'a>> {
    let scored = observed.iter().filter_map(|one| {
        let card = scorecards.choose(&one.traits)?;
        Some(Scored { observed: one, card, score: card.score(&one.inputs), in_force: in_force(one.day), basis })
    });
    scored.collect()
}

fn stream(table: &'static Table, rows: Vec<RecordBatch>) -> datafusion::execution::SendableRecordBatchStream {
    let schema = tenure_lake::own_schema(table);
    Box::pin(RecordBatchStreamAdapter::new(schema, futures::stream::iter(rows.into_iter().map(Ok))))
}

//! The publish step: cells of staff answers that could point at a person are not shown, whatever is asked and in whatever order.
//!
//! What may be shown is decided for every cell that can be asked for at once (see [`grid`]), so it does not depend on the question. Only
//! whole weeks, months, quarters and years that are over can be asked for, split by at most two attributes, from the latest data.

mod grid;

use crate::answer::Cell;
use crate::engine::{Bound, Engine};
use crate::error::EngineError;
use crate::evaluate::Ask;
use crate::session::Sight;
use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use grid::{AnswerRow, CellKey, MOST_SPLITS, Rules};
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};
use tenure_catalog::{Definition, Kind, Publish, Timing};
use tenure_schema::period::{Grain, Period};
use tenure_schema::table;

/// Every cell that may be shown.
struct Published {
    dimensions: Vec<String>,
    periods: Vec<Period>,
    names: Interned,
    shown: BTreeSet<CellKey>,
}

/// Texts by number.
#[derive(Default)]
struct Interned(HashMap<Option<String>, u32>);

impl Interned {
    fn number(&mut self, text: Option<String>) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(text).or_insert(next)
    }
}

impl Engine {
    /// The cells of a metric that is published, those that may not be shown without their figures.
    pub(crate) async fn published_cells(
        &self,
        bound: &Bound<'_>,
        publish: &Publish,
        ask: &Ask<'_>,
    ) -> Result<Vec<Cell>, EngineError> {
        // A filter picks cells among their neighbours, so that it shows no more than they do.
        let mut by = ask.by.to_vec();
        by.extend(ask.filter.iter().map(|condition| condition.name.clone()).filter(|name| !ask.by.contains(name)));
        let dimensions = dimensions(bound.definition);
        let split: BTreeSet<&str> = by.iter().map(|name| bare(name)).collect();
        if split.iter().filter(|name| !bound.definition.split.iter().any(|own| own == *name)).count() > MOST_SPLITS {
            return Err(EngineError::StaffSplit { metric: bound.metric.id.clone(), most: MOST_SPLITS });
        }
        let mut cells = self.own_cells(bound, &Ask { by: &by, filter: &[], ..*ask }).await?;
        let published = self.published(bound, publish, dimensions).await?;
        for cell in &mut cells {
            if let Some(reason) = self.withheld(&published, publish, bound.definition.kind, cell) {
                hide(cell, reason);
            }
        }
        let wanted = |cell: &Cell| {
            ask.filter.iter().all(|condition| {
                cell.segment.iter().any(|(name, value)| *name == condition.name && *value == condition.value)
            })
        };
        let kept = |name: &String| ask.by.contains(name) || bound.definition.split.contains(name);
        cells.retain(wanted);
        cells.iter_mut().for_each(|cell| cell.segment.retain(|(name, _)| kept(name)));
        Ok(cells)
    }

    /// Why a cell is not shown.
    fn withheld(&self, published: &Published, publish: &Publish, kind: Kind, cell: &Cell) -> Option<String> {
        if cell.n == 0 {
            return None;
        }
        let few = match kind {
            // Said of every hidden cell of it: a reason of its own for large ones would tell which are small.
            Kind::Stock => format!(
                "not shown: who comes to or leaves a stock of people between two periods would stand out, if they are fewer than {}",
                publish.minimum
            ),
            _ => format!("not shown: it could point at fewer than {} people", publish.minimum),
        };
        if !self.session().data().latest {
            return Some("not shown from earlier data: two versions could be subtracted".to_owned());
        }
        if cell.observed_to < cell.period.end {
            return Some("not shown until the period is over: who answers late would stand out".to_owned());
        }
        let same = |period: &Period| (period.start, period.end) == (cell.period.start, cell.period.end);
        let Some(slot) = published.periods.iter().position(same) else {
            return Some("not shown: staff answers are told for whole weeks, months, quarters and years".to_owned());
        };
        let place = |dimension: &String| {
            let found = cell.segment.iter().find(|(name, _)| bare(name) == dimension);
            found.map(|(_, value)| published.names.0.get(value).copied())
        };
        let key: Vec<Option<Option<u32>>> = published.dimensions.iter().map(place).collect();
        // A value that no counted answer has is a cell of nobody.
        let known: Option<Vec<Option<u32>>> =
            key.into_iter().map(|value| value.map_or(Some(None), |value| value.map(Some))).collect();
        let shown = known.is_some_and(|key| published.shown.contains(&(slot, key)));
        (!shown).then_some(few)
    }

    async fn published(
        &self,
        bound: &Bound<'_>,
        publish: &Publish,
        dimensions: Vec<String>,
    ) -> Result<Published, EngineError> {
        let (periods, grains) = self.periods_of_record(bound, publish).await?;
        let mut published = Published { dimensions, periods, names: Interned::default(), shown: BTreeSet::new() };
        if published.periods.is_empty() {
            return Ok(published);
        }
        let by = &published.dimensions;
        let ask = Ask { periods: &published.periods, by, filter: &[], now: None, window: None };
        let runnable = self.runnable(bound, &ask).await?;
        let segment = |name: &String| runnable.segments.iter().position(|segment| segment.name == *name);
        let places: Vec<usize> = by.iter().filter_map(segment).collect();
        let segments: Vec<String> = places.iter().map(|place| format!("segment_{place}")).collect();
        let sql = format!(
            "SELECT asked_period, row_id, CAST(account_id AS VARCHAR) AS person, {} FROM ({}) AS counted WHERE row_excluded IS NULL",
            segments.join(", "),
            runnable.compiled.rows
        );
        let frame = runnable.context.sql(&sql).await.map_err(|error| bound.wrong("rows", &error))?;
        // Rows that a table makes for each period are of that period alone.
        let lasting = bound.definition.rows.as_ref().is_some_and(|rows| rows.timing() != Timing::ByTable);
        let (mut rows, mut people, mut records) = (Vec::new(), Interned::default(), Interned::default());
        for batch in frame.collect().await? {
            let slots = cast(batch.column(0), &DataType::Int64)?;
            let slots = slots.as_primitive::<Int64Type>();
            let texts = texts(&batch)?;
            for row in 0..batch.num_rows() {
                let slot = usize::try_from(slots.value(row)).unwrap_or_default();
                let id = texts[0][row].clone().map(|id| if lasting { id } else { format!("{slot}/{id}") });
                let person = texts[1][row].clone().or_else(|| id.clone());
                rows.push(AnswerRow {
                    slot,
                    person: people.number(person),
                    record: records.number(id),
                    values: texts[2..].iter().map(|values| published.names.number(values[row].clone())).collect(),
                });
            }
        }
        let rules = Rules {
            minimum: usize::try_from(publish.minimum).unwrap_or(usize::MAX),
            fixed: bound.definition.split.len(),
            dimensions: published.dimensions.len(),
            grains,
            repeated: lasting,
        };
        published.shown = grid::shown(&rows, &rules);
        Ok(published)
    }

    /// Every period that can be asked for and is over, in the order of decision, and the grain of each.
    async fn periods_of_record(
        &self,
        bound: &Bound<'_>,
        publish: &Publish,
    ) -> Result<(Vec<Period>, Vec<usize>), EngineError> {
        let observed_to = self.world_time(bound, None);
        let Some(first) = self.first_event(bound.definition).await? else { return Ok((Vec::new(), Vec::new())) };
        let clock = self.clock();
        let span = Period::range(clock.local(first), clock.local(observed_to.max(first)), &clock);
        let Ok(span) = span else { return Ok((Vec::new(), Vec::new())) };
        let mut order = vec![Grain::Month, Grain::Quarter, Grain::Year];
        if clock.fiscal_year_start != 1 {
            order.extend([Grain::FiscalQuarter, Grain::FiscalYear]);
        }
        order.push(Grain::Week);
        order.sort_by_key(|grain| grain.name() != publish.first);
        let (mut periods, mut grains): (Vec<Period>, Vec<usize>) = (Vec::new(), Vec::new());
        for (number, grain) in order.into_iter().enumerate() {
            for part in span.split(grain, &clock)? {
                let whole = Period::whole(grain, clock.local(part.start).date(), &clock)?;
                let known = periods.iter().any(|period| (period.start, period.end) == (whole.start, whole.end));
                if whole.end <= observed_to && !known {
                    periods.push(whole);
                    grains.push(number);
                }
            }
        }
        Ok((periods, grains))
    }

    /// When the record of what a metric is observed by begins.
    async fn first_event(&self, definition: &Definition) -> Result<Option<Timestamp>, EngineError> {
        let mut names: Vec<&str> = definition.observed_by.iter().map(String::as_str).collect();
        if names.is_empty() {
            names.extend(self.catalog().lake_tables(definition));
        }
        let mut first = None;
        for name in names {
            let Some(table) = table::table(name) else { continue };
            let context = self.session().context([name], None, Sight::Staff).await?;
            for column in table.columns.iter().filter(|column| column.event) {
                let sql = format!("SELECT CAST(min(\"{}\") AS BIGINT) FROM \"{name}\"", column.name);
                for batch in context.sql(&sql).await?.collect().await? {
                    let value = batch.column(0).as_primitive::<Int64Type>().iter().next().flatten();
                    let at = value.and_then(|micros| Timestamp::from_microsecond(micros).ok());
                    first = [first, at].into_iter().flatten().min();
                }
            }
        }
        Ok(first)
    }
}

/// The dimensions of a metric's cells, those that always split first.
fn dimensions(definition: &Definition) -> Vec<String> {
    let declared = definition.rows.iter().flat_map(|rows| rows.dimensions.iter());
    let free = declared.filter(|name| !definition.split.contains(name)).cloned();
    definition.split.iter().cloned().chain(free).collect()
}

/// A dimension's name as the catalogue has it.
fn bare(name: &str) -> &str {
    name.strip_prefix("row.").unwrap_or(name)
}

/// The columns after the first, as text.
fn texts(batch: &RecordBatch) -> Result<Vec<Vec<Option<String>>>, EngineError> {
    let text = |column: &ArrayRef| -> Result<Vec<Option<String>>, EngineError> {
        let texts = cast(column, &DataType::Utf8)?;
        Ok(texts.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    };
    batch.columns().iter().skip(1).map(text).collect()
}

fn hide(cell: &mut Cell, reason: String) {
    cell.value = None;
    cell.low = None;
    cell.high = None;
    cell.n = 0;
    cell.excluded = Vec::new();
    cell.assumed = None;
    cell.parts.iter_mut().for_each(|part| part.value = None);
    cell.reason = Some(reason);
    cell.withheld = true;
}

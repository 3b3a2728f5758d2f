//! Derived metrics: arithmetic on other metrics' values, segment by segment.

use crate::answer::{Cell, Number};
use crate::asked::Asked;
use crate::engine::{Bound, Engine};
use crate::error::EngineError;
use crate::evaluate::{Ask, batch_of, of_candidates};
use crate::question::MetricRef;
use crate::segment::Segment;
use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, StringArray};
use datafusion::datasource::MemTable;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;
use tenure_catalog::{Aggregate, Definition, Input};
use tenure_schema::period::Grain;

/// Which cell: the period's number, then the segment.
type Place = (usize, SegmentValues);

/// Attribute or dimension → value.
type SegmentValues = Vec<(String, Option<String>)>;

/// What the inputs say of one cell.
#[derive(Default)]
struct Found {
    values: BTreeMap<String, (Option<Number>, i64)>,
    /// Parts and states of inputs, by the name that the value uses.
    readings: BTreeMap<String, Option<Number>>,
    excluded: Vec<(String, i64)>,
    reason: Option<String>,
    complete: Option<bool>,
}

impl Engine {
    pub(crate) async fn derived_cells(&self, bound: &Bound<'_>, ask: &Ask<'_>) -> Result<Vec<Cell>, EngineError> {
        // Its own splits are what its inputs can be split by.
        let own = bound.definition.split.iter().filter(|name| !ask.by.contains(name));
        let by: Vec<String> = own.chain(ask.by).cloned().collect();
        let ask = &Ask { by: &by, ..*ask };
        let mut found: BTreeMap<Place, Found> = BTreeMap::new();
        if ask.by.is_empty() {
            found.extend((0..ask.periods.len()).map(|period| ((period, Vec::new()), Found::default())));
        }
        let now = Some(self.world_time(bound, ask.now));
        for (name, input) in bound.definition.inputs.iter() {
            for (place, cell) in self.input_cells(input, ask, now).await? {
                found.entry(place).or_default().take(name, cell);
            }
        }
        self.fill_absent(bound, ask, now, &mut found).await?;
        let names: Vec<&str> = bound.definition.inputs.iter().map(|(name, _)| name).collect();
        let readings: Vec<String> = bound.definition.inputs.iter().flat_map(|input| self.readings_of(input)).collect();
        let segments = segments_of(&found);
        let context = self.session().empty_context();
        let batch = state(&found, &names, &readings, &segments)?;
        context.register_table("state", Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]])?))?;
        let asked = Asked::new(
            ask.periods,
            bound.definition.window.as_deref(),
            self.world_time(bound, ask.now),
            &self.clock(),
        )?;
        let mut cells = self.read_cells(bound, ask, &context, &asked, &segments, &[]).await?;
        for cell in &mut cells {
            let period = ask.periods.iter().position(|period| *period == cell.period).unwrap_or_default();
            let Some(found) = found.get(&(period, cell.segment.clone())) else { continue };
            cell.excluded.clone_from(&found.excluded);
            cell.complete &= found.complete.unwrap_or(true);
            if cell.value.is_none() {
                cell.reason = found.reason.clone().or(cell.reason.take());
            }
        }
        Ok(of_candidates(cells, ask))
    }

    /// A segment in which an input has no row says of it what is said of no rows, such as zero.
    async fn fill_absent(
        &self,
        bound: &Bound<'_>,
        ask: &Ask<'_>,
        now: Option<jiff::Timestamp>,
        found: &mut BTreeMap<Place, Found>,
    ) -> Result<(), EngineError> {
        for (name, input) in bound.definition.inputs.iter() {
            if found.values().all(|found| found.values.contains_key(name)) {
                continue;
            }
            let reference = MetricRef { id: input.metric.clone(), variant: input.variant.clone() };
            let input_bound = self.bind(&reference)?;
            let opened = opened(&input_bound, input);
            let input_bound = Bound { definition: &opened, ..input_bound };
            if opened.rows.is_none() || opened.publish.is_some() {
                continue;
            }
            let asked = Ask { now, window: input.window.as_deref(), ..*ask };
            let nothing = self.cells_of_nothing(&input_bound, &asked).await?;
            for ((period, _), found) in found.iter_mut().filter(|(_, found)| !found.values.contains_key(name)) {
                let cell = nothing.iter().find(|cell| ask.periods.get(*period) == Some(&cell.period));
                if let Some(cell) = cell {
                    found.take(name, cell.clone());
                }
            }
        }
        Ok(())
    }

    /// The names by which the value may read an input's parts and states: those of the definition that the catalogue checked.
    fn readings_of(&self, (name, input): (&str, &Input)) -> Vec<String> {
        let metric = self.catalog().metric(&input.metric);
        let definition = metric.and_then(|metric| metric.definition(input.variant.as_deref()));
        let readings = definition.map(|definition| definition.readings(input.take)).unwrap_or_default();
        readings.into_iter().map(|(reading, _)| reading_column(name, &reading)).collect()
    }

    async fn input_cells(
        &self,
        input: &Input,
        ask: &Ask<'_>,
        now: Option<jiff::Timestamp>,
    ) -> Result<Vec<(Place, Cell)>, EngineError> {
        let reference = MetricRef { id: input.metric.clone(), variant: input.variant.clone() };
        let bound = self.bind(&reference)?;
        let opened = opened(&bound, input);
        let bound = Bound { definition: &opened, ..bound };
        let whole = Ask { now, window: input.window.as_deref(), ..*ask };
        if input.take == Aggregate::Before {
            let before: Option<Vec<_>> = ask.periods.iter().map(|period| period.previous(&self.clock())).collect();
            let Some(before) = before else { return Ok(Vec::new()) };
            let cells = self.cells(&bound, &Ask { periods: &before, ..whole }).await?;
            let placed = cells.into_iter().filter_map(|cell| {
                let period = before.iter().position(|period| *period == cell.period)?;
                Some(((period, cell.segment.clone()), cell))
            });
            return Ok(placed.collect());
        }
        if input.take == Aggregate::Value {
            let cells = self.cells(&bound, &whole).await?;
            let placed = cells.into_iter().filter_map(|cell| {
                let period = ask.periods.iter().position(|period| *period == cell.period)?;
                Some(((period, cell.segment.clone()), cell))
            });
            return Ok(placed.collect());
        }
        let mut means = Vec::new();
        for (index, period) in ask.periods.iter().enumerate() {
            let days = period.split(Grain::Day, &self.clock())?;
            let cells = self.cells(&bound, &Ask { periods: &days, ..whole }).await?;
            means.extend(mean_over(cells, days.len()).into_iter().map(|cell| ((index, cell.segment.clone()), cell)));
        }
        Ok(means)
    }
}

/// An input's definition, its parts and states as parts that the value can read.
pub(crate) fn opened(bound: &Bound<'_>, input: &Input) -> Definition {
    let mut opened = bound.definition.clone();
    opened.parts = opened.readings(input.take).into_iter().collect();
    opened
}

/// One cell a segment: the mean of its values. A day on which the segment has no row counts as zero, a day of which nothing is known makes
/// the mean unknown.
fn mean_over(cells: Vec<Cell>, days: usize) -> Vec<Cell> {
    let mut by_segment: BTreeMap<SegmentValues, (f64, Option<String>, Cell)> = BTreeMap::new();
    for cell in cells {
        let entry = by_segment.entry(cell.segment.clone()).or_insert_with(|| (0.0, None, cell.clone()));
        match cell.value {
            Some(value) => entry.0 += value.as_f64(),
            None => entry.1 = entry.1.take().or_else(|| cell.reason.clone()),
        }
        entry.2 = cell;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of days")]
    let days = days.max(1) as f64;
    by_segment
        .into_values()
        .map(|(sum, unknown, last)| {
            let value = unknown.is_none().then_some(Number::Float(sum / days));
            Cell { value, reason: unknown, ..last }
        })
        .collect()
}

impl Found {
    fn take(&mut self, name: &str, cell: Cell) {
        self.values.insert(name.to_owned(), (cell.value, cell.n));
        self.readings.extend(cell.parts.iter().map(|part| (reading_column(name, &part.name), part.value)));
        for (reason, count) in cell.excluded {
            match self.excluded.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, sum)) => *sum += count,
                None => self.excluded.push((reason, count)),
            }
        }
        self.complete = Some(self.complete.unwrap_or(true) && cell.complete);
        self.reason = self.reason.take().or(cell.reason);
    }
}

/// What the value calls a part or a state of an input.
fn reading_column(input: &str, reading: &str) -> String {
    format!("{}_{reading}", input.to_lowercase())
}

fn segments_of(found: &BTreeMap<Place, Found>) -> Vec<Segment> {
    let first = found.keys().next().map(|(_, segment)| segment.as_slice()).unwrap_or_default();
    let named = first.iter().map(|(name, _)| Segment { name: name.clone(), sql: String::new(), of_account: false });
    named.collect()
}

fn state(
    found: &BTreeMap<Place, Found>,
    names: &[&str],
    readings: &[String],
    segments: &[Segment],
) -> Result<arrow::array::RecordBatch, EngineError> {
    let periods = found.keys().map(|(period, _)| i64::try_from(*period).unwrap_or(i64::MAX));
    let mut columns: Vec<(String, ArrayRef)> =
        vec![("asked_period".to_owned(), Arc::new(periods.collect::<Int64Array>()))];
    for index in 0..segments.len() {
        let values = found.keys().map(|(_, segment)| segment.get(index).and_then(|(_, value)| value.as_deref()));
        columns.push((format!("segment_{index}"), Arc::new(values.collect::<StringArray>())));
    }
    let total = found.values().map(|found| found.values.values().map(|(_, n)| n).sum::<i64>());
    columns.push(("n".to_owned(), Arc::new(total.collect::<Int64Array>())));
    columns.push(("assumed_rows".to_owned(), Arc::new(found.values().map(|_| 0_i64).collect::<Int64Array>())));
    columns
        .push(("unknown_reason".to_owned(), Arc::new(found.values().map(|_| None::<&str>).collect::<StringArray>())));
    for name in names {
        let of = |found: &Found| found.values.get(*name).copied();
        let values: Vec<Option<Number>> = found.values().map(|found| of(found).and_then(|(value, _)| value)).collect();
        columns.push(((*name).to_owned(), numbers(&values)));
        let counts = found.values().map(|found| of(found).map_or(0, |(_, n)| n));
        columns.push((format!("{name}_n"), Arc::new(counts.collect::<Int64Array>())));
    }
    for name in readings {
        let values: Vec<Option<Number>> =
            found.values().map(|found| found.readings.get(name).copied().flatten()).collect();
        columns.push((name.clone(), numbers(&values)));
    }
    batch_of(columns)
}

/// Exact numbers stay exact.
fn numbers(values: &[Option<Number>]) -> ArrayRef {
    let exact = |value: Decimal| {
        let mut value = value;
        value.rescale(10);
        (value.scale() == 10).then(|| value.mantissa())
    };
    let decimals: Option<Vec<Option<i128>>> = values
        .iter()
        .map(|value| match value {
            None => Some(None),
            Some(Number::Exact(value)) => exact(*value).map(Some),
            Some(Number::Float(_)) => None,
        })
        .collect();
    match decimals.map(|decimals| Decimal128Array::from(decimals).with_precision_and_scale(38, 10)) {
        Some(Ok(array)) => Arc::new(array),
        _ => Arc::new(values.iter().map(|value| value.map(Number::as_f64)).collect::<Float64Array>()),
    }
}

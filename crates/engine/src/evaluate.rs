//! Answering one metric: rows → state in one query, state → value in another, then cells.

use crate::answer::{Cell, Number, Part};
use crate::asked::Asked;
use crate::compile::{Compiled, Compiler, Place};
use crate::engine::{Bound, Engine};
use crate::error::EngineError;
use crate::question::{Condition, Question};
use crate::segment::{ACCOUNT, Resolver, Segment};
use crate::session::Sight;
use crate::value::{part_column, value_sql};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Decimal128Type, Field, Float64Type, Int64Type, Schema, UInt64Type};
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::sync::Arc;
use tenure_catalog::{Definition, Kind, Unit};
use tenure_schema::period::{Period, Window};
use tenure_schema::table;

/// What is asked of one metric.
pub(crate) struct Ask<'a> {
    pub(crate) periods: &'a [Period],
    pub(crate) by: &'a [String],
    pub(crate) filter: &'a [Condition],
    pub(crate) now: Option<Timestamp>,
    /// A window in place of the definition's own.
    pub(crate) window: Option<&'a str>,
}

impl<'a> Ask<'a> {
    pub(crate) fn of(question: &'a Question) -> Self {
        Self { periods: &question.periods, by: &question.by, filter: &question.filter, now: question.now, window: None }
    }

    /// Whether single accounts are asked for.
    fn of_accounts(&self) -> bool {
        self.by.iter().chain(self.filter.iter().map(|condition| &condition.name)).any(|name| name == ACCOUNT)
    }
}

/// A metric's compiled rows, with the context to run them in.
pub(crate) struct Runnable {
    pub(crate) context: SessionContext,
    pub(crate) compiled: Compiled,
    pub(crate) segments: Vec<Segment>,
    pub(crate) asked: Asked,
}

impl Engine {
    /// The cells of one metric, in the order of periods, segments sorted.
    pub(crate) async fn cells(&self, bound: &Bound<'_>, ask: &Ask<'_>) -> Result<Vec<Cell>, EngineError> {
        if let Some(publish) = &bound.definition.publish {
            return Box::pin(self.published_cells(bound, publish, ask)).await;
        }
        if bound.definition.kind == Kind::Derived {
            return Box::pin(self.derived_cells(bound, ask)).await;
        }
        self.own_cells(bound, ask).await
    }

    /// The cells of a metric's own rows, before anything is withheld.
    pub(crate) async fn own_cells(&self, bound: &Bound<'_>, ask: &Ask<'_>) -> Result<Vec<Cell>, EngineError> {
        let runnable = self.runnable(bound, ask).await?;
        let Runnable { context, compiled, segments, asked } = &runnable;
        let frame = context.sql(&compiled.state).await.map_err(|error| bound.wrong("state", &error))?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        let states = concat_batches(&schema, &frame.collect().await?)?;
        let mut states = vec![states];
        if ask.by.is_empty() {
            states.extend(self.states_of_nothing(&runnable, &states[0]).await?);
        }
        let table = MemTable::try_new(schema, vec![states])?;
        context.deregister_table("state")?;
        context.register_table("state", Arc::new(table))?;
        let cells = self.read_cells(bound, ask, context, asked, segments, &compiled.reasons).await?;
        Ok(of_candidates(cells, ask))
    }

    /// What a metric says of each period where no row counts at all.
    pub(crate) async fn cells_of_nothing(&self, bound: &Bound<'_>, ask: &Ask<'_>) -> Result<Vec<Cell>, EngineError> {
        let whole = Ask { by: &[], filter: &[], ..*ask };
        let runnable = self.runnable(bound, &whole).await?;
        let Runnable { context, compiled, asked, .. } = &runnable;
        let periods = (0..ask.periods.len()).map(|period| format!("({period})")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT asked_period, nothing.* FROM (VALUES {periods}) AS periods (asked_period) CROSS JOIN ({}) AS nothing",
            compiled.empty_state
        );
        let states = context.sql(&sql).await.map_err(|error| bound.wrong("state", &error))?;
        context.register_table("state", states.into_view())?;
        self.read_cells(bound, &whole, context, asked, &[], &compiled.reasons).await
    }

    /// The rows of a metric, ready to run.
    pub(crate) async fn runnable(&self, bound: &Bound<'_>, ask: &Ask<'_>) -> Result<Runnable, EngineError> {
        let definition = bound.definition;
        let Some(rows) = &definition.rows else {
            return Err(bound.says("rows", "a derived metric has no rows of its own".to_owned()));
        };
        let observed_to = self.world_time(bound, ask.now);
        let window = ask.window.or(definition.window.as_deref());
        let asked = Asked::new(ask.periods, window, observed_to, &self.clock())?;
        let resolver = Resolver { metric: &bound.metric.id, definition, extra: self.extra_attributes() };
        let (segments, filters) = (resolver.by(ask.by)?, resolver.filters(ask.filter)?);
        let sight = Sight::of(definition.subject);
        let context = self.session().context([rows.from.as_str()], Some(&asked), sight).await?;
        let schema = context.table_provider(rows.from.as_str()).await?.schema();
        let compiler = Compiler {
            place: Place { file: &bound.metric.file },
            definition,
            rows,
            columns: schema.fields().iter().map(|field| field.name().clone()).collect(),
            setting: &|name| self.session().setting(name),
        };
        let compiled = compiler.compile(&segments, &filters)?;
        let missing = compiled.tables.iter().filter(|table| **table != rows.from).map(String::as_str);
        let more = self.session().context(missing, None, sight).await?;
        for table in compiled.tables.iter().filter(|table| **table != rows.from) {
            // A derived table that reads it too has brought it along.
            if !context.table_exist(table.as_str())? {
                context.register_table(table.as_str(), more.table_provider(table.as_str()).await?)?;
            }
        }
        Ok(Runnable { context, compiled, segments, asked })
    }

    /// States of the periods in which there is no candidate at all: zero, not absent.
    async fn states_of_nothing(
        &self,
        runnable: &Runnable,
        states: &RecordBatch,
    ) -> Result<Option<RecordBatch>, EngineError> {
        let seen: Vec<i64> = states.column(0).as_primitive::<Int64Type>().values().to_vec();
        let periods = i64::try_from(runnable.asked.windows.len()).unwrap_or(i64::MAX);
        let empty: Vec<i64> = (0..periods).filter(|period| !seen.contains(period)).collect();
        if empty.is_empty() {
            return Ok(None);
        }
        let nothing = runnable.context.sql(&runnable.compiled.empty_state).await?.collect().await?;
        let Some(nothing) = nothing.iter().find(|batch| batch.num_rows() == 1) else { return Ok(None) };
        let repeated = arrow::array::UInt64Array::from(vec![0_u64; empty.len()]);
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(empty))];
        let split = runnable.segments.len();
        for field in states.schema().fields().iter().skip(1).take(split) {
            columns.push(arrow::array::new_null_array(field.data_type(), columns[0].len()));
        }
        for (column, field) in nothing.columns().iter().zip(states.schema().fields().iter().skip(1 + split)) {
            columns.push(cast(&arrow::compute::take(column, &repeated, None)?, field.data_type())?);
        }
        Ok(Some(RecordBatch::try_new(states.schema(), columns)?))
    }

    /// Cells from the table `state` of a context.
    pub(crate) async fn read_cells(
        &self,
        bound: &Bound<'_>,
        ask: &Ask<'_>,
        context: &SessionContext,
        asked: &Asked,
        segments: &[Segment],
        reasons: &[String],
    ) -> Result<Vec<Cell>, EngineError> {
        let setting = |name: &str| self.session().setting(name);
        let sql = value_sql(bound.definition, segments.len(), reasons, ask.of_accounts(), &setting)
            .map_err(|(key, what)| bound.says(&key, what))?;
        let frame = context.sql(&sql).await.map_err(|error| bound.wrong("value", &error))?;
        let batches = frame.collect().await?;
        let matures = bound.definition.matures.as_deref().map(str::parse::<Window>).transpose()?;
        let mut cells = Vec::new();
        for batch in &batches {
            let table = Columns(batch);
            for row in 0..batch.num_rows() {
                let Some(index) = table.count(0, row).and_then(|index| usize::try_from(index).ok()) else { continue };
                let (Some(period), Some(window)) = (ask.periods.get(index), asked.windows.get(index)) else { continue };
                cells.push(self.read_cell(bound, &table, row, period, window, asked, segments, reasons, matures)?);
            }
        }
        Ok(cells)
    }

    #[expect(clippy::too_many_arguments, reason = "one reader of one row; the caller is the only one")]
    fn read_cell(
        &self,
        bound: &Bound<'_>,
        table: &Columns<'_>,
        row: usize,
        period: &Period,
        window: &Period,
        asked: &Asked,
        segments: &[Segment],
        reasons: &[String],
        matures: Option<Window>,
    ) -> Result<Cell, EngineError> {
        let definition = bound.definition;
        let mut next = 1;
        let mut column = || {
            next += 1;
            next - 1
        };
        let segment = segments.iter().map(|segment| (segment.name.clone(), table.text(column(), row))).collect();
        let n = table.count(column(), row).unwrap_or(0);
        let assumed = table.count(column(), row).unwrap_or(0);
        let mut excluded = Vec::new();
        for reason in reasons {
            match table.count(column(), row) {
                Some(count) if count > 0 => excluded.push((reason.clone(), count)),
                _ => {}
            }
        }
        let reason = table.text(column(), row);
        let reason = self.missing_data(definition).or_else(|| self.not_begun(period, asked)).or(reason);
        let begun = self.not_begun(period, asked).is_none();
        let known = |number: Option<Number>| if reason.is_none() { number } else { None };
        let value = known(table.number(column(), row));
        let bounded = |number: Option<Number>| match (number, definition.bounds) {
            (Some(number), Some([least, greatest])) => Some(Number::Float(number.as_f64().clamp(least, greatest))),
            (number, _) => number,
        };
        let low = bounded(known(table.number(column(), row)));
        let high = bounded(known(table.number(column(), row)));
        let parts = definition.parts.iter().map(|(name, part)| Part {
            name: name.to_owned(),
            value: table.named(&part_column(name), row).filter(|_| begun),
            unit: part.unit.unwrap_or(definition.unit),
        });
        let pending = excluded.iter().any(|(reason, _)| reason == "pending");
        let ripe = match matures {
            None => window.end,
            Some(matures) => matures.forward(window.end, &self.clock().zone)?,
        };
        let reason = match (reason, value) {
            (Some(reason), _) => Some(reason),
            (None, Some(_)) => None,
            (None, None) => Some(why_null(n)),
        };
        let used_attributes = segments.iter().any(|segment| segment.of_account);
        #[expect(clippy::cast_precision_loss, reason = "a share for people")]
        let assumed = (used_attributes && n > 0).then(|| assumed as f64 / n as f64);
        Ok(Cell {
            metric: bound.metric.id.clone(),
            variant: bound.variant.clone(),
            title: definition.title.clone(),
            group: definition.group.clone(),
            period: period.clone(),
            window_start: window.start,
            window_end: window.end,
            segment,
            value,
            parts: parts.collect(),
            low,
            high,
            n,
            excluded,
            reason,
            withheld: false,
            unit: definition.unit,
            currency: (definition.unit == Unit::Money).then(|| self.settings().currency.code().to_owned()),
            better: definition.better,
            complete: asked.observed_to >= ripe && !pending,
            observed_to: asked.observed_to,
            assumed,
        })
    }

    /// Of a period that lies ahead nothing can be said, not even what is in force in it.
    fn not_begun(&self, period: &Period, asked: &Asked) -> Option<String> {
        let begun = if period.instant { period.start <= asked.observed_to } else { period.start < asked.observed_to };
        let through = self.clock().local(asked.observed_to);
        (!begun).then(|| format!("not begun: the data goes through {}", through.date()))
    }

    /// Why nothing can be said at all: what the metric reads was never imported.
    fn missing_data(&self, definition: &Definition) -> Option<String> {
        let through = &self.session().data().data_through;
        let says = |names: &[&str]| format!("no data: nothing was imported into {}", names.join(", "));
        if definition.observed_by.is_empty() {
            // What the lake writes of itself is there from its first version.
            let mapped = |name: &&str| table::table(name).is_some();
            let tables: Vec<&str> = self.catalog().lake_tables(definition).into_iter().filter(mapped).collect();
            let none = !tables.is_empty() && !tables.iter().any(|table| through.contains_key(table));
            return none.then(|| says(&tables));
        }
        let missing: Vec<&str> =
            definition.observed_by.iter().map(String::as_str).filter(|table| !through.contains_key(table)).collect();
        (!missing.is_empty()).then(|| says(&missing))
    }
}

/// The cells in which there is a candidate; where nothing splits them, one that says so of nothing at all.
pub(crate) fn of_candidates(cells: Vec<Cell>, ask: &Ask<'_>) -> Vec<Cell> {
    let told = cells.into_iter().filter_map(|cell| {
        if cell.n > 0 || !cell.excluded.is_empty() {
            return Some(cell);
        }
        ask.by.is_empty().then(|| Cell { segment: Vec::new(), ..cell })
    });
    told.collect()
}

fn why_null(n: i64) -> String {
    if n == 0 { "no rows in the period".to_owned() } else { "the denominator is zero".to_owned() }
}

/// Reading typed values off a batch.
struct Columns<'a>(&'a RecordBatch);

impl Columns<'_> {
    fn count(&self, column: usize, row: usize) -> Option<i64> {
        let array = cast(self.0.column(column), &DataType::Int64).ok()?;
        array.is_valid(row).then(|| array.as_primitive::<Int64Type>().value(row))
    }

    fn text(&self, column: usize, row: usize) -> Option<String> {
        let array = cast(self.0.column(column), &DataType::Utf8).ok()?;
        array.is_valid(row).then(|| array.as_string::<i32>().value(row).to_owned())
    }

    fn named(&self, name: &str, row: usize) -> Option<Number> {
        self.0.column_by_name(name).and_then(|array| number(array, row))
    }

    fn number(&self, column: usize, row: usize) -> Option<Number> {
        number(self.0.column(column), row)
    }
}

/// A number as it was computed; not-a-number is null.
pub(crate) fn number(array: &ArrayRef, row: usize) -> Option<Number> {
    if !array.is_valid(row) {
        return None;
    }
    match array.data_type() {
        DataType::Decimal128(_, scale) => {
            let raw = array.as_primitive::<Decimal128Type>().value(row);
            let exact = u32::try_from(*scale).ok().and_then(|scale| Decimal::try_from_i128_with_scale(raw, scale).ok());
            #[expect(clippy::cast_precision_loss, reason = "beyond 28 digits a double is all there is")]
            let near = || Number::Float(raw as f64 / 10_f64.powi(i32::from(*scale)));
            Some(exact.map_or_else(near, |exact| Number::Exact(exact.normalize())))
        }
        DataType::UInt64 => Some(Number::Exact(array.as_primitive::<UInt64Type>().value(row).into())),
        kind if kind.is_integer() => {
            let whole = cast(array, &DataType::Int64).ok()?;
            Some(Number::Exact(whole.as_primitive::<Int64Type>().value(row).into()))
        }
        kind if kind.is_numeric() => {
            let float = cast(array, &DataType::Float64).ok()?.as_primitive::<Float64Type>().value(row);
            float.is_finite().then_some(Number::Float(float))
        }
        _ => None,
    }
}

/// A one-column-a-state table for derived metrics.
pub(crate) fn batch_of(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, EngineError> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

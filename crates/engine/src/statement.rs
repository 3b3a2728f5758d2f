//! A metric as one SQL statement: the asked period at its head, then the steps to its rows, its state and its value. `tenure sql` runs it as it
//! stands.

use crate::asked::Asked;
use crate::compile::{COUNTED, Compiled, Compiler, Place, keys, quoted};
use crate::derived::opened;
use crate::engine::{Bound, Engine};
use crate::error::EngineError;
use crate::question::MetricRef;
use crate::segment::Resolver;
use crate::value::{part_column, value_sql};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tenure_catalog::{Aggregate, Definition, Input};
use tenure_schema::period::{Grain, Period};

/// The month that is asked where no data says which.
const EXAMPLE: &str = "2026-06";

/// For which periods a statement is, and until when the data is known.
struct Frame<'a> {
    periods: &'a [Period],
    window: Option<&'a str>,
    observed_to: Timestamp,
}

impl Engine {
    /// The statement for the last month that is complete; where nothing was imported, for one as an example.
    pub(crate) async fn statement(&self, bound: &Bound<'_>) -> Result<String, EngineError> {
        let clock = self.clock();
        let example = || Period::parse(EXAMPLE, &clock, Timestamp::UNIX_EPOCH);
        let (month, observed_to) = match self
            .observed_to(&[MetricRef { id: bound.metric.id.clone(), variant: Some(bound.variant.clone()) }])
        {
            Some(observed_to) => {
                let month = Period::last(1, Grain::Month, observed_to, &clock)?.pop();
                (month.map_or_else(example, Ok)?, observed_to)
            }
            None => {
                let month = example()?;
                let end = month.end;
                (month, end)
            }
        };
        let periods = std::slice::from_ref(&month);
        self.statement_for(bound, &Frame { periods, window: None, observed_to }).await
    }

    async fn statement_for(&self, bound: &Bound<'_>, frame: &Frame<'_>) -> Result<String, EngineError> {
        if bound.definition.rows.is_some() {
            return self.of_rows(bound, frame).await;
        }
        Box::pin(self.of_inputs(bound, frame)).await
    }

    /// Of a metric with rows of its own.
    async fn of_rows(&self, bound: &Bound<'_>, frame: &Frame<'_>) -> Result<String, EngineError> {
        let definition = bound.definition;
        let compiled = self.compiled(bound).await?;
        let mut steps = vec![("asked".to_owned(), self.asked_sql(definition, frame)?)];
        if let Some(rows) = &definition.rows {
            for derived in self.derived_behind(&rows.from).into_iter().filter(|table| self.asks(&table.name)) {
                let text = self.with_settings(&derived.sql, &derived.names.settings);
                steps.push((derived.name.clone(), text.trim().to_owned()));
            }
        }
        steps.extend(compiled.steps.iter().map(|(name, sql)| ((*name).to_owned(), format!("    {sql}"))));
        steps.push(("state".to_owned(), state_sql(definition, &compiled, frame.periods.len())));
        let segments = definition.split.len();
        let value = self.value_of(bound, segments, &compiled.reasons)?;
        steps.push(("cell".to_owned(), value));
        Ok(format!("{}{}", with(&steps), told(definition, &compiled.reasons, &[], frame.periods.len())))
    }

    /// Of a derived metric: each input as a statement of its own, then arithmetic on them.
    async fn of_inputs(&self, bound: &Bound<'_>, frame: &Frame<'_>) -> Result<String, EngineError> {
        let definition = bound.definition;
        if !definition.split.is_empty() || frame.periods.len() != 1 {
            let value = self.value_of(bound, definition.split.len(), &[])?;
            return Ok(format!(
                "-- no one statement: `state` has a row a segment, with the values of the inputs\n{value}"
            ));
        }
        let mut steps = Vec::new();
        let mut names = Vec::new();
        for (name, input) in definition.inputs.iter() {
            names.push(format!("input_{name}"));
            steps.push((quoted(&format!("input_{name}")), self.of_input(input, frame).await?));
        }
        let mut columns = vec!["0 AS asked_period".to_owned()];
        let counts: Vec<String> = names.iter().map(|name| format!("{}.n", quoted(name))).collect();
        columns.push(format!("{} AS n", counts.join(" + ")));
        columns.push("0 AS assumed_rows, CAST(NULL AS VARCHAR) AS unknown_reason".to_owned());
        for (name, input) in definition.inputs.iter() {
            let from = quoted(&format!("input_{name}"));
            columns.push(format!("{from}.value AS {}, {from}.n AS {}", quoted(name), quoted(&format!("{name}_n"))));
            let reference = MetricRef { id: input.metric.clone(), variant: input.variant.clone() };
            for (reading, _) in self.bind(&reference)?.definition.readings(input.take) {
                let whole = format!("{}_{reading}", name.to_lowercase());
                columns.push(format!("{from}.{} AS {}", quoted(&reading), quoted(&whole)));
            }
        }
        let from: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        let state = format!("    SELECT {}\n    FROM {}", columns.join(",\n           "), from.join(" CROSS JOIN "));
        steps.push(("state".to_owned(), state));
        steps.push(("cell".to_owned(), self.value_of(bound, 0, &[])?));
        Ok(format!("{}{}", with(&steps), told(definition, &[], &from, 1)))
    }

    /// Of a derived metric's input: one row, its value, `n`, why there is none, and what else the metric may read of it.
    async fn of_input(&self, input: &Input, frame: &Frame<'_>) -> Result<String, EngineError> {
        let bound = self.bind(&MetricRef { id: input.metric.clone(), variant: input.variant.clone() })?;
        let opened = opened(&bound, input);
        let bound = Bound { definition: &opened, ..bound };
        let window = input.window.as_deref();
        let periods = match input.take {
            Aggregate::Value => frame.periods.to_vec(),
            Aggregate::Before => frame.periods.iter().filter_map(|period| period.previous(&self.clock())).collect(),
            Aggregate::DailyMean => {
                let days = frame.periods.iter().map(|period| period.split(Grain::Day, &self.clock()));
                days.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
            }
        };
        let one = Box::pin(self.statement_for(&bound, &Frame { periods: &periods, window, ..*frame })).await?;
        if input.take != Aggregate::DailyMean {
            return Ok(one);
        }
        Ok(format!(
            "SELECT CASE WHEN count(*) = count(value) THEN avg(CAST(value AS DOUBLE)) END AS value,\n       \
             max(n) FILTER (WHERE asked_period = {}) AS n, min(null_reason) AS null_reason\nFROM ({one}) AS days",
            periods.len().saturating_sub(1)
        ))
    }

    /// A metric's own rows and state, split by what always splits it.
    async fn compiled(&self, bound: &Bound<'_>) -> Result<Compiled, EngineError> {
        let definition = bound.definition;
        let Some(rows) = &definition.rows else {
            return Err(bound.says("rows", "a derived metric has no rows of its own".to_owned()));
        };
        let resolver = Resolver { metric: &bound.metric.id, definition, extra: self.extra_attributes() };
        let compiler = Compiler {
            place: Place { file: &bound.metric.file },
            definition,
            rows,
            columns: self.columns_of(&rows.from).await?,
            setting: &|name| self.session().setting(name),
        };
        compiler.compile(&resolver.by(&[])?, &[])
    }

    fn value_of(&self, bound: &Bound<'_>, segments: usize, reasons: &[String]) -> Result<String, EngineError> {
        let setting = |name: &str| self.session().setting(name);
        value_sql(bound.definition, segments, reasons, false, &setting).map_err(|(key, what)| bound.says(&key, what))
    }

    /// Whether a derived table, or one behind it, looks at the asked period: `tenure sql` does not offer it.
    fn asks(&self, name: &str) -> bool {
        self.derived_behind(name).iter().any(|table| table.reads_asked())
    }

    /// The table `asked`: one row a period.
    fn asked_sql(&self, definition: &Definition, frame: &Frame<'_>) -> Result<String, EngineError> {
        let window = frame.window.or(definition.window.as_deref());
        let asked = Asked::new(frame.periods, window, frame.observed_to, &self.clock())?;
        let instant = |at: Timestamp| self.instant_sql(at);
        let rows: Vec<String> = asked
            .windows
            .iter()
            .zip(&asked.preceding)
            .enumerate()
            .map(|(period, (window, preceding))| {
                format!(
                    "    SELECT {period} AS period, {} AS starts_at, {} AS ends_at,\n           {} AS preceding_at, {} AS observed_to",
                    instant(window.start),
                    instant(window.end),
                    instant(*preceding),
                    instant(asked.observed_to)
                )
            })
            .collect();
        let named = match frame.periods {
            [only] => format!("the period {}", only.label),
            several => format!("{} periods", several.len()),
        };
        let trailing = window.map(|window| format!(", as the {window} to its end")).unwrap_or_default();
        Ok(format!(
            "    -- {named}{trailing}; the data is known until observed_to\n    \
             SELECT *, starts_at - INTERVAL '1 microsecond' AS opening, ends_at - INTERVAL '1 microsecond' AS closing\n    \
             FROM (\n{}\n    ) AS bounds",
            rows.join("\n    UNION ALL\n")
        ))
    }

    /// An instant as SQL: the beginning of a day where it is one.
    fn instant_sql(&self, at: Timestamp) -> String {
        let date = self.clock().local(at).date();
        let starts = date.to_zoned(self.clock().zone.time_zone().clone()).map(|start| start.timestamp());
        if starts.is_ok_and(|start| start == at) {
            return format!("day_start(DATE '{date}')");
        }
        format!("arrow_cast('{at}', 'Timestamp(Microsecond, Some(\"UTC\"))')")
    }

    /// The text as it was written, its settings filled in.
    fn with_settings(&self, sql: &str, names: &BTreeSet<String>) -> String {
        // Longer names first: one may begin with another.
        let mut names: Vec<&String> = names.iter().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.iter().fold(sql.to_owned(), |text, name| match self.session().setting(name) {
            Some(value) => text.replace(&format!("${name}"), &value),
            None => text,
        })
    }
}

/// Aggregates over the rows. Of one period without segments there is a state even where there is no candidate; of several, that of no rows.
fn state_sql(definition: &Definition, compiled: &Compiled, periods: usize) -> String {
    let aggregates = &compiled.aggregates;
    let keys = keys(definition.split.len());
    if definition.split.is_empty() && periods == 1 {
        return format!("    SELECT 0 AS asked_period,\n           {aggregates}\n    FROM {COUNTED}");
    }
    let grouped = format!("    SELECT {keys},\n           {aggregates}\n    FROM {COUNTED}\n    GROUP BY {keys}");
    if periods == 1 {
        return grouped;
    }
    format!(
        "{grouped}\n    UNION ALL\n    SELECT asked.period, nothing.*\n    FROM asked CROSS JOIN (SELECT {aggregates} FROM {COUNTED} WHERE false) AS nothing\n    \
         WHERE asked.period NOT IN (SELECT asked_period FROM {COUNTED})"
    )
}

/// What the statement tells: the figures as `tenure metric` does.
fn told(definition: &Definition, reasons: &[String], inputs: &[String], periods: usize) -> String {
    let mut columns: Vec<String> = definition
        .split
        .iter()
        .enumerate()
        .map(|(index, name)| format!("segment_{index} AS {}", quoted(name)))
        .collect();
    if periods > 1 {
        columns.push("asked_period".to_owned());
    }
    let known = |column: &str| format!("CASE WHEN cell.null_reason IS NULL THEN {column} END");
    columns.push(format!("{} AS value", known("cell_value")));
    if definition.interval.is_some() {
        let [least, greatest] = definition.bounds.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        for (column, name) in [("cell_low", "low"), ("cell_high", "high")] {
            let below = least.is_finite().then(|| format!(" WHEN {column} < {least} THEN {least}"));
            let above = greatest.is_finite().then(|| format!(" WHEN {column} > {greatest} THEN {greatest}"));
            let limits = [below, above].into_iter().flatten().collect::<String>();
            let within = if limits.is_empty() { column.to_owned() } else { format!("CASE{limits} ELSE {column} END") };
            columns.push(format!("{} AS {name}", known(&within)));
        }
    }
    columns.push("cell.n".to_owned());
    let mut why = vec!["cell.null_reason".to_owned()];
    why.extend(inputs.iter().map(|input| format!("CASE WHEN cell_value IS NULL THEN {input}.null_reason END")));
    let why = if why.len() == 1 { why.concat() } else { format!("coalesce({}) AS null_reason", why.join(", ")) };
    columns.push(why);
    let excluded = reasons.iter().enumerate();
    columns.extend(
        excluded.map(|(index, reason)| format!("excluded_{index} AS {}", quoted(&format!("excluded: {reason}")))),
    );
    columns
        .extend(definition.parts.iter().map(|(name, _)| format!("{} AS {}", quoted(&part_column(name)), quoted(name))));
    let from =
        std::iter::once("cell").chain(inputs.iter().map(String::as_str)).collect::<Vec<_>>().join(" CROSS JOIN ");
    format!("SELECT {}\nFROM {from}", columns.join(",\n       "))
}

/// Named queries, each over those before it, up to the one that follows.
fn with(steps: &[(String, String)]) -> String {
    let steps: Vec<String> = steps.iter().map(|(name, sql)| format!("{name} AS (\n{sql}\n)")).collect();
    format!("WITH {}\n", steps.join(",\n"))
}

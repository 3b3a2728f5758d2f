//! A number opened to its rows: those that count and those that do not, each with its reason.

use crate::engine::{Bound, Engine};
use crate::error::EngineError;
use crate::evaluate::Ask;
use crate::question::{Condition, MetricRef};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::prelude::SessionContext;
use jiff::Timestamp;
use rust_decimal::Decimal;
use tenure_catalog::{Aggregate, Subject};
use tenure_schema::period::Period;

/// Which rows of which number.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsQuestion {
    /// The metric in one definition.
    pub metric: MetricRef,
    /// The period.
    pub period: Period,
    /// Only rows whose attribute or dimension has this value.
    pub filter: Vec<Condition>,
    /// The rows that do not count, instead of those that do.
    pub excluded: bool,
    /// World time, as in a question.
    pub now: Option<Timestamp>,
    /// At most so many; `total` counts all.
    pub limit: Option<usize>,
}

/// Rows as text, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsAnswer {
    /// `role` (of a derived metric's inputs), `account_id`, `at`, `row_id`, `excluded`, then the definition's own columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Option<String>>>,
    /// How many there are in all.
    pub total: usize,
    /// Hash of every definition and setting in force.
    pub catalogue: String,
    /// The lake version read.
    pub lake_version: u64,
    /// World time of the answer.
    pub observed_to: Timestamp,
}

/// A definition whose rows are behind a number.
pub(crate) struct Behind<'a> {
    pub(crate) bound: Bound<'a>,
    /// A window in place of the definition's own.
    pub(crate) window: Option<&'a str>,
    /// Of a derived metric's inputs: which.
    pub(crate) role: Option<String>,
    /// How many periods before the asked one it looks at.
    pub(crate) before: usize,
}

impl Engine {
    /// The rows behind a number.
    pub async fn rows(&self, question: &RowsQuestion) -> Result<RowsAnswer, EngineError> {
        let bound = self.bind(&question.metric)?;
        self.check_conditions(std::slice::from_ref(&question.metric), &question.filter).await?;
        let observed_to = self.world_time(&bound, question.now);
        let mut answer = RowsAnswer {
            columns: Vec::new(),
            rows: Vec::new(),
            total: 0,
            catalogue: self.catalogue_hash().to_owned(),
            lake_version: self.lake_version(),
            observed_to,
        };
        for behind in self.behind(bound)? {
            self.collect_rows(&behind, question, &mut answer).await?;
        }
        answer.rows.truncate(question.limit.unwrap_or(usize::MAX));
        Ok(answer)
    }

    /// The definitions whose rows are behind a number: those of its inputs, then its own. Those about staff are never opened.
    pub(crate) fn behind<'a>(&'a self, bound: Bound<'a>) -> Result<Vec<Behind<'a>>, EngineError> {
        self.behind_one(Behind { bound, window: None, role: None, before: 0 })
    }

    fn behind_one<'a>(&'a self, one: Behind<'a>) -> Result<Vec<Behind<'a>>, EngineError> {
        let Bound { metric, definition, .. } = one.bound;
        if definition.subject == Subject::Staff {
            return Err(EngineError::StaffRows { metric: metric.id.clone() });
        }
        let mut all = Vec::new();
        for (name, input) in definition.inputs.iter() {
            let bound = self.bind(&MetricRef { id: input.metric.clone(), variant: input.variant.clone() })?;
            let role = one.role.as_ref().map_or_else(|| name.to_owned(), |outer| format!("{outer}.{name}"));
            let before = one.before + usize::from(input.take == Aggregate::Before);
            all.extend(self.behind_one(Behind { bound, window: input.window.as_deref(), role: Some(role), before })?);
        }
        if definition.rows.is_some() {
            all.push(one);
        }
        Ok(all)
    }

    /// The period whose rows are behind a number for that one; none where there is none before it.
    pub(crate) fn period_behind(&self, behind: &Behind<'_>, asked: &Period) -> Option<Period> {
        (0..behind.before).try_fold(asked.clone(), |period, _| period.previous(&self.clock()))
    }

    async fn collect_rows(
        &self,
        behind: &Behind<'_>,
        question: &RowsQuestion,
        answer: &mut RowsAnswer,
    ) -> Result<(), EngineError> {
        let Behind { bound, window, role, .. } = behind;
        let role = role.as_deref();
        let Some(period) = self.period_behind(behind, &question.period) else { return Ok(()) };
        let ask = Ask {
            periods: std::slice::from_ref(&period),
            by: &[],
            filter: &question.filter,
            now: Some(answer.observed_to),
            window: *window,
        };
        let runnable = self.runnable(bound, &ask).await?;
        let shown = &runnable.compiled.shown;
        let quoted: Vec<String> = shown.iter().map(|name| format!(", \"{name}\"")).collect();
        let (reason, which) = if question.excluded { (", row_excluded AS excluded", "NOT ") } else { ("", "") };
        let opened = format!("FROM ({}) AS opened WHERE row_excluded IS {which}NULL", runnable.compiled.rows);
        let limit = question.limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
        let sql = format!(
            "SELECT account_id, at, row_id{reason}{} {opened} ORDER BY at, account_id, row_id{limit}",
            quoted.concat(),
        );
        let before = answer.rows.len();
        let frame = runnable.context.sql(&sql).await.map_err(|error| bound.wrong("rows", &error))?;
        let names: Vec<String> = frame.schema().fields().iter().map(|field| field.name().clone()).collect();
        // Where there is no row there is still a header.
        let places = places(answer, &names, role);
        for batch in frame.collect().await? {
            append(answer, &places, &batch, role)?;
        }
        let read = answer.rows.len() - before;
        // A limit that was reached says nothing of how many there are.
        answer.total += match question.limit {
            Some(limit) if read >= limit => counted(&runnable.context, &opened).await?,
            _ => read,
        };
        Ok(())
    }
}

async fn counted(context: &SessionContext, opened: &str) -> Result<usize, EngineError> {
    let batches = context.sql(&format!("SELECT count(*) {opened}")).await?.collect().await?;
    let count = batches.iter().find(|batch| batch.num_rows() == 1);
    let count = count.map_or(0, |batch| batch.column(0).as_primitive::<Int64Type>().value(0));
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Where columns of these names stand in the answer; those it does not have yet are added.
fn places(answer: &mut RowsAnswer, names: &[String], role: Option<&str>) -> Vec<usize> {
    let mut places = Vec::new();
    for name in role.map(|_| "role").into_iter().chain(names.iter().map(String::as_str)) {
        let known = answer.columns.iter().position(|column| column == name);
        places.push(known.unwrap_or_else(|| {
            answer.columns.push(name.to_owned());
            answer.columns.len() - 1
        }));
    }
    let width = answer.columns.len();
    answer.rows.iter_mut().for_each(|row| row.resize(width, None));
    places
}

/// Adds a batch's rows in their places; columns that other inputs have stay empty.
fn append(
    answer: &mut RowsAnswer,
    places: &[usize],
    batch: &RecordBatch,
    role: Option<&str>,
) -> Result<(), EngineError> {
    let width = answer.columns.len();
    let texts: Vec<Vec<Option<String>>> = batch.columns().iter().map(texts_of).collect::<Result<_, _>>()?;
    for index in 0..batch.num_rows() {
        let mut row = vec![None; width];
        let own = role.map(|role| Some(role.to_owned())).into_iter();
        let cells = own.chain(texts.iter().map(|column| column[index].clone()));
        for (place, cell) in places.iter().zip(cells) {
            row[*place] = cell;
        }
        answer.rows.push(row);
    }
    Ok(())
}

/// A column as text: instants in RFC 3339, decimals without trailing zeros.
pub(crate) fn texts_of(array: &ArrayRef) -> Result<Vec<Option<String>>, EngineError> {
    let valid = |row: usize| array.is_valid(row);
    let texts = match array.data_type() {
        DataType::Timestamp(..) => {
            let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?;
            let micros = micros.as_primitive::<TimestampMicrosecondType>();
            let text = |row| Timestamp::from_microsecond(micros.value(row)).map(|at| at.to_string()).ok();
            (0..array.len()).map(|row| valid(row).then(|| text(row)).flatten()).collect()
        }
        DataType::Decimal128(_, scale) => {
            let raw = array.as_primitive::<Decimal128Type>();
            let scale = u32::try_from(*scale).unwrap_or(0);
            let text =
                |row| Decimal::try_from_i128_with_scale(raw.value(row), scale).map(|d| d.normalize().to_string()).ok();
            (0..array.len()).map(|row| valid(row).then(|| text(row)).flatten()).collect()
        }
        _ => {
            let texts = cast(array, &DataType::Utf8)?;
            texts.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
        }
    };
    Ok(texts)
}

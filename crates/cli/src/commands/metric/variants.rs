//! Every definition of a metric side by side: each with its figures, how it differs and where it comes from.

use crate::exit::{Failure, Outcome};
use crate::output::{Defined, Record};
use crate::table::{Column, Table, Text, Tone};
use futures::{StreamExt, TryStreamExt};
use tenure_catalog::{Definition, Metric};
use tenure_engine::{Answer, Cell, Engine, EngineError, Question};

/// Definitions that are asked at the same time.
const AT_ONCE: usize = 2;

/// A definition that the question does not fit, and why.
pub(crate) struct LeftOut {
    variant: String,
    why: String,
}

/// What each definition answers. One that cannot be asked so is left out; that none can is an error.
pub(super) async fn answer(engine: &Engine, question: &Question) -> Outcome<(Answer, Vec<LeftOut>)> {
    let each = question.metrics.iter().map(|metric| {
        let alone = Question { metrics: vec![metric.clone()], ..question.clone() };
        async move {
            match engine.answer(&alone).await {
                Ok(answer) => Ok(Ok(answer)),
                Err(error) => match misfit(&error) {
                    Some(why) => Ok(Err((metric.variant.clone().unwrap_or_default(), why, error))),
                    None => Err(Failure::from(error)),
                },
            }
        }
    });
    let each: Vec<_> = futures::stream::iter(each).buffered(AT_ONCE).try_collect().await?;
    let (mut all, mut left_out, mut first_error) = (None::<Answer>, Vec::new(), None);
    for one in each {
        match (one, &mut all) {
            (Ok(answer), Some(all)) => all.cells.extend(answer.cells),
            (Ok(answer), None) => all = Some(answer),
            (Err((variant, why, error)), _) => {
                left_out.push(LeftOut { variant, why });
                first_error.get_or_insert(error);
            }
        }
    }
    match (all, first_error) {
        (Some(all), _) => Ok((all, left_out)),
        (None, Some(error)) => Err(error.into()),
        (None, None) => Err(Failure::new("the metric has no definition")),
    }
}

/// Why the question does not fit, where that is the matter.
fn misfit(error: &EngineError) -> Option<String> {
    match error {
        EngineError::UnknownAttribute { name, .. } => Some(format!("it cannot be split or filtered by {name}")),
        EngineError::AmbiguousAttribute { name, .. } => {
            Some(format!("{name} may be account.{name} or row.{name} for it"))
        }
        EngineError::StaffSplit { most, .. } => {
            Some(format!("being about staff, it cannot be split by more than {most} attributes"))
        }
        _ => None,
    }
}

impl LeftOut {
    /// In a line.
    pub(super) fn told(&self) -> String {
        format!("{} is left out: {}", self.variant, self.why)
    }
}

/// The same period and segment by the metric's own definition.
pub(super) fn own<'a>(answer: &'a Answer, cell: &Cell) -> Option<&'a Cell> {
    let same = |other: &&Cell| {
        other.variant == "default"
            && other.period == cell.period
            && other.segment == cell.segment
            && other.unit == cell.unit
    };
    answer.cells.iter().find(same)
}

/// How each definition that was answered differs, and where it comes from.
pub(super) fn legend(metric: &Metric, answer: &Answer, chosen: Option<&str>) -> Table {
    let mut table = Table::new(vec![
        Column::words("Variant"),
        Column::words("How it differs").wraps_to(24),
        Column::words("Source").wraps_to(20),
    ]);
    let mut variants: Vec<&str> = answer.cells.iter().map(|cell| cell.variant.as_str()).collect();
    variants.dedup();
    for variant in variants {
        let Some(definition) = metric.definition(Some(variant)) else { continue };
        let mut words = match variant {
            "default" => "the metric's own definition".to_owned(),
            _ => definition.difference.trim().to_owned(),
        };
        if definition.title != metric.default.title {
            words = format!("{}: {words}", definition.title);
        }
        if chosen.unwrap_or("default") == variant {
            words.push_str(" · in force here");
        }
        table.row(vec![variant.into(), words.into(), Text::toned(Tone::Faint, definition.source.trim())]);
    }
    table
}

/// The records, each with how its definition differs and where it comes from.
pub(super) fn defined<'a>(records: Vec<Record<'a>>, metric: &'a Metric) -> Vec<Record<'a>> {
    let of =
        |definition: &'a Definition| Defined { difference: definition.difference.trim(), source: &definition.source };
    records
        .into_iter()
        .map(|record| match metric.definition(Some(record.variant)) {
            Some(definition) => record.defined(of(definition)),
            None => record,
        })
        .collect()
}

//! The questions behind a board.

use super::misfit::{self, Misfit};
use crate::board::{Board, Line, assemble};
use crate::exit::{Failure, Outcome};
use crate::html::Meaning;
use crate::resolve;
use crate::session::Session;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use tenure_engine::{Answer, Condition, Engine, EngineError, MetricRef, Question};
use tenure_schema::period::Period;

/// What the board is asked for.
pub(super) struct Asked {
    pub(super) metrics: Vec<MetricRef>,
    pub(super) periods: Vec<Period>,
    pub(super) by: Vec<String>,
    pub(super) filter: Vec<Condition>,
    pub(super) now: Option<Timestamp>,
}

/// Metrics that are asked at the same time, where each is asked by itself.
const AT_ONCE: usize = 2;

/// The board of these periods, the last so many of which were asked for.
pub(super) async fn board(session: &Session, asked: Asked, count: usize) -> Outcome<Board> {
    let (answers, misfits) = answers(&session.engine, &asked).await?;
    let settings = &session.workspace.settings;
    let catalog = session.engine.catalog();
    let mut board = assemble(&answers, asked.periods, count, settings, catalog.board());
    board.filter = asked.filter.iter().map(resolve::in_words).collect();
    board.by = asked.by;
    board.unfit = misfit::by_reason(misfits, catalog);
    Ok(board)
}

/// Not every metric can be filtered and split by every attribute: one that cannot be filtered is left out, one that cannot
/// be split stands whole. That none can is an error.
async fn answers(engine: &Engine, asked: &Asked) -> Outcome<(Vec<Answer>, Vec<Misfit>)> {
    let question = |metrics: Vec<MetricRef>, by: &[String]| Question {
        metrics,
        periods: asked.periods.clone(),
        by: by.to_vec(),
        filter: asked.filter.clone(),
        now: asked.now,
    };
    if asked.by.is_empty() && asked.filter.is_empty() {
        return Ok((vec![engine.answer(&question(asked.metrics.clone(), &[])).await?], Vec::new()));
    }
    let each = asked.metrics.iter().map(|metric| {
        let whole = question(vec![metric.clone()], &[]);
        let split = (!asked.by.is_empty()).then(|| question(vec![metric.clone()], &asked.by));
        async move {
            let whole = answered(engine, &whole).await?;
            let split = match (split, &whole) {
                (Some(split), Ok(_)) => Some(answered(engine, &split).await?),
                _ => None,
            };
            Ok::<_, Failure>((metric.id.clone(), whole, split))
        }
    });
    let all: Vec<_> = futures::stream::iter(each).buffered(AT_ONCE).try_collect().await?;
    let (mut found, mut misfits, mut some_split) = (Vec::new(), Vec::new(), asked.by.is_empty());
    for (metric, whole, split) in all {
        let mut misfit = |error, filtered| misfits.push(Misfit { metric: metric.clone(), error, filtered });
        match whole {
            Ok(answer) => found.push(answer),
            Err(error) => misfit(error, true),
        }
        match split {
            Some(Ok(answer)) => {
                some_split = true;
                found.push(answer);
            }
            Some(Err(error)) => misfit(error, false),
            None => {}
        }
    }
    match misfits.is_empty() || some_split && !found.is_empty() {
        true => Ok((found, misfits)),
        false => Err(misfit::of_all(misfits)),
    }
}

/// An answer, or why the question does not fit the metric.
async fn answered(engine: &Engine, question: &Question) -> Outcome<Result<Answer, EngineError>> {
    match engine.answer(question).await {
        Ok(answer) => Ok(Ok(answer)),
        Err(
            error @ (EngineError::UnknownAttribute { .. }
            | EngineError::AmbiguousAttribute { .. }
            | EngineError::StaffSplit { .. }),
        ) => Ok(Err(error)),
        Err(error) => Err(error.into()),
    }
}

/// What the metrics on a board mean, those of lines that are shown.
pub(super) async fn meanings(session: &Session, board: &Board, shown: fn(&Line) -> bool) -> Outcome<Vec<Meaning>> {
    let mut meanings: Vec<Meaning> = Vec::new();
    for line in board.lines().filter(|line| shown(line)) {
        if meanings.last().is_some_and(|last| last.metric == line.metric) {
            continue;
        }
        let explained = session.engine.explain(&MetricRef::default_of(&line.metric)).await?;
        meanings.push(Meaning {
            metric: explained.metric,
            variant: explained.variant,
            title: explained.title,
            about: explained.about,
            formula: explained.formula,
            source: explained.source,
            choices: explained.choices,
        });
    }
    Ok(meanings)
}

//! The questions behind a board.

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
    let (answers, left_out) = answers(&session.engine, &asked).await?;
    let mut board = assemble(&answers, asked.periods, count, &session.workspace.settings);
    if let (None, true) = (answers.first(), !left_out.is_empty()) {
        let (_, reason) = &left_out[0];
        return Err(Failure::new(format!("no metric can be asked so: {reason}")));
    }
    board.filter = asked.filter.iter().map(resolve::in_words).collect();
    board.by = asked.by;
    board.left_out = left_out;
    Ok(board)
}

/// Not every metric can be split by every attribute: those that cannot are left out, with the reason.
async fn answers(engine: &Engine, asked: &Asked) -> Outcome<(Vec<Answer>, Vec<(String, String)>)> {
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
            let mut answers = vec![answered(engine, &whole).await?];
            if let Some(split) = split {
                answers.push(answered(engine, &split).await?);
            }
            Ok::<_, Failure>((metric.id.clone(), answers))
        }
    });
    let all: Vec<_> = futures::stream::iter(each).buffered(AT_ONCE).try_collect().await?;
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for (metric, answers) in all {
        for answer in answers {
            match answer {
                Ok(answer) => found.push(answer),
                Err(reason) => left_out.push((metric.clone(), reason)),
            }
        }
    }
    left_out.dedup();
    Ok((found, left_out))
}

/// An answer, or why the question does not fit the metric.
async fn answered(engine: &Engine, question: &Question) -> Outcome<Result<Answer, String>> {
    match engine.answer(question).await {
        Ok(answer) => Ok(Ok(answer)),
        Err(error @ (EngineError::UnknownAttribute { .. } | EngineError::AmbiguousAttribute { .. })) => {
            Ok(Err(error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

/// What the metrics on a board mean.
pub(super) async fn meanings(session: &Session, board: &Board) -> Outcome<Vec<Meaning>> {
    let mut meanings: Vec<Meaning> = Vec::new();
    let shown = |line: &&Line| line.value().is_some();
    for line in board.lines().filter(shown) {
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

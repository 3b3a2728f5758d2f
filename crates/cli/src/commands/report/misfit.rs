//! Metrics that a board's question does not fit, and what is said of them.

use crate::board::Unfit;
use crate::exit::Failure;
use tenure_catalog::Catalog;
use tenure_engine::EngineError;

/// A metric that the question does not fit.
pub(super) struct Misfit {
    pub(super) metric: String,
    pub(super) error: EngineError,
    /// It is the filter that does not, so the metric has no line at all; else it stands whole.
    pub(super) filtered: bool,
}

impl Misfit {
    fn why(&self) -> String {
        let what = if self.filtered { "left out, as they cannot be filtered" } else { "not split" };
        match &self.error {
            EngineError::UnknownAttribute { name, .. } => format!("{what} by {name}"),
            EngineError::AmbiguousAttribute { name, .. } => {
                format!("{what} by {name}, which may be account.{name} or row.{name}")
            }
            EngineError::StaffSplit { most, .. } => format!("{what} by more than {most} attributes, being about staff"),
            error => format!("{what}: {error}"),
        }
    }
}

/// Each reason once, with the titles of the metrics it holds for.
pub(super) fn by_reason(misfits: Vec<Misfit>, catalog: &Catalog) -> Vec<Unfit> {
    let mut reasons: Vec<Unfit> = Vec::new();
    for misfit in misfits {
        let why = misfit.why();
        let title = catalog.metric(&misfit.metric).map_or(misfit.metric, |metric| metric.default.title.clone());
        match reasons.iter_mut().find(|known| known.why == why) {
            Some(known) => known.titles.push(title),
            None => reasons.push(Unfit { why, titles: vec![title] }),
        }
    }
    reasons
}

/// The question fits no metric: what it could have named instead, over all of them.
pub(super) fn of_all(misfits: Vec<Misfit>) -> Failure {
    let mut unknown: Option<(String, Vec<String>)> = None;
    for misfit in &misfits {
        let EngineError::UnknownAttribute { name, known, .. } = &misfit.error else { continue };
        let (asked, all) = unknown.get_or_insert_with(|| (name.clone(), Vec::new()));
        if asked == name {
            all.extend(known.iter().filter(|one| !all.contains(one)).cloned().collect::<Vec<_>>());
        }
    }
    match (unknown, misfits.into_iter().next()) {
        (Some((name, mut all)), _) => {
            all.sort_by_key(|one| (!one.starts_with("account."), one.clone()));
            Failure::usage(format!("no metric can be split or filtered by `{name}`"))
                .hint(format!("the attributes there are, each for some metrics: {}", all.join(", ")))
        }
        (None, Some(first)) => first.error.into(),
        (None, None) => Failure::new("there is no metric to report"),
    }
}

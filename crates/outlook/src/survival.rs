//! How long it lasts: lives of customers until they leave, ways through onboarding until they arrive.
//!
//! Whoever is still there counts as still there, for as long as seen. A life is told apart by what the account was when it began.

mod curve;
mod hazard;
mod lives;

pub use curve::{Curve, HORIZONS, Point, Quartile, ShareAt};
pub use hazard::{ENDS_A_COEFFICIENT, Hazards, LeftOut, Ratio};
pub use lives::{Ending, Life};

use crate::attributes::Attributes;
use crate::{OrReason, OutlookError};
use jiff::Timestamp;
use std::collections::BTreeMap;
use tenure_engine::Engine;
use tenure_schema::period::Period;
use tenure_stats::survival::{LogRank, log_rank};

/// Groups of fewer lives have no curve: it would tell of single customers.
pub const LEAST_LIVES: usize = 5;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// From becoming a customer to leaving; who comes back begins a new life.
    Churn,
    /// A duration of the catalogue, by its id: from the signature to an arrival. Who leaves first never arrives.
    Journey(&'static str),
}

impl Of {
    /// All there are.
    pub const ALL: [Self; 4] = [
        Self::Churn,
        Self::Journey("onboarding_time"),
        Self::Journey("time_to_first_value"),
        Self::Journey("time_to_value"),
    ];

    /// How it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Churn => "churn",
            Self::Journey(metric) => metric,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// What is waited for.
    pub of: Of,
    /// Attributes at the start of a life by which lives are grouped, such as `plan` or `account.country`.
    pub by: Vec<String>,
    /// Attributes at the start for a Cox model; none: no model.
    pub cox: Vec<String>,
    /// Only lives that began in this period; `None`: all.
    pub period: Option<Period>,
    /// Data know of ends only from then on: earlier lives are at risk from then (left truncation), for those that ended before are not in the
    /// data. Of customers' lives only.
    pub seen_from: Option<Timestamp>,
    /// World time: until when lives were seen.
    pub now: Timestamp,
}

/// Lives of one kind.
#[derive(Debug, Clone)]
pub struct Group {
    /// Names and values that they share; empty where lives are not grouped.
    pub segment: Vec<(String, Option<String>)>,
    /// How many.
    pub lives: usize,
    /// How many reached the end waited for.
    pub ended: usize,
    /// How many can no longer reach it: of journeys, those of customers who left first.
    pub lost: usize,
    /// The curve, or why there is none.
    pub curve: OrReason<Curve>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Survival {
    /// What was waited for.
    pub of: Of,
    /// All lives together.
    pub all: Group,
    /// The groups asked for, by their values; empty where none were.
    pub groups: Vec<Group>,
    /// Whether the groups with a curve differ: the hazards of the end itself, the lost taken out when they left.
    pub log_rank: Option<OrReason<LogRank>>,
    /// By how much attributes hasten the end.
    pub cox: Option<OrReason<Hazards>>,
    /// Lives that do not count: why, and how many.
    pub left_out: BTreeMap<String, usize>,
}

/// Answers from an engine's data.
pub async fn survival(engine: &Engine, question: &Question) -> Result<Survival, OutlookError> {
    let names: Vec<String> = question.by.iter().chain(&question.cox).cloned().collect();
    // A name that is none is told before anything is computed.
    let attributes = Attributes::read(engine, "survival", &names, question.now).await?;
    let read = lives::read(engine, question).await?;
    let values: Vec<Vec<Option<String>>> =
        read.lives.iter().map(|life| attributes.at(&life.account, life.began)).collect();
    let groups = grouped(&read.lives, &values, question);
    let cox = (!question.cox.is_empty()).then(|| {
        let own: Vec<&[Option<String>]> = values.iter().map(|values| &values[question.by.len()..]).collect();
        hazard::hazards(&read.lives, &question.cox, &own)
    });
    Ok(Survival {
        of: question.of,
        all: group(Vec::new(), &read.lives.iter().collect::<Vec<_>>(), question.of, 1),
        log_rank: (!question.by.is_empty()).then(|| compared(&groups)),
        groups: groups.into_iter().map(|(group, _)| group).collect(),
        cox,
        left_out: read.left_out,
    })
}

fn grouped<'a>(lives: &'a [Life], values: &[Vec<Option<String>>], question: &Question) -> Vec<(Group, Vec<&'a Life>)> {
    if question.by.is_empty() {
        return Vec::new();
    }
    let mut members: BTreeMap<&[Option<String>], Vec<&Life>> = BTreeMap::new();
    for (life, values) in lives.iter().zip(values) {
        members.entry(&values[..question.by.len()]).or_default().push(life);
    }
    let one = |(values, lives): (&[Option<String>], Vec<&'a Life>)| {
        let segment = question.by.iter().cloned().zip(values.iter().cloned()).collect();
        (group(segment, &lives, question.of, LEAST_LIVES), lives)
    };
    members.into_iter().map(one).collect()
}

fn group(segment: Vec<(String, Option<String>)>, lives: &[&Life], of: Of, least: usize) -> Group {
    let count = |ending| lives.iter().filter(|life| life.ending == ending).count();
    let curve = match lives.len() {
        0 => Err("no lives".to_owned()),
        few if few < least => Err(format!("fewer than {least} lives")),
        _ => curve::curve(lives, of),
    };
    Group { segment, lives: lives.len(), ended: count(Ending::Ended), lost: count(Ending::Lost), curve }
}

/// The log-rank test over the groups that have a curve.
fn compared(groups: &[(Group, Vec<&Life>)]) -> OrReason<LogRank> {
    let told = groups.iter().filter(|(group, _)| group.curve.is_ok());
    let (mut seen, mut labels) = (Vec::new(), Vec::new());
    for (label, (_, lives)) in told.enumerate() {
        seen.extend(lives.iter().map(|life| life.observation()));
        labels.extend(lives.iter().map(|_| label));
    }
    if labels.last().is_none_or(|last| *last == 0) {
        return Err(format!("fewer than two groups of {LEAST_LIVES} lives or more"));
    }
    log_rank(&seen, &labels, None).map_err(|error| error.to_string())
}

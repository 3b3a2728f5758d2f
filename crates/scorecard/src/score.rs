//! From points to a score, with all that it rests on.

use crate::card::{Formula, Group, Member, Missing, Scorecard};
use crate::colour::Colour;
use crate::exact::{FULL, apportion, rounded, settled, share};
use crate::input::{Input, Inputs};
use crate::signal::HUMAN_RATING;
use rust_decimal::Decimal;

/// A score and what it rests on: `base + Σ contribution + held = value`, to the last digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// 0 (worst) to 100 (best), six places; `None` with a reason.
    pub value: Option<Decimal>,
    /// Why there is none.
    pub reason: Option<&'static str>,
    /// What it is called.
    pub colour: Option<Colour>,
    /// How much of the scorecard had fresh data.
    pub coverage: Coverage,
    /// Where the formula starts: 0 but under [`Formula::Points`].
    pub base: Decimal,
    /// What holding the score within 0 and 100 added or took.
    pub held: Decimal,
    /// Every signal, in the order of the file.
    pub signals: Vec<ScoredSignal>,
}

/// Weight with fresh data, of all weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// The share of weight with fresh data, 0 to 1, six places.
    pub share: Decimal,
    /// Signals with fresh data.
    pub fresh: usize,
    /// Signals on the scorecard.
    pub signals: usize,
}

/// A signal's part in a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoredSignal {
    /// The signal.
    pub signal: String,
    /// What was known of it.
    pub input: Input,
    /// Whether that was fresh.
    pub state: State,
    /// The points that counted; `None` where it was left out.
    pub points: Option<Decimal>,
    /// Its share of the score's weight, 0 to 1, six places: these add up to 1; under [`Formula::Points`] 1 for each that counted.
    pub weight: Decimal,
    /// What it put into the score.
    pub contribution: Decimal,
}

/// Whether a signal had a fresh value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It had one.
    Fresh,
    /// Its value was older than it may be.
    Stale,
    /// It had none.
    Missing,
}

impl State {
    /// Its word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Missing => "missing",
        }
    }
}

/// A signal's input, judged: before the formula.
struct Judged<'a> {
    group: &'a Group,
    member: &'a Member,
    input: Input,
    state: State,
    points: Option<Decimal>,
}

impl Scorecard {
    /// The score of what is known, by the scorecard's own rules for what is missing.
    pub fn score(&self, inputs: &Inputs) -> Score {
        self.score_with(inputs, None)
    }

    /// The score that it would be if every signal without a fresh value were treated by one rule.
    pub fn score_if(&self, inputs: &Inputs, missing: Missing) -> Score {
        self.score_with(inputs, Some(missing))
    }

    /// The value of [`Scorecard::score_if`] alone, from a score that this scorecard gave: signals with a fresh value are not judged again, and
    /// nothing is where the rule changes none.
    pub fn value_if(&self, score: &Score, missing: Missing) -> Option<Decimal> {
        let judge = |((group, member), signal): ((_, _), &ScoredSignal)| match signal.state {
            State::Fresh => Judged { group, member, input: signal.input, state: signal.state, points: signal.points },
            State::Stale | State::Missing => self.judge(group, member, signal.input, Some(missing)),
        };
        let judged: Vec<Judged<'_>> = self.members().zip(&score.signals).map(judge).collect();
        if judged.iter().zip(&score.signals).all(|(one, signal)| one.points == signal.points) {
            return score.value;
        }
        match self.formula {
            Formula::WeightedMean => Mean::of(&self.groups, &judged).map(|mean| mean.value.normalize()),
            Formula::Points | Formula::WorstOf | Formula::HumanRating => self.of(&judged).value,
        }
    }

    fn score_with(&self, inputs: &Inputs, missing: Option<Missing>) -> Score {
        let judged: Vec<Judged<'_>> = self
            .members()
            .map(|(group, member)| self.judge(group, member, inputs.get(&member.signal), missing))
            .collect();
        self.of(&judged)
    }

    fn of(&self, judged: &[Judged<'_>]) -> Score {
        let coverage = self.coverage(judged);
        match self.formula {
            Formula::WeightedMean => self.weighted_mean(judged, coverage),
            Formula::Points => self.points(judged, coverage),
            Formula::WorstOf => self.one(judged, coverage, worst(judged), "no signal has a value"),
            Formula::HumanRating => self.one(judged, coverage, rating(judged), "nobody has rated the account"),
        }
    }

    fn judge<'a>(&self, group: &'a Group, member: &'a Member, input: Input, missing: Option<Missing>) -> Judged<'a> {
        let own = input.and_then(|seen| member.scale.points(seen.value, seen.rank).map(|points| (seen.age, points)));
        let within = |age: u32, limit: Option<crate::Days>| limit.is_none_or(|limit| age <= limit.0);
        let state = match own {
            Some((age, _)) if within(age, member.max_age) => State::Fresh,
            Some(_) => State::Stale,
            None => State::Missing,
        };
        let neutral = if self.formula == Formula::Points { Decimal::ZERO } else { self.neutral };
        let points = match (state, missing.unwrap_or(member.missing)) {
            (State::Fresh, _) => own.map(|(_, points)| points),
            (_, Missing::LeaveOut) => None,
            (_, Missing::Neutral) => Some(neutral),
            (_, Missing::Poor) => Some(member.scale.lowest()),
            (_, Missing::LastValue) => own.filter(|(age, _)| within(*age, member.up_to)).map(|(_, points)| points),
        };
        Judged { group, member, input, state, points }
    }

    fn weighted_mean(&self, judged: &[Judged<'_>], coverage: Coverage) -> Score {
        let Some(Mean { weights, exact, value }) = Mean::of(&self.groups, judged) else {
            return self.none(judged, coverage, "no signal with weight has a value");
        };
        let contributions = apportion(&exact, value);
        self.some(judged, coverage, value, Decimal::ZERO, &apportion(&weights, Decimal::ONE), contributions)
    }

    fn points(&self, judged: &[Judged<'_>], coverage: Coverage) -> Score {
        if judged.iter().all(|one| one.points.is_none() || one.member.weight.is_zero()) {
            return self.none(judged, coverage, "no signal with weight has a value");
        }
        let contributions: Vec<Decimal> =
            judged.iter().map(|one| rounded(one.points.unwrap_or_default() * one.member.weight)).collect();
        let weights: Vec<Decimal> = judged.iter().map(|one| Decimal::from(u8::from(one.points.is_some()))).collect();
        let value = (self.neutral + contributions.iter().sum::<Decimal>()).clamp(Decimal::ZERO, FULL);
        self.some(judged, coverage, value, self.neutral, &weights, contributions)
    }

    /// A score that is one signal's points.
    fn one(&self, judged: &[Judged<'_>], coverage: Coverage, which: Option<usize>, reason: &'static str) -> Score {
        let Some((which, value)) = which.and_then(|which| Some((which, judged[which].points?))) else {
            return self.none(judged, coverage, reason);
        };
        let only = |amount: Decimal| {
            (0..judged.len()).map(|index| if index == which { amount } else { Decimal::ZERO }).collect::<Vec<_>>()
        };
        let value = rounded(value).clamp(Decimal::ZERO, FULL);
        self.some(judged, coverage, value, Decimal::ZERO, &only(Decimal::ONE), only(value))
    }

    fn some(
        &self,
        judged: &[Judged<'_>],
        coverage: Coverage,
        value: Decimal,
        base: Decimal,
        weights: &[Decimal],
        contributions: Vec<Decimal>,
    ) -> Score {
        let held = (value - base - contributions.iter().sum::<Decimal>()).normalize();
        let value = value.normalize();
        let signals = judged.iter().zip(weights).zip(contributions).map(|((one, weight), contribution)| ScoredSignal {
            weight: *weight,
            contribution,
            ..one.unscored()
        });
        Score {
            value: Some(value),
            reason: None,
            colour: Some(self.colours.of(value)),
            coverage,
            base,
            held,
            signals: signals.collect(),
        }
    }

    /// A signal's share of the scorecard's weight where all have fresh data, 0 to 1, six places; `None`: it is not on it.
    pub fn weight_of(&self, signal: &str) -> Option<Decimal> {
        let (group, member) = self.members().find(|(_, member)| member.signal == signal)?;
        Some(rounded(settled(self.part(group, member))))
    }

    fn part(&self, group: &Group, member: &Member) -> Decimal {
        self.part_of(self.whole(group), group, member)
    }

    /// What the weights of a group's signals are shares of. Under [`Formula::Points`] groups have no weight: each signal is held against all.
    fn whole(&self, group: &Group) -> Decimal {
        let sum = |members: &[Member]| members.iter().map(|member| member.weight).sum::<Decimal>();
        match self.formula {
            Formula::Points => self.groups.iter().map(|group| sum(&group.members)).sum(),
            _ => self.groups.iter().map(|group| group.weight).sum::<Decimal>() * sum(&group.members),
        }
    }

    fn part_of(&self, whole: Decimal, group: &Group, member: &Member) -> Decimal {
        match self.formula {
            Formula::Points => share(member.weight, whole),
            _ => share(group.weight * member.weight, whole),
        }
    }

    fn coverage(&self, judged: &[Judged<'_>]) -> Coverage {
        let fresh = judged.iter().filter(|one| one.state == State::Fresh);
        let of_group = |group| {
            let whole = self.whole(group);
            let its = fresh.clone().filter(move |one| std::ptr::eq(one.group, group));
            its.map(move |one| self.part_of(whole, group, one.member))
        };
        let present: Decimal = self.groups.iter().flat_map(of_group).sum();
        Coverage { share: rounded(settled(present)), fresh: fresh.count(), signals: judged.len() }
    }

    fn none(&self, judged: &[Judged<'_>], coverage: Coverage, reason: &'static str) -> Score {
        let signals = judged.iter().map(Judged::unscored).collect();
        Score {
            value: None,
            reason: Some(reason),
            colour: None,
            coverage,
            base: Decimal::ZERO,
            held: Decimal::ZERO,
            signals,
        }
    }
}

impl Judged<'_> {
    fn unscored(&self) -> ScoredSignal {
        ScoredSignal {
            signal: self.member.signal.clone(),
            input: self.input,
            state: self.state,
            points: self.points,
            weight: Decimal::ZERO,
            contribution: Decimal::ZERO,
        }
    }
}

/// A weighted mean, before its parts are rounded.
struct Mean {
    weights: Vec<Decimal>,
    exact: Vec<Decimal>,
    value: Decimal,
}

impl Mean {
    /// `None` where no signal with weight has a value.
    fn of(groups: &[Group], judged: &[Judged<'_>]) -> Option<Self> {
        let weights = effective_weights(groups, judged);
        if weights.iter().all(Decimal::is_zero) {
            return None;
        }
        let exact: Vec<Decimal> =
            judged.iter().zip(&weights).map(|(one, weight)| one.points.unwrap_or_default() * weight).collect();
        let value = rounded(settled(exact.iter().sum::<Decimal>())).clamp(Decimal::ZERO, FULL);
        Some(Self { weights, exact, value })
    }
}

/// Weights of signals in the score, adding up to one: within each group over those that count, then over the groups that have any.
fn effective_weights(groups: &[Group], judged: &[Judged<'_>]) -> Vec<Decimal> {
    let counting = |group: &Group| -> Decimal {
        judged.iter().filter(|one| one.group.id == group.id && one.points.is_some()).map(|one| one.member.weight).sum()
    };
    let within: Vec<Decimal> = groups.iter().map(counting).collect();
    let all: Decimal =
        groups.iter().zip(&within).filter(|(_, within)| !within.is_zero()).map(|(group, _)| group.weight).sum();
    let wholes: Vec<Decimal> = within.iter().map(|within| all * within).collect();
    let weight = |one: &Judged<'_>| {
        let place = groups.iter().position(|group| group.id == one.group.id).unwrap_or_default();
        match one.points {
            Some(_) => share(one.group.weight * one.member.weight, wholes[place]),
            None => Decimal::ZERO,
        }
    };
    judged.iter().map(weight).collect()
}

/// The signal with the fewest points; the first on a tie. Signals without weight do not count.
fn worst(judged: &[Judged<'_>]) -> Option<usize> {
    let weighted = |one: &Judged<'_>| !one.member.weight.is_zero() && !one.group.weight.is_zero();
    let with_points = judged.iter().enumerate().filter(|(_, one)| weighted(one));
    with_points.filter_map(|(index, one)| Some((one.points?, index))).min().map(|(_, index)| index)
}

fn rating(judged: &[Judged<'_>]) -> Option<usize> {
    judged.iter().position(|one| one.member.signal == HUMAN_RATING)
}

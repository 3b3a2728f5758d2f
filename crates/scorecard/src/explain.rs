//! Why a score changed: causes that add up to the change, to the last digit.
//!
//! Three steps lead from one day to the other, each a score in its own right, so that what each adds is exact:
//! 1. the other scorecard, or the other version, on what was known before, restated by its own definitions of the signals;
//! 2. signals that went missing or stale, or came back;
//! 3. signals that had a value that counts on both days.
//!
//! Within the second and third step the change is split by Shapley values, so the order of signals does not matter; only where more than
//! ten signals move in one step it does, as their order on the scorecard and its reverse stand for all orders. A step on which no signal
//! at all had data stands at the scorecard's neutral points.

use crate::card::Scorecard;
use crate::input::{Input, Inputs};
use crate::score::{Score, ScoredSignal, State};
use crate::shapley;
use rust_decimal::Decimal;

/// A scorecard and what was known on a day.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The scorecard in force.
    pub card: &'a Scorecard,
    /// What was known of its signals.
    pub inputs: &'a Inputs,
}

/// A change of score, and what made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The score before.
    pub before: Score,
    /// The score after.
    pub after: Score,
    /// `after − before`; `None` where either is none.
    pub change: Option<Decimal>,
    /// What made it, largest first: these add up to `change` exactly. Empty where there is no change to explain.
    pub causes: Vec<Cause>,
}

/// One cause of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What happened.
    pub kind: CauseKind,
    /// To which signal; `None`: to the scorecard as a whole.
    pub signal: Option<String>,
    /// What was known of it before.
    pub before: Input,
    /// What was known of it after.
    pub after: Input,
    /// What it added to the score.
    pub effect: Decimal,
}

/// What happened to a signal or scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CauseKind {
    /// Its value changed.
    Value,
    /// Its value grew too old.
    WentStale,
    /// It has no value any more.
    WentMissing,
    /// It has a value that counts again, or for the first time.
    CameBack,
    /// The scorecard was edited: weights, scales, rules or a signal's definition.
    Definition,
    /// Another scorecard applies.
    Switch,
}

impl CauseKind {
    /// Its word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::WentStale => "went stale",
            Self::WentMissing => "went missing",
            Self::CameBack => "came back",
            Self::Definition => "definition",
            Self::Switch => "scorecard switch",
        }
    }
}

/// Splits the change of a score between two moments into its causes. `restated` is what was known before, of every signal on the later scorecard
/// as that defines it: the inputs of `before`, where these have all of them and no definition was edited.
pub fn explain(before: Moment<'_>, restated: &Inputs, after: Moment<'_>) -> Explanation {
    let scored = (before.card.score(before.inputs), after.card.score(after.inputs));
    let change = scored.0.value.zip(scored.1.value).map(|(from, to)| (to - from).normalize());
    let mut causes = Vec::new();
    if change.is_some() {
        causes.extend(of_scorecard(before, restated, after.card));
        causes.extend(of_signals(after.card, restated, after.inputs));
        causes.retain(|cause| !cause.effect.is_zero());
        causes.sort_by(|one, two| two.effect.abs().cmp(&one.effect.abs()).then_with(|| one.signal.cmp(&two.signal)));
    }
    Explanation { before: scored.0, after: scored.1, change, causes }
}

/// What the other scorecard, or the other version, makes of what was known before. Under one version the peers that a signal is ranked among
/// can still be others, where another scorecard was edited.
fn of_scorecard(before: Moment<'_>, restated: &Inputs, card: &Scorecard) -> Vec<Cause> {
    let (old, new) = (before.card.score(before.inputs), card.score(restated));
    let whole = standing(card, &new) - standing(before.card, &old);
    if before.card.id == card.id && before.card.version == card.version && whole.is_zero() {
        return Vec::new();
    }
    let cause = |kind, signal: Option<&str>, effect: Decimal| {
        let input = |of: &Inputs| signal.and_then(|signal| of.get(signal));
        let (before, after) = (input(before.inputs), input(restated));
        Cause { kind, signal: signal.map(str::to_owned), before, after, effect: effect.normalize() }
    };
    if before.card.id != card.id || new.value.is_none() {
        let kind = if before.card.id == card.id { CauseKind::Definition } else { CauseKind::Switch };
        return vec![cause(kind, None, whole)];
    }
    let part = |score: &Score, signal: &str| -> Decimal {
        score.signals.iter().find(|one| one.signal == signal).map(|one| one.contribution).unwrap_or_default()
    };
    let mut signals: Vec<&str> = old.signals.iter().chain(&new.signals).map(|one| one.signal.as_str()).collect();
    signals.sort_unstable();
    signals.dedup();
    let mut causes: Vec<Cause> = signals
        .into_iter()
        .map(|signal| cause(CauseKind::Definition, Some(signal), part(&new, signal) - part(&old, signal)))
        .collect();
    // Where the formula starts, and what holding it within its limits took.
    let rest = whole - causes.iter().map(|cause| cause.effect).sum::<Decimal>();
    causes.push(cause(CauseKind::Definition, None, rest));
    causes
}

/// What signals did under one scorecard: first those that came or went, then those that were there on both days.
fn of_signals(card: &Scorecard, before: &Inputs, after: &Inputs) -> Vec<Cause> {
    let (old, new) = (card.score(before), card.score(after));
    let (mut gone, mut moved) = (Vec::new(), Vec::new());
    for (one, two) in old.signals.iter().zip(&new.signals) {
        match kind(one, two) {
            Some(CauseKind::Value) => moved.push((CauseKind::Value, one, two)),
            Some(kind) => gone.push((kind, one, two)),
            None => {}
        }
    }
    let mut now = before.clone();
    let mut causes = step(card, &mut now, &gone);
    causes.extend(step(card, &mut now, &moved));
    causes
}

/// Lets some signals change, and splits what that does among them.
fn step(card: &Scorecard, now: &mut Inputs, changed: &[(CauseKind, &ScoredSignal, &ScoredSignal)]) -> Vec<Cause> {
    let game = |in_: &[bool]| {
        let mut inputs = now.clone();
        for ((_, _, after), _) in changed.iter().zip(in_).filter(|(_, in_)| **in_) {
            inputs.set(&after.signal, after.input);
        }
        standing(card, &card.score(&inputs))
    };
    let effects = shapley::split(changed.len(), game);
    for (_, _, after) in changed {
        now.set(&after.signal, after.input);
    }
    let cause = |((kind, before, after), effect): (&(CauseKind, &ScoredSignal, &ScoredSignal), Decimal)| Cause {
        kind: *kind,
        signal: Some(after.signal.clone()),
        before: before.input,
        after: after.input,
        effect,
    };
    changed.iter().zip(effects).map(cause).collect()
}

/// What happened to a signal between two scores of one scorecard; `None`: nothing that counts. Its points alone tell: with the same ones
/// it has the same part in the score.
fn kind(before: &ScoredSignal, after: &ScoredSignal) -> Option<CauseKind> {
    if before.points == after.points {
        return None;
    }
    let both_count = before.points.is_some() && after.points.is_some();
    Some(match (before.state, after.state) {
        (State::Fresh, State::Fresh) => CauseKind::Value,
        // Last values, which count though they are old.
        (State::Stale, State::Stale) if both_count => CauseKind::Value,
        (State::Missing | State::Stale, State::Stale) if before.points.is_none() => CauseKind::CameBack,
        (_, State::Fresh) => CauseKind::CameBack,
        (_, State::Stale) => CauseKind::WentStale,
        (_, State::Missing) => CauseKind::WentMissing,
    })
}

/// A score's value; without one, where a scorecard that knows nothing stands.
fn standing(card: &Scorecard, score: &Score) -> Decimal {
    score.value.unwrap_or(card.neutral)
}

//! From the signature to the first value: most arrive, some stall, a few leave before.

use crate::calendar::Day;
use crate::dice::Dice;

/// How onboarding went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Live and of use within ninety days.
    Reached,
    /// Not live after ninety days; some arrive later.
    Stalled,
    /// Left before any value.
    Lost,
}

impl Outcome {
    /// Its name in the truth.
    pub fn name(self) -> &'static str {
        ["reached", "stalled", "lost_before_value"][self as usize]
    }

    /// The outcomes of `n` accounts: 15 % stall, 5 % are lost.
    pub fn deal(dice: &mut Dice, n: usize) -> Vec<Self> {
        let (stalled, lost) = (n * 15 / 100, n * 5 / 100);
        let mut all: Vec<Self> = (0..n)
            .map(|index| match index {
                _ if index < stalled => Self::Stalled,
                _ if index < stalled + lost => Self::Lost,
                _ => Self::Reached,
            })
            .collect();
        dice.shuffle(&mut all);
        all
    }
}

/// The steps, as days of the simulation; none: never.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Onboarding {
    /// How it went.
    pub outcome: Outcome,
    /// Signed.
    pub signed: Day,
    /// Kick-off call.
    pub kick_off: Day,
    /// Live.
    pub live: Option<Day>,
    /// First value: of Reports, the first report shared.
    pub first_value: Option<Day>,
    /// Value, as the customer and the CSM agreed it.
    pub value: Option<Day>,
    /// The day it leaves without value.
    pub lost: Option<Day>,
}

impl Onboarding {
    /// Draws the steps of an account that signs on a day.
    pub fn draw(dice: &mut Dice, outcome: Outcome, signed: Day) -> Self {
        let after = |days: f64| signed + days.round() as Day;
        let kick_off = after(dice.around(6.0, 0.5).clamp(1.0, 20.0));
        let mut steps = Self { outcome, signed, kick_off, live: None, first_value: None, value: None, lost: None };
        match outcome {
            Outcome::Reached => {
                let live = after(dice.around(31.0, 0.42).clamp(8.0, 86.0)).max(kick_off + 2);
                let first =
                    (kick_off + 1 + (f64::from(live - kick_off) * (0.3 + 0.9 * dice.unit())) as Day).min(signed + 88);
                steps.live = Some(live);
                steps.first_value = Some(first);
                steps.value = Some(live.max(first) + dice.around(24.0, 0.5).clamp(5.0, 120.0) as Day);
            }
            Outcome::Stalled => {
                if dice.chance(0.55) {
                    let live = signed + dice.between(96, 260) as Day;
                    steps.live = Some(live);
                    if dice.chance(0.8) {
                        steps.first_value = Some(live + dice.between(2, 40) as Day);
                        steps.value =
                            steps.first_value.filter(|_| dice.chance(0.7)).map(|day| day + dice.between(20, 90) as Day);
                    }
                }
            }
            Outcome::Lost => steps.lost = Some(signed + dice.between(35, 150) as Day),
        }
        steps
    }
}

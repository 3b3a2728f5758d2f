//! What a customer feels, month by month: the hidden cause of use, tickets, answers and, mostly, of staying.

use crate::dice::Dice;
use crate::onboarding::Outcome;
use crate::story::Story;

/// Whether what shows is what leads to leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Temper {
    /// Leaves when unhappy, mostly.
    Plain,
    /// Leaves although all looks well: bought by somebody, out of money, champion gone.
    SilentGreen,
    /// Complains and stays.
    LoudSurvivor,
}

impl Temper {
    /// Drawn at random.
    pub fn draw(dice: &mut Dice) -> Self {
        [Self::Plain, Self::SilentGreen, Self::LoudSurvivor][dice.weighted(&[0.86, 0.065, 0.075])]
    }

    /// Its name in the truth.
    pub fn name(self) -> &'static str {
        ["plain", "silent_green_churner", "loud_survivor"][self as usize]
    }
}

/// The path of an account's mood, one value a month of the simulation, in about -3 (furious) to 3 (delighted).
#[derive(Debug, Clone)]
pub(crate) struct Mood(Vec<f64>);

impl Mood {
    /// Draws the path; months before the account's first carry its first mood.
    pub fn draw(dice: &mut Dice, temper: Temper, outcome: Outcome, first: usize, months: usize, story: &Story) -> Self {
        let usual = match temper {
            Temper::Plain => 0.25 + 0.65 * dice.normal(),
            Temper::SilentGreen => 0.9 + 0.25 * dice.normal(),
            Temper::LoudSurvivor => -1.25 + 0.3 * dice.normal(),
        };
        let begun = match outcome {
            Outcome::Reached => 0.45 + 0.6 * dice.normal(),
            Outcome::Stalled => -0.55 + 0.5 * dice.normal(),
            Outcome::Lost => -1.2 + 0.4 * dice.normal(),
        };
        let mut now = if temper == Temper::Plain { begun } else { usual };
        let mut path = vec![now; months];
        for (month, mood) in path.iter_mut().enumerate().skip(first) {
            now += 0.15 * (usual - now) + 0.28 * dice.normal() + story.push(month);
            // A champion leaves, a bug eats a week's work.
            if temper == Temper::Plain && dice.chance(0.018) {
                now -= 1.4;
            }
            if temper == Temper::SilentGreen {
                now = now.max(0.35);
            }
            now = now.clamp(-3.0, 3.0);
            *mood = now;
        }
        Self(path)
    }

    /// Makes all months from one on other than they were.
    #[cfg(test)]
    pub fn change_from(&mut self, month: usize) {
        self.0.iter_mut().skip(month).for_each(|mood| *mood = -*mood - 1.0);
    }

    /// In a month.
    pub fn at(&self, month: usize) -> f64 {
        self.0.get(month).or(self.0.last()).copied().unwrap_or_default()
    }

    /// Over the last three months: people decide late.
    pub fn lately(&self, month: usize) -> f64 {
        (0..3).map(|back| self.at(month.saturating_sub(back))).sum::<f64>() / 3.0
    }
}

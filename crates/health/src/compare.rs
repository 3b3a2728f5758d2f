//! Two scorecards on the same customers and days.

use crate::days;
use crate::error::HealthError;
use crate::history::{Health, rank};
use crate::observe::{Customer, observe};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tenure_scorecard::{Colour, Score, Scorecards};

/// Two scorecards, day by day.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The days, in order.
    pub days: Vec<DayCompared>,
    /// Customers whose colour differs on the last day, by account.
    pub recoloured: Vec<Recoloured>,
}

/// Two scorecards on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayCompared {
    /// The day.
    pub day: Date,
    /// The customers scored by either.
    pub customers: usize,
    /// The mean score under each; none where nobody has one.
    pub mean: [Option<Decimal>; 2],
    /// Customers of each colour under each.
    pub colours: [BTreeMap<Colour, usize>; 2],
    /// Customers whose colour differs.
    pub recoloured: usize,
}

/// A customer whose colour differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Recoloured {
    /// The customer.
    pub customer: Customer,
    /// Its scores under each.
    pub scores: [Option<Score>; 2],
}

/// A customer and its scores under each.
type Both = (Customer, [Option<Score>; 2]);

impl Health {
    /// Scores customers on some days by two sets of scorecards.
    pub async fn compare(&self, one: &Scorecards, two: &Scorecards, days: &[Date]) -> Result<Compared, HealthError> {
        let mut compared = Compared { days: Vec::new(), recoloured: Vec::new() };
        for (basis, days) in self.by_basis(days)? {
            let first = days::period(days[0], &self.settings.clock())?.start;
            let mut scored: BTreeMap<(Date, String), Both> = BTreeMap::new();
            for (place, cards) in [one, two].into_iter().enumerate() {
                let engine = self.engine_for(&basis, cards, first).await?;
                let mut observed = observe(&engine, cards, &days).await?;
                rank(cards, &mut observed);
                for seen in observed {
                    let score = cards.choose(&seen.traits).map(|card| card.score(&seen.inputs));
                    let key = (seen.day, seen.customer.account.clone());
                    scored.entry(key).or_insert_with(|| (seen.customer, [None, None])).1[place] = score;
                }
            }
            for day in days {
                let of_day = scored.iter().filter(|((at, _), _)| *at == day).map(|(_, both)| both);
                compared.recoloured = of_day.clone().filter(|(_, both)| differ(both)).map(recoloured).collect();
                compared.days.push(day_compared(day, of_day, compared.recoloured.len()));
            }
        }
        Ok(compared)
    }
}

fn differ(both: &[Option<Score>; 2]) -> bool {
    let colour = |score: &Option<Score>| score.as_ref().and_then(|score| score.colour);
    colour(&both[0]) != colour(&both[1])
}

fn recoloured((customer, scores): &Both) -> Recoloured {
    Recoloured { customer: customer.clone(), scores: scores.clone() }
}

fn day_compared<'a>(day: Date, both: impl Iterator<Item = &'a Both> + Clone, recoloured: usize) -> DayCompared {
    let under = |place: usize| both.clone().filter_map(move |(_, scores)| scores[place].as_ref());
    let mean = |place: usize| {
        let values: Vec<Decimal> = under(place).filter_map(|score| score.value).collect();
        values.iter().sum::<Decimal>().checked_div(Decimal::from(values.len()))
    };
    let colours = |place: usize| {
        let mut counts = BTreeMap::new();
        under(place).filter_map(|score| score.colour).for_each(|colour| *counts.entry(colour).or_insert(0) += 1);
        counts
    };
    DayCompared {
        day,
        customers: both.clone().count(),
        mean: [mean(0), mean(1)],
        colours: [colours(0), colours(1)],
        recoloured,
    }
}

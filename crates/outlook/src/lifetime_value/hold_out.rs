//! Each model fitted to what had happened by a month, and held against what has happened since.

use super::history::{Months, lives, purchases};
use super::model::Model;
use crate::error::OutlookError;
use jiff::Timestamp;
use tenure_engine::Engine;
use tenure_schema::period::Period;
use tenure_stats::Lifetime;
use tenure_stats::lifetime::contractual::{Bdw, Sbg};
use tenure_stats::lifetime::purchases::{BgNbd, Histories, History, MbgNbd, ParetoNbd, TimeUnit};
use tenure_stats::lifetime::worth::buying::BuyingModel;
use tenure_stats::lifetime::worth::contract::{ContractModel, cohorts};

/// A model's expectation from a month on, and what came.
#[derive(Debug, Clone, PartialEq)]
pub struct HoldOut {
    /// The model.
    pub model: Model,
    /// The last month that it was fitted to.
    pub known: Period,
    /// The customers at its close whom the steps are about: those who had not left, or all who had bought.
    pub customers: usize,
    /// The months since, oldest first; none where there is no fit.
    pub steps: Vec<Step>,
    /// Why there is no fit.
    pub reason: Option<String>,
}

/// What stood at the close of a month after the fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The month.
    pub month: Period,
    /// Of contracts how many are expected to be still customers, of purchases how many since the fit: months with invoices.
    pub expected: f64,
    /// How many there are, or were.
    pub actual: f64,
}

impl HoldOut {
    /// By how much more than came was expected at the last step, as a share of it. `None` without a fit, or where nothing came.
    pub fn off(&self) -> Option<f64> {
        self.steps.last().filter(|step| step.actual > 0.0).map(|step| step.expected / step.actual - 1.0)
    }
}

/// Every model fitted at the close of the first of some months that follow each other, and its expectation at the close of each later
/// one. Only rows dated before a close count at it; `now` is until when the data is known.
///
/// An error where the rows cannot be read. A model without a fit is told with its reason.
pub async fn hold_out(engine: &Engine, months: &[Period], now: Timestamp) -> Result<Vec<HoldOut>, OutlookError> {
    let Some(known) = months.first() else { return Ok(Vec::new()) };
    let (lives, purchases) = (lives(engine, months, now).await?, purchases(engine, months, now).await?);
    let told = |model: Model, customers: usize, steps: Result<Vec<(f64, f64)>, String>| {
        let (steps, reason) = match steps {
            Ok(steps) => (steps, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        let steps = months.iter().skip(1).zip(steps);
        let steps = steps.map(|(month, (expected, actual))| Step { month: month.clone(), expected, actual });
        HoldOut { model, known: known.clone(), customers, steps: steps.collect(), reason }
    };
    let staying = lives.first().map_or(0, |first| first.values().filter(|life| !life.ended).count());
    let buyers = purchases.first().map_or(0, |first| first.len());
    Ok(vec![
        told(Model::Sbg, staying, survivors::<Sbg, 2>(&lives)),
        told(Model::Bdw, staying, survivors::<Bdw, 3>(&lives)),
        told(Model::BgNbd, buyers, bought::<BgNbd>(&purchases)),
        told(Model::MbgNbd, buyers, bought::<MbgNbd>(&purchases)),
        told(Model::ParetoNbd, buyers, bought::<ParetoNbd>(&purchases)),
    ])
}

/// Of those who had not left at the first close: `Σ S(n + k)/S(n)`, and how many had not at each later one.
fn survivors<M: ContractModel<N>, const N: usize>(months: &Months<Lifetime>) -> Result<Vec<(f64, f64)>, String> {
    let Some((first, later)) = months.split_first() else { return Ok(Vec::new()) };
    let all: Vec<Lifetime> = first.values().copied().collect();
    let cohorts = cohorts(&all).map_err(|error| error.to_string())?;
    let model = M::fitted(&cohorts).map_err(|error| error.to_string())?.model;
    let staying: Vec<(&String, &Lifetime)> = first.iter().filter(|(_, life)| !life.ended).collect();
    let step = |(after, then): (usize, &std::collections::BTreeMap<String, Lifetime>)| {
        let share = |age: f64| (model.ln_survival(age + 1.0 + after as f64) - model.ln_survival(age)).exp();
        let expected = staying.iter().map(|(_, life)| share(life.months)).sum();
        let still = staying.iter().filter(|(id, _)| then.get(*id).is_some_and(|life| !life.ended));
        (expected, still.count() as f64)
    };
    Ok(later.iter().enumerate().map(step).collect())
}

/// Of those who had bought by the first close: `Σ E[Y(k)]`, and how often they had bought since at each later one.
fn bought<M: BuyingModel>(months: &Months<History>) -> Result<Vec<(f64, f64)>, String> {
    let Some((first, later)) = months.split_first() else { return Ok(Vec::new()) };
    let rows = first.values().map(|history| (*history, 1.0));
    let histories = Histories::new(TimeUnit::Month, rows).map_err(|error| error.to_string())?;
    let model = M::fitted(&histories).map_err(|error| error.to_string())?.fit.model;
    let step = |(after, then): (usize, &std::collections::BTreeMap<String, History>)| {
        let further = |history: &History| model.expected_further_purchases(history, after as f64 + 1.0);
        let expected: Option<f64> = histories.rows().iter().map(|(history, n)| Some(n * further(history)?)).sum();
        let since = first
            .iter()
            .filter_map(|(id, before)| Some(f64::from(then.get(id)?.frequency()) - f64::from(before.frequency())));
        Some((expected?, since.sum()))
    };
    let steps: Option<Vec<_>> = later.iter().enumerate().map(step).collect();
    steps.ok_or_else(|| "the expected purchases of an account have no number".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tenure_stats::bootstrap::SplitMix64;

    fn month<T: Copy>(rows: &[T]) -> BTreeMap<String, T> {
        rows.iter().enumerate().map(|(nth, one)| (format!("{nth:03}"), *one)).collect()
    }

    #[test]
    fn survivors_of_a_curve_that_goes_on_as_it_began() {
        // 12 lives leave as α = β = 1 has it, S(k) = 1/(1 + k): of the three left after three months 3 · 4/5 are expected after a fourth,
        // 3 · 4/6 after a fifth.
        let life = |months: f64, ended| Lifetime { months, ended, mrr: 1.0 };
        let mut first = vec![life(1.0, true); 6];
        first.extend([life(2.0, true), life(2.0, true), life(3.0, true)]);
        first.extend([life(3.0, false); 3]);
        let mut second = first.clone();
        second[9] = life(4.0, true);
        let found = survivors::<Sbg, 2>(&vec![month(&first), month(&second), month(&second)]).unwrap();
        let wanted = [(3.0 * 4.0 / 5.0, 2.0), (3.0 * 4.0 / 6.0, 2.0)];
        for ((expected, actual), (wanted, came)) in found.into_iter().zip(wanted) {
            assert!((expected - wanted).abs() < 1e-6 && actual == came, "{expected} {actual}");
        }
        let none = survivors::<Sbg, 2>(&vec![month(&[life(3.0, false), life(2.0, false)])]);
        assert!(none.unwrap_err().contains("nobody was lost"));
    }

    /// Customers drawn from a fixed seed as Pareto/NBD has them, `r = s = 1`: their histories after so many months.
    fn drawn(month: f64) -> Vec<History> {
        let mut generator = SplitMix64::new(7);
        let mut wait = |mean: f64| -mean * (((generator.next_bits() >> 11) as f64 + 0.5) / 2f64.powi(53)).ln();
        let one = |_| {
            let (gap, life) = (1.0 / wait(1.0), 5.0 / wait(1.0));
            let left = wait(life);
            let mut days = Vec::new();
            let mut day = wait(gap);
            // Drawn to the same end whatever is looked at, so that the past of two looks is the same.
            while day <= left.min(30.0) {
                days.push(day);
                day += wait(gap);
            }
            days.retain(|day| *day <= month);
            let recency = days.last().copied().unwrap_or(0.0);
            History::new(u32::try_from(days.len()).unwrap(), recency, month).unwrap()
        };
        (0..600).map(one).collect()
    }

    #[test]
    fn purchases_of_drawn_customers_come_about_as_expected() {
        let months = [month(&drawn(8.0)), month(&drawn(9.0))];
        let found = bought::<ParetoNbd>(&vec![months[0].clone(), months[1].clone()]).unwrap();
        let came: u32 = drawn(9.0).iter().map(History::frequency).sum();
        let before: u32 = drawn(8.0).iter().map(History::frequency).sum();
        assert_eq!(found[0].1, f64::from(came - before));
        assert!((found[0].0 / found[0].1 - 1.0).abs() < 0.15, "{found:?}");
        // Who first bought since is no part of it.
        let mut more = months[1].clone();
        more.insert("new".to_owned(), History::new(3, 0.5, 0.9).unwrap());
        assert_eq!(bought::<ParetoNbd>(&vec![months[0].clone(), more]).unwrap(), found);
        let history = |age| History::new(0, 0.0, age).unwrap();
        let none = bought::<BgNbd>(&vec![month(&[history(3.0), history(4.0)])]);
        assert!(none.unwrap_err().contains("no customer bought twice"));
    }
}

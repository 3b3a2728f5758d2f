//! How many customers were lost at each age, and how many were still there when last looked at.

use crate::lifetime::error::FitError;

/// The customers who began in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// How many were lost at the end of their first, second, … period.
    pub lost: Vec<f64>,
    /// How many were still there after the last of those periods.
    pub alive: f64,
}

impl Cohort {
    /// The cohort of which `survivors[t]` were there after `t` periods; `survivors[0]` is its size.
    ///
    /// An error where the survivors rise or are not counts.
    pub fn from_survivors(survivors: &[f64]) -> Result<Cohort, FitError> {
        if let Some(age) = survivors.iter().position(|count| !counts(*count)) {
            return Err(FitError::Count { cohort: 1, age });
        }
        if let Some(age) = survivors.windows(2).position(|pair| pair[1] > pair[0]) {
            return Err(FitError::Survivors { age: age + 1 });
        }
        Ok(Cohort {
            lost: survivors.windows(2).map(|pair| pair[0] - pair[1]).collect(),
            alive: survivors.last().copied().unwrap_or(0.0),
        })
    }
}

/// All cohorts together, each followed to its own last age: what the likelihood needs of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohorts {
    lost: Vec<f64>,
    alive: Vec<f64>,
}

impl Cohorts {
    /// The sum of the cohorts, by age. An error names the cohort and age whose count is no count.
    pub fn new(cohorts: &[Cohort]) -> Result<Cohorts, FitError> {
        let ages = cohorts.iter().map(|cohort| cohort.lost.len()).max().unwrap_or(0);
        let (mut lost, mut alive) = (vec![0.0; ages], vec![0.0; ages + 1]);
        for (nth, cohort) in cohorts.iter().enumerate() {
            for (t, &count) in cohort.lost.iter().enumerate() {
                if !counts(count) {
                    return Err(FitError::Count { cohort: nth + 1, age: t + 1 });
                }
                lost[t] += count;
            }
            if !counts(cohort.alive) {
                return Err(FitError::Count { cohort: nth + 1, age: cohort.lost.len() });
            }
            alive[cohort.lost.len()] += cohort.alive;
        }
        Ok(Cohorts { lost, alive })
    }

    /// All customers.
    pub fn customers(&self) -> f64 {
        self.lost.iter().sum::<f64>() + self.alive.iter().sum::<f64>()
    }

    /// `Σ n_t ln P(T = t) + Σ n_alive ln S(t)`, given the logarithm of the share that stays from age `t − 1` to `t`, and of the
    /// share that is lost.
    pub(crate) fn log_likelihood(&self, ln_stays: impl Fn(f64) -> f64, ln_goes: impl Fn(f64) -> f64) -> f64 {
        let (mut ln_survival, mut sum) = (0.0, 0.0);
        for (t, (&lost, &alive)) in self.lost.iter().zip(&self.alive[1..]).enumerate() {
            let age = t as f64 + 1.0;
            if lost > 0.0 {
                sum += lost * (ln_survival + ln_goes(age));
            }
            ln_survival += ln_stays(age);
            if alive > 0.0 {
                sum += alive * ln_survival;
            }
        }
        sum
    }

    /// An error where so many parameters cannot be told: nobody was lost, or too few ages have anybody at risk.
    pub(crate) fn identify(&self, parameters: usize) -> Result<(), FitError> {
        let found = self.customers();
        if found < 2.0 {
            return Err(FitError::TooFew { found });
        }
        if self.lost.iter().sum::<f64>() <= 0.0 {
            return Err(FitError::NobodyLost);
        }
        let mut at_risk = found;
        let mut ages = 0;
        for (lost, alive) in self.lost.iter().zip(&self.alive) {
            at_risk -= alive;
            ages += usize::from(at_risk > 1e-9 * found);
            at_risk -= lost;
        }
        if ages < parameters {
            return Err(FitError::TooFewAges { found: ages, needed: parameters });
        }
        Ok(())
    }
}

fn counts(count: f64) -> bool {
    count.is_finite() && count >= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cohorts_add_up_by_age() {
        let long = Cohort::from_survivors(&[100.0, 80.0, 70.0]).unwrap();
        let short = Cohort { lost: vec![5.0], alive: 45.0 };
        let both = Cohorts::new(&[long, short]).unwrap();
        assert_eq!((both.lost.clone(), both.alive.clone()), (vec![25.0, 10.0], vec![0.0, 45.0, 70.0]));
        assert_eq!(both.customers(), 150.0);
    }

    #[test]
    fn what_is_no_cohort_is_refused() {
        assert_eq!(Cohort::from_survivors(&[10.0, 11.0]), Err(FitError::Survivors { age: 1 }));
        assert_eq!(Cohort::from_survivors(&[10.0, f64::NAN]), Err(FitError::Count { cohort: 1, age: 1 }));
        let negative = Cohort { lost: vec![1.0, -1.0], alive: 3.0 };
        assert_eq!(Cohorts::new(&[negative]), Err(FitError::Count { cohort: 1, age: 2 }));
        let endless = Cohort { lost: vec![1.0], alive: f64::INFINITY };
        assert_eq!(Cohorts::new(&[endless]), Err(FitError::Count { cohort: 1, age: 1 }));
    }
}

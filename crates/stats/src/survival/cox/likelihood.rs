//! The partial likelihood of a Cox model and its derivatives.

use super::{Baseline, Ties};
use crate::regression::newton::Likelihood;
use crate::survival::Observation;
use nalgebra::{DMatrix, DVector};

/// A case at risk, its features on the common scale.
pub(super) struct Risk {
    pub seen: Observation,
    pub stratum: usize,
    pub x: Vec<f64>,
}

/// Where so little is left of a risk set's weight, what was taken off it has left its rounding errors behind: the sums are
/// made anew.
const CANCELLED: f64 = 1e-4;

/// All cases, by stratum and within it the latest first.
pub(super) struct RiskSets {
    strata: Vec<Stratum>,
    width: usize,
}

struct Stratum {
    cases: Vec<Risk>,
    /// Those that entered late, the latest entry first.
    late: Vec<usize>,
}

/// Sums over some cases of `r`, `r·x` and `r·x·xᵀ` (the lower triangle), with `r = exp(βx − shift)`.
struct Moments {
    weight: f64,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Moments {
    fn new(width: usize) -> Moments {
        Moments { weight: 0.0, first: vec![0.0; width], second: vec![0.0; width * width] }
    }

    fn add(&mut self, r: f64, x: &[f64]) {
        let width = x.len();
        self.weight += r;
        for j in 0..width {
            self.first[j] += r * x[j];
            for k in 0..=j {
                self.second[j * width + k] += r * x[j] * x[k];
            }
        }
    }

    fn clear(&mut self) {
        self.weight = 0.0;
        self.first.fill(0.0);
        self.second.fill(0.0);
    }
}

impl RiskSets {
    /// Of cases in order: by stratum, the latest first.
    pub fn new(cases: Vec<Risk>, width: usize) -> RiskSets {
        let mut strata: Vec<Stratum> = Vec::new();
        for case in cases {
            match strata.last_mut().filter(|stratum| stratum.cases[0].stratum == case.stratum) {
                Some(stratum) => stratum.cases.push(case),
                None => strata.push(Stratum { cases: vec![case], late: Vec::new() }),
            }
        }
        for Stratum { cases, late } in &mut strata {
            late.extend((0..cases.len()).filter(|&i| cases[i].seen.entry.is_some()));
            let entry = |i: usize| cases[i].seen.entry.unwrap_or(f64::NEG_INFINITY);
            late.sort_by(|&a, &b| entry(b).total_cmp(&entry(a)));
        }
        RiskSets { strata, width }
    }

    /// Whether an end came while another case was at risk.
    pub fn informative(&self) -> bool {
        let mut found = false;
        for stratum in &self.strata {
            let unit = vec![1.0; stratum.cases.len()];
            stratum.visit(&unit, self.width, |event| found |= event.at_risk.weight > 1.5);
        }
        found
    }

    /// The log partial likelihood at a point; minus infinity where the numbers no longer tell a risk set from nothing.
    pub fn likelihood(&self, b: &DVector<f64>, ties: Ties) -> Likelihood {
        let width = self.width;
        let mut sum =
            Likelihood { value: 0.0, gradient: DVector::zeros(width), information: DMatrix::zeros(width, width) };
        for stratum in &self.strata {
            let (log_risk, shift) = stratum.log_risk(b);
            let r: Vec<f64> = log_risk.iter().map(|log| (log - shift).exp()).collect();
            stratum.visit(&r, width, |event| {
                for i in event.tied.clone() {
                    sum.value += log_risk[i] - shift;
                    for (gradient, x) in sum.gradient.iter_mut().zip(&stratum.cases[i].x) {
                        *gradient += x;
                    }
                }
                for left in event.left(ties) {
                    event.subtract(left, &mut sum);
                }
            });
        }
        sum.information.fill_upper_triangle_with_lower_triangle();
        sum
    }

    /// The cumulative hazard of a case at the mean of every feature, a curve a stratum.
    pub fn baselines(&self, b: &DVector<f64>, ties: Ties) -> Vec<Baseline> {
        let curve = |stratum: &Stratum| {
            let (log_risk, shift) = stratum.log_risk(b);
            let r: Vec<f64> = log_risk.iter().map(|log| (log - shift).exp()).collect();
            let mut steps = Vec::new();
            stratum.visit(&r, self.width, |event| {
                let hazard: f64 = event.left(ties).map(|left| (-shift).exp() / event.weight(left)).sum();
                steps.push((event.time, hazard));
            });
            steps.reverse();
            let mut hazard = 0.0;
            for step in &mut steps {
                hazard += step.1;
                step.1 = hazard;
            }
            Baseline { stratum: stratum.cases[0].stratum, steps, last: stratum.cases[0].seen.time }
        };
        self.strata.iter().map(curve).collect()
    }
}

/// A time at which cases of a stratum ended.
struct Event<'a> {
    time: f64,
    /// Those that ended.
    tied: std::ops::Range<usize>,
    at_risk: &'a Moments,
    ending: &'a Moments,
}

impl Event<'_> {
    /// For each of the tied, the share of all the tied that is taken to have left the risk set before it.
    fn left(&self, ties: Ties) -> impl Iterator<Item = f64> {
        let ends = self.tied.len();
        (0..ends).map(move |before| match ties {
            Ties::Efron => before as f64 / ends as f64,
            Ties::Breslow => 0.0,
        })
    }

    fn weight(&self, left: f64) -> f64 {
        self.at_risk.weight - left * self.ending.weight
    }

    /// Takes the log of the risk set's weight off the likelihood, with its derivatives.
    fn subtract(&self, left: f64, sum: &mut Likelihood) {
        let weight = self.weight(left);
        if weight <= 0.0 {
            sum.value = f64::NEG_INFINITY;
            return;
        }
        sum.value -= weight.ln();
        let width = self.at_risk.first.len();
        let mean = |j: usize| (self.at_risk.first[j] - left * self.ending.first[j]) / weight;
        for j in 0..width {
            sum.gradient[j] -= mean(j);
            for k in 0..=j {
                let second = self.at_risk.second[j * width + k] - left * self.ending.second[j * width + k];
                sum.information[(j, k)] += second / weight - mean(j) * mean(k);
            }
        }
    }
}

impl Stratum {
    fn log_risk(&self, b: &DVector<f64>) -> (Vec<f64>, f64) {
        let dot = |case: &Risk| case.x.iter().zip(b.iter()).map(|(x, b)| x * b).sum::<f64>();
        let log_risk: Vec<f64> = self.cases.iter().map(dot).collect();
        let shift = log_risk.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (log_risk, shift)
    }

    /// Goes back in time: cases join the risk set when last seen, and leave it where they entered.
    fn visit(&self, r: &[f64], width: usize, mut event: impl FnMut(&Event)) {
        let (mut at_risk, mut ending) = (Moments::new(width), Moments::new(width));
        let mut late = self.late.iter().copied().peekable();
        let (mut from, mut peak) = (0, 0.0f64);
        for tied in self.cases.chunk_by(|a, b| a.seen.time == b.seen.time) {
            let time = tied[0].seen.time;
            let to = from + tied.len();
            // Within a time the open come before those that ended.
            let first_ended = from + tied.partition_point(|case| !case.seen.ended);
            ending.clear();
            for (case, &r) in tied.iter().zip(&r[from..to]) {
                at_risk.add(r, &case.x);
                if case.seen.ended {
                    ending.add(r, &case.x);
                }
            }
            peak = peak.max(at_risk.weight);
            while let Some(i) = late.next_if(|&i| !self.cases[i].seen.entered_before(time)) {
                at_risk.add(-r[i], &self.cases[i].x);
            }
            if at_risk.weight < CANCELLED * peak {
                at_risk.clear();
                for (case, &r) in self.cases.iter().zip(r).take(to).filter(|(case, _)| case.seen.entered_before(time)) {
                    at_risk.add(r, &case.x);
                }
                peak = at_risk.weight;
            }
            if first_ended < to {
                event(&Event { time, tied: first_ended..to, at_risk: &at_risk, ending: &ending });
            }
            from = to;
        }
    }
}

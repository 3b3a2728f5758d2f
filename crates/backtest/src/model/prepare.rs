//! From signals with gaps and outliers to features.

use crate::panel::Panel;
use serde::Serialize;
use tenure_stats::Multiset;
use tenure_stats::quantile::quantile;

/// Below this difference, against the larger number, a feature does not vary.
const VARIES: f64 = 1e-9;

/// How signals become features. Everything is learned from the rows fitted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Preparation {
    pub features: Vec<Feature>,
    pub dropped: Vec<Dropped>,
}

/// A column of the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Feature {
    /// Which signal.
    pub signal: usize,
    pub kind: Kind,
    /// The standard deviation over the rows learned from.
    pub spread: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// The value, drawn in to the limits; where it is missing, the mean.
    Value { low: f64, high: f64, mean: f64 },
    /// 1 where the value is missing, else 0.
    Missing,
}

/// A signal that the model leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// The signal.
    pub signal: String,
    /// Whether it never had a value; else its value, where there was one, was always the same.
    pub never_known: bool,
}

impl Preparation {
    /// Limits are the 1 % and 99 % quantiles (of type 7); of a signal that those would make constant, the least and the largest
    /// value. A column that does not vary among `sampled` rows is left out.
    pub fn learn(panel: &Panel, rows: &[usize], sampled: &[usize]) -> Preparation {
        let (mut features, mut dropped) = (Vec::new(), Vec::new());
        for (signal, name) in panel.signals().iter().enumerate() {
            let value = |row: usize| panel.rows()[row].values[signal];
            let known: Multiset = rows.iter().filter_map(|&row| value(row)).collect();
            let varies = |kind: Kind| {
                let found = || sampled.iter().map(|&row| kind.of(value(row)));
                let (low, high) = (found().fold(f64::INFINITY, f64::min), found().fold(f64::NEG_INFINITY, f64::max));
                high - low > VARIES * low.abs().max(high.abs())
            };
            let both = [value_kind(&known), Some(Kind::Missing)];
            let kept: Vec<Kind> = both.into_iter().flatten().filter(|&kind| varies(kind)).collect();
            features.extend(kept.iter().map(|&kind| {
                let spread = spread(rows.iter().map(|&row| kind.of(value(row))));
                Feature { signal, kind, spread }
            }));
            if !kept.iter().any(|kind| matches!(kind, Kind::Value { .. })) {
                dropped.push(Dropped { signal: name.clone(), never_known: known.is_empty() });
            }
        }
        Preparation { features, dropped }
    }

    /// The columns' names: the signal's, or the signal's with `(missing)`.
    pub fn names(&self, signals: &[String]) -> Vec<String> {
        let name = |feature: &Feature| match feature.kind {
            Kind::Value { .. } => signals[feature.signal].clone(),
            Kind::Missing => format!("{} (missing)", signals[feature.signal]),
        };
        self.features.iter().map(name).collect()
    }

    /// The columns of one row's values.
    pub fn apply(&self, values: &[Option<f64>]) -> Vec<f64> {
        self.features.iter().map(|feature| feature.kind.of(values[feature.signal])).collect()
    }
}

impl Kind {
    fn of(self, value: Option<f64>) -> f64 {
        match (self, value) {
            (Kind::Value { low, high, .. }, Some(value)) => value.max(low).min(high),
            (Kind::Value { mean, .. }, None) => mean,
            (Kind::Missing, value) => f64::from(u8::from(value.is_none())),
        }
    }
}

/// `None` of a signal that is never known.
fn value_kind(known: &Multiset) -> Option<Kind> {
    let at = |p: f64| quantile(known, p);
    let (low, high) = match (at(0.01)?, at(0.99)?) {
        (low, high) if low < high => (low, high),
        _ => (at(0.0)?, at(1.0)?),
    };
    let drawn_in: Multiset =
        Multiset::from_counts(known.pairs().iter().map(|&(value, count)| (value.max(low).min(high), count)));
    Some(Kind::Value { low, high, mean: drawn_in.mean()? })
}

fn spread(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::Row;

    /// 200 accounts: one outlier, one rare yes, one constant, one half missing, one never known.
    fn learned() -> Preparation {
        let row = |i: i32| {
            let wide = if i == 0 { 1e9 } else { f64::from(i) };
            let values = vec![
                Some(wide),
                Some(f64::from(u8::from(i == 7))),
                Some(0.1),
                (i % 2 == 0).then(|| f64::from(i)),
                None,
            ];
            Row { account: format!("a{i}"), day: 0, values, segment: None, left_on: None, known_to: 0 }
        };
        let names = ["wide", "rare", "same", "half", "none"].map(str::to_owned).to_vec();
        let panel = Panel::new(names, (0..200).map(row).collect()).unwrap();
        let rows: Vec<usize> = (0..200).collect();
        Preparation::learn(&panel, &rows, &rows)
    }

    #[test]
    fn outliers_are_drawn_in_and_gaps_filled() {
        let learned = learned();
        let signals: Vec<usize> = learned.features.iter().map(|feature| feature.signal).collect();
        assert_eq!(signals, [0, 1, 3, 3], "a column for the values, and one for gaps where there are some");
        let row = learned.apply(&[Some(1e9), Some(1.0), Some(0.1), None, None]);
        assert!((row[0] - 198.01).abs() < 1e-9, "the 99 % quantile: {}", row[0]);
        assert_eq!((row[1], row[3]), (1.0, 1.0), "a rare yes stays one");
        assert!((row[2] - 99.0).abs() < 0.1, "the mean of 0, 2 … 198: {}", row[2]);
        assert_eq!(learned.apply(&[Some(5.0), Some(0.0), None, Some(40.0), None]), [5.0, 0.0, 40.0, 0.0]);
    }

    #[test]
    fn what_never_varies_is_left_out_by_name() {
        let names: Vec<(String, bool)> =
            learned().dropped.into_iter().map(|one| (one.signal, one.never_known)).collect();
        assert_eq!(names, [("same".to_owned(), false), ("none".to_owned(), true)]);
    }
}

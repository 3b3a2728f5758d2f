//! A company of which the truth is known: every account has a hidden health that wanders, and leaves by it.

use crate::random::Random;
use tenure_backtest::{Colour, Panel, Row, Scorer};

pub struct Company {
    pub signals: Vec<String>,
    pub rows: Vec<Row>,
    /// The hidden health behind each row.
    pub health: Vec<f64>,
    /// The hidden health that some other account would have had on that day: real paths, of nobody concerned.
    pub elsewhere: Vec<f64>,
}

pub const MONTH: i32 = 30;

/// `accounts` observed each month up to `months`. The monthly hazard is `1 / (1 + exp(3.6 + 1.3·health))`.
///
/// Signals: `use` and `tickets` are the health with noise, `survey` is so too but mostly missing, `useless` is noise, `fixed` never
/// varies, `unknown` has no value, `exit_interview` is there only for accounts that leave within 60 days.
pub fn company(seed: u64, accounts: usize, months: i32) -> Company {
    let mut random = Random::new(seed);
    let paths: Vec<Vec<f64>> = (0..accounts).map(|_| path(&mut random, months)).collect();
    let mut others: Vec<usize> = (0..accounts).collect();
    random.shuffle(&mut others);
    let signals = ["use", "tickets", "survey", "useless", "fixed", "unknown", "exit_interview"];
    let mut company = Company {
        signals: signals.map(str::to_owned).to_vec(),
        rows: Vec::new(),
        health: Vec::new(),
        elsewhere: Vec::new(),
    };
    let known_to = MONTH * months;
    for account in 0..accounts {
        let first = random.below(months as usize / 2) as i32;
        let seen = lifetime(&mut random, &paths[account], first, months);
        let left_on = seen.1;
        for month in first..seen.0 {
            let (day, z) = (MONTH * month, paths[account][month as usize]);
            let soon = left_on.is_some_and(|left_on| left_on - day <= 60);
            let values = vec![
                Some(z + 0.6 * random.normal()),
                Some((3.0 - z + random.normal()).round().max(0.0)),
                (random.share() < 0.3).then(|| z + random.normal()),
                Some(random.normal()),
                Some(7.0),
                None,
                (soon && random.share() < 0.6).then_some(1.0),
            ];
            let segment = Some(["large", "small"][account % 2].to_owned());
            let account_name = format!("account {account:05}");
            company.rows.push(Row { account: account_name, day, values, segment, left_on, known_to });
            company.health.push(z);
            company.elsewhere.push(paths[others[account]][month as usize]);
        }
    }
    company
}

/// A wandering health, its variance 1 at all times.
fn path(random: &mut Random, months: i32) -> Vec<f64> {
    let mut z = random.normal();
    let mut path = Vec::new();
    for _ in 0..months {
        path.push(z);
        z = 0.9 * z + (1.0f64 - 0.81).sqrt() * random.normal();
    }
    path
}

/// The month after the last one it was seen in, and the day it left, if it did.
fn lifetime(random: &mut Random, path: &[f64], first: i32, months: i32) -> (i32, Option<i32>) {
    for month in first..months {
        let hazard = 1.0 / (1.0 + (3.6 + 1.3 * path[month as usize]).exp());
        if random.share() < hazard {
            return (month + 1, Some(MONTH * month + 1 + random.below(MONTH as usize) as i32));
        }
    }
    (months, None)
}

impl Company {
    pub fn panel(&self) -> Panel {
        Panel::new(self.signals.clone(), self.rows.clone()).unwrap()
    }

    /// The same without some signals.
    pub fn without(&self, names: &[&str]) -> Panel {
        let kept: Vec<usize> =
            (0..self.signals.len()).filter(|&j| !names.contains(&self.signals[j].as_str())).collect();
        let signals = kept.iter().map(|&j| self.signals[j].clone()).collect();
        let row = |row: &Row| Row { values: kept.iter().map(|&j| row.values[j]).collect(), ..row.clone() };
        Panel::new(signals, self.rows.iter().map(row).collect()).unwrap()
    }

    /// The hidden health with noise of a size.
    pub fn score(&self, name: &str, noise: f64, seed: u64) -> Scorer {
        let mut random = Random::new(seed);
        scorer(name, self.health.iter().map(|z| z + noise * random.normal()).collect())
    }
}

/// A scorer with a score for every row: red below −0.7, amber below 0.2.
pub fn scorer(name: &str, scores: Vec<f64>) -> Scorer {
    let colour = |&score: &f64| match score {
        score if score < -0.7 => Colour::Red,
        score if score < 0.2 => Colour::Amber,
        _ => Colour::Green,
    };
    let colours = Some(scores.iter().map(|score| Some(colour(score))).collect());
    Scorer { name: name.to_owned(), scores: scores.into_iter().map(Some).collect(), colours }
}

/// `accounts` observed each month up to `months`, who leave by thresholds: the monthly hazard is 0.2 where use went up or down
/// much and bills are overdue, else 0.008.
///
/// Signals: `change` (of use) and `overdue` wander, `survey` is mostly missing and tells nothing, `useless` is noise, `fixed` never varies.
pub fn thresholds(seed: u64, accounts: usize, months: i32) -> Company {
    let mut random = Random::new(seed);
    let signals = ["change", "overdue", "survey", "useless", "fixed"].map(str::to_owned).to_vec();
    let mut company = Company { signals, rows: Vec::new(), health: Vec::new(), elsewhere: Vec::new() };
    let known_to = MONTH * months;
    for account in 0..accounts {
        let (change, overdue) = (path(&mut random, months), path(&mut random, months));
        let risky = |month: usize| change[month].abs() > 0.9 && overdue[month] > 0.0;
        let first = random.below(months as usize / 2) as i32;
        let hazard = |month: i32| if risky(month as usize) { 0.2 } else { 0.008 };
        let left = (first..months).find(|&month| random.share() < hazard(month));
        let left_on = left.map(|month| MONTH * month + 1 + random.below(MONTH as usize) as i32);
        for month in first..left.map_or(months, |month| month + 1) {
            let place = month as usize;
            let values = vec![
                Some(change[place]),
                Some(overdue[place]),
                (random.share() < 0.3).then(|| random.normal()),
                Some(random.normal()),
                Some(7.0),
            ];
            let account = format!("account {account:05}");
            company.rows.push(Row { account, day: MONTH * month, values, segment: None, left_on, known_to });
            company.health.push(f64::from(u8::from(!risky(place))));
        }
    }
    company
}

//! Accounts seen at several dates: an interval that takes their rows for independent is too narrow.

use tenure_stats::bootstrap::SplitMix64;
use tenure_stats::evaluation::auc_interval;
use tenure_stats::interval::Interval;

const ACCOUNTS: usize = 60;
const DATES: usize = 6;

fn uniform(generator: &mut SplitMix64) -> f64 {
    (generator.next_bits() >> 11) as f64 / (1u64 << 53) as f64
}

/// A standard normal number (Box and Muller 1958).
fn normal(generator: &mut SplitMix64) -> f64 {
    let radius = (-2.0 * (1.0 - uniform(generator)).ln()).sqrt();
    radius * (std::f64::consts::TAU * uniform(generator)).cos()
}

#[test]
fn the_clustered_interval_holds_its_level_and_the_other_does_not() {
    // Most of the outcome and of the score is the account's own, so rows of one account say much the same. The area over
    // pairs of different accounts is estimated once from a sample a hundred times as large.
    let truth = sample(&mut SplitMix64::new(1), 100 * ACCOUNTS);
    let truth = auc_interval(&truth.0, &truth.1, Some(&truth.2)).unwrap().area;
    let mut generator = SplitMix64::new(2);
    let (mut clustered, mut naive) = (0, 0);
    const SAMPLES: usize = 600;
    for _ in 0..SAMPLES {
        let (outcomes, scores, accounts) = sample(&mut generator, ACCOUNTS);
        let holds = |interval: Option<Interval>| usize::from(interval.is_some_and(|found| found.contains(truth)));
        clustered += holds(auc_interval(&outcomes, &scores, Some(&accounts)).unwrap().interval);
        naive += holds(auc_interval(&outcomes, &scores, None).unwrap().interval);
    }
    let (clustered, naive) = (clustered as f64 / SAMPLES as f64, naive as f64 / SAMPLES as f64);
    assert!((0.92..=0.975).contains(&clustered), "the clustered interval holds in {clustered}");
    assert!(naive < 0.85, "the naive interval holds in {naive}");
}

/// Outcomes, scores and account labels.
fn sample(generator: &mut SplitMix64, accounts: usize) -> (Vec<bool>, Vec<f64>, Vec<usize>) {
    let (mut outcomes, mut scores, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for account in 0..accounts {
        let (inclination, level) = (normal(generator), normal(generator));
        for _ in 0..DATES {
            let outcome = inclination + 0.5 * normal(generator) > 0.3;
            outcomes.push(outcome);
            scores.push(f64::from(u8::from(outcome)) + level + 0.5 * normal(generator));
            labels.push(account);
        }
    }
    (outcomes, scores, labels)
}

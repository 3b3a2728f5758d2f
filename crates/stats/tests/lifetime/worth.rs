//! What customers are worth under a fit: sums by hand, the interval against refits, and the order of the rows.

use crate::assert_near;
use crate::cdnow::summary;
use tenure_stats::bootstrap::SplitMix64;
use tenure_stats::lifetime::contractual::{Contractual, Sbg};
use tenure_stats::lifetime::purchases::{BgNbd, History, ParetoNbd, PurchaseModel};
use tenure_stats::lifetime::spend::Spend;
use tenure_stats::lifetime::worth::WorthError;
use tenure_stats::lifetime::worth::buying::{Buyer, Buying, mean_worth};
use tenure_stats::lifetime::worth::contract::{Contract, cohorts};
use tenure_stats::{Lifetime, Terms};

const TERMS: Terms = Terms { margin: 0.5, yearly_discount: 0.0, horizon: 24 };

/// Of 300 lives each month fewer leave: 60, 30, 18, 12, 9; the others go on, paying 10 or 30.
fn lives() -> Vec<Lifetime> {
    let mut lives = Vec::new();
    for (months, count) in [(1.0, 60), (2.0, 30), (3.0, 18), (4.0, 12), (5.0, 9)] {
        lives.extend(vec![Lifetime { months, ended: true, mrr: 0.0 }; count]);
    }
    lives.extend((0..171).map(|i| Lifetime { months: 5.0, ended: false, mrr: if i % 2 == 0 { 10.0 } else { 30.0 } }));
    lives
}

#[test]
fn a_contract_is_worth_what_its_survival_sums_to() {
    let lives = lives();
    let contract: Contract<Sbg, 2> = Contract::fit(&lives, &TERMS).unwrap();
    let model = contract.fit.model;
    let arpa = (86.0 * 10.0 + 85.0 * 30.0) / 171.0;
    let sum = |from: u32| (0..24).map(|k| model.survival(from + k) / model.survival(from)).sum::<f64>();
    let worth = contract.worth(&lives).unwrap();
    assert_near(worth.value, arpa * 0.5 * sum(0), 1e-9);
    assert_near(contract.payments(5).count, sum(5), 1e-9);
    // Seen are S(0) to S(5); of a life of five months only the month it is in.
    let seen: f64 = (0..6).map(|k| model.survival(k)).sum();
    assert_near(worth.tail_share, 1.0 - seen / sum(0), 1e-12);
    assert_near(contract.payments(5).tail_share, 1.0 - 1.0 / sum(5), 1e-12);
    let mut turned = lives.clone();
    turned.reverse();
    assert_eq!(Contract::<Sbg, 2>::fit(&turned, &TERMS).unwrap().worth(&turned), Ok(worth));
}

#[test]
fn the_delta_interval_is_as_wide_as_that_of_refits() {
    let lives = lives();
    let contract: Contract<Sbg, 2> = Contract::fit(&lives, &TERMS).unwrap();
    let found = contract.worth(&lives).unwrap();
    let (mut generator, mut counts) = (SplitMix64::new(7), vec![0; lives.len()]);
    let mut logs: Vec<f64> = Vec::new();
    for _ in 0..200 {
        generator.resample(&mut counts);
        let drawn: Vec<Lifetime> =
            lives.iter().zip(&counts).flat_map(|(life, &count)| vec![*life; count as usize]).collect();
        let Ok(refit) = Contract::<Sbg, 2>::fit(&drawn, &TERMS) else { continue };
        logs.push(refit.worth(&drawn).unwrap().value.ln());
    }
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let spread = (logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (logs.len() as f64 - 1.0)).sqrt();
    let interval = found.interval.unwrap();
    let delta = (interval.high / interval.low).ln() / (2.0 * tenure_stats::interval::Z);
    assert!(logs.len() > 190 && (delta / spread - 1.0).abs() < 0.25, "{delta} {spread} of {}", logs.len());
}

#[test]
fn months_are_whole_and_a_life_that_ended_was_lost_at_its_last() {
    let life = |months, ended| Lifetime { months, ended, mrr: 1.0 };
    let whole = cohorts(&[life(2.0, true), life(3.0, false), life(0.0, false)]).unwrap();
    assert_eq!(cohorts(&[life(1.2, true), life(3.9, false), life(0.5, false)]).unwrap(), whole);
    assert_eq!(whole.customers(), 3.0);
    assert_eq!(cohorts(&[life(1.0, true), life(-1.0, true)]), Err(WorthError::Lifetime { row: 2 }));
    assert_eq!(cohorts(&[life(f64::NAN, true)]), Err(WorthError::Lifetime { row: 1 }));
}

#[test]
fn a_contract_without_a_value_says_why() {
    let mut gone = Vec::new();
    for (months, count) in [(1.0, 60), (2.0, 20), (3.0, 9), (5.0, 6), (9.0, 4), (20.0, 2)] {
        gone.extend(vec![Lifetime { months, ended: true, mrr: 0.0 }; count]);
    }
    let fit = Contract::<Sbg, 2>::fit(&gone, &TERMS);
    assert_eq!(fit.and_then(|contract| contract.worth(&gone)), Err(WorthError::NobodyLeft));
    for terms in
        [Terms { horizon: 0, ..TERMS }, Terms { yearly_discount: -0.1, ..TERMS }, Terms { margin: f64::NAN, ..TERMS }]
    {
        assert_eq!(Contract::<Sbg, 2>::fit(&lives(), &terms).err(), Some(WorthError::Terms));
    }
}

fn buyers() -> Option<Vec<Buyer>> {
    let rows = summary()?.into_iter().take(400);
    let buyer = |((frequency, recency, age), mean): ((u32, f64, f64), f64)| Buyer {
        history: History::new(frequency, recency, age).unwrap(),
        spend: (frequency > 0).then(|| Spend::new(frequency, mean).unwrap()),
    };
    Some(rows.map(buyer).collect())
}

#[test]
fn a_buyer_is_worth_spend_times_discounted_purchases() {
    let Some(buyers) = buyers() else { return };
    let terms = Terms { margin: 0.5, yearly_discount: 0.21, horizon: 24 };
    let month = 4.345;
    let buying: Buying<BgNbd> = Buying::fit(&buyers, &terms, month).unwrap();
    let model = buying.purchases.fit.model;
    for (buyer, worth) in buyers.iter().zip(buying.worths(&buyers)).take(30) {
        let worth = worth.unwrap();
        let expected = |months: f64| model.expected_further_purchases(&buyer.history, months * month).unwrap();
        let discounted: f64 =
            (1..=24).map(f64::from).map(|i| (expected(i) - expected(i - 1.0)) / 1.21f64.powf(i / 12.0)).sum();
        let spend = match buyer.spend {
            Some(spend) => buying.spend.model.expected_spend(&spend),
            None => buying.spend.model.population_mean(),
        };
        assert_near(worth.spend, spend.finite().unwrap(), 1e-12);
        assert_near(worth.value / (0.5 * worth.spend * discounted), 1.0, 1e-10);
        assert_near(worth.purchases, expected(24.0), 1e-10);
        assert_eq!(worth.alive, model.probability_alive(&buyer.history));
        assert!(worth.interval().is_some_and(|interval| interval.contains(worth.value)));
    }
}

#[test]
fn the_order_of_buyers_does_not_matter() {
    let Some(buyers) = buyers() else { return };
    let mut turned = buyers.clone();
    turned.reverse();
    let of = |buyers: &[Buyer]| -> Buying<ParetoNbd> { Buying::fit(buyers, &TERMS, 4.345).unwrap() };
    let (one, other) = (of(&buyers), of(&turned));
    assert_eq!(one, other);
    let mut worths = other.worths(&turned);
    worths.reverse();
    assert_eq!(one.worths(&buyers), worths);
    let known: Vec<_> = worths.into_iter().flatten().collect();
    let (mean, interval) = mean_worth(&known).unwrap();
    assert!(interval.unwrap().contains(mean));
    assert_eq!(mean_worth(&known[..1]), Some((known[0].value, None)));
    assert_eq!(mean_worth(&[]), None);
}

#[test]
fn a_spend_without_a_mean_has_no_value() {
    let Some(mut buyers) = buyers() else { return };
    // Spends as far apart as their fourth powers: the fitted q is at most 1.
    for buyer in &mut buyers {
        buyer.spend = buyer.spend.map(|spend| Spend::new(spend.frequency(), (spend.mean() / 35.0).powi(4)).unwrap());
    }
    let found = Buying::<BgNbd>::fit(&buyers, &TERMS, 4.345);
    assert!(matches!(found, Err(WorthError::EndlessSpend { q }) if q <= 1.0), "{found:?}");
}

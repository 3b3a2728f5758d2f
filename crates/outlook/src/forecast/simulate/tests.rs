use super::super::quarters::tests::{quarters, unit};
use super::super::spread::Spread;
use super::*;
use proptest::prelude::*;

fn account(mrr: f64, terms: &[(f64, f64)]) -> Account {
    let terms = terms.iter().map(|&(due, months)| Term { due, months }).collect();
    Account { terms, mrr, pays: true, age: 30 }
}

/// Past quarters of accounts without terms: what each paid and by what factor that changed.
fn past(quarters_of: &[&[(f64, f64)]]) -> Quarters {
    let units = |quarter: &[(f64, f64)]| {
        let one = |(number, (paid, factor)): (usize, &(f64, f64))| unit(&number.to_string(), "x", *paid, paid * factor);
        quarter.iter().enumerate().map(one).collect()
    };
    quarters(quarters_of.iter().map(|quarter| units(quarter)).collect())
}

fn mean(futures: &[f64]) -> f64 {
    futures.iter().sum::<f64>() / futures.len() as f64
}

#[test]
fn where_all_left_nothing_is_told_of_later() {
    let past = past(&[&[(1.0, 0.0); 10]]);
    let found = futures(&of(vec![account(10.0, &[])], &past), 4, 20, 1);
    assert_eq!(found.quarters[0], (vec![0.0; 20], vec![0.0; 20]));
    assert_eq!(found.quarters[1], (vec![], vec![]));
    assert_eq!(found.year, (vec![0.0; 20], vec![0.0; 20]));
}

#[test]
fn where_nobody_ever_left_the_range_still_knows_that_one_can() {
    let past = past(&[&[(1.0, 1.0); 10]]);
    let found = futures(&of(vec![account(10.0, &[]); 50], &past), 4, 20_000, 1);
    // Jeffreys: ½ of 11.
    assert!((mean(&found.quarters[0].1) - (1.0 - 0.5 / 11.0)).abs() < 0.002, "{}", mean(&found.quarters[0].1));
    assert!(Spread::of(&found.quarters[0].1).unwrap().range95.low < 0.9);
}

#[test]
fn the_mean_is_what_money_did() {
    // 60 lost, 30 kept, 10 doubled: 0.3 + 0.2 are left, and 0.4 of what there was.
    let past = past(&[&[(60.0, 0.0), (30.0, 1.0), (10.0, 2.0), (0.0, 1.0), (0.0, 1.0), (0.0, 1.0)]]);
    let found = futures(&of(vec![account(1.0, &[]); 4], &past), 4, 20_000, 9);
    assert!((mean(&found.quarters[0].0) - 0.5).abs() < 0.01, "{}", mean(&found.quarters[0].0));
    assert!((mean(&found.quarters[0].1) - 0.4).abs() < 0.01, "{}", mean(&found.quarters[0].1));
}

#[test]
fn terms_come_due_one_after_the_other() {
    let mut one = account(1.0, &[(7.0, 12.0)]);
    let mut seen = Vec::new();
    for _ in 0..7 {
        seen.push(one.situation());
        one.pass(1.0);
    }
    use Situation::{Due, Within};
    assert_eq!(seen, [Within, Within, Due, Within, Within, Within, Due]);
    // Due after ½ and 2½ months, and then after 4½: 1½ into the next quarter.
    let mut short = account(1.0, &[(0.5, 2.0)]);
    short.pass(1.0);
    assert_eq!(short.terms, [Term { due: 1.5, months: 2.0 }]);
}

#[test]
fn a_customer_has_just_begun_for_a_quarter() {
    let mut one = Account { age: 1, ..account(1.0, &[(11.0, 12.0)]) };
    assert_eq!(one.situation(), Situation::Begun);
    one.pass(1.0);
    assert_eq!(one.situation(), Situation::Within);
    assert_eq!(Account { age: 1, ..account(1.0, &[]) }.situation(), Situation::Monthly);
    assert_eq!(Account { age: 1, ..account(1.0, &[(2.0, 12.0)]) }.situation(), Situation::Due);
}

#[test]
fn who_comes_back_pays_by_what_it_paid_and_signs_anew() {
    let mut one = account(100.0, &[(2.0, 12.0)]);
    one.pass(0.0);
    assert_eq!((one.paid(), one.situation()), (0.0, Situation::Gone));
    one.pass(0.0);
    one.pass(0.8);
    assert_eq!((one.paid(), one.situation(), one.terms[0].due), (80.0, Situation::Within, 12.0));
    let mut monthly = account(100.0, &[]);
    monthly.pass(0.0);
    monthly.pass(1.0);
    assert_eq!(monthly.situation(), Situation::Monthly);
}

#[test]
fn a_year_counts_who_left_and_came_back() {
    // In one quarter all leave, in the next all come back at half. A future in which they leave in the last of its quarters has none left.
    let away: Vec<_> = (0..10).map(|number| unit(&number.to_string(), "x", 10.0, 0.0)).collect();
    let back: Vec<_> = (0..10).map(|number| unit(&number.to_string(), "x", 0.0, 5.0)).collect();
    let past = quarters(vec![away, back]);
    let found = futures(&of(vec![account(8.0, &[])], &past), 4, 400, 3);
    assert!(found.year.0.iter().all(|nrr| [0.0, 0.25, 0.5].contains(nrr)), "{:?}", &found.year.0[..9]);
    assert!(found.year.0.iter().any(|nrr| *nrr > 0.0));
}

#[test]
fn a_situation_that_the_past_does_not_tell_of_is_named() {
    let past = past(&[&[(1.0, 1.0); 12]]);
    assert_eq!(enough(&[account(1.0, &[])], &past), Ok(()));
    let reason = enough(&[account(1.0, &[(5.0, 12.0)]), account(1.0, &[])], &past).unwrap_err();
    assert_eq!(
        reason,
        "too few past quarters of accounts with a term due, as 1 of today's customers are or will be within a year: 0 of the 10 needed"
    );
    // Due only after the year: it is within its term all the while.
    let reason = enough(&[account(1.0, &[(30.0, 36.0)])], &past).unwrap_err();
    assert!(reason.contains("accounts within a term"), "{reason}");
}

#[test]
fn quarters_of_a_future_are_alike_and_each_is_any() {
    let mut random = SplitMix64::new(1);
    let (mut alike, mut counts) = ([0.0_f64; 4], [[0.0_f64; 5]; 4]);
    for _ in 0..20_000 {
        let mut times = Vec::new();
        for number in 0..4 {
            let past = drawn(&times, 5, &mut random);
            times.push(past);
            counts[number][past] += 1.0 / 20_000.0;
            alike[number] += if past == times[0] { 1.0 / 20_000.0 } else { 0.0 };
        }
    }
    assert!(counts.iter().flatten().all(|share| (share - 0.2).abs() < 0.015), "{counts:?}");
    // The same by the urn with chance 1/3, else by chance 1/5 of five: whichever quarters of a future are held against each other.
    let both = 1.0 / 3.0 + 2.0 / 3.0 / 5.0;
    assert!(alike[1..].iter().all(|share| (share - both).abs() < 0.015), "{alike:?}");
    assert_eq!(drawn(&[], 0, &mut random), 0);
}

fn customers() -> impl Strategy<Value = Vec<Account>> {
    let terms = prop::collection::vec((0.0f64..40.0, 1.0f64..40.0), 0..3);
    let one = (0.1f64..500.0, terms).prop_map(|(mrr, terms)| account(mrr, &terms));
    prop::collection::vec(one, 1..12)
}

fn any_past() -> impl Strategy<Value = Quarters> {
    let one = (0usize..12, 0.0f64..500.0, 0.0f64..3.0, any::<bool>(), any::<bool>());
    let quarter = prop::collection::vec(one, 0..9);
    prop::collection::vec(quarter, 1..7).prop_map(|all| {
        let one = |(name, paid, factor, leaves, due): (usize, f64, f64, bool, bool)| {
            let mut unit = unit(&name.to_string(), "x", paid, if leaves { 0.0 } else { paid * factor });
            unit.due = due.then(|| "2026-02-01T00:00Z".parse().unwrap());
            unit
        };
        quarters(all.into_iter().map(|quarter| quarter.into_iter().map(one).collect()).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn gross_is_never_above_net_nor_above_all(accounts in customers(), past in any_past(), seed in any::<u64>()) {
        let model = of(accounts, &past);
        let found = futures(&model, 5, 40, seed);
        prop_assert_eq!(&found, &futures(&model, 5, 40, seed), "the same seed, the same futures");
        for (nrr, grr) in found.quarters.iter().chain([&found.year]) {
            prop_assert_eq!(nrr.len(), grr.len());
            for (net, gross) in nrr.iter().zip(grr) {
                prop_assert!(*gross >= 0.0 && *gross <= 1.0 + 1e-12 && *gross <= net + 1e-12);
            }
            let (Some(net), Some(gross)) = (Spread::of(nrr), Spread::of(grr)) else { continue };
            for spread in [net, gross] {
                prop_assert!(spread.range95.low <= spread.range80.low && spread.range80.low <= spread.median);
                prop_assert!(spread.median <= spread.range80.high && spread.range80.high <= spread.range95.high);
            }
            prop_assert!(gross.median <= net.median + 1e-12 && gross.range80.high <= net.range80.high + 1e-12);
        }
    }
}

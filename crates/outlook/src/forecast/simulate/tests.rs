use super::super::growth::Growth;
use super::super::spread::Spread;
use super::*;
use proptest::prelude::*;

/// A chance that is known for certain.
fn certain(chance: f64) -> Beta {
    Beta { a: 1e15 * chance.max(1e-30), b: 1e15 * (1.0 - chance).max(1e-30) }
}

fn monthly(mrr: f64, chance: usize) -> Unit {
    Unit { mrr, age: 24, ends: Ends::Monthly { held: [chance; 2] } }
}

fn term(mrr: f64, due: f64, renewed: usize, held: usize) -> Unit {
    Unit { mrr, age: 24, ends: Ends::Term { due, months: 12.0, renewed, held: [held; 2] } }
}

fn of<'a>(accounts: Vec<Vec<Unit>>, chances: &[f64], growth: &'a Growth) -> Model<'a> {
    Model { accounts, chances: chances.iter().map(|chance| certain(*chance)).collect(), growth, luck: &[] }
}

fn mean(futures: &[f64]) -> f64 {
    futures.iter().sum::<f64>() / futures.len() as f64
}

#[test]
fn where_all_renew_all_is_kept() {
    let growth = Growth::default();
    let model = of(vec![vec![monthly(10.0, 0), term(90.0, 1.0, 0, 0)], vec![term(50.0, 5.0, 0, 0)]], &[1.0], &growth);
    let found = futures(&model, 4, 50, 1);
    for (nrr, grr) in found.quarters.iter().chain([&found.year]) {
        assert!(nrr.len() == 50 && nrr.iter().chain(grr).all(|ratio| *ratio == 1.0));
    }
}

#[test]
fn where_all_leave_nothing_is_told_of_later() {
    let growth = Growth::default();
    let found = futures(&of(vec![vec![monthly(10.0, 0)]], &[0.0], &growth), 4, 20, 1);
    assert_eq!(found.quarters[0], (vec![0.0; 20], vec![0.0; 20]));
    assert_eq!(found.quarters[1], (vec![], vec![]));
    assert_eq!(found.year.0, vec![0.0; 20]);
}

#[test]
fn a_term_ends_when_it_is_due_and_not_before() {
    let growth = Growth::default();
    let found = futures(&of(vec![vec![term(10.0, 7.0, 0, 1)]], &[0.0, 1.0], &growth), 4, 5, 1);
    assert_eq!(found.quarters[0].0, vec![1.0; 5]);
    assert_eq!(found.quarters[1].0, vec![1.0; 5]);
    assert_eq!(found.quarters[2].0, vec![0.0; 5]);
}

#[test]
fn a_renewed_term_is_due_again_after_its_length() {
    let growth = Growth::default();
    let short = Unit { mrr: 1.0, age: 24, ends: Ends::Term { due: 0.5, months: 2.0, renewed: 0, held: [1; 2] } };
    // Due after ½ and 2½ months: twice in the first quarter.
    let found = futures(&of(vec![vec![short]], &[0.8, 1.0], &growth), 4, 20_000, 3);
    assert!((mean(&found.quarters[0].0) - 0.64).abs() < 0.014, "{}", mean(&found.quarters[0].0));
}

#[test]
fn the_mean_is_the_sum_of_chances() {
    // By hand: 60 is due at ¾, 30 can end any month at 0.95³ = 0.857375, 10 stays: 0.6·0.75 + 0.3·0.857375 + 0.1 = 0.8072125.
    let growth = Growth::default();
    let accounts = vec![vec![term(60.0, 1.0, 0, 2)], vec![monthly(30.0, 1)], vec![term(10.0, 40.0, 0, 2)]];
    let found = futures(&of(accounts, &[0.75, 0.95, 1.0], &growth), 4, 40_000, 9);
    // The standard deviation of one future is √(0.36·3/16 + 0.09·0.1223) = 0.28; four standard errors are 0.0056.
    assert!((mean(&found.quarters[0].0) - 0.807_212_5).abs() < 0.0057, "{}", mean(&found.quarters[0].0));
}

#[test]
fn a_new_account_leaves_as_new_ones_do_until_its_year_is_over() {
    let growth = Growth::default();
    let new = Unit { mrr: 1.0, age: 9, ends: Ends::Monthly { held: [0, 1] } };
    let found = futures(&of(vec![vec![new]], &[0.9, 1.0], &growth), 4, 20_000, 5);
    assert!((mean(&found.year.0) - 0.729).abs() < 0.013, "{}", mean(&found.year.0));
}

#[test]
fn in_a_bad_quarter_more_leave() {
    let growth = Growth::default();
    let model = Model { luck: &[2.0], ..of(vec![vec![monthly(1.0, 0)]], &[0.9], &growth) };
    let found = futures(&model, 4, 20_000, 5);
    // 1 − 2·(1 − 0.729).
    assert!((mean(&found.quarters[0].0) - 0.458).abs() < 0.015, "{}", mean(&found.quarters[0].0));
}

#[test]
fn half_of_the_past_drawn_is_of_the_season() {
    let mut random = SplitMix64::new(1);
    let mut counts = [0_u32; 6];
    for _ in 0..12_000 {
        counts[drawn(6, 0, &mut random)] += 1;
    }
    // Six quarters back to the one before: the next is of the season of the third (index 2), four before it.
    assert!((f64::from(counts[2]) / 12_000.0 - (0.5 + 0.5 / 6.0)).abs() < 0.02, "{counts:?}");
    assert_eq!(drawn(0, 0, &mut random), 0);
}

fn units() -> impl Strategy<Value = Vec<Vec<Unit>>> {
    let unit = (0.0f64..500.0, 0.0f64..20.0, 0usize..3, 0usize..3, any::<bool>(), 0i64..30).prop_map(
        |(mrr, due, renewed, held, evergreen, age)| match evergreen {
            true => Unit { age, ..monthly(mrr, held) },
            false => Unit { age, ..term(mrr, due, renewed, held) },
        },
    );
    prop::collection::vec(prop::collection::vec(unit, 1..4), 1..12)
}

fn past() -> impl Strategy<Value = Growth> {
    let account = (1.0f64..500.0, 0.0f64..3.0);
    prop::collection::vec(prop::collection::vec(account, 0..9), 1..7).prop_map(|quarters| {
        use super::super::growth::tests::unit;
        let end: jiff::Timestamp = "2026-01-01T00:00Z".parse().unwrap();
        let clock = tenure_schema::period::Clock { zone: tenure_schema::zone::Zone::utc(), fiscal_year_start: 1 };
        let quarter = tenure_schema::period::Period::at(end, &clock);
        let units = |accounts: Vec<(f64, f64)>| {
            let one = |(number, (mrr, factor)): (usize, (f64, f64))| unit(&number.to_string(), "x", mrr, mrr * factor);
            accounts.into_iter().enumerate().map(one).collect()
        };
        Growth::of(&quarters.into_iter().map(|accounts| (quarter.clone(), units(accounts))).collect::<Vec<_>>())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn gross_is_never_above_net_nor_above_all(accounts in units(), growth in past(), chances in prop::array::uniform3((0.1f64..50.0, 0.1f64..50.0)), luck in prop::collection::vec(0.2f64..3.0, 7), seed in any::<u64>()) {
        let chances = chances.iter().map(|&(a, b)| Beta { a, b }).collect();
        let model = Model { accounts, chances, growth: &growth, luck: &luck };
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

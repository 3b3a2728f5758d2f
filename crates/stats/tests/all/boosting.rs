//! Boosted trees against another implementation, against Shapley's definition, and at the edges.

use tenure_stats::boosting::{Boosted, Options};
use tenure_stats::regression::ModelError;

type Row = Vec<Option<f64>>;

/// Numbers from a seed, below a bound (Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn number(&mut self, bound: u64) -> f64 {
        self.below(bound) as f64
    }
}

/// Four features: two that depend on each other, one often missing, one that tells nothing.
fn company(rows: usize) -> (Vec<Row>, Vec<bool>) {
    let mut random = Random(1);
    let one = |_| {
        let (a, b, c, noise) = (random.number(20), random.number(12), random.number(30), random.number(15));
        let missing = random.below(10) < 3;
        let odds = match (a < 6.0 && b >= 7.0, missing) {
            (true, _) => 7,
            (_, true) => 5,
            _ => 1 + (c / 10.0) as u64,
        };
        let left = random.below(10) < odds;
        (vec![Some(a), Some(b / 4.0), (!missing).then_some(c), Some(noise)], left)
    };
    (0..rows).map(one).unzip()
}

fn names(columns: usize) -> Vec<String> {
    (0..columns).map(|column| format!("f{column}")).collect()
}

fn fit(rows: &[Row], outcomes: &[bool], options: Options) -> Result<Boosted, ModelError> {
    let slices: Vec<&[Option<f64>]> = rows.iter().map(Vec::as_slice).collect();
    Boosted::fit(&names(rows.first().map_or(0, Vec::len)), &slices, outcomes, options)
}

fn told(model: &Boosted, rows: &[Row]) -> Vec<f64> {
    rows.iter().map(|row| model.log_odds(row).unwrap()).collect()
}

#[test]
fn the_trees_are_those_that_forust_grows() {
    // forust-ml 0.8 on the same rows: log loss, its base score from the rows, rate 0.1, l2 1, min_leaf_weight 5, no threads.
    let shallow = [
        -1.955_053_923_130_725_6,
        -1.273_417_622_580_672_1,
        -0.775_987_037_751_582_4,
        -1.285_577_387_973_097_6,
        -0.181_092_293_528_598_68,
        -1.903_214_280_641_185_6,
        -0.961_454_122_970_570_8,
        -0.772_381_531_601_530_4,
        -0.381_607_341_960_551_57,
        -1.436_022_462_268_118_8,
        0.507_854_196_414_592_7,
        -1.866_903_843_710_423_5,
    ];
    let deep = [
        -2.043_743_543_518_139,
        -0.562_477_961_446_637_8,
        -0.232_237_701_611_956,
        -1.586_009_255_336_029,
        -0.079_291_701_697_292_16,
        -2.015_199_769_013_924,
        -1.007_977_528_528_789_5,
        -0.940_496_215_671_663_7,
        -0.630_493_571_896_585_1,
        -0.834_189_360_337_694_6,
        0.859_391_485_382_440_1,
        -1.964_991_405_564_723,
    ];
    let (rows, outcomes) = company(600);
    for (depth, trees, wanted, sum) in [(2, 40, shallow, -87.528_378_945_378_58), (3, 40, deep, -87.839_285_658_664_95)]
    {
        let model = fit(&rows[..500], &outcomes[..500], Options { trees, depth, ..Options::default() }).unwrap();
        let found = told(&model, &rows[500..]);
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-4, "depth {depth}: {found} is not {wanted}");
        }
        assert!((found.iter().sum::<f64>() - sum).abs() < 1e-3, "{}", found.iter().sum::<f64>());
    }
}

#[test]
fn contributions_add_up_from_the_mean() {
    let (rows, outcomes) = company(600);
    let rows: Vec<Row> = rows.iter().map(|row| vec![row[0], row[1], row[2], row[3], Some(1.0)]).collect();
    let model = fit(&rows, &outcomes, Options::default()).unwrap();
    for row in &rows {
        let why = model.contributions(row).unwrap();
        assert!((why.log_odds() - model.log_odds(row).unwrap()).abs() < 1e-9);
        assert_eq!(why.parts[4], 0.0, "what never varies is never asked for");
    }
    let mean = told(&model, &rows).iter().sum::<f64>() / 600.0;
    let base = model.contributions(&rows[0]).unwrap().base;
    assert!((mean - base).abs() < 1e-9, "the base {base} is the mean answer {mean}");
}

#[test]
fn two_features_that_only_tell_together_share_alike() {
    // The outcome is whether exactly one of them is 1 (and a little noise): neither tells anything alone.
    let mut random = Random(5);
    let row = |_| {
        let (a, b) = (random.number(2), random.number(2));
        (vec![Some(a), Some(b)], (a != b) == (random.below(10) < 9))
    };
    let (rows, outcomes): (Vec<Row>, Vec<bool>) = (0..2000).map(row).unzip();
    let alone = fit(&rows, &outcomes, Options { depth: 1, ..Options::default() }).unwrap();
    let together = fit(&rows, &outcomes, Options { depth: 2, ..Options::default() }).unwrap();
    for (a, b) in [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] {
        let case = [Some(a), Some(b)];
        assert!(alone.log_odds(&case).unwrap().abs() < 0.3, "one question is not enough");
        let wanted = if a == b { -2.2 } else { 2.2 };
        assert!((together.log_odds(&case).unwrap() - wanted).abs() < 0.3, "{:?}", together.log_odds(&case));
        let parts = together.contributions(&case).unwrap().parts;
        assert!((parts[0] - parts[1]).abs() < 0.15, "{parts:?}");
    }
}

#[test]
fn the_order_of_rows_changes_nothing_and_weights_stand_for_rows() {
    let (rows, outcomes) = company(500);
    let options = Options { trees: 30, ..Options::default() };
    let model = fit(&rows, &outcomes, options).unwrap();
    let turned: Vec<Row> = rows.iter().rev().cloned().collect();
    let turned_outcomes: Vec<bool> = outcomes.iter().rev().copied().collect();
    assert_eq!(model, fit(&turned, &turned_outcomes, options).unwrap());
    // Every third row twice, by weight and by writing it twice; every fifth not at all.
    let times = |i: usize| if i.is_multiple_of(5) { 0 } else { 1 + usize::from(i.is_multiple_of(3)) };
    let weights: Vec<f64> = (0..500).map(|i| times(i) as f64).collect();
    let weighted = fit(&rows, &outcomes, Options { weights: Some(&weights), ..options }).unwrap();
    let places: Vec<usize> = (0..500).flat_map(|i| std::iter::repeat_n(i, times(i))).collect();
    let written: Vec<Row> = places.iter().map(|&i| rows[i].clone()).collect();
    let written = fit(&written, &places.iter().map(|&i| outcomes[i]).collect::<Vec<_>>(), options).unwrap();
    for row in &rows {
        let (a, b) = (weighted.log_odds(row).unwrap(), written.log_odds(row).unwrap());
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
}

#[test]
fn the_first_trees_are_those_of_a_shorter_fit() {
    let (rows, outcomes) = company(500);
    let long = fit(&rows, &outcomes, Options { trees: 50, ..Options::default() }).unwrap();
    let short = fit(&rows, &outcomes, Options { trees: 20, ..Options::default() }).unwrap();
    assert_eq!((long.first(20), long.trees(), short.trees()), (short, 50, 20));
}

#[test]
fn a_value_missing_only_later_has_an_answer() {
    let (rows, outcomes) = company(500);
    let model = fit(&rows, &outcomes, Options::default()).unwrap();
    let none = model.log_odds(&[None, None, None, None]).unwrap();
    let huge = model.log_odds(&[Some(f64::MAX), Some(f64::MIN), Some(0.0), Some(1e-300)]).unwrap();
    assert!(none.is_finite() && huge.is_finite());
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let (rows, outcomes) = company(100);
    let options = Options::default();
    assert_eq!(fit(&[], &[], options), Err(ModelError::Empty));
    assert_eq!(fit(&vec![Vec::new(); 3], &[true, false, true], options), Err(ModelError::NoFeatures));
    assert!(matches!(fit(&rows, &outcomes[1..], options), Err(ModelError::Length { what: "outcomes", .. })));
    assert_eq!(fit(&rows, &[true; 100], options), Err(ModelError::OneClass));
    let same: Vec<Row> = vec![vec![Some(2.0), None]; 100];
    assert_eq!(fit(&same, &outcomes, options), Err(ModelError::NoSplit));
    assert_eq!(fit(&rows[..12], &outcomes[..12], options), Err(ModelError::NoSplit), "too few to part");
    assert_eq!(fit(&rows, &outcomes, Options { depth: 0, ..options }), Err(ModelError::NoSplit));
    let weights = [-1.0; 100];
    let refused = fit(&rows, &outcomes, Options { weights: Some(&weights), ..options });
    assert_eq!(refused, Err(ModelError::Weight { row: 0, weight: -1.0 }));
    assert_eq!(fit(&rows, &outcomes, Options { weights: Some(&[0.0; 100]), ..options }), Err(ModelError::Empty));
    let mut odd = rows.clone();
    odd[7][2] = Some(f64::NAN);
    assert_eq!(fit(&odd, &outcomes, options), Err(ModelError::NotFinite { row: 7, feature: "f2".into() }));
    let model = fit(&rows, &outcomes, options).unwrap();
    assert!(matches!(model.log_odds(&[None]), Err(ModelError::Length { found: 1, wanted: 4, .. })));
    assert!(model.contributions(&[Some(f64::INFINITY), None, None, None]).is_err());
}

use super::super::chances::Length;
use super::*;
use tenure_schema::period::Clock;
use tenure_schema::zone::Zone;

/// What an account paid for a product over a quarter, without a term.
pub(in super::super) fn unit(account: &str, product: &str, opening: f64, closing: f64) -> Unit {
    Unit {
        account: account.to_owned(),
        product: product.to_owned(),
        plan: None,
        opening,
        closing,
        unpriced: None,
        held: opening > 0.0,
        kept: closing > 0.0,
        due: None,
        term: Length::Monthly,
        term_months: 0,
        age: 30,
    }
}

fn at(day: &str) -> Timestamp {
    format!("{day}T00:00Z").parse().unwrap()
}

/// Quarters that follow each other, each with its units.
pub(in super::super) fn quarters(units: Vec<Vec<Unit>>) -> Quarters {
    let clock = Clock { zone: Zone::utc(), fiscal_year_start: 1 };
    let quarter = Period::parse("2026-Q1", &clock, at("2026-06-01")).unwrap();
    Quarters::of(&units.into_iter().map(|units| (quarter.clone(), units)).collect::<Vec<_>>())
}

fn drawn(quarters: &Quarters, quarter: usize, situation: Situation) -> f64 {
    quarters.draw(quarter, situation, &mut SplitMix64::new(1))
}

#[test]
fn an_account_is_one_whatever_products_it_changes_for() {
    let (kept, dropped, new) = (unit("a", "x", 100.0, 120.0), unit("a", "y", 50.0, 0.0), unit("a", "z", 0.0, 30.0));
    let end = at("2026-04-01");
    assert_eq!(outcome(&[&kept, &dropped, &new], end), Some((Situation::Monthly, 150.0, 1.0)));
    assert_eq!(outcome(&[&dropped], end), Some((Situation::Monthly, 50.0, 0.0)));
    assert_eq!(outcome(&[&new], end), None);
    let unpriced = Unit { unpriced: Some("EUR".to_owned()), ..new };
    assert_eq!(outcome(&[&kept, &unpriced], end), None);
}

#[test]
fn a_term_due_before_the_close_makes_it_due() {
    let end = at("2026-04-01");
    let of = |days: &[&str]| {
        let units: Vec<Unit> = days.iter().map(|day| Unit { due: Some(at(day)), ..unit("a", day, 1.0, 1.0) }).collect();
        outcome(&units.iter().collect::<Vec<_>>(), end).unwrap().0
    };
    assert_eq!(of(&["2026-04-01"]), Situation::Within);
    assert_eq!(of(&["2026-03-31"]), Situation::Due);
    assert_eq!(of(&["2026-02-01", "2026-12-01"]), Situation::Due);
    assert_eq!(of(&["2026-12-01", "2026-02-01"]), Situation::Due);
}

#[test]
fn who_left_is_waited_for_a_year_and_then_no_more() {
    let left = vec![unit("a", "x", 80.0, 0.0)];
    let other = || vec![unit("b", "x", 1.0, 1.0)];
    let back = vec![unit("b", "x", 1.0, 1.0), unit("a", "x", 0.0, 40.0)];
    // Away for two quarters, back in the third at half of what it paid; from then on it is a customer again.
    let found = quarters(vec![left.clone(), other(), other(), back.clone(), other()]);
    assert_eq!(found.cases(Situation::Gone), 3);
    assert_eq!(found.all[Situation::Gone as usize].factors, [0.0, 0.0, 0.5]);
    assert_eq!(found.all[Situation::Gone as usize].upto, [80.0, 160.0, 240.0]);
    // Who is away for longer is not counted, nor is a return after that.
    let found = quarters(vec![left, other(), other(), other(), other(), back]);
    assert_eq!(found.all[Situation::Gone as usize].factors, [0.0; 4]);
}

#[test]
fn quarters_before_the_first_customer_are_none() {
    let found = quarters(vec![vec![], vec![unit("a", "x", 0.0, 5.0)], vec![unit("a", "x", 5.0, 5.0)], vec![]]);
    assert_eq!(found.count(), 2);
}

#[test]
fn money_is_drawn_not_accounts() {
    let mut pool = Pool::default();
    pool.add(900.0, 1.0);
    pool.add(100.0, 2.0);
    let mut random = SplitMix64::new(1);
    let mean = (0..10_000).filter_map(|_| pool.draw(&mut random)).sum::<f64>() / 10_000.0;
    assert!((mean - 1.1).abs() < 0.012, "{mean}");
}

#[test]
fn a_quarter_of_few_is_drawn_from_all() {
    let accounts = |factor: f64, count: usize| -> Vec<Unit> {
        (0..count).map(|number| unit(&number.to_string(), "x", 1.0, factor)).collect()
    };
    let found = quarters(vec![accounts(1.0, 500), accounts(2.0, FEW), accounts(3.0, FEW - 1)]);
    assert_eq!(drawn(&found, 1, Situation::Monthly), 2.0);
    assert_eq!(drawn(&found, 2, Situation::Monthly), 1.0);
    // Of what never was: who pays goes on, who left stays away.
    assert_eq!((drawn(&found, 1, Situation::Due), drawn(&found, 1, Situation::Gone)), (1.0, 0.0));
}

#[test]
fn few_who_have_just_begun_are_like_others_within_their_term() {
    let within = |age, factor, count: usize| -> Vec<Unit> {
        let one = |number: usize| Unit {
            due: Some(at("2027-01-01")),
            age,
            ..unit(&format!("{age}-{number}"), "x", 1.0, factor)
        };
        (0..count).map(one).collect()
    };
    let few = quarters(vec![[within(1, 0.5, LEAST_CASES - 1), within(9, 2.0, 20)].concat()]);
    assert_eq!((drawn(&few, 0, Situation::Begun), few.cases(Situation::Begun)), (2.0, 20));
    let enough = quarters(vec![[within(1, 0.5, LEAST_CASES), within(9, 2.0, 20)].concat()]);
    assert_eq!((drawn(&enough, 0, Situation::Begun), enough.cases(Situation::Begun)), (0.5, LEAST_CASES));
}

#[test]
fn that_nobody_left_does_not_say_that_nobody_can() {
    let found = quarters(vec![vec![unit("a", "x", 1.0, 1.0), unit("b", "x", 1.0, 0.5)]]);
    let chance = found.unseen(Situation::Monthly).unwrap();
    // Jeffreys' prior, and none of two.
    assert_eq!((chance.a, chance.b), (0.5, 2.5));
    assert_eq!(quarters(vec![vec![unit("a", "x", 1.0, 0.0)]]).unseen(Situation::Monthly), None);
    assert_eq!(found.unseen(Situation::Gone), None);
}

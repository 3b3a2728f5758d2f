use super::*;
use jiff::Timestamp;

fn fit(lives: &[(f64, Ending, &[Option<&str>])], names: &[&str]) -> OrReason<Hazards> {
    let values: Vec<Vec<Level>> =
        lives.iter().map(|(.., levels)| levels.iter().map(|level| level.map(str::to_owned)).collect()).collect();
    let values: Vec<&[Level]> = values.iter().map(Vec::as_slice).collect();
    let life = |(days, ending, _): &(f64, Ending, &[Option<&str>])| Life {
        account: String::new(),
        began: Timestamp::UNIX_EPOCH,
        entry: None,
        days: *days,
        ending: *ending,
    };
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    hazards(&lives.iter().map(life).collect::<Vec<_>>(), &names, &values)
}

use Ending::{Ended, Open};

#[test]
fn a_small_case_by_hand() {
    // With r the ratio of b to a: L = r/(2 + 2r) · 1/(2 + r) · r/(1 + r), largest where 4 + r − r² = 0.
    let lives = [
        (1.0, Ended, &[Some("b")][..]),
        (2.0, Ended, &[Some("a")][..]),
        (3.0, Ended, &[Some("b")][..]),
        (4.0, Open, &[Some("a")][..]),
    ];
    let found = fit(&lives, &["plan"]).unwrap();
    assert_eq!(found.references, [("plan".to_owned(), Some("a".to_owned()))]);
    assert_eq!((found.ratios.len(), found.ratios[0].lives, found.ratios[0].ends), (1, 2, 2));
    assert!((found.ratios[0].ratio - (1.0 + 17.0_f64.sqrt()) / 2.0).abs() < 1e-6, "{found:?}");
    assert!(found.is_thin());
    // Of the pairs 1–2, 1–3, 1–4, 2–3, 2–4 and 3–4: three in order, two of equal risk, one not.
    assert_eq!(found.concordance, Ok(4.0 / 6.0));
}

#[test]
fn levels_without_an_end_are_named_and_left_out() {
    let lives = [
        (1.0, Ended, &[Some("b"), Some("x")][..]),
        (2.0, Ended, &[Some("a"), Some("y")][..]),
        (3.0, Ended, &[Some("b"), Some("y")][..]),
        (3.5, Ended, &[None, Some("x")][..]),
        (4.0, Open, &[Some("a"), Some("x")][..]),
        (5.0, Open, &[Some("c"), Some("y")][..]),
        (9.0, Ended, &[Some("a"), Some("x")][..]),
    ];
    let found = fit(&lives, &["plan", "country"]).unwrap();
    let left: Vec<_> = found.left_out.iter().map(|one| (one.level.as_deref(), one.lives)).collect();
    assert_eq!(left, [(Some("c"), 1)]);
    assert_eq!((found.lives, found.ends), (6, 5));
    let levels: Vec<_> = found.ratios.iter().map(|ratio| ratio.level.as_deref()).collect();
    assert_eq!(levels, [None, Some("b"), Some("y")], "against plan a and country x, the commonest");
}

#[test]
fn what_cannot_be_fitted_says_why() {
    assert_eq!(fit(&[], &["plan"]).unwrap_err(), "nothing has ended yet");
    let open = [(1.0, Open, &[Some("a")][..]), (2.0, Open, &[Some("b")][..])];
    assert_eq!(fit(&open, &["plan"]).unwrap_err(), "nothing has ended yet");
    let one: [(f64, Ending, &[Option<&str>]); 2] = [(1.0, Ended, &[Some("a")]), (2.0, Open, &[Some("b")])];
    assert_eq!(fit(&one, &["plan"]).unwrap_err(), "plan has one level only among lives that could end");
    let same: Vec<(f64, Ending, &[Option<&str>])> = vec![
        (1.0, Ended, &[Some("a"), Some("x")]),
        (2.0, Ended, &[Some("b"), Some("y")]),
        (3.0, Ended, &[Some("a"), Some("x")]),
        (4.0, Open, &[Some("b"), Some("y")]),
    ];
    assert_eq!(
        fit(&same, &["plan", "country"]).unwrap_err(),
        "plan b and country y say the same: leave one of their attributes out"
    );
    let apart = [
        (1.0, Ended, &[Some("a")][..]),
        (2.0, Ended, &[Some("a")][..]),
        (3.0, Ended, &[Some("b")][..]),
        (4.0, Open, &[Some("b")][..]),
    ];
    let why = fit(&apart, &["plan"]).unwrap_err();
    assert!(why.contains("tell who ends first without fail"), "{why}");
}

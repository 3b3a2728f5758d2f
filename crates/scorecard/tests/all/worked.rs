//! Examples that vendors and authors published, to the digit.

use crate::support::{card, direct, known, number, part};

const MEAN: &str = "formula = \"weighted_mean\"";

/// Natero: weights 7, 5, 8, 3; engagement (76, 65), usage (81, 65, 90). The page rounds each group and takes a third for 33 %: 75.
#[test]
fn natero_nested_groups() {
    let card = direct(MEAN, "7: a 1; 5: b 1 c 1; 8: d 1 e 1 f 1; 3: human_rating 1");
    let score = card.score(&known("a 83, b 76, c 65, d 81, e 65, f 90, human_rating 54"));
    // (83·7 + 70.5·5 + 236/3·8 + 54·3) / 23
    assert_eq!(score.value, Some(number("74.992754")));
    assert_eq!(score.value.unwrap().round_dp(3), number("74.993"));
    assert_eq!(score.value.unwrap().round(), number("75"));
    assert_eq!(part(&score, "d").1, number("0.115942"), "8/23 of a third");
    assert_eq!(score.coverage.share, number("1"));
}

#[test]
fn natero_groups_alone() {
    let usage = direct(MEAN, "1: d 1 e 1 f 1");
    assert_eq!(usage.score(&known("d 81, e 65, f 90")).value, Some(number("78.666667")));
    let engagement = direct(MEAN, "1: b 1 c 1");
    assert_eq!(engagement.score(&known("b 76, c 65")).value, Some(number("70.5")));
}

/// saastainednumbers: (NPS + 100) / 2 · 0.25 + usage · 0.35 + support · 0.20 + engagement · 0.20.
#[test]
fn saastained_numbers() {
    let card = card(
        r#"
        title = "saastainednumbers"
        formula = "weighted_mean"
        [[group]]
        id = "all"
        signal = [
            { id = "a", weight = 0.25, ramp = { from = -100, to = 100 } },
            { id = "b", weight = 0.35, ramp = { from = 0, to = 100 } },
            { id = "c", weight = 0.20, ramp = { from = 0, to = 100 } },
            { id = "d", weight = 0.20, ramp = { from = 0, to = 100 } },
        ]
        "#,
    );
    let score = card.score(&known("a 32, b 71, c 88, d 43"));
    assert_eq!(score.value, Some(number("67.55")), "66 · 0.25 + 71 · 0.35 + 88 · 0.2 + 43 · 0.2");
    assert_eq!(part(&score, "a"), (Some(number("66")), number("0.25"), number("16.5")));
}

/// gaspwiki's bands 0–40, 40–70, 70–100: the page leaves open whose the edges are; ours are the better band's.
#[test]
fn an_edge_belongs_to_the_better_colour() {
    let card = direct("formula = \"weighted_mean\"\ncolours = { amber = 40, green = 70 }", "1: a 1");
    let colour = |value: &str| card.score(&known(&format!("a {value}"))).colour.unwrap().word();
    assert_eq!(
        ["0", "39.999999", "40", "69.999999", "70", "100"].map(colour),
        ["red", "red", "amber", "amber", "green", "green"]
    );
}

//! What makes another version of a scorecard, and another line of all of them.

use crate::support::{direct_text, read, signals, text};
use tenure_scorecard::Scorecards;

const HEAD: &str = "formula = \"weighted_mean\"";

fn version(card: &str) -> String {
    read(card).unwrap().cards()[0].version.clone()
}

#[test]
fn wording_makes_no_version_and_meaning_does() {
    let said = direct_text(HEAD, "7: a 1 b 2");
    let same = version(&said);
    assert_eq!(version(&said.replace("Direct", "Renamed")), same);
    assert_eq!(version(&said.replace("weight = 7", "weight = 7.0 # as before")), same);
    for (from, to) in [
        ("weight = 7", "weight = 7.000001"),
        ("to = 100", "to = 99"),
        ("weighted_mean", "worst_of"),
        ("id = \"a\"", "id = \"a\"\nmax_age = \"9 days\""),
        ("id = \"a\"", "id = \"a\"\nmissing = \"poor\""),
        ("id = \"b\"", "id = \"c\""),
        ("title", "order = 3\ntitle"),
        ("title", "neutral = 49\ntitle"),
        ("title", "when = { stage = [\"live\"] }\ntitle"),
        ("title", "colours = { amber = 50, green = 71 }\ntitle"),
    ] {
        assert_ne!(version(&said.replacen(from, to, 1)), same, "{to}");
    }
}

#[test]
fn another_query_is_another_version() {
    let card = [text("card", &direct_text(HEAD, "7: a 1"))];
    let mut changed = signals();
    changed[0].text = changed[0].text.replace("SELECT 1", "SELECT 2");
    let of = |signals| Scorecards::of(&card, signals, &|_| true).unwrap().line().to_owned();
    assert_ne!(of(&changed), of(&signals()));
}

/// Stored scores name their version: an update of the compiler or of a library must not make another of the same text.
#[test]
fn a_version_is_the_same_for_ever() {
    let shipped = Scorecards::read(&[], &[], &|_| true).unwrap();
    let said = version(
        r#"
        title = "All words"
        order = 3
        formula = "points"
        neutral = 40.5
        missing = "last_value"
        when = { stage = ["live", "at risk"], plan = ["gold"] }
        colours = { amber = 30, green = 60 }
        [[group]]
        id = "one"
        [[group.signal]]
        id = "a"
        weight = 0.5
        max_age = "30 days"
        up_to = "60 days"
        bands = [{ to = 1.5, points = -10 }, { from = 1.5, points = 10 }]
        [[group.signal]]
        id = "own"
        metric = "nps"
        variant = "raw"
        part = "promoters"
        window = "90 days"
        missing = "poor"
        ramp = { from = 0, to = 1, points = [-5, 5] }
        [[group.signal]]
        id = "b"
        missing = "neutral"
        percentile = { within = "plan", better = "down" }
        "#,
    );
    assert_eq!(said, "c959fa245e41");
    assert_eq!(shipped.line().len(), 12);
}

#[test]
fn a_renamed_scorecard_is_another_line() {
    let said = direct_text(HEAD, "7: a 1");
    let line = |id: &str| Scorecards::of(&[text(id, &said)], &signals(), &|_| true).unwrap().line().to_owned();
    assert_ne!(line("one"), line("two"));
    assert_eq!(line("one"), line("one"));
}

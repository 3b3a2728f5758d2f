//! Scorecards and inputs at random: every formula, scale and rule; weights and values from the smallest to the largest.

use crate::support::{signals, text};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;
use std::fmt::Write;
use tenure_scorecard::{Inputs, Observation, Scorecard, Scorecards, Text};

/// A number of six places, counted in its last digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digits(pub i64);

impl std::fmt::Display for Digits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Decimal::new(self.0, 6))
    }
}

const ONE: i64 = 1_000_000;

#[derive(Debug, Clone)]
pub enum ScalePlan {
    Bands(Vec<(Digits, Digits)>, Digits),
    Ramp { from: Digits, to: Digits, points: (Digits, Digits) },
    Percentile(&'static str),
}

#[derive(Debug, Clone)]
pub struct SignalPlan {
    pub weight: Digits,
    pub scale: ScalePlan,
    pub max_age: Option<u32>,
    pub missing: Option<&'static str>,
    pub up_to: bool,
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub formula: &'static str,
    pub missing: &'static str,
    pub neutral: Digits,
    pub groups: Vec<(Digits, Vec<SignalPlan>)>,
}

const FORMULAS: [&str; 4] = ["weighted_mean", "points", "worst_of", "human_rating"];
const RULES: [&str; 4] = ["leave_out", "neutral", "poor", "last_value"];

fn weight() -> impl Strategy<Value = Digits> {
    prop_oneof![select(vec![0, 1, ONE, 3 * ONE, 7 * ONE, 1_000_000 * ONE]), 0..=100 * ONE, 0..=1_000_000 * ONE]
        .prop_map(Digits)
}

/// Values in the range that ramps and bands are in, and far beyond it.
fn value() -> impl Strategy<Value = Digits> {
    prop_oneof![
        4 => (-20..20_i64).prop_map(|whole| whole * ONE),
        4 => -20 * ONE..20 * ONE,
        1 => select(vec![0, 1, -1, 100_000_000_000 * ONE, -100_000_000_000 * ONE]),
    ]
    .prop_map(Digits)
}

fn points(signed: bool) -> impl Strategy<Value = Digits> {
    let lowest = if signed { -100 } else { 0 };
    prop_oneof![(lowest..=100_i64).prop_map(|whole| whole * ONE), lowest * ONE..=100 * ONE].prop_map(Digits)
}

fn scale(signed: bool) -> impl Strategy<Value = ScalePlan> {
    let edges = prop::collection::btree_map((-20 * ONE..20 * ONE).prop_map(Digits), points(signed), 0..5);
    let bands = (edges, points(signed)).prop_map(|(edges, last)| ScalePlan::Bands(edges.into_iter().collect(), last));
    let ramp = (value(), value(), points(signed), points(signed)).prop_map(|(from, to, worst, best)| ScalePlan::Ramp {
        from,
        // The largest numbers of a file have fewer places than six.
        to: if (from.0 - to.0).abs() < ONE { Digits(if from.0.abs() > ONE { 0 } else { to.0 + 3 }) } else { to },
        points: (worst, best),
    });
    prop_oneof![bands, ramp, select(vec!["up", "down"]).prop_map(ScalePlan::Percentile)]
}

fn signal(signed: bool) -> impl Strategy<Value = SignalPlan> {
    let rule = prop::option::of(select(RULES.to_vec()));
    (weight(), scale(signed), prop::option::of(0..40_u32), rule, any::<bool>())
        .prop_map(|(weight, scale, max_age, missing, up_to)| SignalPlan { weight, scale, max_age, missing, up_to })
}

pub fn plan() -> impl Strategy<Value = Plan> {
    plan_of(FORMULAS.to_vec(), 5, 6)
}

pub fn plan_of(formulas: Vec<&'static str>, groups: usize, signals: usize) -> impl Strategy<Value = Plan> {
    select(formulas).prop_flat_map(move |formula| {
        let group = (weight(), prop::collection::vec(signal(formula == "points"), 1..=signals));
        (select(RULES.to_vec()), 0..=100 * ONE, prop::collection::vec(group, 1..=groups)).prop_map(
            move |(missing, neutral, mut groups)| {
                // The reader refuses weights that add up to zero.
                for (weight, members) in &mut groups {
                    weight.0 = weight.0.max(1);
                    members[0].weight.0 = members[0].weight.0.max(1);
                }
                Plan { formula, missing, neutral: Digits(neutral), groups }
            },
        )
    })
}

/// Signals are named in the order of the plan; the first of a human rating is the rating.
pub fn name(plan: &Plan, place: usize) -> String {
    if plan.formula == "human_rating" && place == 0 { "human_rating".to_owned() } else { format!("s{place}") }
}

impl Plan {
    pub fn toml(&self) -> String {
        let mut said = format!(
            "title = \"Random\"\nformula = \"{}\"\nmissing = \"{}\"\nneutral = {}\n",
            self.formula, self.missing, self.neutral
        );
        let mut place = 0;
        for (number, (weight, members)) in self.groups.iter().enumerate() {
            writeln!(said, "[[group]]\nid = \"g{number}\"").unwrap();
            if self.formula != "points" {
                writeln!(said, "weight = {weight}").unwrap();
            }
            for member in members {
                writeln!(said, "[[group.signal]]\nid = \"{}\"\n{}", name(self, place), self.member(member)).unwrap();
                place += 1;
            }
        }
        said
    }

    fn member(&self, member: &SignalPlan) -> String {
        let mut said = format!("weight = {}\n", member.weight);
        match &member.scale {
            ScalePlan::Bands(edges, last) => {
                let mut from = String::new();
                said += "bands = [";
                for (edge, points) in edges {
                    write!(said, "{{ {from}to = {edge}, points = {points} }}, ").unwrap();
                    from = format!("from = {edge}, ");
                }
                writeln!(said, "{{ {from}points = {last} }}]").unwrap();
            }
            ScalePlan::Ramp { from, to, points: (worst, best) } => {
                writeln!(said, "ramp = {{ from = {from}, to = {to}, points = [{worst}, {best}] }}").unwrap();
            }
            ScalePlan::Percentile(better) => writeln!(said, "percentile = {{ better = \"{better}\" }}").unwrap(),
        }
        if let Some(days) = member.max_age {
            writeln!(said, "max_age = \"{days} days\"").unwrap();
        }
        if let Some(rule) = member.missing {
            writeln!(said, "missing = \"{rule}\"").unwrap();
        }
        let rule = member.missing.unwrap_or(self.missing);
        if let (true, "last_value", Some(days)) = (member.up_to, rule, member.max_age) {
            writeln!(said, "up_to = \"{} days\"", days + 20).unwrap();
        }
        said
    }

    pub fn card(&self) -> Scorecard {
        self.card_named("random")
    }

    pub fn card_named(&self, id: &str) -> Scorecard {
        Scorecards::of(&[text(id, &self.toml())], &known_signals(), &|_| true).unwrap().cards()[0].clone()
    }
}

fn known_signals() -> Vec<Text> {
    let like = signals().remove(0);
    let named = |id: String| Text { id, ..like.clone() };
    (0..40).map(|place| named(format!("s{place}"))).chain([named("human_rating".to_owned())]).collect()
}

fn observation() -> impl Strategy<Value = Observation> {
    (value(), 0..80_u32, 0..=100 * ONE).prop_map(|(value, age, rank)| Observation {
        value: Decimal::new(value.0, 6).normalize(),
        age,
        rank: Some(Decimal::new(rank, 6).normalize()),
    })
}

/// What is known of `s0` to `s29` and the rating: a value, an old one, or none.
pub fn inputs() -> impl Strategy<Value = Inputs> {
    prop::collection::vec(prop::option::weighted(0.7, observation()), 31).prop_map(|seen| {
        let named = |(place, seen): (usize, Option<Observation>)| {
            let name = if place == 30 { "human_rating".to_owned() } else { format!("s{place}") };
            seen.map(|seen| (name, seen))
        };
        seen.into_iter().enumerate().filter_map(named).collect()
    })
}

/// A day on which every signal has a fresh value, and another.
pub fn fresh_days() -> impl Strategy<Value = (Inputs, Inputs)> {
    prop::collection::vec((observation(), observation()), 31).prop_map(|seen| {
        let day = |pick: fn(&(Observation, Observation)) -> Observation| -> Inputs {
            let named = |(place, both): (usize, &(Observation, Observation))| {
                let name = if place == 30 { "human_rating".to_owned() } else { format!("s{place}") };
                (name, Observation { age: 0, ..pick(both) })
            };
            seen.iter().enumerate().map(named).collect()
        };
        (day(|both| both.0), day(|both| both.1))
    })
}

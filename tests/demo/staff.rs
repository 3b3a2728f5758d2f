//! Nobody is found by subtraction: every pair of answers about staff that can be had, held against who answered, read from the raw
//! exports.

use crate::company::{Company, company};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tenure_engine::{Cell, Condition, MetricRef, Question};
use tenure_schema::period::{Grain, Period};
use tenure_tests::{run, succeed};

const FEWEST: usize = 5;
const ATTRIBUTES: [&str; 3] = ["team", "role", "manager"];

/// An answer with a score, as the people's system exported it.
struct Answer {
    id: String,
    survey: String,
    question: String,
    person: String,
    at: Timestamp,
}

fn answers(company: &Company) -> Vec<Answer> {
    let path = company.folder.join("exports/people/survey_answers.csv");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path).unwrap();
    let mut answers = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let text = |index: usize| record.get(index).unwrap().to_owned();
        // Blank scores are no answers, and a row without an id is rejected.
        if !text(0).is_empty() && text(5).parse::<f64>().is_ok_and(|score| (0.0..=10.0).contains(&score)) {
            let at = text(7).parse().unwrap();
            answers.insert(text(0), Answer { id: text(0), survey: text(2), question: text(3), person: text(4), at });
        }
    }
    answers.into_values().collect()
}

/// Person → their team, role and manager.
fn attributes(company: &Company) -> BTreeMap<String, [String; 3]> {
    let path = company.folder.join("exports/people/staff.csv");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| (row[0].to_owned(), [row[2].to_owned(), row[4].to_owned(), row[3].to_owned()])).collect()
}

/// Every set of attributes that can be asked for.
fn splits() -> Vec<Vec<&'static str>> {
    let mut splits = vec![Vec::new()];
    for (at, one) in ATTRIBUTES.iter().enumerate() {
        splits.push(vec![*one]);
        splits.extend(ATTRIBUTES[at + 1..].iter().map(|two| vec![*one, *two]));
    }
    splits
}

/// Every period that can be asked for, and days and ranges that cannot.
fn periods(company: &Company) -> Vec<(Grain, Period)> {
    let clock = company.engine.clock();
    let months = company.months();
    let (first, last) = (company.period(&months[0]), company.period(&months[months.len() - 1]));
    let span = Period::range(clock.local(first.start), clock.local(last.end), &clock).unwrap();
    [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year]
        .into_iter()
        .flat_map(|grain| span.split(grain, &clock).unwrap().into_iter().map(move |period| (grain, period)))
        .collect()
}

fn ask(company: &Company, metric: &str, periods: &[Period], by: &[&str], filter: &[Condition]) -> Vec<Cell> {
    let question = Question {
        metrics: vec![MetricRef::default_of(metric)],
        periods: periods.to_vec(),
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        filter: filter.to_vec(),
        now: None,
    };
    company.block_on(company.engine.answer(&question)).unwrap().cells
}

fn is_shown(cell: &Cell) -> bool {
    cell.n > 0
}

/// Who stands behind a cell: the latest answer of each person in its period.
fn behind<'a>(cell: &Cell, answers: &'a [Answer], staff: &BTreeMap<String, [String; 3]>) -> BTreeMap<&'a str, &'a str> {
    let value = |name: &str| cell.segment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let mut latest: BTreeMap<&str, &Answer> = BTreeMap::new();
    let asked = |answer: &&Answer| {
        let question = value("question").flatten().unwrap_or_default();
        answer.survey.contains(&cell.metric) && (cell.metric == "enps" || answer.question == question)
    };
    for answer in answers.iter().filter(asked) {
        if (cell.period.start..cell.period.end).contains(&answer.at) {
            let known = latest.entry(&answer.person).or_insert(answer);
            if (known.at, &known.id) < (answer.at, &answer.id) {
                *known = answer;
            }
        }
    }
    let inside = |answer: &&&Answer| {
        ATTRIBUTES
            .iter()
            .zip(&staff[&answer.person])
            .all(|(name, is)| value(name).is_none_or(|wanted| wanted.unwrap_or_default() == *is))
    };
    latest.values().filter(inside).map(|answer| (answer.id.as_str(), answer.person.as_str())).collect()
}

#[test]
fn no_two_answers_about_staff_can_be_subtracted() {
    let company = company();
    let (answers, staff, periods) = (answers(company), attributes(company), periods(company));
    let only: Vec<Period> = periods.iter().map(|(_, period)| period.clone()).collect();
    for metric in ["enps", "pulse"] {
        let mut cells = Vec::new();
        for by in splits() {
            cells.extend(ask(company, metric, &only, &by, &[]).into_iter().filter(is_shown));
        }
        assert!(cells.len() > 100, "{} cells of {metric} are shown", cells.len());
        let sets: Vec<(BTreeSet<&str>, BTreeSet<&str>)> =
            cells.iter().map(|cell| behind(cell, &answers, &staff).into_iter().unzip()).collect();
        for (cell, (ids, people)) in cells.iter().zip(&sets) {
            let what = format!("{metric} {} {:?}", cell.period.label, cell.segment);
            assert_eq!(usize::try_from(cell.n).unwrap(), ids.len(), "{what}");
            assert!(people.len() >= FEWEST, "{what} is of {} people", people.len());
        }
        let pairs = (0..sets.len()).flat_map(|one| (one + 1..sets.len()).map(move |two| (one, two)));
        for (one, two) in pairs {
            let (a, b) = (&sets[one], &sets[two]);
            if a.0.len().abs_diff(b.0.len()) >= FEWEST {
                continue;
            }
            let names = || {
                format!(
                    "{} {:?} and {} {:?}",
                    cells[one].period.label, cells[one].segment, cells[two].period.label, cells[two].segment
                )
            };
            let apart = a.0.symmetric_difference(&b.0).count();
            assert!(apart == 0 || apart >= FEWEST, "{metric}: {} differ by {apart} answers", names());
            let (first, second) = (&cells[one], &cells[two]);
            let grain =
                |cell: &Cell| periods.iter().find(|(_, period)| *period == cell.period).map(|(grain, _)| *grain);
            if first.segment == second.segment && grain(first) == grain(second) {
                let more = a.1.difference(&b.1).count().max(b.1.difference(&a.1).count());
                let nested = a.1.is_subset(&b.1) || b.1.is_subset(&a.1);
                assert!(!nested || more == 0 || more >= FEWEST, "{metric}: {} hold {more} people more", names());
            }
        }
        no_remainder(&cells, &sets, metric);
    }
}

/// What is hidden of a shown whole, all parts that are shown taken off, is nobody or enough.
fn no_remainder(cells: &[Cell], sets: &[(BTreeSet<&str>, BTreeSet<&str>)], metric: &str) {
    for (whole, of_whole) in cells.iter().zip(sets) {
        let mut left: BTreeMap<Vec<&str>, BTreeSet<&str>> = BTreeMap::new();
        for (part, of_part) in cells.iter().zip(sets) {
            let holds = whole.segment.iter().all(|pair| part.segment.contains(pair));
            if part.period == whole.period && holds && part.segment.len() > whole.segment.len() {
                let names = part.segment.iter().map(|(name, _)| name.as_str()).collect();
                let left = left.entry(names).or_insert_with(|| of_whole.0.clone());
                left.retain(|id| !of_part.0.contains(id));
            }
        }
        for (by, left) in left {
            let few = (1..FEWEST).contains(&left.len());
            assert!(!few, "{metric} {} {:?} by {by:?} leaves {}", whole.period.label, whole.segment, left.len());
        }
    }
}

#[test]
fn every_way_out_shows_the_same_cells() {
    let company = company();
    let by_team = ask(company, "enps", &[company.period("2026-Q2")], &["team"], &[]);
    assert!(by_team.iter().any(is_shown) && by_team.iter().any(|cell| !is_shown(cell)));
    for cell in &by_team {
        let condition = Condition { name: "team".into(), value: cell.segment[0].1.clone() };
        let alone = ask(company, "enps", std::slice::from_ref(&cell.period), &[], &[condition]);
        assert_eq!(alone[0].value, cell.value, "{:?}", cell.segment);
    }
    let shown = |arguments: &[&str]| -> BTreeMap<String, serde_json::Value> {
        let text = succeed(&company.folder, arguments).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let of = |row: &serde_json::Value| row["metric"] == "enps" && row["period"] == "2026-Q2";
        let team = |row: &serde_json::Value| row["segment"]["team"].as_str().unwrap_or_default().to_owned();
        rows.into_iter().filter(of).map(|row| (team(&row), row["value"].clone())).collect()
    };
    let metric = shown(&["metric", "enps", "--period", "2026-Q2", "--by", "team", "--format", "json"]);
    let mut report = shown(&["report", "--period", "2026-Q2", "--by", "team", "--format", "json"]);
    report.remove("");
    assert_eq!(metric, report);
    let hidden = by_team.iter().filter(|cell| !is_shown(cell));
    for team in hidden.filter_map(|cell| cell.segment[0].1.clone()) {
        assert_eq!(metric[&team], serde_json::Value::Null, "{team}");
    }
    for refused in [
        &["rows", "enps", "--period", "2026-Q2"][..],
        &["rows", "pulse", "--period", "2026-06", "--excluded"],
        &["metric", "enps", "--period", "2026-Q2", "--by", "team,role,manager"],
    ] {
        let ran = run(&company.folder, refused).unwrap();
        assert!(ran.code != Some(0), "{refused:?} is answered");
    }
    for raw in [
        "survey_responses WHERE survey_kind IN ('enps', 'pulse')",
        "staff_answers",
        "survey_invitations WHERE audience = 'staff'",
        "interactions WHERE kind = 'one_on_one'",
    ] {
        let counted =
            succeed(&company.folder, &["sql", &format!("SELECT count(*) AS n FROM {raw}"), "--format", "csv"]).unwrap();
        assert_eq!(counted.trim(), "n\n0", "{raw} is open to sql");
    }
}

#[test]
fn odd_periods_and_open_ones_are_not_told() {
    let company = company();
    for label in ["2026-05-02..2026-06-30", "2026-06-15", "last-12-months"] {
        let observed_to = company.period("2026-06").end;
        let period = Period::parse(label, &company.engine.clock(), observed_to).unwrap();
        for cell in ask(company, "enps", &[period], &[], &[]) {
            assert!(!is_shown(&cell) && cell.value.is_none(), "{label}");
        }
    }
    let question = Question {
        now: Some(company.period("2026-06-20").start),
        ..Question::metric("pulse", vec![company.period("2026-06")])
    };
    let cells = company.block_on(company.engine.answer(&question)).unwrap().cells;
    assert!(cells.iter().all(|cell| !is_shown(cell)), "June is not over on the 20th");
}

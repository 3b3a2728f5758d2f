//! A company of twelve accounts worked by hand: every row of `hand_worked/*.md`, asked of the command.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::str::Chars;
use std::sync::Mutex;
use tenure_tests::{copy_folder, run, succeed};

const DOCUMENTS: [&str; 5] = ["revenue.md", "retention.md", "voice.md", "support.md", "lifecycle.md"];

/// Money is told to the cent, rounded once.
const CENT: f64 = 0.005;

/// Runs of periods that hold those of the documents, so that one question answers many rows: from when the company began.
const GRAINS: [(&str, &str); 5] =
    [("month", "29"), ("quarter", "10"), ("fiscal-quarter", "10"), ("fiscal-year", "3"), ("year", "3")];

/// What one run of the command answers, in all definitions of the metric.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    metric: String,
    when: Vec<String>,
    by: Vec<String>,
    level: Option<String>,
    now: Option<String>,
    as_of: Option<String>,
}

/// A row of a document: where in the answer it looks, and what it expects there.
#[derive(Debug)]
struct Row {
    place: String,
    variant: String,
    period: String,
    segment: Vec<(String, String)>,
    part: Option<String>,
    value: String,
    n: Option<i64>,
    complete: Option<bool>,
}

#[test]
fn every_row_is_answered_as_worked_by_hand() {
    let folder = company();
    let questions = Mutex::new(rows());
    let differences = Mutex::new(Vec::new());
    let next = || questions.lock().unwrap().pop_first();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((question, rows)) = next() {
                    let answer = ask(folder.path(), &question);
                    let found = rows.iter().filter_map(|row| {
                        let told = answer.as_ref().map_err(Clone::clone).and_then(|cells| compare(row, cells));
                        told.err().map(|difference| format!("{}: {difference}", row.place))
                    });
                    differences.lock().unwrap().extend(found.collect::<Vec<_>>());
                }
            });
        }
    });
    let mut differences = differences.into_inner().unwrap();
    differences.sort();
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// The company after both imports.
fn company() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (documents(), folder.path());
    fs::copy(from.join("tenure.toml"), to.join("tenure.toml")).unwrap();
    copy_folder(&from.join("sources"), &to.join("sources")).unwrap();
    copy_folder(&from.join("exports"), &to.join("exports")).unwrap();
    succeed(to, &["import"]).unwrap();
    copy_folder(&from.join("exports_later"), &to.join("exports")).unwrap();
    let second = succeed(to, &["import"]).unwrap();
    let removed = |table: &str| second.lines().find(|line| line.contains(table)).unwrap().split_whitespace().last();
    assert_eq!((removed(" tickets "), removed(" ticket_events ")), (Some("1"), Some("3")), "{second}");
    folder
}

fn documents() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hand_worked")
}

/// The rows of every table that begins with the columns metric and variant, by the question that answers them.
fn rows() -> BTreeMap<Question, Vec<Row>> {
    let mut rows: BTreeMap<Question, Vec<Row>> = BTreeMap::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(documents().join(document)).unwrap();
        let mut header: Option<Vec<&str>> = None;
        for (number, line) in text.lines().enumerate() {
            let Some(line) = line.strip_prefix('|').and_then(|line| line.trim_end().strip_suffix('|')) else {
                header = None;
                continue;
            };
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            match &header {
                None => header = Some(cells),
                Some(header) if header.starts_with(&["metric", "variant"]) && !cells[0].starts_with("---") => {
                    assert_eq!(header.len(), cells.len(), "{document}:{}", number + 1);
                    let (question, row) = row(document, number + 1, header, &cells);
                    rows.entry(question).or_default().push(row);
                }
                Some(_) => {}
            }
        }
    }
    rows
}

fn row(document: &str, line: usize, header: &[&str], cells: &[&str]) -> (Question, Row) {
    let column = |name: &str| header.iter().position(|&known| known == name).map(|place| cells[place]);
    let filled = |name: &str| column(name).filter(|cell| !cell.is_empty());
    let text = |name: &str| column(name).unwrap().to_owned();
    let place = format!("{document}:{line} {}", cells[..4].join(" "));
    let mut question = Question { metric: text("metric"), ..Question::default() };
    let mut row = Row {
        variant: text("variant"),
        period: text("period"),
        segment: Vec::new(),
        part: None,
        value: text("value"),
        n: filled("n").map(|n| n.parse().unwrap()),
        complete: filled("complete").map(|complete| complete.parse().unwrap()),
        place,
    };
    for word in filled("of").into_iter().flat_map(|of| of.split(';')).map(str::trim) {
        let (what, which) = word.rsplit_once(' ').unwrap_or_else(|| panic!("{}: {word}", row.place));
        let which = which.to_owned();
        match what {
            "by" | "of" => {
                let (attribute, value) = which.split_once('=').unwrap();
                row.segment.push((attribute.to_owned(), value.to_owned()));
                if what == "by" {
                    question.by.push(attribute.to_owned());
                }
            }
            "part" => row.part = Some(which),
            "level" => question.level = Some(which),
            "now" => question.now = Some(which),
            "as of" => question.as_of = Some(which),
            _ => panic!("{}: {word}", row.place),
        }
    }
    // What is over, and so what the last periods are, depends on the world's time and the data's version.
    let alone = question.now.is_some() || question.as_of.is_some();
    question.when = match grain(&row.period).filter(|_| !alone) {
        Some((grain, last)) => vec!["--grain".to_owned(), grain.to_owned(), "--last".to_owned(), last.to_owned()],
        None => vec!["--period".to_owned(), row.period.clone()],
    };
    (question, row)
}

/// Which run of periods holds this one.
fn grain(period: &str) -> Option<(&'static str, &'static str)> {
    let shape: String = period.chars().map(|letter| if letter.is_ascii_digit() { '9' } else { letter }).collect();
    let grain = match shape.as_str() {
        "9999-99" => "month",
        "9999-Q9" => "quarter",
        "FY9999-Q9" => "fiscal-quarter",
        "FY9999" => "fiscal-year",
        "9999" => "year",
        _ => return None,
    };
    GRAINS.into_iter().find(|(name, _)| *name == grain)
}

/// Every cell of the answer; an error: what the command said.
fn ask(folder: &Path, question: &Question) -> Result<Vec<Value>, String> {
    let by = question.by.join(",");
    let mut arguments = vec!["metric", &question.metric, "--variant", "all", "--format", "json"];
    arguments.extend(question.when.iter().map(String::as_str));
    if !by.is_empty() {
        arguments.extend(["--by", &by]);
    }
    for (name, value) in [("--level", &question.level), ("--now", &question.now), ("--as-of", &question.as_of)] {
        arguments.extend(value.iter().flat_map(|value| [name, value.as_str()]));
    }
    let ran = run(folder, &arguments).map_err(|error| error.to_string())?;
    match ran.code {
        Some(0) => serde_json::from_str(&ran.out).map_err(|error| error.to_string()),
        _ => Err(ran.err.trim().to_owned()),
    }
}

/// An error: how the answer differs from the row.
fn compare(row: &Row, cells: &[Value]) -> Result<(), String> {
    let of_variant: Vec<&Value> = cells
        .iter()
        .filter(|cell| cell["variant"] == row.variant.as_str() && cell["period"] == row.period.as_str())
        .collect();
    let in_segment =
        |cell: &&&Value| row.segment.iter().all(|(attribute, value)| cell["segment"][attribute] == value.as_str());
    let found: Vec<_> = of_variant.iter().filter(in_segment).collect();
    let [cell] = found[..] else {
        let known: Vec<_> = of_variant.iter().map(|cell| cell["segment"].to_string()).collect();
        return Err(format!("{} cells, where variant and period have {known:?}", found.len()));
    };
    let told = match &row.part {
        None => &cell["value"],
        Some(part) => cell["parts"].get(part).ok_or_else(|| format!("the parts are {}", cell["parts"]))?,
    };
    let (told, reason) = (number(told), cell["reason"].as_str().unwrap_or_default());
    if let Some(words) = row.value.strip_prefix("null") {
        let words = words.trim().trim_start_matches('(').trim_end_matches(')');
        if told.is_some() || reason.is_empty() || !reason.contains(words) {
            return Err(format!("by hand {}, the command says {told:?} {reason}", row.value));
        }
    } else {
        let worked = evaluate(&row.value).map_err(|rest| format!("{}: cannot read from {rest:?} on", row.value))?;
        let tolerance = if cell["unit"] == "money" && row.part.is_none() { CENT } else { 0.0 };
        let near = told.is_some_and(|told| (told - worked).abs() <= tolerance + 1e-9 * worked.abs().max(1.0));
        if !near {
            return Err(format!("by hand {} = {worked}, the command says {told:?} {reason}", row.value));
        }
    }
    if row.n.is_some_and(|n| cell["n"] != n) {
        return Err(format!("by hand n is {:?}, the command says {}", row.n, cell["n"]));
    }
    if row.complete.is_some_and(|complete| cell["complete"] != complete) {
        return Err(format!("by hand complete is {:?}, the command says {}", row.complete, cell["complete"]));
    }
    Ok(())
}

/// Money is told as a number or as its digits.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// The value of an expression of `+ - * / ^` and brackets. An error: what is left where it cannot be read.
fn evaluate(text: &str) -> Result<f64, String> {
    let spaceless: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let mut letters = spaceless.chars().peekable();
    match (sum(&mut letters), letters.clone().next()) {
        (Some(value), None) => Ok(value),
        _ => Err(letters.collect()),
    }
}

type Letters<'a> = Peekable<Chars<'a>>;

fn sum(letters: &mut Letters<'_>) -> Option<f64> {
    let mut value = product(letters)?;
    while let Some(sign) = letters.next_if(|letter| "+-".contains(*letter)) {
        let next = product(letters)?;
        value += if sign == '+' { next } else { -next };
    }
    Some(value)
}

fn product(letters: &mut Letters<'_>) -> Option<f64> {
    let mut value = power(letters)?;
    while let Some(sign) = letters.next_if(|letter| "*/".contains(*letter)) {
        let next = power(letters)?;
        value = if sign == '*' { value * next } else { value / next };
    }
    Some(value)
}

fn power(letters: &mut Letters<'_>) -> Option<f64> {
    let base = term(letters)?;
    match letters.next_if_eq(&'^') {
        Some(_) => Some(base.powf(term(letters)?)),
        None => Some(base),
    }
}

fn term(letters: &mut Letters<'_>) -> Option<f64> {
    if letters.next_if_eq(&'-').is_some() {
        return Some(-term(letters)?);
    }
    if letters.next_if_eq(&'(').is_some() {
        let value = sum(letters)?;
        return letters.next_if_eq(&')').map(|_| value);
    }
    let mut digits = String::new();
    while let Some(letter) = letters.next_if(|letter| letter.is_ascii_digit() || *letter == '.') {
        digits.push(letter);
    }
    digits.parse().ok()
}

#[test]
fn the_arithmetic_of_the_documents_is_read_as_written() {
    for (text, value) in [
        ("2710", 2710.0),
        ("2990 - 90", 2900.0),
        ("10 - 3 - 2", 5.0),
        ("8 / 4 / 2", 1.0),
        ("500*(0.80 - 0.90)", -50.0),
        ("-50", -50.0),
        ("(8/9)^(1/3)", (8.0f64 / 9.0).cbrt()),
        ("12/1560 + 2*3", 12.0 / 1560.0 + 6.0),
    ] {
        assert!((evaluate(text).unwrap() - value).abs() < 1e-9, "{text}");
    }
    assert_eq!(evaluate("2 + "), Err(String::new()));
    assert_eq!(evaluate("(2 + 3"), Err(String::new()));
    assert_eq!(evaluate("2 of 3"), Err("of3".to_owned()));
}

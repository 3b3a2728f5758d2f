//! Every face gives the same answer as the engine's one call, and the same question the same bytes.

use crate::company::{company, value};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::OnceLock;
use tenure_engine::{Cell, MetricRef, Number, Question};
use tenure_tests::{command, succeed};

mod workbook;

const MONTH: &str = "2026-05";

/// The whole board, straight from the engine.
fn board() -> Vec<Cell> {
    let company = company();
    let metrics = company.engine.catalog().metrics().map(|metric| MetricRef::default_of(&metric.id)).collect();
    let question =
        Question { metrics, periods: vec![company.period(MONTH)], by: Vec::new(), filter: Vec::new(), now: None };
    company.block_on(company.engine.answer(&question)).unwrap().cells
}

fn report(format: &str) -> String {
    succeed(&company().folder, &["report", "--period", MONTH, "--format", format]).unwrap()
}

/// The board as JSON, asked once for all that is held against it.
fn records() -> Vec<Value> {
    static RECORDS: OnceLock<Vec<Value>> = OnceLock::new();
    RECORDS.get_or_init(|| serde_json::from_str(&report("json")).unwrap()).clone()
}

/// A metric and its segment.
fn place(metric: &str, segment: &[(String, Option<String>)]) -> (String, String) {
    (
        metric.to_owned(),
        segment.iter().map(|(name, value)| format!("{name}={}", value.as_deref().unwrap_or(""))).collect(),
    )
}

/// A printed number is the one computed, as it is published.
fn same(printed: Option<f64>, cell: &Cell, number: Option<Number>) -> bool {
    match (printed, number.map(|number| number.published(cell.unit).as_f64())) {
        (None, None) => true,
        (Some(printed), Some(computed)) => (printed - computed).abs() <= 1e-12 * computed.abs().max(1.0),
        _ => false,
    }
}

#[test]
fn json_says_what_the_engine_says() {
    let cells = board();
    let records = records();
    let told: BTreeMap<_, &Value> = records
        .iter()
        .map(|record| {
            let segment: Vec<(String, Option<String>)> = record["segment"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().map(str::to_owned)))
                .collect();
            (place(record["metric"].as_str().unwrap(), &segment), record)
        })
        .collect();
    assert_eq!(told.len(), records.len());
    let hash = company().engine.catalogue_hash();
    let same_build = records.iter().all(|record| record["catalogue"].as_str() == Some(hash));
    assert!(same_build, "the command is not of this build: cargo build --bin tenure");
    for cell in &cells {
        let place = place(&cell.metric, &cell.segment);
        let record = told.get(&place).unwrap_or_else(|| panic!("{place:?} is not on the board"));
        for (key, number) in [("value", cell.value), ("low", cell.low), ("high", cell.high)] {
            assert!(same(record[key].as_f64(), cell, number), "{place:?} {key}: {} {number:?}", record[key]);
        }
        assert_eq!(record["n"].as_i64(), Some(cell.n), "{place:?}");
        assert_eq!(record["complete"].as_bool(), Some(cell.complete), "{place:?}");
        assert_eq!(record["reason"].as_str(), cell.reason.as_deref(), "{place:?}");
        let parts = record["parts"].as_object().unwrap();
        for part in &cell.parts {
            let number = part.value.map(|number| number.published(part.unit).as_f64());
            let printed = parts[&part.name].as_f64();
            assert_eq!(printed.is_some(), number.is_some(), "{place:?} {}", part.name);
            let apart = printed.zip(number).map_or(0.0, |(printed, number)| (printed - number).abs());
            assert!(apart <= 1e-12 * number.unwrap_or_default().abs().max(1.0), "{place:?} {}", part.name);
        }
        let excluded: BTreeMap<&str, i64> = cell.excluded.iter().map(|(reason, n)| (reason.as_str(), *n)).collect();
        let printed: BTreeMap<&str, i64> = record["excluded"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(reason, count)| (reason.as_str(), count.as_i64().unwrap()))
            .collect();
        assert_eq!(printed, excluded, "{place:?}");
    }
    assert_eq!(told.len(), cells.len());
}

/// A record of JSON under the names that CSV has: `segment.plan`, `parts.p90`, `excluded.spam`.
fn flat(record: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut flat = BTreeMap::new();
    for (key, value) in record.as_object().unwrap() {
        match value {
            Value::Object(inner) => {
                flat.extend(inner.iter().map(|(name, value)| (format!("{key}.{name}"), text(value))))
            }
            value => {
                flat.insert(key.clone(), text(value));
            }
        }
    }
    flat
}

/// Reported of other tools: <https://github.com/chatwoot/chatwoot/issues/11057>.
#[test]
fn csv_says_what_json_says() {
    let records = records();
    let text = report("csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let lines: Vec<BTreeMap<String, String>> = reader.deserialize().map(|line| line.unwrap()).collect();
    assert_eq!(lines.len(), records.len());
    for (line, record) in lines.iter().zip(&records) {
        let told = flat(record);
        let missing: Vec<&String> = told.keys().filter(|key| !header.contains(key)).collect();
        assert!(missing.is_empty(), "{} has {missing:?} in JSON alone", record["metric"]);
        for key in &header {
            // A reason that others have excludes none of this one's rows.
            let none = if key.starts_with("excluded.") { "0" } else { "" };
            let told = told.get(key).map_or(none, String::as_str);
            // Reading JSON into a double may lose its last bit.
            let near = |(told, printed): (f64, f64)| (told - printed).abs() <= 1e-14 * told.abs();
            let equal = told == line[key] || told.parse().ok().zip(line[key].parse().ok()).is_some_and(near);
            assert!(equal, "{} {key}: {told} in JSON, {} in CSV", record["metric"], line[key]);
        }
    }
}

/// A figure as people read it, read back: in the unit of the record, and how far off rounding may have put it.
fn read_back(text: &str, unit: &str) -> Option<(f64, f64)> {
    let text = text.trim_end_matches('*').replace('−', "-").replace(',', "");
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let to = text[from..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(text.len(), |at| from + at);
    let digits = &text[from..to];
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let scale = match (unit, text[to..].trim()) {
        ("ratio", "%") => 0.01,
        ("seconds", "min") => 60.0,
        ("seconds", "h") => 3_600.0,
        ("seconds", "d") => 86_400.0,
        ("seconds", "s") | ("days", "d") | ("money" | "count" | "number" | "points" | "score", "") => 1.0,
        _ => return None,
    };
    let sign = if text[..from].contains('-') { -1.0 } else { 1.0 };
    let value: f64 = digits.parse().ok()?;
    Some((sign * value * scale, 0.500_001 * scale * 0.1_f64.powi(i32::try_from(places).ok()?)))
}

/// The records that a table shows, in its order: those with a value.
fn shown() -> Vec<Value> {
    records().into_iter().filter(|record| !record["value"].is_null()).collect()
}

/// What a face shows of a record: title or segment, value, both ends of the interval, n.
struct Face {
    name: String,
    value: String,
    interval: String,
    n: String,
}

fn compare(faces: &[Face]) {
    let records = shown();
    let names: Vec<&str> = faces.iter().map(|face| face.name.as_str()).collect();
    assert_eq!(faces.len(), records.len(), "{names:?}");
    for (face, record) in faces.iter().zip(&records) {
        let unit = record["unit"].as_str().unwrap();
        let whole = record["segment"].as_object().unwrap().is_empty();
        assert!(!whole || face.name == record["title"].as_str().unwrap(), "{} is {}", face.name, record["title"]);
        let near = |what: &str, text: &str, told: f64| {
            let (read, off) = read_back(text, unit).unwrap_or_else(|| panic!("{} {what}: {text:?}", face.name));
            assert!((read - told).abs() <= off, "{} {what}: {text} for {told}", face.name);
        };
        near("value", &face.value, record["value"].as_f64().unwrap());
        assert_eq!(face.n.replace(',', ""), record["n"].to_string(), "{}", face.name);
        let ends = record["low"].as_f64().zip(record["high"].as_f64());
        assert_eq!(ends.is_none(), face.interval.is_empty(), "{}", face.name);
        if let Some((low, high)) = ends {
            let (first, last) = face.interval.split_once('–').unwrap();
            // The unit stands once, behind the second, where both have the same.
            let suffix = last.trim_start_matches(|c: char| !c.is_ascii_digit());
            let suffix = suffix.trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
            let first = first.trim();
            let bare = first.chars().last().is_some_and(|c| c.is_ascii_digit());
            near("low", &if bare { format!("{first}{suffix}") } else { first.to_owned() }, low);
            near("high", last.trim(), high);
        }
    }
}

#[test]
fn the_table_says_what_json_says() {
    let ran = command(&company().folder, &["report", "--period", MONTH]).unwrap().env("COLUMNS", "240").output();
    let text = String::from_utf8(ran.unwrap().stdout).unwrap();
    let mut lines = text.lines().skip_while(|line| !line.starts_with("Metric"));
    let header: Vec<char> = lines.next().unwrap().chars().collect();
    // Numbers stand flush right under their titles.
    let end = |title: &str| {
        let header: String = header.iter().collect();
        header[..header.find(title).unwrap()].chars().count() + title.chars().count()
    };
    let (value, interval, n) = (end("Value"), end("95% interval"), end("  n"));
    let faces: Vec<Face> = lines
        .filter(|line| line.chars().count() >= n)
        .filter_map(|line| {
            let letters: Vec<char> = line.chars().collect();
            let cut = |from: usize, to: usize| letters[from..to].iter().collect::<String>().trim().to_owned();
            let (name, shown) =
                cut(0, value).rsplit_once("  ").map(|(name, shown)| (name.trim().to_owned(), shown.to_owned()))?;
            let count = cut(interval, n);
            let number = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
            number.then(|| Face { name, value: shown, interval: cut(value, interval), n: count })
        })
        .collect();
    compare(&faces);
}

#[test]
fn the_page_says_what_json_says() {
    let page = report("html");
    let text_of = |html: &str| {
        let mut text = String::new();
        for piece in html.split('<') {
            text += piece.split_once('>').map_or("", |(_, text)| text);
        }
        text.replace("&amp;", "&").trim().to_owned()
    };
    let mut faces = Vec::new();
    for table in page.split("<table class=\"lines\">").skip(1) {
        let body = table.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
        for row in body.split("<tr").skip(1).filter(|row| !row.starts_with(" class=\"over\"")) {
            let cell = |mark: &str| {
                let cell = row.split(mark).nth(1).unwrap_or_else(|| panic!("{mark} is not in {row}"));
                text_of(&format!("<{}", cell.split("</td>").next().unwrap().split("</th>").next().unwrap()))
            };
            let value = cell("<td class=\"num value\"").replace("not complete", "").trim().to_owned();
            let (interval, n) = (cell("data-label=\"95%\""), cell("data-label=\"n\""));
            faces.push(Face { name: cell("<th scope=\"row\""), value, interval, n });
        }
    }
    compare(&faces);
}

/// What a board sets beside a value, which one metric's answer does not have.
const COMPARED: [&str; 3] = ["previous", "change", "target"];

#[test]
fn one_metric_says_what_the_board_says() {
    let cells = board();
    let company = company();
    for id in company.engine.catalog().metrics().map(|metric| metric.id.as_str()) {
        let question = Question {
            metrics: vec![MetricRef::default_of(id)],
            periods: vec![company.period(MONTH)],
            by: Vec::new(),
            filter: Vec::new(),
            now: None,
        };
        let alone = company.block_on(company.engine.answer(&question)).unwrap().cells;
        assert_eq!(alone, cells.iter().filter(|cell| cell.metric == id).cloned().collect::<Vec<_>>(), "{id}");
    }
    // The command says of each kind of metric what its board says.
    let records = records();
    for id in ["mrr", "churned_mrr", "nrr", "logo_churn_rate", "clv", "nps", "csat", "first_response_time", "enps"] {
        let text = succeed(&company.folder, &["metric", id, "--period", MONTH, "--format", "json"]).unwrap();
        let alone: Vec<Value> = serde_json::from_str(&text).unwrap();
        let mut on_board: Vec<Value> = records.iter().filter(|record| record["metric"] == id).cloned().collect();
        for record in on_board.iter_mut().filter_map(Value::as_object_mut) {
            record.retain(|key, _| !COMPARED.contains(&key.as_str()));
        }
        assert_eq!(alone, on_board, "{id}");
    }
}

#[test]
fn a_number_counts_as_many_rows_as_it_opens_to() {
    let records = records();
    for id in ["churned_mrr", "logo_churn_rate", "nps", "first_response_time", "ticket_volume"] {
        let record = records.iter().find(|record| record["metric"] == id).unwrap();
        let open = |more: &[&str]| {
            let asked = [&["rows", id, "--period", MONTH, "--format", "csv"], more].concat();
            succeed(&company().folder, &asked).unwrap().lines().count() - 1
        };
        assert_eq!(record["n"], open(&[]), "{id}");
        let excluded: u64 = record["excluded"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
        assert_eq!(excluded, open(&["--excluded"]) as u64, "{id}");
    }
}

/// The arguments of a command as typed. A query stands between quotes, and is one argument.
fn words(line: &str) -> Vec<&str> {
    let mut arguments = vec!["-w", company().folder.to_str().unwrap()];
    for (at, piece) in line.split('"').enumerate() {
        match at % 2 {
            0 => arguments.extend(piece.split_whitespace()),
            _ => arguments.push(piece),
        }
    }
    arguments
}

/// What a command says of what another wrote.
fn fed(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut command = command(folder, arguments).unwrap();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let ran = child.wait_with_output().unwrap();
    assert!(ran.status.success(), "{arguments:?} of {input}");
    String::from_utf8(ran.stdout).unwrap()
}

/// The examples that help shows are for whoever has just made the demo: each finds something there.
#[test]
fn the_examples_of_help_have_answers() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["report", "metric", "rows", "explain", "check", "sql", "account"] {
        let help = succeed(folder.path(), &[command, "--help"]).unwrap();
        let (_, examples) = help.split_once("Example").unwrap();
        let lines: Vec<&str> = examples.lines().filter_map(|line| line.strip_prefix("  tenure ")).collect();
        assert!(!lines.is_empty(), "{help}");
        for line in lines {
            let (line, piped) = line.split_once(" | tenure ").map_or((line, None), |(line, then)| (line, Some(then)));
            let arguments = words(line);
            let mut out = succeed(folder.path(), &arguments).unwrap_or_else(|error| panic!("tenure {line}: {error}"));
            if let Some(then) = piped {
                out = fed(folder.path(), &words(then), &out);
            }
            let file = arguments.iter().position(|argument| *argument == "-o").map(|at| arguments[at + 1]);
            let text = file.map_or(out, |file| match file.ends_with(".xlsx") {
                true => workbook::front(&folder.path().join(file)),
                false => std::fs::read_to_string(folder.path().join(file)).unwrap(),
            });
            assert!(text.lines().count() > 1, "tenure {line}: {text}");
            if line.contains("--where") && !line.starts_with("rows") {
                let asked: Vec<&str> = arguments.iter().copied().filter(|argument| *argument != "-o").collect();
                let end = asked.iter().position(|argument| *argument == "--format").unwrap_or(asked.len());
                let cells = succeed(folder.path(), &[&asked[..end], &["--format", "json"]].concat()).unwrap();
                let cells: Vec<Value> = serde_json::from_str(&cells).unwrap();
                assert!(cells.iter().any(|cell| cell["n"].as_i64() > Some(0)), "tenure {line}");
            }
        }
    }
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    for format in ["json", "csv", "table", "html"] {
        assert!(report(format) == report(format), "{format} differs");
    }
    let folder = tempfile::tempdir().unwrap();
    let [first, again] =
        ["first.xlsx", "again.xlsx"].map(|name| std::fs::read(workbook::write(folder.path(), name)).unwrap());
    assert!(first == again, "xlsx differs");
    let again: Vec<_> = board().iter().map(value).collect();
    assert_eq!(board().iter().map(value).collect::<Vec<_>>(), again);
}

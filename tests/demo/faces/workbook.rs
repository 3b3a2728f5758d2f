//! The workbook, opened again, says what JSON says: of the month asked for and of one before it, figure by figure.

use super::{MONTH, company, records};
use calamine::{Data, DataType, Reader, Xlsx};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use tenure_tests::succeed;

/// A month before that the workbook has, too.
const BEFORE: &str = "2025-11";

type Book = Xlsx<BufReader<File>>;
type Row = BTreeMap<String, Data>;

/// Writes the board as a workbook.
pub(super) fn write(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(name);
    let asked = ["report", "--period", MONTH, "--format", "xlsx", "-o", file.to_str().unwrap()];
    succeed(&company().folder, &asked).unwrap();
    file
}

/// The texts of a workbook's first sheet, a line a row.
pub(super) fn front(file: &Path) -> String {
    let mut book: Book = calamine::open_workbook(file).unwrap();
    let range = book.worksheet_range("Board").unwrap();
    let lines = range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

/// The rows of a sheet's table by the titles of its columns; so many rows stand above it.
fn table(book: &mut Book, sheet: &str, above: usize) -> Vec<Row> {
    let range = book.worksheet_range(sheet).unwrap();
    let mut rows = range.rows().skip(above);
    let titles: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    rows.map(|row| titles.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

/// The sheets of groups, which stand between those that every workbook has.
fn groups(book: &Book) -> Vec<String> {
    let fixed = ["Board", "Parts", "Definitions", "Excluded", "Excluded rows"];
    book.sheet_names().into_iter().filter(|name| !fixed.contains(&name.as_str())).collect()
}

fn text(row: &Row, title: &str) -> String {
    row[title].to_string()
}

/// A number of the sheet in the unit of the record; durations are in hours there.
fn same(read: &Data, told: &Value, unit: &str) -> bool {
    let scale = if unit == "seconds" { 3_600.0 } else { 1.0 };
    match (read, told.as_f64()) {
        (Data::Empty, None) => true,
        // Money and counts are exact; JSON is read into a double, too.
        (Data::Float(read), Some(told)) => (read * scale - told).abs() <= 1e-14 * told.abs(),
        (Data::Int(read), Some(told)) => *read as f64 * scale == told,
        _ => false,
    }
}

fn day(row: &Row, title: &str) -> Date {
    let serial = row[title].get_datetime().unwrap_or_else(|| panic!("{title} is no date: {row:?}")).as_f64();
    date(1899, 12, 30).checked_add(jiff::Span::new().days(serial as i64)).unwrap()
}

fn compare(row: &Row, record: &Value) {
    let (id, unit) = (record["metric"].as_str().unwrap(), record["unit"].as_str().unwrap());
    for (title, key) in [
        ("Value", "value"),
        ("95% low", "low"),
        ("95% high", "high"),
        ("Period before", "previous"),
        ("Change", "change"),
        ("Target", "target"),
    ] {
        assert!(same(&row[title], &record[key], unit), "{id} {key}: {:?} {}", row[title], record[key]);
    }
    for (title, key) in [("Metric", "title"), ("Id", "metric"), ("Variant", "variant"), ("Period", "period")] {
        assert_eq!(text(row, title), record[key].as_str().unwrap(), "{id}");
    }
    assert_eq!(text(row, "Note"), record["reason"].as_str().unwrap_or_default(), "{id}");
    assert!(same(&row["Assumed attributes"], &record["assumed"], "ratio"), "{id}");
    let status = text(row, "Status");
    assert_eq!(status.ends_with("complete") && !status.ends_with("not complete"), status == "complete");
    assert_eq!(status.contains("not complete"), record["complete"] == false, "{id}: {status}");
    let withheld = status.starts_with("withheld");
    assert_eq!(
        withheld,
        record["reason"].as_str().is_some_and(|reason| reason.starts_with("not shown")),
        "{id}: {status}"
    );
    if withheld {
        assert_eq!(row["n"], Data::Empty, "{id}");
    } else {
        assert!(same(&row["n"], &record["n"], "count"), "{id} n: {:?}", row["n"]);
    }
    let told: BTreeMap<String, i64> = row
        .iter()
        .filter_map(|(title, count)| Some((title.strip_prefix("excluded: ")?.to_owned(), count.as_i64()?)))
        .collect();
    let excluded: BTreeMap<String, i64> = record["excluded"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(reason, count)| (reason.clone(), count.as_i64().unwrap()))
        .collect();
    assert_eq!(told, excluded, "{id}");
    let clock = company().engine.clock();
    let local = |key: &str| clock.local(record[key].as_str().unwrap().parse::<Timestamp>().unwrap()).date();
    let last = |key: &str| {
        let end: Timestamp = record[key].as_str().unwrap().parse().unwrap();
        clock.local(end - SignedDuration::from_micros(1)).date()
    };
    assert_eq!((day(row, "From"), day(row, "Through")), (local("start"), last("end")), "{id}");
    assert_eq!((day(row, "Rows from"), day(row, "Rows through")), (local("window_start"), last("window_end")), "{id}");
}

/// Every part of a record is on the sheet of parts.
fn compare_parts(parts: &[Row], record: &Value, segment: &str) {
    let id = record["metric"].as_str().unwrap();
    for (name, told) in record["parts"].as_object().unwrap() {
        let here = |row: &&Row| {
            text(row, "Id") == id
                && text(row, "Segment") == segment
                && text(row, "Period") == record["period"].as_str().unwrap()
                && text(row, "Part") == *name
        };
        let row = parts.iter().find(here).unwrap_or_else(|| panic!("{id} {segment}: {name} is not among the parts"));
        let unit = if text(row, "Unit") == "hours" { "seconds" } else { "" };
        assert!(same(&row["Value"], told, unit), "{id} {name}: {:?} {told}", row["Value"]);
    }
}

#[test]
fn the_workbook_says_what_json_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut book: Book = calamine::open_workbook(write(folder.path(), "board.xlsx")).unwrap();
    let sheets = groups(&book);
    assert!(sheets.contains(&"Revenue".to_owned()) && sheets.contains(&"Voice".to_owned()), "{sheets:?}");
    let rows: Vec<Row> = sheets.iter().flat_map(|sheet| table(&mut book, sheet, 0)).collect();
    let parts = table(&mut book, "Parts", 0);

    let now: Vec<&Row> = rows.iter().filter(|row| text(row, "Period") == MONTH).collect();
    let told = records();
    assert_eq!(now.len(), told.len());
    for (row, record) in now.iter().zip(&told) {
        compare(row, record);
        compare_parts(&parts, record, &text(row, "Segment"));
    }

    let before = succeed(&company().folder, &["report", "--period", BEFORE, "--format", "json"]).unwrap();
    let before: Vec<Value> = serde_json::from_str(&before).unwrap();
    let mut compared = 0;
    for record in before.iter().filter(|record| record["segment"].as_object().unwrap().is_empty()) {
        let here = |row: &&Row| {
            text(row, "Period") == BEFORE
                && text(row, "Segment") == "(whole)"
                && text(row, "Id") == record["metric"].as_str().unwrap()
        };
        let row = rows.iter().find(here).unwrap_or_else(|| panic!("{} is not there", record["metric"]));
        compare(row, record);
        compare_parts(&parts, record, "(whole)");
        compared += 1;
    }
    assert!(compared > 30, "{compared}");
    let months: BTreeSet<String> = rows.iter().map(|row| text(row, "Period")).collect();
    assert_eq!(months.len(), 13, "{months:?}");
}

#[test]
fn the_workbook_says_what_figures_mean_and_leave_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut book: Book = calamine::open_workbook(write(folder.path(), "board.xlsx")).unwrap();
    let told = records();
    let ids = |rows: &[Row]| rows.iter().map(|row| text(row, "Id")).collect::<BTreeSet<_>>();
    let metrics: BTreeSet<String> = told.iter().map(|record| record["metric"].as_str().unwrap().to_owned()).collect();
    let definitions = table(&mut book, "Definitions", 0);
    assert_eq!(ids(&definitions), metrics);
    for row in &definitions {
        let explained = succeed(&company().folder, &["explain", &text(row, "Id")]).unwrap();
        let words = |text: &str| text.split_whitespace().collect::<String>();
        for title in ["What it means", "Formula"] {
            assert!(words(&explained).contains(&words(&text(row, title))), "{} {title}", row["Id"]);
        }
    }

    let excluded = table(&mut book, "Excluded", 0);
    let counts = |id: &str| -> i64 {
        excluded.iter().filter(|row| text(row, "Id") == id).filter_map(|row| row["Rows"].as_i64()).sum()
    };
    for id in &metrics {
        let of_it = told.iter().filter(|record| record["metric"] == id.as_str());
        let count: i64 =
            of_it.flat_map(|record| record["excluded"].as_object().unwrap().values()).filter_map(Value::as_i64).sum();
        assert_eq!(counts(id), count, "{id}");
    }

    let listed = table(&mut book, "Excluded rows", 1);
    assert!(!listed.is_empty());
    let about_staff = ["enps", "pulse", "one_on_one_coverage"];
    assert!(listed.iter().all(|row| !about_staff.contains(&text(row, "Id").as_str())));
    for id in ["nps", "logo_churn_rate", "first_response_time"] {
        let asked = ["rows", id, "--period", MONTH, "--excluded", "--format", "csv"];
        let all = succeed(&company().folder, &asked).unwrap();
        let mut reader = csv::Reader::from_reader(all.as_bytes());
        let all: Vec<BTreeMap<String, String>> = reader.deserialize().map(|line| line.unwrap()).collect();
        let shown: Vec<&Row> = listed.iter().filter(|row| text(row, "Id") == id).collect();
        assert_eq!(shown.len(), all.len().min(100), "{id}");
        for (row, line) in shown.iter().zip(&all) {
            assert_eq!(text(row, "Row"), line["row_id"], "{id}");
            assert_eq!(text(row, "Account"), line["account_id"], "{id}");
            assert_eq!(text(row, "Reason"), line["excluded"], "{id}");
        }
    }
}

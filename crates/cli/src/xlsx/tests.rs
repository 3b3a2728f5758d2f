//! A workbook opened again: what it holds is what the board says.

use super::*;
use crate::board::{Line, records};
use crate::sample;
use calamine::{Data, DataType, Reader, Xlsx};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::io::Cursor;
use tenure_engine::{Number, RowsAnswer};

fn around() -> Around {
    let rows = RowsAnswer {
        columns: ["account_id", "at", "row_id", "excluded", "name", "plan"].map(str::to_owned).into(),
        rows: vec![
            ["a-1", "2026-06-03T12:00:00Z", "r-1", "merged", "=HYPERLINK(\"http://x\")", "pro"]
                .map(|text| Some(text.to_owned()))
                .into(),
            vec![Some("@SUM(A1)".to_owned()), None, Some("r-2".to_owned()), Some("merged".to_owned()), None, None],
        ],
        total: 51,
        catalogue: String::new(),
        lake_version: 7,
        observed_to: sample::now(),
    };
    let opened = |metric: &str, rows| Opened { metric: metric.to_owned(), title: metric.to_uppercase(), rows };
    Around {
        meanings: sample::meanings(),
        facts: sample::facts(),
        opened: vec![opened("nrr", Some(rows)), opened("enps", None)],
    }
}

fn open(board: &Board) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(workbook(board, &around()).unwrap())).unwrap()
}

/// The rows of a table that fills a sheet, each by the titles of its columns.
fn table(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, head: usize) -> Vec<BTreeMap<String, Data>> {
    let range = book.worksheet_range(name).unwrap();
    let mut rows = range.rows().skip(head);
    let titles: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    rows.map(|row| titles.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn line<'a>(board: &'a mut Board, metric: &str) -> &'a mut Line {
    board.groups.iter_mut().flat_map(|group| &mut group.lines).find(|line| line.metric == metric).unwrap()
}

#[test]
fn every_figure_is_there_as_a_number() {
    let mut board = sample::board();
    board.asked = board.periods.len();
    let mut book = open(&board);
    let mut rows: Vec<BTreeMap<String, Data>> = Vec::new();
    for group in &board.groups {
        rows.extend(table(&mut book, &group.title, 0));
    }
    let records = records(&board);
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(&records) {
        let scale = if record.unit == "seconds" { 3_600.0 } else { 1.0 };
        let near = |title: &str, told: Option<f64>| match (row[title].get_float(), told) {
            (None, None) => row[title] == Data::Empty,
            (Some(read), Some(told)) => (read * scale - told).abs() <= 1e-12 * told.abs(),
            _ => false,
        };
        let number = |figure: Option<crate::output::Figure>| figure.and_then(|figure| figure.text()?.parse().ok());
        let compared = record.compared.unwrap();
        for (title, told) in [
            ("Value", number(record.value)),
            ("95% low", number(record.low)),
            ("95% high", number(record.high)),
            ("Period before", number(compared.previous)),
            ("Change", compared.change),
            ("Target", compared.target),
        ] {
            assert!(near(title, told), "{} {} {title}: {:?} {told:?}", record.metric, record.period, row[title]);
        }
        assert_eq!(row["Id"], Data::String(record.metric.to_owned()));
        assert_eq!(row["Period"], Data::String(record.period.to_owned()));
        assert_eq!(row["n"].get_float(), Some(record.n as f64));
        assert_eq!(row["Status"].to_string().contains("not complete"), !record.complete);
        assert_eq!(row["Note"].get_string(), record.reason);
        for (reason, count) in &record.excluded.0 {
            assert_eq!(row[&format!("excluded: {reason}")].get_float(), Some(*count as f64));
        }
    }
}

#[test]
fn dates_are_dates() {
    let rows = table(&mut open(&sample::board()), "Revenue", 0);
    let row = rows.iter().find(|row| row["Period"] == Data::String("2026-06".into())).unwrap();
    let day = |title: &str| row[title].get_datetime().unwrap().as_f64();
    assert_eq!((day("From"), day("Through")), (46_174.0, 46_203.0));
}

#[test]
fn texts_of_the_data_are_never_formulas() {
    let mut board = sample::board();
    let formula = "=HYPERLINK(\"http://x\",\"y\")";
    board.company = formula.to_owned();
    board.groups[0].title = "=1+1:[x]".to_owned();
    line(&mut board, "ces").segment = vec![("plan".to_owned(), Some("+cmd|' /C calc'!A0".to_owned()))];
    let mut book = open(&board);
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name}");
    }
    assert_eq!(book.worksheet_range("Board").unwrap().get((0, 0)), Some(&Data::String(formula.to_owned())));
    assert!(book.sheet_names().contains(&"=1+1 x".to_owned()), "{:?}", book.sheet_names());
    let rows = table(&mut book, "Voice", 0);
    assert!(rows.iter().any(|row| row["Segment"] == Data::String("+cmd|' /C calc'!A0".into())));
    let rows = table(&mut book, "Excluded rows", 1);
    assert_eq!(rows[1]["Account"], Data::String("@SUM(A1)".into()));
    assert_eq!(rows[0]["What the row says"], Data::String("name: =HYPERLINK(\"http://x\") · plan: pro".into()));
}

#[test]
fn what_is_withheld_says_so() {
    let mut board = sample::board();
    let cell = line(&mut board, "nps").cells.last_mut().unwrap().as_mut().unwrap();
    (cell.value, cell.low, cell.high, cell.n) = (None, None, None, 0);
    (cell.reason, cell.withheld, cell.complete) = (Some("not shown: too few".into()), true, true);
    let mut book = open(&board);
    let rows = table(&mut book, "Voice", 0);
    let row = rows
        .iter()
        .find(|row| row["Id"] == Data::String("nps".into()) && row["Period"] == Data::String("2026-06".into()));
    let row = row.unwrap();
    assert_eq!(row["Status"], Data::String("withheld".into()));
    assert_eq!(row["Note"], Data::String("not shown: too few".into()));
    assert!(
        ["Value", "95% low", "95% high", "n", "Excluded"].iter().all(|title| row[*title] == Data::Empty),
        "{row:?}"
    );
}

#[test]
fn money_that_excel_would_round_is_text() {
    let mut board = sample::board();
    let cell = line(&mut board, "mrr").cells.last_mut().unwrap().as_mut().unwrap();
    cell.value = Some(Number::Exact(Decimal::new(900_719_925_474_099_350, 2)));
    let rows = table(&mut open(&board), "Revenue", 0);
    let row = rows
        .iter()
        .find(|row| row["Id"] == Data::String("mrr".into()) && row["Period"] == Data::String("2026-06".into()));
    let row = row.unwrap();
    assert_eq!(row["Value"], Data::String("9007199254740993.50".into()));
    assert!(row["Note"].to_string().contains("more digits than Excel keeps"), "{}", row["Note"]);
}

#[test]
fn excluded_rows_are_counted_and_listed() {
    let mut book = open(&sample::board());
    let rows = table(&mut book, "Excluded", 0);
    let told: Vec<String> = rows.iter().map(|row| format!("{} {} {}", row["Id"], row["Reason"], row["Rows"])).collect();
    assert_eq!(told, ["nrr no opening subscription 48", "nrr merged 3"]);
    assert_eq!(rows[0]["Listed in Excluded rows"].to_string(), "the first 2 of the metric's 51");
    let rows = table(&mut book, "Excluded rows", 1);
    assert_eq!(rows[0]["At (UTC)"].get_datetime().unwrap().as_f64(), 46_176.5);
}

#[test]
fn the_same_board_gives_the_same_bytes_at_any_time() {
    let board = sample::board();
    let first = workbook(&board, &around()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    assert!(workbook(&board, &around()).unwrap() == first);
}

#[test]
fn a_board_of_nothing_is_a_workbook_too() {
    let mut board = sample::board();
    (board.groups, board.periods) = (Vec::new(), Vec::new());
    let book = open(&board);
    assert_eq!(book.sheet_names(), ["Board", "Parts", "Definitions", "Excluded", "Excluded rows"]);
}

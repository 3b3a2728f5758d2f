//! Answers in every form, on figures that were reckoned by hand.

use crate::tiny::{imported, run, tenure};
use calamine::{DataType, Reader, Xlsx};
use serde_json::Value;

fn json(folder: &std::path::Path, args: &[&str]) -> Vec<Value> {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    serde_json::from_str(&run(folder, 0, &all).0).unwrap()
}

#[test]
fn a_metric_for_programs() {
    let folder = imported();
    let cells = json(folder.path(), &["metric", "nrr", "--period", "2025-06"]);
    let [cell] = cells.as_slice() else { panic!("{cells:?}") };
    for key in [
        "metric",
        "variant",
        "period",
        "start",
        "end",
        "window_start",
        "window_end",
        "segment",
        "value",
        "parts",
        "low",
        "high",
        "n",
        "excluded",
        "reason",
        "unit",
        "better",
        "complete",
        "observed_to",
        "catalogue",
        "lake_version",
    ] {
        assert!(cell.get(key).is_some(), "{key}");
    }
    // a and b opened with 100 + 50; a pays 120 now, b has left.
    assert_eq!(cell["value"].as_f64(), Some(0.8));
    assert_eq!(
        (&cell["start"], &cell["window_start"]),
        (&"2025-06-01T00:00:00Z".into(), &"2024-07-01T00:00:00Z".into())
    );
    assert_eq!((&cell["unit"], &cell["better"], &cell["complete"]), (&"ratio".into(), &"up".into(), &true.into()));
    assert!(cell["segment"].as_object().is_some_and(serde_json::Map::is_empty));
}

#[test]
fn money_has_two_places() {
    let folder = imported();
    let (out, _) = run(folder.path(), 0, &["metric", "mrr", "--period", "2025-06", "--format", "json"]);
    assert!(out.contains("\"value\":200.00,"), "{out}");
}

#[test]
fn the_board_in_every_form() {
    let folder = imported();
    let (out, _) = run(folder.path(), 0, &["report"]);
    assert!(out.contains("Tiny") && out.contains("June 2025") && out.contains("Net revenue retention"), "{out}");
    assert!(out.contains("80.0%") && out.contains("105.0% ✗"), "{out}");
    let cells = json(folder.path(), &["report"]);
    let mrr = cells.iter().find(|cell| cell["metric"] == "mrr").unwrap();
    assert_eq!(
        (mrr["value"].as_f64(), mrr["previous"].as_f64(), mrr["change"].as_f64()),
        (Some(200.0), Some(180.0), Some(20.0))
    );
    let nrr = cells.iter().find(|cell| cell["metric"] == "nrr").unwrap();
    assert_eq!(nrr["target"].as_f64(), Some(1.05));
    let (out, _) = run(folder.path(), 0, &["report", "--format", "csv"]);
    assert!(out.starts_with("metric,variant,title,group,period,"), "{out}");
    let (out, err) = run(folder.path(), 0, &["report", "--format", "html", "-o", "board.html"]);
    assert_eq!((out.as_str(), err.trim()), ("", "wrote board.html"));
    let page = std::fs::read_to_string(folder.path().join("board.html")).unwrap();
    let (out, _) = run(folder.path(), 0, &["report", "--format", "markdown"]);
    assert!(out.contains("| Net revenue retention | 80.0% |") && out.contains("## Definitions"), "{out}");
    assert!(page.contains("<!DOCTYPE html>") && page.contains("Movement of monthly recurring revenue"));
}

#[test]
fn the_board_as_a_workbook() {
    let folder = imported();
    let file = folder.path().join("board.xlsx");
    std::fs::write(&file, "an old one").unwrap();
    let (out, err) = run(folder.path(), 0, &["report", "--format", "xlsx", "-o", "board.xlsx"]);
    assert_eq!((out.as_str(), err.trim()), ("", "wrote board.xlsx"));
    let mut book: Xlsx<_> = calamine::open_workbook(&file).unwrap();
    let board = book.worksheet_range("Board").unwrap();
    let fact = |name: &str| {
        let row = board.rows().find(|row| row[0] == *name).unwrap();
        row[1].clone()
    };
    assert_eq!(board.get((0, 0)).unwrap().to_string(), "Tiny");
    assert_eq!(fact("Period").to_string(), "June 2025");
    assert_eq!(fact("Data through").get_datetime().unwrap().as_f64(), 45_838.0);
    let cells = json(folder.path(), &["report"]);
    assert_eq!(fact("Definitions and settings").to_string(), cells[0]["catalogue"]);
    assert!(fact("Lake version").to_string().starts_with(&cells[0]["lake_version"].to_string()));
    let mrr = board.rows().find(|row| row[0] == *"Monthly recurring revenue").unwrap();
    assert_eq!((mrr[1].to_string(), mrr[2].get_float()), ("USD".to_owned(), Some(200.0)));
    // Through a pipe it is the same bytes.
    let piped = tenure(folder.path(), &["report", "--format", "xlsx"]).output().unwrap().stdout;
    assert!(piped == std::fs::read(&file).unwrap());
}

#[test]
fn a_file_says_what_it_is() {
    let folder = imported();
    let refused = |args: &[&str], said: &str| {
        let (_, err) = run(folder.path(), 2, &[&["report"], args].concat());
        assert!(err.contains(said), "{err}");
    };
    refused(&["--format", "xlsx", "-o", "board.xls"], "write it to board.xlsx");
    refused(&["-o", "board.xlsx"], "add --format xlsx");
    assert!(!folder.path().join("board.xls").exists() && !folder.path().join("board.xlsx").exists());
    let (_, err) = run(folder.path(), 1, &["report", "--format", "xlsx", "-o", "nowhere/board.xlsx"]);
    assert!(err.contains("cannot be written") && err.contains("make its folder first"), "{err}");
}

#[test]
fn by_attribute_and_filtered() {
    let folder = imported();
    let cells = json(folder.path(), &["metric", "mrr", "--period", "2025-06", "--by", "account.country"]);
    let value = |country: &str| {
        let found = cells.iter().find(|cell| cell["segment"]["account.country"] == country);
        found.and_then(|cell| cell["value"].as_f64())
    };
    assert_eq!((value("US"), value("DE")), (Some(120.0), Some(80.0)), "{cells:?}");
    let cells = json(folder.path(), &["metric", "mrr", "--period", "2025-06", "--where", "account.country=DE"]);
    assert_eq!(cells[0]["value"].as_f64(), Some(80.0));
    let (out, _) = run(folder.path(), 0, &["metric", "mrr", "--last", "3", "--by", "account.country"]);
    assert!(out.contains("2025-04") && out.contains("2025-06") && out.contains("US"), "{out}");
    let (out, _) = run(folder.path(), 0, &["report", "--by", "account.country"]);
    assert!(out.contains("DE") && out.contains("not split by account.country: "), "{out}");
    assert_eq!(out.matches("not split by").count(), 1, "{out}");
}

#[test]
fn all_variants_side_by_side() {
    let folder = imported();
    let (out, _) = run(folder.path(), 0, &["metric", "logo_churn_rate", "--variant", "all", "--period", "2025-03"]);
    assert!(out.contains("default") && out.contains("stripe"), "{out}");
}

#[test]
fn a_number_opens_to_its_rows() {
    let folder = imported();
    let (out, _) = run(folder.path(), 0, &["rows", "mrr", "--period", "2025-06", "--format", "csv"]);
    assert_eq!(out.lines().count(), 3, "{out}");
    let (out, _) = run(folder.path(), 0, &["rows", "mrr", "--period", "2025-06"]);
    assert!(out.contains("2 rows counted in mrr in 2025-06"), "{out}");
}

#[test]
fn a_number_says_what_it_means() {
    let folder = imported();
    let (out, _) = run(folder.path(), 0, &["explain", "nrr"]);
    assert!(out.contains("Net revenue retention") && out.contains("formula") && out.contains("SQL"), "{out}");
    let (_, err) = run(folder.path(), 2, &["explain", "nr"]);
    assert!(err.contains("error: there is no metric `nr`") && err.contains("hint: did you mean"), "{err}");
}

#[test]
fn questions_that_are_not_right() {
    let folder = imported();
    let (_, err) = run(folder.path(), 2, &["metric", "nrr", "--period", "2025-13"]);
    assert!(err.contains("hint: write for example"), "{err}");
    run(folder.path(), 2, &["metric", "nrr", "--where", "plan"]);
    for args in
        [&["metric", "nrr", "--by", "shade"][..], &["report", "--by", "shade"], &["report", "--where", "shade=red"]]
    {
        let (out, err) = run(folder.path(), 2, args);
        assert!(out.is_empty() && err.contains("`shade`") && err.contains("account.country"), "{args:?}: {err}");
    }
    let (_, err) = run(folder.path(), 2, &["rows", "enps", "--period", "2025-06"]);
    assert!(err.contains("staff"), "{err}");
    for args in [
        &["metric", "nr"][..],
        &["metric", "nrr", "--variant", "nosuch"],
        &["rows", "nr", "--period", "2025-06"],
        &["report", "--as-of", "99"],
        &["report", "--as-of", "1"],
        &["report", "--as-of", "soon"],
        &["report", "--now", "soon"],
        &["sql", "SELEC 1"],
        &["sql", "SELECT nosuch FROM tickets"],
        &["sql", "SELECT * FROM nosuch"],
    ] {
        let (_, err) = run(folder.path(), 2, args);
        assert!(err.starts_with("error: ") && !err.contains("rror: ParserError") && !err.contains("planning"), "{err}");
    }
    let (_, err) = run(folder.path(), 2, &["report", "--now", "soon"]);
    assert_eq!(err.matches("write for example").count(), 1, "{err}");
    let (_, err) = run(folder.path(), 2, &["report", "--as-of", "1"]);
    assert!(err.contains("lake version 1 holds no data yet") && err.contains("later version"), "{err}");
    let (_, err) = run(folder.path(), 2, &["explain", "zzzzzz"]);
    assert!(err.contains("hint: `tenure explain` lists them all"), "{err}");
}

#[test]
fn no_rows_have_a_header_all_the_same() {
    let folder = imported();
    let args = ["rows", "reactivation_mrr", "--period", "2025-06", "--format", "csv"];
    let (out, _) = run(folder.path(), 0, &args);
    assert!(out.starts_with("account_id,at,row_id,") && out.lines().count() == 1, "{out:?}");
    let (out, _) = run(folder.path(), 0, &args[..4]);
    assert!(out.contains("account_id") && out.contains("0 rows counted in reactivation_mrr"), "{out}");
    // Of several inputs each adds its columns, whether it has rows or not.
    let (out, _) = run(folder.path(), 0, &["rows", "quick_ratio", "--period", "2025-06", "--format", "csv"]);
    let mut lines = out.lines().map(|line| line.split(',').count());
    let header = lines.next();
    assert!(lines.all(|fields| Some(fields) == header) && out.starts_with("role,"), "{out}");
}

#[test]
fn reasons_are_of_the_last_period_and_each_variant() {
    let folder = imported();
    // Candle joins in January: no customer at its opening, nor in any month before.
    let asked = ["metric", "logo_churn_rate", "--last", "4", "--variant", "all", "--now", "2025-02-01"];
    let (out, _) = run(folder.path(), 0, &asked);
    let reasons: Vec<&str> = out.lines().filter(|line| line.starts_with("excluded")).collect();
    assert_eq!(reasons[0], "excluded from default in 2025-01: not a customer at the opening 1", "{out}");
    assert!(reasons.iter().all(|line| line.contains(" in 2025-01: ")), "{out}");
}

#[test]
fn columns_without_room_are_named() {
    let folder = imported();
    let narrow = |args: &[&str]| {
        let output = tenure(folder.path(), args).env("COLUMNS", "60").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let out = narrow(&["rows", "mrr", "--period", "2025-06"]);
    assert!(out.contains("no room for: ") && out.contains("--format csv has all"), "{out}");
    assert!(narrow(&["report"]).contains("no room for: "), "the board");
    let (wide, _) = run(folder.path(), 0, &["metric", "mrr", "--period", "2025-06"]);
    assert!(!wide.contains("no room for"), "{wide}");
}

#[test]
fn sql_reads_and_changes_nothing() {
    let folder = imported();
    let rows =
        json(folder.path(), &["sql", "SELECT account_id, count(*) AS lines FROM subscriptions GROUP BY 1 ORDER BY 1"]);
    assert_eq!(rows[0].to_string(), r#"{"account_id":"a","lines":2}"#);
    let (out, _) = run(folder.path(), 0, &["sql", "SELECT 1 AS one WHERE false"]);
    assert!(out.contains("one") && out.contains("0 rows"), "{out}");
    run(folder.path(), 2, &["sql", "DROP TABLE subscriptions"]);
}

#[test]
fn what_must_hold_does() {
    let folder = imported();
    let (out, _) = run(folder.path(), 0, &["check"]);
    assert!(out.contains("checks hold"), "{out}");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let folder = imported();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_tenure"))
        .current_dir(folder.path())
        .args(["report"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let folder = imported();
    let ask = || tenure(folder.path(), &["report", "--format", "json"]).output().unwrap().stdout;
    assert_eq!(ask(), ask());
}

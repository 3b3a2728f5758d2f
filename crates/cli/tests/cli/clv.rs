//! Lifetime value: twelve lives to reckon by hand, and companies of which little can be said.

use crate::tiny::{run, workspace};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn json(folder: &Path, args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&run(folder, 0, &args).0).unwrap()
}

/// Twelve from January 2025 at 100 a month: six leave in their first month, two in their second, one in its third, as a shifted
/// beta-geometric with α = β = 1 has it, S(k) = 1/(1 + k).
fn company() -> TempDir {
    let folder = workspace();
    let ends = [["2025-01-20"; 6].as_slice(), &["2025-02-20"; 2], &["2025-03-20"], &[""; 3]].concat();
    let row = |(nth, end): (usize, &&str)| format!("s{nth},1,{nth:02},pro,100,2025-01-01,{end}\n");
    let rows: String = ends.iter().enumerate().map(row).collect();
    let account = |nth: usize| format!("{nth:02},Customer {nth},pro,US,2024-01-01\n");
    let accounts: String = (0..ends.len()).map(account).collect();
    fs::write(folder.path().join("accounts.csv"), format!("id,name,plan,country,since\n{accounts}")).unwrap();
    fs::write(folder.path().join("subs.csv"), format!("id,line,account,plan,price,start,stop\n{rows}")).unwrap();
    run(folder.path(), 0, &["import"]);
    folder
}

fn near(found: &Value, wanted: f64) -> bool {
    (found.as_f64().unwrap() / wanted - 1.0).abs() < 1e-4
}

#[test]
fn each_model_is_held_against_what_came() {
    let folder = company();
    let found = json(folder.path(), &["clv", "hold-out", "--months", "3"]);
    let sbg = &found[0];
    assert_eq!((&sbg["variant"], &sbg["fitted_at"], &sbg["customers"]), (&"sbg".into(), &"2025-03".into(), &3.into()));
    // Of three that have stayed three months S(3 + k)/S(3) = 4/(4 + k) are expected; all three have stayed.
    for (step, k) in sbg["steps"].as_array().unwrap().iter().zip(1..) {
        assert!(near(&step["expected"], 3.0 * 4.0 / (4.0 + f64::from(k))) && step["actual"] == 3.0, "{step}");
    }
    assert_eq!(sbg["steps"].as_array().unwrap().len(), 3);
    assert!(near(&sbg["off"], 4.0 / 7.0 - 1.0));
    let bdw = &found[1];
    assert!(bdw["reason"].as_str().unwrap().contains("not identified") && bdw["steps"] == Value::Array(vec![]));
    let (csv, _) = run(folder.path(), 0, &["clv", "hold-out", "--months", "3", "--format", "csv"]);
    assert_eq!(csv.lines().filter(|line| line.starts_with("sbg,2025-03,3,")).count(), 3, "{csv}");
    let (told, _) = run(folder.path(), 0, &["clv", "hold-out", "--months", "3"]);
    assert!(
        told.contains("sbg: customers still there, of 3") && told.contains("bdw: no fit at the end of 2025-03"),
        "{told}"
    );
}

#[test]
fn the_page_tells_every_definition_and_what_it_assumes() {
    let folder = company();
    let page = json(folder.path(), &["clv", "--period", "2025-03", "--months", "3"]);
    let variant =
        |id: &str| page["variants"].as_array().unwrap().iter().find(|one| one["variant"] == id).unwrap().clone();
    // 100 × (1 + 1/2 + … + 1/60).
    assert!(near(&variant("sbg")["value"], 467.987), "{}", variant("sbg"));
    assert!(near(&variant("sbg")["parts"]["alpha"], 1.0));
    assert!(variant("bdw")["reason"].as_str().unwrap().contains("not identified"));
    assert_eq!(page["likelihood_ratio_bdw_sbg"], Value::Null);
    let (told, _) = run(folder.path(), 0, &["clv", "--period", "2025-03", "--months", "3"]);
    for said in ["pareto_nbd", "each renews by month", "alpha 1.000 ±", "2025-06"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let (split, _) = run(folder.path(), 0, &["clv", "--period", "2025-03", "--by", "plan", "--format", "csv"]);
    assert!(split.starts_with("metric,variant,") && split.contains("segment.plan"), "{split}");
}

#[test]
fn accounts_stand_in_order_of_value() {
    let folder = company();
    let of = |more: &[&str]| {
        json(folder.path(), &[&["clv", "accounts", "--variant", "sbg", "--period", "2025-03"], more].concat())
    };
    let all = of(&[]);
    assert_eq!(all.as_array().unwrap().len(), 12);
    // 100 × 4 × (1/4 + … + 1/63) for those who stay.
    assert!((0..3).all(|nth| near(&all[nth]["value"], 1157.973)), "{all}");
    assert_eq!(all[3]["reason"], "no longer a customer");
    assert_eq!(of(&["--limit", "2"]).as_array().unwrap().len(), 2);
    let one = of(&["--account", "10"]);
    assert_eq!((one.as_array().unwrap().len(), &one[0]["segment"]["account"]), (1, &"10".into()));
    let (told, _) =
        run(folder.path(), 0, &["clv", "accounts", "--variant", "sbg", "--period", "2025-03", "--limit", "2"]);
    assert!(told.contains("2 of 12 accounts, the most valuable first"), "{told}");
}

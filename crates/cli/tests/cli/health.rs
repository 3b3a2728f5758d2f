//! Health of three customers: what its faces say where there is little to say.

use crate::tiny::{imported, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// For customers on the plan pro alone; scored by what somebody said, and nobody did.
const SAID: &str = r#"
title = "Said"
formula = "human_rating"
when = { plan = ["pro"] }
[[group]]
id = "said"
[[group.signal]]
id = "human_rating"
ramp = { from = 0, to = 100 }
"#;

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_customer_without_a_score_is_listed_with_the_reason() {
    let folder = imported();
    write(folder.path(), "health/default.toml", SAID);
    // On the last day of January b, on the plan basic, was still a customer.
    let list = |form: &str| run(folder.path(), 0, &["health", "list", "--day", "2025-01-31", "--format", form]).0;
    let told = list("table");
    let line = |name: &str| told.lines().find(|line| line.starts_with(name)).unwrap().split("  ").map(str::trim);
    let words = |name: &str| line(name).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    assert_eq!(words("Abacus")[..3], ["Abacus", "no score", "nobody has rated the account"], "{told}");
    assert_eq!(words("Bellows")[..3], ["Bellows", "no score", "no scorecard is for it"], "{told}");
    let records: Vec<Value> = serde_json::from_str(&list("json")).unwrap();
    let reason = |id: &str| records.iter().find(|one| one["account_id"] == id).unwrap()["reason"].clone();
    assert_eq!((reason("a"), reason("b")), ("nobody has rated the account".into(), "no scorecard is for it".into()));
    let csv = list("csv");
    assert!(csv.contains("\n2025-01-31,b,Bellows,,,,no scorecard is for it,50.00,50.00,"), "{csv}");
    let (shown, _) = run(folder.path(), 0, &["health", "show", "b", "--day", "2025-01-31"]);
    assert_eq!(shown, "Bellows (b) at the end of 2025-01-31\nno score: no scorecard is for it\n");
}

#[test]
fn a_signal_that_cannot_be_asked_is_told_with_what_helps() {
    let folder = imported();
    let card = "title = \"Mine\"\nformula = \"weighted_mean\"\n[[group]]\nid = \"use\"\n[[group.signal]]\nid = \"mine\"\nramp = { from = 0, to = 1 }\n";
    write(folder.path(), "health/mine.toml", card);
    let signal = |sql: &str| format!("title = \"Mine\"\nbetter = \"up\"\nsql = \"{sql}\"\n");
    write(folder.path(), "health/signals/mine.toml", &signal("SELECT nope FROM scored_accounts"));
    let (_, err) = run(folder.path(), 1, &["health", "edit-check"]);
    let hint = "hint: mend the query of `mine` in health/signals/mine.toml: it gives account_id, period, value and observed_at for each row of `asked`;";
    assert!(err.contains("No field named nope") && err.contains(hint) && !err.contains("tenure explain"), "{err}");
    // What is wrong with the catalogue is shown where the catalogue is.
    write(folder.path(), "derived/scored_accounts.sql", "SELECT nope AS account_id FROM accounts");
    let (_, err) = run(folder.path(), 1, &["health", "edit-check"]);
    assert!(err.contains("hint: mend derived/scored_accounts.sql; `tenure explain` shows"), "{err}");
}

//! What happened to an account, by hand.

use crate::tiny::{imported, run, workspace};
use std::fs;
use std::path::Path;

/// What became of the account's lines: the day, what happened and how, the newest first.
fn lines(folder: &Path, account: &str) -> Vec<String> {
    let (timeline, _) = run(folder, 0, &["account", account, "--format", "csv"]);
    let of_lines = timeline.lines().filter(|line| line.contains(",line "));
    of_lines.map(|line| line.replace("T00:00:00Z", "").replace('"', "")).collect()
}

#[test]
fn a_line_in_the_place_of_another_has_changed() {
    let folder = imported();
    assert_eq!(
        lines(folder.path(), "a"),
        [
            "2025-06-01,line changed,pro, pro: 100.00 → 120.00 USD a month,s1",
            "2024-01-01,line begun,pro, pro: 100.00 USD a month,s1",
        ]
    );
    assert_eq!(lines(folder.path(), "b")[0], "2025-03-01,line ended,basic, basic: 50.00 USD a month,s2");
}

#[test]
fn a_line_that_goes_on_at_another_amount_takes_no_other_lines_place() {
    let folder = workspace();
    let source = folder.path().join("sources/billing.toml");
    let text = fs::read_to_string(&source).unwrap();
    let with_discount =
        text.replace("stop AS ended_at", "stop AS ended_at, off AS discount_percent, off_to AS discount_to");
    assert_ne!(text, with_discount);
    fs::write(&source, with_discount).unwrap();
    // On the first of March the first line ends, and the discount of the second, which is therefore told of two stretches.
    let rows = "id,line,account,plan,price,start,stop,off,off_to\n\
                s,1,a,pro,10,2025-01-01,2025-03-01,,\n\
                s,2,a,pro,50,2025-01-01,,20,2025-03-01\n";
    fs::write(folder.path().join("subs.csv"), rows).unwrap();
    run(folder.path(), 0, &["import"]);
    let mut told = lines(folder.path(), "a");
    told.truncate(2);
    told.sort();
    assert_eq!(
        told,
        [
            "2025-03-01,line changed,pro, pro: 40.00 → 50.00 USD a month,s",
            "2025-03-01,line ended,pro, pro: 10.00 USD a month,s",
        ]
    );
}

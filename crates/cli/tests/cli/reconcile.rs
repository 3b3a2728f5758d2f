//! An outside file against our figure: `a` pays 120 and `c` 80 at the end of June; `b` left in March.

use crate::tiny::{imported, run};
use serde_json::Value;
use std::path::Path;

fn reconcile(folder: &Path, code: i32, text: &str, more: &[&str]) -> (String, String) {
    std::fs::write(folder.join("finance.csv"), text).unwrap();
    let asked = ["reconcile", "finance.csv", "--metric", "mrr", "--period", "2025-06"];
    run(folder, code, &asked.iter().chain(more).copied().collect::<Vec<_>>())
}

#[test]
fn what_agrees_is_done() {
    let folder = imported();
    let (out, _) = reconcile(folder.path(), 0, "account_id,mrr\na,120\nc,80.00\n", &[]);
    assert!(out.contains("✓ ours $200.00 − theirs $200.00 = $0.00: no difference"), "{out}");
    let asked = ["reconcile", "finance.csv", "--metric", "active_customers", "--period", "2025-06"];
    let (out, _) = run(folder.path(), 0, &asked);
    assert!(out.contains("✓ ours 2 − theirs 2 = 0: no difference"), "{out}");
}

#[test]
fn what_differs_is_told_with_its_cause() {
    let folder = imported();
    let file = "Customer;MRR\na;100,00\nc;80,00\nx;7,50\n";
    let (out, _) = reconcile(folder.path(), 3, file, &[]);
    assert!(out.contains("= ours $200.00 − theirs $187.50 = $12.50: 2 differences of $12.50"), "{out}");
    assert!(out.contains("changed 2025-06-01 from 100.00 USD to 120.00 USD a month, theirs is as before"), "{out}");
    assert!(out.contains("no account here has this id"), "{out}");
    let (out, _) = reconcile(folder.path(), 3, file, &["--format", "json"]);
    assert!(out.contains("\"ours\":200.00,\"theirs\":187.50,\"difference\":12.50,"), "{out}");
    let found: Value = serde_json::from_str(&out).unwrap();
    let first = &found[0]["differences"][0];
    assert_eq!(
        (&first["account_id"], &first["cause"], &first["side"]),
        (&"a".into(), &"timing".into(), &"differing".into())
    );
    let (out, err) = reconcile(folder.path(), 3, file, &["--format", "csv"]);
    assert!(out.starts_with("account_id,name,side,ours,theirs,difference,cause,evidence,lines\na,Abacus,differing,120.00,100.00,20.00,timing,"), "{out}");
    assert!(err.contains("ours $200.00 − theirs $187.50 = $12.50"), "{err}");
}

#[test]
fn what_cannot_be_read_says_where_and_what_to_do() {
    let folder = imported();
    let (_, err) = reconcile(folder.path(), 1, "account_id,mrr\na,much\n", &[]);
    assert!(
        err.contains("error: finance.csv:2, column mrr: \"much\" is no amount\nhint: write for example 1234.50"),
        "{err}"
    );
    let (_, err) = reconcile(folder.path(), 1, "who,mrr\na,5\n", &[]);
    assert!(err.contains("hint: name it with --on COLUMN"), "{err}");
    let (_, err) = reconcile(folder.path(), 1, "account_id,mrr\nx,5\ny,6\n", &[]);
    assert!(err.contains("none of its 2 values, such as x, is the id of an account here, which look like a"), "{err}");
    let (_, err) = reconcile(folder.path(), 1, "account_id,mrr,currency\na,5,EUR\n", &[]);
    assert!(err.contains("finance.csv:2: there is no exchange rate for EUR by 2025-06-30"), "{err}");
    let (_, err) = run(folder.path(), 1, &["reconcile", "none.csv", "--metric", "mrr", "--period", "2025-06"]);
    assert!(err.contains("error: none.csv cannot be read"), "{err}");
    run(folder.path(), 2, &["reconcile", "finance.csv", "--metric", "nps", "--period", "2025-06"]);
    run(folder.path(), 2, &["reconcile", "finance.csv", "--metric", "mrr", "--period", "June"]);
}

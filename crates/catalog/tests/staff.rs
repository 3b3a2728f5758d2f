//! A metric about staff is never without the step that hides small cells.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use tenure_catalog::{Catalog, CatalogFile};

fn load(keys: &str) -> Result<Catalog, String> {
    let text = format!(
        "title = \"Strain\"\nunit = \"ratio\"\nsubject = \"staff\"\n{keys}\nvalue = \"ratio(strained, n)\"\n\
         rows = {{ from = \"staff_answers\", at = \"responded_at\", account = \"person\" }}\n\
         state = {{ strained = \"count(*) FILTER (WHERE score <= 2)\" }}\n"
    );
    Catalog::load(&[CatalogFile { path: "metrics/strain.toml".into(), text }]).map_err(|error| error.to_string())
}

#[test]
fn a_metric_about_staff_says_how_few_may_be_shown() {
    let error = load("").unwrap_err();
    assert!(error.starts_with("metrics/strain.toml: publish: a metric about staff says how few"), "{error}");
    assert!(load("publish = { minimum = 5 }").is_ok());
}

#[test]
fn the_grain_decided_first_is_one() {
    let error = load("publish = { minimum = 5, first = \"day\" }").unwrap_err();
    assert!(error.contains("publish.first: `day` is no grain"), "{error}");
}

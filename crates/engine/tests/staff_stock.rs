//! A stock of colleagues changes by one or two from month to month: it is hidden for that, and says so.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;
use support::{data_of, engine_over, instant};
use tenure_catalog::CatalogFile;
use tenure_engine::Question;
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;

const COLLEAGUES: &str = r#"
title   = "Colleagues"
kind    = "stock"
unit    = "count"
subject = "staff"
publish = { minimum = 5 }
state   = { people = "count(*)" }
value   = "people"
rows    = { from = "staff", starts_at = "started_at", ends_at = "ended_at", account = "staff_id", key = ["staff_id"], keep = "latest(at, row_id)" }
"#;

#[tokio::test]
async fn a_hidden_stock_of_people_says_that_joiners_would_stand_out() {
    let staff: String = (1..=9).map(|number| format!("s{number},2020-01-0{number}\n")).collect();
    let staff = format!("staff_id,started_at\n{staff}s10,2024-02-10\n");
    let data = data_of(&BTreeMap::from([("staff".to_owned(), staff)]), Some("2024-07-01"), "");
    let own = CatalogFile { path: "metrics/colleagues.toml".into(), text: COLLEAGUES.into() };
    let engine = engine_over(data, "", Level::Account, &[own]).await.unwrap();
    let february = Period::parse("2024-02", &engine.clock(), instant("2024-07-01")).unwrap();
    let cells = engine.answer(&Question::metric("colleagues", vec![february])).await.unwrap().cells;
    let [cell] = &cells[..] else { panic!("{cells:?}") };
    assert_eq!((cell.value, cell.n), (None, 0));
    let reason = cell.reason.as_deref().unwrap();
    assert!(reason.starts_with("not shown: who comes to or leaves a stock of people between two periods"), "{reason}");
}

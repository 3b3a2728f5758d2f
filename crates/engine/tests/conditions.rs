//! A filter that can match nothing is told as the mistake it is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;
use support::{data_of, engine_over};
use tenure_engine::{Condition, Engine, Question};
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;

async fn engine() -> Engine {
    let tables = [
        ("accounts", "account_id,plan,valid_from\na,Growth,\nb,Starter,\nb,Pro,2024-06-01\n"),
        ("subscriptions", "subscription_id,account_id,plan,unit_price,started_at\ns,a,Growth,100,2024-01-01\n"),
    ];
    let tables: BTreeMap<String, String> = tables.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    engine_over(data_of(&tables, Some("2025-01-01"), ""), "", Level::Account, &[]).await.unwrap()
}

async fn told(engine: &Engine, metric: &str, filter: &[(&str, &str)]) -> Result<usize, String> {
    let period = Period::parse("2024-12", &engine.clock(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    let condition =
        |(name, value): &(&str, &str)| Condition { name: (*name).to_owned(), value: Some((*value).to_owned()) };
    let filter = filter.iter().map(condition).collect();
    let question = Question { filter, ..Question::metric(metric, vec![period]) };
    engine.answer(&question).await.map(|answer| answer.cells.len()).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_no_account_ever_had() {
    let engine = engine().await;
    assert_eq!(told(&engine, "nrr", &[("plan", "Growth")]).await, Ok(1));
    // A value of the past is a value.
    assert_eq!(told(&engine, "nrr", &[("account.plan", "Starter")]).await, Ok(1));
    let error = told(&engine, "nrr", &[("plan", "growth")]).await.unwrap_err();
    assert_eq!(error, "no account ever had plan = `growth`; there is Growth, Pro, Starter");
    let error = told(&engine, "nrr", &[("account", "z")]).await.unwrap_err();
    assert_eq!(error, "no account ever had account = `z`; there is a, b");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_values_at_once() {
    let error = told(&engine().await, "nrr", &[("plan", "Growth"), ("plan", "Pro")]).await.unwrap_err();
    assert_eq!(error, "`plan` is asked to have two values at once; ask for one, or split the answer by it");
}

//! Functions of time, money and scorecards, asked in SQL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use datafusion::arrow::array::Array;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::SessionContext;
use std::sync::Arc;
use tenure_functions::{Environment, FxRates, FxRow, register};
use tenure_schema::settings::Settings;

const SETTINGS: &str = r#"
timezone = "America/New_York"
[schedules.chicago]
timezone = "America/Chicago"
hours = { mon = ["07:00-21:00"], tue = ["07:00-21:00"], wed = ["07:00-21:00"], thu = ["07:00-21:00"], fri = ["07:00-21:00"], sat = ["07:00-21:00"], sun = ["07:00-21:00"] }
[schedules.san_francisco]
timezone = "America/Los_Angeles"
hours = { mon = ["08:00-17:30"], tue = ["08:00-17:30"], wed = ["08:00-17:30"], thu = ["08:00-17:30"], fri = ["08:00-17:30"] }
"#;

fn environment(settings: &str) -> Environment {
    let row = |currency: &str, quote: &str, day: i32, rate: i128| FxRow {
        currency: currency.into(),
        quote: quote.into(),
        day,
        rate,
    };
    // 2024-06-30 and 2024-07-01 are days 19904 and 19905.
    let rates = [
        row("EUR", "USD", 19_904, 10_700_000_000),
        row("EUR", "USD", 19_905, 10_800_000_000),
        row("USD", "JPY", 19_904, 1_600_000_000_000),
    ];
    Environment { settings: Arc::new(Settings::parse(settings).unwrap()), rates: Arc::new(FxRates::new("USD", rates)) }
}

/// The first column of a query, as text; `null` for null.
async fn column(context: &SessionContext, sql: &str) -> Result<Vec<String>, String> {
    let frame = context.sql(sql).await.map_err(|error| error.to_string())?;
    let batches = frame.collect().await.map_err(|error| error.to_string())?;
    let mut texts = Vec::new();
    for batch in batches {
        let array = batch.column(0);
        let formatter = ArrayFormatter::try_new(array, &FormatOptions::default().with_null("null")).unwrap();
        texts.extend((0..array.len()).map(|row| formatter.value(row).to_string()));
    }
    Ok(texts)
}

async fn check(settings: &str, cases: &[(&str, &str)]) {
    let context = SessionContext::new();
    register(&context, &environment(settings));
    for (expression, expected) in cases {
        let constant = column(&context, &format!("SELECT {expression}")).await;
        assert_eq!(constant, Ok(vec![(*expected).to_owned()]), "{expression}");
        // Once more over rows, where nothing is folded away.
        let rows =
            column(&context, &format!("SELECT {expression} FROM (VALUES (1), (2), (3)) t(n) WHERE n > random()")).await;
        assert_eq!(rows, Ok(vec![(*expected).to_owned(); 3]), "{expression}");
    }
}

#[tokio::test]
async fn money() {
    check(
        SETTINGS,
        &[
            ("monthly_amount(90, 'month', 3)", "30.0000000000"),
            ("monthly_amount(10, 'week', 1)", "43.3333333333"),
            (
                "monthly_amount(CAST(10 AS DECIMAL(18,6)), arrow_cast('day', 'Dictionary(Int32, Utf8)'), 1)",
                "304.1666666667",
            ),
            ("monthly_amount(CAST(120 AS DECIMAL(18,6)) * CAST(2.5 AS DECIMAL(18,6)), 'year', 1)", "25.0000000000"),
            ("monthly_amount(1.5, arrow_cast('quarter', 'LargeUtf8'), CAST(1 AS INT))", "0.5000000000"),
            ("monthly_amount(NULL, 'year', 1)", "null"),
            ("monthly_amount(1, NULL, 1)", "null"),
            ("fx_rate('EUR', TIMESTAMP '2024-07-01T02:00:00Z')", "1.0700000000"),
            ("fx_rate('EUR', TIMESTAMP '2024-07-01T05:00:00Z')", "1.0800000000"),
            ("fx_rate('EUR', DATE '2024-07-01')", "1.0800000000"),
            ("fx_rate('EUR', DATE '2024-06-29')", "null"),
            ("fx_rate('USD', DATE '1999-06-29')", "1.0000000000"),
            ("fx_rate('JPY', DATE '2024-07-01')", "0.0062500000"),
            ("fx_rate('GBP', DATE '2024-07-01')", "null"),
            ("fx_rate(NULL, DATE '2024-07-01')", "null"),
            ("convert(100, 'EUR', DATE '2024-07-01')", "108.0000000000"),
            ("convert(monthly_amount(10, 'week', 1), 'EUR', DATE '2024-07-01')", "46.8000000000"),
            ("convert(100, 'GBP', DATE '2024-07-01')", "null"),
            ("convert(NULL, 'EUR', DATE '2024-07-01')", "null"),
            // Twelve digits by twelve: absurd, and still told exactly.
            (
                "convert(CAST('999999999998000000000001' AS DECIMAL(38, 10)), 'USD', DATE '2024-07-01')",
                "999999999998000000000001.0000000000",
            ),
            (
                "convert(CAST('999999999998000000000001' AS DECIMAL(38, 10)), 'EUR', DATE '2024-07-01')",
                "1079999999997840000000001.0800000000",
            ),
            (
                "monthly_amount(CAST(999999999999 AS DECIMAL(18,6)) * CAST(999999999999 AS DECIMAL(18,6)), 'day', 1)",
                "30416666666605833333333363.7500000000",
            ),
            // What no type holds is unknown, and nothing else fails for it.
            ("convert(CAST('9999999999999999999999999999' AS DECIMAL(38, 10)), 'EUR', DATE '2024-07-01')", "null"),
            ("monthly_amount(CAST('9999999999999999999999999999' AS DECIMAL(38, 10)), 'day', 1)", "null"),
        ],
    )
    .await;
}

#[tokio::test]
async fn the_local_clock() {
    check(
        SETTINGS,
        &[
            ("local_day(TIMESTAMP '2024-07-01T02:00:00Z')", "2024-06-30"),
            ("local_day(arrow_cast('2024-07-01T02:00:00', 'Timestamp(ns)'))", "2024-06-30"),
            ("local_day(arrow_cast('2024-07-01T02:00:00', 'Timestamp(s, \"Asia/Tokyo\")'))", "2024-06-30"),
            ("local_day(DATE '2024-07-01')", "2024-07-01"),
            ("local_day('2024-07-01T04:00:00Z')", "2024-07-01"),
            ("local_day(NULL)", "null"),
            ("day_start(DATE '2024-07-01')", "2024-07-01T04:00:00Z"),
            ("day_start(local_day(TIMESTAMP '2024-01-15T12:00:00Z'))", "2024-01-15T05:00:00Z"),
            ("local_month_start(TIMESTAMP '2024-07-01T02:00:00Z')", "2024-06-01T04:00:00Z"),
            ("local_month_start(TIMESTAMP '2024-03-20T02:00:00Z')", "2024-03-01T05:00:00Z"),
            ("months_between(DATE '2024-01-31', DATE '2024-02-29')", "1"),
            ("months_between(DATE '2024-01-31', DATE '2024-02-28')", "0"),
            ("months_between(DATE '2024-02-29', DATE '2023-02-28')", "-12"),
            ("months_between(DATE '2023-03-15', DATE '2024-03-14')", "11"),
            ("months_between(NULL, DATE '2024-03-14')", "null"),
            ("add_months(DATE '2024-01-31', 1)", "2024-02-29T05:00:00Z"),
            ("add_months(TIMESTAMP '2024-02-10T07:30:00Z', 1)", "2024-03-10T07:30:00Z"),
            ("add_months(DATE '2024-07-01', -12)", "2023-07-01T04:00:00Z"),
            ("add_months(DATE '2024-07-01', 99999999999)", "null"),
            ("add_days(DATE '2024-03-10', 1)", "2024-03-11T04:00:00Z"),
            ("add_days(DATE '2024-11-03', 1)", "2024-11-04T05:00:00Z"),
            ("add_days(DATE '2024-11-03', 9223372036854775807)", "null"),
            ("add_days(TIMESTAMP '2024-03-09T07:30:00Z', 1)", "2024-03-10T07:30:00Z"),
        ],
    )
    .await;
}

/// Ticket 941606 of the reference, C2.
#[tokio::test]
async fn business_hours() {
    let span = "TIMESTAMP '2020-09-29T17:01:38Z', TIMESTAMP '2020-09-30T19:01:46Z'";
    let changes = "[named_struct('at', TIMESTAMP '2020-09-29T17:01:38Z', 'schedule', 'chicago'), \
                   named_struct('at', TIMESTAMP '2020-09-30T19:01:25Z', 'schedule', 'san_francisco')]";
    let unknown = "[struct(TIMESTAMP '2020-09-29T17:01:38Z', 'nights')]";
    let cases = [
        (format!("business_seconds_across({changes}, {span})"), "57608"),
        (format!("round(business_seconds_across({changes}, {span}) / 60.0, 4)"), "960.1333"),
        (format!("round(business_seconds('san_francisco', {span}) / 60.0, 4)"), "690.1333"),
        (format!("business_seconds(NULL, {span}) = business_seconds('chicago', {span})"), "true"),
        (format!("business_seconds_across(NULL, {span}) = business_seconds('chicago', {span})"), "true"),
        (format!("business_seconds_across({unknown}, {span})"), "null"),
        (format!("business_seconds('nights', {span})"), "null"),
        ("business_seconds('chicago', DATE '2024-07-02', DATE '2024-07-01')".to_owned(), "null"),
        ("business_seconds('chicago', DATE '2024-07-01', DATE '2024-07-01')".to_owned(), "0"),
        ("business_seconds('chicago', NULL, DATE '2024-07-01')".to_owned(), "null"),
    ];
    let cases: Vec<_> = cases.iter().map(|(sql, expected)| (sql.as_str(), *expected)).collect();
    check(SETTINGS, &cases).await;
    check("", &[("business_seconds(NULL, DATE '2024-07-01', DATE '2024-07-02')", "null")]).await;
}

#[tokio::test]
async fn schedules_gathered_by_a_query() {
    let context = SessionContext::new();
    register(&context, &environment(SETTINGS));
    let sql = "SELECT business_seconds_across(array_agg(named_struct('at', at, 'schedule', schedule)), min(at), TIMESTAMP '2020-09-30T19:01:46Z')
        FROM (VALUES ('t1', TIMESTAMP '2020-09-29T17:01:38Z', 'chicago'), ('t1', TIMESTAMP '2020-09-30T19:01:25Z', 'san_francisco'),
                     ('t2', TIMESTAMP '2020-09-29T17:01:38Z', 'san_francisco')) v(ticket, at, schedule)
        GROUP BY ticket ORDER BY ticket";
    assert_eq!(column(&context, sql).await, Ok(vec!["57608".to_owned(), "41408".to_owned()]));
}

#[tokio::test]
async fn attributes() {
    let object = r#"'{"n":12,"nested":{"a":[1]},"none":null,"ok":true,"region":"EM\"EA"}'"#;
    let cases = [
        (format!("attribute({object}, 'region')"), "EM\"EA"),
        (format!("attribute({object}, 'n')"), "12"),
        (format!("attribute({object}, 'ok')"), "true"),
        (format!("attribute({object}, 'nested')"), "{\"a\":[1]}"),
        (format!("attribute({object}, 'none')"), "null"),
        (format!("attribute({object}, 'absent')"), "null"),
        ("attribute(NULL, 'n')".to_owned(), "null"),
        ("attribute('[1]', 'n')".to_owned(), "null"),
        ("attribute('{\"n\":1', 'n')".to_owned(), "null"),
    ];
    let cases: Vec<_> = cases.iter().map(|(sql, expected)| (sql.as_str(), *expected)).collect();
    check(SETTINGS, &cases).await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_the_remedy() {
    let context = SessionContext::new();
    register(&context, &environment(SETTINGS));
    for (sql, expected) in [
        ("SELECT local_day(5)", "at of local_day(at) cannot be Int64; give it a timestamp or a date"),
        ("SELECT day_start(now())", "give it a date; local_day() gives that of a timestamp"),
        ("SELECT add_days(DATE '2024-07-01')", "add_days was given 1 arguments; write add_days(at, days)"),
        ("SELECT add_days(DATE '2024-07-01', 1.5)", "give it a whole number"),
        ("SELECT monthly_amount(1, 'monthly', 1)", "write day, week, month, quarter or year"),
        ("SELECT monthly_amount(1, 'month', 0)", "interval_count 0 of monthly_amount must be 1 or more"),
        ("SELECT business_seconds_across([1], DATE '2024-07-01', DATE '2024-07-02')", "a list of structs"),
    ] {
        let error = column(&context, sql).await.unwrap_err();
        assert!(error.contains(expected), "{sql}: {error}");
    }
}

#[tokio::test]
async fn a_scorecard_says_where_colours_begin() {
    let cases = [
        ("scorecard_edge('colours = { amber = 40.5, green = 55 }', 'amber')", "40.500000"),
        ("scorecard_edge('title = \"T\"', 'green')", "70.000000"),
        ("scorecard_edge('title = \"T\"', 'red')", "null"),
        ("scorecard_edge('no TOML', 'green')", "null"),
        ("scorecard_edge(NULL, 'green')", "null"),
    ];
    check(SETTINGS, &cases).await;
}

#[test]
fn each_is_documented() {
    for function in tenure_functions::time_and_money::time_and_money(&environment(SETTINGS)) {
        let documentation = function.documentation().unwrap();
        assert!(documentation.sql_example.is_some() && documentation.syntax_example.starts_with(function.name()));
    }
}

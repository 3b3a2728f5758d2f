//! The statistical functions as SQL sees them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;

use datafusion::arrow::array::{Float64Array, RecordBatch, StringArray};
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use tenure_functions::statistical;

fn session() -> SessionContext {
    // Small batches and several partitions, so that states are made in parts and merged.
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(3).with_batch_size(2));
    let (scalars, aggregates) = statistical();
    scalars.into_iter().for_each(|function| context.register_udf(function));
    aggregates.into_iter().for_each(|function| context.register_udaf(function));
    context
}

async fn rows(context: &SessionContext, sql: &str) -> Vec<Vec<ScalarValue>> {
    let batches = context.sql(sql).await.expect(sql).collect().await.expect(sql);
    let cells = |batch: &RecordBatch, row| -> Vec<ScalarValue> {
        batch.columns().iter().map(|column| ScalarValue::try_from_array(column, row).unwrap()).collect()
    };
    batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|row| cells(batch, row)).collect::<Vec<_>>()).collect()
}

async fn texts(context: &SessionContext, sql: &str) -> Vec<String> {
    let text = |row: Vec<ScalarValue>| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    rows(context, sql).await.into_iter().map(text).collect()
}

/// The one cell of an answer, as text.
async fn cell(sql: &str) -> String {
    texts(&session(), sql).await.join("\n")
}

async fn number(sql: &str) -> f64 {
    let found = rows(&session(), sql).await;
    match found[0][0] {
        ScalarValue::Float64(Some(number)) => number,
        ref other => panic!("{sql} gives {other}"),
    }
}

async fn assert_close(sql: &str, wanted: f64) {
    let found = number(sql).await;
    assert!((found - wanted).abs() < 5.1e-5, "{sql} gives {found}, not {wanted}");
}

async fn error(sql: &str) -> String {
    match session().sql(sql).await {
        Err(error) => error.strip_backtrace(),
        Ok(frame) => frame.collect().await.expect_err(sql).strip_backtrace(),
    }
}

/// The same rows of (account, amount, base), in another order and cut.
fn table(context: &SessionContext, name: &str, rows: &[(Option<&str>, f64, f64)], cut: usize) {
    let batch = |rows: &[(Option<&str>, f64, f64)]| {
        RecordBatch::try_from_iter([
            ("account", Arc::new(rows.iter().map(|row| row.0).collect::<StringArray>()) as _),
            ("amount", Arc::new(rows.iter().map(|row| row.1).collect::<Float64Array>()) as _),
            ("base", Arc::new(rows.iter().map(|row| row.2).collect::<Float64Array>()) as _),
        ])
        .unwrap()
    };
    let (left, right) = rows.split_at(cut);
    let empty = batch(&[]);
    let columns = datafusion::arrow::datatypes::Schema::new(
        empty.schema().fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect::<Vec<_>>(),
    );
    let columns = Arc::new(columns);
    let fit = |rows| batch(rows).with_schema(columns.clone()).unwrap();
    let partitions = vec![vec![fit(left)], vec![fit(right)]];
    context.register_table(name, Arc::new(MemTable::try_new(columns.clone(), partitions).unwrap())).unwrap();
}

#[tokio::test]
async fn ratio_is_null_over_nothing_and_exact_of_decimals() {
    assert_eq!(
        cell("SELECT ratio(1, 4), ratio(1, 0), ratio(NULL, 2), ratio(2, NULL)").await,
        "0.25 | NULL | NULL | NULL"
    );
    assert_eq!(cell("SELECT ratio(CAST(0.3 AS DECIMAL(18,6)), CAST(0.1 AS DECIMAL(28,10)))").await, "3");
    assert_eq!(cell("SELECT ratio(CAST(1 AS DECIMAL(18,6)), CAST(3 AS BIGINT UNSIGNED))").await, "0.3333333333333333");
    assert_eq!(cell("SELECT ratio(1.5, 0.0), ratio(CAST(1 AS DOUBLE), CAST(0 AS DECIMAL(18,6)))").await, "NULL | NULL");
    let divided = "SELECT ratio(sum(CAST(a AS DECIMAL(18,6))), count(b)) FROM (VALUES (1.10, 1), (2.20, NULL), (NULL, 2)) AS t(a, b)";
    assert_eq!(cell(divided).await, "1.65");
    let many = "SELECT ratio(a, b) FROM (VALUES (1, 2), (3, 0), (NULL, 1)) AS t(a, b)";
    assert_eq!(cell(many).await, "0.5\nNULL\nNULL");
}

#[tokio::test]
async fn intervals_give_the_published_values() {
    assert_close("SELECT wilson(81, 263)['low']", 0.255289).await;
    assert_close("SELECT wilson(CAST(81 AS DECIMAL(18,6)), CAST(263 AS BIGINT UNSIGNED))['high']", 0.366210).await;
    assert_close("SELECT nps_adjusted_wald(20, 30, 50)['low']", 14.0511).await;
    let named = "nps_adjusted_wald(promoters => 50, detractors => 20, passives => 30)";
    assert_close(&format!("SELECT {named}['high']"), 44.2013).await;
    let squares = "SELECT mean_t(count(x), sum(x), sum(x * x))['high'] FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) AS t(x)";
    assert_close(squares, 7.665_851).await;
    assert_close("SELECT log_interval(100, 10)['low']", 82.201_520).await;
    assert_eq!(cell("SELECT log_interval(0, 10) IS NULL, log_interval(5, NULL) IS NULL").await, "true | true");
}

#[tokio::test]
async fn undefined_intervals_are_null() {
    for sql in [
        "wilson(0, 0)",
        "wilson(NULL, 5)",
        "nps_adjusted_wald(0, 0, 0)",
        "mean_t(1, 4, 16)",
        "jackknife(NULL)",
        "survival_quantile_interval(NULL, NULL, NULL, 0.5)",
        "lifetime_value_interval(NULL, 1, 0, 60)",
    ] {
        assert_eq!(cell(&format!("SELECT {sql} IS NULL, {sql}['low'] IS NULL")).await, "true | true", "{sql}");
    }
}

#[tokio::test]
async fn a_multiset_counts_its_values_in_order() {
    let of = "FROM (VALUES (3, 'a'), (5, 'b'), (NULL, 'a'), (3, 'b'), (-1, 'a')) AS t(x, g)";
    assert_eq!(
        cell(&format!("SELECT multiset(x) {of}")).await,
        "[{value: -1.0, count: 1}, {value: 3.0, count: 2}, {value: 5.0, count: 1}]"
    );
    assert_eq!(
        cell(&format!("SELECT g, multiset(CAST(x AS DECIMAL(18,6))) {of} GROUP BY g ORDER BY g")).await,
        "a | [{value: -1.0, count: 1}, {value: 3.0, count: 1}]\nb | [{value: 3.0, count: 1}, {value: 5.0, count: 1}]"
    );
    assert_eq!(cell(&format!("SELECT multiset(x) FILTER (WHERE x > 3) {of}")).await, "[{value: 5.0, count: 1}]");
    assert_eq!(cell(&format!("SELECT multiset(x) {of} WHERE x > 9")).await, "[]");
    let per_group = format!("SELECT g, multiset(x) FILTER (WHERE x > 3) {of} GROUP BY g ORDER BY g");
    assert_eq!(cell(&per_group).await, "a | []\nb | [{value: 5.0, count: 1}]");
}

#[tokio::test]
async fn multisets_are_read_and_merged() {
    let of = "FROM (SELECT multiset(x) AS m FROM (VALUES (1), (2), (2), (10)) AS t(x))";
    let read =
        "multiset_quantile(m, 0.5), multiset_quantile(m, 0.75), multiset_mean(m), multiset_count(m), multiset_max(m)";
    assert_eq!(cell(&format!("SELECT {read} {of}")).await, "2 | 4 | 3.75 | 4 | 10");
    let empty = "FROM (SELECT multiset(x) AS m FROM (VALUES (1)) AS t(x) WHERE x > 1)";
    assert_eq!(cell(&format!("SELECT {read} {empty}")).await, "NULL | NULL | NULL | 0 | NULL");
    assert_eq!(cell("SELECT multiset_quantile(NULL, 0.5), multiset_count(NULL)").await, "NULL | NULL");
    let days = "SELECT g, multiset(x) AS m FROM (VALUES (1, 1), (2, 1), (2, 2), (3, 2)) AS t(x, g) GROUP BY g";
    let whole = "[{value: 1.0, count: 1}, {value: 2.0, count: 2}, {value: 3.0, count: 1}]";
    assert_eq!(cell(&format!("SELECT multiset(m) FROM ({days})")).await, whole);
    assert!(
        error("SELECT multiset(DISTINCT x), multiset(x) FROM (VALUES (1)) AS t(x)").await.contains("takes no DISTINCT")
    );
}

const AMOUNTS: [(Option<&str>, f64, f64); 9] = [
    (Some("a"), 1e16, 0.1),
    (Some("b"), 90.0, 100.0),
    (None, 7.0, 8.0),
    (Some("a"), 1.0, 0.2),
    (Some("c"), 0.1, 0.7),
    (Some("a"), -1e16, 0.3),
    (Some("b"), 0.3, 0.1),
    (Some("a"), 1.0, 0.4),
    (Some("c"), 0.2, 0.6),
];

#[tokio::test]
async fn sums_do_not_depend_on_order_or_partition() {
    let context = session();
    let mut turned = AMOUNTS;
    turned.reverse();
    table(&context, "one", &AMOUNTS, 9);
    table(&context, "two", &turned, 4);
    let wanted = "[{key: , num: 7.0, den: 8.0}, {key: a, num: 2.0, den: 1.0}, {key: b, num: 90.3, den: 100.1}, {key: c, num: 0.30000000000000004, den: 1.2999999999999998}]";
    for name in ["one", "two"] {
        let sql = format!("SELECT sums_by(account, amount, base) FROM {name}");
        assert_eq!(texts(&context, &sql).await, [wanted], "{name}");
    }
    for what in [
        "sums_by(account, amount, base), jackknife(sums_by(account, amount, base))",
        "multiset(base), multiset_mean(multiset(amount))",
        "lifetimes(account, abs(amount), base > 0.3, base)",
        "lifetime_value_interval(lifetimes(account, base, base > 0.3, amount), 0.8, 0.1, 24)",
    ] {
        let of = async |name: &str| rows(&context, &format!("SELECT {what} FROM {name}")).await;
        assert_eq!(of("one").await, of("two").await, "{what}");
        let grouped = async |name: &str| {
            rows(&context, &format!("SELECT account, {what} FROM {name} GROUP BY account ORDER BY account")).await
        };
        assert_eq!(grouped("one").await, grouped("two").await, "{what} by account");
    }
}

#[tokio::test]
async fn sums_merge_and_give_the_jackknife() {
    let context = session();
    table(&context, "amounts", &[(Some("a"), 90.0, 100.0), (Some("b"), 80.0, 100.0), (Some("c"), 100.0, 100.0)], 1);
    let half = 4.302_652_729_749_463 * (2.0_f64 / 3.0 * 0.005).sqrt();
    let found = rows(&context, "SELECT jackknife(sums_by(account, amount, base))['high'] FROM amounts").await;
    let ScalarValue::Float64(Some(high)) = found[0][0] else { panic!("no limit: {found:?}") };
    assert!((high - 0.9 - half).abs() < 1e-12);
    let merged = "SELECT sums_by(s) FROM (SELECT sums_by(account, amount, base) AS s FROM amounts UNION ALL SELECT sums_by(account, 1, NULL) FROM amounts)";
    assert_eq!(
        texts(&context, merged).await,
        ["[{key: a, num: 91.0, den: 100.0}, {key: b, num: 81.0, den: 100.0}, {key: c, num: 101.0, den: 100.0}]"]
    );
    let one = "SELECT jackknife(sums_by(account, amount, base)) IS NULL FROM amounts WHERE account = 'a'";
    assert_eq!(texts(&context, one).await, ["true"]);
    let made = "SELECT jackknife(make_array(named_struct('key', 'a', 'num', 1, 'den', 1), named_struct('key', 'b', 'num', 1, 'den', 1)))['low']";
    assert_eq!(cell(made).await, "1");
}

/// Freireich, Gehan and others 1963, 6-mercaptopurine: weeks, and whether the remission ended.
const GEHAN: &str = "(VALUES (6, true), (6, true), (6, true), (7, true), (10, true), (13, true), (16, true), (22, true), \
    (23, true), (6, false), (9, false), (10, false), (11, false), (17, false), (19, false), (20, false), (25, false), \
    (32, false), (32, false), (34, false), (35, false)) AS t(weeks, ended)";

#[tokio::test]
async fn survival_gives_the_published_values() {
    let sets = "multiset(weeks) FILTER (WHERE ended) AS r, multiset(weeks) FILTER (WHERE NOT ended) AS o, \
                multiset(weeks) FILTER (WHERE weeks < 0) AS l";
    for lost in ["NULL", "l"] {
        let read = |call: &str| format!("SELECT {} FROM (SELECT {sets} FROM {GEHAN})", call.replace("LOST", lost));
        assert_eq!(cell(&read("survival_quantile(r, o, LOST, 0.5)")).await, "23");
        assert_eq!(cell(&read("survival_quantile(r, o, LOST, 0.6)")).await, "NULL");
        assert_eq!(cell(&read("survival_quantile_interval(r, o, LOST, 0.5)")).await, "{low:13.0,high:}");
        assert_close(&read("survival_share(r, o, LOST, 10)"), 1.0 - 0.752941).await;
        assert_close(&read("survival_share_interval(r, o, LOST, 10)['low']"), 1.0 - 0.889362).await;
        assert_close(&read("survival_share_interval(r, o, LOST, 10)['high']"), 1.0 - 0.503200).await;
        assert_eq!(cell(&read("survival_share(r, o, LOST, 36)")).await, "NULL");
    }
}

#[tokio::test]
async fn the_lost_never_reach_the_end() {
    let of = "FROM (VALUES (1, 'r'), (2, 'r'), (3, 'r'), (4, 'r'), (5, 'r'), (2, 'l'), (2, 'l'), (2, 'l'), (6, 'o'), (6, 'o')) AS t(d, s)";
    let set = |state: &str| format!("multiset(d) FILTER (WHERE s = '{state}')");
    let call = |p: &str| format!("SELECT survival_quantile({}, {}, {}, {p}) {of}", set("r"), set("o"), set("l"));
    assert_eq!(cell(&call("0.5")).await, "5");
    assert_eq!(cell(&call("0.51")).await, "NULL");
    assert_eq!(cell(&call("NULL")).await, "NULL");
}

#[tokio::test]
async fn lifetime_value_is_the_sum_over_survival() {
    // One of four ends in the first month, and the same hazard goes on: 1 + .75 + .5625 months of 40 at margin .5.
    let of = "FROM (VALUES ('a', 1, true, NULL), ('b', 1, false, 30), ('c', 1, false, 40), ('d', 1, false, 50)) AS t(a, m, e, r)";
    assert_close(&format!("SELECT lifetime_value(lifetimes(a, m, e, r), 0.5, 0, 3) {of}"), 20.0 * 2.3125).await;
    assert_close(&format!("SELECT lifetime_value_tail_share(lifetimes(a, m, e, r), 0.5, 0, 3) {of}"), 0.5625 / 2.3125)
        .await;
    let limits = cell(&format!("SELECT lifetime_value_interval(lifetimes(a, m, e, r), 0.5, 0, 3) {of}")).await;
    assert_eq!(limits, cell(&format!("SELECT lifetime_value_interval(lifetimes(a, m, e, r), 0.5, 0, 3) {of}")).await);
    assert_eq!(cell(&format!("SELECT lifetime_value(lifetimes(a, m, e, r), 1, 0, 60) {of} WHERE NOT e")).await, "NULL");
    assert_eq!(
        cell(&format!("SELECT lifetimes(a, m, e, r) {of} WHERE a <= 'b'")).await,
        "[{account: a, months: 1.0, ended: true, mrr: }, {account: b, months: 1.0, ended: false, mrr: 30.0}]"
    );
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_name() {
    assert!(error("SELECT wilson('eight', 10)").await.contains("wilson: `k` takes a number, not Utf8"));
    assert!(error("SELECT wilson(8)").await.contains("wilson takes 2 arguments (k, n), not 1"));
    assert!(error("SELECT multiset_mean(8)").await.contains("multiset_mean: `m` takes a multiset, not Int64"));
    assert!(error("SELECT multiset('x')").await.contains("multiset: `x` takes a number, not Utf8"));
}

#[test]
fn every_function_is_documented() {
    let (scalars, aggregates) = statistical();
    let documented = scalars
        .iter()
        .map(|function| (function.name(), function.documentation()))
        .chain(aggregates.iter().map(|function| (function.name(), function.documentation())));
    for (name, documentation) in documented {
        let documentation = documentation.expect(name);
        assert!(documentation.syntax_example.starts_with(name), "{name}");
        assert!(documentation.sql_example.as_ref().is_some_and(|example| example.contains(name)), "{name}");
        assert!(documentation.arguments.as_ref().is_some_and(|arguments| !arguments.is_empty()), "{name}");
    }
}

//! Queries in one round over some periods tell what each tells alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use datafusion::arrow::util::pretty::pretty_format_batches;
use std::collections::BTreeMap;
use support::{data_of, engine_over};
use tenure_engine::{Engine, Query};
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;

/// The second reads what the first has kept, and what that rests on; the third is about the same table under a filter.
const QUERIES: [&str; 3] = [
    "SELECT period, account_id, people, seats FROM account_use_panel ORDER BY period, account_id",
    "SELECT panel.period, panel.account_id, panel.people, person.at FROM account_use_panel AS panel
     JOIN recent_people AS person ON person.period = panel.period AND person.account_id = panel.account_id ORDER BY 1, 2, 4",
    "SELECT account_id, sum(people) AS people FROM account_use_panel WHERE period = 1 GROUP BY account_id ORDER BY account_id",
];

async fn engine() -> Engine {
    let tables = [
        ("accounts", "account_id,valid_from\na,\nb,\n"),
        (
            "subscriptions",
            "subscription_id,account_id,unit_price,quantity,started_at\ns,a,100,5,2024-01-01\nt,b,10,2,2024-02-10\n",
        ),
        (
            "usage_events",
            "event_id,account_id,contact_id,feature,occurred_at\n1,a,p,f,2024-01-05\n2,b,p,f,2024-01-20\n3,a,q,f,2024-01-31\n4,a,p,g,2024-02-03\n",
        ),
    ];
    let tables: BTreeMap<String, String> = tables.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    engine_over(data_of(&tables, Some("2024-03-01"), ""), "", Level::Account, &[]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_tells_what_its_queries_tell_alone() {
    let engine = engine().await;
    let period = |text: &str| Period::parse(text, &engine.clock(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    let periods = [period("2024-01"), period("2024-02")];
    let now = periods[1].end;
    let round = engine.round(&periods, now).unwrap();
    let mut told = Vec::new();
    for sql in QUERIES {
        let query = Query { file: "rounds.rs", key: "sql", sql };
        let text = |batches: &[_]| pretty_format_batches(batches).unwrap().to_string();
        let alone = text(&engine.query(query, &periods, now).await.unwrap());
        assert_eq!(text(&round.query(query).await.unwrap()), alone, "{sql}");
        told.push(alone);
    }
    // A person counts where it was last seen in the thirty days: p at b in January, at a in February.
    let rows: Vec<String> = told[0].lines().skip(3).map(|line| line.replace(' ', "")).collect();
    let (january, february) = (["|0|a|1|5.000000|", "|0|b|1||"], ["|1|a|2|5.000000|", "|1|b|0|2.000000|"]);
    assert_eq!(rows[..4], [january, february].concat());
}

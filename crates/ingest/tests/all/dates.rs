//! Odd dates and codes: one plain expression each.

use crate::world::{World, counts, rejects};

/// What an expression makes of a text, as a milestone's time.
async fn reached(text: &str, expression: &str) -> String {
    let world = World::with("timezone = \"Europe/Paris\"").await;
    world.file("m.csv", format!("x\n{text}\n"));
    world.file(
        "sources/m.toml",
        format!("[files.m]\npath = \"m.csv\"\n[tables]\nmilestones = \"\"\"SELECT 'M' AS milestone_id, 'A' AS account_id, 'live' AS milestone, {expression} AS reached_at FROM m\"\"\"\n"),
    );
    let report = world.import().await;
    match rejects(&report).pop() {
        Some(reject) => reject,
        None => world.sql("SELECT reached_at FROM milestones").await.concat(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn expressions() {
    for (text, expression, expected) in [
        ("16-10-2024", "to_date(x, '%d-%m-%Y')", "2024-10-15T22:00:00Z"),
        ("01/09/21", "to_date(x, '%d/%m/%y')", "2021-08-31T22:00:00Z"),
        ("01/09/71", "to_date(x, '%d/%m/%y')", "1971-08-31T23:00:00Z"),
        ("19970101", "to_date(x, '%Y%m%d')", "1996-12-31T23:00:00Z"),
        ("19970101", "x", "1996-12-31T23:00:00Z"),
        ("2024-01-31 10:15", "x", "2024-01-31T09:15:00Z"),
        ("2024-01-31T10:15:00+05:00", "x", "2024-01-31T05:15:00Z"),
        ("2024-01-31T10:15:00+05:00", "to_timestamp(x)", "2024-01-31T05:15:00Z"),
        ("2024-01-31 10:15:00", "to_timestamp(x)", "2024-01-31T09:15:00Z"),
        ("31/01/2024 10:15", "to_timestamp(x, '%d/%m/%Y %H:%M')", "2024-01-31T09:15:00Z"),
        ("1706695200", "to_timestamp_seconds(CAST(x AS BIGINT))", "2024-01-31T10:00:00Z"),
        ("31-12-2024", "to_date(x, '%d-%m-%Y') + INTERVAL '1 day'", "2024-12-31T23:00:00Z"),
        ("31-12-2024", "to_date(x, '%d-%m-%Y') + 1", "2024-12-31T23:00:00Z"),
        ("?", "coalesce(to_date(nullif(x, '?'), '%d-%m-%Y'), DATE '2020-06-01')", "2020-05-31T22:00:00Z"),
    ] {
        assert_eq!(reached(text, expression).await, expected, "{text} by {expression}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_expression_rejects_its_row() {
    let world = World::new().await;
    let lines: String = (0..40_000)
        .map(|id| format!("{id},{}\n", if id == 31_000 || id == 7 { "31-02-2024" } else { "16-10-2024" }))
        .collect();
    world.file("a.csv", format!("id,start\n{lines}"));
    world.file(
        "sources/a.toml",
        "[files.a]\npath = \"a.csv\"\n[tables]\naccounts = \"SELECT id AS account_id, to_date(start, '%d-%m-%Y') AS created_at FROM a WHERE CAST(id AS INT) >= 0\"",
    );
    let report = world.import().await;
    assert_eq!(counts(&report), [40_000, 39_998, 0, 0, 2, 0]);
    let [first, second] = report.rejects.as_slice() else { panic!("{:?}", report.rejects) };
    assert_eq!((first.row, second.row), (8, 31_001));
    assert_eq!((first.column.as_deref(), first.value.as_deref()), (Some("created_at"), Some("31-02-2024")));
    assert_eq!(
        first.to_string(),
        "a.csv, record 8: accounts.created_at: error parsing timestamp from '31-02-2024' using format '%d-%m-%Y': input is out of range; \
         correct the value at the source, or the expression in the mapping"
    );
    assert_eq!(serde_json::to_string(&first.record).unwrap(), r#"{"account_id":"7","created_at":"31-02-2024"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_filter_rejects_its_row() {
    let world = World::new().await;
    world.file("a.csv", "id,n\n1,5\n2,x\n3,0\n");
    world.file(
        "sources/a.toml",
        "[files.a]\npath = \"a.csv\"\n[tables]\naccounts = \"SELECT id AS account_id FROM a WHERE CAST(n AS INT) > 1\"",
    );
    let report = world.import().await;
    assert_eq!(counts(&report), [2, 1, 0, 0, 1, 0]);
    assert_eq!(
        rejects(&report),
        [
            "a.csv, record 2: accounts: cannot cast string 'x' to value of Int32 type; correct the value at the source, or the expression in the mapping"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_keep_the_place_of_the_first_relation() {
    let world = World::new().await;
    let lines: String = (0..40_000).map(|id| format!("{id},{}\n", id % 3)).collect();
    world.file("a.csv", format!("id,plan\n{lines}"));
    world.file("p.csv", "plan,title\n0,Free\n1,Pro\n");
    world.file(
        "sources/a.toml",
        "[files.a]\npath = \"a.csv\"\n[files.p]\npath = \"p.csv\"\n[tables]\naccounts = \"SELECT a.id AS account_id, p.title AS plan, CAST(CASE WHEN a.id = '5' THEN 'x' ELSE a.id END AS INT) AS n FROM a LEFT JOIN p ON a.plan = p.plan\"",
    );
    let report = world.import().await;
    assert_eq!(counts(&report), [40_000, 39_999, 0, 0, 1, 0]);
    assert_eq!(report.rejects[0].row, 6);
    let rows = world
        .sql("SELECT account_id, plan, attributes, _file, _row FROM accounts WHERE _row IN (1, 3, 40000) ORDER BY _row")
        .await;
    assert_eq!(rows, ["0|Free|{\"n\":0}|a.csv|1", "2||{\"n\":2}|a.csv|3", "39999|Free|{\"n\":39999}|a.csv|40000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_shapes_run_as_a_whole() {
    let world = World::new().await;
    world.file("a.csv", "id,at\n1,2024-01-02\n2,2024-01-01\n1,2024-01-01\n");
    let source = |sql: &str| format!("[files.a]\npath = \"a.csv\"\n[tables]\naccounts = \"{sql}\"");
    world.file(
        "sources/a.toml",
        source("SELECT id AS account_id, min(at) AS created_at FROM a GROUP BY id ORDER BY id"),
    );
    assert_eq!(counts(&world.import().await), [2, 2, 0, 0, 0, 0]);
    assert_eq!(
        world.sql("SELECT account_id, created_at, _file, _row FROM accounts ORDER BY 1").await,
        ["1|2024-01-01T00:00:00Z||1", "2|2024-01-01T00:00:00Z||2"]
    );
    world.file("sources/a.toml", source("SELECT id AS account_id, at AS created_at FROM (SELECT id, at, _file, _row, row_number() OVER (PARTITION BY id ORDER BY at DESC) AS n FROM a) WHERE n = 1"));
    assert_eq!(counts(&world.import().await), [2, 0, 1, 1, 0, 0]);
    world.file("sources/a.toml", source("SELECT id AS account_id, CAST(max(at) AS INT) AS n FROM a GROUP BY id"));
    let error = world.error().await;
    assert!(error.starts_with("sources/a.toml:4: tables.accounts: failed: cannot cast string '2024-01-0"), "{error}");
    assert!(error.ends_with("; correct the expression; a SELECT without GROUP BY, DISTINCT, UNION or windows would reject only the rows at fault"), "{error}");
    world.file("sources/a.toml", "[files.a]\npath = \"a.csv\"\n[tables]\naccounts = [\"SELECT id AS account_id FROM a\", \"SELECT 'x' || id AS account_id FROM a\"]");
    let [read, accepted, ..] = counts(&world.import().await);
    assert_eq!((read, accepted), (6, 2));
}

//! Sources that speak for all their keys.

use crate::world::{World, counts};

const SOURCE: &str = "mode = \"snapshot\"\n[files.s]\npath = \"s.csv\"\n[tables]\nstaff = \"SELECT id AS staff_id, name, CAST(start AS DATE) AS started_at FROM s\"";

/// Reported of other tools: <https://github.com/PostHog/posthog/issues/58148>.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_gone_are_removed() {
    let world = World::new().await;
    world.file("sources/hr.toml", SOURCE);
    world.file("s.csv", "id,name,start\n1,Ann,2020-01-01\n2,Bob,2020-01-01\n3,Cy,2020-01-01\n");
    assert_eq!(counts(&world.import().await), [3, 3, 0, 0, 0, 0]);
    let before = world.lake.latest().await.unwrap();
    world.file("s.csv", "id,name,start\n1,Ann,2020-01-01\n2,Bo,2020-01-01\n");
    assert_eq!(counts(&world.import().await), [2, 0, 1, 1, 0, 1]);
    assert_eq!(world.sql("SELECT staff_id, name FROM staff ORDER BY 1").await, ["1|Ann", "2|Bo"]);
    // The past stays readable.
    let context = datafusion::prelude::SessionContext::new();
    world.lake.snapshot(before).await.unwrap().register(&context).unwrap();
    assert_eq!(context.sql("SELECT * FROM staff").await.unwrap().count().await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_row_does_not_remove_its_key() {
    let world = World::new().await;
    world.file("sources/hr.toml", SOURCE);
    world.file("s.csv", "id,name,start\n1,Ann,2020-01-01\n2,Bob,2020-01-01\n3,Cy,2020-01-01\n");
    world.import().await;
    world.file("s.csv", "id,name,start\n1,Ann,2020-01-01\n2,Bob,someday\n");
    let report = world.import().await;
    assert_eq!(counts(&report), [2, 0, 0, 1, 1, 1]);
    assert_eq!(world.sql("SELECT staff_id, name, started_at FROM staff ORDER BY 1").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_row_counts_whatever_other_rows_of_its_key_say() {
    for rows in ["1,Anna,2020-01-01\n1,Ann,someday\n", "1,Ann,someday\n1,Anna,2020-01-01\n"] {
        let world = World::new().await;
        world.file("sources/hr.toml", SOURCE);
        world.file("s.csv", "id,name,start\n1,Ann,2020-01-01\n2,Bob,2020-01-01\n");
        world.import().await;
        world.file("s.csv", format!("id,name,start\n{rows}2,Bob,someday\n"));
        assert_eq!(counts(&world.import().await), [3, 0, 1, 0, 2, 0]);
        assert_eq!(world.sql("SELECT staff_id, name FROM staff ORDER BY 1").await, ["1|Anna", "2|Bob"]);
        // Once more: nothing new, and nothing undone.
        assert_eq!(counts(&world.import().await), [3, 0, 0, 1, 2, 0]);
        assert_eq!(world.sql("SELECT staff_id, name FROM staff ORDER BY 1").await, ["1|Anna", "2|Bob"]);
    }
}

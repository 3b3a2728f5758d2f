//! What colleagues said of a customer's health: without a reason or an end, it is not taken.

use crate::world::{World, counts, rejects};

const SOURCE: &str = "[files.health]\npath = \"health.csv\"\n[tables]\nhealth_ratings = \"\"\"SELECT id AS rating_id, customer AS account_id, \
                      score AS rating, why AS reason, said AS rated_at, until AS expires_at, mood FROM health\"\"\"\n";

const HEALTH: &str = "id,customer,score,why,said,until,mood\n\
                      R1,A,72.5,sponsor is delighted,2026-03-02T10:00:00Z,2026-06-01,sunny\n\
                      R2,A,40,,2026-03-03,2026-06-01,\n\
                      R3,A,40,no sponsor,2026-03-03,,\n\
                      R4,A,101,too good,2026-03-03,2026-06-01,\n\
                      R5,A,40,no sponsor,2026-03-03,2026-03-03,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_has_a_reason_and_an_end() {
    let world = World::new().await;
    world.file("sources/crm.toml", SOURCE).file("health.csv", HEALTH);
    let report = world.import().await;
    assert_eq!(counts(&report), [5, 1, 0, 0, 4, 0]);
    let remedy = "is required and empty; fill it in at the source, or leave such rows out with WHERE";
    assert_eq!(
        rejects(&report),
        [
            format!("health.csv, record 2: health_ratings.reason: {remedy}"),
            format!("health.csv, record 3: health_ratings.expires_at: {remedy}"),
            "health.csv, record 4: health_ratings.rating: 101 is not between 0 and 100; correct it at the source".to_owned(),
            "health.csv, record 5: health_ratings.expires_at: 2026-03-03T00:00:00Z is not after rated_at 2026-03-03T00:00:00Z; \
             correct the dates; a last day that is meant inclusively becomes the next day with + INTERVAL '1 day'"
                .to_owned(),
        ]
    );
    let held =
        "SELECT rating_id, account_id, staff_id, rating, reason, rated_at, expires_at, attributes FROM health_ratings";
    assert_eq!(
        world.sql(held).await,
        ["R1|A||72.500000|sponsor is delighted|2026-03-02T10:00:00Z|2026-06-01T00:00:00Z|{\"mood\":\"sunny\"}"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_leaves_the_end_out_is_refused() {
    let world = World::new().await;
    world.file("sources/crm.toml", SOURCE.replace(", until AS expires_at", "")).file("health.csv", HEALTH);
    let error = world.error().await;
    assert!(error.contains("health_ratings") && error.contains("expires_at"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scores_are_no_table_to_map_to() {
    let world = World::new().await;
    world.file("sources/crm.toml", SOURCE.replace("health_ratings =", "health_scores =")).file("health.csv", HEALTH);
    let error = world.error().await;
    assert!(error.contains("health_scores") && error.contains("health_ratings"), "{error}");
}

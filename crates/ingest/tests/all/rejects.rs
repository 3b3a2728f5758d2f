//! Rejects: kept, listed, mended and replayed.

use crate::world::{World, counts, now};
use tenure_ingest::{StoredReject, export, open_rejects, parse_export, replay};

const BAD: &str = "id,account,price,start,end\nS1,A,10,2024-01-01,\nS2,A,ten,2024-01-01,\nS3,A,-1,2024-01-01,\n";

async fn open(world: &World) -> Vec<StoredReject> {
    let latest = world.lake.latest().await.unwrap();
    let snapshot = world.lake.snapshot(latest).await.unwrap();
    let mut found = Vec::new();
    open_rejects(&snapshot, Some("billing"), |reject| {
        found.push(reject);
        true
    })
    .await
    .unwrap();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mended_file_resolves_its_rejects() {
    let world = World::new().await;
    world.subscriptions(BAD);
    assert_eq!(counts(&world.import().await), [3, 1, 0, 0, 2, 0]);
    assert_eq!(open(&world).await.len(), 2);
    // The same again is the same two rejects.
    assert_eq!(counts(&world.import().await), [3, 0, 0, 1, 2, 0]);
    assert_eq!(open(&world).await.len(), 2);
    world.subscriptions(&BAD.replace("ten", "10"));
    let report = world.import().await;
    assert_eq!(counts(&report), [3, 1, 0, 1, 1, 0]);
    assert_eq!(report.mended, 1);
    let left = open(&world).await;
    assert_eq!(left.iter().map(|stored| stored.reject.row).collect::<Vec<_>>(), [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn exported_rejects_are_mended_and_replayed() {
    let world = World::new().await;
    world.subscriptions(BAD);
    world.import().await;
    let mut text = Vec::new();
    for stored in open(&world).await {
        export(&stored, &mut text).unwrap();
    }
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with(
        r#"{"source":"billing","table":"subscriptions","file":"subs.csv","row":2,"column":"unit_price","value":"ten","reason":"'ten' is not a number","#
    ), "{text}");
    let mended = text.replace(r#""unit_price":"ten""#, r#""unit_price":12.5"#);
    let parsed = parse_export("mended.jsonl", &mut mended.as_bytes()).unwrap();
    let zone = |_: &str| jiff::tz::TimeZone::UTC;
    let dry = replay(&world.lake, &world.workspace, parsed.clone(), zone, true, now()).await.unwrap();
    assert_eq!((dry.read, dry.accepted, dry.rejected, dry.version), (2, 1, 1, None));
    let report = replay(&world.lake, &world.workspace, parsed, zone, false, now()).await.unwrap();
    assert_eq!((report.read, report.accepted, report.updated, report.duplicate, report.rejected), (2, 1, 0, 0, 1));
    assert_eq!(
        world.sql("SELECT subscription_id, unit_price, _row FROM subscriptions ORDER BY 1").await,
        ["S1|10.000000|1", "S2|12.500000|2"]
    );
    assert_eq!(open(&world).await.len(), 1);
    let broken = parse_export("mended.jsonl", &mut "{\"source\":1}".as_bytes()).unwrap_err();
    assert_eq!(
        broken.to_string(),
        "mended.jsonl:1: has no source; export the rejects again with `tenure rejects --export`, and edit only what stands under record"
    );
}

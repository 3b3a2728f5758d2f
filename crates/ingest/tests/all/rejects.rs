//! Rejects: kept, listed, mended and replayed.

use crate::world::{World, counts, now, rejects};
use std::io::Write;
use tenure_ingest::{Options, StoredReject, export, open_rejects, parse_export, replay};

const BAD: &str = "id,account,price,start,end\nS1,A,10,2024-01-01,\nS2,A,ten,2024-01-01,\nS3,A,-1,2024-01-01,\n";

async fn open(world: &World) -> Vec<StoredReject> {
    let latest = world.lake.latest().await.unwrap();
    let snapshot = world.lake.snapshot(latest).await.unwrap();
    let mut found = Vec::new();
    open_rejects(&snapshot, None, |reject| {
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
        &format!(r#"{{"id":"{}","source":"billing","table":"subscriptions","file":"subs.csv","row":2,"column":"unit_price","value":"ten","reason":"'ten' is not a number","#, open(&world).await[0].reject.id)
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
        "mended.jsonl:1: has no id; export the rejects again with `tenure rejects --export`, and edit only what stands under record"
    );
}

fn keep_good() -> Options {
    Options { keep_good: true, ..Options::at(now()) }
}

fn packed(text: &str) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    gz.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_breaks_off_mends_nothing_it_was_not_read_to() {
    let world = World::new().await;
    let mut text = String::from("id,account,price,start,end\n");
    (1..=60_000).for_each(|id| text.push_str(&format!("S{id},A,{},2024-01-01,\n", id * 7919 % 65_537)));
    let bad = text.replace("S50001,A,", "S50001,A,ten");
    world.subscriptions("").file("subs.csv.gz", packed(&bad));
    let source = std::fs::read_to_string(world.path().join("sources/billing.toml")).unwrap();
    world.file("sources/billing.toml", source.replace("subs.csv", "subs.csv.gz"));
    assert_eq!(counts(&world.import().await), [60_000, 59_999, 0, 0, 1, 0]);
    let mut half = packed(&bad);
    half.truncate(half.len() / 2);
    world.file("subs.csv.gz", half);
    let report = world.try_import(&keep_good()).await.unwrap();
    assert_eq!((report.problems.len(), report.mended), (1, 0));
    assert_eq!(open(&world).await.iter().map(|stored| stored.reject.row).collect::<Vec<_>>(), [50_001]);
    world.file("subs.csv.gz", packed(&text));
    assert_eq!(world.import().await.mended, 1);
    assert_eq!(open(&world).await, []);
}

/// One record of a.csv to a price of each of b.csv.
const JOINED: &str = "[files.a]\npath = \"a.csv\"\n[files.b]\npath = \"b.csv\"\n[tables]\nsubscriptions = \"SELECT a.id AS subscription_id, \
                      b.line AS line_id, a.account AS account_id, b.price AS unit_price, a.start AS started_at FROM a JOIN b ON b.id = a.id\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn each_rejected_row_of_a_joined_record_is_kept_and_mended_on_its_own() {
    let world = World::new().await;
    world.file("sources/billing.toml", JOINED).file("a.csv", "id,account,start\nS1,A,2024-01-01\n");
    let prices = "id,line,price\nS1,1,10\nS1,2,bad2\nS1,3,bad3\n";
    world.file("b.csv", prices);
    assert_eq!(counts(&world.import().await), [3, 1, 0, 0, 2, 0]);
    let values = async || open(&world).await.into_iter().filter_map(|s| s.reject.value).collect::<Vec<_>>();
    let mut found = values().await;
    found.sort();
    assert_eq!(found, ["bad2", "bad3"]);
    let mut exported = Vec::new();
    open(&world).await.iter().for_each(|stored| export(stored, &mut exported).unwrap());
    // The first is mended at the source: the second is still the same reject.
    world.file("b.csv", prices.replace("bad2", "20"));
    let report = world.import().await;
    assert_eq!((counts(&report), report.mended), ([3, 1, 0, 1, 1, 0], 1));
    assert_eq!(values().await, ["bad3"]);
    let exported = String::from_utf8(exported).unwrap();
    let mended = exported
        .replace(r#""unit_price":"bad3""#, r#""unit_price":30"#)
        .replace(r#""unit_price":"bad2""#, r#""unit_price":20"#);
    let parsed = parse_export("mended.jsonl", &mut mended.as_bytes()).unwrap();
    let zone = |_: &str| jiff::tz::TimeZone::UTC;
    let report = replay(&world.lake, &world.workspace, parsed, zone, false, now()).await.unwrap();
    assert_eq!((report.accepted, report.duplicate, report.rejected), (1, 1, 0));
    assert_eq!(open(&world).await, []);
    assert_eq!(
        world.sql("SELECT line_id, unit_price FROM subscriptions ORDER BY 1").await,
        ["1|10.000000", "2|20.000000", "3|30.000000"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_share_even_their_key_are_rejects_of_their_own() {
    let world = World::new().await;
    world.file("sources/billing.toml", JOINED).file("a.csv", "id,account,start\nS1,A,2024-01-01\n");
    world.file("b.csv", "id,line,price\nS1,1,bad1\nS1,1,bad2\n");
    assert_eq!(counts(&world.import().await), [2, 0, 0, 0, 2, 0]);
    assert_eq!(open(&world).await.len(), 2);
    world.file("b.csv", "id,line,price\nS1,1,bad2\n");
    assert_eq!(world.import().await.mended, 1);
    let left = open(&world).await;
    assert_eq!(left.iter().map(|stored| stored.reject.value.as_deref()).collect::<Vec<_>>(), [Some("bad2")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_joined_file_that_breaks_mends_nothing() {
    let world = World::new().await;
    world.file("sources/billing.toml", JOINED).file("a.csv", "id,account,start\nS1,A,2024-01-01\nS2,A,someday\n");
    world.file("b.csv", "id,line,price\nS1,1,10\nS2,1,20\n");
    assert_eq!(counts(&world.import().await), [2, 1, 0, 0, 1, 0]);
    // The price of S2 is passed over, so its row is not there to be judged.
    world.file("b.csv", "id,line,price\nS1,1,10\nS2,1\n");
    let report = world.try_import(&keep_good()).await.unwrap();
    assert_eq!((counts(&report), report.mended), ([1, 0, 0, 1, 0, 0], 0));
    assert_eq!(open(&world).await.len(), 1);
}

const GROUPED: &str = "[files.c]\npath = \"in/*.csv\"\n[tables]\nsubscriptions = [\"SELECT id AS subscription_id, account AS account_id, \
                       max(price) AS unit_price, min(start) AS started_at FROM c GROUP BY id, account\", \
                       \"SELECT DISTINCT id AS subscription_id, 'usage' AS line_id, account AS account_id, price AS unit_price, start AS started_at FROM c\"]\n";

#[tokio::test(flavor = "multi_thread")]
async fn rejects_of_grouped_rows_are_mended_once_all_their_files_were_read_again() {
    let world = World::new().await;
    world.file("sources/billing.toml", GROUPED);
    let text = "id,account,price,start\nS1,A,10,2024-01-01\nS2,A,ten,2024-01-01\nS3,A,x,2024-01-01\n";
    world.file("in/jan.csv", text);
    let report = world.import().await;
    assert_eq!(counts(&report), [6, 2, 0, 0, 4, 0]);
    assert!(rejects(&report).iter().any(|reject| reject
        .ends_with(" of the SELECT: subscriptions.unit_price: 'ten' is not a number; write it as digits with a decimal point, such as \
                    replace(x, ',', '.') in the mapping")), "{:?}", rejects(&report));
    assert_eq!(open(&world).await.len(), 4, "two SELECTs, two rows each");
    // Another file alone says nothing of what January's held.
    std::fs::remove_file(world.path().join("in/jan.csv")).unwrap();
    world.file("in/feb.csv", "id,account,price,start\nS4,A,10,2024-02-01\n");
    assert_eq!(world.import().await.mended, 0);
    assert_eq!(open(&world).await.len(), 4);
    // Other rows before it do not make it another reject.
    world.file("in/jan.csv", text.replace("ten", "12").replace("S1,", "S0,A,5,2024-01-01\nS1,"));
    let report = world.import().await;
    assert_eq!((report.rejected, report.mended), (2, 2));
    world.file("in/jan.csv", text.replace("ten", "12").replace('x', "13"));
    assert_eq!(world.import().await.mended, 2);
    assert_eq!(open(&world).await, []);
}

const STAFF: &str = "[files.p]\npath = \"pulse.csv\"\n[tables]\nsurvey_responses = \"SELECT id AS response_id, kind AS survey_kind, who AS staff_id, \
                     score, at AS responded_at, note AS comment FROM p\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn rejected_answers_of_staff_are_withheld_everywhere_and_mended_at_the_source() {
    let world = World::new().await;
    let text = "id,kind,who,score,at,note\nr1,eNPS,s1,ten,2024-01-01,secret\nr2,pulse,,3,someday,secret\nr3,nps,,nine,2024-01-01,open\n\
                r4,odd,,3,2024-01-01,secret\nr5,csat,s5,x,2024-01-01,secret\n";
    world.file("sources/people.toml", STAFF).file("pulse.csv", text);
    let report = world.import().await;
    assert_eq!(counts(&report), [5, 0, 0, 0, 5, 0]);
    let withheld = |record: i64, column: &str, takes: &str| {
        format!(
            "pulse.csv, record {record}: survey_responses.{column}: is not shown, for it may be what one of the staff answered; \
             correct it in pulse.csv, record {record}: {column} takes {takes}; then import again"
        )
    };
    let told = [
        withheld(1, "score", "a number"),
        withheld(2, "responded_at", "a date or time"),
        "pulse.csv, record 3: survey_responses.score: 'nine' is not a number; write it as digits with a decimal point, such as \
         replace(x, ',', '.') in the mapping"
            .to_owned(),
        withheld(4, "survey_kind", "one of nps, csat, ces, enps, pulse, other and is required"),
        withheld(5, "score", "a number"),
    ];
    assert_eq!(rejects(&report), told);
    let stored = open(&world).await;
    assert_eq!(stored.iter().map(|stored| stored.reject.to_string()).collect::<Vec<_>>(), told);
    let mut exported = Vec::new();
    stored.iter().for_each(|stored| export(stored, &mut exported).unwrap());
    let exported = String::from_utf8(exported).unwrap();
    for secret in ["secret", "\"s1\"", "\"s5\"", "'ten'", "someday", "odd"] {
        assert!(
            !exported.contains(secret) && !format!("{report:?}{stored:?}").contains(secret),
            "{secret}: {exported}"
        );
    }
    assert!(exported.contains(r#""comment":"open""#), "{exported}");
    // Replayed as it is, only the customer's answer is looked at, and the lake keeps what it has of the others.
    let parsed = parse_export("mend.jsonl", &mut exported.replace("\"nine\"", "9").as_bytes()).unwrap();
    let zone = |_: &str| jiff::tz::TimeZone::UTC;
    let report = replay(&world.lake, &world.workspace, parsed, zone, false, now()).await.unwrap();
    assert_eq!((report.read, report.accepted, report.rejected), (1, 1, 0));
    assert_eq!(
        world.sql("SELECT count(*) FROM tenure_rejects WHERE resolved_at IS NULL AND record LIKE '%secret%'").await,
        ["4"]
    );
    let right = text
        .replace("ten", "10")
        .replace("someday", "2024-01-02")
        .replace("nine", "9")
        .replace("odd", "pulse")
        .replace(",x,", ",5,");
    world.file("pulse.csv", right);
    let report = world.import().await;
    assert_eq!((counts(&report), report.mended), ([5, 4, 0, 1, 0, 0], 4));
    assert_eq!(open(&world).await, []);
}

//! What is accepted with a warning.

use crate::world::World;

async fn warnings(world: &World) -> Vec<String> {
    world.import().await.warnings.iter().map(ToString::to_string).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn dangling_references() {
    let world = World::new().await;
    world.file("t.csv", "id,acc,who,staff\n1,A,P,S\n2,X,Q,S\n3,X,Q,Z\n");
    world.file("a.csv", "id\nA\n");
    world.file(
        "sources/desk.toml",
        r#"[files.t]
path = "t.csv"
[files.a]
path = "a.csv"
[tables]
tickets = "SELECT id AS ticket_id, acc AS account_id, who AS requester_id, staff AS assignee_id, '2024-01-01' AS created_at FROM t"
accounts = "SELECT id AS account_id FROM a"
contacts = "SELECT DISTINCT who AS contact_id FROM t"
"#,
    );
    assert_eq!(
        warnings(&world).await,
        [
            "tickets.account_id: 2 rows name 1 account that is not known, such as 'X'; import it, or these rows stay without its attributes",
            "tickets.assignee_id: 3 rows name 2 members of staff that are not known, such as 'S', 'Z'; import them, or these rows stay without their attributes",
        ]
    );
    // What the lake has is known.
    world.file(
        "sources/desk.toml",
        "[files.t]\npath = \"t.csv\"\n[tables]\naccounts = \"SELECT DISTINCT acc AS account_id FROM t\"",
    );
    assert_eq!(warnings(&world).await, [""; 0]);
    world.file(
        "sources/desk.toml",
        "[files.t]\npath = \"t.csv\"\n[tables]\ntickets = \"SELECT id AS ticket_id, acc AS account_id, '2024-01-01' AS created_at FROM t\"",
    );
    assert_eq!(warnings(&world).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn scores_off_the_scale() {
    let world = World::new().await;
    world.file(
        "r.csv",
        "id,kind,score,lo,hi\n1,nps,11,,\n2,nps,6.5,,\n3,nps,0,,\n4,csat,6,1,5\n5,csat,5,1,5\n6,nps,,,\n",
    );
    world.file(
        "sources/survey.toml",
        "[files.r]\npath = \"r.csv\"\n[tables]\nsurvey_responses = \"SELECT id AS response_id, kind AS survey_kind, score, lo AS scale_min, hi AS scale_max FROM r\"",
    );
    assert_eq!(
        warnings(&world).await,
        ["survey_responses.score: 3 rows are off the scale, such as 11 on 0 to 10; metrics leave them out and say so"]
    );
    assert_eq!(world.sql("SELECT count(*), count(score) FROM survey_responses").await, ["6|5"]);
}

/// What staff answered, and who they are, is in no warning; a customer's answer beside it is.
#[tokio::test(flavor = "multi_thread")]
async fn answers_of_staff_are_no_examples() {
    let world = World::new().await;
    world.file("r.csv", "id,kind,score,who\n1,enps,77,secret-1\n2,enps,78,secret-2\n3,enps,79,secret-2\n");
    let source = "[files.r]\npath = \"r.csv\"\n[tables]\nsurvey_responses = \"SELECT id AS response_id, kind AS survey_kind, score, who AS staff_id FROM r\"";
    world.file("sources/survey.toml", source);
    assert_eq!(
        warnings(&world).await,
        [
            "survey_responses.staff_id: 3 rows name 2 members of staff that are not known (not shown here: what staff answered never is); import them, or these rows stay without their attributes",
            "survey_responses.score: 3 rows are off the scale (not shown here: what staff answered never is); metrics leave them out and say so",
        ]
    );
    world.file("r.csv", "id,kind,score,who\n4,enps,77,secret-1\n5,nps,66,\n");
    let told = warnings(&world).await.join("\n");
    assert!(told.contains("2 rows are off the scale, such as 66 on 0 to 10;"), "{told}");
    assert!(!told.contains("secret") && !told.contains("77"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_currency_and_missing_rate() {
    let world = World::new().await;
    world.file("i.csv", "id,amount,cur,at\n1,5,usd,2024-01-01\n2,5,EURO,2024-01-01\n3,5,EUR,2024-01-01\n4,5,EUR,2024-03-01\n5,5,GBP,2024-01-01\n6,5,CHF,2024-01-01\n");
    world.file("fx.csv", "c,q,d,r\nEUR,USD,2024-02-01,1.1\nUSD,CHF,2023-01-01,0.9\n");
    world.file(
        "sources/billing.toml",
        r#"[files.i]
path = "i.csv"
[files.fx]
path = "fx.csv"
[tables]
invoices = "SELECT id AS invoice_id, amount, cur AS currency, at AS issued_at FROM i"
fx_rates = "SELECT c AS currency, q AS quote, d AS day, r AS rate FROM fx"
"#,
    );
    assert_eq!(
        warnings(&world).await,
        [
            "invoices.currency: 1 row in EUR has no exchange rate to USD on their day (the first is of 2024-02-01); add it to fx_rates, \
             until then metrics that need it answer null",
            "invoices.currency: 1 row in GBP has no exchange rate to USD; add it to fx_rates, until then metrics that need it answer null",
            "invoices.currency: 1 row has an unknown currency: 'EURO'; use the three letters of ISO 4217, until then metrics that need \
             it answer null",
        ]
    );
    assert_eq!(world.sql("SELECT currency FROM invoices ORDER BY invoice_id LIMIT 1").await, ["USD"]);
}

//! What a derived metric may read of its inputs: value, `n`, parts and states; and the checks that rest on it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Int64Type};
use std::collections::BTreeMap;
use support::{data_of, engine_over, instant};
use tenure_catalog::{Catalog, CatalogFile};
use tenure_engine::{Cell, Engine, Finding, MetricRef, Number, Question, RowsQuestion};
use tenure_schema::as_of::Level;
use tenure_schema::period::Period;
use tenure_schema::problem::Problems;

const RESPONSES: &str = "
response_id,survey,survey_kind,account_id,contact_id,score,responded_at
1,yearly,nps,a,x,9,2024-01-03
2,yearly,nps,a,y,10,2024-01-04
3,yearly,nps,b,z,7,2024-01-05
4,yearly,nps,b,u,6,2024-01-06
";

/// Read 10, of which 5 + 2 + 1 + 1 have a verdict; and one that adds up.
const IMPORTS: &str = "
import_id,source,table_name,imported_at,read,accepted,updated,duplicate,rejected,removed
2,crm,survey_responses,2024-03-01T09:00:00Z,4,4,0,0,0,0
3,billing,subscriptions,2024-03-02T09:00:00Z,10,5,2,1,1,7
";

fn file(path: &str, text: &str) -> CatalogFile {
    CatalogFile { path: path.to_owned(), text: text.to_owned() }
}

fn derived(value: &str, take: &str) -> String {
    format!(
        "title = \"X\"\nunit = \"number\"\nkind = \"derived\"\nvalue = \"{value}\"\n\
         inputs = {{ nps = {{ metric = \"nps\", take = \"{take}\" }} }}\n"
    )
}

async fn engine(files: &[CatalogFile]) -> Engine {
    let tables = [("survey_responses", RESPONSES), ("tenure_imports", IMPORTS)];
    let tables: BTreeMap<String, String> = tables.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let data = data_of(&tables, Some("2024-04-01"), "");
    engine_over(data, "", Level::Account, files).await.unwrap_or_else(|error| panic!("{error}"))
}

async fn cells(value: &str, take: &str, period: &str) -> Vec<Cell> {
    let engine = engine(&[file("metrics/x.toml", &derived(value, take))]).await;
    let observed = engine.observed_to(&[MetricRef::default_of("x")]).unwrap();
    let period = Period::parse(period, &engine.clock(), observed).unwrap();
    engine.answer(&Question::metric("x", vec![period])).await.unwrap().cells
}

async fn value(value: &str, take: &str, period: &str) -> Option<f64> {
    cells(value, take, period).await[0].value.map(Number::as_f64)
}

#[tokio::test]
async fn parts_and_states_of_an_input_can_be_read() {
    assert_eq!(
        value("100 * nps_part_promoters + 10 * nps_part_passives + nps_n", "value", "2024-01").await,
        Some(214.0)
    );
    assert_eq!(value("nps_state_detractors", "value", "2024-01").await, Some(1.0));
    assert_eq!(value("nps_state_promoters - nps_part_promoters", "before", "2024-02").await, Some(0.0));
    assert_eq!(value("nps_state_promoters", "before", "2024-02").await, Some(2.0), "those of the period before");
}

#[tokio::test]
async fn the_rows_of_what_opens_a_period_are_those_of_the_period_before() {
    let nested = "title = \"Y\"\nunit = \"number\"\nkind = \"derived\"\nvalue = \"x\"\ninputs = { x = { metric = \"x\", take = \"before\" } }\n";
    let files = [file("metrics/x.toml", &derived("nps", "before")), file("metrics/y.toml", nested)];
    let engine = engine(&files).await;
    for (metric, period, total) in [("x", "2024-01", 0), ("x", "2024-02", 4), ("y", "2024-02", 0), ("y", "2024-03", 4)]
    {
        let period = Period::parse(period, &engine.clock(), instant("2024-04-01")).unwrap();
        let cells = engine.answer(&Question::metric(metric, vec![period.clone()])).await.unwrap().cells;
        let question = RowsQuestion {
            metric: MetricRef::default_of(metric),
            period,
            filter: Vec::new(),
            excluded: false,
            now: None,
            limit: None,
        };
        let rows = engine.rows(&question).await.unwrap();
        assert_eq!(
            (cells[0].n, rows.total),
            (total, usize::try_from(total).unwrap()),
            "{metric} {}",
            cells[0].period.label
        );
    }
}

/// A segment in which one input has only rows that do not count and the other none at all is a segment still.
#[tokio::test]
async fn a_segment_of_excluded_rows_alone_is_told() {
    let text = "title = \"X\"\nunit = \"number\"\nkind = \"derived\"\nvalue = \"nps - tickets\"\n\
                inputs = { nps = { metric = \"nps\" }, tickets = { metric = \"ticket_volume\" } }\n";
    let responses = format!("{RESPONSES}5,yearly,nps,,w,,2024-03-07\n6,yearly,nps,a,x,9,2024-03-08\n");
    let tables = [("survey_responses", responses.as_str()), ("accounts", "account_id,plan\na,Basic\nb,Pro\n")];
    let tables: BTreeMap<String, String> = tables.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let data = data_of(&tables, Some("2024-04-01"), "");
    let engine = engine_over(data, "", Level::Account, &[file("metrics/x.toml", text)]).await.unwrap();
    let findings = engine.check(None).await.unwrap();
    let found = findings.iter().find(|finding| finding.check == "segments_of_x").unwrap();
    assert!(found.holds, "{found:?}");
    let mut question =
        Question::metric("x", vec![Period::parse("2024-03", &engine.clock(), instant("2024-04-01")).unwrap()]);
    question.by = vec!["account.plan".to_owned()];
    let cells = engine.answer(&question).await.unwrap().cells;
    let told: Vec<_> = cells.iter().map(|cell| (cell.segment[0].1.clone(), cell.n, cell.excluded.clone())).collect();
    let basic = (Some("Basic".to_owned()), 1, Vec::new());
    assert_eq!(told, [basic, (None, 0, vec![("not answered".to_owned(), 1)])]);
}

#[test]
fn what_an_input_does_not_have_is_told() {
    let told = |value: &str, take: &str| -> String {
        let Problems { problems } = Catalog::load(&[file("metrics/x.toml", &derived(value, take))]).unwrap_err();
        problems.iter().map(ToString::to_string).collect()
    };
    let typing_error = told("nps_part_promotors", "value");
    assert!(typing_error.contains("`nps_part_promotors` is not known here"), "{typing_error}");
    assert!(typing_error.contains("nps_part_promoters, nps_state_detractors"), "{typing_error}");
    assert!(told("nps_part_promoters", "daily_mean").contains("not known here"), "a mean over days has no parts");
}

#[test]
fn a_check_does_not_speak_of_a_definition_without_its_words() {
    let own = "title = \"NPS\"\nunit = \"points\"\nvalue = \"ratio(total, n)\"\n\
               rows = { from = \"survey_responses\", at = \"responded_at\" }\nstate = { total = \"sum(score)\" }\n\
               variants.per_response.difference = \"none\"\n";
    let has = |catalog: &Catalog| catalog.checks().any(|check| check.id == "nps_classes_add_up");
    assert!(has(&Catalog::builtin().unwrap()));
    let catalog = Catalog::load(&[file("metrics/nps.toml", own)]).unwrap_or_else(|error| panic!("{error}"));
    assert!(!has(&catalog));
    assert!(catalog.checks().any(|check| check.id == "mrr_ties_out"));
}

#[tokio::test]
async fn checks_find_classes_and_imports_that_do_not_add_up() {
    // A workspace's own definition in which a 6 is nothing at all.
    let nps = include_str!("../../catalog/metrics/nps.toml");
    let broken = nps.replacen("WHERE score <= 6", "WHERE score < 6", 1);
    assert_ne!(broken, nps);
    let findings = engine(&[file("metrics/nps.toml", &broken)]).await.check(None).await.unwrap();
    let found = |id: &str| -> &Finding { findings.iter().find(|finding| finding.check == id).expect(id) };
    let classes = found("nps_classes_add_up");
    assert!(!classes.holds && classes.detail.ends_with("off by -1 in 2024-01"), "{classes:?}");
    let imports = found("imports_add_up");
    let place = "off by 1 in 2024-03 (import_id 3, source billing, table_name subscriptions)";
    assert!(!imports.holds && imports.detail.ends_with(place), "{imports:?}");
    assert!(found("mrr_ties_out").holds);
}

#[tokio::test]
async fn the_record_of_imports_is_a_table_like_any_other() {
    let engine = engine(&[]).await;
    let sql = "SELECT read - accepted - updated - duplicate - rejected FROM tenure_imports ORDER BY source";
    let batches = engine.sql(sql).await.unwrap().collect().await.unwrap();
    let apart: Vec<i64> =
        batches.iter().flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec()).collect();
    assert_eq!(apart, [1, 0]);
    let metric = "title = \"Rejected records\"\nunit = \"ratio\"\nvalue = \"ratio(rejected, records)\"\n\
                  rows = { from = \"tenure_imports\", at = \"imported_at\", account = \"CAST(NULL AS VARCHAR)\", dimensions = [\"source\"] }\n\
                  state = { records = \"sum(read)\", rejected = \"sum(rejected)\" }\n";
    let engine = self::engine(&[file("metrics/rejected.toml", metric)]).await;
    let period = Period::parse("2024-03", &engine.clock(), instant("2024-04-01")).unwrap();
    let mut question = Question::metric("rejected", vec![period]);
    question.by = vec!["source".to_owned()];
    let answer = engine.answer(&question).await.unwrap();
    let values: Vec<Option<f64>> = answer.cells.iter().map(|cell| cell.value.map(Number::as_f64)).collect();
    assert_eq!(values, [Some(0.1), Some(0.0)]);
}

#[tokio::test]
async fn scores_are_a_table_like_any_other() {
    let sql = "SELECT account_id || ' ' || CAST(score AS INT) FROM health_scores ORDER BY 1";
    let told = async |engine: &Engine| {
        let batches = engine.sql(sql).await.unwrap().collect().await.unwrap();
        let texts = batches.iter().map(|batch| arrow::compute::cast(batch.column(0), &DataType::Utf8).unwrap());
        texts
            .flat_map(|texts| texts.as_string::<i32>().iter().flatten().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    };
    let none: Vec<String> = told(&engine(&[]).await).await;
    assert_eq!(none, [""; 0]);
    // Whose account was merged into another's is told of by that.
    let tables = [
        ("accounts", "account_id,merged_into\nold,new\nnew,\n"),
        ("health_scores", "day,line,account_id,score\n2024-01-01,l,old,40\n2024-01-02,l,new,50\n"),
        ("survey_responses", RESPONSES),
    ];
    let tables: BTreeMap<String, String> = tables.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let data = data_of(&tables, Some("2024-01-10"), "");
    assert!(!data.data_through.contains_key("health_scores"));
    let engine = engine_over(data, "", Level::Account, &[]).await.unwrap();
    let told: Vec<String> = told(&engine).await;
    assert_eq!(told, ["new 40", "new 50"]);
}

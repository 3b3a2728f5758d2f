//! Surveys: items 7 and 9 of the index.

use crate::ask::over;
use tenure_engine::Number;

const RATINGS: &str = "response_id,survey,survey_kind,contact_id,score,scale_min,scale_max,responded_at\n\
                       1,s,csat,x,5,1,5,2024-01-10\n2,s,csat,y,1,1,5,2024-01-11\n3,s,csat,z,4,1,5,2024-02-11\n4,s,nps,x,10,,,2024-01-10\n\
                       5,s,nps,y,0,,,2024-02-10\n";

/// Three formulas gave three results under one name: <https://github.com/freescout-help-desk/freescout/issues/2064>.
#[tokio::test]
async fn a_result_names_the_method_it_was_computed_by() {
    let asked = over(&[("survey_responses", RATINGS)], "2024-04-01", "").await;
    for (metric, variant, title, value) in [
        ("csat", "default", "Customer satisfaction", 0.5),
        ("csat/mean", "mean", "Mean satisfaction", 3.0),
        ("csat/good_over_good_bad", "good_over_good_bad", "Customer satisfaction, good over good and bad", 0.5),
    ] {
        let cell = asked.cell(metric, "2024-01").await;
        assert_eq!((cell.variant.as_str(), cell.title.as_str()), (variant, title));
        assert_eq!(cell.value.map(Number::as_f64), Some(value));
    }
}

/// Trends of CSAT and NPS over time were wanted: <https://github.com/formbricks/formbricks/issues/7090>.
#[tokio::test]
async fn scores_are_told_month_by_month() {
    let asked = over(&[("survey_responses", RATINGS)], "2024-04-01", "").await;
    let trend = async |metric: &str| {
        let cells = asked.cells(metric, &["2024-01", "2024-02", "2024-03"], &[]).await;
        cells.iter().map(|cell| (cell.period.label.clone(), cell.value.map(Number::as_f64))).collect::<Vec<_>>()
    };
    let months = |values: [Option<f64>; 3]| -> Vec<(String, Option<f64>)> {
        ["2024-01", "2024-02", "2024-03"].map(str::to_owned).into_iter().zip(values).collect()
    };
    // A month without answers has no score.
    assert_eq!(trend("nps").await, months([Some(100.0), Some(-100.0), None]));
    assert_eq!(trend("csat").await, months([Some(0.5), Some(1.0), None]));
}

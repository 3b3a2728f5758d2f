//! `tenure survival` and `tenure forecast`.

use super::ask::Output;
use super::global::Standing;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use tenure_outlook::survival::Of;

/// Arguments of `tenure survival`.
#[derive(Debug, Clone, Args)]
pub(crate) struct SurvivalArgs {
    /// Until when: until customers leave, or until those who signed are live, see first value, see value
    #[arg(long, value_name = "END", default_value = "churn",
          value_parser = PossibleValuesParser::new(Of::ALL.map(Of::name)).map(of))]
    pub(crate) of: Of,
    /// Group by attributes that accounts had at the start, such as plan or account.country
    #[arg(long, value_name = "ATTR[,ATTR]", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// By how much attributes at the start hasten the end: a Cox model over them
    #[arg(long, value_name = "ATTR[,ATTR]", value_delimiter = ',')]
    pub(crate) cox: Vec<String>,
    /// Only what began in this period, written as for `tenure metric` [default: all]
    #[arg(long, value_name = "P")]
    pub(crate) period: Option<String>,
    /// The data know of leavings only from this day on: customers from before it are at risk from then
    #[arg(long, value_name = "DAY")]
    pub(crate) seen_from: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) standing: Standing,
}

fn of(name: String) -> Of {
    Of::ALL.into_iter().find(|of| of.name() == name).unwrap_or(Of::Churn)
}
/// Arguments of `tenure forecast`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ForecastArgs {
    /// How many quarters ahead
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u32).range(1..=12))]
    pub(crate) quarters: u32,
    /// Split the renewals by an attribute of the account, such as plan or account.country
    #[arg(long, value_name = "ATTR", conflicts_with = "record")]
    pub(crate) by: Option<String>,
    /// Past forecasts instead: each from what was known then, against what came
    #[arg(long, conflicts_with_all = ["as_of", "now"])]
    pub(crate) record: bool,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) standing: Standing,
}

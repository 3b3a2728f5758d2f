//! `tenure survival` and `tenure forecast`.

use super::ask::{Output, Split};
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
    #[command(flatten)]
    pub(crate) split: Split,
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

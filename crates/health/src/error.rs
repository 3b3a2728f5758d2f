//! Why health cannot be told.

use datafusion::error::DataFusionError;
use jiff::civil::Date;
use tenure_engine::EngineError;
use tenure_lake::LakeError;
use tenure_schema::period::PeriodError;
use tenure_schema::problem::Problems;

/// Why health cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// A query or metric failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The lake failed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// Scorecards are wrong.
    #[error(transparent)]
    Scorecard(#[from] Problems),
    /// Scorecards of an earlier day, as the lake keeps them, do not fit the catalogue any more.
    #[error(
        "the scorecards that were in force on {day} cannot be used any more: {problem}; explain by those in force now, with --restate"
    )]
    Earlier {
        /// The day.
        day: Date,
        /// What is wrong with them.
        problem: Problems,
    },
    /// History does not fit a back-test.
    #[error(transparent)]
    Backtest(#[from] tenure_backtest::BacktestError),
    /// A day is none.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// Rows could not be read or made.
    #[error("rows of health could not be read: {0}")]
    Rows(String),
    /// A signal's query does not give what a signal must.
    #[error("{file}: {key}: {what}; give the columns account_id, period, value and observed_at")]
    Signal {
        /// The file.
        file: String,
        /// The signal.
        key: String,
        /// What is wrong.
        what: String,
    },
    /// A signal reads a metric about staff.
    #[error(
        "{file}: {key}: `{metric}` is about staff, whose answers are never shown by account; name a metric about customers"
    )]
    Staff {
        /// The file.
        file: String,
        /// The signal.
        key: String,
        /// The metric.
        metric: String,
    },
    /// Nothing was imported that says who is a customer.
    #[error("nothing says who is a customer yet; import subscriptions first, with `tenure import`")]
    NoData,
    /// The day is not over in the data.
    #[error(
        "{day} is not over in the data, of which {through} is the last that is; ask for an earlier day, or import newer data"
    )]
    NotClosed {
        /// The day asked for.
        day: Date,
        /// The last day that is over.
        through: Date,
    },
    /// History is to begin before what is scored already.
    #[error(
        "scores begin on {begun} already, not on {from}; leave --from out to go on with them, or fill the days before in with --backfill"
    )]
    Begun {
        /// The day asked for.
        from: Date,
        /// The first day that is scored.
        begun: Date,
    },
    /// A rating cannot be taken.
    #[error("{what}; {remedy}")]
    Rating {
        /// What is wrong.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// No such customer on that day.
    #[error("{account} was no customer on {day}{}", similar(.near))]
    NoCustomer {
        /// Who was asked for.
        account: String,
        /// When.
        day: Date,
        /// Names that look like it.
        near: Vec<String>,
    },
}

fn similar(near: &[String]) -> String {
    if near.is_empty() {
        "; `tenure health` lists who was".to_owned()
    } else {
        format!("; did you mean {}?", near.join(", "))
    }
}

impl From<DataFusionError> for HealthError {
    fn from(error: DataFusionError) -> Self {
        Self::Rows(error.strip_backtrace())
    }
}

impl From<arrow::error::ArrowError> for HealthError {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Rows(error.to_string())
    }
}

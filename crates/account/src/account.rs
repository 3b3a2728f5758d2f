//! An account at the end of a day.

use crate::error::AccountError;
use crate::find::Found;
use crate::record::{Record, records};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use tenure_catalog::substitute;
use tenure_engine::{Cell, Condition, Engine, EngineError, MetricRef, Query, Question};
use tenure_schema::period::{Grain, Period};

/// The metrics that are asked of the account alone: stocks at the end of the day, flows over the ninety days to it.
pub const FIGURES: [&str; 6] =
    ["mrr", "seat_use", "active_users", "ticket_volume", "first_response_time", "resolution_time"];

/// How many days the flows among [`FIGURES`] look back.
const DAYS: i32 = 90;

/// An account at the end of a day. A list is in the order in which it is told; see `sql/*.sql` for the columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Which one.
    pub found: Found,
    /// The day.
    pub day: Date,
    /// Who it is; `None` where no account was imported of that id.
    pub who: Option<Record>,
    /// Its children.
    pub children: Vec<Record>,
    /// When it was a customer.
    pub spans: Vec<Record>,
    /// The paid lines in force.
    pub lines: Vec<Record>,
    /// What moved its MRR in the last twelve months.
    pub movements: Vec<Record>,
    /// The terms that run.
    pub terms: Vec<Record>,
    /// The tickets that are open.
    pub tickets: Vec<Record>,
    /// Its last answer to each kind of survey.
    pub answers: Vec<Record>,
    /// Its use, by week.
    pub weeks: Vec<Record>,
    /// How it was set up.
    pub journeys: Vec<Record>,
    /// Whom it referred, and who referred it.
    pub referrals: Vec<Record>,
    /// What colleagues say of it, as far as it counts.
    pub ratings: Vec<Record>,
    /// What happened to it, the newest first.
    pub timeline: Vec<Record>,
    /// [`FIGURES`] of the account alone, in their order; those without an account imported are missing.
    pub figures: Vec<Cell>,
}

/// A query's file and text.
macro_rules! sql {
    ($name:literal) => {
        ($name, include_str!(concat!("../sql/", $name)))
    };
}

impl Account {
    /// Reads all of it, as far as it is known by an engine at the level of accounts.
    pub async fn read(engine: &Engine, found: Found, day: Date) -> Result<Self, AccountError> {
        let reader =
            Reader { engine, account: literal(&found.id), day: Period::whole(Grain::Day, day, &engine.clock())? };
        Ok(Self {
            who: reader.rows(sql!("who.sql")).await?.into_iter().next(),
            children: reader.rows(sql!("children.sql")).await?,
            spans: reader.rows(sql!("spans.sql")).await?,
            lines: reader.rows(sql!("lines.sql")).await?,
            movements: reader.rows(sql!("movements.sql")).await?,
            terms: reader.rows(sql!("terms.sql")).await?,
            tickets: reader.rows(sql!("tickets.sql")).await?,
            answers: reader.rows(sql!("answers.sql")).await?,
            weeks: reader.rows(sql!("weeks.sql")).await?,
            journeys: reader.rows(sql!("journeys.sql")).await?,
            referrals: reader.rows(sql!("referrals.sql")).await?,
            ratings: reader.rows(sql!("ratings.sql")).await?,
            timeline: reader.rows(sql!("timeline.sql")).await?,
            figures: reader.figures(&found.id, day).await?,
            found,
            day,
        })
    }

    /// The timeline from a time on.
    pub fn since(&self, from: Option<Timestamp>) -> impl Iterator<Item = &Record> {
        self.timeline.iter().filter(move |event| event.at("at").zip(from).is_none_or(|(at, from)| at >= from))
    }
}

struct Reader<'a> {
    engine: &'a Engine,
    account: String,
    day: Period,
}

impl Reader<'_> {
    async fn rows(&self, (file, text): (&str, &str)) -> Result<Vec<Record>, AccountError> {
        let sql = substitute(text, &|name| (name == "account").then(|| self.account.clone()));
        let sql = sql.map_err(|what| AccountError::Rows(format!("{file}: {what}")))?;
        let query = Query { file, key: "SQL", sql: &sql };
        records(&self.engine.query(query, std::slice::from_ref(&self.day), self.day.end).await?)
    }

    async fn figures(&self, account: &str, day: Date) -> Result<Vec<Cell>, AccountError> {
        let clock = self.engine.clock();
        let from = day.checked_sub(Span::new().days(DAYS - 1)).unwrap_or(day);
        let to = clock.local(self.day.end);
        let question = Question {
            metrics: FIGURES.map(MetricRef::default_of).into(),
            periods: vec![Period::range(from.to_datetime(jiff::civil::Time::midnight()), to, &clock)?],
            by: Vec::new(),
            filter: vec![Condition { name: "account".to_owned(), value: Some(account.to_owned()) }],
            now: Some(self.day.end),
        };
        match self.engine.answer(&question).await {
            Ok(answer) => Ok(answer.cells),
            // No attributes were imported of it: nothing can be asked of it alone.
            Err(EngineError::UnknownValue { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}

/// A text in SQL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

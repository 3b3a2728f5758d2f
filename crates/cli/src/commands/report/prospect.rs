//! What the page draws of the time ahead.

use crate::commands::{clv, health};
use crate::exit::Outcome;
use crate::html::Prospect;
use crate::session::{Context, Session};
use tenure_backtest::{Settings, backtest};
use tenure_engine::MetricRef;
use tenure_outlook::survival::{Of, Question, survival};

/// Within how many days leaving counts.
const HORIZON: i32 = 90;
/// Months that models of lifetime value are held out.
const HELD_OUT: u32 = 12;
/// Month's ends looked back at, at most.
const MONTHS: u32 = 60;
/// The segment by which the back-test tells customers apart; the page shows the whole.
const SEGMENT: &str = "plan";

/// How long customers stay and, if asked, how often scores and models of lifetime value were right.
pub(super) async fn prospect(context: &Context, session: &Session, judge: bool) -> Outcome<Prospect> {
    let now = session.observed_to(&[MetricRef::default_of("active_customers")])?;
    let question = Question { of: Of::Churn, by: Vec::new(), cox: Vec::new(), period: None, seen_from: None, now };
    let staying = survival(&session.engine, &question).await?.all.curve.ok();
    let (judged, held_out) = match judge {
        true => (judged(context).await?, clv::hold_out::ask(session, HELD_OUT).await?),
        false => (None, Vec::new()),
    };
    Ok(Prospect { staying, judged, held_out })
}

async fn judged(context: &Context) -> Outcome<Option<tenure_backtest::HorizonReport>> {
    let (_, found) = health::open(context).await?;
    let days = health::month_ends(found.last_closed()?, MONTHS);
    let judgeable = found.judgeable(&days, &[], SEGMENT).await?;
    let settings = Settings { horizons: vec![HORIZON], baseline: judgeable.baseline, ..Settings::default() };
    let report = backtest(&judgeable.panel, &judgeable.scorers, &settings, &[]);
    let report = report.map_err(|error| crate::exit::Failure::new(error.to_string()))?.report;
    Ok(report.horizons.into_iter().next())
}

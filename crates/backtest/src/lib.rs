//! How often a health score was right, out of time.
//!
//! ```text
//! Panel::new(signals, rows)                     what was known of each account on each day, and when it left
//! backtest(panel, scorers, settings, …)
//!   label      who left within the horizon, and who is known to have stayed; what is too young for either is out
//!   split      blocks of days in their order: train on labels that were known before a block, judge on the block
//!   model      two churn models of the same values, refitted before every block: what the signals could have told
//!   judge      each scorer on the same rows: order, probabilities, bands, warnings, segments, differences
//!   leak       signals that know more than can be known
//! → Backtest { report, models }
//! words                                         the report's findings as sentences
//! ```
//!
//! A score is good where it tells in advance who leaves, and better than something simple does: so every scorer is held against
//! chance and against the others on exactly the same rows, and every interval knows that an account's rows are one account's.
//! What rests on too little is [`NotEnough`], with what would be enough, and never a number. The same rows give the same
//! report, in whatever order they come.
//!
//! **Architecture invariant:** this crate knows no tables, no files, no clock and no scorecards; it is given values and scores by
//! day. Its report holds no sentences: those are made in [`words`] alone.

mod answer;
mod backtest;
mod calibration;
mod error;
mod judge;
mod label;
mod leak;
mod model;
mod number;
mod panel;
mod report;
mod scorer;
mod split;
mod support;
mod walk;
pub mod words;

pub use answer::{Answer, NotEnough};
pub use backtest::{Backtest, Settings, backtest};
pub use calibration::Calibration;
pub use error::BacktestError;
pub use judge::{
    AgainstBaseline, AgainstChance, Band, BandEdge, Difference, FirstWarning, GreenLeavers, Judgement, Recoloured,
    ReliabilityBin, SegmentAuc, Standing, Top, Verdict,
};
pub use leak::{Leaks, Over, Presence, ReadsAhead, SureBin, TooGood};
pub use model::{ChurnModel, Contribution, Direction, Dropped, LearnedWeight, ModelKind, Risk, Trees};
pub use number::{Estimate, Share};
pub use panel::{Panel, Row};
pub use report::{BlockReport, Chosen, HorizonReport, Judged, ModelReport, Report, Scored};
pub use scorer::{Colour, MODEL, Scorer, TREES};
pub use support::SignalSupport;

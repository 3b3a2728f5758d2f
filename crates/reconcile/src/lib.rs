//! An outside file against our figure at the close of a period: what agrees, what differs, and why.
//!
//! ```text
//! FILE ── theirs ──┐
//!                  ├──► matching ──► cases ── causes ──► Reconciliation: totals that tie out, differences with cause and evidence
//! engine ── ours ──┘        facts (SQL over the derived tables) ──┘
//! ```
//!
//! Ours is the metric's own rows, so it cannot disagree with `tenure metric`. A cause is a rule in a file of its own under `causes`:
//! what would we say, had we read the account their way? It holds where that equals theirs to the cent; rules are tried in the order
//! of [`Cause::ALL`], the first that holds is named. Nothing here knows terminals or formats, nor the machine's clock.

mod asked;
mod case;
mod causes;
mod error;
mod facts;
mod measure;
mod ours;
mod rates;
mod reconciliation;
mod tabular;
mod theirs;
mod words;
mod worth;

pub use asked::NEAR_DAYS;
pub use case::{AGREES, EXPLAINS};
pub use causes::Cause;
pub use error::ReconcileError;
pub use measure::Measure;
pub use reconciliation::{Difference, Group, Question, Reconciliation, Side, Tally, reconcile};
pub use theirs::Columns;

//! Everything about one account, as it stood at the end of a day: who it is, what it pays, uses and says, and what happened to it.
//!
//! ```text
//! find(engine, typed) → Found              an id, an old id after a merge, or a name
//! Parents::read(engine)                    whose parent is whose, for roll-ups
//! Act::rows(engine, day)                  lists to act on (`sql/acts/*.sql`)
//! Account::read(engine, found, day)        facts: a SELECT each (`sql/*.sql`), figures: metrics of the account alone
//! ```
//!
//! Merges are resolved by the engine, so what was an account's before a merge is its survivor's. Customers' rows alone are read: nothing that
//! colleagues answered or met about.
//!
//! **Architecture invariant:** no number is made here: a figure is a metric's, a fact is a row of the lake's or of a derived table.

mod account;
mod act;
mod error;
mod find;
mod record;

pub use account::{Account, FIGURES};
pub use act::Act;
pub use error::AccountError;
pub use find::{Found, Parents, find};
pub use record::{Record, Value, records};

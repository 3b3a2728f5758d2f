//! Lists to act on: whom to thank, whom to sell more, whom to call back.

use crate::error::AccountError;
use crate::record::{Record, records};
use jiff::civil::Date;
use tenure_engine::{Engine, Query};
use tenure_schema::period::{Grain, Period};

/// A list of customers to act on, as of the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Customers by what they pay.
    HighValue,
    /// Customers that use at least four fifths of their paid seats.
    Upsell,
    /// Products that at least three in ten customers of a customer's plan hold and it does not.
    CrossSell,
    /// People who would not recommend and whom nobody has called since.
    Detractors,
}

impl Act {
    /// Whether the list is of healthy customers only: who is unwell is not to be sold more.
    pub fn is_for_healthy(self) -> bool {
        matches!(self, Self::Upsell | Self::CrossSell)
    }

    /// The rows, in order: `account_id`, `name`, `mrr` in the workspace's currency, `product`, and what the list rests on (`sql/acts/*.sql`).
    pub async fn rows(self, engine: &Engine, day: Date) -> Result<Vec<Record>, AccountError> {
        let day = Period::whole(Grain::Day, day, &engine.clock())?;
        let (file, sql) = match self {
            Self::HighValue => ("acts/high_value.sql", include_str!("../sql/acts/high_value.sql")),
            Self::Upsell => ("acts/upsell.sql", include_str!("../sql/acts/upsell.sql")),
            Self::CrossSell => ("acts/cross_sell.sql", include_str!("../sql/acts/cross_sell.sql")),
            Self::Detractors => ("acts/detractors.sql", include_str!("../sql/acts/detractors.sql")),
        };
        let query = Query { file, key: "SQL", sql };
        records(&engine.query(query, std::slice::from_ref(&day), day.end).await?)
    }
}

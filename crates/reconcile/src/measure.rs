//! What can be reconciled: a metric, and how a column of an outside file is read for it.

use crate::worth::Worth;
use rust_decimal::Decimal;

/// A metric that has a figure per account, and how that figure comes from its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The metric's id.
    pub metric: &'static str,
    /// How an account's figure is read.
    pub(crate) reading: Reading,
    /// Names that the column of an outside file usually has, the likeliest first.
    pub(crate) columns: &'static [&'static str],
}

/// How an account's figure is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// So many times what it pays a month.
    Money {
        /// 1 for monthly, 12 for yearly.
        times: i64,
    },
    /// One where it is a customer.
    Presence,
}

/// The column of a metric's rows that holds money in the workspace's currency.
pub(crate) const AMOUNT: &str = "amount";

const MEASURES: [Measure; 3] = [
    Measure {
        metric: "mrr",
        reading: Reading::Money { times: 1 },
        columns: &[
            "mrr",
            "monthly_recurring_revenue",
            "monthly_revenue",
            "monthly",
            "amount",
            "revenue",
            "value",
            "total",
        ],
    },
    Measure {
        metric: "arr",
        reading: Reading::Money { times: 12 },
        columns: &[
            "arr",
            "annual_recurring_revenue",
            "annual_revenue",
            "annual",
            "amount",
            "revenue",
            "value",
            "total",
        ],
    },
    Measure {
        metric: "active_customers",
        reading: Reading::Presence,
        columns: &["active", "is_active", "active_customer", "active_customers", "is_customer", "customer_count"],
    },
];

impl Measure {
    /// The measure of that metric; none where its figure is not one of accounts.
    pub fn of(metric: &str) -> Option<Self> {
        MEASURES.into_iter().find(|measure| measure.metric == metric)
    }

    /// The metrics that can be reconciled.
    pub fn metrics() -> [&'static str; 3] {
        MEASURES.map(|measure| measure.metric)
    }

    /// Whether it is money.
    pub fn is_money(self) -> bool {
        self.reading != Reading::Presence
    }

    /// How often a month's money is in it.
    pub(crate) fn times(self) -> i64 {
        match self.reading {
            Reading::Money { times } => times,
            Reading::Presence => 1,
        }
    }

    /// The figure of an account for which these lines are in force.
    pub(crate) fn of_worth(self, worth: Worth) -> Decimal {
        match self.reading {
            Reading::Money { times } => worth.monthly * Decimal::from(times),
            Reading::Presence => Decimal::from(i64::from(worth.lines > 0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worth_is_read_as_the_metric_asks() {
        let worth = Worth { lines: 2, monthly: Decimal::new(12_350, 2) };
        let read = |metric: &str| Measure::of(metric).unwrap().of_worth(worth).normalize().to_string();
        assert_eq!([read("mrr"), read("arr"), read("active_customers")], ["123.5", "1482", "1"]);
        assert_eq!(Measure::of("nps"), None);
    }
}

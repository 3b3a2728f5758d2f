//! Subscriptions and terms as the simulation keeps them: the one place that knows what was truly owed on a day.

use crate::calendar::Day;
use crate::offer::{Plan, Product};

/// How often a line is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Billing {
    /// Every week.
    Week,
    /// Every month.
    Month,
    /// Every quarter.
    Quarter,
    /// Every year, for terms of one year and of three.
    Year,
}

impl Billing {
    /// The billing system's word for it.
    pub fn word(self) -> &'static str {
        ["weekly", "monthly", "quarterly", "yearly"][self as usize]
    }

    /// The price of one unit for one interval, from that of a month. A week is 12/52 of a month.
    pub fn unit_cents(self, monthly_cents: i64) -> i64 {
        match self {
            Self::Week => monthly_cents / 13 * 3,
            Self::Month => monthly_cents,
            Self::Quarter => monthly_cents * 3,
            Self::Year => monthly_cents * 12,
        }
    }

    /// A monthly price this interval can express to the cent.
    pub fn whole_cents(self, monthly_cents: f64) -> i64 {
        match self {
            Self::Week => (monthly_cents / 13.0).round() as i64 * 13,
            _ => monthly_cents.round() as i64,
        }
    }

    /// Days between two bills, near enough to date invoices by.
    pub fn months(self) -> i32 {
        [1, 1, 3, 12][self as usize]
    }
}

/// What is taken off a price.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Off {
    /// Percent of the line.
    Percent(i64),
    /// Cents off a monthly bill.
    Cents(i64),
}

/// A discount and how long it holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Discount {
    /// How much.
    pub off: Off,
    /// First day.
    pub from: Day,
    /// First day at full price again; none: for as long as the line lives.
    pub to: Option<Day>,
}

/// Why a line was ended for good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    /// When the customer asked, if they did.
    pub requested: Option<Day>,
    /// The reason written down.
    pub reason: &'static str,
    /// Whether the customer wanted it.
    pub voluntary: bool,
}

/// One product at one price, over `[start, end)`.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Plan.
    pub plan: Plan,
    /// Seats, or 1 of a flat product.
    pub quantity: i64,
    /// Cents for one unit and month, before discounts, in the account's currency.
    pub monthly_cents: i64,
    /// How often billed.
    pub billing: Billing,
    /// Discount.
    pub discount: Option<Discount>,
    /// First paid day, of a line that begins as a trial.
    pub trial_to: Option<Day>,
    /// Pause.
    pub pause: Option<(Day, Day)>,
    /// Unpaid from, and paid again.
    pub past_due: Option<(Day, Option<Day>)>,
    /// First day.
    pub start: Day,
    /// First day no longer in force.
    pub end: Option<Day>,
    /// Why it ended, where nothing follows.
    pub ending: Option<Ending>,
}

impl Line {
    /// In force, trials included.
    pub fn runs(&self, day: Day) -> bool {
        self.start <= day && self.end.is_none_or(|end| day < end)
    }

    /// In force and no trial: makes its account an active customer, also when paused or fully discounted.
    pub fn is_paid(&self, day: Day) -> bool {
        self.runs(day) && self.trial_to.is_none_or(|to| to <= day)
    }

    /// Paused on a day.
    pub fn is_paused(&self, day: Day) -> bool {
        self.pause.is_some_and(|(from, to)| from <= day && day < to)
    }

    /// Monthly recurring revenue on a day, in millionths of its currency.
    pub fn mrr(&self, day: Day) -> i64 {
        if !self.is_paid(day) || self.is_paused(day) {
            return 0;
        }
        let gross = self.quantity * self.monthly_cents;
        match self.discount {
            Some(Discount { off, from, to }) if from <= day && to.is_none_or(|to| day < to) => match off {
                Off::Percent(percent) => gross * (100 - percent) * 100,
                Off::Cents(cents) => (gross - cents).max(0) * 10_000,
            },
            _ => gross * 10_000,
        }
    }
}

/// A subscription: the lines one product went through without a gap.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    /// The account billed.
    pub account: usize,
    /// Number, unique in the company.
    pub number: usize,
    /// Product.
    pub product: Product,
    /// Metered, and so never MRR.
    pub metered: bool,
    /// Its lines in time; none overlap.
    pub lines: Vec<Line>,
}

impl Subscription {
    /// First day.
    pub fn start(&self) -> Option<Day> {
        self.lines.first().map(|line| line.start)
    }

    /// Monthly recurring revenue on a day, in millionths of its currency.
    pub fn mrr(&self, day: Day) -> i64 {
        if self.metered { 0 } else { self.lines.iter().map(|line| line.mrr(day)).sum() }
    }

    /// Seats on a day, trials included.
    pub fn seats(&self, day: Day) -> i64 {
        if !self.product.by_seat() || self.metered {
            return 0;
        }
        self.lines.iter().filter(|line| line.runs(day)).map(|line| line.quantity).sum()
    }

    /// Changes the line in force from `day` on: by a new line, or in place where it begins that very day.
    pub fn change(&mut self, day: Day, change: impl FnOnce(&mut Line)) {
        let Some(last) = self.lines.last_mut() else { return };
        if last.end.is_some() || last.start > day {
            return;
        }
        if last.start == day {
            return change(last);
        }
        let mut next = last.clone();
        last.end = Some(day);
        // What lies wholly in the past stays with the line it happened to.
        next.start = day;
        next.trial_to = next.trial_to.filter(|to| *to > day);
        next.pause = next.pause.filter(|(_, to)| *to > day);
        next.past_due = next.past_due.filter(|(_, to)| to.is_none_or(|to| to > day));
        next.discount = next.discount.filter(|discount| discount.to.is_none_or(|to| to > day));
        last.past_due = last.past_due.filter(|(from, _)| *from < day);
        last.pause = last.pause.filter(|(from, _)| *from < day);
        change(&mut next);
        self.lines.push(next);
    }

    /// Ends it.
    pub fn close(&mut self, day: Day, ending: Ending) {
        if let Some(last) = self.lines.last_mut()
            && last.end.is_none()
        {
            last.end = Some(day.max(last.start + 1));
            last.ending = Some(ending);
        }
    }
}

/// A term due for renewal.
#[derive(Debug, Clone)]
pub(crate) struct Contract {
    /// The account that signed.
    pub account: usize,
    /// Number, unique in the company.
    pub number: usize,
    /// The product it is for.
    pub product: Product,
    /// Length in months.
    pub months: i32,
    /// Cents a year, in the account's currency.
    pub yearly_cents: i64,
    /// First day.
    pub start: Day,
    /// Original end.
    pub ends: Day,
    /// Ended before that.
    pub terminated: Option<Day>,
    /// Signed on.
    pub signed: Day,
    /// Number of the term it renews.
    pub renewal_of: Option<usize>,
    /// Why it was not renewed.
    pub end_reason: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            plan: Plan::Growth,
            quantity: 10,
            monthly_cents: 1_300,
            billing: Billing::Month,
            discount: None,
            trial_to: None,
            pause: None,
            past_due: None,
            start: 0,
            end: None,
            ending: None,
        }
    }

    #[test]
    fn money_of_a_day() {
        let mut one = line();
        assert_eq!(one.mrr(-1), 0);
        assert_eq!(one.mrr(0), 130_000_000);
        one.discount = Some(Discount { off: Off::Percent(25), from: 0, to: Some(10) });
        assert_eq!((one.mrr(9), one.mrr(10)), (97_500_000, 130_000_000));
        one.pause = Some((20, 30));
        assert_eq!((one.mrr(20), one.is_paid(20)), (0, true));
        one.trial_to = Some(5);
        assert!(!one.is_paid(4));
    }

    #[test]
    fn intervals_agree_on_the_month() {
        // 52 weeks are 12 months.
        assert_eq!(Billing::Week.unit_cents(1_300) * 52, 1_300 * 12);
        assert_eq!(Billing::Week.whole_cents(1_000.0) % 13, 0);
        assert_eq!(Billing::Quarter.unit_cents(1_300), 3_900);
    }

    #[test]
    fn a_change_leaves_no_gap() {
        let mut subscription =
            Subscription { account: 0, number: 0, product: Product::Reports, metered: false, lines: vec![line()] };
        subscription.change(40, |line| line.quantity = 12);
        assert_eq!(subscription.lines.len(), 2);
        assert_eq!((subscription.seats(39), subscription.seats(40)), (10, 12));
        subscription.change(40, |line| line.quantity = 13);
        assert_eq!(subscription.lines.len(), 2);
    }
}

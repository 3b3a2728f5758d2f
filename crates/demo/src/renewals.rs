//! Renewals: on time, early, late, late after a gap, pending, and not at all.

use crate::accounts::Term;
use crate::calendar::Day;
use crate::contracts::{Exit, Walk};
use crate::mood::Temper;

/// A successor this many days late still renews.
const GRACE: Day = 30;

impl Walk<'_> {
    /// Decides the terms that come up in a month; gives the exit of an account that will not renew.
    pub(super) fn renewals(&mut self, month: usize) -> Option<Exit> {
        let (first, next) = (self.calendar.first(month), self.calendar.first(month + 1));
        self.add_ons(first, next);
        let ends = self.main_end(0)?;
        let decided = (ends - self.lead).max(self.cursor.min(ends));
        if self.settled || !(first..next).contains(&decided) {
            return None;
        }
        self.settled = true;
        if self.stays_pending(ends) {
            // Finance sees a loss, customer success a signature that is still to come.
            let cut_off = self.dice.chance(0.4);
            return cut_off.then_some(Exit {
                day: ends,
                requested: None,
                reason: "",
                voluntary: true,
                cause: "pending",
            });
        }
        let weight = if self.term == Term::ThreeYears { 13.0 } else { 8.0 };
        let stays = match self.account.temper {
            Temper::SilentGreen => 0.5,
            _ => (-self.inclination(month) * weight).exp(),
        };
        if !self.dice.chance(stays) {
            let notice = self.dice.between(20, 80) as Day;
            return Some(self.exit(ends, month, notice));
        }
        let style = self.dice.unit();
        let start = match () {
            () if self.lead > 0 => decided.max(self.cursor + 1).min(ends),
            () if style < 0.10 => ends + self.dice.between(3, 27) as Day,
            () if style < 0.13 => {
                self.late_return =
                    Some(ends + self.dice.between(4, 27) as Day).filter(|day| *day < self.calendar.end());
                let cause = if self.late_return.is_some() { "late_renewal" } else { "pending" };
                return Some(Exit { day: ends, requested: None, reason: "", voluntary: true, cause });
            }
            () => ends,
        };
        if start < self.calendar.end() {
            self.renew(start, month);
        }
        None
    }

    fn stays_pending(&mut self, ends: Day) -> bool {
        let open = (self.calendar.end() - GRACE + 1..self.calendar.end()).contains(&ends);
        open && self.dice.chance(0.6)
    }

    /// Renews the main term and all that ends with it, with the price and the seats of the new term.
    fn renew(&mut self, start: Day, month: usize) {
        let mood = self.account.mood.lately(month);
        let raise = match () {
            () if !self.risen && start >= self.story.price_rise => {
                self.risen = true;
                self.story.price_rise_factor
            }
            () if self.dice.chance(0.4) => 1.03,
            () => 1.0,
        };
        let longer = self.term == Term::Annual && mood > 0.6 && self.dice.chance(0.08);
        let (from, to) = (self.term.price_factor(), Term::ThreeYears.price_factor());
        let factor = raise * if longer { to / from } else { 1.0 };
        if longer {
            self.term = Term::ThreeYears;
        }
        let seats = match self.dice.unit() {
            roll if roll < (0.20 + 0.15 * mood).clamp(0.04, 0.7) => 1.0 + 0.06 + 0.24 * self.dice.unit(),
            roll if roll > 1.0 - (0.15 - 0.08 * mood).clamp(0.04, 0.5) => 1.0 - 0.05 - 0.2 * self.dice.unit(),
            _ => 1.0,
        };
        self.cursor = start;
        for nth in 0..self.open.len() {
            if nth > 0 && !self.open[nth].co_termed {
                continue;
            }
            let (subscription, old) = (self.open[nth].subscription, self.open[nth].contract);
            let one = &mut self.life.subscriptions[subscription];
            let by_seat = one.product.by_seat();
            one.change(start, |line| {
                line.monthly_cents = line.billing.whole_cents(line.monthly_cents as f64 * factor);
                if by_seat {
                    line.quantity = ((line.quantity as f64 * seats).round() as i64).max(1);
                }
            });
            if let Some(old) = old
                && self.life.contracts[old].ends > start
            {
                self.life.contracts[old].terminated = Some(start.max(self.life.contracts[old].start + 1));
            }
            let ends = if nth > 0 { self.main_end(0) } else { None };
            let new = self.sign(subscription, start, ends, old);
            self.open[nth].contract = Some(new);
        }
    }

    /// Products under a term of their own: mostly renewed, sometimes dropped.
    fn add_ons(&mut self, first: Day, next: Day) {
        let mut nth = 1;
        while nth < self.open.len() {
            let due = self.main_end(nth).filter(|ends| !self.open[nth].co_termed && (first..next).contains(ends));
            let Some(ends) = due else {
                nth += 1;
                continue;
            };
            if self.dice.chance(0.12) {
                self.drop_product(nth, ends);
                continue;
            }
            let (subscription, old) = (self.open[nth].subscription, self.open[nth].contract);
            let cursor = std::mem::replace(&mut self.cursor, ends - 1);
            let new = self.sign(subscription, ends, Some(self.calendar.plus_months(ends, 12)), old);
            self.cursor = cursor;
            self.open[nth].contract = Some(new);
            nth += 1;
        }
    }
}

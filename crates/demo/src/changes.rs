//! What happens between signature and end: seats, tiers, products, discounts, pauses, failed payments, a price rise.

use crate::accounts::Term;
use crate::book::{Billing, Discount, Ending, Line, Off};
use crate::calendar::Day;
use crate::contracts::{Exit, Open, Walk};
use crate::offer::Product;

impl Walk<'_> {
    /// Lets a month pass: a price rise, a bill that fails, and at most one change of mind.
    pub(super) fn changes(&mut self, month: usize) {
        let (first, next) = (self.calendar.first(month), self.calendar.first(month + 1));
        let monthly = self.term == Term::Monthly;
        if monthly && !self.risen && (first..next).contains(&self.story.price_rise) {
            self.raise_prices(self.story.price_rise.max(self.cursor + 1));
        }
        if monthly && self.dice.chance(0.013) {
            self.fail_payment(first, next);
        }
        if self.leaving.is_some() {
            return;
        }
        let mood = self.account.mood.lately(month);
        let (up, down) = ((0.45 * mood).exp(), (-0.6 * mood).exp());
        let often = if monthly { 1.0 } else { 0.85 };
        let rates = [
            0.026 * up * often,                       // more seats
            if monthly { 0.016 * down } else { 0.0 }, // fewer
            0.0045 * up,                              // a higher tier
            0.0034 * down,                            // a lower one
            0.0150 * up,                              // another product
            0.006 * down,                             // one less
            if monthly { 0.003 * down } else { 0.0 }, // a pause
            if monthly { 0.009 * up } else { 0.0 },   // a year at a time
            0.0024 * down,                            // a discount to keep them
            0.004,                                    // a trial of the assistant that comes to nothing
        ];
        let happens: f64 = rates.iter().sum();
        if !self.dice.chance(happens) {
            return;
        }
        let what = self.dice.weighted(&rates);
        let Some(day) = self.day_in(first, next) else { return };
        self.cursor = day;
        let size = self.dice.unit();
        match what {
            0 => self.change_seats(day, 1.06 + 0.20 * size),
            1 => self.change_seats(day, 0.94 - 0.25 * size),
            2 => self.change_tier(day, true),
            3 => self.change_tier(day, false),
            4 => self.add_product(day),
            5 if self.open.len() > 1 => self.drop_product(1, day),
            6 => self.pause(day),
            7 => self.commit(day),
            8 => self.soften(day),
            9 => self.trial(day),
            _ => {}
        }
    }

    fn raise_prices(&mut self, day: Day) {
        let factor = self.story.price_rise_factor;
        self.risen = true;
        self.cursor = self.cursor.max(day);
        self.each(day, |line| line.monthly_cents = line.billing.whole_cents(line.monthly_cents as f64 * factor));
    }

    fn change_seats(&mut self, day: Day, factor: f64) {
        self.each(day, |line| {
            // A flat product stays one.
            if line.quantity > 1 {
                let step = ((line.quantity as f64 * (factor - 1.0)).abs().round() as i64).max(1);
                line.quantity = if factor > 1.0 { line.quantity + step } else { (line.quantity - step).max(2) };
            }
        });
    }

    fn change_tier(&mut self, day: Day, up: bool) {
        let Some(plan) = self.plan.step(up) else { return };
        let (from, factor) = (self.plan, self.account.currency.price_factor() * self.term.price_factor());
        self.plan = plan;
        self.life.plans.push((day, plan));
        for open in &self.open {
            let one = &mut self.life.subscriptions[open.subscription];
            let (old, new) =
                (one.product.list_cents(from) as f64 * factor, one.product.list_cents(plan) as f64 * factor);
            one.change(day, |line| {
                line.plan = plan;
                line.monthly_cents = line.billing.whole_cents(line.monthly_cents as f64 * new / old);
            });
        }
    }

    fn add_product(&mut self, day: Day) {
        let free = self.not_held();
        if free.is_empty() {
            return;
        }
        let product = self.dice.pick(&free);
        let main = &self.life.subscriptions[self.open[0].subscription];
        let seats = main.lines.last().map_or(2, |line| line.quantity) as f64 * (0.35 + 0.5 * self.dice.unit());
        // Ending with the main term, if that is worth a signature.
        let room = self.main_end(0).is_some_and(|ends| ends > day + 60);
        let co_term = (room && self.dice.chance(0.55)).then_some(0);
        self.buy(day, product, (seats.ceil() as i64).max(2), co_term, None);
    }

    /// Drops the `nth` product.
    pub(super) fn drop_product(&mut self, nth: usize, day: Day) {
        let open = self.open.remove(nth);
        let ending = Ending { requested: Some(day - 10), reason: "not used", voluntary: true };
        self.life.subscriptions[open.subscription].close(day, ending);
        self.month_to_month(&open, day);
        if let Some(contract) = open.contract {
            self.end_contract(contract, day, "not used");
        }
    }

    fn pause(&mut self, day: Day) {
        let to = day + self.dice.between(30, 90) as Day;
        self.each(day, |line| line.pause = Some((day, to)));
        self.cursor = to;
    }

    fn commit(&mut self, day: Day) {
        self.term = Term::Annual;
        let factor = self.term.price_factor();
        self.each(day, |line| {
            line.billing = Billing::Year;
            line.monthly_cents = line.billing.whole_cents(line.monthly_cents as f64 * factor);
            line.discount = line.discount.filter(|discount| matches!(discount.off, Off::Percent(_)));
        });
        for nth in 0..self.open.len() {
            let open = std::mem::replace(
                &mut self.open[nth],
                Open { subscription: 0, contract: None, co_termed: false, monthly_since: None },
            );
            self.month_to_month(&open, day);
            self.open[nth].subscription = open.subscription;
            let ends = if nth > 0 { self.main_end(0) } else { None };
            let contract = self.sign(open.subscription, day, ends, None);
            self.open[nth].contract = Some(contract);
            self.open[nth].co_termed = nth > 0;
        }
    }

    fn soften(&mut self, day: Day) {
        let discount = Discount { off: Off::Percent(15), from: day, to: Some(self.calendar.plus_months(day, 6)) };
        self.each(day, |line| line.discount = Some(discount));
    }

    fn trial(&mut self, day: Day) {
        if !self.not_held().contains(&Product::Assist) {
            return;
        }
        let (term, to) = (self.term, day + 30);
        self.term = Term::Monthly;
        self.buy(day, Product::Assist, 3, None, None);
        self.term = term;
        let Some(mut open) = self.open.pop() else { return };
        open.monthly_since = None;
        let one = &mut self.life.subscriptions[open.subscription];
        if let Some(line) = one.lines.last_mut() {
            line.trial_to = Some(to);
            line.discount = None;
        }
        one.close(to, Ending { requested: None, reason: "trial not converted", voluntary: true });
    }

    /// A bill bounces: paid within weeks, or the end.
    fn fail_payment(&mut self, first: Day, next: Day) {
        let Some(day) = self.day_in(first, next) else { return };
        let saved = self.dice.chance(0.80);
        let paid = saved.then(|| day + self.dice.between(4, 24) as Day);
        let gone = day + 30;
        self.each(day, |line| line.past_due = Some((day, paid)));
        self.cursor = paid.unwrap_or(gone);
        if !saved {
            let exit = Exit {
                day: gone,
                requested: None,
                reason: "payment failed",
                voluntary: false,
                cause: "payment_failed",
            };
            self.leaving = Some(exit);
        }
    }

    fn each(&mut self, day: Day, change: impl Fn(&mut Line)) {
        for open in &self.open {
            self.life.subscriptions[open.subscription].change(day, &change);
        }
    }
}

//! The commercial life of one account: what it buys, changes, renews and leaves, month by month, as its mood has it.

use crate::accounts::{Account, Term};
use crate::book::{Billing, Contract, Discount, Ending, Line, Off, Subscription};
use crate::calendar::{Calendar, Day};
use crate::dice::Dice;
use crate::mood::Temper;
use crate::offer::{PRODUCTS, Plan, Product};
use crate::story::Story;

/// An account leaving, and what truly made it leave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exit {
    /// First day without service.
    pub day: Day,
    /// When it asked, if it did.
    pub requested: Option<Day>,
    /// The reason written down.
    pub reason: &'static str,
    /// Whether it wanted to.
    pub voluntary: bool,
    /// The true cause.
    pub cause: &'static str,
}

/// All an account ever bought.
#[derive(Debug, Clone, Default)]
pub(crate) struct Life {
    /// Subscriptions, oldest first.
    pub subscriptions: Vec<Subscription>,
    /// Terms.
    pub contracts: Vec<Contract>,
    /// Times it left within the simulation.
    pub exits: Vec<Exit>,
    /// Plans it moved to.
    pub plans: Vec<(Day, Plan)>,
}

impl Life {
    /// Monthly recurring revenue of a day, whoever is billed.
    pub fn mrr(&self, day: Day) -> i64 {
        self.subscriptions.iter().map(|one| one.mrr(day)).sum()
    }

    /// In service on a day, trials included.
    pub fn runs(&self, day: Day) -> bool {
        self.subscriptions.iter().any(|one| one.lines.iter().any(|line| line.runs(day) && !line.is_paused(day)))
    }

    /// Paid seats on a day: the most of any product, for people use several.
    pub fn seats(&self, day: Day) -> i64 {
        self.subscriptions.iter().map(|one| one.seats(day)).max().unwrap_or_default()
    }

    /// Moves what runs on a day to another account's bill, under new numbers to be given later.
    pub fn rebill(&mut self, day: Day, account: usize) {
        let mut moved = Vec::new();
        for one in &mut self.subscriptions {
            if one.lines.iter().any(|line| line.start < day && line.runs(day)) {
                one.change(day, |_| {});
            }
            let at = one.lines.partition_point(|line| line.start < day);
            if at == 0 || at == one.lines.len() {
                if at == 0 {
                    one.account = account;
                }
                continue;
            }
            let lines = one.lines.split_off(at);
            moved.push(Subscription { account, lines, ..one.clone() });
        }
        self.subscriptions.extend(moved);
    }
}

/// A subscription in force, as the walk sees it.
pub(super) struct Open {
    pub(super) subscription: usize,
    pub(super) contract: Option<usize>,
    /// Ends with the main term.
    pub(super) co_termed: bool,
    /// Month to month since.
    pub(super) monthly_since: Option<Day>,
}

/// The walk through a life.
pub(super) struct Walk<'a> {
    pub(super) dice: Dice,
    pub(super) index: usize,
    pub(super) account: &'a Account,
    pub(super) calendar: &'a Calendar,
    pub(super) story: &'a Story,
    pub(super) life: Life,
    pub(super) open: Vec<Open>,
    pub(super) plan: Plan,
    pub(super) term: Term,
    /// Nothing may happen on or before this day any more.
    pub(super) cursor: Day,
    /// The price rise has reached it.
    pub(super) risen: bool,
    /// Days before the end of the main term at which it is decided.
    pub(super) lead: Day,
    /// It will leave, or be cut off.
    pub(super) leaving: Option<Exit>,
    /// The main term waits for an answer, or has had it.
    pub(super) settled: bool,
    /// Where a late signature follows a gap in service: the new term's start.
    pub(super) late_return: Option<Day>,
}

/// Lives the life of account number `index`.
pub(crate) fn live(seed: u64, index: usize, account: &Account, calendar: &Calendar, story: &Story) -> Life {
    let walk = Walk {
        dice: Dice::new(seed, "contracts", index as u64),
        index,
        account,
        calendar,
        story,
        life: Life::default(),
        open: Vec::new(),
        plan: account.plan,
        term: account.term,
        cursor: account.start,
        risen: false,
        lead: 0,
        leaving: None,
        settled: false,
        late_return: None,
    };
    walk.live()
}

impl Walk<'_> {
    fn live(mut self) -> Life {
        let mut begin = self.account.start;
        let mut seats = self.account.seats;
        while begin < self.calendar.end() {
            self.begin(begin, seats);
            let Some(exit) = self.until_exit(begin) else { break };
            seats = self.leave(exit).max(2);
            let late = self.late_return.take();
            let returns = late.is_some() || (exit.cause != "pending" && self.dice.chance(0.13));
            if !returns {
                return self.life;
            }
            begin = late.unwrap_or_else(|| exit.day + self.dice.between(35, 300) as Day);
            if late.is_none() {
                seats = (seats as f64 * 0.75).ceil() as i64;
                if self.term == Term::ThreeYears {
                    self.term = Term::Annual;
                }
            }
        }
        for open in std::mem::take(&mut self.open) {
            self.month_to_month(&open, self.calendar.end());
        }
        self.life
    }

    fn begin(&mut self, day: Day, seats: i64) {
        self.cursor = day;
        self.risen |= day >= self.story.price_rise;
        self.leaving = None;
        let renewal_of = self.life.contracts.iter().rposition(|contract| contract.product == self.account.main);
        let back_late = self.life.exits.last().is_some_and(|exit| exit.cause == "late_renewal");
        self.buy(day, self.account.main, seats, None, renewal_of.filter(|_| back_late));
        if self.dice.chance(0.33) {
            let second = if self.account.main == Product::Reports { Product::Flow } else { Product::Reports };
            self.buy(day, second, (seats as f64 * 0.6).ceil() as i64, Some(0), None);
        }
    }

    /// Adds a product, under a term of its own or ending with that of `co_term`.
    pub(super) fn buy(
        &mut self,
        day: Day,
        product: Product,
        seats: i64,
        co_term: Option<usize>,
        renewal_of: Option<usize>,
    ) {
        let first_ever = self.life.subscriptions.is_empty();
        let billing = match self.term {
            Term::Monthly if product == Product::Assist && self.dice.chance(0.15) => Billing::Week,
            Term::Monthly if self.dice.chance(0.08) => Billing::Quarter,
            Term::Monthly => Billing::Month,
            _ => Billing::Year,
        };
        let level = if self.risen { self.story.price_rise_factor } else { 1.0 };
        let haggled = 1.0 - 0.08 * self.dice.unit();
        let list = product.list_cents(self.plan) as f64 * self.account.currency.price_factor();
        let discount = self.first_discount(day, billing, first_ever);
        let line = Line {
            plan: self.plan,
            quantity: if product.by_seat() { seats } else { 1 },
            monthly_cents: billing.whole_cents(list * self.term.price_factor() * level * haggled),
            billing,
            discount,
            trial_to: (first_ever && self.term == Term::Monthly && self.dice.chance(0.18))
                .then(|| day + self.dice.pick(&[14, 30])),
            pause: None,
            past_due: None,
            start: day,
            end: None,
            ending: None,
        };
        let subscription = self.life.subscriptions.len();
        self.life.subscriptions.push(Subscription {
            account: self.index,
            number: subscription,
            product,
            metered: false,
            lines: vec![line],
        });
        let mut open = Open { subscription, contract: None, co_termed: false, monthly_since: None };
        if self.term == Term::Monthly {
            open.monthly_since = Some(day);
        } else {
            let ends = co_term.and_then(|of| self.main_end(of));
            open.co_termed = ends.is_some();
            open.contract = Some(self.sign(subscription, day, ends, renewal_of));
        }
        self.open.push(open);
    }

    fn first_discount(&mut self, day: Day, billing: Billing, first_ever: bool) -> Option<Discount> {
        if !first_ever || !self.dice.chance(0.2) {
            return None;
        }
        let (off, months) = match self.dice.weighted(&[0.35, 0.25, 0.15, 0.08, 0.17]) {
            0 => (Off::Percent(10), 12),
            1 => (Off::Percent(20), 6),
            2 => (Off::Percent(50), 3),
            3 => (Off::Percent(100), 3),
            _ if billing == Billing::Month => (Off::Cents(1_500), 6),
            _ => (Off::Percent(15), 12),
        };
        Some(Discount { off, from: day, to: Some(self.calendar.plus_months(day, months)) })
    }

    /// Signs a term for a subscription; without an end, of the account's usual length.
    pub(super) fn sign(
        &mut self,
        subscription: usize,
        start: Day,
        ends: Option<Day>,
        renewal_of: Option<usize>,
    ) -> usize {
        let number = self.life.contracts.len();
        let one = &self.life.subscriptions[subscription];
        let yearly_cents = one.lines.last().map(|line| line.quantity * line.monthly_cents * 12).unwrap_or_default();
        let ends = ends.unwrap_or_else(|| self.calendar.plus_months(start, self.term.months()));
        let months = (f64::from(ends - start) / 30.4375).round().max(2.0) as i32;
        let signed = match renewal_of {
            Some(_) if start == self.cursor => start,
            Some(_) => start - self.dice.between(3, 50) as Day,
            None => (start - self.dice.between(0, 6) as Day).min(self.account.onboarding.signed.max(start - 6)),
        };
        let product = one.product;
        if self.open.first().is_none_or(|main| main.subscription == subscription) {
            self.lead = if self.dice.chance(0.14) { self.dice.between(15, 75) as Day } else { 0 };
            self.settled = false;
        }
        self.life.contracts.push(Contract {
            account: self.index,
            number,
            product,
            months,
            yearly_cents,
            start,
            ends,
            terminated: None,
            signed,
            renewal_of,
            end_reason: None,
        });
        number
    }

    pub(super) fn main_end(&self, of: usize) -> Option<Day> {
        self.open.get(of).and_then(|open| open.contract).map(|contract| self.life.contracts[contract].ends)
    }

    fn until_exit(&mut self, begin: Day) -> Option<Exit> {
        for month in self.calendar.month(begin)..self.calendar.months() {
            let next = self.calendar.first(month + 1);
            let exit = self.leaving.filter(|exit| exit.day < next);
            if exit.is_some() {
                return exit;
            }
            if self.leaving.is_none() {
                self.leaving = self.renewals(month).or_else(|| self.hazard(month, begin));
                if let Some(exit) = self.leaving
                    && exit.day < next
                {
                    return Some(exit);
                }
            }
            if self.leaving.is_none() {
                self.changes(month);
            }
        }
        // Given notice, but still in service.
        self.leaving.filter(|exit| exit.requested.is_some_and(|day| day < self.calendar.end()))
    }

    /// How likely it is to leave in a month, were it free to.
    pub(super) fn inclination(&self, month: usize) -> f64 {
        let base = [0.025, 0.0115, 0.0046][self.plan as usize];
        let mood = (-0.85 * self.account.mood.lately(month)).exp() * self.story.leaving(month);
        match self.account.temper {
            Temper::Plain => base * mood,
            Temper::SilentGreen => 0.042,
            Temper::LoudSurvivor => base * mood * 0.07,
        }
    }

    fn hazard(&mut self, month: usize, begin: Day) -> Option<Exit> {
        let (first, next) = (self.calendar.first(month), self.calendar.first(month + 1));
        if let Some(day) = self.account.onboarding.lost
            && self.life.exits.is_empty()
            && (first..next).contains(&day)
        {
            let reason = self.dice.pick(&["never got going", "too complex", "low usage"]);
            return Some(Exit {
                day: day.max(self.cursor + 1),
                requested: Some(day - 7),
                reason,
                voluntary: true,
                cause: "never_reached_value",
            });
        }
        let young = first < begin + 75;
        let p = match self.term {
            Term::Monthly if young => self.inclination(month) * 0.4,
            Term::Monthly => self.inclination(month),
            _ if young => 0.0,
            _ => self.inclination(month) * 0.07,
        };
        if !self.dice.chance(p) {
            return None;
        }
        let day = self.day_in(first, next)?;
        let notice = self.dice.between(0, 25) as Day;
        Some(self.exit(day, month, notice.min(day - begin)))
    }

    /// An exit for the reasons of the month.
    pub(super) fn exit(&mut self, day: Day, month: usize, notice: Day) -> Exit {
        let mood = self.account.mood.lately(month);
        let asked = Some(day - notice);
        if self.dice.chance(0.03) {
            return Exit { day, requested: None, reason: "out of business", voluntary: false, cause: "insolvency" };
        }
        let (reasons, cause): (&[&str], _) = match self.account.temper {
            Temper::SilentGreen => (&["acquired", "budget cut", "champion left", "strategy change"], "silent"),
            _ if self.story.is_bad(month) => (&["price", "price", "reliability", "support"], "bad_quarter"),
            _ if mood < -0.25 => {
                (&["missing features", "support", "low usage", "competitor", "too complex"], "unhappy")
            }
            _ => (&["price", "competitor", "low usage", "other"], "drifted"),
        };
        Exit { day, requested: asked, reason: self.dice.pick(reasons), voluntary: true, cause }
    }

    /// A day of a month after all that has happened, if one is left.
    pub(super) fn day_in(&mut self, first: Day, next: Day) -> Option<Day> {
        let low = first.max(self.cursor + 1);
        (low < next).then(|| self.dice.between(i64::from(low), i64::from(next - 1)) as Day)
    }

    /// Closes everything; gives the seats it had.
    fn leave(&mut self, exit: Exit) -> i64 {
        let seats = self.life.subscriptions[self.open[0].subscription].lines.last().map_or(1, |line| line.quantity);
        for open in std::mem::take(&mut self.open) {
            let ending = Ending { requested: exit.requested, reason: exit.reason, voluntary: exit.voluntary };
            self.life.subscriptions[open.subscription].close(exit.day, ending);
            self.month_to_month(&open, exit.day);
            if let Some(contract) = open.contract {
                self.end_contract(contract, exit.day, exit.reason);
            }
        }
        if exit.day < self.calendar.end() {
            self.life.exits.push(exit);
        }
        seats
    }

    pub(super) fn end_contract(&mut self, contract: usize, day: Day, reason: &'static str) {
        let contract = &mut self.life.contracts[contract];
        if !reason.is_empty() && (day <= self.calendar.end() || contract.ends > day) {
            contract.end_reason = Some(reason);
        }
        if contract.ends > day {
            contract.terminated = Some(day.max(contract.start + 1));
        }
    }

    /// Writes the one-month terms of a month-to-month subscription up to a day.
    pub(super) fn month_to_month(&mut self, open: &Open, to: Day) {
        let Some(since) = open.monthly_since else { return };
        let mut before = None;
        for month in 0.. {
            let start = self.calendar.plus_months(since, month);
            if start >= to.min(self.calendar.end()) {
                return;
            }
            let ends = self.calendar.plus_months(since, month + 1);
            let one = &self.life.subscriptions[open.subscription];
            let yearly_cents = one
                .lines
                .iter()
                .find(|line| line.runs(start))
                .map_or(0, |line| line.quantity * line.monthly_cents * 12);
            let number = self.life.contracts.len();
            self.life.contracts.push(Contract {
                account: self.index,
                number,
                product: one.product,
                months: 1,
                yearly_cents,
                start,
                ends,
                terminated: (to < ends && to < self.calendar.end()).then_some(to),
                signed: since,
                renewal_of: before,
                end_reason: None,
            });
            before = Some(number);
        }
    }

    /// Products it does not hold.
    pub(super) fn not_held(&self) -> Vec<Product> {
        let held = |product: &Product| {
            self.open.iter().any(|open| self.life.subscriptions[open.subscription].product == *product)
        };
        PRODUCTS.into_iter().filter(|product| !held(product)).collect()
    }
}

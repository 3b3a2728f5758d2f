//! Invoices: what was asked for, what was paid, and what was sold once.

use crate::book::{Billing, Discount, Line, Off, Subscription};
use crate::calendar::Day;
use crate::company::Company;
use crate::dice::Dice;

/// A line of an invoice.
#[derive(Debug, Clone)]
pub(crate) struct InvoiceLine {
    /// The invoice's number.
    pub invoice: usize,
    /// The line within it.
    pub line: usize,
    /// Who pays.
    pub account: usize,
    /// Subscription billed.
    pub subscription: Option<usize>,
    /// What for.
    pub product: &'static str,
    /// As the lake has it.
    pub kind: &'static str,
    /// Cents, in the account's currency.
    pub cents: i64,
    /// Dated.
    pub issued: Day,
    /// Paid.
    pub paid: Option<Day>,
    /// As the lake has it.
    pub status: &'static str,
}

/// Bills everybody for everything, up to the end.
pub(crate) fn bill(company: &Company) -> Vec<InvoiceLine> {
    let mut lines = Vec::new();
    let mut dice = Dice::new(company.seed, "invoices", 0);
    let mut number = 0;
    for (index, life) in company.lives.iter().enumerate() {
        for subscription in &life.subscriptions {
            bill_subscription(company, subscription, &mut dice, &mut number, &mut lines);
        }
        sell_once(company, index, &mut dice, &mut number, &mut lines);
    }
    lines
}

fn bill_subscription(
    company: &Company,
    subscription: &Subscription,
    dice: &mut Dice,
    number: &mut usize,
    lines: &mut Vec<InvoiceLine>,
) {
    let Some(first) = subscription.start() else { return };
    let calendar = &company.calendar;
    let mut step = 0;
    loop {
        let issued = calendar.plus_months(first, step);
        if issued >= calendar.end() {
            return;
        }
        let Some(line) = subscription.lines.iter().find(|line| line.runs(issued)) else { return };
        step += if subscription.metered { 1 } else { line.billing.months() };
        let cents = if subscription.metered { 40 * dice.between(3, 90) } else { due(line, issued) };
        if cents == 0 {
            continue;
        }
        *number += 1;
        let failed = line.past_due.filter(|(from, _)| (issued..issued + 31).contains(from));
        let (paid, status) = match failed {
            Some((_, Some(paid))) => (Some(paid), "paid"),
            Some((_, None)) => (None, "uncollectible"),
            None => {
                let paid = issued
                    + if line.billing == Billing::Year { dice.between(9, 40) } else { dice.between(0, 3) } as Day;
                if paid < calendar.end() { (Some(paid), "paid") } else { (None, "open") }
            }
        };
        let mut push = |line, kind, cents| {
            lines.push(InvoiceLine {
                invoice: *number,
                line,
                account: subscription.account,
                subscription: Some(subscription.number),
                product: subscription.product.name(),
                kind,
                cents,
                issued,
                paid,
                status,
            });
        };
        push(1, if subscription.metered { "metered" } else { "recurring" }, cents);
        if dice.chance(0.06) {
            push(2, "tax", cents / 5);
        }
        if status == "paid" && dice.chance(0.004) {
            push(3, "refund", -(cents / 4).max(1));
        }
    }
}

/// What one bill of a line asks for.
fn due(line: &Line, day: Day) -> i64 {
    if !line.is_paid(day) || line.is_paused(day) {
        return 0;
    }
    // Weekly lines are billed once a month here: four weeks of them.
    let weeks = if line.billing == Billing::Week { 4 } else { 1 };
    let gross = line.quantity * line.billing.unit_cents(line.monthly_cents) * weeks;
    match line.discount {
        Some(Discount { off, from, to }) if from <= day && to.is_none_or(|to| day < to) => match off {
            Off::Percent(percent) => gross * (100 - percent) / 100,
            Off::Cents(cents) => (gross - cents).max(0),
        },
        _ => gross,
    }
}

/// Training and set-up, sold once.
fn sell_once(company: &Company, index: usize, dice: &mut Dice, number: &mut usize, lines: &mut Vec<InvoiceLine>) {
    let account = &company.accounts[index];
    for (product, share, cents) in [("Onboarding package", 0.16, 150_000), ("Training day", 0.12, 95_000)] {
        if !dice.chance(share) {
            continue;
        }
        let after = if cents == 150_000 { dice.between(0, 10) } else { dice.between(60, 700) } as Day;
        let issued = account.start + after;
        if issued >= company.calendar.end() || !company.lives[index].runs(issued) {
            continue;
        }
        *number += 1;
        let paid = Some(issued + dice.between(5, 45) as Day).filter(|paid| *paid < company.calendar.end());
        lines.push(InvoiceLine {
            invoice: *number,
            line: 1,
            account: index,
            subscription: None,
            product,
            kind: "one_off",
            cents: (cents as f64 * account.currency.price_factor()) as i64,
            issued,
            paid,
            status: if paid.is_some() { "paid" } else { "open" },
        });
    }
}

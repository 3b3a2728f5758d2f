//! What an account buys: chains of subscription lines with switches, gaps and returns, add-ons beside them, terms, one-off sales.

use super::hundredths;
use super::moment::{Moment, Zoned, moment};
use super::table::Tables;
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub struct Money {
    chains: Vec<Chain>,
    terms: Vec<Term>,
    invoices: Vec<Invoice>,
}

/// One line after another; a second chain of the account is an add-on.
#[derive(Debug, Clone)]
struct Chain {
    start: Moment,
    currency: &'static str,
    product: &'static str,
    open_ended: bool,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone)]
struct Piece {
    /// Days since the one before ended: none is a switch, a few may be joined, many are a return.
    gap: u32,
    days: u32,
    cents: u32,
    quantity: &'static str,
    interval: (&'static str, &'static str),
    plan: &'static str,
    /// Now and then a piece is paid in another currency than its chain, or measured or sold once.
    other_currency: Option<&'static str>,
    kind: &'static str,
    tier: u8,
    trial_days: u32,
    discount: Option<Discount>,
    pause: Option<(u32, Option<u32>)>,
    past_due: Option<(u32, Option<u32>)>,
    end: End,
}

#[derive(Debug, Clone)]
struct Discount {
    percent: &'static str,
    cents: u32,
    from: Option<u32>,
    days: Option<u32>,
}

#[derive(Debug, Clone)]
struct End {
    reason: &'static str,
    voluntary: &'static str,
    asked_days_before: Option<u32>,
}

#[derive(Debug, Clone)]
struct Term {
    gap: u32,
    months: u32,
    value: u32,
    stopped_after: Option<u32>,
    signed_days_before: Option<u32>,
}

#[derive(Debug, Clone)]
struct Invoice {
    at: Moment,
    kind: &'static str,
    cents: u32,
    currency: &'static str,
    status: &'static str,
}

fn one_of(words: &[&'static str]) -> impl Strategy<Value = &'static str> + use<> {
    prop::sample::select(words.to_vec())
}

fn days() -> impl Strategy<Value = u32> {
    prop_oneof![Just(1_u32), Just(31), 2_u32..100, 100_u32..370]
}

fn discount() -> impl Strategy<Value = Discount> {
    let percent = one_of(&["", "10", "33.3", "100"]);
    (percent, prop_oneof![Just(0_u32), 1_u32..3000], prop::option::of(0_u32..40), prop::option::of(1_u32..200))
        .prop_map(|(percent, cents, from, days)| Discount { percent, cents, from, days })
}

fn piece() -> impl Strategy<Value = Piece> {
    let stretch = || (1_u32..60, prop::option::weighted(0.8, 1_u32..60));
    let price = (
        prop_oneof![1 => Just(0_u32), 9 => 100_u32..50_000],
        one_of(&["1", "3", "2.5", "0"]),
        prop_oneof![3 => Just(("month", "1")), 1 => Just(("year", "1")), 1 => Just(("quarter", "1")), 1 => Just(("week", "2")),
                    1 => Just(("day", "1"))],
        one_of(&["Basic", "Pro"]),
        prop::option::weighted(0.1, one_of(&["USD", "EUR", "GBP"])),
    );
    let kind = prop_oneof![12 => Just("recurring"), 1 => Just("metered"), 1 => Just("one_off")];
    let edges = (
        prop::option::weighted(0.3, discount()),
        prop::option::weighted(0.15, stretch()),
        prop::option::weighted(0.15, stretch()),
        prop_oneof![6 => Just(0_u32), 1 => Just(14)],
    );
    let end =
        (one_of(&["", "price", "closed"]), one_of(&["", "true", "false"]), prop::option::weighted(0.3, 0_u32..60));
    let gap = prop_oneof![4 => Just(0_u32), 2 => 1_u32..8, 1 => 15_u32..40, 1 => 80_u32..130];
    (gap, days(), price, kind, 1_u8..4, edges, end).prop_map(|(gap, days, price, kind, tier, edges, end)| {
        let (cents, quantity, interval, plan, other_currency) = price;
        let (discount, pause, past_due, trial_days) = edges;
        let (reason, voluntary, asked_days_before) = end;
        let end = End { reason, voluntary, asked_days_before };
        Piece {
            gap,
            days,
            cents,
            quantity,
            interval,
            plan,
            other_currency,
            kind,
            tier,
            trial_days,
            discount,
            pause,
            past_due,
            end,
        }
    })
}

fn chain() -> impl Strategy<Value = Chain> {
    let currency = prop_oneof![4 => Just("USD"), 2 => Just("EUR"), 1 => Just("GBP")];
    (moment(), currency, one_of(&["Core", "Extra", ""]), any::<bool>(), prop::collection::vec(piece(), 1..5)).prop_map(
        |(start, currency, product, open_ended, pieces)| Chain { start, currency, product, open_ended, pieces },
    )
}

fn term() -> impl Strategy<Value = Term> {
    let months = prop_oneof![Just(1_u32), Just(3), Just(6)];
    let gap = prop_oneof![3 => Just(0_u32), 1 => 1_u32..60];
    (gap, months, 1_u32..20_000, prop::option::weighted(0.2, 1_u32..80), prop::option::weighted(0.3, 0_u32..40))
        .prop_map(|(gap, months, value, stopped_after, signed_days_before)| Term {
            gap,
            months,
            value,
            stopped_after,
            signed_days_before,
        })
}

fn invoice() -> impl Strategy<Value = Invoice> {
    let kind = one_of(&["recurring", "one_off", "refund", "metered", "tax"]);
    (moment(), kind, 1_u32..90_000, one_of(&["USD", "EUR"]), one_of(&["paid", "open", "void", ""]))
        .prop_map(|(at, kind, cents, currency, status)| Invoice { at, kind, cents, currency, status })
}

/// All that an account buys.
pub fn money() -> impl Strategy<Value = Money> {
    let chains = prop::collection::vec(chain(), 0..3);
    (chains, prop::collection::vec(term(), 0..3), prop::collection::vec(invoice(), 0..3))
        .prop_map(|(chains, terms, invoices)| Money { chains, terms, invoices })
}

impl Money {
    pub fn write(&self, account: &str, zone: &Zoned, tables: &mut Tables) {
        for (number, chain) in self.chains.iter().enumerate() {
            chain.write(account, &format!("{account}-{number}"), zone, tables);
        }
        let first = self.chains.first().map_or(Moment::FIRST, |chain| chain.start);
        let mut at = first;
        for (number, term) in self.terms.iter().enumerate() {
            at = at.after(term.gap);
            let ends = at.after(term.months * 30);
            let stopped = term.stopped_after.filter(|days| *days < term.months * 30);
            tables.add(
                "contracts",
                &[
                    ("contract_id", &format!("{account}-t{number}")),
                    ("account_id", account),
                    ("term_months", &term.months.to_string()),
                    ("value", &term.value.to_string()),
                    ("currency", self.chains.first().map_or("", |chain| chain.currency)),
                    ("started_at", &zone.text(at)),
                    ("ends_at", &zone.text(ends)),
                    ("terminated_at", &stopped.map(|days| zone.text(at.after(days))).unwrap_or_default()),
                    ("signed_at", &term.signed_days_before.map(|days| zone.text(at.before(days))).unwrap_or_default()),
                ],
            );
            at = ends;
        }
        for (number, invoice) in self.invoices.iter().enumerate() {
            let sign = if invoice.kind == "refund" { "-" } else { "" };
            tables.add(
                "invoices",
                &[
                    ("invoice_id", &format!("{account}-i{number}")),
                    ("account_id", account),
                    ("kind", invoice.kind),
                    ("amount", &format!("{sign}{}", hundredths(invoice.cents))),
                    ("currency", invoice.currency),
                    ("status", invoice.status),
                    ("issued_at", &zone.text(invoice.at)),
                ],
            );
        }
    }
}

impl Chain {
    fn write(&self, account: &str, subscription: &str, zone: &Zoned, tables: &mut Tables) {
        let mut at = self.start;
        for (number, piece) in self.pieces.iter().enumerate() {
            let start = at.after(piece.gap);
            let end = start.after(piece.days);
            let open = self.open_ended && number + 1 == self.pieces.len();
            let text = |at: Option<Moment>| at.map(|at| zone.text(at)).unwrap_or_default();
            let from_to = |stretch: Option<(u32, Option<u32>)>| {
                let from = stretch.map(|(from, _)| start.after(from));
                let to = stretch.and_then(|(from, days)| days.map(|days| start.after(from + days)));
                (text(from), text(to))
            };
            let ((paused_from, paused_to), (due_from, due_to)) = (from_to(piece.pause), from_to(piece.past_due));
            let discount = piece.discount.as_ref();
            let off_from = discount.and_then(|discount| discount.from);
            let off_days = discount.and_then(|discount| discount.days);
            let off_to = off_days.map(|days| start.after(off_from.unwrap_or(0) + days));
            let amount = discount.map(|discount| hundredths(discount.cents)).unwrap_or_default();
            let trial = (piece.trial_days > 0).then(|| start.after(piece.trial_days));
            let asked = piece.end.asked_days_before.map(|days| end.before(days)).filter(|_| !open);
            let ended = if open { None } else { Some(end) };
            let why = |text: &'static str| if open { "" } else { text };
            tables.add(
                "subscriptions",
                &[
                    ("subscription_id", subscription),
                    ("line_id", &number.to_string()),
                    ("account_id", account),
                    ("product", self.product),
                    ("plan", piece.plan),
                    ("tier", &piece.tier.to_string()),
                    ("quantity", piece.quantity),
                    ("unit_price", &hundredths(piece.cents)),
                    ("currency", piece.other_currency.unwrap_or(self.currency)),
                    ("interval", piece.interval.0),
                    ("interval_count", piece.interval.1),
                    ("kind", piece.kind),
                    ("discount_percent", discount.map_or("", |discount| discount.percent)),
                    ("discount_amount", &amount),
                    ("discount_from", &text(off_from.map(|days| start.after(days)))),
                    ("discount_to", &text(off_to)),
                    ("trial_ends_at", &text(trial)),
                    ("paused_from", &paused_from),
                    ("paused_to", &paused_to),
                    ("past_due_from", &due_from),
                    ("past_due_to", &due_to),
                    ("started_at", &text(Some(start))),
                    ("ended_at", &text(ended)),
                    ("end_requested_at", &text(asked)),
                    ("end_reason", why(piece.end.reason)),
                    ("end_voluntary", why(piece.end.voluntary)),
                ],
            );
            at = end;
        }
    }
}

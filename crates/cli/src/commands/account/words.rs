//! Facts of an account in words.

use crate::people::{self, Detail};
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use tenure_account::Record;
use tenure_catalog::Unit;
use tenure_engine::Number;
use tenure_schema::period::Clock;

/// How facts are told: by which clock, in which currency where none stands beside.
pub(super) struct Words<'a> {
    pub clock: &'a Clock,
    pub currency: &'a str,
}

impl Words<'_> {
    /// A local day, such as 2026-06-30; a dash where it is not known.
    pub(super) fn day(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(|| "–".to_owned(), |at| self.clock.local(at).date().to_string())
    }

    /// An amount in the workspace's currency.
    pub(super) fn money(&self, amount: Option<Decimal>) -> String {
        amount.map_or_else(|| "unknown: no exchange rate".to_owned(), |amount| money(amount, self.currency))
    }

    /// A movement with its sign.
    pub(super) fn moved(&self, amount: Option<Decimal>) -> String {
        let sign = amount.filter(|amount| amount.is_sign_positive() && !amount.is_zero()).map_or("", |_| "+");
        format!("{sign}{}", self.money(amount))
    }

    /// A paid line: what it is, what it brings, since when.
    pub(super) fn line(&self, line: &Record) -> String {
        let what = named([line.text("product"), line.text("plan")], " ");
        let native = line.text("currency").filter(|currency| *currency != self.currency);
        let native = native.zip(line.number("native_mrr")).map(|(code, mrr)| format!(", billed {}", money(mrr, code)));
        let seats = line.number("seats").map(|seats| format!(", {}", of(seats, "seat", "seats")));
        let paused = if line.holds("paused") { ", paused" } else { "" };
        let (native, seats) = (native.unwrap_or_default(), seats.unwrap_or_default());
        format!(
            "{what}: {} a month{native}{seats}{paused}, since {}",
            self.money(line.number("mrr")),
            self.day(line.at("starts_at"))
        )
    }

    /// A term that runs, and when it is due.
    pub(super) fn term(&self, term: &Record) -> String {
        let value = term.number("value").zip(term.text("currency")).map(|(value, code)| money(value, code));
        let months = term.number("term_months").map(|months| of(months, "month", "months"));
        let what = named([term.text("product"), months.as_deref(), value.as_deref()], ", ");
        let left = term.number("days_left").map(|days| of(days, "day", "days")).unwrap_or_default();
        let alone = if term.holds("auto_renew") { ", renews by itself" } else { "" };
        format!("{}, in {left}: {what}{alone}", self.day(term.at("ends_at")))
    }

    /// An open ticket.
    pub(super) fn ticket(&self, ticket: &Record) -> String {
        let subject = ticket.text("subject").unwrap_or("no subject");
        let age = ticket.number("days_open").map(|days| of(days, "day", "days") + " old");
        let escalated = ticket.holds("escalated").then_some("escalated");
        let rest = named([ticket.text("priority"), age.as_deref(), escalated], ", ");
        format!("{} {subject} ({rest})", ticket.text("ticket_id").unwrap_or_default())
    }

    /// An answer with its words.
    pub(super) fn answer(&self, answer: &Record) -> String {
        let score = answer.number("score").map(plain).unwrap_or_default();
        let scale = answer.number("scale_max").map(|most| format!(" of {}", plain(most))).unwrap_or_default();
        let who = answer.text("contact").map(|who| format!(" by {who}")).unwrap_or_default();
        let said = answer
            .text("comment")
            .filter(|said| !said.is_empty())
            .map(|said| format!(": “{said}”"))
            .unwrap_or_default();
        format!("{score}{scale} on {}{who}{said}", self.day(answer.at("responded_at")))
    }

    /// A signing, and what followed.
    pub(super) fn journey(&self, journey: &Record) -> String {
        let signed = journey.at("signed_at");
        let step = |name: &str, column: &str| {
            let at = journey.at(column)?;
            let days = signed.map(|signed| (self.clock.local(at).date() - self.clock.local(signed).date()).get_days());
            Some(format!("{name} after {} days", days.unwrap_or_default()))
        };
        let steps = [("live", "live_at"), ("first value", "first_value_at"), ("value", "value_at")];
        let told: Vec<String> = steps.iter().filter_map(|(name, column)| step(name, column)).collect();
        let told = if told.is_empty() { "on the way".to_owned() } else { told.join(", ") };
        format!("signed {}: {told}", self.day(signed))
    }

    /// A referral, from the account's side.
    pub(super) fn referral(&self, referral: &Record) -> String {
        let other = named([referral.text("other"), referral.text("other_id")], " ");
        let paid = match referral.at("first_paid_at") {
            Some(at) => format!("first paid {}", self.day(Some(at))),
            None => "has not paid yet".to_owned(),
        };
        format!("{other} on {}; {paid}", self.day(referral.at("referred_at")))
    }

    /// A rating.
    pub(super) fn rating(&self, rating: &Record) -> String {
        let score = rating.number("rating").map(plain).unwrap_or_default();
        let by = rating.text("said_by").map(|by| format!(" by {by}")).unwrap_or_default();
        let reason = rating.text("reason").unwrap_or_default();
        let through = rating.at("expires_at").map(|end| end.checked_sub(SignedDuration::from_micros(1)).unwrap_or(end));
        let (said, through) = (self.day(rating.at("rated_at")), self.day(through));
        let counts = if rating.holds("counts") { "" } else { ", but what was said since counts" };
        format!("{score}{by} on {said}: {reason} (through {through}{counts})")
    }
}

/// An amount in a currency.
fn money(amount: Decimal, currency: &str) -> String {
    people::figure(Number::Exact(amount), Unit::Money, Some(currency), Detail::Full)
}

/// A number without places it does not need.
pub(super) fn plain(number: Decimal) -> String {
    number.round_dp(2).normalize().to_string()
}

/// How many of something.
pub(super) fn of(count: Decimal, one: &str, several: &str) -> String {
    format!("{} {}", plain(count), if count == Decimal::ONE { one } else { several })
}

/// What is known of some texts, put together.
pub(super) fn named<const N: usize>(texts: [Option<&str>; N], between: &str) -> String {
    texts.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
}

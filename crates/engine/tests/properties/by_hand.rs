//! MRR, customers and retention worked out again line by line, in minutes of simple arithmetic and without SQL: at the level of accounts and of
//! parents, of the whole and of each segment.

use crate::company::Company;
use crate::harness::{Case, none_wrong};
use crate::look::{Look, Segment, default_of, value, variant_of};
use crate::owners::{owners, parsed};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tenure_engine::MetricRef;
use tenure_schema::period::Period;

/// A row by its columns; a cell that is empty is none.
struct Row(BTreeMap<String, String>);

impl Row {
    fn text(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn at(&self, column: &str) -> Option<Timestamp> {
        self.text(column).map(|text| text.parse().unwrap())
    }

    fn number(&self, column: &str) -> Option<f64> {
        self.text(column).map(|text| text.parse().unwrap())
    }
}

/// A company as somebody with a pencil sees it.
struct Books<'a> {
    look: &'a Look,
    lines: Vec<Row>,
    versions: Vec<Row>,
    rates: Vec<Row>,
    owners: BTreeMap<String, String>,
}

impl Books<'_> {
    fn owner(&self, line: &Row) -> String {
        let account = line.text("account_id").unwrap();
        self.owners.get(account).map_or(account, String::as_str).to_owned()
    }

    /// Local midnight of the day of an instant: what changes during a day counts from its beginning.
    fn day_of(&self, at: Timestamp) -> Timestamp {
        let clock = self.look.engine.clock();
        clock.day_start(clock.local(at).date()).unwrap()
    }

    /// Paid lines in force, whole days at a time.
    fn in_force(&self, at: Timestamp) -> Vec<&Row> {
        let inside = |line: &&Row| {
            let started = line.at("started_at").unwrap();
            let paid_from = line.at("trial_ends_at").map_or(started, |trial| trial.max(started));
            let ended = line.at("ended_at");
            line.text("kind") == Some("recurring")
                && ended.is_none_or(|ended| ended > paid_from)
                && self.day_of(paid_from) <= at
                && ended.is_none_or(|ended| self.day_of(ended) > at)
        };
        self.lines.iter().filter(inside).collect()
    }

    /// What a line in force comes to a month at an instant, in its own currency.
    fn monthly(&self, line: &Row, at: Timestamp) -> f64 {
        let (every, count) = (line.text("interval").unwrap(), line.number("interval_count").unwrap());
        let a_month = match every {
            "day" => 365.0 / 12.0,
            "week" => 52.0 / 12.0,
            "quarter" => 1.0 / 3.0,
            "year" => 1.0 / 12.0,
            _ => 1.0,
        } / count;
        let list = line.number("unit_price").unwrap() * line.number("quantity").unwrap() * a_month;
        let begun = |column: &str| line.at(column).is_some_and(|from| self.day_of(from) <= at);
        let over = |column: &str| line.at(column).is_some_and(|to| self.day_of(to) <= at);
        let (percent, amount) = (line.number("discount_percent"), line.number("discount_amount"));
        let discounted = (line.at("discount_from").is_none() || begun("discount_from")) && !over("discount_to");
        let off =
            if discounted { list * percent.unwrap_or(0.0) / 100.0 + amount.unwrap_or(0.0) * a_month } else { 0.0 };
        let paused = begun("paused_from") && !over("paused_to");
        if paused { 0.0 } else { (list - off).max(0.0) }
    }

    /// The rate of a currency on the local day of an instant: the last one on or before it.
    fn rate(&self, currency: &str, at: Timestamp) -> Option<f64> {
        let day = self.look.engine.clock().local(at).date();
        let of = |rate: &&Row| {
            rate.text("currency") == Some(currency) && rate.text("day").unwrap().parse::<Date>().unwrap() <= day
        };
        let known = self.rates.iter().filter(of).max_by_key(|rate| rate.text("day").map(str::to_owned));
        if currency == "USD" { Some(1.0) } else { known.and_then(|rate| rate.number("rate")) }
    }

    /// Of each owner with a line in force: its MRR, at the rates of an instant; none where a rate is missing.
    fn mrr(&self, at: Timestamp, rates_of: Timestamp) -> BTreeMap<String, Option<f64>> {
        let mut all: BTreeMap<String, Option<f64>> = BTreeMap::new();
        for line in self.in_force(at) {
            let rate = self.rate(line.text("currency").unwrap(), rates_of);
            let sum = all.entry(self.owner(line)).or_insert(Some(0.0));
            *sum = sum.zip(rate).map(|(sum, rate)| sum + rate * self.monthly(line, at));
        }
        all
    }

    /// An owner's attribute at an instant; its first known one holds backwards.
    fn attribute(&self, owner: &str, name: &str, at: Timestamp) -> Option<String> {
        let own = self.versions.iter().filter(|version| version.text("account_id") == Some(owner));
        let mut own: Vec<(Timestamp, &Row)> =
            own.map(|version| (version.at("valid_from").unwrap_or(Timestamp::MIN), version)).collect();
        own.sort_by_key(|(from, _)| *from);
        let current = own.iter().rev().find(|(from, _)| *from <= at).or(own.first());
        current.and_then(|(_, version)| version.text(name)).map(str::to_owned)
    }

    fn segment(&self, owner: &str, by: &[&str], at: Timestamp) -> Segment {
        fn column(name: &str) -> &str {
            if name == "account.csm" { "csm_id" } else { name.trim_start_matches("account.") }
        }
        by.iter().map(|name| ((*name).to_owned(), self.attribute(owner, column(name), at))).collect()
    }
}

/// MRR and customers at the close, what the customers of the opening still pay, and how many of them are left.
pub async fn as_worked_by_hand(case: &Case<'_>) -> Result<(), String> {
    // Bridged gaps and grace are other rules, which have cases of their own.
    let mut company = case.company.clone();
    for key in ["join_gap_days", "churn_grace_days"] {
        let lines = company
            .settings
            .lines()
            .map(|line| if line.starts_with(key) { format!("{key} = 0") } else { line.to_owned() });
        company.settings = lines.map(|line| line + "\n").collect();
    }
    let level = case.level();
    let look = case.look_at(&company, level).await?;
    let table = |name: &str| rows_of(&company, name);
    let books = Books {
        look: &look,
        lines: table("subscriptions"),
        versions: table("accounts"),
        rates: table("fx_rates"),
        owners: owners(&company, level),
    };
    let by =
        case.pick_after(2, &[&["account.plan"] as &[&str], &[], &["account.country", "account.csm"], &["account.csm"]]);
    let through: Timestamp = company.data_through.parse().unwrap();
    let periods: Vec<Period> = look.periods().into_iter().filter(|period| period.start < through).collect();
    let asked = async |metric: MetricRef| look.cells(&metric, &periods, by).await;
    let mrr = asked(default_of("mrr")).await?;
    let customers = asked(default_of("active_customers")).await?;
    let net = asked(variant_of("nrr", "in_period")).await?;
    let gross = asked(variant_of("grr", "in_period")).await?;
    let kept = asked(default_of("retention_rate")).await?;
    let mut wrong = Vec::new();
    for (place, period) in periods.iter().enumerate() {
        let close = books.mrr(period.closing(), period.closing());
        let segments: BTreeSet<Segment> =
            close.keys().map(|owner| books.segment(owner, by, period.closing())).collect();
        for segment in segments {
            let own: Vec<Option<f64>> = close
                .iter()
                .filter(|(owner, _)| books.segment(owner, by, period.closing()) == segment)
                .map(|(_, mrr)| *mrr)
                .collect();
            let key = (place, segment.clone());
            let mut compare = |what: &str, found: Option<f64>, worked: Option<f64>| {
                if !same(found, worked) {
                    wrong.push(format!("{what} {} {segment:?}: {found:?}, by hand {worked:?}", period.label));
                }
            };
            compare("mrr", mrr.get(&key).and_then(value), own.iter().copied().sum());
            compare("active_customers", customers.get(&key).and_then(value), Some(own.len() as f64));
        }
        let opening = books.mrr(period.opening(), period.opening());
        let now = books.mrr(period.closing(), period.opening());
        let cohorts: BTreeSet<Segment> =
            opening.keys().map(|owner| books.segment(owner, by, period.opening())).collect();
        for segment in cohorts {
            let own: Vec<(&String, Option<f64>)> = opening
                .iter()
                .filter(|(owner, _)| books.segment(owner, by, period.opening()) == segment)
                .map(|(owner, mrr)| (owner, *mrr))
                .collect();
            let before: Option<f64> = own.iter().map(|(_, mrr)| *mrr).sum();
            let after = |owner: &String| now.get(owner).copied().unwrap_or(Some(0.0));
            let all: Option<f64> = own.iter().map(|(owner, _)| after(owner)).sum();
            let least: Option<f64> = own.iter().map(|(owner, mrr)| Some(mrr.as_ref()?.min(after(owner)?))).sum();
            let over =
                |kept: Option<f64>| kept.zip(before.filter(|before| *before > 0.0)).map(|(kept, before)| kept / before);
            let left = own.iter().filter(|(owner, _)| now.contains_key(*owner)).count();
            let key = (place, segment.clone());
            for (what, cells, worked) in [
                ("nrr", &net, over(all)),
                ("grr", &gross, over(least)),
                ("retention_rate", &kept, Some(left as f64 / own.len() as f64)),
            ] {
                let found = cells.get(&key).and_then(value);
                if !same(found, worked) {
                    wrong.push(format!("{what} {} {segment:?}: {found:?}, by hand {worked:?}", period.label));
                }
            }
        }
    }
    none_wrong(wrong)
}

fn rows_of(company: &Company, name: &str) -> Vec<Row> {
    let (header, rows) = company.tables.get(name).map(|text| parsed(text)).unwrap_or_default();
    rows.into_iter().map(|row| Row(header.iter().cloned().zip(row).collect())).collect()
}

/// Amounts are kept to ten places a line.
fn same(found: Option<f64>, worked: Option<f64>) -> bool {
    match (found, worked) {
        (Some(found), Some(worked)) => (found - worked).abs() <= 1e-6 * worked.abs().max(1.0),
        (found, worked) => found.is_none() && worked.is_none(),
    }
}

#[test]
fn mrr_customers_and_retention_are_as_worked_by_hand() {
    crate::harness::hold("as worked by hand", 8);
}

//! The billing system: subscription lines with inclusive ends, invoices dated day first, terms.

use std::path::Path;

use super::Dirt;
use crate::Result;
use crate::book::{Contract, Line, Off, Subscription};
use crate::calendar::{Calendar, Day};
use crate::company::Company;
use crate::export::{Sheet, Summary, money};

const LINES: [&str; 25] = [
    "subscription",
    "line",
    "customer",
    "product",
    "plan",
    "plan_rank",
    "qty",
    "seats",
    "price",
    "ccy",
    "cycle",
    "pct_off",
    "amount_off",
    "off_from",
    "off_until",
    "charge",
    "trial_until",
    "paused_from",
    "paused_until",
    "unpaid_from",
    "unpaid_until",
    "service_start",
    "service_last_day",
    "cancel_requested",
    "cancel_reason",
];

/// Writes all of it.
pub(super) fn write(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    lines(dir, company, summary)?;
    invoices(dir, company, summary)?;
    contracts(dir, company, summary)
}

fn lines(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "billing");
    let mut header = LINES.to_vec();
    header.push("cancel_kind");
    let to = ("billing", "subscriptions");
    let mut sheet = Sheet::csv(dir, "billing/subscriptions.csv", b',', to, &header)?;
    // Sorts after the first, and so has the last word.
    let mut corrections = Sheet::csv(dir, "billing/subscriptions_corrections.csv", b',', to, &header)?;
    for subscription in company.lives.iter().flat_map(|life| &life.subscriptions) {
        for (number, line) in subscription.lines.iter().enumerate() {
            let row = line_fields(company, subscription, number + 1, line);
            let row: Vec<&str> = row.iter().map(String::as_str).collect();
            if dirt.late() {
                corrections.accept(&row)?;
            } else if dirt.wrong() {
                let mut wrong = row.clone();
                let price = money(line.billing.unit_cents(line.monthly_cents) * 10);
                wrong[8] = &price;
                sheet.accept(&wrong)?;
                corrections.correct(&row)?;
            } else {
                sheet.accept(&row)?;
                if dirt.twice() {
                    sheet.repeat(&row)?;
                }
            }
            if dirt.junk() {
                sheet.reject(&broken_line(&mut dirt, row))?;
            }
        }
    }
    sheet.close(summary)?;
    corrections.close(summary)
}

fn broken_line<'a>(dirt: &mut Dirt, row: Vec<&'a str>) -> Vec<&'a str> {
    let mut row = row;
    row[0] = "SUB-TEST";
    match dirt.way(6) {
        0 => row[2] = "",
        1 => row[8] = "-49.00",
        2 => row[8] = "TBD",
        3 => row[21] = "31/31/2024",
        4 => row[21] = "",
        _ => {
            row[21] = "2024-05-01";
            row[22] = "2024-04-11";
        }
    }
    row
}

fn line_fields(company: &Company, subscription: &Subscription, number: usize, line: &Line) -> Vec<String> {
    let calendar = &company.calendar;
    let known = |day: Option<Day>| iso(calendar, day);
    let account = &company.accounts[subscription.account];
    let (percent, amount) = match line.discount.map(|discount| discount.off) {
        Some(Off::Percent(percent)) => (percent.to_string(), String::new()),
        Some(Off::Cents(cents)) => (String::new(), money(cents)),
        None => Default::default(),
    };
    let flat = subscription.metered || !subscription.product.by_seat();
    vec![
        format!("SUB-{:05}", subscription.number),
        number.to_string(),
        account.id.clone(),
        subscription.product.name().to_owned(),
        line.plan.name().to_owned(),
        line.plan.tier().to_string(),
        line.quantity.to_string(),
        // People pay seats only where they pay by the seat.
        if flat { "0".to_owned() } else { String::new() },
        money(line.billing.unit_cents(line.monthly_cents)),
        account.currency.code().to_owned(),
        line.billing.word().to_owned(),
        percent,
        amount,
        known(line.discount.map(|discount| discount.from)),
        known(line.discount.and_then(|discount| discount.to)),
        if subscription.metered { "usage" } else { "recurring" }.to_owned(),
        known(line.trial_to),
        known(line.pause.map(|(from, _)| from)),
        known(line.pause.map(|(_, to)| to)),
        known(line.past_due.map(|(from, _)| from)),
        known(line.past_due.and_then(|(_, to)| to)),
        known(Some(line.start)),
        known(line.end.map(|end| end - 1)),
        known(line.ending.and_then(|ending| ending.requested)),
        line.ending.map(|ending| ending.reason).unwrap_or_default().to_owned(),
        line.ending
            .filter(|ending| !ending.reason.is_empty())
            .map(|ending| if ending.voluntary { "voluntary" } else { "involuntary" })
            .unwrap_or_default()
            .to_owned(),
    ]
}

fn invoices(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "invoices");
    let header = ["number", "pos", "customer", "subscription", "item", "type", "net", "ccy", "issued", "paid", "state"];
    let mut sheet = Sheet::csv(dir, "billing/invoices.csv", b',', ("billing", "invoices"), &header)?;
    let day_first = |day: Day| company.calendar.date(day).strftime("%d-%m-%Y").to_string();
    for line in &company.invoices {
        let account = &company.accounts[line.account];
        let row = [
            format!("INV-{:06}", line.invoice),
            line.line.to_string(),
            account.id.clone(),
            line.subscription.map(|number| format!("SUB-{number:05}")).unwrap_or_default(),
            line.product.to_owned(),
            line.kind.to_owned(),
            money(line.cents),
            account.currency.code().to_owned(),
            day_first(line.issued),
            line.paid.map(day_first).unwrap_or_default(),
            line.status.to_owned(),
        ];
        let row = row.each_ref().map(String::as_str);
        dirt.soil(&mut sheet, row, |dirt, broken| match dirt.way(3) {
            0 => broken[0] = "",
            1 => (broken[0], broken[6]) = ("INV-TEST", "see attachment"),
            _ => (broken[0], broken[8]) = ("INV-TEST", ""),
        })?;
    }
    sheet.close(summary)
}

fn contracts(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "contracts");
    let header = [
        "contract",
        "customer",
        "product",
        "months",
        "yearly_value",
        "ccy",
        "from",
        "until",
        "terminated",
        "signed",
        "renews",
        "auto_renewal",
        "reason",
    ];
    let mut sheet = Sheet::csv(dir, "billing/contracts.csv", b',', ("billing", "contracts"), &header)?;
    for contract in company.lives.iter().flat_map(|life| &life.contracts) {
        let row = contract_fields(company, contract);
        let row = row.each_ref().map(String::as_str);
        dirt.soil(&mut sheet, row, |dirt, broken| {
            broken[0] = "K-TEST";
            match dirt.way(3) {
                0 => broken[1] = "",
                1 => broken[7] = "upon renewal",
                _ => broken[7] = broken[6],
            }
        })?;
    }
    sheet.close(summary)
}

fn contract_fields(company: &Company, contract: &Contract) -> [String; 13] {
    let calendar = &company.calendar;
    let account = &company.accounts[contract.account];
    [
        format!("K-{:05}", contract.number),
        account.id.clone(),
        contract.product.name().to_owned(),
        contract.months.to_string(),
        money(contract.yearly_cents),
        account.currency.code().to_owned(),
        iso(calendar, Some(contract.start)),
        iso(calendar, Some(contract.ends)),
        iso(calendar, contract.terminated.filter(|day| *day < calendar.end())),
        iso(calendar, Some(contract.signed)),
        contract.renewal_of.map(|number| format!("K-{number:05}")).unwrap_or_default(),
        if contract.months == 1 { "yes" } else { "no" }.to_owned(),
        contract.end_reason.unwrap_or_default().to_owned(),
    ]
}

/// A day as text; nothing for none.
pub(super) fn iso(calendar: &Calendar, day: Option<Day>) -> String {
    day.map(|day| calendar.date(day).to_string()).unwrap_or_default()
}

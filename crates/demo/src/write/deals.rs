//! The CRM's pipeline: every first signature, and every renewal of a year or more from sixty days before its date.

use std::path::Path;

use super::Dirt;
use super::billing::iso;
use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::export::{Sheet, Summary, money};

struct Deal {
    account: usize,
    sort: &'static str,
    yearly_cents: i64,
    opened: Day,
    closed: Day,
    won: bool,
}

/// Writes them.
pub(super) fn write(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "deals");
    let header = ["deal", "account", "sort", "stage", "yearly_value", "ccy", "opened", "closed", "owner"];
    let mut sheet = Sheet::csv(dir, "crm/deals.csv", b',', ("crm", "opportunities"), &header)?;
    let end = company.calendar.end();
    let deals =
        (0..company.accounts.len()).flat_map(|index| of_account(company, index)).filter(|deal| deal.opened < end);
    for (number, deal) in deals.enumerate() {
        let account = &company.accounts[deal.account];
        let closed = Some(deal.closed).filter(|day| *day < end);
        let stage = match closed {
            None => "Negotiation",
            Some(_) if deal.won => "Won",
            Some(_) => "Lost",
        };
        let key = format!("D-{:05}", number + 1);
        let (value, opened) = (money(deal.yearly_cents), iso(&company.calendar, Some(deal.opened)));
        let (closed, owner) =
            (iso(&company.calendar, closed), &company.staff[company.csm(deal.account, deal.opened)].id);
        let row = [&key, &account.id, deal.sort, stage, &value, account.currency.code(), &opened, &closed, owner];
        sheet.accept(&row)?;
        if dirt.junk() {
            sheet.reject(&["", &account.id, "Renewal", "Idea", "", "", &opened, "", owner])?;
        }
    }
    sheet.close(summary)
}

fn of_account(company: &Company, index: usize) -> Vec<Deal> {
    let (account, life) = (&company.accounts[index], &company.lives[index]);
    let first = life.contracts.iter().map(|contract| contract.yearly_cents).next().unwrap_or_default();
    let mut deals = vec![Deal {
        account: index,
        sort: "New business",
        yearly_cents: first,
        opened: account.created,
        closed: account.onboarding.signed,
        won: true,
    }];
    for contract in life.contracts.iter().filter(|contract| contract.months > 1) {
        let next = life.contracts.iter().find(|next| next.renewal_of == Some(contract.number));
        let opened = (contract.ends - 60).max(contract.start);
        let (closed, won) = match next {
            Some(next) => (next.signed, true),
            // A signature that may still come is an open deal.
            None if contract.ends + 30 > company.calendar.end() => (company.calendar.end(), false),
            None => (contract.ends, false),
        };
        let opened = opened.min(closed - 5);
        deals.push(Deal { account: index, sort: "Renewal", yearly_cents: contract.yearly_cents, opened, closed, won });
    }
    deals
}

//! Each account's outcome and hidden cause, and each loss.

use std::path::Path;

use super::movements::{History, dollars};
use super::table;
use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::mood::Temper;

/// Writes `accounts.csv` and `losses.csv`.
pub(super) fn write(dir: &Path, company: &Company, histories: &[History]) -> Result<()> {
    accounts(dir, company, histories)?;
    losses(dir, company, histories)
}

fn accounts(dir: &Path, company: &Company, histories: &[History]) -> Result<()> {
    let calendar = &company.calendar;
    let last = calendar.months() - 1;
    let rows = company.accounts.iter().enumerate().map(|(index, account)| {
        let history = histories.iter().find(|history| history.root == index);
        let outcome = match history {
            None => "merged",
            Some(history) if history.ends[last].is_some() => "customer",
            Some(history) if history.won.is_empty() => "trial",
            Some(_) => "lost",
        };
        let exit = company.lives[index].exits.last();
        // A temper is only a role until it is played.
        let role = match account.temper {
            Temper::SilentGreen if outcome != "lost" => Temper::Plain,
            Temper::LoudSurvivor if outcome != "customer" => Temper::Plain,
            temper => temper,
        };
        let steps = company.steps(index);
        let after = |step: &str| {
            let day = steps.iter().find(|(name, _)| *name == step).map(|(_, day)| day - account.onboarding.signed);
            day.map(|days| days.to_string()).unwrap_or_default()
        };
        vec![
            account.id.clone(),
            account.plan.name().to_owned(),
            account.country.code().to_owned(),
            account.currency.code().to_owned(),
            calendar.date(account.start).to_string(),
            outcome.to_owned(),
            role.name().to_owned(),
            if outcome == "lost" { exit.map(|exit| exit.cause).unwrap_or_default() } else { "" }.to_owned(),
            account.onboarding.outcome.name().to_owned(),
            after("live"),
            after("first_value"),
            after("value"),
            format!("{:.3}", account.mood.lately(last)),
            history.map(|history| history.lost.len().to_string()).unwrap_or_default(),
        ]
    });
    let header = "account_id,first_plan,first_country,currency,started_on,outcome,role,left_because,onboarding,days_to_live,\
                  days_to_first_value,days_to_value,mood_at_end,times_lost";
    table(dir, "accounts.csv", header, rows)
}

fn losses(dir: &Path, company: &Company, histories: &[History]) -> Result<()> {
    let calendar = &company.calendar;
    let mut losses: Vec<(Day, Vec<String>)> = Vec::new();
    for history in histories {
        for (nth, (day, held)) in history.lost.iter().enumerate() {
            let lives = company.carried(history.root).into_iter().flat_map(|index| &company.lives[index].exits);
            let exit = lives.into_iter().find(|exit| exit.day == *day);
            let account = &company.accounts[history.root];
            let back = history.won.get(nth + 1).map(|day| calendar.date(*day).to_string()).unwrap_or_default();
            losses.push((
                *day,
                vec![
                    account.id.clone(),
                    calendar.date(*day).to_string(),
                    dollars(i128::from(*held) * i128::from(company.rates.rate(history.currency, *day))),
                    exit.map(|exit| exit.cause).unwrap_or_default().to_owned(),
                    exit.map(|exit| exit.reason).unwrap_or_default().to_owned(),
                    exit.filter(|exit| !exit.reason.is_empty())
                        .map(|exit| exit.voluntary.to_string())
                        .unwrap_or_default(),
                    exit.and_then(|exit| exit.requested).map(|day| calendar.date(day).to_string()).unwrap_or_default(),
                    back,
                ],
            ));
        }
    }
    losses.sort();
    let header = "account_id,lost_on,mrr_usd,cause,reason,voluntary,requested_on,back_on";
    table(dir, "losses.csv", header, losses.into_iter().map(|(_, row)| row))
}

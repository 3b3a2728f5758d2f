//! The CRM: profiles and how they changed, people, milestones, referrals, meetings, what CSMs think.

use std::path::Path;

use super::billing::iso;
use super::{Dirt, deals};
use crate::Result;
use crate::company::Company;
use crate::export::{Sheet, Summary};
use crate::offer::{INDUSTRIES, Product};
use crate::people::Version;

/// Writes all of it.
pub(super) fn write(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    accounts(dir, company, summary)?;
    contacts(dir, company, summary)?;
    milestones(dir, company, summary)?;
    referrals(dir, company, summary)?;
    deals::write(dir, company, summary)?;
    activities(dir, company, summary)?;
    ratings(dir, company, summary)
}

fn accounts(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "accounts");
    let fields = [
        "id",
        "since",
        "name",
        "parent",
        "merged_into",
        "plan",
        "segment",
        "industry",
        "country",
        "owner",
        "created",
        "#employees",
    ];
    let to = ("crm", "accounts");
    let mut current = Sheet::jsonl(dir, "crm/accounts.jsonl", to, &fields)?;
    let mut history = Sheet::jsonl(dir, "crm/account_history.jsonl", to, &fields)?;
    for index in 0..company.accounts.len() {
        for version in &company.versions[index] {
            let row = profile(company, index, version);
            let row = row.each_ref().map(String::as_str);
            let sheet = if version.from.is_none() { &mut current } else { &mut history };
            dirt.soil(sheet, row, |dirt, broken| match dirt.way(2) {
                0 => broken[0] = "",
                _ => broken[1] = "before my time",
            })?;
        }
    }
    current.close(summary)?;
    history.close(summary)
}

fn profile(company: &Company, index: usize, version: &Version) -> [String; 12] {
    let account = &company.accounts[index];
    let id = |index: usize| company.accounts[index].id.clone();
    [
        account.id.clone(),
        iso(&company.calendar, version.from),
        account.name.clone(),
        account.parent.map(id).unwrap_or_default(),
        version.merged_into.map(id).unwrap_or_default(),
        version.plan.name().to_owned(),
        version.plan.segment().to_owned(),
        INDUSTRIES[account.industry].0.to_owned(),
        version.country.code().to_owned(),
        company.staff[version.csm].id.clone(),
        iso(&company.calendar, Some(account.created)),
        account.employees.to_string(),
    ]
}

fn contacts(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "contacts");
    let header = ["Contact ID", "Account", "Full Name", "E-Mail", "Role", "Created"];
    let mut sheet = Sheet::csv(dir, "crm/contacts.csv", b',', ("crm", "contacts"), &header)?;
    for (account, people) in company.accounts.iter().zip(&company.people) {
        for contact in people {
            let created = iso(&company.calendar, Some(contact.created));
            // People type as they like.
            let email = if contact.weight > 3.0 { contact.email.to_uppercase() } else { contact.email.clone() };
            let row = [&contact.id, &account.id, &contact.name, &email, contact.role, &created];
            dirt.soil(&mut sheet, row, |_, broken| *broken = ["", &account.id, "Nobody Known", "", "user", &created])?;
        }
    }
    // Left over from a system long gone: kept, with a warning.
    for number in 1..=4 {
        sheet.accept(&[&format!("old-{number}"), "ACME-OLD", "Former Contact", "", "user", "2022-11-01"])?;
    }
    sheet.close(summary)
}

fn milestones(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "milestones");
    let header = ["account", "product", "step", "reached_on"];
    let mut sheet = Sheet::csv(dir, "crm/milestones.csv", b',', ("crm", "milestones"), &header)?;
    for (index, account) in company.accounts.iter().enumerate() {
        for (step, day) in company.steps(index) {
            // The first report shared is read from usage.
            if step == "first_value" && account.main == Product::Reports {
                continue;
            }
            let day = iso(&company.calendar, Some(day));
            let row = [account.id.as_str(), account.main.name(), step, &day];
            dirt.soil(&mut sheet, row, |_, broken| {
                *broken = [&account.id, account.main.name(), "workshop", "next week"]
            })?;
        }
    }
    sheet.close(summary)
}

fn referrals(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let header = ["ref", "referrer", "referred", "source", "date"];
    let mut sheet = Sheet::csv(dir, "crm/referrals.csv", b',', ("crm", "referrals"), &header)?;
    let id = |index: Option<usize>| index.map(|index| company.accounts[index].id.as_str()).unwrap_or_default();
    for (number, referral) in company.referrals.iter().enumerate() {
        let source = if referral.partner { "partner" } else { "customer" };
        let (key, day) = (format!("R-{:04}", number + 1), iso(&company.calendar, Some(referral.day)));
        sheet.accept(&[&key, id(referral.by), id(referral.to), source, &day])?;
    }
    sheet.reject(&["R-9999", id(Some(0)), "", "customer", "last summer"])?;
    sheet.close(summary)
}

fn activities(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "activities");
    let fields = ["id", "account", "person", "owner", "type", "at", "notes"];
    let mut sheet = Sheet::jsonl(dir, "crm/activities.jsonl", ("crm", "interactions"), &fields)?;
    for (number, one) in company.interactions.iter().enumerate() {
        let Some(account) = one.account else { continue };
        let person =
            one.person.and_then(|person| company.people[account].get(person)).map_or("", |contact| &contact.id);
        let (key, at) = (format!("I-{:06}", number + 1), one.at.to_string());
        let row = [&key, &company.accounts[account].id, person, &company.staff[one.staff].id, one.kind, &at, one.notes];
        dirt.soil(&mut sheet, row, |dirt, broken| match dirt.way(2) {
            0 => broken[0] = "",
            _ => (broken[0], broken[5]) = ("I-TEST", "tomorrow"),
        })?;
    }
    sheet.close(summary)
}

fn ratings(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "health ratings");
    let header = ["entry", "account", "owner", "health", "why", "written", "good_until"];
    let mut sheet = Sheet::csv(dir, "crm/health.csv", b',', ("crm", "health_ratings"), &header)?;
    for (number, one) in company.ratings.iter().enumerate() {
        let (key, health, written) = (format!("H-{:05}", number + 1), one.score.to_string(), one.at.to_string());
        let until = iso(&company.calendar, Some(one.expires));
        let (account, owner) = (&company.accounts[one.account].id, &company.staff[one.staff].id);
        let row = [&key, account, owner, &health, one.reason, &written, &until];
        // The CRM asks for a reason and an end, and people press enter.
        dirt.soil(&mut sheet, row, |dirt, broken| match dirt.way(3) {
            0 => (broken[0], broken[4]) = ("H-TEST", ""),
            1 => (broken[0], broken[6]) = ("H-TEST", ""),
            _ => (broken[0], broken[3]) = ("H-TEST", "110"),
        })?;
    }
    sheet.close(summary)
}

//! The helpdesk: tickets and their events, in UTC without saying so.

use std::path::Path;

use jiff::Timestamp;

use super::Dirt;
use crate::Result;
use crate::company::Company;
use crate::export::{Sheet, Summary};
use crate::tickets::Ticket;

/// Writes both.
pub(super) fn write(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    tickets(dir, company, summary)?;
    events(dir, company, summary)
}

fn tickets(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "tickets");
    let header = [
        "ticket",
        "organisation",
        "requester",
        "assignee",
        "channel",
        "topic",
        "priority",
        "subject",
        "business_hours",
        "submitter",
        "spam",
        "merged_into",
        "escalated",
        "created_at",
    ];
    let mut sheet = Sheet::csv(dir, "helpdesk/tickets.csv", b',', ("helpdesk", "tickets"), &header)?;
    let mut late = Vec::new();
    for ticket in &company.tickets {
        let row = fields(company, ticket);
        if dirt.late() {
            late.push((row, false));
            continue;
        }
        let wrong = dirt.wrong();
        let mut told = row.each_ref().map(String::as_str);
        if wrong {
            told[6] = "unset";
        }
        dirt.soil(&mut sheet, told, |dirt, broken| match dirt.way(2) {
            0 => broken[0] = "",
            _ => (broken[0], broken[13]) = ("T0", "0000-00-00 00:00:00"),
        })?;
        if wrong {
            late.push((row, true));
        }
    }
    for (row, corrects) in &late {
        let row = row.each_ref().map(String::as_str);
        if *corrects { sheet.correct(&row)? } else { sheet.accept(&row)? }
    }
    sheet.close(summary)
}

fn fields(company: &Company, ticket: &Ticket) -> [String; 14] {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let requester =
        ticket.account.zip(ticket.requester).and_then(|(account, person)| company.people[account].get(person));
    [
        ticket.id(),
        ticket.account.map(|account| company.accounts[account].id.clone()).unwrap_or_default(),
        requester.map(|contact| contact.id.clone()).unwrap_or_default(),
        company.staff[ticket.assignee].id.clone(),
        ticket.channel.to_owned(),
        ticket.category.to_owned(),
        ticket.priority.to_owned(),
        subject(ticket).to_owned(),
        ticket.schedule.to_owned(),
        ticket.opened_by.to_owned(),
        yes(ticket.spam),
        ticket.merged_into.map(|into| company.tickets[into].id()).unwrap_or_default(),
        yes(ticket.escalated),
        naive(ticket.created),
    ]
}

fn subject(ticket: &Ticket) -> &'static str {
    match ticket.category {
        _ if ticket.spam => "You have won",
        "billing" => "Question about our invoice",
        "how-to" => "How do I share with a team?",
        "bug" => "Totals differ between page and export",
        "integration" => "Sync stopped last night",
        "access" => "New colleague cannot sign in",
        _ => "Dashboard slow since this morning",
    }
}

fn events(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "ticket events");
    let header = ["ticket", "seq", "at", "what", "who", "who_id", "visible", "value"];
    let mut sheet = Sheet::csv(dir, "helpdesk/ticket_events.csv", b',', ("helpdesk", "ticket_events"), &header)?;
    for ticket in &company.tickets {
        let id = ticket.id();
        for (number, event) in ticket.events.iter().enumerate() {
            let (number, at) = (format!("{:03}", number + 1), naive(event.at));
            let visible = if event.public { "public" } else { "internal" };
            let row = [&id, &number, &at, event.kind, event.actor, &event.actor_id, visible, event.to];
            dirt.soil(&mut sheet, row, |dirt, broken| match dirt.way(3) {
                0 => broken[0] = "",
                1 => broken[1] = "",
                _ => (broken[1], broken[2]) = ("test", "13:77"),
            })?;
        }
    }
    sheet.close(summary)
}

fn naive(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

//! Each ticket's story, and each month's tickets by kind.

use std::path::Path;

use super::table;
use crate::Result;
use crate::company::Company;

/// Writes `tickets.csv` and `support.csv`.
pub(super) fn write(dir: &Path, company: &Company) -> Result<()> {
    let rows = company.tickets.iter().map(|ticket| {
        let facts = &ticket.facts;
        let minutes = facts.first_reply.map(|reply| (reply.as_second() - ticket.created.as_second()) as f64 / 60.0);
        vec![
            ticket.id(),
            ticket.account.map(|account| company.accounts[account].id.clone()).unwrap_or_default(),
            ticket.created.to_string(),
            facts.told.join("+"),
            minutes.map(|minutes| format!("{minutes:.4}")).unwrap_or_default(),
            facts.replies.to_string(),
            facts.last_solve.map(|at| at.to_string()).unwrap_or_default(),
            facts.reopenings.to_string(),
            facts.open.to_string(),
        ]
    });
    table(
        dir,
        "tickets.csv",
        "ticket_id,account_id,created_at,story,first_reply_minutes,agent_replies,last_solved_at,reopenings,open_at_end",
        rows,
    )?;
    let rows = (0..company.calendar.months()).map(|month| {
        let of = |is: &dyn Fn(&crate::tickets::Ticket) -> bool| {
            let in_month = company
                .tickets
                .iter()
                .filter(|one| company.calendar.month(company.calendar.day_of(one.created)) == month);
            in_month.filter(|ticket| is(ticket)).count().to_string()
        };
        vec![
            company.calendar.label(month),
            of(&|_| true),
            of(&|ticket| ticket.spam),
            of(&|ticket| ticket.merged_into.is_some()),
            of(&|ticket| ticket.opened_by == "agent"),
            of(&|ticket| ticket.facts.reopenings > 0),
            of(&|ticket| ticket.facts.open && !ticket.spam),
        ]
    });
    table(dir, "support.csv", "month,created,of_them_spam,merged,agent_opened,ever_reopened,open_at_end", rows)
}

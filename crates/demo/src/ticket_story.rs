//! One ticket as it happens: every event is written down and, in the same stroke, what is true because of it.

use jiff::{SignedDuration, Timestamp};

/// An event of a ticket.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// When.
    pub at: Timestamp,
    /// `message`, `status` or `schedule`.
    pub kind: &'static str,
    /// Who: customer, agent, bot, system.
    pub actor: &'static str,
    /// Their id, if they have one.
    pub actor_id: String,
    /// Seen by the customer.
    pub public: bool,
    /// The new status or schedule.
    pub to: &'static str,
}

/// What is true of a ticket at the end of the simulation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The kinds of story it went through, for the truth.
    pub told: Vec<&'static str>,
    /// First public message of a person after the customer's; of a ticket we opened, our second.
    pub first_reply: Option<Timestamp>,
    /// Public messages of agents.
    pub replies: u32,
    /// Last solve, whatever came later.
    pub last_solve: Option<Timestamp>,
    /// Times it was solved.
    pub solves: u32,
    /// Times it was opened again.
    pub reopenings: u32,
    /// Neither solved nor closed at the end.
    pub open: bool,
}

/// A ticket.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    /// Number.
    pub number: usize,
    /// Account; none of spam.
    pub account: Option<usize>,
    /// Who asked: an index into the account's people.
    pub requester: Option<usize>,
    /// Who answers: an index into the staff.
    pub assignee: usize,
    /// Channel.
    pub channel: &'static str,
    /// Category.
    pub category: &'static str,
    /// Priority.
    pub priority: &'static str,
    /// Schedule at first.
    pub schedule: &'static str,
    /// Opened by the customer or an agent.
    pub opened_by: &'static str,
    /// Spam.
    pub spam: bool,
    /// Merged into that number.
    pub merged_into: Option<usize>,
    /// Escalated.
    pub escalated: bool,
    /// Opened.
    pub created: Timestamp,
    /// What happened before the end of the simulation.
    pub events: Vec<Event>,
    /// What is true.
    pub facts: Facts,
}

impl Ticket {
    /// The number as the helpdesk shows it.
    pub fn id(&self) -> String {
        format!("T{}", 10_000 + self.number)
    }
}

/// Writes a ticket, up to the end of what is observed.
pub(crate) struct Pen<'a> {
    /// The ticket.
    pub ticket: Ticket,
    /// First instant not observed.
    pub end: Timestamp,
    /// The requester's and the assignee's ids.
    pub customer: &'a str,
    /// The assignee's id.
    pub agent: &'a str,
}

impl Pen<'_> {
    /// Adds a word to the story.
    pub fn told(&mut self, what: &'static str) {
        self.ticket.facts.told.push(what);
    }

    /// A message of the customer.
    pub fn asks(&mut self, at: Timestamp) {
        self.event(at, "message", "customer", true, "");
    }

    /// A public message of the agent.
    pub fn answers(&mut self, at: Timestamp) {
        if self.event(at, "message", "agent", true, "") {
            let facts = &mut self.ticket.facts;
            facts.replies += 1;
            let counts = if self.ticket.opened_by == "agent" { 2 } else { 1 };
            if facts.replies == counts {
                facts.first_reply = Some(at);
            }
        }
    }

    /// A private note of the agent.
    pub fn notes(&mut self, at: Timestamp) {
        self.event(at, "message", "agent", false, "");
    }

    /// A machine says it has read you.
    pub fn bot(&mut self, at: Timestamp) {
        self.event(at, "message", "bot", true, "");
    }

    /// A new status, set by the agent or, for reopening and closing, by the system.
    pub fn status(&mut self, at: Timestamp, status: &'static str) {
        let actor = if matches!(status, "solved" | "pending" | "hold") { "agent" } else { "system" };
        let solved = !self.ticket.facts.open && self.ticket.facts.solves > 0;
        if self.event(at, "status", actor, true, status) {
            let facts = &mut self.ticket.facts;
            match status {
                "solved" => {
                    facts.last_solve = Some(at);
                    facts.solves += 1;
                    facts.open = false;
                }
                "closed" => facts.open = false,
                "open" if solved => {
                    facts.reopenings += 1;
                    facts.open = true;
                }
                _ => facts.open = true,
            }
        }
    }

    /// Handed to another desk.
    pub fn moves_to(&mut self, at: Timestamp, schedule: &'static str) {
        self.event(at, "schedule", "system", true, schedule);
    }

    fn event(
        &mut self,
        at: Timestamp,
        kind: &'static str,
        actor: &'static str,
        public: bool,
        to: &'static str,
    ) -> bool {
        if at >= self.end {
            return false;
        }
        let actor_id = match actor {
            "customer" => self.customer.to_owned(),
            "agent" => self.agent.to_owned(),
            _ => String::new(),
        };
        self.ticket.events.push(Event { at, kind, actor, actor_id, public, to });
        true
    }
}

/// Some minutes later.
pub(crate) fn later(at: Timestamp, minutes: f64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs((minutes * 60.0) as i64)).unwrap_or(at)
}

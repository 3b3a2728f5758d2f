//! Tickets: answered by people, bots and notes, solved, reopened, merged, waiting, across schedules and clock changes.

use super::moment::{Moment, Zoned, moment};
use super::table::Tables;
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub struct Ticket {
    created: Moment,
    opened_by: &'static str,
    requester: Option<u8>,
    channel: &'static str,
    category: &'static str,
    priority: &'static str,
    schedule: &'static str,
    spam: bool,
    /// Into the account's ticket before it.
    merged: bool,
    of_nobody: bool,
    record: Record,
}

#[derive(Debug, Clone)]
enum Record {
    /// Minutes since the event before, and what happened.
    Events(Vec<(u32, Event)>),
    /// Only what the ticket itself states: minutes to the first reply and to the solve.
    Stated(Option<u32>, Option<u32>),
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Asked,
    Replied,
    Noted,
    BotReplied,
    Status(&'static str),
    Schedule(&'static str),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => Just(Event::Asked),
        4 => Just(Event::Replied),
        1 => Just(Event::Noted),
        1 => Just(Event::BotReplied),
        3 => Just(Event::Status("solved")),
        2 => Just(Event::Status("open")),
        1 => Just(Event::Status("pending")),
        1 => Just(Event::Status("closed")),
        1 => Just(Event::Schedule("night")),
    ]
}

/// Any ticket.
pub fn ticket() -> impl Strategy<Value = Ticket> {
    let wait = prop_oneof![1 => Just(0_u32), 3 => 1_u32..600, 2 => 600_u32..20_000];
    let record = prop_oneof![
        4 => prop::collection::vec((wait.clone(), event()), 0..8).prop_map(Record::Events),
        1 => (prop::option::of(wait.clone()), prop::option::of(wait)).prop_map(|(reply, solve)| Record::Stated(reply, solve)),
    ];
    let words = |words: &[&'static str]| prop::sample::select(words.to_vec());
    (
        (moment(), words(&["customer", "customer", "agent", "system"]), prop::option::weighted(0.8, 0_u8..2), record),
        (
            words(&["mail", "chat", ""]),
            words(&["billing", ""]),
            words(&["high", "low", ""]),
            words(&["", "desk", "night"]),
        ),
        (prop::bool::weighted(0.08), prop::bool::weighted(0.15), prop::bool::weighted(0.1)),
    )
        .prop_map(|((created, opened_by, requester, record), words, (spam, merged, of_nobody))| {
            let (channel, category, priority, schedule) = words;
            Ticket {
                created,
                opened_by,
                requester,
                channel,
                category,
                priority,
                schedule,
                spam,
                merged,
                of_nobody,
                record,
            }
        })
}

impl Ticket {
    pub fn write(&self, account: &str, number: usize, zone: &Zoned, tables: &mut Tables) {
        let id = format!("{account}-k{number}");
        let (reply, solve) = match self.record {
            Record::Events(_) => (None, None),
            Record::Stated(reply, solve) => (reply, solve),
        };
        let after = |minutes: Option<u32>| {
            minutes.map(|minutes| zone.text(self.created.after_minutes(minutes))).unwrap_or_default()
        };
        let merged = if self.merged && number > 0 { format!("{account}-k{}", number - 1) } else { String::new() };
        tables.add(
            "tickets",
            &[
                ("ticket_id", &id),
                ("account_id", if self.of_nobody { "" } else { account }),
                ("requester_id", &self.requester.map(|person| format!("{account}-c{person}")).unwrap_or_default()),
                ("channel", self.channel),
                ("category", self.category),
                ("priority", self.priority),
                ("schedule", self.schedule),
                ("opened_by", self.opened_by),
                ("is_spam", if self.spam { "true" } else { "" }),
                ("merged_into", &merged),
                ("created_at", &zone.text(self.created)),
                ("first_reply_at", &after(reply)),
                ("solved_at", &after(solve)),
            ],
        );
        let Record::Events(events) = &self.record else { return };
        let mut at = self.created;
        for (place, (minutes, event)) in events.iter().enumerate() {
            at = at.after_minutes(*minutes);
            let (kind, actor, public, status, schedule) = match event {
                Event::Asked => ("message", "customer", "true", "", ""),
                Event::Replied => ("message", "agent", "true", "", ""),
                Event::Noted => ("message", "agent", "false", "", ""),
                Event::BotReplied => ("message", "bot", "true", "", ""),
                Event::Status(status) => ("status", "agent", "", *status, ""),
                Event::Schedule(schedule) => ("schedule", "system", "", "", *schedule),
            };
            tables.add(
                "ticket_events",
                &[
                    ("ticket_id", &id),
                    ("event_id", &place.to_string()),
                    ("at", &zone.text(at)),
                    ("kind", kind),
                    ("actor", actor),
                    ("public", public),
                    ("status", status),
                    ("schedule", schedule),
                ],
            );
        }
    }
}

//! What an account's people answer: again and again, late, off the scale, on other scales, not at all.

use super::moment::{Moment, Zoned, moment};
use super::table::Tables;
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub struct Answer {
    kind: Kind,
    transactional: bool,
    person: Person,
    score: &'static str,
    survey: &'static str,
    channel: &'static str,
    /// Of the ticket of that number of the account, where there is one.
    ticket: Option<u8>,
    /// Answered at no known time, now and then.
    at: Option<Moment>,
    /// So many days after the invitation, where there is one.
    invited_before: Option<u32>,
    reminded: bool,
    /// Nobody knows whose it is.
    of_nobody: bool,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Nps,
    Csat(&'static str, &'static str),
    Ces(&'static str, &'static str, &'static str),
}

#[derive(Debug, Clone, Copy)]
enum Person {
    Contact(u8),
    Mail(u8),
    Unknown,
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        3 => Just(Kind::Nps),
        1 => Just(Kind::Csat("1", "5")),
        1 => Just(Kind::Csat("0", "10")),
        1 => Just(Kind::Csat("", "")),
        1 => Just(Kind::Ces("1.0", "1", "5")),
        1 => Just(Kind::Ces("2.0", "1", "7")),
    ]
}

/// Any answer.
pub fn answer() -> impl Strategy<Value = Answer> {
    let person = prop_oneof![
        3 => (0_u8..2).prop_map(Person::Contact),
        1 => (0_u8..2).prop_map(Person::Mail),
        1 => Just(Person::Unknown)
    ];
    let scores = vec!["0", "1", "3", "4", "5", "6", "7", "9", "10", "6.5", "11", "-1", ""];
    let at = prop::option::weighted(0.95, moment());
    (
        (kind(), prop::bool::weighted(0.2), person, prop::sample::select(scores)),
        (prop::sample::select(vec!["yearly", "pulse"]), prop::sample::select(vec!["mail", "app", ""])),
        (
            prop::option::weighted(0.3, 0_u8..3),
            at,
            prop::option::of(0_u32..60),
            any::<bool>(),
            prop::bool::weighted(0.1),
        ),
    )
        .prop_map(
            |(
                (kind, transactional, person, score),
                (survey, channel),
                (ticket, at, invited_before, reminded, of_nobody),
            )| {
                Answer {
                    kind,
                    transactional,
                    person,
                    score,
                    survey,
                    channel,
                    ticket,
                    at,
                    invited_before,
                    reminded,
                    of_nobody,
                }
            },
        )
}

impl Answer {
    pub fn write(&self, account: &str, number: usize, zone: &Zoned, tables: &mut Tables) {
        let id = format!("{account}-r{number}");
        let (kind, version, scale_min, scale_max) = match self.kind {
            Kind::Nps => ("nps", "", "", ""),
            Kind::Csat(min, max) => ("csat", "", min, max),
            Kind::Ces(version, min, max) => ("ces", version, min, max),
        };
        let (contact, email) = match self.person {
            Person::Contact(number) => (format!("{account}-c{number}"), String::new()),
            Person::Mail(number) => (String::new(), format!("p{number}@{account}.example")),
            Person::Unknown => (String::new(), String::new()),
        };
        let owner = if self.of_nobody { "" } else { account };
        let invited = self.invited_before.zip(self.at);
        let send = if invited.is_some() { format!("{id}-s") } else { String::new() };
        if let Some((days, at)) = invited {
            let sent = at.before(days);
            let row = |id: &str, of: &str, sent: Moment, tables: &mut Tables| {
                tables.add(
                    "survey_sends",
                    &[
                        ("send_id", id),
                        ("survey", self.survey),
                        ("survey_kind", kind),
                        ("account_id", owner),
                        ("contact_id", &contact),
                        ("email", &email),
                        ("channel", self.channel),
                        ("reminder_of", of),
                        ("sent_at", &zone.text(sent)),
                    ],
                );
            };
            row(&send, "", sent, tables);
            if self.reminded {
                row(&format!("{send}2"), &send, sent.after(3), tables);
            }
        }
        let ticket = self.ticket.map(|ticket| format!("{account}-k{ticket}")).unwrap_or_default();
        tables.add(
            "survey_responses",
            &[
                ("response_id", &id),
                ("survey", self.survey),
                ("survey_kind", kind),
                ("touch", if self.transactional { "transactional" } else { "relationship" }),
                ("version", version),
                ("send_id", &send),
                ("account_id", owner),
                ("contact_id", &contact),
                ("email", &email),
                ("ticket_id", &ticket),
                ("channel", self.channel),
                ("score", self.score),
                ("scale_min", scale_min),
                ("scale_max", scale_max),
                ("responded_at", &self.at.map(|at| zone.text(at)).unwrap_or_default()),
            ],
        );
    }
}

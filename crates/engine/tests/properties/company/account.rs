//! An account: its attributes over time, whom it was merged into or belongs to, and all that it does.

use super::moment::{Moment, Zoned, moment};
use super::money::{Money, money};
use super::support::{Ticket, ticket};
use super::table::Tables;
use super::use_and_life::{Life, life};
use super::voice::{Answer, answer};
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub struct Account {
    /// Shrinking takes accounts away one by one.
    pub exists: bool,
    /// Whether there is a row of it at all: others may name an account that nobody knows.
    known: bool,
    attributes: Attributes,
    link: Link,
    money: Money,
    tickets: Vec<Ticket>,
    answers: Vec<Answer>,
    life: Life,
}

/// Attributes over time: accounts move between segments.
#[derive(Debug, Clone)]
pub struct Attributes {
    first: Version,
    later: Vec<(Moment, Version)>,
    /// The first known version may begin late: it holds backwards.
    known_from: Option<Moment>,
}

#[derive(Debug, Clone)]
struct Version {
    plan: &'static str,
    country: &'static str,
    csm: &'static str,
}

/// Links lead to accounts of smaller numbers and to groups, so there are chains and no circles.
#[derive(Debug, Clone)]
enum Link {
    None,
    MergedInto(usize),
    ChildOf(usize),
    InGroup(u8),
}

fn version() -> impl Strategy<Value = Version> {
    (
        prop::sample::select(vec!["Basic", "Pro", ""]),
        prop::sample::select(vec!["DE", "US", ""]),
        prop::sample::select(vec!["ann", "bob"]),
    )
        .prop_map(|(plan, country, csm)| Version { plan, country, csm })
}

fn link() -> impl Strategy<Value = Link> {
    prop_oneof![
        4 => Just(Link::None),
        1 => (0_usize..30).prop_map(Link::MergedInto),
        1 => (0_usize..30).prop_map(Link::ChildOf),
        2 => (0_u8..2).prop_map(Link::InGroup),
    ]
}

/// Any attributes.
pub fn attributes() -> impl Strategy<Value = Attributes> {
    (version(), prop::collection::vec((moment(), version()), 0..3), prop::option::weighted(0.3, moment()))
        .prop_map(|(first, later, known_from)| Attributes { first, later, known_from })
}

/// Any account.
pub fn account() -> impl Strategy<Value = Account> {
    let deeds = (money(), prop::collection::vec(ticket(), 0..3), prop::collection::vec(answer(), 0..5), life());
    (prop::bool::weighted(0.97), prop::bool::weighted(0.95), attributes(), link(), deeds).prop_map(
        |(exists, known, attributes, link, (money, tickets, answers, life))| Account {
            exists,
            known,
            attributes,
            link,
            money,
            tickets,
            answers,
            life,
        },
    )
}

/// An account's id.
pub fn id(number: usize) -> String {
    format!("a{number:02}")
}

impl Account {
    pub fn write(&self, number: usize, zone: &Zoned, tables: &mut Tables) {
        let id = id(number);
        if self.known {
            self.write_versions(number, zone, tables);
        }
        self.money.write(&id, zone, tables);
        for (at, ticket) in self.tickets.iter().enumerate() {
            ticket.write(&id, at, zone, tables);
        }
        for (at, answer) in self.answers.iter().enumerate() {
            answer.write(&id, at, zone, tables);
        }
        self.life.write(&id, number, zone, tables);
    }

    fn write_versions(&self, number: usize, zone: &Zoned, tables: &mut Tables) {
        let (mut merged, mut parent) = (String::new(), String::new());
        match self.link {
            Link::MergedInto(other) if number > 0 => merged = id(other % number),
            Link::ChildOf(other) if number > 0 => parent = id(other % number),
            Link::InGroup(group) => parent = format!("g{group}"),
            _ => {}
        }
        let links = [("merged_into", merged.as_str()), ("parent_id", parent.as_str())];
        self.attributes.write(&id(number), &links, zone, tables);
    }
}

impl Attributes {
    /// A row a version, each of another instant.
    pub fn write(&self, account: &str, links: &[(&str, &str)], zone: &Zoned, tables: &mut Tables) {
        let from = self.known_from.map(|at| zone.text(at)).unwrap_or_default();
        let mut versions = vec![(from, &self.first)];
        for (at, version) in &self.later {
            let from = zone.text(*at);
            if versions.iter().all(|(other, _)| *other != from) && self.known_from.is_none_or(|first| first < *at) {
                versions.push((from, version));
            }
        }
        for (from, version) in versions {
            let own = [
                ("account_id", account),
                ("valid_from", &from),
                ("plan", version.plan),
                ("country", version.country),
                ("csm_id", version.csm),
            ];
            tables.add("accounts", &[&own, links].concat());
        }
    }
}

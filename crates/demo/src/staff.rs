//! The company's own sixty people in eight teams, and who leads whom.

use crate::calendar::{Calendar, Day};
use crate::dice::Dice;
use crate::names;

/// Teams and their sizes; one is too small to publish, one becomes publishable with its last joiner.
pub(crate) const TEAMS: [(&str, usize); 8] = [
    ("Customer Success", 8),
    ("Support Americas", 9),
    ("Support Europe", 8),
    ("Engineering", 11),
    ("Product", 7),
    ("Sales", 7),
    ("Marketing", 6),
    ("Finance", 4),
];

/// How many customer-success managers.
pub(crate) const CSMS: usize = 6;

/// A colleague.
#[derive(Debug, Clone)]
pub(crate) struct Colleague {
    /// `S-01`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Index into the teams.
    pub team: usize,
    /// Who leads them.
    pub manager: Option<usize>,
    /// Role.
    pub role: &'static str,
    /// First day employed.
    pub start: Day,
    /// How they feel about work, around zero.
    pub mood: f64,
    /// How likely their manager finds the hour.
    pub one_on_one: f64,
}

/// Everybody, team by team; the first of a team leads it, the first of all leads the leads.
pub(crate) fn hire(seed: u64, calendar: &Calendar) -> Vec<Colleague> {
    let mut dice = Dice::new(seed, "staff", 0);
    let mut staff: Vec<Colleague> = Vec::new();
    let mut names_taken: Vec<String> = Vec::new();
    for (team, (_, size)) in TEAMS.into_iter().enumerate() {
        let lead = staff.len();
        // Some leads never find the time.
        let keeps = [0.92, 0.85, 0.45, 0.80, 0.88, 0.62, 0.90, 0.70][team];
        for nth in 0..size {
            let name = loop {
                let name = names::person(&mut dice);
                if !names_taken.contains(&name) {
                    break name;
                }
            };
            names_taken.push(name.clone());
            let joiner = team == 6 && nth == size - 1;
            let start = match nth {
                _ if joiner => calendar.first(calendar.months() - 3) + 12,
                _ if team == 0 || nth * 2 < size => -dice.between(20, 900) as Day,
                _ => dice.between(-200, i64::from(calendar.end()) - 200) as Day,
            };
            staff.push(Colleague {
                id: format!("S-{:02}", staff.len() + 1),
                name,
                team,
                manager: if nth > 0 { Some(lead) } else { (lead > 0).then_some(0) },
                role: role(team, nth),
                start,
                mood: 0.5 * dice.normal() + [0.3, 0.0, -0.5, 0.2, 0.3, -0.1, 0.4, 0.1][team],
                one_on_one: (keeps + 0.1 * dice.normal()).clamp(0.1, 1.0),
            });
        }
    }
    staff
}

/// The customer-success managers, as indices.
pub(crate) fn csms() -> std::ops::RangeInclusive<usize> {
    1..=CSMS
}

/// The agents of a team who are there on a day.
pub(crate) fn agents(staff: &[Colleague], team: usize, day: Day) -> Vec<usize> {
    (0..staff.len())
        .filter(|one| staff[*one].team == team && staff[*one].role == "agent" && staff[*one].start <= day)
        .collect()
}

fn role(team: usize, nth: usize) -> &'static str {
    match (team, nth) {
        (_, 0) => "lead",
        (0, nth) if nth <= CSMS => "csm",
        (0, _) => "cs operations",
        (1 | 2, _) => "agent",
        (3, _) => "engineer",
        (4, _) => "designer",
        (5, _) => "account executive",
        (6, _) => "marketer",
        _ => "accountant",
    }
}

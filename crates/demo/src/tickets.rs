//! The helpdesk: who asks, how long it takes, and all that makes support figures hard to count.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::dice::Dice;
use crate::hours::Schedule;
use crate::mood::Temper;
use crate::offer::Country;
use crate::staff;
pub(crate) use crate::ticket_story::Ticket;
use crate::ticket_story::{Facts, Pen, later};

const CATEGORIES: [&str; 6] = ["billing", "how-to", "bug", "integration", "access", "performance"];
const CHANNELS: [&str; 4] = ["email", "chat", "phone", "web"];
const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];

/// The two desks, the default first, over the years of a company.
pub(crate) fn schedules(company: &Company) -> Result<[Schedule; 2]> {
    let years = company.calendar.date(0).year()..=company.calendar.date(company.calendar.end()).year();
    Ok([Schedule::americas(years.clone())?, Schedule::europe(years)?])
}

/// A question as it arrives.
#[derive(Clone)]
struct Arrival {
    account: Option<usize>,
    requester: usize,
    at: Timestamp,
    category: &'static str,
    /// What is special about it.
    twist: &'static str,
}

/// Every ticket, by creation.
pub(crate) fn open(company: &Company) -> Result<Vec<Ticket>> {
    let desks = schedules(company)?;
    let mut arrivals = Vec::new();
    for index in 0..company.accounts.len() {
        arrive(company, index, &mut arrivals)?;
    }
    spam(company, &mut arrivals)?;
    over_the_clock_change(company, &mut arrivals)?;
    arrivals.sort_by_key(|arrival| (arrival.at, arrival.account, arrival.requester));
    let end = company.calendar.observed_to()?;
    arrivals.retain(|arrival| arrival.at < end);
    let mut tickets: Vec<Ticket> = Vec::with_capacity(arrivals.len());
    for (number, arrival) in arrivals.iter().enumerate() {
        let before = tickets
            .iter()
            .rev()
            .take(400)
            .find(|one| one.account == arrival.account && one.merged_into.is_none() && !one.spam);
        let before = before.map(|one| one.number);
        tickets.push(handle(company, &desks, number, arrival, before, end)?);
    }
    Ok(tickets)
}

/// The tickets of an account: more seats and a worse mood, more tickets.
fn arrive(company: &Company, index: usize, arrivals: &mut Vec<Arrival>) -> Result<()> {
    let (calendar, account, life) = (&company.calendar, &company.accounts[index], &company.lives[index]);
    let mut dice = Dice::new(company.seed, "tickets", index as u64);
    let zone = TimeZone::get(account.country.zone())?;
    for month in calendar.month(account.start)..calendar.months() {
        let (first, next) = (calendar.first(month), calendar.first(month + 1));
        let middle = (first + 14).max(account.start);
        if !life.runs(middle) {
            continue;
        }
        let loud = if account.temper == Temper::LoudSurvivor { 1.5 } else { 1.0 };
        let young = if first < account.start + 60 { 1.6 } else { 1.0 };
        let seats = (life.seats(middle).max(1) as f64).sqrt();
        let rate = 0.21 * seats * (-0.55 * account.mood.at(month)).exp().min(4.0) * loud * young;
        for _ in 0..dice.poisson(rate) {
            let day = dice.between(i64::from(first), i64::from(next - 1)) as Day;
            if !life.runs(day) || (calendar.is_weekend(day) && dice.chance(0.8)) {
                continue;
            }
            let twist = TWISTS[dice.weighted(&TWIST_WEIGHTS)];
            let arrival = Arrival {
                account: Some(index),
                requester: dice.below(company.people[index].len().min(8)),
                at: calendar.instant(day, working_hour(&mut dice), &zone)?,
                category: dice.pick(&CATEGORIES),
                twist,
            };
            if twist == "repeat_contact" {
                let again = later(arrival.at, dice.between(2_000, 8_500) as f64);
                arrivals.push(Arrival { at: again, twist: "repeats_earlier", ..arrival.clone() });
            }
            arrivals.push(arrival);
        }
    }
    Ok(())
}

const TWISTS: [&str; 9] = [
    "",
    "agent_opened",
    "merged",
    "thanks_reopening",
    "real_reopening",
    "repeat_contact",
    "one_touch",
    "moved_desk",
    "never_answered",
];
const TWIST_WEIGHTS: [f64; 9] = [0.42, 0.05, 0.03, 0.06, 0.06, 0.05, 0.31, 0.012, 0.008];

/// Seconds after midnight, mostly in office hours.
pub(crate) fn working_hour(dice: &mut Dice) -> i64 {
    let hour = if dice.chance(0.9) { 8.0 + 10.0 * dice.unit() } else { 24.0 * dice.unit() };
    (hour * 3_600.0) as i64
}

fn spam(company: &Company, arrivals: &mut Vec<Arrival>) -> Result<()> {
    let mut dice = Dice::new(company.seed, "spam", 0);
    for day in 0..company.calendar.end() {
        if dice.chance(0.15) {
            let at = company.calendar.instant(day, dice.between(0, 86_399), &TimeZone::UTC)?;
            arrivals.push(Arrival { account: None, requester: 0, at, category: "other", twist: "spam" });
        }
    }
    Ok(())
}

/// One asked on the Friday evening before the clocks of the American desk change, answered on the Monday after.
fn over_the_clock_change(company: &Company, arrivals: &mut Vec<Arrival>) -> Result<()> {
    let calendar = &company.calendar;
    let year = calendar.date(calendar.end() - 1).year();
    let zone = TimeZone::get("America/New_York")?;
    for march in [date(year, 3, 1), date(year - 1, 3, 1)] {
        // Clocks change on the second Sunday of March.
        let sunday = calendar.day(march) + i32::from(7 - march.weekday().to_sunday_zero_offset()) % 7 + 7;
        let friday = sunday - 2;
        let asks = |index: &usize| {
            let account = &company.accounts[*index];
            account.country == Country::Us && company.lives[*index].runs(friday)
        };
        if friday + 10 >= calendar.end() {
            continue;
        }
        let Some(account) = (0..company.accounts.len()).find(asks) else { continue };
        let at = calendar.instant(friday, 18 * 3_600 + 1_500, &zone)?;
        arrivals.push(Arrival {
            account: Some(account),
            requester: 0,
            at,
            category: "bug",
            twist: "over_clock_change",
        });
        return Ok(());
    }
    Ok(())
}

fn handle(
    company: &Company,
    desks: &[Schedule; 2],
    number: usize,
    arrival: &Arrival,
    before: Option<usize>,
    end: Timestamp,
) -> Result<Ticket> {
    let mut dice = Dice::new(company.seed, "handling", number as u64);
    let country = arrival.account.map_or(Country::Us, |account| company.accounts[account].country);
    let desk = usize::from(country != Country::Us);
    let day = company.calendar.day_of(arrival.at);
    let month = company.calendar.month(day);
    let mood = arrival.account.map_or(0.0, |account| company.accounts[account].mood.at(month));
    let agents = staff::agents(&company.staff, 1 + desk, day);
    let assignee = dice.pick(&agents);
    let priority = dice.weighted(&[0.06, 0.18, 0.56, 0.20]);
    let customer = arrival
        .account
        .and_then(|account| company.people[account].get(arrival.requester))
        .map_or("", |contact| &contact.id);
    let ticket = Ticket {
        number,
        account: arrival.account,
        requester: arrival.account.map(|_| arrival.requester),
        assignee,
        channel: CHANNELS[dice.weighted(&[0.5, 0.25, 0.12, 0.13])],
        category: arrival.category,
        priority: PRIORITIES[priority],
        schedule: desks[desk].name,
        opened_by: if arrival.twist == "agent_opened" { "agent" } else { "customer" },
        spam: arrival.twist == "spam",
        merged_into: before.filter(|_| arrival.twist == "merged"),
        escalated: arrival.account.is_some() && dice.chance(0.03 + (0.06 * -mood).max(0.0)),
        created: arrival.at,
        events: Vec::new(),
        facts: Facts { open: true, ..Facts::default() },
    };
    let mut pen = Pen { ticket, end, customer, agent: &company.staff[assignee].id };
    let weight = [0.2, 0.5, 1.0, 1.9][priority];
    let hurry = if pen.ticket.channel == "chat" { 0.25 } else { 1.0 };
    let wait = dice.around(130.0 * weight * hurry * company.story.slowness(month), 0.9);
    let scene = Scene { desks, desk, wait, work: dice.around(260.0 * company.story.slowness(month), 1.0), mood };
    tell(&mut pen, &mut dice, arrival, &scene)?;
    pen.ticket.events.sort_by_key(|event| event.at);
    Ok(pen.ticket)
}

/// The circumstances of a ticket.
struct Scene<'a> {
    desks: &'a [Schedule; 2],
    desk: usize,
    /// Business minutes to the first reply, and then to the solution.
    wait: f64,
    work: f64,
    mood: f64,
}

fn tell(pen: &mut Pen<'_>, dice: &mut Dice, arrival: &Arrival, scene: &Scene<'_>) -> Result<()> {
    let at = arrival.at;
    let desk = &scene.desks[scene.desk];
    // A first ticket has nothing to be merged into.
    let untold = arrival.twist.is_empty() || (arrival.twist == "merged" && pen.ticket.merged_into.is_none());
    if !untold {
        pen.told(arrival.twist);
    }
    pen.status(at, "new");
    if pen.ticket.opened_by == "agent" {
        pen.answers(at);
        // The customer writes back.
        let back = later(at, dice.between(60, 2_000) as f64);
        pen.status(back, "open");
        pen.asks(back);
        let reply = desk.after(back, scene.wait)?;
        pen.answers(reply);
        return solve(pen, dice, reply, scene);
    }
    pen.asks(at);
    if pen.ticket.channel != "phone" && dice.chance(0.4) {
        pen.told("bot_reply");
        pen.bot(later(at, 0.3));
    }
    match arrival.twist {
        "spam" => {
            pen.status(later(at, dice.between(10, 3_000) as f64), "closed");
            return Ok(());
        }
        "merged" if pen.ticket.merged_into.is_some() => {
            pen.status(desk.after(at, scene.wait * 0.6)?, "closed");
            return Ok(());
        }
        "never_answered" => {
            if dice.chance(0.5) {
                pen.status(desk.after(at, scene.wait)?, "hold");
            }
            return Ok(());
        }
        _ => {}
    }
    let wait = if arrival.twist == "over_clock_change" { 45.0 } else { scene.wait };
    let mut now = desk.after(at, wait)?;
    if dice.chance(0.3) {
        pen.told("private_note");
        pen.notes(desk.after(at, wait * 0.5)?);
    }
    if arrival.twist == "moved_desk" {
        let other = &scene.desks[1 - scene.desk];
        pen.moves_to(now, other.name);
        now = other.after(now, 40.0 + scene.wait)?;
    }
    pen.status(now, "open");
    pen.answers(now);
    if arrival.twist == "one_touch" || arrival.twist == "over_clock_change" {
        pen.status(later(now, dice.between(1, 12) as f64), "solved");
        return Ok(());
    }
    solve(pen, dice, now, scene)
}

/// From the first reply to the last solve.
fn solve(pen: &mut Pen<'_>, dice: &mut Dice, from: Timestamp, scene: &Scene<'_>) -> Result<()> {
    let desk = &scene.desks[scene.desk];
    let mut now = from;
    for _ in 0..dice.weighted(&[0.35, 0.4, 0.18, 0.07]) {
        if dice.chance(0.5) {
            pen.status(later(now, 1.0), "pending");
        }
        let back = later(now, dice.around(300.0, 1.0));
        pen.asks(back);
        pen.status(back, "open");
        now = desk.after(back, scene.work * 0.4)?;
        pen.answers(now);
    }
    let mut solved = desk.after(now, scene.work)?;
    if dice.chance(0.35) {
        pen.answers(solved);
    }
    solved = later(solved, 2.0);
    pen.status(solved, "solved");
    let told = pen.ticket.facts.told.first().copied().unwrap_or_default();
    if told == "thanks_reopening" {
        let back = later(solved, dice.between(5, 900) as f64);
        pen.asks(back);
        pen.status(back, "open");
        pen.status(desk.after(back, dice.between(3, 60) as f64)?, "solved");
    } else if told == "real_reopening" || (scene.mood < -1.0 && dice.chance(0.06)) {
        let back = later(solved, dice.between(400, 6_000) as f64);
        pen.asks(back);
        pen.status(back, "open");
        let reply = desk.after(back, scene.wait)?;
        pen.answers(reply);
        pen.status(desk.after(reply, scene.work)?, "solved");
    }
    Ok(())
}

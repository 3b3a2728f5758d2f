//! Customers asked and answering: relationship and transactional NPS, CSAT on three scales, two versions of CES.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::dice::Dice;
use crate::ticket_story::later;
use crate::tickets::{Ticket, working_hour};
use crate::verbatims;

/// A survey and its scale.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Name.
    pub name: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// Relationship or transactional.
    pub touch: &'static str,
    /// Version of the question.
    pub version: &'static str,
    /// Lowest point.
    pub min: i64,
    /// Highest point.
    pub max: i64,
}

const fn survey(
    name: &'static str,
    kind: &'static str,
    touch: &'static str,
    version: &'static str,
    min: i64,
    max: i64,
) -> Survey {
    Survey { name, kind, touch, version, min, max }
}

/// The quarterly question.
pub(crate) static RELATIONSHIP: Survey = survey("Relationship NPS", "nps", "relationship", "", 0, 10);
static ONBOARDED: Survey = survey("Onboarding NPS", "nps", "transactional", "", 0, 10);
static CHAT: Survey = survey("Chat thumbs", "csat", "transactional", "", 1, 2);
static PHONE: Survey = survey("Phone smileys", "csat", "transactional", "", 1, 3);
static MAIL: Survey = survey("Ticket stars", "csat", "transactional", "", 1, 5);
static EFFORT_1: Survey = survey("Effort", "ces", "transactional", "1.0", 1, 5);
static EFFORT_2: Survey = survey("Effort", "ces", "transactional", "2.0", 1, 7);

/// An invitation.
#[derive(Debug, Clone)]
pub(crate) struct Send {
    /// Survey.
    pub survey: &'static Survey,
    /// Account and person asked, as indices.
    pub to: (usize, usize),
    /// How.
    pub channel: &'static str,
    /// The invitation this one reminds of.
    pub reminder_of: Option<usize>,
    /// When.
    pub at: Timestamp,
    /// Not bounced.
    pub delivered: bool,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    /// Survey.
    pub survey: &'static Survey,
    /// The invitation; none of what was asked in the product.
    pub send: Option<usize>,
    /// Account and person, as indices.
    pub by: (usize, usize),
    /// Known by mail address only.
    pub by_mail: bool,
    /// Ticket rated, an index.
    pub ticket: Option<usize>,
    /// Score; none: left blank.
    pub score: Option<f64>,
    /// Verbatim.
    pub comment: &'static str,
    /// When.
    pub at: Timestamp,
}

/// Everything asked of customers, and answered.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    /// Invitations.
    pub sends: Vec<Send>,
    /// Answers before the end.
    pub responses: Vec<Response>,
}

struct Ear<'a> {
    company: &'a Company,
    dice: Dice,
    end: Timestamp,
    voice: Voice,
}

/// Asks everybody.
pub(crate) fn ask(company: &Company) -> Result<Voice> {
    let dice = Dice::new(company.seed, "surveys", 0);
    let mut ear = Ear { company, dice, end: company.calendar.observed_to()?, voice: Voice::default() };
    for index in 0..company.accounts.len() {
        ear.relationship(index)?;
        ear.onboarded(index)?;
    }
    for (number, ticket) in company.tickets.iter().enumerate() {
        ear.rated(number, ticket);
    }
    Ok(ear.voice)
}

impl Ear<'_> {
    /// Each quarter, up to three people of each account.
    fn relationship(&mut self, index: usize) -> Result<()> {
        let (calendar, account) = (&self.company.calendar, &self.company.accounts[index]);
        let zone = TimeZone::get(account.country.zone())?;
        for quarter in (0..calendar.months()).step_by(3) {
            let (first, next) = (calendar.first(quarter), calendar.first(quarter + 3));
            let day = self.dice.between(i64::from(first) + 12, i64::from(next) - 20) as Day;
            if day < account.start + 45 || !self.company.lives[index].runs(day) {
                continue;
            }
            let asked = 1 + self.dice.below(3);
            for person in 0..asked.min(self.company.people[index].len()) {
                let at = calendar.instant(day, working_hour(&mut self.dice), &zone)?;
                let score = self.attitude(index, person, day);
                self.invite(&RELATIONSHIP, (index, person), at, 0.36, None, score);
            }
        }
        Ok(())
    }

    /// In the product, once live: no invitation is on record.
    fn onboarded(&mut self, index: usize) -> Result<()> {
        let (calendar, account) = (&self.company.calendar, &self.company.accounts[index]);
        let Some(day) = account.onboarding.live.map(|live| live + 5).filter(|day| *day < calendar.end()) else {
            return Ok(());
        };
        if !self.company.lives[index].runs(day) || !self.dice.chance(0.55) {
            return Ok(());
        }
        let zone = TimeZone::get(account.country.zone())?;
        let at = calendar.instant(day, working_hour(&mut self.dice), &zone)?;
        let score = self.attitude(index, 0, day);
        self.answer(&ONBOARDED, None, (index, 0), None, at, score);
        Ok(())
    }

    /// After a solved ticket: how was it, or how hard was it.
    fn rated(&mut self, number: usize, ticket: &Ticket) {
        let (Some(account), Some(person), Some(solved)) = (ticket.account, ticket.requester, ticket.facts.last_solve)
        else {
            return;
        };
        if ticket.facts.open || ticket.merged_into.is_some() || !self.dice.chance(0.55) {
            return;
        }
        let waited = ticket
            .facts
            .first_reply
            .map_or(48.0, |reply| (reply.as_second() - ticket.created.as_second()) as f64 / 3_600.0);
        let mood =
            self.company.accounts[account].mood.at(self.company.calendar.month(self.company.calendar.day_of(solved)));
        let reopened = f64::from(ticket.facts.reopenings);
        // Zero is the middle of the scale, one its top.
        let felt = 0.92 + 0.28 * mood - 0.16 * (1.0 + waited / 6.0).ln() - 0.25 * reopened + 0.5 * self.dice.normal();
        let effort = self.dice.chance(0.22);
        let survey = match ticket.channel {
            _ if effort && self.company.calendar.day_of(solved) < self.company.story.effort_v2 => &EFFORT_1,
            _ if effort => &EFFORT_2,
            "chat" => &CHAT,
            "phone" => &PHONE,
            _ => &MAIL,
        };
        let felt = if survey == &EFFORT_1 { -felt } else { felt };
        let (min, max) = (survey.min as f64, survey.max as f64);
        let score = ((min + max) / 2.0 + felt * (max - min) / 2.0).round().clamp(min, max);
        let at = later(solved, 30.0);
        self.invite(survey, (account, person), at, 0.31, Some(number), score);
    }

    /// What a person would answer from 0 to 10.
    fn attitude(&mut self, index: usize, person: usize, day: Day) -> f64 {
        let mood = self.company.accounts[index].mood.at(self.company.calendar.month(day));
        // The sponsor sees the bill, the admin the product.
        let seat = [0.2, -0.2, 0.0, 0.1][person.min(3)];
        (7.7 + 1.35 * mood + seat + 1.4 * self.dice.normal()).round().clamp(0.0, 10.0)
    }

    fn invite(
        &mut self,
        survey: &'static Survey,
        to: (usize, usize),
        at: Timestamp,
        rate: f64,
        ticket: Option<usize>,
        score: f64,
    ) {
        if at >= self.end {
            return;
        }
        let send = self.voice.sends.len();
        let delivered = !self.dice.chance(0.03);
        let channel = if ticket.is_some() { "link" } else { "email" };
        self.voice.sends.push(Send { survey, to, channel, reminder_of: None, at, delivered });
        let eager = if score >= 9.0 || score <= 3.0 { 0.05 } else { 0.0 };
        if delivered && self.dice.chance(rate + eager) {
            let after = self.dice.around(900.0, 1.2).clamp(2.0, 40.0 * 1_440.0);
            return self.answer(survey, Some(send), to, ticket, later(at, after), score);
        }
        let week = later(at, 7.0 * 1_440.0);
        if delivered && ticket.is_none() && week < self.end && self.dice.chance(0.6) {
            self.voice.sends.push(Send { survey, to, channel, reminder_of: Some(send), at: week, delivered: true });
            if self.dice.chance(0.12) {
                let after = self.dice.around(600.0, 1.0).clamp(2.0, 20.0 * 1_440.0);
                self.answer(survey, Some(send), to, ticket, later(week, after), score);
            }
        }
    }

    fn answer(
        &mut self,
        survey: &'static Survey,
        send: Option<usize>,
        by: (usize, usize),
        ticket: Option<usize>,
        at: Timestamp,
        score: f64,
    ) {
        if at >= self.end {
            return;
        }
        let odd = self.dice.weighted(&[0.945, 0.022, 0.013, 0.02]);
        let score = match odd {
            1 => None,
            2 => Some(if survey.kind == "nps" { self.dice.pick(&[11.0, 6.5, -1.0]) } else { survey.max as f64 + 1.0 }),
            _ => Some(score),
        };
        let by_mail = odd == 3 && ticket.is_none();
        let percent = |score: f64| ((score - survey.min as f64) * 100.0 / (survey.max - survey.min) as f64) as i64;
        let talks = if survey.kind == "nps" { 0.45 } else { 0.12 };
        let comment = match score {
            Some(score) if odd == 0 && survey.version != "1.0" && self.dice.chance(talks) => {
                verbatims::customer(&mut self.dice, percent(score))
            }
            None if self.dice.chance(0.3) => "Ask me again later.",
            _ => "",
        };
        let response = Response { survey, send, by, by_mail, ticket, score, comment, at };
        let twice = odd == 0 && survey.kind == "nps" && self.dice.chance(0.05);
        if twice && let Some(score) = score {
            let change = self.dice.between(-2, 1) as f64;
            let at = later(at, self.dice.between(30, 9_000) as f64);
            if at < self.end {
                let score = Some((score + change).clamp(0.0, 10.0));
                self.voice.responses.push(response.clone());
                self.voice.responses.push(Response { score, at, comment: "", ..response });
                return;
            }
        }
        self.voice.responses.push(response);
    }
}

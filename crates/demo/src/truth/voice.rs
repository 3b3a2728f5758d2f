//! What customers answered, counted by the default definitions.

use std::collections::BTreeMap;
use std::path::Path;

use super::table;
use crate::Result;
use crate::company::Company;
use crate::surveys::{RELATIONSHIP, Response};

/// Relationship answers of a period, the latest of each person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Promoters {
    /// Nine and ten.
    pub promoters: u32,
    /// Seven and eight.
    pub passives: u32,
    /// Six and less.
    pub detractors: u32,
    /// Left out: answered again.
    pub superseded: u32,
    /// Left out: no score.
    pub blank: u32,
    /// Left out: not on the scale.
    pub off_scale: u32,
}

impl Promoters {
    /// How many count.
    pub fn n(&self) -> u32 {
        self.promoters + self.passives + self.detractors
    }

    /// The score.
    pub fn nps(&self) -> Option<f64> {
        (self.n() > 0).then(|| 100.0 * (f64::from(self.promoters) - f64::from(self.detractors)) / f64::from(self.n()))
    }
}

/// Counts each quarter, or each month.
pub(crate) fn promoters(company: &Company, by_quarter: bool) -> BTreeMap<String, Promoters> {
    let mut periods: BTreeMap<String, Promoters> = BTreeMap::new();
    let mut latest: BTreeMap<(String, usize, usize, bool), (jiff::Timestamp, usize)> = BTreeMap::new();
    let responses = &company.voice.responses;
    for (number, response) in responses.iter().enumerate().filter(|(_, response)| *response.survey == RELATIONSHIP) {
        let label = label(company, response, by_quarter);
        let counts = periods.entry(label.clone()).or_default();
        match response.score {
            None => counts.blank += 1,
            Some(score) if score.fract() != 0.0 || !(0.0..=10.0).contains(&score) => counts.off_scale += 1,
            Some(_) => {
                let key = (label, response.by.0, response.by.1, response.by_mail);
                let is = (response.at, number);
                let best = latest.entry(key).or_insert(is);
                if *best != is {
                    counts.superseded += 1;
                }
                *best = is.max(*best);
            }
        }
    }
    for ((label, ..), (_, number)) in latest {
        let counts = periods.entry(label).or_default();
        match responses[number].score {
            Some(score) if score >= 9.0 => counts.promoters += 1,
            Some(score) if score <= 6.0 => counts.detractors += 1,
            _ => counts.passives += 1,
        }
    }
    periods
}

fn label(company: &Company, response: &Response, by_quarter: bool) -> String {
    let day = company.calendar.day_of(response.at);
    if by_quarter { company.calendar.quarter_label(day) } else { company.calendar.label(company.calendar.month(day)) }
}

/// Writes `nps.csv`, `ratings.csv` and `invitations.csv`.
pub(super) fn write(dir: &Path, company: &Company) -> Result<()> {
    let periods = promoters(company, true).into_iter().chain(promoters(company, false));
    let rows = periods.map(|(label, is)| {
        let mut row = vec![label, is.nps().map(|nps| format!("{nps:.6}")).unwrap_or_default()];
        let counts = [is.n(), is.promoters, is.passives, is.detractors, is.superseded, is.blank, is.off_scale];
        row.extend(counts.map(|count| count.to_string()));
        row
    });
    table(dir, "nps.csv", "period,nps,n,promoters,passives,detractors,superseded,blank,off_scale", rows)?;
    ratings(dir, company)?;
    invitations(dir, company)
}

/// Ratings on one scale.
#[derive(Default)]
struct Ratings {
    n: u32,
    satisfied: u32,
    sum: f64,
}

/// CSAT and CES a quarter, a survey and a version: nobody rates a ticket twice here.
fn ratings(dir: &Path, company: &Company) -> Result<()> {
    let mut cells: BTreeMap<(String, &str, &str, i64), Ratings> = BTreeMap::new();
    for response in company.voice.responses.iter().filter(|response| response.survey.kind != "nps") {
        let survey = response.survey;
        let Some(score) = response.score.filter(|score| (survey.min as f64..=survey.max as f64).contains(score)) else {
            continue;
        };
        let satisfied = match survey.max {
            2 => score >= 2.0,
            3 => score >= 3.0,
            5 => score >= 4.0,
            _ => score >= 6.0,
        };
        let cell = cells.entry((label(company, response, true), survey.name, survey.version, survey.max)).or_default();
        cell.n += 1;
        cell.satisfied += u32::from(satisfied && survey.kind == "csat");
        cell.sum += score;
    }
    let rows = cells.into_iter().map(|((period, name, version, max), is)| {
        vec![
            period,
            name.to_owned(),
            version.to_owned(),
            max.to_string(),
            is.n.to_string(),
            is.satisfied.to_string(),
            format!("{:.6}", is.sum / f64::from(is.n)),
        ]
    });
    table(dir, "ratings.csv", "quarter,survey,version,scale_max,n,satisfied,mean", rows)
}

/// Invitations a quarter: reminders are none, and an answer counts for thirty days.
fn invitations(dir: &Path, company: &Company) -> Result<()> {
    let mut first: Vec<[Option<i64>; 2]> = vec![[None; 2]; company.voice.sends.len()];
    for response in &company.voice.responses {
        let Some(send) = response.send else { continue };
        let after = response.at.as_second() - company.voice.sends[send].at.as_second();
        let says_something = response.score.is_some() || !response.comment.is_empty();
        for (first, counts) in first[send].iter_mut().zip([true, says_something]) {
            if counts {
                *first = Some(first.map_or(after, |first| first.min(after)));
            }
        }
    }
    let mut cells: BTreeMap<(String, &str), [u32; 4]> = BTreeMap::new();
    for (number, send) in company.voice.sends.iter().enumerate().filter(|(_, send)| send.reminder_of.is_none()) {
        let quarter = company.calendar.quarter_label(company.calendar.day_of(send.at));
        let cell = cells.entry((quarter, send.survey.kind)).or_default();
        let within = first[number].map(|after| after.is_some_and(|after| after <= 30 * 86_400));
        cell[0] += 1;
        cell[1] += u32::from(send.delivered);
        cell[2] += u32::from(within[0]);
        cell[3] += u32::from(within[1]);
    }
    let rows = cells.into_iter().map(|((quarter, kind), counts)| {
        [quarter, kind.to_owned()].into_iter().chain(counts.map(|count| count.to_string())).collect()
    });
    table(dir, "invitations.csv", "sent_in,kind,invitations,delivered,answered_in_30_days,of_them_not_blank", rows)
}

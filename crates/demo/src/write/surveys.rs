//! The survey tool: invitations and answers as JSON Lines, one object an answer.

use std::path::Path;

use super::Dirt;
use crate::Result;
use crate::company::Company;
use crate::export::{Sheet, Summary};
use crate::surveys::Response;

/// Writes both.
pub(super) fn write(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    sends(dir, company, summary)?;
    responses(dir, company, summary)
}

fn sends(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "survey sends");
    let fields =
        ["invite", "survey", "type", "account", "contact", "email", "channel", "reminder_of", "sent", "#delivered"];
    let mut sheet = Sheet::jsonl(dir, "surveys/sends.jsonl", ("surveys", "survey_sends"), &fields)?;
    for (number, send) in company.voice.sends.iter().enumerate() {
        let (account, person) = (&company.accounts[send.to.0], &company.people[send.to.0][send.to.1]);
        let (id, sent) = (invite(number), send.at.to_string());
        let reminder_of = send.reminder_of.map(invite).unwrap_or_default();
        let delivered = if send.delivered { "true" } else { "false" };
        let survey = send.survey;
        let row = [
            &id,
            survey.name,
            survey.kind,
            &account.id,
            &person.id,
            &person.email,
            send.channel,
            &reminder_of,
            &sent,
            delivered,
        ];
        dirt.soil(&mut sheet, row, |dirt, broken| match dirt.way(2) {
            0 => broken[0] = "",
            _ => (broken[0], broken[8]) = ("N-test", "scheduled"),
        })?;
    }
    sheet.close(summary)
}

fn responses(dir: &Path, company: &Company, summary: &mut Summary) -> Result<()> {
    let mut dirt = Dirt::new(company, "survey responses");
    let fields = [
        "answer",
        "survey",
        "type",
        "touch",
        "version",
        "invite",
        "account",
        "contact",
        "email",
        "ticket",
        "#score",
        "#scale_min",
        "#scale_max",
        "comment",
        "answered",
    ];
    let mut sheet = Sheet::jsonl(dir, "surveys/responses.jsonl", ("surveys", "survey_responses"), &fields)?;
    let mut late = Vec::new();
    for (number, response) in company.voice.responses.iter().enumerate() {
        let row = answer_fields(company, number, response);
        if dirt.late() {
            late.push(row);
            continue;
        }
        let row = row.each_ref().map(String::as_str);
        dirt.soil(&mut sheet, row, |dirt, broken| match dirt.way(3) {
            0 => broken[0] = "",
            1 => (broken[0], broken[2]) = ("X-test", ""),
            _ => (broken[0], broken[14]) = ("X-test", "yesterday"),
        })?;
    }
    for row in &late {
        sheet.accept(&row.each_ref().map(String::as_str))?;
    }
    sheet.close(summary)
}

fn answer_fields(company: &Company, number: usize, response: &Response) -> [String; 15] {
    let survey = response.survey;
    let (account, person) = (&company.accounts[response.by.0], &company.people[response.by.0][response.by.1]);
    [
        answer_id(number),
        survey.name.to_owned(),
        survey.kind.to_owned(),
        survey.touch.to_owned(),
        survey.version.to_owned(),
        response.send.map(invite).unwrap_or_default(),
        account.id.clone(),
        if response.by_mail { String::new() } else { person.id.clone() },
        if response.by_mail { person.email.to_uppercase() } else { person.email.clone() },
        response.ticket.map(|ticket| company.tickets[ticket].id()).unwrap_or_default(),
        response.score.map(|score| score.to_string()).unwrap_or_default(),
        survey.min.to_string(),
        survey.max.to_string(),
        response.comment.to_owned(),
        response.at.to_string(),
    ]
}

/// An answer's id.
pub(crate) fn answer_id(number: usize) -> String {
    format!("X{:06}", number + 1)
}

fn invite(number: usize) -> String {
    format!("N{:06}", number + 1)
}

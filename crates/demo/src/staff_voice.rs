//! The company's own people asked: a pulse every month, eNPS every quarter.

use jiff::Timestamp;

use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::dice::Dice;
use crate::verbatims;

/// The questions of the pulse, from 1 to 5.
pub(crate) const PULSE: [&str; 4] = ["workload", "clarity", "recognition", "tools"];

/// An invitation; a pulse asks all its questions at once.
#[derive(Debug, Clone)]
pub(crate) struct StaffSend {
    /// `enps` or `pulse`.
    pub kind: &'static str,
    /// Who, an index.
    pub staff: usize,
    /// When.
    pub at: Timestamp,
}

/// An answer to one question.
#[derive(Debug, Clone)]
pub(crate) struct StaffResponse {
    /// The invitation, an index.
    pub send: usize,
    /// The question of a pulse.
    pub question: &'static str,
    /// Score; none: skipped.
    pub score: Option<i64>,
    /// Verbatim.
    pub comment: &'static str,
    /// When.
    pub at: Timestamp,
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct StaffVoice {
    /// Invitations.
    pub sends: Vec<StaffSend>,
    /// Answers.
    pub responses: Vec<StaffResponse>,
}

/// Asks everybody employed.
pub(crate) fn ask(company: &Company) -> Result<StaffVoice> {
    let mut dice = Dice::new(company.seed, "staff voice", 0);
    let mut voice = StaffVoice::default();
    let calendar = &company.calendar;
    for month in 0..calendar.months() {
        ask_all(company, &mut dice, &mut voice, "pulse", month, calendar.first(month) + 5)?;
        if calendar.date(calendar.first(month)).month() % 3 == 2 {
            ask_all(company, &mut dice, &mut voice, "enps", month, calendar.first(month) + 18)?;
        }
    }
    Ok(voice)
}

fn ask_all(
    company: &Company,
    dice: &mut Dice,
    voice: &mut StaffVoice,
    kind: &'static str,
    month: usize,
    day: Day,
) -> Result<()> {
    let calendar = &company.calendar;
    for (staff, colleague) in company.staff.iter().enumerate() {
        if colleague.start > day {
            continue;
        }
        let send = voice.sends.len();
        voice.sends.push(StaffSend { kind, staff, at: calendar.instant(day, 9 * 3_600, &calendar.zone)? });
        if !dice.chance(0.78) {
            continue;
        }
        let mood = colleague.mood + 0.5 * company.story.push(month) + 0.55 * dice.normal();
        let at = calendar.instant(day + dice.between(0, 6) as Day, dice.between(32_400, 64_000), &calendar.zone)?;
        if kind == "enps" {
            let score = (7.9 + 1.5 * mood).round().clamp(0.0, 10.0) as i64;
            let comment = if dice.chance(0.25) { verbatims::staff(dice) } else { "" };
            voice.responses.push(StaffResponse { send, question: "", score: Some(score), comment, at });
            continue;
        }
        for (nth, question) in PULSE.into_iter().enumerate() {
            let felt = 3.6 + 0.7 * mood - [0.4, 0.0, 0.1, 0.2][nth] + 0.5 * dice.normal();
            let score = (!dice.chance(0.03)).then_some(felt.round().clamp(1.0, 5.0) as i64);
            voice.responses.push(StaffResponse { send, question, score, comment: "", at });
        }
    }
    Ok(())
}

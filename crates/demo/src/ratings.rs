//! What CSMs think of their customers, where they found the time to write it down: a number, a reason, and until when it holds.

use jiff::Timestamp;

use crate::Result;
use crate::calendar::Day;
use crate::company::Company;
use crate::dice::Dice;

/// The month in which the CRM got a field for it.
const FIRST_MONTH: usize = 22;

/// One rating.
#[derive(Debug, Clone)]
pub(crate) struct Rating {
    /// Of whom.
    pub account: usize,
    /// By which colleague.
    pub staff: usize,
    /// 0 to 100, in steps of five.
    pub score: i64,
    /// Why.
    pub reason: &'static str,
    /// When.
    pub at: Timestamp,
    /// The day it no longer holds.
    pub expires: Day,
}

const LOW: [&str; 4] = [
    "sponsor no longer answers",
    "complaints in every call",
    "pilot of a competitor mentioned",
    "little use since the reorganisation",
];
const MIDDLE: [&str; 4] =
    ["quiet, nothing new", "new contact, too early to tell", "some open questions", "steady, no plans to grow"];
const HIGH: [&str; 4] =
    ["sponsor is delighted", "asked for a second team", "agreed to be a reference", "uses all that they pay for"];

/// How a CSM rates.
struct Habit {
    /// Points above or below what others would say.
    lenient: f64,
    /// How often, against the others.
    diligent: f64,
    /// Days a rating holds.
    holds: Day,
}

impl Habit {
    fn draw(dice: &mut Dice) -> Self {
        Self { lenient: 6.0 * dice.normal(), diligent: 0.4 + 1.2 * dice.unit(), holds: dice.pick(&[30, 60, 90]) }
    }
}

/// All ratings, by account and time.
pub(crate) fn rate(company: &Company) -> Result<Vec<Rating>> {
    let mut dice = Dice::new(company.seed, "health ratings", 0);
    let habits: Vec<Habit> = company.staff.iter().map(|_| Habit::draw(&mut dice)).collect();
    let mut all = Vec::new();
    for index in 0..company.accounts.len() {
        for month in FIRST_MONTH..company.calendar.months() {
            all.extend(write_down(company, &mut dice, &habits, index, month)?);
        }
    }
    Ok(all)
}

/// At most one a month, and mostly of those who pay much.
fn write_down(
    company: &Company,
    dice: &mut Dice,
    habits: &[Habit],
    account: usize,
    month: usize,
) -> Result<Option<Rating>> {
    let calendar = &company.calendar;
    let (first, next) = (calendar.first(month), calendar.first(month + 1));
    let day = dice.between(i64::from(first), i64::from(next - 1)) as Day;
    let staff = company.csm(account, day);
    let often = [0.05, 0.25, 0.5][company.accounts[account].plan as usize];
    let wanted = dice.chance(often * habits[staff].diligent);
    // Somebody met the customer: it has been one for a month.
    let known = company.accounts[account].start < calendar.first(month - 1) && company.lives[account].runs(day);
    if !wanted || !known || calendar.is_weekend(day) {
        return Ok(None);
    }
    // The month before is over: nobody feels what is to come.
    let felt = company.accounts[account].mood.at(month - 1);
    let thought = 62.0 + 13.0 * felt + habits[staff].lenient + 11.0 * dice.normal();
    let score = 5 * (thought.clamp(0.0, 100.0) / 5.0).round() as i64;
    let reasons = match score {
        ..45 => LOW,
        45..75 => MIDDLE,
        _ => HIGH,
    };
    let reason = dice.pick(&reasons);
    let at = calendar.instant(day, dice.between(32_400, 61_200), &calendar.zone)?;
    Ok(Some(Rating { account, staff, score, reason, at, expires: day + habits[staff].holds }))
}

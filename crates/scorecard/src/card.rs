//! A scorecard: groups of signals, and how they become one score.

use crate::colour::Colours;
use crate::scale::Scale;
use crate::span::Days;
use rust_decimal::Decimal;
use serde::Deserialize;

/// A checked scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scorecard {
    /// The file's name without its ending.
    pub id: String,
    /// The file it came from.
    pub file: String,
    /// That file's text.
    pub text: String,
    /// Its name for people.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// Of several scorecards that an account could have, the lowest order wins; then the first by id.
    pub order: i64,
    /// Which accounts: each name must have one of its values. Empty: every account.
    pub when: Vec<(String, Vec<String>)>,
    /// How points become a score.
    pub formula: Formula,
    /// What to do without a fresh value, unless a signal says otherwise.
    pub missing: Missing,
    /// The points of a missing signal under [`Missing::Neutral`], and where [`Formula::Points`] starts.
    pub neutral: Decimal,
    /// Where colours begin.
    pub colours: Colours,
    /// The groups, in the order of the file.
    pub groups: Vec<Group>,
    /// Hash of all that it says, its signals' definitions included: another definition is another version.
    pub version: String,
}

/// Signals of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Its weight among the groups.
    pub weight: Decimal,
    /// Its signals, in the order of the file.
    pub members: Vec<Member>,
}

/// A signal on a scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The signal's id.
    pub signal: String,
    /// Its name for people.
    pub title: String,
    /// Its weight within the group.
    pub weight: Decimal,
    /// How its value becomes points.
    pub scale: Scale,
    /// A value older than this is stale; `None`: it never is.
    pub max_age: Option<Days>,
    /// What to do without a fresh value.
    pub missing: Missing,
    /// Under [`Missing::LastValue`]: how old the last value may be.
    pub up_to: Option<Days>,
}

/// How points become a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// The weighted mean of each group, and of the groups. (Gainsight, Vitally, Catalyst)
    WeightedMean,
    /// Points added to and taken from a neutral start, held within 0 and 100. (Planhat)
    Points,
    /// The lowest points of any signal: one poor signal makes a poor account. (Totango)
    WorstOf,
    /// What a person said, with a reason and for a time. (ClientSuccess)
    HumanRating,
}

/// What a signal without a fresh value does to the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// It is left out, and the others' weights grow in proportion.
    LeaveOut,
    /// It counts as neither good nor bad.
    Neutral,
    /// It counts as the worst its scale can give.
    Poor,
    /// Its last value counts, up to an age; beyond it the signal is left out.
    LastValue,
}

impl Missing {
    /// All rules.
    pub const ALL: [Self; 4] = [Self::LeaveOut, Self::Neutral, Self::Poor, Self::LastValue];

    /// Its word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::LeaveOut => "leave_out",
            Self::Neutral => "neutral",
            Self::Poor => "poor",
            Self::LastValue => "last_value",
        }
    }
}

impl Scorecard {
    /// Every signal with its group, in the order of the file.
    pub fn members(&self) -> impl Iterator<Item = (&Group, &Member)> {
        self.groups.iter().flat_map(|group| group.members.iter().map(move |member| (group, member)))
    }

    /// A signal on this scorecard.
    pub fn member(&self, signal: &str) -> Option<&Member> {
        self.members().map(|(_, member)| member).find(|member| member.signal == signal)
    }
}

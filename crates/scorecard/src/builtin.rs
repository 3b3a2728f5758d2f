//! The signals and the scorecard that ship with Tenure.

use crate::scorecards::Text;

macro_rules! embedded {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../", $folder, "/", $name, ".toml")))),*]
    };
}

const SCORECARDS: &[(&str, &str)] = embedded!["scorecards": "default"];

const SIGNALS: &[(&str, &str)] = embedded![
    "signals":
    "adoption_breadth",
    "ces",
    "commitment",
    "csat",
    "escalated_tickets",
    "human_rating",
    "last_contact",
    "last_use",
    "nps",
    "onboarding_progress",
    "open_tickets",
    "payment_failures",
    "response_time",
    "seat_use",
    "time_to_renewal",
    "usage_trend",
];

fn texts(files: &[(&str, &str)], folder: &str) -> Vec<Text> {
    let text = |(name, text): &(&str, &str)| Text {
        id: (*name).to_owned(),
        file: format!("built-in {folder}/{name}.toml"),
        text: (*text).to_owned(),
    };
    files.iter().map(text).collect()
}

pub(crate) fn scorecards() -> Vec<Text> {
    texts(SCORECARDS, "scorecards")
}

pub(crate) fn signals() -> Vec<Text> {
    texts(SIGNALS, "signals")
}

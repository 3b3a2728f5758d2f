//! Scorecard and signal files: TOML, read and checked.

use crate::card::{Formula, Group, Member, Missing, Scorecard};
use crate::colour::Colours;
use crate::error::Problem;
use crate::exact::{FULL, from_f64};
use crate::scale::{Band, Better, Scale};
use crate::scorecards::Text;
use crate::signal::{HUMAN_RATING, Measure, Signal};
use crate::span::Days;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A number, whole or not.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Figure {
    Whole(i64),
    Fraction(f64),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CardFile {
    title: String,
    #[serde(default)]
    about: String,
    #[serde(default)]
    order: i64,
    #[serde(default)]
    when: BTreeMap<String, Vec<String>>,
    formula: Formula,
    #[serde(default = "leave_out")]
    missing: Missing,
    neutral: Option<Figure>,
    colours: Option<ColoursFile>,
    #[serde(default)]
    group: Vec<GroupFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColoursFile {
    amber: Figure,
    green: Figure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    id: String,
    title: Option<String>,
    weight: Option<Figure>,
    #[serde(default)]
    signal: Vec<MemberFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberFile {
    id: String,
    title: Option<String>,
    weight: Option<Figure>,
    bands: Option<Vec<BandFile>>,
    ramp: Option<RampFile>,
    percentile: Option<PercentileFile>,
    max_age: Option<Days>,
    missing: Option<Missing>,
    up_to: Option<Days>,
    // A signal of the scorecard's own.
    metric: Option<String>,
    variant: Option<String>,
    part: Option<String>,
    window: Option<Days>,
    sql: Option<String>,
    looks_back: Option<Days>,
    unit: Option<String>,
    about: Option<String>,
    better: Option<Better>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BandFile {
    from: Option<Figure>,
    to: Option<Figure>,
    points: Figure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RampFile {
    from: Figure,
    to: Figure,
    points: Option<[Figure; 2]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PercentileFile {
    within: Option<String>,
    better: Better,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignalFile {
    title: String,
    #[serde(default)]
    about: String,
    #[serde(default)]
    unit: String,
    better: Better,
    looks_back: Option<Days>,
    metric: Option<String>,
    variant: Option<String>,
    part: Option<String>,
    window: Option<Days>,
    sql: Option<String>,
}

fn leave_out() -> Missing {
    Missing::LeaveOut
}

/// Problems of one file, gathered while it is read.
struct Reader<'a> {
    file: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, key: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::new(self.file, key, what, remedy));
    }

    /// A figure as a decimal; told where it is none that can be counted with.
    fn decimal(&mut self, key: &str, figure: Figure) -> Decimal {
        let value = match figure {
            Figure::Whole(value) if value.unsigned_abs() <= crate::exact::LARGEST.unsigned_abs() => {
                Some(Decimal::from(value))
            }
            Figure::Whole(_) => None,
            Figure::Fraction(value) => from_f64(value),
        };
        value.unwrap_or_else(|| {
            self.problem(key, "this is no number that can be counted with", "give a finite number below 100 billion");
            Decimal::ZERO
        })
    }

    fn weight(&mut self, key: &str, figure: Option<Figure>) -> Decimal {
        let weight = figure.map_or(Decimal::ONE, |figure| self.decimal(key, figure));
        if weight < Decimal::ZERO || weight > Decimal::from(1_000_000) {
            self.problem(
                key,
                format!("the weight {weight} is out of range"),
                "give a weight from 0 to 1,000,000; what is bad is told by the scale",
            );
        }
        weight
    }

    fn points(&mut self, key: &str, figure: Figure, formula: Formula) -> Decimal {
        let points = self.decimal(key, figure);
        let lowest = if formula == Formula::Points { -FULL } else { Decimal::ZERO };
        if points < lowest || points > FULL {
            self.problem(
                key,
                format!("{points} points are out of range"),
                format!("give points from {lowest} to {FULL}"),
            );
        }
        points
    }
}

/// Reads a signal file; what is wrong is added to the problems.
pub(crate) fn read_signal(text: &Text, problems: &mut Vec<Problem>) -> Option<Signal> {
    let mut reader = Reader { file: &text.file, problems };
    let file: SignalFile = parse(text, &mut reader)?;
    let measure = measure(&mut reader, &text.id, file.metric, file.variant, file.part, file.window, file.sql)?;
    Some(Signal {
        id: text.id.clone(),
        file: text.file.clone(),
        text: Some(text.text.clone()),
        title: file.title,
        about: file.about,
        unit: file.unit,
        better: file.better,
        looks_back: file.looks_back,
        measure,
    })
}

/// Reads a scorecard, and the signals that it defines itself; what is wrong is added to the problems.
pub(crate) fn read_card(
    text: &Text,
    known: &BTreeMap<String, Signal>,
    problems: &mut Vec<Problem>,
) -> Option<(Scorecard, Vec<Signal>)> {
    let mut reader = Reader { file: &text.file, problems };
    let file: CardFile = parse(text, &mut reader)?;
    let said = reader.problems.len();
    let neutral =
        file.neutral.map_or(Decimal::from(50), |figure| reader.points("neutral", figure, Formula::WeightedMean));
    let colours = file.colours.map_or(Colours::default(), |colours| colours_of(&mut reader, &colours));
    let (mut groups, mut inline) = (Vec::new(), Vec::new());
    for group in file.group {
        let key = format!("group.{}", group.id);
        let weight = reader.weight(&format!("{key}.weight"), group.weight);
        let mut members = Vec::new();
        for member in group.signal {
            let key = format!("{key}.signal.{}", member.id);
            inline.extend(own_signal(&mut reader, &key, &member));
            let signal = inline.iter().find(|own: &&Signal| own.id == member.id).or_else(|| known.get(&member.id));
            members.extend(read_member(&mut reader, &key, member, signal, file.formula, file.missing));
        }
        let title = group.title.unwrap_or_else(|| group.id.clone());
        groups.push(Group { id: group.id, title, weight, members });
    }
    let card = Scorecard {
        id: text.id.clone(),
        file: text.file.clone(),
        text: text.text.clone(),
        title: file.title,
        about: file.about,
        order: file.order,
        when: file.when.into_iter().collect(),
        formula: file.formula,
        missing: file.missing,
        neutral,
        colours,
        groups,
        version: String::new(),
    };
    check_whole(&mut reader, &card);
    (reader.problems.len() == said).then_some((card, inline))
}

fn parse<T: serde::de::DeserializeOwned>(text: &Text, reader: &mut Reader<'_>) -> Option<T> {
    match toml::from_str(&text.text) {
        Ok(file) => Some(file),
        Err(error) => {
            let line = error.span().map(|span| text.text[..span.start.min(text.text.len())].lines().count().max(1));
            let place = line.map(|line| format!("line {line}")).unwrap_or_default();
            reader.problem(
                place,
                error.message().to_owned(),
                "see the scorecards that ship with Tenure: `tenure health edit-check --example`",
            );
            None
        }
    }
}

fn colours_of(reader: &mut Reader<'_>, file: &ColoursFile) -> Colours {
    let amber = reader.points("colours.amber", file.amber, Formula::WeightedMean);
    let green = reader.points("colours.green", file.green, Formula::WeightedMean);
    if amber >= green {
        reader.problem(
            "colours",
            format!("amber begins at {amber} and green at {green}"),
            "let amber begin below green",
        );
    }
    Colours { amber, green }
}

fn measure(
    reader: &mut Reader<'_>,
    key: &str,
    metric: Option<String>,
    variant: Option<String>,
    part: Option<String>,
    window: Option<Days>,
    sql: Option<String>,
) -> Option<Measure> {
    match (metric, sql, window) {
        (Some(id), None, Some(window)) if window.0 > 0 => Some(Measure::Metric { id, variant, part, window }),
        (Some(_), None, _) => {
            reader.problem(
                key,
                "a signal from a metric needs its window",
                "say how many days up to the day it looks at: window = \"90 days\"",
            );
            None
        }
        (None, Some(sql), None) if variant.is_none() && part.is_none() => Some(Measure::Sql(sql)),
        (None, Some(_), _) => {
            reader.problem(
                key,
                "`variant`, `part` and `window` go with `metric`",
                "remove them, or give `metric` in place of `sql`",
            );
            None
        }
        _ => {
            reader.problem(key, "a signal is either `metric` or `sql`", "give one of the two");
            None
        }
    }
}

/// The signal that a scorecard defines in place; none where it names one of a file.
fn own_signal(reader: &mut Reader<'_>, key: &str, member: &MemberFile) -> Option<Signal> {
    let defines = member.metric.is_some() || member.sql.is_some();
    if !defines {
        if member.window.is_some() || member.variant.is_some() || member.part.is_some() || member.looks_back.is_some() {
            reader.problem(
                key,
                "`window`, `variant`, `part` and `looks_back` go with `metric` or `sql`",
                "give one of the two, or leave these to the signal's own file",
            );
        }
        return None;
    }
    let measure = measure(
        reader,
        key,
        member.metric.clone(),
        member.variant.clone(),
        member.part.clone(),
        member.window,
        member.sql.clone(),
    )?;
    Some(Signal {
        id: member.id.clone(),
        file: reader.file.to_owned(),
        text: None,
        title: member.title.clone().unwrap_or_else(|| member.id.clone()),
        about: member.about.clone().unwrap_or_default(),
        unit: member.unit.clone().unwrap_or_default(),
        better: member.better.unwrap_or(Better::Up),
        looks_back: member.looks_back,
        measure,
    })
}

fn read_member(
    reader: &mut Reader<'_>,
    key: &str,
    file: MemberFile,
    signal: Option<&Signal>,
    formula: Formula,
    missing: Missing,
) -> Option<Member> {
    let Some(signal) = signal else {
        let what = format!("there is no signal `{}`", file.id);
        reader.problem(
            key,
            what,
            "name one that ships with Tenure or stands in health/signals, or give `metric` or `sql` here",
        );
        return None;
    };
    let weight = reader.weight(&format!("{key}.weight"), file.weight);
    let scale = scale(reader, key, file.bands, file.ramp, file.percentile, formula)?;
    let missing = file.missing.unwrap_or(missing);
    if file.up_to.is_some() && missing != Missing::LastValue {
        reader.problem(
            format!("{key}.up_to"),
            "`up_to` goes with missing = \"last_value\"",
            "set `missing`, or remove it",
        );
    }
    if let (Some(max_age), Some(up_to)) = (file.max_age, file.up_to)
        && up_to <= max_age
    {
        let what = format!("a value is fresh up to {max_age}, and its last value is to count up to {up_to}");
        reader.problem(format!("{key}.up_to"), what, "let `up_to` be longer than `max_age`");
    }
    Some(Member {
        signal: file.id,
        title: file.title.unwrap_or_else(|| signal.title.clone()),
        weight,
        scale,
        max_age: file.max_age,
        missing,
        up_to: file.up_to,
    })
}

fn scale(
    reader: &mut Reader<'_>,
    key: &str,
    bands: Option<Vec<BandFile>>,
    ramp: Option<RampFile>,
    percentile: Option<PercentileFile>,
    formula: Formula,
) -> Option<Scale> {
    match (bands, ramp, percentile) {
        (Some(bands), None, None) => Some(Scale::Bands(read_bands(reader, &format!("{key}.bands"), bands, formula))),
        (None, Some(ramp), None) => {
            let key = format!("{key}.ramp");
            let (from, to) = (reader.decimal(&key, ramp.from), reader.decimal(&key, ramp.to));
            if from == to {
                reader.problem(
                    &key,
                    format!("it begins and ends at {from}"),
                    "let `from` (worst) differ from `to` (best)",
                );
            }
            let [worst, best] = ramp.points.unwrap_or([Figure::Whole(0), Figure::Whole(100)]);
            Some(Scale::Ramp {
                from,
                to,
                points: (reader.points(&key, worst, formula), reader.points(&key, best, formula)),
            })
        }
        (None, None, Some(percentile)) => {
            Some(Scale::Percentile { within: percentile.within, better: percentile.better })
        }
        _ => {
            reader.problem(key, "a signal needs one scale", "give one of `bands`, `ramp` and `percentile`");
            None
        }
    }
}

/// Bands must follow one another without overlap or gap, from no lower limit to no upper one.
fn read_bands(reader: &mut Reader<'_>, key: &str, files: Vec<BandFile>, formula: Formula) -> Vec<Band> {
    let mut bands: Vec<Band> = files
        .into_iter()
        .map(|file| Band {
            from: file.from.map(|from| reader.decimal(key, from)),
            to: file.to.map(|to| reader.decimal(key, to)),
            points: reader.points(key, file.points, formula),
        })
        .collect();
    bands.sort_by_key(|band| (band.from.is_some(), band.from));
    if bands.first().is_none_or(|band| band.from.is_some()) {
        reader.problem(key, "no band holds the lowest values", "leave `from` out of the first band");
    }
    if bands.iter().all(|band| band.to.is_some()) {
        reader.problem(key, "no band holds the highest values", "leave `to` out of the last band");
    }
    for band in &bands {
        if let (Some(from), Some(to)) = (band.from, band.to)
            && from >= to
        {
            reader.problem(key, format!("the band from {from} to {to} holds nothing"), "let `from` be below `to`");
        }
    }
    for pair in bands.windows(2) {
        let (Some(next), end) = (pair[1].from, pair[0].to) else {
            reader.problem(key, "two bands have no lower limit", "give all but the first a `from`");
            continue;
        };
        match end {
            Some(end) if end == next => {}
            Some(end) if end < next => {
                reader.problem(
                    key,
                    format!("values from {end} to {next} are in no band"),
                    "let the next band begin where one ends",
                );
            }
            _ => reader.problem(
                key,
                format!("values from {next} on are in two bands"),
                "let a band end where the next begins",
            ),
        }
    }
    bands
}

/// What only the whole scorecard shows.
fn check_whole(reader: &mut Reader<'_>, card: &Scorecard) {
    if card.members().next().is_none() {
        reader.problem("group", "the scorecard has no signal", "add a group with a signal");
        return;
    }
    let mut seen = BTreeSet::new();
    for (group, member) in card.members() {
        if !seen.insert(&member.signal) {
            let key = format!("group.{}.signal.{}", group.id, member.signal);
            reader.problem(key, "the signal stands on the scorecard twice", "keep one of the two");
        }
    }
    let mut ids = BTreeSet::new();
    for group in card.groups.iter().filter(|group| !ids.insert(&group.id)) {
        reader.problem(format!("group.{}", group.id), "two groups have this id", "rename one");
    }
    if card.formula == Formula::HumanRating && card.member(HUMAN_RATING).is_none() {
        let remedy = format!("add the signal `{HUMAN_RATING}`");
        reader.problem("formula", "the score is a human rating, and the scorecard has none", remedy);
    }
    if !matches!(card.formula, Formula::WeightedMean | Formula::WorstOf) {
        return;
    }
    if card.groups.iter().map(|group| group.weight).sum::<Decimal>().is_zero() {
        reader.problem(
            "group",
            "the weights of the groups add up to zero",
            "give at least one group a weight above zero",
        );
    }
    for group in card.groups.iter().filter(|group| !group.weight.is_zero()) {
        if group.members.iter().map(|member| member.weight).sum::<Decimal>().is_zero() {
            let key = format!("group.{}", group.id);
            reader.problem(
                key,
                "the weights of its signals add up to zero",
                "give at least one signal a weight above zero, or the group none",
            );
        }
    }
}

//! Scorecard and signal files: TOML, read and checked.

use crate::card::{Formula, Group, Member, Missing, Scorecard};
use crate::colour::{Colours, ColoursFile};
use crate::exact::FULL;
use crate::figure::Figure;
use crate::parse::parse;
use crate::scale::{Band, Better, Scale};
use crate::scorecards::Text;
use crate::signal::{Measure, Signal};
use crate::span::Days;
use crate::whole::{check_ids, check_weights};
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
use tenure_schema::problem::Problem;

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

impl MemberFile {
    /// Whether it is a signal of the scorecard's own.
    fn defines(&self) -> bool {
        self.metric.is_some() || self.sql.is_some()
    }
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
        figure.decimal().unwrap_or_else(|| {
            let what = format!("{figure} is no number that can be counted with");
            self.problem(key, what, "give a number from -100 billion to 100 billion");
            Decimal::ZERO
        })
    }

    fn weight(&mut self, key: &str, figure: Option<Figure>) -> Decimal {
        let Some(figure) = figure else { return Decimal::ONE };
        let weight = self.decimal(key, figure);
        if figure.decimal().is_some_and(|weight| weight.is_zero()) && !figure.is_zero() {
            let what = format!("the weight {figure} is too small to be told from zero");
            self.problem(key, what, "multiply all weights: they count against one another only");
        }
        if weight < Decimal::ZERO || weight > Decimal::from(1_000_000) {
            self.problem(
                key,
                format!("the weight {weight} is out of range"),
                "give a weight from 0 to 1,000,000; that more of it is worse is said by the scale",
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
    let file: SignalFile = parse(text).map_err(|problem| reader.problems.push(problem)).ok()?;
    let measure = measure(&mut reader, "", file.metric, file.variant, file.part, file.window, file.sql)?;
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

/// A scorecard, and the signals that it defines itself with their keys.
pub(crate) type CardRead = (Scorecard, Vec<(String, Signal)>);

/// Reads a scorecard; what is wrong is added to the problems. Signals are known by id; those without one could not be read, of which their
/// own files tell.
pub(crate) fn read_card(
    text: &Text,
    known: &BTreeMap<String, Option<Signal>>,
    problems: &mut Vec<Problem>,
) -> Option<CardRead> {
    let mut reader = Reader { file: &text.file, problems };
    let file: CardFile = parse(text).map_err(|problem| reader.problems.push(problem)).ok()?;
    let said = reader.problems.len();
    let neutral =
        file.neutral.map_or(Decimal::from(50), |figure| reader.points("neutral", figure, Formula::WeightedMean));
    let colours = file.colours.map_or(Colours::default(), |colours| colours_of(&mut reader, &colours));
    let (mut groups, mut inline) = (Vec::new(), Vec::new());
    for group in file.group {
        let key = format!("group.{}", group.id);
        let weight = reader.weight(&format!("{key}.weight"), group.weight);
        if file.formula == Formula::Points && group.weight.is_some() {
            reader.problem(
                format!("{key}.weight"),
                "under formula = \"points\" signals are added up, and groups have no weight",
                "remove it, and give the group's signals weights",
            );
        }
        let mut members = Vec::new();
        for member in group.signal {
            let key = format!("{key}.signal.{}", member.id);
            let own = own_signal(&mut reader, &key, &member);
            let title = match (&own, known.get(&member.id)) {
                (Some(signal), _) | (None, Some(Some(signal))) => Some(signal.title.clone()),
                // What is wrong with it is told where it is defined.
                (None, Some(None)) => Some(member.id.clone()),
                (None, None) => member.defines().then(|| member.id.clone()),
            };
            inline.extend(own.map(|own| (key.clone(), own)));
            members.extend(read_member(&mut reader, &key, member, title, file.formula, file.missing));
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
    reader.problems.extend(check_ids(&card));
    if reader.problems.len() == said {
        reader.problems.extend(check_weights(&card));
    }
    (reader.problems.len() == said).then_some((card, inline))
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
            reader.problem(key, "a signal comes either from a `metric` or from `sql`", "give one of the two");
            None
        }
    }
}

/// The signal that a scorecard defines in place; none where it names one of a file.
fn own_signal(reader: &mut Reader<'_>, key: &str, member: &MemberFile) -> Option<Signal> {
    if !member.defines() {
        let said = [
            ("variant", member.variant.is_some()),
            ("part", member.part.is_some()),
            ("window", member.window.is_some()),
            ("looks_back", member.looks_back.is_some()),
            ("unit", member.unit.is_some()),
            ("about", member.about.is_some()),
            ("better", member.better.is_some()),
        ];
        for (word, _) in said.iter().filter(|(_, given)| *given) {
            reader.problem(
                format!("{key}.{word}"),
                "this belongs to the definition of a signal, and this one is defined in its own file",
                format!(
                    "remove `{word}` here, or define the signal here under an id of its own with `metric` or `sql`"
                ),
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
    title: Option<String>,
    formula: Formula,
    missing: Missing,
) -> Option<Member> {
    let Some(title) = title else {
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
            "set missing = \"last_value\", or remove `up_to`",
        );
    }
    if file.up_to.is_some() && missing == Missing::LastValue && file.max_age.is_none() {
        reader.problem(
            format!("{key}.up_to"),
            "without `max_age` a value never grows stale, and `up_to` says nothing",
            "say up to which age a value is fresh: max_age = \"30 days\"",
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
        title: file.title.unwrap_or(title),
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
            let (key, said) = (format!("{key}.ramp"), reader.problems.len());
            let (from, to) = (reader.decimal(&key, ramp.from), reader.decimal(&key, ramp.to));
            if reader.problems.len() == said && from == to {
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
            reader.problem(
                key,
                "a signal needs one scale that turns its value into points",
                "give one of `bands`, `ramp` and `percentile`",
            );
            None
        }
    }
}

/// Bands must follow one another without overlap or gap, from no lower limit to no upper one.
fn read_bands(reader: &mut Reader<'_>, key: &str, files: Vec<BandFile>, formula: Formula) -> Vec<Band> {
    let said = reader.problems.len();
    let mut bands: Vec<Band> = files
        .into_iter()
        .map(|file| Band {
            from: file.from.map(|from| reader.decimal(key, from)),
            to: file.to.map(|to| reader.decimal(key, to)),
            points: reader.points(key, file.points, formula),
        })
        .collect();
    if reader.problems.len() > said {
        return bands;
    }
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

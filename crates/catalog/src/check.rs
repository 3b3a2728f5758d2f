//! What can be told to be wrong from the text alone: names that do not exist, aggregates that do not merge, circles.

use crate::definition::{Definition, Input, Kind, PENDING_ROWS, PER_ACCOUNT, Publish, Rows, Subject, Timing};
use crate::derived::DerivedTable;
use crate::load::{columns_of, read_expression};
use crate::metric::Metric;
use crate::sql::MERGEABLE;
use std::collections::{BTreeMap, BTreeSet};
use tenure_schema::problem::Problem;
use tenure_schema::table;

/// Columns of the asked period, usable as `asked.name` in rows.
pub(crate) const ASKED: [&str; 7] =
    ["period", "starts_at", "ends_at", "opening", "closing", "preceding_at", "observed_to"];

/// Aggregates people reach for that do not merge.
const UNMERGEABLE: [&str; 14] = [
    "avg",
    "mean",
    "median",
    "stddev",
    "stddev_samp",
    "stddev_pop",
    "var",
    "var_samp",
    "var_pop",
    "percentile_cont",
    "approx_distinct",
    "approx_median",
    "approx_percentile_cont",
    "array_agg",
];

type Metrics = BTreeMap<String, Metric>;
type Derived = BTreeMap<String, DerivedTable>;

pub(crate) fn check(metrics: &Metrics, derived: &Derived) -> Vec<Problem> {
    let mut problems = Vec::new();
    for table in derived.values() {
        check_derived(table, derived, &mut problems);
    }
    for metric in metrics.values() {
        problems.extend(check_metric(metric, metrics, derived));
    }
    problems.dedup();
    problems
}

/// What is wrong with a metric among those metrics and tables.
pub(crate) fn check_metric(metric: &Metric, metrics: &Metrics, derived: &Derived) -> Vec<Problem> {
    let mut problems = Vec::new();
    let variants = metric.variants.iter().map(|variant| (format!("variants.{}.", variant.id), &variant.definition));
    for (prefix, definition) in std::iter::once((String::new(), &metric.default)).chain(variants) {
        Checker { metric, prefix, metrics, derived, problems: &mut problems }.definition(definition);
    }
    let inputs =
        |id: &str| if id == metric.id { inputs_of(metric) } else { metrics.get(id).map(inputs_of).unwrap_or_default() };
    if let Some(circle) = circle_from(&metric.id, &inputs) {
        let what = format!("derived in a circle: {}", circle.join(" → "));
        problems.push(Problem::new(&metric.file, "inputs", what, "take one of these inputs out"));
    }
    problems.dedup();
    problems
}

fn check_derived(table: &DerivedTable, derived: &Derived, problems: &mut Vec<Problem>) {
    for name in &table.names.tables {
        let known = derived.contains_key(name) || table::readable(name).is_some() || is_given(name);
        if !known {
            let remedy = "name a table of the lake or a derived table; `tenure sql \"SHOW TABLES\"` lists them";
            problems.push(Problem::new(&table.file, "", format!("reads `{name}`, which is no table"), remedy));
        }
    }
    let reads = |id: &str| derived.get(id).map(|t| t.names.tables.iter().cloned().collect()).unwrap_or_default();
    if let Some(circle) = circle_from(&table.name, &reads) {
        let what = format!("derived in a circle: {}", circle.join(" → "));
        problems.push(Problem::new(&table.file, "", what, "take one of these tables out of the other's FROM"));
    }
}

/// Tables that the engine gives to every query beside the lake's.
fn is_given(name: &str) -> bool {
    matches!(name, "asked" | "account_versions")
}

fn inputs_of(metric: &Metric) -> Vec<String> {
    let definitions = std::iter::once(&metric.default).chain(metric.variants.iter().map(|variant| &variant.definition));
    definitions.flat_map(|definition| definition.inputs.iter().map(|(_, input)| input.metric.clone())).collect()
}

/// The way back to `start` along `next`, if there is one.
fn circle_from(start: &str, next: &dyn Fn(&str) -> Vec<String>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut paths = vec![vec![start.to_owned()]];
    while let Some(path) = paths.pop() {
        let last = path.last()?.clone();
        for step in next(&last) {
            let mut longer = path.clone();
            longer.push(step.clone());
            if step == start {
                return Some(longer);
            }
            if seen.insert(step) {
                paths.push(longer);
            }
        }
    }
    None
}

/// The names that a reason has filled in.
fn filled_in(reason: &str) -> impl Iterator<Item = &str> {
    reason.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

struct Checker<'a> {
    metric: &'a Metric,
    prefix: String,
    metrics: &'a Metrics,
    derived: &'a Derived,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn tell(&mut self, key: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let key = format!("{}{key}", self.prefix);
        self.problems.push(Problem::new(&self.metric.file, key, what, remedy));
    }

    /// The metric of that id, the checked one included.
    fn named(&self, id: &str) -> Option<&Metric> {
        if id == self.metric.id { Some(self.metric) } else { self.metrics.get(id) }
    }

    fn definition(&mut self, definition: &Definition) {
        let mut names: BTreeSet<String> = definition.state.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.extend(["n", PENDING_ROWS, PER_ACCOUNT].map(str::to_owned));
        match (&definition.rows, definition.inputs.is_empty()) {
            (Some(rows), true) => self.rows(rows, definition),
            (None, false) => names.extend(self.inputs(definition)),
            (Some(_), false) => self.tell("inputs", "a metric has rows or inputs, not both", "take one of them out"),
            (None, true) => self.tell("rows", "there are no rows", "say rows.from, or inputs for a derived metric"),
        }
        for key in
            [("window", &definition.window), ("matures", &definition.matures), ("looks_ahead", &definition.looks_ahead)]
        {
            self.span(key.0, key.1.as_deref());
        }
        for name in &definition.observed_by {
            if table::table(name).is_none() {
                self.tell("observed_by", format!("`{name}` is no table of the lake"), "name one of the lake's tables");
            }
        }
        if definition.bounds.is_some_and(|[least, greatest]| least.is_nan() || greatest.is_nan() || least > greatest) {
            self.tell("bounds", "the least is above the greatest", "write the least value first, such as [0, 1]");
        }
        match &definition.publish {
            Some(publish) => self.publish(publish, definition),
            None if definition.subject == Subject::Staff && definition.rows.is_some() => {
                let remedy = "say publish = { minimum = 5 }, the fewest people a cell may be of";
                self.tell("publish", "a metric about staff says how few people a cell may be of", remedy);
            }
            None => {}
        }
        for (name, text) in definition.lets.iter() {
            self.expression(&format!("let.{name}"), text, Some(&names));
            if !names.insert(name.to_lowercase()) {
                let what = format!("`{name}` is the name of something else already");
                self.tell(&format!("let.{name}"), what, "choose another name");
            }
        }
        self.values(definition, &names);
    }

    fn publish(&mut self, publish: &Publish, definition: &Definition) {
        if definition.rows.is_none() {
            let what = "a derived metric shows what its inputs show";
            self.tell("publish", what, "take it out, and put it on the metrics that it is derived from");
        }
        if !["week", "month", "quarter", "year"].contains(&publish.first.as_str()) {
            self.tell("publish.first", format!("`{}` is no grain", publish.first), "say week, month, quarter or year");
        }
    }

    fn span(&mut self, key: &str, text: Option<&str>) {
        let Some(text) = text else { return };
        let fine = text.split_once(' ').is_some_and(|(count, unit)| {
            count.parse::<u32>().is_ok_and(|n| n > 0)
                && matches!(unit.trim_end_matches('s'), "day" | "week" | "month" | "quarter" | "year")
        });
        if !fine {
            self.tell(
                key,
                format!("`{text}` is no length of time"),
                "write a number and a unit, such as \"12 months\"",
            );
        }
    }

    fn inputs(&mut self, definition: &Definition) -> Vec<String> {
        let mut names = Vec::new();
        for (name, input) in definition.inputs.iter() {
            let key = format!("inputs.{name}");
            match self.named(&input.metric).map(|metric| metric.definition(input.variant.as_deref()).is_some()) {
                None => self.tell(&key, format!("`{}` is no metric", input.metric), "name a metric of the catalogue"),
                Some(false) => {
                    let what =
                        format!("`{}` has no variant `{}`", input.metric, input.variant.as_deref().unwrap_or_default());
                    self.tell(&key, what, format!("`tenure explain {}` lists its variants", input.metric));
                }
                Some(true) => {}
            }
            let definition = self.named(&input.metric).and_then(|m| m.definition(input.variant.as_deref()));
            let readings = definition.map(|definition| definition.readings(input.take)).unwrap_or_default();
            names.extend(readings.into_iter().map(|(reading, _)| format!("{}_{reading}", name.to_lowercase())));
            self.span(&format!("{key}.window"), input.window.as_deref());
            names.extend([name.to_lowercase(), format!("{}_n", name.to_lowercase())]);
        }
        self.splits(definition);
        names
    }

    /// A value needs each of its inputs in the same segments.
    fn splits(&mut self, definition: &Definition) {
        let split_by = |input: &Input| -> Option<BTreeSet<&str>> {
            let input = self.metrics.get(&input.metric)?.definition(input.variant.as_deref())?;
            Some(input.split.iter().chain(&definition.split).map(String::as_str).collect())
        };
        let inputs: Vec<_> =
            definition.inputs.iter().filter_map(|(name, input)| Some((name, split_by(input)?))).collect();
        let Some(((first, by), rest)) = inputs.split_first() else { return };
        let Some((other, otherwise)) = rest.iter().find(|(_, otherwise)| otherwise != by) else { return };
        let told = |by: &BTreeSet<&str>| match by.is_empty() {
            true => "nothing".to_owned(),
            false => by.iter().copied().collect::<Vec<_>>().join(", "),
        };
        let what = format!("`{first}` is always split by {}, `{other}` by {}", told(by), told(otherwise));
        self.tell("inputs", what, "take inputs that are split alike");
    }

    fn rows(&mut self, rows: &Rows, definition: &Definition) {
        let known = columns_of(&rows.from, self.derived);
        if known.is_none() && !self.derived.contains_key(&rows.from) {
            self.tell(
                "rows.from",
                format!("`{}` is no table", rows.from),
                "name a table of the lake or a derived table",
            );
            return;
        }
        self.timing(rows, definition);
        let own: BTreeSet<String> = rows.columns.iter().map(|(name, _)| name.to_lowercase()).collect();
        let given: BTreeSet<String> = ["account_id", "at", "row_id"].map(str::to_owned).into();
        let in_table = known.map(|known| &known | &BTreeSet::from(["period".to_owned()]));
        let everywhere = in_table.as_ref().map(|known| &(known | &own) | &given);

        let of_table = [
            ("rows.where", rows.filter.as_deref()),
            ("rows.at", rows.at.as_deref()),
            ("rows.starts_at", rows.starts_at.as_deref()),
            ("rows.ends_at", rows.ends_at.as_deref()),
            ("rows.account", Some(rows.account.as_str())),
            ("rows.row_id", rows.row_id.as_deref()),
        ];
        for (key, text) in of_table {
            if let Some(text) = text {
                self.expression(key, text, in_table.as_ref());
            }
        }
        for (name, text) in rows.columns.iter() {
            self.expression(&format!("rows.columns.{name}"), text, in_table.as_ref());
        }
        let conditions = rows.exclude.iter().map(|(reason, text)| (format!("rows.exclude.\"{reason}\""), text));
        let kept = rows.exclude_kept.iter().map(|(reason, text)| (format!("rows.exclude_kept.\"{reason}\""), text));
        let unknown = rows.unknown.iter().map(|(reason, text)| (format!("rows.unknown.\"{reason}\""), text));
        let keys = rows.key.iter().map(|text| ("rows.key".to_owned(), text.as_str()));
        let dimensions = rows.dimensions.iter().map(|text| ("rows.dimensions".to_owned(), text.as_str()));
        let pending = rows.pending.iter().map(|text| ("rows.pending".to_owned(), text.as_str()));
        let instants = [("rows.as_of", &rows.as_of), ("rows.against", &rows.against)];
        let instants = instants.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text.as_deref()?)));
        for (key, text) in
            conditions.chain(kept).chain(unknown).chain(keys).chain(dimensions).chain(pending).chain(instants)
        {
            self.expression(&key, text, everywhere.as_ref());
        }
        for (name, text) in definition.state.iter() {
            let key = format!("state.{name}");
            self.expression(&key, text, everywhere.as_ref());
            self.mergeable(&key, text);
        }
        if rows.dimensions.iter().any(|name| name == "account") {
            let remedy = "give the column another name in rows.columns";
            self.tell("rows.dimensions", "`account` splits every metric into its accounts", remedy);
        }
        for name in &definition.split {
            if !rows.dimensions.contains(name) {
                self.tell("split", format!("`{name}` is no dimension of the rows"), "add it to rows.dimensions");
            }
        }
        if rows.key.is_empty() && rows.exclude_kept.iter().next().is_some() {
            let remedy = "say rows.key and rows.keep, or move the reason to rows.exclude";
            self.tell("rows.exclude_kept", "without a key no row is kept before the others", remedy);
        }
        let keep = rows.keep.as_deref().map(|text| text.replace(' ', ""));
        match keep.as_deref() {
            None if rows.key.is_empty() => {}
            Some("latest(at,row_id)" | "earliest(at,row_id)") if !rows.key.is_empty() => {}
            _ => self.tell(
                "rows.keep",
                "key and keep go together",
                "say keep = \"latest(at, row_id)\" or \"earliest(at, row_id)\"",
            ),
        }
    }

    fn timing(&mut self, rows: &Rows, definition: &Definition) {
        let by_table = columns_of(&rows.from, self.derived).is_none_or(|columns| columns.contains("period"));
        match (definition.kind, rows.timing()) {
            (Kind::Stock, Timing::InForce { .. }) | (Kind::Derived, _) => {}
            (Kind::Flow | Kind::Due | Kind::Duration, Timing::At(_)) => {}
            (_, Timing::ByTable) if by_table => {}
            (Kind::Stock, _) => {
                self.tell("rows", "a stock needs to know when rows are in force", "say rows.starts_at and rows.ends_at")
            }
            (Kind::Panel | Kind::Cohort, _) => {
                let remedy = "read rows from a derived table that joins `asked` and yields asked.period";
                self.tell("rows.from", "a panel or cohort looks at each period itself", remedy);
            }
            _ => self.tell("rows.at", "when do the rows count?", "say rows.at, the instant at which a row counts"),
        }
    }

    fn values(&mut self, definition: &Definition, names: &BTreeSet<String>) {
        self.expression("value", &definition.value, Some(names));
        if let Some(interval) = &definition.interval {
            self.expression("interval", interval, Some(names));
        }
        for (reason, condition) in definition.null.iter() {
            let key = format!("null.\"{reason}\"");
            self.expression(&key, condition, Some(names));
            for name in filled_in(reason).filter(|name| !names.contains(&name.to_lowercase())) {
                let remedy = "name a state or a `let` between the braces";
                self.tell(&key, format!("`{{{name}}}` is not known here"), remedy);
            }
        }
        for (name, part) in definition.parts.iter() {
            self.expression(&format!("parts.{name}"), &part.value, Some(names));
        }
    }

    fn expression(&mut self, key: &str, text: &str, known: Option<&BTreeSet<String>>) {
        let names = match read_expression(&self.metric.file, &format!("{}{key}", self.prefix), text) {
            Ok(names) => names,
            Err(problem) => return self.problems.push(problem),
        };
        if let Some(known) = known {
            for column in names.columns.difference(known) {
                let all: Vec<&str> = known.iter().map(String::as_str).collect();
                self.tell(key, format!("`{column}` is not known here"), format!("use one of {}", all.join(", ")));
            }
        }
        for column in names.asked.iter().filter(|column| !ASKED.contains(&column.as_str())) {
            self.tell(key, format!("`asked.{column}` does not exist"), format!("use asked.{}", ASKED.join(", asked.")));
        }
    }

    fn mergeable(&mut self, key: &str, text: &str) {
        let Ok(names) = read_expression(&self.metric.file, key, text) else { return };
        if let Some(bad) = names.functions.iter().find(|name| UNMERGEABLE.contains(&name.as_str())) {
            let remedy = "keep sum and count, or multiset, as state; divide or take the quantile in value";
            self.tell(key, format!("`{bad}` does not merge: two days' {bad} do not give the {bad} of both"), remedy);
        } else if !names.functions.iter().any(|name| MERGEABLE.contains(&name.as_str())) {
            self.tell(key, "a state is an aggregate", format!("use one of {}", MERGEABLE.join(", ")));
        }
    }
}

//! From a definition to SQL: the candidate rows, judged, folded and put into segments; then their state.

use crate::asked::INSTANTS;
use crate::error::EngineError;
use crate::segment::{Filter, Segment};
use crate::session::ACCOUNT_VERSIONS;
use std::collections::BTreeSet;
use std::fmt::Write;
use tenure_catalog::{Definition, Kind, Rows, Timing, bind_expression, restrict_aggregates};
use tenure_schema::table;

/// A metric's rows and state as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compiled {
    /// The queries that lead from the table to its rows, by name: each reads those before it.
    pub(crate) steps: Vec<(&'static str, String)>,
    /// Every candidate row of every asked period, with `row_excluded` and its segments: the steps as one query.
    pub(crate) rows: String,
    /// What `rows` yields for `tenure rows`, beside account, time and id.
    pub(crate) shown: Vec<String>,
    /// The columns of the state: aggregates over the rows.
    pub(crate) aggregates: String,
    /// The state, grouped by period and segments.
    pub(crate) state: String,
    /// The state of no rows at all.
    pub(crate) empty_state: String,
    /// What a row adds to the state: the sums and counts in it, by name.
    pub(crate) additive: Vec<(String, String)>,
    /// Why rows may not count, in the order of the columns `excluded_0`, `excluded_1` …
    pub(crate) reasons: Vec<String>,
    /// The tables that must be registered.
    pub(crate) tables: Vec<String>,
}

/// Where a definition stands, for errors.
pub(crate) struct Place<'a> {
    pub(crate) file: &'a str,
}

/// A value of `$name` as SQL.
pub(crate) type SettingOf<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(crate) struct Compiler<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) definition: &'a Definition,
    pub(crate) rows: &'a Rows,
    /// The columns that the rows' table has.
    pub(crate) columns: Vec<String>,
    pub(crate) setting: SettingOf<'a>,
}

/// Not dated: a candidate of every period, counted in none.
const NO_DATE: &str = "no date";
pub(crate) const PENDING: &str = "pending";
const SUPERSEDED: &str = "superseded";
/// Of a row that counts only where it changes segment.
const STAYED: &str = "in the same segment before and after";

/// The account's attributes at the instant that a row is held against.
const BEFORE: &str = "other";

/// The last step: the rows in their segments.
pub(crate) const COUNTED: &str = "counted";

/// Of a row that counts.
const COUNTS: &str = "row_excluded IS NULL";

impl Compiler<'_> {
    pub(crate) fn compile(&self, by: &[Segment], filters: &[Filter]) -> Result<Compiled, EngineError> {
        let of_account =
            by.iter().chain(filters.iter().map(|filter| &filter.segment)).any(|segment| segment.of_account);
        let mut tables = vec![self.rows.from.clone()];
        if of_account {
            tables.push(ACCOUNT_VERSIONS.to_owned());
        }
        let reasons = self.reasons();
        let steps = vec![
            ("met", self.met()?),
            ("candidate", self.candidate()?),
            ("judged", self.judged()?),
            ("folded", self.folded()?),
            (COUNTED, self.segmented(by, filters, of_account)),
        ];
        let rows = one_query(&steps);
        let (aggregates, keys) = (self.aggregates(&reasons)?, keys(by.len()));
        let state = format!("SELECT {keys}, {aggregates}\nFROM ({rows}) AS {COUNTED}\nGROUP BY {keys}");
        let empty_state = format!("SELECT {aggregates}\nFROM ({rows}) AS {COUNTED} WHERE false");
        let additive = self.additive()?;
        Ok(Compiled { steps, rows, shown: self.shown(), aggregates, state, empty_state, additive, reasons, tables })
    }

    /// Rows of the table in each asked period that they meet.
    fn met(&self) -> Result<String, EngineError> {
        let mut columns = vec!["*".to_owned()];
        let on = match self.rows.timing() {
            Timing::At(at) => {
                columns.push(format!("({}) AS row_at", self.bind("rows.at", at)?));
                "source.row_at IS NULL OR (source.row_at >= asked.starts_at AND source.row_at < asked.ends_at)"
            }
            Timing::InForce { starts_at, ends_at } => {
                columns.push(format!("({}) AS row_starts_at", self.bind("rows.starts_at", starts_at)?));
                columns.push(format!("({}) AS row_ends_at", self.bind("rows.ends_at", ends_at)?));
                "source.row_starts_at <= asked.closing AND (source.row_ends_at IS NULL OR source.row_ends_at > asked.closing)"
            }
            Timing::ByTable => "source.period = asked.period",
        };
        let filter = match &self.rows.filter {
            None => String::new(),
            Some(text) => format!(" WHERE {}", self.bind("rows.where", text)?),
        };
        let asked: Vec<String> = INSTANTS.iter().map(|name| format!("asked.{name} AS asked_{name}")).collect();
        Ok(format!(
            "SELECT source.*, asked.period AS asked_period,\n           {}\n    \
             FROM (SELECT {} FROM {}{filter}) AS source\n    JOIN asked ON {on}",
            asked.join(", "),
            columns.join(", "),
            quoted(&self.rows.from)
        ))
    }

    /// Each row with its owner, time, id and named columns.
    fn candidate(&self) -> Result<String, EngineError> {
        let own: BTreeSet<&str> = self.rows.columns.iter().map(|(name, _)| name).collect();
        let replaced = |name: &str| own.contains(name) || ["account_id", "at", "row_id", "period"].contains(&name);
        let replaced: Vec<String> =
            self.columns.iter().filter(|name| replaced(name)).map(|name| quoted(name)).collect();
        let kept = if replaced.is_empty() { String::new() } else { format!(" EXCEPT ({})", replaced.join(", ")) };
        let mut columns = vec![format!("*{kept}")];
        columns.push(format!("({}) AS account_id", self.bind("rows.account", &self.rows.account)?));
        columns.push(format!("{} AS at", self.at()));
        columns.push(format!("CAST({} AS VARCHAR) AS row_id", self.row_id()?));
        for (name, text) in self.rows.columns.iter() {
            let sql = self.bind(&format!("rows.columns.{name}"), text)?;
            columns.push(format!("({sql}) AS {}", quoted(name)));
        }
        Ok(format!("SELECT {}\n    FROM met", columns.join(",\n           ")))
    }

    fn at(&self) -> &'static str {
        match self.rows.timing() {
            Timing::At(_) => "row_at",
            Timing::InForce { .. } => "row_starts_at",
            Timing::ByTable if self.columns.iter().any(|column| column == "at") => "\"at\"",
            Timing::ByTable => "asked_closing",
        }
    }

    fn row_id(&self) -> Result<String, EngineError> {
        if let Some(text) = &self.rows.row_id {
            return Ok(format!("({})", self.bind("rows.row_id", text)?));
        }
        if let Some(table) = table::readable(&self.rows.from) {
            let key: Vec<String> = table.key.iter().map(|column| quoted(column)).collect();
            return Ok(format!("concat_ws('/', {})", key.join(", ")));
        }
        let name = if self.columns.iter().any(|column| column == "row_id") { "row_id" } else { "account_id" };
        Ok(quoted(name))
    }

    /// Each candidate with why it does not count, and what makes the value unknowable.
    fn judged(&self) -> Result<String, EngineError> {
        let mut excluded = Vec::new();
        if matches!(self.rows.timing(), Timing::At(_)) {
            excluded.push(format!("WHEN at IS NULL THEN '{NO_DATE}'"));
        }
        for (reason, condition) in self.rows.exclude.iter() {
            let sql = self.bind(&format!("rows.exclude.\"{reason}\""), condition)?;
            excluded.push(format!("WHEN {sql} THEN {}", literal(reason)));
        }
        if let Some(pending) = &self.rows.pending {
            excluded.push(format!("WHEN {} THEN '{PENDING}'", self.bind("rows.pending", pending)?));
        }
        let mut unknown = Vec::new();
        for (reason, condition) in self.rows.unknown.iter() {
            let sql = self.bind(&format!("rows.unknown.\"{reason}\""), condition)?;
            unknown.push(format!("WHEN {sql} THEN {}", filled(reason)));
        }
        let as_of = match &self.rows.as_of {
            Some(text) => self.bind("rows.as_of", text)?,
            None => match (self.definition.kind, self.rows.timing()) {
                (_, Timing::At(_)) => "at".to_owned(),
                (Kind::Panel, _) => "asked_opening".to_owned(),
                _ => "asked_closing".to_owned(),
            },
        };
        let against = match &self.rows.against {
            Some(text) => format!(",\n           {} AS row_against", self.bind("rows.against", text)?),
            None => String::new(),
        };
        Ok(format!(
            "SELECT *,\n           {} AS judged,\n           {} AS row_unknown,\n           {as_of} AS row_as_of{against}\n    FROM candidate",
            first_that_holds(&excluded),
            first_that_holds(&unknown)
        ))
    }

    /// One row a key, where the definition says so; and why that one may not count either.
    fn folded(&self) -> Result<String, EngineError> {
        if self.rows.key.is_empty() {
            return Ok("SELECT *, judged AS row_excluded\n    FROM judged".to_owned());
        }
        let latest = self.rows.keep.as_deref().is_none_or(|keep| keep.starts_with("latest"));
        let order = if latest { "DESC" } else { "ASC" };
        let key: Vec<String> = self.rows.key.iter().map(|key| format!("({key})")).collect();
        let place = format!(
            "row_number() OVER (PARTITION BY asked_period, judged IS NULL, {}\n                                         \
             ORDER BY at {order} NULLS LAST, row_id {order})",
            key.join(", ")
        );
        let mut whens =
            vec!["WHEN judged IS NOT NULL THEN judged".to_owned(), format!("WHEN {place} > 1 THEN '{SUPERSEDED}'")];
        for (reason, condition) in self.rows.exclude_kept.iter() {
            let sql = self.bind(&format!("rows.exclude_kept.\"{reason}\""), condition)?;
            whens.push(format!("WHEN {sql} THEN {}", literal(reason)));
        }
        Ok(format!("SELECT *,\n           {} AS row_excluded\n    FROM judged", first_that_holds(&whens)))
    }

    /// Fold first, then segment and filter.
    fn segmented(&self, by: &[Segment], filters: &[Filter], of_account: bool) -> String {
        let mut columns = match self.rows.against {
            Some(_) => vec![
                "folded.* EXCEPT (row_excluded)".to_owned(),
                format!("{} AS row_excluded", moved_or_stayed(by, filters)),
            ],
            None => vec!["folded.*".to_owned()],
        };
        columns
            .push(if of_account { "coalesce(version.assumed, false)" } else { "false" }.to_owned() + " AS row_assumed");
        for (index, segment) in by.iter().enumerate() {
            columns.push(format!("CAST({} AS VARCHAR) AS segment_{index}", segment.sql));
        }
        let mut sql = format!("SELECT {}\n    FROM folded", columns.join(",\n           "));
        if of_account {
            sql.push_str(&at_instant("version", "row_as_of"));
            if self.rows.against.is_some() {
                sql.push_str(&at_instant(BEFORE, "row_against"));
            }
        }
        let conditions: Vec<String> = filters
            .iter()
            .map(|filter| match &filter.value {
                Some(value) => format!("CAST({} AS VARCHAR) = {}", filter.segment.sql, literal(value)),
                None => format!("{} IS NULL", filter.segment.sql),
            })
            .collect();
        if !conditions.is_empty() {
            let _ = write!(sql, "\n    WHERE {}", conditions.join(" AND "));
        }
        sql
    }

    fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = Vec::new();
        let dated = matches!(self.rows.timing(), Timing::At(_)).then(|| NO_DATE.to_owned());
        let own = self.rows.exclude.iter().map(|(reason, _)| reason.to_owned());
        let pending = self.rows.pending.is_some().then(|| PENDING.to_owned());
        let superseded = (!self.rows.key.is_empty()).then(|| SUPERSEDED.to_owned());
        let kept = self.rows.exclude_kept.iter().map(|(reason, _)| reason.to_owned());
        let stayed = self.rows.against.is_some().then(|| STAYED.to_owned());
        for reason in dated.into_iter().chain(own).chain(pending).chain(superseded).chain(kept).chain(stayed) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    fn aggregates(&self, reasons: &[String]) -> Result<String, EngineError> {
        let counts = COUNTS;
        let mut columns = vec![
            format!("count(*) FILTER (WHERE {counts}) AS n"),
            format!("min(row_unknown) FILTER (WHERE {counts}) AS unknown_reason"),
            format!("count(*) FILTER (WHERE {counts} AND row_assumed) AS assumed_rows"),
        ];
        for (index, reason) in reasons.iter().enumerate() {
            columns.push(format!("count(*) FILTER (WHERE row_excluded = {}) AS excluded_{index}", literal(reason)));
        }
        for (name, text) in self.definition.state.iter() {
            columns.push(format!("{} AS {}", self.restricted(name, text)?, quoted(name)));
        }
        Ok(columns.join(",\n           "))
    }

    fn additive(&self) -> Result<Vec<(String, String)>, EngineError> {
        let sums = self.definition.state.iter().filter(|(_, text)| is_sum(text));
        sums.map(|(name, text)| Ok((name.to_owned(), self.restricted(name, text)?))).collect()
    }

    /// A state over the rows that count.
    fn restricted(&self, name: &str, text: &str) -> Result<String, EngineError> {
        let key = format!("state.{name}");
        restrict_aggregates(&self.bind(&key, text)?, COUNTS).map_err(|what| self.wrong(&key, what))
    }

    fn shown(&self) -> Vec<String> {
        let mut shown: Vec<String> = self.rows.columns.iter().map(|(name, _)| name.to_owned()).collect();
        let dimensions = self.rows.dimensions.iter().filter(|name| self.columns.contains(name));
        shown.extend(dimensions.cloned());
        shown.dedup();
        shown
    }

    fn bind(&self, key: &str, text: &str) -> Result<String, EngineError> {
        bind_expression(text, self.setting).map_err(|what| self.wrong(key, what))
    }

    fn wrong(&self, key: &str, what: String) -> EngineError {
        EngineError::Definition { file: self.place.file.to_owned(), key: key.to_owned(), what }
    }
}

/// Named queries, each over those before it, as one: what the last of them yields.
fn one_query(steps: &[(&str, String)]) -> String {
    let Some(((_, last), before)) = steps.split_last() else { return String::new() };
    let before: Vec<String> = before.iter().map(|(name, sql)| format!("{name} AS (\n    {sql}\n)")).collect();
    format!("WITH {}\n{last}", before.join(",\n"))
}

/// The text of the first condition that holds; null where none does.
fn first_that_holds(whens: &[String]) -> String {
    if whens.is_empty() {
        return "CAST(NULL AS VARCHAR)".to_owned();
    }
    format!("CASE {} END", whens.join("\n                "))
}

/// The attributes of a row's account at one of its instants.
fn at_instant(name: &str, instant: &str) -> String {
    format!(
        "\n    LEFT JOIN account_versions AS {name} ON {name}.account_id = folded.account_id \
         AND {name}.starts_at <= folded.{instant} AND ({name}.ends_at IS NULL OR {name}.ends_at > folded.{instant})"
    )
}

/// Why a row does not count; also where no attribute that splits or filters tells its two instants apart.
fn moved_or_stayed(by: &[Segment], filters: &[Filter]) -> String {
    let segments = by.iter().chain(filters.iter().map(|filter| &filter.segment)).filter(|segment| segment.of_account);
    let differs: Vec<String> = segments
        .map(|segment| {
            // In brackets: what follows DISTINCT FROM would take an OR as its own.
            format!("({} IS DISTINCT FROM {})", segment.sql, segment.sql.replacen("version.", &format!("{BEFORE}."), 1))
        })
        .collect();
    let differs = if differs.is_empty() { "false".to_owned() } else { differs.join(" OR ") };
    format!(
        "CASE WHEN folded.row_excluded IS NOT NULL THEN folded.row_excluded WHEN NOT ({differs}) THEN '{STAYED}' END"
    )
}

/// Whether a state is one sum or count, so that each row has its own share in it.
fn is_sum(text: &str) -> bool {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("coalesce(").and_then(|rest| rest.strip_suffix(", 0)")) {
        return is_sum(inner);
    }
    let Some(rest) = text.strip_prefix("sum").or_else(|| text.strip_prefix("count")) else { return false };
    let Some(end) = closing(rest).filter(|_| !rest.to_lowercase().starts_with("(distinct")) else { return false };
    let rest = rest[end..].trim_start();
    let filter = rest.strip_prefix("FILTER").map(str::trim_start);
    rest.is_empty() || filter.is_some_and(|condition| closing(condition) == Some(condition.len()))
}

/// Where the parenthesis with which a text begins is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(at + 1),
            ')' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The grouping columns of a state.
pub(crate) fn keys(segments: usize) -> String {
    let segments = (0..segments).map(|index| format!("segment_{index}"));
    std::iter::once("asked_period".to_owned()).chain(segments).collect::<Vec<_>>().join(", ")
}

/// A name as SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A reason whose `{column}` is filled in from the row.
pub(crate) fn filled(reason: &str) -> String {
    let mut pieces = Vec::new();
    let mut rest = reason;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((column, after)) = after.split_once('}') else { break };
        pieces.push(literal(before));
        pieces.push(format!("coalesce(CAST({} AS VARCHAR), '')", quoted(column)));
        rest = after;
    }
    pieces.push(literal(rest));
    pieces.join(" || ")
}

#[cfg(test)]
mod tests {
    use super::is_sum;

    #[test]
    fn what_each_row_has_a_share_in() {
        for text in [
            "count(*)",
            "count(*) FILTER (WHERE NOT (a OR b))",
            "coalesce(sum(a * (b + c)), 0)",
            "sum(a) FILTER (WHERE b)",
        ] {
            assert!(is_sum(text), "{text}");
        }
        for text in [
            "count(DISTINCT a)",
            "sum(a) / count(*)",
            "median(a)",
            "sum(a) + 1",
            "sums_by(a, b)",
            "coalesce(max(a), 0)",
        ] {
            assert!(!is_sum(text), "{text}");
        }
    }
}

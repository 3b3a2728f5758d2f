//! What one definition of a metric says: the catalogue's language, key by key.
//!
//! A metric file is a [`Definition`] with a title and variants; a variant is the same definition with some keys replaced.

use serde::Deserialize;

/// One complete definition: rows → state → value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Name for people.
    pub title: String,
    /// Group on the board.
    #[serde(default = "own_group")]
    pub group: String,
    /// Unit of `value`.
    pub unit: Unit,
    /// Which direction is better.
    #[serde(default)]
    pub better: Better,
    /// What kind of question it is.
    #[serde(default)]
    pub kind: Kind,
    /// What it means, in words.
    #[serde(default)]
    pub about: String,
    /// The formula, for people.
    #[serde(default)]
    pub formula: String,
    /// Where the formula comes from.
    #[serde(default)]
    pub source: String,
    /// Of a variant: how it differs from the default.
    #[serde(default)]
    pub difference: String,
    /// Whether rows belong to accounts or to staff.
    #[serde(default)]
    pub subject: Subject,
    /// Trailing window ending at the period's end, such as `12 months`; empty: the asked period.
    #[serde(default)]
    pub window: Option<String>,
    /// How long after the period its cases can still change: complete only when that has passed.
    #[serde(default)]
    pub matures: Option<String>,
    /// How far later rows can change a day's state.
    #[serde(default)]
    pub looks_ahead: Option<String>,
    /// The tables whose data-through decides observed_to, and without which there is no value; empty: all that are read, of which one must
    /// have data.
    #[serde(default)]
    pub observed_by: Vec<String>,
    /// Dimensions that always split the answer: no total across them.
    #[serde(default)]
    pub split: Vec<String>,
    /// The candidate rows; absent on derived metrics.
    #[serde(default)]
    pub rows: Option<Rows>,
    /// Other metrics that this one is arithmetic on.
    #[serde(default)]
    pub inputs: Inputs,
    /// Named aggregates over the rows that count.
    #[serde(default)]
    pub state: indexed::Exprs,
    /// Named expressions over the state, each also over those before it, that `value`, `interval`, `null` and `parts` share: each is computed
    /// once a cell.
    #[serde(default, rename = "let")]
    pub lets: indexed::Exprs,
    /// Arithmetic on the state, or a function of `stats`.
    pub value: String,
    /// Its interval: an expression of `{low, high}`; absent: none.
    #[serde(default)]
    pub interval: Option<String>,
    /// The least and greatest the value can be: its interval goes no further.
    #[serde(default)]
    pub bounds: Option<[f64; 2]>,
    /// When the value is null, and why: reason = condition on the state; the first that holds. `{name}` in the reason is filled in.
    #[serde(default)]
    pub null: Nulls,
    /// Further figures by name.
    #[serde(default)]
    pub parts: Parts,
    /// When cells may not be shown.
    #[serde(default)]
    pub publish: Option<Publish>,
}

/// What `let`, `value`, `interval`, `null` and `parts` may read beside the state and `n`: how many rows are pending.
pub const PENDING_ROWS: &str = "pending_rows";
/// And whether the question is about single accounts, split or filtered by `account`.
pub const PER_ACCOUNT: &str = "per_account";

/// The candidate rows of a metric: where they come from, when each counts and why it may not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// The table or derived table.
    pub from: String,
    /// Which of its rows are candidates at all.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// When a row counts (flow, due, duration).
    #[serde(default)]
    pub at: Option<String>,
    /// When a row comes into force (stock).
    #[serde(default)]
    pub starts_at: Option<String>,
    /// When it is no longer in force (stock); null: still.
    #[serde(default)]
    pub ends_at: Option<String>,
    /// Whose it is.
    #[serde(default = "account_id")]
    pub account: String,
    /// Which source record it is.
    #[serde(default)]
    pub row_id: Option<String>,
    /// The instant at which account attributes are taken, where the kind's own is not meant.
    #[serde(default)]
    pub as_of: Option<String>,
    /// Another instant: a row counts only where the account's attributes at it are those of another segment than those at `as_of`.
    #[serde(default)]
    pub against: Option<String>,
    /// One row a key counts in the asked period.
    #[serde(default)]
    pub key: Vec<String>,
    /// Which one: `latest(at, row_id)` or `earliest(at, row_id)`.
    #[serde(default)]
    pub keep: Option<String>,
    /// Named expressions that exclusions, state and `tenure rows` use.
    #[serde(default)]
    pub columns: indexed::Exprs,
    /// Why a candidate does not count: reason = condition; the first that holds.
    #[serde(default)]
    pub exclude: Nulls,
    /// Why the row kept of a key does not count either: reason = condition. The rows it superseded do not come back.
    #[serde(default)]
    pub exclude_kept: Nulls,
    /// A candidate whose outcome is not known yet: excluded as `pending`, and the period is not complete.
    #[serde(default)]
    pub pending: Option<String>,
    /// Why a row that counts makes the value unknowable: reason = condition; `{column}` in the reason is filled in.
    #[serde(default)]
    pub unknown: Nulls,
    /// Dimensions that rows declare themselves, for `--by`.
    #[serde(default)]
    pub dimensions: Vec<String>,
}

impl Definition {
    /// Every SQL expression in it.
    pub fn expressions(&self) -> Vec<&str> {
        let mut all = vec![self.value.as_str()];
        all.extend(self.interval.as_deref());
        all.extend(self.null.iter().map(|(_, condition)| condition));
        all.extend(self.state.iter().map(|(_, text)| text.as_str()));
        all.extend(self.lets.iter().map(|(_, text)| text.as_str()));
        all.extend(self.parts.iter().map(|(_, part)| part.value.as_str()));
        if let Some(rows) = &self.rows {
            let single = [
                &rows.filter,
                &rows.at,
                &rows.starts_at,
                &rows.ends_at,
                &rows.row_id,
                &rows.as_of,
                &rows.against,
                &rows.pending,
            ];
            all.extend(single.into_iter().flatten().map(String::as_str));
            all.push(&rows.account);
            all.extend(rows.columns.iter().map(|(_, text)| text.as_str()));
            let judged = [&rows.exclude, &rows.exclude_kept, &rows.unknown];
            all.extend(judged.into_iter().flat_map(|conditions| conditions.iter().map(|(_, text)| text)));
        }
        all
    }
}

/// How rows meet periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing<'a> {
    /// A row counts in the period that contains this instant.
    At(&'a str),
    /// A row counts where it is in force at the closing.
    InForce {
        /// First instant in force.
        starts_at: &'a str,
        /// First instant no longer in force.
        ends_at: &'a str,
    },
    /// The table reads `asked` itself and yields a column `period`.
    ByTable,
}

impl Rows {
    /// How its rows meet periods.
    pub fn timing(&self) -> Timing<'_> {
        match (&self.at, &self.starts_at, &self.ends_at) {
            (Some(at), _, _) => Timing::At(at),
            (None, Some(starts_at), Some(ends_at)) => Timing::InForce { starts_at, ends_at },
            _ => Timing::ByTable,
        }
    }
}

/// The inputs of a derived metric, by the name its value uses.
pub type Inputs = indexed::Map<Input>;
/// Further figures, by name.
pub type Parts = indexed::Map<Part>;
/// Reasons with their conditions, in order.
pub type Nulls = indexed::Conditions;

/// One input of a derived metric.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The metric.
    pub metric: String,
    /// Its variant; empty: the default.
    #[serde(default)]
    pub variant: Option<String>,
    /// The window it is asked over, in place of its own.
    #[serde(default)]
    pub window: Option<String>,
    /// How its values over the period become one.
    #[serde(default)]
    pub take: Aggregate,
}

/// How an input's values over the period become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// The value for the period.
    #[default]
    Value,
    /// The mean of its values for each day of the period.
    DailyMean,
    /// The value for the period just before: of a stock, what the period opens with.
    Before,
}

/// A further figure beside the headline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "PartForm")]
pub struct Part {
    /// Its expression over the state.
    pub value: String,
    /// Its unit; empty: the metric's.
    pub unit: Option<Unit>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PartForm {
    Short(String),
    Long { value: String, unit: Unit },
}

impl From<PartForm> for Part {
    fn from(form: PartForm) -> Self {
        match form {
            PartForm::Short(value) => Self { value, unit: None },
            PartForm::Long { value, unit } => Self { value, unit: Some(unit) },
        }
    }
}

/// When a cell of the answer may not be shown. The rows that count are taken for people: give such a metric a `key` of the person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// Fewest people in a cell that is shown.
    pub minimum: u32,
    /// The grain that is decided first, `month` unless said: where a longer and a shorter period differ in few answers, its cells are shown.
    #[serde(default = "month")]
    pub first: String,
}

/// What a number is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A fraction; people read percent.
    Ratio,
    /// Points of the NPS family, −100 to 100.
    Points,
    /// Money in the workspace's currency.
    Money,
    /// A count.
    Count,
    /// Seconds; people read minutes, hours or days.
    Seconds,
    /// Days.
    Days,
    /// A mark on the survey's own scale.
    Score,
    /// A plain number, such as one count over another.
    Number,
}

impl Unit {
    /// The word in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ratio => "ratio",
            Self::Points => "points",
            Self::Money => "money",
            Self::Count => "count",
            Self::Seconds => "seconds",
            Self::Days => "days",
            Self::Score => "score",
            Self::Number => "number",
        }
    }
}

/// Which direction is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    #[default]
    Neither,
}

impl Better {
    /// The word in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Neither => "neither",
        }
    }
}

/// What kind of question a metric asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Things that happened in a period.
    #[default]
    Flow,
    /// What is in force at the period's close.
    Stock,
    /// A cohort fixed at the opening and looked at again at the close.
    Panel,
    /// Items due in the period and their outcome.
    Due,
    /// From a start to an end, still open ones included.
    Duration,
    /// Start month × age.
    Cohort,
    /// Arithmetic on other metrics.
    Derived,
}

impl Kind {
    /// The word in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Stock => "stock",
            Self::Panel => "panel",
            Self::Due => "due",
            Self::Duration => "duration",
            Self::Cohort => "cohort",
            Self::Derived => "derived",
        }
    }
}

/// Whom a metric's rows belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A customer.
    #[default]
    Account,
    /// A colleague: never opened to rows.
    Staff,
}

fn own_group() -> String {
    "own".to_owned()
}

fn month() -> String {
    "month".to_owned()
}

fn account_id() -> String {
    "account_id".to_owned()
}

/// Maps that keep the order of the file.
pub mod indexed {
    use serde::de::{Error, MapAccess, Visitor};
    use serde::{Deserialize, Deserializer};
    use std::fmt;
    use std::marker::PhantomData;

    /// Name → item, in file order.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Map<T>(pub Vec<(String, T)>);
    /// Name → SQL expression.
    pub type Exprs = Map<String>;

    /// Reason → condition; `false` takes an inherited one away.
    #[derive(Debug, Clone, PartialEq, Eq, Default)]
    pub struct Conditions(pub Vec<(String, String)>);

    impl<T> Default for Map<T> {
        fn default() -> Self {
            Self(Vec::new())
        }
    }

    impl<T> FromIterator<(String, T)> for Map<T> {
        fn from_iter<I: IntoIterator<Item = (String, T)>>(items: I) -> Self {
            Self(items.into_iter().collect())
        }
    }

    impl<T> Map<T> {
        /// The items with their names.
        pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
            self.0.iter().map(|(name, item)| (name.as_str(), item))
        }

        /// The item of that name.
        pub fn get(&self, name: &str) -> Option<&T> {
            self.0.iter().find(|(found, _)| found == name).map(|(_, item)| item)
        }

        /// Whether there is none.
        pub fn is_empty(&self) -> bool {
            self.0.is_empty()
        }
    }

    impl Conditions {
        /// The reasons with their conditions.
        pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
            self.0.iter().map(|(reason, condition)| (reason.as_str(), condition.as_str()))
        }
    }

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(InOrder(PhantomData)).map(Self)
        }
    }

    impl<'de> Deserialize<'de> for Conditions {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let all = deserializer.deserialize_map(InOrder::<toml::Value>(PhantomData))?;
            let kept = all.into_iter().filter_map(|(reason, value)| match value {
                toml::Value::String(condition) => Some(Ok((reason, condition))),
                toml::Value::Boolean(false) => None,
                _ => Some(Err(D::Error::custom(format!("`{reason}` needs a SQL condition, or false to take it away")))),
            });
            kept.collect::<Result<_, _>>().map(Self)
        }
    }

    struct InOrder<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
        type Value = Vec<(String, T)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table of names")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = map.next_entry()? {
                items.push(item);
            }
            Ok(items)
        }
    }
}

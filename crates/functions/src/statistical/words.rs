//! What every statistical function says of itself: its arguments, what they take, and its documentation.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{DocSection, Documentation, Signature, Volatility};

use super::shape;

const SECTION: DocSection = DocSection {
    include: true,
    label: "Statistical Functions",
    description: Some(
        "Intervals, quantiles, survival and lifetime value; undefined is null. All intervals are of 95 %.",
    ),
};

/// What an argument takes; a null of no type goes everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Any number: integer, decimal or floating.
    Number,
    /// A text, or what can be written as one.
    Text,
    /// True or false.
    Bool,
    /// What `multiset` gives.
    Multiset,
    /// What `sums_by` gives.
    Sums,
    /// What `lifetimes` gives.
    Lifetimes,
    /// What `histories` gives.
    Histories,
}

impl Takes {
    fn data_type(self) -> DataType {
        match self {
            Takes::Number => DataType::Float64,
            Takes::Text => DataType::Utf8,
            Takes::Bool => DataType::Boolean,
            Takes::Multiset => shape::list_of(shape::multiset()),
            Takes::Sums => shape::list_of(shape::sums()),
            Takes::Lifetimes => shape::list_of(shape::lifetimes()),
            Takes::Histories => shape::list_of(shape::histories()),
        }
    }

    fn accepts(self, given: &DataType) -> bool {
        given.is_null()
            || match self {
                Takes::Number => given.is_numeric(),
                Takes::Text => !given.is_nested(),
                Takes::Bool => *given == DataType::Boolean,
                Takes::Multiset | Takes::Sums | Takes::Lifetimes | Takes::Histories => {
                    matches!(given, DataType::List(_) | DataType::LargeList(_))
                }
            }
    }

    fn name(self) -> &'static str {
        match self {
            Takes::Number => "a number",
            Takes::Text => "a text",
            Takes::Bool => "a boolean",
            Takes::Multiset => "a multiset",
            Takes::Sums => "a list from sums_by",
            Takes::Lifetimes => "a list from lifetimes",
            Takes::Histories => "a list from histories",
        }
    }
}

/// One argument: its name (which a call may use, `name => value`), what it takes, what it means.
pub(crate) type Argument = (&'static str, Takes, &'static str);

/// A function's words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub name: &'static str,
    pub about: &'static str,
    pub arguments: &'static [Argument],
    /// A call and its result.
    pub example: &'static str,
}

impl Words {
    pub(crate) fn signature(&self) -> Signature {
        let mut signature = Signature::user_defined(Volatility::Immutable);
        signature.parameter_names = Some(self.arguments.iter().map(|argument| argument.0.to_owned()).collect());
        signature
    }

    pub(crate) fn documentation(&self) -> Documentation {
        let names: Vec<&str> = self.arguments.iter().map(|argument| argument.0).collect();
        let syntax = format!("{}({})", self.name, names.join(", "));
        let start = Documentation::builder(SECTION, self.about, syntax)
            .with_sql_example(format!("```sql\n{}\n```", self.example));
        self.arguments.iter().fold(start, |words, argument| words.with_argument(argument.0, argument.2)).build()
    }

    /// Refuses a wrong number of arguments.
    pub(crate) fn check_count(&self, given: &[DataType]) -> Result<()> {
        if given.len() == self.arguments.len() {
            return Ok(());
        }
        let names: Vec<&str> = self.arguments.iter().map(|argument| argument.0).collect();
        plan_err!("{} takes {} arguments ({}), not {}", self.name, names.len(), names.join(", "), given.len())
    }

    /// The types to cast the arguments to.
    pub(crate) fn coerce(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        self.check_count(given)?;
        for ((name, takes, _), given) in self.arguments.iter().zip(given) {
            if !takes.accepts(given) {
                return plan_err!("{}: `{name}` takes {}, not {given}", self.name, takes.name());
            }
        }
        Ok(self.arguments.iter().map(|argument| argument.1.data_type()).collect())
    }
}

//! What SQL text shows without an engine: the tables, columns and functions that it names.

use crate::extent::within_extent;
use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName, Query, SelectItem, SetExpr, Statement,
    TableFactor, Value, ValueWithSpan, Visit, VisitMut, Visitor, VisitorMut,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Tokenizer;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Aggregates whose states merge by addition or by key.
pub(crate) const MERGEABLE: [&str; 11] = [
    "count",
    "sum",
    "min",
    "max",
    "bool_and",
    "bool_or",
    "multiset",
    "sums_by",
    "lifetimes",
    "histories",
    "string_agg",
];

/// The names in a piece of SQL, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Tables read, without the query's own common tables.
    pub tables: BTreeSet<String>,
    /// Unqualified columns.
    pub columns: BTreeSet<String>,
    /// Columns qualified with `asked`, the period asked for.
    pub asked: BTreeSet<String>,
    /// Functions called, aggregates included.
    pub functions: BTreeSet<String>,
    /// Settings named as `$name`.
    pub settings: BTreeSet<String>,
    /// Output columns of a query; `None` where a wildcard hides them.
    pub output: Option<Vec<String>>,
}

/// The names in one expression, or why it cannot be read.
pub fn names_in_expression(text: &str) -> Result<Names, String> {
    let expr = parse_expression(text)?;
    let mut collector = Collector::default();
    let _ = expr.visit(&mut collector);
    Ok(collector.names)
}

/// The names in one query, or why it cannot be read.
pub fn names_in_query(text: &str) -> Result<Names, String> {
    let statements = reader(text)?.parse_statements().map_err(|error| error.to_string())?;
    let [Statement::Query(query)] = statements.as_slice() else {
        return Err("it must be one SELECT".to_owned());
    };
    let mut collector = Collector::default();
    let _ = query.visit(&mut collector);
    for own in &collector.own_tables {
        collector.names.tables.remove(own);
    }
    collector.names.output = output_columns(query);
    Ok(collector.names)
}

/// The text with every `$name` replaced by what `value_of` gives as SQL text; names that it does not know stay.
pub fn substitute(text: &str, value_of: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut statements = reader(text)?.parse_statements().map_err(|error| error.to_string())?;
    let mut replacer = Replacer { value_of };
    if let ControlFlow::Break(error) = VisitMut::visit(&mut statements, &mut replacer) {
        return Err(error);
    }
    let texts: Vec<String> = statements.iter().map(Statement::to_string).collect();
    Ok(texts.join(";\n"))
}

/// The expression with `$name` replaced as in [`substitute`] and `asked.name` written as the column `asked_name`.
pub fn bind_expression(text: &str, value_of: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut expr = parse_expression(text)?;
    if let ControlFlow::Break(error) = VisitMut::visit(&mut expr, &mut Replacer { value_of }) {
        return Err(error);
    }
    let _ = VisitMut::visit(&mut expr, &mut AskedColumns);
    Ok(expr.to_string())
}

/// The state expression with every aggregate in it restricted to rows for which `condition` holds.
pub fn restrict_aggregates(text: &str, condition: &str) -> Result<String, String> {
    let mut expr = parse_expression(text)?;
    let condition = parse_expression(condition)?;
    let _ = VisitMut::visit(&mut expr, &mut Restriction { condition: &condition });
    Ok(expr.to_string())
}

struct AskedColumns;

impl VisitorMut for AskedColumns {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::CompoundIdentifier(parts) = expr
            && let [table, column] = parts.as_slice()
            && table.value.eq_ignore_ascii_case("asked")
        {
            *expr = Expr::Identifier(Ident::new(format!("asked_{}", column.value.to_lowercase())));
        }
        ControlFlow::Continue(())
    }
}

struct Restriction<'a> {
    condition: &'a Expr,
}

impl VisitorMut for Restriction<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && MERGEABLE.contains(&last_part(&function.name).as_str())
        {
            let own = self.condition.clone();
            let both = match function.filter.take() {
                None => own,
                Some(filter) => Expr::BinaryOp {
                    left: Box::new(Expr::Nested(Box::new(own))),
                    op: BinaryOperator::And,
                    right: Box::new(Expr::Nested(filter)),
                },
            };
            function.filter = Some(Box::new(both));
        }
        ControlFlow::Continue(())
    }
}

/// The reader of a text that is short enough.
fn reader(text: &str) -> Result<Parser<'static>, String> {
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize_with_location();
    let tokens = tokens.map_err(|error| ParserError::from(error).to_string())?;
    within_extent(&tokens)?;
    Ok(Parser::new(&GenericDialect {}).with_tokens_with_locations(tokens))
}

fn parse_expression(text: &str) -> Result<Expr, String> {
    let mut parser = reader(text)?;
    let expr = parser.parse_expr().map_err(|error| error.to_string())?;
    match parser.peek_token().token {
        sqlparser::tokenizer::Token::EOF => Ok(expr),
        rest => Err(format!("unexpected `{rest}` after the expression")),
    }
}

#[derive(Default)]
struct Collector {
    names: Names,
    own_tables: BTreeSet<String>,
}

impl Visitor for Collector {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.own_tables.insert(table.alias.name.value.to_lowercase());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, args: None, .. } = factor {
            self.names.tables.insert(last_part(name));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(name) => {
                self.names.columns.insert(name.value.to_lowercase());
            }
            Expr::CompoundIdentifier(parts) => {
                if let [table, column] = parts.as_slice()
                    && table.value.eq_ignore_ascii_case("asked")
                {
                    self.names.asked.insert(column.value.to_lowercase());
                }
            }
            Expr::Function(function) => {
                self.names.functions.insert(last_part(&function.name));
                for argument in named_arguments(function) {
                    self.names.columns.remove(&argument);
                }
            }
            Expr::Value(ValueWithSpan { value: Value::Placeholder(name), .. }) => {
                self.names.settings.insert(name.trim_start_matches('$').to_owned());
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn named_arguments(function: &sqlparser::ast::Function) -> Vec<String> {
    let sqlparser::ast::FunctionArguments::List(list) = &function.args else { return Vec::new() };
    let names = list.args.iter().filter_map(|argument| match argument {
        FunctionArg::Named { name, arg: FunctionArgExpr::Expr(_), .. } => Some(name.value.to_lowercase()),
        _ => None,
    });
    names.collect()
}

struct Replacer<'a> {
    value_of: &'a dyn Fn(&str) -> Option<String>,
}

impl VisitorMut for Replacer<'_> {
    type Break = String;

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<String> {
        if let Expr::Value(ValueWithSpan { value: Value::Placeholder(name), .. }) = expr
            && let Some(text) = (self.value_of)(name.trim_start_matches('$'))
        {
            match parse_expression(&text) {
                Ok(value) => *expr = value,
                Err(error) => return ControlFlow::Break(error),
            }
        }
        ControlFlow::Continue(())
    }
}

fn last_part(name: &ObjectName) -> String {
    name.0.last().map(|part| part.to_string().trim_matches('"').to_lowercase()).unwrap_or_default()
}

fn output_columns(query: &Query) -> Option<Vec<String>> {
    let mut body = query.body.as_ref();
    loop {
        match body {
            SetExpr::Select(select) => return select.projection.iter().map(output_column).collect(),
            SetExpr::Query(inner) => body = inner.body.as_ref(),
            SetExpr::SetOperation { left, .. } => body = left.as_ref(),
            _ => return None,
        }
    }
}

fn output_column(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.to_lowercase()),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.value.to_lowercase()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().map(|part| part.value.to_lowercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_an_expression() {
        let names = names_in_expression("count(*) FILTER (WHERE score >= $floor AND asked.closing > at)").unwrap();
        assert_eq!(names.functions, BTreeSet::from(["count".to_owned()]));
        assert_eq!(names.columns, BTreeSet::from(["at".to_owned(), "score".to_owned()]));
        assert_eq!(names.asked, BTreeSet::from(["closing".to_owned()]));
        assert_eq!(names.settings, BTreeSet::from(["floor".to_owned()]));
    }

    #[test]
    fn names_of_a_query() {
        let names =
            names_in_query("WITH a AS (SELECT x FROM tickets) SELECT a.x, 1 AS one FROM a JOIN asked ON true").unwrap();
        assert_eq!(names.tables, BTreeSet::from(["asked".to_owned(), "tickets".to_owned()]));
        assert_eq!(names.output, Some(vec!["x".to_owned(), "one".to_owned()]));
        assert!(names_in_query("DROP TABLE x").is_err());
        assert!(names_in_expression("1 +").is_err());
        assert!(names_in_expression("1 1").is_err());
    }

    #[test]
    fn states_count_only_the_rows_that_count() {
        let state = restrict_aggregates("coalesce(sum(x) FILTER (WHERE y), 0)", "z IS NULL").unwrap();
        assert_eq!(state, "coalesce(sum(x) FILTER (WHERE (z IS NULL) AND (y)), 0)");
        let bound = bind_expression("at < asked.Closing", &|_| None).unwrap();
        assert_eq!(bound, "at < asked_closing");
    }

    #[test]
    fn settings_are_filled_in() {
        let filled = substitute("SELECT a + $days FROM t", &|name| (name == "days").then(|| "7".to_owned()));
        assert_eq!(filled.unwrap(), "SELECT a + 7 FROM t");
    }
}

//! Column names in a SELECT: found whatever their case, so that `CustomerID` need not be quoted.

use super::relations::Relations;
use crate::error::Problem;
use crate::source::nearest;
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, ObjectName, ObjectNamePart, Query, SelectItem, SetExpr, visit_expressions_mut, visit_relations,
    visit_relations_mut,
};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Spells the names of relations as the source does.
pub(super) fn spell_relations(query: &mut Query, known: &[&str]) {
    let _ = visit_relations_mut(query, |name: &mut ObjectName| {
        if let [ObjectNamePart::Identifier(ident)] = name.0.as_mut_slice() {
            respell(ident, known);
        }
        ControlFlow::<()>::Continue(())
    });
}

/// Spells the names of columns as the files do. Unquoted ones are found in any case.
pub(super) fn spell_columns(query: &mut Query, relations: &Relations) {
    let columns: BTreeSet<&str> =
        relations.all.iter().flat_map(|relation| relation.schema.fields()).map(|field| field.name().as_str()).collect();
    let columns: Vec<&str> = columns.into_iter().collect();
    let _ = visit_expressions_mut(query, |expr| {
        match expr {
            Expr::Identifier(ident) => respell(ident, &columns),
            Expr::CompoundIdentifier(parts) => {
                if let Some(last) = parts.last_mut() {
                    respell(last, &columns);
                }
            }
            _ => {}
        }
        ControlFlow::<()>::Continue(())
    });
}

fn respell(ident: &mut Ident, known: &[&str]) {
    if ident.quote_style.is_some() {
        return;
    }
    let exact = known.iter().find(|name| **name == ident.value);
    let mut alike = known.iter().filter(|name| name.to_lowercase() == ident.value.to_lowercase());
    let only = match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    if let Some(name) = exact.or(only) {
        ident.value = (*name).to_owned();
        ident.quote_style = Some('"');
    }
}

/// The relations that a query names, those that it makes itself (WITH) left out.
pub(super) fn named(query: &Query) -> Vec<String> {
    let own: Vec<&str> =
        query.with.iter().flat_map(|with| &with.cte_tables).map(|cte| cte.alias.name.value.as_str()).collect();
    let mut names = Vec::new();
    let _ = visit_relations(query, |name: &ObjectName| {
        let name = match name.0.as_slice() {
            [ObjectNamePart::Identifier(ident)] => ident.value.clone(),
            _ => name.to_string(),
        };
        if !own.contains(&name.as_str()) && !names.contains(&name) {
            names.push(name);
        }
        ControlFlow::<()>::Continue(())
    });
    names
}

/// The problem of a relation that there is not.
pub(super) fn no_relation(place: &str, name: &str, known: &[&str]) -> Problem {
    let remedy = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean '{near}'?"),
        None if known.is_empty() => format!("add [files.{name}] with a path"),
        None => format!("add [files.{name}]; there are {}", known.join(", ")),
    };
    Problem::new(place, format!("there is no relation '{name}'"), remedy)
}

/// The problem of a column that there is not.
pub(super) fn no_column(place: &str, name: &str, relations: &[String], columns: &[String]) -> Problem {
    let whose = match relations {
        [] => String::new(),
        names => format!(" in {}", names.join(", ")),
    };
    let there_are = format!("the columns are {}", columns.join(", "));
    let remedy = match nearest(name, columns.iter().map(String::as_str)) {
        Some(near) => format!("did you mean '{near}'? {there_are}"),
        None => there_are,
    };
    Problem::new(place, format!("there is no column '{name}'{whose}"), remedy)
}

/// An expression of the SELECT list that yields a column without a name of its own.
pub(super) fn unnamed(query: &Query) -> Option<String> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    select.projection.iter().find_map(|item| match item {
        SelectItem::UnnamedExpr(Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => None,
        SelectItem::UnnamedExpr(expr) => Some(expr.to_string()),
        _ => None,
    })
}

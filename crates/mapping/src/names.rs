//! Column names in a SELECT: found whatever their case, so that `CustomerID` need not be quoted.

use crate::problem::Problem;
use crate::source::nearest;
use sqlparser::ast::{Ident, ObjectName, ObjectNamePart, Query, visit_relations_mut};
use std::ops::ControlFlow;

/// Spells the names of relations as the source does.
pub(crate) fn spell_relations(query: &mut Query, known: &[&str]) {
    let _ = visit_relations_mut(query, |name: &mut ObjectName| {
        if let [ObjectNamePart::Identifier(ident)] = name.0.as_mut_slice() {
            spell(ident, known);
        }
        ControlFlow::<()>::Continue(())
    });
}

/// Spells one name as the one known name that it can mean; a quoted one stays.
pub(crate) fn spell(ident: &mut Ident, known: &[&str]) {
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

/// The problem of a relation that there is not.
pub(crate) fn no_relation(place: &str, name: &str, known: &[&str]) -> Problem {
    let remedy = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean '{near}'?"),
        None if known.is_empty() => format!("add [files.{name}] with a path"),
        None => format!("add [files.{name}]; there are {}", known.join(", ")),
    };
    Problem::new(place, format!("there is no relation '{name}'"), remedy)
}

/// The problem of a column that there is not.
pub fn no_column(place: &str, name: &str, relations: &[String], columns: &[String]) -> Problem {
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

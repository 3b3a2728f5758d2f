//! Which column of a table each column of a SELECT fills.

use crate::problem::Problem;
use crate::source::{TableMapping, nearest};
use tenure_schema::table::{ATTRIBUTES, PROVENANCE};

/// What becomes of a column that a SELECT yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// It fills the table's column of that name.
    Column(String),
    /// It becomes a free attribute of that name.
    Extra(String),
    /// It tells each row's file.
    File,
    /// It tells each row's record number.
    Row,
}

/// Binds the columns that a SELECT yields, in their order.
pub fn bind(mapping: &TableMapping, place: &str, names: &[String]) -> Result<Vec<Output>, Problem> {
    let table = mapping.table;
    let mut bound: Vec<Output> = Vec::with_capacity(names.len());
    for name in names {
        let output = match name.as_str() {
            "_file" => Output::File,
            "_row" => Output::Row,
            _ => match table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)) {
                Some(column) => Output::Column(column.name.clone()),
                None if PROVENANCE.contains(&name.as_str()) || name == ATTRIBUTES => {
                    return Err(Problem::new(
                        place,
                        format!("'{name}' is filled by Tenure"),
                        "give the column another name with AS, or leave it out",
                    ));
                }
                None if table.attributes => Output::Extra(name.clone()),
                None => {
                    let known = || table.columns.iter().map(|column| column.name.as_str());
                    let remedy = match nearest(name, known()) {
                        Some(near) => format!("did you mean '{near}'?"),
                        None => format!("its columns are {}", known().collect::<Vec<_>>().join(", ")),
                    };
                    return Err(Problem::new(place, format!("{} has no column '{name}'", table.name), remedy));
                }
            },
        };
        let twice = bound.contains(&output) && !matches!(output, Output::File | Output::Row);
        if twice {
            return Err(Problem::new(
                place,
                format!("two columns are named '{name}'"),
                "give one another name with AS",
            ));
        }
        bound.push(output);
    }
    for column in table.columns.iter().filter(|column| column.required && column.default().is_none()) {
        if !bound.contains(&Output::Column(column.name.clone())) {
            let near = nearest(&column.name, names.iter().map(String::as_str));
            let remedy = match near {
                Some(near) if table.column(near).is_none() => format!("did you mean {near} AS {}?", column.name),
                _ => format!("add … AS {}: {}", column.name, column.about),
            };
            let problem = format!("the required column '{}' of {} is not filled", column.name, table.name);
            return Err(Problem::new(place, problem, remedy));
        }
    }
    Ok(bound)
}

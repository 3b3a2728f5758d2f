//! `scorecard_edge`: where a colour begins on a scorecard, out of its file.

use crate::function::{Definition, Kind};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Decimal128Builder};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use rust_decimal::Decimal;
use std::sync::Arc;
use tenure_schema::zone::Zone;
use tenure_scorecard::{Colours, PLACES};

/// The digits of an edge, its places among them.
const DIGITS: u8 = 18;

pub(crate) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "scorecard_edge",
        about: "The lowest score that has a colour, amber or green, by a scorecard's file. Null if an argument is null, the colour is \
                another one, or the file cannot be read.",
        parameters: &[
            ("definition", Kind::Text, "the scorecard's file, as `health_scorecards` keeps it"),
            ("colour", Kind::Text, "`amber` or `green`; red begins at 0"),
        ],
        returns: DataType::Decimal128(DIGITS, PLACES as i8),
        example: "SELECT scorecard_edge('colours = { amber = 50, green = 70 }', 'green');  -- 70.000000",
    };
    definition.function_of("Health", zone, |args| {
        let [files, colours] = args else { return Err(exec_datafusion_err!("scorecard_edge takes 2 arguments")) };
        let (files, colours) = (files.as_string_view(), colours.as_string_view());
        let mut edges = Decimal128Builder::with_capacity(files.len()).with_precision_and_scale(DIGITS, PLACES as i8)?;
        for (file, colour) in files.iter().zip(colours) {
            edges.append_option(file.zip(colour).and_then(|(file, colour)| edge(file, colour)));
        }
        let edges: ArrayRef = Arc::new(edges.finish());
        Ok(edges)
    })
}

/// An edge in millionths of a point.
fn edge(file: &str, colour: &str) -> Option<i128> {
    let edge: fn(Colours) -> Decimal = match colour {
        "amber" => |colours| colours.amber,
        "green" => |colours| colours.green,
        _ => return None,
    };
    let mut edge = edge(Colours::of_file(file)?);
    edge.rescale(PLACES);
    Some(edge.mantissa())
}

//! `metrics/*.toml`: what holds of each, whatever is written.

use std::sync::LazyLock;
use tenure_catalog::{Catalog, CatalogFile, Definition, bind_expression, names_in_expression, restrict_aggregates};

const PATH: &str = "metrics/fuzzed.toml";

/// The definitions that the file stands among.
static BUILTIN: LazyLock<Catalog> = LazyLock::new(|| Catalog::builtin().expect("the built-in catalogue is sound"));

/// What holds of a text that is read as a metric.
pub fn check(text: &str) {
    let file = CatalogFile { path: PATH.to_owned(), text: text.to_owned() };
    match BUILTIN.read_metric(&file) {
        Ok(metric) => {
            compiles(&metric.default);
            for variant in &metric.variants {
                assert!(metric.definition(Some(&variant.id)).is_some(), "{} is asked for in vain", variant.id);
                compiles(&variant.definition);
            }
        }
        Err(error) => {
            assert!(!error.problems.is_empty());
            for problem in &error.problems {
                assert!(problem.to_string().starts_with(PATH) && !problem.remedy.is_empty(), "{problem}");
                let placed = !problem.key.is_empty() || problem.what.contains("line ") || problem.what.contains('`');
                assert!(placed, "{problem} names neither line nor key");
            }
        }
    }
}

/// What the engine makes of a sound definition's texts can be read in their place.
fn compiles(definition: &Definition) {
    for text in definition.expressions() {
        let bound = bind_expression(text, &|_| Some("7".to_owned()));
        let bound = bound.unwrap_or_else(|error| panic!("sound, and cannot be bound: {error}: {text}"));
        names_in_expression(&bound).unwrap_or_else(|error| panic!("{error}: {bound} of {text}"));
    }
    for (_, text) in definition.state.iter() {
        let restricted = restrict_aggregates(text, "counts");
        restricted.unwrap_or_else(|error| panic!("sound, and cannot be restricted: {error}: {text}"));
    }
    BUILTIN.lake_tables(definition);
}

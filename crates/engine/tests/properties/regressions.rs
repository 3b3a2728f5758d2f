//! Companies that once broke a property: every property is tried on each.

use crate::company::Company;
use crate::harness::Case;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regression {
    about: String,
    settings: String,
    data_through: String,
    tables: BTreeMap<String, String>,
    /// The property that broke, and the turn in which it did.
    property: String,
    turn: usize,
}

#[test]
fn what_once_broke_a_property_no_longer_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/properties/regressions");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let regression: Regression =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let Regression { about, settings, data_through, tables, property, turn } = regression;
        let company = Company { settings, data_through, tables };
        let case = Case { company: &company, own: &[], turn };
        if let Err(broken) = runtime.block_on(crate::harness::property(&property)(&case)) {
            wrong.push(format!("{}: {about}: {property}: {broken}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

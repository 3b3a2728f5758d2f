//! `derived/*.sql`: what holds of each, whatever is written.

use tenure_catalog::{names_in_query, substitute};

/// What holds of a text that is read as a derived table.
pub fn check(text: &str) {
    let names = match names_in_query(text) {
        Ok(names) => names,
        Err(error) => return assert!(!error.is_empty()),
    };
    let filled = substitute(text, &|name| names.settings.contains(name).then(|| "7".to_owned()));
    let filled = filled.unwrap_or_else(|error| panic!("read once and not again: {error}"));
    let again = names_in_query(&filled).unwrap_or_else(|error| panic!("{error} of {filled}"));
    assert_eq!(again.tables, names.tables, "{filled}");
}

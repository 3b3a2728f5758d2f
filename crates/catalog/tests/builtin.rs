//! What ships with Tenure is sound: every built-in metric and derived table passes the catalogue's own checks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use tenure_catalog::Catalog;

#[test]
fn every_builtin_definition_is_sound() {
    if let Err(error) = Catalog::builtin() {
        panic!("{error}");
    }
}

#[test]
fn every_builtin_definition_explains_itself() {
    let catalog = Catalog::builtin().unwrap();
    let missing: Vec<String> = catalog
        .metrics()
        .flat_map(|metric| {
            let variants = metric.variants.iter().map(|variant| (variant.id.as_str(), &variant.definition));
            std::iter::once(("default", &metric.default))
                .chain(variants)
                .map(|(id, definition)| (&metric.id, id, definition))
        })
        .filter(|(_, variant, definition)| {
            definition.about.is_empty()
                || definition.formula.is_empty()
                || definition.source.is_empty()
                || (*variant != "default" && definition.difference.is_empty())
        })
        .map(|(metric, variant, _)| format!("{metric} {variant}"))
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "about, formula, source, and of variants the difference");
    let unexplained: Vec<&str> =
        catalog.derived_tables().filter(|table| table.about.is_empty()).map(|table| table.name.as_str()).collect();
    assert_eq!(unexplained, Vec::<&str>::new(), "a comment at the file's head says what a row is");
}

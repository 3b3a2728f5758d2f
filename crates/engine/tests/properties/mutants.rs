//! Properties that cannot fail prove nothing: each is seen to fail when a definition is broken.

use crate::harness::{BROKEN, Shrink, property, try_on_companies};
use tenure_catalog::CatalogFile;

/// A built-in file with one thing changed in it, and the property that must notice.
struct Mutant {
    property: &'static str,
    path: &'static str,
    text: &'static str,
    from: &'static str,
    to: &'static str,
}

macro_rules! mutant {
    ($property:literal, $path:literal, $from:literal => $to:literal) => {
        Mutant {
            property: $property,
            path: $path,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog/", $path)),
            from: $from,
            to: $to,
        }
    };
}

/// One for each property. Where number and rows come from one query, chance alone can part them.
const MUTANTS: [Mutant; 14] = [
    mutant!("mrr ties out", "derived/fx_revaluation.sql",
            "least(coalesce(held.ends_at, asked.closing), asked.closing)) AS rate_to" => "asked.closing) AS rate_to"),
    mutant!("customers tie out", "derived/mrr_movements.sql",
            "WHEN leaving.account_id IS NOT NULL THEN 'churn'" => "WHEN leaving.account_id IS NOT NULL AND money.change <> 0 THEN 'churn'"),
    mutant!("moves cancel out", "derived/mrr_moves.sql",
            "CROSS JOIN side" => "CROSS JOIN side WHERE side.side = 'in' OR moved.currency = 'EUR'"),
    mutant!("rows are the number", "derived/account_panel.sql",
            "LEFT JOIN money ON" => "JOIN (SELECT random() AS chance) AS dice ON dice.chance < 0.5 LEFT JOIN money ON"),
    mutant!("candidates are kept or excluded", "metrics/nps.toml",
            "survey_kind = 'nps' AND touch = 'relationship'" => "survey_kind = 'nps' AND random() < 0.5"),
    mutant!("segments add up", "derived/account_panel.sql",
            "LEFT JOIN money ON" => "JOIN (SELECT random() AS chance) AS dice ON dice.chance < 0.5 LEFT JOIN money ON"),
    mutant!("a filter is its segment", "derived/account_panel.sql",
            "LEFT JOIN money ON" => "JOIN (SELECT random() AS chance) AS dice ON dice.chance < 0.5 LEFT JOIN money ON"),
    mutant!("retention and churn make one", "metrics/logo_churn_rate.toml",
            "count(*) FILTER (WHERE NOT closing_active)" => "count(*) FILTER (WHERE NOT closing_active AND opening_mrr > 100)"),
    mutant!("a cohort is kept or lost", "derived/account_panel.sql",
            "bool_or(span.starts_at <= asked.opening)" => "bool_or(span.starts_at <= asked.opening - INTERVAL '7 days')"),
    mutant!("GRR is bounded", "metrics/grr.toml",
            "sum(least(closing_mrr, opening_mrr))" => "sum(closing_mrr)"),
    mutant!("NPS classes add up", "metrics/nps.toml",
            "count(*) FILTER (WHERE score >= 9)" => "count(*) FILTER (WHERE score > 9)"),
    mutant!("owners have the history", "derived/account_mrr.sql",
            "WHERE lines > 0" => "WHERE lines > 0 AND account_id NOT IN (SELECT account_id FROM accounts WHERE merged_into IS NOT NULL OR parent_id IS NOT NULL)"),
    mutant!("as worked by hand", "derived/mrr_lines.sql",
            "(100 - coalesce(discount_percent, 0))" => "(100 - 2 * coalesce(discount_percent, 0))"),
    mutant!("the checks hold", "derived/mrr_movements.sql",
            "WHEN money.direction < 0 THEN 'contraction'" => "WHEN money.direction < 0 THEN 'shrinking'"),
];

#[test]
fn every_property_has_a_mutant() {
    let mut named: Vec<&str> = MUTANTS.iter().map(|mutant| mutant.property).collect();
    named.dedup();
    assert_eq!(named, crate::PROPERTIES.map(|(name, _)| name));
}

#[test]
fn every_property_notices_a_broken_definition() {
    let mut unnoticed = Vec::new();
    for mutant in MUTANTS {
        assert!(mutant.text.contains(mutant.from), "{}: {:?} is not in it", mutant.path, mutant.from);
        let text = mutant.text.replacen(mutant.from, mutant.to, 1);
        let own = [CatalogFile { path: mutant.path.to_owned(), text }];
        match try_on_companies(property(mutant.property), 12, &own, Shrink::No) {
            Err(broken) if broken.contains(BROKEN) => {}
            // A definition that cannot be read would prove nothing either.
            Err(unreadable) => unnoticed.push(unreadable),
            Ok(()) => {
                unnoticed.push(format!("`{}` does not notice {:?} in {}", mutant.property, mutant.to, mutant.path))
            }
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

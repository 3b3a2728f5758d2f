//! The order of the board: what a reader looks for first stands first. What is not named here follows by title.

/// Groups, by the catalogue's name.
const GROUPS: &[&str] = &[
    "revenue",
    "retention",
    "voice",
    "support",
    "lifecycle",
    "lifecycle and use",
    "use",
    "referral",
    "staff",
    "health",
];

/// Metrics within their groups.
const METRICS: &[&str] = &[
    "mrr",
    "arr",
    "active_customers",
    "arpa",
    "new_mrr",
    "reactivation_mrr",
    "expansion_mrr",
    "contraction_mrr",
    "churned_mrr",
    "fx_mrr",
    "quick_ratio",
    "expansion_revenue",
    "clv",
    "nrr",
    "grr",
    "retention_rate",
    "logo_churn_rate",
    "revenue_churn_rate",
    "renewal_rate",
    "upsell_rate",
    "cross_sell_rate",
    "expansion_rate",
    "cohort_retention",
    "nps",
    "csat",
    "ces",
    "response_rate",
    "first_response_time",
    "average_response_time",
    "resolution_time",
    "first_contact_resolution",
    "ticket_volume",
    "tickets_per_account",
    "reopen_rate",
    "backlog",
    "onboarding_time",
    "time_to_first_value",
    "time_to_value",
    "active_users",
    "stickiness",
    "feature_adoption",
    "seat_use",
    "referral_rate",
    "enps",
    "pulse",
    "one_on_one_coverage",
    "health_score",
    "accounts_at_risk",
];

/// Sorts the catalogue's groups, each once.
pub(crate) fn sort_groups(groups: &mut Vec<&str>) {
    groups.sort_by_key(|name| (group(name), *name));
    groups.dedup();
}

/// Where a group stands.
pub(super) fn group(name: &str) -> usize {
    place_in(GROUPS, name)
}

/// Where a metric stands within its group.
pub(crate) fn metric(id: &str) -> usize {
    place_in(METRICS, id)
}

fn place_in(list: &[&str], name: &str) -> usize {
    list.iter().position(|known| *known == name).unwrap_or(list.len())
}

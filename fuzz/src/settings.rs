//! `tenure.toml` and `board.toml`: what holds of each, whatever is written.

use tenure_catalog::BoardPlan;
use tenure_schema::settings::Settings;

/// What holds of a text that is read as a workspace's settings, and as its board.
pub fn check(text: &str) {
    match Settings::parse(text) {
        Ok(settings) => sound(&settings),
        Err(error) => {
            assert!((1..=text.lines().count() + 1).contains(&error.line), "{error} of {text:?}");
            assert!(!error.key.is_empty() && !error.problem.is_empty(), "{error}");
            assert!(!error.to_string().contains('\n'), "{error:?}");
        }
    }
    match BoardPlan::parse("", Some(text)) {
        Ok(board) => {
            let named: usize = board.groups.iter().map(|(_, metrics)| metrics.len()).sum();
            let mut metrics = board.groups.iter().flat_map(|(_, metrics)| metrics);
            assert!(metrics.all(|id| board.place_of(id) < named), "one stands behind those not named: {text:?}");
        }
        Err(problem) => {
            assert!(problem.to_string().starts_with("board.toml: "), "{problem}");
            assert!(problem.what.contains("line ") || problem.what.contains('`'), "{problem} names no place");
        }
    }
}

fn sound(settings: &Settings) {
    assert!((1..=12).contains(&settings.fiscal_year_start));
    assert!((0.0..=1.0).contains(&settings.margin) && (0.0..=10.0).contains(&settings.discount_rate));
    assert!(settings.targets.values().all(|target| target.is_finite()));
    assert!(settings.fingerprint_text().starts_with("currency = "));
    for (name, schedule) in &settings.schedules {
        let instant = |text: &str| text.parse().expect("an instant");
        let worked = schedule.business_seconds(instant("2023-01-01T00:00Z"), instant("2024-01-01T00:00Z"));
        assert!((0..=365 * 86_400).contains(&worked), "{name}: {worked} seconds of a year");
    }
}

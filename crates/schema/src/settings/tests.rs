use super::*;

const WHOLE: &str = r#"
name = "Acme"
currency = "EUR"
timezone = "America/New_York"
fiscal_year_start = 2
data_through = "2026-06-30"
join_gap_days = 1
churn_grace_days = 2
renewal_grace_days = 45
past_due_grace_days = 14
one_on_one_cadence = "2 weeks"
margin = 1
discount_rate = 0.1
[targets]
nrr = 1.05
[schedules.support]
timezone = "America/Chicago"
hours = { mon = ["09:00-17:00"], tue = ["09:00-12:00", "13:00-17:00"], fri = ["22:00-06:00"] }
holidays = ["2026-01-01", 2026-12-25]
[schedules.always]
hours = { mon = ["00:00-24:00"] }
[choices]
nps = "per_response"
"#;

#[test]
fn every_key_is_read() {
    let settings = Settings::parse(WHOLE).unwrap();
    assert_eq!(
        (settings.name.as_str(), settings.currency.code(), settings.zone.name()),
        ("Acme", "EUR", "America/New_York")
    );
    assert_eq!(settings.data_through, Some("2026-06-30T04:00:00Z".parse().unwrap()));
    assert_eq!((settings.fiscal_year_start, settings.join_gap_days, settings.churn_grace_days), (2, 1, 2));
    assert_eq!((settings.renewal_grace_days, settings.past_due_grace_days), (45, 14));
    assert_eq!(settings.one_on_one_cadence.to_string(), "2 weeks");
    assert_eq!((settings.margin, settings.discount_rate), (1.0, 0.1));
    assert_eq!(settings.targets.get("nrr"), Some(&1.05));
    assert_eq!(settings.choices.get("nps").map(String::as_str), Some("per_response"));
    let names: Vec<_> = settings.schedules.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["support", "always"]);
    let default = settings.schedule(None).unwrap();
    assert_eq!((default.zone().name(), default.hours().len(), default.holidays().len()), ("America/Chicago", 4, 2));
    assert_eq!(settings.schedule(Some("always")).unwrap().zone().name(), "America/New_York");
    assert!(settings.schedule(Some("nights")).is_none());
}

#[test]
fn an_empty_file_is_the_defaults() {
    assert_eq!(Settings::parse("").unwrap(), Settings::default());
    assert!(Settings::default().schedule(None).is_none());
}

#[test]
fn mistakes_name_line_key_and_remedy() {
    for (text, expected) in [
        ("name = \"A\"\ncurency = \"USD\"", "tenure.toml line 2, curency: unknown field `curency`, expected one of"),
        ("timezone = \"Mars\"", "tenure.toml line 1, timezone: \"Mars\" is not a time zone; write an IANA name"),
        ("\n\ncurrency = \"usd\"", "tenure.toml line 3, currency: \"usd\" is not a currency; write"),
        (
            "fiscal_year_start = 13",
            "tenure.toml line 1, fiscal_year_start: 13 is out of range; write the number of a month",
        ),
        ("churn_grace_days = -1", "tenure.toml line 1, churn_grace_days: -1 is out of range; write a number of days"),
        ("margin = nan", "tenure.toml line 1, margin: NaN is out of range; write a share"),
        ("margin = \"x\"", "tenure.toml line 1, margin: invalid type: string \"x\", expected a number"),
        ("one_on_one_cadence = \"soon\"", "tenure.toml line 1, one_on_one_cadence: \"soon\" is not a length of time"),
        (
            "data_through = \"soon\"",
            "tenure.toml line 1, data_through: \"soon\" is not a date or a time; write for example",
        ),
        ("[targets]\n\"a\\nb\" = inf", "tenure.toml line 2, targets.a\\nb: inf is out of range; write a number"),
        ("[targets]\nnrr = inf", "tenure.toml line 2, targets.nrr: inf is out of range; write a number"),
        (
            "[schedules.a]\nhours = { mon = [\"9\"] }",
            "tenure.toml line 2, schedules.a.hours.mon: \"9\" is not hours of a day",
        ),
        ("[schedules.a]\nhours = { moon = [] }", "tenure.toml line 2, hours: unknown field `moon`, expected one of"),
        ("name = \"A\"\n[schedules.a]\n", "tenure.toml line 2, schedules.a: has no hours; write for example hours ="),
        (
            "[schedules.a]\nhours = { mon = [\"9:00-10:00\"] }\nholidays = [\n\"xmas\"]",
            "tenure.toml line 4, schedules.a.holidays: \"xmas\" is not a date; write for example \"2026-12-25\"",
        ),
        ("name = ", "tenure.toml line 1, name: "),
        ("name = \"A\"\nname = \"B\"", "tenure.toml line 2, name: duplicate key"),
    ] {
        let error = Settings::parse(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text:?}\n{error}\n{expected}");
        assert!(!error.contains('\n'), "{error:?}");
    }
}

#[test]
fn the_fingerprint_is_of_what_is_meant() {
    let settings = Settings::parse(WHOLE).unwrap();
    let same = WHOLE.replace("margin = 1\n", "margin = 1.00 # all of it\n").replace("\"Acme\"", "\"Acme Inc\"");
    assert_eq!(Settings::parse(&same).unwrap().fingerprint_text(), settings.fingerprint_text());
    for (from, to) in [
        ("EUR", "USD"),
        ("2026-12-25", "2026-12-24"),
        ("22:00-06:00", "22:00-05:00"),
        ("per_response", "default"),
        ("1.05", "1.06"),
    ] {
        let other = Settings::parse(&WHOLE.replace(from, to)).unwrap();
        assert_ne!(other.fingerprint_text(), settings.fingerprint_text(), "{from}");
    }
}

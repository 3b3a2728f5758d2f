use super::*;

fn clock(zone: &str, fiscal_year_start: i8) -> Clock {
    Clock { zone: Zone::named(zone).unwrap(), fiscal_year_start }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn parse(text: &str) -> Period {
    Period::parse(text, &clock("America/New_York", 2), at("2024-07-01T04:00:00Z")).unwrap()
}

#[test]
fn every_form_is_read() {
    for (text, start, end) in [
        ("2024", "2024-01-01T05:00:00Z", "2025-01-01T05:00:00Z"),
        ("2024-Q3", "2024-07-01T04:00:00Z", "2024-10-01T04:00:00Z"),
        ("2024-07", "2024-07-01T04:00:00Z", "2024-08-01T04:00:00Z"),
        ("2024-W07", "2024-02-12T05:00:00Z", "2024-02-19T05:00:00Z"),
        ("2020-W53", "2020-12-28T05:00:00Z", "2021-01-04T05:00:00Z"),
        ("2024-03-10", "2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z"),
        ("2024-01-01..2024-07-01", "2024-01-01T05:00:00Z", "2024-07-01T04:00:00Z"),
        ("2024-01-01T12:30..2024-07-01", "2024-01-01T17:30:00Z", "2024-07-01T04:00:00Z"),
        ("last-12-months", "2023-07-01T04:00:00Z", "2024-07-01T04:00:00Z"),
        ("last-2-weeks", "2024-06-17T04:00:00Z", "2024-07-01T04:00:00Z"),
        ("last-1-quarter", "2024-04-01T04:00:00Z", "2024-07-01T04:00:00Z"),
        ("last-1-years", "2023-01-01T05:00:00Z", "2024-01-01T05:00:00Z"),
        ("last-30-days", "2024-06-01T04:00:00Z", "2024-07-01T04:00:00Z"),
        ("FY2024", "2023-02-01T05:00:00Z", "2024-02-01T05:00:00Z"),
        ("FY2024-Q3", "2023-08-01T04:00:00Z", "2023-11-01T04:00:00Z"),
        ("FY2024-Q4", "2023-11-01T04:00:00Z", "2024-02-01T05:00:00Z"),
        ("@2024-07-01T00:00", "2024-07-01T04:00:00Z", "2024-07-01T04:00:00Z"),
        ("@2024-07-01", "2024-07-01T04:00:00Z", "2024-07-01T04:00:00Z"),
        ("@2024-07-01T00:00Z", "2024-07-01T00:00:00Z", "2024-07-01T00:00:00Z"),
    ] {
        let period = parse(text);
        assert_eq!((period.start, period.end), (at(start), at(end)), "{text}");
        assert_eq!(period.instant, text.starts_with('@'), "{text}");
        let again = parse(&period.label);
        assert_eq!((again.start, again.end, again.instant), (period.start, period.end, period.instant), "{text}");
    }
}

#[test]
fn labels_are_the_shortest_text() {
    for text in ["2024", "2024-Q3", "2024-07", "2024-W07", "2024-07-15", "FY2024", "FY2024-Q3", "@2024-07-01"] {
        assert_eq!(parse(text).label, text);
    }
    assert_eq!(parse("@2024-07-01T00:00").label, "@2024-07-01");
    assert_eq!(parse("2024-01-01..2024-07-01").label, "2024-01-01..2024-07-01");
    assert_eq!(parse("last-12-months").label, "last-12-months");
}

#[test]
fn what_is_no_period_is_refused_with_an_example() {
    let clock = clock("UTC", 1);
    for text in [
        "",
        "24",
        "2024-",
        "2024-13",
        "2024-00",
        "2024-Q5",
        "2024-Q0",
        "2024-W54",
        "2023-W53",
        "2024-02-30",
        "+024",
        "2024-7",
        "last-0-months",
        "last--1-months",
        "last-12",
        "last-x-months",
        "FY24",
        "FY2024-Q9",
        "@",
        "@noon",
        "2024-01-01..",
        "..",
        "2024-01..2024-02",
        "1899",
        "2201",
        "9999",
        "FY2201",
        "last-999999999-years",
        "last-2147483647-days",
        "@9999-12-31",
        "2024-07-01..2024-01-01",
        "2024-07-01..2024-07-01",
        "ééé",
        "2é24",
        "-2024",
        "@-009999-01-01",
        "9999-12-31..9999-12-31",
    ] {
        let error = Period::parse(text, &clock, at("2024-07-01T00:00:00Z")).unwrap_err().to_string();
        assert!(error.contains("for example"), "{text}: {error}");
    }
    let error = Period::parse("Q3", &clock, at("2024-07-01T00:00:00Z")).unwrap_err().to_string();
    assert!(error.starts_with("\"Q3\" is not a year, quarter, month"), "{error}");
}

#[test]
fn the_edges_of_the_years_are_in() {
    assert_eq!(parse("2200").end, at("2201-01-01T05:00:00Z"));
    assert_eq!(parse("1900-01-01").label, "1900-01-01");
    assert!(parse("1900").previous(&clock("America/New_York", 2)).is_none());
}

#[test]
fn states_are_left_limits() {
    let month = parse("2024-07");
    assert_eq!(month.opening(), at("2024-07-01T03:59:59.999999Z"));
    assert_eq!(month.closing(), at("2024-08-01T03:59:59.999999Z"));
    let instant = parse("@2024-07-01");
    assert_eq!((instant.opening(), instant.closing()), (at("2024-07-01T04:00:00Z"), at("2024-07-01T04:00:00Z")));
}

#[test]
fn the_period_before_is_of_the_same_kind() {
    let clock = clock("America/New_York", 2);
    for (text, before) in [
        ("2024", "2023"),
        ("2024-Q1", "2023-Q4"),
        ("2024-03", "2024-02"),
        ("2024-W01", "2023-W52"),
        ("2024-03-01", "2024-02-29"),
        ("FY2024-Q1", "FY2023-Q4"),
        ("FY2024", "FY2023"),
        ("2024-01-01..2024-07-01", "2023-07-01..2024-01-01"),
        ("2024-01-10..2024-01-20", "2023-12-31..2024-01-10"),
        ("last-12-months", "2022-07-01..2023-07-01"),
    ] {
        assert_eq!(parse(text).previous(&clock).unwrap().label, before, "{text}");
    }
    assert!(parse("@2024-07-01").previous(&clock).is_none());
}

#[test]
fn complete_periods_end_at_observed_to() {
    let clock = clock("America/New_York", 2);
    let labels = |n, grain, at: &str| -> Vec<String> {
        let periods = Period::last(n, grain, at.parse().unwrap(), &clock).unwrap();
        periods.into_iter().map(|period| period.label).collect()
    };
    assert_eq!(labels(2, Grain::Month, "2024-07-01T04:00:00Z"), ["2024-05", "2024-06"]);
    assert_eq!(labels(2, Grain::Month, "2024-07-01T03:59:59Z"), ["2024-04", "2024-05"]);
    assert_eq!(labels(2, Grain::FiscalQuarter, "2024-07-01T04:00:00Z"), ["FY2024-Q4", "FY2025-Q1"]);
    assert_eq!(labels(0, Grain::Year, "2024-07-01T04:00:00Z"), [""; 0]);
    assert!(Period::last(4_000_000_000, Grain::Day, at("2024-07-01T04:00:00Z"), &clock).is_err());
    assert!(Period::last(2_000_000_000, Grain::Year, at("2024-07-01T04:00:00Z"), &clock).is_err());
}

#[test]
fn a_range_splits_into_whole_and_cut_parts() {
    let clock = clock("America/New_York", 2);
    let parts = |text: &str, grain| -> Vec<String> {
        parse(text).split(grain, &clock).unwrap().into_iter().map(|part| part.label).collect()
    };
    assert_eq!(parts("2024-Q1", Grain::Month), ["2024-01", "2024-02", "2024-03"]);
    assert_eq!(
        parts("2024-01-15..2024-03-02", Grain::Month),
        ["2024-01-15..2024-02-01", "2024-02", "2024-03-01..2024-03-02"]
    );
    assert_eq!(parts("FY2024", Grain::FiscalQuarter), ["FY2024-Q1", "FY2024-Q2", "FY2024-Q3", "FY2024-Q4"]);
    assert_eq!(parts("@2024-07-01", Grain::Month), ["@2024-07-01"]);
    assert_eq!(parts("2024-03-10", Grain::Year), ["2024-03-10..2024-03-11"]);
}

#[test]
fn windows_end_with_the_period() {
    let clock = clock("America/New_York", 2);
    let year: Window = "12 months".parse().unwrap();
    let window = parse("2024-02").trailing(year, &clock).unwrap();
    assert_eq!(
        (window.label.as_str(), window.opening()),
        ("2023-03-01..2024-03-01", at("2023-03-01T04:59:59.999999Z"))
    );
    let window = parse("@2024-07-01").trailing(year, &clock).unwrap();
    assert_eq!((window.opening(), window.closing()), (at("2023-07-01T04:00:00Z"), at("2024-07-01T04:00:00Z")));
}

#[test]
fn windows_are_calendar_lengths() {
    let zone = Zone::named("America/New_York").unwrap();
    let back = |text: &str, from: &str| text.parse::<Window>().unwrap().back(at(from), &zone).unwrap();
    assert_eq!(back("1 month", "2024-03-31T04:00:00Z"), at("2024-02-29T05:00:00Z"));
    assert_eq!(back("1 day", "2024-03-11T04:00:00Z"), at("2024-03-10T05:00:00Z"));
    assert_eq!(back("2 quarters", "2024-07-01T04:00:00Z"), at("2024-01-01T05:00:00Z"));
    assert_eq!("1 months".parse::<Window>().unwrap().to_string(), "1 month");
    assert_eq!("12 months".parse::<Window>().unwrap().to_string(), "12 months");
    for text in ["", "12", "months", "0 days", "-1 days", "1 fortnight", "1.5 years", "999999999 days", "12months"] {
        let error = text.parse::<Window>().unwrap_err().to_string();
        assert!(error.contains("for example"), "{text}: {error}");
    }
}

#[test]
fn a_midnight_that_does_not_exist_is_the_first_moment_after() {
    let clock = clock("America/Sao_Paulo", 1);
    let day = Period::parse("2018-11-04", &clock, at("2024-07-01T00:00:00Z")).unwrap();
    assert_eq!((day.start, day.end), (at("2018-11-04T03:00:00Z"), at("2018-11-05T02:00:00Z")));
}

#[test]
fn a_time_that_comes_twice_keeps_its_name_apart() {
    for (text, label) in [
        ("@2024-11-03T01:30-04:00", "@2024-11-03T01:30:00"),
        ("@2024-11-03T01:30-05:00", "@2024-11-03T06:30:00Z"),
        ("2024-11-03T01:45-04:00..2024-11-03T01:15-05:00", "2024-11-03T01:45:00..2024-11-03T06:15:00Z"),
    ] {
        let period = parse(text);
        assert_eq!(period.label, label);
        assert_eq!((parse(label).start, parse(label).end), (period.start, period.end));
    }
    let clock = clock("America/New_York", 2);
    let before = parse("2024-11-03T01:45-04:00..2024-11-03T01:15-05:00").previous(&clock).unwrap();
    assert_eq!(before.label, "2024-11-03T01:15:00..2024-11-03T01:45:00");
    let before = parse("2024-11-03T01:15-05:00..2024-11-03T01:45-05:00").previous(&clock).unwrap();
    assert_eq!(before.end, at("2024-11-03T06:15:00Z"));
}

#[test]
fn a_day_that_the_clocks_skipped_is_none() {
    let clock = clock("Pacific/Apia", 1);
    let read = |text: &str| Period::parse(text, &clock, at("2011-12-30T12:00:00Z"));
    for text in ["2011-12-30", "last-1-day"] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{text:?} did not happen in Pacific/Apia")), "{error}");
    }
    assert_eq!(read("2011-12-31").unwrap().previous(&clock).unwrap().label, "2011-12-29");
}

#[test]
fn the_last_unit_is_cut_at_the_end_of_the_years() {
    let clock = clock("UTC", 2);
    let parts = |text: &str, grain| -> Vec<String> {
        let period = Period::parse(text, &clock, at("2024-07-01T00:00:00Z")).unwrap();
        period.split(grain, &clock).unwrap().into_iter().map(|part| part.label).collect()
    };
    assert_eq!(parts("2200-12-22..2201-01-01", Grain::Week), ["2200-W52", "2200-12-29..2201-01-01"]);
    assert_eq!(parts("2200-Q4", Grain::FiscalQuarter), ["2200-10-01..2200-11-01", "2200-11-01..2201-01-01"]);
    assert_eq!(
        Period::parse("FY2201-Q3", &clock, at("2024-07-01T00:00:00Z")).unwrap().start,
        at("2200-08-01T00:00:00Z")
    );
    assert_eq!(parts("1900-Q1", Grain::FiscalYear), ["1900-01-01..1900-02-01", "1900-02-01..1900-04-01"]);
}

#[test]
fn a_zone_in_brackets_is_not_dropped() {
    let read = |text: &str| Period::parse(text, &clock("America/New_York", 1), at("2024-07-01T00:00:00Z"));
    assert!(read("@2024-07-01T00:00[Asia/Tokyo]").is_err());
    assert_eq!(read("@2024-07-01T00:00+09:00[Asia/Tokyo]").unwrap().start, at("2024-06-30T15:00:00Z"));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "(@|FY|last-)?[0-9+-]{0,6}(-?[QWTZ.é0-9:-]{0,12})?(\\.\\.)?[0-9T:-]{0,12}(-days|-years)?", fiscal in 1_i8..=12) {
        let clock = clock("America/New_York", fiscal);
        if let Ok(period) = Period::parse(&text, &clock, at("2024-07-01T00:00:00Z")) {
            proptest::prop_assert!(period.start <= period.end);
            period.previous(&clock);
            period.split(Grain::FiscalQuarter, &clock).unwrap();
        }
    }
}

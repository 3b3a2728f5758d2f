use super::*;
use jiff::SignedDuration;
use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
use proptest::prelude::*;

const ALL_DAYS: [Weekday; 7] = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
const WORKDAYS: [Weekday; 5] = [Monday, Tuesday, Wednesday, Thursday, Friday];

fn schedule(zone: &str, days: &[Weekday], hours: &str, holidays: &[&str]) -> Schedule {
    let hours = days.iter().map(|day| (*day, hours.parse().unwrap())).collect();
    Schedule::new(Zone::named(zone).unwrap(), hours, holidays.iter().map(|date| date.parse().unwrap()).collect())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An instant from a local time in the schedule's zone.
fn local(schedule: &Schedule, text: &str) -> Timestamp {
    let local: jiff::civil::DateTime = text.parse().unwrap();
    local.to_zoned(schedule.zone().time_zone().clone()).unwrap().timestamp()
}

fn between(schedule: &Schedule, from: &str, to: &str) -> i64 {
    schedule.business_seconds(local(schedule, from), local(schedule, to))
}

/// Ticket 941606: in UTC week-minutes of that week, Chicago is [720,1560) and so on daily, San Francisco [2340,2910) and so on
/// Monday to Friday; on the local clock 07:00-21:00 and 08:00-17:30.
#[test]
fn a_schedule_that_changes_during_a_ticket() {
    let chicago = schedule("America/Chicago", &ALL_DAYS, "07:00-21:00", &[]);
    let san_francisco = schedule("America/Los_Angeles", &WORKDAYS, "08:00-17:30", &[]);
    let (created, changed, replied) =
        (at("2020-09-29T17:01:38Z"), at("2020-09-30T19:01:25Z"), at("2020-09-30T19:01:46Z"));
    let changes = [(changed, &san_francisco), (created, &chicago)];
    let across = business_seconds_across(&changes, created, replied);
    assert_eq!(across, 57_608);
    assert!((across as f64 / 60.0 - 960.1333).abs() < 1e-4);
    let last = san_francisco.business_seconds(created, replied);
    assert_eq!(last, 41_408);
    assert!((last as f64 / 60.0 - 690.1333).abs() < 1e-4);
    assert_eq!(business_seconds_across(&[], created, replied), 0);
}

#[test]
fn a_weekend_is_not_counted() {
    let office = schedule("America/New_York", &WORKDAYS, "09:00-17:00", &[]);
    assert_eq!(between(&office, "2024-07-12T16:30", "2024-07-15T09:15"), 45 * 60);
    assert_eq!(between(&office, "2024-07-12T18:00", "2024-07-15T08:00"), 0);
    assert_eq!(between(&office, "2024-07-15T09:15", "2024-07-12T16:30"), 0);
    assert_eq!(between(&office, "2024-07-15T09:15", "2024-07-15T09:15"), 0);
}

#[test]
fn a_holiday_is_not_counted() {
    let office = schedule("America/New_York", &WORKDAYS, "09:00-17:00", &["2024-07-15", "2024-07-14"]);
    assert_eq!(between(&office, "2024-07-12T16:30", "2024-07-16T09:15"), 45 * 60);
    assert_eq!(between(&office, "2024-07-15T10:00", "2024-07-15T11:00"), 0);
}

#[test]
fn a_night_that_springs_forward_has_an_hour_less() {
    let night = schedule("America/New_York", &[Sunday], "00:00-08:00", &[]);
    assert_eq!(between(&night, "2024-03-10T00:00", "2024-03-11T00:00"), 7 * 3600);
    assert_eq!(between(&night, "2024-11-03T00:00", "2024-11-04T00:00"), 9 * 3600);
}

#[test]
fn hours_that_pass_midnight_split_there() {
    let night = schedule("UTC", &[Friday], "22:00-06:00", &["2024-07-13"]);
    assert_eq!(between(&night, "2024-07-05T00:00", "2024-07-08T00:00"), 8 * 3600);
    assert_eq!(between(&night, "2024-07-12T00:00", "2024-07-15T00:00"), 2 * 3600);
    let sunday = schedule("UTC", &[Sunday], "22:00-06:00", &[]);
    assert_eq!(between(&sunday, "2024-07-15T00:00", "2024-07-16T00:00"), 6 * 3600);
}

#[test]
fn overlapping_hours_count_once() {
    let zone = Zone::utc();
    let hours = ["09:00-12:00", "11:00-13:00", "13:00-14:00"].map(|hours| (Monday, hours.parse().unwrap()));
    let office = Schedule::new(zone, hours.to_vec(), vec![]);
    assert_eq!(between(&office, "2024-07-15T00:00", "2024-07-16T00:00"), 5 * 3600);
}

#[test]
fn centuries_are_quick_and_nothing_overflows() {
    let always = schedule("America/New_York", &ALL_DAYS, "00:00-24:00", &[]);
    let (from, to) = (Timestamp::MIN, Timestamp::MAX);
    assert_eq!(always.business_seconds(from, to), to.as_second() - from.as_second());
}

#[test]
fn hours_are_read_strictly() {
    assert_eq!("9:00-17:30".parse::<Hours>().unwrap().to_string(), "09:00-17:30");
    for text in ["", "9-17", "09:00", "09:00-09:00", "24:00-06:00", "09:00-24:01", "09:60-10:00", "+9:00-10:00"] {
        let error = text.parse::<Hours>().unwrap_err().to_string();
        assert!(error.contains("for example"), "{text}: {error}");
    }
}

/// Counts minutes whose local time of day and date are in business.
fn naive_minutes(schedule: &Schedule, hours: &[(Weekday, i32, i32)], from: Timestamp, minutes: i64) -> i64 {
    let in_business = |minute: &i64| {
        let local = schedule.zone().time_zone().to_datetime(from + SignedDuration::from_mins(*minute));
        let clock = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let today = |day: Weekday| local.date().weekday() == day;
        let open = hours.iter().any(|(day, from, to)| match from < to {
            true => today(*day) && (*from..*to).contains(&clock),
            false => today(*day) && clock >= *from || today(day.next()) && clock < *to,
        });
        open && !schedule.holidays().contains(&local.date())
    };
    (0..minutes).filter(in_business).count() as i64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn it_agrees_with_counting_minutes(
        zone in prop::sample::select(vec!["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
        hours in prop::collection::vec((0_usize..7, 0_i32..1440, 1_i32..1440), 0..8),
        start in 15_778_000_i64..29_000_000,
        minutes in 0_i64..30_000,
        holidays in prop::collection::vec(0_i64..40, 0..5),
    ) {
        let hours: Vec<_> = hours.into_iter().filter(|(_, from, to)| from != to).map(|(day, from, to)| (ALL_DAYS[day], from, to)).collect();
        let zone = Zone::named(zone).unwrap();
        let from = Timestamp::from_second(start * 60).unwrap();
        let first = zone.time_zone().to_datetime(from).date();
        let holidays = holidays.into_iter().map(|days| first + jiff::Span::new().days(days)).collect();
        let text = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let given = hours.iter().map(|(day, from, to)| (*day, format!("{}-{}", text(*from), text(*to)).parse().unwrap())).collect();
        let schedule = Schedule::new(zone, given, holidays);
        let to = from + SignedDuration::from_mins(minutes);
        prop_assert_eq!(schedule.business_seconds(from, to), naive_minutes(&schedule, &hours, from, minutes) * 60);
    }
}

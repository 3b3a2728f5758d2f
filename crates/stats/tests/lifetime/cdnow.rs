//! The CDNOW customers, where the public data are present.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use tenure_stats::lifetime::purchases::{Histories, TimeUnit};
use tenure_stats::lifetime::spend::Spend;

/// The last day of the calibration period.
pub const CALIBRATED: i64 = day(1997, 9, 30);

/// One customer's purchases: the days with their spend, ascending.
pub struct Customer {
    pub days: BTreeMap<i64, f64>,
}

impl Customer {
    /// Repeat purchase days up to the end of calibration, the last of them and the age there, in days.
    pub fn calibration(&self) -> (u32, f64, f64) {
        let (first, _) = self.days.first_key_value().unwrap();
        let (last, _) = self.days.range(..=CALIBRATED).next_back().unwrap();
        let frequency = self.days.range(..=CALIBRATED).count() as u32 - 1;
        (frequency, (last - first) as f64, (CALIBRATED - first) as f64)
    }

    /// Purchase days after the end of calibration.
    pub fn holdout(&self) -> u32 {
        self.days.range(CALIBRATED + 1..).count() as u32
    }

    /// The mean spend of the repeat purchase days of calibration.
    pub fn spend(&self) -> Option<Spend> {
        let repeats: Vec<f64> = self.days.range(..=CALIBRATED).skip(1).map(|(_, dollars)| *dollars).collect();
        let mean = repeats.iter().sum::<f64>() / repeats.len() as f64;
        (!repeats.is_empty()).then(|| Spend::new(repeats.len() as u32, mean).unwrap())
    }
}

/// The customers of the tenth published, in the order of their ids; `None` and a word on why where they are absent.
pub fn customers() -> Option<Vec<Customer>> {
    let mut customers: BTreeMap<String, Customer> = BTreeMap::new();
    for line in text("CDNOW_sample.txt")?.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, id, date, _, dollars] = fields[..] else { panic!("{line}") };
        let number = |range: std::ops::Range<usize>| date[range].parse::<i64>();
        let on = day(number(0..4).unwrap(), number(4..6).unwrap(), date[6..8].parse().unwrap());
        let customer = customers.entry(id.to_owned()).or_insert(Customer { days: BTreeMap::new() });
        *customer.days.entry(on).or_default() += dollars.parse::<f64>().unwrap();
    }
    Some(customers.into_values().collect())
}

/// Their histories in weeks, to the day.
pub fn weekly(customers: &[Customer]) -> Histories {
    let rows: Vec<_> = customers
        .iter()
        .map(|customer| {
            let (frequency, recency, age) = customer.calibration();
            (frequency, recency / 7.0, age / 7.0)
        })
        .collect();
    Histories::from_rows(TimeUnit::Week, &rows).unwrap()
}

/// A customer's `(frequency, recency, age)` and mean spend.
pub type Row = ((u32, f64, f64), f64);

/// The published summary, weeks rounded to two decimals.
pub fn summary() -> Option<Vec<Row>> {
    let text = text("cdnow_customers_summary_with_transactions.csv")?;
    let row = |line: &str| {
        let fields: Vec<f64> = line.split(',').map(|field| field.parse().unwrap()).collect();
        ((fields[1] as u32, fields[2], fields[3]), fields[4])
    };
    Some(text.lines().skip(1).map(row).collect())
}

fn text(file: &str) -> Option<String> {
    let root = std::env::var_os("TENURE_DATA").map(PathBuf::from);
    let root = root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let path = root.join("cdnow").join(file);
    if !path.is_file() {
        // Past the test harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "skipped: there is no {}; set TENURE_DATA", path.display());
        return None;
    }
    Some(std::fs::read_to_string(path).unwrap())
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
const fn day(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[test]
fn the_data_are_those_of_the_papers() {
    assert_eq!((day(1970, 1, 1), day(2000, 3, 1)), (0, 11_017));
    let Some(customers) = customers() else { return };
    let repeats: Vec<u32> = customers.iter().map(|customer| customer.calibration().0).collect();
    assert_eq!(customers.len(), 2357);
    assert_eq!(repeats.iter().sum::<u32>(), 2457);
    assert_eq!(repeats.iter().filter(|&&x| x > 0).count(), 946);
    let (x, recency, age) = customers[0].calibration();
    crate::assert_near(recency / 7.0, 30.4286, 5e-5);
    crate::assert_near(age / 7.0, 38.8571, 5e-5);
    assert_eq!(x, 2);
    let (x, recency, age) = customers[1515].calibration();
    crate::assert_near(recency / 7.0, 30.8571, 5e-5);
    assert_eq!((x, age), (26, 217.0));
}

//! Calendar units: where they begin, what they are called.

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// A calendar unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// A local day.
    Day,
    /// An ISO week, from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
    /// A quarter of the fiscal year.
    FiscalQuarter,
    /// A fiscal year, named by the year it ends in.
    FiscalYear,
}

impl Grain {
    /// Every grain, the shortest first.
    pub const ALL: [Self; 7] =
        [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year, Self::FiscalQuarter, Self::FiscalYear];

    /// Its name, as on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::FiscalQuarter => "fiscal-quarter",
            Self::FiscalYear => "fiscal-year",
        }
    }

    /// The grain of that name, singular or plural.
    pub fn named(name: &str) -> Option<Self> {
        let singular = name.strip_suffix('s').unwrap_or(name);
        Self::ALL.into_iter().find(|grain| grain.name() == singular)
    }

    /// The first day of the unit that a day lies in.
    pub fn floor(self, date: Date, fiscal_year_start: i8) -> Date {
        let (year, month) = (date.year(), date.month());
        let fiscal_month = (month - fiscal_year_start).rem_euclid(12);
        match self {
            Self::Day => date,
            Self::Week => {
                let monday =
                    ISOWeekDate::new(date.iso_week_date().year(), date.iso_week_date().week(), Weekday::Monday);
                monday.map_or(date, ISOWeekDate::date)
            }
            Self::Month => date.first_of_month(),
            Self::Quarter => month_start(year, month, (month - 1) % 3),
            Self::Year => month_start(year, month, month - 1),
            Self::FiscalQuarter => month_start(year, month, fiscal_month % 3),
            Self::FiscalYear => month_start(year, month, fiscal_month),
        }
    }

    /// The day that many units later; none beyond the calendar's end.
    pub fn add(self, date: Date, count: i32) -> Option<Date> {
        let months = match self {
            Self::Day => return date.checked_add(Span::new().try_days(count).ok()?).ok(),
            Self::Week => return date.checked_add(Span::new().try_weeks(count).ok()?).ok(),
            Self::Month => 1,
            Self::Quarter | Self::FiscalQuarter => 3,
            Self::Year | Self::FiscalYear => 12,
        };
        date.checked_add(Span::new().try_months(count.checked_mul(months)?).ok()?).ok()
    }

    /// What the unit that begins on a day is called.
    pub(super) fn label(self, first: Date, fiscal_year_start: i8) -> String {
        let (year, month) = (first.year(), first.month());
        match self {
            Self::Day => first.to_string(),
            Self::Week => format!("{:04}-W{:02}", first.iso_week_date().year(), first.iso_week_date().week()),
            Self::Month => format!("{year:04}-{month:02}"),
            Self::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
            Self::Year => format!("{year:04}"),
            Self::FiscalYear => format!("FY{:04}", year + i16::from(month > 1)),
            Self::FiscalQuarter => {
                let year = Self::FiscalYear.label(Self::FiscalYear.floor(first, fiscal_year_start), fiscal_year_start);
                format!("{year}-Q{}", (month - fiscal_year_start).rem_euclid(12) / 3 + 1)
            }
        }
    }

    /// The first days of the units from `first` up to and without `end`.
    pub(super) fn run(self, first: Date, end: Date) -> impl Iterator<Item = Date> {
        std::iter::successors(Some(first), move |date| self.add(*date, 1)).take_while(move |date| *date < end)
    }
}

fn month_start(year: i16, month: i8, months_back: i8) -> Date {
    let first = Date::constant(year, month, 1);
    first.checked_sub(Span::new().months(i32::from(months_back))).unwrap_or(first)
}

//! One account on which the sides differ, and all that is known of it.

use crate::asked::Asked;
use crate::facts::{Account, Charge, Facts, Line, Outside, Span, Term};
use crate::rates::Rates;
use crate::theirs::Row;
use crate::worth::Worth;
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Two figures no further apart than this agree: half a cent, which rounding to the cent makes of one amount.
pub const AGREES: Decimal = Decimal::from_parts(5, 0, 0, false, 3);

/// A reading of ours no further from theirs than this explains the difference: a cent.
pub const EXPLAINS: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Everything that rules may look at, of all accounts.
pub(crate) struct World<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) facts: &'a Facts,
    pub(crate) rates: &'a Rates,
    /// Our figures.
    pub(crate) ours: &'a BTreeMap<String, Decimal>,
    /// Their figures in the workspace's currency.
    pub(crate) theirs: &'a BTreeMap<String, Decimal>,
    /// Their rows.
    pub(crate) rows: &'a BTreeMap<String, Vec<Row>>,
    /// The accounts that they name and that were merged, each with the one whose history it is.
    pub(crate) merged: BTreeMap<&'a str, &'a str>,
}

impl<'a> World<'a> {
    /// Both sides and what is known, looked through once.
    pub(crate) fn new(
        asked: &'a Asked,
        facts: &'a Facts,
        rates: &'a Rates,
        ours: &'a BTreeMap<String, Decimal>,
        theirs: &'a BTreeMap<String, Decimal>,
        rows: &'a BTreeMap<String, Vec<Row>>,
    ) -> Self {
        let merged = theirs.keys().filter_map(|account| {
            let survivor = facts.survivor(account);
            (survivor != account).then_some((account.as_str(), survivor))
        });
        Self { asked, facts, rates, ours, theirs, rows, merged: merged.collect() }
    }
}

/// One account on which the sides differ.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) account: &'a str,
}

impl<'a> Case<'a> {
    pub(crate) fn asked(&self) -> &'a Asked {
        self.world.asked
    }

    /// Our figure; zero where we have none.
    pub(crate) fn ours(&self) -> Decimal {
        self.world.ours.get(self.account).copied().unwrap_or_default()
    }

    /// Their figure; zero where they have none.
    pub(crate) fn theirs(&self) -> Decimal {
        self.world.theirs.get(self.account).copied().unwrap_or_default()
    }

    pub(crate) fn difference(&self) -> Decimal {
        self.ours() - self.theirs()
    }

    fn of<T>(&self, all: &'a BTreeMap<String, Vec<T>>) -> &'a [T] {
        all.get(self.account).map_or(&[], Vec::as_slice)
    }

    /// Their rows about it.
    pub(crate) fn rows(&self) -> &'a [Row] {
        self.of(self.world.rows)
    }

    /// Its lines near the close.
    pub(crate) fn lines(&self) -> &'a [Line] {
        self.of(&self.world.facts.lines)
    }

    /// Its lines at the close.
    pub(crate) fn held(&self) -> Vec<&'a Line> {
        let closing = self.asked().closing();
        self.lines().iter().filter(|line| line.runs(closing)).collect()
    }

    /// What it has that is no MRR.
    pub(crate) fn outside(&self) -> &'a [Outside] {
        self.of(&self.world.facts.outside)
    }

    /// Its terms that came up for renewal.
    pub(crate) fn terms(&self) -> &'a [Term] {
        self.of(&self.world.facts.terms)
    }

    /// What it was charged beside.
    pub(crate) fn charges(&self) -> &'a [Charge] {
        self.of(&self.world.facts.charges)
    }

    /// Who it is.
    pub(crate) fn known(&self) -> Option<&'a Account> {
        self.world.facts.accounts.get(self.account)
    }

    /// When it was last a customer.
    pub(crate) fn span(&self) -> Option<&'a Span> {
        self.world.facts.spans.get(self.account)
    }

    /// The currencies of its lines at the close.
    pub(crate) fn currencies(&self) -> BTreeSet<String> {
        self.held().into_iter().map(|line| line.currency.clone()).collect()
    }

    /// An amount in the workspace's currency, at the close's rate. A currency without one is worth nothing here: no reading with it holds.
    pub(crate) fn home(&self, amount: Decimal, currency: &str) -> Decimal {
        let day = self.asked().day(self.asked().closing());
        self.world.rates.convert(amount, currency, day).unwrap_or_default()
    }

    /// A line as one of so much a month in its own currency.
    pub(crate) fn line(&self, monthly: Decimal, currency: &str) -> Worth {
        Worth::line(self.home(monthly, currency))
    }

    /// Some lines at what each brings a month.
    pub(crate) fn net<'b>(&self, lines: impl IntoIterator<Item = &'b Line>) -> Worth {
        lines.into_iter().map(|line| self.line(line.net, &line.currency)).sum()
    }

    /// What is in force at an instant, at the close's rates.
    pub(crate) fn at(&self, at: Timestamp) -> Worth {
        self.net(self.lines().iter().filter(|line| line.runs(at)))
    }

    /// What is in force at the close, as we read it.
    pub(crate) fn base(&self) -> Worth {
        self.at(self.asked().closing())
    }

    /// Whether theirs is this reading, and the reading is not ours.
    pub(crate) fn is(&self, worth: Worth) -> bool {
        self.is_figure(self.asked().measure.of_worth(worth))
    }

    /// The same of a figure.
    pub(crate) fn is_figure(&self, figure: Decimal) -> bool {
        (figure - self.theirs()).abs() <= EXPLAINS && (figure - self.ours()).abs() > AGREES
    }

    /// Whether some of these, alone or all together, make theirs of what we have: the first that do, by their places.
    pub(crate) fn some_of(&self, changes: &[Worth]) -> Option<Vec<usize>> {
        let all = (changes.len() > 1).then(|| (0..changes.len()).collect::<Vec<_>>());
        let each = (0..changes.len()).map(|place| vec![place]);
        let base = self.base();
        all.into_iter().chain(each).find(|places| self.is(base + places.iter().map(|place| changes[*place]).sum()))
    }

    /// The local day of an instant, as evidence tells it.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        self.asked().day(at).to_string()
    }
}

#[cfg(test)]
pub(crate) mod example {
    //! A case made by hand.

    use super::*;
    use crate::causes::{self, Cause};
    use crate::measure::Measure;
    use tenure_schema::money::Currency;
    use tenure_schema::period::{Clock, Period};
    use tenure_schema::zone::Zone;

    /// Everything about one account, `a`, at the close of May 2026, counted in dollars.
    pub(crate) struct Example {
        pub(crate) asked: Asked,
        pub(crate) facts: Facts,
        pub(crate) rates: Rates,
        pub(crate) ours: BTreeMap<String, Decimal>,
        pub(crate) theirs: BTreeMap<String, Decimal>,
        pub(crate) rows: BTreeMap<String, Vec<Row>>,
    }

    pub(crate) fn at(day: &str) -> Timestamp {
        format!("{day}T00:00:00Z").parse().unwrap()
    }

    pub(crate) fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// An open line of so much a month.
    pub(crate) fn line(id: &str, monthly: &str, from: &str, to: Option<&str>) -> Line {
        let monthly = number(monthly);
        Line {
            id: id.into(),
            currency: "USD".into(),
            net: monthly,
            list: monthly,
            price: monthly,
            from: at(from),
            to: to.map(at),
            ..Line::default()
        }
    }

    impl Example {
        /// What these lines make ours, against a figure of theirs.
        pub(crate) fn new(metric: &str, lines: Vec<Line>, theirs: &str) -> Self {
            let clock = Clock { zone: Zone::utc(), fiscal_year_start: 1 };
            let period = Period::parse("2026-05", &clock, at("2026-07-01")).unwrap();
            let measure = Measure::of(metric).unwrap();
            let asked = Asked { measure, period, clock, home: Currency::USD, observed_to: at("2026-07-01") };
            let account = Account { name: Some("Acme".into()), ..Account::default() };
            let facts = Facts {
                accounts: BTreeMap::from([("a".to_owned(), account)]),
                lines: BTreeMap::from([("a".to_owned(), lines)]),
                ..Facts::default()
            };
            let theirs = BTreeMap::from([("a".to_owned(), number(theirs))]);
            let rates = Rates::of("USD", &[]);
            let mut example = Self { asked, facts, rates, ours: BTreeMap::new(), theirs, rows: BTreeMap::new() };
            example.settle();
            example
        }

        /// Makes ours what the lines say.
        pub(crate) fn settle(&mut self) {
            let base = self.with_case(|case| case.base());
            self.ours = match base.lines {
                0 => BTreeMap::new(),
                _ => BTreeMap::from([("a".to_owned(), self.asked.measure.of_worth(base))]),
            };
        }

        pub(crate) fn with_case<T>(&self, look: impl FnOnce(Case<'_>) -> T) -> T {
            let Self { asked, facts, rates, ours, theirs, rows } = self;
            let world = World::new(asked, facts, rates, ours, theirs, rows);
            look(Case { world: &world, account: "a" })
        }

        /// The cause found, all rules tried in their order.
        pub(crate) fn cause(&self) -> (Cause, String) {
            self.with_case(|case| causes::explain(&case))
        }
    }
}

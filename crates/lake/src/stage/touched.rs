//! Which days and accounts a commit touches, so that what was computed for the others stays fresh.

use crate::error::Result;
use crate::layout::{Layout, instant};
use crate::stage::keys::column;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, TimestampMicrosecondType};
use std::collections::{BTreeSet, HashMap, HashSet};

const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

/// The distinct days, in UTC, and accounts of the rows that a commit adds, replaces or removes in one table.
///
/// Beyond a limit only the days are kept. A row without a day or an account stands under none.
#[derive(Debug)]
pub(crate) struct Touched {
    event: Option<String>,
    account: bool,
    limit: usize,
    accounts: HashMap<String, u32>,
    pairs: HashSet<(Option<i32>, Option<u32>)>,
    days: BTreeSet<Option<i32>>,
    collapsed: bool,
}

impl Touched {
    pub fn new(layout: &Layout, limit: usize) -> Self {
        Self {
            event: layout.event.clone(),
            account: layout.account,
            limit,
            accounts: HashMap::new(),
            pairs: HashSet::new(),
            days: BTreeSet::new(),
            collapsed: false,
        }
    }

    /// Adds the rows of a batch for which `which` holds.
    pub fn add(&mut self, batch: &RecordBatch, which: impl Fn(usize) -> bool) -> Result<()> {
        let events = self.event.as_ref().map(|name| column(batch, name, &instant())).transpose()?;
        let accounts = self.account.then(|| column(batch, "account_id", &DataType::Utf8)).transpose()?;
        let events = events.as_ref().map(|values| values.as_primitive::<TimestampMicrosecondType>());
        let accounts = accounts.as_ref().map(|values| values.as_string::<i32>());
        for row in (0..batch.num_rows()).filter(|row| which(*row)) {
            let event = events.filter(|values| values.is_valid(row)).map(|values| values.value(row));
            let day = event.and_then(|micros| i32::try_from(micros.div_euclid(MICROSECONDS_A_DAY)).ok());
            if self.collapsed {
                self.days.insert(day);
                continue;
            }
            let account = accounts.filter(|values| values.is_valid(row)).map(|values| self.number(values.value(row)));
            self.pairs.insert((day, account));
            if self.pairs.len() > self.limit {
                self.collapsed = true;
                self.days.extend(std::mem::take(&mut self.pairs).into_iter().map(|(day, _)| day));
                self.accounts = HashMap::new();
            }
        }
        Ok(())
    }

    fn number(&mut self, account: &str) -> u32 {
        if let Some(number) = self.accounts.get(account) {
            return *number;
        }
        let number = u32::try_from(self.accounts.len()).unwrap_or(u32::MAX);
        self.accounts.insert(account.to_owned(), number);
        number
    }

    /// All days and accounts, in order.
    pub fn rows(&self) -> Vec<(Option<i32>, Option<&str>)> {
        let mut names = vec![""; self.accounts.len()];
        for (name, number) in &self.accounts {
            names[*number as usize] = name;
        }
        let pairs = self.pairs.iter().map(|(day, account)| (*day, account.map(|number| names[number as usize])));
        let mut rows: Vec<_> = pairs.chain(self.days.iter().map(|day| (*day, None))).collect();
        rows.sort_unstable();
        rows
    }
}

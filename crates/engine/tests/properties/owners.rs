//! Whose a row is: after a merge, and at `--level parent`, everything is as if it had been the owner's from the beginning.

use crate::company::Company;
use crate::harness::{Case, none_wrong};
use crate::look::{SPLITS, named};
use crate::rows::turn_of;
use std::collections::BTreeMap;
use tenure_schema::as_of::Level;
use tenure_schema::table::readable;

/// A company's numbers at a level are those of the company in whose files every row names its owner, and nobody was merged or has a parent.
pub async fn owners_have_the_history(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let renamed = renamed(case.company, case.level());
    let plain = case.look_at(&renamed, Level::Account).await?;
    let by = case.pick_any(&SPLITS);
    let periods = look.periods();
    let mut wrong = Vec::new();
    for (metric, _) in turn_of(&look, case.turn) {
        let cells = look.cells(&metric, &periods, by).await?;
        let expected = plain.cells(&metric, &periods, by).await?;
        for place in cells.keys().chain(expected.keys().filter(|place| !cells.contains_key(place))) {
            let (found, as_owned) = (cells.get(place), expected.get(place));
            if found != as_owned {
                let value =
                    |cell: Option<&tenure_engine::Cell>| cell.map(|cell| (cell.value, cell.n, cell.excluded.clone()));
                let period = &periods[place.0].label;
                wrong.push(format!(
                    "{} {period} {:?}: {:?}, owned {:?}",
                    named(&metric),
                    place.1,
                    value(found),
                    value(as_owned)
                ));
            }
        }
    }
    none_wrong(wrong)
}

/// The company with owners in place of accounts wherever a table names one, and no links between accounts.
pub fn renamed(company: &Company, level: Level) -> Company {
    let owners = owners(company, level);
    let mut renamed = company.clone();
    for (name, text) in &mut renamed.tables {
        let table = readable(name).unwrap();
        let is_account =
            |column: &str| table.column(column).is_some_and(|column| column.references.as_deref() == Some("accounts"));
        let (header, rows) = parsed(text);
        let row = |row: &Vec<String>| {
            let cells = header.iter().zip(row).map(|(column, cell)| match name.as_str() {
                "accounts" if is_account(column) => "",
                _ if is_account(column) => owners.get(cell).map_or(cell.as_str(), String::as_str),
                _ => cell,
            });
            cells.collect::<Vec<_>>().join(",")
        };
        let lines = std::iter::once(header.join(",")).chain(rows.iter().map(row));
        *text = lines.map(|line| line + "\n").collect();
    }
    renamed
}

/// Account → owner: the account that it was merged into, else, at the level of parents, its parent; followed to the end. The latest version counts.
pub fn owners(company: &Company, level: Level) -> BTreeMap<String, String> {
    let Some(text) = company.tables.get("accounts") else { return BTreeMap::new() };
    let (header, rows) = parsed(text);
    let cell = |row: &[String], column: &str| {
        header.iter().position(|name| name == column).map(|place| row[place].clone()).unwrap_or_default()
    };
    let mut latest: BTreeMap<String, (String, String)> = BTreeMap::new();
    for row in &rows {
        let parent = if level == Level::Parent { cell(row, "parent_id") } else { String::new() };
        let merged = cell(row, "merged_into");
        let next = if merged.is_empty() { parent } else { merged };
        let from = cell(row, "valid_from");
        let known = latest.entry(cell(row, "account_id")).or_default();
        if from >= known.0 {
            *known = (from, next);
        }
    }
    let end = |account: &String| {
        let mut at = account;
        while let Some((_, next)) = latest.get(at).filter(|(_, next)| !next.is_empty()) {
            at = next;
        }
        at.clone()
    };
    latest.keys().map(|account| (account.clone(), end(account))).collect()
}

/// Header and rows of a CSV text without quotes.
pub fn parsed(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let cells = |line: &str| line.split(',').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    (cells(lines.next().unwrap_or_default()), lines.map(cells).collect())
}

#[test]
fn merged_accounts_and_children_have_no_history_of_their_own() {
    crate::harness::hold("owners have the history", crate::rows::LOTS as u32 + 1);
}

//! Which account is meant.

use crate::error::AccountError;
use crate::record::{Record, records};
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tenure_engine::{Engine, Query};

/// How many accounts that look like what was typed are named.
const NEAR: usize = 5;

/// The account that was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// Its last name.
    pub name: Option<String>,
    /// The account that was named, where another one took it over: all that was its own is there.
    pub asked_as: Option<String>,
    /// The accounts that it took over.
    pub took_over: Vec<String>,
}

/// Finds an account by its id, or by its name whatever its case.
pub async fn find(engine: &Engine, typed: &str) -> Result<Found, AccountError> {
    Known::of(&known(engine).await?).find(typed.trim())
}

/// Whose parent is whose, as the last word on each account has it: what `--level parent` goes by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parents {
    tops: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Parents {
    /// Reads them.
    pub async fn read(engine: &Engine) -> Result<Self, AccountError> {
        let records = known(engine).await?;
        let known = Known::of(&records);
        let tops = known.0.keys().map(|id| ((*id).to_owned(), known.top(id).to_owned()));
        let names = known.0.iter().filter_map(|(id, one)| Some(((*id).to_owned(), one.name?.to_owned())));
        Ok(Self { tops: tops.collect(), names: names.collect() })
    }

    /// The account at the top of an account's own: itself, where it has no parent.
    pub fn top<'a>(&'a self, account: &'a str) -> &'a str {
        self.tops.get(account).map_or(account, String::as_str)
    }

    /// An account's name, where it has one.
    pub fn name(&self, account: &str) -> Option<&str> {
        self.names.get(account).map(String::as_str)
    }
}

async fn known(engine: &Engine) -> Result<Vec<Record>, AccountError> {
    let query = Query { file: "sql/known.sql", key: "SQL", sql: include_str!("../sql/known.sql") };
    records(&engine.query(query, &[], Timestamp::UNIX_EPOCH).await?)
}

/// Every account.
struct Known<'a>(BTreeMap<&'a str, One<'a>>);

/// An account's name, where it was merged into, and its parent.
#[derive(Clone, Copy, Default)]
struct One<'a> {
    name: Option<&'a str>,
    merged_into: Option<&'a str>,
    parent: Option<&'a str>,
}

impl<'a> Known<'a> {
    fn of(records: &'a [Record]) -> Self {
        let one = |record: &'a Record| {
            let one = One {
                name: record.text("name"),
                merged_into: record.text("merged_into"),
                parent: record.text("parent_id"),
            };
            Some((record.text("account_id")?, one))
        };
        Self(records.iter().filter_map(one).collect())
    }

    fn find(&self, typed: &str) -> Result<Found, AccountError> {
        let id = match self.0.get_key_value(typed) {
            Some((id, _)) => *id,
            None => self.by_likeness(typed)?,
        };
        let survivor = self.survivor(id);
        let took_over = self.0.keys().filter(|other| **other != survivor && self.survivor(other) == survivor);
        Ok(Found {
            id: survivor.to_owned(),
            name: self.0.get(survivor).and_then(|one| one.name).map(str::to_owned),
            asked_as: (survivor != id).then(|| id.to_owned()),
            took_over: took_over.map(|other| (*other).to_owned()).collect(),
        })
    }

    /// The one account whose id or name is what was typed but for upper and lower case.
    fn by_likeness(&self, typed: &str) -> Result<&'a str, AccountError> {
        let same = |text: &str| text.to_lowercase() == typed.to_lowercase();
        let by_id: Vec<&str> = self.0.keys().copied().filter(|id| same(id)).collect();
        let mut found = by_id;
        if found.is_empty() {
            let named = self.0.iter().filter(|(_, one)| one.name.is_some_and(same));
            found = named.map(|(id, _)| self.survivor(id)).collect();
            found.sort_unstable();
            found.dedup();
        }
        match found.as_slice() {
            [one] => Ok(one),
            [] => Err(AccountError::Unknown { typed: typed.to_owned(), near: self.near(typed) }),
            several => {
                let ids = several.iter().map(|id| (*id).to_owned()).collect();
                Err(AccountError::Ambiguous { typed: typed.to_owned(), ids })
            }
        }
    }

    /// The account that has an account's rows after all merges.
    fn survivor(&self, id: &'a str) -> &'a str {
        self.along(id, |one| one.merged_into)
    }

    /// The account at the top of all parents after all merges.
    fn top(&self, id: &'a str) -> &'a str {
        self.along(id, |one| one.merged_into.or(one.parent))
    }

    /// The end of a chain of accounts; a circle ends at the least of its names, as it does in every answer.
    fn along(&self, id: &'a str, next: impl Fn(&One<'a>) -> Option<&'a str>) -> &'a str {
        let mut path = vec![id];
        let mut at = id;
        while let Some(step) = self.0.get(at).and_then(&next) {
            if let Some(back) = path.iter().position(|seen| *seen == step) {
                return path[back..].iter().min().copied().unwrap_or(at);
            }
            path.push(step);
            at = step;
        }
        at
    }

    /// Accounts whose id or name holds what was typed, or else differs in few letters, in whole or in a word: the nearest first.
    fn near(&self, typed: &str) -> Vec<String> {
        let typed = typed.to_lowercase();
        let mut near: Vec<(usize, Reverse<usize>, String)> = Vec::new();
        for (id, One { name, .. }) in &self.0 {
            let (id_text, name_text) = (id.to_lowercase(), name.unwrap_or_default().to_lowercase());
            let texts = [id_text.as_str(), name_text.as_str()].into_iter().chain(name_text.split_whitespace());
            let apart = |text: &str| if text.contains(&typed) { 0 } else { letters_apart(text, &typed) };
            let least = texts.filter(|text| !text.is_empty()).map(apart).min().unwrap_or(usize::MAX);
            if !typed.is_empty() && least <= typed.chars().count() / 4 {
                let alike = id_text.chars().zip(typed.chars()).take_while(|(a, b)| a == b).count();
                let told = name.map_or_else(|| (*id).to_owned(), |name| format!("{id} ({name})"));
                near.push((least, Reverse(alike), told));
            }
        }
        near.sort();
        near.into_iter().take(NEAR).map(|(.., told)| told).collect()
    }
}

/// The fewest letters to put in, take out or change to get from one text to the other (Levenshtein 1966).
fn letters_apart(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (number, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], number + 1);
        for (place, other) in two.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known<'static> {
        let one = |name, merged_into| One { name, merged_into, parent: None };
        Known(BTreeMap::from([
            ("A-1", One { parent: Some("A-6"), ..one(Some("Cinderbrook Grocers"), None) }),
            ("A-2", one(Some("Cinderbrook Labs"), Some("A-1"))),
            ("A-3", one(Some("Old Mill"), Some("A-2"))),
            ("A-4", one(Some("Mill"), None)),
            ("A-5", one(Some("mill"), None)),
            ("A-6", One::default()),
            ("x", one(None, Some("y"))),
            ("y", one(None, Some("x"))),
        ]))
    }

    #[test]
    fn the_top_is_above_merges_and_parents() {
        assert_eq!(["A-3", "A-1", "A-6", "y"].map(|id| known().top(id)), ["A-6", "A-6", "A-6", "x"]);
    }

    #[test]
    fn an_account_is_found_by_id_or_name() {
        let id = |typed: &str| known().find(typed).unwrap().id;
        assert_eq!(id("A-1"), "A-1");
        assert_eq!(id("a-6"), "A-6");
        assert_eq!(id("cinderbrook grocers"), "A-1");
    }

    #[test]
    fn after_a_merge_the_survivor_answers_and_says_so() {
        let found = known().find("old mill").unwrap();
        assert_eq!((found.id.as_str(), found.asked_as), ("A-1", None), "a name is the survivor's own");
        let found = known().find("A-3").unwrap();
        assert_eq!((found.id.as_str(), found.asked_as.as_deref()), ("A-1", Some("A-3")));
        assert_eq!(found.took_over, ["A-2", "A-3"]);
        assert_eq!(known().find("y").unwrap().id, "x", "a circle has one end");
    }

    #[test]
    fn what_is_not_known_is_told_with_what_is_near() {
        let error = |typed: &str| known().find(typed).unwrap_err().to_string();
        assert_eq!(error("MILL"), "several accounts are called MILL; name one of A-4, A-5");
        assert_eq!(
            error("cinderbrok labs"),
            "there is no account cinderbrok labs; did you mean A-2 (Cinderbrook Labs)?"
        );
        assert_eq!(
            error("cinderbrok"),
            "there is no account cinderbrok; did you mean A-1 (Cinderbrook Grocers), A-2 (Cinderbrook Labs)?"
        );
        assert_eq!(error("grocers"), "there is no account grocers; did you mean A-1 (Cinderbrook Grocers)?");
        assert_eq!(error("nobody at all"), "there is no account nobody at all; write its id or its whole name");
    }

    #[test]
    fn letters_are_counted() {
        assert_eq!((letters_apart("kitten", "sitting"), letters_apart("", "abc"), letters_apart("a", "a")), (3, 3, 0));
    }
}

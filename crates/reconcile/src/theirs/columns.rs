//! Which column is which: as asked, else by its name.

use crate::error::ReconcileError;
use crate::measure::Measure;
use crate::words::listed;
use tenure_schema::money::Currency;

/// Columns of the outside file, where they were named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The account's id.
    pub on: Option<String>,
    /// The amount.
    pub amount: Option<String>,
    /// The amount's currency.
    pub currency: Option<String>,
}

/// Places of the columns in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) on: usize,
    pub(super) amount: Option<usize>,
    pub(super) currency: Option<usize>,
}

/// What finance calls an account, the likeliest first.
const ACCOUNTS: [&str; 15] = [
    "account_id",
    "customer_id",
    "client_id",
    "account",
    "customer",
    "client",
    "account_number",
    "customer_number",
    "account_no",
    "customer_no",
    "account_code",
    "company_id",
    "kundennummer",
    "kunde",
    "id",
];

const CURRENCIES: [&str; 5] = ["currency", "currency_code", "ccy", "curr", "währung"];

/// Chooses the columns.
pub(super) fn choose(
    file: &str,
    header: &[String],
    asked: &Columns,
    measure: Measure,
    home: Currency,
) -> Result<Chosen, ReconcileError> {
    let missing = |what: &str, option: &str| {
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        let problem = format!("none of its columns {} is known to be {what}", listed(&names));
        ReconcileError::file(file, problem, format!("name it with {option}"))
    };
    let on = match &asked.on {
        Some(name) => named(file, header, name, "--on")?,
        None => known(header, &ACCOUNTS).ok_or_else(|| missing("the account's id", "--on COLUMN"))?,
    };
    let amount = match &asked.amount {
        Some(name) => Some(named(file, header, name, "--amount")?),
        None => known(header, measure.columns)
            .or_else(|| with_currency(header, measure.columns))
            .filter(|place| *place != on),
    };
    if amount.is_none() && measure.is_money() {
        return Err(missing(&format!("the account's {}", measure.metric), "--amount COLUMN"));
    }
    let currency = match &asked.currency {
        Some(name) => Some(named(file, header, name, "--currency")?),
        None if !measure.is_money() || amount.is_some_and(|place| stated(&header[place]).is_some()) => None,
        None => known(header, &CURRENCIES),
    };
    if let (None, Some(said)) = (currency, amount.and_then(|place| stated(&header[place])))
        && said != home.code()
        && measure.is_money()
    {
        let column = amount.map_or("", |place| header[place].as_str());
        let problem = format!("column {column} is in {said}, the workspace counts in {home}");
        return Err(ReconcileError::file(
            file,
            problem,
            "name the column of the amounts' currency with --currency, or convert them",
        ));
    }
    Ok(Chosen { on, amount, currency })
}

/// The column of that name, however it is spelled.
fn named(file: &str, header: &[String], name: &str, option: &str) -> Result<usize, ReconcileError> {
    let exact = header.iter().position(|column| column == name.trim());
    exact.or_else(|| header.iter().position(|column| plain(column) == plain(name))).ok_or_else(|| {
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        ReconcileError::file(
            file,
            format!("there is no column {name}; it has {}", listed(&names)).replace("; ", ", "),
            format!("name one of them with {option}"),
        )
    })
}

/// The column with the likeliest of some names.
fn known(header: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| header.iter().position(|column| plain(column) == plain(name)))
}

/// The same with a currency behind, such as `MRR (USD)`.
fn with_currency(header: &[String], names: &[&str]) -> Option<usize> {
    let is = |column: &str, name: &str| {
        let column = plain(column);
        stated(&column).is_some() && column.strip_prefix(&plain(name)).is_some_and(|rest| rest.len() == 3)
    };
    names.iter().find_map(|name| header.iter().position(|column| is(column, name)))
}

/// The currency that a column's name ends in.
fn stated(column: &str) -> Option<String> {
    let plain = plain(column);
    let code = plain.get(plain.len().checked_sub(3)?..)?.to_uppercase();
    ["USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "INR", "BRL", "SGD"]
        .contains(&code.as_str())
        .then_some(code)
}

/// Letters and digits in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(header: &str, asked: &Columns) -> Result<Chosen, String> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        choose("f.csv", &header, asked, Measure::of("mrr").unwrap(), Currency::USD).map_err(|error| error.to_string())
    }

    fn places(header: &str) -> (usize, Option<usize>, Option<usize>) {
        let Chosen { on, amount, currency } = chosen(header, &Columns::default()).unwrap();
        (on, amount, currency)
    }

    #[test]
    fn names_are_guessed() {
        assert_eq!(places("account_id,mrr"), (0, Some(1), None));
        assert_eq!(places("Name,Customer ID,Monthly Revenue,Ccy"), (1, Some(2), Some(3)));
        assert_eq!(places("account,MRR (USD),currency"), (0, Some(1), None));
        assert_eq!(places("customer,account_id,amount,mrr"), (1, Some(3), None));
    }

    #[test]
    fn names_are_asked_for() {
        let asked = Columns { on: Some("kunde".into()), amount: Some("Betrag".into()), currency: None };
        assert_eq!(chosen("Kunde,Betrag,mrr", &asked).map(|chosen| (chosen.on, chosen.amount)), Ok((0, Some(1))));
        assert_eq!(
            chosen("a,mrr", &asked).unwrap_err(),
            "f.csv: there is no column kunde, it has a and mrr; name one of them with --on"
        );
        assert_eq!(
            chosen("a,mrr", &Columns::default()).unwrap_err(),
            "f.csv: none of its columns a and mrr is known to be the account's id; name it with --on COLUMN"
        );
        assert_eq!(
            chosen("account_id,x", &Columns::default()).unwrap_err(),
            "f.csv: none of its columns account_id and x is known to be the account's mrr; name it with --amount COLUMN"
        );
        assert!(chosen("account_id,mrr_eur", &Columns::default()).unwrap_err().contains("column mrr_eur is in EUR"));
    }
}

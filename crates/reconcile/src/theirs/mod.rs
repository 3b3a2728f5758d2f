//! The outside file: an amount per account, whatever its columns are called and its numbers look like.

mod columns;
mod money;
mod text;

pub use columns::Columns;

use crate::error::ReconcileError;
use crate::measure::Measure;
use crate::words::{counted, listed};
use columns::Chosen;
use money::{Mark, Money};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tenure_schema::money::Currency;

/// A row of the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// Its line in the file.
    pub(crate) line: u64,
    /// What it says, in its currency.
    pub(crate) amount: Decimal,
    /// The currency it is in.
    pub(crate) currency: Currency,
    /// Its fields: two rows with the same are one, written twice.
    pub(crate) fields: Vec<String>,
}

/// The file, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Theirs {
    /// Its name.
    pub(crate) file: String,
    /// The column that names accounts.
    pub(crate) on: String,
    /// The column read as the amount; none: every account in the file counts.
    pub(crate) amount: Option<String>,
    /// The column read as the amounts' currency.
    pub(crate) currency: Option<String>,
    /// The rows of each account.
    pub(crate) accounts: BTreeMap<String, Vec<Row>>,
    /// What the reader should know.
    pub(crate) notes: Vec<String>,
}

/// What stands where an account would in a line that sums the others.
const TOTALS: [&str; 8] = ["total", "totals", "grand total", "sum", "summe", "gesamt", "subtotal", "all"];

/// Texts that stand for no amount.
const NOTHING: [&str; 6] = ["", "-", "–", "—", "n/a", "null"];

/// A row whose amount is not read yet.
struct Unread {
    account: String,
    line: u64,
    amount: String,
    currency: Option<Currency>,
    fields: Vec<String>,
}

/// Reads a file's bytes for a measure. Amounts whose currency nothing tells are in `home`.
pub(crate) fn read(
    file: &str,
    bytes: &[u8],
    asked: &Columns,
    measure: Measure,
    home: Currency,
    is_account: &dyn Fn(&str) -> bool,
) -> Result<Theirs, ReconcileError> {
    let (text, mut notes) = text::decode(file, bytes);
    let (delimiter, body, skipped) = text::delimiter(&text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(body.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(header) => broken(file, header)?,
        None => return Err(ReconcileError::file(file, "is empty: there is no header", "export it again")),
    };
    let header: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let chosen = columns::choose(file, &header, asked, measure, home)?;
    let (mut rows, mut totals) = (Vec::new(), Vec::new());
    for record in records {
        let record = broken(file, record)?;
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.len() != header.len() {
            let fields = counted(record.len(), "field", "fields");
            let problem = format!("{fields} where the header has {}", header.len());
            return Err(ReconcileError::file(
                format!("{file}:{line}"),
                problem,
                "mend the line, or put quotes round the field that has a delimiter in it",
            ));
        }
        let field = |place: usize| record.get(place).unwrap_or_default().trim();
        let account = field(chosen.on);
        if TOTALS.contains(&account.to_lowercase().trim_end_matches(':')) && !is_account(account) {
            totals.push(line.to_string());
            continue;
        }
        if account.is_empty() {
            let place = format!("{file}:{line}, column {}", header[chosen.on]);
            return Err(ReconcileError::file(
                place,
                "is empty: whose amount it is cannot be told",
                "fill the account's id in, or take the line out",
            ));
        }
        rows.push(Unread {
            account: account.to_owned(),
            line,
            amount: chosen.amount.map_or("1", field).to_owned(),
            currency: chosen
                .currency
                .map(|place| currency(file, line, &header[place], field(place), home))
                .transpose()?,
            fields: record.iter().map(|field| field.trim().to_owned()).collect(),
        });
    }
    if !totals.is_empty() {
        notes.push(format!(
            "{} {} the others and {} left out",
            lines(&totals),
            if totals.len() == 1 { "sums" } else { "sum" },
            if totals.len() == 1 { "is" } else { "are" }
        ));
    }
    let accounts = match measure.is_money() {
        true => amounts(file, rows, &header, &chosen, delimiter, home, &mut notes)?,
        false => presences(file, rows, &header, &chosen, home)?,
    };
    told_twice(&accounts, &mut notes);
    let name = |place: usize| header[place].clone();
    Ok(Theirs {
        file: file.to_owned(),
        on: name(chosen.on),
        amount: chosen.amount.map(name),
        currency: chosen.currency.map(name),
        accounts,
        notes,
    })
}

fn broken(file: &str, record: Result<csv::StringRecord, csv::Error>) -> Result<csv::StringRecord, ReconcileError> {
    record.map_err(|error| ReconcileError::file(file, format!("cannot be read: {error}"), "export it again as CSV"))
}

/// The currency that a column names; the workspace's where it is empty.
fn currency(file: &str, line: u64, column: &str, text: &str, home: Currency) -> Result<Currency, ReconcileError> {
    if text.is_empty() {
        return Ok(home);
    }
    text.to_uppercase().parse().map_err(|_| {
        let place = format!("{file}:{line}, column {column}");
        ReconcileError::file(
            place,
            format!("{text:?} is not a currency"),
            "write the three letters of ISO 4217, such as EUR, or name another column with --currency",
        )
    })
}

type Accounts = BTreeMap<String, Vec<Row>>;

/// Reads amounts: which mark is the decimal one is a matter of the whole column.
fn amounts(
    file: &str,
    rows: Vec<Unread>,
    header: &[String],
    chosen: &Chosen,
    delimiter: u8,
    home: Currency,
    notes: &mut Vec<String>,
) -> Result<Accounts, ReconcileError> {
    let column = chosen.amount.map_or("", |place| header[place].as_str());
    let place = |line: u64| format!("{file}:{line}, column {column}");
    let mut written = Vec::with_capacity(rows.len());
    let mut empty = 0;
    for row in rows {
        if NOTHING.contains(&row.amount.to_lowercase().as_str()) {
            empty += 1;
            written.push((row, None));
            continue;
        }
        let money = Money::read(&row.amount, home).ok_or_else(|| {
            ReconcileError::file(
                place(row.line),
                format!("{:?} is no amount", row.amount),
                "write for example 1234.50, or name another column with --amount",
            )
        })?;
        written.push((row, Some(money)));
    }
    let marks: Vec<Mark> = written.iter().filter_map(|(_, money)| money.as_ref()?.mark()).collect();
    let usual = match (marks.contains(&Mark::Point), marks.contains(&Mark::Comma)) {
        (true, false) => Some(Mark::Point),
        (false, true) => Some(Mark::Comma),
        // Where commas part the fields, a comma parts no decimals.
        (false, false) if delimiter == b',' => Some(Mark::Point),
        _ => None,
    };
    let mut accounts = Accounts::new();
    for (row, money) in written {
        let (amount, sign) = match &money {
            None => (Decimal::ZERO, None),
            Some(money) => {
                let amount = match money.mark().or(usual).or(money.is_plain().then_some(Mark::Point)) {
                    Some(mark) => money.value(mark),
                    None => {
                        let both = [Mark::Point, Mark::Comma].map(|mark| {
                            money.value(mark).map(|value| value.normalize().to_string()).unwrap_or_default()
                        });
                        let problem = format!("{:?} may be {} or {}", row.amount, both[0], both[1]);
                        return Err(ReconcileError::file(
                            place(row.line),
                            problem,
                            "write the amounts with their cents, such as 1234.00",
                        ));
                    }
                };
                let amount = amount.ok_or_else(|| {
                    ReconcileError::file(
                        place(row.line),
                        format!("{:?} is no amount", row.amount),
                        "write for example 1234.50",
                    )
                })?;
                (amount, money.currency)
            }
        };
        let currency = match (row.currency, sign) {
            (Some(column), Some(sign)) if column != sign => {
                let problem = format!("{:?} is in {sign}, the row's currency is {column}", row.amount);
                return Err(ReconcileError::file(place(row.line), problem, "mend one of the two"));
            }
            (column, sign) => column.or(sign).unwrap_or(home),
        };
        accounts.entry(row.account).or_default().push(Row { line: row.line, amount, currency, fields: row.fields });
    }
    if empty > 0 {
        notes.push(format!(
            "{} no amount: counted as zero",
            if empty == 1 { "1 row has".to_owned() } else { format!("{empty} rows have") }
        ));
    }
    Ok(accounts)
}

/// Reads who counts: yes and no in any spelling, or a number.
fn presences(
    file: &str,
    rows: Vec<Unread>,
    header: &[String],
    chosen: &Chosen,
    home: Currency,
) -> Result<Accounts, ReconcileError> {
    let mut accounts = Accounts::new();
    for row in rows {
        let text = row.amount.to_lowercase();
        let counts = match text.as_str() {
            "yes" | "y" | "true" | "t" | "x" | "active" | "aktiv" | "ja" | "customer" => Some(true),
            "no" | "n" | "false" | "f" | "inactive" | "churned" | "cancelled" | "canceled" | "lost" | "ended"
            | "nein" => Some(false),
            text if NOTHING.contains(&text) => Some(false),
            _ => Money::read(&row.amount, home)
                .and_then(|money| money.value(Mark::Point))
                .map(|value| value > Decimal::ZERO),
        };
        let counts = counts.ok_or_else(|| {
            let column = chosen.amount.map_or("", |place| header[place].as_str());
            let place = format!("{file}:{}, column {column}", row.line);
            ReconcileError::file(
                place,
                format!("{:?} does not say whether it is a customer", row.amount),
                "write yes or no, 1 or 0, or name another column with --amount",
            )
        })?;
        accounts.entry(row.account).or_default().push(Row {
            line: row.line,
            amount: Decimal::from(i64::from(counts)),
            currency: home,
            fields: row.fields,
        });
    }
    Ok(accounts)
}

/// Accounts on several lines are summed, and said to be.
fn told_twice(accounts: &Accounts, notes: &mut Vec<String>) {
    let several: Vec<(&String, &Vec<Row>)> = accounts.iter().filter(|(_, rows)| rows.len() > 1).collect();
    let Some((first, rows)) = several.first() else { return };
    let example: Vec<String> = rows.iter().map(|row| row.line.to_string()).collect();
    let (who, verb) = match several.len() {
        1 => (format!("account {first} stands"), "is"),
        many => (format!("{many} accounts stand"), "are"),
    };
    let such = if several.len() > 1 { format!("{first}: {}", lines(&example)) } else { lines(&example) };
    notes.push(format!("{who} on several lines and {verb} summed ({such})"));
}

fn lines(all: &[String]) -> String {
    format!("{} {}", if all.len() == 1 { "line" } else { "lines" }, listed(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mrr(text: &str) -> Result<Theirs, ReconcileError> {
        read("f.csv", text.as_bytes(), &Columns::default(), Measure::of("mrr").unwrap(), Currency::USD, &|_| false)
    }

    fn sums(theirs: &Theirs) -> Vec<String> {
        let sum = |(account, rows): (&String, &Vec<Row>)| {
            format!("{account} {} {}", rows.iter().map(|row| row.amount).sum::<Decimal>().normalize(), rows[0].currency)
        };
        theirs.accounts.iter().map(sum).collect()
    }

    #[test]
    fn money_as_finance_writes_it() {
        let theirs =
            mrr("Customer;Name;MRR\na;A;1.234,50 €\nb;B;999\nc;C;(1.000,00)\nd;D;-\nTotal;;1.233,50\n").unwrap();
        assert_eq!(sums(&theirs), ["a 1234.5 EUR", "b 999 USD", "c -1000 USD", "d 0 USD"]);
        assert_eq!((theirs.on.as_str(), theirs.amount.as_deref()), ("Customer", Some("MRR")));
        assert_eq!(theirs.notes, ["line 6 sums the others and is left out", "1 row has no amount: counted as zero"]);
        let theirs = mrr("account_id,mrr\na,\"1,234.50\"\nb,\"2,000\"\n").unwrap();
        assert_eq!(sums(&theirs), ["a 1234.5 USD", "b 2000 USD"]);
    }

    #[test]
    fn several_lines_are_summed_and_told() {
        let theirs = mrr("account_id,mrr\na,10\nb,1\na,5\n").unwrap();
        assert_eq!(sums(&theirs), ["a 15 USD", "b 1 USD"]);
        assert_eq!(theirs.notes, ["account a stands on several lines and is summed (lines 2 and 4)"]);
    }

    #[test]
    fn currencies_come_from_their_column() {
        let theirs = mrr("account_id,mrr,currency\na,10,eur\nb,1,\n").unwrap();
        assert_eq!(sums(&theirs), ["a 10 EUR", "b 1 USD"]);
        // Where the amount names its currency, another column says what the customer is billed in.
        let theirs = mrr("account_id,mrr_usd,currency\na,10,EUR\n").unwrap();
        assert_eq!((sums(&theirs), theirs.currency), (vec!["a 10 USD".to_owned()], None));
    }

    #[test]
    fn errors_say_where_what_and_how() {
        let told = |text: &str| mrr(text).unwrap_err().to_string();
        assert_eq!(told(""), "f.csv: is empty: there is no header; export it again");
        assert_eq!(
            told("account_id,mrr\na,ten\n"),
            "f.csv:2, column mrr: \"ten\" is no amount; write for example 1234.50, or name another column with --amount"
        );
        assert_eq!(
            told("account_id;mrr\na;1.234\n"),
            "f.csv:2, column mrr: \"1.234\" may be 1.234 or 1234; write the amounts with their cents, such as 1234.00"
        );
        assert_eq!(
            told("account_id,mrr\n,5\n"),
            "f.csv:2, column account_id: is empty: whose amount it is cannot be told; fill the account's id in, or take the line out"
        );
        assert_eq!(
            told("account_id,mrr\na,5,6\n"),
            "f.csv:2: 3 fields where the header has 2; mend the line, or put quotes round the field that has a delimiter in it"
        );
        assert!(
            told("account_id,mrr,currency\na,5,euros\n")
                .starts_with("f.csv:2, column currency: \"euros\" is not a currency; ")
        );
        assert!(told("account_id,mrr,currency\na,5 €,GBP\n").contains("\"5 €\" is in EUR, the row's currency is GBP"));
    }

    #[test]
    fn customers_are_those_in_the_file_or_those_it_says() {
        let active = |text: &str| {
            let measure = Measure::of("active_customers").unwrap();
            sums(&read("f.csv", text.as_bytes(), &Columns::default(), measure, Currency::USD, &|_| false).unwrap())
        };
        assert_eq!(active("customer_id,name\na,A\nb,B\n"), ["a 1 USD", "b 1 USD"]);
        assert_eq!(
            active("customer_id,active\na,yes\nb,0\nc,churned\nd,1\n"),
            ["a 1 USD", "b 0 USD", "c 0 USD", "d 1 USD"]
        );
    }
}

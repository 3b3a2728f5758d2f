//! Their file has a row twice: without the repetition it agrees.

use crate::case::{AGREES, Case};
use crate::words::listed;
use rust_decimal::Decimal;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    let rows = case.rows();
    if rows.len() < 2 {
        return None;
    }
    let money = case.asked().measure.is_money();
    let agrees = |sum: Decimal| (sum - case.ours()).abs() <= AGREES;
    let figure = |row: &crate::theirs::Row| case.home(row.amount, row.currency.code());
    let distinct =
        rows.iter().enumerate().filter(|(place, row)| rows[..*place].iter().all(|before| before.fields != row.fields));
    let distinct: Vec<&crate::theirs::Row> = distinct.map(|(_, row)| row).collect();
    let lines: Vec<String> = rows.iter().map(|row| row.line.to_string()).collect();
    let lines = listed(&lines);
    if distinct.len() < rows.len() && money && agrees(distinct.iter().map(|row| figure(row)).sum()) {
        return Some(format!("lines {lines} of theirs repeat each other; counted once they agree"));
    }
    let row = rows.iter().find(|row| money && agrees(figure(row)))?;
    Some(format!("theirs has it on lines {lines}; line {} alone agrees", row.line))
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, line, number};
    use crate::causes::Cause;
    use crate::theirs::Row;
    use tenure_schema::money::Currency;

    fn row(line: u64, amount: &str, fields: &str) -> Row {
        Row { line, amount: number(amount), currency: Currency::USD, fields: vec![fields.into()] }
    }

    #[test]
    fn a_row_written_twice() {
        let mut example = Example::new("mrr", vec![line("s", "100", "2025-01-01", None)], "200");
        example.rows.insert("a".into(), vec![row(2, "100", "x"), row(9, "100", "x")]);
        assert_eq!(
            example.cause(),
            (Cause::DuplicateRow, "lines 2 and 9 of theirs repeat each other; counted once they agree".into())
        );
        example.rows.insert("a".into(), vec![row(2, "100", "x"), row(9, "100", "y")]);
        assert_eq!(example.cause().1, "theirs has it on lines 2 and 9; line 2 alone agrees");
        example.rows.insert("a".into(), vec![row(2, "150", "x"), row(9, "50", "y")]);
        assert_eq!(example.cause().0, Cause::Unexplained);
    }
}

//! An array with one object a line: a program reads it whole, a person compares two of them.

use serde::Serialize;

/// The JSON text of some records.
pub(crate) fn json<T: Serialize>(records: &[T]) -> Result<String, serde_json::Error> {
    let lines = records.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    Ok(if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) })
}

#[cfg(test)]
mod tests {
    use crate::output::{Compared, Record, json, records};
    use crate::sample;
    use tenure_engine::Number;

    #[test]
    fn an_answer() {
        insta::assert_snapshot!(json(&records(&sample::answer())).unwrap());
    }

    #[test]
    fn a_board_adds_what_it_compares() {
        let answer = sample::answer();
        let cell = &answer.cells[0];
        let compared = Compared::new(cell, Some(Number::Float(1.02)), Some(1.05));
        let text = json(&[Record::of(cell, &answer.catalogue, answer.lake_version).compared(compared)]).unwrap();
        assert!(text.contains(r#""previous":1.02,"change":0.02"#), "{text}");
        assert!(text.contains(r#""target":1.05"#));
        assert_eq!(json::<Record<'_>>(&[]).unwrap(), "[]\n");
    }
}

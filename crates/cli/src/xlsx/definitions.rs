//! What each metric of the board means, in the definition that is in force.

use super::content::Content;
use super::sheet::{Column, Sheet};
use super::style::Styles;
use crate::board::Board;
use crate::exit::Outcome;
use crate::html::Meaning;
use rust_xlsxwriter::Worksheet;

/// A row a metric, in the board's order.
pub(super) fn sheet(board: &Board, meanings: &[Meaning], name: &str, styles: &Styles) -> Outcome<Worksheet> {
    let columns = [
        Column::words("Metric", 30.0),
        Column::words("Id", 24.0),
        Column::words("Group", 12.0),
        Column::words("Variant in force", 14.0),
        Column::words("What it means", 60.0),
        Column::words("Formula", 50.0),
        Column::words("Source", 30.0),
        Column::words("Settings in force", 26.0),
        Column::words("Better", 9.0),
    ];
    let mut sheet = Sheet::new(name)?;
    sheet.heads(&columns, styles)?;
    for meaning in meanings {
        let has = |group: &&crate::board::Group| group.lines.iter().any(|line| line.metric == meaning.metric);
        let group = board.groups.iter().find(has);
        let better = group.and_then(|group| group.lines.iter().find(|line| line.metric == meaning.metric));
        let choices: Vec<String> = meaning.choices.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let texts = [flowing(&meaning.about), flowing(&meaning.formula), flowing(&meaning.source), choices.join("\n")];
        sheet.tall(texts.iter().map(String::as_str).zip([60.0, 50.0, 30.0, 26.0]))?;
        let [about, formula, source, choices] = texts.map(|text| (Content::text(text), &styles.wrapped));
        sheet.line(&[
            (Content::text(&meaning.title), &styles.strong),
            (Content::text(&meaning.metric), &styles.text),
            (Content::text(group.map(|group| group.title.as_str()).unwrap_or_default()), &styles.text),
            (Content::text(&meaning.variant), &styles.text),
            about,
            formula,
            source,
            choices,
            (Content::text(better.map(|line| line.better.name()).unwrap_or_default()), &styles.text),
        ])?;
    }
    Ok(sheet.finish(&columns, 0, 1)?)
}

/// A text without the line breaks of the file it was written in.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

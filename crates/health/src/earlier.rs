//! The scorecards that were in force on an earlier day, as the lake keeps them.

use crate::error::HealthError;
use crate::history::Health;
use crate::latest::latest;
use crate::record::{SCORECARDS, SCORES};
use crate::stored::texts;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tenure_scorecard::{Scorecards, Text};

impl Health {
    /// The same health by the scorecards that were in force on a day; by those in force now where that day is not scored.
    pub async fn as_on(&self, day: Date) -> Result<Self, HealthError> {
        let line = self.line_on(day).await?;
        match line.as_deref() {
            Some(line) if line != self.scorecards.line() => {
                Ok(Self { scorecards: self.scorecards_of(line, day).await?, ..self.clone() })
            }
            _ => Ok(self.clone()),
        }
    }

    /// The line that was in force on a day.
    async fn line_on(&self, day: Date) -> Result<Option<String>, HealthError> {
        let sql = format!("SELECT min(line) FROM {SCORES} WHERE in_force AND day = DATE '{day}'");
        let rows = self.texts_of(&sql, 1).await?;
        Ok(rows.into_iter().next().and_then(|mut row| row.remove(0)))
    }

    async fn scorecards_of(&self, line: &str, day: Date) -> Result<Scorecards, HealthError> {
        let sql = format!("SELECT scorecard, definition, signals FROM {SCORECARDS} WHERE line = '{line}'");
        let (mut cards, mut signals) = (Vec::new(), BTreeMap::new());
        for row in self.texts_of(&sql, 3).await? {
            let [Some(id), Some(text), files] = <[Option<String>; 3]>::try_from(row).unwrap_or_default() else {
                continue;
            };
            let files: BTreeMap<String, String> = serde_json::from_str(&files.unwrap_or_default())
                .map_err(|error| HealthError::Rows(format!("{SCORECARDS}.signals of {id}: {error}")))?;
            signals.extend(files);
            cards.push(Text { file: format!("{id} of {day}"), id, text });
        }
        let signal = |(id, text): (String, String)| Text { file: format!("{id} of {day}"), id, text };
        let signals: Vec<Text> = signals.into_iter().map(signal).collect();
        Scorecards::of(&cards, &signals, &|metric| self.catalog.metric(metric).is_some())
            .map_err(|problem| HealthError::Earlier { day, problem })
    }

    /// Columns of text out of the lake's latest version.
    async fn texts_of(&self, sql: &str, columns: usize) -> Result<Vec<Vec<Option<String>>>, HealthError> {
        let context = latest(&self.lake).await?;
        let mut rows = Vec::new();
        for batch in context.sql(sql).await?.collect().await? {
            let cells = (0..columns).map(|column| texts(&batch, column)).collect::<Result<Vec<_>, _>>()?;
            rows.extend((0..batch.num_rows()).map(|row| cells.iter().map(|cell| cell(row)).collect()));
        }
        Ok(rows)
    }
}

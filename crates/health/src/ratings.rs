//! What colleagues say of a customer's health: written down as versions of their own, each with a reason and an end.

use crate::days;
use crate::error::HealthError;
use crate::history::Health;
use crate::latest::latest;
use crate::record::mantissa;
use arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, TimestampMicrosecondType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::sync::Arc;
use tenure_lake::{CommitKind, CommitNote, ImportNote, StageMode, staged_schema};
use tenure_schema::table::{Table, table};
use tenure_scorecard::PLACES;

const RATINGS: &str = "health_ratings";

/// The source of ratings that were given here and not imported. No file in `sources/` has a name with spaces like this one.
pub const GIVEN: &str = "tenure health rate";

/// For how many days a rating may count: then it is to be said anew.
pub const LONGEST: i32 = 366;

/// What a colleague said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// The record.
    pub id: String,
    /// The customer, as it was then: a merge may have made another one of it.
    pub account: String,
    /// Who said so.
    pub by: Option<String>,
    /// 0 (worst) to 100 (best).
    pub score: Decimal,
    /// Why.
    pub reason: String,
    /// When.
    pub rated_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Timestamp,
    /// Where it came from: [`GIVEN`], or a source's name.
    pub source: String,
}

/// What is to be said of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said<'a> {
    /// The customer's id, which exists.
    pub account: &'a str,
    /// Who says so.
    pub by: Option<&'a str>,
    /// 0 (worst) to 100 (best).
    pub score: Decimal,
    /// Why.
    pub reason: &'a str,
    /// The last day on which it counts.
    pub until: Date,
}

impl Health {
    /// Writes a rating down, as a version of its own. It counts from the day of `now`; days that are scored stay as they are.
    pub async fn rate(&self, now: Timestamp, said: Said<'_>) -> Result<Rating, HealthError> {
        let rating = Rating {
            id: format!("said-{}", base_36(now.as_microsecond())),
            account: said.account.to_owned(),
            by: said.by.map(str::to_owned),
            score: score(said.score)?,
            reason: reason(said.reason)?,
            rated_at: now,
            expires_at: self.end_of(said.until, now)?,
            source: GIVEN.to_owned(),
        };
        let by = rating.by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
        let message = format!("rating of {}{by}: {} through {}", rating.account, rating.score.normalize(), said.until);
        self.keep(now, &rating, message).await?;
        Ok(rating)
    }

    /// Ends a rating that was given here, now. What it did to scores until now stays.
    pub async fn withdraw(&self, now: Timestamp, id: &str) -> Result<Rating, HealthError> {
        let wrong = |what: String, remedy: &str| HealthError::Rating { what, remedy: remedy.to_owned() };
        let found = self.ratings().await?.into_iter().find(|rating| rating.id == id);
        let rating = found
            .ok_or_else(|| wrong(format!("there is no rating {id}"), "`tenure health rate --list` has them all"))?;
        if rating.source != GIVEN {
            let what = format!("{id} was imported from {}, which would bring it back", rating.source);
            return Err(wrong(what, "end it there, by an earlier expires_at"));
        }
        if rating.expires_at <= now {
            let ended = self.settings.clock().local(rating.expires_at).date();
            return Err(wrong(format!("{id} no longer counts since {ended}"), "there is nothing to withdraw"));
        }
        let rating = Rating { expires_at: now, ..rating };
        self.keep(now, &rating, format!("rating {id} of {} withdrawn", rating.account)).await?;
        Ok(rating)
    }

    /// Every rating, the newest first.
    pub async fn ratings(&self) -> Result<Vec<Rating>, HealthError> {
        let context = latest(&self.lake).await?;
        let sql = format!(
            "SELECT rating_id, account_id, staff_id, reason, _source, rating, rated_at, expires_at FROM {RATINGS} ORDER BY rated_at DESC, rating_id"
        );
        let mut ratings = Vec::new();
        for batch in context.sql(&sql).await?.collect().await? {
            ratings.extend(read(&batch)?);
        }
        Ok(ratings)
    }

    /// When a rating ends that counts through a day.
    fn end_of(&self, until: Date, now: Timestamp) -> Result<Timestamp, HealthError> {
        let clock = self.settings.clock();
        let today = clock.local(now).date();
        let away = (until - today).get_days();
        if (0..=LONGEST).contains(&away) {
            return days::end(until, &clock);
        }
        let what = if away < 0 { format!("{until} is over") } else { format!("{until} is {away} days away") };
        Err(HealthError::Rating {
            what,
            remedy: format!(
                "a rating counts from today, {today}, through a day at most {LONGEST} days away: then it is to be said anew"
            ),
        })
    }

    async fn keep(&self, now: Timestamp, rating: &Rating, message: String) -> Result<(), HealthError> {
        let table = table(RATINGS).ok_or_else(|| HealthError::Rows(format!("there is no table {RATINGS}")))?;
        let rows = row(table, rating)?;
        let mut writer = self.lake.write(now).await?;
        let stream = futures::stream::iter([Ok(rows)]);
        let stream = Box::pin(RecordBatchStreamAdapter::new(staged_schema(table), stream));
        let verdicts = writer.stage(table, stream, StageMode::Upsert).await?;
        // It says nothing of how far the table is complete: nobody knows what colleagues have not said yet.
        let import = ImportNote {
            source: GIVEN.to_owned(),
            table: RATINGS.to_owned(),
            read: 1,
            verdicts,
            ..ImportNote::default()
        };
        writer.commit(CommitNote { message, kind: CommitKind::Import, imports: vec![import] }).await?;
        Ok(())
    }
}

fn score(score: Decimal) -> Result<Decimal, HealthError> {
    let fits = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&score) && score.normalize().scale() <= PLACES;
    fits.then_some(score).ok_or_else(|| HealthError::Rating {
        what: format!("{score} is no rating"),
        remedy: "say a number from 0 (worst) to 100 (best)".to_owned(),
    })
}

fn reason(text: &str) -> Result<String, HealthError> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned()).ok_or_else(|| HealthError::Rating {
        what: "a rating without a reason says nothing".to_owned(),
        remedy: "say why, with --reason".to_owned(),
    })
}

fn row(table: &'static Table, rating: &Rating) -> Result<RecordBatch, HealthError> {
    let text = |text: Option<&str>| -> ArrayRef { Arc::new(StringArray::from(vec![text])) };
    let at = |at: Timestamp| -> ArrayRef {
        Arc::new(TimestampMicrosecondArray::from(vec![at.as_microsecond()]).with_timezone("UTC"))
    };
    let schema = staged_schema(table);
    let columns = schema.fields().iter().map(|field| -> Result<ArrayRef, HealthError> {
        Ok(match field.name().as_str() {
            "rating_id" => text(Some(&rating.id)),
            "account_id" => text(Some(&rating.account)),
            "staff_id" => text(rating.by.as_deref()),
            "rating" => {
                let mantissas = Decimal128Array::from(vec![mantissa(rating.score)]);
                Arc::new(mantissas.with_data_type(field.data_type().clone()))
            }
            "reason" => text(Some(&rating.reason)),
            "rated_at" => at(rating.rated_at),
            "expires_at" => at(rating.expires_at),
            "_source" => text(Some(&rating.source)),
            "_row" => Arc::new(Int64Array::from(vec![None])),
            _ => text(None),
        })
    });
    Ok(RecordBatch::try_new(schema.clone(), columns.collect::<Result<_, _>>()?)?)
}

fn read(batch: &RecordBatch) -> Result<Vec<Rating>, HealthError> {
    let texts = (0..5).map(|column| cast(batch.column(column), &DataType::Utf8)).collect::<Result<Vec<_>, _>>()?;
    let text = |column: usize, row: usize| {
        let column = texts[column].as_string::<i32>();
        column.is_valid(row).then(|| column.value(row).to_owned())
    };
    let scores = batch.column(5).as_primitive::<Decimal128Type>();
    let at = |column: usize, row: usize| {
        Timestamp::from_microsecond(batch.column(column).as_primitive::<TimestampMicrosecondType>().value(row))
            .map_err(|error| HealthError::Rows(error.to_string()))
    };
    let rating = |row: usize| {
        Ok(Rating {
            id: text(0, row).unwrap_or_default(),
            account: text(1, row).unwrap_or_default(),
            by: text(2, row),
            reason: text(3, row).unwrap_or_default(),
            source: text(4, row).unwrap_or_default(),
            score: Decimal::try_from_i128_with_scale(scores.value(row), PLACES).unwrap_or_default(),
            rated_at: at(6, row)?,
            expires_at: at(7, row)?,
        })
    };
    (0..batch.num_rows()).map(rating).collect()
}

/// A time as a short text: later ones are greater.
fn base_36(micros: i64) -> String {
    let mut left = micros.unsigned_abs();
    let mut digits = Vec::new();
    while left > 0 {
        digits.push(char::from_digit(u32::try_from(left % 36).unwrap_or_default(), 36).unwrap_or('0'));
        left /= 36;
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_a_number_from_0_to_100_with_a_reason() {
        for fine in ["0", "100", "72.5", "72.500000"] {
            assert!(score(fine.parse().unwrap()).is_ok(), "{fine}");
        }
        for wrong in ["-1", "100.1", "50.0000001"] {
            assert!(score(wrong.parse().unwrap()).is_err(), "{wrong}");
        }
        assert_eq!(reason(" sponsor left ").unwrap(), "sponsor left");
        assert!(reason(" ").is_err());
    }

    #[test]
    fn later_ids_are_greater() {
        let ids = [1_795_342_000_000_000, 1_795_342_000_000_001, 1_995_342_000_000_000].map(base_36);
        assert!(ids.is_sorted() && ids[0] != ids[1], "{ids:?}");
    }
}

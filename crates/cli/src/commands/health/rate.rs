//! `tenure health rate`: what colleagues say of customers, given, listed and withdrawn.

use super::{day_typed, figures, open};
use crate::args::{Form, HealthRateArgs};
use crate::commands::account;
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::people;
use crate::printer::{Printer, rendered};
use crate::session::{Context, Session};
use crate::table::{Column, Table, Text, Tone};
use crate::workspace::Workspace;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tenure_engine::Query;
use tenure_health::{GIVEN, Health, Rating, Said};

/// Gives, lists or withdraws ratings.
pub(crate) async fn run(context: &Context, args: &HealthRateArgs, printer: &mut Printer) -> Outcome {
    let (workspace, health) = open(context).await?;
    if args.list {
        return list(context, &workspace, &health, args, printer).await;
    }
    if let Some(id) = &args.withdraw {
        let rating = health.withdraw(context.environment.now, id).await?;
        printer.line(&format!("{} of {} counts no longer; scores until now keep it", rating.id, rating.account))?;
        return Ok(Exit::Done);
    }
    give(context, &health, args, printer).await
}

async fn give(context: &Context, health: &Health, args: &HealthRateArgs, printer: &mut Printer) -> Outcome {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let session = Session::open(context).await?;
    let found = account::find(&session, &text(&args.account), printer).await?;
    let typed = text(&args.score);
    let score: Decimal = typed.parse().map_err(|_| {
        Failure::usage(format!("`{typed}` is no rating")).hint("say a number from 0 (worst) to 100 (best)")
    })?;
    let by = match &args.by {
        Some(typed) => Some(colleague(&session, typed, printer).await?),
        None => None,
    };
    let until = day_typed(&text(&args.until), "--until")?;
    let reason = text(&args.reason);
    let said = Said { account: &found.id, by: by.as_deref(), score, reason: &reason, until };
    let rating = health.rate(context.environment.now, said).await?;
    let from = session.engine.clock().local(rating.rated_at).date();
    printer.line(&format!(
        "{}: {} rated {}, from {from} through {until}",
        rating.id,
        found.name.as_deref().unwrap_or(&found.id),
        rating.score.normalize()
    ))?;
    Ok(Exit::Done)
}

/// A colleague's id, by id or name; who is not known is kept as typed, and that is said.
async fn colleague(session: &Session, typed: &str, printer: &mut Printer) -> Outcome<String> {
    let sql = "SELECT staff_id, name FROM staff ORDER BY staff_id";
    let query = Query { file: "staff", key: "SQL", sql };
    let batches = session.engine.query(query, &[], Timestamp::UNIX_EPOCH).await?;
    let staff = tenure_account::records(&batches).map_err(Failure::from)?;
    let same = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(typed));
    let by_id = staff.iter().find(|one| same(one.text("staff_id")));
    let named: Vec<_> = staff.iter().filter(|one| same(one.text("name"))).collect();
    let found = match (by_id, named.as_slice()) {
        (Some(one), _) => Some(one),
        (None, [one]) => Some(*one),
        (None, []) => None,
        (None, several) => {
            let ids: Vec<&str> = several.iter().filter_map(|one| one.text("staff_id")).collect();
            return Err(Failure::usage(format!("--by: several colleagues are called {typed}"))
                .hint(format!("name one of {}", ids.join(", "))));
        }
    };
    match found.and_then(|one| one.text("staff_id")) {
        Some(id) => Ok(id.to_owned()),
        None => {
            printer.aside(&format!("{typed} is not among the staff that was imported; kept as it is"))?;
            Ok(typed.to_owned())
        }
    }
}

async fn list(
    context: &Context,
    workspace: &Workspace,
    health: &Health,
    args: &HealthRateArgs,
    printer: &mut Printer,
) -> Outcome {
    let mut ratings = health.ratings().await?;
    if let Some(typed) = &args.account {
        let session = Session::open(context).await?;
        let found = account::find(&session, typed, printer).await?;
        ratings.retain(|rating| rating.account == found.id || found.took_over.contains(&rating.account));
    }
    let all = ratings.len();
    ratings.truncate(args.limit);
    let now = context.environment.now;
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => {
            let all: Vec<Value> = ratings.iter().map(|rating| record(rating, now)).collect();
            serde_json::to_string_pretty(&all)? + "\n"
        }
        Form::Csv => csv(&ratings, now)?,
        Form::Table => {
            let more = match all - ratings.len() {
                0 => String::new(),
                more => format!("\n{} more with --limit\n", people::count(more)),
            };
            rendered(printer, &table(&ratings, workspace, now), file) + &more
        }
    };
    printer.document(&text, file)?;
    Ok(Exit::Done)
}

fn table(ratings: &[Rating], workspace: &Workspace, now: Timestamp) -> Table {
    let clock = workspace.settings.clock();
    let day = |at: Timestamp| clock.local(at).date().to_string();
    let mut table = Table::new(vec![
        Column::words("id"),
        Column::words("account"),
        Column::numbers("rating"),
        Column::words("said"),
        Column::words("through"),
        Column::words("by").rank(1),
        Column::words("why").wraps_to(20),
        Column::words("from").rank(2),
    ]);
    for rating in ratings {
        let ends = day(last_of(rating.expires_at));
        let tone = if counts(rating, now) { Tone::Plain } else { Tone::Faint };
        table.row(vec![
            rating.id.as_str().into(),
            rating.account.as_str().into(),
            figures::score(Some(rating.score)).into(),
            day(rating.rated_at).into(),
            Text::toned(tone, if counts(rating, now) { ends } else { format!("{ends}, over") }),
            rating.by.clone().unwrap_or_default().into(),
            rating.reason.as_str().into(),
            rating.source.as_str().into(),
        ]);
    }
    table.in_full("--format csv")
}

/// The last instant before an end.
fn last_of(end: Timestamp) -> Timestamp {
    end.checked_sub(SignedDuration::from_micros(1)).unwrap_or(end)
}

fn counts(rating: &Rating, now: Timestamp) -> bool {
    rating.expires_at > now
}

fn record(rating: &Rating, now: Timestamp) -> Value {
    json!({
        "rating_id": rating.id,
        "account_id": rating.account,
        "rating": figures::exact(Some(rating.score)),
        "reason": rating.reason,
        "by": rating.by,
        "rated_at": rating.rated_at.to_string(),
        "expires_at": rating.expires_at.to_string(),
        "counts": counts(rating, now),
        "given_here": rating.source == GIVEN,
        "source": rating.source,
    })
}

fn csv(ratings: &[Rating], now: Timestamp) -> Outcome<String> {
    let columns = ["rating_id", "account_id", "rating", "reason", "by", "rated_at", "expires_at", "counts", "source"];
    let row = |rating: &Rating| {
        vec![
            Some(rating.id.clone()),
            Some(rating.account.clone()),
            Some(rating.score.normalize().to_string()),
            Some(rating.reason.clone()),
            rating.by.clone(),
            Some(rating.rated_at.to_string()),
            Some(rating.expires_at.to_string()),
            Some(counts(rating, now).to_string()),
            Some(rating.source.clone()),
        ]
    };
    let rows: Vec<Vec<Option<String>>> = ratings.iter().map(row).collect();
    Ok(output::rows_csv(&columns.map(str::to_owned), &rows)?)
}

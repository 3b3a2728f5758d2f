//! `tenure health update`: the history, extended.

use super::{day_typed, open};
use crate::args::HealthUpdateArgs;
use crate::exit::{Exit, Outcome};
use crate::people;
use crate::printer::Printer;
use crate::session::Context;
use indicatif::{ProgressBar, ProgressStyle};
use tenure_health::{Extent, Progress, Updated};

/// Scores the days that are over and says what was done.
pub(crate) async fn run(context: &Context, args: &HealthUpdateArgs, printer: &mut Printer) -> Outcome {
    let from = args.from.as_deref().map(|typed| day_typed(typed, "--from")).transpose()?;
    let updated = extend(context, Extent { backfill: args.backfill, from }, printer).await?;
    printer.line(&told(&updated))?;
    Ok(Exit::Done)
}

/// Extends the history, showing how far it is.
pub(in crate::commands) async fn extend(context: &Context, extent: Extent, printer: &Printer) -> Outcome<Updated> {
    let (_, health) = open(context).await?;
    let bar = printer.watched.then(|| {
        let style = ProgressStyle::with_template("scoring {bar:30} {pos}/{len} days");
        ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    });
    let mut tell = |progress: Progress| {
        if let Some(bar) = &bar {
            bar.set_length(u64::try_from(progress.of).unwrap_or_default());
            bar.set_position(u64::try_from(progress.done).unwrap_or_default());
        }
    };
    let updated = health.update(context.environment.now, extent, &mut tell).await;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    Ok(updated?)
}

/// What was done, in a line.
pub(in crate::commands) fn told(updated: &Updated) -> String {
    let Updated { line, days, scores } = updated;
    match days {
        0 => format!("nothing to score: every day up to {} is scored", line.scored_to),
        1 => format!("scored {}: {} customers", line.scored_to, people::count(*scores)),
        days => {
            format!("scored {} days up to {}: {} scores", people::count(*days), line.scored_to, people::count(*scores))
        }
    }
}

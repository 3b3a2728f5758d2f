//! How far an import is, for whoever watches.

use crate::people;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use tenure_ingest::OnProgress;

/// A progress bar on standard error.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar that has nothing to show yet.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let form = "{bar:28} {percent:>3}%  {bytes}/{total_bytes}  {msg}";
        bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    /// What the import calls.
    pub(super) fn listener(&self) -> OnProgress {
        let bar = self.0.clone();
        Arc::new(move |progress| {
            bar.set_length(progress.total_bytes);
            bar.set_position(progress.bytes);
            let rows = people::count(progress.rows);
            bar.set_message(format!("{} → {}, {rows} rows", progress.source, progress.table));
        })
    }

    /// Leaves the line to what comes next.
    pub(super) fn finish(self) {
        self.0.finish_and_clear();
    }
}

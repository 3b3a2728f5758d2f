//! Warnings of signals that know more than could be known.

use crate::printer::Printer;
use crate::table::{Tone, wrap};
use tenure_backtest::{Leaks, words};

/// A line for each signal to look at; nothing where there is none.
pub(super) fn told(leaks: &Leaks, printer: &Printer) -> String {
    let too_good = leaks.too_good.iter().map(words::too_good);
    let presence = leaks.presence.iter().map(words::presence);
    too_good.chain(presence).map(|said| warned(&said, printer)).collect()
}

/// A warning, within the width.
pub(super) fn warned(said: &str, printer: &Printer) -> String {
    let lines = wrap(&format!("! {said}"), printer.width);
    lines.iter().map(|line| format!("{}\n", printer.palette.paint(Tone::Warn, line))).collect()
}

//! Who left without a warning, and how early the others were warned of.

use super::Tested;
use crate::answer::{Answer, NotEnough};
use crate::number::Share;
use crate::scorer::Colour;
use serde::Serialize;
use tenure_stats::Multiset;
use tenure_stats::quantile::quantile;

/// Accounts that left, by their colour the last time they were seen at least the horizon before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GreenLeavers {
    /// Green ones, of all: leavings, of which an account that came back can have two.
    pub green: Share,
    /// Amber ones.
    pub amber: u64,
    /// Red ones.
    pub red: u64,
}

/// How long before leaving a scorer first showed red or amber, and kept to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FirstWarning {
    /// Leavings never warned of, of all: green the last time they were seen with a colour.
    pub never: Share,
    /// Of those warned of, the median days from the first of the unbroken run of observations that were not green.
    pub median_days: Option<f64>,
}

/// An account that left in the days judged.
pub(super) struct Departure {
    left_on: i32,
    /// All its observations before, by day: the panel's rows.
    seen: Vec<usize>,
}

/// The leavings within the horizon of the days judged, of accounts seen on one of those days.
pub(super) fn departures(tested: &Tested) -> Vec<Departure> {
    let rows = tested.panel.rows();
    let Some(&last) = tested.days.last() else { return Vec::new() };
    let end = i64::from(last) + i64::from(tested.labels.horizon);
    let same = |&a: &usize, &b: &usize| rows[a].account == rows[b].account && rows[a].left_on == rows[b].left_on;
    let one = |seen: &[usize]| {
        let left_on = rows[*seen.first()?].left_on?;
        let inside = seen.iter().any(|&row| tested.days.contains(&rows[row].day));
        let known = left_on <= tested.panel.known_to() && i64::from(left_on) <= end;
        (inside && known).then(|| Departure { left_on, seen: seen.to_vec() })
    };
    tested.panel.order().chunk_by(same).filter_map(one).collect()
}

/// By colour at the last observation at least the horizon before leaving, where that is on a day judged.
pub(super) fn green_leavers(
    tested: &Tested,
    departures: &[Departure],
    colours: &[Option<Colour>],
) -> Answer<GreenLeavers> {
    let rows = tested.panel.rows();
    let colour = |gone: &Departure| {
        let latest = i64::from(gone.left_on) - i64::from(tested.labels.horizon);
        let row = *gone.seen.iter().rev().find(|&&row| i64::from(rows[row].day) <= latest)?;
        colours[row].filter(|_| tested.days.contains(&rows[row].day))
    };
    let found: Vec<Colour> = departures.iter().filter_map(colour).collect();
    let count = |colour: Colour| found.iter().filter(|&&one| one == colour).count() as u64;
    if found.is_empty() {
        return Answer::NotEnough(NotEnough::NoLeavers);
    }
    Answer::Enough(GreenLeavers {
        green: Share::of_accounts(count(Colour::Green), found.len() as u64),
        amber: count(Colour::Amber),
        red: count(Colour::Red),
    })
}

/// From the run of red and amber that lasted to the end; observations without a colour neither begin nor break it.
pub(super) fn first_warning(
    tested: &Tested,
    departures: &[Departure],
    colours: &[Option<Colour>],
) -> Answer<FirstWarning> {
    let days_before = |gone: &Departure| {
        let mut coloured = gone.seen.iter().rev().filter_map(|&row| Some((row, colours[row]?))).peekable();
        coloured.peek()?;
        let run = coloured.take_while(|&(_, colour)| colour != Colour::Green);
        Some(run.last().map(|(row, _)| f64::from(gone.left_on) - f64::from(tested.panel.rows()[row].day)))
    };
    let found: Vec<Option<f64>> = departures.iter().filter_map(days_before).collect();
    if found.is_empty() {
        return Answer::NotEnough(NotEnough::NoLeavers);
    }
    let warned: Multiset = found.iter().flatten().copied().collect();
    Answer::Enough(FirstWarning {
        never: Share::of_accounts(found.len() as u64 - warned.count(), found.len() as u64),
        median_days: quantile(&warned, 0.5),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Labels;
    use crate::panel::{Panel, Row};
    use Colour::{Amber, Green, Red};

    /// Accounts by their last day and colours, observed every 10 days from day 0; days 20 to 50 are judged, the horizon is 20.
    fn found(accounts: &[(Option<i32>, &[Option<Colour>])]) -> (Answer<GreenLeavers>, Answer<FirstWarning>) {
        let (mut rows, mut colours) = (Vec::new(), Vec::new());
        for (i, (left_on, seen)) in accounts.iter().enumerate() {
            for (place, colour) in seen.iter().enumerate() {
                let (account, day) = (format!("a{i}"), 10 * place as i32);
                rows.push(Row { account, day, values: Vec::new(), segment: None, left_on: *left_on, known_to: 100 });
                colours.push(*colour);
            }
        }
        let panel = Panel::new(Vec::new(), rows).unwrap();
        let labels = Labels::of(&panel, 20);
        let days = [20, 30, 40, 50].into();
        let tested = Tested { panel: &panel, labels: &labels, rows: vec![], outcomes: vec![], accounts: vec![], days };
        let gone = departures(&tested);
        (green_leavers(&tested, &gone, &colours), first_warning(&tested, &gone, &colours))
    }

    const fn some<const N: usize>(colours: [Colour; N]) -> [Option<Colour>; N] {
        let mut found = [None; N];
        let mut i = 0;
        while i < N {
            found[i] = Some(colours[i]);
            i += 1;
        }
        found
    }

    #[test]
    fn a_warning_counts_from_the_last_unbroken_run() {
        let (green, first) = found(&[
            // Seen last on day 40; 20 days before day 45 it was amber on day 20. Warned from day 10: 35 days.
            (Some(45), &some([Green, Amber, Amber, Red, Red])),
            // The run begins anew on day 40: 5 days. Green on day 20.
            (Some(45), &some([Red, Red, Green, Green, Amber])),
            // Green at the end: never warned. Red on day 20.
            (Some(45), &some([Red, Red, Red, Red, Green])),
            // Stayed: it does not count.
            (None, &some([Red, Red, Red, Red, Red])),
        ]);
        let green = green.enough().unwrap();
        assert_eq!((green.green.count, green.amber, green.red, green.green.of), (1, 1, 1, 3));
        let first = first.enough().unwrap();
        assert_eq!((first.never.count, first.never.of, first.median_days), (1, 3, Some(20.0)));
    }

    #[test]
    fn days_without_a_colour_neither_warn_nor_break_a_warning() {
        let (_, first) = found(&[(Some(45), &[Some(Green), Some(Red), None, Some(Red), None])]);
        assert_eq!(first.enough().unwrap().median_days, Some(35.0));
        let (green, first) = found(&[(Some(45), &[None; 5])]);
        assert_eq!(
            (green.not_enough(), first.not_enough()),
            (Some(&NotEnough::NoLeavers), Some(&NotEnough::NoLeavers))
        );
    }

    #[test]
    fn only_leavings_of_the_days_judged_count() {
        // Gone on day 15, before the days judged; gone on day 75, beyond the last day's horizon.
        let (_, first) = found(&[(Some(15), &some([Red, Red])), (Some(75), &some([Red, Red, Red, Red, Red, Red]))]);
        assert!(first.not_enough().is_some());
        // On day 70, the last that counts: 20 days before, on day 50, it was amber.
        let (green, first) = found(&[(Some(70), &some([Green, Green, Green, Green, Green, Amber]))]);
        assert_eq!((green.enough().unwrap().amber, first.enough().unwrap().median_days), (1, Some(20.0)));
        // 20 days before day 35 it was seen on day 10, which is not judged.
        let (green, first) = found(&[(Some(35), &some([Red, Red, Red, Red]))]);
        assert!(green.not_enough().is_some() && first.enough().is_some());
    }
}

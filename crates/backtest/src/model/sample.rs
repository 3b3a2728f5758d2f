//! Fewer rows to fit on, where there are very many.

use crate::label::Labels;
use crate::panel::Panel;

/// At most so many rows of either outcome are fitted. Neighbouring rows of an account say nearly the same, so that little is lost.
const MOST: usize = 5_000;

/// Rows with how many each stands for.
pub(crate) struct Sample {
    pub rows: Vec<usize>,
    pub weights: Vec<f64>,
}

impl Sample {
    /// All rows of an outcome, or `MOST` of them, chosen by a number made of account and day: as good as by chance, and the same
    /// rows in whatever order they come. Their weights add up to all rows of that outcome.
    pub fn of(panel: &Panel, labels: &Labels, rows: &[usize]) -> Sample {
        let (mut kept, mut weights) = (Vec::new(), Vec::new());
        for left in [false, true] {
            let mut these: Vec<usize> = rows.iter().copied().filter(|&row| labels.left(row) == left).collect();
            let all = these.len();
            if all > MOST {
                these.sort_by_cached_key(|&row| {
                    (lot(&panel.rows()[row].account, panel.rows()[row].day), row_key(panel, row))
                });
                these.truncate(MOST);
                these.sort_by_key(|&row| row_key(panel, row));
            }
            weights.extend(std::iter::repeat_n(all as f64 / these.len() as f64, these.len()));
            kept.extend(these);
        }
        Sample { rows: kept, weights }
    }
}

fn row_key(panel: &Panel, row: usize) -> (usize, i32) {
    (panel.account(row), panel.rows()[row].day)
}

/// FNV-1a of the account and the day, its bits mixed as in SplitMix64.
fn lot(account: &str, day: i32) -> u64 {
    let bytes = account.bytes().chain(day.to_le_bytes());
    let mut z =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::Row;

    fn panel(backwards: bool) -> Panel {
        let row = |i: i32| Row {
            account: format!("a{}", i % 400),
            day: i / 400,
            values: Vec::new(),
            segment: None,
            left_on: (i % 400 < 40).then_some(35),
            known_to: 90,
        };
        let mut rows: Vec<Row> = (0..12_000).map(row).collect();
        if backwards {
            rows.reverse();
        }
        Panel::new(Vec::new(), rows).unwrap()
    }

    #[test]
    fn a_sample_stands_for_all_rows_whatever_their_order() {
        let chosen = |backwards: bool| {
            let panel = panel(backwards);
            let labels = Labels::of(&panel, 60);
            let sample = Sample::of(&panel, &labels, labels.mature());
            let of = |left: bool| {
                let those = || (0..sample.rows.len()).filter(|&i| labels.left(sample.rows[i]) == left);
                (those().count(), those().map(|i| sample.weights[i]).sum::<f64>())
            };
            let (stayed, left) = (of(false), of(true));
            assert_eq!((stayed.0, left), (MOST, (1200, 1200.0)), "the rare outcome is kept whole");
            assert!((stayed.1 - 10_800.0).abs() < 1e-6);
            sample
                .rows
                .iter()
                .map(|&row| (panel.rows()[row].account.clone(), panel.rows()[row].day))
                .collect::<Vec<_>>()
        };
        let forwards = chosen(false);
        assert_eq!(forwards, chosen(true));
        let late = forwards.iter().filter(|(_, day)| *day >= 15).count();
        assert!((2900..3300).contains(&late), "early and late days alike: {late}");
    }
}

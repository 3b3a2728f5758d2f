//! Values by bins: where a split can lie.

use super::tree::Case;

/// At most so many bins of values a column.
const BINS: usize = 64;
/// The bin of what is missing; values lie in those above it.
pub(super) const MISSING: u8 = 0;

/// Rows by bins.
pub(super) struct Binned {
    /// Of each column, the least value of every bin but the first.
    pub cuts: Vec<Vec<f64>>,
    /// The bins, row by row.
    bins: Vec<u8>,
    columns: usize,
}

impl Binned {
    /// Bins of about equal weight; a value a bin where there are few.
    pub fn of(columns: usize, rows: &[&[Option<f64>]], cases: &[Case]) -> Binned {
        let cuts: Vec<Vec<f64>> = (0..columns)
            .map(|column| {
                let known = rows.iter().zip(cases).filter_map(|(row, case)| Some((row[column]?, case.weight)));
                cuts(known.collect())
            })
            .collect();
        let bin = |(value, cuts): (&Option<f64>, &Vec<f64>)| {
            // Never more than `BINS`.
            value.map_or(MISSING, |value| cuts.partition_point(|cut| *cut <= value) as u8 + 1)
        };
        let bins = rows.iter().flat_map(|row| row.iter().zip(&cuts).map(bin)).collect();
        Binned { cuts, bins, columns }
    }

    /// How many bins a column has, that of what is missing among them.
    pub fn count(&self, column: usize) -> usize {
        self.cuts[column].len() + 2
    }

    /// The bins of a row, one a column.
    pub fn row(&self, row: usize) -> &[u8] {
        &self.bins[row * self.columns..(row + 1) * self.columns]
    }
}

fn cuts(mut known: Vec<(f64, f64)>) -> Vec<f64> {
    known.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut distinct: Vec<(f64, f64)> = Vec::new();
    for (value, weight) in known {
        match distinct.last_mut() {
            Some(last) if last.0 == value => last.1 += weight,
            _ => distinct.push((value, weight)),
        }
    }
    if distinct.len() <= BINS {
        return distinct.iter().skip(1).map(|(value, _)| *value).collect();
    }
    let total: f64 = distinct.iter().map(|(_, weight)| weight).sum();
    let (mut cuts, mut below) = (Vec::new(), 0.0);
    for &(value, weight) in &distinct {
        if below >= total * (cuts.len() + 1) as f64 / BINS as f64 && cuts.len() + 1 < BINS {
            cuts.push(value);
        }
        below += weight;
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[Option<f64>]) -> Binned {
        let rows: Vec<&[Option<f64>]> = values.chunks(1).collect();
        Binned::of(1, &rows, &vec![Case::new(1.0, true, 0.0); rows.len()])
    }

    #[test]
    fn few_values_are_a_bin_each() {
        let binned = of(&[Some(3.0), None, Some(-1.0), Some(3.0), Some(-0.0), Some(0.0)]);
        assert_eq!(binned.cuts, [[0.0, 3.0]]);
        let bins: Vec<u8> = (0..6).map(|row| binned.row(row)[0]).collect();
        assert_eq!(bins, [3, MISSING, 1, 3, 2, 2]);
        assert_eq!((binned.count(0), of(&[None, None]).cuts), (4, vec![vec![]]));
    }

    #[test]
    fn many_values_share_bins_of_equal_weight() {
        let binned = of(&(0..6400).map(|i| Some(f64::from(i))).collect::<Vec<_>>());
        assert_eq!(binned.count(0), BINS + 1);
        let mut sizes = vec![0; BINS + 1];
        (0..6400).for_each(|row| sizes[usize::from(binned.row(row)[0])] += 1);
        assert_eq!((sizes[0], &sizes[1..]), (0, &[100; BINS][..]));
        // Half of all rows have one value: it is a bin of its own, and the rest are not squeezed into one.
        let heavy = of(&(0..6400).map(|i| Some(f64::from(i.max(3200)))).collect::<Vec<_>>());
        assert!(heavy.cuts[0].len() >= 31 && heavy.cuts[0][0] == 3201.0, "{:?}", heavy.cuts[0]);
    }
}

//! What happened, band by band.

use super::{Column, Tested};
use crate::number::Share;
use crate::scorer::Colour;
use serde::Serialize;
use std::collections::BTreeMap;
use tenure_stats::Multiset;
use tenure_stats::quantile::quantile;

/// Bands of a score without colours.
const FIFTHS: usize = 5;

/// Rows of one colour, or of scores near each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    /// Which rows.
    pub edge: BandEdge,
    /// Their accounts.
    pub accounts: usize,
    /// Rows that left, of the rows; the interval knows which rows are one account's.
    pub left: Share,
    /// The mean of the probabilities given to them.
    pub predicted: f64,
}

/// Which rows a band holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BandEdge {
    /// Of a colour.
    Colour(Colour),
    /// With a score but no colour.
    Uncoloured,
    /// Of a score in `(above, to]`; the first band holds `above` too.
    Scores {
        /// The lower edge.
        above: f64,
        /// The upper edge.
        to: f64,
    },
}

/// The bands that hold rows, worst first.
pub(super) fn bands(tested: &Tested, column: &Column) -> Vec<Band> {
    let (edges, place) = match column.colours {
        Some(colours) => by_colour(tested, colours),
        None => by_score(&column.scores),
    };
    let gathered = edges.into_iter().enumerate().map(|(band, edge)| {
        let rows: Vec<usize> = (0..place.len()).filter(|&i| place[i] == band).collect();
        (edge, rows)
    });
    gathered.filter(|(_, rows)| !rows.is_empty()).map(|(edge, rows)| band(tested, column, edge, &rows)).collect()
}

fn band(tested: &Tested, column: &Column, edge: BandEdge, rows: &[usize]) -> Band {
    let mut accounts: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for &i in rows {
        let own = accounts.entry(tested.accounts[i]).or_default();
        own.0 += 1;
        own.1 += u64::from(tested.outcomes[i]);
    }
    let predicted: f64 = rows.iter().map(|&i| column.probabilities[i]).sum();
    Band {
        edge,
        accounts: accounts.len(),
        left: Share::of_rows(accounts.values().copied()),
        predicted: predicted / rows.len() as f64,
    }
}

fn by_colour(tested: &Tested, colours: &[Option<Colour>]) -> (Vec<BandEdge>, Vec<usize>) {
    let edges = Colour::ALL.into_iter().map(BandEdge::Colour).chain([BandEdge::Uncoloured]).collect();
    let place = |&row: &usize| match colours[row] {
        Some(Colour::Red) => 0,
        Some(Colour::Amber) => 1,
        Some(Colour::Green) => 2,
        None => 3,
    };
    (edges, tested.rows.iter().map(place).collect())
}

fn by_score(scores: &[f64]) -> (Vec<BandEdge>, Vec<usize>) {
    let values: Multiset = scores.iter().copied().collect();
    let mut cuts: Vec<f64> = (0..=FIFTHS).filter_map(|i| quantile(&values, i as f64 / FIFTHS as f64)).collect();
    cuts.dedup();
    if let [only] = cuts[..] {
        cuts.push(only);
    }
    let inner = cuts.get(1..cuts.len().saturating_sub(1)).unwrap_or_default();
    let place = scores.iter().map(|&score| inner.partition_point(|&edge| edge < score)).collect();
    (cuts.windows(2).map(|edge| BandEdge::Scores { above: edge[0], to: edge[1] }).collect(), place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_are_never_parted() {
        let scores = [1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let (edges, place) = by_score(&scores);
        assert_eq!(edges[0], BandEdge::Scores { above: 1.0, to: 1.6 });
        assert_eq!(place, [0, 0, 0, 0, 1, 1, 2, 2, 3, 3]);
        let (edges, place) = by_score(&[5.0; 4]);
        assert_eq!((edges, place), (vec![BandEdge::Scores { above: 5.0, to: 5.0 }], vec![0; 4]));
    }
}

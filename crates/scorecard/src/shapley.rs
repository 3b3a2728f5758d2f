//! Who moved a score when several things changed at once: Shapley values (Shapley 1953).

use crate::exact::{apportion, share};
use rust_decimal::Decimal;

/// Beyond this many players not every order is tried.
const EXACT: usize = 10;

/// Splits `game(all) − game(none)` among the players: each gets what it adds, averaged over every order in which they could have changed;
/// over the given order and its reverse where there are more than ten. The parts have six places and add up exactly.
pub(crate) fn split(players: usize, game: impl Fn(&[bool]) -> Decimal) -> Vec<Decimal> {
    let total = game(&vec![true; players]) - game(&vec![false; players]);
    let parts = if players <= EXACT { every_order(players, &game) } else { both_ways(players, &game) };
    apportion(&parts, total)
}

fn every_order(players: usize, game: &impl Fn(&[bool]) -> Decimal) -> Vec<Decimal> {
    let coalition = |set: usize| (0..players).map(|player| set >> player & 1 == 1).collect::<Vec<bool>>();
    let values: Vec<Decimal> = (0..1_usize << players).map(|set| game(&coalition(set))).collect();
    let part = |player: usize| {
        let without = (0..values.len()).filter(|set| set >> player & 1 == 0);
        // Sums by size first, and one division at the end: nothing is rounded before it.
        let mut sums = vec![Decimal::ZERO; players];
        for set in without {
            sums[set.count_ones() as usize] += values[set | 1 << player] - values[set];
        }
        let times = sums.iter().enumerate().map(|(size, sum)| sum * factorial(size) * factorial(players - size - 1));
        share(times.sum(), factorial(players))
    };
    (0..players).map(part).collect()
}

fn factorial(number: usize) -> Decimal {
    (1..=number).map(Decimal::from).product()
}

fn both_ways(players: usize, game: &impl Fn(&[bool]) -> Decimal) -> Vec<Decimal> {
    let mut parts = vec![Decimal::ZERO; players];
    let mut walk = |order: &mut dyn Iterator<Item = usize>| {
        let mut changed = vec![false; players];
        let mut before = game(&changed);
        for player in order {
            changed[player] = true;
            let after = game(&changed);
            parts[player] += (after - before) / Decimal::TWO;
            before = after;
        }
    };
    walk(&mut (0..players));
    walk(&mut (0..players).rev());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_glove_game() {
        // One left glove, two right ones; a pair is worth 1: Shapley gives 2/3, 1/6, 1/6.
        let worth = |in_: &[bool]| Decimal::from(u8::from(in_[0] && (in_[1] || in_[2])));
        let parts = split(3, worth);
        let near =
            |part: Decimal, sixths: i64| (part - Decimal::from(sixths) / Decimal::from(6)).abs() < Decimal::new(1, 6);
        assert!(near(parts[0], 4) && near(parts[1], 1) && near(parts[2], 1), "{parts:?}");
        assert_eq!(parts.iter().sum::<Decimal>(), Decimal::ONE);
    }

    #[test]
    fn many_players_add_up_too() {
        let worth = |in_: &[bool]| Decimal::from(in_.iter().filter(|one| **one).count().pow(2));
        assert_eq!(split(14, worth).iter().sum::<Decimal>(), Decimal::from(196));
    }

    #[test]
    fn nobody_moved_nothing() {
        assert!(split(0, |_| Decimal::ONE).is_empty());
    }
}

//! Which cells of staff answers may be shown, decided once for everything that can be asked, so that no two answers can be subtracted.
//!
//! Cells are decided in a fixed order that no question changes: grain by grain, earlier periods first, the whole before its parts. A cell
//! is shown if it has enough people; if what stays hidden beside it has none or enough; if it differs from every shown cell in none or
//! enough of its answers, and from every hidden one in enough; and if it holds none or enough people more, or fewer, than the same cell of
//! any earlier period.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One answer that counts in one period.
#[derive(Debug, Clone)]
pub(super) struct AnswerRow {
    /// The period, by its place in the order of decision.
    pub(super) slot: usize,
    /// Who answered.
    pub(super) person: u32,
    /// Which record it is.
    pub(super) record: u32,
    /// The value of each dimension, by number.
    pub(super) values: Vec<u32>,
}

/// What is asked of the grid.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// Fewest people.
    pub(super) minimum: usize,
    /// How many of the dimensions always split: nothing is ever added up over them.
    pub(super) fixed: usize,
    /// How many dimensions there are, the fixed ones first.
    pub(super) dimensions: usize,
    /// The grain of each slot, as a number; slots of one grain are in the order of time.
    pub(super) grains: Vec<usize>,
    /// Whether the same people answer again in the next period, so that two periods can be compared.
    pub(super) repeated: bool,
}

/// How many attributes an answer about staff may be split and filtered by.
pub(super) const MOST_SPLITS: usize = 2;

/// The value of each dimension that a cell is of; none: all.
pub(super) type Segment = Vec<Option<u32>>;

/// The place of a cell: its period and its segment.
pub(super) type CellKey = (usize, Segment);

type Set = Vec<u32>;

struct Members {
    records: Set,
    people: Set,
}

/// The cells that may be shown.
pub(super) fn shown(rows: &[AnswerRow], rules: &Rules) -> BTreeSet<CellKey> {
    let mut decided = Decided { rules, cells: BTreeMap::new(), by_record: HashMap::new(), earlier: HashMap::new() };
    let mut by_slot: BTreeMap<usize, Vec<&AnswerRow>> = BTreeMap::new();
    for row in rows {
        by_slot.entry(row.slot).or_default().push(row);
    }
    for (slot, rows) in by_slot {
        for split in splits(rules) {
            decided.decide(slot, &split, cells(&rows, &split, rules));
        }
    }
    decided.cells.into_iter().filter(|(_, cell)| cell.shown).map(|(key, _)| key).collect()
}

/// The sets of dimensions that can be asked for, the whole first.
fn splits(rules: &Rules) -> Vec<Vec<usize>> {
    let free: Vec<usize> = (rules.fixed..rules.dimensions).collect();
    let singles = free.iter().map(|one| vec![*one]);
    let pairs = free.iter().enumerate().flat_map(|(at, one)| free[at + 1..].iter().map(move |two| vec![*one, *two]));
    std::iter::once(Vec::new()).chain(singles).chain(pairs).collect()
}

fn cells(rows: &[&AnswerRow], split: &[usize], rules: &Rules) -> BTreeMap<Segment, Members> {
    let mut cells: BTreeMap<Segment, Members> = BTreeMap::new();
    for row in rows {
        let of =
            |dimension: usize| (dimension < rules.fixed || split.contains(&dimension)).then(|| row.values[dimension]);
        let key = (0..rules.dimensions).map(of).collect();
        let members = cells.entry(key).or_insert_with(|| Members { records: Vec::new(), people: Vec::new() });
        members.records.push(row.record);
        members.people.push(row.person);
    }
    for members in cells.values_mut() {
        for set in [&mut members.records, &mut members.people] {
            set.sort_unstable();
            set.dedup();
        }
    }
    cells
}

/// A cell of enough people, shown or not.
struct Cell {
    records: Set,
    shown: bool,
}

struct Decided<'a> {
    rules: &'a Rules,
    cells: BTreeMap<CellKey, Cell>,
    /// Record → the cells that it stands in.
    by_record: HashMap<u32, Vec<CellKey>>,
    /// Grain and segment → the people of each period shown.
    earlier: HashMap<(usize, Segment), Vec<Set>>,
}

impl Decided<'_> {
    fn decide(&mut self, slot: usize, split: &[usize], cells: BTreeMap<Segment, Members>) {
        let minimum = self.rules.minimum;
        let hides = |(key, members): &(&Segment, &Members)| {
            members.people.len() < minimum || self.tells_apart(members) || self.compares(slot, key, members)
        };
        let mut hidden: BTreeSet<Segment> = cells.iter().filter(hides).map(|(key, _)| key.clone()).collect();
        // What another period tells of a cell is no longer hidden beside its neighbours.
        let told =
            |members: &Members| members.people.len() >= minimum && self.near(members).any(|(cell, _)| cell.shown);
        let told: BTreeSet<Segment> = cells.iter().filter(|(_, of)| told(of)).map(|(key, _)| key.clone()).collect();
        // Two cells of one split never share an answer, so hiding one changes nothing for another but what is hidden beside it.
        while let Some(next) = self.next_to_hide(split, &cells, &hidden, &told) {
            hidden.insert(next);
        }
        for (key, members) in cells.into_iter().filter(|(_, members)| members.people.len() >= minimum) {
            for record in &members.records {
                self.by_record.entry(*record).or_default().push((slot, key.clone()));
            }
            let shown = !hidden.contains(&key);
            if shown {
                self.earlier.entry((self.rules.grains[slot], key.clone())).or_default().push(members.people);
            }
            self.cells.insert((slot, key), Cell { records: members.records, shown });
        }
    }

    /// Cells that differ by fewer answers than are shown, and by how many.
    fn near<'a>(&'a self, members: &'a Members) -> impl Iterator<Item = (&'a Cell, usize)> {
        let minimum = self.rules.minimum;
        // Such a cell holds one of any `minimum` answers.
        let keys = members.records.iter().take(minimum).filter_map(|record| self.by_record.get(record)).flatten();
        keys.filter_map(|key| self.cells.get(key))
            .filter(move |cell| cell.records.len().abs_diff(members.records.len()) < minimum)
            .map(|cell| (cell, differing(&cell.records, &members.records)))
            .filter(move |(_, by)| *by < minimum)
    }

    /// Whether the difference from a shown cell points at somebody, or a hidden one would be as good as shown.
    fn tells_apart(&self, members: &Members) -> bool {
        self.near(members).any(|(cell, by)| by > 0 || !cell.shown)
    }

    /// Whether the people of an earlier period, compared with these, leave a joiner or a leaver alone.
    fn compares(&self, slot: usize, key: &Segment, members: &Members) -> bool {
        let earlier = self.earlier.get(&(self.rules.grains[slot], key.clone()));
        self.rules.repeated
            && earlier.into_iter().flatten().any(|earlier| {
                let by = differing(earlier, &members.people);
                (1..self.rules.minimum).contains(&by) && by == earlier.len().abs_diff(members.people.len())
            })
    }

    /// The smallest open cell beside hidden ones that are too few together, within each cell that the split divides.
    fn next_to_hide(
        &self,
        split: &[usize],
        cells: &BTreeMap<Segment, Members>,
        hidden: &BTreeSet<Segment>,
        told: &BTreeSet<Segment>,
    ) -> Option<Segment> {
        split.iter().map(|dimension| vec![*dimension]).chain((split.len() > 1).then(|| split.to_vec())).find_map(
            |divided| {
                let mut wholes: BTreeMap<Segment, Vec<(&Segment, usize)>> = BTreeMap::new();
                for (key, members) in cells {
                    let mut whole = key.clone();
                    divided.iter().for_each(|dimension| whole[*dimension] = None);
                    wholes.entry(whole).or_default().push((key, members.people.len()));
                }
                wholes.values().find_map(|parts| {
                    let unknown = parts.iter().filter(|(key, _)| hidden.contains(*key) && !told.contains(*key));
                    let people: usize = unknown.map(|(_, people)| people).sum();
                    let open = parts.iter().filter(|(key, _)| !hidden.contains(*key));
                    let smallest = open.min_by_key(|(_, people)| *people)?;
                    (1..self.rules.minimum).contains(&people).then(|| smallest.0.clone())
                })
            },
        )
    }
}

/// How many stand in one of two sorted sets alone.
fn differing(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut alone) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Equal => (i, j) = (i + 1, j + 1),
            std::cmp::Ordering::Less => (i, alone) = (i + 1, alone + 1),
            std::cmp::Ordering::Greater => (j, alone) = (j + 1, alone + 1),
        }
    }
    alone + (a.len() - i) + (b.len() - j)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules(dimensions: usize, grains: &[usize]) -> Rules {
        Rules { minimum: 5, fixed: 0, dimensions, grains: grains.to_vec(), repeated: true }
    }

    /// People 0.. of a slot, each with one value.
    fn answers(slot: usize, people: &[(u32, u32)]) -> Vec<AnswerRow> {
        let row = |(person, team): &(u32, u32)| AnswerRow {
            slot,
            person: *person,
            record: u32::try_from(slot).unwrap() * 1000 + person,
            values: vec![*team],
        };
        people.iter().map(row).collect()
    }

    fn team(range: std::ops::Range<u32>, team: u32) -> Vec<(u32, u32)> {
        range.map(|person| (person, team)).collect()
    }

    #[test]
    fn a_team_of_four_takes_its_smallest_neighbour_with_it() {
        let people = [team(0..4, 1), team(4..10, 2), team(10..17, 3)].concat();
        let shown = shown(&answers(0, &people), &rules(1, &[0]));
        assert_eq!(shown.into_iter().map(|(_, key)| key).collect::<Vec<_>>(), [vec![None], vec![Some(3)]]);
    }

    #[test]
    fn a_joiner_hides_the_team_until_five_differ() {
        let before = [team(0..6, 1), team(10..20, 2)].concat();
        let joined = [team(0..7, 1), team(10..20, 2), team(20..25, 2)].concat();
        let many = [team(0..11, 1), team(11..30, 2)].concat();
        let rows = [answers(0, &before), answers(1, &joined), answers(2, &many)].concat();
        let shown = shown(&rows, &rules(1, &[0, 0, 0]));
        assert!(shown.contains(&(0, vec![Some(1)])));
        assert!(!shown.contains(&(1, vec![Some(1)])), "one joined");
        assert!(shown.contains(&(2, vec![Some(1)])), "five more than when it was last shown");
    }

    #[test]
    fn a_longer_period_with_two_more_answers_is_not_shown() {
        let month = answers(0, &team(0..10, 1));
        let mut quarter = month.clone();
        quarter.extend(answers(0, &team(10..12, 1)));
        quarter.iter_mut().for_each(|row| row.slot = 1);
        let shown = shown(&[month, quarter].concat(), &rules(1, &[0, 1]));
        assert!(shown.contains(&(0, vec![None])) && !shown.contains(&(1, vec![None])));
    }

    #[test]
    fn what_a_month_hides_no_quarter_shows() {
        // Six in May, the same and a joiner in June: the quarter is June's answers.
        let may = [team(0..6, 1), team(10..30, 2)].concat();
        let june = [team(0..7, 1), team(10..20, 2), team(30..50, 2)].concat();
        let mut quarter = answers(1, &june);
        quarter.extend(answers(0, &team(20..30, 2)));
        quarter.iter_mut().for_each(|row| row.slot = 2);
        let rows = [answers(0, &may), answers(1, &june), quarter].concat();
        let shown = shown(&rows, &rules(1, &[0, 0, 1]));
        assert!(shown.contains(&(0, vec![Some(1)])));
        assert!(!shown.contains(&(1, vec![Some(1)])) && !shown.contains(&(2, vec![Some(1)])));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_two_shown_cells_differ_by_one_to_four(
            people in prop::collection::vec((0_u32..4, 0_u32..3, 0_u32..4, any::<bool>(), any::<bool>()), 1..40),
        ) {
            // Two months and their quarter; some answer in one month alone, some again.
            let mut rows = Vec::new();
            for (person, (team, role, manager, first, second)) in people.iter().enumerate() {
                let person = u32::try_from(person).unwrap();
                let values = vec![*team, *role, *manager];
                let row = |slot, record| AnswerRow { slot, person, record, values: values.clone() };
                if *first { rows.push(row(0, person)); }
                if *second { rows.push(row(1, person + 1000)); }
                if *first || *second { rows.push(row(2, if *second { person + 1000 } else { person })); }
            }
            let rules = rules(3, &[0, 0, 1]);
            let open = shown(&rows, &rules);
            let members = |(slot, key): &CellKey| -> BTreeSet<u32> {
                let inside = |row: &&AnswerRow| row.slot == *slot
                    && key.iter().zip(&row.values).all(|(wanted, value)| wanted.is_none_or(|wanted| wanted == *value));
                rows.iter().filter(inside).map(|row| row.record).collect()
            };
            let sets: Vec<BTreeSet<u32>> = open.iter().map(members).collect();
            for (at, one) in sets.iter().enumerate() {
                prop_assert!(one.len() >= 5);
                for two in &sets[at + 1..] {
                    let by = one.symmetric_difference(two).count();
                    prop_assert!(by == 0 || by >= 5, "{one:?} {two:?}");
                }
            }
            // What stays hidden of a shown whole is nothing, or enough.
            for split in splits(&rules).into_iter().filter(|split| !split.is_empty()) {
                for whole in &open {
                    let cells = open.iter().filter(|(slot, key)| *slot == whole.0 && (0..3).all(|dimension| {
                        if split.contains(&dimension) && whole.1[dimension].is_none() { key[dimension].is_some() }
                        else { key[dimension] == whole.1[dimension] }
                    }));
                    let told: usize = cells.map(|cell| members(cell).len()).sum();
                    let left = members(whole).len() - told.min(members(whole).len());
                    prop_assert!(left == 0 || left >= 5, "{whole:?} {split:?} leaves {left}");
                }
            }
        }
    }
}

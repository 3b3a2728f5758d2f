//! What an import counts.

use crate::company::company;

#[test]
fn every_row_has_the_verdict_it_should_have() {
    let company = company();
    let mut told: Vec<_> = company.report.tables.iter().collect();
    let mut truth: Vec<_> = company.summary.tables.iter().collect();
    told.sort_by_key(|one| (one.source.clone(), one.table));
    truth.sort_by_key(|one| (one.source, one.table));
    let told: Vec<_> = told
        .into_iter()
        .map(|one| {
            ((one.source.as_str(), one.table), [one.read, one.accepted, one.updated, one.duplicate, one.rejected])
        })
        .collect();
    let truth: Vec<_> = truth
        .into_iter()
        .map(|one| ((one.source, one.table), [one.read(), one.accepted, one.updated, one.duplicate, one.rejected]))
        .collect();
    assert_eq!(told, truth);
    for (place, [read, verdicts @ ..]) in &told {
        assert_eq!(*read, verdicts.iter().sum::<u64>(), "{place:?}");
    }
    let (read, rejected) = company.summary.read_and_rejected();
    assert_eq!(company.report.rejected, rejected);
    assert!(rejected * 200 > read && rejected * 50 < read, "about one in a hundred: {rejected} of {read}");
}

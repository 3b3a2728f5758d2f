//! The index names what is there: every file and test in it exists and cites the reports it stands for.

use std::path::Path;

const INDEX: &str = include_str!("requirements.md");

struct Requirement<'a> {
    number: usize,
    words: &'a str,
    reports: Vec<&'a str>,
    stands_in: &'a str,
}

fn requirements() -> Vec<Requirement<'static>> {
    let lines = INDEX.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [number, words, reports, stands_in] = cells[..] else { panic!("not four cells: {line}") };
            Requirement {
                number: number.parse().unwrap(),
                words,
                reports: reports.split_whitespace().collect(),
                stands_in,
            }
        })
        .collect()
}

#[test]
fn every_requirement_has_its_test_which_cites_the_report() {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut wrong = Vec::new();
    for Requirement { words, reports, stands_in, .. } in requirements() {
        if let Some(why) = stands_in.strip_prefix("nothing yet: ") {
            assert!(why.len() > 20, "{words}: why not?");
            continue;
        }
        let (file, test) = stands_in.split_once(": ").map_or((stands_in, None), |(file, test)| (file, Some(test)));
        let Ok(text) = std::fs::read_to_string(checkout.join(file)) else {
            wrong.push(format!("{words}: no {file}"));
            continue;
        };
        if test.is_some_and(|test| !text.contains(&format!("fn {test}("))) {
            wrong.push(format!("{words}: no test {test:?} in {file}"));
        }
        if test.is_none() && !file.starts_with("crates/engine/tests/cases/") {
            wrong.push(format!("{words}: {file} is no case, and no test is named"));
        }
        // Whole words: /pull/14 is not /pull/146.
        let cited =
            |report: &str| text.split(|c: char| c.is_whitespace() || "<>,;)\"".contains(c)).any(|word| word == report);
        for report in reports.into_iter().filter(|report| !cited(report)) {
            wrong.push(format!("{words}: {file} does not cite {report}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_requirement_is_left_out() {
    let mut numbers: Vec<usize> = requirements().iter().map(|requirement| requirement.number).collect();
    assert!(numbers.is_sorted());
    numbers.dedup();
    assert_eq!(numbers, (1..=19).collect::<Vec<_>>());
    assert!(requirements().iter().all(|requirement| !requirement.reports.is_empty()));
}

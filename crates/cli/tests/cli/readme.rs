//! README's workspace of one's own, from its file to its figures.

use crate::tiny::run;
use std::path::Path;

fn block(page: &str, language: &str, after: &str) -> String {
    let (_, rest) = page.split_once(after).unwrap();
    let (_, block) = rest.split_once(&format!("```{language}\n")).unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

#[test]
fn data_of_ones_own_in_five_minutes() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let section = "## Your own data";
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0, &["init", "acme"]);
    let acme = folder.path().join("acme");
    std::fs::create_dir(acme.join("exports")).unwrap();
    std::fs::write(acme.join("exports/subscriptions-2026.csv"), block(&page, "csv", section)).unwrap();
    std::fs::write(acme.join("sources/billing.toml"), block(&page, "toml", section)).unwrap();
    let commands: Vec<String> = block(&page, "sh", "exports/subscriptions*.csv")
        .lines()
        .filter_map(|line| Some(line.split('#').next()?.trim().strip_prefix("tenure ")?.to_owned()))
        .collect();
    assert_eq!(commands[0], "import --dry-run");
    for command in &commands {
        let (out, err) = run(&acme, 0, &command.split(' ').collect::<Vec<_>>());
        assert_eq!(err, "", "{command}\n{out}");
    }
    let (out, _) =
        run(&acme, 0, &["metric", "mrr", "--period", "2026-06", "--by", "account.region", "--format", "csv"]);
    assert!(out.contains(",EMEA,360.00,"), "{out}");
    let (out, _) = run(&acme, 0, &["metric", "mrr", "--period", "2026-03", "--format", "csv"]);
    assert!(out.contains(",409.00,"), "{out}");
}

//! A company of three customers, small enough to reckon by hand.

use assert_cmd::Command;
use std::path::Path;
use tempfile::TempDir;

const SETTINGS: &str = r#"
name = "Tiny"
currency = "USD"
[targets]
nrr = 1.05
"#;

const SOURCE: &str = r#"
data_through = "2025-07-01"
[files.subs]
path = "subs.csv"
[files.accounts]
path = "accounts.csv"
[tables]
accounts = "SELECT id AS account_id, name, plan, country, since AS valid_from FROM accounts"
subscriptions = """
SELECT id AS subscription_id, line AS line_id, account AS account_id, plan AS product, plan, price AS unit_price,
       'month' AS interval, start AS started_at, stop AS ended_at FROM subs
"""
"#;

const ACCOUNTS: &str = "\
id,name,plan,country,since
a,Abacus,pro,US,2024-01-01
b,Bellows,basic,DE,2024-01-01
c,Candle,pro,DE,2025-01-01
";

/// The last row has a price that cannot be.
const SUBSCRIPTIONS: &str = "\
id,line,account,plan,price,start,stop
s1,1,a,pro,100,2024-01-01,2025-06-01
s1,2,a,pro,120,2025-06-01,
s2,1,b,basic,50,2024-01-01,2025-03-01
s3,1,c,pro,80,2025-01-01,
s4,1,c,pro,-5,2025-01-01,
";

/// Runs `tenure` in a folder, without colours and 100 columns wide.
pub fn tenure(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenure"));
    command.current_dir(folder).env("COLUMNS", "100").env_remove("NO_COLOR").args(args);
    command
}

/// What a run that must end with that code wrote to its output and to the side.
pub fn run(folder: &Path, code: i32, args: &[&str]) -> (String, String) {
    let output = tenure(folder, args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{err}");
    (out, err)
}

/// The workspace, not imported yet.
pub fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sources")).unwrap();
    for (name, text) in [
        ("tenure.toml", SETTINGS),
        ("sources/billing.toml", SOURCE),
        ("accounts.csv", ACCOUNTS),
        ("subs.csv", SUBSCRIPTIONS),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The workspace, imported.
pub fn imported() -> TempDir {
    let folder = workspace();
    run(folder.path(), 4, &["import"]);
    folder
}

//! Every metric and variant, computed a second time from the raw files by a program that shares nothing with Tenure
//! (`tests/independent`), and held against what the command answers: by month, as a whole, by plan and by country.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::Command;
use tenure_catalog::Catalog;
use tenure_tests::{copy_workspace, no_tool, public_data, succeed, tenure};

/// How many complete months are compared.
const MONTHS: &str = "24";

/// The Python with DuckDB that `make python` makes.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("TENURE_DUCKDB_PYTHON").map(PathBuf::from).filter(|python| python.exists());
    if python.is_none() {
        no_tool("TENURE_DUCKDB_PYTHON names no Python; make python makes one").unwrap();
    }
    python
}

/// Compares all that the catalogue has; a metric that is not computed there differs.
fn compare(python: &Path, workspace: &Path) {
    let catalog = Catalog::builtin().unwrap();
    let metrics: Vec<&str> = catalog.metrics().map(|metric| metric.id.as_str()).collect();
    compare_metrics(python, workspace, &metrics);
}

fn compare_metrics(python: &Path, workspace: &Path, metrics: &[&str]) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("independent/compare.py");
    let mut command = Command::new(python);
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(program).arg(workspace).arg(tenure().unwrap());
    if let Some(data) = public_data() {
        command.env("TENURE_DATA", data);
    }
    let ran = command.args(["--last", MONTHS, "--metrics", &metrics.join(",")]).output().unwrap();
    let (told, failed) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{}: the two computations differ\n{told}{failed}", workspace.display());
    assert!(told.contains(" cells agree, 0 differ"), "{told}");
}

/// The purchases of CDNOW, customers without a contract, as a workspace in `folder`: what models of purchases can be fitted to.
fn shop(folder: &Path, data: &Path) {
    let text = std::fs::read_to_string(data.join("cdnow/CDNOW_sample.txt")).unwrap();
    let line = |(nth, line): (usize, &str)| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (customer, day, dollars) = (fields[1], fields[2], fields[4]);
        format!("{nth},{customer},{}-{}-{},{dollars}\n", &day[..4], &day[4..6], &day[6..])
    };
    let lines: String = text.lines().enumerate().map(line).collect();
    std::fs::create_dir_all(folder.join("sources")).unwrap();
    std::fs::write(folder.join("purchases.csv"), format!("line,customer,day,dollars\n{lines}")).unwrap();
    let settings = "name = \"Shop\"\ncurrency = \"USD\"\nmargin = 0.6\ndiscount_rate = 0.1\n";
    std::fs::write(folder.join("tenure.toml"), settings).unwrap();
    std::fs::write(folder.join("sources/shop.toml"), SHOP).unwrap();
}

const SHOP: &str = r#"about = "Purchases of a shop without contracts; a customer's plan is the month of their first purchase."
data_through = "1998-07-01"
[files.purchases]
path = "purchases.csv"
[tables]
accounts = "SELECT customer AS account_id, min(day) AS created_at, substr(min(day), 1, 7) AS plan FROM purchases GROUP BY customer"
invoices = "SELECT line AS invoice_id, customer AS account_id, 'one_off' AS kind, dollars AS amount, day AS issued_at, 'paid' AS status FROM purchases"
"#;

// One after the other, in one test: each asks two questions at a time.
#[test]
fn a_second_computation_gives_the_same_numbers() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let demo = folder.path().join("demo");
    succeed(folder.path(), &["demo", "demo"]).unwrap();
    compare(&python, &demo);
    let Some(data) = public_data() else { return };
    let cdnow = folder.path().join("shop");
    shop(&cdnow, &data);
    succeed(&cdnow, &["import"]).unwrap();
    compare_metrics(&python, &cdnow, &["clv"]);
    let ravenstack = folder.path().join("ravenstack");
    std::fs::create_dir(&ravenstack).unwrap();
    copy_workspace(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/ravenstack"), &ravenstack).unwrap();
    succeed(&ravenstack, &["import"]).unwrap();
    compare(&python, &ravenstack);
}

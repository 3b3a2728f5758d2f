//! Before there is data, and when the command line is not right.

use crate::tiny::{run, tenure, workspace};

#[test]
fn a_new_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let (out, _) = run(folder.path(), 0, &["init", "acme"]);
    assert!(out.contains("made the workspace acme") && out.contains("import --dry-run"), "{out}");
    let settings = std::fs::read_to_string(folder.path().join("acme/tenure.toml")).unwrap();
    assert!(settings.contains("name = \"acme\""));
    let (_, err) = run(folder.path(), 1, &["-w", "acme", "report"]);
    assert!(err.contains("error: the lake holds no data yet") && err.contains("hint: import some"), "{err}");
    let (_, err) = run(folder.path(), 1, &["init", "acme"]);
    assert!(err.contains("already holds a lake") && err.contains("hint: "), "{err}");
}

#[test]
fn settings_that_are_there_stay() {
    let folder = workspace();
    let before = std::fs::read_to_string(folder.path().join("tenure.toml")).unwrap();
    run(folder.path(), 0, &["init", "."]);
    assert_eq!(std::fs::read_to_string(folder.path().join("tenure.toml")).unwrap(), before);
    assert!(!folder.path().join("sources/billing.toml.example").exists());
}

#[test]
fn a_folder_that_is_no_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let (out, err) = run(folder.path(), 1, &["report"]);
    assert_eq!(out, "");
    assert!(err.starts_with("error: this folder is no workspace"), "{err}");
    assert!(err.contains("hint: `tenure demo`"), "{err}");
}

#[test]
fn a_command_line_that_is_not_right() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        &["reprot"][..],
        &["report", "--format", "pdf"],
        &["report", "--period", "2025", "--last", "3"],
        &["metric", "nrr", "--last", "2", "--grain", "fortnight"],
        &["rows", "nrr"],
        &["--level", "team", "report"],
    ] {
        run(folder.path(), 2, args);
    }
}

#[test]
fn settings_and_definitions_that_are_not_right() {
    let folder = workspace();
    std::fs::write(folder.path().join("tenure.toml"), "curency = \"USD\"").unwrap();
    let (_, err) = run(folder.path(), 1, &["report"]);
    assert!(err.contains("tenure.toml line 1") && err.contains("curency"), "{err}");
    std::fs::write(folder.path().join("tenure.toml"), "").unwrap();
    std::fs::create_dir(folder.path().join("metrics")).unwrap();
    std::fs::write(folder.path().join("metrics/mine.toml"), "title = \"Mine\"\nvalue = \"1\"").unwrap();
    let (_, err) = run(folder.path(), 1, &["explain"]);
    assert!(err.contains("metrics/mine.toml") && err.contains("unit") && err.contains("hint:"), "{err}");
}

#[test]
fn help_and_completions() {
    let folder = tempfile::tempdir().unwrap();
    let (out, _) = run(folder.path(), 0, &["--help"]);
    assert!(out.contains("Exit codes:") && out.contains("tenure demo"), "{out}");
    for command in [
        "init",
        "demo",
        "import",
        "rejects",
        "report",
        "metric",
        "rows",
        "explain",
        "check",
        "sql",
        "compact",
        "completions",
    ] {
        let (out, _) = run(folder.path(), 0, &[command, "--help"]);
        assert!(out.contains("Example"), "{command}: {out}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(folder.path(), 0, &["completions", shell]).0.contains("tenure"));
    }
}

#[test]
fn colours_when_asked_for_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (_, err) = run(folder.path(), 1, &["report"]);
    assert!(!err.contains('\u{1b}'));
    let always = tenure(folder.path(), &["--color", "always", "report"]).output().unwrap();
    assert!(String::from_utf8_lossy(&always.stderr).contains("\u{1b}[31merror:"));
}

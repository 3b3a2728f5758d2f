//! The pages of `examples/`: each `console` block is run again, and must say what the page says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;
use tenure_tests::{copy_workspace, public_data, tenure};

/// A command of a page, and what stands below it.
struct Told {
    command: String,
    output: String,
}

/// The commands of the page's `console` blocks; a quote that is open goes on in the next line.
fn told(page: &str) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    let mut open = false;
    for block in page.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap_or_default().lines() {
            match line.strip_prefix("$ ").filter(|_| !open) {
                Some(command) => told.push(Told { command: command.to_owned(), output: String::new() }),
                None if open => told.last_mut().unwrap().command += &format!("\n{line}"),
                None => told.last_mut().unwrap().output += &format!("{line}\n"),
            }
            open = told.last().is_some_and(|last| last.command.matches('"').count() % 2 == 1 && last.output.is_empty());
        }
    }
    told.retain(|told| !told.command.starts_with("cd "));
    told
}

/// What differs from one import to the next is on no page: versions, hashes, the count of what a query found.
fn lasting(output: &str) -> String {
    let foot = |line: &str| {
        let found = line.strip_suffix(" rows").or_else(|| line.strip_suffix(" row"));
        line.starts_with("data through ") && line.contains(" lake version ")
            || found.is_some_and(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let lines = output.lines().filter(|line| !foot(line));
    let lines = lines.map(|line| line.split(" · lake version ").next().unwrap_or_default().trim_end());
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The page of an example, run anew.
fn holds(name: &str) {
    let Some(data) = public_data() else { return };
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    let folder = tempfile::tempdir().unwrap();
    copy_workspace(&example, folder.path()).unwrap();
    // Rejected rows name their files: here by a short path, wherever the data is.
    std::os::unix::fs::symlink(data, folder.path().join("data")).unwrap();
    let page = std::fs::read_to_string(example.join("README.md")).unwrap();
    let told = told(&page);
    assert!(told.len() > 1, "{name} shows nothing");
    let binary = tenure().unwrap();
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let mut differing = Vec::new();
    for Told { command, output } in told {
        let mut shell = Command::new("sh");
        shell.current_dir(folder.path()).args(["-c", &command]);
        let ran = shell.env("PATH", &path).env("TENURE_DATA", "data").env("COLUMNS", "100").output().unwrap();
        let said = lasting(&String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap());
        let page = lasting(&output);
        if said != page {
            differing.push(format!("$ {command}\n{said}\n── on the page ──\n{page}"));
        }
    }
    assert!(differing.is_empty(), "examples/{name}/README.md:\n{}", differing.join("\n\n"));
}

#[test]
fn bank_nps() {
    holds("bank_nps");
}

#[test]
fn cdnow() {
    holds("cdnow");
}

#[test]
fn fivetran() {
    holds("fivetran");
}

#[test]
fn helpdesk() {
    holds("helpdesk");
}

#[test]
fn mrr_playbook() {
    holds("mrr_playbook");
}

#[test]
fn ravenstack() {
    holds("ravenstack");
}

#[test]
fn telco() {
    holds("telco");
}

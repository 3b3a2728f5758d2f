//! `tenure init`: a workspace to fill.

use crate::args::InitArgs;
use crate::exit::{Exit, Failure, Outcome};
use crate::printer::Printer;
use crate::session::Context;
use crate::workspace::{SETTINGS, Workspace};
use std::path::Path;
use tenure_lake::Lake;

const SETTINGS_TEXT: &str = include_str!("init/tenure.toml");
const EXAMPLE_TEXT: &str = include_str!("init/billing.toml.example");
const IGNORED: &str =
    "# what Tenure keeps: the catalogue and the rows, made again by `tenure import`\ntenure.db*\nlake/\n";

/// Makes a workspace; what is there already stays as it is.
pub(crate) async fn run(context: &Context, args: &InitArgs, printer: &mut Printer) -> Outcome {
    let folder = context.environment.folder.join(&args.folder);
    let shown = args.folder.display();
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for part in ["sources", "metrics", "derived"] {
        let place = folder.join(part);
        std::fs::create_dir_all(&place)
            .map_err(|error| Failure::new(format!("{} cannot be made: {error}", place.display())))?;
    }
    let had_settings = folder.join(SETTINGS).exists();
    let named = SETTINGS_TEXT.replace("name = \"\"", &format!("name = {}", toml::Value::from(name)));
    write_new(&folder.join(SETTINGS), &named)?;
    write_new(&folder.join(".gitignore"), IGNORED)?;
    if !had_settings {
        write_new(&folder.join("sources/billing.toml.example"), EXAMPLE_TEXT)?;
    }
    // Settings that were there already are read before anything is made of them.
    let workspace = Workspace::open(&folder)?;
    Lake::create(&workspace.root, context.environment.now).await?.close().await;
    printer.line(&format!("made the workspace {shown}"))?;
    printer.line("")?;
    printer.line("next:")?;
    printer.line(&format!("  1. look at {shown}/tenure.toml: currency, time zone, business hours, targets"))?;
    if !had_settings {
        printer.line(&format!("  2. describe an export in {shown}/sources/, after billing.toml.example there"))?;
        printer.line(&format!("  3. tenure -w {shown} import --dry-run"))?;
    } else {
        printer.line(&format!("  2. tenure -w {shown} import"))?;
    }
    Ok(Exit::Done)
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str) -> Outcome<()> {
    if path.exists() {
        return Ok(());
    }
    std::fs::write(path, text).map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let settings = tenure_schema::settings::Settings::parse(SETTINGS_TEXT).unwrap();
        assert_eq!(settings, tenure_schema::settings::Settings::default());
        // What is commented out is right as well: whoever takes the # away gets a workspace that works.
        let full: String = SETTINGS_TEXT
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .map(|line| format!("{line}\n"))
            .collect();
        tenure_schema::settings::Settings::parse(&full).unwrap();
    }

    #[test]
    fn the_example_is_a_source() {
        let workspace = tenure_ingest::Workspace {
            root: "acme".into(),
            settings: std::sync::Arc::new(tenure_schema::settings::Settings::default()),
        };
        tenure_ingest::Source::parse("billing", EXAMPLE_TEXT, &workspace, &|_| None).unwrap();
    }
}

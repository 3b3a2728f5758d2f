//! An account as Markdown: a list a section, and a table of what happened.

use super::page::Page;
use super::{Event, and_more};
use crate::board::safe;

/// The Markdown text.
pub(super) fn markdown(page: &Page, events: &[Event], more: usize) -> String {
    let mut text = format!("# {}\n\n{}\n", safe(&page.title), safe(&page.notes.join("; ")));
    for section in page.sections.iter().filter(|section| !section.facts.is_empty()) {
        text += &format!("\n## {}\n\n", section.title);
        for (label, fact) in &section.facts {
            let item = safe(&fact.text);
            text += &if label.is_empty() { format!("- {item}\n") } else { format!("- **{}**: {item}\n", safe(label)) };
        }
    }
    text += "\n## What happened\n\n| Day | | What | Record |\n| :-- | :-- | :-- | :-- |\n";
    for event in events {
        let cells = [&event.day, &event.kind, &event.what, &event.record].map(|cell| safe(cell));
        text += &format!("| {} |\n", cells.join(" | "));
    }
    if more > 0 {
        text += &format!("\n{}\n", safe(&and_more(more)));
    }
    text
}

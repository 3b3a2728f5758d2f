//! The whole product: the example workspaces imported and asked, and the command run as a person runs it.

mod command;
mod company;
mod example;
mod folder;
mod generations;
mod skip;

pub use command::{Ran, command, run, succeed, tenure};
pub use company::company;
pub use example::{Error, Example, copy_workspace, public_data};
pub use folder::copy_folder;
pub use generations::Generations;
pub use skip::{no_tool, skipped};

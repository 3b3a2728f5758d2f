//! The whole product: the example workspaces imported and asked, and the command run as a person runs it.

mod command;
mod example;
mod generations;

pub use command::{Ran, command, run, succeed, tenure};
pub use example::{Error, Example, public_data};
pub use generations::Generations;

//! The command as a person and a script use it: exit codes, output, messages.

mod answers;
mod first_steps;
mod imports;
mod tiny;

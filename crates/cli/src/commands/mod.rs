//! The commands, one a file: each a function of plain arguments and a printer.

pub(crate) mod account;
pub(crate) mod check;
pub(crate) mod clv;
pub(crate) mod compact;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod forecast;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod metric;
pub(crate) mod reconcile;
pub(crate) mod rejects;
pub(crate) mod report;
pub(crate) mod rows;
pub(crate) mod sql;
pub(crate) mod survival;

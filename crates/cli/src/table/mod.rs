//! Tables for terminals: columns that matter less go first when the terminal is narrow, long texts wrap.

mod layout;
mod palette;

pub(crate) use layout::{Column, Row, Table, Text, wrap};
pub(crate) use palette::{Palette, Tone};

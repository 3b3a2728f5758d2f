//! The demo company: a seeded generator of raw exports and their truth.

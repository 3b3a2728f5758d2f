//! One set of features for shared dependencies, whichever crate is built. There is no code here.

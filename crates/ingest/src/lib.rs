//! Sources and mappings: a verdict for every row, then the lake.

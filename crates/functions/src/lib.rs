//! Tenure's SQL functions, over stats and schema.

//! Rejects of a running import: the first few at hand, all of them on disk once there are many.

use super::Reject;
use super::names::Names;
use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, BufWriter, Seek};
use std::path::PathBuf;
use std::sync::Arc;
use tenure_lake::reject_schema;

/// Rejects held in memory before they are written out.
const HELD: usize = 4_096;

/// All rejects of an import.
pub(crate) struct Spool {
    folder: PathBuf,
    sample: usize,
    /// The first rejects, for the report.
    pub first: Vec<Reject>,
    /// How many there are.
    pub count: u64,
    names: Names,
    ids: HashSet<u128>,
    held: Vec<Reject>,
    file: Option<StreamWriter<BufWriter<File>>>,
}

impl Spool {
    /// A spool that writes into a folder and keeps a sample at hand.
    pub fn new(folder: PathBuf, sample: usize) -> Self {
        Spool {
            folder,
            sample,
            first: Vec::new(),
            count: 0,
            names: Names::default(),
            ids: HashSet::new(),
            held: Vec::new(),
            file: None,
        }
    }

    /// Names a reject and adds it.
    pub fn add_new(&mut self, reject: Reject) -> Result<(), ArrowError> {
        let id = self.names.next(&reject);
        self.add(Reject { id, ..reject })
    }

    /// Adds a reject that has a name.
    pub fn add(&mut self, reject: Reject) -> Result<(), ArrowError> {
        self.count += 1;
        self.ids.insert(number(&reject.id));
        if self.first.len() < self.sample {
            self.first.push(reject.clone().shown());
        }
        self.held.push(reject);
        if self.held.len() < HELD {
            return Ok(());
        }
        let batch = batch(&self.held)?;
        self.held.clear();
        match &mut self.file {
            Some(file) => file.write(&batch),
            None => {
                std::fs::create_dir_all(&self.folder)?;
                // It has no name, so nothing is left behind whatever happens.
                let file = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
                let mut writer = StreamWriter::try_new(file, &reject_schema())?;
                writer.write(&batch)?;
                self.file = Some(writer);
                Ok(())
            }
        }
    }

    /// Whether a reject of that name was added.
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(&number(id))
    }

    /// All of them, as the lake takes them.
    pub fn into_stream(self) -> Result<SendableRecordBatchStream, ArrowError> {
        let last = batch(&self.held)?;
        let stored = match self.file {
            None => None,
            Some(writer) => {
                let mut file =
                    writer.into_inner()?.into_inner().map_err(|error| ArrowError::from(error.into_error()))?;
                file.rewind()?;
                Some(StreamReader::try_new(BufReader::new(file), None)?)
            }
        };
        let batches = stored.into_iter().flatten().chain(std::iter::once(Ok(last)));
        let stream = futures::stream::iter(batches.map(|batch| batch.map_err(DataFusionError::from)));
        Ok(Box::pin(RecordBatchStreamAdapter::new(reject_schema(), stream)))
    }
}

/// A name of 32 hexadecimal digits as a number.
fn number(id: &str) -> u128 {
    u128::from_str_radix(id, 16).unwrap_or_default()
}

fn batch(rejects: &[Reject]) -> Result<RecordBatch, ArrowError> {
    let schema: SchemaRef = reject_schema();
    let text = |of: &dyn Fn(&Reject) -> Option<String>| -> ArrayRef {
        Arc::new(rejects.iter().map(of).collect::<StringArray>())
    };
    let columns = schema.fields().iter().map(|field| match field.name().as_str() {
        "reject_id" => Ok(text(&|reject| Some(reject.id.clone()))),
        "source" => Ok(text(&|reject| Some(reject.source.clone()))),
        "table_name" => Ok(text(&|reject| Some(reject.table.clone()))),
        "file" => Ok(text(&|reject| Some(reject.file.clone()))),
        "record_number" => {
            Ok(Arc::new(Int64Array::from_iter_values(rejects.iter().map(|reject| reject.row))) as ArrayRef)
        }
        "column_name" => Ok(text(&|reject| reject.column.clone())),
        "value" => Ok(text(&|reject| reject.value.clone())),
        "reason" => Ok(text(&|reject| Some(reject.reason.clone()))),
        "remedy" => Ok(text(&|reject| Some(reject.remedy.clone()))),
        "record" => Ok(text(&|reject| serde_json::to_string(&reject.record).ok())),
        other => Err(ArrowError::SchemaError(format!("tenure_rejects has an unknown column {other}"))),
    });
    RecordBatch::try_new(schema.clone(), columns.collect::<Result<_, _>>()?)
}

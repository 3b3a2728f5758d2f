//! Rows kept on disk between two steps, and read back without a copy.
//!
//! The library holds all batches of a commit at once: mapped from a file, they cost no memory of ours.

use crate::error::{LakeError, Result};
use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileDecoder, read_footer_length};
use arrow::ipc::writer::FileWriter;
use arrow::ipc::{Block, root_as_footer};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// How many bytes end an Arrow IPC file: the footer's length and the magic word.
const TRAILER: usize = 10;

/// A spool being filled.
pub(crate) struct SpoolWriter {
    path: PathBuf,
    schema: SchemaRef,
    file: FileWriter<BufWriter<File>>,
}

impl SpoolWriter {
    pub fn create(path: &Path, schema: SchemaRef) -> Result<Self> {
        let file = File::create(path).map_err(LakeError::io(path))?;
        let file = FileWriter::try_new_buffered(file, &schema)?;
        Ok(Self { path: path.to_owned(), schema, file })
    }

    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() > 0 {
            self.file.write(batch)?;
        }
        Ok(())
    }

    /// Ends the file and maps it.
    pub fn finish(self) -> Result<Spool> {
        let Self { path, schema, mut file } = self;
        file.finish()?;
        drop(file);
        Spool::map(&path, schema)
    }
}

/// Rows on disk.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    schema: SchemaRef,
    buffer: Buffer,
    decoder: FileDecoder,
    blocks: Vec<Block>,
}

impl Spool {
    fn map(path: &Path, schema: SchemaRef) -> Result<Self> {
        let file = File::open(path).map_err(LakeError::io(path))?;
        #[expect(
            unsafe_code,
            reason = "a mapped file must not change: it is in a folder of this writer's own, and finished"
        )]
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(LakeError::io(path))?;
        let buffer = Buffer::from(bytes::Bytes::from_owner(map));
        let damaged = |what: String| ArrowError::IpcError(format!("{}: {what}", path.display()));
        let end = buffer.len().saturating_sub(TRAILER);
        let trailer = buffer[end..].try_into().map_err(|_| damaged("too short".to_owned()))?;
        let footer = end.saturating_sub(read_footer_length(trailer)?);
        let footer = root_as_footer(&buffer[footer..end]).map_err(|error| damaged(error.to_string()))?;
        let blocks = footer.recordBatches().map(|blocks| blocks.iter().copied().collect()).unwrap_or_default();
        let decoder = FileDecoder::new(schema.clone(), footer.version());
        Ok(Self { path: path.to_owned(), schema, decoder, blocks, buffer })
    }

    /// How many batches there are.
    pub fn batches(&self) -> usize {
        self.blocks.len()
    }

    /// The batch of that number: a view of the file.
    pub fn batch(&self, index: usize) -> Result<RecordBatch> {
        let block = &self.blocks[index];
        let length =
            usize::try_from(block.bodyLength()).unwrap_or(0) + usize::try_from(block.metaDataLength()).unwrap_or(0);
        let data = self.buffer.slice_with_length(usize::try_from(block.offset()).unwrap_or(0), length);
        let batch = self.decoder.read_record_batch(block, &data)?;
        Ok(batch.unwrap_or_else(|| RecordBatch::new_empty(self.schema.clone())))
    }

    /// Removes the file; views of it stay valid.
    pub fn discard(self) {
        // Its folder is removed with the writer, so a failure here leaves nothing for long.
        let _ = std::fs::remove_file(&self.path);
    }
}

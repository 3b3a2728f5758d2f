//! The lake's own DataFusion sessions: bounded memory, spilling into the workspace.

use crate::error::Result;
use crate::files;
use crate::lake::Lake;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use std::path::Path;
use std::sync::Arc;

impl Lake {
    /// A session that spills into a folder, and writes through the lake's synced store.
    pub(crate) fn session(&self, scratch: &Path) -> Result<SessionContext> {
        files::make_folder(scratch)?;
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![scratch.to_owned()]));
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(GreedyMemoryPool::new(self.options.memory)))
            .with_disk_manager_builder(disk)
            .build_arc()?;
        // What a full sorter holds is merged before it is spilled, and the merge needs memory of its own: set aside, or it fails.
        // One partition: the rows arrive in order, and several sorts at once would only share the memory.
        let config = SessionConfig::new()
            .with_target_partitions(1)
            .with_sort_spill_reservation_bytes(self.options.memory / 5 * 2);
        let context = SessionContext::new_with_config_rt(config, runtime);
        context.register_object_store(ObjectStoreUrl::local_filesystem().as_ref(), self.store.clone());
        Ok(context)
    }
}

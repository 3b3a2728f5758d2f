//! One writer at a time, across processes; the system lets go when a process dies.

use crate::error::{LakeError, Result};
use crate::files::{self, Places};
use jiff::Timestamp;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::time::Duration;

/// How long to wait between two attempts, and how often.
const MOMENT: Duration = Duration::from_millis(25);
const PATIENCE: usize = 20;

/// The right to write, until dropped.
#[derive(Debug)]
pub(crate) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock, and says in it who holds it.
    pub fn take(places: &Places, since: Timestamp) -> Result<Self> {
        let mut taken = Self::try_take(places)?;
        // Whoever opens the lake holds the lock too, for the moment in which it cleans.
        for _ in 0..PATIENCE {
            if taken.is_ok() {
                break;
            }
            std::thread::sleep(MOMENT);
            taken = Self::try_take(places)?;
        }
        match taken {
            Ok(mut file) => {
                let holder = format!("process {} since {since}", std::process::id());
                let written =
                    file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(holder.as_bytes()));
                written.map_err(LakeError::io(&places.lock))?;
                Ok(Self { _file: file })
            }
            Err(mut file) => {
                let mut holder = String::new();
                // What it says is a courtesy; without it the error still stands.
                let _ = file.read_to_string(&mut holder);
                let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
                Err(LakeError::Locked { workspace: places.workspace.clone(), holder })
            }
        }
    }

    /// Takes the lock if it is free.
    pub fn if_free(places: &Places) -> Result<Option<Self>> {
        Ok(Self::try_take(places)?.ok().map(|file| Self { _file: file }))
    }

    fn try_take(places: &Places) -> Result<std::result::Result<File, File>> {
        files::make_folder(&places.data)?;
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(&places.lock);
        let file = file.map_err(LakeError::io(&places.lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Ok(file)),
            Err(TryLockError::WouldBlock) => Ok(Err(file)),
            Err(TryLockError::Error(error)) => Err(LakeError::io(&places.lock)(error)),
        }
    }
}

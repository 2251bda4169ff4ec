//! A folder of mails, one file each: `<message id>.eml`.
//!
//! A file appears whole or not at all, and one that is there is never written again: so a mail is delivered once. The
//! ids of all mails are kept in memory, in order of time, for the mailbox page.

use lettre::Message;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::{fs, io};
use uuid::Uuid;

/// A folder of mails.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    ids: RwLock<BTreeSet<Uuid>>,
}

/// What delivering into a folder came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The file is new.
    New,
    /// It was there already.
    Repeated,
}

/// Another writer may be ending at this moment and take its own file away.
fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

impl Folder {
    /// Opens the folder, makes it if need be, and removes what an interrupted write left behind.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let mut ids = BTreeSet::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if let Some(id) = name.strip_suffix(".eml").and_then(|stem| stem.parse().ok()) {
                ids.insert(id);
            } else if name.starts_with('.') && name.ends_with(".part") {
                remove_if_there(&entry.path())?;
            }
        }
        Ok(Self { path: path.to_owned(), ids: RwLock::new(ids) })
    }

    /// Delivers a mail. Blocks on the disk.
    pub fn put(&self, id: Uuid, message: &Message) -> io::Result<Put> {
        let file = self.file(id);
        if fs::exists(&file)? {
            return Ok(Put::Repeated);
        }
        // A name of its own and a link that refuses to replace: whoever else writes this mail just now, it is there once.
        let part = self.path.join(format!(".{}.part", Uuid::now_v7()));
        fs::write(&part, message.formatted())?;
        let linked = fs::hard_link(&part, &file);
        remove_if_there(&part)?;
        match linked {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(Put::Repeated),
            linked => linked?,
        }
        self.ids.write().unwrap_or_else(PoisonError::into_inner).insert(id);
        Ok(Put::New)
    }

    /// The ids of at most `limit` mails older than `before`, newest first.
    pub fn newest(&self, before: Option<Uuid>, limit: usize) -> Vec<Uuid> {
        let ids = self.ids.read().unwrap_or_else(PoisonError::into_inner);
        match before {
            Some(before) => ids.range(..before).rev().take(limit).copied().collect(),
            None => ids.iter().rev().take(limit).copied().collect(),
        }
    }

    /// How many mails there are.
    pub fn len(&self) -> usize {
        self.ids.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The mail as it was delivered; `None` when it is not, or no longer, in the folder. Blocks on the disk.
    pub fn get(&self, id: Uuid) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.file(id)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.ids.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn file(&self, id: Uuid) -> PathBuf {
        self.path.join(format!("{id}.eml"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        let builder = Message::builder().from("a@b.example".parse().unwrap()).to("c@d.example".parse().unwrap());
        builder.body(text.to_owned()).unwrap()
    }

    fn folder() -> (PathBuf, Folder) {
        let path = std::env::temp_dir().join(format!("souk-mail-folder-{}", Uuid::now_v7()));
        let folder = Folder::open(&path).unwrap();
        (path, folder)
    }

    #[test]
    fn a_mail_is_put_once_and_never_changed() {
        let (path, folder) = folder();
        let id = Uuid::now_v7();
        assert_eq!(folder.put(id, &message("first")).unwrap(), Put::New);
        assert_eq!(folder.put(id, &message("second")).unwrap(), Put::Repeated);
        let kept = String::from_utf8(folder.get(id).unwrap().unwrap()).unwrap();
        assert!(kept.contains("first") && !kept.contains("second"));
        assert_eq!(folder.len(), 1);
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn what_an_interrupted_write_left_is_gone_and_mails_are_found_again() {
        let (path, folder) = folder();
        let ids: Vec<Uuid> = (0..3).map(|_| Uuid::now_v7()).collect();
        for id in &ids {
            folder.put(*id, &message("text")).unwrap();
        }
        fs::write(path.join(format!(".{}.part", Uuid::now_v7())), "half").unwrap();
        fs::write(path.join("notes.txt"), "not a mail").unwrap();
        let again = Folder::open(&path).unwrap();
        assert_eq!(again.newest(None, 10), [ids[2], ids[1], ids[0]]);
        assert_eq!(again.newest(Some(ids[2]), 1), [ids[1]]);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 4);
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_mail_that_was_deleted_is_no_longer_listed() {
        let (path, folder) = folder();
        let id = Uuid::now_v7();
        folder.put(id, &message("text")).unwrap();
        fs::remove_file(path.join(format!("{id}.eml"))).unwrap();
        assert_eq!(folder.get(id).unwrap(), None);
        assert!(folder.is_empty());
        fs::remove_dir_all(path).unwrap();
    }
}

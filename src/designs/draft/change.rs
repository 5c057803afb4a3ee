//! What a step did to a draft: the blocks and styles before and after, so that it can be undone.

use serde::{Deserialize, Serialize};

use crate::designs::{
    document::{Block, Document},
    styles::Styles,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Change {
    pub styles: Option<(Styles, Styles)>,
    /// Before and after; nothing before is a block that was added, nothing after one that was removed.
    pub blocks: Vec<(Option<Block>, Option<Block>)>,
}

/// Whether two states of a block are the same to whoever looks.
fn alike(a: &Block, b: &Block) -> bool {
    Block { rev: 0, ..a.clone() } == Block { rev: 0, ..b.clone() }
}

impl Change {
    pub(super) fn between(before: &Document, after: &Document) -> Self {
        let mut blocks = Vec::new();
        for old in &before.blocks {
            let new = after.find(old.id);
            if !new.is_some_and(|new| alike(old, new)) {
                blocks.push((Some(old.clone()), new.cloned()));
            }
        }
        let added = after.blocks.iter().filter(|new| before.find(new.id).is_none());
        blocks.extend(added.map(|new| (None, Some(new.clone()))));
        let styles = (before.styles != after.styles).then(|| (before.styles.clone(), after.styles.clone()));
        Self { styles, blocks }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.styles.is_none() && self.blocks.is_empty()
    }

    /// What takes it back.
    pub(super) fn inverse(self) -> Self {
        let blocks = self.blocks.into_iter().map(|(before, after)| (after, before)).collect();
        Self { styles: self.styles.map(|(before, after)| (after, before)), blocks }
    }

    /// Does it to a document.
    pub(super) fn apply(&self, document: &mut Document) {
        if let Some((_, after)) = &self.styles {
            document.styles = after.clone();
        }
        for (before, after) in &self.blocks {
            let id = before.as_ref().or(after.as_ref()).map(|block| block.id);
            document.blocks.retain(|block| Some(block.id) != id);
            document.blocks.extend(after.clone());
        }
    }

    /// The blocks to be written and the ids to be removed; properties that changed carry `rev`.
    pub(super) fn rows(&self, rev: i64) -> (Vec<Block>, Vec<uuid::Uuid>) {
        let (mut written, mut removed) = (Vec::new(), Vec::new());
        for (before, after) in &self.blocks {
            match (before, after) {
                (before, Some(after)) => {
                    let is_typed = before.as_ref().is_none_or(|before| before.props != after.props);
                    let rev = if is_typed { rev } else { after.rev };
                    written.push(Block { rev, ..after.clone() });
                }
                (Some(before), None) => removed.push(before.id),
                (None, None) => {}
            }
        }
        (written, removed)
    }
}

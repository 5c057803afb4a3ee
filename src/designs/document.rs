//! A design's draft in memory, and everything that can be done to it.
//!
//! Always true of a draft: it ends with one footer, which nobody moves, doubles or removes; only columns
//! hold blocks, one level deep; places are counted from nought without gaps.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{
    blocks::{self, COLUMNS, FOOTER, kind::Standing},
    styles::Styles,
};

/// Blocks that one design may have.
pub const MOST_BLOCKS: usize = 150;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    pub id: Uuid,
    /// The columns that it stands in.
    pub parent: Option<Uuid>,
    /// Which of the columns, from nought.
    pub column: i16,
    pub position: i32,
    pub kind: String,
    pub props: Value,
    /// The design's `rev` at which its properties were last changed.
    pub rev: i64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub styles: Styles,
    pub blocks: Vec<Block>,
}

/// Where a new block goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    After(Uuid),
    /// At the end of this column.
    In(Uuid, i16),
    /// Before the footer.
    Last,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

/// Why something cannot be done, in words.
pub type Refusal = &'static str;

const LOCKED: Refusal =
    "The footer is always the last block: it tells people who writes and how to unsubscribe.";
const GONE: Refusal = "That block is not there any more.";

impl Document {
    /// A document with these kinds and properties, and its footer.
    pub fn of(styles: Styles, parts: Vec<(&str, Value)>) -> Self {
        let mut document = Self { styles, blocks: Vec::new() };
        let footer = blocks::kind(FOOTER).map(super::blocks::kind::Kind::defaults).unwrap_or_default();
        for (kind, props) in parts.into_iter().chain([(FOOTER, footer)]) {
            let position = i32::try_from(document.blocks.len()).unwrap_or(i32::MAX);
            let (id, kind) = (Uuid::now_v7(), kind.to_owned());
            document.blocks.push(Block { id, parent: None, column: 0, position, kind, props, rev: 0 });
        }
        document
    }

    pub fn find(&self, id: Uuid) -> Option<&Block> {
        self.blocks.iter().find(|block| block.id == id)
    }

    /// The blocks of one place in their order.
    pub fn children(&self, parent: Option<Uuid>, column: i16) -> Vec<&Block> {
        let inside = |block: &&Block| block.parent == parent && (parent.is_none() || block.column == column);
        let mut children: Vec<&Block> = self.blocks.iter().filter(inside).collect();
        children.sort_by_key(|block| (block.position, block.id));
        children
    }

    /// Adds a block with its defaults; gives its id.
    pub fn add(&mut self, kind: &str, place: Place) -> Result<Uuid, Refusal> {
        let known =
            blocks::kind(kind).filter(|known| known.key() != FOOTER).ok_or("There is no such block.")?;
        if self.blocks.len() >= MOST_BLOCKS {
            return Err("This design has as many blocks as it can hold.");
        }
        let (parent, column, position) = self.slot(place)?;
        if parent.is_some() && known.standing() == Standing::Wide {
            return Err("This block takes the whole width, so it cannot stand in a column.");
        }
        self.make_room(parent, column, position, 1);
        let id = Uuid::now_v7();
        let (kind, props) = (kind.to_owned(), known.defaults());
        self.blocks.push(Block { id, parent, column, position, kind, props, rev: 0 });
        Ok(id)
    }

    fn slot(&self, place: Place) -> Result<(Option<Uuid>, i16, i32), Refusal> {
        match place {
            Place::After(id) => {
                let block = self.find(id).ok_or(GONE)?;
                if block.kind == FOOTER {
                    Ok((None, 0, block.position))
                } else {
                    Ok((block.parent, block.column, block.position + 1))
                }
            }
            Place::In(parent, column) => {
                let holds =
                    self.find(parent).is_some_and(|block| block.kind == COLUMNS) && (0..3).contains(&column);
                let count = self.children(Some(parent), column).len();
                if holds { Ok((Some(parent), column, i32::try_from(count).unwrap_or(0))) } else { Err(GONE) }
            }
            Place::Last => {
                let footer = self.blocks.iter().find(|block| block.kind == FOOTER);
                Ok((None, 0, footer.map_or(0, |footer| footer.position)))
            }
        }
    }

    fn make_room(&mut self, parent: Option<Uuid>, column: i16, from: i32, by: i32) {
        let inside =
            |block: &&mut Block| block.parent == parent && (parent.is_none() || block.column == column);
        for block in self.blocks.iter_mut().filter(inside).filter(|block| block.position >= from) {
            block.position += by;
        }
    }

    /// A block that may be changed in its place.
    fn movable(&self, id: Uuid) -> Result<Block, Refusal> {
        let block = self.find(id).ok_or(GONE)?;
        if block.kind == FOOTER { Err(LOCKED) } else { Ok(block.clone()) }
    }

    /// One place up or down among its neighbours; in columns, on into the next column.
    pub fn shift(&mut self, id: Uuid, way: Way) -> Result<(), Refusal> {
        let block = self.movable(id)?;
        let step = if way == Way::Up { -1 } else { 1 };
        let neighbours = self.children(block.parent, block.column);
        let neighbour = neighbours.into_iter().find(|other| other.position == block.position + step).cloned();
        match neighbour {
            Some(other) if other.kind == FOOTER => Err("It stands last already, before the footer."),
            Some(other) => {
                self.with(id, |block| block.position += step);
                self.with(other.id, |other| other.position -= step);
                Ok(())
            }
            None if block.parent.is_some() => self.move_to_next_column(&block, way),
            None => Err("It stands first already."),
        }
    }

    fn move_to_next_column(&mut self, block: &Block, way: Way) -> Result<(), Refusal> {
        let count = self.columns_of(block.parent);
        let column = if way == Way::Up { block.column - 1 } else { block.column + 1 };
        if !(0..count).contains(&column) {
            return Err("It stands at the end of its columns already.");
        }
        let last = i32::try_from(self.children(block.parent, column).len()).unwrap_or(0);
        self.make_room(block.parent, block.column, block.position + 1, -1);
        let position = if way == Way::Up { last } else { 0 };
        self.make_room(block.parent, column, position, 1);
        self.with(block.id, |block| (block.column, block.position) = (column, position));
        Ok(())
    }

    /// How many columns are shown.
    pub fn columns_of(&self, parent: Option<Uuid>) -> i16 {
        let props = parent.and_then(|parent| self.find(parent)).map(|block| &block.props);
        if props.is_some_and(|props| props.get("count").is_some_and(|count| count == "3")) { 3 } else { 2 }
    }

    fn with(&mut self, id: Uuid, change: impl FnOnce(&mut Block)) {
        if let Some(block) = self.blocks.iter_mut().find(|block| block.id == id) {
            change(block);
        }
    }

    /// The same once more, right behind it, with all that it holds; gives the id of the new one.
    pub fn duplicate(&mut self, id: Uuid) -> Result<Uuid, Refusal> {
        let block = self.movable(id)?;
        let held: Vec<Block> = self.blocks.iter().filter(|inner| inner.parent == Some(id)).cloned().collect();
        if self.blocks.len() + held.len() >= MOST_BLOCKS {
            return Err("This design has as many blocks as it can hold.");
        }
        self.make_room(block.parent, block.column, block.position + 1, 1);
        let copy = Block { id: Uuid::now_v7(), position: block.position + 1, ..block };
        let new = copy.id;
        self.blocks.push(copy);
        self.blocks.extend(held.into_iter().map(|inner| Block {
            id: Uuid::now_v7(),
            parent: Some(new),
            ..inner
        }));
        Ok(new)
    }

    /// Takes it away with all that it holds; gives the block that is selected then.
    pub fn remove(&mut self, id: Uuid) -> Result<Option<Uuid>, Refusal> {
        let block = self.movable(id)?;
        self.blocks.retain(|other| other.id != id && other.parent != Some(id));
        self.make_room(block.parent, block.column, block.position + 1, -1);
        let left = self.children(block.parent, block.column);
        let next = left.iter().find(|other| other.position == block.position).or(left.last());
        Ok(next.map(|next| next.id).or(block.parent))
    }

    /// Gives a block these properties.
    pub fn set(&mut self, id: Uuid, props: Value) -> Result<(), Refusal> {
        self.find(id).ok_or(GONE)?;
        self.with(id, |block| block.props = props);
        Ok(())
    }

    /// The same under new ids, for a copy of the design.
    pub fn renewed(&self) -> Self {
        let ids: std::collections::HashMap<Uuid, Uuid> =
            self.blocks.iter().map(|block| (block.id, Uuid::now_v7())).collect();
        let new = |id: Uuid| ids.get(&id).copied().unwrap_or_else(Uuid::now_v7);
        let blocks = self.blocks.iter().map(|block| Block {
            id: new(block.id),
            parent: block.parent.map(new),
            rev: 0,
            ..block.clone()
        });
        Self { styles: self.styles.clone(), blocks: blocks.collect() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn three() -> Document {
        Document::of(
            Styles::default(),
            vec![("heading", json!({})), ("columns", json!({})), ("text", json!({}))],
        )
    }

    fn order(document: &Document) -> Vec<&str> {
        let top = document.children(None, 0);
        assert!(top.iter().enumerate().all(|(at, block)| block.position == at as i32), "{top:?}");
        assert_eq!(top.last().map(|last| last.kind.as_str()), Some(FOOTER));
        top.into_iter().map(|block| block.kind.as_str()).collect()
    }

    #[test]
    fn blocks_are_added_moved_doubled_and_removed_and_the_footer_stays_last() {
        let mut design = three();
        let heading = design.children(None, 0)[0].id;
        let button = design.add("button", Place::Last).unwrap();
        assert_eq!(order(&design), ["heading", "columns", "text", "button", "footer"]);
        assert!(design.shift(button, Way::Down).is_err() && design.shift(heading, Way::Up).is_err());
        design.shift(button, Way::Up).unwrap();
        design.duplicate(heading).unwrap();
        assert_eq!(order(&design), ["heading", "heading", "columns", "button", "text", "footer"]);
        assert!(design.remove(button).unwrap().is_some());
        let footer = design.children(None, 0).last().unwrap().id;
        assert_eq!(design.remove(footer), Err(LOCKED));
        assert_eq!((design.duplicate(footer), design.shift(footer, Way::Up)), (Err(LOCKED), Err(LOCKED)));
        assert!(design.add("footer", Place::Last).is_err());
        design.add("divider", Place::After(footer)).unwrap();
        assert_eq!(order(&design), ["heading", "heading", "columns", "text", "divider", "footer"]);
    }

    #[test]
    fn columns_hold_blocks_one_level_deep() {
        let mut design = three();
        let columns = design.children(None, 0)[1].id;
        let a = design.add("text", Place::In(columns, 0)).unwrap();
        let b = design.add("button", Place::After(a)).unwrap();
        assert!(design.add("columns", Place::In(columns, 1)).is_err());
        assert!(design.add("text", Place::In(a, 0)).is_err());
        design.shift(b, Way::Down).unwrap();
        assert_eq!(design.find(b).map(|b| (b.column, b.position)), Some((1, 0)));
        assert!(design.shift(b, Way::Down).is_err(), "there are two columns");
        design.shift(b, Way::Up).unwrap();
        assert_eq!(design.find(b).map(|b| (b.column, b.position)), Some((0, 1)));
        let copy = design.duplicate(columns).unwrap();
        assert_eq!(design.children(Some(copy), 0).len(), 2);
        design.remove(columns).unwrap();
        assert!(design.find(a).is_none() && design.children(Some(copy), 0).len() == 2);
    }
}

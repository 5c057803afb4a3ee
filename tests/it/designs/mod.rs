//! E-mail designs: the merge language, blocks, and the editor.

mod editing;
mod merging;
mod people;
mod rendering;

//! E-mail designs: the merge language, blocks, and the editor.

mod merging;
mod rendering;

//! What domains keep in memory while this process runs: one value of each type, made when first asked for.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

type Values = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// Nothing that must not be lost is in it alone. Cheap to clone; clones share what they hold.
#[derive(Clone, Default)]
pub struct Memory(Arc<RwLock<Values>>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

impl Memory {
    /// The one value of this type.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<T>()).cloned();
        if let Some(known) = known.and_then(|known| known.downcast().ok()) {
            return known;
        }
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(value).downcast().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::Memory;

    #[test]
    fn there_is_one_value_of_a_type_and_clones_share_it() {
        let memory = Memory::default();
        memory.of::<AtomicU8>().store(7, Ordering::SeqCst);
        assert_eq!(memory.clone().of::<AtomicU8>().load(Ordering::SeqCst), 7);
        assert_eq!(*memory.of::<String>(), "");
    }
}

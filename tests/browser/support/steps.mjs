// The steps of one way: once one of them failed, those behind it could tell nothing.
import { it } from 'node:test';

export function steps() {
  let failed = '';
  return (name, walk) => it(name, async (t) => {
    if (failed) return t.skip(`“${failed}” failed`);
    try {
      return await walk(t);
    } catch (error) {
      failed = name;
      throw error;
    }
  });
}

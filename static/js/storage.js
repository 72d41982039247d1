// Texts that this browser keeps between pages. Where it refuses, or has no room left, only the page knows them.
const memory = new Map();

function disk() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export function read(key) {
  return memory.get(key) ?? disk()?.getItem(key) ?? null;
}

export function write(key, text) {
  remove(key);
  try {
    disk().setItem(key, text);
  } catch {
    memory.set(key, text);
  }
}

export function remove(key) {
  memory.delete(key);
  disk()?.removeItem(key);
}

export function keys() {
  return [...memory.keys(), ...Object.keys(disk() ?? {})];
}

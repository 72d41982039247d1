// What lies on the device is ciphertext. The key comes from a passphrase that is kept nowhere.
export const ITERATIONS = 1_000_000; // PBKDF2-SHA256; OWASP asks for 600,000 or more
const SCHEMA = "thuispeil.visit-offline.1";

const encode = (text) => new TextEncoder().encode(text);

export function random(bytes) {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

// A key that scripts can use and not read.
export async function derive(passphrase, salt, iterations) {
  const words = encode(passphrase.normalize("NFKC"));
  const material = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// The name of a record is sealed with it: one cannot be put in the place of another.
const bound = (iv, name) => ({ name: "AES-GCM", iv, additionalData: encode(`${SCHEMA}/${name}`) });

export async function seal(key, name, value) {
  const iv = random(12);
  return { iv, data: await crypto.subtle.encrypt(bound(iv, name), key, encode(JSON.stringify(value))) };
}

// Throws when the key is another one, or somebody changed a byte.
export async function unseal(key, name, { iv, data }) {
  const plain = await crypto.subtle.decrypt(bound(iv, name), key, data);
  return JSON.parse(new TextDecoder().decode(plain));
}

// How this phone keeps what it carries: sealed by AES-GCM under a key that only the worker's digits give.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const ITERATIONS = 600_000;
  const SHORTEST = 6;
  const text = new TextEncoder();

  const bytes = (count) => crypto.getRandomValues(new Uint8Array(count));
  /** Tells what is wrong with digits as a lock: "short", "simple" or nothing. */
  const weakness = (digits) => {
    if (!/^\d+$/.test(digits) || digits.length < SHORTEST) return "short";
    const steps = new Set([...digits].slice(1).map((digit, at) => digit - digits[at]));
    const half = digits.slice(0, digits.length / 2);
    const isSimple = (steps.size === 1 && Math.abs([...steps][0]) <= 1) || digits === half + half || new Set(digits).size < 3;
    return isSimple ? "simple" : "";
  };
  /** Gives the key that these digits open; nothing can read it out again. */
  const keyOf = async (digits, { salt, iterations }) => {
    const given = await crypto.subtle.importKey("raw", text.encode(digits), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
    return crypto.subtle.deriveKey(how, given, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  };
  // `about` names the place where something lies, so that nobody can lay it elsewhere.
  const sealBytes = async (key, plain, about) => {
    const iv = bytes(12);
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(about) }, key, plain) };
  };
  const openBytes = (key, { iv, data }, about) =>
    crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: text.encode(about) }, key, data);
  const seal = (key, value, about) => sealBytes(key, text.encode(JSON.stringify(value)), about);
  const open = async (key, sealed, about) => JSON.parse(new TextDecoder().decode(await openBytes(key, sealed, about)));
  /** Gives a new id that sorts by time. */
  const newId = () => {
    const made = bytes(16);
    let time = Date.now();
    for (let at = 5; at >= 0; at -= 1) {
      made[at] = time % 256;
      time = Math.floor(time / 256);
    }
    made[6] = (made[6] & 0x0f) | 0x70;
    made[8] = (made[8] & 0x3f) | 0x80;
    const hex = [...made].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  visits.crypto = { newLock: () => ({ salt: bytes(16), iterations: ITERATIONS }), weakness, keyOf, seal, open, sealBytes, openBytes, newId };
})();

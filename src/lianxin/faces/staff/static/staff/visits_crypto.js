// How this phone keeps what it carries: sealed by AES-GCM, under a key that only the worker's digits give, or under a
// random one that these digits open, or the office for that worker.
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
  const aes = { name: "AES-GCM", length: 256 };
  /** Gives the bytes of a new key, and a key of bytes, which nothing can read out again. */
  const newRaw = () => bytes(32);
  const keyFrom = (raw) => crypto.subtle.importKey("raw", raw, aes, false, ["encrypt", "decrypt"]);
  const toText = (given) => btoa(String.fromCharCode(...new Uint8Array(given)));
  const fromText = (given) => Uint8Array.from(atob(given), (one) => one.charCodeAt(0));
  /** Wraps the bytes of a key so that only the office can open them (platform/recovery.py), as of this phone. */
  const wrapForOffice = async (raw, { key: id, public: point }, device) => {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = fromText(point);
    const office = await crypto.subtle.importKey("raw", theirs, curve, false, []);
    const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const ephemeral = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: office }, own.privateKey, 256);
    const given = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const about = `lianxin recovery 1/visits/${device}`;
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array([...ephemeral, ...theirs]), info: text.encode(about) };
    const key = await crypto.subtle.deriveKey(how, given, aes, false, ["encrypt"]);
    const { iv, data } = await sealBytes(key, raw, about);
    return { device, key: id, ephemeral: toText(ephemeral), iv: toText(iv), data: toText(data) };
  };
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

  visits.crypto = { newLock: () => ({ salt: bytes(16), iterations: ITERATIONS }), weakness, keyOf, seal, open, sealBytes, openBytes, newId, newRaw, keyFrom, fromText, wrapForOffice };
})();

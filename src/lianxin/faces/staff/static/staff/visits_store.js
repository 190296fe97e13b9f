// What lies on this phone, in IndexedDB: the lock, what was taken along, the records of visits, their photographs.
// In the clear are only the lock's salt and counters, when it expires, the number by which the office knows this phone,
// and whether a record still has to be sent. The digits' key (`pin`) seals what was taken along; the random key (`key`)
// what is written here, so that digits which were forgotten lose nothing of it.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const { crypto: safe } = visits;
  const NAME = "lianxin-visits";
  const WAITS = [0, 0, 0, 30, 60, 300, 900, 1800];
  const LONGEST_WAIT = 3600;
  const MOST_WRONG = 10;
  const WARNED_FROM = 7;
  const KEY = "lock/key";
  // Of what was taken along; the questions themselves name nobody, and records that were begun need them.
  const UNDER_DIGITS = ["pack", "device"];

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const openDatabase = () => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const database = request.result;
      for (const name of ["lock", "kept", "records"]) database.createObjectStore(name, { keyPath: "id" });
      database.createObjectStore("photos", { keyPath: "id" }).createIndex("record", "record");
    };
    return done(request);
  };

  class Store {
    constructor(database) {
      this.database = database;
      this.pin = null;
      this.key = null;
      database.onversionchange = () => database.close();
    }
    static async open() { return new Store(await openDatabase()); }

    // Strict: what is acknowledged here is on the disk, whatever happens to the browser next.
    change(names, how) {
      return new Promise((resolve, reject) => {
        const transaction = this.database.transaction(names, "readwrite", { durability: "strict" });
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
        how((name) => transaction.objectStore(name));
      });
    }
    read(name, how) { return done(how(this.database.transaction(name).objectStore(name))); }
    row(name, id) { return this.read(name, (rows) => rows.get(id)); }
    rows(name) { return this.read(name, (rows) => rows.getAll()); }

    // --- the lock

    lock() { return this.row("lock", "lock"); }
    get isOpen() { return this.key !== null; }
    close() { [this.pin, this.key] = [null, null]; }
    /** Locks with digits: the first ones, or new ones when the office gave the bytes of the key back. */
    async setLock(digits, expiresAt, { raw = safe.newRaw(), recovery = null } = {}) {
      const lock = { id: "lock", ...safe.newLock(), wrong: 0, wait_until: 0, expires_at: expiresAt, recovery };
      const pin = await safe.keyOf(digits, lock);
      lock.key = await safe.sealBytes(pin, raw, KEY);
      const key = await safe.keyFrom(raw);
      await this.change(["lock", "kept"], (rows) => {
        rows("lock").put(lock);
        // Under digits that nobody knows any more.
        for (const name of UNDER_DIGITS) rows("kept").delete(name);
      });
      [this.pin, this.key] = [pin, key];
    }
    /** Leaves the key with the office, wrapped, for when the digits are forgotten. */
    async leaveKey(office, device) {
      const raw = await safe.openBytes(this.pin, (await this.lock()).key, KEY);
      const recovery = await safe.wrapForOffice(raw, office, device);
      const lock = await this.lock();
      await this.change(["lock"], (rows) => rows("lock").put({ ...lock, recovery }));
    }
    /** Tells whether the bytes are the key of what lies here. */
    async fits(raw) {
      const [row] = await this.rows("records");
      if (!row) return true;
      return safe.open(await safe.keyFrom(raw), row, `records/${row.id}`).then(() => true, () => false);
    }
    async expireAt(moment) {
      const lock = await this.lock();
      await this.change(["lock"], (rows) => rows("lock").put({ ...lock, expires_at: moment }));
    }
    /** Tries digits: {isOpen} or {wait} seconds or {left} tries before the households go, {emptied} once they went. */
    async unlock(digits, now = Date.now()) {
      const lock = await this.lock();
      if (lock.wait_until > now) return { wait: (lock.wait_until - now) / 1000 };
      const wrong = lock.wrong + 1;
      const wait = WAITS[wrong] ?? LONGEST_WAIT;
      // Counted before it is tried: closing the page in between gives no free try.
      await this.change(["lock"], (rows) => rows("lock").put({ ...lock, wrong, wait_until: now + wait * 1000 }));
      const pin = await safe.keyOf(digits, lock);
      let raw;
      try {
        if (lock.key) raw = await safe.openBytes(pin, lock.key, KEY);
        else await safe.open(pin, lock.check, "lock");
      } catch {
        if (wrong >= MOST_WRONG && (await this.row("kept", "pack"))) return { emptied: true, hasRecords: await this.empty() };
        return { wait, left: wrong >= WARNED_FROM && wrong < MOST_WRONG ? MOST_WRONG - wrong : 0 };
      }
      raw ??= await this.renew(pin, lock);
      const opened = await this.lock();
      await this.change(["lock"], (rows) => rows("lock").put({ ...opened, wrong: 0, wait_until: 0 }));
      [this.pin, this.key] = [pin, await safe.keyFrom(raw)];
      return { isOpen: true };
    }

    // Locked before there was a random key: what lies here is sealed anew, all of it or nothing. Gives the key's bytes.
    async renew(pin, { check: _check, ...lock }) {
      const raw = safe.newRaw();
      const key = await safe.keyFrom(raw);
      const sealed = { lock: [{ ...lock, key: await safe.sealBytes(pin, raw, KEY) }] };
      for (const name of ["kept", "records", "photos"]) {
        const rows = (await this.rows(name)).filter((row) => name !== "kept" || !UNDER_DIGITS.includes(row.id));
        const again = async (row) => safe.sealBytes(key, await safe.openBytes(pin, row, `${name}/${row.id}`), `${name}/${row.id}`);
        sealed[name] = await Promise.all(rows.map(async (row) => ({ ...row, ...(await again(row)) })));
      }
      await this.change(Object.keys(sealed), (store) => {
        for (const [name, rows] of Object.entries(sealed)) rows.forEach((row) => store(name).put(row));
      });
      return raw;
    }

    // --- what was taken along

    keyOf(id) { return UNDER_DIGITS.includes(id) ? this.pin : this.key; }
    async keep(id, value) {
      const sealed = await safe.seal(this.keyOf(id), value, `kept/${id}`);
      await this.change(["kept"], (rows) => rows("kept").put({ id, ...sealed }));
    }
    async kept(id) {
      const row = await this.row("kept", id);
      return row ? safe.open(this.keyOf(id), row, `kept/${id}`) : null;
    }
    /** Lets the households go, and everything with them unless something is still to be sent; tells whether it is. */
    async empty() {
      const rows = await this.rows("records");
      const open = rows.filter((row) => row.open);
      if (!open.length) {
        await this.wipe();
        return false;
      }
      await this.change(["kept", "records"], (store) => {
        store("kept").delete("pack");
        for (const row of rows) if (!row.open) store("records").delete(row.id);
      });
      return true;
    }
    /** Empties the phone if the time is over; tells whether there was anything to empty. */
    async expire(now = Date.now()) {
      const lock = await this.lock();
      if (!lock || Date.parse(lock.expires_at) > now) return false;
      const had = Boolean(await this.row("kept", "pack"));
      const hasRecords = await this.empty();
      return had || !hasRecords;
    }
    async wipe() {
      const all = ["lock", "kept", "records", "photos"];
      await this.change(all, (rows) => all.forEach((name) => rows(name).clear()));
      this.close();
    }

    // --- the records of visits

    async countOpen() { return (await this.rows("records")).filter((row) => row.open).length; }
    async records() {
      const rows = await this.rows("records");
      return Promise.all(rows.map((row) => safe.open(this.key, row, `records/${row.id}`)));
    }
    async putRecord(record) {
      const sealed = await safe.seal(this.key, record, `records/${record.id}`);
      await this.change(["records"], (rows) => rows("records").put({ id: record.id, open: isOpen(record), ...sealed }));
    }
    async dropRecord(id) {
      const photos = await this.photosOf(id);
      await this.change(["records", "photos"], (rows) => {
        rows("records").delete(id);
        for (const photo of photos) rows("photos").delete(photo.id);
      });
    }

    // --- photographs of a record, and pictures of a questionnaire by its version: {id, record, name}, their bytes sealed

    photosOf(record) { return this.read("photos", (rows) => rows.index("record").getAll(record)); }
    async putPhoto({ record, name, blob }) {
      const id = `${record}/${name}`;
      const sealed = await safe.sealBytes(this.key, await blob.arrayBuffer(), `photos/${id}`);
      await this.change(["photos"], (rows) => rows("photos").put({ id, record, name, type: blob.type, ...sealed }));
    }
    async photo(record, name) {
      const row = await this.row("photos", `${record}/${name}`);
      return row ? new Blob([await safe.openBytes(this.key, row, `photos/${row.id}`)], { type: row.type }) : null;
    }
    async movePhotos(from, to) {
      for (const { name } of await this.photosOf(from)) {
        await this.putPhoto({ record: to, name, blob: await this.photo(from, name) });
        await this.dropPhoto(from, name);
      }
    }
    async dropPhotosBut(owners) {
      const rows = (await this.rows("photos")).filter((row) => !owners.has(row.record));
      if (rows.length) await this.change(["photos"], (store) => rows.forEach((row) => store("photos").delete(row.id)));
    }
    dropPhoto(record, name) { return this.change(["photos"], (rows) => rows("photos").delete(`${record}/${name}`)); }
  }

  /** Tells whether a record must stay here: not sent, or not kept by the office, or with photographs to follow. */
  const isOpen = ({ state, answer, photos_left: left }) => state !== "sent" || answer?.is_kept === false || left > 0;

  visits.Store = Store;
  visits.isOpen = isOpen;
})();

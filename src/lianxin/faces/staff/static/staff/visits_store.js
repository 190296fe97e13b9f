// What lies on this phone, in IndexedDB: the lock, what was taken along, the records of visits, their photographs.
// In the clear are only the lock's salt and counters, when it expires, and whether a record still has to be sent.
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
    close() { this.key = null; }
    async setLock(digits, expiresAt) {
      const lock = { id: "lock", ...safe.newLock(), wrong: 0, wait_until: 0, expires_at: expiresAt };
      const key = await safe.keyOf(digits, lock);
      lock.check = await safe.seal(key, "open", "lock");
      await this.change(["lock"], (rows) => rows("lock").put(lock));
      this.key = key;
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
      const key = await safe.keyOf(digits, lock);
      try {
        await safe.open(key, lock.check, "lock");
      } catch {
        if (wrong >= MOST_WRONG && (await this.row("kept", "pack"))) return { emptied: true, hasRecords: await this.empty() };
        return { wait, left: wrong >= WARNED_FROM && wrong < MOST_WRONG ? MOST_WRONG - wrong : 0 };
      }
      await this.change(["lock"], (rows) => rows("lock").put({ ...lock, wrong: 0, wait_until: 0 }));
      this.key = key;
      return { isOpen: true };
    }

    // --- what was taken along

    async keep(id, value) {
      const sealed = await safe.seal(this.key, value, `kept/${id}`);
      await this.change(["kept"], (rows) => rows("kept").put({ id, ...sealed }));
    }
    async kept(id) {
      const row = await this.row("kept", id);
      return row ? safe.open(this.key, row, `kept/${id}`) : null;
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
      this.key = null;
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

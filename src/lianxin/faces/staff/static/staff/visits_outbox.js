// What leaves this phone: a finished visit goes out word for word the same until the office has answered for it.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const { root, say } = visits;
  const DEVICE = "X-Visit-Device";
  const AT_ONCE = 10;
  const PATIENCE = 45_000;
  // The phone's word counts no more: whoever is logged in may send instead.
  const ENDED = new Set([401, 403, 404, 410]);

  class NeedsLogin extends Error {}
  class Refused extends Error {}
  class Busy extends Error {}

  const trimmed = (text) => text.trim();
  /** Gives what the office is sent of a visit; made once, so that sending it again is the same record. */
  const payloadOf = (record) => ({
    record: record.id,
    visit: record.visit.id,
    version: record.visit.version,
    outcome: record.outcome,
    started_at: record.started_at,
    ended_at: record.ended_at,
    note: trimmed(record.note),
    place: record.place,
    made: record.made.filter((one) => trimmed(one.words)).map((one) => ({ record: one.record, words: trimmed(one.words), due_on: one.due_on || null })),
    ended: Object.entries(record.ended)
      .filter(([, one]) => one.state)
      .map(([promise, one]) => ({ promise, state: one.state, result: trimmed(one.result) })),
    wishes: record.wishes
      .filter((one) => trimmed(one.words))
      .map((one) => ({ record: one.record, words: trimmed(one.words), people: one.people, is_urgent: one.is_urgent })),
    submission: record.submission,
  });

  const ask = async (url, options) => {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...options });
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new NeedsLogin();
    if (answer.status === 503) throw new Busy();
    const said = await answer.json().catch(() => null);
    if (answer.ok && said) return said;
    const refusal = new Refused(said?.error ?? say("broken", { n: answer.status }));
    refusal.status = answer.status;
    throw refusal;
  };
  // A page kept on the phone has an old token: a fresh one is read whenever the log-in is to count.
  const freshToken = async () => {
    const page = await fetch(root.dataset.page, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const drawn = new DOMParser().parseFromString(await page.text(), "text/html");
    return drawn.querySelector("[data-visits]")?.dataset.token ?? root.dataset.token;
  };
  const asWorker = async (url, body) =>
    ask(url, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": await freshToken() }, body: JSON.stringify(body) });
  /** Fetches the households of who is logged in: {name} of the phone, {instead_of} what it was known as before. */
  const take = (asked) => asWorker(root.dataset.take, asked);
  /** Asks the office for the key of this phone: {device, key, ephemeral, iv, data} as it was left there, {password}. */
  const recover = (asked) => asWorker(root.dataset.recover, asked);

  /** Fetches a picture that a questionnaire shows; null where there is none. */
  const takePicture = async (version, name) => {
    const answer = await fetch(`${root.dataset.picture}?${new URLSearchParams({ version, name })}`, { credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? answer.blob() : null;
  };

  class Outbox {
    constructor(store, { changed }) {
      Object.assign(this, { store, changed, sending: false });
    }
    async waiting() { return (await this.store.records()).filter((record) => record.state === "ready"); }
      /** Sends what waits. Gives {sent, asked, left, problem}: `asked` were not simply taken, `problem` is a sentence. */
    async send() {
      if (this.sending || !this.store.isOpen) return null;
      this.sending = true;
      let [sent, problem] = [0, ""];
      this.asked = 0;
      try {
        const waiting = await this.waiting();
        for (let at = 0; at < waiting.length && !problem; at += AT_ONCE) {
          const part = waiting.slice(at, at + AT_ONCE);
          const found = await this.sendPart(part);
          sent += found.sent;
          problem = found.problem;
        }
        problem ||= await this.sendPhotos();
      } catch (failure) {
        problem = this.sentence(failure);
      } finally {
        this.sending = false;
      }
      const left = this.store.isOpen ? (await this.waiting()).length : 0;
      await this.changed();
      return { sent, asked: this.asked, left, problem };
    }
    sentence(failure) {
      if (failure instanceof NeedsLogin) return say("log_in");
      if (failure instanceof Refused) return failure.message;
      if (failure instanceof Busy) return say("busy");
      return navigator.onLine ? say("no_answer") : say("no_network");
    }
    async sendPart(part) {
      for (const record of part) if (!record.tried) await this.store.putRecord(Object.assign(record, { tried: true }));
      try {
        const { answers } = await this.post(root.dataset.send, JSON.stringify({ records: part.map((record) => record.payload) }), "application/json");
        return { sent: await this.note(part, answers), problem: "" };
      } catch (failure) {
        // One record must not hold the others back: what was refused together goes again one by one.
        if (!(failure instanceof Refused) || part.length === 1 || ENDED.has(failure.status)) return { sent: 0, problem: this.sentence(failure) };
        let [sent, problem] = [0, ""];
        for (const record of part) {
          const found = await this.sendPart([record]);
          sent += found.sent;
          problem ||= found.problem;
        }
        return { sent, problem };
      }
    }
    // By the phone's own word first, which needs no log-in; if the office ended this phone, by the log-in.
    async post(url, body, type) {
      const device = await this.store.kept("device");
      const headers = type ? { "Content-Type": type } : {};
      const byLogin = async () => ask(url, { method: "POST", headers: { ...headers, "X-CSRFToken": await freshToken() }, body });
      // Its word is gone with forgotten digits.
      if (!device) return byLogin();
      try {
        return await ask(url, { method: "POST", headers: { ...headers, [DEVICE]: device.token }, body });
      } catch (failure) {
        if (!ENDED.has(failure.status)) throw failure;
        return byLogin().catch((second) => {
          throw second instanceof NeedsLogin || ENDED.has(second.status) ? failure : second;
        });
      }
    }
    async note(part, answers) {
      const byId = new Map(answers.map((answer) => [answer.record, answer]));
      let sent = 0;
      for (const record of part) {
        const answer = byId.get(record.id);
        if (!answer) continue;
        sent += 1;
        const { state } = answer;
        const isTaken = state === "taken" || state === "again";
        if (!isTaken) this.asked += 1;
        const noted = { ...record, state: "sent", answer: { state, words: answer.words ?? "", is_kept: answer.kept !== false, at: new Date().toISOString() } };
        // Once the office has it, the phone need not know any more what was said at the door.
        if (isTaken) Object.assign(noted, { payload: null, note: "", wishes: [], made: [], ended: {}, place: null, survey: null, submission: null });
        noted.photos_left = (await this.store.photosOf(record.id)).length;
        await this.store.putRecord(noted);
      }
      return sent;
    }
    async sendPhotos() {
      let problem = "";
      for (const record of (await this.store.records()).filter((one) => one.photos_left > 0)) problem = (await this.sendPhotosOf(record)) || problem;
      return problem;
    }
    async sendPhotosOf(record) {
      for (const { name } of await this.store.photosOf(record.id)) {
        const body = new FormData();
        for (const [key, value] of Object.entries({ visit: record.visit.id, record: record.id, name })) body.append(key, value);
        body.append("photo", await this.store.photo(record.id, name), name);
        try {
          await this.post(root.dataset.photo, body, "");
        } catch (failure) {
          if (!(failure instanceof Refused)) throw failure;
          await this.store.putRecord(Object.assign(record, { photo_said: failure.message }));
          return failure.message;
        }
        await this.store.dropPhoto(record.id, name);
        await this.store.putRecord(Object.assign(record, { photos_left: record.photos_left - 1, photo_said: "" }));
      }
      return "";
    }
  }

  Object.assign(visits, { Outbox, NeedsLogin, Refused, Busy, payloadOf, take, recover, takePicture });
})();

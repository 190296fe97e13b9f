// One visit on the phone: each field is kept as it is typed, and finishing only closes what already lies here.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const { root, words, say, part, node, icon, chip, button, copyOf, day, clock, today, tell, crypto: safe } = visits;
  const MOST_ROWS = 20;

  const newRecord = (visit) => ({
    id: safe.newId(),
    visit: { id: visit.id, version: visit.version, label: visit.household.label, address: visit.household.address, survey: visit.survey, promises: visit.promises },
    state: "draft",
    outcome: "",
    started_at: new Date().toISOString(),
    ended_at: null,
    note: "",
    place: null,
    made: [],
    ended: {},
    wishes: [],
    survey: null,
    submission: null,
    payload: null,
    tried: false,
    answer: null,
    photos_left: 0,
  });

  class Visit {
    /** Opens a visit; `known` is what was taken along about it, null once that expired. */
    constructor({ store, known, record, form, device, finished }) {
      Object.assign(this, { store, known, form, device, finished, record: record ?? newRecord(known), isNew: !record, saving: null, again: false });
      this.screen = part("screen=visit");
    }
    draw() {
      const { screen, record, known } = this;
      part("label", screen).textContent = record.visit.address || record.visit.label;
      part("address", screen).textContent = say("household", { number: record.visit.label });
      part("gone", screen).hidden = Boolean(known);
      const reason = known ? [known.reason_words, say("due", { day: day(known.due_on) })].filter(Boolean).join(" · ") : "";
      part("reason", screen).textContent = reason;
      part("members", screen).replaceChildren(...(known?.household.members ?? []).map((one) => this.member(one)));
      part("home-flags", screen).replaceChildren(...(known?.household.flags ?? []).map((one) => chip(one, "info")));
      const last = known?.last;
      part("last", screen).hidden = !last;
      if (last) part("last-words", screen).textContent = say("last", { day: day(last.on), outcome: last.outcome_words ?? words[last.outcome] });
      part("last-note", screen).textContent = last?.note ?? "";
      for (const box of screen.querySelectorAll("[name=outcome]")) box.checked = box.value === record.outcome;
      part("note", screen).value = record.note;
      this.drawPromises();
      this.drawRows("made");
      this.drawRows("wishes");
      this.drawPlace();
      this.drawSurvey();
      this.problem("");
      part("saved", screen).textContent = this.isNew ? "" : words.going_on;
      this.listen();
    }
    member({ name, age, flags }) {
      const about = [name, age === null || age === undefined ? "" : say("age", { n: age })].filter(Boolean).join(" · ");
      return node("li", {}, node("span", { textContent: about }), ...flags.map((one) => chip(one, "info")));
    }
    listen() {
      const { screen } = this;
      screen.oninput = screen.onchange = (event) => {
        if (event.target.name === "outcome") {
          this.record.outcome = event.target.value;
          this.drawSurvey();
        } else if (event.target === part("note", screen)) this.record.note = event.target.value;
        else return;
        this.save();
      };
      const press = {
        "add-made": () => this.addRow("made", { words: "", due_on: "" }),
        "add-wish": () => this.addRow("wishes", { words: "", people: 1, is_urgent: false }),
        "take-place": () => this.takePlace(),
        "drop-place": () => {
          this.record.place = null;
          this.drawPlace();
          this.save();
        },
        finish: () => this.finish(),
      };
      for (const [name, how] of Object.entries(press)) part(name, screen).onclick = how;
      part("skip", screen).onchange = (event) => {
        this.surveyOf().skipped = event.target.checked;
        part("questions", screen).hidden = event.target.checked;
        this.save();
      };
    }

    // --- keeping: one save at a time, and another one if something changed meanwhile

    save() {
      if (this.isClosed || !this.store.isOpen) return Promise.resolve();
      this.again = true;
      this.problem("");
      this.saving ??= this.saveAll().finally(() => (this.saving = null));
      return this.saving;
    }
    async saveAll() {
      while (this.again && this.store.isOpen) {
        this.again = false;
        if (this.questionnaire) this.surveyOf();
        try {
          await this.store.putRecord(this.record);
          this.isNew = false;
          part("saved", this.screen).textContent = say("saved", { time: clock(Date.now()) });
        } catch {
          tell(words.full, "stop");
          return;
        }
      }
    }

    // --- what was promised last time

    drawPromises() {
      const promises = this.record.visit.promises ?? [];
      part("promises", this.screen).hidden = !promises.length;
      part("promise-list", this.screen).replaceChildren(...promises.map((one) => this.promise(one)));
    }
    promise(one) {
      const row = copyOf("promise");
      const ended = this.record.ended[one.id] ?? { state: "", result: "" };
      part("words", row).textContent = one.words;
      const when = one.due_on ? say("due", { day: day(one.due_on) }) : say("made_on", { day: day(one.made_on) });
      part("when", row).replaceChildren(one.due_on && one.due_on < today() ? chip(when, "due") : when);
      const result = part("result", row);
      for (const box of row.querySelectorAll("input[type=radio]")) box.checked = box.value === ended.state;
      result.value = ended.result;
      const told = () => {
        const state = row.querySelector("input[type=radio]:checked")?.value ?? "";
        part("result-field", row).hidden = !state;
        part("result-label", row).textContent = state === "dropped" ? words.why_dropped : words.how_kept;
        return state;
      };
      told();
      row.addEventListener("input", () => {
        const state = told();
        this.record.ended = { ...this.record.ended, [one.id]: { state, result: state ? result.value : "" } };
        this.save();
      });
      return row;
    }

    // --- what was promised and wished for today

    addRow(kind, values) {
      if (this.record[kind].length >= MOST_ROWS) return;
      this.record[kind].push({ record: safe.newId(), ...values });
      this.drawRows(kind);
      part(`${kind}-list`, this.screen).lastElementChild.querySelector("[data-field=words]").focus();
    }
    drawRows(kind) {
      part(`${kind}-list`, this.screen).replaceChildren(...this.record[kind].map((one) => this.row(kind, one)));
      part(kind === "made" ? "add-made" : "add-wish", this.screen).hidden = this.record[kind].length >= MOST_ROWS;
    }
    row(kind, one) {
      const row = copyOf(kind);
      for (const field of row.querySelectorAll("[data-field]")) {
        const name = field.dataset.field;
        if (field.type === "checkbox") field.checked = one[name];
        else field.value = one[name] ?? "";
        field.addEventListener("input", () => {
          if (field.type === "checkbox") one[name] = field.checked;
          else one[name] = field.type === "number" ? Math.max(1, Math.trunc(Number(field.value)) || 1) : field.value;
          this.save();
        });
      }
      part("away", row).addEventListener("click", () => {
        this.record[kind] = this.record[kind].filter((other) => other !== one);
        this.drawRows(kind);
        this.save();
      });
      return row;
    }

    // --- where it was, only on a press

    drawPlace() {
      const { place } = this.record;
      part("place", this.screen).textContent = place ? say("located", { n: place.accuracy }) : "";
      part("take-place", this.screen).hidden = Boolean(place);
      part("drop-place", this.screen).hidden = !place;
    }
    takePlace() {
      part("place", this.screen).textContent = words.locating;
      const found = ({ coords }) => {
        this.record.place = { lng: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy) };
        this.drawPlace();
        this.save();
      };
      const missed = () => (part("place", this.screen).textContent = words.not_located);
      navigator.geolocation.getCurrentPosition(found, missed, { enableHighAccuracy: true, timeout: 20_000 });
    }

    // --- the questionnaire

    drawSurvey() {
      const asks = Boolean(this.form) && this.record.outcome === "done";
      part("survey", this.screen).hidden = !asks;
      if (!asks || this.questionnaire) return;
      const { form, title } = this.form;
      const kept = this.record.survey;
      const world = { uuid: safe.newId, device: this.device, language: kept?.language };
      const filled = kept?.xml ? window.lianxinForms.restore(form, kept.xml, world) : window.lianxinForms.begin(form, world);
      for (const [path, given] of kept?.refused ?? []) {
        try {
          filled.set(path, given);
        } catch {
          // A question that is not asked any more has no answer to put right.
        }
      }
      part("survey-title", this.screen).textContent = title || form.title;
      const photos = {
        put: (name, blob) => this.store.putPhoto({ record: this.record.id, name, blob }),
        get: (name) => this.store.photo(this.record.id, name),
        drop: (name) => this.store.dropPhoto(this.record.id, name),
        shown: (name) => this.store.photo(this.form.version, name),
      };
      const questions = part("questions", this.screen);
      questions.replaceChildren();
      this.filled = filled;
      this.questionnaire = new visits.Questionnaire({ root: questions, filled, changed: () => this.save(), photos });
      part("skip", this.screen).checked = Boolean(kept?.skipped);
      questions.hidden = Boolean(kept?.skipped);
      const languages = part("languages", this.screen);
      languages.hidden = form.languages.length < 2;
      languages.replaceChildren(...form.languages.map((one) => button(one.replace(/\s*\([\w-]+\)$/, ""), () => this.speak(one), { attributes: { "aria-pressed": String(one === filled.language) } })));
    }
    speak(language) {
      this.filled.speak(language);
      [...part("languages", this.screen).children].forEach((one, at) => one.setAttribute("aria-pressed", String(this.form.form.languages[at] === language)));
      this.questionnaire.draw();
      this.save();
    }
    // What was typed and cannot be taken is no part of the document, so it is kept beside it.
    surveyOf() {
      const { filled } = this;
      const refused = [...filled.document.walk()].filter((one) => one.refused).map((one) => [filled.path(one), one.refused[0]]);
      this.record.survey = { skipped: false, version: this.form.version, ...this.record.survey, xml: filled.toXml(), refused, language: filled.language };
      return this.record.survey;
    }

    // --- finishing

    problem(text) {
      const place = part("problem", this.screen);
      place.replaceChildren(...(text ? [icon("alert-triangle"), text] : []));
      place.hidden = !text;
    }
    wrong() {
      const { record } = this;
      if (!record.outcome) return [words.no_outcome, this.screen.querySelector("[name=outcome]")];
      const why = Object.values(record.ended).findIndex((one) => one.state === "dropped" && !one.result.trim());
      if (why >= 0) return [words.no_reason, [...this.screen.querySelectorAll("[data-result]")].find((field) => !field.closest("[hidden]") && !field.value.trim())];
      return null;
    }
    async finish() {
      if (this.isClosed) return;
      const wrong = this.wrong();
      if (wrong) {
        this.problem(wrong[0]);
        wrong[1]?.scrollIntoView({ block: "center" });
        wrong[1]?.focus({ preventScroll: true });
        return;
      }
      const { record } = this;
      const isAsked = this.questionnaire && record.outcome === "done" && !record.survey?.skipped;
      const missing = isAsked ? this.questionnaire.problems() : [];
      if (missing.length) {
        this.problem(say("questions_wrong", { n: missing.length }));
        this.questionnaire.showProblems();
        return;
      }
      // From here on nothing may write the unfinished visit over the finished one.
      this.isClosed = true;
      await this.saving;
      if (isAsked) this.filled.finish();
      const used = isAsked ? this.filled.toXml() : "";
      const done = { ...record, state: "ready", ended_at: new Date().toISOString(), submission: isAsked ? { version: this.form.version, xml: used } : null };
      done.payload = visits.payloadOf(done);
      try {
        for (const photo of await this.store.photosOf(record.id)) if (!used.includes(photo.name)) await this.store.dropPhoto(record.id, photo.name);
        await this.store.putRecord(done);
      } catch {
        this.isClosed = false;
        tell(words.full, "stop");
        return;
      }
      this.finished(done);
    }
  }

  /** Lets a finished record be changed again; what was sent once goes under a new name, so that it is not the same record. */
  const reopen = async (store, record) => {
    const id = record.tried ? safe.newId() : record.id;
    const open = { ...record, id, state: "draft", payload: null, submission: null, tried: false, answer: null, ended_at: null };
    await store.putRecord(open);
    if (id !== record.id) {
      await store.movePhotos(record.id, id);
      await store.dropRecord(record.id);
    }
    return open;
  };

  Object.assign(visits, { Visit, reopen });
})();

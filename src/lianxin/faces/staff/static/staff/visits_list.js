// The list of households and the outbox, drawn from what the phone carries: {pack, records}.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const { words, say, part, node, icon, chip, button, day, moment, today } = visits;
  const SEARCHED_FROM = 8;
  const MOST_NAMES = 3;
  const ORDER = { draft: 0, none: 1, ready: 2, sent: 3 };
  const LETTERS = { taken: "state_taken", again: "state_taken", conflict: "state_conflict", refused: "state_refused" };

  const isTaken = ({ answer }) => ["taken", "again"].includes(answer?.state);
  const isToSend = (record) => record.state === "ready" || record.photos_left > 0;
  const stateOf = (record) => {
    if (!record) return [words.state_planned, "quiet"];
    if (record.state !== "sent") return [words[`state_${record.state}`], "due"];
    if (!isTaken(record)) return [words[LETTERS[record.answer.state] ?? "state_refused"], "stop"];
    return record.photos_left > 0 ? [say("state_photos", { n: record.photos_left }), "due"] : [words.state_taken, "done"];
  };
  // A visit may have several records: one that the office refused, and the one that was put right.
  const recordOf = (records, id) => records.filter((one) => one.visit.id === id).at(-1);

  const drawState = ({ records }) => {
    const count = records.filter((record) => record.state !== "draft" && visits.isOpen(record)).length;
    part("network").replaceChildren(icon(navigator.onLine ? "wifi" : "ban"), navigator.onLine ? words.online : words.offline);
    part("out-count").textContent = String(count);
    part("out-word").textContent = count ? words.outbox_waits : words.outbox_empty;
    part("to-outbox").dataset.holds = count ? "yes" : "no";
  };
  const whoOf = ({ label, members = [] }) => [say("household", { number: label }), members.map((one) => one.name).slice(0, MOST_NAMES).join(words.and)].filter(Boolean).join(" · ");
  const homeCard = ({ id, household, reason_words: reason, due_on: due }, record, press) => {
    const [state, tone] = stateOf(record);
    const why = [reason, due && say("due", { day: day(due) })].filter(Boolean).join(" · ");
    const card = button("", () => press(id), { className: "visits-home" });
    card.append(
      node("span", { className: "visits-home-name" }, household.address || household.label, node("small", { textContent: whoOf(household) })),
      node("span", { className: "visits-home-why", textContent: why }),
      node("span", { className: "row" }, chip(state, tone), !record && due < today() ? chip(words.late, "due") : ""),
    );
    return node("li", {}, card);
  };
  /** Draws the households; `press` opens one by the id of its visit. */
  const drawList = (carried, press) => {
    const { pack, records } = carried;
    drawState(carried);
    const wanted = part("search").value.trim().toLowerCase();
    const known = pack?.visits ?? [];
    // Begun, and gone from the list meanwhile: still to be finished.
    const others = records.filter((record) => visits.isOpen(record) && !known.some((one) => one.id === record.visit.id));
    const all = [...others.map(({ visit }) => ({ id: visit.id, household: visit, reason_words: "", due_on: "" })), ...known];
    const rank = ({ id }) => ORDER[recordOf(records, id)?.state ?? "none"];
    const text = ({ household }) => [household.label, household.address, ...(household.members ?? []).map((one) => one.name)].join(" ").toLowerCase();
    const shown = all.filter((one) => text(one).includes(wanted)).sort((one, other) => rank(one) - rank(other) || (one.due_on < other.due_on ? -1 : 1));
    part("homes").replaceChildren(...shown.map((one) => homeCard(one, recordOf(records, one.id), press)));
    part("search-field").hidden = all.length < SEARCHED_FROM && !wanted;
    part("none").hidden = shown.length > 0;
    part("none").textContent = wanted ? words.none_found : words.none_left;
    part("who").textContent = pack ? [pack.worker.name, pack.community.name].filter(Boolean).join(" · ") : "";
    part("until").textContent = pack ? say("until", { from: moment(pack.taken_at), until: moment(pack.expires_at) }) : words.households_gone;
  };

  const recordCard = (record, acts) => {
    const { answer } = record;
    const [state, tone] = stateOf(record);
    const when = record.ended_at ? say("finished_at", { at: moment(record.ended_at) }) : "";
    const card = node("li", { className: "card" }, node("h2", { textContent: record.visit.address || record.visit.label }));
    card.append(node("p", { className: "quiet", textContent: [say("household", { number: record.visit.label }), when].filter(Boolean).join(" · ") }), chip(state, tone));
    const isKept = answer?.is_kept !== false;
    const isWrong = Boolean(answer) && !isTaken(record);
    const told = [answer?.words, isWrong && !isKept && words.only_here, record.photo_said];
    card.append(...told.filter(Boolean).map((text) => node("p", { textContent: text })));
    const pressed = [
      record.state === "ready" && !record.tried && button(words.change, () => acts.change(record), { mark: "pencil" }),
      isWrong && answer.state !== "conflict" && button(words.put_right, () => acts.change(record), { mark: "pencil" }),
      isWrong && isKept && !record.photos_left && button(words.seen, () => acts.forget(record), { look: "plain" }),
      record.photo_said && button(words.without_photos, () => acts.leavePhotos(record), { look: "plain" }),
    ].filter(Boolean);
    if (pressed.length) card.append(node("div", { className: "row" }, ...pressed));
    return card;
  };
  /** Draws the outbox: what waits, what the office asks about, what arrived. `acts` has change, forget, leavePhotos. */
  const drawOutbox = (carried, acts) => {
    drawState(carried);
    const done = carried.records.filter((record) => record.state !== "draft");
    const order = (record) => (isToSend(record) ? 0 : isTaken(record) ? 2 : 1);
    part("records").replaceChildren(...done.sort((one, other) => order(one) - order(other)).map((record) => recordCard(record, acts)));
    const waits = done.filter(isToSend).length;
    part("waits").textContent = waits ? say("waits", { n: waits }) : done.length ? words.all_sent : words.nothing_finished;
    part("send").hidden = !waits;
  };

  visits.list = { drawState, drawList, drawOutbox, recordOf, isToSend, isTaken };
})();

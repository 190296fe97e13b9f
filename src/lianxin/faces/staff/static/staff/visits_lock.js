// The lock of the phone: taking households along with new digits, opening with them, and what wrong ones cost.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const { words, say, part, moment, span, tell, crypto: safe } = visits;
  const digitsOf = (name) => part(name).value.normalize("NFKC").trim();
  const SECRETS = ["pin", "office-password", "fresh-pin", "fresh-again"];
  let isTaking = false;

  /** Shows what stands before the list: nothing taken along yet, or the lock. */
  const showDoor = async (store, go) => {
    const expired = await store.expire();
    const there = await store.lock();
    if (!there) {
      go("take");
      if (expired) tell(words.expired_all, "due");
      return;
    }
    const open = await store.countOpen();
    part("locked-count").textContent = open ? say("unsent", { n: open }) : words.all_sent;
    part("wipe-unsent").textContent = open ? say("wipe_unsent", { n: open }) : "";
    part("wipe-sure").hidden = true;
    part("do-recover").hidden = !there.recovery;
    part("no-recovery").hidden = Boolean(there.recovery);
    for (const field of SECRETS) part(field).value = "";
    go("unlock");
    part("pin").focus();
    if (expired) tell(words.expired, "due");
  };
  /** Tries the digits that stand in the field; tells what was wrong, and gives true once it is open. */
  const unlock = async (store, go) => {
    tell(words.opening);
    const found = await store.unlock(digitsOf("pin"));
    part("pin").value = "";
    if (found.isOpen) {
      tell("");
      return true;
    }
    if (found.emptied) {
      await showDoor(store, go);
      tell(found.hasRecords ? words.emptied : words.emptied_all, "stop");
      return false;
    }
    const said = found.left === undefined ? [] : [words.wrong_pin];
    if (found.left) said.push(say("left", { n: found.left }));
    if (found.wait) said.push(say("wait", { span: span(found.wait) }));
    tell(said.join(" "), "stop");
    return false;
  };

  const wrongDigits = (first, again) => {
    const weak = safe.weakness(digitsOf(first));
    if (weak) return words[`pin_${weak}`];
    return digitsOf(first) === digitsOf(again) ? "" : words.pin_differs;
  };
  /** Opens with new digits by the key that was left with the office; gives what this phone was known as, or nothing. */
  const recover = async (store) => {
    const password = part("office-password").value;
    const wrong = password ? wrongDigits("fresh-pin", "fresh-again") : words.password_missing;
    if (wrong) return tell(wrong, "stop");
    if (isTaking) return undefined;
    isTaking = true;
    tell(words.recovering);
    try {
      const { recovery, expires_at: expiresAt } = await store.lock();
      const raw = safe.fromText((await visits.recover({ ...recovery, password })).key);
      if (!(await store.fits(raw))) throw new visits.Refused(words.wrong_pin);
      await store.setLock(digitsOf("fresh-pin"), expiresAt, { raw, recovery });
      for (const field of SECRETS) part(field).value = "";
      tell(words.recovered, "done");
      return recovery.device;
    } catch (failure) {
      tell(sentence(failure), failure instanceof visits.NeedsLogin ? "due" : "stop");
      part("to-login").hidden = !(failure instanceof visits.NeedsLogin);
      return undefined;
    } finally {
      isTaking = false;
    }
  };
  /** Takes households along, for the first time with new digits, later beside what lies here; true once they are here. */
  const takeAlong = async ({ store, device, forms }) => {
    if (isTaking) return false;
    const isFirst = !store.isOpen;
    const wrong = isFirst ? wrongDigits("new-pin", "again-pin") : "";
    if (wrong) {
      tell(wrong, "stop");
      return false;
    }
    isTaking = true;
    tell(words.taking);
    try {
      const name = isFirst ? part("phone-name").value.trim() : (device?.name ?? "");
      const said = await visits.take({ name, instead_of: device?.id ?? null });
      if (isFirst) await store.setLock(digitsOf("new-pin"), said.expires_at);
      await store.leaveKey(said.recovery, said.device);
      await keep(store, said, { name, forms });
      await navigator.storage?.persist?.();
      for (const field of ["new-pin", "again-pin"]) part(field).value = "";
      tell(say("taken", { n: said.visits.length, day: moment(said.expires_at) }), "done");
      return true;
    } catch (failure) {
      tell(sentence(failure), failure instanceof visits.NeedsLogin ? "due" : "stop");
      part("to-login").hidden = !(failure instanceof visits.NeedsLogin);
      return false;
    } finally {
      isTaking = false;
    }
  };
  const sentence = (failure) => {
    if (failure instanceof visits.NeedsLogin) return words.log_in_first;
    if (failure instanceof visits.Refused) return failure.message;
    if (failure instanceof visits.Busy) return words.try_later;
    const isAway = failure instanceof TypeError || ["TimeoutError", "AbortError", "NetworkError"].includes(failure.name);
    return isAway ? words.take_needs_network : words.full;
  };
  // Questions show pictures: they come along, and those of questions that nobody asks any more go.
  const keepPictures = async (store, given, used) => {
    for (const { version, form } of given) {
      used.add(version);
      const there = new Set((await store.photosOf(version)).map((one) => one.name));
      const items = Object.values(form.lists).flat();
      const named = new Set([...form.nodes, ...items].flatMap((one) => Object.values(one.image ?? {})).filter(Boolean));
      for (const name of [...named].filter((one) => !there.has(one))) {
        const blob = await visits.takePicture(version, name).catch(() => null);
        if (blob) await store.putPhoto({ record: version, name, blob });
      }
    }
    await store.dropPhotosBut(new Set([...used, ...(await store.records()).map((record) => record.id)]));
  };
  const keep = async (store, said, { name, forms }) => {
    const { forms: given, visits: taken, device: id, token, recovery: _office, ...about } = said;
    const records = await store.records();
    // By version: a visit that was begun goes on with the questions it was begun with.
    const used = new Set(records.map((record) => record.survey?.version));
    const kept = Object.entries(forms).filter(([version]) => used.has(version));
    await store.keep("forms", Object.fromEntries([...kept, ...Object.values(given).map((form) => [form.version, form])]));
    await store.keep("device", { id, token, name });
    const versions = Object.fromEntries(Object.entries(given).map(([survey, { version }]) => [survey, version]));
    await store.keep("pack", { ...about, visits: taken, versions });
    await store.expireAt(said.expires_at);
    const there = new Set(taken.map((one) => one.id));
    for (const record of records) if (!visits.isOpen(record) && !there.has(record.visit.id)) await store.dropRecord(record.id);
    await keepPictures(store, Object.values(given), used);
  };

  visits.lock = { showDoor, unlock, recover, takeAlong };
})();

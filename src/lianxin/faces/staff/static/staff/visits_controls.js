// The fields of a questionnaire on the phone, one for each kind of answer: {element, field or isGroup, update(shown)}.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const { node, icon, button, words, say, crypto: safe } = visits;
  const LARGEST_PICTURE = 1600;
  const LINED_UP = /\b(horizontal|horizontal-compact|columns|columns-pack|quick|quickcompact|likert|compact)\b/;
  let numbers = 0;
  const newName = () => `q${(numbers += 1)}`;

  // A photograph as small as it may be: nothing that the camera wrote beside the picture goes along.
  const smaller = async (file) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST_PICTURE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", 0.82));
  };

  // --- one control: {element, update(shown)}; `set` takes an answer

  const typed = (field, set, touch) => {
    field.addEventListener("input", () => set(field.value));
    field.addEventListener("change", () => (set(field.value), touch()));
    return {
      element: field,
      field,
      update: ({ value, readonly }) => {
        if (document.activeElement !== field && field.value !== value) field.value = value;
        field.readOnly = readonly;
      },
    };
  };
  const KINDS = { int: { inputMode: "numeric" }, decimal: { inputMode: "decimal" }, date: { type: "date" }, dateTime: { type: "datetime-local" } };
  const line = (shown, set, touch) => {
    const isLong = shown.type === "string" && /\bmultiline\b/.test(shown.appearance);
    if (isLong) return typed(node("textarea", { rows: 3 }), set, touch);
    const mode = shown.type === "string" && /\bnumbers\b/.test(shown.appearance) ? { inputMode: "numeric" } : (KINDS[shown.type] ?? {});
    return typed(node("input", { type: "text", autocomplete: "off", ...mode }), set, touch);
  };
  const oneOfMany = (shown, set, touch) => {
    const field = node("select");
    field.addEventListener("change", () => (set(field.value), touch()));
    return {
      element: field,
      field,
      update: ({ choices, value, readonly }) => {
        const options = [node("option", { value: "", textContent: words.choose }), ...choices.map((one) => node("option", { value: one.value, textContent: one.label }))];
        const before = [...field.options].map((one) => one.value + one.textContent).join();
        if (before !== options.map((one) => one.value + one.textContent).join()) field.replaceChildren(...options);
        field.value = value;
        field.disabled = readonly;
      },
    };
  };
  const ticks = (shown, set, touch, form) => {
    const isOne = shown.control === "select1";
    const name = newName();
    const element = node("div", { className: LINED_UP.test(shown.appearance) ? "visits-choices visits-lined" : "visits-choices" });
    const chosen = () => [...element.querySelectorAll("input:checked")].map((box) => box.value);
    element.addEventListener("change", () => (set(chosen().join(" ")), touch()));
    return {
      element,
      isGroup: true,
      update: ({ choices, readonly }) => {
        const boxes = [...element.querySelectorAll("input")];
        if (boxes.map((box) => box.value).join(" ") !== choices.map((one) => one.value).join(" ")) {
          const row = (one) => {
            const picture = form.picture();
            picture.update(one.image);
            return node("label", {}, node("input", { type: isOne ? "radio" : "checkbox", name, value: one.value }), node("span"), picture.element);
          };
          element.replaceChildren(...choices.map(row));
        }
        choices.forEach((one, at) => {
          const [box, text] = element.children[at].children;
          box.checked = one.chosen;
          box.disabled = readonly;
          if (text.textContent !== one.label) text.textContent = one.label;
        });
      },
    };
  };
  const acknowledge = (shown, set, touch) => {
    const field = node("input", { type: "checkbox" });
    field.addEventListener("change", () => (set(field.checked ? "OK" : ""), touch()));
    return {
      element: node("label", { className: "visits-tick" }, field, node("span", { textContent: words.acknowledged })),
      isGroup: true,
      update: ({ value, readonly }) => Object.assign(field, { checked: value === "OK", disabled: readonly }),
    };
  };
  const place = (shown, set, touch) => {
    const said = node("p", { className: "help" });
    const found = ({ coords: { latitude, longitude, altitude, accuracy } }) => {
      set([latitude.toFixed(6), longitude.toFixed(6), Math.round(altitude ?? 0), Math.round(accuracy)].join(" "));
      touch();
    };
    const press = () => {
      said.textContent = words.locating;
      navigator.geolocation.getCurrentPosition(found, () => (said.textContent = words.not_located), { enableHighAccuracy: true, timeout: 20_000 });
    };
    const here = button(words.here, press, { mark: "map-pin" });
    const away = button(words.remove_place, () => (set(""), touch()), { look: "plain" });
    const typing = typed(node("input", { type: "text", inputMode: "text", autocomplete: "off", placeholder: words.place_shape }), set, touch);
    return {
      element: node("div", { className: "visits-place" }, node("div", { className: "row" }, here, away), said, typing.element),
      field: typing.field,
      update: (now) => {
        typing.update(now);
        here.hidden = now.readonly;
        away.hidden = now.readonly || !now.value;
        const accuracy = now.value.split(" ")[3];
        if (now.value && !now.problem) said.textContent = accuracy ? say("located", { n: accuracy }) : "";
        else if (!now.value && said.textContent !== words.locating && said.textContent !== words.not_located) said.textContent = "";
      },
    };
  };
  const photograph = (shown, set, touch, { photos }) => {
    const field = node("input", { type: "file", accept: "image/*" });
    const press = node("span", { className: "button button-quiet visits-file" }, icon("photo"), words.choose_photo, field);
    const picture = node("img", { alt: "", className: "visits-photo", hidden: true });
    const said = node("p", { className: "help" });
    let drawn = "";
    const away = button(words.remove_photo, async () => {
      await photos.drop(drawn);
      set("");
      touch();
    }, { look: "plain" });
    field.addEventListener("change", async () => {
      const [file] = field.files;
      if (!file) return;
      said.textContent = words.photo_kept_soon;
      try {
        const blob = await smaller(file);
        const name = `${safe.newId()}.jpg`;
        await photos.put(name, blob);
        if (drawn) await photos.drop(drawn);
        said.textContent = "";
        set(name);
      } catch {
        said.textContent = words.photo_broken;
      }
      field.value = "";
      touch();
    });
    return {
      element: node("div", { className: "visits-place" }, press, said, picture, away),
      field,
      update: async ({ value, readonly }) => {
        field.disabled = readonly;
        press.hidden = readonly;
        away.hidden = readonly || !value;
        if (value === drawn) return;
        drawn = value;
        URL.revokeObjectURL(picture.src);
        const blob = value ? await photos.get(value) : null;
        picture.hidden = !blob;
        if (blob) picture.src = URL.createObjectURL(blob);
        if (value && !blob) said.textContent = words.photo_gone;
      },
    };
  };
  const controlOf = (shown, ...rest) => {
    if (shown.control === "select1" && /\b(minimal|autocomplete)\b/.test(shown.appearance)) return oneOfMany(shown, ...rest);
    if (shown.control === "select1" || shown.control === "select") return ticks(shown, ...rest);
    if (shown.control === "trigger") return acknowledge(shown, ...rest);
    if (shown.control === "upload") return photograph(shown, ...rest);
    return shown.type === "geopoint" ? place(shown, ...rest) : line(shown, ...rest);
  };

  /** Gives the field for what is shown: `set` takes each answer, `touch` hears when somebody is done with it. */
  visits.controlOf = controlOf;
  visits.newName = newName;
})();

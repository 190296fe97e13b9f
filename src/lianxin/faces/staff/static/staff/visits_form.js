// A questionnaire on the phone: kit/xforms.js says what is asked, and this draws it, keeping what is being typed in.
(() => {
  "use strict";

  const visits = window.lianxinVisits;
  if (!visits) return;
  const { node, icon, button, words, say, controlOf, newName } = visits;

  class Questionnaire {
    /** Draws `filled` into `root`; `changed` hears of every answer, `photos` keeps pictures: put, get, drop, shown. */
    constructor({ root, filled, changed, photos }) {
      Object.assign(this, { root, filled, changed, photos, touched: new Set(), showsAll: false, drawn: new WeakMap() });
      this.draw();
    }
    answered() {
      this.changed();
      this.draw();
    }
    draw() { this.fill(this.root, this.filled.view()); }
    problems() { return this.filled.problems(); }
    /** Shows every problem, and leads to the first. */
    showProblems() {
      this.showsAll = true;
      this.draw();
      const wrong = this.root.querySelector(".field-wrong");
      wrong?.scrollIntoView({ block: "center" });
      wrong?.querySelector("input, select, textarea")?.focus({ preventScroll: true });
    }
    sentence(problem) { return problem.message || words[`wrong_${problem.code}`] || words.wrong_constraint; }

    // Keeps what is drawn already, so that nobody loses the field they are typing in.
    fill(container, shown) {
      const wanted = shown.map((one) => `${one.kind} ${one.control ?? ""} ${one.path}`);
      for (const child of [...container.children]) if (!wanted.includes(child.dataset.key)) child.remove();
      const there = new Map([...container.children].map((child) => [child.dataset.key, child]));
      let next = container.firstElementChild;
      shown.forEach((one, at) => {
        let element = there.get(wanted[at]);
        if (!element) {
          const made = this.make(one);
          element = made.element;
          element.dataset.key = wanted[at];
          this.drawn.set(element, made);
          container.insertBefore(element, next);
        } else next = element.nextElementSibling;
        this.drawn.get(element).update(one);
      });
    }
    make(shown) {
      if (shown.kind === "note") return this.makeNote();
      if (shown.kind === "question") return this.makeQuestion(shown);
      return shown.kind === "repeat" ? this.makeRepeat(shown) : this.makeGroup(shown);
    }
    makeNote() {
      const text = node("p");
      const picture = this.picture();
      const update = ({ label, hint, image }) => {
        text.textContent = [label, hint].filter(Boolean).join(" ");
        picture.update(image);
      };
      return { element: node("div", { className: "visits-note" }, picture.element, text), update };
    }
    // A picture beside words: it says nothing that the words do not say.
    picture() {
      const element = node("img", { alt: "", className: "visits-photo", hidden: true });
      let drawn = "";
      const update = async (name) => {
        if (name === drawn) return;
        drawn = name;
        URL.revokeObjectURL(element.src);
        const blob = name ? await this.photos.shown(name) : null;
        element.hidden = !blob;
        if (blob) element.src = URL.createObjectURL(blob);
      };
      return { element, update };
    }
    makeGroup({ kind, path }) {
      const legend = node("legend");
      const below = node("div", { className: "visits-below" });
      const away = button(words.remove_one, () => {
        this.filled.removeRepetition(path);
        this.answered();
      }, { look: "plain", mark: "trash" });
      const element = node("fieldset", { className: kind === "repetition" ? "visits-group visits-repetition" : "visits-group" }, legend, below);
      if (kind === "repetition") element.append(away);
      return {
        element,
        update: ({ label, children, can_remove: canRemove }) => {
          const number = kind === "repetition" ? `${/\[(\d+)\]$/.exec(path)[1]}` : "";
          legend.textContent = kind === "repetition" ? say("repetition", { label, n: number }) : label;
          legend.hidden = !legend.textContent;
          away.hidden = !canRemove;
          this.fill(below, children);
        },
      };
    }
    makeRepeat({ path }) {
      const heading = node("h3");
      const below = node("div", { className: "visits-below" });
      const more = button(words.add_one, () => {
        const added = this.filled.addRepetition(path);
        this.answered();
        this.root.querySelector(`[data-key="repetition  ${added}"] :is(input, select, textarea)`)?.focus();
      }, { mark: "plus" });
      return {
        element: node("section", { className: "visits-repeat" }, heading, below, more),
        update: ({ label, children, can_add: canAdd }) => {
          heading.textContent = label;
          heading.hidden = !label;
          more.hidden = !canAdd;
          this.fill(below, children);
        },
      };
    }
    makeQuestion(shown) {
      const { path } = shown;
      const set = (value) => {
        this.filled.set(path, value);
        this.answered();
      };
      const touch = () => {
        this.touched.add(path);
        this.draw();
      };
      const control = controlOf(shown, set, touch, this);
      const name = newName();
      const label = control.isGroup ? node("legend") : node("label", { htmlFor: name });
      const [text, must] = [node("span"), node("span", { className: "required", textContent: ` ${words.required}` })];
      const help = node("p", { className: "help", id: `${name}-help` });
      const picture = this.picture();
      const wrong = node("p", { className: "visits-wrong", id: `${name}-wrong` });
      label.append(text, must);
      if (control.field) control.field.id = name;
      const element = node(control.isGroup ? "fieldset" : "div", { className: control.isGroup ? "field field-group" : "field" }, label, help, picture.element, wrong, control.element);
      return {
        element,
        update: (now) => {
          text.textContent = now.label || now.path.split("/").at(-1);
          must.hidden = !now.required;
          help.textContent = now.hint;
          help.hidden = !now.hint;
          const isWrong = Boolean(now.problem) && (this.showsAll || this.touched.has(now.path));
          element.classList.toggle("field-wrong", isWrong);
          wrong.hidden = !isWrong;
          wrong.replaceChildren(...(isWrong ? [icon("alert-triangle"), this.sentence(now.problem)] : []));
          const told = [now.hint && help.id, isWrong && wrong.id].filter(Boolean).join(" ");
          const about = control.field ?? element;
          if (told) about.setAttribute("aria-describedby", told);
          else about.removeAttribute("aria-describedby");
          picture.update(now.image);
          control.update(now);
        },
      };
    }
  }

  visits.Questionnaire = Questionnaire;
})();

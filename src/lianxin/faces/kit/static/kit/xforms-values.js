// A questionnaire's values and functions, as lianxin.engines.xforms has them; xforms-paths.js and xforms.js build on it.
(() => {
  "use strict";

  const DAY = 86400000;
  const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[-+]\d{2}:\d{2})?)?$/;
  const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const two = (number) => String(number).padStart(2, "0");
  const bare = (text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  const words = (text) => bare(text).split(/[\s\x1c-\x1f\x85]+/u).filter((word) => word);
  const letters = (text) => Array.from(text);

  // --- dates and values

  class Moment {
    constructor(ms, offset) { this.ms = ms; this.offset = offset; }
    get days() { return this.ms / DAY; }
    local() { return new Date(this.ms + this.offset * 60000); }
    day() { return this.local().toISOString().slice(0, 10); }
    stamp() {
      const zone = Math.abs(this.offset);
      return `${this.local().toISOString().slice(0, 23)}${this.offset < 0 ? "-" : "+"}${two(Math.floor(zone / 60))}:${two(zone % 60)}`;
    }
    toString() { return (this.ms + this.offset * 60000) % DAY === 0 ? this.day() : this.stamp(); }
  }
  class DayNumber { constructor(days) { this.days = days; } }

  const momentFromText = (text, offset, unpadded = false) => {
    const found = ISO.exec(text);
    if (!found) return null;
    const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = "", zone] = found;
    if (!unpadded && (month.length === 1 || day.length === 1)) return null;
    let shift = offset;
    if (zone === "Z") shift = 0;
    else if (zone) {
      const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))];
      if (hours > 14 || minutes > 59) return null;
      shift = (hours * 60 + minutes) * (zone[0] === "-" ? -1 : 1);
    }
    if (hour > 23 || minute > 59 || second > 59 || Number(year) < 1) return null;
    const date = new Date(0);
    date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
    if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
    date.setUTCHours(Number(hour), Number(minute), Number(second), Number(`${fraction}000`.slice(0, 3)));
    return new Moment(date.getTime() - shift * 60000, offset);
  };
  const momentFromNumber = (days, offset) => {
    const ms = Math.floor(days * DAY + 0.5);
    const local = ms + offset * 60000;
    return Number.isFinite(ms) && local >= -62135596800000 && local < 253402300800000 ? new Moment(ms, offset) : null;
  };
  const formatMoment = (moment, pattern, withTime) => {
    const at = moment.local();
    const year = String(at.getUTCFullYear()).padStart(4, "0");
    const parts = {
      Y: year, y: year.slice(-2), m: two(at.getUTCMonth() + 1), n: at.getUTCMonth() + 1, b: MONTHS[at.getUTCMonth()],
      d: two(at.getUTCDate()), e: at.getUTCDate(), a: DAYS[at.getUTCDay()],
      ...(withTime && {
        H: two(at.getUTCHours()), h: at.getUTCHours(), M: two(at.getUTCMinutes()), S: two(at.getUTCSeconds()),
        3: String(at.getUTCMilliseconds()).padStart(3, "0"),
      }),
    };
    return pattern.replace(new RegExp(`%([${Object.keys(parts).join("")}])`, "g"), (_, letter) => parts[letter]);
  };

  const toText = (value) => {
    if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
    if (value instanceof DayNumber) return String(Math.floor(value.days));
    return Array.isArray(value) ? (value.length ? value[0].value : "") : String(value);
  };
  const textNumber = (text, offset) => {
    if (NUMBER.test(bare(text))) return Number(bare(text));
    return momentFromText(text, offset)?.days ?? NaN;
  };
  const toNumber = (value, offset) => {
    if (typeof value === "boolean") return value ? 1 : 0;
    if (typeof value === "number") return value;
    return value instanceof Moment || value instanceof DayNumber ? value.days : textNumber(toText(value), offset);
  };
  const toTruth = (value) => {
    if (typeof value === "boolean") return value;
    if (typeof value === "number") return !(value === 0 || Number.isNaN(value));
    if (value instanceof DayNumber) return value.days !== 0;
    return value instanceof Moment ? value.ms !== 0 : value.length > 0;
  };
  const ORDERED = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b };
  const compare = (operator, left, right, offset) => {
    if (Array.isArray(left)) {
      if (typeof right === "boolean") return compare(operator, toTruth(left), right, offset);
      return left.some((node) => compare(operator, node.value, right, offset));
    }
    if (Array.isArray(right)) {
      if (typeof left === "boolean") return compare(operator, left, toTruth(right), offset);
      return right.some((node) => compare(operator, left, node.value, offset));
    }
    if (operator in ORDERED) return ORDERED[operator](toNumber(left, offset), toNumber(right, offset));
    let same;
    if (typeof left === "boolean" || typeof right === "boolean") same = toTruth(left) === toTruth(right);
    else if (typeof left === "string" && typeof right === "string") same = left === right;
    else same = toNumber(left, offset) === toNumber(right, offset);
    return same === (operator === "=");
  };

  // --- functions of plain values

  const each = (values) => values.flatMap((value) => (Array.isArray(value) ? value.map((node) => node.value) : [value]));
  const leading = (text) => { const found = /^\s*([-+]?\d+)/.exec(text); return found ? Number(found[1]) : NaN; };
  const between = (low, number, high) => Math.max(low, Math.min(high, number));
  const pattern = (source) => { try { return new RegExp(source, "u"); } catch { return new RegExp(source); } };
  const momentOf = (world, value) => {
    if (value instanceof Moment) return value;
    if (typeof value === "boolean") return null;
    if (typeof value === "number") return momentFromNumber(value, world.offset);
    if (value instanceof DayNumber) return momentFromNumber(value.days, world.offset);
    return momentFromText(toText(value), world.offset, true);
  };
  const formatted = (world, value, how, withTime) => {
    const moment = momentOf(world, value);
    return moment ? formatMoment(moment, toText(how), withTime) : "";
  };
  const extreme = (pick) => (world, ...values) => {
    const found = each(values).map((value) => toNumber(value, world.offset));
    return found.length && !found.some(Number.isNaN) ? pick(...found) : NaN;
  };
  const TEXT = {
    "boolean-from-string": (w, text) => text === "1" || text === "true",
    string: (w, text) => text,
    contains: (w, text, part) => text.includes(part),
    "starts-with": (w, text, part) => text.startsWith(part),
    "ends-with": (w, text, part) => text.endsWith(part),
    "string-length": (w, text) => letters(text).length,
    "normalize-space": (w, text) => bare(text).replace(/[ \t\r\n]+/g, " "),
    "substring-before": (w, text, part) => (part && text.includes(part) ? text.slice(0, text.indexOf(part)) : ""),
    "substring-after": (w, text, part) => {
      if (!part) return text;
      return text.includes(part) ? text.slice(text.indexOf(part) + part.length) : "";
    },
    coalesce: (w, first, second) => first || second,
    substr: (w, text, from, to) => {
      const all = letters(text);
      const [start, end] = [leading(from), to === undefined ? all.length : leading(to)];
      if (Number.isNaN(start) || Number.isNaN(end)) return "";
      const place = (number) => between(0, number < 0 ? number + all.length : number, all.length);
      return all.slice(place(start), place(end)).join("");
    },
    translate: (w, text, these, those) => {
      const [from, to] = [letters(these), letters(those)];
      return letters(text).map((letter) => (from.includes(letter) ? to[from.indexOf(letter)] ?? "" : letter)).join("");
    },
    regex: (w, text, source) => { try { return pattern(source).test(text); } catch { return false; } },
    selected: (w, text, choice) => (words(text).length ? words(text) : [""]).includes(bare(choice)),
    "count-selected": (w, text) => words(text).length,
    "selected-at": (w, text, place) => words(text)[leading(place)] ?? "",
    "decimal-time": (w, text) => {
      if (!/^\d{2}:\d{2}(:[0-5]\d)?(\.\d+)?(Z|[-+]\d{2}:\d{2})?$/.test(text)) return NaN;
      const moment = momentFromText(`1970-01-01T${text}`, w.offset);
      return moment ? ((((moment.ms + w.offset * 60000) % DAY) + DAY) % DAY) / DAY : NaN;
    },
  };
  const NUMERIC = {
    int: (w, value) => Math.trunc(value) + 0,
    abs: (w, value) => Math.abs(value),
    floor: (w, value) => Math.floor(value),
    ceiling: (w, value) => Math.ceil(value) + 0,
    sqrt: (w, value) => Math.sqrt(value),
    pow: (w, base, exponent) => base ** exponent,
    exp: (w, value) => Math.exp(value),
    log: (w, value) => Math.log(value),
    log10: (w, value) => Math.log10(value),
    round: (w, value, places = 0) => {
      if (!Number.isFinite(value) || Number.isNaN(places)) return Number.isNaN(places) ? NaN : value;
      const scale = 10 ** places;
      return (Math.round(Math.abs(value) * scale) / scale) * (value < 0 ? -1 : 1);
    },
  };
  const PLAIN = {
    true: () => true,
    false: () => false,
    not: (w, value) => !toTruth(value),
    boolean: (w, value) => toTruth(value),
    concat: (w, ...values) => each(values).map(toText).join(""),
    join: (w, glue, ...values) => each(values).map(toText).join(toText(glue)),
    uuid: (w) => w.uuid(),
    random: (w) => w.random(),
    pi: () => Math.PI,
    number: (w, value) => {
      const days = toNumber(value, w.offset);
      const text = typeof value === "string" || Array.isArray(value);
      return text && momentFromText(toText(value), w.offset) ? new DayNumber(days) : days;
    },
    min: extreme(Math.min),
    max: extreme(Math.max),
    sum: extreme((...found) => found.reduce((total, number) => total + number, 0)),
    now: (w) => new Moment(w.now, w.offset),
    today: (w) => {
      const shift = w.offset * 60000;
      return new Moment(Math.floor((w.now + shift) / DAY) * DAY - shift, w.offset);
    },
    "format-date": (w, value, how) => formatted(w, value, how, false),
    "format-date-time": (w, value, how) => formatted(w, value, how, true),
    date: (w, value) => {
      if (typeof value === "boolean" || ((typeof value === "string" || Array.isArray(value)) && toText(value) === "")) return "";
      return momentOf(w, value) ?? "Invalid Date";
    },
    "decimal-date-time": (w, value) => momentOf(w, value)?.days ?? NaN,
  };

  window.lianxinForms = {
    NUMBER, ORDERED, Moment, momentFromText, bare, words, letters, between, compare, toText, toNumber, toTruth, TEXT, NUMERIC, PLAIN,
  };
})();

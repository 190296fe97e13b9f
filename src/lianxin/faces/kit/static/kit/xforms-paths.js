// A questionnaire's nodes, and the evaluation of expressions over them.
(() => {
  "use strict";

  const { ORDERED, compare, toText, toNumber, toTruth, TEXT, NUMERIC, PLAIN } = window.lianxinForms;

  class Node {
    constructor(name, definition = -1, value = "") {
      Object.assign(this, { name, definition, value, stored: value, parent: null, children: [], relevant: true, refused: null });
    }
    add(child, before = this.children.length) {
      child.parent = this;
      this.children.splice(before, 0, child);
      return child;
    }
    named(name) { return this.children.filter((child) => child.name === name); }
    *walk() { yield this; for (const child of this.children) yield* child.walk(); }
    root() { return this.parent ? this.parent.root() : this; }
    position() { return this.parent.named(this.name).indexOf(this) + 1; }
    isBelow(other) { return this.parent !== null && (this.parent === other || this.parent.isBelow(other)); }
    depth() { return this.parent ? this.parent.depth() + 1 : 0; }
  }
  const along = (axis, node, name) => {
    const siblings = node.parent?.children ?? [node];
    const near = {
      child: () => node.children,
      parent: () => (node.parent ? [node.parent] : []),
      self: () => [node],
      descendant: () => [...node.walk()].slice(1),
      "descendant-or-self": () => [...node.walk()],
      "preceding-sibling": () => siblings.slice(0, siblings.indexOf(node)).reverse(),
      "following-sibling": () => siblings.slice(siblings.indexOf(node) + 1),
    }[axis]();
    return name === "*" ? near.slice() : near.filter((other) => other.name === name);
  };
  const nodeSet = (value) => (Array.isArray(value) ? value : []);
  const NODES = {
    if: (e, [condition, then, otherwise], c) => e.value(toTruth(e.value(condition, c)) ? then : otherwise, c),
    once: (e, [first], c) => c.node.value || toText(e.value(first, c)),
    position: (e, [path], c) => (path ? nodeSet(e.value(path, c))[0]?.position() ?? NaN : c.position),
    last: (e, _, c) => c.size,
    current: (e, _, c) => [c.origin],
    instance: (e, [name], c) => { const found = e.lists[toText(e.value(name, c))]; return found ? [found] : []; },
    count: (e, [path], c) => nodeSet(e.value(path, c)).length,
    "count-non-empty": (e, [path], c) => nodeSet(e.value(path, c)).filter((node) => node.value !== "").length,
    "jr:choice-name": (e, [value, path], c) => {
      const found = nodeSet(e.value(path, c));
      return found.length ? e.choiceName(found[0], toText(e.value(value, c))) : "";
    },
    "indexed-repeat": (e, given, c) => {
      const pairs = [];
      for (let at = 1; at + 1 < given.length; at += 2) {
        pairs.push([nodeSet(e.value(given[at], c)), toNumber(e.value(given[at + 1], c), e.world.offset)]);
      }
      if (pairs.some(([repeats]) => !repeats.length)) return [];
      pairs.sort((a, b) => a[0][0].depth() - b[0][0].depth());
      let within = null;
      for (const [repeats, place] of pairs) {
        within = repeats.filter((node) => !within || node.isBelow(within))[place - 1];
        if (!within) return [];
      }
      return nodeSet(e.value(given[0], c)).filter((node) => !within || node.isBelow(within));
    },
  };

  class Evaluator {
    constructor(world, lists, choiceName) { Object.assign(this, { world, lists, choiceName }); }
    at(ast, node) { return this.value(ast, { node, origin: node, position: 1, size: 1 }); }
    text(ast, node) { return toText(this.at(ast, node)); }
    truth(ast, node) { return toTruth(this.at(ast, node)); }
    value(ast, context) {
      const [kind, first, second] = ast;
      if (kind === "p") return this.path(first, second, context);
      if (kind === "n" || kind === "s") return first;
      if (kind === "f") return this.call(first, second, context);
      if (kind === "and" || kind === "or") {
        const left = toTruth(this.value(first, context));
        return left === (kind === "or") ? left : toTruth(this.value(second, context));
      }
      if (kind === "=" || kind === "!=" || kind in ORDERED) {
        return compare(kind, this.value(first, context), this.value(second, context), this.world.offset);
      }
      if (kind === "|") {
        const both = new Set([...nodeSet(this.value(first, context)), ...nodeSet(this.value(second, context))]);
        const top = [...both][0]?.root() ?? context.node;
        return [...top.walk()].filter((node) => both.has(node));
      }
      const [a, b] = ast.slice(1).map((operand) => toNumber(this.value(operand, context), this.world.offset));
      if (b === undefined) return -a;
      return { "+": a + b, "-": a - b, "*": a * b, div: a / b, mod: a % b }[kind];
    }
    path(start, steps, context) {
      let found;
      let rest = steps;
      if (start === ".") found = [context.node];
      else if (start === "/") found = [context.origin.root()];
      else {
        found = nodeSet(this.value(start, context)).slice();
        if (steps.length && steps[0][0] === "self" && steps[0][1] === "*") {
          for (const predicate of steps[0][2]) found = this.filtered(found, predicate, context);
          rest = steps.slice(1);
        }
      }
      for (const [axis, name, predicates] of rest) {
        const reached = new Set();
        for (const node of found) {
          let near = along(axis, node, name);
          for (const predicate of predicates) near = this.filtered(near, predicate, context);
          near.forEach((other) => reached.add(other));
        }
        found = [...reached];
      }
      return found;
    }
    filtered(found, predicate, { origin }) {
      return found.filter((node, at) => {
        const value = this.value(predicate, { node, origin, position: at + 1, size: found.length });
        return typeof value === "number" ? value === at + 1 : toTruth(value);
      });
    }
    call(name, given, context) {
      if (Object.hasOwn(NODES, name)) return NODES[name](this, given, context);
      const values = given.map((argument) => this.value(argument, context));
      if (Object.hasOwn(TEXT, name)) return TEXT[name](this.world, ...values.map(toText));
      if (Object.hasOwn(NUMERIC, name)) return NUMERIC[name](this.world, ...values.map((value) => toNumber(value, this.world.offset)));
      return PLAIN[name](this.world, ...values);
    }
  }

  Object.assign(window.lianxinForms, { Node, Evaluator });
})();

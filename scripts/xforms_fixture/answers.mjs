// Fills the forms of questions.json in @getodk/xforms-engine, step by step, and prints what the engine says after each.
// How it is called and what is left out: see prepare.py.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

process.env.TZ = 'Asia/Shanghai';
const questions = JSON.parse(readFileSync(process.argv[2], 'utf-8'));

// The engine reads the clock through Date; here it stands still.
const still = Date.parse(questions.now);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) { given.length ? super(...given) : super(still); }
  static now() { return still; }
};
let given = 0; // the engine names its own nodes by these too
globalThis.crypto.randomUUID = () => `00000000-0000-4000-8000-${String((given += 1)).padStart(12, '0')}`;

// It wants a browser's document, and in Node the names that its grammar's WebAssembly loader looks for.
const { JSDOM } = await import('jsdom');
const { window } = new JSDOM('<!doctype html>', { url: 'http://localhost/' });
for (const name of ['DOMParser', 'XMLSerializer', 'document', 'Node', 'Element', 'Text', 'Document', 'Attr', 'localStorage']) {
  globalThis[name] = window[name];
}
globalThis.window = window;
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = process.cwd();
const engine = await import('@getodk/xforms-engine');
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf-8')).version;

function* walk(node) {
  yield node;
  for (const child of node.currentState.children ?? []) yield* walk(child);
}
const find = (root, reference) => {
  for (const node of walk(root)) {
    if (node.currentState.reference === reference) return node;
  }
  throw new Error(`no node ${reference}`);
};

function take(root, [action, path, value]) {
  if (action === 'language') {
    const language = root.languages.find((one) => one.language === path);
    root.setLanguage(language);
    return;
  }
  if (action === 'add') {
    find(root, path).addInstances();
    return;
  }
  if (action === 'remove') {
    const cut = path.lastIndexOf('[');
    find(root, path.slice(0, cut)).removeInstances(Number(path.slice(cut + 1, -1)) - 1);
    return;
  }
  const node = find(root, path);
  if (node.nodeType === 'select') node.selectValues(value.split(' ').filter((one) => one));
  else if (node.nodeType === 'trigger') node.setValue(value === 'OK');
  else node.setValue(value);
}

const text = (range) => (range?.asString ?? '').trim(); // pyxform leaves a blank after sentences with values in them
const CONTAINERS = ['root', 'group', 'repeat-instance', 'repeat-range:controlled', 'repeat-range:uncontrolled'];

function state(root) {
  const said = {};
  for (const node of walk(root)) {
    const now = node.currentState;
    if (node.nodeType.startsWith('repeat-range') || node.nodeType === 'root') continue;
    if (now.reference.startsWith('/data/meta')) continue;
    const one = { relevant: now.relevant };
    if (!CONTAINERS.includes(node.nodeType)) {
      one.value = now.instanceValue;
      one.required = now.required;
      one.readonly = now.readonly;
      const wrong = node.validationState?.violation;
      if (wrong) one.wrong = [wrong.condition, text(wrong.message)];
      if (now.valueOptions?.length !== undefined) one.choices = now.valueOptions.map((item) => [item.value, text(item.label)]);
    }
    if (now.label) one.label = text(now.label);
    if (now.hint) one.hint = text(now.hint);
    said[now.reference] = one;
  }
  return said;
}

/** What has changed since the state before, so that the fixture stays small. */
function changes(before, after) {
  const out = {};
  for (const [path, one] of Object.entries(after)) {
    if (JSON.stringify(before[path]) !== JSON.stringify(one)) out[path] = one;
  }
  const gone = Object.keys(before).filter((path) => !(path in after));
  return gone.length ? { ...out, gone } : out;
}

async function load(xform, steps) {
  const { root } = await engine.createInstance(xform, { instance: { preloadProperties: { deviceID: 'device-1' } } });
  const states = [state(root)];
  for (const step of steps) {
    take(root, step);
    states.push(state(root));
  }
  return { root, states };
}

const answers = { engine: `@getodk/xforms-engine ${version('@getodk/xforms-engine')}`, now: questions.now, forms: {}, expressions: [] };
for (const [name, { xform, steps }] of Object.entries(questions.forms)) {
  if (name === 'table') continue;
  const { states } = await load(xform, steps);
  answers.forms[name] = states.map((one, at) => changes(at ? states[at - 1] : {}, one));
}

const escaped = (expression) =>
  expression.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('\t', '&#9;');
const table = questions.forms.table;
for (const [at, expression] of questions.expressions) {
  const element = at.split('/').pop();
  const xform = table.xform
    .replaceAll(`</${element}>`, `<answer/></${element}>`)
    .replace('</model>', () => `<bind nodeset="${at}/answer" type="string" calculate="${escaped(expression)}"/></model>`);
  let root;
  try {
    ({ root } = await load(xform, table.steps));
  } catch (error) {
    console.error(`${at}\t${expression}\t${error.cause ?? error}`); // take it out of the table
    continue;
  }
  const found = [...walk(root)].filter((node) => node.currentState.reference.endsWith('/answer'));
  answers.expressions.push(found.map((node) => node.currentState.instanceValue));
}
const { expressions, ...rest } = answers;
const lines = expressions.map((one) => `    ${JSON.stringify(one)}`).join(',\n');
const forms = Object.entries(rest.forms)
  .map(([name, states]) => `    ${JSON.stringify(name)}: [\n${states.map((one) => `      ${JSON.stringify(one)}`).join(',\n')}\n    ]`)
  .join(',\n');
console.log(`{\n  "engine": ${JSON.stringify(rest.engine)},\n  "now": ${JSON.stringify(rest.now)},\n  "expressions": [\n${lines}\n  ],\n  "forms": {\n${forms}\n  }\n}`);
process.exit(0);

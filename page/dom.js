// The few DOM helpers the page needs. Text always goes in as text nodes: what
// a server or a token says is never parsed as HTML.

/** The element of that id. A missing one is a bug in index.html. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element with id "${id}"`);
  return found;
}

/** Makes an element; attributes of value false, null or undefined are left out. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** Says in the status bar, which is a live region, how an action went. */
export function say(text, tone = 'info') {
  const status = byId('status');
  status.dataset.state = tone;
  status.textContent = text;
}

/** Lets the controls act: what was clicked before then waits for it. */
export let openControls;
const opened = new Promise((resolve) => { openControls = resolve; });

/**
 * Runs an action for a control, once at a time. The control stays focusable
 * while it works, since a disabled one would lose the keyboard's place.
 */
export async function act(control, action) {
  if (control.getAttribute('aria-busy') === 'true') return;
  control.setAttribute('aria-busy', 'true');
  try {
    await opened;
    await action();
  } catch (error) {
    say(describe(error), 'bad');
    // The SDK's refusals are answers; anything else is a bug worth a stack.
    if (error?.name !== 'AppwriteException') console.error(error);
  } finally {
    control.removeAttribute('aria-busy');
  }
}

/** Binds a button. */
export function onClick(id, action) {
  const button = byId(id);
  button.addEventListener('click', () => act(button, action));
}

/** Binds a form to the action of its submit button. */
export function onSubmit(id, action) {
  const form = byId(id);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    act(form.querySelector('[type=submit]'), action);
  });
}

/** Makes a button that runs an action; it is small unless the attributes say otherwise. */
export function button(text, action, attributes = {}) {
  return el('button', {
    type: 'button', class: 'small', onclick: ({currentTarget}) => act(currentTarget, action), ...attributes,
  }, text);
}

/** Makes a form that runs action(values by name) for its submit button. */
export function form(attributes, submit, action, ...fields) {
  const send = el('button', {type: 'submit'}, submit);
  return el('form', {
    class: 'fields', novalidate: true, ...attributes,
    onsubmit: (event) => {
      event.preventDefault();
      const named = [...event.currentTarget.querySelectorAll('input')];
      const values = named.map(({name, type, value}) => [name, type === 'password' ? value : value.trim()]);
      act(send, () => action(Object.fromEntries(values)));
    },
  }, ...fields, send);
}

/** Makes a field with its label: attributes are those of the input. */
export function field(text, attributes) {
  return el('label', {}, `${text} `, el('input', {type: 'text', spellcheck: 'false', autocomplete: 'off', ...attributes}));
}

/** Makes a field for a code of six digits, or another one. */
export function codeField(attributes = {}) {
  return field('Code', {name: 'code', inputmode: 'numeric', autocomplete: 'one-time-code', autocapitalize: 'none', ...attributes});
}

/** One line on an error: what the server said, with its code and type. */
export function describe(error) {
  if (!error) return 'unknown error';
  const tag = [error.code || '', error.type || ''].join(' ').trim();
  const message = error.message || String(error);
  return tag ? `${tag}: ${message}` : message;
}

/** Copies text and says so; where the clipboard is refused, says that. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied.`, 'ok');
  } catch {
    say(`The browser refused the clipboard (it needs https or localhost, and permission). ${what} not copied.`, 'bad');
  }
}

/** A date of the API, in the reader's own words. */
export function when(date) {
  return new Date(date).toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'medium'});
}

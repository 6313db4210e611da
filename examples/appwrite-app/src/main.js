import * as api from "./api.js";

const $ = (id) => document.getElementById(id);
let user = null;

async function show() {
  user = await api.currentUser();
  $("sign-in").hidden = user !== null;
  $("app").hidden = user === null;
  say(user ? `Signed in as ${user.email}` : "Nobody is signed in");
  if (user) await Promise.all([showTeams(), showNotes(), showPictures()]);
}

async function showTeams() {
  $("teams").replaceChildren(...(await api.listTeams()).map(({ name, total }) => item(`${name} (${total})`)));
}

async function showNotes() {
  const notes = await api.listNotes();
  const row = ({ $id, text }) => item(text, button("Done", () => api.finishNote($id).then(showNotes)), button("Delete", () => api.deleteNote($id).then(showNotes)));
  $("notes").replaceChildren(...notes.map(row));
}

async function showPictures() {
  $("pictures").replaceChildren(...(await api.listPictures()).map(({ $id, name }) => Object.assign(new Image(), { src: api.previewOf($id), alt: name })));
}

function item(text, ...buttons) {
  const li = document.createElement("li");
  li.append(Object.assign(document.createElement("span"), { textContent: text }), ...buttons);
  return li;
}

function button(label, act) {
  const it = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  it.addEventListener("click", () => attempt(act));
  return it;
}

function say(text) {
  $("status").textContent = text;
}

async function attempt(act) {
  try {
    await act();
  } catch (error) {
    say(error.message);
  }
}

function onSubmit(id, act) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      await act(Object.fromEntries(new FormData(event.target)), event.submitter);
      event.target.reset();
    });
  });
}

onSubmit("sign-in", async ({ email, password }, { name }) => {
  await (name === "up" ? api.signUp : api.signIn)(email, password);
  await show();
});
onSubmit("new-team", ({ name }) => api.foundTeam(name).then(showTeams));
onSubmit("new-note", ({ text }) => api.writeNote(text, user.$id).then(showNotes));
onSubmit("new-picture", async ({ file }) => {
  await api.uploadPicture(file, ({ progress }) => ($("progress").value = progress));
  $("progress").value = 100;
  await showPictures();
});
$("sign-out").addEventListener("click", () => attempt(() => api.signOut().then(show)));
attempt(show);

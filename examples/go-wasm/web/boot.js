// Starts the Go program with the settings of the server as its environment.

async function boot() {
  const env = await fetchOk('env.json');
  const go = new globalThis.Go();
  go.env = await env.json();
  const {instance} = await WebAssembly.instantiateStreaming(fetchOk('app.wasm'), go.importObject);
  await go.run(instance);
  show('The Go program has ended: reload the page.');
}

async function fetchOk(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

function show(text) {
  const line = document.createElement('li');
  line.dataset.state = 'bad';
  line.textContent = text;
  document.getElementById('log').prepend(line);
}

boot().catch((error) => show(`The Go program did not start: ${error.message}`));

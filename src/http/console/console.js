/** The console's page: offers the shared documents, runs one, shows the answer. */
/* global document, location, Option */

const form = document.getElementById('form');
const picker = document.getElementById('operation');
const source = document.getElementById('document');
const variables = document.getElementById('variables');
const key = document.getElementById('key');
const answer = document.getElementById('answer');
const status = document.getElementById('status');
const endpoint = new URL('graphql', location.href);

/** The subscription that is open, if any. */
let socket = null;

document.getElementById('endpoint').textContent = endpoint.href;

fetch('operations')
  .then((response) => response.json())
  .then((operations) => {
    for (const { name } of operations) picker.add(new Option(name, name));
    picker.onchange = () => {
      source.value = operations.find(({ name }) => name === picker.value).document;
      variables.value = '{}';
    };
    picker.value = 'shop';
    picker.onchange();
  });

form.onsubmit = (event) => {
  event.preventDefault();
  run().catch((error) => {
    status.textContent = 'failed';
    answer.textContent = String(error);
  });
};

document.onkeydown = (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
};

async function run() {
  socket?.close();
  socket = null;
  answer.textContent = '';
  const request = { query: source.value, variables: JSON.parse(variables.value || '{}') };
  if (/^\s*subscription\b/m.test(source.value)) subscribe(request);
  else await post(request);
}

async function post(request) {
  const begin = performance.now();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key.value && { authorization: `Bearer ${key.value}` }) },
    body: JSON.stringify(request),
  });
  status.textContent = `${response.status}, ${Math.round(performance.now() - begin)} ms`;
  answer.textContent = JSON.stringify(await response.json(), null, 2);
}

function subscribe(request) {
  const url = new URL(endpoint);
  url.protocol = url.protocol.replace('http', 'ws');
  socket = new WebSocket(url, 'graphql-transport-ws');
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => {
    status.textContent = 'listening';
    send({ type: 'connection_init', payload: key.value ? { authorization: `Bearer ${key.value}` } : {} });
  };
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'ping') send({ type: 'pong' });
    if (message.type === 'connection_ack') send({ type: 'subscribe', id: '1', payload: request });
    if (message.payload && message.type !== 'connection_ack') {
      answer.textContent = `${JSON.stringify(message.payload, null, 2)}\n${answer.textContent}`.slice(0, 100_000);
    }
  };
  socket.onclose = ({ code, reason }) => {
    status.textContent = `closed ${code} ${reason}`;
  };
}

// mqttjs.cjs VERSION PORT PUBREL_CUT PUBREC_CUT: the story of README.md with MQTT.js (found by NODE_PATH).
'use strict';
const mqtt = require('mqtt');
const { once, EventEmitter } = require('node:events');

const version = process.argv[2];
const [port, pubrelCut, pubrecCut] = process.argv.slice(3).map(Number);
const patience = 30_000; // bounds a failure only

function check(holds, what) {
  if (holds) return;
  console.error(`MQTT.js, ${version}: ${what}`);
  process.exit(1);
}

class Queue {
  #items = [];
  #event = new EventEmitter();
  put(item) {
    this.#items.push(item);
    this.#event.emit('item');
  }
  async take(what) {
    if (this.#items.length === 0)
      await once(this.#event, 'item', { signal: AbortSignal.timeout(patience) })
        .catch(() => check(false, `${what} did not come`));
    return this.#items.shift();
  }
  get isEmpty() { return this.#items.length === 0; }
}

class Party {
  inbox = new Queue();
  connects = new Queue();
  constructor(name, { persistent = false, will } = {}) {
    this.options = {
      host: '127.0.0.1', protocolVersion: version === '5.0' ? 5 : 4, clientId: `${name}-js-${version}`,
      clean: !persistent, reconnectPeriod: 50, will, manualConnect: true,
      properties: version === '5.0' && persistent ? { sessionExpiryInterval: 300 } : undefined,
    };
  }
  /** Says whether the session was present. */
  async open(at = port) {
    this.client = mqtt.connect({ ...this.options, port: at });
    this.client.on('connect', (connack) => this.connects.put(connack.sessionPresent));
    this.client.on('message', (topic, payload, packet) => this.inbox.put(packet));
    this.client.on('error', (error) => check(false, error.message));
    this.client.connect();
    return this.connects.take('CONNACK');
  }
  async close() { await this.client.endAsync(); }
  async expect(...payloads) {
    const got = [];
    for (const payload of payloads) got.push(await this.inbox.take(payload));
    const said = got.map((packet) => packet.payload.toString());
    check(said.join() === payloads.join(), `${payloads} came as ${said}`);
    return got;
  }
}

async function main() {
  const base = `js/${version}`;
  const keeper = new Party('keeper', { persistent: true });
  const writer = new Party('writer');
  check(!(await keeper.open()), 'session present at first');
  await keeper.client.subscribeAsync(`${base}/#`, { qos: 2 });
  await keeper.close();

  await writer.open();
  await writer.client.publishAsync(`${base}/box`, 'offline 1', { qos: 1 });
  await writer.client.publishAsync(`${base}/box`, 'offline 2', { qos: 2 });
  await writer.client.publishAsync(`kept/${base}`, 'retained', { qos: 1, retain: true });
  const mortal = new Party('mortal', { will: { topic: `${base}/box`, payload: Buffer.from('will'), qos: 2 } });
  await mortal.open();
  mortal.client.options.reconnectPeriod = 0;
  mortal.client.stream.destroy(); // without DISCONNECT
  const witness = new Party('witness');
  await witness.open();
  await witness.client.subscribeAsync(`kept/${base}`, { qos: 2 });
  check((await witness.expect('retained'))[0].retain, 'the retained message has no RETAIN');
  await witness.close();
  check(await keeper.open(pubrelCut), 'the session is gone');
  await keeper.expect('offline 1', 'offline 2', 'will');

  check(await keeper.connects.take('the second CONNACK'), 'the session is gone after the cut');
  await writer.client.publishAsync(`${base}/box`, 'after', { qos: 2 });
  await keeper.expect('after');
  await keeper.close();
  check(await keeper.open(pubrecCut), 'the session is gone after DISCONNECT');
  await keeper.client.publishAsync(`${base}/box`, 'mine', { qos: 2 });
  check(await keeper.connects.take('the second CONNACK'), 'the session is gone after the second cut');
  await keeper.client.publishAsync(`${base}/box`, 'last', { qos: 2 });
  await keeper.expect('mine', 'last');
  check(keeper.inbox.isEmpty, 'something came twice');
  await keeper.close();
  await writer.close();
  process.exit(0);
}
main();

// node adapter.mjs MODULES: MQTT.js behind hiatus's client_control.proto: ClientCommand on standard input, ClientEvent on standard
// output, both length-delimited. MODULES: the folder whose node_modules has mqtt and protobufjs.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(join(process.argv[2] ?? '.', 'package.json'))
const mqtt = require('mqtt')
const protobuf = require('protobufjs')

const root = new protobuf.Root()
const proto = join(dirname(fileURLToPath(import.meta.url)), '../../../../proto')
root.resolvePath = (origin, target) => join(target.startsWith('google/') ? dirname(require.resolve('protobufjs/package.json')) : proto, target)
root.loadSync('hiatus/v1/client_control.proto', { keepCase: true })
const Command = root.lookupType('hiatus.v1.ClientCommand')
const Event = root.lookupType('hiatus.v1.ClientEvent')
const V5 = root.lookupEnum('hiatus.v1.Version').values.V5

// Field of hiatus.v1 -> property of MQTT.js
const properties = {
  session_expiry_interval: 'sessionExpiryInterval', receive_maximum: 'receiveMaximum', maximum_packet_size: 'maximumPacketSize',
  topic_alias_maximum: 'topicAliasMaximum', request_response_information: 'requestResponseInformation',
  request_problem_information: 'requestProblemInformation', payload_format_indicator: 'payloadFormatIndicator',
  message_expiry_interval: 'messageExpiryInterval', topic_alias: 'topicAlias', response_topic: 'responseTopic',
  correlation_data: 'correlationData', content_type: 'contentType', delay_interval: 'willDelayInterval',
  subscription_identifier: 'subscriptionIdentifier', reason_string: 'reasonString'
}
const booleans = ['request_response_information', 'request_problem_information', 'payload_format_indicator']
/// Set, and not empty: what is unset is null here, and what is repeated is always there.
const has = (message, field) => Object.hasOwn(message, field) && message[field] != null && !(Array.isArray(message[field]) && message[field].length === 0)

function propertiesOf (message) {
  const set = {}
  for (const [field, name] of Object.entries(properties)) {
    if (has(message, field)) set[name] = booleans.includes(field) ? !!message[field] : message[field]
  }
  for (const { key, value } of message.user_property ?? []) {
    set.userProperties ??= {}
    set.userProperties[key] = key in set.userProperties ? [].concat(set.userProperties[key], value) : value
  }
  return set
}

function fieldsOf (set = {}) {
  const fields = {}
  for (const [field, name] of Object.entries(properties)) {
    if (set[name] === undefined) continue
    fields[field] = field === 'subscription_identifier' ? [].concat(set[name]) : booleans.includes(field) ? Number(set[name]) : set[name]
  }
  fields.user_property = Object.entries(set.userProperties ?? {}).flatMap(([key, value]) => [].concat(value).map(value => ({ key, value })))
  return fields
}

let setup
let client
let stores
let deliveries = 0
let hasLeft = false
let isUp = false

const say = event => process.stdout.write(Event.encodeDelimited(Event.create(event)).finish())
const answer = (command, event) => say(command ? { command, ...event } : event)
class Unsupported extends Error {}
const need = () => { if (!client) throw new Error('connect has to come first'); return client }

function listen () {
  client.on('connect', connack => {
    isUp = true
    say({ connected: { session_present: !!connack.sessionPresent, code: connack.reasonCode ?? connack.returnCode ?? 0 } })
  })
  client.on('close', () => {
    say({ disconnected: { why: hasLeft ? 'disconnected' : isUp ? 'the connection was lost' : 'no connection', by_client: hasLeft } })
    isUp = false
  })
  client.on('message', (topic, payload, packet) => say({
    delivery: {
      number: ++deliveries,
      publish: { topic, payload, qos: packet.qos, retain: packet.retain, dup: packet.dup, ...fieldsOf(packet.properties) }
    }
  }))
  client.on('error', () => {}) // 'close' follows
}

const commands = {
  setup (number, wanted) {
    if (wanted.manual_acknowledge) throw new Unsupported('manual-acknowledge') // its handleMessage() holds back QoS 1 only
    if (has(wanted, 'store')) throw new Unsupported('stored-sessions')
    setup = wanted
    answer(number, { done: {} })
  },
  connect (number, { connect }) {
    const is5 = setup.version === V5
    const options = {
      protocolVersion: is5 ? 5 : 4, clientId: connect.client_id ?? '', clean: !!connect.clean, keepalive: connect.keep_alive ?? 0,
      username: has(connect, 'user_name') ? connect.user_name : undefined, password: has(connect, 'password') ? connect.password : undefined
    }
    if (is5) options.properties = propertiesOf(connect)
    if (has(connect, 'will')) {
      const { topic, payload, qos, retain } = connect.will
      options.will = { topic, payload, qos: qos ?? 0, retain: !!retain, ...(is5 ? { properties: propertiesOf(connect.will) } : {}) }
    }
    if (!options.clientId && !options.clean) throw new Unsupported('an empty client id without a clean start') // it throws
    if (client) {
      Object.assign(client.options, options)
      // As it connects again by itself; after end() its stores are closed, and have to be handed over.
      if (hasLeft) client.reconnect(stores)
      else client.connect()
      hasLeft = false
      return
    }
    stores = { incomingStore: new mqtt.Store({ clean: false }), outgoingStore: new mqtt.Store({ clean: false }) }
    // reconnectPeriod 0: we say when it connects again
    client = mqtt.connect({ host: setup.host, port: setup.port, protocol: 'mqtt', reconnectPeriod: setup.automatic_reconnect ? 100 : 0, ...stores, ...options })
    listen()
  },
  publish (number, { publish }) {
    const options = { qos: publish.qos ?? 0, retain: !!publish.retain }
    if (setup.version === V5) options.properties = propertiesOf(publish)
    need().publish(publish.topic, Buffer.from(publish.payload ?? ''), options, (error, packet) =>
      answer(number, { completion: error ? { code: error.code > 0 ? error.code : 0, error: error.message } : { code: packet?.reasonCode ?? 0 } }))
  },
  subscribe (number, subscribe) {
    const map = {}
    for (const f of subscribe.filter) map[f.filter] = { qos: f.qos ?? 0, nl: !!f.no_local, rap: !!f.retain_as_published, rh: f.retain_handling ?? 0 }
    const options = setup.version === V5 ? { properties: propertiesOf(subscribe) } : {}
    need().subscribe(map, options, (error, granted, suback) =>
      answer(number, { suback: { code: suback?.granted ?? granted?.map(each => each.qos) ?? [error?.code ?? 128] } }))
  },
  unsubscribe (number, { filter }) {
    need().unsubscribe(filter, (error, unsuback) => answer(number, { suback: { code: unsuback?.granted ?? (error ? [128] : []) } }))
  },
  disconnect (number, disconnect) {
    hasLeft = true
    const options = {}
    if (setup.version === V5) Object.assign(options, { reasonCode: disconnect.code ?? 0, properties: propertiesOf(disconnect) })
    need().end(false, options)
  },
  restart (number) {
    client?.removeAllListeners()
    client?.on('error', () => {})
    client?.stream?.destroy()
    client = undefined
    hasLeft = false
    answer(number, { done: {} })
  },
  sync (number) { answer(number, { done: {} }) },
  acknowledge () { throw new Unsupported('manual-acknowledge') },
  save () { throw new Unsupported('saved-sessions') },
  restore () { throw new Unsupported('saved-sessions') }
}

function carryOut (command) {
  const kind = Object.keys(commands).find(name => has(command, name))
  const number = has(command, 'number') ? command.number : undefined
  try {
    if (!kind) throw new Unsupported('this command')
    commands[kind](number, command[kind])
  } catch (error) {
    answer(number, error instanceof Unsupported ? { unsupported: { feature: error.message } } : { failed: { why: `${kind}: ${error.message}` } })
  }
}

/// The length before a message, and where it begins; nothing: not all of it is there.
function lengthOf (buffer) {
  let size = 0
  for (let at = 0; at < buffer.length && at < 5; ++at) {
    size += (buffer[at] & 127) * 2 ** (7 * at)
    if (buffer[at] < 128) return { size, at: at + 1 }
  }
}

let input = Buffer.alloc(0)
process.stdin.on('data', data => {
  input = Buffer.concat([input, data])
  for (let next = lengthOf(input); next && input.length >= next.at + next.size; next = lengthOf(input)) {
    const command = Command.decode(input.subarray(next.at, next.at + next.size))
    input = input.subarray(next.at + next.size)
    carryOut(command)
  }
})
process.stdin.on('end', () => process.exit(0))

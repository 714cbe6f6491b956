#!/usr/bin/env python3
"""pahopython.py VERSION PORT PUBREL_CUT PUBREC_CUT: the story of README.md with Paho Python."""
import queue
import socket
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

VERSION, PORT, PUBREL_CUT, PUBREC_CUT = sys.argv[1], *map(int, sys.argv[2:])
IS_5 = VERSION == "5.0"
PATIENCE = 30  # bounds a failure only


def check(holds, what):
    if not holds:
        sys.exit(f"Paho Python, {VERSION}: {what}")


class Party:
    def __init__(self, name, persistent=False):
        more = {} if IS_5 else {"clean_session": not persistent}
        self.client = mqtt.Client(f"{name}-python-{VERSION}", protocol=mqtt.MQTTv5 if IS_5 else mqtt.MQTTv311, **more)
        self.persistent = persistent
        self.inbox, self.connects, self.subscribed = queue.Queue(), queue.Queue(), queue.Queue()
        self.client.on_connect = lambda *a: self.connects.put(a[2]["session present"])
        self.client.on_subscribe = lambda *a: self.subscribed.put(a)
        self.client.on_message = lambda c, u, m: self.inbox.put(m)
        self.client.reconnect_delay_set(1, 1)

    def open(self, port=PORT):
        """Says whether the session was present."""
        more = {}
        if IS_5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 300 if self.persistent else 0
            more = {"clean_start": not self.persistent, "properties": properties}
        self.client.connect("127.0.0.1", port, 60, **more)
        self.client.loop_start()
        return self.connects.get(timeout=PATIENCE) == 1

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    def subscribe(self, topic):
        self.client.subscribe(topic, 2)
        self.subscribed.get(timeout=PATIENCE)

    def publish(self, topic, payload, qos, retain=False):
        info = self.client.publish(topic, payload, qos, retain)
        info.wait_for_publish(PATIENCE)
        check(info.is_published(), f"{payload} was not acknowledged")

    def expect(self, *payloads):
        got = [self.inbox.get(timeout=PATIENCE) for _ in payloads]
        check([m.payload.decode() for m in got] == list(payloads), f"{payloads} came as {[m.payload for m in got]}")
        return got


base = f"python/{VERSION}"
keeper, writer = Party("keeper", persistent=True), Party("writer")
check(not keeper.open(), "session present at first")
keeper.subscribe(f"{base}/#")
keeper.close()

# Offline: QoS 1, QoS 2, a will.
writer.open()
writer.publish(f"{base}/box", "offline 1", 1)
writer.publish(f"{base}/box", "offline 2", 2)
writer.publish(f"kept/{base}", "retained", 1, retain=True)
mortal = Party("mortal")
mortal.client.will_set(f"{base}/box", "will", 2)
mortal.open()
mortal.client.loop_stop()
mortal.client.socket().shutdown(socket.SHUT_RDWR)  # without DISCONNECT
witness = Party("witness")
witness.open()
witness.subscribe(f"kept/{base}")
check(witness.expect("retained")[0].retain, "the retained message has no RETAIN")
witness.close()
check(keeper.open(PUBREL_CUT), "the session is gone")
keeper.expect("offline 1", "offline 2", "will")

# "offline 2" lost its PUBREL on the way: the session was resumed in between, and nothing comes twice.
check(keeper.connects.get(timeout=PATIENCE) == 1, "the session is gone after the cut")
writer.publish(f"{base}/box", "after", 2)
keeper.expect("after")
keeper.close()
check(keeper.open(PUBREC_CUT), "the session is gone after DISCONNECT")
keeper.publish(f"{base}/box", "mine", 2)  # its PUBREC is lost: PUBLISH again
check(keeper.connects.get(timeout=PATIENCE) == 1, "the session is gone after the second cut")
keeper.publish(f"{base}/box", "last", 2)
keeper.expect("mine", "last")
check(keeper.inbox.empty(), "something came twice")
keeper.close()
writer.close()

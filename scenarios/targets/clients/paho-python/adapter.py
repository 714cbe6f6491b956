#!/usr/bin/python3
"""Paho Python 1 (Debian's python3-paho-mqtt) behind hiatus's client_control.proto: ClientCommand on standard input, ClientEvent on
standard output, both length-delimited. Needs python3-protobuf and protoc."""
import os
import select
import subprocess
import sys
import tempfile

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

PROTO = os.path.join(os.path.dirname(os.path.realpath(__file__)), *[os.pardir] * 4, "proto")


def control_messages():
    """client_control.proto as a Python module."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"hiatus/v1/{name}.proto" for name in ("client_control", "packet", "requirement")]
        subprocess.run(["protoc", "-I", PROTO, "--python_out", folder, *names], check=True)
        sys.path.insert(0, folder)
        from hiatus.v1 import client_control_pb2
        return client_control_pb2


control = control_messages()

# Field of hiatus.v1 -> property of Paho
PROPERTIES = {"session_expiry_interval": "SessionExpiryInterval", "receive_maximum": "ReceiveMaximum", "maximum_packet_size": "MaximumPacketSize",
              "topic_alias_maximum": "TopicAliasMaximum", "request_response_information": "RequestResponseInformation",
              "request_problem_information": "RequestProblemInformation", "payload_format_indicator": "PayloadFormatIndicator",
              "message_expiry_interval": "MessageExpiryInterval", "topic_alias": "TopicAlias", "response_topic": "ResponseTopic",
              "correlation_data": "CorrelationData", "content_type": "ContentType", "delay_interval": "WillDelayInterval",
              "subscription_identifier": "SubscriptionIdentifier", "reason_string": "ReasonString"}


def properties_of(message, kind):
    """Nothing if the message sets none: Paho then writes an empty list."""
    properties, is_set = Properties(kind), False
    for field, value in message.ListFields():
        if field.name in PROPERTIES:
            setattr(properties, PROPERTIES[field.name], value)
            is_set = True
        elif field.name == "user_property":
            properties.UserProperty = [(pair.key, pair.value) for pair in value]
            is_set = True
    return properties if is_set else None


def fill_from(properties, message):
    for field, name in PROPERTIES.items():
        value = getattr(properties, name, None)
        if value is not None and field in message.DESCRIPTOR.fields_by_name:
            if isinstance(value, list):
                getattr(message, field).extend(value)
            else:
                setattr(message, field, value)
    for key, value in getattr(properties, "UserProperty", []):
        message.user_property.add(key=key, value=value)


class Unsupported(Exception):
    pass


class Adapter:
    def __init__(self):
        self.client, self.setup, self.commands, self.deliveries, self.left, self.clean = None, None, {}, 0, False, None

    @property
    def is_5(self):
        return self.setup.version == 2  # V5

    def tell(self, command=0, **content):
        event = control.ClientEvent(**content)
        if command:
            event.command = command
        data = event.SerializeToString()
        size, head = len(data), bytearray()
        while size > 127:
            head.append(size & 127 | 128)
            size >>= 7
        sys.stdout.buffer.write(bytes(head) + bytes([size]) + data)
        sys.stdout.buffer.flush()

    # ---- commands

    def carry_out(self, command):
        kind = command.WhichOneof("what")
        try:
            getattr(self, "do_" + kind)(command.number, getattr(command, kind))
        except Unsupported as feature:
            self.tell(command.number, unsupported={"feature": str(feature)})
        except (AttributeError, ValueError, OSError, mqtt.MQTTException) as error:
            self.tell(command.number, failed={"why": f"{kind}: {error}"})

    def do_setup(self, number, setup):
        if setup.manual_acknowledge:
            raise Unsupported("manual-acknowledge")  # it acknowledges before the application is asked
        if setup.HasField("store"):
            raise Unsupported("stored-sessions")
        self.setup = setup
        self.tell(number, done={})

    def do_restart(self, number, _):
        if self.client and self.client.socket():
            self.client.socket().close()  # without a word
        self.client = None
        self.tell(number, done={})

    def do_sync(self, number, _):
        self.tell(number, done={})

    def made(self, connect):
        """A client of Paho has its id, and in 3.1.1 Clean Session, for life."""
        if self.client and (connect.client_id.encode() != self.client._client_id or (not self.is_5 and connect.clean != self.clean)):
            raise Unsupported("another client id or Clean Session for the same client")
        if self.client:
            return self.client
        more = {} if self.is_5 else {"clean_session": connect.clean}
        self.clean = connect.clean
        self.client = mqtt.Client(connect.client_id, protocol=mqtt.MQTTv5 if self.is_5 else mqtt.MQTTv311, **more)
        self.client.on_connect = self.connected
        self.client.on_disconnect = self.disconnected
        self.client.on_message = self.delivered
        self.client.on_publish = lambda client, data, mid: self.tell(self.commands.get(mid, 0), completion={"code": 0})
        self.client.on_subscribe = lambda client, data, mid, codes, *more: self.answered(mid, codes)
        self.client.on_unsubscribe = lambda client, data, mid, properties=None, codes=(), *more: self.answered(mid, codes or ())
        return self.client

    def do_connect(self, number, command):
        connect = command.connect
        client = self.made(connect)
        if connect.HasField("user_name"):
            client.username_pw_set(connect.user_name, connect.password.decode() if connect.HasField("password") else None)
        if connect.HasField("will"):
            will = connect.will
            client.will_set(will.topic, will.payload, will.qos, will.retain, properties_of(will, PacketTypes.WILLMESSAGE) if self.is_5 else None)
        more = {"clean_start": connect.clean, "properties": properties_of(connect, PacketTypes.CONNECT)} if self.is_5 else {}
        self.left = False
        client.connect(self.setup.host, self.setup.port, connect.keep_alive, **more)

    def do_publish(self, number, command):
        message = command.publish
        more = {"properties": properties_of(message, PacketTypes.PUBLISH)} if self.is_5 else {}
        info = self.need().publish(message.topic, message.payload, message.qos, message.retain, **more)
        self.commands[info.mid] = number

    def do_subscribe(self, number, subscribe):
        def options(f):
            return SubscribeOptions(f.qos, f.no_local, f.retain_as_published, f.retain_handling)
        filters = [(f.filter, options(f) if self.is_5 else f.qos) for f in subscribe.filter]
        more = {"properties": properties_of(subscribe, PacketTypes.SUBSCRIBE)} if self.is_5 else {}
        _, mid = self.need().subscribe(filters, **more)
        self.commands[mid] = number

    def do_unsubscribe(self, number, unsubscribe):
        _, mid = self.need().unsubscribe(list(unsubscribe.filter))
        self.commands[mid] = number

    def do_disconnect(self, number, disconnect):
        more = {"properties": properties_of(disconnect, PacketTypes.DISCONNECT)} if self.is_5 else {}
        self.left = True
        self.need().disconnect(**more)

    def do_acknowledge(self, number, _):
        raise Unsupported("manual-acknowledge")

    def do_save(self, number, _):
        raise Unsupported("saved-sessions")

    do_restore = do_save

    def need(self):
        if not self.client:
            raise ValueError("connect has to come first")
        return self.client

    # ---- events

    def connected(self, client, data, flags, code, properties=None):
        value = code.value if self.is_5 else code
        if value == 0:
            self.tell(connected={"session_present": bool(flags["session present"]), "code": 0})

    def disconnected(self, client, data, code, properties=None):
        self.tell(disconnected={"why": str(code), "by_client": self.left})

    def answered(self, mid, codes):
        values = [code.value if hasattr(code, "value") else code for code in (codes if isinstance(codes, (list, tuple)) else [codes])]
        self.tell(self.commands.get(mid, 0), suback={"packet_id": mid, "code": values})

    def delivered(self, client, data, message):
        self.deliveries += 1
        event = control.Delivery(number=self.deliveries)
        event.publish.topic, event.publish.payload = message.topic, message.payload
        event.publish.qos, event.publish.retain, event.publish.dup = message.qos, message.retain, message.dup
        if self.is_5 and message.properties:
            fill_from(message.properties, event.publish)
        self.tell(delivery=event)

    # ---- the loop: Paho's own thread would connect again by itself

    def turn(self):
        """False: standard input has ended."""
        link = self.client.socket() if self.client else None
        reads, writes, _ = select.select([0] + ([link] if link else []), [link] if link and self.client.want_write() else [], [], 0.1)
        if link in reads:
            self.client.loop_read()
        if link in writes:
            self.client.loop_write()
        if self.client:
            self.client.loop_misc()
        return self.read() if 0 in reads else True

    buffer = b""

    def read(self):
        data = os.read(0, 65536)
        self.buffer += data
        while self.buffer:
            size = shift = at = 0
            while at < len(self.buffer):
                size |= (self.buffer[at] & 127) << shift
                shift, at = shift + 7, at + 1
                if self.buffer[at - 1] < 128:
                    break
            else:
                break  # not all of the length
            if len(self.buffer) < at + size:
                break
            command, self.buffer = control.ClientCommand.FromString(self.buffer[at:at + size]), self.buffer[at + size:]
            self.carry_out(command)
        return bool(data)


if __name__ == "__main__":
    adapter = Adapter()
    while adapter.turn():
        pass

#!/usr/bin/env python3
"""Puts tuples on a lane of a running Guardhouse, lets an operation work them, and reads what came of them.

Standard library alone:  python3 docs/bus-lane.py [lane] [operation] [count]
"""

import base64
import json
import os
import pathlib
import socket
import struct
import sys
import time
import urllib.parse


class Host:
    """One connection to a host: JSON-RPC over a WebSocket (RFC 6455), text frames only."""

    def __init__(self, name="python"):
        state = os.environ.get("GUARDHOUSE_STATE_DIR") or os.path.join(
            os.environ.get("XDG_STATE_HOME") or pathlib.Path.home() / ".local/state", "guardhouse")
        files = list(pathlib.Path(state, "hosts").glob("*.json"))
        if not files:
            sys.exit(f"no Guardhouse runs here: there is no host file in {state}/hosts")
        host = json.loads(max(files, key=lambda file: file.stat().st_mtime).read_text())
        address = urllib.parse.urlsplit(host["url"])
        self._socket = socket.create_connection((address.hostname, address.port))
        self._file = self._socket.makefile("rb")
        self._next = 0
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall("\r\n".join([
            f"GET /rpc?client={name} HTTP/1.1",
            f"Host: {address.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Protocol: guardhouse, secret.{host['secret']}",
            "", "",
        ]).encode())
        status = self._file.readline().decode()
        if " 101 " not in status:
            sys.exit(f"the host refused the connection: {status.strip()}")
        while self._file.readline() not in (b"\r\n", b""):
            pass

    def call(self, method, **params):
        """Calls a procedure of the contract and waits for its answer."""
        self._next += 1
        self._send(json.dumps({"jsonrpc": "2.0", "id": self._next, "method": method, "params": params}))
        while True:
            answer = json.loads(self._receive())
            # Without an id the host could not read the message at all: JSON knows no NaN, say.
            if answer.get("id") not in (self._next, None) or "method" in answer:
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            return answer["result"]

    def _send(self, text):
        data = text.encode()
        mask = os.urandom(4)
        if len(data) < 126:
            head = struct.pack("!BB", 0x81, 0x80 | len(data))
        elif len(data) < 65536:
            head = struct.pack("!BBH", 0x81, 0x80 | 126, len(data))
        else:
            head = struct.pack("!BBQ", 0x81, 0x80 | 127, len(data))
        self._socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def _receive(self):
        text = b""
        while True:
            first, second = self._file.read(2)
            length = second & 0x7F
            if length == 126:
                length, = struct.unpack("!H", self._file.read(2))
            elif length == 127:
                length, = struct.unpack("!Q", self._file.read(8))
            payload = self._file.read(length)
            opcode = first & 0x0F
            if opcode == 0x8:
                raise ConnectionError("the host ended the connection")
            if opcode == 0x9:
                self._socket.sendall(struct.pack("!BB", 0x8A, 0x80 | length) + bytes(4) + payload)
                continue
            text += payload
            if first & 0x80:
                return text.decode()


def receipt_of(host, token):
    """The receipt that a token has left, which is written a moment after its end; None when it leaves none."""
    for _ in range(20):
        try:
            identity = host.call("receipts.ofToken", token=token)["id"]
        except RuntimeError:
            return None
        if identity is not None:
            return identity
        time.sleep(0.05)
    return None


def main():
    lane, operation, count = (sys.argv[1:] + ["work", "orders.price", "5"][len(sys.argv) - 1:])[:3]
    host = Host()
    host.call("bus.setLane", lane=lane, operation=operation, reason="the example of docs/bus.md")
    ids = [host.call("bus.out", tuple={"lane": lane, "n": n})["id"] for n in range(int(count))]
    print(f"{len(ids)} tuples are on the lane {lane}")
    tokens = []
    for identity in ids:
        note = host.call("bus.rd", template={"lane": "audit", "tuple": identity}, timeoutMs=60000)["tuple"]
        if note is None:
            sys.exit("no note came within a minute: is the operation there?")
        print(note["status"], note["token"], f"{note['duration_ms']} ms")
        tokens.append(note["token"])
    for token in tokens:
        receipt = receipt_of(host, token)
        if receipt is None:
            break
        print(f"receipt {receipt} proves {token}")


main()

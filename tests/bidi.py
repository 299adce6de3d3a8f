"""A headless Firefox, spoken to over WebDriver BiDi by a WebSocket: nothing but Python's own library is needed.

Firefox opens the socket itself (`--remote-debugging-port`; https://w3c.github.io/webdriver-bidi/). The class has the methods
of `devtools.Browser`.
"""
import base64
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

NAMES = ["firefox-esr", "firefox"]
PATIENCE = 60
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004"}

# No first-run pages, no questions to the network, Japanese labels.
SETTINGS = {
    "app.update.auto": False, "app.normandy.enabled": False, "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore", "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True, "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1", "toolkit.telemetry.reportingpolicy.firstRun": False,
    "intl.accept_languages": "ja",
}


def find():
    """The path of a browser, or None."""
    return next((path for path in map(shutil.which, [os.environ.get("FIREFOX", "")] + NAMES) if path), None)


class Socket:
    """The client's side of a WebSocket (RFC 6455) of text messages."""

    def __init__(self, port, path):
        self.stream = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        self.stream.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.stream.recv(1 << 16)
        answer, self.rest = self.rest.split(b"\r\n\r\n", 1)
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise ConnectionError(answer.decode(errors="replace"))

    def send(self, text, kind=1):
        payload, mask = text.encode(), os.urandom(4)
        length = len(payload)
        size = bytes([0x80 | length]) if length < 126 else struct.pack("!BH", 0xFE, length) if length < 1 << 16 else struct.pack("!BQ", 0xFF, length)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self.stream.sendall(bytes([0x80 | kind]) + size + mask + masked)

    def take(self, count):
        while len(self.rest) < count:
            read = self.stream.recv(1 << 16)
            if not read:
                raise EOFError("the browser ended")
            self.rest += read
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def receive(self):
        text = b""
        while True:
            first, length = self.take(2)
            if length & 0x7F == 126:
                [length] = struct.unpack("!H", self.take(2))
            elif length & 0x7F == 127:
                [length] = struct.unpack("!Q", self.take(8))
            payload = self.take(length & 0x7FFFFFFFFFFFFFFF)
            kind = first & 0x0F
            if kind == 8:
                raise EOFError("the browser ended")
            if kind == 9:
                self.send(payload.decode(), 10)
            elif kind in (0, 1):
                text += payload
                if first & 0x80:
                    return text.decode()


class Browser:
    """One browser with one page."""

    def __init__(self, path):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        with open(f"{self.profile.name}/user.js", "w", encoding="utf-8") as file:
            file.writelines(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in SETTINGS.items())
        self.process = subprocess.Popen(
            [path, "--headless", "--no-remote", "--profile", self.profile.name, "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, "HOME": self.profile.name},
        )
        self.last, self.complaints = 0, []
        self.socket = Socket(self.port(), "/session")
        self.call("session.new", capabilities={})
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]
        self.call("session.subscribe", events=["log.entryAdded", "browsingContext.userPromptOpened"])

    def port(self):
        """Where the browser listens: it says so when it does."""
        for line in self.process.stderr:
            if found := re.search(r"BiDi listening on ws://[^:]+:(\d+)", line):
                # Read on, so that the browser is never kept waiting by a full pipe.
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return int(found[1])
        raise EOFError("the browser ended before it listened")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.stream.close()
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

    def note(self, message):
        method, parameters = message.get("method"), message.get("params", {})
        if method == "log.entryAdded" and (parameters["type"] == "console" or parameters["level"] in ("error", "warn")):
            self.complaints.append(parameters["text"])
        elif method == "browsingContext.userPromptOpened":
            self.complaints.append("dialog: " + parameters["message"])

    def call(self, method, **parameters):
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.receive())
            self.note(message)
            if message.get("id") == self.last:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]

    def resize(self, width, height):
        """Sets the size of the window's inside."""
        self.call("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def open(self, url):
        """Opens a page and waits until it is loaded."""
        self.call("browsingContext.navigate", context=self.context, url="about:blank", wait="complete")
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def run(self, expression):
        """What a JavaScript expression gives on the page."""
        function = f"async () => JSON.stringify(await ({expression}))"
        result = self.call("script.callFunction", functionDeclaration=function, awaitPromise=True, target={"context": self.context})
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"].get("value", "null"))

    def until(self, expression, seconds=20):
        """Waits until an expression is true."""
        deadline = time.monotonic() + seconds
        while not self.run(expression):
            if time.monotonic() > deadline:
                raise TimeoutError(f"never came true: {expression}")
            time.sleep(0.05)

    def act(self, source):
        self.call("input.performActions", context=self.context, actions=[source])

    def click(self, x, y):
        """Clicks, as a mouse does, at a place of the window."""
        steps = [{"type": "pointerMove", "x": round(x), "y": round(y)}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.act({"type": "pointer", "id": "mouse", "actions": steps})

    def press(self, key):
        """Presses a key."""
        self.type(KEYS.get(key, key))

    def type(self, text):
        steps = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self.act({"type": "key", "id": "keyboard", "actions": steps})

"""Tests of a client against the fake, with nothing but Python's standard library:

    python3 -m unittest test_fake.py

USERSERVER is the command userserver; by default it is looked for in PATH.
"""

import http.client
import json
import os
import re
import subprocess
import time
import unittest
import urllib.error
import urllib.request

ID = "c0daf39b-4df5-4241-9e7d-b1b85f829090"
FLAGS = ["-db", "memory", "-addr", "127.0.0.1:0", "-control", "127.0.0.1:0"]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def send(method, url, body=None, timeout=10, content_type="application/json", **header):
    """Sends JSON and returns the JSON of the answer, or None if it has no body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": content_type, **header}, method=method)
    with opener.open(request, timeout=timeout) as answer:
        text = answer.read()
        return json.loads(text) if text else None


class Client:
    """The code under test: it tries again after a 503."""

    def __init__(self, base, timeout=10):
        self.base, self.timeout = base, timeout

    def rename(self, first_name, tries=3):
        document = {"data": {"type": "User", "id": ID, "attributes": {"firstName": first_name}}}
        try:
            return send("PATCH", f"{self.base}/users/{ID}", document, self.timeout,
                        content_type="application/vnd.api+json", Authorization="Bearer demo-token")
        except urllib.error.HTTPError as error:
            with error:
                if error.code != 503 or tries == 1:
                    raise
                time.sleep(int(error.headers["Retry-After"]))
        return self.rename(first_name, tries - 1)


class FakeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = os.environ.get("USERSERVER", "userserver")
        cls.server = subprocess.Popen([command, *FLAGS], stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop)
        found = {}
        for line in cls.server.stdout:
            if match := re.fullmatch(r"(PATCH|Control) (.*?)(/users/\{userId\})?\n", line):
                found.setdefault(match[1], match[2])
            if len(found) == 2:
                break
        cls.base, cls.control = found["PATCH"], found["Control"]

    @classmethod
    def stop(cls):
        cls.server.terminate()
        cls.server.communicate()

    def setUp(self):
        send("POST", f"{self.control}/reset")

    def inject(self, **fault):
        send("POST", f"{self.control}/faults", fault)

    def calls(self):
        return send("GET", f"{self.control}/calls")["calls"]

    def test_busy_gateway_is_asked_again(self):
        self.inject(fault="status", status=503, header={"Retry-After": "0"}, times=2)
        Client(self.base).rename("Ada")
        self.assertEqual([call["status"] for call in self.calls()], [503, 503, 200])
        self.assertEqual(self.calls()[2]["patch"], {"firstName": "Ada"})
        faults = send("GET", f"{self.control}/faults")["faults"]
        self.assertFalse([fault for fault in faults if fault["unused"]])

    def test_lost_answer_although_the_user_has_changed(self):
        self.inject(fault="lose-answer")
        with self.assertRaises(http.client.RemoteDisconnected):
            Client(self.base).rename("Ada")
        record = send("GET", f"{self.control}/users/{ID}")
        self.assertEqual(record["data"]["attributes"]["firstName"], "Ada")

    def test_cut_body(self):
        self.inject(fault="cut-body")
        with self.assertRaises(http.client.IncompleteRead):
            Client(self.base).rename("Ada")

    def test_slow_server_runs_into_the_timeout(self):
        self.inject(delayMilliseconds=3600000)
        with self.assertRaises(TimeoutError):
            Client(self.base, timeout=0.05).rename("Ada")
        record = send("GET", f"{self.control}/users/{ID}")
        self.assertEqual(record["data"]["attributes"]["firstName"], "John")  # nothing was written

    def test_user_of_the_test(self):
        attributes = {"firstName": "Grace", "address": {"houseNo": "18a"}}
        send("PUT", f"{self.control}/users/{ID}", {"data": {"type": "User", "id": ID, "attributes": attributes}})
        record = Client(self.base).rename("Ada")
        self.assertEqual(record["data"]["attributes"]["address"]["houseNo"], "18a")
        self.assertIsNone(record["data"]["attributes"]["lastName"])


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Runs the vectors against a server, or against a function that merges:

  ACCESS_TOKEN=... python3 run.py --url https://example.com/user/2025-1 [--user ID]
  python3 run.py --merge merge.py

README.md has the options. Exit code: 0 if no MUST failed, 1 if one did, 2 if nothing ran.
"""
import argparse
import base64
import copy
import http.client
import json
import os
import re
import runpy
import subprocess
import sys
import unicodedata
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

PAGE_ID = "c0daf39b-4df5-4241-9e7d-b1b85f829090"
MEDIA_TYPE = "application/vnd.api+json"
DOCUMENTED = (200, 401, 403, 404, 406, 415, 422, 501)
ATTRIBUTES = ("firstName", "lastName", "email", "phoneNumber", "pictureUrl", "gender", "createdAt", "birthDate", "locale", "zoneInfo")
MEMBERS = ("country", "locality", "street", "houseNo", "additionalAddressLink", "region", "postalCode")


def vectors(theme=None):
    """Yields each vector with the record before and after it."""
    for name in sorted(Path(__file__).parent.parent.glob("v1/*.json")):
        if theme in (None, name.stem):
            for group in json.loads(name.read_text("utf-8"))["groups"]:
                for vector in group["vectors"]:
                    yield {"after": group["before"], "flags": [], "allowedAfter": [], "errors": [], **vector, "before": group["before"]}


def content(body):
    if body is None:
        return b""
    return body["text"].encode() if "text" in body else base64.b64decode(body["base64"])


def present(record):
    """The record without null and without an address that has no members."""
    found = {}
    for name, value in (record or {}).items():
        if name == "address" and isinstance(value, dict):
            value = present(value) or None
        if value is not None:
            found[name] = value
    return found


def text(value):
    return unicodedata.normalize("NFC", value if isinstance(value, str) else json.dumps(value))


def instant(value):
    try:
        return int(datetime.fromisoformat(value.upper()).timestamp() * 1000)
    except (AttributeError, ValueError):
        return text(value)


def day(s):
    """Shortens a midnight to its date: the one that is written, or the one in UTC."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)([Zz]|[+-]\d\d:?\d\d)?", s, re.ASCII)
    if not found or not re.search("[1-9]", found[2]):
        return found[1] if found else s
    try:
        utc = datetime.fromisoformat(s.upper()).astimezone(timezone.utc).isoformat()
    except (ValueError, OverflowError):
        return s
    return utc[:10] if found[3] and utc.endswith("T00:00:00+00:00") else s


FORMS = {
    "email": lambda value: text(value).lower(),
    "phoneNumber": lambda value: re.sub(r"[\s().\/-]", "", text(value)),
    "pictureUrl": lambda value: re.sub(r"^[^/]*://[^/?#]*", lambda m: re.sub(r":(80|443)?$", "", m[0].lower()), text(value)),
    "createdAt": instant,
    "birthDate": lambda value: day(text(value)),
}


def meaning(record):
    """What the record means, whatever the form in which a server shows it."""
    known = present(record)
    found = {name: FORMS.get(name, text)(known[name]) for name in ATTRIBUTES if name in known}
    address = known.get("address")
    if isinstance(address, dict):
        found.update({f"address/{name}": text(address[name]) for name in MEMBERS if name in address})
    return found


def identical(a, b):
    """Unlike ==, tells 1 from True and 1.0."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.media_type = (response.getheader("Content-Type") or "").split(";")[0].strip().lower()
        try:
            self.document = json.loads(response.read())
        except (ValueError, RecursionError):
            self.document = None

    def member(self, *names):
        value = self.document
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def is_of(self, user):
        return self.member("data", "type") == "User" and str(self.member("data", "id")).lower() == user

    @property
    def record(self):
        return self.member("data", "attributes") if self.status == 200 else None

    @property
    def errors(self):
        errors = self.member("errors")
        return [{k: e[k] for k in ("code", "source") if k in e} for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []


class Server:
    def __init__(self, options, tokens):
        self.url, self.user, self.options, self.tokens = urlsplit(options.url.rstrip("/")), options.user.lower(), options, tokens
        self.connection = self.current = self.created_at = None
        self.refuses_empty = False

    def own_id(self, s):
        """Replaces the id of the page by the user's, in its three forms."""
        for form in (str, str.upper, lambda i: i.replace("-", "")):
            s = s.replace(form(PAGE_ID), form(self.user))
        return s

    def with_tokens(self, s):
        return re.sub(r"\{(\w*[tT]oken)\}", lambda m: self.tokens.get(m[1]) or m[0], s)

    def send(self, request):
        body = content(request.get("body"))
        if self.user != PAGE_ID:
            body = self.own_id(body.decode("latin-1")).encode("latin-1")
        headers = list(request["headers"])
        if not request.get("anonymous") and self.tokens["token"] and all(name != "Authorization" for name, _ in headers):
            headers.append(("Authorization", "Bearer {token}"))
        headers.append(("Content-Length", str(len(body))))
        path = self.url.path + self.with_tokens(self.own_id(request["path"]))
        try:
            return self.exchange(path, headers, body)
        except ConnectionError:  # the server has closed the idle connection
            self.connection = None
            return self.exchange(path, headers, body)

    def exchange(self, path, headers, body):
        if self.connection is None:
            kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
            self.connection = kind(self.url.netloc, timeout=30)
        try:
            self.connection.putrequest("PATCH", path, skip_accept_encoding=True)
            for name, value in headers:
                self.connection.putheader(name, self.with_tokens(value))
            self.connection.endheaders(body)
            return Answer(self.connection.getresponse())
        except Exception:
            self.connection = None
            raise

    def patch(self, attributes):
        document = json.dumps({"data": {"type": "User", "id": PAGE_ID, "attributes": attributes}})
        return self.send({"path": f"/users/{PAGE_ID}", "headers": [("Accept", MEDIA_TYPE), ("Content-Type", MEDIA_TYPE)], "body": {"text": document}})

    def read(self, expected=None):
        """Returns the record, by a patch that changes nothing: one without attributes, or,
        where that is refused, one that sets the locale to what it should be."""
        answer = None if self.refuses_empty else self.patch({})
        if (answer is None or answer.status != 200) and expected:
            answer = self.patch({"locale": expected["locale"]})
            self.refuses_empty = answer.status == 200
        return answer.record if answer else None

    def same(self, want, got):
        """Compares records: exactly by the contract, or by what they mean."""
        want = {**want, "createdAt": self.created_at or want["createdAt"]}
        return identical(want, got) if self.options.contract else meaning(want) == meaning(got)

    def set_up(self, before):
        """Makes the record that before is, and returns why it could not."""
        if self.current is not None and self.same(before, self.current):
            return ""
        if self.options.reset:
            run = subprocess.run(self.options.reset, shell=True, input=json.dumps({"id": self.user, "attributes": before}).encode())
            return "" if run.returncode == 0 else f"the reset command ended with {run.returncode}"
        if self.current is None:
            self.current = self.read(before)
        if self.current is not None and self.same(before, self.current):
            return ""
        now, want = meaning(self.current), meaning(before)
        every = self.options.contract or self.current is None
        differing = {p.split("/")[0] for p in {*now, *want} if now.get(p) != want.get(p)}
        answer = self.patch({name: value for name, value in before.items() if name != "createdAt" and (every or name in differing)})
        self.current = answer.record
        return "" if answer.status == 200 and self.same(before, answer.record) else f"the record before it cannot be set up (status {answer.status})"


def plainest(instant):
    """Returns an instant in UTC as the records write it."""
    return re.sub(r"(\.\d*?)0*Z$", lambda m: m[1].rstrip(".") + "Z", instant.replace("+00:00", "Z"))


def cannot_run(vector, server):
    """Returns why a vector cannot be run against the server, or ''."""
    request, created_at = vector["request"], vector["before"]["createdAt"]
    named = re.findall(r"\{(\w*[tT]oken)\}", json.dumps([request["path"], request["headers"]]))
    if request.get("anonymous"):
        named.append("token")
    for name in named:
        if not server.tokens.get(name):
            return "there is no {%s}" % name
    if "PageId" in vector["flags"] and server.user != PAGE_ID:
        return "it takes the id of the page"
    if "FreshRecord" in vector["flags"] and server.created_at and plainest(server.created_at) != created_at:
        return "it takes another createdAt"
    return ""


def judge(vector, server, answer):
    """Returns what is wrong with an answer and with the record after it, or ''."""
    contract = server.options.contract
    statuses = [vector["status"]] if contract else vector["allowedStatuses"]
    if answer.status not in statuses:
        return f"status {answer.status}, not {', '.join(map(str, statuses))}"
    if (contract or answer.status in DOCUMENTED and "Router" not in vector["flags"]) and answer.media_type != vector["mediaType"]:
        return f"status {answer.status} of type {answer.media_type or 'none'}"
    if contract and in_order(answer.errors) != in_order(vector["errors"]):
        return f"errors {json.dumps(answer.errors)}, not {json.dumps(vector['errors'])}"
    if "linked.code" in vector["requirements"] and [e.get("code") for e in answer.errors[:1]] != ["missing-linked-identity"]:
        return "the code is not missing-linked-identity"
    right = [vector["before"]]
    if answer.status == 200:
        if not answer.is_of(server.user):
            return "status 200 with another resource"
        right = ([vector["after"]] if vector["status"] == 200 else []) + ([] if contract else vector["allowedAfter"])
        right = [record for record in right if server.same(record, answer.record)]
        if not right:
            return "status 200 with another record"
    server.current = server.read(right[0])
    return "" if any(server.same(record, server.current) for record in right) else f"status {answer.status}, and another record afterwards"


def in_order(errors):
    return sorted(json.dumps(e, sort_keys=True) for e in errors)


def run_vector(vector, server):
    ready = False
    try:
        obstacle = cannot_run(vector, server) or server.set_up(vector["before"])
        if obstacle:
            return vector, "", obstacle
        ready = True
        server.current = None
        return vector, judge(vector, server, server.send(vector["request"])), ""
    except (OSError, http.client.HTTPException) as error:
        server.current = None
        failure = f"no answer: {error!r}"
        return (vector, failure, "") if ready else (vector, "", failure)


def run_server(options):
    env = os.environ.get
    server = Server(options, {"token": env("ACCESS_TOKEN"), "forbiddenToken": env("FORBIDDEN_TOKEN"), "unlinkedToken": env("UNLINKED_TOKEN")})
    original = server.current = server.read()
    if original and not options.reset:
        server.created_at = original.get("createdAt")
    results = [run_vector(vector, server) for vector in vectors(options.theme)]
    if not options.reset and (not original or server.set_up(original)):
        print("The record of the user could not be restored.")
    return results


def run_merge(file):
    merge = runpy.run_path(file)["merge"]
    results = []
    for vector in vectors():
        if "Merge" in vector["flags"]:
            patch = json.loads(content(vector["request"]["body"]))["data"]["attributes"]
            got = merge(copy.deepcopy(vector["before"]), patch)
            wrong = "" if identical(present(vector["after"]), present(got)) else "another record"
            results.append(({**vector, "level": "MUST"}, wrong, ""))
    return results


def report(results, contract):
    """Prints what went wrong, and returns the exit code."""
    counts = dict.fromkeys(("passed", "MUST", "SHOULD", "OBSERVE", "not run"), 0)
    for vector, wrong, obstacle in results:
        what = "not run" if obstacle else vector["level"] if wrong else "passed"
        counts[what] += 1
        if what != "passed":
            print(f"{what} {vector['id']} [{' '.join(vector['requirements'])}]: {obstacle or wrong}")
    missed = counts["MUST"] + counts["SHOULD"] + counts["OBSERVE"]
    print(f"{len(results)} vectors: {counts['passed']} passed; missed: {counts['MUST']} MUST, {counts['SHOULD']} SHOULD, {counts['OBSERVE']} OBSERVE; {counts['not run']} not run")
    if counts["passed"] + missed == 0:
        return 2
    return 1 if counts["MUST"] or contract and missed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--url")
    what.add_argument("--merge", metavar="FILE")
    parser.add_argument("--user", metavar="ID", default=PAGE_ID)
    parser.add_argument("--theme", metavar="NAME")
    parser.add_argument("--reset", metavar="COMMAND")
    parser.add_argument("--contract", action="store_true")
    options = parser.parse_args()
    try:
        return report(run_merge(options.merge) if options.merge else run_server(options), options.contract)
    except (OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

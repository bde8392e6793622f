"""PATCH /users/{userId} in Flask, on its development server."""
import json
import os
import re
import uuid
from pathlib import Path

from flask import Flask, abort, jsonify, request
from werkzeug.exceptions import HTTPException

MEDIA_TYPE = "application/vnd.api+json"
FIXTURES = json.loads((Path(__file__).parent.parent / "users.json").read_text())
USERS, TOKENS = FIXTURES["users"], FIXTURES["tokens"]

TEXT = ("firstName", "lastName", "pictureUrl", "locale", "zoneInfo")
PATTERNS = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "phoneNumber": r"\+?[\d\s().-]+",
    "gender": r"male|female|other",
    "birthDate": r"\d{4}-\d{2}-\d{2}(T.*)?",
}
ADDRESS = {
    "country": str, "locality": str, "street": str, "houseNo": (int, str),
    "additionalAddressLink": str, "region": str, "postalCode": (int, str),
}

app = Flask(__name__)
app.config["JSONIFY_MIMETYPE"] = app.json.mimetype = MEDIA_TYPE


class ApiError(Exception):
    def __init__(self, status, code, title, pointer=None):
        self.status, self.code, self.title, self.pointer = status, code, title, pointer


def answer_error(status, code, title, pointer=None):
    error = {"id": str(uuid.uuid4()), "status": str(status), "code": code, "title": title}
    if pointer:
        error["source"] = {"pointer": pointer}
    return jsonify(errors=[error]), status


@app.errorhandler(ApiError)
def api_error(error):
    return answer_error(error.status, error.code, error.title, error.pointer)


@app.errorhandler(HTTPException)
def http_error(error):
    return answer_error(error.code, error.name.lower().replace(" ", "-"), error.description)


@app.before_request
def authenticate():
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    grant = TOKENS.get(token) if scheme.lower() == "bearer" else None
    if not grant:
        raise ApiError(401, "unauthorized", "OAuth token missing or invalid")
    if not grant["linked"]:
        raise ApiError(401, "missing-linked-identity", "Missing linked identity for authorized access")
    if not grant["write"]:
        abort(403)


def validate(attributes):
    for name, value in attributes.items():
        pointer = f"/data/attributes/{name}"
        if value is None:
            continue
        if name == "address":
            for member, types in ADDRESS.items():
                if value.get(member) is not None and not isinstance(value[member], types):
                    raise ApiError(422, "invalid", f"{member} is invalid", f"{pointer}/{member}")
        elif name in TEXT and not isinstance(value, str):
            raise ApiError(422, "invalid", f"{name} must be a string", pointer)
        elif name in PATTERNS and not re.fullmatch(PATTERNS[name], str(value)):
            raise ApiError(422, "invalid", f"{name} is invalid", pointer)


@app.patch("/users/<uuid:user_id>")
def update_user(user_id):
    if not request.accept_mimetypes[MEDIA_TYPE]:
        abort(406)
    if request.mimetype != MEDIA_TYPE:
        abort(415)
    user = USERS.get(str(user_id)) or abort(404)
    data = request.get_json()["data"]
    if data.get("type") != "User" or data.get("id") != str(user_id):
        raise ApiError(422, "invalid", "type and id must be those of the user", "/data")
    attributes = data.get("attributes", {})
    validate(attributes)
    for name in (*TEXT, *PATTERNS):
        if name in attributes:
            user[name] = attributes[name]
    if "address" in attributes:
        user["address"] = {**(user.get("address") or {}), **(attributes["address"] or {})}
    return jsonify(data={"type": "User", "id": str(user_id), "attributes": user})


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))

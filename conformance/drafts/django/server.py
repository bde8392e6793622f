"""PATCH /users/{userId} in Django REST framework, with a serializer, on Django's development server."""
import json
import os
import sys
from pathlib import Path

from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    DEBUG=True,
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={"EXCEPTION_HANDLER": "__main__.handle_exception", "UNAUTHENTICATED_USER": None},
    ROOT_URLCONF="__main__",
    SECRET_KEY="a first draft has none",
    USE_TZ=True,
)

import django  # noqa: E402

django.setup()

from django.core.management import execute_from_command_line  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import authentication, exceptions, parsers, permissions, renderers, serializers, views  # noqa: E402
from rest_framework.response import Response  # noqa: E402

MEDIA_TYPE = "application/vnd.api+json"
FIXTURES = json.loads((Path(__file__).parent.parent / "users.json").read_text())
USERS, TOKENS = FIXTURES["users"], FIXTURES["tokens"]


class JSONAPIParser(parsers.JSONParser):
    media_type = MEDIA_TYPE


class JSONAPIRenderer(renderers.JSONRenderer):
    media_type = MEDIA_TYPE


class BearerAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in TOKENS:
            raise exceptions.AuthenticationFailed("OAuth token missing or invalid", "unauthorized")
        if not TOKENS[token]["linked"]:
            raise exceptions.AuthenticationFailed("Missing linked identity", "missing-linked-identity")
        return TOKENS[token], token

    def authenticate_header(self, request):
        return "Bearer"


class MayWrite(permissions.BasePermission):
    def has_permission(self, request, view):
        return request.user["write"]


class AddressSerializer(serializers.Serializer):
    country = serializers.CharField(allow_null=True)
    locality = serializers.CharField(allow_null=True)
    street = serializers.CharField(allow_null=True)
    houseNo = serializers.CharField(allow_null=True)
    additionalAddressLink = serializers.CharField(allow_null=True)
    region = serializers.CharField(allow_null=True)
    postalCode = serializers.CharField(allow_null=True)


class UserSerializer(serializers.Serializer):
    firstName = serializers.CharField(allow_null=True)
    lastName = serializers.CharField(allow_null=True)
    email = serializers.EmailField(allow_null=True)
    phoneNumber = serializers.CharField(allow_null=True)
    pictureUrl = serializers.URLField(allow_null=True)
    gender = serializers.ChoiceField(["male", "female", "other"], allow_null=True)
    createdAt = serializers.DateTimeField(read_only=True)
    birthDate = serializers.DateTimeField(allow_null=True)
    address = AddressSerializer(allow_null=True)
    locale = serializers.CharField(allow_null=True)
    zoneInfo = serializers.CharField(allow_null=True)

    def update(self, user, patch):
        address = patch.pop("address", user.get("address"))
        user.update(patch, address=address and {**(user.get("address") or {}), **address})
        return user


class UserView(views.APIView):
    authentication_classes = [BearerAuthentication]
    permission_classes = [MayWrite]
    parser_classes = [JSONAPIParser]
    renderer_classes = [JSONAPIRenderer]

    def patch(self, request, user_id):
        user = USERS.get(str(user_id))
        if user is None:
            raise exceptions.NotFound
        data = request.data.get("data", {})
        if data.get("type") != "User" or data.get("id") != str(user_id):
            raise serializers.ValidationError({"data": ["type and id must be those of the user"]})
        serializer = UserSerializer(user, data=data.get("attributes", {}), partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response({"data": {"type": "User", "id": str(user_id), "attributes": serializer.data}})


def handle_exception(error, context):
    response = views.exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, serializers.ValidationError):
        response.status_code = 422
        errors = [{"detail": str(detail), "source": {"pointer": f"/data/attributes/{name}"}}
                  for name, detail in error.detail.items()]
    else:
        errors = [{"detail": str(error.detail), "code": error.detail.code}]
    response.data = {"errors": [{"status": str(response.status_code), **e} for e in errors]}
    return response


urlpatterns = [path("users/<uuid:user_id>", UserView.as_view())]

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", "127.0.0.1:" + os.environ["PORT"]])

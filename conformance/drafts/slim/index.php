<?php
// PATCH /users/{userId} in Slim 3, on PHP's built-in server. PHP forgets everything
// between two requests: the users are in a file.
use Slim\App;
use Slim\Http\Request;
use Slim\Http\Response;

require 'Slim/autoload.php';

const MEDIA_TYPE = 'application/vnd.api+json';
const TEXT = ['firstName', 'lastName', 'phoneNumber', 'locale', 'zoneInfo'];
const ADDRESS = ['country', 'locality', 'street', 'houseNo', 'additionalAddressLink', 'region', 'postalCode'];

class ApiError extends Exception
{
    public function __construct(public int $status, public string $errorCode, string $title, public ?string $pointer = null)
    {
        parent::__construct($title);
    }
}

function answer(Response $response, array $document, int $status = 200): Response
{
    return $response->withJson($document, $status)->withHeader('Content-Type', MEDIA_TYPE);
}

function problem(Response $response, int $status, string $code, string $title, ?string $pointer = null): Response
{
    $error = ['id' => uniqid(), 'status' => (string) $status, 'code' => $code, 'title' => $title];
    if ($pointer) {
        $error['source'] = ['pointer' => $pointer];
    }
    return answer($response, ['errors' => [$error]], $status);
}

function validate(array $attributes): void
{
    $rules = [
        'email' => fn ($value) => filter_var($value, FILTER_VALIDATE_EMAIL),
        'pictureUrl' => fn ($value) => filter_var($value, FILTER_VALIDATE_URL),
        'gender' => fn ($value) => in_array($value, ['male', 'female', 'other']),
        'birthDate' => fn ($value) => is_string($value) && strtotime($value) !== false,
        'address' => fn ($value) => is_array($value),
    ] + array_fill_keys(TEXT, fn ($value) => is_string($value));
    foreach ($rules as $name => $isValid) {
        if (isset($attributes[$name]) && !$isValid($attributes[$name])) {
            throw new ApiError(422, 'invalid', "$name is invalid", "/data/attributes/$name");
        }
    }
}

$fixtures = json_decode(file_get_contents(__DIR__ . '/../users.json'), true);
$database = sys_get_temp_dir() . '/users.json';

$app = new App();
$container = $app->getContainer();
$container['errorHandler'] = fn () => fn ($request, $response, $e) => $e instanceof ApiError
    ? problem($response, $e->status, $e->errorCode, $e->getMessage(), $e->pointer)
    : problem($response, 501, 'internal', 'Internal server error');
$container['notFoundHandler'] = fn () => fn ($request, $response) => problem($response, 404, 'not-found', 'Resource not found');

$app->add(function (Request $request, Response $response, callable $next) use ($fixtures) {
    $token = preg_replace('/^Bearer /', '', $request->getHeaderLine('Authorization'));
    $grant = $fixtures['tokens'][$token] ?? throw new ApiError(401, 'unauthorized', 'OAuth token missing or invalid');
    if (!$grant['linked']) {
        throw new ApiError(401, 'missing-linked-identity', 'Missing linked identity for authorized access');
    }
    if (!$grant['write']) {
        throw new ApiError(403, 'forbidden', 'Forbidden');
    }
    if ($request->hasHeader('Accept') && !preg_match('#application/vnd\.api\+json|\*/\*#', $request->getHeaderLine('Accept'))) {
        throw new ApiError(406, 'not-acceptable', 'The specified accept header is invalid');
    }
    if ($request->getMediaType() !== MEDIA_TYPE) {
        throw new ApiError(415, 'unsupported-media-type', 'The specified content type header is invalid');
    }
    return $next($request, $response);
});

$app->patch('/users/{userId}', function (Request $request, Response $response, array $args) use ($fixtures, $database) {
    $users = is_file($database) ? json_decode(file_get_contents($database), true) : $fixtures['users'];
    $id = $args['userId'];
    $user = $users[$id] ?? throw new ApiError(404, 'not-found', 'Resource not found');
    $data = $request->getParsedBody()['data'] ?? throw new ApiError(422, 'invalid', 'data is missing', '/data');
    if ($data['type'] !== 'User' || $data['id'] !== $id) {
        throw new ApiError(422, 'invalid', 'type and id must be those of the user', '/data');
    }
    $attributes = $data['attributes'] ?? [];
    validate($attributes);
    $names = [...TEXT, 'email', 'pictureUrl', 'gender', 'birthDate'];
    $user = array_merge($user, array_intersect_key($attributes, array_flip($names)));
    if (array_key_exists('address', $attributes)) {
        $address = array_intersect_key($attributes['address'] ?? [], array_flip(ADDRESS));
        $user['address'] = $attributes['address'] === null ? null : array_merge($user['address'] ?? [], $address);
    }
    $users[$id] = $user;
    file_put_contents($database, json_encode($users));
    return answer($response, ['data' => ['type' => 'User', 'id' => $id, 'attributes' => $user]]);
});

$app->run();

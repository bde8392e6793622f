#!/usr/bin/env perl
# PATCH /users/{userId} in Mojolicious::Lite.
use Mojolicious::Lite -signatures;
use Mojo::File qw(curfile);
use Mojo::JSON qw(decode_json);
use Mojo::Util qw(sha1_sum steady_time);

my $media_type = 'application/vnd.api+json';
my ($users, $tokens) = @{decode_json curfile->dirname->sibling('users.json')->slurp}{qw(users tokens)};

my $text    = sub ($value) { !ref $value };
my %valid = (
  (map { $_ => $text } qw(firstName lastName pictureUrl locale zoneInfo)),
  email       => qr/^[^@\s]+@[^@\s]+\.[a-z]+$/i,
  phoneNumber => qr/^[+\d\s().-]+$/,
  gender      => qr/^(?:male|female|other)$/,
  birthDate   => qr/^\d{4}-\d\d-\d\d/,
);
my @address = qw(country locality street houseNo additionalAddressLink region postalCode);

helper answer => sub ($c, $status, $document) {
  $c->res->headers->content_type($media_type);
  $c->render(json => $document, status => $status);
};

helper problem => sub ($c, $status, $code, $title, $pointer = undef) {
  my %error = (id => sha1_sum(steady_time . rand), status => "$status", code => $code, title => $title);
  $error{source} = {pointer => $pointer} if defined $pointer;
  $c->answer($status, {errors => [\%error]});
  return undef;
};

helper validate => sub ($c, $attributes) {
  for my $name (grep { defined $attributes->{$_} } keys %$attributes) {
    my ($rule, $value) = ($valid{$name}, $attributes->{$name});
    next unless $rule;
    my $ok = ref $rule eq 'CODE' ? $rule->($value) : $value =~ $rule;
    return $c->problem(422, 'invalid', "$name is invalid", "/data/attributes/$name") unless $ok;
  }
  return 1;
};

under sub ($c) {
  my ($token) = ($c->req->headers->authorization // '') =~ /^Bearer (\S+)$/i;
  my $grant = $tokens->{$token // ''} or return $c->problem(401, 'unauthorized', 'OAuth token missing or invalid');
  return $c->problem(401, 'missing-linked-identity', 'Missing linked identity for authorized access') unless $grant->{linked};
  return $c->problem(403, 'forbidden', 'Forbidden') unless $grant->{write};
  my $headers = $c->req->headers;
  my $accept  = $headers->accept // '*/*';
  return $c->problem(406, 'not-acceptable', 'The specified accept header is invalid') unless $accept =~ m!\Q$media_type\E|\*/\*!;
  return $c->problem(415, 'unsupported-media-type', 'The specified content type header is invalid')
    unless ($headers->content_type // '') eq $media_type;
  return 1;
};

patch '/users/<user_id>' => sub ($c) {
  my $user_id = $c->param('user_id');
  my $user    = $users->{$user_id} or return $c->problem(404, 'not-found', 'Resource not found');
  my $body    = $c->req->json or return $c->problem(422, 'malformed', 'The body is not JSON');
  my $data    = $body->{data};
  return $c->problem(422, 'invalid', 'type must be User', '/data/type') unless ($data->{type} // '') eq 'User';
  return $c->problem(422, 'invalid', 'id must be that of the URL', '/data/id') unless ($data->{id} // '') eq $user_id;

  my $attributes = $data->{attributes} // {};
  $c->validate($attributes) or return;
  $user->{$_} = $attributes->{$_} for grep { exists $attributes->{$_} } keys %valid;
  if (my $address = $attributes->{address}) {
    $user->{address}{$_} = $address->{$_} for grep { exists $address->{$_} } @address;
  }
  $c->answer(200, {data => {type => 'User', id => $user_id, attributes => $user}});
};

any '/*whatever' => {whatever => ''} => sub ($c) { $c->problem(404, 'not-found', 'Resource not found') };

app->start('daemon', '-l', "http://127.0.0.1:$ENV{PORT}");

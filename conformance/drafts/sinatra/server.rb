# PATCH /users/{userId} in Sinatra, with the settings of its development mode, on Puma.
require 'json'
require 'securerandom'
require 'sinatra'

MEDIA_TYPE = 'application/vnd.api+json'
FIXTURES = JSON.parse(File.read(File.join(__dir__, '..', 'users.json')))
USERS, TOKENS = FIXTURES.values_at('users', 'tokens')

TEXT = %w[firstName lastName phoneNumber pictureUrl locale zoneInfo].freeze
ADDRESS = %w[country locality street houseNo additionalAddressLink region postalCode].freeze

set :port, ENV.fetch('PORT')
set :bind, '127.0.0.1'

helpers do
  def problem(status, code, title, pointer = nil)
    error = { id: SecureRandom.uuid, status: status.to_s, code: code, title: title }
    error[:source] = { pointer: pointer } if pointer
    halt status, { errors: [error] }.to_json
  end

  def invalid(name, title = "#{name} is invalid")
    problem 422, 'invalid', title, "/data/attributes/#{name}"
  end

  def authenticate
    token = request.env['HTTP_AUTHORIZATION'].to_s[/\ABearer (.+)\z/i, 1]
    grant = TOKENS[token] or problem 401, 'unauthorized', 'OAuth token missing or invalid'
    grant['linked'] or problem 401, 'missing-linked-identity', 'Missing linked identity for authorized access'
    grant['write'] or problem 403, 'forbidden', 'Forbidden'
  end

  def validate(attributes)
    TEXT.each { |name| invalid name unless attributes[name].nil? || attributes[name].is_a?(String) }
    email, gender, birth_date, address = attributes.values_at('email', 'gender', 'birthDate', 'address')
    invalid 'email' unless email.nil? || email =~ /\A[^@\s]+@[^@\s]+\z/
    invalid 'gender' unless gender.nil? || %w[male female other].include?(gender)
    invalid 'birthDate' unless birth_date.nil? || Time.parse(birth_date)
    invalid 'address' unless address.nil? || address.is_a?(Hash)
  rescue ArgumentError => e
    invalid 'birthDate', e.message
  end
end

before do
  content_type MEDIA_TYPE
  authenticate
  request.accept?(MEDIA_TYPE) or problem 406, 'not-acceptable', 'The specified accept header is invalid'
  request.media_type == MEDIA_TYPE or problem 415, 'unsupported-media-type', 'The specified content type header is invalid'
end

patch '/users/:user_id' do |user_id|
  user = USERS[user_id] or problem 404, 'not-found', 'Resource not found'
  data = JSON.parse(request.body.read)['data']
  problem 422, 'invalid', 'type must be User', '/data/type' unless data['type'] == 'User'
  problem 422, 'invalid', 'id must be that of the URL', '/data/id' unless data['id'] == user_id
  attributes = data['attributes'] || {}
  validate attributes
  user.merge!(attributes.slice(*TEXT, 'email', 'gender', 'birthDate'))
  if attributes.key?('address')
    user['address'] = attributes['address'] && (user['address'] || {}).merge(attributes['address'].slice(*ADDRESS))
  end
  { data: { type: 'User', id: user_id, attributes: user } }.to_json
end

not_found { problem 404, 'not-found', 'Resource not found' }

error JSON::ParserError do
  problem 422, 'malformed', 'The body is not JSON'
end

error { problem 501, 'internal', 'Internal server error' }

module github.com/userrecord/userrecord/httphandler/clienttest

go 1.26.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/google/uuid v1.6.0
	github.com/hashicorp/jsonapi v1.5.0
	github.com/stretchr/testify v1.12.1
	github.com/userrecord/userrecord v0.0.0
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/userrecord/userrecord => ../..

ignore ./node_modules

module github.com/userrecord/userrecord/conformance/drafts

go 1.26.0

require (
	github.com/danielgtaylor/huma/v2 v2.37.2
	github.com/google/uuid v1.6.0
	github.com/hashicorp/jsonapi v1.5.0
	github.com/stretchr/testify v1.12.1
	github.com/userrecord/userrecord v0.0.0
)

require (
	github.com/anishathalye/porcupine v1.3.1 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/google/go-cmp v0.7.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)

replace github.com/userrecord/userrecord => ../..

ignore ./node_modules
